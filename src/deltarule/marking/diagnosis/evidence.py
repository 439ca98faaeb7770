"""The evidence of an answer: all its entries of iterations, one after another.

A part whose entries follow from each other tells less than as many entries that do not: a row that is there twice, delta of two
classes, whose columns differ in sign alone, or dJ/dW of two patterns, whatever the number of inputs. `EvidencePart.counting` says
as how many entries it counts.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deltarule.conventions import BESIDE
from deltarule.marking.given import Answer, GivenPart
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.ingredients import Values
from deltarule.marking.rework.tolerance import tolerance, within
from deltarule.marking.rework.worksheet import Reworked
from deltarule.parts import PartName

# A part whose figures are all near 0 still has a range of 20 units: a wrong figure in it is not known beforehand.
MINIMUM_RANGE = 20
# Parts that are sums of products, which vanish if one factor does.
PRODUCTS = {"cost", "delta", "weight_gradient", "bias_gradient"}
STEPPED_BY = {"weights": "weight_gradient", "biases": "bias_gradient"}
# In the first iteration the velocity is the gradient.
FIRST_OF = {"weight_velocity": "weight_gradient", "bias_velocity": "bias_gradient"}


@dataclass(frozen=True, eq=False)
class EvidencePart:
    """The given entries of one part.

    Attributes
    ----------
    name : of the part.
    places : where the entries stand in the part, as `numpy.nonzero` gives them; () for a single figure.
    among : where they stand among all entries of the evidence.
    flag : "transposed" or "from_zero" where the part as a whole is written so; a mistake must explain that too.
    counting : as how many independent entries they count, over their number: above 0, at most 1.
    """

    name: PartName
    places: tuple[NDArray[np.intp], ...]
    among: slice
    flag: str
    counting: float

    def of(self, prediction: Mapping[PartName, Any]) -> Values:
        """What is predicted of these entries; NaN where the shape is another."""
        return self.entries(prediction[self.name])

    def entries(self, value: Any) -> Values:
        """These entries of the part's `value`; NaN where the shape is another."""
        figures: Values = np.asarray(value, float)
        if figures.ndim != len(self.places):
            return np.full(self.among.stop - self.among.start, np.nan)
        found: Values = figures[self.places] if self.places else figures.reshape(1)
        return found


