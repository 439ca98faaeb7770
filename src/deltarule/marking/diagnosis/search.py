"""The search for mistakes that explain an answer: part by part, cheapest explanation first.

The first part that is not explained is tried with every mistake that changes it; where none explains it, with pairs. Each promising
one is worked throughout, and what it leaves unexplained is searched in the same way, up to two mistakes in all.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from deltarule.marking.diagnosis.candidates import FAR_LESS_LIKELY, Candidate, Candidates, Item
from deltarule.marking.diagnosis.evidence import STEPPED_BY, EvidencePart
from deltarule.marking.diagnosis.hypotheses import LOG_LISTED, LOG_UNLISTED, Hypotheses, Hypothesis
from deltarule.marking.diagnosis.likelihood import in_any_manner
from deltarule.marking.diagnosis.working import NO_MISTAKE
from deltarule.marking.mistakes.mistake import Mistake, Variant
from deltarule.marking.mistakes.slips import DIGITS_SWAPPED, MAXIMUM_SLIPS, SIGN_LOST, Slip, same_slip, slip_of
from deltarule.marking.rework.ingredients import parts_of
from deltarule.marking.rework.tolerance import within
from deltarule.parts import ITERATION_PARTS, OF_MOMENTUM

# Two mistakes at once are told apart, a slip of the pen among them; three are not looked for.
AT_ONCE = 2
# The places of the parts that others are worked from, the first ones first; those of one stage are worked beside each other.
STAGES = [
    {ITERATION_PARTS.index(part) for part in stage}
    for stage in (
        ("synaptic_inputs",), ("outputs",), ("delta",), STEPPED_BY.values(), OF_MOMENTUM, STEPPED_BY.keys(),
    )
]  # fmt: skip
# No part is worked from these.
FOR_NOTHING = frozenset({"predicted", "errors", "cost"})
# So many mistakes that explain a part are worked throughout. Whatever is named is among those that explain it best.
BREADTH = 16
# To the 4 likeliest a second mistake is added.
CONTINUED = 4
# In one case of 8 what is written has a mistake, and the work goes on without it.
NOT_CARRIED_ON = math.log(8)
# Up to this iteration each mistake is worked throughout, to see whether it gives all: 300 of them take some tenths of a second.
WORKED_THROUGHOUT = 5
# No answer has more iterations.
LAST = 10**9
# One figure in 100 has the other sign; one in 100 has two digits exchanged, and there are some 4 pairs of digits.
SLIPS_OF_PEN = {SIGN_LOST.name: math.log(0.01), DIGITS_SWAPPED.name: math.log(0.01 / 4)}
# Who slips at one of a part's places makes every second time the same slip at the same place of a later iteration.
SLIP_AGAIN = math.log(0.5)


class Search:
    """Searches the mistakes that explain an answer.

    Parameters
    ----------
    hypotheses : about the answer.
    items : the mistakes that are tried, each in a variant.
    mistakes : those that may be read off what other mistakes leave.
    exactly : whether a part is searched too where its figures may come from rounding on the way.
    """

    def __init__(
        self,
        hypotheses: Hypotheses,
        items: Sequence[Item],
        mistakes: Sequence[Mistake] = (),
        *,
        exactly: bool = False,
    ) -> None:
        self.hypotheses, self.exactly = hypotheses, exactly
        self.candidates = Candidates(hypotheses, items, mistakes)
        every = dict.fromkeys((*(mistake for mistake, _ in items), *mistakes))
        self._order = {mistake: at for at, mistake in enumerate(every)}

    def found(self) -> list[Hypothesis]:
        """Hypotheses that explain some of what is wrong, the likeliest first; that of no mistake is not among them."""
        none = self.hypotheses.none
        found = _each_once(self._after(none))
        if self.exactly:
            found += [*self._of_first_off(), *self._giving_all()]
        else:
            likeliest = sorted((each for each in found if len(each.mistakes) > 1), key=self._place)[:CONTINUED]
            found += [alone for each in likeliest for alone in self._each_alone(each)]
        slipped = [self.with_slip(each) for each in (none, *found)]
        every = [*found, *(each for each in slipped if each is not None)]
        return sorted(every, key=self._place)

    def _each_alone(self, hypothesis: Hypothesis) -> Iterator[Hypothesis]:
        """Each of several mistakes without the others: it may be the only one that is known."""
        for mistake, variant, share in zip(hypothesis.mistakes, hypothesis.variants, hypothesis.shares, strict=True):
            prior = LOG_LISTED + share - self.hypotheses.price_of_times([variant])
            alone = self.hypotheses.hypothesis((mistake,), (variant,), prior, (share,))
            if alone is not None:
                yield alone

    def _of_first_off(self) -> list[Hypothesis]:
        """The mistakes that change the first part that is not right as it stands, however well rounding explains it."""
        evidence, none = self.hypotheses.evidence, self.hypotheses.none
        part = evidence.first(~evidence.hits(self.hypotheses.working.right))
        return [] if part is None else self._worked(none, self.candidates.of_part(none, part), part)

    def _giving_all(self) -> list[Hypothesis]:
        """The mistakes that give all, wherever they show: in the part in which they are made they may change no written digit.

        Those that change this part share the probability of a mistake in it.
        """
        hypotheses, evidence = self.hypotheses, self.hypotheses.evidence
        if hypotheses.working.numbers[-1] > WORKED_THROUGHOUT:
            return []
        units, giving, shares = 2 * evidence.half, list[tuple[str, Item]](), dict[str, float]()
        printed = np.round(evidence.of(hypotheses.working.right) / units)
        for mistake, variant in self.candidates.items:
            worked = None if variant.as_written is not None else hypotheses.working.with_all_decimals(variant)
            if worked is not None and (np.round(worked / units) != printed).any():
                part = variant.first_part(hypotheses.working.exercise)
                shares[part] = shares.get(part, 0.0) + math.exp(-variant.price)
                if within(evidence.values, worked, evidence.half).all():
                    giving.append((part, (mistake, variant)))
        every = [
            hypotheses.hypothesis((mistake,), (variant,), LOG_LISTED - variant.price - math.log(shares[part]))
            for part, (mistake, variant) in giving
        ]
        return [each for each in every if each is not None]

    def _place(self, hypothesis: Hypothesis) -> tuple[float, list[int]]:
        """Where a hypothesis stands: the likeliest first; of equally likely ones, as the table of mistakes has them."""
        # Sums in another order differ by some 1e-13.
        return -round(self.hypotheses.score(hypothesis), 6), [self._order[each] for each in hypothesis.mistakes]

    def _after(self, hypothesis: Hypothesis) -> list[Hypothesis]:
        """The hypotheses that add mistakes to one."""
        left = AT_ONCE - len(hypothesis.mistakes)
        first: int | None = None
        beside: list[Hypothesis] = []
        searched = False  # one part is searched for pairs, the first that no mistake gives: this takes longest
        for at, part in enumerate(self.hypotheses.evidence.parts):
            explained = hypothesis.likelihood.exact if self.exactly else hypothesis.explained
            if not left or explained[part.among].all():
                continue
            first = part.name.number if first is None else first
            if part.name.number != first:  # what follows from something unknown is not known either
                break
            own, unlisted = (float(in_any_manner(each[:, at])) for each in (hypothesis.own, hypothesis.unlisted))
            otherwise = max(own, unlisted + LOG_UNLISTED)
            singles = self.candidates.of_part(hypothesis, part)
            found = self._worked(hypothesis, [each for each in singles if each.own > otherwise], part)
            in_pairs = left > 1 and not searched and not any(each.complete for each in singles)
            if in_pairs and self.with_slip(hypothesis) is None:
                pairs = self.candidates.pairs_of_part(hypothesis, part, singles)
                found += self._worked(hypothesis, [each for each in pairs if each.score > otherwise], part)
            if found:
                found.sort(key=self._place)
                better = [] if any(map(self._gives_all, found)) else self._continued(found, part)
                every = [*found, *(each for one in better for each in self._after(one))]
                if left < AT_ONCE or not self._goes_on(hypothesis, part, found):
                    return [*beside, *every]
                beside += every
                searched = searched or in_pairs
        return beside

    def _goes_on(self, hypothesis: Hypothesis, part: EvidencePart, found: Sequence[Hypothesis]) -> bool:
        """Whether the next part that is wrong is tried too.

        This part may be right but for a slip of the pen: then what is wrong besides shows later. What is wrong in a part that no
        other is worked from may be a second mistake, and what is wrong in one that nothing gives may be an unlisted one.
        """
        if self.exactly or any(map(self._gives_all, found)):
            return self._slip_in(hypothesis, part) is not None
        given = part.name.part not in FOR_NOTHING and any(each.explained[part.among].all() for each in found)
        return not given or self._slip_in(hypothesis, part) is not None

    def _continued(self, found: list[Hypothesis], part: EvidencePart) -> list[Hypothesis]:
        """Those to which a second mistake is added: those that give the part first, since another need not be made in it."""
        carried_on = [each for each in found if each.carried_on]
        return sorted(carried_on, key=lambda each: not each.explained[part.among].all())[:CONTINUED]

    def _gives_all(self, hypothesis: Hypothesis) -> bool:
        """Whether nothing is left to be explained."""
        return bool(hypothesis.likelihood.exact.all()) if self.exactly else hypothesis.explains_all

    def _worked(self, hypothesis: Hypothesis, candidates: list[Candidate], part: EvidencePart) -> list[Hypothesis]:
        """The likeliest candidates, worked throughout, each in the iterations that fit best."""
        found = []
        for candidate in candidates[:BREADTH]:
            if candidate.score < candidates[0].score - FAR_LESS_LIKELY:
                break
            best: Hypothesis | None = None
            for made_in in self._times(part):
                mistakes = (*hypothesis.mistakes, *(mistake for mistake, _ in candidate.items))
                added = [v if made_in is None else replace(v, made_in=made_in) for _, v in candidate.items]
                prior = hypothesis.prior + candidate.prior + len(added) * LOG_LISTED
                prior -= self.hypotheses.price_of_times(added)
                shares = (*hypothesis.shares, *candidate.shares)
                each = self.hypotheses.hypothesis(mistakes, (*hypothesis.variants, *added), prior, shares)
                if each is not None and (best is None or self.hypotheses.score(each) > self.hypotheses.score(best)):
                    best = each
                if best is not None and best.likelihood.exact.all():
                    break
            if best is not None:
                found.append(best)
            alone = (
                not hypothesis.mistakes and len(candidate.items) == 1 and _may_be_written_alone(candidate.items[0][1])
            )
            if alone and not (best is not None and best.explains_all):
                found += self._written_alone(candidate, part)
        return found

    def _written_alone(self, candidate: Candidate, part: EvidencePart) -> list[Hypothesis]:
        """The hypothesis that a mistake is written, in the iterations that fit best, while the work goes on without it."""
        mistake, variant = candidate.items[0]
        acting, found = self.candidates.acting_of(variant), list[Hypothesis]()
        for made_in in self._times(part):
            timed = variant if made_in is None else replace(variant, made_in=made_in)
            prior = candidate.prior + LOG_LISTED - NOT_CARRIED_ON - self.hypotheses.price_of_times([timed])
            each = self.hypotheses.hypothesis((mistake,), (timed,), prior, candidate.shares, acting)
            found += [] if each is None else [each]
            if each is not None and each.explains_all:
                break
        return sorted(found, key=self._place)[:1]

    def _times(self, part: EvidencePart) -> list[range | None]:
        """The iterations in which a mistake may be made that shows in a part first: all, its own, or from there on.

        Where the weights are not given that the part is worked from, it may show only one iteration later than it is made.
        """
        number, numbers = part.name.number or 1, self.hypotheses.working.numbers
        earliest = self.hypotheses.working.exercise.skipped + 1
        found: list[range | None] = [None]
        for start in (number, number - 1)[: 2 if self.candidates.earlier(part.name) else 1]:
            if len(numbers) > 1 or start > earliest:
                found.append(range(start, start + 1))
            if start > numbers[0]:
                found.append(range(start, LAST))
        return found

    def with_slip(self, hypothesis: Hypothesis) -> Hypothesis | None:
        """The hypothesis with a slip of the pen in the few entries that it leaves over; None where these are no such slips."""
        evidence = self.hypotheses.evidence
        over = np.flatnonzero(~hypothesis.explained).tolist()
        slip = self._slip_of(hypothesis, over)
        if slip is None or len(hypothesis.names | {slip.mistake.name}) > AT_ONCE:
            return None
        own, places = hypothesis.likelihood.own, set[tuple[str, int]]()
        for entry in over:
            part = evidence.part_of(entry)
            place = part.name.part, entry - part.among.start
            own[:, entry] = SLIP_AGAIN if place in places else SLIPS_OF_PEN[slip.mistake.name]
            if part.among.stop - part.among.start > 1:
                places.add(place)
        return replace(hypothesis, own=evidence.by_part(own), slip=slip)

    def _slip_in(self, hypothesis: Hypothesis, part: EvidencePart) -> Slip | None:
        """The slip of the pen that is all that a hypothesis leaves over in a part; None where it is something else."""
        return self._slip_of(
            hypothesis, (part.among.start + np.flatnonzero(~hypothesis.explained[part.among])).tolist()
        )

    def _slip_of(self, hypothesis: Hypothesis, over: Sequence[int]) -> Slip | None:
        """The slip of the pen in a few entries that a hypothesis leaves over; None where these are no such slips."""
        evidence = self.hypotheses.evidence
        if not over or len(over) > MAXIMUM_SLIPS:
            return None
        slips, reach = (
            [],
            np.maximum.reduce([self.hypotheses.reach(each) for each in hypothesis.variants or (NO_MISTAKE,)]),
        )
        for entry in over:
            part = evidence.part_of(entry)
            name = part.name
            decimals = 0 if name.is_count else round(-math.log10(2 * evidence.half[entry]))
            ways = [way for ways in hypothesis.predicted for way in ways if np.isfinite(way[entry])]
            # What was intended was rounded as the part's other figures are.
            given = [
                int(within(*(each[part.among] for each in (evidence.values, way, evidence.half))).sum()) for way in ways
            ]
            expected = [float(way[entry]) for way, count in zip(ways, given, strict=True) if count == max(given)]
            slips.append(slip_of(float(evidence.values[entry]), expected, decimals, name, float(reach[entry])))
        return same_slip(slips)


def _each_once(found: Sequence[Hypothesis]) -> list[Hypothesis]:
    """Hypotheses without those that are met again: of two mistakes either may come first."""
    met: dict[object, Hypothesis] = {}
    for each in found:
        met.setdefault(frozenset(each.variants) if each.carried_on else each, each)
    return list(met.values())


def _may_be_written_alone(variant: Variant) -> bool:
    """Whether work may go on without a mistake that is written: none of the parts in which it is made is worked from another."""
    if variant.of_step:
        return False
    places = {ITERATION_PARTS.index(parts_of(name)[0]) for name in variant.changes}
    first = next((stage for stage in STAGES if not places.isdisjoint(stage)), None)
    return first is None or max(places) <= max(first)
