"""Descent over patterns that are read from a stream: block after block goes through the kernels, or through `iteration.step`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple, Protocol, cast

import numpy as np

from deltarule.checks import Matrix, Vector, all_finite
from deltarule.descent import Descent
from deltarule.engines.base import Best, PassEngine, Report, Work, is_streamed, representable
from deltarule.engines.thinning import Thinned, rows_kept
from deltarule.errors import InputError
from deltarule.interrupts import held_back
from deltarule.iteration import Velocity, moved, step
from deltarule.layers import Layer, Patterns
from deltarule.streams import StreamedPatterns
from deltarule.streams.orders import in_batches
from deltarule.sums import column_sums, products


class Position(NamedTuple):
    """Where a descent over a stream stands: with it, it goes on as if it had never stopped.

    Attributes
    ----------
    epoch : epochs that are done.
    rows : patterns of the next epoch that are done; always whole mini-batches.
    layer : as it stands.
    before : as it stood after the last whole epoch.
    velocity : V as it stands; None without momentum, and before the first update.
    cost : after the last epoch whose cost was needed.
    best : the best layer so far, with patience; None without.
    kept : what was recorded, from the initial layer on.
    """

    epoch: int
    rows: int
    layer: Layer
    before: Layer
    velocity: Velocity | None
    cost: float
    best: Best | None
    kept: Thinned


class Updates(Protocol):
    """What does the updates of blocks."""

    def run(self, block: Patterns, rates: np.ndarray[Any, Any]) -> bool:
        """One update a mini-batch of a block.

        block : whole mini-batches, but for the last of an epoch.
        rates : the learning rate of each update, or one for all.

        The result is whether all is finite.
        """
        ...

    def layer(self) -> Layer:
        """The layer as it stands."""
        ...

    def motion(self) -> Velocity | None:
        """V as it stands."""
        ...

    def prepare(self, seconds: float) -> None:
        """See `Engine`."""
        ...


class DirectUpdates:
    """`iteration.step`, mini-batch after mini-batch.

    Parameters
    ----------
    layer, velocity : where to start.
    descent : how to descend.
    batch : rows of a mini-batch.
    """

    def __init__(self, layer: Layer, velocity: Velocity | None, descent: Descent, batch: int) -> None:
        self.reached, self.moving, self.descent, self.batch = layer, velocity, descent, batch

    def run(self, block: Patterns, rates: np.ndarray[Any, Any]) -> bool:
        """See `Updates`."""
        for number, start in enumerate(range(0, len(block.X), self.batch)):
            rate = representable(rates[min(number, len(rates) - 1)], self.reached)
            batch = block.take(slice(start, start + self.batch))
            done = step(self.reached, batch, self.descent, rate, self.moving)
            self.reached, self.moving = done.layer, done.velocity
        return bool(all_finite(self.reached.weights, self.reached.biases))

    def layer(self) -> Layer:
        """See `Updates`."""
        return self.reached

    def motion(self) -> Velocity | None:
        """See `Updates`."""
        return self.moving

    def prepare(self, seconds: float) -> None:
        """See `Updates`: there is nothing to prepare."""


class SummedUpdates(DirectUpdates):
    """Updates by batches that do not fit into memory, such as all patterns: their gradients are summed over blocks.

    Parameters
    ----------
    layer, velocity, descent, batch : as of `DirectUpdates`.
    patterns : P, the number of all patterns.
    """

    def __init__(self, layer: Layer, velocity: Velocity | None, descent: Descent, batch: int, patterns: int) -> None:
        super().__init__(layer, velocity, descent, batch)
        self.patterns, self.done = patterns, 0
        self.weights, self.biases = np.zeros(layer.weights.shape), np.zeros(layer.biases.shape)

    def pass_over(self, blocks: Iterable[Patterns], rate: Callable[[int], float], skip: int) -> Iterator[int]:
        """All updates of an epoch; after each the patterns that are done.

        blocks : the patterns, but for those that are left out.
        rate : the learning rate of an update, from its number in the epoch, which counts from 0.
        skip : patterns that were left out, whole batches.
        """
        done, last = skip, min(skip + self.batch, self.patterns)
        for block in blocks:
            start = 0
            while start < len(block.X):
                stop = min(len(block.X), start + last - done)
                self._add(block.take(slice(start, stop)))
                done, start = done + stop - start, stop
                if done == last:
                    size = self.batch if done % self.batch == 0 else done % self.batch
                    self._update(size, rate((done - 1) // self.batch))
                    last = min(last + self.batch, self.patterns)
                    yield done

    def _add(self, some: Patterns) -> None:
        """Add the gradient of some patterns, without reduction."""
        U = some.X @ self.reached.weights + self.reached.biases
        delta = self.reached.unchecked_scaled_delta(U, some, "sum")
        self.weights += products(some.X, delta)
        if self.reached.has_biases:
            self.biases += column_sums(delta)

    def _update(self, size: int, rate: float) -> None:
        """The update by the batch of this size whose gradients were added."""
        layer, descent = self.reached, self.descent
        factor = layer.scale(np.array([float(size)]), descent.reduction)
        gradient: Matrix = (self.weights * factor + descent.weight_decay * layer.weights).astype(layer.dtype)
        slope: Vector = (self.biases * factor + descent.weight_decay * descent.decay_biases * layer.biases).astype(
            layer.dtype
        )
        self.moving, self.reached = moved(layer, gradient, slope, descent, representable(rate, layer), self.moving)
        self.weights[:], self.biases[:] = 0, 0


class StreamEngine(PassEngine):
    """A descent whose patterns are read anew in each epoch.

    Parameters
    ----------
    name : "direct" or "compiled": what updates.
    work : what to do; its training patterns are `StreamedPatterns`.
    position : where it goes on; None: at its start.
    seed : of the order; None: the rows come as they are stored.
    """

    def __init__(self, name: str, work: Work, seed: int | None, position: Position | None = None) -> None:
        self.work, self.streamed = work, cast("StreamedPatterns", work.training)
        self.name, self.seed, self.rows = name, seed, 0
        descent, patterns = work.descent, len(self.streamed)
        self.batch = batch = patterns if descent.batch_size is None else min(descent.batch_size, patterns)
        layer, velocity = (work.layer, None) if position is None else (position.layer, position.velocity)
        self.updates: Updates
        if not self.streamed.fits(batch) or descent.is_full_batch(patterns):
            self.updates = SummedUpdates(layer, velocity, descent, batch, patterns)
        elif name == "direct":
            self.updates = DirectUpdates(layer, velocity, descent, batch)
        else:
            self.updates = self._kernels(layer, velocity)
        super().__init__(work, None if position is None else work.recorded(position.kept.kept[0][0][:1]))
        self.before = work.layer
        self.kept = Thinned(self.initial.table, work.record_every, rows_kept())
        if position is not None:
            self.epoch, self.rows, _, self.before, _, self.cost, self.best, self.kept = position
        self.diverged = False
        self.position = position or self._position()
        self.on_block: Callable[[StreamEngine], None] | None = None

    def _kernels(self, layer: Layer, velocity: Velocity | None) -> Updates:
        """The compiled kernels, which evaluate small layers too."""
        from deltarule.engines.block_kernels import KernelUpdates
        from deltarule.engines.for_kernels import is_small

        largest = min(max(self.streamed.block, self.batch), len(self.streamed) + self.batch)
        found = KernelUpdates(self.work, layer, velocity, self.batch, largest)
        if is_small(layer):
            for patterns in (self.work.training, self.work.validation):
                if patterns is not None and is_streamed(patterns):
                    cast("Any", patterns).summed = found.summed
        return found

    def _position(self) -> Position:
        layer, motion = self.updates.layer(), self.updates.motion()
        return Position(self.epoch, self.rows, layer, self.before, motion, self.cost, self.best, self.kept)

    def prepare(self, seconds: float) -> None:
        """See `Engine`."""
        self.updates.prepare(seconds)

    def layer(self) -> Layer:
        """See `PassEngine`; of NaN after a block in which something became infinite."""
        layer = self.updates.layer()
        if not self.diverged:
            return layer
        return layer.with_unchecked_parameters(np.full_like(layer.weights, np.nan), layer.biases)

    def passes(self, epochs: int) -> Iterator[None]:
        """See `PassEngine`."""
        for _ in range(epochs):
            if self.rows < len(self.streamed):
                self._pass()
            yield

    def advance(self, epochs: int) -> Report:
        """See `Engine`; it does one epoch, so that where it stands is known after each."""
        report = super().advance(min(epochs, 1))
        if report.epochs and report.reason is None:
            with held_back():  # a signal between the two would keep half of it
                self.kept.add(report.recorded.table)
                self.rows, self.before = 0, report.layer
                self.position = self._position()
            self._tell()
        return report

    def _pass(self) -> None:
        blocks = self.streamed.blocks(self.seed, self.epoch + 1, self.rows)
        if isinstance(self.updates, SummedUpdates):
            for done in self.updates.pass_over(blocks, self._rate, self.rows):
                self.rows = done
                self._reached()
            return
        for piece in in_batches(blocks, self.batch):
            block = Patterns(*piece)
            first = self.rows // self.batch
            finite = self.updates.run(block, self._rates(first, -(-len(block.X) // self.batch)))
            self.rows += len(block.X)
            if not finite:
                self.diverged = True
                return
            self._reached()

    def _reached(self) -> None:
        """Note where the descent stands, after whole updates, and let others know."""
        self.position = self._position()
        self._tell()

    def _tell(self) -> None:
        if self.on_block is not None:
            self.on_block(self)

    def _rate(self, update: int) -> float:
        """The learning rate of an update of this epoch."""
        return float(self._rates(update, 1)[0])

    def _rates(self, first: int, count: int) -> np.ndarray[Any, Any]:
        """The learning rates (count,) of some updates of this epoch, or (1,) one for all."""
        descent, schedule = self.work.descent, self.work.descent.schedule
        each = descent.updates_per_epoch(len(self.streamed)) if schedule.by == "update" else 1
        if each == 1:
            first, count = 0, 1
        factors = schedule.factors(self.epoch * each + first, count, descent.epochs * each)
        return descent.learning_rate * factors


def seed_of(work: Work) -> int | None:
    """The seed of the order in which the groups of a stream are read; None where rows come as they are stored.

    Parameters
    ----------
    work : its descent says; a generator as its seed is drawn from once.
    """
    descent = work.descent
    if not descent.is_shuffled(len(work.training.X)):
        return None
    if isinstance(descent.seed, np.random.Generator):
        return int(descent.seed.integers(2**63))
    return int(descent.seed)


def start_stream(name: str, work: Work, position: Position | None = None, seed: int | None = None) -> StreamEngine:
    """The engine at the start of a `work` over a stream, or at the position at which it goes on.

    Parameters
    ----------
    name : "direct" or "compiled".
    work : what to do.
    position : where it goes on; None: at its start.
    seed : of the order, where it goes on.

    Raises
    ------
    InputError
        If it is another engine.
    """
    if name == "autograd":
        remedy = 'Give engine="compiled" or "direct".'
        raise InputError("engine", "be one that takes a stream", "'autograd'", remedy)
    return StreamEngine(name, work, seed_of(work) if position is None else seed, position)
