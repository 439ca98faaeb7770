r"""Matrices in LaTeX: `bmatrix` and its like, `array`, `tabular`, or rows of `&` and `\\` alone."""

from __future__ import annotations

import re
from typing import Any

from deltarule.errors import InputError
from deltarule.marking.answer.numerals import cell_of, without_powers
from deltarule.marking.answer.tables_of_text import without_headings
from deltarule.printable import brief

_NAMES = r"(?:small|[bBpvV])?matrix\*?|array|tabular\*?"
_BEGIN = re.compile(
    rf"\\begin\s*\{{(?:{_NAMES})\}}(?:\[[a-z]\])?(?:\{{[^{{}}\n]{{0,80}}\}})?|\\(?:[bp]?matrix|pmatrix)\s*(?=\{{)"
)
_END = re.compile(rf"\\end\s*\{{(?:{_NAMES})\}}")
# What no other notation has.
LATEX_ROWS = re.compile(rf"\\begin\s*\{{(?:{_NAMES})\}}|\\[bp]?matrix\s*\{{|&|\\\\|\\cr(?![A-Za-z])")
_ROW_ENDS = re.compile(r"\\\\(?:\s*\[[^\[\]\n]{0,20}\])?|\\cr(?![A-Za-z])|\\tabularnewline(?![A-Za-z])")
# Where a text of TOML or JSON made one sign of two.
_HALF_ROW_ENDS = re.compile(r"\\(?=\s|\d|-|$)")
# Commands of space, size, rules and style, which are no figures; those that hold something keep it.
_SPACES = re.compile(
    r"\\(?:left|right|big|Big|bigg|Bigg|hline|toprule|midrule|bottomrule|quad|qquad|displaystyle|textstyle|centering|hfill|nonumber)(?![A-Za-z])"
    r"|\\[hv]?phantom\s*\{[^{}\n]{0,20}\}|(?<!\\)\\[,;:! ]|~"
)
_HOLDING = re.compile(
    r"\\(?:text|mathrm|mathbf|textbf|mathit|textit|ensuremath|num|mbox|operatorname|color\{\w{1,20}\})\s*\{([^{}]{0,400})\}"
)
_COMMA = re.compile(r"(?<=\d)\{,\}(?=\d)", re.ASCII)
_AROUND_CELL = r"[](){}|$\ " + "\t\n\r;"
_AROUND = _AROUND_CELL + ".,"


def without_commands(text: str) -> str:
    r"""A `text` without LaTeX's commands of space, size and style, and with points for its commas in braces.

    Examples
    --------
    >>> without_commands(r"\text{A} \quad \mathbf{0{,}5}")
    'A   0.5'
    """
    if "\\" not in text and "{,}" not in text and "~" not in text:
        return text
    return _SPACES.sub(" ", _HOLDING.sub(r"\1", _COMMA.sub(".", text)))


def latex_rows(text: str) -> Any:
    r"""The rows of the one matrix in a `text`: figures as `Decimal`, all else as text.

    Raises
    ------
    InputError
        If there are several, or a factor stands beside it.

    Examples
    --------
    >>> latex_rows(r"\left[\begin{array}{cc} 0.50 & -1 \\ 2 & 3 \end{array}\right]")
    [[Decimal('0.50'), Decimal('-1')], [Decimal('2'), Decimal('3')]]
    >>> latex_rows(r"\begin{bmatrix} 1 \end{bmatrix} \begin{bmatrix} 2 \end{bmatrix}")
    Traceback (most recent call last):
    deltarule.errors.InputError: The matrix must stand alone. Got 2 side by side. Write the result alone.
    """
    if _ROW_ENDS.search(text) is None:
        text = _HALF_ROW_ENDS.sub(r"\\\\", text)
    text = without_powers(without_commands(text))
    begins, ends = list(_BEGIN.finditer(text)), list(_END.finditer(text))
    if len(begins) > 1:
        raise InputError("matrix", "stand alone", f"{len(begins)} side by side", "Write the result alone.")
    if begins:
        last = ends[-1] if ends else None
        beside = text[: begins[0].start()] + (text[last.end() :] if last is not None else "")
        if beside.strip(_AROUND):
            got = f"{brief(beside.strip(_AROUND))} beside it"
            raise InputError("matrix", "stand alone", got, "Write its figures only: multiply a factor in.")
        text = text[begins[0].end() : last.start() if last is not None else len(text)]
    rows = [row.split("&") for row in _ROW_ENDS.split(text) if row.strip(_AROUND)]
    return without_headings([[cell_of("".join(cell.strip(_AROUND_CELL).split())) for cell in row] for row in rows])
