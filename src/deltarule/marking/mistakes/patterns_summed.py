"""Patterns of the batch that are left out of a sum, counted twice, or taken alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deltarule.marking.given import Answer
from deltarule.marking.mistakes.conditions import several_patterns
from deltarule.marking.mistakes.mistake import Mistake, Variant
from deltarule.marking.mistakes.neighbours import RARE, row
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.ingredients import Change, Values, Worksheet
from deltarule.marking.rework.worksheet import Reworked
from deltarule.parts import PartName

# The pattern that people leave out, or take alone, is the last or the first one; any other is read off the answer.
LAST_AND_FIRST = (-1, 0)


@dataclass(frozen=True)
class Counts:
    """How often each pattern of a batch counts, where one of them counts otherwise than the others.

    Attributes
    ----------
    others, own : how often each of the others counts, and that one.
    price : how much rarer it is that one counts so, as in `Variant`.
    """

    others: float
    own: float
    price: float = 0.0

    def at(self, p: int, count: int) -> NDArray[np.float64]:
        """How often each of `count` patterns counts (P,), where the one at place `p` is that one."""
        found = np.full(count, self.others)
        found[p] = self.own
        return found


# A row is passed over more often than it is read again.
WITHOUT, TWICE, ALONE = Counts(1.0, 0.0), Counts(1.0, 2.0, RARE), Counts(0.0, 1.0)

WEIGHTS, BIASES, COST = "weight_gradient.delta", "bias_gradient.delta", "cost.pattern_weights"
BOTH = (WEIGHTS, BIASES)
WORDS = {BOTH: "", (WEIGHTS,): "in the weights' gradient", (BIASES,): "in the biases' gradient", (COST,): "in the cost"}


def counted(counts: Counts, p: int, places: tuple[str, ...], price: float = 0.0) -> Variant:
    """A variant in which patterns count otherwise in some sums.

    Parameters
    ----------
    counts : how often each counts.
    p : the place of the pattern that counts otherwise; -1 for the last.
    places : the ingredients in which they do.
    price : see `Variant`.
    """

    def change(_sheet: Worksheet, right: Values) -> Any:
        found = counts.at(p, len(right)).astype(right.dtype)
        return right * (found[:, None] if right.ndim > 1 else found)

    which = {-1: "the last", 0: "the first"}.get(p, f"pattern {p + 1} of the batch")
    changes: dict[str, Change] = dict.fromkeys(places, change)
    return row(changes, price=price + counts.price, detail=", ".join(filter(None, (which, WORDS[places]))))


def _of(counts: Counts, places: Sequence[tuple[str, ...]]) -> Callable[[Exercise], Iterator[Variant]]:
    """Variants of the last and the first pattern, where an update has several."""

    def variants(exercise: Exercise) -> Iterator[Variant]:
        if several_patterns(exercise):
            for place in places:
                for p in LAST_AND_FIRST:
                    yield counted(counts, p, place)

    return variants


def _read_off(
    counts: Counts, places: Sequence[tuple[str, ...]]
) -> Callable[[Exercise, Answer, Reworked], Iterator[Variant]]:
    """Variants of the pattern which explains a gradient or the cost best, where it is neither the last nor the first.

    A pattern counts for x_p delta_p in dJ/dW, so that what a gradient lacks is the outer product of one pattern.
    """

    def variants(exercise: Exercise, answer: Answer, right: Reworked) -> Iterator[Variant]:
        for number in answer.iterations()[:1]:
            count = len(exercise.batch(number))
            for place in places if count > len(LAST_AND_FIRST) else ():
                p = nearest_pattern(exercise, answer, right, number, counts, place)
                if p is not None and 0 < p < count - 1:
                    yield counted(counts, p, place, price=float(np.log(count)))

    return variants


def _mistake(name: str, why: str, hint: str, counts: Counts, *places: tuple[str, ...]) -> Mistake:
    """That one pattern counts otherwise in the sums of one of some `places`."""
    return Mistake(name, why, hint, _of(counts, places), _read_off(counts, places))


def nearest_pattern(
    exercise: Exercise, answer: Answer, right: Reworked, number: int, counts: Counts, place: tuple[str, ...]
) -> int | None:
    """The place in the batch of the pattern for which a sum comes nearest to the answer's; None where none can be seen.

    Parameters
    ----------
    exercise, answer, right : see `Mistake`.
    number : of the iteration.
    counts, place : see `counted`.
    """
    with np.errstate(all="ignore"):
        if place == (COST,):
            return _nearest_cost(exercise, answer, right, number, counts)
        own = answer.part(number, "delta")
        worked = right[PartName.in_iteration(number, "delta")]
        delta = own.values if own is not None and own.complete and not own.transposed else worked
        inputs = {
            "weight_gradient": exercise.patterns.X[exercise.batch(number)],
            "bias_gradient": np.ones((len(delta), 1)),
        }
        for part, X in inputs.items():
            gradient = _gradient_given(exercise, answer, right, PartName.in_iteration(number, part))
            if f"{part}.delta" in place and gradient is not None:
                decay = right[PartName.in_iteration(number, part)].reshape(X.shape[1], -1) - X.T @ worked
                return _nearest(X, delta, gradient.reshape(decay.shape) - decay, counts)
    return None


def _gradient_given(exercise: Exercise, answer: Answer, right: Reworked, name: PartName) -> Values | None:
    """A gradient of the answer, or the one that its step was made by; None where neither is given."""
    parameter = {"weight_gradient": "weights", "bias_gradient": "biases"}[name.part]
    given, after = (answer.part(name.number or 1, part) for part in (name.part, parameter))
    if given is not None and given.complete and not given.transposed:
        return given.values
    if after is None or not after.complete or after.transposed:
        return None
    a = exercise.rate(name.number or 1) * (1 + exercise.momentum if exercise.descent.nesterov else 1)
    gradient: Values = right[name] + (right[after.name] - after.values) / a
    return gradient


def _nearest(X: Values, delta: Values, gradient: Values, counts: Counts) -> int | None:
    """The pattern p for which X^T diag(counts) delta is nearest: |R - c x_p delta_p|^2, expanded, for all p at once."""
    rest = gradient - counts.others * (X.T @ delta)
    change = counts.own - counts.others
    along = np.einsum("pn,nk,pk->p", X, rest, delta)
    size = np.sum(X**2, axis=1) * np.sum(delta**2, axis=1)
    off = change * change * size - 2 * change * along
    return None if not np.isfinite(off).all() else int(off.argmin())


def _nearest_cost(exercise: Exercise, answer: Answer, right: Reworked, number: int, counts: Counts) -> int | None:
    cost = answer.part(number, "cost")
    if cost is None or not cost.complete:
        return None
    rows, layer = exercise.batch(number), exercise.layer
    patterns = exercise.patterns.take(rows)
    scale = layer.unchecked_scale(patterns.sample_weight, exercise.descent.reduction)
    U = right[PartName.in_iteration(number, "synaptic_inputs")]
    each = patterns.sample_weight * layer.unchecked_pattern_cost(U, patterns.D) * scale
    decay = float(right[PartName.in_iteration(number, "cost")]) - float(each.sum())
    predicted = decay + counts.others * each.sum() + (counts.own - counts.others) * each
    off = np.abs(predicted - float(cost.values))
    return int(off.argmin()) if np.isfinite(off).all() else None


MISTAKES = (
    _mistake(
        "biases-one-pattern",
        "The biases' gradient is the sum of delta over all patterns. You took one pattern.",
        "Look at the biases' gradient.",
        ALONE,
        (BIASES,),
    ),
    _mistake(
        "one-pattern-only",
        "All patterns of the batch count in the gradient. You took one of them.",
        "Look at what is summed.",
        ALONE,
        BOTH,
        (WEIGHTS,),
    ),
    _mistake(
        "cost-of-one-pattern",
        "All patterns of the batch count in the cost. You took one of them.",
        "Look at what is summed in the cost.",
        ALONE,
        (COST,),
    ),
    _mistake(
        "pattern-left-out",
        "All patterns of the batch count in the sums. One of them is missing.",
        "Look at what is summed.",
        WITHOUT,
        *WORDS,
    ),
    _mistake(
        "pattern-twice",
        "Each pattern of the batch counts once. You counted one of them twice.",
        "Look at what is summed.",
        TWICE,
        *WORDS,
    ),
)
