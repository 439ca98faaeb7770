"""Cells of any column: as numbers with NaN where there is no value, or as texts with null there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deltarule.errors import InputError
from deltarule.tables.columns import column_of_numbers, plain_type

# Rows that are turned into numbers at once, so that what is made on the way is small.
ROWS = 1 << 18
_OTHER = "Turn it into numbers (a date into days, a list into columns), or leave it out."


def texts_of(column: Any, where: str) -> Any:
    """A column as texts without the blanks around; marks for no value, such as NA, and empty cells are null.

    Parameters
    ----------
    column : a `pyarrow.ChunkedArray`.
    where : file and column, for messages.

    Raises
    ------
    InputError
        If the column holds what has no text, such as lists.
    """
    import pyarrow as pa
    import pyarrow.compute as pc
    from pyarrow import csv

    column = plain_type(column)
    if not is_text(column):
        if pa.types.is_nested(column.type) or pa.types.is_binary(column.type) or pa.types.is_large_binary(column.type):
            raise InputError("inputs", "be numbers, truth values or texts", f"{column.type} in {where}", _OTHER)
        return column.cast(pa.string())
    trimmed = pc.utf8_trim_whitespace(column.cast(pa.string()))
    marks = pa.array([*csv.ConvertOptions().null_values, "None"], pa.string())  # "" is among them
    return pc.if_else(pc.is_in(trimmed, value_set=marks), pa.scalar(None, pa.string()), trimmed)


def is_text(column: Any) -> bool:
    """Whether a `column` of Arrow holds texts."""
    import pyarrow as pa

    types = pa.types
    return bool(types.is_string(column.type) or types.is_large_string(column.type) or types.is_string_view(column.type))


def truth_of(texts: Any) -> Any:
    """Texts such as "true" and "False" as truth values; None where one of them is another word.

    Parameters
    ----------
    texts : a `pyarrow.ChunkedArray` of texts, null where there is no value.
    """
    import pyarrow as pa
    import pyarrow.compute as pc
    from pyarrow import csv

    options = csv.ConvertOptions()
    true = pc.is_in(texts, value_set=pa.array(options.true_values, texts.type))
    false = pc.is_in(texts, value_set=pa.array(options.false_values, texts.type))
    known = pc.or_(pc.or_(true, false), pc.is_null(texts))
    if texts.null_count == len(texts) or not pc.all(known).as_py():
        return None
    return pc.if_else(pc.is_null(texts), pa.scalar(None, pa.bool_()), true)


def numbers_of(column: Any, where: str, first: int = 1) -> NDArray[np.float64]:
    """A column as float64 (P,): truth values as 0 and 1, and NaN where there is no value.

    Parameters
    ----------
    column : a `pyarrow.ChunkedArray` of numbers, truth values, or texts that are such.
    where : file and column, for messages.
    first : the number of the first row.

    Raises
    ------
    InputError
        If a cell is no number, or infinite; it names the row.
    """
    if not is_text(plain_type(column[:0])):
        return _in_pieces(column, where, first)
    if _first_is_number(column, where):
        try:
            return _in_pieces(column, where, first)
        except InputError:
            flags = truth_of(texts_of(column, where))  # 1 and 0 are among the words for them
            if flags is None:
                raise
            return _in_pieces(flags, where, first)
    flags = truth_of(texts_of(column, where))
    return _in_pieces(column if flags is None else flags, where, first)


def _in_pieces(column: Any, where: str, first: int) -> NDArray[np.float64]:
    found = np.empty(len(column))
    for start in range(0, len(column), ROWS):
        found[start : start + ROWS] = _some_numbers(column[start : start + ROWS], where, start + first)
    return found


def _some_numbers(column: Any, where: str, first: int) -> NDArray[np.float64]:
    """`numbers_of` some rows, the first of which has this number. Of texts, those that are numbers."""
    import pyarrow as pa
    import pyarrow.compute as pc

    column = plain_type(column)
    column = texts_of(column, where) if is_text(column) else column
    types = pa.types
    if types.is_null(column.type):
        return np.full(len(column), np.nan)
    if types.is_boolean(column.type):
        column = column.cast(pa.uint8())
    elif types.is_floating(column.type):
        column = pc.if_else(pc.is_nan(column), pa.scalar(None, column.type), column)
    elif types.is_temporal(column.type) or types.is_nested(column.type):
        raise InputError("inputs", "be numbers, truth values or texts", f"{column.type} in {where}", _OTHER)
    if not column.null_count:
        return column_of_numbers("inputs", column, where, first)
    missing = column.is_null().to_numpy()
    filled = column.fill_null("0" if is_text(column) else 0)
    values = np.array(column_of_numbers("inputs", filled, where, first))
    values[missing] = np.nan
    return values


def _first_is_number(column: Any, where: str) -> bool:
    """Whether the first text that stands for a value is a number, so that the column is hardly one of truth values."""
    import pyarrow as pa

    for start in range(0, len(column), ROWS):
        known = texts_of(column[start : start + ROWS], where).drop_null()
        if len(known):
            try:
                known[:1].cast(pa.float64())
            except pa.ArrowInvalid:
                return False
            return True
    return True


def places_of(column: Any, levels: Sequence[str], where: str) -> NDArray[np.float64]:
    """The place of each cell's category (P,) among the levels: NaN where there is no value, -1 where it is another.

    Parameters
    ----------
    column : a `pyarrow.ChunkedArray` of categories.
    levels : the categories that are known.
    where : file and column, for messages.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    found = np.empty(len(column))
    for start in range(0, len(column), ROWS):
        texts = texts_of(column[start : start + ROWS], where)
        at = pc.index_in(texts, value_set=pa.array(levels, texts.type)).to_numpy()  # NaN where it is null
        found[start : start + ROWS] = np.where(np.isnan(at) & texts.is_valid().to_numpy(), -1, at)
    return found
