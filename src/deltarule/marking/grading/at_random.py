"""Answers whose figures are likelier drawn at random than worked: what follows in them, or is near, does so by chance.

A part is worked rightly, from the answer's own parts before it, but for slips; or with a mistake, which leaves half of its figures,
or none. Or all parts were drawn at random, each figure from the range of its part, and pass as often as their share of it.
A mistake is made in all iterations, so that those of one part are one.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deltarule.marking.diagnosis.hypotheses import MISTAKEN
from deltarule.marking.diagnosis.likelihood import SHARED, SLIP
from deltarule.marking.given import GivenPart
from deltarule.marking.grading.judged import Judged
from deltarule.marking.marks import PartMarks
from deltarule.marking.rework.rounding import TWICE_ROUNDED
from deltarule.marking.rework.telling import span
from deltarule.parts import PartName

Values = NDArray[Any]
# One answer in 100 is made up. With one in two, whoever makes a mistake in one part alone would be taken for one who made it up; so
# three parts must be wrong throughout, and the others must show less than chance gives.
MADE_UP = 0.01


def drawn_at_random(found: Judged, parts: Iterable[PartMarks]) -> bool:
    """Whether it is likelier that all figures of an answer were drawn at random than that they were worked.

    Parameters
    ----------
    found : the answer as judged.
    parts : its marks, in which more may count.
    """
    passed: dict[str, list[NDArray[np.bool_]]] = {}
    chances: dict[str, list[Values]] = {}
    for marks in parts:
        name, part = marks.part, found.answer.parts[marks.part]
        if part.known.any():
            passed.setdefault(name.part, []).append(np.array([entry.counts for entry in marks.entries]))
            chances.setdefault(name.part, []).append(_chances(found, name)[part.known])
    odds = -math.log(MADE_UP)
    return odds + sum(_for_work(np.concatenate(passed[part]), np.concatenate(chances[part])) for part in passed) < 0


def without_chance(parts: Iterable[PartMarks]) -> list[PartMarks]:
    """The marks in which only what is right as it stands counts.

    Parameters
    ----------
    parts : of an answer.
    """
    return [
        replace(
            part,
            entries=tuple(
                entry if entry.verdict == "right" else replace(entry, verdict="wrong", follows=False)
                for entry in part.entries
            ),
        )
        for part in parts
    ]


def _for_work(passed: NDArray[np.bool_], chance: Values) -> float:
    """How much likelier, as a logarithm, the entries of a part are if they were worked than if they were drawn at random.

    Parameters
    ----------
    passed : whether each is right, within rounding, or follows.
    chance : how likely that is of a figure drawn at random.
    """
    likely = np.where(passed, chance, 1 - chance)
    rightly = np.where(passed, 1 - SLIP, SLIP)
    mistaken = SHARED * passed + (1 - SHARED) * likely
    tiny = np.finfo(float).tiny
    slips, shared = (float(np.log(each / np.maximum(likely, tiny)).sum()) for each in (rightly, mistaken))
    return max(slips, math.log(MISTAKEN) + max(shared, 0.0))


def _chances(found: Judged, name: PartName) -> Values:
    """How likely figures drawn at random would pass, in the shape of a part."""
    part, right, own = found.answer.parts[name], np.asarray(found.right[name], float), found.own
    if name.is_count:
        drawn = [own.rounding.by_chance[name], found.rounding.by_chance[name]]
        every = np.sort(np.concatenate([right[None], own.figures[name], *drawn]), axis=0)
        different = 1 + (np.diff(every, axis=0) != 0).sum(axis=0)
        return np.asarray(np.minimum(1.0, different / _choices(found, part)))
    far = TWICE_ROUNDED * part.half
    near, by_own = far + found.rounding.reach[name], far + own.rounding.reach[name]
    low, high = own.figures[name].min(axis=0) - by_own, own.figures[name].max(axis=0) + by_own
    apart = np.maximum(np.maximum(low - (right + near), (right - near) - high), 0.0)
    covered = np.maximum(high, right + near) - np.minimum(low, right - near) - apart
    range_of_part = span(right, 10.0**-found.exercise.decimals)
    return np.asarray(np.minimum(1.0, np.nan_to_num(covered, nan=np.inf) / range_of_part))


def _choices(found: Judged, part: GivenPart) -> int:
    """How many counts or classes there are to choose from."""
    return found.exercise.count + 1 if part.name.part == "errors" else max(found.exercise.layer.neurons, 2)
