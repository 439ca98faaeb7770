"""TOML and JSON that their readers refuse, cut at headings and keys: one missing bracket then costs one part alone.

A value that is valid by itself is what it says; any other is left as the text that was written, for whoever reads the part.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from deltarule.documents import DEEPEST, toml_document, too_deep
from deltarule.errors import InputError
from deltarule.marking.answer.part_words import part_named
from deltarule.marking.answer.table_words import table_named
from deltarule.marking.answer.twice import LEVELS, put
from deltarule.parts import TABLES

_PIECE = r"""(?:[\w'()/^-]++|"[^"\n]*+")"""
_PATH = rf"{_PIECE}(?:[ \t]*+\.[ \t]*+{_PIECE}){{0,{LEVELS}}}+"
_KEY = re.compile(rf"[ \t]*+(?P<key>{_PATH})[ \t]*+(?::=|[=:](?!=))")
_HEADING = re.compile(r"[ \t]*+\[{0,2}[ \t]*+(?P<key>[\w\"'#. -]++)\]{0,2}[ \t]*+(?:\#.*)?")
_PIECES = re.compile(rf"{_PIECE}|'[^'\n]*+'")
# Where tables stand in braces: a key, LaTeX, what opens and closes, and texts, of which one may lack a quotation mark.
_TEXTS = r"""\\[A-Za-z]++\*?(?:\{[^{}\n]*+\})++|\{,\}|[{}]|"[^"\n,\[\]{}]*+"|'[^'\n,\[\]{}]*+'"""
_BRACED = re.compile(rf"""(?<![\w'()/^-])(?P<key>{_PATH})\s*+[=:]|{_TEXTS}""")
_BRACED_JSON = re.compile(rf"""(?P<key>"[^"\n,\[\]{{}}:]*+"|'[^'\n,\[\]{{}}:]*+')\s*+:|{_TEXTS}""")
_COMMENT = re.compile(r"""(?:[^"'#]|"[^"\n]*+"|'[^'\n]*+'|["'])*+""")

# A key without a part of its sign or its quotation marks, where a value follows; in TOML also one behind a value in its line.
_NAME = r"""["']{0,2}(?P<name>[A-Za-z_][\w/()'-]{0,40}?|\d{1,9})["']{0,2}[ \t]*+"""
_LOOSE = rf"""{_NAME}(?:[=:][ \t=:]*+)?(?=(?P<next>[\[{{\d+-]|\.\d|\"{{3}}|'{{3}}|array\())"""
_LOOSE_TOML = re.compile(
    rf"""(?P<before>^[ \t]*+){_LOOSE}|^[ \t]*+(?P<twice>[A-Za-z_][\w/()']{{0,40}})[ \t]*+==[ \t=]*+""", re.MULTILINE
)
_LOOSE_JSON = re.compile(rf"""(?P<before>(?:^|[{{}},\]])\s*+){_LOOSE}""")
_IN_A_LINE = re.compile(r"""(?<=[\]"'\d])[ \t]*+(?P<name>[A-Za-z_][\w/()']{0,40})(?=[ \t]*+=(?!=))""")
# More keys are no answer; each takes some time to read.
MOST_KEYS = 10_000
# Lines of a table in braces.
LONGEST_TABLE = 500
Value = Callable[[str], Any]


def cut_toml(text: str, figure: Value) -> dict[str, Any]:
    r"""The document of a TOML text, read part by part.

    Parameters
    ----------
    text : of the file.
    figure : what makes a figure of the text of a number with a point or an exponent.

    Raises
    ------
    InputError
        If its keys nest more than 50 deep.

    Examples
    --------
    >>> cut_toml("[iteration.1\nU = [[1 2]\n [3\nerrors = 3 # of 4\n", float)
    {'iteration': {'1': {'U': '[[1 2]\n [3', 'errors': 3}}}
    """
    found: dict[str, Any] = {}
    table: tuple[str, ...] = ()
    text = _LOOSE_TOML.sub(lambda key: _as_key(key, "{} = "), text, count=MOST_KEYS)
    text = _IN_A_LINE.sub(_on_a_line, text, count=MOST_KEYS)
    for count, (heading, key, value) in enumerate(_toml_pieces(text), start=1):
        _check_count(count)
        if heading is not None:
            table = heading
        elif key:
            _put(found, (*table, *key), _toml_value(value, figure))
    return found


def _toml_pieces(text: str) -> Iterator[tuple[tuple[str, ...] | None, tuple[str, ...], str]]:
    """Headings, and keys with the texts of their values."""
    key: tuple[str, ...] = ()
    value: list[str] = []
    lines = text.splitlines()
    inside = 0  # lines of a table in braces that are still to come
    for at, line in enumerate(lines):
        heading = None if inside else _heading(line)
        begun = None if inside or heading is not None else _KEY.match(line)
        inside -= inside > 0
        if heading is None and (begun is None or begun["key"] == "dtype"):  # which NumPy may print in a line of its own
            value.append(line)
            continue
        if key:
            yield None, key, "\n".join(value)
        key, value = (), []
        if heading is not None:
            yield heading, (), ""
        elif begun is not None:
            key, value = _path(begun["key"]), [line[begun.end() :]]
            inside = _lines_in_braces(lines, at) if value[0].lstrip().startswith("{") else 0
    if key:
        yield None, key, "\n".join(value)


def _lines_in_braces(lines: list[str], at: int) -> int:
    """How many lines follow until the braces are closed that a line opens; 0 where they are not."""
    depth = 0
    for count, line in enumerate(lines[at : at + LONGEST_TABLE]):
        depth += line.count("{") - line.count("}")
        if depth <= 0:
            return count
    return 0


def _heading(line: str) -> tuple[str, ...] | None:
    """The keys of a table that a line begins; None where it is the row of a matrix, or anything else."""
    found = _HEADING.fullmatch(line)
    if found is None:
        return None
    named = table_named(found["key"].strip(" \"'"))
    if named:
        return named
    keys = _path(found["key"])
    return keys if keys and table_named(keys[0]) else None


def _path(text: str) -> tuple[str, ...]:
    return tuple(piece.strip("\"'") for piece in _PIECES.findall(text))


def _toml_value(text: str, figure: Value) -> Any:
    text = "\n".join(_without_comment(line) for line in text.splitlines()).strip()
    try:
        return toml_document(f"x = {text}", figure)["x"]
    except InputError:  # nested too deep
        raise
    except ValueError:
        pass
    if text.startswith("{"):
        inner = _cut_braces(text, lambda value: _toml_value(value, figure))
        if inner:
            return inner
    return text.rstrip(", \n")


def _without_comment(line: str) -> str:
    found = _COMMENT.match(line)
    return line if found is None else line[: found.end()]


def _as_key(found: re.Match[str], form: str) -> str:
    """A name with the signs of a key, where it is one of an answer."""
    name = found["name"]
    if name is None:  # W == [...]
        return form.format(found["twice"]) if part_named(found["twice"]) is not None else found[0]
    if name.isdecimal() and '"' not in found[0]:
        return found[0]
    table = name.isdecimal() or name in TABLES or name == "rows"
    known = found["next"] == "{" if table else name in ("decimals", "hints") or part_named(name) is not None
    return found["before"] + form.format(name) if known else found[0]


def _on_a_line(found: re.Match[str]) -> str:
    return f"\n{found['name']}" if part_named(found["name"]) is not None else found[0]


# ---- Tables in braces.


def cut_json(text: str, loads: Value) -> dict[str, Any]:
    """The document of a JSON text, read part by part.

    Parameters
    ----------
    text : of the file.
    loads : reads JSON.

    Raises
    ------
    InputError
        If its tables nest more than 50 deep.

    Examples
    --------
    >>> cut_json('{"iteration": {"1": {"cost": 1.5, "U": [[1, 2], [3, "errors": 3}}', json.loads)
    {'iteration': {'1': {'cost': 1.5, 'U': '[[1, 2], [3', 'errors': 3}}}
    """

    def value(text: str) -> Any:
        try:
            return loads(text)
        except json.JSONDecodeError:
            return text

    return _cut_braces(_LOOSE_JSON.sub(lambda key: _as_key(key, '"{}": '), text, count=MOST_KEYS), value, _BRACED_JSON)


def _cut_braces(text: str, value: Value, tokens: re.Pattern[str] = _BRACED) -> dict[str, Any]:
    """The tables of a text in which they stand in braces; `value` says what a text between a key and the next one is."""
    found: dict[str, Any] = {}
    path: list[tuple[str, ...]] = []
    key: tuple[str, ...] = ()
    begun = count = 0

    def end(at: int) -> None:
        nonlocal key
        if key:
            _put(
                found,
                (*(piece for keys in path for piece in keys), *key),
                value(text[begun:at].strip().rstrip(", \n\r\t")),
            )
        key = ()

    for token in tokens.finditer(text):
        if token["key"] is not None:
            if key and not text[begun : token.start()].strip() and len(path) < DEEPEST:
                path.append(key)  # whose bracket is missing
                key = ()
            end(token.start())
            key, begun, count = _path(token["key"]), token.end(), count + 1
            _check_count(count)
        elif token[0] == "{" and key:
            if len(path) == DEEPEST:
                raise too_deep()
            path.append(key)
            key = ()
        elif token[0] == "}":
            end(token.start())
            if path:
                path.pop()
    end(len(text))
    return found


def _check_count(count: int) -> None:
    if count > MOST_KEYS:
        remedy = "Leave out what was not asked for."
        raise InputError("document", f"have at most {MOST_KEYS:,} keys where it is not valid", "more", remedy)


def _put(found: dict[str, Any], keys: tuple[str, ...], value: Any) -> None:
    if len(keys) > DEEPEST:
        raise too_deep()
    put(found, keys, value)
