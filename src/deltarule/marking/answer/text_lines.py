r"""One line of an answer in plain text, Markdown or LaTeX: which table it heads, or which part begins in it."""

from __future__ import annotations

import re
from typing import NamedTuple

from deltarule.marking.answer.headings import WITH_SIGN, table_of_heading
from deltarule.marking.answer.matrix_text import TRANSPOSED
from deltarule.marking.answer.part_words import is_given, part_named, table_named
from deltarule.marking.answer.twice import LEVELS
from deltarule.marking.parts import LONGEST_NUMBER, METRICS, SETS

# Longer lines are figures or prose, and begin nothing.
LONGEST_LINE = 10_000
# An equals sign that is no comparison and no option of a call.
EQUALS = re.compile(
    r"(?<![<>!:=])(?<!dtype)(?<!device)(?<!grad_fn)(?<!requires_grad)=(?!=)|:=|≈|←|<-(?=\s)"
    r"|\\(?:approx|simeq|leftarrow|gets|coloneqq)(?![A-Za-z])"
)
_MARK = re.compile(r"(?:[-*+>]|\d{1,3}[.)]|[a-z]\))[ \t]++(?!(?i:iter\w*+\W*+$))(?=[^\s\d.,-])")
_HEAD = re.compile(r"\#{1,6}[ \t]++")
_SECTION = re.compile(
    r"\\(?:(?:sub){0,2}section|paragraph|textbf|emph|underline|item)\*?[ \t]*(?:\[[^\[\]]{0,80}\])?[ \t]*\{?"
)
# What begins a formula, if half of it.
_FORMULA = re.compile(r"\A(?:\\[\[(]|\\{0,2}\[{1,2}(?=[ \t]*+[^\[\]\s\d][^\[\]]{0,60}=))[ \t]*+")
_BOXED = re.compile(r"\\f?boxed\s*\{\s*|\\begin\{(?:align|equation|gather|displaymath|math|split)\*?\}\s*")
_TABLE = re.compile(r"\[{1,2}([\w .#]{1,80})\]{0,2}")
# Between two blocks of one line: errors = 3, cost = 12.29.
_NEXT = re.compile(
    r"(?:(?P<apart>[,;]|\band\b|\\quad|\\qquad|\$)|(?<=[\d\])}`]))[ \t]*+"
    r"(?P<name>[^\s=,;:\d\[\]|&(){}.+*/^-][^=,;:\[\]|&$]{0,60})(?P<sign>=(?!=)|:(?!=))"
)
# Parts that are one figure, and a figure.
SCALARS = ("cost", "errors", "updates")
SINGLE = re.compile(r"[-+]?[\d.,]++(?:[eE][-+]?\d++)?", re.ASCII)
# A part, and another that is a factor in its formula.
PRODUCTS = (("weight_gradient", "delta"), ("bias_gradient", "delta"), ("synaptic_inputs", "weights"))
_BESIDE = re.compile(r"[ ]{2,}|\t[\s]*")
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
_ENVIRONMENT = re.compile(r"\\(begin|end)\s*\{(?:\w*matrix\*?|array|tabular)\}")
_METRIC = re.compile(rf"(?:{'|'.join(SETS)})_(?:{'|'.join(METRICS)})")
_PAIR = re.compile(r"[^\s=:\[\]]{1,60}-[^\s=:\[\]]{1,60}")
# In the middle of a text these are the figures of one pattern, not of all.
_ONE_PATTERN = ("u", "y", "z", "w")
_INDEXED = re.compile(
    r"(?P<name>(?:\\(?:mathbf|boldsymbol|bm|mathrm)\s?\{)?[Wb]\}?)\s?(?:[_^]\s?\{?\s?\(?|\()(?P<number>\d{1,9})\)?\s?\}?",
    re.ASCII,
)
LONGEST_NAME = 60
# A name before a matrix, with no sign between.
_UNSIGNED = re.compile(
    r"(?P<name>[^\[\]=:|]{1,60}?)(?=[ \t`$]*+(?:(?:np\.)?(?:array|tensor)\(\s*+)?(?:\[[\[(\s]*+[-+.\d]|\\begin\{\w?matrix\}))"
)
# A name before figures: J 12.29, and with tabs or wide blanks a row.
_BEFORE_FIGURES = re.compile(
    r"(?P<name>[^\t=:|\[\]]{1,60}?)(?P<blanks>[ ]|[ ]{2,}|[ ]*\t[\t ]*)(?P<figures>[-+.\d][-+\d.,;eE\t ]*)"
)
# A row of figures with a label, and labels that number rows.
_LABELLED = re.compile(
    r"\s*+(?P<label>(?:\|[^|]{0,60}(?=\|)|[^\t=:|\[\]\s]{1,20}(?:[ ]\d{1,4}|[ ]?=[ ]?\d{1,4})?(?=:|[ ]{2}|[ ]*\t)))[:\s|]++[-+.\d\u2212]"
)
_ROW = re.compile(r"(?:x|w|input|feature|p|pattern|row)?[\s_=]*\{?(\d{1,4})\}?", re.IGNORECASE)
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
    indexed : whether the part's name has an index, as in W_1, so that it may be of an entry.
    """

    text: str
    table: tuple[str, ...] | None = None
    keys: tuple[str, ...] | None = None
    headed: bool = False
    ends: bool = False
    goes_on: bool = False
    indexed: bool = False


def pieces_of_line(line: str) -> list[str]:
    """The `line`, cut where another block begins in it.

    Examples
    --------
    >>> pieces_of_line("errors = 3, cost = 12.29"), pieces_of_line("dW = [[1, 2]] db = [3]")
    (['errors = 3', 'cost = 12.29'], ['dW = [[1, 2]]', 'db = [3]'])
    """
    pieces, begun = [], 0
    if len(line) <= LONGEST_LINE:
        for found in _NEXT.finditer(line):
            if _may_end(line[begun : found.start()], found):
                pieces.append(line[begun : found.start()])
                begun = found.start("name")
    return [*pieces, line[begun:]]


def _may_end(before: str, found: re.Match[str]) -> bool:
    """Whether what stands `before` a name ends there: behind a separator, or with the whole value of another part.

    A matrix before the name of another one may be a factor: X^T delta, X W.
    """
    part = part_named(found["name"])
    known = part is not None or is_given(found["name"])
    if known and found["apart"] and found["sign"] == "=":
        return True
    name, equals, value = before.rpartition("=") if "=" in before else before.rpartition(":")
    unsigned = None if equals else _UNSIGNED.match(before) or _BEFORE_FIGURES.match(before)
    if unsigned is not None and part_named(unsigned["name"]) is not None:
        name, equals, value = unsigned["name"], "=", before[unsigned.end("name") :]
    if not equals:
        return False
    single = SINGLE.fullmatch(value.strip(" \t,;*`$")) is not None
    if not known:  # errors = 3, accuracy = 0.25
        apart = found["apart"] or found[0].startswith(("  ", "\t"))
        return bool(apart) and found["sign"] == "=" and (single or _is_whole(value))
    own = part_named(name.partition("=")[0].strip(" -*+>$`"))
    if found["sign"] == ":":
        return own in SCALARS and part in SCALARS and single
    return single if own in SCALARS else own is not None and _is_whole(value) and (own, part) not in PRODUCTS


def _is_whole(value: str) -> bool:
    """Whether a text is figures with no bracket that is open at its end."""
    value = TRANSPOSED.sub("", value.strip(" \t,;*`$"))
    closed = brackets_opened(value) == 0 or (value.startswith("[") and value.endswith("]"))
    return closed and is_figures(value) and any(map(str.isdigit, value))


def side_by_side(line: str, table: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The keys of several parts whose matrices stand beside each other below their names; empty where it is no such line.

    Parameters
    ----------
    line : of a text.
    table : below whose heading it stands.

    Examples
    --------
    >>> side_by_side("U =          Y =", ("iteration", "1"))
    [('iteration', '1', 'synaptic_inputs'), ('iteration', '1', 'outputs')]
    """
    names = _BESIDE.split(line.strip()) if len(line) <= LONGEST_LINE else []
    if len(names) < 2 or not all(name.endswith(("=", ":")) for name in names):
        return []
    found = [keys_of(name.rstrip("=: "), table) for name in names]
    return [keys for keys in found if keys is not None] if None not in found else []


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
    if not text or len(text) > LONGEST_LINE or row:
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
    equals = EQUALS.search(text)
    unsigned = _UNSIGNED.match(text)
    if (
        equals is not None
        and unsigned is not None
        and (keys := keys_of(unsigned["name"], table, listed=True)) is not None
    ):
        return Begin(text[unsigned.end() :], keys=keys)
    left, right = (text, None) if equals is None else (text[: equals.start()], text[equals.end() :])
    before, colon, behind = left.partition(":")
    named = table_of_heading(before if colon or right is not None else text, table)
    if not named and colon and right is None and table_of_heading(behind, table):  # Question 1: iteration 2
        named, behind = table_of_heading(text, table), ""
        before = text if named else before
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
    keys = keys_of_index(left, table)
    if keys is not None:
        return Begin(right, keys=keys, indexed=True)
    return Begin(line, ends=left.strip()[0].isalpha() or left.strip()[0] in "\\$")


