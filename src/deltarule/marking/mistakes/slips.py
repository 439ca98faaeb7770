"""Slips of the pen: one figure written otherwise than it was found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from deltarule.marking.answer.given import Answer
from deltarule.marking.marks import within
from deltarule.marking.mistakes.mistake import Mistake, Variant
from deltarule.marking.rework.exercise import COUNTS
from deltarule.typeset.figures import figure

SIGN = Mistake("sign-lost", "A minus sign got lost.", "Look at signs.")
DIGITS = Mistake("digits-swapped", "Two digits changed places.", "Read each figure again.")
# Entries that slips of one kind may be in.
MOST_SLIPS = 3
# A sign lost is less likely than a mistake that turns it.
PRICE = 1.0


@dataclass(frozen=True)
class Slip:
    """A slip, the part that it is in, and what a tutor would say."""

    mistake: Mistake
    part: str
    why: str


def slip_of(given: float, wanted: Iterable[float], decimals: int, part: str) -> Slip | None:
    """The slip that makes one of the wanted figures the one given, if there is one."""
    for value in wanted:
        right, said = figure(value, decimals), figure(given, decimals)
        if said.lstrip("-") == right.lstrip("-") and said != right:
            return Slip(SIGN, part, f"A sign got lost: {said} should be {right}.")
        if said in set(swapped(right)):
            return Slip(DIGITS, part, f"Two digits changed places: {said} should be {right}.")
    return None


def swapped(text: str) -> Iterator[str]:
    """A figure with two neighbouring digits exchanged, the point left where it is."""
    places = [i for i, letter in enumerate(text) if letter.isdecimal()]
    for i, j in pairwise(places):
        if text[i] != text[j]:
            letters = list(text)
            letters[i], letters[j] = letters[j], letters[i]
            yield "".join(letters)


def flipped(answer: Answer, right: dict[str, Any]) -> tuple[Mistake, Iterator[Variant]]:
    """A minus sign lost in the first part that is not right, all decimals carried on."""
    return SIGN, _flipped(answer, right)


def _flipped(answer: Answer, right: dict[str, Any]) -> Iterator[Variant]:
    for name, given in answer.parts.items():
        table, _, inner = name.partition(".")
        number, _, part = inner.partition(".")
        if table != "iteration" or part in COUNTS:
            continue
        value = np.asarray(right[name], float)
        bad = ~(np.isnan(given.values) | within(given.values, value, given.half))
        if not bad.any():
            continue
        if bad.sum() <= MOST_SLIPS and within(given.values, -value, given.half)[bad].all():
            said = ", ".join(figure(v, answer.decimals) for v in given.values[bad])
            meant = ", ".join(figure(v, answer.decimals) for v in value[bad])
            turn: Any = lambda _sheet, worked, bad=bad: np.where(bad, -worked, worked)  # noqa: E731
            yield Variant({part: turn}, only=int(number), price=PRICE, said=f"{said} should be {meant}")
        return
