"""Figures of the account as HTML: numbers as people write them, matrices as matrices, ranges entry by entry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from markupsafe import Markup

from deltarule.typeset.figures import figure, thousands, true_minus

# Longer matrices are folded.
MAXIMUM_ROWS = 6
# Significant digits of a printed figure whose decimals are not known (all of them), and of a range.
ALL_DIGITS, RANGE_DIGITS = 12, 4
RANGE = {"low", "median", "high"}


def printed_cell(value: Any, decimals: int | None = None) -> Markup | str:
    """A figure of the handout, as it is printed there.

    Parameters
    ----------
    value : a number, a label, a row of either, or the rows of a matrix.
    decimals : of numbers; None where numbers have no common one.
    """
    return _cell(value, decimals)


def computed_cell(value: Any, decimals: int | None = None) -> Markup | str:
    """A figure of ours, with two decimals more than the printed one where that has 2 to 4; a range from low to high.

    Parameters
    ----------
    value : as in `printed_cell`; or a range {"low", "median", "high"} of such; or figures by their names.
    decimals : of the printed figure.
    """
    if isinstance(value, Mapping):
        if set(value) == RANGE:
            return _range(value["low"], value["high"])
        return Markup("<br>").join(Markup("{}: {}").format(name, _cell(item, decimals)) for name, item in value.items())
    more = 2 if decimals is not None and 2 <= decimals <= 4 else 0
    return _cell(value, None if decimals is None else decimals + more)


def between(low: str, high: str) -> Markup:
    """The range between two figures; one figure where both read the same. A line may break before "to" only.

    Parameters
    ----------
    low, high : the figures, as they are written.
    """
    if low == high:
        return Markup("{}").format(low)
    return Markup("{} <span class=to>to</span>\N{NO-BREAK SPACE}{}").format(low, high)


def significant(value: float, digits: int, *, zeros: bool = False) -> str:
    """A number with some significant digits, never with a power of ten.

    Parameters
    ----------
    value : the number.
    digits : how many of its digits count.
    zeros : whether zeros at the end, behind the point, are written: 15.0, not 15, beside 19.2.

    Examples
    --------
    >>> significant(0.0171067, 3), significant(52.8, 3), significant(2213.65, 4), significant(22814.6, 3)
    ('0.0171', '52.8', '2214', '22,800')
    >>> significant(15.0, 3), significant(15.0, 3, zeros=True), significant(200.0, 3, zeros=True)
    ('15', '15.0', '200')
    """
    rounded = Decimal(f"{value:{'#' if zeros else ''}.{digits}g}")
    if rounded == int(rounded) and not (zeros and f"{rounded:f}" != f"{int(rounded)}"):
        return true_minus(thousands(int(rounded)))
    return true_minus(f"{rounded:f}")


def _cell(value: Any, decimals: int | None) -> Markup | str:
    if not isinstance(value, list | tuple):
        return _text(value, decimals)
    if value and isinstance(value[0], list | tuple):
        rows = [[_text(item, decimals) for item in row] for row in value]
        return _folded(_matrix(rows), len(rows), "rows")
    if all(isinstance(item, str) for item in value):
        return " ".join(value)
    return f"({', '.join(_text(item, decimals) for item in value)})"


def _range(low: Any, high: Any) -> Markup:
    """From low to high; of a row, a range for each entry; of a matrix, the matrix of ranges, folded."""
    if not isinstance(low, list | tuple):
        ends = (significant(end, RANGE_DIGITS) for end in (low, high))
        return between(*ends)
    if low and isinstance(low[0], list | tuple):
        rows = [[_range(a, b) for a, b in zip(*pair, strict=True)] for pair in zip(low, high, strict=True)]
        return Markup("<details><summary>the range of each entry</summary>{}</details>").format(_matrix(rows))
    return Markup("<br>").join(_range(a, b) for a, b in zip(low, high, strict=True))


def _matrix(rows: Sequence[Sequence[Markup | str]]) -> Markup:
    """Entries in rows and columns, between brackets."""
    lines = (
        Markup("<tr>{}</tr>").format(Markup().join(Markup("<td>{}</td>").format(entry) for entry in row))
        for row in rows
    )
    return Markup("<table class=matrix><tbody>{}</tbody></table>").format(Markup().join(lines))


def _folded(cell: Markup, count: int, noun: str) -> Markup:
    if count <= MAXIMUM_ROWS:
        return cell
    return Markup("<details><summary>{} {}</summary>{}</details>").format(count, noun, cell)


def _text(value: Any, decimals: int | None) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, int):
        return true_minus(thousands(value))
    return significant(value, ALL_DIGITS) if decimals is None else true_minus(figure(value, decimals))
