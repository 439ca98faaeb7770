"""A column of a table as labels, or as the numbers that it holds: as it was written, without the blanks around."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from deltarule.errors import InputError
from deltarule.labels import as_array
from deltarule.tables.columns import check_whole, column_of_numbers, infinite, plain_type

# Columns with more different cells than this are no labels that anybody tells apart by eye.
MANY = 10_000
# A label of a CSV file in quotation marks, with blanks before them.
_QUOTED = r'^\s+"([^"]*)"\s*$'
# Labels with more digits are texts: Python takes long to read a number of very many digits, and refuses to.
MOST_DIGITS = 1_000


class Column(NamedTuple):
    """A column of targets.

    distinct : texts, whole numbers, booleans or floats: (P,), or those that occur.
    written : for each text as it was written the label that it was read as; empty where there are no labels, or too many.
    places : (P,) the place of each cell's value among those that occur; None: the values are those of the cells.
    """

    distinct: NDArray[Any]
    written: Mapping[str, Any]
    places: NDArray[np.integer[Any]] | None = None

    @property
    def values(self) -> NDArray[Any]:
        """(P,) the values of the cells."""
        return self.distinct if self.places is None else self.distinct[self.places]


def column_of_labels(column: Any, where: str, *, numbers: bool, first: int = 1) -> Column:
    """A column of labels or of numbers as it is: texts, whole numbers, floats or booleans.

    Parameters
    ----------
    column : a `pyarrow.ChunkedArray`.
    where : file and column, for messages.
    numbers : as in `texts_as_read`.
    first : the number of the first row, for messages.

    Raises
    ------
    InputError
        If a cell is empty, a mark such as NA, or an infinite number, or the column is of another type.
    """
    import pyarrow as pa

    column = plain_type(column)
    check_whole("targets", column, where, first)
    types = pa.types
    if types.is_temporal(column.type):
        column = column.cast(pa.string())  # a date is a label like any other text
    if types.is_string_view(column.type):
        column = column.cast(pa.string())
    if types.is_string(column.type) or types.is_large_string(column.type):
        _refuse_marks(column, where, first)
        found = texts_as_read(column, numbers=numbers)
        bad = np.flatnonzero(~np.isfinite(found.values)) if found.distinct.dtype.kind == "f" else np.empty(0, int)
        if len(bad):
            raise infinite("targets", found.values[bad[0]], f"{where}, row {bad[0] + first}")
        return found
    if types.is_decimal(column.type) and column.type.scale == 0:
        return Column(as_array(tuple(int(value) for value in column.to_pylist())), {})
    if types.is_floating(column.type) or types.is_decimal(column.type):
        return Column(column_of_numbers("targets", column, where, first), {})
    if types.is_integer(column.type) or types.is_boolean(column.type):
        return Column(column.to_numpy(), {})
    raise InputError("targets", "be texts, numbers or booleans", f"{column.type} in {where}", "Choose another column.")


def _refuse_marks(column: Any, where: str, first: int) -> None:
    """An `InputError` at the first empty cell, or the first one that holds a mark for none, such as NA."""
    import pyarrow as pa
    import pyarrow.compute as pc
    from pyarrow import csv

    marks = pa.array([*csv.ConvertOptions().null_values, "None"], column.type)  # "" is among them
    row = pc.index(pc.is_in(pc.utf8_trim_whitespace(column), value_set=marks), True).as_py()
    if row >= 0:
        mark = column[row].as_py().strip()
        raise InputError(
            "targets",
            "have a value in each cell",
            f"{f'the mark {mark!r}' if mark else 'none'} in {where}, row {row + first}",
            "Fill it (a class needs another name), or remove the row." if mark else "Fill it, or remove the row.",
        )


def texts_as_read(column: Any, *, numbers: bool) -> Column:
    """A column of texts as labels: without the blanks around, and as numbers or booleans where all are such.

    Whole numbers are exact, however large.

    Parameters
    ----------
    column : a `pyarrow.ChunkedArray` of texts, none of them missing.
    numbers : whether texts that are numbers or booleans are read as such, as in a CSV file.

    Examples
    --------
    >>> import pyarrow as pa
    >>> found = texts_as_read(pa.chunked_array([["yes", "no", "yes "]]), numbers=True)
    >>> found.values.tolist(), found.written["yes "]
    (['yes', 'no', 'yes'], 'yes')
    """
    import pyarrow.compute as pc

    encoded = column.dictionary_encode().unify_dictionaries()
    distinct = encoded.chunk(0).dictionary
    places = np.concatenate([chunk.indices.to_numpy() for chunk in encoded.chunks])
    # A quotation mark behind a blank opens nothing for Arrow: `1, "A"`.
    trimmed = pc.utf8_trim_whitespace(pc.replace_substring_regex(distinct, _QUOTED, r"\1") if numbers else distinct)
    values = _as_numbers(trimmed) if numbers else None
    if values is None:
        values = as_array(tuple(trimmed.to_pylist()))
    few = len(distinct) <= MANY and values.dtype.kind not in "fb"
    written = dict(zip(distinct.to_pylist(), values.tolist(), strict=True)) if few else {}
    return Column(values, written, places)


def _as_numbers(texts: Any) -> NDArray[Any] | None:
    """Texts as whole numbers, booleans or floats; None where one of them is none."""
    import pyarrow as pa
    import pyarrow.compute as pc
    from pyarrow import csv

    if pc.all(pc.match_substring_regex(texts, r"^[-+]?[0-9]+$")).as_py():
        try:
            whole: NDArray[Any] = pc.replace_substring_regex(texts, r"^\+", "").cast(pa.int64()).to_numpy()
        except pa.ArrowInvalid:  # beyond 2^63
            written = texts.to_pylist()
            if max(map(len, written)) > MOST_DIGITS:
                return None
            return as_array(tuple(map(int, written)))
        return whole
    options = csv.ConvertOptions()
    true = pc.is_in(texts, value_set=pa.array(options.true_values, texts.type))
    if pc.all(pc.or_(true, pc.is_in(texts, value_set=pa.array(options.false_values, texts.type)))).as_py():
        flags: NDArray[np.bool_] = true.to_numpy(zero_copy_only=False)
        return flags
    try:
        floats: NDArray[np.float64] = texts.cast(pa.float64()).to_numpy()
    except pa.ArrowInvalid:
        return None
    return floats


def merged(parts: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """A remark for each label that was written in several ways, and for labels that only look alike, without full stops.

    Parameters
    ----------
    parts : `Column.written` of each file.

    Examples
    --------
    >>> merged([{"yes": "yes", "yes ": "yes", "no": "no"}])
    ("The labels 'yes' and 'yes ' of the table are read as one, 'yes': blanks around a label do not count",)
    """
    ways: dict[Any, list[str]] = {}
    for written in parts:
        for text, label in written.items():
            known = ways.setdefault(label, [])
            if text not in known:
                known.append(text)
    found = []
    for label, texts in ways.items():
        if len(texts) > 1:
            shown = " and ".join(filter(None, [", ".join(map(repr, texts[:-1])), repr(texts[-1])]))
            blanks = len({text.strip(' \t"') for text in texts}) == 1 or len({text.strip() for text in texts}) == 1
            why = "blanks around a label do not count" if blanks else "they are the same number"
            found.append(f"The labels {shown} of the table are read as one, {label!r}: {why}")
    return (*found, *_look_alike(label for label in ways if isinstance(label, str)))


def _look_alike(labels: Iterable[str]) -> Iterator[str]:
    """A remark for labels that differ by what cannot be seen: letters of no width, and accents that are letters of their own."""
    seen: dict[str, str] = {}
    for label in labels:
        visible = "".join(each for each in label if unicodedata.category(each) != "Cf")
        other = seen.setdefault(unicodedata.normalize("NFC", visible), label)
        if other != label:
            yield f"The labels {other!a} and {label!a} of the table look alike, and are read as two"
