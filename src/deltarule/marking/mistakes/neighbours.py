"""The wrong neighbours of ingredients: what rows of the table of mistakes are built from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from deltarule.marking.mistakes.conditions import all_of, has_decay
from deltarule.marking.mistakes.mistake import Variant, always
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.ingredients import Change, Worksheet

# A mistake that is e times rarer than another which gives the same figures.
RARE = 1.0

# Places of a factor, with the words for them. Where delta is not written, its factor shows as one in the gradients: a row names
# GRADIENTS before DELTA, since that is true of both.
COST = ("cost.factor",)
DELTA = ("delta.factor",)
THROUGHOUT = (*COST, *DELTA)
GRADIENTS = ("weight_gradient.factor", "bias_gradient.factor")
WEIGHT_GRADIENT = ("weight_gradient.factor",)
BIAS_GRADIENT = ("bias_gradient.factor",)
STEPS = ("weights.rate", "biases.rate")
# Where the weights are taken that an iteration starts from; the decay's cost does not depend on their order.
START_WEIGHTS = ("synaptic_inputs.weights", "weights.before", "weight_gradient.decay")
PLACES = {
    THROUGHOUT: "throughout",
    COST: "in the cost",
    DELTA: "in delta",
    GRADIENTS: "in the gradients",
    WEIGHT_GRADIENT: "in the weights' gradient",
    BIAS_GRADIENT: "in the biases' gradient",
    STEPS: "in the step",
    ("weights.rate",): "in the weights' step",
    ("biases.rate",): "in the biases' step",
}


# Where weights decay, a factor may stand before the sum over patterns alone, or before the decay too.
WITH_DECAY = {
    COST: ("cost",),
    GRADIENTS: ("weight_gradient", "bias_gradient"),
    WEIGHT_GRADIENT: ("weight_gradient",),
}


def row(
    changes: Mapping[str, Change],
    *,
    when: Callable[[Exercise], bool] = always,
    price: float = 0.0,
    detail: str = "",
    beyond: bool = False,
) -> Variant:
    """A form of a mistake: ingredients, each with its wrong neighbour.

    Parameters
    ----------
    changes, when, price, detail, beyond : see `Variant`.
    """
    return Variant(changes, when=when, price=price, detail=detail, beyond=beyond)


def rows(*variants: Variant) -> Callable[[Exercise], Iterable[Variant]]:
    """Those of some `variants` that can be made in an exercise."""
    return lambda exercise: (variant for variant in variants if variant.when(exercise))


def times(number: Callable[[Worksheet], float] | float) -> Change:
    """An ingredient times a `number`, or times what a function of the worksheet gives."""
    if callable(number):
        return lambda s, right: right * number(s)
    return lambda _s, right: right * number


def instead(value: Callable[[Worksheet], Any]) -> Change:
    """Something else in the place of an ingredient: a `value` that is a function of the worksheet."""
    return lambda s, _right: value(s)


def nothing(_sheet: Worksheet, right: Any) -> Any:
    """Zeros in the place of an ingredient, whose `right` value is left out."""
    return np.zeros_like(right)


def ones(_sheet: Worksheet, right: Any) -> Any:
    """Ones in the place of an ingredient, a factor whose `right` value is left out."""
    return np.ones_like(right)


def factor(
    number: Callable[[Worksheet], float] | float,
    *places: tuple[str, ...],
    when: Callable[[Exercise], bool] = always,
) -> list[Variant]:
    """A factor too many in each of some places: a variant for each place, with the words for it.

    Parameters
    ----------
    number : the factor.
    places : keys of `PLACES`.
    when : see `Variant`.
    """
    change = times(number)
    found = []
    for place in places:
        found.append(row(dict.fromkeys(place, change), when=when, detail=PLACES[place]))
        if place in WITH_DECAY:  # the decay's part too
            found.append(
                row(
                    dict.fromkeys(WITH_DECAY[place], change),
                    when=all_of(when, has_decay),
                    detail=f"{PLACES[place]}, the decay's part too",
                )
            )
    return found


def plain(variants: Iterable[Variant], detail: str = "") -> list[Variant]:
    """Some `variants` whose sentence says all, but for a `detail`."""
    return [replace(variant, detail=detail) for variant in variants]


def rare(variants: Iterable[Variant], price: float = RARE) -> list[Variant]:
    """Some `variants` that are rarer, by a `price`: another mistake often gives the same figures, and people make that one."""
    return [replace(variant, price=price) for variant in variants]


def per_pattern(s: Worksheet) -> float:
    """1/P, where P is the number of patterns in the batch of the worksheet `s`."""
    return 1 / s.P


def patterns(s: Worksheet) -> float:
    """P, the number of patterns in the batch of the worksheet `s`."""
    return s.P


def per_neuron(s: Worksheet) -> float:
    """1/K, where K is the number of neurons, in the worksheet `s`."""
    return 1 / s.K


def neurons(s: Worksheet) -> float:
    """K, the number of neurons, in the worksheet `s`."""
    return s.K


def batches(s: Worksheet) -> int:
    """The number of batches in an epoch, in the worksheet `s`."""
    return s.exercise.descent.updates_per_epoch(s.exercise.count)


def per_batch(s: Worksheet) -> float:
    """1 over the number of batches in an epoch, in the worksheet `s`."""
    return 1 / batches(s)
