"""Hypotheses: that mistakes were made in some variants, what the figures would then be, and how well that explains an answer.

A mistake predicts an entry if it gives the figure when it is made throughout, exactly or with rounded figures, or when it is
made from the answer's own earlier parts. So a mistake is told apart from what follows from it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from deltarule.marking.diagnosis.evidence import evidence_of
from deltarule.marking.given import Answer, GivenPart
from deltarule.marking.mistakes.mistake import Mistake, Variant, together
from deltarule.marking.mistakes.slips import Slip
from deltarule.marking.parts import PartName
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.worksheet import Reworked, rework, rounded

# What an entry costs that is not predicted: one figure in 50 is a slip that nobody can explain.
MISS = math.log(0.02)
# What mistakes cost, since there are many to choose from: none, one of some 40 variants (log 40 = 3.7), two of them and more.
PRIORS = (0.0, 3.7, 9.0)


class Mode(Enum):
    """How a hypothesis is worked."""

    EXACT = "throughout, with all decimals"
    ROUNDED = "throughout, with figures rounded as they are written"
    FOLLOWING = "from the answer's own earlier parts, as they are written"
    SHARPENED = "from the answer's own earlier parts, with all decimals of those that are right"


EVERY_MODE = tuple(Mode)
FROM_OWN_PARTS = (Mode.FOLLOWING, Mode.SHARPENED)


@dataclass(frozen=True, eq=False)
class Hypothesis:
    """That some mistakes were made, each in a variant, and how well that explains the answer.

    Attributes
    ----------
    mistakes, variants : as many of each; none for "no mistake".
    predictions : the parts, once for each mode in which the hypothesis was worked.
    explained : which entries of the evidence it explains.
    score : the logarithm of how likely it is, relative to chance.
    slip : a slip of the pen in the entries that the mistakes leave over.
    """

    mistakes: tuple[Mistake, ...]
    variants: tuple[Variant, ...]
    predictions: list[Reworked]
    explained: NDArray[np.bool_]
    score: float
    slip: Slip | None = None

    @property
    def explains_all(self) -> bool:
        """Whether it explains every entry."""
        return bool(self.explained.all())


class Hypotheses:
    """Works hypotheses about one answer.

    Parameters
    ----------
    exercise, answer : the answer that is marked, and the exercise that it answers.
    right : the right figures of the parts of the answer's iterations.
    trusted : the parts of the answer that later ones may follow from.
    """

    def __init__(
        self, exercise: Exercise, answer: Answer, right: Reworked, trusted: Mapping[PartName, GivenPart]
    ) -> None:
        self.exercise, self.right, self.trusted = exercise, right, trusted
        self.numbers = answer.iterations()
        self.evidence = evidence_of(answer, right, exercise, trusted)
        self._as_written = rounded(answer.decimals)

    def predictions(self, variant: Variant, modes: Sequence[Mode] = EVERY_MODE) -> Iterator[Reworked]:
        """What the parts are if a mistake was made in this variant, in each of these modes."""
        exercise = variant.exercise or self.exercise
        shifts = {n: variant.shift if variant.made_in is None or n in variant.made_in else 0 for n in self.numbers}
        numbers = [n + shift for n, shift in shifts.items()]
        if min(numbers) <= exercise.skipped or max(numbers) > exercise.updates:
            return
        for mode in modes:
            if mode in FROM_OWN_PARTS and (variant.shift or variant.as_written is not None):
                continue
            worked = self._worked(variant, exercise, numbers, mode)
            if variant.shift:
                worked = {name: worked[name.later(shifts[name.number or 0])] for name in self.right}
            if variant.as_written is not None:
                yield {name: variant.as_written(name, np.asarray(value)) for name, value in worked.items()}
            yield worked

    def _worked(self, variant: Variant, exercise: Exercise, numbers: list[int], mode: Mode) -> Reworked:
        made_in = None if variant.shift else variant.made_in
        carry = self._as_written if mode is Mode.ROUNDED else None
        given = self.trusted if mode in FROM_OWN_PARTS else None
        sharpen = mode is Mode.SHARPENED
        return rework(exercise, numbers, variant.changes, carry, given, sharpen=sharpen, made_in=made_in)

    def no_mistake(self, modes: Sequence[Mode], before: Hypothesis | None = None) -> Hypothesis | None:
        """The hypothesis that no mistake was made: see `hypothesis`."""
        return self.hypothesis((), (Variant(),), modes, before)

    def hypothesis(
        self,
        mistakes: tuple[Mistake, ...],
        variants: tuple[Variant, ...],
        modes: Sequence[Mode] = EVERY_MODE,
        before: Hypothesis | None = None,
    ) -> Hypothesis | None:
        """How well these mistakes, made in these variants, explain the answer; None where they cannot be made in it.

        Parameters
        ----------
        mistakes, variants : which are made; of "no mistake" the one variant that changes nothing.
        modes : in which they are worked.
        before : the same hypothesis in other modes, to which these are added.
        """
        variant = together(variants)
        if variant is None:
            return None
        evidence = self.evidence
        explained = np.zeros(len(evidence.values), bool) if before is None else before.explained.copy()
        predictions = [] if before is None else list(before.predictions)
        try:
            for prediction in self.predictions(variant, modes):
                predictions.append(prediction)
                explained |= evidence.hits(prediction)
                if explained.all():
                    break
        except (ValueError, IndexError):  # the mistake does not fit the shapes of this exercise
            return None
        if not predictions:
            return None
        for part in evidence.parts:
            if part.flag and part.flag not in variant.flags:
                explained[part.among] = False
        gained = float(np.where(explained, evidence.gain, MISS).sum())
        prior = PRIORS[len(mistakes)] + sum(each.price for each in variants)
        return Hypothesis(mistakes, variants, predictions, explained, gained - prior)


def with_slip(hypothesis: Hypothesis, slip: Slip, gained: float) -> Hypothesis:
    """The hypothesis with a slip of the pen, which explains the entries left over.

    Parameters
    ----------
    hypothesis : that some mistakes were made, or none.
    slip : the slip.
    gained : what the entries left over add to the score.
    """
    count = len(hypothesis.mistakes)
    prior = PRIORS[1] if count == 0 else PRIORS[2] - PRIORS[1]
    explained = np.ones_like(hypothesis.explained)
    return replace(hypothesis, score=hypothesis.score + gained - prior, slip=slip, explained=explained)
