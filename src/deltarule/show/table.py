"""A matrix as texts: cut where it has too many rows or columns, folded where it is too wide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from deltarule.conventions import HOUSE, Conventions
from deltarule.show.sentences import neuron_names
from deltarule.typeset.figures import ELLIPSIS, matrix_figures
from deltarule.typeset.maths import Maths, maths
from deltarule.typeset.words import MAXIMUM_COLUMNS, heads, places_shown, told_apart

if TYPE_CHECKING:
    from deltarule.layers import Layer

# Rows of a matrix that are shown where nothing else was asked for.
ROWS = 30
# Characters between two columns of a table that is folded.
BETWEEN = 2
# A place to be filled in, as wide as a figure.
PLACE = " " * 6


@dataclass(frozen=True)
class Table:
    """A matrix as texts.

    Attributes
    ----------
    symbol : what stands before it.
    labels, heads : the names of its rows and of its columns; "" for none.
    rows : the texts of the entries, with a column of `ELLIPSIS` where columns were left out.
    gap : the place of the row before which other rows were left out; None if none were.
    words : whether the entries are words, which stand to the left; figures stand to the right.
    wrong : the places of the rows that are predicted wrongly.
    blank : whether its entries are places to be filled in by hand.
    """

    symbol: Maths
    labels: tuple[str, ...]
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    gap: int | None = None
    words: bool = False
    wrong: tuple[int, ...] = ()
    blank: bool = False


def table_of(
    symbol: Maths,
    labels: Sequence[str],
    columns: Sequence[str],
    texts: Sequence[Sequence[str]],
    gap: int | None = None,
    *,
    words: bool = False,
    wrong: tuple[int, ...] = (),
) -> Table:
    """A table of at most `MAXIMUM_COLUMNS` columns: if there are more, the first ones, an ellipsis and the last.

    Parameters
    ----------
    symbol : what stands before the table.
    labels, columns : the names of its rows and of its columns; "" for none.
    texts : the entries, row by row.
    gap, words, wrong : as in `Table`.
    """
    places = places_shown(len(columns), MAXIMUM_COLUMNS)

    def cut(row: Sequence[str]) -> tuple[str, ...]:
        return tuple(ELLIPSIS if p is None else row[p] for p in places)

    return Table(symbol, tuple(labels), cut(columns), tuple(map(cut, texts)), gap, words, wrong)


def blank_table(symbol: Maths, labels: Sequence[str], columns: Sequence[str], limit: int) -> Table:
    """A table to be filled in by hand; cut as `table_of` cuts it, and where it has too many rows.

    Parameters
    ----------
    symbol : what stands before the table.
    labels, columns : the names of its rows and of its columns; "" for none.
    limit : the largest number of rows that is shown.
    """
    places, gap = places_kept(len(labels), limit)
    texts = [[PLACE] * len(columns)] * len(places)
    return replace(table_of(symbol, [labels[p] for p in places], columns, texts, gap), blank=True)


def places_kept(count: int, limit: int) -> tuple[list[int], int | None]:
    """The places of the rows that are shown, and the place among them before which others were left out.

    Parameters
    ----------
    count : the number of rows.
    limit : the largest number of them that is shown.
    """
    places = places_shown(count, limit)
    return [p for p in places if p is not None], places.index(None) if None in places else None


class Cut(NamedTuple):
    """Which rows and columns of W are shown.

    Attributes
    ----------
    inputs : (N,) the names of all inputs.
    lines : the places of those that are shown.
    gap : before which of these others were left out; None if none were.
    neurons : (K,) the names of the neurons.
    limit : the largest number of rows.
    """

    inputs: Sequence[str]
    lines: Sequence[int]
    gap: int | None
    neurons: Sequence[str]
    limit: int = ROWS


def written_tables(
    symbols: tuple[Maths | str, Maths | str],
    W: Sequence[Sequence[str]],
    b: Sequence[str],
    cut: Cut,
    conventions: Conventions,
) -> tuple[Table, ...]:
    """What is shaped as W and as b, as conventions write it: a table each, or one where there is no b.

    Parameters
    ----------
    symbols : of the two.
    W : the figures, a row for each input that is shown.
    b : the figures, one a neuron.
    cut : which rows and columns are shown.
    conventions : how the two are written.
    """
    c, gap = conventions, cut.gap
    names = c.names_with_one(cut.inputs)
    inputs = [names[n + c.biases_first] for n in cut.lines]
    rows = [list(row) for row in c.joined(np.array(W, object), np.array(b, object)).tolist()]
    if c.biases_in_weights:
        inputs = [names[0], *inputs] if c.biases_first else [*inputs, names[-1]]
        gap = None if gap is None else gap + c.biases_first
    if not c.by_neuron:
        whole = table_of(maths(symbols[0]), inputs, cut.neurons, rows, gap)
        return (whole, table_of(maths(symbols[1]), [""], cut.neurons, [b])) if c.writes("biases") else (whole,)
    if gap is not None:
        inputs.insert(gap, ELLIPSIS)
        for row in rows:
            row.insert(gap, ELLIPSIS)
    kept, neuron_gap = places_kept(len(b), cut.limit)
    neurons = [cut.neurons[k] for k in kept]
    whole = table_of(maths(symbols[0]), neurons, inputs, [rows[k] for k in kept], neuron_gap)
    if not c.writes("biases"):
        return (whole,)
    return whole, table_of(maths(symbols[1]), neurons, [""], [[b[k]] for k in kept], neuron_gap)


def parameter_tables(
    layer: Layer,
    decimals: int,
    input_names: Sequence[str] = (),
    names: Sequence[str] = (),
    conventions: Conventions = HOUSE,
) -> tuple[Table, ...]:
    """W and b of a layer; W alone where it holds the biases.

    Parameters
    ----------
    layer : any layer.
    decimals : of each figure.
    input_names : (N,) the names of the inputs; if empty, those that the layer knows, or x1, x2, ...
    names : (K,) the names of the neurons of a layer without classes; if empty, those that the layer knows, or 1, 2, ...
    conventions : how the two are written.
    """
    inputs = told_apart(input_names or layer.input_names or ()) or heads((), layer.inputs, "x")
    neurons = told_apart(neuron_names(layer, names or [str(name) for name in layer.target_names or ()]))
    if len(neurons) != layer.neurons:
        neurons = heads((), layer.neurons, "")
    lines, gap = places_kept(layer.inputs, ROWS)
    *above, last = matrix_figures([*layer.weights[lines].tolist(), layer.biases.tolist()], decimals)
    return written_tables(("W", "b"), above, last, Cut(inputs, lines, gap, neurons), conventions.of_layer(layer))


def folded(table: Table, room: int) -> list[Table]:
    """The table, or pieces of some of its columns each.

    Parameters
    ----------
    table : the whole.
    room : the width of a piece in characters, with two between columns; a single wider column is a piece of its own.
    """
    columns = list(zip(table.heads, *table.rows, strict=True))
    pieces: list[list[int]] = [[]]
    left = room
    for place, column in enumerate(columns):
        width = max(map(len, column)) + BETWEEN
        if pieces[-1] and width > left:
            pieces.append([])
            left = room
        pieces[-1].append(place)
        left -= width
    if len(pieces) == 1:
        return [table]
    return [
        replace(
            table,
            heads=tuple(table.heads[c] for c in piece),
            rows=tuple(tuple(row[c] for c in piece) for row in table.rows),
        )
        for piece in pieces
    ]
