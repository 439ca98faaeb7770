"""What a mistake is, and a variant to make it: parts worked otherwise; and what such variants are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.worksheet import Change, Worksheet


@dataclass(frozen=True, eq=False)
class Variant:
    """One variant to make a mistake.

    changes : what is worked otherwise, and carried on.
    exercise : another exercise that is worked instead.
    shown : what is written of each part, though the rework goes on without it.
    shift : whose iteration is written under a number: the one so many later.
    only : the one iteration in which parts are worked otherwise; None: all.
    price : how much less likely it is than a mistake's usual variant (as a logarithm).
    flags : what of the file itself it explains: "transposed", "from_zero".
    said : what the sentence adds.
    """

    changes: Mapping[str, Change] = field(default_factory=dict)
    exercise: Exercise | None = None
    shown: Callable[[str, Any], Any] | None = None
    shift: int = 0
    only: int | None = None
    price: float = 0.0
    flags: frozenset[str] = frozenset()
    said: str = ""


@dataclass(frozen=True, eq=False)
class Mistake:
    """A known mistake.

    why : what a tutor would say. hint : what kind it is, without saying what to do.
    variants : those in which it can be made in a exercise.
    """

    name: str
    why: str
    hint: str
    variants: Callable[[Exercise], Iterable[Variant]] = lambda _task: ()


def variant(exercise: Exercise | None = None, **changes: Change) -> Variant:
    """A variant that works parts otherwise."""
    return Variant(changes, exercise)


# ---- What is worked instead.


def factor(s: Worksheet) -> Any:
    """What delta is multiplied by: weights and reduction, a column."""
    return (s.batch.sample_weight * s.scale())[:, None]


def times(number: Callable[[Worksheet], float]) -> Change:
    """A part times a number."""
    return lambda s, right: right * number(s)


def cost_times(number: Callable[[Worksheet], float]) -> Change:
    """The cost times a number, but for the decay's part."""
    return lambda s, right: (right - s.decay_cost()) * number(s) + s.decay_cost()


def cost_of(pattern_costs: Callable[[Worksheet], Any]) -> Change:
    """The cost with other costs of the patterns, weighted and reduced as it should be."""
    return lambda s, _: float(s.batch.sample_weight @ pattern_costs(s)) * s.scale() + s.decay_cost()


def stepped(rate: Callable[[Worksheet], float]) -> Mapping[str, Change]:
    """Both updates with another rate (below 0: uphill)."""
    return {
        "weights": lambda s, _: s.W - rate(s) * s.parts["weight_gradient"],
        "biases": lambda s, _: s.b - rate(s) * s.parts["bias_gradient"],
    }


def weight_gradient_of(p: int) -> Change:
    """dJ/dW of one pattern only."""
    return lambda s, _: np.outer(s.X[p], s.delta[p]) + s.exercise.descent.weight_decay * s.W


def bias_gradient_of(p: int) -> Change:
    """dJ/db of one pattern only."""
    return lambda s, _: s.delta[p]


def kind(exercise: Exercise, *kinds: type) -> bool:
    """Whether the layer is one of these."""
    return isinstance(exercise.layer, kinds)


def flipped(exercise: Exercise) -> Exercise:
    """The exercise with the other reduction."""
    other: Any = "sum" if exercise.descent.reduction == "mean" else "mean"
    return exercise.having(descent=replace(exercise.descent, reduction=other))


def is_sum(exercise: Exercise) -> bool:
    """Whether the cost is a sum."""
    return exercise.descent.reduction == "sum"


def per_pattern(s: Worksheet) -> float:
    """1/P."""
    return 1 / s.P
