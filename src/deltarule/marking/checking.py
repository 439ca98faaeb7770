"""`check`: marks of an answer to a problem."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from deltarule.checks import instance
from deltarule.marking.answers import Answer, Given, answer_from, read_answer
from deltarule.marking.entries import part_marks, tolerance
from deltarule.marking.explaining import Explainer
from deltarule.marking.marks import Marks, PartMarks, within
from deltarule.marking.reached import mark_reached
from deltarule.marking.sheet import Values, Writing, rounded, work
from deltarule.marking.starting import SLACK, start_rounded
from deltarule.marking.task import COUNTS, Task
from deltarule.problem import Problem

# How far rounding on the way can reach is seen from this many workings with figures disturbed by up to half a unit: so many
# of their deviations, told by the median, which one figure near a singularity (log of an output near 0) does not decide.
WORKINGS, DEVIATIONS, MEDIAN = 12, 4.0, 0.6745


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

    def after(part: str) -> Writing:
        """Rounds that part alone; all, of "all"."""
        return lambda name, value: write(name, value) if part in (name, "all") else value

    write = rounded(answer.decimals)
    drawn = [work(task, numbers, {}, disturbed) for _ in range(WORKINGS)]
    once = [work(task, numbers, {}, after(part)) for part in ("all", "synaptic_inputs", "outputs")]
    # Worked with more decimals than are written: the logarithm of a small output tells.
    once += [work(task, numbers, {}, rounded(answer.decimals + more)) for more in (1, 2)]
    reach = {}
    for name, value in right.items():
        if name.split(".")[-1] not in COUNTS:
            by_chance, by_rule = (
                np.abs([np.asarray(each[name], float) - value for each in workings]) for workings in (drawn, once)
            )
            reach[name] = np.maximum(DEVIATIONS / MEDIAN * np.median(by_chance, axis=0), by_rule.max(axis=0))
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
    values, wanted, half = given.values, np.asarray(expected, float), tolerance(given)
    is_right = within(values, wanted, half)
    is_rounding = is_right if reach is None else within(values, wanted, half + reach)
    from_own = [within(values, np.asarray(each, float), half) for each in follows]
    if reach is not None:
        # Worked with more decimals than were written, from an entry that is wrong: off by a rounding on the way, too.
        from_own.append(within(values, np.asarray(follows[0], float), half + reach))
    followed = np.any(from_own, axis=0)
    return part_marks(task, given, wanted, is_right, is_rounding, followed, all_right=all_right)


def _forgiven(marks: PartMarks, given: Given, behind: Any) -> PartMarks:
    """Entries that come of initial weights that round to the problem's are within rounding."""
    close = within(given.values, np.asarray(behind, float), SLACK * given.half)
    entries = [
        replace(e, verdict="rounding") if e.verdict == "wrong" and close[tuple(i - 1 for i in e.place)] else e
        for e in marks.entries
    ]
    return replace(marks, entries=tuple(entries))
