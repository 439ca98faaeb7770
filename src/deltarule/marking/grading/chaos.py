"""Late iterations of chaotic descents: what any right computation reaches is right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from deltarule.marking.given import GivenPart
from deltarule.marking.grading.judged import BEFORE, EARLY, Judged
from deltarule.marking.marks import Finding
from deltarule.marking.mistakes.recognised import CHAOTIC
from deltarule.marking.rework.chaos import OTHERS
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.ingredients import Values
from deltarule.marking.rework.reach import within_reach
from deltarule.marking.rework.tolerance import tolerance, within
from deltarule.marking.rework.worksheet import Reworked, after_updates, rework

# Computations that agree to 9 digits after so many iterations are not chaotic, however many digits an answer has.
AGREEING = 1e-9
# All 12 lie no more than some times as far apart as the first two and the right one: where these agree to a hundredth of what would
# be chaotic, nothing is.
FIRST, NEAR = 2, 0.01


def within_chaos(exercise: Exercise, found: Judged) -> tuple[Judged, list[Finding]]:
    """The answer with entries within rounding that other right computations give, and a remark where these part.

    Parameters
    ----------
    exercise : what was set.
    found : the answer as judged. In its first 20 iterations nothing has grown from the last digits to those that are written.
    """
    numbers = found.answer.iterations()
    if not found.wrong or numbers[-1] <= EARLY or not within_reach(exercise, OTHERS * numbers[-1]):
        return found, []
    nears = [after_updates(each, numbers[0] - BEFORE) if numbers[0] > EARLY else each for each in exercise.beside]
    worked = [found.right, *(rework(near, numbers) for near in nears[:FIRST])]
    if not any(_apart(worked, part, NEAR)[-1].any() for part in found.answer.of_iterations().values()):
        return found, []
    worked += [rework(near, numbers) for near in nears[FIRST:]]
    parts, first = [], None
    for marks in found.parts:
        given = found.answer.parts[marks.part]
        low, high, apart = _apart(worked, given)
        # These computations are not all: another one may lie as far beyond them as they are apart.
        nearest = np.clip(given.values, 2 * low - high, 2 * high - low)
        possible = apart & within(given.values, nearest, tolerance(given))
        if apart.any():
            first = first or marks.part
        entries = tuple(
            replace(e, verdict="rounding") if e.verdict == "wrong" and possible[tuple(i - 1 for i in e.place)] else e
            for e in marks.entries
        )
        parts.append(replace(marks, entries=entries))
    if first is None:
        return found, []
    return replace(found, parts=parts), [CHAOTIC.finding(first)]


def _apart(
    worked: Sequence[Reworked], given: GivenPart, share: float = 1.0
) -> tuple[Values, Values, NDArray[np.bool_]]:
    """The least and the largest of what computations give of a part, and which entries of it are apart.

    Where computations do not part by half a unit, they agree on the figure; and by a billionth every two may part.

    Parameters
    ----------
    worked : the computations.
    given : the part.
    share : how much of that is apart already.
    """
    figures = np.array([np.asarray(each[given.name], float) for each in worked])
    low, high = figures.min(axis=0), figures.max(axis=0)
    allowed = np.maximum(tolerance(given), AGREEING * np.maximum(1.0, np.abs(high)))
    return low, high, (high - low > share * allowed) & given.known