def keys_of_index(name: str, table: tuple[str, ...]) -> tuple[str, ...] | None:
    """The keys of new weights or biases whose index says of which iteration: W_1, W^(1), W(2); None for any other name.

    Where iteration 1 is that of W^(1), its new weights are W^(2).

    Parameters
    ----------
    name : as it is written.
    table : whose heading stands above.

    Examples
    --------
    >>> keys_of_index("W_1", ("iteration", "1")), keys_of_index("W^{(0)}", ("iteration", "1")), keys_of_index("b_2", ())
    (('iteration', '1', 'weights'), None, ('iteration', '2', 'biases'))
    """
    found = _INDEXED.fullmatch(name.strip(" \t*`$&")) if len(name) <= LONGEST_NAME else None
    part = None if found is None else part_named(found["name"])
    if found is None or part not in ("weights", "biases"):
        return None
    number = int(found["number"])
    if not table and number > 0:
        return (part,) if number == 1 else ("iteration", str(number), part)
    own = int(table[1]) if len(table) == 2 and table[1].isdecimal() and len(table[1]) < LONGEST_NUMBER else 1
    return (*table, part) if table[:1] == ("iteration",) and number in (own, own + 1) else None


def _without_equals(line: str, text: str, before: str, behind: str, table: tuple[str, ...], *, headed: bool) -> Begin:
    """What a line without an equals sign begins; `before` and `behind` stand at the sides of its first colon."""
    keys = keys_of(before, table)
    if keys is not None:
        return Begin(behind, keys=keys, headed=headed and not behind.strip())
    unsigned = _UNSIGNED.match(text)
    if unsigned is not None and (keys := keys_of(unsigned["name"], table)) is not None:
        return Begin(text[unsigned.end() :], keys=keys)
    apart = _BEFORE_FIGURES.fullmatch(text)
    keys = None if apart is None else keys_of(apart["name"], table)
    if apart is not None and keys is not None and (apart["blanks"] != " " or part_named(keys[-1]) in SCALARS):
        return Begin(apart["figures"], keys=keys)
    words = _BESIDE.split(text.strip(), maxsplit=1)
    if len(words) == 2 and (keys := keys_of(words[0], table)) is not None and keys[-1] == "predicted":
        return Begin(words[1], keys=keys)
    cells = [cell.strip() for cell in text.strip("|").split("|")] if text.startswith("|") else []
    keys = keys_of(cells[0], table) if len(cells) > 1 else None
    if keys is None:
        return Begin(line, ends=headed)
    if len(cells) == 2 and any(map(str.isdigit, cells[1])):
        return Begin(cells[1], keys=keys)
    corner = "" if all(map(is_figures, cells[1:])) else "| "  # a name above the numbers of rows
    return Begin(f"{corner}| {' | '.join(cells[1:])} |", keys=keys)


