"""A column of a table as numbers. A column is a `pyarrow.ChunkedArray`."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from deltarule.checks import number_remedy
from deltarule.errors import InputError

# Rows that a message names.
NAMED = 5


def plain_type(column: Any) -> Any:
    """The `column` without a dictionary behind it."""
    import pyarrow as pa

    return column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column


def check_whole(name: str, column: Any, where: str, first: int = 1) -> None:
    """An `InputError` that names the cells without a value.

    Parameters
    ----------
    name : what the column is, for messages.
    column : a `pyarrow.ChunkedArray`.
    where : file and column, for messages.
    first : the number of the first row.
    """
    if column.null_count:
        rows = rows_named(np.flatnonzero(column.is_null().to_numpy(zero_copy_only=False)) + first)
        raise InputError(
            name,
            "have a value in each cell",
            f"no value (or a mark such as NA) in {where}, {rows}",
            "Fill it, or remove the row.",
        )


def rows_named(rows: NDArray[np.integer[Any]]) -> str:
    """Rows in words; of many the first.

    Parameters
    ----------
    rows : their numbers, from 1.

    Examples
    --------
    >>> rows_named(np.array([4])), rows_named(np.arange(1, 10))
    ('row 4', 'rows 1, 2, 3, 4, 5 and 4 more')
    """
    more = f" and {len(rows) - NAMED:,} more" if len(rows) > NAMED else ""
    return f"row{'s' * (len(rows) > 1)} {', '.join(map(str, rows[:NAMED].tolist()))}{more}"


def column_of_numbers(name: str, column: Any, where: str, first: int = 1) -> NDArray[np.float64]:
    """A column as float64, or an `InputError` that names the first cell that is not a finite number.

    Parameters
    ----------
    name : what the column is, for messages.
    column : a `pyarrow.ChunkedArray`; an array is a column that was read as finite numbers already.
    where : file and column, for messages.
    first : the number of the first row.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    if isinstance(column, np.ndarray):
        return column
    column = plain_type(column)
    check_whole(name, column, where, first)
    types = pa.types
    if types.is_string_view(column.type):
        column = column.cast(pa.string())
    if types.is_string(column.type) or types.is_large_string(column.type):
        column = pc.utf8_trim_whitespace(column)
        row = _first_word(column)
        if row is not None:
            raise InputError(
                name,
                "be numbers",
                f"{column[row].as_py()!r} in {where}, row {row + first}",
                number_remedy(column[row].as_py(), "Correct it, or choose another column."),
            )
    elif not (types.is_integer(column.type) or types.is_floating(column.type) or types.is_decimal(column.type)):
        raise InputError(
            name,
            "be numbers",
            f"{column[0].as_py()!r} in {where}, row {first}",
            "Write numbers (0 and 1 for booleans), or choose another column.",
        )
    found: NDArray[np.float64] = column.cast(pa.float64(), safe=False).to_numpy()
    bad = np.flatnonzero(~np.isfinite(found))
    if len(bad):
        raise infinite(name, found[bad[0]], f"{where}, row {bad[0] + first}")
    return found


def infinite(name: str, value: Any, where: str) -> InputError:
    """The error for a cell that is infinite, or NaN, as float64.

    Parameters
    ----------
    name : what the column is, for messages.
    value : as it was read.
    where : file, column and row, for messages.
    """
    rule = "be finite numbers" if np.isnan(value) else "be finite numbers of at most 1.8e308"
    return InputError(name, rule, f"{value} in {where}", "Remove or fill it.")


def _first_word(column: Any) -> int | None:
    """The place of the first text that is not a number; found by halves, since a cast tells only that there is one."""
    import pyarrow as pa

    def readable(start: int, stop: int) -> bool:
        try:
            column.slice(start, stop - start).cast(pa.float64())
        except pa.ArrowInvalid:
            return False
        return True

    start, stop = 0, len(column)
    if readable(start, stop):
        return None
    while stop - start > 1:
        middle = (start + stop) // 2
        start, stop = (middle, stop) if readable(start, middle) else (start, middle)
    return start
