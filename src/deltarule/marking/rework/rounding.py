"""What may come of figures rounded on the variant: how far entries can lie from the right ones without being wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deltarule.marking.marks import within
from deltarule.marking.rework.exercise import COUNTS, Exercise
from deltarule.marking.rework.worksheet import Values, Writing, rework, rounded

# Figures disturbed by up to half a unit, so many times: how far they end from the right ones is told by the median, which one
# figure near a singularity (the logarithm of an output near 0) does not decide.
# Parts that people round and go on with, all others unrounded.
ALONE = (("synaptic_inputs",), ("outputs",), ("weights", "biases"))
WORKINGS, DEVIATIONS, MEDIAN = 12, 4.0, 0.6745
# A figure rounded to a decimal more, and then once more as it is written, is this many half units off at most.
TWICE = 1.1
# Rounded now one variant, now another, figures end somewhat farther than by any one of them.
MIXED = 1.5


@dataclass(frozen=True, eq=False)
class Rounding:
    """Workings with figures rounded on the variant, and how far from the right ones they reach, by part.

    usual : those in which people round: every figure, one part alone, with a decimal more or two.
    """

    workings: list[dict[str, Any]]
    usual: list[dict[str, Any]]
    far: dict[str, Values]

    def allows(self, name: str, values: Values, wanted: Values, half: Values) -> NDArray[np.bool_]:
        """Which entries may come of rounding: of counts and classes, those that some working gives."""
        if name in self.far:
            return within(values, wanted, TWICE * half + self.far[name])
        seen: NDArray[np.bool_] = np.any([values == np.asarray(each[name], float) for each in self.workings], axis=0)
        return seen


def rounding_of(exercise: Exercise, numbers: list[int], right: Mapping[str, Any], decimals: int) -> Rounding:
    """Rounding to so many decimals in these iterations."""
    unit = 10.0**-decimals
    rng = np.random.default_rng(0)

    def disturbed(_part: str, value: Any) -> Any:
        return value + rng.uniform(-0.5 * unit, 0.5 * unit, np.shape(value))

    def alone(parts: tuple[str, ...]) -> Writing:
        return lambda name, value: write(name, value) if name in parts else value

    write = rounded(decimals)
    drawn = [rework(exercise, numbers, {}, disturbed) for _ in range(WORKINGS)]
    # All, or one part alone; or to more decimals than are written: the logarithm of a small output tells.
    variants = [write, *map(alone, ALONE), rounded(decimals + 1), rounded(decimals + 2)]
    usual = [rework(exercise, numbers, {}, variant) for variant in variants]
    far = {}
    for name, value in right.items():
        if name.split(".")[-1] not in COUNTS:
            by_chance, by_rule = (
                np.abs([np.asarray(each[name], float) - value for each in workings]) for workings in (drawn, usual)
            )
            far[name] = np.maximum(DEVIATIONS / MEDIAN * np.median(by_chance, axis=0), MIXED * by_rule.max(axis=0))
    return Rounding([*drawn, *usual], usual, far)
