"""The entries of a part, from what is known of each: right, within rounding, following."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from deltarule.marking.answer.given import GivenPart
from deltarule.marking.marks import Entry, PartMarks, Verdict
from deltarule.marking.rework.exercise import COUNTS, Exercise

Flags = NDArray[np.bool_]


def tolerance(given: GivenPart) -> NDArray[np.float64]:
    """Half a unit of each entry's last decimal; of what is counted, less than one."""
    return np.full(given.values.shape, 0.25) if given.name.split(".")[-1] in COUNTS else given.half


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
    """A part's marks; `all_right`: whether all parts before it are, so that there is nothing to follow from."""
    part, entries = given.name.split(".")[-1], []
    for place in np.ndindex(given.values.shape):
        if np.isnan(given.values[place]):
            continue
        verdict: Verdict = "right" if is_right[place] else "rounding" if is_rounding[place] else "wrong"
        if given.transposed:
            verdict = "wrong"
        said, meant = (exercise.shown(part, float(values[place])) for values in (given.values, expected))
        follow = None if all_right else bool(follows[place])
        entries.append(Entry(tuple(i + 1 for i in place), said, meant, verdict, follow, int(given.decimals[place])))
    rows, columns = exercise.names(given.name)
    return PartMarks(given.name, tuple(entries), given.values.shape, given.note, tuple(rows), tuple(columns))
