"""Which mistakes explain an answer: those that are named must be likelier than all that would make them a false word.

`search` finds the mistakes under which the answer is likeliest. They are named if they are much likelier than a mistake that nobody
listed, than an unlisted one that is like them, and than a part of them. `docs/how-mistakes-are-named.md` explains it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deltarule.iteration import Velocity
from deltarule.marking.diagnosis.evidence import STEPPED_BY
from deltarule.marking.diagnosis.honest_rounding import log_honest
from deltarule.marking.diagnosis.hypotheses import OF_ONE_ALONE, Hypotheses, Hypothesis, made_in_all
from deltarule.marking.diagnosis.manners import LOG_OF_MANNER, Manner, manners
from deltarule.marking.diagnosis.search import LAST, Search
from deltarule.marking.diagnosis.strength import are_one_factor, of_other_strength
from deltarule.marking.diagnosis.working import UNFIT, Working
from deltarule.marking.given import Answer, GivenPart
from deltarule.marking.marks import Finding
from deltarule.marking.mistakes.miscopied import COPIED_WRONGLY
from deltarule.marking.mistakes.mistake import Mistake, Variant, in_iterations, together
from deltarule.marking.mistakes.recognised import ROUNDED_CARRIED
from deltarule.marking.mistakes.registry import EVERY, variants_of
from deltarule.marking.mistakes.transcription import COUNTED_FROM_ZERO, FIGURES_CUT_OFF
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.following import Following
from deltarule.marking.rework.ingredients import parts_of
from deltarule.marking.rework.rounding import Rounding
from deltarule.marking.rework.tolerance import within
from deltarule.marking.rework.worksheet import Reworked, after_updates
from deltarule.parts import OF_MOMENTUM, PartName

# Mistakes are named if they, or the alternatives, are 6 times likelier than what would make them a false word: some 85% certain.
CERTAIN = math.log(6)
# Mistakes that are at least half as likely as the likeliest are alternatives.
AS_LIKELY = math.log(2)
# More alternatives than 3 tell a student nothing, beside a factor that is true of all.
ALTERNATIVES = 3
# Beside "all right" a mistake is named only if it is e^5, some 150 times, likelier than honest rounding: no right answer must be
# accused.
BESIDE_RIGHT = 5.0
# Of the figures of its first part that come of a mistake 7 in 8 are there at least: a slip of the pen may be in one. What an
# unlisted mistake gives, that it resembles, is there in half of the places.
MOST = 7 / 8
# Who rounds the rest plainly rounds half of the figures of a mistake plainly at least.
PLAIN = 0.5
# What is true of all mistakes that give the same factor.
FACTORS = frozenset({"half-extra", "two-extra"})
# So many of the likeliest hypotheses are worked in each manner of rounding.
IN_MANNERS = 2
# Which patterns a sum has is one choice. Two mistakes in it make up some other choice, such as a single pattern.
CHOOSING_PATTERNS = frozenset(
    {
        *("pattern-left-out", "pattern-twice", "one-pattern-only", "biases-one-pattern", "only-wrong-patterns"),
        "cost-of-one-pattern",
    }
)
# The first wrong iteration and two after it decide.
DECIDING = 3


class Diagnosis:
    """What explains one answer.

    Parameters
    ----------
    exercise, answer : the answer that is marked, and the exercise that it answers.
    right : the right figures of the parts of the answer's iterations.
    rounding : what rounding on the way may do.
    own : what follows from the answer's own parts.
    trusted : the parts of the answer that later ones may follow from.
    mistakes : those that are tried; all by default.
    within_rounding : whether no entry is wrong, as marked.
    manner : in which figures are rounded inside the steps of all work; None: they are not.
    """

    def __init__(
        self,
        exercise: Exercise,
        answer: Answer,
        right: Reworked,
        rounding: Rounding,
        own: Following,
        trusted: Mapping[PartName, GivenPart],
        mistakes: Sequence[Mistake] = EVERY,
        *,
        within_rounding: bool,
        manner: Manner | None = None,
    ) -> None:
        self.mistakes, self.within_rounding, self.manner = mistakes, within_rounding, manner
        self.exercise, self.answer, self.right, self.rounding = exercise, answer, right, rounding
        self.own, self.trusted = own, trusted
        self._strengths: dict[tuple[Hypothesis, frozenset[str]], float] = {}
        working = Working(exercise, exercise, answer, right, trusted, manner)
        self.every = Hypotheses(working, own.rounding.reach, rounding.reach)
        self.evidence = self.every.evidence

    def best(self) -> tuple[list[Finding], bool]:
        """The findings, the likeliest first, and whether they are alternatives."""
        none = self.every.none
        if self.evidence.hits(self.right).all() and not any(part.flag for part in self.evidence.parts):
            found = [COUNTED_FROM_ZERO.finding(self.evidence.parts[0].name)] if self.answer.counted_from_zero else []
            return found, False
        if self.within_rounding or none.explains_all:
            exact = self.instead_of_rounding or [ROUNDED_CARRIED.finding(self._first_off())]
            return exact, len(exact) > 1
        return self._of_wrong()

    def _of_wrong(self) -> tuple[list[Finding], bool]:
        """The findings where something is wrong."""
        if self.convincing:
            return self.told(self.convincing)
        other = self.in_likeliest_manner
        if other is None:
            return [], False
        return other.told([each for each in other.convincing if self._is_likelier_in(other, each)])

    @cached_property
    def convincing(self) -> list[Hypothesis]:
        """The hypotheses whose mistakes may be named, the likeliest first."""
        return [each for each in self.found if self._is_fit(each) and self._is_convincing(each)]

    def told(self, convincing: Sequence[Hypothesis]) -> tuple[list[Finding], bool]:
        """What is told of convincing hypotheses."""
        if not convincing:
            return [], False
        hypotheses, best = self.deciding, convincing[0]
        if len(best.mistakes) > 1 or (best.slip is not None and best.mistakes):
            # What another story, about as likely, tells otherwise is not told; a factor is true whatever gave it.
            alike = [
                each for each in convincing
                if len(each.names) == len(best.names) and _is_alike(hypotheses, each, best)
            ]  # fmt: skip
            common = frozenset.intersection(*(each.names for each in alike)) | FACTORS
            told = [finding for finding in self._findings(best) if finding.name in common]
            return [*told, *self._otherwise(best, alike, common)], False
        found: dict[str, Finding] = {}
        for each in convincing:
            if _is_alike(hypotheses, each, best) and len(each.mistakes) == len(best.mistakes):
                for finding in self._findings(each):
                    found.setdefault(finding.name, finding)
        if len(found) > ALTERNATIVES:
            # With two patterns, neurons, inputs and batches, and a rate of 1/2: whatever it was divided by, 1/2 is too many.
            factors = [finding for name, finding in found.items() if name in FACTORS]
            others = [finding for name, finding in found.items() if name not in FACTORS]
            told = [*factors, *(others if factors and len(others) <= ALTERNATIVES else [])]
            return told, len(told) > 1
        return list(found.values()), len(found) > 1

    def _otherwise(self, best: Hypothesis, alike: Sequence[Hypothesis], common: frozenset[str]) -> list[Finding]:
        """What the best story tells and others tell otherwise, with their words, where these give the very same figures.

        Parameters
        ----------
        best, alike : the likeliest story, and all that are about as likely.
        common : the names that all tell.
        """
        others = {
            finding.name: finding for each in alike for finding in self._findings(each) if finding.name not in common
        }
        if not best.names & common or not 1 < len(others) <= ALTERNATIVES:
            return []
        if not all(self.deciding.are_same(each, best) for each in alike):
            return []
        first = next(finding for finding in self._findings(best) if finding.name not in common)
        sentences = dict.fromkeys(finding.why for finding in others.values() if finding.name != first.name)
        return [replace(first, why=" Or, with the same figures: ".join((first.why, *sentences)))]

    def _is_convincing(self, hypothesis: Hypothesis) -> bool:
        """Whether it, or one of those that are as likely, is likelier, by much, than whatever would make their names false."""
        hypotheses = self.deciding
        score = hypotheses.score(hypothesis)
        alike = {
            each.names: hypotheses.score(each)
            for each in reversed(self.found)
            if _is_alike(hypotheses, hypothesis, each)
        }
        either = score + math.log(sum(math.exp(each - score) for each in alike.values()))
        fewer = [each for each in self.found if each.names < hypothesis.names]
        if any(hypotheses.score(each) > score for each in fewer):
            return False  # an unlisted mistake in the place of one of them is likelier
        first = [each for each in fewer if each.mistakes[:1] in ((), hypothesis.mistakes[:1])]
        if any(hypotheses.score(each) > either and not hypothesis.names <= each.names for each in self.found):
            return False  # something else is likelier still
        rivals = hypotheses.without(hypothesis), hypotheses.relative(hypothesis), *map(hypotheses.score, first)
        if either < max(rivals) + CERTAIN:
            return False
        # What is likelier has these mistakes too; an unlisted one may be in their place, or in that of all.
        more = [each for each in self.found if each.names >= hypothesis.names and hypotheses.score(each) > score]
        strengths = (self._of_other_strength(each, hypothesis.names) for each in (hypothesis, *more))
        return all(either >= each + CERTAIN for each in strengths)

    @cached_property
    def in_likeliest_manner(self) -> Diagnosis | None:
        """The same diagnosis in the manner of rounding that makes one of the likeliest stories gain most.

        None where no manner makes any of them so much likelier as the manner is unlikely.
        """
        every = [each for each in self.found if each.slip is None and each.carried_on][:IN_MANNERS]
        every.append(self.deciding.none)
        if not any((each.likelihood.explained & (each.likelihood.agreed == 0)).any() for each in every):
            return None  # every figure that is explained is rounded plainly

        def likeliest(some: Iterable[Manner]) -> tuple[float, Diagnosis]:
            others = [self._in_manner(each) for each in some]
            gained = [max(self._gained(other, each) for each in every) for other in others]
            return max(gained), others[int(np.argmax(gained))]

        most, best = likeliest(manners(self.answer.decimals))
        if best.manner is not None:
            most, best = max((most, best), likeliest([replace(best.manner, even=True)]), key=lambda each: each[0])
        return best if most > -LOG_OF_MANNER else None

    def _gained(self, other: Diagnosis, hypothesis: Hypothesis) -> float:
        """How much likelier a hypothesis is, as a logarithm, in the manner of another diagnosis."""
        there = other.worked_again(hypothesis)
        return -math.inf if there is None else other.deciding.score(there) - self.deciding.score(hypothesis)

    def worked_again(self, hypothesis: Hypothesis) -> Hypothesis | None:
        """The mistakes of a hypothesis of another diagnosis, in the manner of this one."""
        if not hypothesis.mistakes:
            return self.deciding.none
        return self.deciding.hypothesis(hypothesis.mistakes, hypothesis.variants, hypothesis.prior, hypothesis.shares)

    def _in_manner(self, manner: Manner) -> Diagnosis:
        return Diagnosis(
            self.exercise, self.answer, self.right, self.rounding, self.own, self.trusted, self.mistakes,
            within_rounding=self.within_rounding, manner=manner,
        )  # fmt: skip

    def _is_likelier_in(self, other: Diagnosis, hypothesis: Hypothesis) -> bool:
        """Whether a hypothesis is likelier, by much, in the manner of another diagnosis than what is not it here."""
        hypotheses = self.deciding
        score = other.deciding.score(hypothesis) + LOG_OF_MANNER
        rivals = [hypotheses.score(hypotheses.none)]
        rivals += [hypotheses.score(each) for each in self.found if not hypothesis.names <= each.names]
        here = self.worked_again(hypothesis)
        if here is not None:
            rivals += [hypotheses.without(here), hypotheses.relative(here), self._of_other_strength(here, here.names)]
        return score >= max(rivals) + CERTAIN

    def _of_other_strength(self, hypothesis: Hypothesis, names: frozenset[str]) -> float:
        key = hypothesis, names & {mistake.name for mistake in hypothesis.mistakes}
        if key not in self._strengths:
            self._strengths[key] = of_other_strength(self.deciding, self.search.candidates, *key)
        return self._strengths[key]

    def _is_fit(self, hypothesis: Hypothesis) -> bool:
        """Whether it gives what it must give to be more than a resemblance.

        Where a part before those that it changes is wrong for a reason that nobody knows, that reason may change these too: then
        one mistake, carried on, must give all of their figures, but for the same part of later iterations. Where it changes
        figures it must give most of those of the first such part: classes and counts alone agree too easily. A mistake that shows
        in the cost alone has one figure an iteration; it must give each as a plain way of rounding does, unless the answer has
        right figures that none does.
        """
        evidence, none, found = self.deciding.evidence, self.deciding.none, hypothesis.likelihood
        changed = np.zeros(len(evidence.values), bool)
        of_cost = changed.copy()
        for part, each in zip(evidence.parts, hypothesis.changed, strict=True):
            changed[part.among] = each
            of_cost[part.among] = part.name.part == "cost"
        if not changed.any():
            return not hypothesis.mistakes  # a slip of the pen alone
        unknown = {
            part.name.part
            for part in evidence.parts
            if part.among.start < np.argmax(changed) and not hypothesis.explained[part.among].all()
        }
        if unknown:
            parts = zip(evidence.parts, hypothesis.changed, strict=True)
            given = [
                hypothesis.explained[part.among].all() for part, each in parts if each and part.name.part not in unknown
            ]
            return hypothesis.carried_on and len(hypothesis.mistakes) == 1 and bool(given) and all(given)
        needed = changed & ~none.explained
        figures = needed & ~evidence.counts
        own_way = none.explained & ~evidence.counts & (none.likelihood.agreed == 0)
        plain = not figures.any() or (found.agreed[figures] > 0).mean() >= PLAIN or own_way[~changed].any()
        if not (plain and self._holds_together(hypothesis) and self._gives_its_parts(hypothesis, changed, figures)):
            return False
        if needed.any() and of_cost[needed].all():
            return bool(own_way[~of_cost].any() or (found.agreed[needed] > 0).all() or hypothesis.slip is not None)
        return True

    def _gives_its_parts(self, hypothesis: Hypothesis, changed: NDArray[np.bool_], figures: NDArray[np.bool_]) -> bool:
        """Whether it gives most figures of the first part that it changes, and of all in which it acts, and spoils no part.

        Parameters
        ----------
        hypothesis : the mistakes.
        changed : the entries that they change.
        figures : those of them that are figures and need an explanation.
        """
        evidence, none = self.deciding.evidence, self.deciding.none
        seen: set[int | None] = set()
        from_then_on = any(v.made_in is not None and len(v.made_in) > 1 for v in hypothesis.variants)
        for part, acts in zip(evidence.parts, hypothesis.acts, strict=True):
            explained = hypothesis.explained[part.among]
            if acts and not part.name.is_count and explained.mean() < MOST:
                return False
            at = part.name.number if from_then_on else None
            if figures[part.among].any() and at not in seen:
                seen.add(at)
                if explained[figures[part.among]].mean() < MOST:
                    return False
            # It is refuted where it changes figures that are right.
            rightly = none.explained[part.among]
            spoiled, gained = (rightly & ~explained).sum(), (~rightly & explained).sum()
            if changed[part.among].any() and spoiled > (1 - MOST) * (spoiled + gained):
                return False
        return True

    def _holds_together(self, hypothesis: Hypothesis) -> bool:
        """Whether its mistakes can be made beside each other, in the iterations and parts in which they are said to be made."""
        if len(hypothesis.mistakes) > 1 and not self._gives_what_tells_nothing(hypothesis):
            return False
        made_once = self._is_made_once(hypothesis) and not _chooses_patterns_twice(hypothesis)
        made_well = made_once and self._is_timed_well(hypothesis)
        one_story = made_well and self._is_of_one(hypothesis)
        return one_story and not self._cancels(hypothesis) and not self._depends_on_order(hypothesis)

    def _gives_what_tells_nothing(self, hypothesis: Hypothesis) -> bool:
        """Whether it gives each wrong matrix whose figures are all alike: what else made it so may show elsewhere too."""
        if not self._wrong_without_telling:
            return True
        variant = together(hypothesis.variants)
        if variant is None:
            return False
        working = self.deciding.working
        try:
            ways = [*working.throughout(variant), *working.following(variant)]
        except UNFIT:
            return False
        return all(any(_is_given(part, way[part.name]) for way in ways) for part in self._wrong_without_telling)

    @cached_property
    def _wrong_without_telling(self) -> list[GivenPart]:
        """The wrong matrices that tell nothing, since their figures are all alike."""
        telling = {part.name for part in self.deciding.evidence.parts}
        given = self.deciding.working.answer.of_iterations().values()
        others = (
            part for part in given if part.name not in telling and part.values.shape == np.shape(self.right[part.name])
        )
        return [part for part in others if not _is_given(part, self.right[part.name])]

    def _is_made_once(self, hypothesis: Hypothesis) -> bool:
        """Whether no mistake is made twice at once: twice a factor is another factor.

        Two numbers may be copied wrongly, and a factor in the cost alone goes into nothing else.
        """
        pairs = zip(hypothesis.mistakes, hypothesis.variants, strict=True)
        made = [each for each, variant in pairs if {parts_of(name)[0] for name in variant.changes} != {"cost"}]
        return all(made.count(each) == 1 or each is COPIED_WRONGLY for each in made)

    def _is_of_one(self, hypothesis: Hypothesis) -> bool:
        """Whether, where weights or biases alone are said to be treated otherwise, the others are explained."""
        parts = self.deciding.evidence.parts
        others = [part for part in parts if part.name.part in {*STEPPED_BY, *STEPPED_BY.values(), *OF_MOMENTUM}]
        return not hypothesis.names & OF_ONE_ALONE or all(hypothesis.explained[part.among].all() for part in others)

    def _cancels(self, hypothesis: Hypothesis) -> bool:
        """Whether two mistakes leave the first part as it is that each changes; or one of them says nothing beside the other.

        Two factors in the same places are one factor, of which nobody says from which two it comes.

        In a part in which both are made, and each changes figures by itself, they undo each other, or one hides the other, where
        both together change nothing, or no more than one of them does.
        """
        if len(hypothesis.mistakes) == 1:
            return False
        every = [self.deciding.without_one(hypothesis, place) for place in range(len(hypothesis.mistakes))]
        alone = [each for each in every if each is not None and each.changed.any()]
        first = {int(np.argmax(each.changed)) for each in alone}
        if len(first) == 1 and not hypothesis.changed[first.pop()]:
            return True
        if len(alone) > 1 and are_one_factor(self.deciding.evidence, self.deciding.none, alone[0], alone[1]):
            return True
        made_in = frozenset.intersection(*map(self.search.candidates.made_in_parts, hypothesis.variants))
        rivals = [self.deciding.none, *alone]
        return any(
            part.name.part in made_in
            and not part.name.is_count
            and all(each.changed[at] for each in alone)
            and not all(self.deciding.differs(part.among, hypothesis.predicted, each.predicted) for each in rivals)
            for at, part in enumerate(self.deciding.evidence.parts)
        )

    def _depends_on_order(self, hypothesis: Hypothesis) -> bool:
        """Whether two mistakes in one ingredient give other figures if the second is made first: nobody says which is meant."""
        if len(hypothesis.variants) == 1 or not set.intersection(*(set(each.changes) for each in hypothesis.variants)):
            return False
        turned = self.deciding.hypothesis(hypothesis.mistakes[::-1], hypothesis.variants[::-1], 0.0)
        if turned is None:
            return True
        half = self.deciding.evidence.half
        ways = zip(hypothesis.predicted, turned.predicted, strict=True)
        return any(bool((np.abs(one[0] - other[0]) > half).any()) for one, other in ways)

    def _is_timed_well(self, hypothesis: Hypothesis) -> bool:
        """Whether mistakes leave the parts explained in the other iterations that they explain in some.

        Where they do not, something is wrong there too that nobody knows, and that may be the mistake in all of them. In the
        iterations in which a mistake is said to be made, some figures may be off for another reason.
        """
        acts = hypothesis.changed & ~hypothesis.follows
        parts = list(zip(self.deciding.evidence.parts, acts, strict=True))
        given = {part.name: hypothesis.explained[part.among].mean() for part, _ in parts}
        for made_in in {each.made_in for each in hypothesis.variants}:
            own = {
                part.name.part
                for part, each in parts
                if each and (given[part.name] >= MOST if made_in is None else part.name.number in made_in)
            }
            others = (part.name for part, _ in parts if made_in is None or part.name.number not in made_in)
            if any(name.part in own and given[name] < (MOST if made_in is None else 1.0) for name in others):
                return False
        return True

    @cached_property
    def log_honest(self) -> float:
        """The logarithm of the probability of the answer, if honest rounding is all that is in it; 0 where it surely may be."""

        def ways() -> Iterator[Reworked]:
            yield from self.every.working.following(Variant())
            yield from self.rounding.usual_reworkings
            yield from self.own.rounding.usual_reworkings

        layer, first = self.exercise.layer, self.exercise.skipped + 1
        return log_honest(self.evidence, ways(), self.own, self.right, first, layer.weights.size + layer.biases.size)

    @cached_property
    def instead_of_rounding(self) -> list[Finding]:
        """A mistake, or a few alternatives, that give all that is written, and are much likelier than honest rounding.

        None where rounding may not be all that is in the answer: then mistakes need not give all.
        """
        if not (self.within_rounding or self.every.none.explains_all) or not self.log_honest:
            return []
        search = Search(self.every, self._items(self.every), exactly=True)
        # Figures that were cut off are within rounding by their nature: of all that is right they are not named.
        exact = [
            each for each in search.found()
            if len(each.mistakes) == 1 and self._in_one_way(each) and FIGURES_CUT_OFF.name not in each.names
        ]  # fmt: skip
        if not exact or exact[0].prior < self.log_honest + BESIDE_RIGHT:
            return []
        alike = {each.names: each for each in reversed(exact) if _is_alike(self.every, each, exact[0])}
        found = [self._findings(each)[0] for each in reversed(alike.values())]
        return found if len(found) <= ALTERNATIVES else []

    def _in_one_way(self, hypothesis: Hypothesis) -> bool:
        """Whether one way to work a hypothesis gives every entry as it is written, not each some of them."""
        evidence = self.evidence
        ways = (way for ways in hypothesis.predicted for way in ways)
        return any(bool(within(evidence.values, way, evidence.half).all()) for way in ways)

    # ---- The iterations that decide.

    @cached_property
    def deciding(self) -> Hypotheses:
        """Hypotheses about the first iteration that is not explained, the one before it and two after it."""
        numbers = self.answer.iterations()
        first = self._first_unexplained().number or numbers[0]
        at = numbers.index(first)
        # What is taken of the first iteration again is seen from there on only: a short way back is gone to it.
        from_first = at < DECIDING and numbers[0] == self.exercise.skipped + 1
        chosen = numbers[0 if from_first else max(at - 1, 0) : at + DECIDING]
        if chosen == numbers:
            return self.every
        answer = self.answer.with_parts(self.answer.of_iterations(chosen))
        right = {name: value for name, value in self.right.items() if name.number in chosen}
        exercise = after_updates(self.exercise, chosen[0] - 1) if chosen[0] > numbers[0] else self.exercise
        working = Working(exercise, self._from_own(exercise, chosen[0]), answer, right, self.trusted, self.manner)
        return Hypotheses(working, self.own.rounding.reach, self.rounding.reach)

    def _from_own(self, exercise: Exercise, number: int) -> Exercise:
        """The exercise from the layer that the answer has before an iteration, where it says which."""
        W, b = (self.trusted.get(PartName.in_iteration(number - 1, part)) for part in ("weights", "biases"))
        layer = exercise.layer
        weights = W.values if W is not None and W.complete else layer.weights
        biases = b.values if b is not None and b.complete else layer.biases
        velocity = exercise.velocity
        own = [self.trusted.get(PartName.in_iteration(number - 1, part)) for part in OF_MOMENTUM]
        if velocity is not None:
            given = zip(own, velocity, strict=True)
            velocity = Velocity(
                *(each.values if each is not None and each.complete else right for each, right in given)
            )
        return exercise.with_layer(layer.with_parameters(weights, biases), velocity=velocity) if W or b else exercise

    def _items(self, hypotheses: Hypotheses) -> list[tuple[Mistake, Variant]]:
        return list(variants_of(hypotheses.working.exercise, hypotheses.working.answer, self.right, self.mistakes))

    @cached_property
    def found(self) -> list[Hypothesis]:
        """Mistakes that explain some of what is wrong, the likeliest first."""
        return self.search.found()

    @cached_property
    def search(self) -> Search:
        """The search for mistakes in the iterations that decide."""
        return Search(self.deciding, self._items(self.deciding), self.mistakes)

    @property
    def explaining_all(self) -> bool:
        """Whether a known mistake gives every figure exactly."""
        return any(bool(each.likelihood.exact.all()) for each in self.found)

    # ---- Findings.

    def _findings(self, hypothesis: Hypothesis) -> list[Finding]:
        found: dict[str, Finding] = {}
        for mistake, variant in zip(hypothesis.mistakes, self._timed(hypothesis), strict=True):
            when = None if made_in_all(variant.made_in, self.answer.iterations()) else variant.made_in
            alone = "" if hypothesis.carried_on else "here only: you went on without it"
            detail = "; ".join(text for text in (variant.detail, in_iterations(when), alone) if text)
            found.setdefault(mistake.name, mistake.finding(self._first_part_of(mistake, variant), detail))
        order = {part.name: at for at, part in enumerate(self.evidence.parts)}
        told = sorted(found.values(), key=lambda finding: order.get(finding.part, 0))  # in the order of the work
        return [*told, *([] if hypothesis.slip is None else [hypothesis.slip.finding()])]

    def _timed(self, hypothesis: Hypothesis) -> Sequence[Variant]:
        """The variants of a hypothesis, made in all iterations only if those before the ones that decide are so too."""
        begins, numbers = self.deciding.working.numbers[0], self.answer.iterations()
        always, whole = hypothesis.variants, self.every
        if begins == numbers[0] or not hypothesis.carried_on or all(each.made_in is not None for each in always):
            return always
        found = [(whole.hypothesis(hypothesis.mistakes, always, 0.0), always)]
        for start in (begins, self._first_unexplained().number or begins):
            timed = tuple(replace(each, made_in=each.made_in or range(start, LAST)) for each in always)
            found.append((whole.hypothesis(hypothesis.mistakes, timed, -whole.price_of_times(timed)), timed))
        return max(found, key=lambda each: -math.inf if each[0] is None else whole.score(each[0]))[1]

    def _first_part_of(self, mistake: Mistake, variant: Variant) -> PartName:
        """The first part that is not right and that the mistake, made in this variant, changes."""
        deciding = self.deciding
        evidence = deciding.evidence
        hits = evidence.hits(self.right)
        wrong = [part for part in evidence.parts if part.flag or not hits[part.among].all()]
        alone = deciding.hypothesis((mistake,), (variant,), 0.0)
        changed = (
            {}
            if alone is None
            else {part.name for part, each in zip(evidence.parts, alone.changed, strict=True) if each}
        )
        own = [part for part in wrong if part.name in changed]
        return [*own, *wrong, *evidence.parts][0].name

    def _first_off(self) -> PartName:
        """The first part that is not right as it stands."""
        return (self.evidence.first(~self.evidence.hits(self.right)) or self.evidence.parts[0]).name

    def _first_unexplained(self) -> PartName:
        """The first part that is neither right nor follows."""
        return (self.evidence.first(~self.every.none.explained) or self.evidence.parts[0]).name


def _is_given(part: GivenPart, value: Any) -> bool:
    """Whether a part has the figures of a value, but for a unit of the last decimal."""
    return bool(np.shape(value) == part.values.shape and within(part.values, value, 2 * part.half)[part.known].all())


def _chooses_patterns_twice(hypothesis: Hypothesis) -> bool:
    """Whether two mistakes say, each otherwise, which patterns one sum has."""
    if len(hypothesis.mistakes) == 1 or not hypothesis.names & CHOOSING_PATTERNS:
        return False
    choosing = [
        {parts_of(name)[0] for name in variant.changes}
        for mistake, variant in zip(hypothesis.mistakes, hypothesis.variants, strict=True)
        if mistake.name in CHOOSING_PATTERNS
    ]
    return len(choosing) > 1 and not choosing[0].isdisjoint(choosing[1])


def _is_alike(hypotheses: Hypotheses, one: Hypothesis, best: Hypothesis) -> bool:
    """Whether a hypothesis is about as likely as the best."""
    return hypotheses.score(one) >= hypotheses.score(best) - AS_LIKELY
