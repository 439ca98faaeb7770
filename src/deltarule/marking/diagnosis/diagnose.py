"""Which known mistake explains an answer: the one under which its figures are likeliest.

The exercise is reworked with each mistake (`hypotheses`), and what the mistake predicts is worth what it gains over chance
(`evidence`). It is named if it explains most of what is wrong and beats "no known mistake" by `MARGIN`. Where none explains
everything, mistakes are tried in pairs, and with slips of the pen for the few figures that are left over.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import combinations
from typing import NamedTuple

import numpy as np

from deltarule.marking.diagnosis.hypotheses import (
    EVERY_MODE,
    FROM_OWN_PARTS,
    MISS,
    PRIORS,
    Hypotheses,
    Hypothesis,
    Mode,
    with_slip,
)
from deltarule.marking.given import Answer, GivenPart
from deltarule.marking.marks import Finding
from deltarule.marking.mistakes.mistake import Mistake, Variant
from deltarule.marking.mistakes.recognised import ROUNDED_CARRIED
from deltarule.marking.mistakes.registry import variants_of
from deltarule.marking.mistakes.slips import MAXIMUM_SLIPS, same_slip, slip_of
from deltarule.marking.mistakes.transcription import COUNTED_FROM_ZERO
from deltarule.marking.parts import PartName
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.rounding import TWICE_ROUNDED, Rounding
from deltarule.marking.rework.worksheet import Reworked

# A mistake is named only if it is e^2, some 7 times, likelier than none: figures drawn by chance then have no name.
MARGIN = 2.0
# It must explain three quarters of what is wrong and does not follow; the rest may be slips.
EXPLAINED_SHARE = 0.75
# A mistake that explains less than a quarter, worked exactly and from the answer's own figures, is not tried in further modes.
PROMISING_SHARE = 0.25
# Mistakes whose scores differ by less than 0.5 explain an answer equally well: that is less than one entry is worth.
EQUAL_SCORES = 0.5
# The 4 best mistakes are tried together with all others, so that the time does not grow with the square of their number.
PAIRED = 4
# Two mistakes that show first in the same part are looked for where 4 or more entries are unexplained: two at once show in more
# than 3.
UNEXPLAINED_FOR_PAIRS = 4
# Beside "all right" a mistake is named only if it is e^6, some 400 times, likelier than honest rounding: a right answer must not be
# accused.
BESIDE_RIGHT = 6.0
# The reach of rounding is some 4 deviations: see `rework.rounding`.
DEVIATIONS_OF_REACH = 4.0
# A slip costs 1 more than a miss, since there are several slips to choose from.
SLIP_PRICE = 1.0


class Tried(NamedTuple):
    """A variant in which a mistake was tried, worked exactly; the hypothesis is None where it cannot be made throughout."""

    mistake: Mistake
    variant: Variant
    hypothesis: Hypothesis | None


class Diagnosis:
    """What explains one answer.

    Parameters
    ----------
    exercise, answer : the answer that is marked, and the exercise that it answers.
    right : the right figures of the parts of the answer's iterations.
    rounding : what rounding on the way may do.
    trusted : the parts of the answer that later ones may follow from.
    within_rounding : whether no entry is wrong, as marked; None: judged by `rounding` alone.
    """

    def __init__(
        self,
        exercise: Exercise,
        answer: Answer,
        right: Reworked,
        rounding: Rounding,
        trusted: Mapping[PartName, GivenPart],
        *,
        within_rounding: bool | None = None,
    ) -> None:
        self._within_rounding = within_rounding
        self.exercise, self.answer, self.right, self.rounding = exercise, answer, right, rounding
        self.hypotheses = Hypotheses(exercise, answer, right, trusted)
        self.evidence, self.numbers = self.hypotheses.evidence, self.hypotheses.numbers

    def best(self) -> tuple[list[Finding], bool]:
        """The findings, the likeliest first, and whether they are alternatives."""
        none = self.hypotheses.no_mistake((Mode.EXACT,))
        if none is None or (none.explains_all and not self.answer.counted_from_zero):
            return [], False
        if none.explains_all:
            return [COUNTED_FROM_ZERO.finding(self.evidence.parts[0].name)], False
        if self.within_rounding:
            exact = self._instead_of_rounding()
            return [exact or ROUNDED_CARRIED.finding(self._first_unexplained(none))], False
        follows = self.hypotheses.no_mistake(EVERY_MODE, before=none) or none
        if follows.explains_all:
            return [ROUNDED_CARRIED.finding(self._first_unexplained(none))], False
        return self._of_wrong(follows)

    def _of_wrong(self, follows: Hypothesis) -> tuple[list[Finding], bool]:
        """The findings where something is wrong; `follows` is the hypothesis of no mistake, in all modes."""
        tried = self.explaining_all or self._singles(follows)
        slip = self._with_slip(follows)
        tried = sorted([*tried, *([] if slip is None else [slip])], key=lambda h: -h.score)
        if not tried or not tried[0].explains_all:
            singles = [each for each in tried if each.slip is None]
            with_slips = [self._with_slip(single) for single in singles[:PAIRED]]
            tried += [*self._pairs(singles, follows), *(each for each in with_slips if each is not None)]
            tried.sort(key=lambda h: -h.score)
        convincing = [
            each for each in tried
            if each.score > follows.score + MARGIN and _share(each, follows) >= EXPLAINED_SHARE
        ]  # fmt: skip
        if not convincing:
            return [], False
        best = convincing[0]
        if len(best.mistakes) > 1 or (best.slip is not None and best.mistakes):
            return self._findings(best), False
        found: dict[str, Finding] = {}
        for each in convincing:
            if each.score >= best.score - EQUAL_SCORES and len(each.mistakes) == len(best.mistakes):
                for finding in self._findings(each):
                    found.setdefault(finding.name, finding)
        return list(found.values()), len(found) > 1

    def _instead_of_rounding(self) -> Finding | None:
        """A mistake that gives all that is written, where no usual way of rounding does.

        Where all is right within rounding, a mistake that happens to give what rounding moved must not be named.
        """
        rounded = [
            *self.hypotheses.predictions(Variant(), (Mode.ROUNDED, *FROM_OWN_PARTS)),
            *self.rounding.usual_reworkings,
        ]
        if any(bool(self.evidence.hits(each, TWICE_ROUNDED).all()) for each in rounded):
            return None
        surprise = self._surprise_of_rounding()
        believed = [
            each for each in self.explaining_all
            if surprise > PRIORS[1] + BESIDE_RIGHT + sum(variant.price for variant in each.variants)
        ]  # fmt: skip
        best = max(believed, key=lambda each: each.score, default=None)
        return None if best is None else self._findings(best)[0]

    def _surprise_of_rounding(self) -> float:
        """How much less likely, as a logarithm, honest rounding makes the figures that are off than one mistake that gives all.

        Of a figure whose rounding on the way has the deviation s, and half a unit h, rounding gives this figure, and not a
        neighbour, once in 1 + s/h times; once in 1 + h/s times it gives another than the right one. Figures of patterns that come
        of the same few weights are not off independently: they count as often as there are weights and biases.
        """
        off = ~self.evidence.hits(self.right)
        parameters = self.exercise.layer.weights.size + self.exercise.layer.biases.size
        total = 0.0
        for part in self.evidence.parts:
            here = off[part.among]
            if part.name not in self.rounding.reach or not here.any():
                continue
            reach = part.of(self.rounding.reach)[here] / DEVIATIONS_OF_REACH
            ratio = np.maximum(reach, 1e-6) / self.evidence.half[part.among][here]
            nats = np.sort(np.log1p(np.maximum(ratio, 1 / ratio)))[::-1]
            independent = part.name.number == self.exercise.skipped + 1
            total += float(nats[: len(nats) if independent else parameters].sum())
        return total

    @cached_property
    def within_rounding(self) -> bool:
        """Whether no entry is wrong."""
        if self._within_rounding is not None:
            return self._within_rounding
        return all(
            self.rounding.accepts(given, self.right[name]) for name, given in self.answer.of_iterations().items()
        )

    # ---- Mistakes one by one.

    @cached_property
    def tried(self) -> list[Tried]:
        """Every mistake in every variant, made throughout and worked exactly."""
        return [
            Tried(mistake, variant, self.hypotheses.hypothesis((mistake,), (variant,), (Mode.EXACT,)))
            for mistake, variant in variants_of(self.exercise, self.answer, self.right)
        ]

    @cached_property
    def explaining_all(self) -> list[Hypothesis]:
        """Mistakes that give every figure exactly: then no others are looked for."""
        found = [tried.hypothesis for tried in self.tried]
        return [each for each in found if each is not None and each.explains_all]

    def _singles(self, follows: Hypothesis) -> list[Hypothesis]:
        """The best variant of each mistake that explains some of what is wrong."""
        several = len(self.numbers) > 1 or self.numbers[0] > self.exercise.skipped + 1
        wrong_in = self._first_unexplained(follows).number
        best: dict[str, Hypothesis] = {}
        for mistake, variant, exact in self.tried:
            found = [self._in_all_modes(exact, follows, (Mode.FOLLOWING,))]
            if several and (variant.changes or variant.shift):
                once = self.hypotheses.hypothesis(
                    (mistake,),
                    (replace(variant, only_in=wrong_in),),
                    (Mode.EXACT,) if variant.shift else (Mode.FOLLOWING,),
                )
                found.append(self._in_all_modes(once, follows))
            for each in found:
                if each is not None and (mistake.name not in best or each.score > best[mistake.name].score):
                    best[mistake.name] = each
        return list(best.values())

    def _in_all_modes(
        self, hypothesis: Hypothesis | None, follows: Hypothesis, first: Sequence[Mode] = ()
    ) -> Hypothesis | None:
        """The hypothesis in the modes `first` too, and in all if it promises much; None where it explains nothing."""
        if hypothesis is None:
            return None
        mistakes, variants = hypothesis.mistakes, hypothesis.variants
        if first:
            hypothesis = self.hypotheses.hypothesis(mistakes, variants, first, before=hypothesis) or hypothesis
        share = _share(hypothesis, follows)
        if hypothesis.explains_all or share < PROMISING_SHARE:
            return hypothesis if share else None
        return self.hypotheses.hypothesis(mistakes, variants, EVERY_MODE, before=hypothesis)

    # ---- Several at once.

    def _pairs(self, singles: list[Hypothesis], follows: Hypothesis) -> list[Hypothesis]:
        """Two mistakes at once.

        The best ones with others that explain the rest, or that show first where the rest begins; and two that show first in the
        same part.
        """
        best = singles[:PAIRED]
        pairs = [(a, b) for a in best for b in singles if _share_of_both(a, b, follows) >= 2 * PROMISING_SHARE]
        pairs += [(a, b) for a in best if not a.explains_all for b in self._showing_first(a)]
        if np.count_nonzero(~follows.explained) >= UNEXPLAINED_FOR_PAIRS:
            pairs += combinations(self._showing_first(follows), 2)
        found = []
        for first, second in pairs:
            if first.mistakes != second.mistakes:
                mistakes, variants = (*first.mistakes, *second.mistakes), (*first.variants, *second.variants)
                exact = self.hypotheses.hypothesis(mistakes, variants, (Mode.EXACT,))
                both = self._in_all_modes(exact, follows, (Mode.FOLLOWING,))
                found += [] if both is None else [both]
        return found

    def _showing_first(self, hypothesis: Hypothesis) -> list[Hypothesis]:
        """The mistakes that show first in the first part that a hypothesis does not explain."""
        first = next(part for part in self.evidence.parts if not hypothesis.explained[part.among].all())
        found = []
        for tried in self.tried:
            if tried.hypothesis is not None and tried.variant.as_written is None:
                changed = ~self.evidence.same(self.right, tried.hypothesis.predictions[0])
                if changed[first.among].any() and not changed[: first.among.start].any():
                    found.append(tried.hypothesis)
        return found

    def _with_slip(self, hypothesis: Hypothesis) -> Hypothesis | None:
        """The hypothesis with a slip of the pen for each of the few entries that it does not explain."""
        unexplained = np.flatnonzero(~hypothesis.explained).tolist()
        if not unexplained or len(unexplained) > MAXIMUM_SLIPS:
            return None
        evidence = self.evidence
        predicted = [evidence.of(prediction) for prediction in hypothesis.predictions]
        slips = []
        for entry in unexplained:
            name = evidence.part_of(entry).name
            decimals = 0 if name.is_count else round(-math.log10(2 * evidence.half[entry]))
            expected = [float(each[entry]) for each in predicted if np.isfinite(each[entry])]
            slips.append(slip_of(float(evidence.values[entry]), expected, decimals, name))
        slip = same_slip(slips)
        if slip is None:
            return None
        gained = sum(float(evidence.gain[entry]) - MISS - SLIP_PRICE for entry in unexplained)
        return with_slip(hypothesis, slip, gained)

    # ---- Findings.

    def _findings(self, hypothesis: Hypothesis) -> list[Finding]:
        found = [
            mistake.finding(self._first_part_of(variant), variant.detail)
            for mistake, variant in zip(hypothesis.mistakes, hypothesis.variants, strict=False)
        ]
        return [*found, *([] if hypothesis.slip is None else [hypothesis.slip.finding()])]

    def _first_part_of(self, variant: Variant) -> PartName:
        """The first part that is not right and that the mistake, made in this variant, changes."""
        hits = self.evidence.hits(self.right)
        wrong = [part for part in self.evidence.parts if part.flag or not hits[part.among].all()]
        predictions = list(self.hypotheses.predictions(variant, (Mode.EXACT,)))
        changed = np.any([~self.evidence.same(self.right, each) for each in predictions], axis=0)
        own = [part for part in wrong if part.flag in variant.flags - {""} or np.any(changed[part.among])]
        return [*own, *wrong, *self.evidence.parts][0].name

    def _first_unexplained(self, hypothesis: Hypothesis) -> PartName:
        """The first part that a hypothesis does not explain."""
        return next(part.name for part in self.evidence.parts if not hypothesis.explained[part.among].all())


def _share(hypothesis: Hypothesis, follows: Hypothesis) -> float:
    """The share that it explains of what "no mistake" leaves unexplained."""
    return float(hypothesis.explained[~follows.explained].mean())


def _share_of_both(first: Hypothesis, second: Hypothesis, follows: Hypothesis) -> float:
    return float((first.explained | second.explained)[~follows.explained].mean())
