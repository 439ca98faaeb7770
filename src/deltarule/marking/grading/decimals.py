"""How many decimals of an answer are believed: those that it says it has, where its figures show them or tell right from wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from deltarule.marking.given import Answer, GivenPart
from deltarule.marking.grading.blank import filled_in, stated_numbers
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.telling import PASSING_SHARE, passing
from deltarule.marking.rework.worksheet import Reworked
from deltarule.parts import PartName


def with_believed_decimals(exercise: Exercise, answer: Answer, right: Reworked) -> Answer:
    """The answer with as many of the problem's decimals in its parts as tell right figures from others.

    An answer that says that it has fewer decimals is believed as far as few random figures of its size would pass. Where some of
    its figures were worked beyond doubt, it is believed in all: figures that print as 0 with its decimals are rightly 0 then.

    Parameters
    ----------
    exercise, answer : the answer that is marked, and the exercise that it answers.
    right : the right figures of the parts of the answer's iterations.
    """
    parts = {name: part for name, part in answer.of_iterations().items() if not name.is_count}
    figures = {name: np.asarray(right[name], float)[part.known] for name, part in parts.items()}
    unit = 10.0**-exercise.decimals

    def share(name: PartName) -> float:
        return passing(figures[name], parts[name].half[parts[name].known], unit)

    def is_too_much() -> bool:
        return bool(np.mean([share(name) for name in parts]) > PASSING_SHARE)

    coarser = [name for name, part in parts.items() if (part.decimals < exercise.decimals).any()]
    if not coarser or not is_too_much() or _shows_work(exercise, answer.of_iterations(), figures, unit):
        return answer
    while coarser and is_too_much():
        worst = max(coarser, key=share)
        own = parts[worst].decimals
        parts[worst] = replace(parts[worst], decimals=np.where(own < exercise.decimals, own + 1, own))
        coarser = [name for name in coarser if (parts[name].decimals < exercise.decimals).any()]
    return replace(answer, parts=answer.parts | parts)


def _shows_work(
    exercise: Exercise, given: Mapping[PartName, GivenPart], figures: Mapping[PartName, Any], unit: float
) -> bool:
    """Whether some part is nearer to the right figures than any part of a random answer of this size would be, but for few.

    Weights that stay as they print, one value everywhere and numbers of the problem are near without any work.

    Parameters
    ----------
    exercise, given : the parts, and the exercise that they answer.
    figures : the right ones that are given, of each part that has figures.
    unit : of the last decimal that the problem asks for.
    """

    def by_chance(name: PartName) -> float:
        part, expected = given[name], figures[name]
        margin = np.maximum(np.abs(part.values[part.known] - expected), part.half[part.known])
        alike = len(np.unique(np.abs(expected)))
        return passing(expected, np.full(margin.shape, margin.max()), unit) ** alike

    numbers, finite = stated_numbers(exercise), [name for name in figures if np.isfinite(figures[name]).all()]
    worked = [name for name in finite if filled_in(exercise, given, name, numbers) is None]
    return min(map(by_chance, worked), default=1.0) * len(figures) <= PASSING_SHARE
