"""Mistakes in the update: its sign, its length, and biases that are left behind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from deltarule.marking.mistakes.mistake import Mistake, Variant, changed, stepped, times
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.worksheet import Change, Worksheet


def _ascent(_exercise: Exercise) -> Iterator[Variant]:
    uphill = stepped(lambda s: -s.a)
    yield Variant(uphill)
    yield changed(delta=times(lambda _s: -1.0))
    for part, step in uphill.items():
        yield Variant({part: step}, price=2.0)


ASCENT = Mistake(
    "ascent", "Descent goes against the gradient: W - a dJ/dW. Your step goes along it.", "Look at signs.", _ascent
)


def _delta_turned(exercise: Exercise) -> Iterator[Variant]:
    L = exercise.descent.weight_decay
    gradient: Change = lambda s, right: right - 2 * L * s.W  # noqa: E731 - its decay has the other sign too
    yield Variant({"delta": times(lambda _s: -1.0), "weight_gradient": gradient, **stepped(lambda s: -s.a)})


DELTA_TURNED = Mistake(
    "delta-turned",
    "Delta is Y - D here, and the step goes against it. You took D - Y and went along it: the step is the same, but delta and "
    "the gradients have the other sign.",
    "Look at signs.",
    _delta_turned,
)


def _rate_missing(_exercise: Exercise) -> Iterator[Variant]:
    yield Variant(stepped(lambda _s: 1.0))


RATE_MISSING = Mistake(
    "rate-missing",
    "The step is the learning rate times the gradient. You took the gradient alone.",
    "Look at the length of the step.",
    _rate_missing,
)


def _rate_twice(_exercise: Exercise) -> Iterator[Variant]:
    yield Variant(stepped(lambda s: s.a * s.a))
    yield changed(weight_gradient=times(lambda s: s.a), bias_gradient=times(lambda s: s.a))


RATE_TWICE = Mistake(
    "rate-twice",
    "Your step has the learning rate as a factor twice.",
    "Look at the length of the step.",
    _rate_twice,
)


def _gradient_with_new_weights(s: Worksheet, _right: Any) -> Any:
    W = s.W - s.a * s.parts["weight_gradient"]
    Y = s.exercise.layer.activate(s.X @ W + s.b)
    return (s.exercise.layer.output_delta(Y, s.D) * s.factor()).sum(axis=0)


def _new_weights_for_biases(_exercise: Exercise) -> Iterator[Variant]:
    yield changed(bias_gradient=_gradient_with_new_weights)
    yield changed(biases=lambda s, right: s.b - s.a * _gradient_with_new_weights(s, right))


NEW_WEIGHTS_FOR_BIASES = Mistake(
    "new-weights-for-biases",
    "Both gradients are those of the layer before the update. You used the new weights for the biases.",
    "Look at which weights the biases' gradient was taken at.",
    _new_weights_for_biases,
)


def _biases_not_updated(_exercise: Exercise) -> Iterator[Variant]:
    yield changed(biases=lambda s, _: s.b)
    yield Variant({"bias_gradient": times(lambda _s: 0.0)}, price=1.0)


BIASES_NOT_UPDATED = Mistake(
    "biases-not-updated",
    "The biases are updated too: b - a times the sum of delta. You left them unchanged.",
    "Look at the biases.",
    _biases_not_updated,
)


def _not_updated(_exercise: Exercise) -> Iterator[Variant]:
    # A gradient that cancels to 0 gives the same figures: it is much rarer.
    yield Variant({"weights": lambda s, _: s.W, "biases": lambda s, _: s.b}, price=-2.0)


NOT_UPDATED = Mistake(
    "not-updated",
    "Weights and biases after the update are those before it: W - a dJ/dW and b - a dJ/db were not worked.",
    "Look at what the update changes.",
    _not_updated,
)
