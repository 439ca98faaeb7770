"""What a mistake is, the variants in which it can be made, and what these are built from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from deltarule.marking.given import Answer
from deltarule.marking.marks import Finding
from deltarule.marking.parts import PartName
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.worksheet import Change, Reworked, Worksheet


@dataclass(frozen=True, eq=False)
class Variant:
    """One form in which a mistake is made.

    Attributes
    ----------
    changes : what is worked otherwise, by part, and carried on.
    exercise : another exercise that is worked instead; None: the one that was set.
    as_written : what is written of each part, from its name and its values, while the work goes on without it; None: the values.
    shift : how many updates later the iteration is whose figures are written.
    only_in : the one iteration in which the changes are made; None: all.
    price : how much less likely it is than the mistake's first variant, as a natural logarithm. Below 0: more likely.
    flags : what it explains about how the answer is written: "transposed", "from_zero" (see `EvidencePart.flag`).
    detail : what the sentence adds in brackets.
    """

    changes: Mapping[str, Change] = field(default_factory=dict)
    exercise: Exercise | None = None
    as_written: Callable[[PartName, Any], Any] | None = None
    shift: int = 0
    only_in: int | None = None
    price: float = 0.0
    flags: frozenset[str] = frozenset()
    detail: str = ""


def _none(*_: Any) -> Iterable[Variant]:
    return ()


@dataclass(frozen=True, eq=False)
class Mistake:
    """A known mistake, or a remark that is not a mistake.

    Attributes
    ----------
    name : "mean-for-sum".
    why : what a tutor would say.
    hint : which kind of mistake it is, without the solution.
    variants : those in which it can be made in an exercise.
    read_off : variants that are read off an answer: from the exercise, the answer, and the right figures of its parts.
    is_mistake : False for a remark.
    """

    name: str
    why: str
    hint: str
    variants: Callable[[Exercise], Iterable[Variant]] = _none
    read_off: Callable[[Exercise, Answer, Reworked], Iterable[Variant]] = _none
    is_mistake: bool = True

    def finding(self, part: PartName, detail: str = "") -> Finding:
        """The finding of this mistake, first seen in a part; with the detail in brackets."""
        why = f"{self.why} ({detail})" if detail else self.why
        return Finding(self.name, part, why, self.hint, self.is_mistake)


def changed(**changes: Change) -> Variant:
    """A variant that works parts otherwise: `changes` has how, by the part's name."""
    return Variant(changes)


# ---- What variants are built from.


def times(number: Callable[[Worksheet], float]) -> Change:
    """A part times a number."""
    return lambda s, right: right * number(s)


def cost_times(number: Callable[[Worksheet], float]) -> Change:
    """The cost times a number, without its decay, which stays."""
    return lambda s, right: (right - s.decay_cost()) * number(s) + s.decay_cost()


def cost_of(pattern_costs: Callable[[Worksheet], Any]) -> Change:
    """The cost with other `pattern_costs` (P,), weighted and reduced as it should be."""
    return lambda s, _: float(s.batch.sample_weight @ pattern_costs(s)) * s.scale() + s.decay_cost()


def stepped(rate: Callable[[Worksheet], float]) -> Mapping[str, Change]:
    """Both updates with another learning rate (below 0: uphill)."""
    return {
        "weights": lambda s, _: s.W - rate(s) * s.parts["weight_gradient"],
        "biases": lambda s, _: s.b - rate(s) * s.parts["bias_gradient"],
    }


def weight_gradient_of(p: int) -> Change:
    """dJ/dW of one pattern only: the one at place `p` of the batch."""
    return lambda s, _: np.outer(s.X[p], s.delta[p]) + s.exercise.descent.weight_decay * s.W


def bias_gradient_of(p: int) -> Change:
    """dJ/db of one pattern only: the one at place `p` of the batch."""
    return lambda s, _: s.delta[p]


def per_pattern(s: Worksheet) -> float:
    """1/P, where P is the number of patterns in the batch of the worksheet `s`."""
    return 1 / s.P


def is_sum(exercise: Exercise) -> bool:
    """Whether the cost of an `exercise` is a sum over the patterns."""
    return exercise.descent.reduction == "sum"


def with_other_reduction(exercise: Exercise) -> Exercise:
    """The exercise with the mean instead of the sum, or the sum instead of the mean."""
    return exercise.with_descent(reduction="mean" if is_sum(exercise) else "sum")
