"""What a column of a table is: numbers, truth values or categories. Nothing is taken for categories that may be numbers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np

from deltarule.checks import number_remedy
from deltarule.errors import InputError
from deltarule.tables.cells import is_text, numbers_of, texts_of, truth_of
from deltarule.tables.columns import plain_type
from deltarule.tables.encoding import Encoding, InputColumn
from deltarule.tables.sources import Source

# Categories that a column may have. More are names or numbers of things, of which nothing is learned.
MOST_LEVELS = 1000
# In a table of so many rows a column of texts that are all different names its rows.
FEW_ROWS = 10
# The types of Arrow's columns of which float32 holds each value.
HELD_BY_FLOAT32 = {"float", "halffloat", "bool", "int8", "uint8", "int16", "uint16"}
# Rows that mostly tell whether a column numbers the rows.
HEAD = 1000
# What is made of digits, as numbers are in any country: a column that is so in half of its texts has a mistake in the others.
_LIKE_NUMBERS = r"^[-+$€£]?\s?[0-9][0-9.,'\s]*([eE][-+]?[0-9]+)?\s?%?$"


def encoding_of(
    source: Source, names: Sequence[str], categories: Collection[str] = (), *, double: bool = False
) -> tuple[Encoding, np.dtype[Any], tuple[str, ...]]:
    """How these columns of a table become inputs, of which dtype, and remarks on columns that look like numbers of rows.

    Inputs are float64, but float32 where columns of numbers have that type and float32 holds all others exactly.

    Parameters
    ----------
    source : the table.
    names : of the columns.
    categories : those of them that hold categories although they look like numbers.
    double : whether inputs are float64 in any case.

    Raises
    ------
    InputError
        If a column holds words among numbers, or more than 1000 categories, or only different ones.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from deltarule.tables.sources import source_of_frame
    >>> frame = pa.table({"length": ["5.1", "6.3", "5"], "colour": ["red", "blue", "red"]})
    >>> encoding, dtype, _ = encoding_of(source_of_frame("inputs", frame), ["length", "colour"])
    >>> encoding.input_names, dtype.name
    (('length', 'colour=blue', 'colour=red'), 'float64')
    """
    columns, types, remarks = [], set(), []
    for name in names:
        cells, where = source.read(name), source.at(name)
        column = _learned(name, cells, where, forced=name in categories)
        columns.append(column)
        if column.levels is None:
            types.add(str(plain_type(cells[:0]).type))
        # The first rows alone, where they tell.
        if column.levels is None and all(_counts_rows(numbers_of(some, where)) for some in (cells[:HEAD], cells)):
            remarks.append(f"The column {name!r} numbers the rows: leave it out unless it means something")
    dtype = np.dtype(np.float32 if not double and "float" in types and types <= HELD_BY_FLOAT32 else np.float64)
    if dtype == np.float32:
        remarks.append("The columns of numbers are float32, and so is the layer")
    return Encoding(tuple(columns)), dtype, tuple(remarks)


def _learned(name: str, cells: Any, where: str, *, forced: bool) -> InputColumn:
    import pyarrow as pa

    cells = plain_type(cells)
    if not forced and not is_text(cells):
        if pa.types.is_temporal(cells.type) or pa.types.is_nested(cells.type):
            numbers_of(cells, where)  # which refuses them
        return InputColumn(name)
    texts = texts_of(cells, where)
    known = texts.drop_null()
    if not len(known):
        raise InputError("inputs", "have a value in some row", f"none in {where}", "Leave the column out.")
    if not forced:
        try:
            known.cast(pa.float64())
        except pa.ArrowInvalid:
            pass
        else:
            return InputColumn(name)
        if truth_of(texts) is not None:
            return InputColumn(name)
    levels = sorted(known.unique().to_pylist())
    if not forced:
        _refuse_mixed(texts, levels, where)
    if len(levels) > MOST_LEVELS or (len(levels) == len(known) > FEW_ROWS):
        raise InputError(
            "inputs",
            f"be numbers, or at most {MOST_LEVELS} categories that occur again",
            f"{len(levels):,} different texts in {len(known):,} rows of {where}",
            "Leave the column out: such texts are names.",
        )
    return InputColumn(name, tuple(levels))


def _refuse_mixed(texts: Any, levels: list[str], where: str) -> None:
    """An `InputError` where half of the texts or more are numbers, or look so: then the others are mistakes."""
    import pyarrow as pa
    import pyarrow.compute as pc

    alike = pc.match_substring_regex(pa.array(levels), _LIKE_NUMBERS).to_pylist()
    if 2 * sum(alike) < len(levels):
        return
    words = [level for level, digits in zip(levels, alike, strict=True) if not digits]
    first = words[0] if words else next((level for level in levels if not _is_float(level)), levels[0])
    row = pc.index(texts, first).as_py() + 1
    raise InputError(
        "inputs",
        "be numbers, or categories that do not look like numbers",
        f"{first!r} in {where}, row {row}",
        number_remedy(first, "Correct it, leave the column out, or name it among the categories.")
        + (" Or say that the decimal mark is a comma (--decimal ,)." if "," in first else ""),
    )


def _is_float(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _counts_rows(values: np.ndarray[Any, Any]) -> bool:
    """Whether a column is whole numbers, each one more than the one before, as those of an index are."""
    return len(values) > FEW_ROWS and bool(np.all(np.diff(values) == 1)) and float(values[0]).is_integer()
