"""Hypotheses: that mistakes were made in some variant, what the figures would then be, and how well that explains an answer.

A mistake predicts an entry if the figure comes of working with it throughout, exactly or with rounded figures, or of working
with it from the answer's own earlier parts. So a mistake is told apart from what follows from it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deltarule.marking.answer.given import Answer, GivenPart
from deltarule.marking.diagnosis.evidence import evidence_of
from deltarule.marking.mistakes.mistake import Mistake, Variant
from deltarule.marking.mistakes.slips import Slip
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.worksheet import Change, rework, rounded

# What an entry that is not predicted costs, and mistakes, since there are many to choose from: none, one, two.
MISS = math.log(0.02)
PRIORS = (0.0, 3.7, 9.0)
# How a hypothesis is worked: throughout, exactly or with rounded figures; or from the answer's own earlier parts, as they are
# written or with all decimals of those that are right.
EXACT, ROUNDING, FOLLOWING, SHARPENED = EVERY = (0, 1, 2, 3)
OWN = (FOLLOWING, SHARPENED)


@dataclass(frozen=True, eq=False)
class Hypothesis:
    """A variant to make mistakes, and how well it explains the answer.

    matched : of all entries seen, which it explains.
    """

    names: tuple[Mistake, ...]
    variants: tuple[Variant, ...]
    predictions: list[dict[str, Any]]
    matched: NDArray[np.bool_]
    score: float
    slip: Slip | None = None

    @property
    def whole(self) -> bool:
        """Whether it explains every entry."""
        return bool(self.matched.all())


class Hypotheses:
    """What is told of one answer to one exercise; `trusted`: the parts that later ones may follow from."""

    def __init__(
        self, exercise: Exercise, answer: Answer, right: dict[str, Any], trusted: Mapping[str, GivenPart]
    ) -> None:
        self.exercise, self.answer, self.right, self.trusted = exercise, answer, right, trusted
        self.numbers = answer.iterations()
        self.evidence = evidence_of(answer, right, exercise, trusted)
        self.write = rounded(answer.decimals)

    def predictions(self, variant: Variant, modes: Sequence[int] = EVERY) -> Iterator[dict[str, Any]]:
        """What the parts are if a mistake was made in this variant, in these modes of working."""
        exercise = variant.exercise or self.exercise
        shifts = {n: variant.shift if variant.only in (None, n) else 0 for n in self.numbers}
        numbers = [n + shift for n, shift in shifts.items()]
        if min(numbers) <= exercise.skipped or max(numbers) > exercise.updates:
            return
        for mode in modes:
            if mode in OWN and (variant.shift or variant.shown is not None):
                continue
            worked = self._working(variant, exercise, numbers, mode)
            found = {n: worked[_moved(n, shifts[number_of(n)])] for n in self.right} if variant.shift else worked
            if variant.shown is not None:
                yield {name: variant.shown(name, np.asarray(value)) for name, value in found.items()}
            yield found

    def _working(self, variant: Variant, exercise: Exercise, numbers: list[int], mode: int) -> dict[str, Any]:
        only = None if variant.shift else variant.only
        if mode == EXACT:
            return rework(exercise, numbers, variant.changes, only=only)
        if mode == ROUNDING:
            return rework(exercise, numbers, variant.changes, self.write, only=only)
        return rework(exercise, numbers, variant.changes, given=self.trusted, sharpen=mode == SHARPENED, only=only)

    def hypothesis(
        self,
        names: tuple[Mistake, ...],
        variants: tuple[Variant, ...],
        modes: Sequence[int] = EVERY,
        before: Hypothesis | None = None,
    ) -> Hypothesis | None:
        """How well these mistakes, made in these variants, explain the answer; None where they cannot be made in it.

        before : the same hypothesis in other modes, to which these are added.
        """
        variant = joined(variants)
        if variant is None:
            return None
        flags = frozenset().union(*(each.flags for each in variants))
        matched = np.zeros(len(self.evidence.values), bool) if before is None else before.matched.copy()
        predictions = [] if before is None else list(before.predictions)
        try:
            for prediction in self.predictions(variant, modes):
                predictions.append(prediction)
                matched |= self.evidence.hits(prediction)
                if matched.all():
                    break
        except (ValueError, IndexError):  # shapes that a mistake does not fit
            return None
        if not predictions:
            return None
        for part in self.evidence.parts:
            if part.flag and part.flag not in flags:
                matched[part.among] = False
        score = float(np.where(matched, self.evidence.gain, MISS).sum())
        prior = PRIORS[len(names)] + sum(each.price for each in variants)
        return Hypothesis(names, variants, predictions, matched, score - prior)


def number_of(name: str) -> int:
    """The iteration that a part is of."""
    return int(name.split(".")[1])


def _moved(name: str, by: int) -> str:
    table, number, part = name.split(".")
    return f"{table}.{int(number) + by}.{part}"


def joined(variants: tuple[Variant, ...]) -> Variant | None:
    """Several variants at once; None where they do not go together."""
    if len(variants) == 1:
        return variants[0]
    if (
        sum(variant.exercise is not None for variant in variants) > 1
        or sum(variant.shown is not None for variant in variants) > 1
    ):
        return None
    changes: dict[str, Change] = {}
    for variant in variants:
        for part, change in variant.changes.items():
            changes[part] = _after(changes[part], change) if part in changes else change
    return Variant(
        changes,
        exercise=next((variant.exercise for variant in variants if variant.exercise is not None), None),
        shown=next((variant.shown for variant in variants if variant.shown is not None), None),
        shift=sum(variant.shift for variant in variants),
        only=next((variant.only for variant in variants if variant.only is not None), None),
        flags=frozenset().union(*(variant.flags for variant in variants)),
    )


def _after(first: Change, second: Change) -> Change:
    return lambda worksheet, right: second(worksheet, first(worksheet, right))
