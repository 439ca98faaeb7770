"""Marks of iterations: each entry, and the mistakes that explain what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deltarule.marking.diagnosis.diagnose import Diagnosis
from deltarule.marking.given import Answer, GivenPart
from deltarule.marking.grading.entries import part_marks
from deltarule.marking.marks import Finding, PartMarks
from deltarule.marking.mistakes.rounded_start import SLACK, start_rounded
from deltarule.marking.parts import PartName
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.rounding import TWICE_ROUNDED, Rounding, rounding_of
from deltarule.marking.rework.tolerance import tolerance, within
from deltarule.marking.rework.worksheet import Reworked, after_updates, cost_from_outputs, rework

# Iterations up to 20 are worked from the first update on, with every mistake made in all of them. Of later ones, those from the
# first wrong one on are diagnosed, at most 20: working hundreds of updates with each of some hundred variants takes minutes.
EARLY = 20
# They are worked from 3 updates before: the figures of an iteration beside it may have been written instead.
BEFORE = 3
# A part is trivial (all zeros, for example) if more than 80% of its entries are the same, where at most half that share should be.
SAME_SHARE = 0.8


@dataclass(frozen=True)
class IterationMarks:
    """The marks of an answer's iterations: parts, findings, and whether the findings are alternatives."""

    parts: list[PartMarks]
    findings: list[Finding]
    alternatives: bool = False

    @property
    def lost(self) -> int:
        """The number of entries that lose their mark."""
        return sum(not entry.counts for part in self.parts for entry in part.entries)


def mark_iterations(exercise: Exercise, answer: Answer) -> IterationMarks:
    """The marks of the iterations in an `answer` to an `exercise`."""
    given = answer.of_iterations()
    if not given:
        return IterationMarks([], [])
    numbers = answer.iterations()
    near = after_updates(exercise, numbers[0] - BEFORE) if numbers[0] > EARLY else exercise
    right = rework(near, numbers)
    right |= _costs_from_outputs(near, given, right)
    exact = [_exact_marks(exercise, part, right[name]) for name, part in given.items()]
    if all(part.verdict == "right" and not part.note for part in exact) and not answer.counted_from_zero:
        return IterationMarks(exact, [])
    rounding = rounding_of(near, numbers, right, answer.decimals)
    trusted = _trusted(given, right)
    diagnosis = _diagnosis(near, answer, right, rounding, trusted)
    # A known mistake that gives every figure is a better explanation than weights that were rounded.
    start = None if diagnosis.within_rounding or diagnosis.explaining_all else start_rounded(exercise, answer, right)
    from_start = None if start is None else rework(start[1], numbers)
    follow, sharp = (rework(near, numbers, given=trusted, sharpen=sharpen) for sharpen in (False, True))
    parts, all_right = [], True
    for name, part in given.items():
        if from_start is None:
            marks = _marks(exercise, part, right[name], rounding, (follow[name], sharp[name]), all_right=all_right)
        else:
            marks = _marks(exercise, part, right[name], rounding, (from_start[name],), all_right=False)
            marks = _with_start(marks, part, from_start[name])
        all_right = all_right and marks.verdict != "wrong"
        parts.append(marks)
    if start is not None:
        return IterationMarks(parts, [start[0]])
    if _is_unworked(exercise, given):
        return IterationMarks(parts, [])
    return IterationMarks(parts, *diagnosis.best())


def _costs_from_outputs(exercise: Exercise, given: Mapping[PartName, GivenPart], right: Reworked) -> Reworked:
    """Costs that are right as worked from float64 outputs: where one is near 1, they differ from those worked from U."""
    costs = {name: part for name, part in given.items() if name.part == "cost"}
    off = [name for name, part in costs.items() if not within(part.values, right[name], part.half)]
    if not off:
        return {}
    worked = rework(exercise, [name.number or 1 for name in off], {"cost": cost_from_outputs})
    return {name: worked[name] for name in off if within(costs[name].values, worked[name], costs[name].half)}


