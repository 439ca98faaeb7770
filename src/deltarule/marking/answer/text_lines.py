r"""One line of an answer in plain text, Markdown or LaTeX: which table it heads, or which part begins in it."""

from __future__ import annotations

import re
from typing import NamedTuple

from deltarule.marking.answer.part_words import is_given, part_named, table_named
from deltarule.marking.answer.twice import LEVELS
from deltarule.marking.parts import METRICS, SETS

# Longer lines are figures or prose, and begin nothing.
LONGEST_LINE = 10_000
# An equals sign that is no comparison and no option of a call.
EQUALS = re.compile(
    r"(?<![<>!:=])(?<!dtype)(?<!device)(?<!grad_fn)(?<!requires_grad)=(?!=)|:=|≈|\\approx(?![A-Za-z])|\\simeq(?![A-Za-z])"
)
_MARK = re.compile(r"(?:[-*+>]|\d{1,3}[.)]|[a-z]\))[ \t]++(?=[^\s\d.,-])")
_HEAD = re.compile(r"\#{1,6}[ \t]++")
_SECTION = re.compile(
    r"\\(?:(?:sub){0,2}section|paragraph|textbf|emph|underline|item)\*?[ \t]*(?:\[[^\[\]]{0,80}\])?[ \t]*\{?"
)
_TABLE = re.compile(r"\[{1,2}([\w .#]{1,80})\]{0,2}")
# Between two blocks of one line: errors = 3, cost = 12.29.
_NEXT = re.compile(r"(?:[,;]|\band\b|\\quad|\\qquad)[ \t]*+(?P<name>[^\s=,;:\d\[\]|&][^=,;:\[\]|&]{0,60})=(?!=)")
_FENCE = re.compile(
    r"(?:```|~~~)[\w{}. -]*|\\(?:begin|end)\{(?:align|equation|gather|displaymath|math|verbatim|lstlisting|center|split)\*?\}"
    r"|\\\[|\\\]|\$\$"
)
# Figures, brackets and separators, and the commands of LaTeX round them.
_FIGURES = re.compile(
    r"(?:\\(?:begin|end)\{(?:[bBpvV]|small)?matrix\*?\}|\\(?:begin|end)\{(?:array|tabular)\}|\{[clr|]+\}"
    r"|\\(?:left|right|hline|text|mathrm|mathbf|[hv]?phantom|q?quad|times|cdot|cr|[a-z]?dots|toprule|midrule|bottomrule)(?![A-Za-z])"
    r"|array|tensor|matrix|dtype=[\w.]+|nan|inf|np\.|numpy\.|float(?:32|64)?|int(?:32|64)?"
    r"|[\s\d.,;:+\-eE^×·*&|~$'\"%#\[\](){}\\…`])*+"
)
_OPENED = re.compile(r"\\begin\s*\{(?:\w*matrix\*?|array|tabular)\}|[\[{(]")
_CLOSED = re.compile(r"\\end\s*\{(?:\w*matrix\*?|array|tabular)\}|[\]})]")
_METRIC = re.compile(rf"(?:{'|'.join(SETS)})_(?:{'|'.join(METRICS)})")
_PAIR = re.compile(r"[^\s=:\[\]]{1,60}-[^\s=:\[\]]{1,60}")
# In the middle of a text these are the figures of one pattern, not of all.
_ONE_PATTERN = ("u", "y", "z", "w")
_DOCUMENT_KEYS = ("decimals", "hints", "title", "name")


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
    """

    text: str
    table: tuple[str, ...] | None = None
    keys: tuple[str, ...] | None = None
    headed: bool = False
    ends: bool = False
    goes_on: bool = False


def pieces_of_line(line: str) -> list[str]:
    """The `line`, cut where another block begins in it.

    Examples
    --------
    >>> pieces_of_line("errors = 3, cost = 12.29")
    ['errors = 3', 'cost = 12.29']
    """
    pieces, begun = [], 0
    if len(line) <= LONGEST_LINE:
        for found in _NEXT.finditer(line):
            if part_named(found["name"]) is not None or is_given(found["name"]):
                pieces.append(line[begun : found.start()])
                begun = found.start("name")
    return [*pieces, line[begun:]]


def read_line(line: str, table: tuple[str, ...]) -> Begin:
    r"""What a line begins.

    Parameters
    ----------
    line : of a text.
    table : below whose heading it stands.

    Examples
    --------
    >>> read_line("## Iteration 2:", ()).table, read_line(r"$U = \begin{bmatrix}", ("iteration", "2")).keys
    (('iteration', '2'), ('iteration', '2', 'synaptic_inputs'))
    """
    text = line.strip()
    if not text or len(text) > LONGEST_LINE:
        return Begin(line)
    if _FENCE.fullmatch(text) is not None:
        return Begin("", goes_on=True)
    bracketed = _TABLE.fullmatch(text)
    named = table_of_heading(bracketed[1]) if bracketed is not None else ()
    if named:
        return Begin("", table=named)
    text, headed = _undressed(text)
    equals = EQUALS.search(text)
    left, right = (text, None) if equals is None else (text[: equals.start()], text[equals.end() :])
    before, colon, behind = left.partition(":")
    named = table_of_heading(before) if colon or right is not None else table_of_heading(text)
    rest = text[len(before) + 1 :].strip(" *`_}=")
    if named == ("iteration",) and rest.isdecimal():
        named, rest, colon = (*named, rest), "", ":"
    if named and (colon or right is None):
        return Begin(rest, table=named)
    if right is None:
        return _without_equals(line, text, before, behind, table, headed=headed)
    return _equation(line, left, right, table)


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
    return Begin(line, ends=left.strip()[0].isalpha() or left.strip()[0] in "\\$")


def _without_equals(line: str, text: str, before: str, behind: str, table: tuple[str, ...], *, headed: bool) -> Begin:
    """What a line without an equals sign begins; `before` and `behind` stand at the sides of its first colon."""
    keys = keys_of(before, table)
    if keys is not None:
        return Begin(behind, keys=keys, headed=headed and not behind.strip())
    cells = [cell.strip() for cell in text.strip("|").split("|")] if text.startswith("|") else []
    if len(cells) == 2 and (keys := keys_of(cells[0], table)) is not None and any(map(str.isdigit, cells[1])):
        return Begin(cells[1], keys=keys)
    return Begin(line, ends=headed)


def _undressed(text: str) -> tuple[str, bool]:
    """A line without the signs of lists, headings, emphasis and formulas before it, and whether it is a heading."""
    mark = _MARK.match(text)
    text = text[mark.end() :] if mark is not None else text
    head = _HEAD.match(text) or _SECTION.match(text)
    text = text[head.end() :] if head is not None else text
    headed = head is not None or text.startswith("**")
    text = text.removeprefix(">>> ").lstrip("*_`$ \t")
    for prefix in (r"\[", r"\("):
        text = text.removeprefix(prefix).lstrip()
    if head is not None and head[0].endswith("{") and text.endswith("}"):
        text = text[:-1]
    return text.strip(), headed


def keys_of(name: str, table: tuple[str, ...], *, listed: bool = False) -> tuple[str, ...] | None:
    """The keys of a document that a name means below a heading; None where it is no part's.

    Parameters
    ----------
    name : as it is written: `U`, "iteration.1.U", "New weights W &".
    table : whose heading stands above.
    listed : whether a list follows; a small letter is the figure of one pattern else.
    """
    name = name.strip(" \t*`$&_").rstrip(":").strip()
    name = name.removesuffix("}") if name.count("}") > name.count("{") else name
    pieces = [piece.strip("\"'") for piece in name.split(".")] if len(name) <= LONGEST_LINE else [""]
    part = None if name in _ONE_PATTERN and not listed else part_named(name)
    keys: tuple[str, ...] | None = None if part is None else (*table, part)
    if name in _DOCUMENT_KEYS:
        keys = (name,)
    elif _METRIC.fullmatch(name):
        keys = "metrics", name
    elif table[:1] == ("boundaries",):
        keys = (*table, name) if _PAIR.fullmatch(name) else None
    elif 1 < len(pieces) <= LEVELS and all(map(_is_word, pieces[1:])) and table_named(pieces[0]):
        keys = tuple(pieces)
    elif len(pieces) == 3 and pieces[0] == "rows" and part_named(pieces[1]) is not None:
        keys = (*table, *pieces)
    return keys


def _is_word(text: str) -> bool:
    return bool(text) and " " not in text


def table_of_heading(text: str) -> tuple[str, ...]:
    """The table that a heading names; words may stand behind a number.

    Parameters
    ----------
    text : of the heading.

    Examples
    --------
    >>> table_of_heading("Iteration 1 (all patterns)"), table_of_heading("After iteration 2:"), table_of_heading("Item 1")
    (('iteration', '1'), ('iteration', '2'), ())
    """
    text = text.strip(" \t*`_:.}$")
    named = table_named(text)
    words = text.split() if len(text) <= 200 else []
    if not named and words and words[0].casefold() in ("after", "the", "question", "answer"):
        words = words[1:]
        named = table_named(" ".join(words))
    for count in (3, 2, 1):
        if not named and count < len(words) <= 10:
            found = table_named(" ".join(words[:count]))
            named = found if len(found) == 2 else ()
    return named


def is_figures(text: str, *, labels: bool = False) -> bool:
    """Whether a text is figures, and what stands between them.

    Parameters
    ----------
    text : of a line, or of several.
    labels : whether words in quotation marks or brackets are as good.
    """
    if labels and text.lstrip()[:1] in ("[", "(", "'", '"', "|"):
        return True
    return _FIGURES.fullmatch(text) is not None or text.lstrip().startswith("|")


def brackets_opened(text: str) -> int:
    """How many more brackets, and environments of LaTeX, a `text` opens than it closes."""
    return len(_OPENED.findall(text)) - len(_CLOSED.findall(text))
