"""Rows of a store as inputs and targets: columns encoded and scaled as those of any table, arrays as they are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np

from deltarule.checks import Matrix
from deltarule.data import Scaling
from deltarule.errors import InputError
from deltarule.labels import coded
from deltarule.streams.stores import Part
from deltarule.tables.cells import numbers_of
from deltarule.tables.encoding import Encoding
from deltarule.tables.labels import column_of_labels
from deltarule.tables.sources import Source

# How messages name a row of what they were given.
_ROW = re.compile(r"\bin (column .*, )?row (\d+)((?:, column \d+)?)$")


@dataclass(frozen=True)
class Decoding:
    """What is made of the rows.

    Attributes
    ----------
    encoding : of the columns of a table; None where rows are arrays.
    scaling : of the inputs; None: they stay as they are.
    target : the columns of the targets; none for inputs alone.
    labelled : whether the target is one column, which is taken as it is; else numbers.
    """

    encoding: Encoding | None
    scaling: Scaling | None
    target: tuple[str, ...]
    labelled: bool

    def inputs_of(self, part: Part) -> Matrix:
        """The inputs (P, N). A cell that is empty or infinite may become a number that is not finite: see `refuse_wrong_cells`.

        part : the rows.
        """
        X = np.asarray(part.content[0]) if self.encoding is None else self._encoded(part, self.encoding)
        if self.scaling is None:
            return X
        if X.ndim != 2 or X.shape[1] != len(self.scaling.shift):
            got = f"an array of shape {X.shape} in {part.where}"
            raise InputError("inputs", f"have {len(self.scaling.shift)} columns, as the scaling has", got, "Check it.")
        with np.errstate(over="ignore", invalid="ignore"):  # what is not finite is found by the layer
            X = X - self.scaling.shift
            X *= self.scaling.scale
        return X

    def _encoded(self, part: Part, encoding: Encoding) -> Matrix:
        X = plain_numbers(part.content, [column.name for column in encoding.columns], encoding)
        return encoding.apply(source_of_part(part)) if X is None else X

    def refuse_wrong_cells(self, part: Part) -> None:
        """Raise an `InputError` that names a cell of the inputs of a table that is empty or infinite, where there is one.

        part : the rows.
        """
        if self.encoding is not None:
            self.encoding.apply(source_of_part(part))

    def targets_of(self, part: Part) -> Any:
        """The targets as a layer takes them; None where there are none.

        part : the rows.
        """
        if self.encoding is None:
            return part.content[1]
        if not self.target:
            return None
        table, source = part.content, source_of_part(part)
        if self.labelled:
            name = self.target[0]
            found = column_of_labels(table.column(name), source.at(name), numbers=False, first=part.first)
            return found.distinct if found.places is None else coded(found.distinct, found.places)
        D = np.empty((len(table), len(self.target)))
        for place, name in enumerate(self.target):
            D[:, place] = numbers_of(table.column(name), source.at(name), part.first)
            missing = np.flatnonzero(np.isnan(D[:, place]))
            if len(missing):
                got = f"none in {source.at(name)}, row {missing[0] + part.first}"
                raise InputError("targets", "have a value in each cell", got, "Remove the row.")
        return D


def source_of_part(part: Part, *, streamed: bool = True) -> Source:
    """The rows as a table whose columns are asked for by name.

    Parameters
    ----------
    part : the rows, of a table.
    streamed : whether the stream itself makes inputs of them, not a model that was trained before.
    """
    table = part.content
    names = tuple(table.column_names)
    return Source(names, table.num_rows, part.where, table.column, first=part.first, streamed=streamed)


def plain_numbers(table: Any, names: list[str], encoding: Encoding) -> Matrix | None:
    """The inputs (P, N) in one go where all columns are whole or floating-point numbers and no cell is empty; else None.

    Parameters
    ----------
    table : a `pyarrow.Table`.
    names : of the columns.
    encoding : what is made of them.
    """
    import pyarrow as pa

    if any(column.levels is not None for column in encoding.columns):
        return None
    chosen = table.select(names)
    types = pa.types
    if any(
        column.null_count or not (types.is_integer(column.type) or _is_float(column.type)) for column in chosen.columns
    ):
        return None
    batches = chosen.combine_chunks().to_batches()
    if len(batches) != 1:
        return None
    try:
        found: Matrix = batches[0].to_tensor().to_numpy()
    except pa.ArrowException:  # types that have no common one
        return None
    return found if found.dtype.kind == "f" else found.astype(np.float64)


def _is_float(kind: Any) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_float32(kind) or pa.types.is_float64(kind))


def placed(error: InputError, part: Part) -> InputError:
    """The same error, which says where in the stream the rows are.

    Parameters
    ----------
    error : one that counts the rows of a part from 1.
    part : the part.
    """
    given = str(error.got)
    found = _ROW.search(given)
    if found is None:
        got = f"{given} in {part.where}, from row {part.first} on"
    else:
        row = int(found[2]) + part.first - 1
        got = f"{given[: found.start()]}in {part.where}, {found[1] or ''}row {row}{found[3]}"
    return InputError(error.name, error.rule, got, error.remedy)
