"""Mistakes in delta and in the sums over patterns that make gradients of it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from deltarule.marking.mistakes.layer_kinds import kind_of
from deltarule.marking.mistakes.mistake import Mistake, Variant, bias_gradient_of, changed, weight_gradient_of
from deltarule.marking.rework.exercise import Exercise

# The pattern that people leave out, or take alone, is the last or the first one.
LAST_AND_FIRST = (-1, 0)


def _has_slope_in_delta(exercise: Exercise) -> bool:
    """Whether delta is (Y - D) f'(U) with a slope that is not 1."""
    return kind_of(exercise.layer).squared_error and exercise.layer.has_slopes


def _delta_without_slope(exercise: Exercise) -> Iterator[Variant]:
    if _has_slope_in_delta(exercise):
        yield changed(delta=lambda s, _: (s.Y - s.D) * s.factor())


DELTA_WITHOUT_SLOPE = Mistake(
    "delta-without-slope",
    "Delta is (Y - D) times f'(U). The slope f'(U) is missing.",
    "Look at the derivative of the activation.",
    _delta_without_slope,
)


def _slope_at_output(exercise: Exercise) -> Iterator[Variant]:
    if _has_slope_in_delta(exercise):
        layer = exercise.layer
        yield changed(delta=lambda s, _: (s.Y - s.D) * layer.output_slope(layer.activate(s.Y)) * s.factor())


SLOPE_AT_OUTPUT = Mistake(
    "slope-at-output",
    "The slope is f'(U). You took f' at Y, as if Y were the synaptic input.",
    "Look at where the slope is taken.",
    _slope_at_output,
)


def _slope_extra(exercise: Exercise) -> Iterator[Variant]:
    if not kind_of(exercise.layer).squared_error:
        yield changed(delta=lambda s, right: right * s.Y * (1 - s.Y))


SLOPE_EXTRA = Mistake(
    "slope-extra",
    "With the cross-entropy the slope cancels: delta is Y - D, without f'(U).",
    "Look at the derivative of the cost.",
    _slope_extra,
)


def _targets_left_out(_exercise: Exercise) -> Iterator[Variant]:
    yield changed(delta=lambda s, _: s.exercise.layer.output_delta(s.Y, np.zeros_like(s.D)) * s.factor())


TARGETS_LEFT_OUT = Mistake(
    "targets-left-out",
    "Delta is Y - D. You left the targets out.",
    "Look at what delta compares.",
    _targets_left_out,
)


def _biases_one_pattern(_exercise: Exercise) -> Iterator[Variant]:
    for p in LAST_AND_FIRST:
        yield changed(bias_gradient=bias_gradient_of(p))


BIASES_ONE_PATTERN = Mistake(
    "biases-one-pattern",
    "The biases' gradient is the sum of delta over all patterns. You took one pattern.",
    "Look at the biases' gradient.",
    _biases_one_pattern,
)


def _one_pattern_only(_exercise: Exercise) -> Iterator[Variant]:
    for p in LAST_AND_FIRST:
        yield changed(weight_gradient=weight_gradient_of(p), bias_gradient=bias_gradient_of(p))
        yield changed(weight_gradient=weight_gradient_of(p))


ONE_PATTERN_ONLY = Mistake(
    "one-pattern-only",
    "All patterns of the batch count in the gradient. You took one of them.",
    "Look at what is summed.",
    _one_pattern_only,
)


def _pattern_left_out(_exercise: Exercise) -> Iterator[Variant]:
    def without(p: int) -> Variant:
        return changed(
            weight_gradient=lambda s, right: right - np.outer(s.X[p], s.delta[p]),
            bias_gradient=lambda s, right: right - s.delta[p],
        )

    yield from (without(p) for p in LAST_AND_FIRST)


PATTERN_LEFT_OUT = Mistake(
    "pattern-left-out",
    "All patterns of the batch count in the gradient. One of them is missing.",
    "Look at what is summed.",
    _pattern_left_out,
)
