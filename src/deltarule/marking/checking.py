"""`check`: marks of an answer to a problem."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deltarule.checks import instance
from deltarule.marking.answers import Answer, Given, answer_from, read_answer
from deltarule.marking.explaining import Explainer
from deltarule.marking.marks import Entry, Marks, PartMarks, places_of, within
from deltarule.marking.reached import mark_reached
from deltarule.marking.sheet import Values, rounded, work
from deltarule.marking.starting import SLACK, start_rounded
from deltarule.marking.task import COUNTS, Task
from deltarule.problem import Problem

# Workings whose figures are rounded by chance on the way: how far apart they end is how far rounding can reach.
WORKINGS, DEVIATIONS = 12, 4.0


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
    task = Task.of(problem)
    numbers = answer.iterations()
    right = work(task, numbers, {})
    own = {name: given for name, given in answer.parts.items() if name.startswith("iteration.")}
    reach = _reach(task, answer, numbers, right)
    start = start_rounded(task, answer, right)
    behind = None if start is None else work(start[1], numbers, {})
    trusted = _trusted(own, right)
    follow, sharp = (work(task, numbers, {}, given=trusted, sharpen=sharpen) for sharpen in (False, True))
    parts, all_right = [], True
    for name, given in own.items():
        sources = (follow[name], sharp[name]) if behind is None else (behind[name],)
        marks = _part(task, given, right[name], reach.get(name), sources, all_right=all_right and behind is None)
        if behind is not None:
            marks = _forgiven(marks, given, behind[name])
        all_right = all_right and marks.verdict != "wrong"
        parts.append(marks)
    if start is not None:
        named, alike = [start[0]], False
    else:
        named, alike = ([], False) if not own else Explainer(task, answer, right).best()
    others, found = mark_reached(task, answer)
    return Marks((*parts, *others), (*named, *found), answer.faults, alike)


def _reach(task: Task, answer: Answer, numbers: list[int], right: Mapping[str, Any]) -> dict[str, Values]:
    """How far each entry may lie from the right one because figures were rounded on the way."""
    unit = 10.0**-answer.decimals
    rng = np.random.default_rng(0)

    def disturbed(_part: str, value: Any) -> Any:
        return value + rng.uniform(-0.5 * unit, 0.5 * unit, np.shape(value))

    workings = [work(task, numbers, {}, disturbed) for _ in range(WORKINGS)]
    workings.append(work(task, numbers, {}, rounded(answer.decimals)))
    reach = {}
    for name, value in right.items():
        if name.split(".")[-1] not in COUNTS:
            apart = np.array([np.asarray(each[name], float) - value for each in workings])
            reach[name] = DEVIATIONS * np.sqrt(np.mean(apart**2, axis=0))
    return reach


def _trusted(own: Mapping[str, Given], right: Mapping[str, Any]) -> dict[str, Given]:
    """The parts that later ones may follow from.

    Not a part that says nothing: one whose entries are all alike where the right ones are not. What follows from it is
    trivially right.
    """
    trusted = {}
    for name, given in own.items():
        expected, known = np.asarray(right[name], float), ~np.isnan(given.values)
        trivial = known.sum() > 1 and np.ptp(given.values[known]) == 0 and np.ptp(expected[known]) > 0
        if not trivial and not given.transposed and np.isfinite(expected).all():
            trusted[name] = given
    return trusted


def _part(
    task: Task, given: Given, expected: Any, reach: Values | None, follows: tuple[Any, ...], *, all_right: bool
) -> PartMarks:
    """One part's marks; `all_right`: whether all parts before it are."""
    values, wanted = given.values, np.asarray(expected, float)
    part = given.name.split(".")[-1]
    half = np.full(values.shape, 0.25) if part in COUNTS else given.half
    is_right = within(values, wanted, half)
    is_rounding = is_right if reach is None else within(values, wanted, half + reach)
    from_own = [within(values, np.asarray(each, float), half) for each in follows]
    if reach is not None:
        # Worked with more decimals than were written, from an entry that is wrong: off by a rounding on the way, too.
        from_own.append(within(values, np.asarray(follows[0], float), half + reach))
    followed = np.any(from_own, axis=0)
    entries = []
    for place in places_of(values.shape):
        if np.isnan(values[place]):
            continue
        verdict: Any = "right" if is_right[place] else "rounding" if is_rounding[place] else "wrong"
        if given.transposed or given.from_zero:
            verdict = "wrong"
        follow = None if all_right else bool(followed[place])
        said, meant = (_shown(task, part, v) for v in (values[place], wanted[place]))
        entries.append(Entry(tuple(i + 1 for i in place), said, meant, verdict, follow, int(given.decimals[place])))
    return PartMarks(given.name, tuple(entries), values.shape)


def _forgiven(marks: PartMarks, given: Given, behind: Any) -> PartMarks:
    """Entries that come of initial weights that round to the problem's are within rounding."""
    close = within(given.values, np.asarray(behind, float), SLACK * given.half)
    entries = [
        replace(e, verdict="rounding") if e.verdict == "wrong" and close[tuple(i - 1 for i in e.place)] else e
        for e in marks.entries
    ]
    return replace(marks, entries=tuple(entries))


def _shown(task: Task, part: str, value: NDArray[Any]) -> Any:
    """A figure, or the label that a place stands for."""
    if part == "predicted" and not task.independent:
        return task.classes[int(value)]
    return float(value) if part not in COUNTS or value != int(value) else int(value)
