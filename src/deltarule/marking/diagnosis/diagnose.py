"""Which known mistake explains an answer: the one under which its figures are likeliest.

Each mistake is worked as if it had been made (`hypotheses`), and what it predicts is worth what it gains over chance
(`evidence`). One is named if it explains most of what is wrong and then beats "no known mistake" by `MARGIN`. Where none
explains all, mistakes are tried in pairs, and with slips of the pen for the few figures that are left over.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np

from deltarule.marking.answer.given import Answer, GivenPart
from deltarule.marking.diagnosis.hypotheses import (
    EVERY,
    EXACT,
    FOLLOWING,
    MISS,
    OWN,
    PRIORS,
    ROUNDING,
    Hypotheses,
    Hypothesis,
    number_of,
)
from deltarule.marking.grading.entries import tolerance
from deltarule.marking.marks import Finding
from deltarule.marking.mistakes.catalogue import MISTAKES, ROUNDED
from deltarule.marking.mistakes.miscopied import copied
from deltarule.marking.mistakes.mistake import Mistake, Variant
from deltarule.marking.mistakes.reordered import classes_reordered, patterns_reordered
from deltarule.marking.mistakes.slips import MOST_SLIPS, flipped, slip_of
from deltarule.marking.rework.exercise import COUNTS, Exercise
from deltarule.marking.rework.rounding import TWICE, Rounding

MARGIN = 2.0
# Of what is wrong and does not follow, a mistake must explain so much; one that explains less than the other share, worked exactly
# and from the answer's own figures, is not looked at further.
MOST, PROMISING = 0.75, 0.25
# Mistakes whose scores are this near fit equally.
ALIKE = 0.5
# Single mistakes that are tried together with all others.
PAIRED = 4
# Two mistakes that rework one part otherwise do not show in so few entries.
FEW = 4
# What one slip costs besides: there are some variants to make it.
SLIP = 1.0


class Tried(NamedTuple):
    """A variant in which a mistake was tried; None where it cannot be made throughout."""

    mistake: Mistake
    variant: Variant
    hypothesis: Hypothesis | None


class Diagnosis:
    """What explains one answer to one exercise."""

    def __init__(
        self,
        exercise: Exercise,
        answer: Answer,
        right: dict[str, Any],
        rounding: Rounding,
        trusted: Mapping[str, GivenPart],
    ) -> None:
        self.exercise, self.answer, self.right, self.rounding = exercise, answer, right, rounding
        self.hypotheses = Hypotheses(exercise, answer, right, trusted)
        self.evidence, self.numbers = self.hypotheses.evidence, self.hypotheses.numbers

    def best(self) -> tuple[list[Finding], bool]:
        """The mistakes to name, the likeliest first, and whether they are alternatives."""
        none = self.hypotheses.hypothesis((), (Variant(),), (EXACT,))
        if none is None or (none.whole and not self.answer.counted_from_zero):
            return [], False
        if none.whole:
            return [self._named(MISTAKES[0], Variant(), self.evidence.parts[0].name)], False
        if self.allowed:
            exact = self._exactly()
            return [exact or self._named(ROUNDED, Variant(), self._first(none))], False
        follows = self.hypotheses.hypothesis((), (Variant(),), before=none) or none
        if follows.whole:
            return [self._named(ROUNDED, Variant(), self._first(none))], False
        return self._of_wrong(follows)

    def _of_wrong(self, follows: Hypothesis) -> tuple[list[Finding], bool]:
        """The mistakes to name where something is wrong; `follows`: the hypothesis of no mistake."""
        hypotheses = self.exact or self._singles(follows)
        slip = self._slipped(follows)
        hypotheses = sorted([*hypotheses, *([] if slip is None else [slip])], key=lambda s: -s.score)
        if not hypotheses or not hypotheses[0].whole:
            singles = [hypothesis for hypothesis in hypotheses if hypothesis.slip is None]
            joined = [self._slipped(single) for single in singles[:PAIRED]]
            hypotheses += [
                *self._pairs(singles, follows),
                *(hypothesis for hypothesis in joined if hypothesis is not None),
            ]
            hypotheses.sort(key=lambda s: -s.score)
        told = [s for s in hypotheses if s.score > follows.score + MARGIN and _share(s, follows) >= MOST]
        if not told:
            return [], False
        best = told[0]
        equal = [s for s in told if s.score >= best.score - ALIKE and len(s.names) == len(best.names)]
        if len(best.names) > 1 or (best.slip is not None and best.names):
            return self._tell(best), False
        named: dict[str, Finding] = {}
        for each in equal:
            for one in self._tell(each):
                named.setdefault(one.name, one)
        return list(named.values()), len(named) > 1

    def _exactly(self) -> Finding | None:
        """A mistake that gives all that is written, where no usual variant of rounding does.

        Where all is right within rounding, a mistake that happens to hit what rounding moved must not be named.
        """
        rounded = [*self.hypotheses.predictions(Variant(), (ROUNDING, *OWN)), *self.rounding.usual]
        if any(bool(self.evidence.hits(p, TWICE).all()) for p in rounded):
            return None
        off = np.count_nonzero(~self.evidence.hits(self.right))
        hypotheses = [
            hypothesis for hypothesis in self.exact if off > sum(variant.price for variant in hypothesis.variants)
        ]
        best = max(hypotheses, key=lambda hypothesis: hypothesis.score, default=None)
        return None if best is None else self._tell(best)[0]

    @cached_property
    def allowed(self) -> bool:
        """Whether no entry is wrong."""
        for name, given in self.answer.parts.items():
            if name.startswith("iteration."):
                near = self.rounding.allows(name, given.values, np.asarray(self.right[name], float), tolerance(given))
                if given.note or not near[~np.isnan(given.values)].all():
                    return False
        return True

    # ---- Mistakes one by one.

    @cached_property
    def tried(self) -> list[Tried]:
        """Every mistake in every variant, made throughout and worked exactly: the known ones, and those read off the answer."""
        read_off = (
            copied(self.exercise, self.answer, self.right),
            patterns_reordered(self.answer, self.right),
            classes_reordered(self.exercise, self.answer, self.right),
            flipped(self.answer, self.right),
        )
        known = [(mistake, variant) for mistake in MISTAKES for variant in mistake.variants(self.exercise)]
        known += [(mistake, variant) for mistake, variants in read_off for variant in variants]
        return [
            Tried(mistake, variant, self.hypotheses.hypothesis((mistake,), (variant,), (EXACT,)))
            for mistake, variant in known
        ]

    @cached_property
    def exact(self) -> list[Hypothesis]:
        """Mistakes that give every figure: then no others are looked for."""
        return [tried.hypothesis for tried in self.tried if tried.hypothesis is not None and tried.hypothesis.whole]

    def _singles(self, follows: Hypothesis) -> list[Hypothesis]:
        """The best variant of each mistake that explains some of what is wrong."""
        several = len(self.numbers) > 1 or self.numbers[0] > self.exercise.skipped + 1
        wrong_in = number_of(self._first(follows))
        best: dict[str, Hypothesis] = {}
        for mistake, variant, exact in self.tried:
            found = [self._completed(exact, follows, (FOLLOWING,))]
            if several and (variant.changes or variant.shift):
                once = self.hypotheses.hypothesis(
                    (mistake,), (replace(variant, only=wrong_in),), (EXACT,) if variant.shift else (FOLLOWING,)
                )
                found.append(self._completed(once, follows))
            for hypothesis in found:
                if hypothesis is not None and (mistake.name not in best or hypothesis.score > best[mistake.name].score):
                    best[mistake.name] = hypothesis
        return list(best.values())

    def _completed(
        self, hypothesis: Hypothesis | None, follows: Hypothesis, first: Sequence[int] = ()
    ) -> Hypothesis | None:
        """The hypothesis in all modes, if it promises much, in these modes too; None where it explains nothing."""
        if hypothesis is None:
            return None
        if first:
            hypothesis = (
                self.hypotheses.hypothesis(hypothesis.names, hypothesis.variants, first, before=hypothesis)
                or hypothesis
            )
        share = _share(hypothesis, follows)
        if hypothesis.whole or share < PROMISING:
            return hypothesis if share else None
        return self.hypotheses.hypothesis(hypothesis.names, hypothesis.variants, EVERY, before=hypothesis)

    # ---- Several at once.

    def _pairs(self, singles: list[Hypothesis], follows: Hypothesis) -> list[Hypothesis]:
        """The best singles with others that explain the rest, or show first where it begins; and two that show first at once."""
        best = singles[:PAIRED]
        pairs = [(a, b) for a in best for b in singles if _together(a, b, follows) >= PROMISING * 2]
        pairs += [(a, b) for a in best if not a.whole for b in self._showing_first(a)]
        if np.count_nonzero(~follows.matched) >= FEW:
            pairs += combinations(self._showing_first(follows), 2)
        found = []
        for first, second in pairs:
            if first.names != second.names:
                names, variants = (*first.names, *second.names), (*first.variants, *second.variants)
                both = self._completed(self.hypotheses.hypothesis(names, variants, (EXACT,)), follows, (FOLLOWING,))
                found += [] if both is None else [both]
        return found

    def _showing_first(self, hypothesis: Hypothesis) -> list[Hypothesis]:
        """The mistakes that show first in the part that a hypothesis first leaves over."""
        first = next(part for part in self.evidence.parts if not hypothesis.matched[part.among].all())
        found = []
        for tried in self.tried:
            if tried.hypothesis is not None and tried.variant.shown is None:
                changed = ~self.evidence.same(self.right, tried.hypothesis.predictions[0])
                if changed[first.among].any() and not changed[: first.among.start].any():
                    found.append(tried.hypothesis)
        return found

    def _slipped(self, hypothesis: Hypothesis) -> Hypothesis | None:
        """The hypothesis with a slip of the pen for each of the few entries that it leaves over."""
        left = np.flatnonzero(~hypothesis.matched).tolist()
        if not left or len(left) > MOST_SLIPS:
            return None
        evidence, slips = self.evidence, []
        wanted = [evidence.of(prediction) for prediction in hypothesis.predictions]
        for j in left:
            part = next(part for part in evidence.parts if part.among.start <= j < part.among.stop)
            decimals = 0 if part.part in COUNTS else round(-math.log10(2 * evidence.half[j]))
            values = [float(each[j]) for each in wanted if np.isfinite(each[j])]
            slips.append(slip_of(float(evidence.values[j]), values, decimals, part.name))
        first = slips[0]
        if first is None or any(each is None or each.mistake is not first.mistake for each in slips):
            return None
        gained = sum(float(evidence.gain[j]) - MISS - SLIP for j in left)
        prior = PRIORS[1] if not hypothesis.names else PRIORS[2] - PRIORS[1]
        return replace(
            hypothesis, score=hypothesis.score + gained - prior, slip=first, matched=np.ones_like(hypothesis.matched)
        )

    # ---- Telling.

    def _tell(self, hypothesis: Hypothesis) -> list[Finding]:
        told = [
            self._named(m, w, self._seen_in(w)) for m, w in zip(hypothesis.names, hypothesis.variants, strict=False)
        ]
        if hypothesis.slip is not None:
            told.append(
                Finding(
                    hypothesis.slip.mistake.name,
                    hypothesis.slip.part,
                    hypothesis.slip.why,
                    hypothesis.slip.mistake.hint,
                )
            )
        return told

    @staticmethod
    def _named(mistake: Mistake, variant: Variant, part: str) -> Finding:
        said = f" ({variant.said})" if variant.said else ""
        return Finding(
            mistake.name, part, mistake.why + said, mistake.hint, is_mistake=mistake not in (ROUNDED, MISTAKES[0])
        )

    def _seen_in(self, variant: Variant) -> str:
        """The first part that is not right and that the mistake, made in this variant, makes otherwise."""
        hits = self.evidence.hits(self.right)
        wrong = [part for part in self.evidence.parts if part.flag or not hits[part.among].all()]
        predictions = list(self.hypotheses.predictions(variant, (EXACT,)))
        changed = np.any([~self.evidence.same(self.right, each) for each in predictions], axis=0)
        own = [part for part in wrong if part.flag in variant.flags - {""} or np.any(changed[part.among])]
        return [*own, *wrong, *self.evidence.parts][0].name

    def _first(self, hypothesis: Hypothesis) -> str:
        """The first part that a hypothesis does not explain."""
        return next(part.name for part in self.evidence.parts if not hypothesis.matched[part.among].all())


def _share(hypothesis: Hypothesis, follows: Hypothesis) -> float:
    """How much it explains of what no mistake leaves unexplained."""
    return float(hypothesis.matched[~follows.matched].mean())


def _together(first: Hypothesis, second: Hypothesis, follows: Hypothesis) -> float:
    return float((first.matched | second.matched)[~follows.matched].mean())