@dataclass(frozen=True, eq=False)
class Evidence:
    """All given entries of iterations, one after another.

    Attributes
    ----------
    parts : in the order in which they are worked.
    values, half : the figures, and half a unit of each.
    span : the range of each entry's part, in units; of counts and classes, how many there are to choose from.
    counts : which entries are counts or classes.
    left : of entries of a cost, delta or gradient that are 0, or the decay alone: 0 or the decay, which is left where a product
        vanishes; of weights and biases after such a gradient their figures; of others NaN.
    """

    parts: list[EvidencePart]
    values: Values
    half: Values
    span: Values
    counts: NDArray[np.bool_]
    left: Values

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

    def first(self, which: NDArray[np.bool_]) -> EvidencePart | None:
        """The first part that has one of some entries; None where there are none."""
        return self.part_of(int(np.argmax(which))) if which.any() else None

    @cached_property
    def starts(self) -> NDArray[np.intp]:
        """Where each part begins."""
        return np.array([part.among.start for part in self.parts])

    @cached_property
    def numbers(self) -> NDArray[np.intp]:
        """The iteration of each entry."""
        return np.concatenate([np.full(len(self.values[part.among]), part.name.number or 0) for part in self.parts])

    @cached_property
    def counting(self) -> Values:
        """As how much each entry counts: as how many entries those of its part count, over their number."""
        return np.concatenate([np.full(part.among.stop - part.among.start, part.counting) for part in self.parts])

    def whole(self, which: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """The parts of which all entries are among some."""
        found: NDArray[np.bool_] = np.logical_and.reduceat(which, self.starts)
        return found

    def by_part(self, entries: Values) -> Values:
        """The sums of a value of each entry (last axis), by part."""
        found: Values = np.add.reduceat(entries, self.starts, axis=-1)
        return found


def evidence_of(answer: Answer, right: Reworked, exercise: Exercise, trusted: Container[PartName]) -> Evidence:
    """The evidence of an answer's iterations.

    Matrices of patterns are not trusted where all their entries are alike. They tell nothing, nor do gradients of 0 after such a
    delta; they are left out if there are others.

    Parameters
    ----------
    answer : the figures.
    right : the right figures of the parts, for the range of each.
    exercise : for the patterns of each iteration, and the number of classes.
    trusted : the names of the parts that later ones may follow from.
    """
    given = answer.of_iterations()
    telling = [part for part in given.values() if _tells(part, answer, exercise, trusted)]
    parts, values, halves, spans, counts, left, count = [], [], [], [], [], [], 0
    ranks: dict[int, int] = {}
    for part in telling or given.values():
        places = np.nonzero(part.known) if part.values.ndim else ()
        found = part.values[places].reshape(-1)
        figures = np.asarray(right[part.name], float)
        number = part.name.number or 0
        if number not in ranks:
            ranks[number] = exercise.rank(number)
        rank = ranks[number] * exercise.layer.neurons
        independent = _independent(part.name, figures[places].reshape(-1), rank)
        if part.name.has_rows_of_patterns:  # a mistake that makes most of a matrix 0 is easily met by another that does
            independent = min(independent, _independent(part.name, found, rank))
        if _moves_alike(part, answer, exercise):
            independent = min(independent, exercise.layer.neurons)
        among = slice(count, count + len(found))
        parts.append(EvidencePart(part.name, places, among, _flag(part), independent / max(len(found), 1)))
        count += len(found)
        values.append(found)
        halves.append(tolerance(part)[places].reshape(-1))
        spans.append(_span(part.name, found, halves[-1], figures, exercise))
        counts.append(np.full(len(found), part.name.is_count))
        left.append(_left(part, answer, exercise)[places].reshape(-1))
    of_values, of_halves, of_spans = (np.concatenate(each) for each in (values, halves, spans))
    return Evidence(parts, of_values, of_halves, of_spans, np.concatenate(counts), np.concatenate(left))


def _tells(part: GivenPart, answer: Answer, exercise: Exercise, trusted: Container[PartName]) -> bool:
    """Whether a part tells one mistake from another."""
    if part.name.has_rows_of_patterns:
        return part.name in trusted
    delta = answer.part(part.name.number or 0, "delta")
    follows = part.name.part in STEPPED_BY.values() and delta is not None and delta.name not in trusted
    return not (follows and np.isfinite(_left(part, answer, exercise))[part.known].all())


def _moves_alike(part: GivenPart, answer: Answer, exercise: Exercise) -> bool:
    """Whether the gradient or the step is the same for all weights of a neuron: then these count once."""
    name, number = part.name.part, part.name.number or 0
    if name not in BESIDE or not part.complete or part.values.shape != exercise.layer.weights.shape:
        return False
    moved = part.values
    if name == "weights":
        before = answer.part(number - 1, "weights") if number > 1 else None
        if before is not None and before.complete and before.values.shape == moved.shape:
            moved = moved - before.values
        elif number == exercise.skipped + 1:
            moved = moved - exercise.layer.weights
        else:
            return False
    return (
        len(moved) > 1 and bool(moved.any()) and bool((np.ptp(moved, axis=0) <= 2 * part.half.max() * (1 + 1e-9)).all())
    )


def _left(part: GivenPart, answer: Answer, exercise: Exercise) -> Values:
    """What is left of figures where a product vanishes: 0; of dJ/dW the decay L W of the first iteration; NaN where more is given.

    Of weights and biases whose gradient is so, the figures that are given: they follow.
    """
    name, number = part.name.part, part.name.number or 0
    nothing = np.full(np.shape(part.values), np.nan)
    stepped_by = STEPPED_BY | FIRST_OF
    if name in stepped_by:
        if exercise.momentum and (number > exercise.skipped + 1 or exercise.velocity is not None):
            return nothing  # the velocity before moves them too
        gradient = answer.part(number, stepped_by[name])
        if gradient is None or not gradient.complete or gradient.values.shape != part.values.shape:
            return nothing
        return np.where(np.isfinite(_left(gradient, answer, exercise)), part.values, np.nan)
    if name not in PRODUCTS:
        return nothing
    W, left = exercise.layer.weights, np.zeros(np.shape(part.values))
    if name == "weight_gradient" and number == exercise.skipped + 1 and part.values.shape == W.shape:
        left = np.where(part.values == 0, 0.0, exercise.descent.weight_decay * W)
    return np.where((part.values == 0) | within(part.values, left, part.half), left, np.nan)


def _flag(part: GivenPart) -> str:
    return "transposed" if part.transposed else "from_zero" if part.from_zero else ""


def _independent(name: PartName, figures: Values, rank: int) -> int:
    """How many entries of a part do not follow from the others, in whatever way they were worked.

    Synaptic inputs and gradients are linear in the inputs, so that at most `rank` of them count. Figures that are alike, but for
    their sign, count once.
    """
    if name.is_count:
        return max(len(figures), 1)
    alike = len(np.unique(np.abs(figures[np.isfinite(figures)]).round(12)))
    linear = name.part == "synaptic_inputs" or name.part in BESIDE
    return max(1, min(alike, rank) if linear else alike)


def _span(name: PartName, figures: Values, half: Values, right: Values, exercise: Exercise) -> Values:
    if name.is_count:
        choices = max(exercise.layer.neurons, 2)
        if name.part == "errors":  # more of them than patterns are no number of patterns, but may be one of outputs
            counted = exercise.count * (1 if (figures <= exercise.count).all() else exercise.layer.neurons)
            choices = max(counted, int(figures.max())) + 1
        return np.full_like(half, choices)
    span: Values = np.maximum(2 * float(np.abs(right).max()) / (2 * half), MINIMUM_RANGE)
    return np.where(np.isfinite(span), span, MINIMUM_RANGE)
