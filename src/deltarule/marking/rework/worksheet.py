"""A worksheet: the parts of an iteration, each worked from those before it, without a mistake or with changes.

The same few lines work the right answer, an answer with a known mistake, an answer whose every figure was rounded before it
was used, and an answer that follows from what a student wrote.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deltarule.iteration import step
from deltarule.layers import Patterns
from deltarule.marking.given import GivenPart
from deltarule.marking.parts import COUNTS, ITERATION_PARTS, PartName
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.tolerance import within

Values = NDArray[Any]
# The parts of iterations as they were worked, by name.
Reworked = dict[PartName, Any]
# Works a part otherwise: from the worksheet so far, and from the right figures of the part.
Change = Callable[["Worksheet", Any], Any]
# What is carried on of a part ("delta", its values): its figures rounded, for example.
Carry = Callable[[str, Any], Any]


@dataclass(eq=False)
class Worksheet:
    """One iteration under way.

    Attributes
    ----------
    exercise : what is worked.
    batch, rows : the patterns of the iteration, and their places among all patterns.
    number : of the iteration, from 1.
    W, b : weights (N, K) and biases (K,) before the update.
    parts : the parts worked so far, by their part's name ("delta").
    """

    exercise: Exercise
    batch: Patterns
    rows: NDArray[np.intp]
    number: int
    W: Values
    b: Values
    parts: dict[str, Any] = field(default_factory=dict)

    @property
    def X(self) -> Values:
        """Inputs of the batch (P, N)."""
        return self.batch.X

    @property
    def D(self) -> Values:
        """Desired outputs of the batch (P, K)."""
        return self.batch.D

    @property
    def U(self) -> Values:
        """Synaptic inputs (P, K), as worked."""
        value: Values = self.parts["synaptic_inputs"]
        return value

    @property
    def Y(self) -> Values:
        """Outputs (P, K), as worked."""
        value: Values = self.parts["outputs"]
        return value

    @property
    def delta(self) -> Values:
        """Delta (P, K), as worked."""
        value: Values = self.parts["delta"]
        return value

    @property
    def P(self) -> int:
        """The number of patterns in the batch."""
        return len(self.batch.X)

    @property
    def a(self) -> float:
        """The learning rate."""
        return self.exercise.descent.learning_rate

    def scale(self) -> float:
        """What the reduction multiplies a sum over the batch by."""
        return self.exercise.layer.scale(self.batch.sample_weight, self.exercise.descent.reduction)

    def factor(self) -> Values:
        """What delta is multiplied by: the patterns' weights times `scale`, a column (P, 1)."""
        return (self.batch.sample_weight * self.scale())[:, None]

    def decay_cost(self) -> float:
        """L/2 sum W^2."""
        return 0.5 * self.exercise.descent.weight_decay * float(np.sum(self.W**2))


def _cost(sheet: Worksheet) -> float:
    layer = sheet.exercise.layer
    # From U where that is the same: of 1 - y few digits are left where y is near 1.
    cost = None if np.array_equal(sheet.Y, layer.activate(sheet.U)) else cost_from_outputs(sheet)
    if cost is None or not np.isfinite(cost):  # an output was rounded to 0, which has no logarithm
        cost = (
            float(sheet.batch.sample_weight @ layer.pattern_cost(sheet.U, sheet.D)) * sheet.scale() + sheet.decay_cost()
        )
    return cost


def cost_from_outputs(sheet: Worksheet, _right: Any = None) -> float:
    """J as it is worked from the outputs of a `sheet`; infinite or NaN where one of them has no logarithm."""
    pattern_costs = sheet.exercise.layer.output_cost(sheet.Y, sheet.D)
    return float(sheet.batch.sample_weight @ pattern_costs) * sheet.scale() + sheet.decay_cost()


def _errors(sheet: Worksheet) -> float:
    """How many predictions differ from the targets."""
    predicted, layer = sheet.parts["predicted"], sheet.exercise.layer
    if predicted.ndim == 2:
        return float(np.sum(np.any(predicted != (sheet.D > 0.5), axis=1)))
    target = (sheet.D[:, 0] > 0.5).astype(int) if layer.neurons == 1 else sheet.D.argmax(axis=1)
    return float(np.sum(predicted != target))


