"""What is marked against: a problem as the formulas take it, and the parts that an answer to it may have."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from deltarule.descent import Descent
from deltarule.layers import Layer, LogisticLayer, NumberLayer, Patterns
from deltarule.problem import Problem
from deltarule.show.sentences import neuron_names
from deltarule.typeset.words import heads

if TYPE_CHECKING:
    from deltarule.training import Run

# The parts of an iteration, in the order in which they are worked.
ITERATION_PARTS = (
    *("synaptic_inputs", "outputs", "predicted", "errors", "cost", "delta"),
    *("weight_gradient", "bias_gradient", "weights", "biases"),
)
CONVERGENCE_PARTS = ("updates", "weights", "biases", "cost", "errors", "inputs", "outputs", "predicted")
METRICS = ("cost", "errors", "accuracy", "mse", "r2")
SETS = ("training", "test")
# What is counted is exact: no decimals, no rounding.
COUNTS = ("predicted", "errors", "updates")
ROWS_OF_PATTERNS = ("synaptic_inputs", "outputs", "predicted", "delta", "inputs")


@dataclass(frozen=True, eq=False)
class Exercise:
    """A layer, its training patterns and a descent.

    decimals : those that the problem shows.
    skipped : updates that led to the layer (see `worksheet.skipping`).
    drawn : batches that were asked for, by their first and last updates.
    """

    layer: Layer
    patterns: Patterns
    descent: Descent
    decimals: int
    problem: Problem
    skipped: int = 0
    drawn: dict[tuple[int, int], list[NDArray[np.intp]]] = field(default_factory=dict)

    @classmethod
    def of(cls, problem: Problem) -> Exercise:
        """A problem's."""
        patterns = problem.layer.patterns(problem.X, problem.targets)
        return cls(problem.layer, patterns, problem.descent, problem.decimals, problem)

    def having(self, **changes: Any) -> Exercise:
        """The exercise with some of its fields changed; of the patterns, `X` and `D`."""
        inner = {name: changes.pop(name) for name in ("X", "D") if name in changes}
        return replace(self, patterns=self.patterns._replace(**inner), **changes)

    @cached_property
    def count(self) -> int:
        """Training patterns."""
        return len(self.patterns.X)

    @cached_property
    def updates(self) -> int:
        """Of the whole descent."""
        return self.descent.epochs * self.descent.updates_per_epoch(self.count)

    def batches(self, first: int, last: int) -> list[NDArray[np.intp]]:
        """The patterns of updates `first` to `last`, counted from 1."""
        every = np.arange(self.count)
        if self.descent.is_full_batch(self.count):
            return [every] * (last - first + 1)
        if (first, last) not in self.drawn:  # a late one's orders are drawn from the first epoch on
            all_batches = (every[b] for order in self.descent.orders(self.count) for b in self.descent.batches(order))
            self.drawn[first, last] = list(islice(all_batches, first - 1, last))
        return self.drawn[first, last]

    def descended(self) -> Run:
        """What the whole descent reaches."""
        from deltarule.training import train

        X, D, v = self.patterns
        targets = D if self.predicts_numbers or self.independent else self.layer.decode(D)
        return train(self.layer, X, targets, self.descent, sample_weight=v, record_every=0)

    @cached_property
    def predicts_numbers(self) -> bool:
        """Whether the layer predicts numbers: then nothing is predicted rightly or wrongly."""
        return isinstance(self.layer, NumberLayer)

    @cached_property
    def independent(self) -> bool:
        """Whether each neuron says yes or no by itself."""
        return isinstance(self.layer, LogisticLayer) and self.layer.classes is None

    @cached_property
    def classes(self) -> tuple[Any, ...]:
        """The labels; none where there are no classes."""
        return tuple(getattr(self.layer, "classes", None) or ())

    def decided(self, U: NDArray[Any], threshold: float = 0.0) -> NDArray[np.int_]:
        """What is predicted: the class's place (P,), or 0 and 1 of independent neurons (P, K).

        threshold : above which a neuron that decides alone says yes: 0 of synaptic inputs, 1/2 of outputs.
        """
        if self.independent or self.layer.neurons == 1:
            said = (threshold < U).astype(int)
            return said if self.independent else said[:, 0]
        place: NDArray[np.int_] = U.argmax(axis=1)
        return place

    def names(self, name: str) -> tuple[list[str], list[str]]:
        """What the rows and columns of a part stand for: patterns, inputs, neurons; nothing where there are none."""
        table, *number, part = name.split(".")
        layer, problem = self.layer, self.problem
        inputs = heads(problem.input_names, layer.inputs, "x")
        neurons = heads(neuron_names(layer, problem.target_names), layer.neurons, "")
        if table == "boundaries":
            return [], [*inputs, "c"]
        if part in ROWS_OF_PATTERNS:
            rows = self.batches(int(number[0]), int(number[0]))[0] if number else range(self.count)
            return [str(p + 1) for p in rows], inputs if part == "inputs" else neurons
        return inputs if part in ("weights", "weight_gradient") else [], neurons

    def shown(self, part: str, value: float) -> Any:
        """An entry of a part as it is written: a label, a count or a figure."""
        if part == "predicted" and not self.independent:
            return self.classes[int(value)]
        return int(value) if part in COUNTS and value == int(value) else value

    def shape(self, part: str, rows: int) -> tuple[int, ...] | None:
        """The shape of a part of an iteration whose batch has so many rows; None where there is no such part."""
        N, K = self.layer.weights.shape
        if part in ("predicted", "errors") and self.predicts_numbers:
            return None
        if part == "predicted":
            return (rows, K) if self.independent else (rows,)
        if part in ("errors", "cost", "updates"):
            return ()
        if part in ("weights", "weight_gradient"):
            return N, K
        if part in ("biases", "bias_gradient"):
            return (K,)
        return (rows, N) if part == "inputs" else (rows, K)
