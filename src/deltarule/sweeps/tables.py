"""The columns of a sweep as tables of other libraries, and in files."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from deltarule.errors import InputError, MissingExtraError
from deltarule.files import write_whole
from deltarule.json_values import json_text

Columns = Mapping[str, NDArray[Any]]
SUFFIXES = (".csv", ".parquet", ".json")


def to_arrow(columns: Columns) -> Any:
    """The `columns` as a `pyarrow.Table`."""
    import pyarrow as pa

    return pa.table({name: pa.array(column) for name, column in columns.items()})


def to_pandas(columns: Columns) -> Any:
    """The `columns` as a pandas data frame."""
    return _library("pandas").DataFrame(dict(columns))


def to_polars(columns: Columns) -> Any:
    """The `columns` as a polars data frame."""
    return _library("polars").from_arrow(to_arrow(columns))


def _library(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError:
        raise MissingExtraError(f"A {name} data frame", name, "frames") from None


def check_table_suffix(path: Path) -> str:
    """The ending of the `path` of a table's file, ".csv", ".parquet" or ".json"; an `InputError` for any other."""
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise InputError(
            "table's file", f"end in {', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}", repr(str(path)), "Rename it."
        )
    return suffix


def save(columns: Columns, document: Callable[[], Mapping[str, Any]], path: Path) -> Path:
    """Write the columns as CSV or Parquet, or the document as JSON, by the ending of the name. The result is the path.

    Texts are the keys of outcomes, which are our own: no spreadsheet takes one for a formula (see `deltarule.csv_cells`).

    Parameters
    ----------
    columns : name -> (models,).
    document : makes the JSON document.
    path : the file; it is written whole or not at all.
    """
    suffix = check_table_suffix(path)
    if suffix == ".json":
        write_whole(path, json_text(document()) + "\n")
        return path
    from pyarrow import csv, parquet

    buffer = io.BytesIO()
    if suffix == ".csv":
        csv.write_csv(to_arrow(columns), buffer, csv.WriteOptions(quoting_style="needed"))
    else:
        parquet.write_table(to_arrow(columns), buffer)
    write_whole(path, buffer.getvalue())
    return path
