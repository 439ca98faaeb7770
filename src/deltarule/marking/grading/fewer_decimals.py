"""Answers with fewer decimals than they should have: they are marked with the decimals that they have."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from deltarule.marking.given import Answer
from deltarule.marking.grading.iterations import IterationMarks, mark_iterations
from deltarule.marking.mistakes.recognised import FEWER_DECIMALS
from deltarule.marking.rework.exercise import Exercise

# That 6 figures have no more decimals than that is chance once in a million: they were rounded. A 0 does not count: where
# nothing was worked, zeros may stand.
MINIMUM_FIGURES = 6
# They are marked as such only if that keeps at least half of what is lost otherwise.
KEPT_SHARE = 0.5


def with_fewer_decimals(exercise: Exercise, answer: Answer, marks: IterationMarks) -> IterationMarks:
    """The marks of the same iterations as rounded to fewer decimals, where all figures have fewer and much is right then.

    Parameters
    ----------
    exercise, answer : the answer that is marked, and the exercise that it answers.
    marks : of its iterations with the decimals that it should have.
    """
    figures = {name: part for name, part in answer.of_iterations().items() if not name.is_count}
    written = np.concatenate([part.values[part.known] for part in figures.values()] or [np.empty(0)])
    decimals = next(d for d in range(answer.decimals + 1) if d == answer.decimals or _no_more_than(written, d))
    if not marks.lost or decimals == answer.decimals or np.count_nonzero(written) < MINIMUM_FIGURES:
        return marks
    fewer = {name: replace(part, decimals=np.full(part.decimals.shape, decimals)) for name, part in figures.items()}
    again = mark_iterations(exercise, replace(answer, decimals=decimals, parts=answer.parts | fewer))
    if again.lost > (1 - KEPT_SHARE) * marks.lost:
        return marks
    remark = FEWER_DECIMALS.finding(again.parts[0].part, f"decimals = {decimals}")
    return replace(again, findings=[remark, *again.findings])


def _no_more_than(values: Any, decimals: int) -> bool:
    """Whether no figure has more decimals."""
    return bool(np.all(np.abs(values - np.round(values, decimals)) < 1e-9))
