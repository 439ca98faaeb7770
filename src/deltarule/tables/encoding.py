"""How the columns of a table become inputs: numbers as they are, truth values as 0 and 1, categories one-hot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from deltarule.checks import Matrix, Vector, brief, numbers
from deltarule.errors import InputError, nearest
from deltarule.immutable import Immutable
from deltarule.memory import check_fits
from deltarule.tables.cells import numbers_of, texts_of
from deltarule.tables.sources import Source

Missing = Literal["refuse", "mean", "median"]
MISSING = ("refuse", "mean", "median")
# Rows that a message names.
NAMED = 5


@dataclass(frozen=True)
class InputColumn:
    """A column of a table that inputs are made of.

    Parameters
    ----------
    name : of the column.
    levels : the categories in the order of their inputs, one input each, which is 1 in the rows of this category and else 0.
        None: a column of numbers, or of truth values as 0 and 1, which is one input.
    """

    name: str
    levels: tuple[str, ...] | None = None

    @property
    def input_names(self) -> tuple[str, ...]:
        """The names of its inputs: that of the column, or "column=level" for each level."""
        return (self.name,) if self.levels is None else tuple(f"{self.name}={level}" for level in self.levels)


@dataclass(frozen=True, eq=False)
class Encoding(Immutable):
    """The columns that inputs are made of, and what stands in cells without a value.

    Parameters
    ----------
    columns : the columns, in the order of their inputs.
    fill : (N,) what each input is where its cell has no value; None: such cells are refused.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from deltarule.tables.sources import source_of_frame
    >>> encoding = Encoding((InputColumn("length"), InputColumn("colour", ("blue", "red"))))
    >>> encoding.apply(source_of_frame("inputs", pa.table({"colour": ["red", "blue"], "length": [5.1, 6.3]}))).tolist()
    [[5.1, 0.0, 1.0], [6.3, 1.0, 0.0]]
    """

    columns: tuple[InputColumn, ...]
    fill: Vector | None = None

    def __post_init__(self) -> None:
        if not self.columns or len({column.name for column in self.columns}) < len(self.columns):
            raise InputError(
                "columns of an encoding", "be one or more of different names", brief(self.columns), "Name each once."
            )
        for column in self.columns:
            if column.levels is not None and (not column.levels or len(set(column.levels)) < len(column.levels)):
                raise InputError(
                    "levels of a column", "be one or more, all different", brief(column.levels), "Name each once."
                )
        object.__setattr__(self, "columns", tuple(self.columns))
        if self.fill is not None:
            fill = numbers("fill of an encoding", self.fill, 1, np.float64).copy()
            if len(fill) != self.inputs:
                raise InputError(
                    "fill of an encoding", f"be {self.inputs} numbers, one an input", len(fill), "Give one an input."
                )
            object.__setattr__(self, "fill", fill)
        super().__post_init__()

    @property
    def inputs(self) -> int:
        """N, the number of inputs."""
        return sum(1 if column.levels is None else len(column.levels) for column in self.columns)

    @property
    def input_names(self) -> tuple[str, ...]:
        """(N,) the names of the inputs."""
        return tuple(name for column in self.columns for name in column.input_names)

    def apply(self, source: Source) -> Matrix:
        """The inputs (P, N) of the rows of a table, whose columns may stand in any order, with others between them.

        Parameters
        ----------
        source : the table.

        Raises
        ------
        InputError
            If a column is missing, a cell is no number, has no value (and there is no `fill`), or a category that is not known.
        """
        return self.filled(self.read(source), source)

    def read(self, source: Source) -> Matrix:
        """The inputs (P, N) with NaN where a cell of the table, `source`, has no value."""
        for column in self.columns:
            if column.name not in source.names:
                raise InputError(
                    "table",
                    f"have the column {column.name!r}, of which the model makes inputs",
                    f"none in {source.where}" if source.where else "none",
                    nearest(column.name, source.names),
                )
        size = source.rows * self.inputs * 8
        check_fits("table", f"{source.rows:,} x {self.inputs:,} inputs", size, "Give fewer rows or columns.")
        X = np.empty((source.rows, self.inputs))
        place = 0
        for column in self.columns:
            cells, where = source.read(column.name), source.at(column.name)
            if column.levels is None:
                X[:, place] = numbers_of(cells, where)
                place += 1
            else:
                _one_hot(X[:, place : place + len(column.levels)], column.levels, cells, where)
                place += len(column.levels)
        return X

    def filled(self, X: Matrix, source: Source | None = None) -> Matrix:
        """Inputs in which `fill` stands where there was no value; X is changed.

        Parameters
        ----------
        X : (P, N) inputs with NaN where a cell had no value.
        source : the table, for messages.
        """
        for place, name in enumerate(self._column_of_input()):
            missing = np.isnan(X[:, place])
            if not missing.any():
                continue
            if self.fill is None:
                rows = np.flatnonzero(missing) + 1
                named = ", ".join(map(str, rows[:NAMED])) + (
                    f" and {len(rows) - NAMED} more" if len(rows) > NAMED else ""
                )
                where = f"column {name!r}" if source is None else source.at(name)
                raise InputError(
                    "inputs",
                    "have a value in each cell",
                    f"none (or a mark such as NA) in {where}, row{'s' * (len(rows) > 1)} {named}",
                    "Fill it, remove the rows, or train with the median in its place: --missing median (missing='median').",
                )
            X[missing, place] = self.fill[place]
        return X

    def _column_of_input(self) -> list[str]:
        return [column.name for column in self.columns for _ in column.input_names]

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        columns = [
            {"name": column.name, "levels": None if column.levels is None else list(column.levels)}
            for column in self.columns
        ]
        return {"columns": columns, "fill": None if self.fill is None else self.fill.tolist()}


def _one_hot(block: Matrix, levels: Sequence[str], cells: Any, where: str) -> None:
    """Write the rows of the categories into a block of the inputs: NaN where there is no value."""
    import pyarrow as pa
    import pyarrow.compute as pc

    texts = texts_of(cells, where)
    at = pc.index_in(texts, value_set=pa.array(levels, texts.type))
    unknown = pc.and_(pc.is_null(at), pc.is_valid(texts))
    if pc.any(unknown).as_py():
        row = pc.index(unknown, True).as_py()
        new = [repr(word) for word in pc.unique(texts.filter(unknown)).to_pylist()]
        more = f" and {len(new) - NAMED} more" if len(new) > NAMED else ""
        raise InputError(
            "inputs",
            f"have known categories only: {', '.join(map(repr, levels[:20]))}{', ...' * (len(levels) > 20)}",
            f"{', '.join(new[:NAMED])}{more} in {where}, first in row {row + 1}",
            "Correct it, or train on data in which it occurs.",
        )
    places = at.to_numpy().astype(np.float64)  # NaN for null
    known = np.isfinite(places)
    block[:] = 0
    block[np.flatnonzero(known), places[known].astype(np.intp)] = 1
    block[~known] = np.nan


def fill_of(encoding: Encoding, X: Matrix, by: Missing) -> Vector:
    """What stands in cells without a value: mean or median of each number, and the most frequent category.

    Parameters
    ----------
    encoding : of the columns.
    X : (P, N) the inputs of the training patterns, with NaN where there is no value.
    by : "mean" or "median".

    Raises
    ------
    InputError
        If a column has no value at all.
    """
    fill = np.empty(encoding.inputs)
    place = 0
    for column in encoding.columns:
        width = len(column.input_names)
        block = X[:, place : place + width]
        known = block[~np.isnan(block[:, 0])]
        if not len(known):
            raise InputError(
                "inputs", "have a value in some row", f"none in column {column.name!r}", "Leave the column out."
            )
        if column.levels is None:
            fill[place] = known.mean() if by == "mean" else np.median(known)
        else:
            fill[place : place + width] = np.arange(width) == known.sum(axis=0).argmax()
        place += width
    return fill


def encoding_from(document: Mapping[str, Any]) -> Encoding:
    """The encoding that `Encoding.to_dict` wrote.

    Parameters
    ----------
    document : what it gave.
    """
    columns = [
        InputColumn(str(each["name"]), None if each["levels"] is None else tuple(map(str, each["levels"])))
        for each in document["columns"]
    ]
    return Encoding(tuple(columns), document["fill"])
