"""What a model predicts for a table, as a table."""

from __future__ import annotations

import io
from typing import Any

from deltarule.errors import InputError
from deltarule.labels import Label
from deltarule.model import Model, gives_probabilities, probabilities
from deltarule.tables.sources import Source

SUFFIXES = (".csv", ".parquet", ".feather", ".jsonl")


def predictions(model: Model, source: Source) -> Any:
    """A `pyarrow.Table` with a row for each row of a table: the prediction, and the probability of each class.

    Parameters
    ----------
    model : the model.
    source : the table.

    Raises
    ------
    InputError
        If the table lacks a column, a cell has no value, or two classes have the same text.
    """
    import pyarrow as pa

    layer, X = model.layer, model.inputs_of(source)
    found = layer.predict(X)
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
        shares = probabilities(layer, layer.output(X))
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


def table_bytes(table: Any, suffix: str) -> bytes:
    """A `pyarrow.Table` as the content of a file.

    Parameters
    ----------
    table : the table.
    suffix : the ending of the file's name, one of `SUFFIXES`.

    Raises
    ------
    InputError
        If it is another ending.
    """
    from pyarrow import csv, feather, parquet

    buffer = io.BytesIO()
    if suffix == ".csv":
        csv.write_csv(table, buffer, csv.WriteOptions(quoting_style="needed"))
    elif suffix == ".parquet":
        parquet.write_table(table, buffer)
    elif suffix == ".feather":
        feather.write_feather(table, buffer)
    elif suffix == ".jsonl":
        from deltarule.json_values import json_text

        return "".join(json_text(row) + "\n" for row in table.to_pylist()).encode()
    else:
        raise InputError("table's file", f"end in {', '.join(SUFFIXES)}", repr(suffix), "Rename it.")
    return buffer.getvalue()
