"""Mistakes in the weight decay: L/2 sum W^2 in the cost, L W in the gradient, nothing for the biases."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from deltarule.marking.mistakes.mistake import Mistake, Variant, changed
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.ingredients import Change


def _decay_forgotten(exercise: Exercise) -> Iterator[Variant]:
    L = exercise.descent.weight_decay
    if L:
        yield Variant(exercise=exercise.with_descent(weight_decay=0.0))
        yield changed(weight_gradient=lambda s, right: right - s.exercise.descent.weight_decay * s.W)
        yield changed(cost=lambda s, right: right - s.decay_cost())


DECAY_FORGOTTEN = Mistake(
    "decay-forgotten",
    "This problem has a weight decay: L/2 sum W^2 in the cost, L W in the gradient.",
    "Look at the weight decay.",
    _decay_forgotten,
)


def _decay_twice(exercise: Exercise) -> Iterator[Variant]:
    L = exercise.descent.weight_decay
    if L:
        twice: Change = lambda s, right: right + L * s.W  # noqa: E731
        cost: Change = lambda s, right: right + s.decay_cost()  # noqa: E731
        yield changed(cost=cost)
        yield changed(weight_gradient=twice)
        yield changed(cost=cost, weight_gradient=twice)


DECAY_TWICE = Mistake(
    "decay-twice",
    "The decay is L/2 sum W^2 in the cost and L W in the gradient. Yours is twice that.",
    "Look at the weight decay.",
    _decay_twice,
)


def _biases_decayed(exercise: Exercise) -> Iterator[Variant]:
    L = exercise.descent.weight_decay
    if L:
        gradient: Change = lambda s, right: right + L * s.b  # noqa: E731
        yield changed(bias_gradient=gradient)
        yield changed(bias_gradient=gradient, cost=lambda s, right: right + 0.5 * L * float(np.sum(s.b**2)))


BIASES_DECAYED = Mistake(
    "biases-decayed",
    "Only weights decay. You let the biases decay too.",
    "Look at the weight decay.",
    _biases_decayed,
)
