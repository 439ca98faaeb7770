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
    of_entries = (given.known, given.values, expected, given.decimals, is_right, is_rounding, follows)
    for place, *of_entry in zip(
        np.ndindex(given.values.shape), *(each.ravel().tolist() for each in of_entries), strict=True
    ):
        known, value, should, decimals, right, rounding, follow = of_entry
        if not known:
            continue
        verdict: Verdict = "wrong" if given.transposed else "right" if right else "rounding" if rounding else "wrong"
        shown, right_one = (exercise.as_shown(given.name, figure) for figure in (value, should))
        from_one = tuple(i + 1 for i in place)
        entries.append(Entry(from_one, shown, right_one, verdict, None if all_right else follow, max(0, decimals)))
    rows, columns = exercise.heads(given.name)
    return PartMarks(given.name, tuple(entries), given.values.shape, given.note, tuple(rows), tuple(columns))
