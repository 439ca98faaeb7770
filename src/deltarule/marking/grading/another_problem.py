"""Answers to another problem: hardly any figure fits, so only that is named, and nothing follows."""

from __future__ import annotations

from dataclasses import replace

from deltarule.marking.given import Answer
from deltarule.marking.grading.iterations import IterationMarks
from deltarule.marking.marks import Entry, PartMarks
from deltarule.marking.mistakes.recognised import ANOTHER_PROBLEM
from deltarule.marking.parts import PartName
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.tolerance import within
from deltarule.marking.rework.worksheet import rework

# An answer is one to another problem if all three hold:
# less than a quarter of its U is right: U = X W + b of other data agrees by chance only, in zeros and small whole numbers;
INPUTS_SHARE = 0.25
# less than two fifths of dJ/dW is right or follows: after a mistake in U the work from it is right, with other data it is not;
WORKED_SHARE = 0.4
# less than half of all entries are right: outputs near 0, and counts, agree often.
RIGHT_SHARE = 0.5
# Fewer than 6 entries of U are too few to tell.
MINIMUM_FIGURES = 6


def as_another_problem(marks: IterationMarks) -> IterationMarks:
    """The marks as those of an answer to another problem, if they are; the same marks otherwise."""
    if marks.findings or not _answers_another(marks.parts):
        return marks
    parts = [_without_following(part) for part in marks.parts]
    return IterationMarks(parts, [ANOTHER_PROBLEM.finding(parts[0].part)])


def _answers_another(parts: list[PartMarks]) -> bool:
    """Whether hardly any U, nor what is worked from it with the problem's own data, nor most of the rest fits the problem."""
    first = {part.part.part: part for part in reversed(parts)}
    U, worked = first.get("synaptic_inputs"), first.get("weight_gradient", first.get("weights"))
    if U is None or worked is None or len(U.entries) < MINIMUM_FIGURES:
        return False
    if not any(entry.given for entry in U.entries):  # zeros were worked from no data
        return False
    entries = [entry for part in parts for entry in part.entries]
    right = sum(entry.verdict != "wrong" for entry in entries) / len(entries)
    return right < RIGHT_SHARE and U.score < INPUTS_SHARE and worked.score < WORKED_SHARE


def _without_following(part: PartMarks) -> PartMarks:
    """The marks in which nothing follows, since there is nothing to follow from."""
    return replace(part, entries=tuple(map(_alone, part.entries)))


def _alone(entry: Entry) -> Entry:
    return replace(entry, follows=False) if entry.verdict == "wrong" else entry


def answers_exercise(exercise: Exercise, answer: Answer) -> bool:
    """Whether most synaptic inputs of an answer are those of an exercise."""
    given = next((part for name, part in answer.parts.items() if name.part == "synaptic_inputs"), None)
    if given is None:
        return False
    number = given.name.number or 1
    right = rework(exercise, [number])[PartName.in_iteration(number, "synaptic_inputs")]
    return bool(within(given.values, right, given.half)[given.known].mean() > 1 - INPUTS_SHARE)
