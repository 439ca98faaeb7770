"""Whether the first row of a CSV file holds names, or looks like data."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

# Names that are numbers but count columns, as years and wave lengths do: three are enough to see that they go on evenly.
_EVEN = 3
# What stands for a value that is missing or infinite; a column of numbers is hardly named so.
_MARKS = frozenset(
    {"NA", "N/A", "n/a", "#N/A", "NaN", "nan", "NULL", "null", "None", "?", "inf", "-inf", "Inf", "-Inf"}
)
_YEARS = range(1000, 3000)


def looks_like_data(names: Sequence[str], columns: Sequence[Any]) -> bool:
    """Whether the first row of a CSV file could stand among the rows below it, so that it is probably no row of names.

    Each column of numbers is headed by a number or a mark such as NA, and a label of the first row occurs again below, or the
    numbers do not count the columns, as years (2019, 2020, ...), places (0, 1, 2, ...) or even steps (400, 410, 420, ...) would.
    One or two places count only above numbers that are not all whole: 0,1 above 1,3 and 2,5 may be data as well.

    Parameters
    ----------
    names : the cells of the first row.
    columns : the columns of some rows below it: arrays of Arrow, or lists of texts.

    Examples
    --------
    >>> columns = [["4.8", "7.0"], ["3.1", "3.2"], ["setosa", "virginica"]]
    >>> looks_like_data(["5.0", "3.4", "setosa"], columns), looks_like_data(["length", "width", "species"], columns)
    (True, False)
    >>> looks_like_data(["2019", "2020", "country"], columns)
    False
    """
    if not any(map(_is_number, names)):
        return False
    heads: list[str] = []
    again, marked, whole = False, False, True
    for name, column in zip(names, columns, strict=True):
        word = name.strip()
        values = set(column if isinstance(column, Sequence) else column.unique().to_pylist()) - {None}
        if all(isinstance(value, int | float) or (isinstance(value, str) and _is_number(value)) for value in values):
            if not _is_number(word) and word not in _MARKS:
                return False
            if _is_number(word):
                heads.append(word)
            else:
                marked = True
            whole = whole and all(float(value).is_integer() for value in values)
        else:
            again = again or word in {value.strip() for value in values if isinstance(value, str)}
    return bool(heads) and (again or marked or not _counts(heads, _EVEN if whole else 1))


def _is_number(text: str) -> bool:
    return re.fullmatch(r"\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*", text) is not None


def _counts(heads: list[str], fewest: int) -> bool:
    """Whether numbers above columns count them: `fewest` places from 0 or 1 on or more, years, or three or more in even steps."""
    values = [float(head) for head in heads]
    plain = all(head.isdecimal() for head in heads)
    if plain and len(values) >= fewest and values in ([*range(len(values))], [*range(1, len(values) + 1)]):
        return True
    steps = [after - before for before, after in pairwise(values)]
    if plain and all(int(head) in _YEARS for head in heads) and all(step > 0 for step in steps):
        return True
    even = all(math.isclose(step, steps[0], rel_tol=1e-6) for step in steps)
    return len(values) >= _EVEN and steps[0] != 0 and even
