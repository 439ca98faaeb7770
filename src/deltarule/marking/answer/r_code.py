"""Matrices as R's code has them: `matrix(c(1, 2, 3, 4), nrow = 2)`, which is filled column by column."""

from __future__ import annotations

import re
from typing import Any

from deltarule.errors import InputError
from deltarule.marking.answer.bracketed import entries

_MATRIX = re.compile(r"matrix\(\s*c\((?P<figures>[^()]*)\)\s*,(?P<options>[^()]{0,200})\)")
_COUNT = re.compile(r"n(?P<what>row|col)\s*=\s*(?P<number>\d{1,6})")
_BY_ROW = re.compile(r"byrow\s*=\s*T")


def matrix_of_r(text: str) -> list[list[Any]] | None:
    """The matrix that a `text` of R makes; None where it is no such text.

    Raises
    ------
    InputError
        If there are not as many figures as its rows have, or it has columns side by side.

    Examples
    --------
    >>> [[str(each) for each in row] for row in matrix_of_r("matrix(c(1, 2, 3, 4), nrow = 2)")], matrix_of_r("c(1, 2)")
    ([['1', '3'], ['2', '4']], None)
    """
    if text.startswith("cbind("):
        raise InputError("matrix", "stand row by row", "columns", "Write rbind in the place of cbind, with the rows.")
    found = _MATRIX.fullmatch(text)
    if found is None:
        return None
    figures = list(entries([found["figures"]], sure=False))
    count = _COUNT.search(found["options"])
    per = int(count["number"]) if count is not None else 1
    if not 0 < per <= len(figures) or len(figures) % per:
        raise InputError("matrix", "have as many figures in each row", len(figures), "Complete it.")
    width = per if count is not None and count["what"] == "col" else len(figures) // per
    if _BY_ROW.search(found["options"]) is not None:
        return [figures[at : at + width] for at in range(0, len(figures), width)]
    rows = len(figures) // width
    return [figures[row::rows] for row in range(rows)]