def rows_of_tables(lines: list[str]) -> dict[int, tuple[str, str]]:
    """The rows of tables whose rows have labels, so that a `b` there is the row of the biases, by their places.

    Parameters
    ----------
    lines : of a text.

    Returns
    -------
    dict
        The number in each label, and the text behind it; "" where it is no number, or the row is one of Markdown.

    Examples
    --------
    >>> rows_of_tables(["x1  0.5 1.0", "b   0.2 0.3", "", "J  12.29"]), rows_of_tables(["W = [[0.5]]", "b  0.2"])
    ({0: ('1', '0.5 1.0'), 1: ('', '0.2 0.3')}, {})
    """
    found: dict[int, tuple[str, str]] = {}
    group: dict[int, tuple[str, str]] = {}
    sure = False
    for at, line in enumerate([*lines, "."]):
        cells = _LABELLED.match(line) if len(line) <= LONGEST_LINE else None
        label = "" if cells is None else cells["label"].strip(" \t$*`|")
        if cells is not None and label and part_named(label) not in SCALARS:
            number = _ROW.fullmatch(label)
            sure = sure or number is not None
            bare = number is not None and "|" not in line
            group[at] = (number[1] if bare and number is not None else "", line[cells.end() - 1 :])
        elif line.strip(" \t|:-") or not line.strip():  # no rule of a table
            found |= group if sure else {}
            group, sure = {}, False
    return found


def _undressed(text: str) -> tuple[str, bool]:
    """A line without the signs of lists, headings, emphasis and formulas before it, and whether it is a heading."""
    mark = _MARK.match(text)
    text = text[mark.end() :] if mark is not None else text
    head = _HEAD.match(text) or _SECTION.match(text)
    text = text[head.end() :] if head is not None else text
    headed = head is not None or text.startswith("**")
    text = text.removeprefix(">>> ").lstrip("*_`$ \t")
    text = _FORMULA.sub("", text, count=1)
    boxed = _BOXED.match(text)
    text = text[boxed.end() :] if boxed is not None else text
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
    environments = _ENVIRONMENT.findall(text)
    bare = _ENVIRONMENT.sub("", text) if environments else text
    depth = environments.count("begin") - environments.count("end")
    return depth + sum(map(bare.count, "[{(")) - sum(map(bare.count, "]})"))
