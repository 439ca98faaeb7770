"""A column of a table as labels, or as the numbers that it holds: as it was written, without the blanks around."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from deltarule.labels import as_array

# Columns with more different cells than this are no labels that anybody tells apart by eye.
MANY = 10_000


class Column(NamedTuple):
    """A column of targets.

    values : (P,) texts, whole numbers, booleans or floats.
    written : for each text as it was written the label that it was read as; empty where there are no labels, or too many.
    """

    values: NDArray[Any]
    written: Mapping[str, Any]


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
    trimmed = pc.utf8_trim_whitespace(distinct)
    values = _as_numbers(trimmed) if numbers else None
    if values is None:
        values = as_array(tuple(trimmed.to_pylist()))
    few = len(distinct) <= MANY and values.dtype.kind not in "fb"
    written = dict(zip(distinct.to_pylist(), values.tolist(), strict=True)) if few else {}
    return Column(values[places], written)


def _as_numbers(texts: Any) -> NDArray[Any] | None:
    """Texts as whole numbers, booleans or floats; None where one of them is none."""
    import pyarrow as pa
    import pyarrow.compute as pc
    from pyarrow import csv

    if pc.all(pc.match_substring_regex(texts, r"^[-+]?[0-9]+$")).as_py():
        try:
            whole: NDArray[Any] = pc.replace_substring_regex(texts, r"^\+", "").cast(pa.int64()).to_numpy()
        except pa.ArrowInvalid:  # beyond 2^63
            return as_array(tuple(int(text) for text in texts.to_pylist()))
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
    """A remark for each label that was written in several ways, without full stops.

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
            blanks = len({text.strip() for text in texts}) == 1
            why = "blanks around a label do not count" if blanks else "they are the same number"
            found.append(f"The labels {shown} of the table are read as one, {label!r}: {why}")
    return tuple(found)
