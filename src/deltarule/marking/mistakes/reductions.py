"""Sum for mean, mean for sum, a 1/2 too few or too many, a cost divided by something else."""

from __future__ import annotations

from collections.abc import Iterator

from deltarule.marking.mistakes.layer_kinds import kind_of
from deltarule.marking.mistakes.mistake import (
    Mistake,
    Variant,
    changed,
    cost_times,
    is_sum,
    per_pattern,
    times,
    with_other_reduction,
)
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.ingredients import Worksheet


def _patterns(s: Worksheet) -> float:
    return s.P


def _mean_for_sum(exercise: Exercise) -> Iterator[Variant]:
    if is_sum(exercise):
        yield Variant(exercise=with_other_reduction(exercise))
        yield changed(cost=cost_times(per_pattern), delta=times(per_pattern))
        yield changed(delta=times(per_pattern))
        yield changed(weight_gradient=times(per_pattern), bias_gradient=times(per_pattern))
        for part in ("weight_gradient", "bias_gradient"):
            yield Variant({part: times(per_pattern)}, price=1.0)


MEAN_FOR_SUM = Mistake(
    "mean-for-sum",
    "The cost here is a sum over the patterns. You divided by their number.",
    "Look at sum and mean.",
    _mean_for_sum,
)


def _sum_for_mean(exercise: Exercise) -> Iterator[Variant]:
    if not is_sum(exercise):
        yield Variant(exercise=with_other_reduction(exercise))
        yield changed(cost=cost_times(_patterns), delta=times(_patterns))
        yield changed(delta=times(_patterns))
        yield changed(weight_gradient=times(_patterns), bias_gradient=times(_patterns))
        yield changed(cost=cost_times(lambda s: 1 / s.scale()))


SUM_FOR_MEAN = Mistake(
    "sum-for-mean",
    "The cost here is a mean. You left out the division.",
    "Look at sum and mean.",
    _sum_for_mean,
)


def _half_missing(exercise: Exercise) -> Iterator[Variant]:
    if kind_of(exercise.layer).squared_error and is_sum(exercise):
        double = cost_times(lambda _s: 2.0)
        yield changed(cost=double)
        yield changed(cost=double, delta=times(lambda _s: 2.0))
        yield changed(delta=times(lambda _s: 2.0))


HALF_MISSING = Mistake(
    "half-missing",
    "The squared error here has a factor 1/2, which cancels the 2 of its derivative. You left it out.",
    "Look at constant factors.",
    _half_missing,
)


def _half_extra(_exercise: Exercise) -> Iterator[Variant]:
    half = cost_times(lambda _s: 0.5)
    yield changed(cost=half)
    yield changed(cost=half, delta=times(lambda _s: 0.5))
    yield changed(delta=times(lambda _s: 0.5))


HALF_EXTRA = Mistake(
    "half-extra", "You have a factor 1/2 that is not in the formula.", "Look at constant factors.", _half_extra
)


def _cost_per_pattern(exercise: Exercise) -> Iterator[Variant]:
    if is_sum(exercise):
        yield changed(cost=cost_times(per_pattern))
        if exercise.descent.weight_decay:
            yield changed(cost=times(per_pattern))
    elif kind_of(exercise.layer).mean_over_neurons:
        yield changed(cost=cost_times(lambda s: s.exercise.layer.neurons))


COST_PER_PATTERN = Mistake(
    "cost-per-pattern",
    "You divided the cost by the number of patterns and by nothing else. Divide as the problem's reduction says.",
    "Look at what the cost is divided by.",
    _cost_per_pattern,
)


def _cost_per_batch(exercise: Exercise) -> Iterator[Variant]:
    batches = exercise.descent.updates_per_epoch(exercise.count)
    if batches > 1:
        yield changed(cost=cost_times(lambda _s: 1 / batches))
        if not is_sum(exercise):
            yield changed(cost=cost_times(lambda s: 1 / s.exercise.count))


COST_PER_BATCH = Mistake(
    "cost-per-batch",
    "You divided the cost by the number of batches, or divided a mean by the number of patterns once more.",
    "Look at what the cost is divided by.",
    _cost_per_batch,
)
