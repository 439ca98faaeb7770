"""Late iterations of chaotic descents: what any right computation reaches is right."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from deltarule.marking.grading.judged import BEFORE, EARLY, Judged
from deltarule.marking.marks import Finding
from deltarule.marking.mistakes.recognised import CHAOTIC
from deltarule.marking.rework.chaos import OTHERS
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.reach import within_reach
from deltarule.marking.rework.tolerance import tolerance, within
from deltarule.marking.rework.worksheet import after_updates, rework

# Computations that agree to 9 digits after so many iterations are not chaotic, however many digits an answer has.
AGREEING = 1e-9


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
    worked = [found.right, *(rework(near, numbers) for near in nears)]
    parts, first = [], None
    for marks in found.parts:
        given = found.answer.parts[marks.part]
        figures = np.array([np.asarray(each[marks.part], float) for each in worked])
        low, high = figures.min(axis=0), figures.max(axis=0)
        # Where computations do not part by half a unit, they agree on the figure; and by a billionth every two may part.
        apart = high - low > np.maximum(tolerance(given), AGREEING * np.maximum(1.0, np.abs(high)))
        # These computations are not all: another one may lie as far beyond them as they are apart.
        nearest = np.clip(given.values, 2 * low - high, 2 * high - low)
        possible = apart & within(given.values, nearest, tolerance(given))
        if (apart & given.known).any():
            first = first or marks.part
        entries = tuple(
            replace(e, verdict="rounding") if e.verdict == "wrong" and possible[tuple(i - 1 for i in e.place)] else e
            for e in marks.entries
        )
        parts.append(replace(marks, entries=entries))
    if first is None:
        return found, []
    return replace(found, parts=parts), [CHAOTIC.finding(first)]
