"""Classes that are counted from 0, where no 0 is among them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from deltarule.marking.given import Answer, GivenPart
from deltarule.marking.parts import PartName
from deltarule.marking.rework.exercise import Exercise

# One class may be the right one, less 1, by chance.
MINIMUM_CLASSES = 2


def counted_from_zero(exercise: Exercise, answer: Answer, right: Mapping[PartName, Any]) -> Answer:
    """The answer with its classes read as counted from 0, where all of them are right then and none is otherwise.

    Parameters
    ----------
    exercise, answer : the answer that is marked, and the exercise that it answers; only classes without names are read so.
    right : the right figures of the parts of the answer's iterations.
    """
    count = exercise.layer.neurons
    given = {name: part for name, part in answer.of_iterations().items() if name.part == "predicted"}
    if exercise.layer.independent or exercise.classes != tuple(range(1, count + 1)) or not given:
        return answer
    if any(part.from_zero for part in given.values()):
        return answer
    places = np.concatenate([part.values[part.known] for part in given.values()])
    expected = np.concatenate([np.asarray(right[name], float)[part.known] for name, part in given.items()])
    if len(places) < MINIMUM_CLASSES or not np.array_equal(places + 1, expected):
        return answer
    again: dict[PartName, GivenPart] = {
        name: replace(part, values=part.values + 1, from_zero=True) for name, part in given.items()
    }
    return replace(answer, parts=answer.parts | again)
