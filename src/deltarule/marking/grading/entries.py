"""The marks of one part, from what is known of each entry: right, within rounding, following."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from deltarule.marking.given import GivenPart
from deltarule.marking.marks import Entry, PartMarks, Verdict
from deltarule.marking.rework.exercise import Exercise

Flags = NDArray[np.bool_]


def part_marks(
    exercise: Exercise,
    given: GivenPart,
    expected: NDArray[np.float64],
    is_right: Flags,
    is_rounding: Flags,
    follows: Flags,
    *,
    all_right: bool,
) -> PartMarks:
    """The marks of a part.

    Parameters
    ----------
    exercise : for labels, and what rows and columns stand for.
    given : the part.
    expected : the right figures, in the part's shape.
    is_right, is_rounding, follows : what is so of each entry, in the part's shape.
    all_right : whether all parts before it are right, so that there is nothing to follow from.
    """
    entries = []
    for place in np.ndindex(given.values.shape):
        if np.isnan(given.values[place]):
            continue
        verdict: Verdict = "right" if is_right[place] else "rounding" if is_rounding[place] else "wrong"
        if given.transposed:
            verdict = "wrong"
        shown, right = (exercise.as_shown(given.name, float(values[place])) for values in (given.values, expected))
        from_one = tuple(i + 1 for i in place)
        follow = None if all_right else bool(follows[place])
        entries.append(Entry(from_one, shown, right, verdict, follow, max(0, int(given.decimals[place]))))
    rows, columns = exercise.heads(given.name)
    return PartMarks(given.name, tuple(entries), given.values.shape, given.note, tuple(rows), tuple(columns))
