"""The views of what goes with data: scalings, encodings, tables, data sets, exact fits, conventions, bounds on mistakes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from deltarule.conventions import Conventions
from deltarule.data import Scaling
from deltarule.datasets import Dataset
from deltarule.exact_fit import ExactFit
from deltarule.novikoff import MistakeBound
from deltarule.show.document import Document, Part
from deltarule.show.records import document_view
from deltarule.show.sentences import exact_sentence
from deltarule.show.table import Table as Matrix
from deltarule.tables.encoding import Encoding, InputColumn
from deltarule.tables.table import Table
from deltarule.typeset.columns import Block, Line, banded, joined, wrapped
from deltarule.typeset.maths import Maths
from deltarule.typeset.words import counted, short_name
from deltarule.views import View, register

# Rows of a table, and names in a sentence, that are shown.
MOST_ROWS, NAMED = 20, 8


class Shape(NamedTuple):
    """What is shown of a record: sentences, and below them a table where there is one.

    sentences : a line each. labels, heads : the names of the rows and of the columns. rows : their entries, as texts.
    words : whether the entries are words.
    """

    sentences: tuple[str, ...]
    labels: Sequence[str] = ()
    heads: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    words: bool = False

    def cut(self) -> Shape:
        """The same with as many rows as are shown."""
        if len(self.rows) <= MOST_ROWS:
            return self
        told = f"{MOST_ROWS} of {len(self.rows):,} rows are shown"
        return self._replace(
            sentences=(*self.sentences, told), labels=self.labels[:MOST_ROWS], rows=self.rows[:MOST_ROWS]
        )


def shape_view(shape: Callable[[Any], Shape]) -> View:
    """The view of a record whose shape this function makes.

    Parameters
    ----------
    shape : makes the shape of a record.
    """

    def text(record: Any) -> str:
        found = shape(record).cut()
        lines = [line for sentence in found.sentences for line in wrapped(sentence, 80)]
        if found.rows:
            index = Block("", [""], [[short_name(label)] for label in found.labels], words=True)
            lines += [Line(""), *banded(index, [Block("", found.heads, found.rows, words=found.words)], 80)]
        return joined(lines)

    def document(record: Any) -> Document:
        found = shape(record).cut()
        rows = tuple(map(tuple, found.rows))
        table = Matrix(Maths("", ""), tuple(found.labels), tuple(found.heads), rows, words=found.words)
        return Document("", "", found.sentences, (Part("record", "", tables=(table,)),) if rows else ())

    return document_view(text, document)


def _names(names: Sequence[Any]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(str(name) for name in names[:NAMED]) + more


def _scaling(scaling: Scaling) -> Shape:
    count = len(scaling.shift)
    labels = [f"x{n}" for n in range(1, count + 1)] if scaling.names is None else [str(name) for name in scaling.names]
    rows = [[f"{shift:.6g}", f"{scale:.6g}"] for shift, scale in zip(scaling.shift, scaling.scale, strict=True)]
    return Shape((f"scaling of {counted(count, 'column')}: (x - shift) * scale",), labels, ("shift", "scale"), rows)


def _encoding(encoding: Encoding) -> Shape:
    rows, place = [], 0
    for column in encoding.columns:
        size = len(column.input_names)
        fill = "" if encoding.fill is None else _filled(column, encoding.fill[place : place + size].tolist())
        rows.append([_becomes(column), fill or "refused"])
        place += size
    sizes = f"{counted(encoding.inputs, 'input')} from {counted(len(encoding.columns), 'column')}"
    return Shape((sizes,), [column.name for column in encoding.columns], ("becomes", "no value"), rows, words=True)


def _becomes(column: InputColumn) -> str:
    return "a number" if column.levels is None else f"categories: {_names(column.levels)}"


def _filled(column: InputColumn, values: list[float]) -> str:
    return (
        f"{values[0]:.6g}" if column.levels is None else column.levels[max(range(len(values)), key=values.__getitem__)]
    )


def _sizes(data: Dataset | Table) -> tuple[str, ...]:
    return (
        counted(len(data.inputs), "pattern"),
        f"{counted(len(data.input_names), 'input')}: {_names(data.input_names)}",
        f"{counted(len(data.target_names), 'target')}: {_names(data.target_names)}",
    )


def _conventions(found: Conventions) -> Shape:
    biases = f"biases: {found.biases}" if found.has_biases else "no biases"
    return Shape((f"delta: {found.delta}, weights: {found.weights}, {biases}",))


def _mistake_bound(bound: MistakeBound) -> Shape:
    most = f"at most {counted(bound.mistakes, 'wrong answer')}"
    return Shape((f"{most}: radius {bound.radius:.6g}, margin {bound.margin:.6g}",))


register(Scaling, shape_view(_scaling))
register(Encoding, shape_view(_encoding))
register(Table, shape_view(lambda table: Shape((*_sizes(table), *table.remarks))))
register(Dataset, shape_view(lambda data: Shape((data.name, *_sizes(data), data.source))))
register(ExactFit, shape_view(lambda found: Shape((exact_sentence(found), found.message))))
register(Conventions, shape_view(_conventions))
register(MistakeBound, shape_view(_mistake_bound))
