"""What every engine is given, and what it gives back: the seam between `running.run` and the engines."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any, NamedTuple, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from deltarule.checks import all_finite
from deltarule.descent import Batch, Descent
from deltarule.engines.recorded import COLUMN_NAMES, Recorded
from deltarule.errors import InputError
from deltarule.layers import Layer, Patterns
from deltarule.outcome import Reason

Row = TypeVar("Row")


def is_streamed(patterns: Any) -> bool:
    """Whether `patterns` are read from a stream, and so not in memory."""
    return not isinstance(patterns, Patterns)


def evaluated(layer: Layer, patterns: Patterns | None, descent: Descent) -> tuple[float | None, float | None]:
    """The cost and the errors of a layer on a set of patterns.

    Parameters
    ----------
    layer : any layer.
    patterns : the set; for None both results are None.
    descent : its reduction and its weight decay make the cost.
    """
    if patterns is None:
        return None, None
    if is_streamed(patterns):
        streamed: Any = patterns
        with np.errstate(over="ignore", invalid="ignore"):
            found: tuple[float | None, float | None] = streamed.evaluated(layer, descent)
        return found
    with np.errstate(over="ignore", invalid="ignore"):  # a cost that is not finite is an outcome
        return layer.unchecked_evaluate(patterns, descent.reduction, descent.weight_decay, descent.decay_biases)


@dataclass(frozen=True, eq=False)
class Work:
    """A descent to run: from which layer, on which patterns, and what to record.

    Attributes
    ----------
    layer : the initial layer.
    training : the patterns to train on; those of a stream (`deltarule.streams.StreamedPatterns`) are not in memory.
    validation : the patterns to follow as well; None for none.
    descent : how to descend.
    record_every : costs and errors are recorded after epochs `record_every`, 2 `record_every`, ...; 0: after none.
    """

    layer: Layer
    training: Patterns
    validation: Patterns | None
    descent: Descent
    record_every: int

    def records(self, epoch: int) -> bool:
        """Whether costs and errors are recorded after this epoch."""
        return self.record_every > 0 and epoch % self.record_every == 0

    def recorded(self, table: Any, every: int = 0) -> Recorded:
        """The record of a table (R, 5) or a list of R such rows, in which recorded epochs may be left out; see `Recorded`."""
        rows = np.asarray(table, dtype=np.float64).reshape(-1, len(COLUMN_NAMES))
        return Recorded(rows, self.layer.has_classes, self.validation is not None, every)

    def record(self, layer: Layer, epoch: int) -> Recorded:
        """One entry: the costs and errors of a layer, evaluated now, as those after an epoch."""
        sets = (evaluated(layer, patterns, self.descent) for patterns in (self.training, self.validation))
        return self.recorded([[epoch, *chain.from_iterable(sets)]])

    def monitored(self, cost: float | None, errors: float | None) -> float:
        """What patience looks at: the cost over the validation set, or the share of wrong predictions in it. Less is better.

        What is not a number is the worst, so that any number is better.

        cost, errors : of the validation set.
        """
        share = self.descent.monitor == "accuracy"
        value = errors if share else cost
        if self.validation is None or value is None or math.isnan(value):
            return math.inf
        return value / float(self.validation.sample_weight.sum()) if share else value

    def first_best(self, initial: Recorded) -> Best | None:
        """The initial layer, which later ones are to beat; None without patience.

        initial : the entry of that layer.
        """
        if self.descent.patience is None:
            return None
        return Best(self.layer, 0, self.monitored(initial.last("validation_cost"), initial.last("validation_errors")))


class Best(NamedTuple):
    """The best layer so far, by the validation set.

    layer : the layer.
    epoch : after which it stood.
    value : its cost, or its share of wrong predictions; less is better.
    """

    layer: Layer
    epoch: int
    value: float

    def is_beaten(self, value: float, descent: Descent) -> bool:
        """Whether a later value is better by more than `min_change`; one that is not a number is not.

        value : the later one.
        descent : by how much it must be better.
        """
        return value < self.value - descent.min_change


class Report(NamedTuple):
    """What a call of `advance` did.

    layer : the layer it ended with.
    epochs : how many it did.
    recorded : what it recorded; it may be empty.
    reason : why it did fewer epochs than asked for; None where it did them all.
    best : the best layer of the run so far, with patience; None without.
    """

    layer: Layer
    epochs: int
    recorded: Recorded
    reason: Reason | None
    best: Best | None = None


class Engine(Protocol):
    """A descent under way.

    name : "direct", "autograd" or "compiled".
    first_slice : epochs that take a millisecond at most, as far as can be known before any; or 1.
    initial : one entry: the costs and errors of the initial layer. The tolerance compares epoch 1 with it.
    """

    name: str
    first_slice: int

    @property
    def initial(self) -> Recorded: ...  # noqa: D102 - see above

    def record(self, layer: Layer, epoch: int) -> Recorded:
        """One entry: the costs and errors of a layer, evaluated now, as those after an epoch."""
        ...

    def advance(self, epochs: int) -> Report:
        """Run this number of epochs more, or fewer where the tolerance is met, patience is over or the cost is not finite.

        Not finite: after each epoch every weight and bias must be finite; after each epoch whose cost is needed
        (recorded, or for the tolerance) the cost too. The report then holds the layer of the epoch before.
        """
        ...

    def prepare(self, seconds: float) -> None:
        """Prepare what saves time if the rest of the run takes `seconds`. It is called between calls of `advance`."""
        ...


def representable(number: float, layer: Layer) -> float:
    """The number, or infinity where it is beyond the layer's dtype: so NumPy takes it, and every engine does.

    Parameters
    ----------
    number : a learning rate or a weight decay.
    layer : the layer to be trained.
    """
    return float(number) if number <= float(np.finfo(layer.dtype).max) else math.inf


def row_for(table: Mapping[type[Layer], Row], layer: Layer, engine: str) -> Row:
    """The row of an engine's table for the kind of a layer.

    The type must be in the table itself: a type that derives from one in the table may have other formulas, and would
    silently be trained by those of its base.

    Parameters
    ----------
    table : what the engine needs to know, a row a kind.
    layer : the layer to be trained.
    engine : the engine's name, for the message.

    Raises
    ------
    InputError
        If the engine has no row for this kind.
    """
    if type(layer) not in table:
        raise InputError(
            "layer",
            f"be of a kind that the {engine} engine has formulas for ({', '.join(kind.__name__ for kind in table)})",
            f"a {type(layer).__name__}",
            'Give engine="direct" to train: it uses the formulas of the layer itself.',
        )
    return table[type(layer)]


class PassEngine(ABC):
    """An engine that passes over the training patterns once an epoch, from Python, and looks at the layer after each pass."""

    name: str
    first_slice = 1

    def __init__(self, work: Work, initial: Recorded | None = None) -> None:
        self.work = work
        self.epoch = 0
        self.initial = self.record(work.layer, 0) if initial is None else initial
        self.cost = float(self.initial.cost[0])
        self.best = work.first_best(self.initial)

    def record(self, layer: Layer, epoch: int) -> Recorded:
        """See `Engine`: by the layer's own formulas."""
        return self.work.record(layer, epoch)

    def prepare(self, seconds: float) -> None:
        """See `Engine`: there is nothing to make ready."""
        return

    @abstractmethod
    def passes(self, epochs: int) -> Iterator[None]:
        """Passes over the training patterns: each is done when it is asked for.

        epochs : how many.
        """

    @abstractmethod
    def layer(self) -> Layer:
        """The layer as it stands."""

    def advance(self, epochs: int) -> Report:
        """See `Engine`."""
        work, tolerance = self.work, self.work.descent.tolerance
        table: list[list[float | None]] = []
        layer, done, reason = self.layer(), 0, None
        with np.errstate(over="ignore", invalid="ignore"):  # an overflow is an outcome here, and named as one
            for _ in self.passes(epochs):
                reached, before, recorded = self.layer(), self.cost, work.records(self.epoch + 1)
                finite = all_finite(reached.weights, reached.biases)
                errors: float | None = None
                if finite and (tolerance is not None or recorded):
                    cost, errors = evaluated(reached, work.training, work.descent)
                    self.cost = math.nan if cost is None else cost
                    finite = math.isfinite(self.cost)
                if not finite:
                    reason = Reason.COST_NOT_FINITE
                    break
                self.epoch += 1
                layer, done = reached, done + 1
                if recorded or self.best is not None:
                    validation = evaluated(reached, work.validation, work.descent)
                    if recorded:
                        table.append([self.epoch, self.cost, errors, *validation])
                    if self.best is not None and self._is_over(
                        self.best, Best(layer, self.epoch, work.monitored(*validation))
                    ):
                        reason = Reason.PATIENCE_OVER
                        break
                if tolerance is not None and abs(self.cost - before) <= tolerance * abs(before):
                    reason = Reason.TOLERANCE_MET
                    break
        return Report(layer, done, work.recorded(table), reason, self.best)

    def _is_over(self, best: Best, reached: Best) -> bool:
        """Whether patience is over; what is better than the best is the best from now on."""
        descent = self.work.descent
        if best.is_beaten(reached.value, descent):
            self.best = reached
        return descent.patience is not None and reached.epoch - (self.best or best).epoch >= descent.patience


class EpochEngine(PassEngine):
    """An engine that is given each epoch's batches: `direct` and `autograd`."""

    def __init__(self, work: Work) -> None:
        super().__init__(work)
        self.orders: Iterator[NDArray[np.intp]] = work.descent.orders(len(work.training.X))

    @abstractmethod
    def run_epoch(self, order: NDArray[np.intp], batches: list[Batch], rates: list[float]) -> None:
        """One pass over the training patterns.

        order : (P,) the order of the patterns in this epoch.
        batches : that order, cut into batches; see `Descent.batches`.
        rates : the learning rate of each batch's update.
        """

    def passes(self, epochs: int) -> Iterator[None]:
        """See `PassEngine`."""
        descent, patterns = self.work.descent, len(self.work.training.X)
        rates = descent.rates(self.epoch, epochs, patterns).tolist()
        updates = descent.updates_per_epoch(patterns)
        for order, its_rates in zip(islice(self.orders, epochs), rates, strict=True):
            batches = descent.batches(order)
            self.run_epoch(order, batches, its_rates if len(its_rates) == updates else its_rates * updates)
            yield
