r"""One line of an answer in plain text, Markdown or LaTeX: which table it heads, or which part begins in it."""

from __future__ import annotations

import re
from typing import NamedTuple

from deltarule.marking.answer.figure_text import EQUALS, LONGEST_LINE, SCALARS, is_figures
from deltarule.marking.answer.headings import WITH_SIGN, table_of_heading
from deltarule.marking.answer.line_pieces import BEFORE_FIGURES, UNSIGNED, WIDE_BLANKS
from deltarule.marking.answer.part_keys import keys_of, keys_of_index
from deltarule.marking.answer.part_words import part_named

_MARK = re.compile(r"(?:[-*+>]|\(?\d{1,3}[.)]|\(?[a-z]\))[ \t]++(?!(?i:iter\w*+\W*+$))(?=[^\s\d.,-])")
_NUMBER = re.compile(
    r"[*_]{0,2}(?:\d{1,2}(?:\.\d{1,2}){0,2}[.)]?|\(?[a-z]\))[ \t]++(?=[*_]{0,2}[^\W\d])(?!(?i:\W*iter))"
)
_HEAD = re.compile(r"\#{1,6}[ \t]++")
_SECTION = re.compile(
    r"\\(?:(?:sub){0,2}section|paragraph|textbf|emph|underline|item)\*?[ \t]*(?:\[[^\[\]]{0,80}\])?[ \t]*\{?"
)
# What begins a formula, if half of it.
_FORMULA = re.compile(r"\A(?:\\[\[(]|\\{0,2}\[{1,2}(?=[ \t]*+[^\[\]\s\d][^\[\]]{0,60}=))[ \t]*+")
_BOXED = re.compile(r"\\f?boxed\s*\{\s*|\\begin\{(?:align|equation|gather|displaymath|math|split)\*?\}\s*")
_TABLE = re.compile(r"\[{1,2}([\w .#]{1,80})\]{0,2}")
# The sign of a transposed matrix behind its name.
_TURNED = re.compile(r"(?<=[\w})])(?:\^[ \t]*+(?:\{[ \t]*+)?\\?(?:top|intercal|T)(?:[ \t]*+\})?|\.T|ᵀ|\\T)[ \t$*`]*+$")
# Figures, which begin nothing.
_BARE = re.compile(r"[\s\d.,;+()\[\]-]++")
_FENCE = re.compile(
    r"(?:```|~~~)[\w{}. -]*|\\(?:begin|end)\{(?:align|equation|gather|displaymath|math|verbatim|lstlisting|center|split)\*?\}"
    r"|\\\[|\\\]|\$\$"
)


class Begin(NamedTuple):
    """What a line begins.

    Attributes
    ----------
    text : of the line, from where the block has its figures.
    table : that it heads; None where it heads none.
    keys : of the part that begins; None where none does.
    headed : whether it is a heading, below which prose may stand.
    ends : whether it ends the block before it, since another name stands there, which is no part's.
    goes_on : whether it goes on with an equation.
    indexed : whether the part's name has an index, as in W_1, so that it may be of an entry.
    turned : whether the part's name has the sign of a transposed matrix, as in W^T.
    """

    text: str
    table: tuple[str, ...] | None = None
    keys: tuple[str, ...] | None = None
    headed: bool = False
    ends: bool = False
    goes_on: bool = False
    indexed: bool = False
    turned: bool = False


def read_line(line: str, table: tuple[str, ...], *, row: bool = False) -> Begin:
    r"""What a line begins.

    Parameters
    ----------
    line : of a text.
    table : below whose heading it stands.
    row : whether it is the row of a table whose rows have labels.

    Examples
    --------
    >>> read_line("## Iteration 2:", ()).table, read_line(r"$U = \begin{bmatrix}", ("iteration", "2")).keys
    (('iteration', '2'), ('iteration', '2', 'synaptic_inputs'))
    """
    text = line.strip()
    if not text or len(text) > LONGEST_LINE or row or _BARE.fullmatch(text):
        return Begin(line)
    if _FENCE.fullmatch(text) is not None:
        return Begin("", goes_on=True)
    bracketed = _TABLE.fullmatch(text)
    named = table_of_heading(bracketed[1], table) if bracketed is not None else ()
    if named:
        return Begin("", table=named)
    text, headed = _undressed(text)
    if "==" in text and keys_of(text.partition("==")[0], table) is not None:
        text = text.replace("==", "=", 1)
    sign = WITH_SIGN.search(text)
    if sign is not None and (named := table_of_heading(text[: sign.end()], table)):
        return Begin(text[sign.end() :].strip(" \t:*.,"), table=named)
    begin = _heading(text, table) or _unsigned(text, table)
    equals = EQUALS.search(text)
    if begin is None and equals is not None:
        begin = _equation(line, text[: equals.start()], text[equals.end() :], table)
    return begin or _without_equals(line, text, table, headed=headed)


