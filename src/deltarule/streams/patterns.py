"""The rows of a stream as patterns of a layer: blocks that are checked against it, in the order of an epoch."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from deltarule.descent import Descent
from deltarule.errors import InputError
from deltarule.layers import Layer, Patterns
from deltarule.memory import bytes_text
from deltarule.streams.ahead import ahead
from deltarule.streams.decoding import Decoding, placed
from deltarule.streams.orders import group_order, in_windows, window_order
from deltarule.streams.stores import Part, Store
from deltarule.typeset.words import counted

# Rows of a block at most: more save nothing.
LARGEST_BLOCK = 1 << 16
# Shares of the memory. A window is held three times: as it is gathered, as it is shuffled, and as it is used. A block is held
# as it is read, as it is decoded, as it waits and as it is used.
OF_WINDOW, OF_BLOCK = 6, 16


class Rows(Protocol):
    """What gives the rows; see `stream.Stream`."""

    memory: int
    window: int | None
    store: Store

    @property
    def where(self) -> str: ...  # noqa: D102 - see `Stream`
    @property
    def rows(self) -> int: ...  # noqa: D102
    @property
    def inputs(self) -> int: ...  # noqa: D102
    @property
    def input_names(self) -> tuple[Hashable, ...] | None: ...  # noqa: D102
    @property
    def variable_names(self) -> tuple[Hashable, ...] | None: ...  # noqa: D102
    @property
    def decoding(self) -> Decoding: ...  # noqa: D102

    def parts(self, most: int, skip: int = 0, order: Iterable[int] | None = None) -> Iterator[Part]: ...  # noqa: D102


def summed_by_layer(layer: Layer, block: Patterns) -> tuple[float, float | None]:
    """The sums of costs and of errors over a block, by the layer's own formulas.

    Parameters
    ----------
    layer : the layer.
    block : patterns that are checked against it.
    """
    found: tuple[float, float | None] = layer.unchecked_evaluate(block, "sum")
    return found


def _check_names(
    what: str, names: Sequence[Hashable] | None, of_layer: Sequence[Hashable] | None, where: str, of_batches: bool
) -> None:
    """Raise an `InputError` where columns of a stream are others than those of the layer, or come in another order."""
    if names is None or of_layer is None or list(map(str, names)) == list(map(str, of_layer)):
        return
    whole = "inputs" if what == "inputs" else "targets"
    got = f"{', '.join(map(repr, names[:5]))}{', ...' if len(names) > 5 else ''} of {where}"
    order = ", ".join(map(repr, of_layer[:5])) + (", ..." if len(of_layer) > 5 else "")
    remedy = f"Give the columns of the first batch as {order}." if of_batches else f"Give {what}=[{order}]."
    raise InputError("stream", f"have the {whole} of the layer in their order", got, remedy)


class StreamedPatterns:
    """Patterns that are read again in each pass; nothing of them stays in memory.

    Parameters
    ----------
    stream : the rows.
    layer : against which they are checked.

    Attributes
    ----------
    X : (P, N) of the shape and dtype of all inputs, which are not there: its entries mean nothing.
    sample_weight : (P,) ones, which take no memory.
    summed : gives the sums of costs and of errors of a layer over a block; an engine may know a quicker way.
    block, window : rows of a block at most, and of a window of a shuffled order.

    Raises
    ------
    InputError
        If the stream has other inputs than the layer, or a block does not fit into its memory.
    """

    def __init__(self, stream: Rows, layer: Layer) -> None:
        self.stream, self.layer = stream, layer
        if stream.inputs != layer.inputs:
            got = f"{stream.inputs} inputs of {stream.where}"
            raise InputError("stream", f"have the {layer.inputs} inputs of the layer", got, "Choose its columns.")
        of_batches = not stream.store.columns
        _check_names("inputs", stream.input_names, layer.input_names, stream.where, of_batches)
        _check_names("target", stream.variable_names, layer.target_names, stream.where, of_batches)
        self.X = np.broadcast_to(np.zeros((), layer.dtype), (stream.rows, layer.inputs))
        self.sample_weight = np.broadcast_to(np.ones(()), (stream.rows,))
        self.summed = summed_by_layer
        self.row_bytes = (layer.inputs + layer.neurons + 1) * layer.dtype.itemsize
        # A row is decoded in float64, whatever the layer.
        wide = self.row_bytes + 8 * layer.inputs + stream.store.row_bytes
        self.block = min(LARGEST_BLOCK, stream.memory // (OF_BLOCK * wide))
        self.window = stream.window or max(1, stream.memory // (OF_WINDOW * self.row_bytes))
        if not self.block or 2 * self.window * self.row_bytes > stream.memory:
            what = "a row" if not self.block else f"a window of {self.window:,} rows"
            need = wide * OF_BLOCK if not self.block else 3 * self.window * self.row_bytes
            has, needed = bytes_text(stream.memory), bytes_text(need)
            if has == needed:  # in two figures, of which small ones have one at most
                has, needed = counted(stream.memory, "byte"), f"{need:,}"
            got = f"{has}, where {what} needs {needed}"
            raise InputError("memory of the stream", "hold what is read at once", got, "Give more, as in memory='2GB'.")

    def __len__(self) -> int:
        return self.stream.rows

    def fits(self, rows: int) -> bool:
        """Whether so many `rows` can be in memory at once, beside what is read."""
        return rows <= max(self.block, self.stream.memory // (OF_WINDOW * self.row_bytes))

    def blocks(self, seed: int | None = None, epoch: int = 1, skip: int = 0) -> Iterator[Patterns]:
        """The patterns in blocks, read ahead: as they are stored, or in the shuffled order of an epoch.

        Parameters
        ----------
        seed : of the order; None: as they are stored.
        epoch : of the order, from 1.
        skip : patterns at the beginning that are left out.
        """
        return ahead(self._stored(skip) if seed is None else self._shuffled(seed, epoch, skip))

    def _stored(self, skip: int, order: Iterable[int] | None = None) -> Iterator[Patterns]:
        for part in self.stream.parts(self.block, skip, order):
            decoding = self.stream.decoding
            try:
                yield self.layer.patterns(decoding.inputs_of(part), decoding.targets_of(part))
            except InputError as error:
                decoding.refuse_wrong_cells(part)
                # What is said of a table names file, group and row already.
                raise (error if part.where in str(error.got) else placed(error, part)) from None

    def _shuffled(self, seed: int, epoch: int, skip: int) -> Iterator[Patterns]:
        groups = group_order(len(self.stream.store.groups), seed, epoch).tolist()
        number = skip // self.window
        left_out = skip - number * self.window
        for window in in_windows(self._stored(number * self.window, groups), self.window):
            places = window_order(len(window[0]), seed, epoch, number)
            patterns = Patterns(*window).take(places)
            del window
            for start in range(left_out, len(places), self.block):
                yield patterns.take(slice(start, start + self.block))
            number, left_out = number + 1, 0

    def evaluated(self, layer: Layer, descent: Descent) -> tuple[float, float | None]:
        """The cost and the errors of a layer over all patterns, from one pass.

        Parameters
        ----------
        layer : of the kind and shape of that against which they were checked.
        descent : its reduction and its weight decay make the cost.
        """
        costs: list[float] = []
        wrong: list[float | None] = []
        for block in self.blocks():
            cost, errors = self.summed(layer, block)
            costs.append(cost)
            wrong.append(errors)
        total = math.fsum(costs) if all(map(math.isfinite, costs)) else math.nan
        count: NDArray[Any] = np.array([float(len(self))])
        cost = total * layer.scale(count, descent.reduction)
        cost += layer.unchecked_decay_cost(descent.weight_decay, descent.decay_biases)
        return cost, None if None in wrong else math.fsum(each or 0.0 for each in wrong)
