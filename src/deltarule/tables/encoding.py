"""How the columns of a table become inputs: numbers as they are, truth values as 0 and 1, categories one-hot."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from deltarule.checks import Matrix, Vector, all_finite, brief, numbers
from deltarule.errors import InputError, nearest
from deltarule.memory import check_fits
from deltarule.tables.cells import is_text, numbers_of, places_of, texts_of
from deltarule.tables.columns import NAMED, plain_type, rows_named
from deltarule.tables.sources import Source
from deltarule.views import Shown

Missing = Literal["refuse", "mean", "median"]
MISSING = ("refuse", "mean", "median")


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


Fill = Callable[[InputColumn, int, Vector], Vector | None]
Finish = Callable[[int, Vector], None]


@dataclass(frozen=True, eq=False)
class Encoding(Shown):
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

    def apply(self, source: Source, finish: Finish | None = None, dtype: Any = np.float64) -> Matrix:
        """The inputs (P, N) of the rows of a table, whose columns may stand in any order, with others between them.

        Parameters
        ----------
        source : the table.
        finish : scales an input, see `inputs_of`; None: they stay as they are.
        dtype : of the inputs.

        Raises
        ------
        InputError
            If a column is missing, a cell is no number, has no value (and there is no `fill`), or a category that is not known.
        """

        def fill(column: InputColumn, place: int, values: Vector) -> Vector | None:
            if self.fill is None:
                refuse_missing(column, values, source)
                return None
            return self.fill[place : place + len(column.input_names)]

        return self.inputs_of(source, fill, finish, dtype=dtype)

    def inputs_of(
        self,
        source: Source,
        fill: Fill,
        finish: Finish | None,
        *,
        order: NDArray[np.intp] | None = None,
        dtype: Any = np.float64,
    ) -> Matrix:
        """The inputs (P, N) of the rows of a table, made an input at a time, so that little memory is needed beside the result.

        Parameters
        ----------
        source : the table.
        fill : is given each column, the place of its first input, and its cells: numbers, or the places of categories among its
            levels, with NaN where there is no value. It gives what each of its inputs is there; None: all have a value.
        finish : is given the place of each input and its values (P,), which it may change; None: they stay as they are.
        order : (P,) the places of the rows in the order that is wanted; None: that of the table.
        dtype : of the inputs.

        Raises
        ------
        InputError
            As `apply`.
        """
        self.check_columns(source)
        size = source.rows * self.inputs * np.dtype(dtype).itemsize
        check_fits("table", f"{source.rows:,} x {self.inputs:,} inputs", size, "Give fewer rows or columns.")
        X = np.empty((source.rows, self.inputs), dtype)
        place = 0
        with np.errstate(over="ignore", invalid="ignore"):  # what is not finite is found by the layer
            for column in self.columns:
                cells = _cells(column, source)
                cells = cells if order is None else cells[order]
                stand_ins = fill(column, place, cells)
                missing = None if stand_ins is None else np.isnan(cells)
                for level in range(len(column.input_names)):
                    values = cells if column.levels is None else (cells == level).astype(np.float64)
                    if stand_ins is not None:
                        values[missing] = stand_ins[level]
                    if finish is not None:
                        finish(place, values)
                    X[:, place] = values
                    place += 1
        return X

    def check_finite(self, X: Matrix, source: Source, *, scaled: bool) -> None:
        """Raise an `InputError` that names the first cell whose input is not finite.

        Parameters
        ----------
        X : (P, N) the inputs of the table.
        source : the table.
        scaled : whether they are scaled.
        """
        if all_finite(X):
            return
        row, place = (int(at) for at in np.argwhere(~np.isfinite(X))[0])
        column = next(column for column in self.columns for _ in column.input_names if (place := place - 1) < 0)
        raise InputError(
            "inputs",
            f"fit {X.dtype}{' once they are scaled' * scaled}",
            f"{brief(source.read(column.name)[row].as_py())} in {source.at(column.name)}, row {row + source.first}",
            "Correct it, or remove the row.",
        )

    def check_columns(self, source: Source) -> None:
        """Raise an `InputError` if the table lacks a column.

        Parameters
        ----------
        source : the table.
        """
        for column in self.columns:
            if column.name not in source.names:
                raise InputError(
                    "table",
                    f"have the column {column.name!r}, of which the model makes inputs",
                    f"none in {source.where}" if source.where else "none",
                    nearest(column.name, source.names),
                )

    def check_cells(self, source: Source, columns: Sequence[InputColumn]) -> None:
        """Raise an `InputError` that names the row, if a cell of some columns cannot become an input; column by column.

        Parameters
        ----------
        source : the table.
        columns : those columns.
        """
        for column in columns:
            cells = _cells(column, source)
            if self.fill is None:
                refuse_missing(column, cells, source)

    def in_blocks(self, source: Source, make: Callable[[Source], Matrix]) -> Iterator[Matrix]:
        """The inputs (P, N) of some rows at a time, so that little memory is needed however many there are.

        Parameters
        ----------
        source : the table.
        make : makes inputs of some of its rows, as `apply` does.

        Raises
        ------
        InputError
            As `apply`; where what is wrong stands in later rows, after earlier ones were given.
        """
        self.check_columns(source)
        one_type, checked, done = source.typed and not source.joined, False, 0
        for block in source.blocks([column.name for column in self.columns]):
            if not checked:
                # A text may be a number among some rows, and a truth value among others: all cells say what it is.
                numbers = [column for column in self.columns if column.levels is None]
                self.check_cells(
                    source, [each for each in numbers if not one_type or is_text(plain_type(block.read(each.name)))]
                )
                checked = True
            try:
                X = make(replace(block, first=source.first + done))
            except InputError:
                self.check_cells(source, self.columns)  # column by column, as where the table is read whole
                raise
            done += len(X)
            yield X

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        columns = [
            {"name": column.name, "levels": None if column.levels is None else list(column.levels)}
            for column in self.columns
        ]
        return {"columns": columns, "fill": None if self.fill is None else self.fill.tolist()}


def _cells(column: InputColumn, source: Source) -> Vector:
    """The cells (P,) of a column: numbers, or the places of categories among the levels; NaN where there is no value."""
    cells, where = source.read(column.name), source.at(column.name)
    if column.levels is None:
        return numbers_of(cells, where, source.first)
    places = places_of(cells, column.levels, where)
    unknown = np.flatnonzero(places < 0)
    if len(unknown):
        new = [repr(word) for word in dict.fromkeys(texts_of(cells.take(unknown), where).to_pylist())]
        more = f" and {len(new) - NAMED} more" if len(new) > NAMED else ""
        raise InputError(
            "inputs",
            f"have known categories only: {', '.join(map(repr, column.levels[:20]))}{', ...' * (len(column.levels) > 20)}",
            f"{', '.join(new[:NAMED])}{more} in {where}, first in row {unknown[0] + source.first}",
            f"Correct it, or add it to categories={{{column.name!r}: [...]}}."
            if source.streamed
            else "Correct it, or train on data in which it occurs.",
        )
    return places


def refuse_missing(column: InputColumn, cells: Vector, source: Source, order: NDArray[np.intp] | None = None) -> None:
    """Raise an `InputError` that names the rows where a column has no value.

    Parameters
    ----------
    column : the column.
    cells : (P,) its cells, NaN where there is no value.
    source : the table.
    order : (P,) the places of these rows in the table; None: they stand as there.
    """
    missing = np.isnan(cells)
    if not missing.any():
        return
    rows = np.flatnonzero(missing) if order is None else np.sort(order[missing])
    raise InputError(
        "inputs",
        "have a value in each cell",
        f"none (or a mark such as NA) in {source.at(column.name)}, {rows_named(rows + source.first)}",
        "Fill it, or remove the rows: a stream that is trained on fills no cell."
        if source.streamed
        else "Fill it, remove the rows, or train with the median in its place: --missing median (missing='median').",
    )


def fill_of(column: InputColumn, cells: Vector, by: Missing) -> Vector:
    """What the inputs of a column are where it has no value: mean or median of numbers, and the most frequent category.

    Parameters
    ----------
    column : the column.
    cells : those of the training patterns: numbers, or the places of categories among the levels; NaN where there is no value.
    by : "mean" or "median".

    Raises
    ------
    InputError
        If the column has no value at all.

    Examples
    --------
    >>> fill_of(InputColumn("colour", ("blue", "red")), np.array([1.0, np.nan, 0.0, 1.0]), "mean").tolist()
    [0.0, 1.0]
    """
    known = cells[~np.isnan(cells)]
    if not len(known):
        raise InputError(
            "inputs", "have a value in some row", f"none in column {column.name!r}", "Leave the column out."
        )
    if column.levels is None:
        return np.array([known.mean() if by == "mean" else np.median(known)])
    counts = np.bincount(known.astype(np.intp), minlength=len(column.levels))
    found: Vector = (np.arange(len(counts)) == counts.argmax()).astype(np.float64)
    return found


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
