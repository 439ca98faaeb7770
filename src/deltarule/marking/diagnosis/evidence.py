"""What is seen of an answer: all its entries of iterations, one after another, and which of them a working predicts.

An entry that is predicted is worth log(R / 2h): how much likelier the figure is than one drawn from the range R of its part,
when figures are 2h apart.
"""

from __future__ import annotations

import math
from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deltarule.marking.answer.given import Answer
from deltarule.marking.marks import within
from deltarule.marking.rework.exercise import COUNTS, ROWS_OF_PATTERNS, Exercise
from deltarule.marking.rework.worksheet import Values


@dataclass(frozen=True, eq=False)
class EvidencePart:
    """The entries given of one part: where they stand in the part, and among all entries seen; `flag`: see `Variant.flags`."""

    name: str
    part: str
    places: tuple[NDArray[np.intp], ...]
    among: slice
    flag: str

    def of(self, prediction: Mapping[str, Any]) -> Values:
        """What is predicted of these entries; NaN where the shape is another."""
        value = np.asarray(prediction[self.name], float)
        if value.ndim != len(self.places):
            return np.full(self.among.stop - self.among.start, np.nan)
        return value[self.places] if self.places else value.reshape(1)


@dataclass(frozen=True, eq=False)
class Evidence:
    """All entries given of iterations, one after another: figures, half their units, and what each is worth."""

    parts: list[EvidencePart]
    values: Values
    half: Values
    gain: Values

    def of(self, prediction: Mapping[str, Any]) -> Values:
        """What is predicted of all entries."""
        return np.concatenate([part.of(prediction) for part in self.parts])

    def hits(self, prediction: Mapping[str, Any], slack: float = 1.0) -> NDArray[np.bool_]:
        """Which entries are predicted, within so many half units."""
        return within(self.values, self.of(prediction), slack * self.half)

    def same(self, one: Mapping[str, Any], other: Mapping[str, Any]) -> NDArray[np.bool_]:
        """Of which entries two workings say the same, as written."""
        return within(self.of(one), self.of(other), self.half)


def evidence_of(answer: Answer, right: Mapping[str, Any], exercise: Exercise, trusted: Container[str]) -> Evidence:
    """The parts of iterations in an answer, but for matrices of patterns that say nothing (all alike), if there are others."""
    shown = [name for name in answer.parts if name.startswith("iteration.")]
    telling = [name for name in shown if name in trusted or name.split(".")[-1] not in ROWS_OF_PATTERNS]
    parts, values, halves, gains, count = [], [], [], [], 0
    for name in telling or shown:
        given, part = answer.parts[name], name.split(".")[-1]
        places = np.nonzero(~np.isnan(given.values)) if given.values.ndim else ()
        found = given.values[places].reshape(-1)
        half = given.half[places].reshape(-1)
        if part in COUNTS:
            half = np.full_like(half, 0.25)
            gain = np.full_like(
                half, math.log(exercise.count + 1 if part == "errors" else max(exercise.layer.neurons, 2))
            )
        else:
            spread = 2 * float(np.abs(np.asarray(right[name], float)).max())
            gain = np.log(np.maximum(spread, 40 * half) / (2 * half))
        flag = "transposed" if given.transposed else "from_zero" if given.from_zero else ""
        parts.append(EvidencePart(name, part, places, slice(count, count + len(found)), flag))
        count += len(found)
        values.append(found)
        halves.append(half)
        gains.append(gain)
    return Evidence(parts, *(np.concatenate(each) for each in (values, halves, gains)))
