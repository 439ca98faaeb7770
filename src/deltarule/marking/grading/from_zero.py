"""Classes that are counted from 0, where no 0 is among them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from deltarule.marking.given import Answer, GivenPart
from deltarule.marking.rework.exercise import Exercise
from deltarule.parts import PartName

# One class may be the right one, less 1, by chance.
MINIMUM_CLASSES = 2


def counted_from_zero(exercise: Exercise, answer: Answer, right: Mapping[PartName, Any]) -> Answer:
    """The answer with all its numbered classes read as counted from 0, where some are, or where they are right then only.

    Parameters
    ----------
    exercise, answer : the answer that is marked, and the exercise that it answers.
    right : the right figures of the parts of the answer's iterations.
    """
    parts = {name: part for name, part in answer.of_iterations().items() if name.part == "predicted"}
    from_one = {name: part for name, part in parts.items() if part.numbered and not part.from_zero}
    if not from_one:
        return answer
    # Nobody counts in two ways in one answer.
    some_are = any(part.from_zero for part in parts.values())
    places = np.concatenate([part.values[part.known] for part in from_one.values()])
    expected = np.concatenate([np.asarray(right[name], float)[part.known] for name, part in from_one.items()])
    if places.max(initial=0) + 1 >= len(exercise.classes):
        return answer
    if not some_are and (len(places) < MINIMUM_CLASSES or not np.array_equal(places + 1, expected)):
        return answer
    if not some_are and all(_are_of_outputs(exercise, answer, part) for part in from_one.values()):
        return answer
    again: dict[PartName, GivenPart] = {
        name: replace(part, values=part.values + 1, from_zero=True) for name, part in from_one.items()
    }
    return replace(answer, parts=answer.parts | again)


def _are_of_outputs(exercise: Exercise, answer: Answer, part: GivenPart) -> bool:
    """Whether classes, counted from 1, are those of the answer's own outputs, or of its synaptic inputs."""
    for name, threshold in (("outputs", exercise.output_threshold), ("synaptic_inputs", 0.0)):
        figures = answer.part(part.name.number or 0, name)
        if figures is not None and figures.complete:
            own = exercise.decided(figures.values, threshold)
            return np.array_equal(part.values[part.known], own[part.known])
    return False
