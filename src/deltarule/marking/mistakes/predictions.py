"""Mistakes in the predicted classes, and in the number of errors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from deltarule.marking.mistakes.conditions import perceptron_rule, predicts_classes
from deltarule.marking.mistakes.mistake import Mistake
from deltarule.marking.mistakes.neighbours import instead, row, rows, times
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.ingredients import Change, Worksheet


def decides_alone(exercise: Exercise) -> bool:
    """Whether a neuron of an `exercise` says yes or no by itself."""
    return predicts_classes(exercise) and (exercise.layer.independent or exercise.layer.neurons == 1)


def above_one_half(exercise: Exercise) -> bool:
    """Whether a neuron of an `exercise` says yes where its output is above 1/2."""
    return decides_alone(exercise) and exercise.output_threshold == 0.5


def by_a_sigmoid(exercise: Exercise) -> bool:
    """Whether a neuron of an `exercise` says yes by an output between 0 and 1."""
    return above_one_half(exercise) and not perceptron_rule(exercise)


def by_the_largest_output(exercise: Exercise) -> bool:
    """Whether the largest output of a pattern tells its class in an `exercise`."""
    return predicts_classes(exercise) and not decides_alone(exercise) and exercise.outputs_decide


def _after(part: str) -> Any:
    """A part of the layer after the update, on the same patterns."""

    def change(s: Worksheet, _right: Any) -> Any:
        parts = ("synaptic_inputs", "outputs", "predicted", "errors")
        return s.without("predicted", "errors").after_update().go_on(parts).parts[part]

    return change


def _wrong_entries(s: Worksheet) -> float:
    """How many entries of the predicted rows differ from the targets, rather than how many rows."""
    predicted = s.parts["predicted"]
    rows_of = predicted > 0 if predicted.ndim == 2 else np.eye(s.K)[predicted] > 0
    return float(np.sum(rows_of != (s.exercise.output_threshold < s.D)))


def _above(values: Callable[[Worksheet], Any], threshold: float) -> dict[str, Change]:
    """Yes where some values are above a threshold."""
    return {"predicted.values": instead(values), "predicted.threshold": instead(lambda _s: threshold)}


MISTAKES = (
    Mistake(
        "right-counted",
        "Errors are the patterns that are predicted wrongly. You counted those that are predicted correctly.",
        "Look at what is counted.",
        # One small count is weak evidence; but where it is all that is wrong, there is hardly another explanation.
        rows(row({"errors": lambda s, right: s.P - right}, when=predicts_classes, price=-2.0)),
    ),
    Mistake(
        "predicted-after-update",
        "An iteration's predictions are those of the layer before the update. You took the new weights and biases.",
        "Look at which layer predicts.",
        rows(
            row({"predicted": _after("predicted")}, when=predicts_classes, beyond=True),
            row({"errors": _after("errors")}, when=predicts_classes, detail="in the number of errors", beyond=True),
        ),
    ),
    Mistake(
        "smallest-taken",
        "The predicted class is that of the largest output, and yes where an output is above 1/2. You took the contrary.",
        "Look at how the class is chosen.",
        rows(
            row({"predicted.values": times(-1.0)}, when=by_the_largest_output),
            row({"predicted": lambda _s, right: 1 - right}, when=above_one_half),
        ),
    ),
    Mistake(
        "threshold",
        "A neuron says yes where its output is above 1/2, that is U above 0. You took another threshold.",
        "Look at the threshold.",
        rows(
            row(_above(lambda s: s.U, 0.5), when=by_a_sigmoid, detail="U above 1/2"),
            row(_above(lambda s: s.Y, 0.0), when=by_a_sigmoid, detail="an output above 0"),
        ),
    ),
    Mistake(
        "errors-per-neuron",
        "Errors are patterns. You counted neurons: each entry that differs from the targets.",
        "Look at what is counted.",
        rows(
            row(
                {"errors": instead(_wrong_entries)},
                when=lambda exercise: predicts_classes(exercise) and exercise.layer.neurons > 1,
            )
        ),
    ),
)
