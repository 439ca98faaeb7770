"""Answers with fewer digits than they should have: they are marked with the digits that they have.

Fewer decimals, or significant digits instead of decimals. A coarser reading is taken where all figures that are written have no
more digits, where it keeps much, and where it still tells right figures from others.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from deltarule.marking.given import Answer, GivenPart
from deltarule.marking.grading.judged import Judged, judged
from deltarule.marking.marks import Finding
from deltarule.marking.mistakes.recognised import FEWER_DECIMALS
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.grains import Grain

# That the last digits of figures are 0, six in all, is chance once in a million: they were rounded. Those of 0 do not count: where
# nothing was worked, zeros may stand.
MINIMUM_DIGITS = 6
# Significant digits that people round to, and how many last digits that are 0 are enough if nothing is wrong then. With 3 digits a
# figure is off by half a hundredth of itself at most, which tells right from wrong alone; with 2 it is off by up to a twentieth.
DIGITS = {6: 1, 5: 1, 4: 1, 3: 1, 2: 3}
# A coarser reading is taken only if it keeps at least half of what is lost otherwise.
KEPT_SHARE = 0.5


def coarser_reading(exercise: Exercise, answer: Answer, found: Judged) -> tuple[Judged, list[Finding]]:
    """The answer judged as rounded to fewer digits, and a remark that says so, where much is right then.

    Parameters
    ----------
    exercise, answer : the answer that is marked, and the exercise that it answers.
    found : the answer as judged with the decimals that it should have.
    """
    best, remarks = found, list[Finding]()
    for grain, enough in () if found.nothing_worked else _grains(answer):
        if not best.wrong:
            break
        read = _read(answer, grain)
        again = judged(exercise, read, grain)
        if not _is_believed(read, again):
            continue
        if again.wrong <= (1 - KEPT_SHARE) * found.wrong and again.wrong < best.wrong and (enough or not again.wrong):
            best, remarks = again, [_remark(again, grain)]
    return best, remarks


def right_readings(exercise: Exercise, answer: Answer) -> Iterator[tuple[Judged, Finding]]:
    """The answer judged as rounded to fewer digits, each with its remark, where nothing is wrong then.

    Parameters
    ----------
    exercise, answer : the answer that is marked, and the exercise that it answers.
    """
    for grain, _ in _grains(answer):
        read = _read(answer, grain)
        again = judged(exercise, read, grain)
        if not again.wrong and _is_believed(read, again):
            yield again, _remark(again, grain)


def _is_believed(read: Answer, found: Judged) -> bool:
    """Whether figures were judged with the digits that they were read with: otherwise they would tell nothing."""
    parts = read.of_iterations().items()
    return all((found.answer.parts[name].decimals <= part.decimals).all() for name, part in parts)


def _remark(found: Judged, grain: Grain) -> Finding:
    told = f"decimals = {grain.decimals}" if grain.digits is None else f"{grain.digits} significant digits"
    return FEWER_DECIMALS.finding(found.parts[0].part, told)


def _grains(answer: Answer) -> Iterator[tuple[Grain, bool]]:
    """How far the figures of an answer may have been rounded, the finest first, and whether so many of them show it alone."""
    given = [part for name, part in answer.of_iterations().items() if not name.is_count]
    written = np.concatenate([part.values[part.known] for part in given] or [np.empty(0)])
    decimals = np.concatenate([part.decimals[part.known] for part in given] or [np.empty(0, int)])
    written, decimals = written[written != 0], decimals[written != 0]
    if not written.size:
        return
    for digits, few in DIGITS.items():
        grain = Grain(digits=digits)
        dropped = int(np.maximum(0, decimals - _decimals_of(written, digits)).sum())
        if dropped >= few and not grain.half(written).any():
            yield grain, dropped >= MINIMUM_DIGITS
    for fewer in range(answer.decimals):
        if not Grain(decimals=fewer).half(written).any():
            if np.maximum(0, decimals - fewer).sum() >= MINIMUM_DIGITS:
                yield Grain(decimals=fewer), True
            return


def _decimals_of(values: NDArray[np.float64], digits: int) -> NDArray[np.int_]:
    """How many decimals figures have that have so many significant digits; below 0 for tens and hundreds."""
    return -np.round(np.log10(Grain(digits=digits).unit(values))).astype(int)


def _read(answer: Answer, grain: Grain) -> Answer:
    """The answer as rounded so far. A 0 has no significant digits: it keeps the decimals that it is written with."""

    def read(part: GivenPart) -> GivenPart:
        if grain.digits is None:
            return replace(part, decimals=np.minimum(part.decimals, grain.decimals or 0))
        some = part.known & (part.values != 0)
        coarser = _decimals_of(np.where(some, part.values, 1.0), grain.digits)
        return replace(part, decimals=np.where(some, np.minimum(part.decimals, coarser), part.decimals))

    parts = {name: part if name.is_count else read(part) for name, part in answer.of_iterations().items()}
    decimals = answer.decimals if grain.decimals is None else grain.decimals
    return replace(answer, decimals=decimals, parts=answer.parts | parts)