RIGHT: dict[str, Callable[[Worksheet], Any]] = {
    "synaptic_inputs": lambda s: s.X @ s.W + s.b,
    "outputs": lambda s: s.exercise.layer.activate(s.U),
    "predicted": lambda s: s.exercise.decided(s.U),
    "errors": _errors,
    "cost": _cost,
    "delta": lambda s: s.exercise.layer.output_delta(s.Y, s.D) * s.factor(),
    "weight_gradient": lambda s: s.X.T @ s.delta + s.exercise.descent.weight_decay * s.W,
    "bias_gradient": lambda s: s.delta.sum(axis=0),
    "weights": lambda s: s.W - s.a * s.parts["weight_gradient"],
    "biases": lambda s: s.b - s.a * s.parts["bias_gradient"],
}


def rework(
    exercise: Exercise,
    numbers: Iterable[int],
    changes: Mapping[str, Change] | None = None,
    carry: Carry | None = None,
    given: Mapping[PartName, GivenPart] | None = None,
    *,
    sharpen: bool = False,
    only_in: int | None = None,
) -> Reworked:
    """The parts of some iterations, worked from the exercise's layer on.

    Parameters
    ----------
    exercise : what is worked.
    numbers : of the iterations that are returned; those before them are worked too.
    changes : what is done otherwise, by part; None: nothing.
    carry : what is carried on of a part; None: all of it.
    given : parts of an answer, which are carried on instead of those worked. What is returned is the part as worked.
    sharpen : carry on all decimals of a given figure that is the worked one, rounded.
    only_in : the one iteration in which the changes are made; None: all.

    Returns
    -------
    dict
        The parts by name.
    """
    asked = sorted(set(numbers))
    found: Reworked = {}
    if not asked:
        return found
    changes = changes or {}
    W, b = exercise.layer.weights, exercise.layer.biases
    parts = [part for part in ITERATION_PARTS if not (exercise.predicts_numbers and part in ("predicted", "errors"))]
    with np.errstate(all="ignore"):
        first = exercise.skipped + 1
        for number, rows in enumerate(exercise.batches(first, asked[-1]), start=first):
            sheet = Worksheet(exercise, exercise.patterns.take(rows), rows, number, W, b)
            for part in parts:
                name = PartName.in_iteration(number, part)
                value = RIGHT[part](sheet)
                if part == "predicted" and given is not None and PartName.in_iteration(number, "outputs") in given:
                    value = exercise.decided(sheet.Y, 0.5)  # from the outputs that were written
                if part in changes and only_in in (None, number):
                    value = changes[part](sheet, value)
                if number in asked:
                    found[name] = value
                if carry is not None and part not in COUNTS:
                    value = carry(part, value)
                if given is not None and name in given:
                    value = _carried(given[name], value, sharpen=sharpen)
                sheet.parts[part] = value
            W, b = sheet.parts["weights"], sheet.parts["biases"]
    return found


def _carried(given: GivenPart, value: Any, *, sharpen: bool) -> Any:
    """The figures given, and those worked where nothing was given."""
    own = ~given.known
    if sharpen and not given.name.is_count:
        own = own | within(given.values, value, given.half)
    carried = np.where(own, value, given.values)
    if given.name.part == "predicted":
        return carried.astype(int)
    return carried if carried.ndim else float(carried)


def after_updates(exercise: Exercise, updates: int) -> Exercise:
    """The exercise from the layer that its first updates lead to. Late iterations then begin close to that layer."""
    if updates <= exercise.skipped:
        return exercise
    per_epoch = exercise.descent.updates_per_epoch(exercise.count)
    epochs = updates // per_epoch
    if epochs > 1 and not exercise.skipped:
        layer = exercise.with_descent(epochs=epochs, tolerance=None).trained().layer
        return after_updates(exercise.with_layer(layer, skipped=epochs * per_epoch), updates)
    layer = exercise.layer
    with np.errstate(all="ignore"):
        for rows in exercise.batches(exercise.skipped + 1, updates):
            layer = step(layer, exercise.patterns.take(rows), exercise.descent).layer
    return exercise.with_layer(layer, skipped=updates)


def rounded_to_even(decimals: int) -> Carry:
    """What rounds figures to this number of decimals as NumPy and Python do: halves are rounded to the even digit."""
    return lambda _part, value: np.round(value, decimals)


def rounded(decimals: int) -> Carry:
    """What rounds figures to this number of decimals as people do: halves are rounded away from zero."""
    unit = 10.0**-decimals

    def carry(_part: str, value: Any) -> Any:
        # Binary fractions miss an exact half by some 1e-16; the 1e-9 lets it be one.
        return np.sign(value) * np.floor(np.abs(value) / unit + (0.5 + 1e-9)) * unit

    return carry
