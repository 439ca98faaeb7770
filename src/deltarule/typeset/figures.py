"""Figures as people write them: rounded half away from zero, one style to a matrix."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from deltarule.checks import whole

# Python's round() and format() round 0.125 to 0.12, and 2.675 (a little less, in binary) to 2.67; people write 0.13 and 2.68.
# 350 digits are enough for the largest float (309 digits) with 15 decimals.
PEOPLE = Context(prec=350, rounding=ROUND_HALF_UP)
# From this size on, a figure has a power of ten: longer ones are hard to read in a column.
LARGE = 1e7
# From here on a count has commas between its thousands.
GROUPED_FROM = 10_000
ELLIPSIS = "..."
MAXIMUM_DECIMALS = 15
# Figures have two decimals unless somebody asks for others: hand-work is set with two.
DEFAULT_DECIMALS = 2


def decimals_shown(decimals: Any) -> int:
    """A user's number of decimals as an int of 0 to 15, or an `InputError`."""
    return whole("number of decimals", decimals, 0, "Give 0 to 15: float64 holds no more.", maximum=MAXIMUM_DECIMALS)


def figure(value: float, decimals: int) -> str:
    """A number as people write it: its shortest decimal form, rounded; halves are rounded away from zero.

    There is no "-0.00". float32 numbers are read in their own shortest form (0.1, not 0.10000000149).

    Parameters
    ----------
    value : the number.
    decimals : how many it is rounded to.

    Examples
    --------
    >>> figure(2.675, 2), figure(-0.125, 2), figure(-0.001, 2), figure(4, 0)
    ('2.68', '-0.13', '0.00', '4')
    """
    if not math.isfinite(value):
        return str(float(value))
    rounded = _exact(value).quantize(Decimal(1).scaleb(-decimals), context=PEOPLE)
    return f"{rounded.copy_abs() if rounded.is_zero() else rounded:f}"


def scientific(value: float, decimals: int) -> str:
    """A number with a power of ten.

    Parameters
    ----------
    value : the number.
    decimals : of the number before the power.

    Examples
    --------
    >>> scientific(1.25e-12, 1), scientific(-9.96e9, 1), scientific(0, 1)
    ('1.3e-12', '-1.0e+10', '0.0e+00')
    """
    if not math.isfinite(value):
        return str(float(value))
    exact = _exact(value)
    if exact.is_zero():
        return f"{figure(0, decimals)}e+00"
    rounded = Context(prec=decimals + 1, rounding=ROUND_HALF_UP).plus(exact)
    power = rounded.adjusted()
    return f"{rounded.scaleb(-power, PEOPLE):.{decimals}f}e{power:+03d}"


def figures(values: Iterable[float], decimals: int) -> list[str]:
    """Numbers of one matrix or list, all in one style: with decimals, or with powers of ten.

    They have powers of ten where the largest would otherwise read as 0, or is 10,000,000 or more.

    Parameters
    ----------
    values : the numbers.
    decimals : of each.

    Examples
    --------
    >>> figures([0.5, 1e-12], 2), figures([3e-12, -1e-12], 2), figures([1e9, 1], 1)
    (['0.50', '0.00'], ['3.00e-12', '-1.00e-12'], ['1.0e+09', '1.0e+00'])
    """
    values = list(values)
    largest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    lost = largest > 0 and not figure(largest, decimals).strip("0.")
    style = scientific if lost or largest >= LARGE else figure
    return [style(value, decimals) for value in values]


def matrix_figures(rows: Iterable[Sequence[float]], decimals: int) -> list[list[str]]:
    """The entries of a matrix, all in one style, row by row.

    Parameters
    ----------
    rows : of numbers.
    decimals : of each; see `figures`.

    Examples
    --------
    >>> matrix_figures([[0.88, -0.34], [0.68, 12.0]], 2)
    [['0.88', '-0.34'], ['0.68', '12.00']]
    """
    rows = [list(row) for row in rows]
    flat = iter(figures([value for row in rows for value in row], decimals))
    return [[next(flat) for _ in row] for row in rows]


def data_figures(rows: Iterable[Sequence[float]], decimals: int) -> list[list[str]]:
    """Data, each column in a style of its own: whole numbers have no decimals, so that one-hot rows read as given.

    Parameters
    ----------
    rows : of numbers.
    decimals : of the numbers in a column that are not all whole.

    Examples
    --------
    >>> data_figures([[0, 0.5], [-3, 2.0]], 2)
    [['0', '0.50'], ['-3', '2.00']]
    """
    columns = []
    for column in zip(*rows, strict=True):
        whole = all(math.isfinite(value) and value == int(value) for value in column)
        columns.append(figures(column, 0 if whole else decimals))
    return [list(row) for row in zip(*columns, strict=True)]


def duration(seconds: float) -> str:
    """A time in the unit that suits it.

    Parameters
    ----------
    seconds : the time, at least 0.

    Examples
    --------
    >>> duration(4.25e-06), duration(0.0741), duration(75)
    ('4.3 us', '74.1 ms', '75.0 s')
    """
    unit, size = next(((unit, size) for unit, size in (("s", 1.0), ("ms", 1e-3)) if seconds >= size), ("us", 1e-6))
    return f"{figure(seconds / size, 1)} {unit}"


def thousands(count: int) -> str:
    """A whole number, `count`, as people read it: with commas between thousands from 10,000 on.

    The one way of writing thousands, on the terminal and on pages: four digits are read at a glance, more are not.

    Examples
    --------
    >>> thousands(9999), thousands(10_000), thousands(-1_234_567)
    ('9999', '10,000', '-1,234,567')
    """
    return f"{count:,}" if abs(count) >= GROUPED_FROM else str(count)


def true_minus(text: str) -> str:
    """A figure, `text`, with a minus sign for each hyphen, and one character for the ellipsis, for pages.

    Examples
    --------
    >>> true_minus("-1.5"), true_minus("...")
    ('\N{MINUS SIGN}1.5', '\N{HORIZONTAL ELLIPSIS}')
    """
    return "\N{HORIZONTAL ELLIPSIS}" if text == ELLIPSIS else text.replace("-", "\N{MINUS SIGN}")


def _exact(value: Any) -> Decimal:
    # str of a float (NumPy's too) is the shortest decimal that reads back as it.
    return Decimal(str(value))
