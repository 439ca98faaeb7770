"""The mistakes that may explain a part, each worked in this part alone from the answer's own parts before it.

So several hundred mistakes, and pairs of them, are tried at the cost of a few formulas each; the few that promise much are then
worked throughout (`hypotheses`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, islice, takewhile

import numpy as np

from deltarule.marking.diagnosis.evidence import EvidencePart
from deltarule.marking.diagnosis.hypotheses import Hypotheses, Hypothesis
from deltarule.marking.diagnosis.likelihood import Predicted, in_any_manner, likelihood
from deltarule.marking.diagnosis.working import UNFIT
from deltarule.marking.mistakes.mistake import Mistake, Variant, together
from deltarule.marking.mistakes.registry import read_off
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.ingredients import Values, Worksheet, parts_of
from deltarule.parts import ITERATION_PARTS, OF_MOMENTUM, PartName

Item = tuple[Mistake, Variant]
# Of the mistakes that change a part, the 24 likeliest are tried in pairs, and those 200 pairs of all that come nearest to it: these
# 500 take less than a tenth of a second.
PAIRED, NEAREST = 24, 200
# So far, as a logarithm, is a figure that is not finite.
FAR = 30.0
# Mistakes that make a part e^12, some 160,000 times, less likely than others are not worked throughout.
FAR_LESS_LIKELY = 12.0
# Where the answer does not have the layer before an iteration, mistakes are worked from up to 4 iterations before: some hundred
# mistakes then take some tenth of a second.
ITERATIONS_BACK = 4


@dataclass(frozen=True, eq=False)
class Candidate:
    """Mistakes added to a hypothesis, and how likely they make one part.

    Attributes
    ----------
    items : one mistake with its variant, or two.
    own : the logarithm of the probability of the part.
    shares : that of each of the mistakes, among all that change the part.
    complete : whether every entry of the part is explained.
    figures : those predicted, to tell whether two are alike.
    worked : the same with all decimals.
    """

    items: tuple[Item, ...]
    own: float
    shares: tuple[float, ...]
    complete: bool
    figures: bytes
    worked: Values

    @property
    def prior(self) -> float:
        """The logarithm of the probability of the mistakes, among all that change the part."""
        return sum(self.shares)

    @property
    def score(self) -> float:
        """The logarithm of the probability of mistakes and part."""
        return self.own + self.prior


class Candidates:
    """Tries mistakes in one part after those of a hypothesis.

    Parameters
    ----------
    hypotheses : about an answer.
    items : the mistakes that are tried, each in a variant.
    mistakes : those that may be read off what other mistakes leave.
    """

    def __init__(self, hypotheses: Hypotheses, items: Sequence[Item], mistakes: Sequence[Mistake] = ()) -> None:
        self.hypotheses, self.working, self.items, self.mistakes = hypotheses, hypotheses.working, items, mistakes
        self._acting: dict[Variant, frozenset[str]] = {}
        self._hidden_before: dict[PartName, set[str]] = {}
        self._hidden_earlier: dict[PartName, set[str]] = {}
        self._of_part: dict[tuple[tuple[Variant, ...], PartName], list[Candidate]] = {}
        self._total: dict[PartName, float] = {}
        self._again: dict[tuple[Variant, ...], list[Item]] = {}
        self._shifted: dict[tuple[tuple[Variant, ...], int, int], list[Predicted]] = {}

    def of_part(self, hypothesis: Hypothesis, part: EvidencePart) -> list[Candidate]:
        """Every mistake that changes a part, the likeliest first.

        Parameters
        ----------
        hypothesis : the mistakes that are made already.
        part : the part that they do not explain.
        """
        none = self.hypotheses.none
        if hypothesis is none:
            return self._singles(none, part, self.items)
        again = self._read_again(hypothesis)
        if self._shows_in(hypothesis, part.name):
            return self._singles(hypothesis, part, [*self.items, *again])
        # What these mistakes change is given, and worked from as it is.
        as_given = [each for each in self._singles(none, part, self.items) if not each.items[0][1].beyond]
        beyond = self._singles(hypothesis, part, [*(item for item in self.items if item[1].beyond), *again])
        return sorted((*as_given, *beyond), key=lambda each: -each.score)

    def _read_again(self, hypothesis: Hypothesis) -> list[Item]:
        """The mistakes that are read off what a hypothesis leaves: of two mistakes, one may hide what the other was."""
        if hypothesis.variants not in self._again:
            self._again[hypothesis.variants] = self._read_off(hypothesis)
        return self._again[hypothesis.variants]

    def _read_off(self, hypothesis: Hypothesis) -> list[Item]:
        variant = together(hypothesis.variants)
        if variant is None or not hypothesis.carried_on:
            return []
        known = {(mistake, each.detail) for mistake, each in self.items}
        try:
            for worked in islice(self.working.following(variant), 1):
                read = read_off(self.working.exercise, self.working.answer, worked, self.mistakes)
                return [(mistake, each) for mistake, each in read if (mistake, each.detail) not in known]
        except UNFIT:  # other patterns than those of the exercise
            pass
        return []

    def _shows_in(self, hypothesis: Hypothesis, name: PartName) -> bool:
        """Whether its mistakes show in what a part is worked from."""
        hidden = self._hidden(name) | self.earlier(name)
        if any(self.acting_of(variant) & hidden for variant in hypothesis.variants):
            return True
        numbers = range(self.working.numbers[0], name.number or 0)
        before = (PartName.in_iteration(number, part) for number in numbers for part in self._carried)
        given = (self.working.trusted.get(each) for each in before)
        return any(each is None or not each.complete for each in given)

    def _singles(self, hypothesis: Hypothesis, part: EvidencePart, items: Sequence[Item]) -> list[Candidate]:
        key = hypothesis.variants, part.name
        if key not in self._of_part:
            self._of_part[key] = self._tried(hypothesis, part, items)
        return self._of_part[key]

    def _tried(self, hypothesis: Hypothesis, part: EvidencePart, items: Sequence[Item]) -> list[Candidate]:
        half = self.hypotheses.evidence.half[part.among]
        worked = self._predicted(hypothesis, (), part)
        if not worked:
            return []
        printed, found = np.round(worked[0][-1] / (2 * half)), []
        for item in items:
            if part.flag and part.flag not in item[1].flags:
                continue
            predicted = self._predicted(hypothesis, (item[1],), part)
            if predicted and (part.flag or bool((np.round(predicted[-1][-1] / (2 * half)) != printed).any())):
                found.append((item, predicted))
        if not found:
            return []
        # Mistakes are as likely wherever the others are made: what all that change the part share is found once.
        total = self._total.setdefault(part.name, float(np.log(np.exp([-item[1].price for item, _ in found]).sum())))
        without = float(in_any_manner(self.hypotheses.none.own[:, self.hypotheses.evidence.parts.index(part)]))
        judged = []
        for item, predicted in found:
            candidate = self._candidate((item,), predicted, part, (-item[1].price - total,))
            if not candidate.complete and candidate.own > without:
                both = self._also_as_written(hypothesis, item[1], part, predicted)
                candidate = self._candidate((item,), both, part, candidate.shares)
            judged.append(candidate)
        return sorted(judged, key=lambda each: -each.score)

    def _also_as_written(
        self, hypothesis: Hypothesis, added: Variant, part: EvidencePart, predicted: list[Predicted]
    ) -> list[Predicted]:
        """What is predicted where right figures are carried on with all decimals, and where they are carried on as written."""
        as_written = self._predicted(hypothesis, (added,), part, sharpen=False)
        return [(*one, *other) for one, other in zip(as_written, predicted, strict=True)] if as_written else predicted

    def pairs_of_part(
        self, hypothesis: Hypothesis, part: EvidencePart, singles: Sequence[Candidate]
    ) -> list[Candidate]:
        """Pairs of mistakes that change a part, the likeliest first.

        Parameters
        ----------
        hypothesis, part : as in `of_part`.
        singles : what that found.
        """
        alike: dict[bytes, list[Candidate]] = {}
        for each in sorted(singles, key=lambda each: -each.prior):
            alike.setdefault(each.figures, []).append(each)
        pairs, every = [], [each[0] for each in alike.values()]
        for first, second in sorted(
            {*combinations(range(len(every[:PAIRED])), 2), *self._nearest(hypothesis, part, every)}
        ):
            one, other = every[first], every[second]
            items = (*one.items, *other.items)
            predicted = self._predicted(hypothesis, tuple(variant for _, variant in items), part)
            if predicted:
                pairs.append((self._candidate(items, predicted, part, (*one.shares, *other.shares)), one, other))
        if not pairs:
            return []
        least = max(pair.score for pair, _, _ in pairs) - FAR_LESS_LIKELY
        # Mistakes that are alike in this part are not alike in others.
        found = [
            replace(pair, items=(*first.items, *second.items), shares=(*first.shares, *second.shares))
            for pair, one, other in pairs
            if pair.score >= least
            for first in alike[one.figures]
            for second in alike[other.figures]
        ]
        return sorted(found, key=lambda each: -each.score)

    def _nearest(
        self, hypothesis: Hypothesis, part: EvidencePart, singles: Sequence[Candidate]
    ) -> Iterator[tuple[int, int]]:
        """The places of those pairs that come nearest to a part, if both changes are added, or are factors of it or of its step.

        This is what most pairs do, and takes no work.
        """
        evidence = self.hypotheses.evidence
        worked = np.array([each.worked for each in singles])
        rightly = self._predicted(hypothesis, (), part)[0][-1]
        first, second = np.triu_indices(len(singles), 1)
        if not len(first):
            return
        with np.errstate(all="ignore"):
            both = [worked[first] + worked[second] - rightly, worked[first] * worked[second] / rightly]
            if part.name.is_parameter:
                sheet = self.working.sheets(hypothesis.variants)[part.name.number or 0]
                before = part.entries(sheet.W if part.name.part == "weights" else sheet.b)
                both.append(before + (worked[first] - before) * (worked[second] - before) / (rightly - before))
            off = [np.abs(each - evidence.values[part.among]) / evidence.half[part.among] for each in both]
            every = [np.nan_to_num(np.log1p(each), nan=FAR, posinf=FAR).sum(axis=1) for each in off]
            far = np.minimum.reduce(every)
        for at in np.argsort(far, kind="stable")[:NEAREST]:
            yield int(first[at]), int(second[at])

    def _candidate(
        self, items: tuple[Item, ...], predicted: list[Predicted], part: EvidencePart, shares: tuple[float, ...]
    ) -> Candidate:
        reaches = [self.hypotheses.reach(variant)[part.among] for _, variant in items]
        reach = np.maximum.reduce(reaches) * self.hypotheses.scale(part, predicted[-1][-1])
        found = likelihood(self.hypotheses.evidence, part.among, predicted, reach)
        worked = predicted[-1][-1]
        figures = np.round(worked / self.hypotheses.evidence.half[part.among]).tobytes()
        own = float(in_any_manner(found.own.sum(axis=-1)))
        return Candidate(items, own, shares, bool(found.explained.all()), figures, worked)

    # ---- Working one part.

    def _predicted(
        self, hypothesis: Hypothesis, added: tuple[Variant, ...], part: EvidencePart, *, sharpen: bool = True
    ) -> list[Predicted]:
        """What mistakes predict of a part, added to those of a hypothesis; nothing where they cannot be made or do not act.

        It is worked from right figures with all decimals, or, if they are not sharpened, as they are written.
        """
        hidden = self._hidden(part.name)
        acting = {name for variant in added for name in self.acting_of(variant) if name in hidden}
        earlier = self.earlier(part.name)
        acts_earlier = any(self.acting_of(variant) & earlier for variant in added)
        if added and not acting and not acts_earlier:
            return []
        # Changes know in which iterations they are made; figures of another iteration stand in some only.
        made = [v for v in hypothesis.variants if not v.shift or v.made_in is None or part.name.number in v.made_in]
        every = together((*made, *added)) if added or made else Variant()
        if every is None:
            return []
        first = min((ITERATION_PARTS.index(name) for name in acting), default=len(ITERATION_PARTS))
        try:
            if every.shift:
                return self._of_shifted(hypothesis, every, part)
            if acts_earlier and every.as_written is None:
                return [(part.entries(self.working.from_given(every, part.name, sharpen=sharpen)),)]
            sheet = self.working.sheets(hypothesis.variants, sharpen=sharpen)[part.name.number or 0]
            work = self._worked(sheet, every, part.name, first)
            written = every.written()
            if written is not None:
                work = written(part.name, np.asarray(work))
            predicted: list[Predicted] = [(part.entries(work),)]
        except UNFIT:
            return []
        return predicted

    def acting_of(self, variant: Variant) -> frozenset[str]:
        """The parts in whose working a variant does something else."""
        if variant not in self._acting:
            self._acting[variant] = _acting(variant, self.working.exercise)
        return self._acting[variant]

    def made_in_parts(self, variant: Variant) -> frozenset[str]:
        """The parts that a variant makes otherwise though those before them are right: another rate is seen in the step alone."""
        acting, among = self.acting_of(variant), variant.worked_in
        number = next((each for each in self.working.numbers if among is None or each in among), None)
        if variant.exercise is None or variant.as_written is not None or variant.shift or number is None:
            return acting
        sheet, found = self.working.sheets(())[number], set[str]()
        for part in acting & sheet.parts.keys():
            name = PartName.in_iteration(number, part)
            try:
                made = self._worked(sheet, variant, name, len(ITERATION_PARTS))
            except UNFIT:
                return acting
            if not np.array_equal(made, sheet.parts[part]):
                found.add(part)
        return frozenset(found)

    def _hidden(self, name: PartName) -> set[str]:
        """A part and those before it in its iteration that the answer does not have: in these a mistake shows in the part."""
        if name not in self._hidden_before:
            before = ITERATION_PARTS[: ITERATION_PARTS.index(name.part)]
            self._hidden_before[name] = {name.part, *self._missing(name.number or 0).intersection(before)}
        return self._hidden_before[name]

    def earlier(self, name: PartName) -> set[str]:
        """The parts of iterations before that the answer does not have, where the layer that they lead to shows in a part."""
        if name not in self._hidden_earlier:
            found: set[str] = set()
            last, start = (name.number or 0) - 1, self.working.exercise.skipped
            if "synaptic_inputs" in self._hidden(name) or name.is_parameter or name.part in OF_MOMENTUM:
                missing = (self._missing(number) for number in range(last, start, -1))
                unknown = list(takewhile(lambda parts: not parts.isdisjoint(self._carried), missing))
                # A late iteration alone is worked from the right layer some iterations before, not from the first iteration on.
                begun = not start or len(unknown) < last - start or start + 1 in self.working.numbers
                found = set().union(*unknown) if begun and len(unknown) <= ITERATIONS_BACK else set()
            self._hidden_earlier[name] = found
        return self._hidden_earlier[name]

    @property
    def _carried(self) -> tuple[str, ...]:
        """The parts of an iteration that the next one starts from."""
        return ("weights", "biases", *(OF_MOMENTUM if self.working.exercise.momentum else ()))

    def _missing(self, number: int) -> set[str]:
        """The parts of an iteration that the answer does not have, or has only some entries of."""
        parts = (
            filter(self.working.exercise.has, ITERATION_PARTS) if self.working.exercise.momentum else ITERATION_PARTS
        )
        given = {part: self.working.trusted.get(PartName.in_iteration(number, part)) for part in parts}
        return {part for part, each in given.items() if each is None or not each.complete}

    def _of_shifted(self, hypothesis: Hypothesis, every: Variant, part: EvidencePart) -> list[Predicted]:
        number = part.name.number or 1
        key = hypothesis.variants, every.shift, number
        if key not in self._shifted:
            works = list(self.working.throughout(replace(every, made_in=range(number, number + 1))))
            self._shifted[key] = [tuple(self.hypotheses.evidence.of(each) for each in works)] if works else []
        return [tuple(way[part.among] for way in ways) for ways in self._shifted[key]]

    def _worked(self, sheet: Worksheet, every: Variant, name: PartName, first: int) -> Values:
        """A part of a worksheet as worked with mistakes; the parts before the `first` one stay as they are."""
        needed = [part for part in ITERATION_PARTS[: ITERATION_PARTS.index(name.part)] if part in sheet.parts]
        among = every.worked_in
        if (
            every.exercise is not None
            and every.exercise is not sheet.exercise
            and (among is None or sheet.number in among)
        ):
            sheet = self._in_exercise(sheet, every.exercise)
        kept = {part: sheet.parts[part] for part in needed if ITERATION_PARTS.index(part) < first}
        again = replace(sheet, changes=every.made(), parts=kept)
        with np.errstate(all="ignore"):
            value: Values = again.go_on(tuple(needed)).work(name.part)
        return value

    def _in_exercise(self, sheet: Worksheet, exercise: Exercise) -> Worksheet:
        """The worksheet of the same iteration in another exercise."""
        rows, layer = exercise.batch(sheet.number), exercise.layer
        W, b = sheet.W, sheet.b
        if sheet.number == exercise.skipped + 1 and layer.weights is not self.working.exercise.layer.weights:
            W, b = layer.weights, layer.biases
        return replace(sheet, exercise=exercise, batch=exercise.patterns.take(rows), rows=rows, W=W, b=b)


def _acting(variant: Variant, exercise: Exercise) -> frozenset[str]:
    """The parts in whose working a variant does something else."""
    if variant.as_written is not None or variant.shift or variant.flags:
        return frozenset(ITERATION_PARTS)
    acting: set[str] = set()
    for name in variant.changes:
        acting.update(parts_of(name))
    if variant.exercise is not None:
        first = replace(variant, changes={}).first_part(exercise)
        acting |= set(ITERATION_PARTS[ITERATION_PARTS.index(first) :])
    return frozenset(acting)
