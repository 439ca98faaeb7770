"""Hypotheses: that mistakes were made in some variants, and how likely that makes an answer.

`working` says what the figures would be then.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from deltarule.marking.diagnosis.evidence import EvidencePart
from deltarule.marking.diagnosis.likelihood import SHARED, Likelihood, Predicted, in_any_manner, likelihood
from deltarule.marking.diagnosis.working import NO_MISTAKE, UNFIT, Working, is_followed
from deltarule.marking.mistakes.mistake import Mistake, Variant, together
from deltarule.marking.mistakes.neighbours import nothing
from deltarule.marking.mistakes.slips import Slip
from deltarule.marking.rework.ingredients import Values
from deltarule.parts import PartName

# A student makes a mistake in one part of 10; of such mistakes, 3 in 10 are none of those in the table.
MISTAKEN, UNLISTED = 0.1, 0.3
LOG_LISTED, LOG_UNLISTED = float(np.log(MISTAKEN * (1 - UNLISTED))), float(np.log(MISTAKEN * UNLISTED))
# A mistake, listed or not, is made in one iteration alone, or from one on, in one case of 4 each.
IN_SOME_ITERATIONS = float(np.log(4))
# Every second of these is like a mistake in the table.
LOG_RELATED = float(np.log(0.5))
# A mistake in how an answer is written is made in each part with this probability, by itself; or, every second time, in the parts
# of one name alone, each as likely.
WRITTEN_SO = 0.8
LOG_OF_ONE_NAME = float(np.log(0.5))
# Two ways to work a figure give the same where they are within a thousandth of half a unit.
SAME_FIGURE = 1e-3
# They say that weights and biases were treated differently: made for both, they are not so.
OF_ONE_ALONE = frozenset({"mean-for-one-gradient", "rate-on-one"})


@dataclass(frozen=True, eq=False)
class Hypothesis:
    """That some mistakes were made, each in a variant, and how likely that makes the answer.

    Attributes
    ----------
    mistakes, variants : as many of each; none for "no mistake".
    predicted : what each way of working predicts of the entries.
    likelihood : of each entry of the evidence.
    own : by manner of rounding and part, the logarithm of its probability if these mistakes and slips were made.
    unlisted : the same, if a mistake that nobody listed was made too, or in their place.
    prior : the logarithm of the probability of these mistakes, before the answer is seen.
    shares : that of each among the mistakes that change its part; they are in the prior.
    changed : by part, whether it differs from what it is without the mistakes.
    acts : by part, whether it differs too where it is worked from the answer's own parts before it.
    follows : by part, whether it follows from the answer's own parts alike, with the mistakes and without them.
    slip : a slip of the pen in the entries that the mistakes leave over.
    carried_on : whether the work goes on with the mistakes, or without them.
    """

    mistakes: tuple[Mistake, ...]
    variants: tuple[Variant, ...]
    predicted: list[Predicted]
    likelihood: Likelihood
    own: Values
    unlisted: Values
    prior: float
    shares: tuple[float, ...]
    changed: NDArray[np.bool_]
    acts: NDArray[np.bool_]
    follows: NDArray[np.bool_]
    slip: Slip | None = None
    carried_on: bool = True

    @property
    def explained(self) -> NDArray[np.bool_]:
        """Which entries it explains, slips of the pen among them."""
        return np.ones_like(self.likelihood.explained) if self.slip is not None else self.likelihood.explained

    @property
    def explains_all(self) -> bool:
        """Whether it explains every entry."""
        return bool(self.explained.all())

    @property
    def names(self) -> frozenset[str]:
        """The names of the mistakes, and of the slip."""
        slip = set() if self.slip is None else {self.slip.mistake.name}
        return frozenset({mistake.name for mistake in self.mistakes} | slip)


class Hypotheses:
    """Judges hypotheses about the iterations of one answer.

    Parameters
    ----------
    working : what mistakes make of these iterations.
    reach : by how much rounding may move each entry, by part, where it follows from the answer's own earlier parts.
    accumulated : the same, where it is worked from the exercise on.
    """

    def __init__(
        self,
        working: Working,
        reach: Mapping[PartName, Values],
        accumulated: Mapping[PartName, Values],
    ) -> None:
        self.working, self.evidence = working, working.evidence
        self._reach, self._accumulated = self._of_entries(reach), self._of_entries(accumulated)
        self._of_others: dict[tuple[Variant, ...], Hypothesis | None] = {}
        self._scores: dict[Hypothesis, float] = {}

    def _of_entries(self, reach: Mapping[PartName, Values]) -> Values:
        def of(part: EvidencePart) -> Values:
            return part.entries(np.broadcast_to(reach.get(part.name, 0.0), np.shape(self.working.right[part.name])))

        return np.concatenate([of(part) for part in self.evidence.parts])

    def reach(self, variant: Variant) -> Values:
        """By how much rounding on the way may move each entry that is worked with a `variant`.

        Weights and biases that are not updated are copied from those before: nothing is rounded then.
        """
        reach = (self._reach if is_followed(variant) else self._accumulated) * variant.roundings
        for part in self.evidence.parts:
            if _is_copied(part.name, variant) and self.working.is_known_before(part.name):
                reach[part.among] = 0.0
        return reach

    def scale(self, part: EvidencePart, figures: Values) -> float:
        """How many times as large a mistake makes the largest figure of a part, at least 1: so much larger is what rounding can do.

        Parameters
        ----------
        part : of the evidence.
        figures : its entries as worked with the mistake.
        """
        right = np.abs(part.of(self.working.right)).max(initial=0.0)
        largest = np.abs(figures).max(initial=0.0)
        return (
            float(max(largest / right, 1.0)) if right > 0 and np.isfinite(largest) and not part.name.is_count else 1.0
        )

    @cached_property
    def none(self) -> Hypothesis:
        """The hypothesis that no mistake was made."""
        found = self.hypothesis((), (NO_MISTAKE,), 0.0)
        assert found is not None  # noqa: S101 - the iterations of an answer exist
        return found

    def hypothesis(
        self,
        mistakes: tuple[Mistake, ...],
        variants: tuple[Variant, ...],
        prior: float,
        shares: tuple[float, ...] = (),
        only_in: Iterable[str] | None = None,
    ) -> Hypothesis | None:
        """How likely the answer is if these mistakes were made in these variants; None where they cannot be made in it.

        Parameters
        ----------
        mistakes, variants : which are made; of "no mistake" the one variant that changes nothing.
        prior, shares : the logarithm of their probability, and how much of it is the share of each; see `Hypothesis`.
        only_in : the parts that are written with the mistakes, while the work goes on without them; None: it goes on with them.
        """
        variant = together(variants)
        if variant is None or any(mistakes.count(each) > 1 and each.name in OF_ONE_ALONE for each in mistakes):
            return None
        evidence = self.evidence
        try:
            predicted = self.working.predicted(variant)
            worked = None if variant.as_written is None else self.working.predicted(replace(variant, as_written=None))
        except UNFIT:
            return None
        if not predicted:
            return None
        beside: list[Predicted] = []
        if only_in is not None:
            parts = frozenset(only_in)
            predicted, beside = self.working.written_in(parts, predicted), list(self.working.beside(variant, parts))
        own_way = min(int(is_followed(variant)), len(predicted) - 1)  # worked from the answer's own parts, where it is
        acts, changed, reach = *np.zeros((2, len(evidence.parts)), bool), self.reach(variant).copy()
        for at, part in enumerate(evidence.parts if mistakes else ()):
            acts[at] = self.differs(part.among, predicted[own_way:], self.none.predicted[own_way:])
            changed[at] = bool(part.flag) or any(
                self.differs(part.among, each, self.none.predicted) for each in (predicted, beside)
            )
            if acts[at]:
                reach[part.among] *= self.scale(part, predicted[own_way][-1][part.among])
        found = likelihood(evidence, slice(None), [*predicted, *beside], reach)
        chosen = np.zeros(len(evidence.parts))
        if worked is not None:
            moved = [self.differs(part.among, predicted, worked[: len(predicted)]) for part in evidence.parts]
            # The work goes on without what is written so.
            so = self._written_so(found, likelihood(evidence, slice(None), worked, reach), np.array(moved))
            parts = frozenset(part.name.part for part, each in zip(evidence.parts, so, strict=True) if each)
            worked = self.working.predicted(replace(variant, as_written=None), parts)
            found, chosen = self._by_part(found, likelihood(evidence, slice(None), worked, reach), np.array(moved))
        for part in evidence.parts:
            if part.flag and part.flag not in variant.flags:
                for entries in (found.agreed, found.near, found.exact, found.explained):
                    entries[part.among] = 0
        follows = np.zeros_like(acts)
        if mistakes and only_in is None and is_followed(variant):
            follows = ~acts & evidence.whole(found.explained & self.none.explained)
        right = self.none.likelihood if mistakes else found
        own, unlisted = (evidence.by_part(each) + chosen for each in (found.own, found.relative_of(right)))
        return Hypothesis(
            mistakes,
            variants if mistakes else (),
            [*predicted, *beside],
            found,
            own,
            unlisted,
            prior,
            shares,
            changed,
            acts,
            follows,
            carried_on=only_in is None,
        )

    def without_one(self, hypothesis: Hypothesis, place: int) -> Hypothesis | None:
        """The hypothesis that the other mistakes of a hypothesis were made; None where they cannot be made alone.

        Parameters
        ----------
        hypothesis : one with mistakes.
        place : of the mistake that is left out.
        """
        variants = hypothesis.variants[:place] + hypothesis.variants[place + 1 :]
        if not variants:
            return self.none
        if variants not in self._of_others:
            mistakes = hypothesis.mistakes[:place] + hypothesis.mistakes[place + 1 :]
            self._of_others[variants] = self.hypothesis(mistakes, variants, 0.0)
        return self._of_others[variants]

    def _written_so(self, written: Likelihood, worked: Likelihood, moved: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """The parts that are likelier as they are written with a mistake; see `_by_part`."""
        first, second = (in_any_manner(self.evidence.by_part(each.own)) for each in (written, worked))
        found: NDArray[np.bool_] = moved & (first >= second)
        return found

    def _by_part(self, written: Likelihood, worked: Likelihood, moved: NDArray[np.bool_]) -> tuple[Likelihood, Values]:
        """In each part the likelier of two: it is written in one way as a whole; and the logarithm of that way's probability.

        Parameters
        ----------
        written, worked : the likelihood of the entries as they are written with a mistake, and without it.
        moved : by part, whether the mistake writes it otherwise.
        """
        so = self._written_so(written, worked, moved)
        rightly = moved & ~so
        chosen = np.repeat(so, [part.among.stop - part.among.start for part in self.evidence.parts])
        found = Likelihood(
            *(np.where(chosen, getattr(written, each.name), getattr(worked, each.name)) for each in fields(Likelihood))
        )
        of_way = math.log(WRITTEN_SO) * so + math.log(1 - WRITTEN_SO) * rightly
        names = np.array([part.name.part for part in self.evidence.parts])
        alone, others = set(names[so]), set(names[rightly])
        if len(alone) == 1 and not alone & others:
            of_one = LOG_OF_ONE_NAME - math.log(len(alone | others))
            if of_one > of_way.sum():
                of_way = np.where(so, of_one / so.sum(), 0.0)
        return found, of_way

    def differs(self, among: slice, predicted: Sequence[Predicted], without: Sequence[Predicted]) -> bool:
        """Whether some way of working predicts other figures of some entries than the same way `without` a mistake.

        Parameters
        ----------
        among : which entries.
        predicted, without : what each way predicts, with a mistake and without it.
        """
        half = self.evidence.half[among]
        return any(
            bool((np.abs(each[0][among] - none[0][among]) > half).any())
            for each, none in zip(predicted, without, strict=False)
        )

    def are_same(self, one: Hypothesis, other: Hypothesis) -> bool:
        """Whether two hypotheses give the very same figures, in each way to work them."""
        fine = SAME_FIGURE * self.evidence.half
        ways = zip(one.predicted, other.predicted, strict=False)
        pairs = [(a, b) for first, second in ways for a, b in zip(first, second, strict=False)]
        return one.slip == other.slip and all(bool((np.abs(a - b) <= fine).all()) for a, b in pairs)

    def score(self, hypothesis: Hypothesis) -> float:
        """The logarithm of the probability of mistakes and answer.

        One more mistake, an unlisted one, may have been made in all parts that these do not explain.
        """
        if hypothesis not in self._scores:
            self._scores[hypothesis] = max(self._alone(hypothesis), self._with_unlisted(hypothesis))
        return self._scores[hypothesis]

    def _alone(self, hypothesis: Hypothesis) -> float:
        return hypothesis.prior + _of_all(hypothesis.own)

    def _with_unlisted(self, hypothesis: Hypothesis) -> float:
        return hypothesis.prior + LOG_UNLISTED + _of_all(self._or_unlisted(hypothesis))

    def _or_unlisted(self, hypothesis: Hypothesis) -> Values:
        """By part, the logarithm of its probability if an unlisted mistake may show in what a hypothesis does not explain.

        What rounding explains needs no mistake: else one that is made anyway would make rounding of a rare kind likely.
        """
        whole = self.evidence.whole(hypothesis.explained)
        found: Values = np.where(whole, hypothesis.own, np.maximum(hypothesis.own, hypothesis.unlisted + self._shows))
        return found

    @cached_property
    def _shows(self) -> Values:
        """By part, how much likelier figures are if an unlisted mistake shows in it, as a logarithm: not all are as they were."""
        entries = np.add.reduceat(self.evidence.counting, self.evidence.starts)
        found: Values = -np.log1p(-(SHARED**entries))
        return found

    def without(self, hypothesis: Hypothesis) -> float:
        """The score of no known mistake, where an unlisted one may show in whatever a hypothesis changes."""
        told = hypothesis.changed & ~hypothesis.follows
        shown = np.maximum(self.none.own, self.none.unlisted + self._shows)
        either = np.where(told, shown, self._or_unlisted(self.none))
        price = LOG_UNLISTED - self.price_of_times(hypothesis.variants)
        return max(self._alone(self.none), price + _of_all(either))

    def price_of_times(self, variants: Sequence[Variant]) -> float:
        """How much less likely mistakes are, as a logarithm, which are made in some of the answer's iterations only."""
        return (
            IN_SOME_ITERATIONS if any(not made_in_all(each.made_in, self.working.numbers) for each in variants) else 0.0
        )

    def relative(self, hypothesis: Hypothesis) -> float:
        """The score of an unlisted mistake like one of a hypothesis: it has many of its figures, and others that it leaves.

        Where the hypothesis needs an unlisted mistake besides, this may be the only one.
        """
        none = np.maximum(self.none.own, self.none.unlisted)
        told = hypothesis.changed & ~hypothesis.follows
        parts = np.where(told, np.maximum(none, hypothesis.unlisted), self._or_unlisted(self.none))
        needs_unlisted = self._with_unlisted(hypothesis) > self._alone(hypothesis)
        replaced = len(hypothesis.mistakes) if needs_unlisted else min(len(hypothesis.mistakes), 1)
        prior = hypothesis.prior - replaced * LOG_LISTED + LOG_UNLISTED + LOG_RELATED
        return prior + _of_all(parts)


def _is_copied(name: PartName, variant: Variant) -> bool:
    """Whether weights or biases are left as they were before the update."""
    stays = variant.changes.get(f"{name.part}.rate") is nothing
    return stays and (variant.made_in is None or name.number in variant.made_in)


def _of_all(parts: Values) -> float:
    """The logarithm of the probability of all parts, from those of each by manner of rounding."""
    return float(in_any_manner(parts.sum(axis=-1)))


def made_in_all(made_in: range | None, numbers: Sequence[int]) -> bool:
    """Whether a mistake is made in all iterations that an answer has.

    Parameters
    ----------
    made_in : the iterations in which it is made; None: all.
    numbers : of the answer's iterations.
    """
    return made_in is None or all(number in made_in for number in numbers)
