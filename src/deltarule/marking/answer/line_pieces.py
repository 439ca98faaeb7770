"""Lines with several parts: where another one begins, and where two matrices stand beside each other."""

from __future__ import annotations

import re

from deltarule.marking.answer.figure_text import LONGEST_LINE, SCALARS, SINGLE, brackets_opened, is_figures
from deltarule.marking.answer.matrix_text import TRANSPOSED
from deltarule.marking.answer.part_keys import keys_of
from deltarule.marking.answer.part_words import is_given, part_named

# Between two blocks of one line: errors = 3, cost = 12.29. The word "and" stands before a name, and is none of it.
_NEXT = re.compile(
    r"(?:(?P<apart>[,;]|\band\b|\\quad|\\qquad|\$)|(?<=[\d\])}`]))[ \t]*+\*{0,2}+"
    r"(?P<name>(?!and\b)[^\s=,;:\d\[\]|&(){}.+*/^-][^=,;:\[\]|&$]{0,60})(?P<sign>=(?!=)|:(?!=))"
)
# What numbers a line: e), 2), (a).
_NUMBERING = re.compile(r"[\s(]*+\w{1,3}[.)]\s*+")
# What may stand behind a figure: 12.29 nats, 3 (of 4).
_REMARK = re.compile(r"(?<=\d)\s*+(?:\([^()]{0,40}\)|[A-Za-z]{2,10})$")
# A part, and another that is a factor in its formula.
PRODUCTS = (("weight_gradient", "delta"), ("bias_gradient", "delta"), ("synaptic_inputs", "weights"))
WIDE_BLANKS = re.compile(r"[ ]{2,}|\t[\s]*")
# A name before a matrix, with no sign between.
UNSIGNED = re.compile(
    r"(?P<name>[^\[\]=:|]{1,60}?)(?=[ \t`$]*+(?:(?:np\.)?(?:array|tensor)\(\s*+)?(?:\[[\[(\s]*+[-+.\d]|\\begin\{\w?matrix\}))"
)
# A name before figures: J 12.29, and with tabs or wide blanks a row.
BEFORE_FIGURES = re.compile(
    r"(?P<name>[^\t=:|\[\]]{1,60}?)(?P<blanks>[ ]|[ ]{2,}|[ ]*\t[\t ]*)(?P<figures>[-+.\d][-+\d.,;eE\t ]*)"
)


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
    if _NUMBERING.fullmatch(before) is not None:
        return False
    part = part_named(found["name"])
    known = part is not None or is_given(found["name"])
    if known and found["apart"] and found["sign"] == "=":
        return True
    name, equals, value = before.rpartition("=") if "=" in before else before.rpartition(":")
    unsigned = None if equals else UNSIGNED.match(before) or BEFORE_FIGURES.match(before)
    if unsigned is not None and part_named(unsigned["name"]) is not None:
        name, equals, value = unsigned["name"], "=", before[unsigned.end("name") :]
    if not equals:  # the last line of a matrix
        ends = found["sign"] == "=" and before.rstrip().endswith(("]", ")")) and brackets_opened(before) < 0
        return ends and is_figures(before) and part is not None and part not in [factor for _, factor in PRODUCTS]
    single = SINGLE.fullmatch(_REMARK.sub("", value.strip(" \t,;*`$"))) is not None
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
    names = WIDE_BLANKS.split(line.strip()) if len(line) <= LONGEST_LINE else []
    if len(names) < 2 or not all(name.endswith(("=", ":")) for name in names):
        return []
    found = [keys_of(name.rstrip("=: "), table) for name in names]
    return [keys for keys in found if keys is not None] if None not in found else []
