"""What every engine is given, and what it gives back: the seam between `training.train` and the engines."""

from __future__ import annotations

import enum
import math
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from deltarule.descent import Batch, Descent
from deltarule.layers import Layer, Patterns


class Stop(enum.Enum):
    """Why an engine stopped before the epochs asked for."""

    TOLERANCE = enum.auto()
    NOT_FINITE = enum.auto()


@dataclass(frozen=True)
class Work:
    """A descent to run: from which layer, on which patterns, and what to record.

    The cost of the initial layer comes along: the tolerance compares epoch 1 with it.
    """

    layer: Layer
    training: Patterns
    validation: Patterns | None
    descent: Descent
    record_every: int
    initial_cost: float

    def records(self, epoch: int) -> bool:
        """Whether the history has a row for this epoch."""
        return self.record_every > 0 and epoch % self.record_every == 0


class Report(NamedTuple):
    """What `advance` did: the layer it ended with, the epochs done, the rows recorded, and why it stopped short, if it did.

    rows : (R, 5) epoch, cost, errors, validation cost, validation errors; NaN where there is no such thing.
    """

    layer: Layer
    epochs: int
    rows: NDArray[np.float64]
    stop: Stop | None


def measured(layer: Layer, patterns: Patterns | None, descent: Descent) -> tuple[float, float]:
    """Cost and errors of a layer on a set, for the history: NaN where there is no such thing."""
    if patterns is None:
        return math.nan, math.nan
    with np.errstate(over="ignore", invalid="ignore"):  # a cost that is not finite is an outcome
        cost, errors = layer.evaluate(patterns, descent.reduction, descent.weight_decay)
    return cost, math.nan if errors is None else errors


class Engine(Protocol):
    """A descent under way."""

    def advance(self, epochs: int) -> Report:
        """Run so many more epochs, or fewer where the tolerance is met or the cost is not finite.

        Not finite: after each epoch every weight and bias must be finite; after each epoch whose cost is wanted
        (recorded, or for the tolerance) the cost too. The report then holds the layer of the epoch before.
        """
        ...

    def prepare(self, seconds: float) -> None:
        """Asked between calls of `advance`, with the time that the rest may take: make ready what repays itself."""
        ...


class EpochEngine(ABC):
    """An engine that is called once an epoch, from Python: `direct` and `autograd`."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.epoch = 0
        self.cost = work.initial_cost
        self.orders: Iterator[NDArray[np.intp]] = work.descent.orders(len(work.training.X))

    def prepare(self, seconds: float) -> None:
        """See `Engine`: there is nothing to make ready."""
        return

    @abstractmethod
    def run_epoch(self, order: NDArray[np.intp], batches: list[Batch]) -> None:
        """One pass over the training patterns."""

    @abstractmethod
    def layer(self) -> Layer:
        """The layer as it stands."""

    def advance(self, epochs: int) -> Report:
        """See `Engine`."""
        work, tolerance = self.work, self.work.descent.tolerance
        rows: list[list[float]] = []
        layer, done = self.layer(), 0
        with np.errstate(over="ignore", invalid="ignore"):  # an overflow is an outcome here, and named as one
            for order in islice(self.orders, epochs):
                self.run_epoch(order, work.descent.batches(order))
                reached = self.layer()
                if not (np.isfinite(reached.weights).all() and np.isfinite(reached.biases).all()):
                    return _report(layer, done, rows, Stop.NOT_FINITE)
                if tolerance is not None or work.records(self.epoch + 1):
                    cost, errors = measured(reached, work.training, work.descent)
                    if not math.isfinite(cost):
                        return _report(layer, done, rows, Stop.NOT_FINITE)
                    before, self.cost = self.cost, cost
                    if work.records(self.epoch + 1):
                        rows.append([self.epoch + 1, cost, errors, *measured(reached, work.validation, work.descent)])
                self.epoch += 1
                layer, done = reached, done + 1
                if tolerance is not None and abs(cost - before) <= tolerance * abs(before):
                    return _report(layer, done, rows, Stop.TOLERANCE)
        return _report(layer, done, rows, None)


def _report(layer: Layer, epochs: int, rows: list[list[float]], stop: Stop | None) -> Report:
    return Report(layer, epochs, np.array(rows, dtype=np.float64).reshape(-1, 5), stop)
