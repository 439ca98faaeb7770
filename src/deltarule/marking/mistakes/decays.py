"""Mistakes in the weight decay: L/2 sum W^2 in the cost, L W in the gradient, nothing for the biases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from deltarule.marking.mistakes.conditions import Condition, all_of, decays_biases, has_decay, not_, several_patterns
from deltarule.marking.mistakes.mistake import Mistake, Variant
from deltarule.marking.mistakes.neighbours import instead, nothing, patterns, per_pattern, rare, row, rows, times
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.ingredients import Change, Values, Worksheet

COST, GRADIENT, OF_BIASES = "cost.decay", "weight_gradient.decay", "bias_gradient.decay"


def decay_times(number: Any, *, when: Condition = has_decay) -> list[Variant]:
    """The decay times a `number`: in cost and gradient, in the gradient, in the cost; `when`: see `Variant`."""
    change = times(number)
    places = {(COST, GRADIENT): "", (GRADIENT,): "in the gradient", (COST,): "in the cost"}
    return [row(dict.fromkeys(place, change), when=when, detail=words) for place, words in places.items()]


def rows_of_decay(*variants: Variant) -> Callable[[Exercise], Iterator[Variant]]:
    """Those of some `variants` that can be made in an exercise; where biases decay, they are made in their gradient too."""

    def found(exercise: Exercise) -> Iterator[Variant]:
        for variant in variants:
            if variant.when(exercise):
                change = variant.changes.get(GRADIENT) if decays_biases(exercise) else None
                yield variant if change is None else replace(variant, changes={**variant.changes, OF_BIASES: change})

    return found


def _forgotten(exercise: Exercise) -> Iterator[Variant]:
    if has_decay(exercise):
        gradients = (GRADIENT, OF_BIASES) if decays_biases(exercise) else (GRADIENT,)
        yield Variant(exercise=exercise.with_descent(weight_decay=0.0, decay_biases=False))
        yield row(dict.fromkeys(gradients, nothing), detail="in the gradient")
        yield row({COST: nothing}, detail="in the cost")


def _biases_cost(sign: float) -> Change:
    """The cost with that of the biases added (1), or without it (-1)."""
    return lambda s, right: right + sign * 0.5 * s.L * float(np.sum(s.b**2))


def _without_rate(s: Worksheet, gradient: Any) -> Any:
    """The gradient of a step that has the learning rate at X^T delta alone."""
    return gradient - s.L * s.W + s.L * s.W / s.a


def _cost_of(size: Callable[[Values], Any], half: float) -> Change:
    """L, or half of it, times another size of the weights than the sum of their squares."""
    return lambda s, _right: half * s.L * float(size(s.decayed))


_BIASES: Change = lambda s, right: right + s.L * s.b  # noqa: E731

ONLY_WEIGHTS = all_of(has_decay, not_(lambda exercise: exercise.descent.decay_biases))

MISTAKES = (
    Mistake(
        "decay-forgotten",
        "This problem has a weight decay: L/2 sum W^2 in the cost, L W in the gradient.",
        "Look at the weight decay.",
        _forgotten,
    ),
    Mistake(
        "decay-twice",
        "The decay is L/2 sum W^2 in the cost and L W in the gradient. Yours is twice that.",
        "Look at the weight decay.",
        rows_of_decay(*decay_times(2.0)),
    ),
    Mistake(
        "decay-halved",
        "The decay is L/2 sum W^2 in the cost and L W in the gradient. Yours is half of that.",
        "Look at the weight decay.",
        rows_of_decay(*decay_times(0.5)),
    ),
    Mistake(
        "decay-sign",
        "The decay is added: L/2 sum W^2 to the cost, L W to the gradient. You subtracted it.",
        "Look at the sign of the weight decay.",
        rows_of_decay(*decay_times(-1.0)),
    ),
    Mistake(
        "decay-per-pattern",
        "The decay is L/2 sum W^2 in the cost and L W in the gradient. You divided it by the number of patterns.",
        "Look at the weight decay.",
        rows_of_decay(
            *decay_times(per_pattern, when=all_of(has_decay, several_patterns)),
            *decay_times(lambda s: 1 / s.exercise.count, when=all_of(has_decay, several_patterns)),
        ),
    ),
    Mistake(
        "decay-times-patterns",
        "The decay is L/2 sum W^2 in the cost and L W in the gradient, once. You counted it for each pattern.",
        "Look at the weight decay.",
        rows_of_decay(*decay_times(patterns, when=all_of(has_decay, several_patterns))),
    ),
    Mistake(
        "decay-with-rate",
        "The decay in the gradient is L W. You multiplied it by the learning rate too.",
        "Look at the weight decay.",
        rows_of_decay(row({GRADIENT: times(lambda s: s.a)}, when=has_decay)),
    ),
    Mistake(
        "decay-without-rate",
        "The step is the learning rate times the whole gradient, the decay L W too. You took L W without the rate.",
        "Look at the weight decay in the step.",
        rows(
            row({"weights.gradient": _without_rate}, when=has_decay),
            row({GRADIENT: times(lambda s: 1 / s.a)}, when=has_decay),
            row({GRADIENT: nothing, "weights": lambda s, right: right - s.L * s.W}, when=has_decay),
        ),
    ),
    Mistake(
        "decay-not-squared",
        "The decay adds L/2 sum W^2 to the cost. You did not square the weights.",
        "Look at the weight decay in the cost.",
        rows(
            *(
                row({COST: _cost_of(size, half)}, when=has_decay, detail="in the cost")
                for size in (lambda W: np.sum(np.abs(W)), np.sum)
                for half in (0.5, 1.0)
            ),
            row({GRADIENT: instead(lambda s: s.L * np.sign(s.W))}, when=has_decay, detail="in the gradient"),
        ),
    ),
    Mistake(
        "decay-rate-left-out",
        "The decay has the factor L. You left it out.",
        "Look at the weight decay.",
        rows_of_decay(*rare(decay_times(lambda s: np.divide(1, s.L)))),
    ),
    Mistake(
        "decay-weights-left-out",
        "The decay adds L W to the gradient. You added L.",
        "Look at the weight decay.",
        rows(row({GRADIENT: instead(lambda s: np.full_like(s.W, s.L))}, when=has_decay)),
    ),
    Mistake(
        "decay-root",
        "The decay adds L/2 times the sum of squares to the cost. You took the root of the sum.",
        "Look at the weight decay in the cost.",
        rows(*(row({COST: _cost_of(lambda W: np.sqrt(np.sum(W**2)), half)}, when=has_decay) for half in (0.5, 1.0))),
    ),
    Mistake(
        "biases-decayed",
        "Only weights decay. You let the biases decay too.",
        "Look at the weight decay.",
        rows(
            row({OF_BIASES: _BIASES}, when=ONLY_WEIGHTS),
            row({OF_BIASES: _BIASES, COST: _biases_cost(1.0)}, when=ONLY_WEIGHTS),
            row({COST: _biases_cost(1.0)}, when=ONLY_WEIGHTS, detail="in the cost"),
        ),
    ),
    Mistake(
        "biases-not-decayed",
        "In this problem biases decay too: L/2 sum b^2 in the cost, L b in their gradient. You let the weights decay only.",
        "Look at the weight decay.",
        rows(
            row({OF_BIASES: nothing, COST: _biases_cost(-1.0)}, when=decays_biases),
            row({OF_BIASES: nothing}, when=decays_biases, detail="in the gradient"),
            row({COST: _biases_cost(-1.0)}, when=decays_biases, detail="in the cost"),
        ),
    ),
    Mistake(
        "decay-of-new-weights",
        "The decay is that of the weights before the update. You took the new weights.",
        "Look at which weights decay.",
        rows(
            # W - a X^T delta is as it was; what decays is that.
            row({"weights": lambda s, right: (right + s.a * s.L * s.W) * (1 - s.a * s.L)}, when=has_decay),
            row({GRADIENT: nothing, "weights": lambda s, right: right * (1 - s.a * s.L)}, when=has_decay),
            row(
                {COST: instead(lambda s: s.without(COST).after_update().decay_cost())},
                when=has_decay,
                detail="in the cost",
                beyond=True,
            ),
        ),
    ),
)
