"""The exercise that an answer is marked against: a problem as the formulas take it, encoded once."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from deltarule.checks import instance
from deltarule.conventions import BESIDE, HOUSE, Conventions
from deltarule.descent import Descent
from deltarule.iteration import Velocity
from deltarule.layers import AnsweringLayer, Layer, Patterns
from deltarule.marking.rework.chaos import nearly_equal_starts
from deltarule.parts import OF_CLASSES, OF_MOMENTUM, PartName
from deltarule.problem import Problem
from deltarule.show.sentences import neuron_names
from deltarule.typeset.words import heads, unlike

if TYPE_CHECKING:
    from deltarule.training import Run

# float64 tells all whole numbers of 15 digits apart. What is larger was not counted: it is shown as the figure that it is.
LARGEST_COUNT = 1e15


@dataclass(frozen=True, eq=False)
class Exercise:
    """A layer, its training patterns and a descent.

    Attributes
    ----------
    layer : where the descent starts.
    patterns : the training patterns: inputs X (P, N), desired outputs D (P, K), weights (P,).
    descent : learning rate, epochs and the rest.
    problem : where it comes from.
    skipped : how many updates led to `layer` (see `worksheet.after_updates`); the next one is iteration `skipped` + 1.
    drawn : batches that were asked for, by the numbers of their first and last updates.
    progress : whether to show a bar while a layer is trained.
    conventions : in which answers are written. All that is worked here is in the house's own.
    first_rows : whether each iteration takes the first patterns, instead of those of its batch.
    velocity : V before the first iteration; None: 0.
    """

    layer: Layer
    patterns: Patterns
    descent: Descent
    problem: Problem
    skipped: int = 0
    drawn: dict[tuple[int, int], list[NDArray[np.intp]]] = field(default_factory=dict)
    progress: bool = False
    conventions: Conventions = HOUSE
    first_rows: bool = False
    velocity: Velocity | None = None

    @classmethod
    def of(cls, problem: Problem, *, progress: bool = False) -> Exercise:
        """The exercise that a problem sets."""
        instance("problem", problem, Problem, "Read one first: read_problem('problem.toml').")
        layer, patterns, descent, conventions = problem.layer, problem.patterns, problem.descent, problem.conventions
        return cls(layer, patterns, descent, problem, progress=progress, conventions=conventions)

    def with_layer(self, layer: Layer, skipped: int | None = None, velocity: Velocity | None = None) -> Exercise:
        """The same exercise from another layer.

        Parameters
        ----------
        layer : where the descent goes on.
        skipped : how many updates led to it; None: as many as to the layer of this exercise.
        velocity : V there; None: that of this exercise.
        """
        return replace(
            self,
            layer=layer,
            skipped=self.skipped if skipped is None else skipped,
            velocity=self.velocity if velocity is None else velocity,
        )

    def with_patterns(self, **changes: Any) -> Exercise:
        """The same exercise with other inputs `X` or desired outputs `D`."""
        return replace(self, patterns=self.patterns._replace(**changes))

    def with_descent(self, **changes: Any) -> Exercise:
        """The same exercise with some fields of its descent changed."""
        descent = replace(self.descent, **changes)
        same_batches = descent.batch_key(self.count) == self.descent.batch_key(self.count)
        return replace(self, descent=descent, drawn=self.drawn if same_batches else {})

    def to_the_end(self, **changes: Any) -> Exercise:
        """The same exercise where the descent does not stop early, with some of its fields changed."""
        return self.with_descent(tolerance=None, patience=None, monitor="cost", min_change=0.0, **changes)

    def with_first_rows(self) -> Exercise:
        """The same exercise where each iteration takes the first patterns, as many as its batch has."""
        return replace(self, first_rows=True, drawn={})

    @property
    def decimals(self) -> int:
        """Decimals that the problem shows."""
        return self.problem.decimals

    @property
    def momentum(self) -> float:
        """m, 0 where the descent has no momentum."""
        return self.descent.momentum

    def has(self, part: str) -> bool:
        """Whether iterations have a part, by its name: only layers of classes have errors, and only momentum has velocities."""
        return not ((part in OF_CLASSES and self.predicts_numbers) or (part in OF_MOMENTUM and not self.momentum))

    def rate(self, number: int) -> float:
        """The learning rate in force in an update, counted from 1; after the last epoch it stays."""
        if self.descent.schedule.is_constant:
            return self.descent.learning_rate
        return rate_in_force(self.descent, self.count, number)

    @cached_property
    def count(self) -> int:
        """P, the number of training patterns."""
        return len(self.patterns.X)

    @cached_property
    def updates(self) -> int:
        """Updates of the whole descent."""
        return self.descent.epochs * self.descent.updates_per_epoch(self.count)

    def batches(self, first: int, last: int) -> list[NDArray[np.intp]]:
        """The patterns of each update from `first` to `last`, counted from 1."""
        every = np.arange(self.count)
        if self.descent.is_full_batch(self.count):
            return [every] * (last - first + 1)
        if (first, last) not in self.drawn:  # the orders of a late update are drawn from the first epoch on
            orders = self.descent.orders(self.count)
            all_batches = (every[b] for order in orders for b in self.descent.batches(order))
            if self.first_rows:
                all_batches = (every[: len(batch)] for batch in all_batches)
            self.drawn[first, last] = list(islice(all_batches, first - 1, last))
        return self.drawn[first, last]

    def batch(self, number: int) -> NDArray[np.intp]:
        """The patterns of one update, counted from 1."""
        return self.batches(number, number)[0]

    def rank(self, number: int) -> int:
        """How many rows of the inputs of an update do not follow from others, the constant input among them.

        Parameters
        ----------
        number : of the update, counted from 1.
        """
        X = self.patterns.X[self.batch(number)]
        return int(np.linalg.matrix_rank(np.column_stack([X, np.ones(len(X))])))

    def trained(self) -> Run:
        """The run of the whole descent; Ctrl-C ends the marking, since no answer is marked by half a descent."""
        from deltarule.training import train

        X, D, v = self.patterns
        return train(
            self.layer,
            X,
            D,
            self.descent,
            sample_weight=v,
            validation=self.problem.test if self.descent.patience else None,
            progress=self.progress,
            record_every=0,
            on_interrupt="raise",
        )

    @cached_property
    def run(self) -> Run:
        """What `trained` gives, made once for all answers that are marked against this exercise."""
        return self.trained()

    @cached_property
    def beside(self) -> list[Exercise]:
        """The exercise from layers that differ from its own in the last digits only, for all answers marked against it."""
        return [self.with_layer(layer) for layer in nearly_equal_starts(self.layer)]

    # ---- What the layer predicts.

    @cached_property
    def predicts_numbers(self) -> bool:
        """Whether the layer predicts numbers, so that no prediction is right or wrong."""
        return not self.layer.has_classes

    @cached_property
    def classes(self) -> tuple[Any, ...]:
        """The labels; empty where there are none."""
        return self.layer.classes or ()

    @property
    def output_threshold(self) -> float:
        """The output above which a neuron that decides by itself says yes."""
        return self.layer.threshold if isinstance(self.layer, AnsweringLayer) else 0.5

    @property
    def outputs_decide(self) -> bool:
        """Whether the outputs tell the predicted classes: of several hard outputs more than one may be the largest."""
        return not (self.layer.learns_from_errors and self.layer.neurons > 1 and not self.layer.independent)

    def decided(self, U: NDArray[Any], threshold: float = 0.0) -> NDArray[np.int_]:
        """The predicted classes by their places (P,); for independent neurons their answers (P, K).

        Parameters
        ----------
        U : (P, K) synaptic inputs, or outputs.
        threshold : above which a neuron that decides by itself says yes: 0 for synaptic inputs, `output_threshold` for outputs.
        """
        layer = self.layer
        if isinstance(layer, AnsweringLayer) and not layer.is_one_against_rest():
            yes = layer.says_yes(U, threshold)
            low, high = map(int, layer.answers)
            return np.where(yes, high, low) if layer.independent else yes[:, 0].astype(int)
        place: NDArray[np.int_] = U.argmax(axis=1)
        return place

    def is_wrong(self, predicted: NDArray[Any], D: NDArray[Any]) -> NDArray[np.bool_]:
        """Which patterns' predicted classes differ from the desired outputs D (P, K); many predictions at once have axes before."""
        differs: NDArray[np.bool_] = np.not_equal(predicted, self.decided(D, self.output_threshold))
        return np.asarray(differs.any(axis=-1)) if self.layer.independent else differs

    # ---- The parts of an answer to it.

    def heads(self, name: PartName) -> tuple[list[str], list[str]]:
        """What the rows and the columns of a part stand for: patterns, inputs, neurons; empty where they stand for nothing."""
        layer, problem = self.layer, self.problem
        inputs = heads(problem.input_names, layer.inputs, "x")
        neurons = heads(neuron_names(layer, problem.target_names), layer.neurons, "")
        if name.table == "boundaries":
            return [], [*inputs, unlike(inputs, "c", "constant")]
        if name.has_rows_of_patterns:
            rows = range(self.count) if name.number is None else self.batch(name.number)
            return [str(p + 1) for p in rows], inputs if name.part == "inputs" else neurons
        return inputs if name.part in BESIDE else [], neurons

    def as_shown(self, name: PartName, value: float) -> Any:
        """An entry of a part as a reader sees it: a label, a count or a figure."""
        if name.part == "predicted" and not self.layer.independent:
            return self.classes[int(value)]
        return int(value) if name.is_count and abs(value) < LARGEST_COUNT and value == int(value) else value

    def shape(self, part: str, rows: int) -> tuple[int, ...] | None:
        """The shape in which a part of an iteration or of the convergence is written; None where there is no such part.

        Parameters
        ----------
        part : one of `ITERATION_PARTS` or `CONVERGENCE_PARTS`.
        rows : the number of patterns in the batch.
        """
        N, K = self.layer.weights.shape
        if not (self.has(part) and self.conventions.writes(part)):
            return None
        if part == "predicted":
            return (rows, K) if self.layer.independent else (rows,)
        if part in ("errors", "cost", "updates"):
            return ()
        if part in BESIDE:
            return self.conventions.shape(part, (N, K))
        if part in BESIDE.values():
            return (K,)
        return self.conventions.shape(part, (rows, N)) if part == "inputs" else (rows, K)


@lru_cache(maxsize=4096)  # an answer is reworked some hundred times, in the same few updates
def rate_in_force(descent: Descent, patterns: int, number: int) -> float:
    """The learning rate in an update, by its number from 1, of a descent over so many patterns.

    Parameters
    ----------
    descent : with any schedule.
    patterns : how many there are.
    number : of the update.
    """
    epoch, update = divmod(number - 1, descent.updates_per_epoch(patterns))
    rates = descent.rates(min(epoch, descent.epochs - 1), 1, patterns)[0]
    return float(rates[update if len(rates) > 1 else 0])
