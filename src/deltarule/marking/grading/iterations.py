"""Marks of iterations: each entry, and the mistakes that explain what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from deltarule.marking.answer.given import Answer, GivenPart
from deltarule.marking.diagnosis.diagnose import Diagnosis
from deltarule.marking.diagnosis.hypotheses import number_of
from deltarule.marking.grading.entries import part_marks, tolerance
from deltarule.marking.marks import Finding, PartMarks, within
from deltarule.marking.mistakes.rounded_start import SLACK, start_rounded
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.rounding import Rounding, rounding_of
from deltarule.marking.rework.worksheet import rework, skipping

# Mistakes are worked from the first update on up to this one, and those in later iterations over as many updates, from this
# many before them on: an iteration beside it may have been written for another.
EARLY, BEFORE = 20, 3
# A part is trivial if more of its entries are the same, where at most half as many should be.
MOST_ALIKE = 0.8


class Marked(NamedTuple):
    """What became of iterations; `alternatives`: whether the mistakes fit equally well."""

    parts: list[PartMarks]
    named: list[Finding]
    alternatives: bool

    @property
    def lost(self) -> int:
        """Entries that do not count."""
        return sum(not entry.counts for part in self.parts for entry in part.entries)


def mark_iterations(exercise: Exercise, answer: Answer) -> Marked:
    """Marks of the iterations in an answer."""
    own = {name: given for name, given in answer.parts.items() if name.startswith("iteration.")}
    if not own:
        return Marked([], [], alternatives=False)
    numbers = answer.iterations()
    near = skipping(exercise, numbers[0] - BEFORE) if numbers[0] > EARLY else exercise
    right = rework(near, numbers, {})
    exact = [_exact(exercise, given, right[name]) for name, given in own.items()]
    if all(part.verdict == "right" and not part.note for part in exact) and not answer.counted_from_zero:
        return Marked(exact, [], alternatives=False)
    rounding = rounding_of(near, numbers, right, answer.decimals)
    trusted = _trusted(own, right)
    diagnosis = _explainer(near, answer, right, rounding, trusted)
    # A known mistake that gives every figure says more than weights that were rounded.
    start = None if diagnosis.allowed or diagnosis.exact else start_rounded(exercise, answer, right)
    behind = None if start is None else rework(start[1], numbers, {})
    follow, sharp = (rework(near, numbers, {}, given=trusted, sharpen=sharpen) for sharpen in (False, True))
    parts, all_right = [], True
    for name, given in own.items():
        sources = (follow[name], sharp[name]) if behind is None else (behind[name],)
        marks = _part(exercise, given, right[name], rounding, sources, all_right=all_right and behind is None)
        if behind is not None:
            marks = _forgiven(marks, given, behind[name])
        all_right = all_right and marks.verdict != "wrong"
        parts.append(marks)
    named, alternatives = diagnosis.best() if start is None else ([start[0]], False)
    return Marked(parts, named, alternatives)


def _explainer(
    exercise: Exercise, answer: Answer, right: dict[str, Any], rounding: Rounding, trusted: Mapping[str, GivenPart]
) -> Diagnosis:
    """What explains the answer; of one that reaches far, the iterations from the first that is wrong on, for some updates."""
    numbers = answer.iterations()
    if numbers[-1] > EARLY:
        wrong = (number_of(n) for n in right if n in answer.parts and not _allowed(answer.parts[n], right[n], rounding))
        first = min(wrong, default=numbers[0])
        numbers = [n for n in numbers if first - BEFORE < n <= first + EARLY]
        if numbers[0] > EARLY:
            exercise = skipping(exercise, numbers[0] - BEFORE)
        parts = {n: p for n, p in answer.parts.items() if n.startswith("iteration.") and number_of(n) in numbers}
        answer, right = replace(answer, parts=parts), {n: v for n, v in right.items() if number_of(n) in numbers}
    return Diagnosis(exercise, answer, right, rounding, {n: p for n, p in trusted.items() if n in right})


def _allowed(given: GivenPart, expected: Any, rounding: Rounding) -> bool:
    """Whether no entry of a part is wrong."""
    allowed = rounding.allows(given.name, given.values, np.asarray(expected, float), tolerance(given))
    return not given.note and bool(allowed[~np.isnan(given.values)].all())


def _trusted(own: Mapping[str, GivenPart], right: Mapping[str, Any]) -> dict[str, GivenPart]:
    """The parts that later ones may follow from, which are not trivial: what follows from zeros is trivially right."""
    trusted = {}
    for name, given in own.items():
        expected, known = np.asarray(right[name], float), ~np.isnan(given.values)
        trivial = known.sum() > 1 and _sameness(given.values[known]) > MOST_ALIKE > 2 * _sameness(expected[known])
        if not trivial and not given.transposed and np.isfinite(expected).all():
            trusted[name] = given
    return trusted


def _sameness(values: NDArray[np.float64]) -> float:
    """The share of the commonest value."""
    return float(np.unique(values, return_counts=True)[1].max() / values.size)


def _exact(exercise: Exercise, given: GivenPart, expected: Any) -> PartMarks:
    """One part's marks where no figure was rounded on the variant, and nothing is there to follow from."""
    wanted = np.asarray(expected, float)
    is_right = within(given.values, wanted, tolerance(given))
    return part_marks(exercise, given, wanted, is_right, is_right, np.zeros_like(is_right), all_right=True)


def _part(
    exercise: Exercise,
    given: GivenPart,
    expected: Any,
    rounding: Rounding,
    follows: tuple[Any, ...],
    *,
    all_right: bool,
) -> PartMarks:
    """One part's marks; `all_right`: whether all parts before it are."""
    values, wanted, half = given.values, np.asarray(expected, float), tolerance(given)
    is_right = within(values, wanted, half)
    is_rounding = is_right | rounding.allows(given.name, values, wanted, half)
    followed = np.any([within(values, np.asarray(each, float), half) for each in follows], axis=0)
    if given.name in rounding.far:
        # Worked with more decimals than were written, from an entry that is wrong: off by a rounding on the variant, too.
        followed |= rounding.allows(given.name, values, np.asarray(follows[0], float), half)
    return part_marks(exercise, given, wanted, is_right, is_rounding, followed, all_right=all_right)


def _forgiven(marks: PartMarks, given: GivenPart, behind: Any) -> PartMarks:
    """Entries that come of initial weights that round to the problem's are within rounding."""
    close = within(given.values, np.asarray(behind, float), SLACK * given.half)
    entries = [
        replace(e, verdict="rounding") if e.verdict == "wrong" and close[tuple(i - 1 for i in e.place)] else e
        for e in marks.entries
    ]
    return replace(marks, entries=tuple(entries))