def _diagnosis(
    exercise: Exercise,
    answer: Answer,
    right: Reworked,
    rounding: Rounding,
    trusted: Mapping[PartName, GivenPart],
) -> Diagnosis:
    """What explains the answer. For late iterations keep those from the first wrong one, at most `EARLY` of them."""
    numbers = answer.iterations()
    if numbers[-1] > EARLY:
        given = answer.of_iterations()
        wrong = [name.number or 0 for name, part in given.items() if not rounding.accepts(part, right[name])]
        first = min(wrong, default=numbers[0])
        numbers = [n for n in numbers if first - BEFORE < n <= first + EARLY]
        if numbers[0] > EARLY:
            exercise = after_updates(exercise, numbers[0] - BEFORE)
        answer = answer.with_parts(answer.of_iterations(numbers))
        right = {name: value for name, value in right.items() if name.number in numbers}
    return Diagnosis(exercise, answer, right, rounding, {n: part for n, part in trusted.items() if n in right})


def _trusted(given: Mapping[PartName, GivenPart], right: Reworked) -> dict[PartName, GivenPart]:
    """The parts that later ones may follow from. Trivial ones are not: whatever follows from zeros is right too easily."""
    trusted = {}
    for name, part in given.items():
        finite = np.isfinite(np.asarray(right[name], float)).all()
        if finite and not part.transposed and not _is_trivial(part, right[name]):
            trusted[name] = part
    return trusted


def _is_trivial(given: GivenPart, expected: Any) -> bool:
    """Whether most entries of a part are the same, where they should not be."""
    known, right = given.known, np.asarray(expected, float)
    return bool(known.sum() > 1 and _same_share(given.values[known]) > SAME_SHARE > 2 * _same_share(right[known]))


def _is_unworked(exercise: Exercise, given: Mapping[PartName, GivenPart]) -> bool:
    """Whether every figure is 0, so that none shows a mistake; where the layer begins with zeros, these may have been left."""
    figures = [part.values[part.known] for part in given.values() if not part.name.is_count]
    return bool(exercise.layer.weights.any()) and not any(values.any() for values in figures)


def _same_share(values: NDArray[np.float64]) -> float:
    """The share of the commonest value."""
    return float(np.unique(values, return_counts=True)[1].max() / values.size)


def _exact_marks(exercise: Exercise, given: GivenPart, expected: Any) -> PartMarks:
    """The marks of a part where no figure was rounded on the way, and there is nothing to follow from."""
    right = np.asarray(expected, float)
    is_right = within(given.values, right, tolerance(given))
    return part_marks(exercise, given, right, is_right, is_right, np.zeros_like(is_right), all_right=True)


def _marks(
    exercise: Exercise,
    given: GivenPart,
    expected: Any,
    rounding: Rounding,
    sources: tuple[Any, ...],
    *,
    all_right: bool,
) -> PartMarks:
    """The marks of a part.

    Parameters
    ----------
    expected : the right figures.
    sources : the figures that follow from the answer's own earlier parts, in one way or several.
    all_right : whether all parts before it are right.
    """
    values, right, half = given.values, np.asarray(expected, float), tolerance(given)
    is_right = within(values, right, half)
    follows = np.any([within(values, np.asarray(each, float), half) for each in sources], axis=0)
    if _is_trivial(given, expected):
        # Zeros that nobody worked are near enough to many figures with few decimals: a usual way of rounding must give them all.
        ways = [*(each[given.name] for each in rounding.usual_reworkings), *sources]
        is_rounding = is_right | any(_gives_all(given, each) for each in ways)
    else:
        is_rounding = is_right | rounding.allows(given.name, values, right, half)
        if given.name in rounding.reach:
            # What follows from a wrong entry may be off by rounding too: it was worked with more decimals than were written.
            follows |= rounding.allows(given.name, values, np.asarray(sources[0], float), half)
    return part_marks(exercise, given, right, is_right, is_rounding, follows, all_right=all_right)


def _gives_all(given: GivenPart, worked: Any) -> bool:
    """Whether figures that were worked are all those given, when they are rounded."""
    close = within(given.values, np.asarray(worked, float), TWICE_ROUNDED * tolerance(given))
    return bool(close[given.known].all())


def _with_start(marks: PartMarks, given: GivenPart, from_start: Any) -> PartMarks:
    """The marks in which entries are within rounding where they come from initial weights that round to the problem's."""
    close = within(given.values, np.asarray(from_start, float), SLACK * given.half)
    entries = [
        replace(e, verdict="rounding") if e.verdict == "wrong" and close[tuple(i - 1 for i in e.place)] else e
        for e in marks.entries
    ]
    return replace(marks, entries=tuple(entries))
