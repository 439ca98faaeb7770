"""A worksheet of paper: the parts of iterations, each worked from those before it, rightly or with changes.

The same few lines rework the right answer, an answer with a known mistake, one whose every figure was rounded before it was
used, and one that follows from what a student wrote.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deltarule.layers import Patterns
from deltarule.marking.answer.given import GivenPart
from deltarule.marking.marks import within
from deltarule.marking.rework.exercise import COUNTS, ITERATION_PARTS, Exercise

Values = NDArray[Any]
# What becomes of a part: from the worksheet so far and the part as it is rightly worked.
Change = Callable[["Worksheet", Any], Any]
# What is written down of a part, and carried on: rounded, say.
Writing = Callable[[str, Any], Any]


@dataclass(eq=False)
class Worksheet:
    """One iteration under variant: W and b before it, its batch, and the parts worked so far."""

    exercise: Exercise
    batch: Patterns
    rows: NDArray[np.intp]
    number: int
    W: Values
    b: Values
    parts: dict[str, Any] = field(default_factory=dict)

    @property
    def X(self) -> Values:
        """Inputs of the batch."""
        return self.batch.X

    @property
    def D(self) -> Values:
        """Desired outputs."""
        return self.batch.D

    @property
    def U(self) -> Values:
        """Synaptic inputs, as worked."""
        value: Values = self.parts["synaptic_inputs"]
        return value

    @property
    def Y(self) -> Values:
        """Outputs, as worked."""
        value: Values = self.parts["outputs"]
        return value

    @property
    def delta(self) -> Values:
        """Delta, as worked."""
        value: Values = self.parts["delta"]
        return value

    @property
    def P(self) -> int:
        """Patterns in the batch."""
        return len(self.batch.X)

    @property
    def a(self) -> float:
        """The learning rate."""
        return self.exercise.descent.learning_rate

    def scale(self) -> float:
        """What the reduction multiplies a sum over the batch by."""
        return self.exercise.layer.scale(self.batch.sample_weight, self.exercise.descent.reduction)

    def decay_cost(self) -> float:
        """L/2 sum W^2."""
        return 0.5 * self.exercise.descent.weight_decay * float(np.sum(self.W**2))


def _cost(worksheet: Worksheet) -> float:
    layer, v = worksheet.exercise.layer, worksheet.batch.sample_weight
    with np.errstate(invalid="ignore"):
        cost = float(v @ layer.output_cost(worksheet.Y, worksheet.D))
    if not np.isfinite(cost):  # an output rounded to 0: nobody can take its logarithm, so from U
        cost = float(v @ layer.pattern_cost(worksheet.U, worksheet.D))
    return cost * worksheet.scale() + worksheet.decay_cost()


def _delta(worksheet: Worksheet) -> Values:
    factor = worksheet.batch.sample_weight * worksheet.scale()
    return worksheet.exercise.layer.output_delta(worksheet.Y, worksheet.D) * factor[:, None]


def errors_of(worksheet: Worksheet) -> float:
    """How many predictions differ from the targets."""
    said, layer = worksheet.parts["predicted"], worksheet.exercise.layer
    if said.ndim == 2:
        return float(np.sum(np.any(said != (worksheet.D > 0.5), axis=1)))
    meant = (worksheet.D[:, 0] > 0.5).astype(int) if layer.neurons == 1 else worksheet.D.argmax(axis=1)
    return float(np.sum(said != meant))


RIGHT: dict[str, Callable[[Worksheet], Any]] = {
    "synaptic_inputs": lambda s: s.X @ s.W + s.b,
    "outputs": lambda s: s.exercise.layer.activate(s.U),
    "predicted": lambda s: s.exercise.decided(s.U),
    "errors": errors_of,
    "cost": _cost,
    "delta": _delta,
    "weight_gradient": lambda s: s.X.T @ s.delta + s.exercise.descent.weight_decay * s.W,
    "bias_gradient": lambda s: s.delta.sum(axis=0),
    "weights": lambda s: s.W - s.a * s.parts["weight_gradient"],
    "biases": lambda s: s.b - s.a * s.parts["bias_gradient"],
}


def rework(
    exercise: Exercise,
    numbers: Iterable[int],
    changes: Mapping[str, Change],
    write: Writing | None = None,
    given: Mapping[str, GivenPart] | None = None,
    *,
    sharpen: bool = False,
    only: int | None = None,
) -> dict[str, Any]:
    """The parts of these iterations by name ("iteration.1.delta"), worked from the exercise's layer on.

    Parameters
    ----------
    changes : what is done otherwise, by part.
    only : the iteration in which they are done; None: all.
    write : what is carried on of a part; None: all of it.
    given : parts of an answer, which are carried on instead of those worked (what is returned is the part as worked).
    sharpen : of a figure given that is the one worked, rounded, all decimals are carried on.
    """
    wanted = sorted(set(numbers))
    found: dict[str, Any] = {}
    if not wanted:
        return found
    W, b = exercise.layer.weights, exercise.layer.biases
    parts = [part for part in ITERATION_PARTS if not (exercise.predicts_numbers and part in ("predicted", "errors"))]
    with np.errstate(all="ignore"):
        first = exercise.skipped + 1
        for number, rows in enumerate(exercise.batches(first, wanted[-1]), start=first):
            worksheet = Worksheet(exercise, exercise.patterns.take(rows), rows, number, W, b)
            for part in parts:
                value = RIGHT[part](worksheet)
                if part == "predicted" and given is not None and f"iteration.{number}.outputs" in given:
                    value = exercise.decided(worksheet.Y, 0.5)  # from what was written
                if part in changes and only in (None, number):
                    value = changes[part](worksheet, value)
                name = f"iteration.{number}.{part}"
                if number in wanted:
                    found[name] = value
                if write is not None and part not in COUNTS:
                    value = write(part, value)
                if given is not None and name in given:
                    value = _carried(given[name], value, part, sharpen=sharpen)
                worksheet.parts[part] = value
            W, b = worksheet.parts["weights"], worksheet.parts["biases"]
    return found


def skipping(exercise: Exercise, updates: int) -> Exercise:
    """The exercise with its layer after so many updates, rightly worked: what is late is then worked from near."""
    if updates <= exercise.skipped:
        return exercise
    per_epoch = exercise.descent.updates_per_epoch(exercise.count)
    epochs = updates // per_epoch
    if epochs > 1 and not exercise.skipped:
        layer = exercise.having(descent=replace(exercise.descent, epochs=epochs, tolerance=None)).descended().layer
        return skipping(exercise.having(layer=layer, skipped=epochs * per_epoch), updates)
    there = rework(exercise, [updates], {})
    W, b = (there[f"iteration.{updates}.{part}"] for part in ("weights", "biases"))
    return exercise.having(layer=exercise.layer.with_parameters(W, b), skipped=updates)


def _carried(given: GivenPart, value: Any, part: str, *, sharpen: bool) -> Any:
    """What was given, and what was worked where nothing was."""
    values = given.values
    own = np.isnan(values)
    if sharpen and part not in COUNTS:
        own = own | within(values, value, given.half)
    carried = np.where(own, value, values)
    if part == "predicted":
        return carried.astype(int)
    return carried if carried.ndim else float(carried)


def rounded(decimals: int) -> Writing:
    """Figures as they are written with so many decimals, halves away from zero."""
    unit = 10.0**-decimals

    def write(_part: str, value: Any) -> Any:
        return np.sign(value) * np.floor(np.abs(value) / unit + (0.5 + 1e-9)) * unit

    return write
