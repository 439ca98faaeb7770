"""Mistakes on the way from inputs to outputs: synaptic inputs and activations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from deltarule.marking.mistakes.layer_kinds import kind_of
from deltarule.marking.mistakes.mistake import Mistake, Variant, changed, cost_of
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.ingredients import Worksheet


def _biases_left_out(_exercise: Exercise) -> Iterator[Variant]:
    yield changed(synaptic_inputs=lambda s, _: s.X @ s.W)


BIASES_LEFT_OUT = Mistake(
    "biases-left-out",
    "U = X W + b: the biases are missing.",
    "Look at the synaptic inputs.",
    _biases_left_out,
)


def _biases_subtracted(_exercise: Exercise) -> Iterator[Variant]:
    yield changed(synaptic_inputs=lambda s, _: s.X @ s.W - s.b)


BIASES_SUBTRACTED = Mistake(
    "biases-subtracted",
    "U = X W + b: the biases are added. You subtracted them.",
    "Look at the synaptic inputs.",
    _biases_subtracted,
)


def _softmax_over_patterns(exercise: Exercise) -> Iterator[Variant]:
    if kind_of(exercise.layer).sums_to_one:
        yield changed(outputs=lambda s, _: s.exercise.layer.activate(s.U.T).T)


SOFTMAX_OVER_PATTERNS = Mistake(
    "softmax-over-patterns",
    "Softmax divides by the sum over a pattern's neurons (its row). You took the sum over the patterns (the column).",
    "Look at what adds up to 1.",
    _softmax_over_patterns,
)


def _softmax_twice(exercise: Exercise) -> Iterator[Variant]:
    if kind_of(exercise.layer).sums_to_one:
        layer = exercise.layer

        def chained(s: Worksheet, _right: Any) -> Any:
            outer = layer.pattern_delta(s.Y, s.D) * s.factor()
            return s.Y * (outer - np.sum(outer * s.Y, axis=1, keepdims=True))

        cost = cost_of(lambda s: layer.pattern_cost(s.Y, s.D))
        yield changed(outputs=lambda _s, right: layer.activate(right))
        yield changed(cost=cost)
        yield changed(cost=cost, delta=lambda s, _: layer.pattern_delta(s.Y, s.D) * s.factor())
        yield changed(cost=cost, delta=chained)


SOFTMAX_TWICE = Mistake(
    "softmax-twice",
    "Softmax is applied once. You applied it to the outputs again.",
    "Count how often softmax is applied.",
    _softmax_twice,
)


def _not_normalised(exercise: Exercise) -> Iterator[Variant]:
    if kind_of(exercise.layer).sums_to_one:
        yield changed(outputs=lambda s, _: np.exp(s.U))


SOFTMAX_NOT_NORMALISED = Mistake(
    "softmax-not-normalised",
    "Softmax divides by the sum of all e^u. The division is missing.",
    "Look at what adds up to 1.",
    _not_normalised,
)


def _other_activation(exercise: Exercise) -> Iterator[Variant]:
    for layer in kind_of(exercise.layer).with_other_activation(exercise.layer):
        yield Variant(exercise=exercise.with_layer(layer))


OTHER_ACTIVATION = Mistake(
    "other-activation", "This layer has another activation.", "Look at the activation.", _other_activation
)
