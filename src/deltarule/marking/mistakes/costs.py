"""Mistakes in the cost of a pattern, and in the number of errors."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from deltarule.marking.mistakes.layer_kinds import kind_of
from deltarule.marking.mistakes.mistake import Mistake, Variant, changed, cost_of, cost_times
from deltarule.marking.rework.exercise import Exercise


def _log_base(base: float) -> Callable[[Exercise], Iterator[Variant]]:
    def variants(exercise: Exercise) -> Iterator[Variant]:
        if not kind_of(exercise.layer).squared_error:
            yield changed(cost=cost_times(lambda _s: 1 / np.log(base)))

    return variants


LOG_BASE_2, LOG_BASE_10 = (
    Mistake(
        f"log-base-{base}",
        f"The logarithm is the natural one. You took base {base}.",
        "Look at the logarithm.",
        _log_base(base),
    )
    for base in (2, 10)
)


def _cost_of_wrong_class(exercise: Exercise) -> Iterator[Variant]:
    for costs in kind_of(exercise.layer).costs_of_wrong_class:
        yield changed(cost=cost_of(costs))


COST_OF_WRONG_CLASS = Mistake(
    "cost-of-wrong-class",
    "The cost is -log of the output of the pattern's own class. You took another output.",
    "Look at whose output goes into the cost.",
    _cost_of_wrong_class,
)


def _right_counted(exercise: Exercise) -> Iterator[Variant]:
    if not exercise.predicts_numbers:
        # One small count is weak evidence; but where it is all that is wrong, there is hardly another explanation.
        yield Variant({"errors": lambda s, right: s.P - right}, price=-2.0)


RIGHT_COUNTED = Mistake(
    "right-counted",
    "Errors are the patterns that are predicted wrongly. You counted those that are predicted correctly.",
    "Look at what is counted.",
    _right_counted,
)