def _heading(text: str, table: tuple[str, ...]) -> Begin | None:
    """The heading that a line is, or begins with before a colon."""
    equals = EQUALS.search(text)
    left = text if equals is None else text[: equals.start()]
    before, colon, behind = left.partition(":")
    named = table_of_heading(before if colon or equals is not None else text, table)
    if not named and colon and equals is None and table_of_heading(behind, table):  # Question 1: iteration 2
        named, before = table_of_heading(text, table), text
    rest = text[len(before) + 1 :].strip(" *`_}=")
    if named == ("iteration",) and rest.isdecimal():
        named, rest, colon = (*named, rest), "", ":"
    return Begin(rest, table=named) if named and (colon or equals is None) else None


def _unsigned(text: str, table: tuple[str, ...]) -> Begin | None:
    """What a name begins before a matrix, with no sign between."""
    found = UNSIGNED.match(text)
    keys = None if found is None else keys_of(found["name"], table, listed=True)
    return None if found is None or keys is None else Begin(text[found.end() :], keys=keys)


def _equation(line: str, left: str, right: str, table: tuple[str, ...]) -> Begin:
    """What a line with an equals sign begins, of which `left` and `right` are the two sides."""
    if not left.strip(" &\t"):
        return Begin(line, goes_on=True)
    before, _, behind = left.partition(":")
    words = left.split()
    prose = all(word.strip(",").isalpha() for word in words[:-1])
    listed = "[" in right or "\\begin" in right
    for name in (left, behind, before, words[-1] if prose else ""):  # "which gives U"
        keys = keys_of(name, table, listed=listed)
        if keys is not None:
            return Begin(right, keys=keys)
    bare = _TURNED.sub("", left)
    keys = keys_of(bare, table, listed=listed) if bare != left else None
    if keys is not None:
        return Begin(right, keys=keys, turned=True)
    keys = keys_of_index(left, table)
    if keys is not None:
        return Begin(right, keys=keys, indexed=True)
    return Begin(line, ends=left.strip()[0].isalpha() or left.strip()[0] in "\\$")


def _without_equals(line: str, text: str, table: tuple[str, ...], *, headed: bool) -> Begin:
    """What a line without an equals sign begins."""
    before, _, behind = text.partition(":")
    keys = keys_of(before, table)
    if keys is not None:
        return Begin(behind, keys=keys, headed=headed and not behind.strip())
    apart = BEFORE_FIGURES.fullmatch(text)
    keys = None if apart is None else keys_of(apart["name"], table)
    if apart is not None and keys is not None and (apart["blanks"] != " " or part_named(keys[-1]) in SCALARS):
        return Begin(apart["figures"], keys=keys)
    words = WIDE_BLANKS.split(text.strip(), maxsplit=1)
    if len(words) == 2 and (keys := keys_of(words[0], table)) is not None and keys[-1] == "predicted":
        return Begin(words[1], keys=keys)
    return _row(text, table) or Begin(line, ends=headed)


def _row(text: str, table: tuple[str, ...]) -> Begin | None:
    """What the row of a table of Markdown begins, in whose first cell a part is named."""
    cells = [cell.strip() for cell in text.strip("|").split("|")] if text.startswith("|") else []
    keys = keys_of(cells[0], table) if len(cells) > 1 else None
    if keys is None:
        return None
    if len(cells) == 2 and (any(map(str.isdigit, cells[1])) or (keys[-1] == "predicted" and "," in cells[1])):
        return Begin(cells[1], keys=keys)
    corner = "" if all(map(is_figures, cells[1:])) else "| "  # a name above the numbers of rows
    return Begin(f"{corner}| {' | '.join(cells[1:])} |", keys=keys)


def _undressed(text: str) -> tuple[str, bool]:
    """A line without the signs of lists, headings, emphasis and formulas before it, and whether it is a heading."""
    mark = _MARK.match(text)
    text = text[mark.end() :] if mark is not None else text
    head = _HEAD.match(text) or _SECTION.match(text)
    if head is not None:
        text = text[head.end() :]
        number = _NUMBER.match(text)
        text = text[number.end() :] if number is not None else text
    headed = head is not None or text.startswith("**")
    text = text.removeprefix(">>> ").lstrip("*_`$ \t")
    text = _FORMULA.sub("", text, count=1)
    boxed = _BOXED.match(text)
    text = text[boxed.end() :] if boxed is not None else text
    if head is not None and head[0].endswith("{"):
        name, _, rest = text.partition("}")
        figures = rest.strip()[:1] and part_named(name) is not None and EQUALS.match(rest.strip()) is None
        text = f"{name.rstrip(': ')}: {rest.lstrip(': ')}" if figures else text.removesuffix("}")
    return text.strip(), headed
