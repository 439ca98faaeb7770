"""The evidence of an answer: all its entries of iterations, one after another, and which of them a prediction meets.

A predicted entry is worth log(R / 2h): how much likelier the figure is than one drawn from the range R of its part, when
figures are 2h apart.
"""

from __future__ import annotations

import math
from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deltarule.marking.given import Answer, GivenPart
from deltarule.marking.parts import PartName
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.ingredients import Values
from deltarule.marking.rework.tolerance import tolerance, within
from deltarule.marking.rework.worksheet import Reworked

# A part whose figures are all near 0 still has a range of 20 units, so that each of them is worth at least log 20.
MINIMUM_RANGE = 20


@dataclass(frozen=True, eq=False)
class EvidencePart:
    """The given entries of one part.

    Attributes
    ----------
    name : of the part.
    places : where the entries stand in the part, as `numpy.nonzero` gives them; () for a single figure.
    among : where they stand among all entries of the evidence.
    flag : "transposed" or "from_zero" where the part as a whole is written so; a mistake must explain that too.
    """

    name: PartName
    places: tuple[NDArray[np.intp], ...]
    among: slice
    flag: str

    def of(self, prediction: Mapping[PartName, Any]) -> Values:
        """What is predicted of these entries; NaN where the shape is another."""
        value = np.asarray(prediction[self.name], float)
        if value.ndim != len(self.places):
            return np.full(self.among.stop - self.among.start, np.nan)
        return value[self.places] if self.places else value.reshape(1)


@dataclass(frozen=True, eq=False)
class Evidence:
    """All given entries of iterations, one after another.

    Attributes
    ----------
    parts : in the order in which they are worked.
    values, half : the figures, and half a unit of each.
    gain : what each is worth where it is predicted, as a natural logarithm.
    """

    parts: list[EvidencePart]
    values: Values
    half: Values
    gain: Values

    def of(self, prediction: Mapping[PartName, Any]) -> Values:
        """What is predicted of all entries."""
        return np.concatenate([part.of(prediction) for part in self.parts])

    def hits(self, prediction: Mapping[PartName, Any], half_units: float = 1.0) -> NDArray[np.bool_]:
        """Which entries are predicted, within this number of half units."""
        return within(self.values, self.of(prediction), half_units * self.half)

    def same(self, one: Mapping[PartName, Any], other: Mapping[PartName, Any]) -> NDArray[np.bool_]:
        """For which entries two predictions are the same figure, as written."""
        return within(self.of(one), self.of(other), self.half)

    def part_of(self, entry: int) -> EvidencePart:
        """The part that an entry stands in, by its place among all."""
        return next(part for part in self.parts if part.among.start <= entry < part.among.stop)


def evidence_of(answer: Answer, right: Reworked, exercise: Exercise, trusted: Container[PartName]) -> Evidence:
    """The evidence of an answer's iterations.

    Matrices of patterns are not trusted where all their entries are alike. They tell nothing, and are left out if there are others.

    Parameters
    ----------
    answer : the figures.
    right : the right figures of the parts, for the range of each.
    exercise : for the numbers of patterns and classes.
    trusted : the names of the parts that later ones may follow from.
    """
    given = answer.of_iterations()
    telling = [part for name, part in given.items() if name in trusted or not name.has_rows_of_patterns]
    parts, values, halves, gains, count = [], [], [], [], 0
    for part in telling or given.values():
        places = np.nonzero(part.known) if part.values.ndim else ()
        found = part.values[places].reshape(-1)
        parts.append(EvidencePart(part.name, places, slice(count, count + len(found)), _flag(part)))
        count += len(found)
        values.append(found)
        halves.append(tolerance(part)[places].reshape(-1))
        gains.append(_gain(part.name, halves[-1], right, exercise))
    return Evidence(parts, *(np.concatenate(each) for each in (values, halves, gains)))


def _flag(part: GivenPart) -> str:
    return "transposed" if part.transposed else "from_zero" if part.from_zero else ""


def _gain(name: PartName, half: Values, right: Reworked, exercise: Exercise) -> Values:
    if name.is_count:
        choices = exercise.count + 1 if name.part == "errors" else max(exercise.layer.neurons, 2)
        return np.full_like(half, math.log(choices))
    spread = 2 * float(np.abs(np.asarray(right[name], float)).max())
    gain: Values = np.log(np.maximum(spread, 2 * MINIMUM_RANGE * half) / (2 * half))
    return gain
