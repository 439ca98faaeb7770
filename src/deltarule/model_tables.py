"""What a model predicts for a table, as a table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any, BinaryIO, Self

import numpy as np

from deltarule.checks import Matrix
from deltarule.errors import InputError
from deltarule.labels import Label
from deltarule.model import Model, gives_probabilities, probabilities
from deltarule.streams import Stream
from deltarule.tables.sources import Source

SUFFIXES = (".csv", ".parquet", ".feather", ".jsonl")


def predictions(model: Model, source: Source | Stream) -> Iterator[Any]:
    """What is predicted for a table, some rows at a time, each a `pyarrow.Table`: the prediction, the probability of each class.

    Parameters
    ----------
    model : the model.
    source : the table, or a stream.

    Raises
    ------
    InputError
        If the table lacks a column, a cell has no value, or two classes have the same text; where that stands in later rows,
        after earlier ones were given.
    """
    return (_predicted(model, X) for X in model.input_blocks(source))


def _predicted(model: Model, X: Matrix) -> Any:
    import pyarrow as pa

    layer = model.layer
    with np.errstate(over="ignore", invalid="ignore"):  # where inputs are so large that U overflows
        U = layer.unchecked_synaptic_input(X)
        found = layer.decide(U)
    columns: dict[str, Any] = {}
    if layer.classes is None:
        if model.target_scaling is not None:
            found = model.target_scaling.undo(found)
        names = model.target_names or layer.target_names or range(1, layer.neurons + 1)
        columns |= {str(name): found[:, place] for place, name in enumerate(names)}
    else:
        name = "prediction" if model.target_names is None else str(model.target_names[0])
        labels = found.tolist()
        columns[name] = labels if _share_a_column(layer.classes) else [str(label) for label in labels]
    if gives_probabilities(layer):
        shares = probabilities(layer, layer.activate(U))
        classes = layer.classes or tuple(columns)
        columns |= {f"P({_written(label)})": shares[:, place] for place, label in enumerate(classes)}
        if len(columns) < len(classes) + (1 if layer.classes else len(classes)):
            raise InputError("classes", "have different names in a table", repr(classes), "Rename one, or the target.")
    return pa.table(columns)


def _written(label: Label) -> str:
    """A label in the name of a column: truth values as in the cells of CSV files and JSON lines."""
    return str(label).lower() if isinstance(label, bool) else str(label)


def _share_a_column(classes: tuple[Label, ...]) -> bool:
    """Whether labels are of one type that a column can have: texts, truth values, floats, or whole numbers of 64 bits."""
    kinds = {type(label) for label in classes}
    if kinds == {int}:
        return all(-(2**63) <= label < 2**63 for label in classes if isinstance(label, int))
    return kinds in ({str}, {bool}, {float})


def write_tables(tables: Iterable[Any], suffix: str, file: BinaryIO) -> None:
    """Write tables of the same columns one below the other, each as it comes.

    Parameters
    ----------
    tables : one `pyarrow.Table` or more.
    suffix : the ending of the file's name, one of `SUFFIXES`.
    file : the open file.

    Raises
    ------
    InputError
        If it is another ending.
    """
    from pyarrow import csv, ipc, parquet

    options = csv.WriteOptions(quoting_style="needed")
    makers: dict[str, Callable[[Any], Any]] = {
        ".csv": lambda schema: csv.CSVWriter(file, schema, write_options=options),
        ".parquet": lambda schema: parquet.ParquetWriter(file, schema),
        ".feather": lambda schema: ipc.new_file(file, schema, options=ipc.IpcWriteOptions(compression="lz4")),
        ".jsonl": lambda _: _Lines(file),
    }
    if suffix not in makers:
        raise InputError("table's file", f"end in {', '.join(SUFFIXES)}", repr(suffix), "Rename it.")
    rest = iter(tables)
    first = next(rest)
    with makers[suffix](first.schema) as writer:
        for table in chain([first], rest):
            writer.write_table(table)


class _Lines:
    """Writes tables as JSON lines, as the writers of Arrow do."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def write_table(self, table: Any) -> None:
        """Write a `table`, an object a row."""
        from deltarule.json_values import json_text

        self._file.write("".join(json_text(row) + "\n" for row in table.to_pylist()).encode())
