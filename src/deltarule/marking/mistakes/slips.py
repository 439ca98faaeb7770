"""Slips of the pen: a minus sign that is lost or one too many, two digits that are exchanged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from deltarule.conventions import Conventions
from deltarule.marking.given import Answer
from deltarule.marking.marks import Finding
from deltarule.marking.mistakes.mistake import Mistake, Variant
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.ingredients import Change
from deltarule.marking.rework.tolerance import within
from deltarule.marking.rework.worksheet import Reworked
from deltarule.parts import PartName
from deltarule.typeset.figures import figure

# Slips of one kind are looked for in up to 3 entries: whoever loses more signs than that has made another mistake.
MAXIMUM_SLIPS = 3


def _signs_lost(exercise: Exercise) -> Iterator[Variant]:
    """All minus signs of a part, or of the whole answer."""
    conventions = exercise.conventions
    for part in filter(exercise.has, ("synaptic_inputs", "delta", "weight_gradient", "weight_velocity", "weights")):
        yield Variant({part: _unsigned_part(conventions, part)}, detail=f"in {part.replace('_', ' ')}")
    yield Variant(as_written=partial(_unsigned, conventions), detail="everywhere")


def _unsigned(conventions: Conventions, name: PartName, value: Any) -> Any:
    return value if name.is_count else _without_sign(conventions, name.part, value)


def _unsigned_part(conventions: Conventions, part: str) -> Change:
    return lambda _sheet, right: _without_sign(conventions, part, right)


def _without_sign(conventions: Conventions, part: str, value: Any) -> Any:
    """What is written without its minus signs; delta may be written with the other sign."""
    return conventions.signed(np.abs(value)) if part == "delta" else np.abs(value)


def _sign_flipped(_exercise: Exercise, answer: Answer, right: Reworked) -> Iterator[Variant]:
    """The signs turned in the first part that is not right, all decimals carried on."""
    for name, given in answer.of_iterations().items():
        if name.is_count:
            continue
        value = np.asarray(right[name], float)
        wrong = given.known & ~within(given.values, value, given.half)
        if not wrong.any():
            continue
        if wrong.sum() <= MAXIMUM_SLIPS and within(given.values, -value, given.half)[wrong].all():
            turned, expected = (
                ", ".join(figure(v, answer.decimals) for v in values[wrong]) for values in (given.values, value)
            )
            turn: Any = lambda _sheet, worked, wrong=wrong: np.where(wrong, -worked, worked)  # noqa: E731
            yield Variant(
                {name.part: turn},
                made_in=range(name.number or 0, (name.number or 0) + 1),
                detail=f"{turned} should be {expected}",
            )
        return


SIGN_LOST = Mistake(
    "sign-lost",
    "A sign is wrong: a minus got lost, or stands where none belongs.",
    "Look at signs.",
    _signs_lost,
    _sign_flipped,
)
DIGITS_SWAPPED = Mistake("digits-swapped", "Two digits are exchanged.", "Read each figure again.")


@dataclass(frozen=True)
class Slip:
    """A slip of the pen.

    Attributes
    ----------
    mistake : `SIGN_LOST` or `DIGITS_SWAPPED`.
    part : the part that it is in.
    why : what a tutor would say.
    """

    mistake: Mistake
    part: PartName
    why: str

    def finding(self) -> Finding:
        """The slip as a finding."""
        return Finding(self.mistake.name, self.part, self.why, self.mistake.hint)


def slip_of(given: float, expected: Iterable[float], decimals: int, part: PartName, reach: float = 0.0) -> Slip | None:
    """The slip that turns one of the expected figures into the one given; None where there is no such slip.

    Parameters
    ----------
    given : the figure.
    expected : figures that may have been intended.
    decimals : of the figure given.
    part : that it is in.
    reach : by how much rounding on the way may have moved the figure whose sign is another.
    """
    written, turned = figure(given, decimals), figure(-given, decimals)
    for value in expected:
        right = figure(value, decimals)
        if written != turned and (right == turned or abs(value + given) <= reach < abs(value - given)):
            return Slip(SIGN_LOST, part, f"A sign is wrong: {written} should be {turned}.")
        if written in set(swapped(right)):
            return Slip(DIGITS_SWAPPED, part, f"Two digits are exchanged: {written} should be {right}.")
    return None


def same_slip(slips: Sequence[Slip | None]) -> Slip | None:
    """The first slip, if all are slips of one kind; None otherwise."""
    first = slips[0] if slips else None
    if first is None or any(slip is None or slip.mistake is not first.mistake for slip in slips):
        return None
    return first


def swapped(text: str) -> Iterator[str]:
    """The figure `text` with two neighbouring digits exchanged, in every way; its point stays.

    Examples
    --------
    >>> list(swapped("-1.23"))
    ['-2.13', '-1.32']
    """
    places = [i for i, letter in enumerate(text) if letter.isdecimal()]
    for i, j in pairwise(places):
        if text[i] != text[j]:
            letters = list(text)
            letters[i], letters[j] = letters[j], letters[i]
            yield "".join(letters)
