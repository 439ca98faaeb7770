"""Marks of iterations: each entry, and the mistakes that explain what is wrong."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from deltarule.marking.diagnosis.diagnose import Diagnosis
from deltarule.marking.given import Answer, GivenPart
from deltarule.marking.grading.another_problem import answers_another, from_same_inputs
from deltarule.marking.grading.at_random import drawn_at_random, without_chance
from deltarule.marking.grading.blank import finding, may_be_thresholded, too_few
from deltarule.marking.grading.chaos import within_chaos
from deltarule.marking.grading.judged import BEFORE, EARLY, Judged, judged
from deltarule.marking.grading.readings import coarser_reading, right_readings
from deltarule.marking.marks import Finding, PartMarks
from deltarule.marking.mistakes.recognised import ANOTHER_PROBLEM, NOT_ATTEMPTED, ROUNDED_CARRIED
from deltarule.marking.mistakes.rounded_start import SLACK, start_rounded
from deltarule.marking.mistakes.transcription import COUNTED_FROM_ZERO
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.tolerance import tolerance, within
from deltarule.marking.rework.worksheet import after_updates, rework


@dataclass(frozen=True)
class IterationMarks:
    """The marks of an answer's iterations: parts, findings, and whether the findings are alternatives."""

    parts: list[PartMarks]
    findings: list[Finding]
    alternatives: bool = False


def mark_iterations(exercise: Exercise, answer: Answer) -> IterationMarks:
    """The marks of the iterations in an `answer` to an `exercise`."""
    if not answer.of_iterations():
        return IterationMarks([], [])
    found = judged(exercise, answer)
    found, remarks = coarser_reading(exercise, answer, found)
    if found.all_exact:
        return IterationMarks(found.parts, remarks)
    if found.nothing_worked:
        said = finding(exercise, found.answer.of_iterations(), found.filled)
        is_blank = said is not None and said.name == NOT_ATTEMPTED.name
        if is_blank and may_be_thresholded(found.exercise, found.answer.of_iterations()):
            said = None
        return IterationMarks(found.parts, remarks if said is None else [*remarks, said])
    found, chaotic = within_chaos(exercise, found)
    explained = _explained(exercise, found)
    named = _accuses(explained)
    if named and not found.wrong:  # fewer digits explain rounding too, and who has them is not accused
        for again, remark in right_readings(exercise, answer):
            other = _explained(exercise, again)
            if not _accuses(other):
                found, remarks, explained, named = again, [remark], other, False
                break
    if not named and drawn_at_random(found, explained.parts):
        explained = replace(explained, parts=without_chance(explained.parts))
    # Of a chaotic descent it cannot be told whether figures were rounded on the way.
    findings = [
        *remarks,
        *chaotic,
        *(f for f in explained.findings if not (chaotic and f.name == ROUNDED_CARRIED.name)),
    ]
    from_zero = found.answer.counted_from_zero or any(part.from_zero for part in found.answer.of_iterations().values())
    if from_zero and all(each.name != COUNTED_FROM_ZERO.name for each in findings):
        findings.insert(0, COUNTED_FROM_ZERO.finding(found.parts[0].part))
    return replace(explained, findings=findings)


def _accuses(marks: IterationMarks) -> bool:
    """Whether a mistake is named."""
    return any(finding.is_mistake for finding in marks.findings)


def _explained(exercise: Exercise, found: Judged) -> IterationMarks:
    """The marks, with what explains the entries that are wrong or within rounding."""
    diagnosis = _diagnosis(found)
    # A known mistake that gives every figure is a better explanation than weights that were rounded.
    start = None
    if _are_wrong(found.parts, "synaptic_inputs") and not diagnosis.explaining_all:
        start = start_rounded(exercise, found.answer, found.right)
    if start is not None:
        from_start, given = rework(start[1], found.answer.iterations()), found.answer.parts
        parts = [_with_start(marks, given[marks.part], from_start[marks.part]) for marks in found.parts]
        # What these weights do not explain may be a mistake besides.
        besides, alternatives = diagnosis.best() if any(part.verdict == "wrong" for part in parts) else ([], False)
        return IterationMarks(parts, [start[0], *(each for each in besides if each.is_mistake and not alternatives)])
    findings, alternatives = diagnosis.best()
    if diagnosis.instead_of_rounding:
        found = replace(found, parts=[_not_rounded(marks, found) for marks in found.parts])
    if not _any_rounded(found.parts):
        findings = [each for each in findings if each.name != ROUNDED_CARRIED.name]
    if too_few(exercise, found.answer.of_iterations()):
        findings, alternatives = [each for each in findings if not each.is_mistake], False
    if not findings and answers_another(found.parts) and not from_same_inputs(exercise, found.answer):
        findings = [ANOTHER_PROBLEM.finding(found.parts[0].part)]
    return IterationMarks(found.parts, findings, alternatives)


def _are_wrong(parts: list[PartMarks], name: str) -> bool:
    """Whether an entry of a part is wrong in some iteration."""
    return any(part.part.part == name and part.verdict == "wrong" for part in parts)


def _any_rounded(parts: list[PartMarks]) -> bool:
    """Whether an entry counts though it is not the right one. Where none does, rounding explains nothing, though it may be near."""
    return any(entry.counts and entry.verdict != "right" for part in parts for entry in part.entries)


def _diagnosis(found: Judged) -> Diagnosis:
    """What explains the answer. For late iterations keep those from the first wrong one, at most `EARLY` of them."""
    exercise, answer, right = found.exercise, found.written, found.right
    numbers = answer.iterations()
    if numbers[-1] > EARLY:
        wrong = [part.part.number or 0 for part in found.parts if part.verdict == "wrong"]
        first = min(wrong, default=numbers[0])
        numbers = [n for n in numbers if first - BEFORE < n <= first + EARLY]
        if numbers[0] > EARLY:
            exercise = after_updates(exercise, numbers[0] - BEFORE)
        answer = answer.with_parts(answer.of_iterations(numbers))
        right = {name: value for name, value in right.items() if name.number in numbers}
    trusted = {name: part for name, part in found.trusted.items() if name in right}
    as_it_stands = not found.wrong and not any(part.note for part in found.parts)
    return Diagnosis(exercise, answer, right, found.rounding, found.own, trusted, within_rounding=as_it_stands)


def _not_rounded(marks: PartMarks, found: Judged) -> PartMarks:
    """The marks in which entries are wrong that come of a mistake, and not of rounding: those that follow from no own figures."""
    given = found.answer.parts[marks.part]
    follows = np.asarray(np.any(within(given.values, found.own.figures[marks.part], tolerance(given)), axis=0))
    entries = [
        replace(e, verdict="wrong") if e.verdict == "rounding" and not follows[tuple(i - 1 for i in e.place)] else e
        for e in marks.entries
    ]
    return replace(marks, entries=tuple(entries))


def _with_start(marks: PartMarks, given: GivenPart, from_start: Any) -> PartMarks:
    """The marks in which entries are within rounding where they come from initial weights that round to the problem's."""
    close = within(given.values, np.asarray(from_start, float), SLACK * given.half)
    entries = [
        replace(e, verdict="rounding") if e.verdict == "wrong" and close[tuple(i - 1 for i in e.place)] else e
        for e in marks.entries
    ]
    return replace(marks, entries=tuple(entries))
