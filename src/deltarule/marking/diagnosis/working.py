"""The figures that an answer's iterations would have if mistakes were made in some variants.

A part is worked from the answer's own earlier parts, as they are written and with all decimals of those that are right; and
throughout, with all decimals and with figures rounded as they are written. So a mistake is told apart from what follows from it.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping

import numpy as np

from deltarule.marking.diagnosis.evidence import Evidence, evidence_of
from deltarule.marking.diagnosis.likelihood import Predicted
from deltarule.marking.diagnosis.manners import Manner
from deltarule.marking.given import Answer, GivenPart
from deltarule.marking.mistakes.mistake import Variant, together
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.ingredients import Values, Worksheet
from deltarule.marking.rework.worksheet import Reworked, rework, rounded, worksheets
from deltarule.parts import OF_MOMENTUM, PartName

NO_MISTAKE = Variant()
# What an iteration hands to the next one: who works an iteration with all decimals may copy these from the paper.
UPDATED = ("weights", "biases", *OF_MOMENTUM)
# What is raised where a mistake does not fit the shapes of an exercise.
UNFIT = (ValueError, IndexError, KeyError, ArithmeticError)


class Working:
    """Works the iterations of one answer with mistakes.

    Parameters
    ----------
    exercise : from which they are worked, throughout.
    own : from which they are worked where they follow from the answer's own parts: `exercise`, but for the layer that the answer
        has before its first iteration.
    answer : with the iterations.
    right : the right figures of their parts.
    trusted : the parts that later ones may follow from.
    manner : in which figures are rounded inside the steps; None: they are not.
    """

    def __init__(
        self,
        exercise: Exercise,
        own: Exercise,
        answer: Answer,
        right: Reworked,
        trusted: Mapping[PartName, GivenPart],
        manner: Manner | None = None,
    ) -> None:
        self.exercise, self.own, self.answer, self.right, self.trusted = exercise, own, answer, right, trusted
        self._between = None if manner is None else manner.between
        self.numbers = answer.iterations()
        self.evidence: Evidence = evidence_of(answer, right, exercise, trusted)
        self._as_written = rounded(answer.decimals) if manner is None else manner.carried
        self._rightly: dict[frozenset[str], list[Predicted]] = {}
        self._sheets: dict[tuple[tuple[Variant, ...], bool], dict[int, Worksheet]] = {}

    def is_known_before(self, name: PartName) -> bool:
        """Whether the weights or biases before an update are known as they are written; `name` is theirs after it."""
        if name.number == 1:
            return True
        before = self.trusted.get(name.later(-1))
        return before is not None and before.complete

    def throughout(self, variant: Variant) -> Iterator[Reworked]:
        """The parts worked throughout, with all decimals and rounded; nothing where the iterations do not exist."""
        made_in = variant.made_in
        shifts = {n: variant.shift if made_in is None or n in made_in else 0 for n in self.numbers}
        numbers = [n + shift for n, shift in shifts.items()]
        exercise = variant.exercise or self.exercise
        if min(numbers) <= exercise.skipped or max(numbers) > exercise.updates:
            return
        changes = variant.changes if variant.shift else variant.made()
        for carry in (None, self._as_written):
            worked = rework(
                self.exercise, numbers, changes, carry, other=variant.exercise, other_in=variant.worked_in,
                between=self._between,
            )  # fmt: skip
            yield (
                {name: worked[name.later(shifts[name.number or 0])] for name in self.right} if variant.shift else worked
            )

    def with_all_decimals(self, variant: Variant) -> Values | None:
        """What a variant, worked throughout with all decimals, makes of all entries; None where the mistake cannot be made."""
        try:
            worked = next(self.throughout(variant), None)
            return None if worked is None else self.evidence.of(worked)
        except UNFIT:
            return None

    def following(self, variant: Variant, without: Container[str] = ()) -> Iterator[Reworked]:
        """The parts worked from the answer's own earlier ones: as written, and with all decimals of those that are right.

        Parameters
        ----------
        variant : what is worked.
        without : the parts from which the work does not go on as they are written.
        """
        if not is_followed(variant):
            return
        trusted = {name: part for name, part in self.trusted.items() if name.part not in without}
        several = len(self.numbers) > 1
        ways = (
            (False, (), None),
            (False, (), self._as_written),
            *([(True, UPDATED, None)] if several else []),
            (True, (), None),
        )
        for sharpen, as_written, carry in ways:
            yield rework(
                self.own, self.numbers, variant.made(), carry, trusted, sharpen=sharpen, as_written=as_written,
                other=self._other(variant), other_in=variant.worked_in, between=self._between,
            )  # fmt: skip

    def from_given(self, variant: Variant, name: PartName, *, sharpen: bool) -> Values:
        """A part worked from the answer's own parts.

        Parameters
        ----------
        variant : with which it is worked.
        name : of the part.
        sharpen : whether right figures are carried on with all decimals, or as they are written.
        """
        worked = rework(
            self.own, [name.number or 0], variant.made(), None, self.trusted, sharpen=sharpen,
            other=self._other(variant), other_in=variant.worked_in, between=self._between,
        )  # fmt: skip
        found: Values = worked[name]
        return found

    def _other(self, variant: Variant) -> Exercise | None:
        """The other exercise that a variant works, from the answer's own layer; None where it works none."""
        exercise = variant.exercise
        if exercise is None:
            return None
        return (
            exercise if exercise.layer.weights is not self.exercise.layer.weights else _from_layer(exercise, self.own)
        )

    def predicted(self, variant: Variant, without: Container[str] = ()) -> list[Predicted]:
        """What is predicted of all entries, by each way of working; empty where the mistake cannot be made.

        Parameters
        ----------
        variant : what is worked, and written.
        without : as in `following`.
        """
        ways = (list(self.throughout(variant)), list(self.following(variant, without)))
        return [tuple(self.evidence.of(_written(variant, each)) for each in works) for works in ways if works]

    def sheets(self, variants: tuple[Variant, ...], *, sharpen: bool = True) -> dict[int, Worksheet]:
        """The worksheets by their iterations, worked from the answer's own parts with some variants.

        Parameters
        ----------
        variants : which are made, all at once; none for right work.
        sharpen : whether right figures are carried on with all decimals, or as they are written.
        """
        key = variants, sharpen
        if key not in self._sheets:
            variant = together(variants or (NO_MISTAKE,)) or NO_MISTAKE
            every = worksheets(
                self.own, self.numbers[-1], variant.made(), None, self.trusted, sharpen=sharpen,
                other=self._other(variant), other_in=variant.worked_in, between=self._between,
            )  # fmt: skip
            self._sheets[key] = {sheet.number: sheet for sheet, _ in every}
        return self._sheets[key]

    def written_in(self, parts: frozenset[str], predicted: list[Predicted]) -> list[Predicted]:
        """What is predicted of some parts with a mistake, and of the others without one: not from what these parts have.

        Parameters
        ----------
        parts : which are written with the mistake.
        predicted : all entries, as each way of working predicts them with the mistake.
        """
        among = np.zeros(len(self.evidence.values), bool)
        for part in self.evidence.parts:
            among[part.among] = part.name.part in parts
        if parts not in self._rightly:
            self._rightly[parts] = self.predicted(NO_MISTAKE, parts)
        with_it = [tuple(np.where(among, way, np.nan) for way in ways) for ways in predicted]
        return [*with_it, *(tuple(np.where(among, np.nan, way) for way in ways) for ways in self._rightly[parts])]

    def beside(self, variant: Variant, parts: Container[str]) -> Iterator[Predicted]:
        """What is written of some parts with a mistake, each worked from the right parts before it.

        Parameters
        ----------
        variant : of the mistake.
        parts : which are written with it.
        """
        if variant.exercise is not None or not is_followed(variant):
            return
        worked: Reworked = {}
        for sheet, _ in worksheets(self.exercise, self.numbers[-1], between=self._between):
            changed = sheet.with_changes(variant.made())
            for name in self.right:
                if name.number == sheet.number:
                    some = name.part in parts
                    try:
                        worked[name] = changed.work(name.part) if some else np.full(np.shape(self.right[name]), np.nan)
                    except UNFIT:  # other patterns than those of the right parts before it
                        return
        yield (self.evidence.of(worked),)


def is_followed(variant: Variant) -> bool:
    """Whether later parts follow from those that are written with a variant."""
    return not variant.shift and variant.as_written is None


def _written(variant: Variant, worked: Reworked) -> Reworked:
    """What is written of parts, where it is not what was worked."""
    written = variant.written()
    return worked if written is None else {name: written(name, np.asarray(value)) for name, value in worked.items()}


def _from_layer(exercise: Exercise, other: Exercise) -> Exercise:
    """An exercise from the weights, the biases and the velocity of another."""
    layer = other.layer
    return exercise.with_layer(exercise.layer.with_parameters(layer.weights, layer.biases), velocity=other.velocity)
