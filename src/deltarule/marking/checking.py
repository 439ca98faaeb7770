"""`check`: the marks of an answer to a problem."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from deltarule.checks import instance, truth
from deltarule.marking.answer.file import answer_for, read_for
from deltarule.marking.given import Answer
from deltarule.marking.grading.another_problem import answers_exercise
from deltarule.marking.grading.iterations import mark_iterations
from deltarule.marking.grading.trained_layer import mark_trained_layer
from deltarule.marking.marks import Marks
from deltarule.marking.mistakes.layer_kinds import kind_of
from deltarule.marking.mistakes.recognised import LAST_TAKEN
from deltarule.marking.other_conventions import marks_in_any
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.worth import worths
from deltarule.problem import Problem


def check(
    problem: Problem, answer: Answer | Mapping[str, Any] | str | os.PathLike[str], *, progress: bool = False
) -> Marks:
    """The marks of an answer: each entry right, within rounding or wrong, whether it follows, and the mistake named.

    Parameters
    ----------
    problem : with an initial layer.
    answer : what `read_answer` gives, the path of an answer file, or its document: dictionaries where the file has tables.
    progress : whether to show a bar while a layer is trained, where the answer has figures of the trained layer.

    Raises
    ------
    AnswerError
        If the answer cannot be read at all. If only one part is wrong, it is among the marks' faults.
    InputError
        If the layer is of a kind whose mistakes marking does not know.

    Examples
    --------
    >>> from deltarule.problem import problem_from
    >>> problem = problem_from({
    ...     "title": "Double it",
    ...     "layer": {"kind": "linear", "weights": [[0.0]]},
    ...     "data": {"inputs": [[1], [2]], "targets": [2, 4]},
    ...     "descent": {"learning_rate": 0.1, "epochs": 10},
    ... })
    >>> first = {"weight_gradient": [[-10.0]], "bias_gradient": [-6.0], "weights": [[-1.0]], "biases": [-0.6]}
    >>> marks = check(problem, {"iteration": {"1": first}})
    >>> marks.right, [mistake.name for mistake in marks.mistakes]
    (False, ['ascent'])
    """
    instance("problem", problem, Problem, "Read one first: read_problem('problem.toml').")
    kind_of(problem.layer)
    exercise = Exercise.of(problem, progress=truth("progress", progress))
    if isinstance(answer, Mapping):
        answer = answer_for(exercise, answer)
    elif not isinstance(answer, Answer):
        answer = read_for(exercise, answer)
    return _marks(exercise, answer)


def check_file(exercise: Exercise, path: Path, root: Path) -> Marks:
    """`check` of an answer file.

    Parameters
    ----------
    exercise : of a problem; what is trained for one answer serves the next.
    path : the answer file.
    root : the folder that it must lie in, wherever a link may point.
    """
    kind_of(exercise.layer)
    return _marks(exercise, read_for(exercise, path, root=root))


@np.errstate(all="ignore")  # an answer's figures may be so large that they overflow; they are wrong then
def _marks(exercise: Exercise, answer: Answer) -> Marks:
    """The marks of an answer, both in the conventions of the exercise; what is between is in the house's."""
    marks = marks_in_any(exercise, answer, _house_marks)
    expected = worths(exercise, (part.part for part in marks), marks.faults)
    said = tuple(LAST_TAKEN.finding(part.part) for part in marks if part.part in answer.last_taken)
    return replace(
        marks,
        mistakes=(*marks.mistakes, *said),
        expected=expected,
        marking=exercise.problem.marking,
        hints=answer.hints,
    )


def _house_marks(exercise: Exercise, answer: Answer) -> Marks:
    """The marks of an answer, both in the house's conventions."""
    marks = mark_iterations(exercise, answer)
    trained, findings = mark_trained_layer(exercise, answer)
    found = sorted((*marks.findings, *findings), key=lambda finding: not finding.is_mistake)
    return Marks((*marks.parts, *trained), tuple(found), answer.faults, marks.alternatives)


def answers_problem(problem: Problem, path: str | os.PathLike[str], root: Path | None = None) -> bool:
    """Whether an answer file answers a problem: most of its synaptic inputs are those of the problem.

    Parameters
    ----------
    problem : the problem.
    path : the answer file.
    root : the folder that it must lie in; None: anywhere.
    """
    exercise = Exercise.of(problem)
    try:
        with np.errstate(all="ignore"):
            return answers_exercise(exercise, read_for(exercise, path, root=root))
    except Exception:  # noqa: BLE001 - it fits another problem so badly that it cannot even be compared
        return False
