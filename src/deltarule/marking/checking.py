"""`check`: marks of an answer to a problem."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from deltarule.checks import instance
from deltarule.errors import AnswerError
from deltarule.marking.answer.file import answer_from, read_answer
from deltarule.marking.answer.given import Answer
from deltarule.marking.diagnosis.hypotheses import number_of
from deltarule.marking.grading.iterations import Marked, mark_iterations
from deltarule.marking.grading.reached import mark_reached
from deltarule.marking.marks import Entry, Finding, Marks, PartMarks, within
from deltarule.marking.mistakes.mistake import Mistake
from deltarule.marking.rework.exercise import COUNTS, Exercise
from deltarule.marking.rework.worksheet import rework
from deltarule.problem import Problem

FEWER = Mistake(
    "fewer-decimals",
    "Your figures have fewer decimals than are asked for. As such they are marked; write `decimals` in the answer.",
    "Look at how many decimals are asked for.",
)
STRANGER = Mistake(
    "another-problem",
    "Hardly any figure belongs to this problem. Is it the answer to another?",
    "Compare your problem with this one.",
)
# So many figures, none with more decimals, were rounded to fewer than the answer says.
FIGURES = 6
# An answer to another problem: less than these shares of U, and of what is worked from it with the data, are right or follow,
# and less than this one of all are right.
STRANGE, STRANGELY_WORKED, MOSTLY = 0.25, 0.4, 0.5


@np.errstate(all="ignore")  # figures without measure are marked like others
def check(problem: Problem, answer: Answer | Mapping[str, Any] | str | os.PathLike[str]) -> Marks:
    """Marks of an answer: each entry right, within rounding or wrong, with follow-through, and the mistake named.

    Parameters
    ----------
    problem : with an initial layer.
    answer : a document, an answer file, or what `read_answer` gives.

    Raises
    ------
    AnswerError
        If the answer cannot be read at all. What is wrong with a part is among the marks' faults.

    Examples
    --------
    >>> from deltarule.problem import problem_from
    >>> problem = problem_from({
    ...     "title": "Double it",
    ...     "layer": {"kind": "linear", "weights": [[0.0]]},
    ...     "data": {"inputs": [[1], [2]], "targets": [2, 4]},
    ...     "descent": {"learning_rate": 0.1, "epochs": 10},
    ... })
    >>> marks = check(problem, {"iteration": {"1": {"weights": [[-1.0]], "weight_gradient": [[-10.0]]}}})
    >>> marks.right, [mistake.name for mistake in marks.mistakes]
    (False, ['ascent'])
    """
    instance("problem", problem, Problem, "Read one first: read_problem('problem.toml').")
    if isinstance(answer, Mapping):
        answer = answer_from(answer, problem)
    elif not isinstance(answer, Answer):
        answer = read_answer(answer, problem)
    exercise = Exercise.of(problem)
    marked = _with_fewer_decimals(exercise, answer, mark_iterations(exercise, answer))
    if not marked.named and _strange(marked.parts):
        marked = Marked(
            [_unfollowed(part) for part in marked.parts], [_named(STRANGER, marked.parts[0].part)], alternatives=False
        )
    others, found = mark_reached(exercise, answer)
    return Marks((*marked.parts, *others), (*marked.named, *found), answer.faults, marked.alternatives)


def belongs(problem: Problem, path: str | os.PathLike[str]) -> bool:
    """Whether most synaptic inputs that an answer says are those of a problem."""
    try:
        answer = read_answer(path, problem)
    except AnswerError:
        return False
    given = next((part for name, part in answer.parts.items() if name.endswith("synaptic_inputs")), None)
    if given is None:
        return False
    right = rework(Exercise.of(problem), [number_of(given.name)], {})[given.name]
    return bool(within(given.values, right, given.half)[~np.isnan(given.values)].mean() > 1 - STRANGE)


def _named(mistake: Mistake, part: str, said: str = "", *, is_mistake: bool = True) -> Finding:
    return Finding(mistake.name, part, mistake.why + said, mistake.hint, is_mistake=is_mistake)


def _with_fewer_decimals(exercise: Exercise, answer: Answer, marked: Marked) -> Marked:
    """Marks of the same figures as rounded to fewer decimals, if all have fewer, and most of what was lost is right then."""
    figures = {n: g for n, g in answer.parts.items() if n.startswith("iteration.") and n.split(".")[-1] not in COUNTS}
    written = np.concatenate([given.values[~np.isnan(given.values)] for given in figures.values()] or [np.empty(0)])
    decimals = next(d for d in range(answer.decimals + 1) if d == answer.decimals or _has_decimals(written, d))
    if not marked.lost or decimals == answer.decimals or written.size < FIGURES:
        return marked
    fewer = {name: replace(given, decimals=np.full(given.decimals.shape, decimals)) for name, given in figures.items()}
    again = mark_iterations(exercise, replace(answer, decimals=decimals, parts=answer.parts | fewer))
    if again.lost > marked.lost / 2:
        return marked
    said = f" (decimals = {decimals})"
    return again._replace(named=[_named(FEWER, again.parts[0].part, said, is_mistake=False), *again.named])


def _has_decimals(values: Any, decimals: int) -> bool:
    """Whether no figure has more decimals."""
    return bool(np.all(np.abs(values - np.round(values, decimals)) < 1e-9))


def _strange(parts: list[PartMarks]) -> bool:
    """Whether hardly any U, nor what is worked from it with the problem's own data, nor most else belongs to the problem."""
    by_name = {part.part.split(".")[-1]: part for part in reversed(parts)}
    U, worked = by_name.get("synaptic_inputs"), by_name.get("weight_gradient", by_name.get("weights"))
    if U is None or worked is None or len(U.entries) < FIGURES:
        return False
    entries = [entry for part in parts for entry in part.entries]
    right = sum(entry.verdict != "wrong" for entry in entries) / len(entries)
    return right < MOSTLY and U.score < STRANGE and worked.score < STRANGELY_WORKED


def _unfollowed(part: PartMarks) -> PartMarks:
    """Marks in which nothing follows: there is nothing to follow from."""
    return replace(part, entries=tuple(_alone(entry) for entry in part.entries))


def _alone(entry: Entry) -> Entry:
    return replace(entry, follows=False) if entry.verdict == "wrong" else entry
