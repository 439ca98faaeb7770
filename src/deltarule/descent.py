"""How to descend: learning rate, schedule, batches, reduction, decay, momentum, when to stop; and the order of the patterns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from deltarule.checks import Seed, brief, checked_seed, choice, generator, positive, truth, whole
from deltarule.errors import InputError
from deltarule.json_values import json_value
from deltarule.layers import REDUCTIONS, Reduction
from deltarule.not_supported import refuses_by_name
from deltarule.schedules import CONSTANT, Factors, Schedule, schedule_from
from deltarule.views import Shown

Batch = NDArray[np.intp] | slice
Order = Literal["shuffled", "given"]
ORDERS = ("shuffled", "given")
Monitor = Literal["cost", "accuracy"]
MONITORS = ("cost", "accuracy")


@dataclass(frozen=True)
class Descent(Shown):
    """W <- W - a (X^T delta + L W), b <- b - a 1^T delta, once a batch.

    With momentum m the gradient g of each parameter goes into a velocity, V <- m V + g, which is 0 at first, and the step is
    a V; with Nesterov's, a (g + m V). With a schedule a is the rate in force.

    Parameters
    ----------
    learning_rate : a, above 0.
    epochs : passes over the training patterns, at least 1.
    batch_size : patterns an update. None, or a size of at least the number of patterns: all of them, in the order given
        (full batch). A smaller one: mini-batches, in the order that `order` says; the last batch is smaller where the sizes
        do not divide. 1: an update a pattern, which textbooks call online.
    reduction : "sum", "mean" or "half-mean", see `deltarule.layers`. A mean over a mini-batch divides by that batch's own
        size (its weights' sum).
    weight_decay : L, at least 0: adds L/2 sum W^2 to the cost, so L W to each update's gradient. Biases are not decayed.
    decay_biases : whether they are: then the cost has L/2 sum b^2 too, and the gradient of b has L b.
    momentum : m, at least 0 and below 1: the heavy ball (Polyak 1964) as PyTorch's SGD has it, without dampening.
    nesterov : whether the step looks ahead by m V (Sutskever et al. 2013), as PyTorch's SGD does it.
    schedule : of the learning rate: the name of a kind, as in "cosine", its parameters by name, as in
        {"kind": "step", "every": 10}, or a `Schedule`.
    tolerance : stop after the first epoch t (1, 2, ...) with |J(t) - J(t-1)| <= tolerance * |J(t-1)|, where J(t) is the cost
        over the whole training set, decay included, of the layer as it stands after epoch t. None: never.
    patience : stop once the validation set shows nothing better for so many epochs, at least 1. The layer kept is the best one,
        also where the run is not stopped; the initial layer is that of epoch 0. None: never, and the last layer is kept.
    monitor : what is better: a lower "cost" over the validation set (decay included), or a higher "accuracy".
    min_change : better by more than this, at least 0: in the cost, or in the accuracy (a share from 0 to 1).
    seed : of the permutations: a whole number, or a `numpy.random.Generator` (which is then drawn from).
    order : of the patterns in mini-batches: "shuffled", a new permutation each epoch, or "given", as they stand, without a seed.

    Raises
    ------
    InputError
        If a value breaks its rule.

    Examples
    --------
    >>> Descent(learning_rate=0.1, epochs=10, batch_size=4).updates_per_epoch(10)
    3
    """

    learning_rate: float
    epochs: int
    batch_size: int | None = None
    reduction: Reduction = "sum"
    weight_decay: float = 0.0
    tolerance: float | None = None
    seed: Seed = 0
    order: Order = "shuffled"
    decay_biases: bool = field(default=False, kw_only=True)
    momentum: float = field(default=0.0, kw_only=True)
    nesterov: bool = field(default=False, kw_only=True)
    schedule: Schedule = field(default=CONSTANT, kw_only=True)
    patience: int | None = field(default=None, kw_only=True)
    monitor: Monitor = field(default="cost", kw_only=True)
    min_change: float = field(default=0.0, kw_only=True)

    def __post_init__(self) -> None:
        checked: dict[str, Any] = {
            "learning_rate": positive(
                "learning rate",
                self.learning_rate,
                "Try 0.01. A sum over many patterns needs a smaller one than a mean.",
            ),
            "epochs": whole("number of epochs", self.epochs, 1, "An epoch is one pass over the training patterns."),
            "reduction": choice("reduction", self.reduction, REDUCTIONS),
            "order": choice("order", self.order, ORDERS, {"sequential": "given", "random": "shuffled"}),
            "weight_decay": positive("weight decay", self.weight_decay, "Give 0 for none.", zero=True),
            "decay_biases": truth("decay_biases", self.decay_biases),
            "momentum": positive("momentum", self.momentum, "Give 0 for none; 0.9 is usual.", zero=True),
            "nesterov": truth("nesterov", self.nesterov),
            "schedule": schedule_from(self.schedule),
            "monitor": choice("monitor", self.monitor, MONITORS, {"loss": "cost", "errors": "accuracy"}),
            "min_change": positive("min_change", self.min_change, "Give 0 for any change.", zero=True),
        }
        if self.batch_size is not None:
            checked["batch_size"] = whole(
                "batch size", self.batch_size, 1, "Leave it out (None) to use all patterns in each update."
            )
        if self.patience is not None:
            checked["patience"] = whole("patience", self.patience, 1, "Leave it out (None) to run all epochs.")
        elif checked["min_change"] or checked["monitor"] != "cost":
            name = "min_change" if checked["min_change"] else "monitor"
            raise InputError(name, "go with a patience", "none", "Give one (10 epochs, say), or leave it out.")
        if self.tolerance is not None:
            checked["tolerance"] = positive(
                "tolerance", self.tolerance, "Leave it out (None) to run all epochs.", zero=True
            )
        checked_seed("seed", self.seed)
        if checked["momentum"] >= 1:
            raise InputError("momentum", "be below 1", brief(self.momentum), "Give 0 for none; 0.9 is usual.")
        if checked["nesterov"] and not checked["momentum"]:
            raise InputError("nesterov", "go with a momentum above 0", "a momentum of 0", "Give one (0.9 is usual).")
        if checked["decay_biases"] and not checked["weight_decay"]:
            raise InputError("decay_biases", "go with a weight decay above 0", "a weight decay of 0", "Give one.")
        warm_up = checked["schedule"].warm_up
        if checked["schedule"].by == "epoch" and warm_up >= checked["epochs"]:
            raise InputError(
                "warm-up of the schedule",
                f"be shorter than the {checked['epochs']} epochs",
                warm_up,
                'Give a shorter one, more epochs, or by="update".',
            )
        for name, value in checked.items():
            object.__setattr__(self, name, value)

    def to_dict(self) -> dict[str, Any]:
        """Plain values by name, for JSON; the seed is None where it is a generator, which no document can hold."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        if isinstance(self.seed, np.random.Generator):
            values["seed"] = None
        values["schedule"] = self.schedule.to_dict()
        return {name: json_value(value) for name, value in values.items()}

    def rates(self, done: int, epochs: int, patterns: int) -> Factors:
        """The learning rates in force: (epochs, 1), one for each epoch, or (epochs, U), one for each of its U updates.

        Parameters
        ----------
        done : epochs done before the first of them.
        epochs : how many.
        patterns : the number of patterns.
        """
        done = whole("epochs done", done, 0, "Before the first epoch none are.")
        epochs = whole("number of epochs", epochs, 0, "Give how many.")
        patterns = whole("number of patterns", patterns, 1, "Give the number of rows of the inputs.")
        by_update = self.schedule.by == "update"
        each = self.updates_per_epoch(patterns) if by_update else 1
        factors = self.schedule.factors(done * each, epochs * each, self.epochs * each)
        return self.learning_rate * factors.reshape(epochs, each)

    def is_full_batch(self, patterns: int) -> bool:
        """Whether each update uses all patterns, where `patterns` is their number."""
        return self.batch_size is None or self.batch_size >= patterns

    def is_shuffled(self, patterns: int) -> bool:
        """Whether the order of so many `patterns` is drawn, so that the seed matters."""
        return self.order == "shuffled" and not self.is_full_batch(patterns)

    def batch_key(self, patterns: int) -> tuple[int, Seed | None] | None:
        """What decides which patterns each update takes; equal keys take the same. None for the full batch.

        Parameters
        ----------
        patterns : the number of patterns.
        """
        if self.batch_size is None or self.is_full_batch(patterns):
            return None
        return self.batch_size, self.seed if self.is_shuffled(patterns) else None

    def updates_per_epoch(self, patterns: int) -> int:
        """Batches in one pass over the patterns, where `patterns` is their number."""
        return 1 if self.batch_size is None else -(-patterns // self.batch_size)

    def orders(self, patterns: int) -> Iterator[NDArray[np.intp]]:
        """The order of the patterns in epoch 1, 2, ...: as given, or a new permutation each (`is_shuffled`); without end.

        The compiled engine draws the same permutations in `engines/kernels/shuffle.py`: change both together.

        Parameters
        ----------
        patterns : the number of patterns.
        """
        patterns = whole("number of patterns", patterns, 1, "Give the number of rows of the inputs.")
        if not self.is_shuffled(patterns):
            order = np.arange(patterns)
            while True:
                yield order
        rng = generator("seed", self.seed)
        while True:
            yield rng.permutation(patterns)

    def batches(self, order: NDArray[np.intp]) -> list[Batch]:
        """One epoch's batches: runs of `batch_size` of its order. A full batch is a slice, which takes views instead of copies."""
        if self.batch_size is None or self.is_full_batch(len(order)):
            return [slice(None)]
        return [order[start : start + self.batch_size] for start in range(0, len(order), self.batch_size)]


Descent.__init__ = refuses_by_name(Descent.__init__)  # type: ignore[method-assign]
