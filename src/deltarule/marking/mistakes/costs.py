"""Mistakes in the cost of a pattern, and in which layer it is the cost of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from deltarule.marking.mistakes.conditions import (
    Condition,
    activated,
    all_of,
    cross_entropy,
    has_decay,
    is_mean,
    logistic,
    softmax,
    squared,
)
from deltarule.marking.mistakes.layer_kinds import kind_of
from deltarule.marking.mistakes.mistake import Mistake, Variant
from deltarule.marking.mistakes.neighbours import COST, factor, instead, plain, row, rows, times
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.ingredients import Change, Values, Worksheet

Costs = Callable[[Worksheet], Values]


def costs(pattern_costs: Costs, *, when: Condition, detail: str = "") -> Variant:
    """The cost with other `pattern_costs` (P,), weighted and reduced as it should be; `when`, `detail`: see `Variant`."""
    return row({"cost.pattern_costs": instead(pattern_costs)}, when=when, detail=detail)


def log_base(base: int) -> Mistake:
    """That the logarithm was taken to another `base`."""
    return Mistake(
        f"log-base-{base}",
        f"The logarithm is the natural one. You took base {base}.",
        "Look at the logarithm.",
        rows(*plain(factor(1 / float(np.log(base)), COST, when=cross_entropy))),
    )


def _costs_of_wrong_class(exercise: Exercise) -> Iterator[Variant]:
    for pattern_costs in kind_of(exercise.layer).costs_of_wrong_class:
        yield row({"cost.pattern_costs": instead(pattern_costs)})


def _of_targets(s: Worksheet) -> Values:
    """- sum d log y: what is the whole cost of softmax."""
    found: Values = -np.sum(np.where(s.D > 0.5, np.log(s.Y), 0), axis=1)
    return found


def _of_others(s: Worksheet) -> Values:
    """- sum (1 - d) log(1 - y)."""
    found: Values = -np.sum(np.where(s.D > 0.5, 0, np.log(1 - s.Y)), axis=1)
    return found


def _yes_no(s: Worksheet) -> Values:
    """- sum d log y + (1 - d) log(1 - y)."""
    found: Values = -np.sum(s.D * np.log(s.Y) + (1 - s.D) * np.log(1 - s.Y), axis=1)
    return found


def _squares(s: Worksheet) -> Values:
    found: Values = np.sum((s.D - s.Y) ** 2, axis=1)
    return found


def _off(s: Worksheet) -> Values:
    """Sum |d - y|."""
    found: Values = np.sum(np.abs(s.D - s.Y), axis=1)
    return found


def _times(number: float, pattern_costs: Costs) -> Costs:
    return lambda s: pattern_costs(s) * number


def _per_neuron(pattern_costs: Costs) -> Costs:
    return lambda s: pattern_costs(s) / s.K


def cost_after_update(s: Worksheet) -> Any:
    """The cost of the layer after the update of an iteration `s`, over the same patterns."""
    after = s.without("cost").after_update().go_on(("synaptic_inputs", "outputs", "cost"))
    return after.parts["cost"]


def _root(s: Worksheet, cost: Any) -> Any:
    return np.sqrt(cost - s.decay_cost()) + s.decay_cost()


LOG_BASE_2, LOG_BASE_10 = log_base(2), log_base(10)
_FROM_U: Change = instead(lambda s: s.U)

MISTAKES = (
    LOG_BASE_2,
    LOG_BASE_10,
    Mistake(
        "cost-of-wrong-class",
        "The cost is -log of the output of the pattern's own class. You took another output.",
        "Look at whose output goes into the cost.",
        _costs_of_wrong_class,
    ),
    Mistake(
        "cost-term-missing",
        "The cost of a pattern is -[d log y + (1 - d) log(1 - y)]. One of the two terms is missing.",
        "Look at the terms of the cost.",
        rows(
            costs(_of_targets, when=logistic, detail="(1 - d) log(1 - y)"),
            costs(_of_others, when=logistic, detail="d log y"),
        ),
    ),
    Mistake(
        "other-cost",
        "This is the cost of another kind of layer.",
        "Look at which cost belongs to this layer.",
        rows(
            costs(_yes_no, when=softmax, detail="that of a logistic layer"),
            costs(_per_neuron(_yes_no), when=all_of(softmax, is_mean), detail="that of a logistic layer"),
            costs(_times(0.5, _squares), when=cross_entropy, detail="the squared error"),
            costs(_squares, when=cross_entropy, detail="the squared error, without 1/2"),
            costs(_per_neuron(_squares), when=all_of(softmax, is_mean), detail="the mean squared error"),
            costs(_yes_no, when=all_of(squared, activated), detail="that of a logistic layer"),
            costs(
                _times(0.5, _yes_no),
                when=all_of(squared, activated, is_mean),
                detail="that of a logistic layer",
            ),
        ),
    ),
    Mistake(
        "cost-without-minus",
        "The cost is -log of outputs, which is positive. The minus sign is missing.",
        "Look at the sign of the cost.",
        rows(row({"cost.factor": times(-1.0)}, when=cross_entropy)),
    ),
    Mistake(
        "logarithm-left-out",
        "The cost is the logarithm of outputs, with a minus sign. You left the logarithm out.",
        "Look at the logarithm.",
        rows(
            costs(lambda s: -np.sum(s.D * s.Y, axis=1), when=cross_entropy),
            costs(lambda s: np.sum(s.D * s.Y, axis=1), when=cross_entropy),
            costs(lambda s: np.sum(s.D * (1 - s.Y), axis=1), when=cross_entropy),
        ),
    ),
    Mistake(
        "cost-not-squared",
        "The cost adds up squares of D - Y. You did not square them.",
        "Look at the cost of a pattern.",
        rows(
            *(
                costs(_times(half, size), when=squared)
                for size in (_off, lambda s: np.sum(s.D - s.Y, axis=1), lambda s: np.sum(s.Y - s.D, axis=1))
                for half in (0.5, 1.0)
            ),
        ),
    ),
    Mistake(
        "cost-square-of-sum",
        "The cost adds up the squares of D - Y. You squared their sum.",
        "Look at what is squared.",
        rows(
            costs(lambda s: np.sum(s.D - s.Y, axis=1) ** 2 / 2, when=squared, detail="over the neurons"),
            row(
                {"cost.pattern_costs": instead(lambda s: np.full(s.P, np.sum(s.D - s.Y) ** 2 / (2 * s.P)))},
                when=squared,
                detail="over the patterns",
            ),
        ),
    ),
    Mistake(
        "cost-root",
        "The cost is the sum or mean of squares. You took its square root.",
        "Look at the formula of the cost.",
        rows(
            row({"cost": _root}, when=squared),
            row(
                {"cost": lambda _s, cost: np.sqrt(cost)},
                when=all_of(squared, has_decay),
                detail="with the decay",
            ),
        ),
    ),
    Mistake(
        "cost-of-synaptic-inputs",
        "The cost compares D with the outputs Y. You took the synaptic inputs.",
        "Look at what the cost compares.",
        rows(row({"cost.outputs": _FROM_U}, when=all_of(squared, activated))),
    ),
    Mistake(
        "cost-after-update",
        "The cost of an iteration is that of the layer before the update. You took the new weights and biases.",
        "Look at which layer the cost is taken of.",
        rows(row({"cost": instead(cost_after_update)}, beyond=True)),
    ),
)
