"""Rounding: a figure is not wrong, within what comes of figures rounded on the way.

Which figures are right as they stand is in `tolerance`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deltarule.marking.given import GivenPart
from deltarule.marking.parts import PartName
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.ingredients import Values
from deltarule.marking.rework.tolerance import tolerance, within
from deltarule.marking.rework.worksheet import Carry, Reworked, rework, rounded, rounded_to_even

# Parts that people round and go on with while they keep all decimals of the others.
ROUNDED_ALONE = (("synaptic_inputs",), ("outputs",), ("weights", "biases"))
# How often the exercise is reworked, with figures disturbed by up to half a unit. The median of 12 differences is known to
# about a third, which the 4 deviations below cover.
REWORKINGS = 12
# An entry may differ by 4 standard deviations of what disturbed figures give: a right figure then is wrong once in some 16,000.
DEVIATIONS = 4.0
# The deviation is taken from the median, which one figure near a singularity (the logarithm of an output near 0) does not decide;
# for a normal distribution the median of absolute differences is 0.6745 deviations.
MEDIAN_OF_DEVIATION = 0.6745
# A figure rounded to one decimal more, and then rounded again as it is written, is off by at most 1.1 half units.
TWICE_ROUNDED = 1.1
# People round some parts and not others: figures then end somewhat farther off than by any one rule. 1.5 lets all right answers of
# `benchmarks.mistakes` through ("now more, now fewer").
MIXED_RULES = 1.5


@dataclass(frozen=True, eq=False)
class Rounding:
    """The exercise reworked with figures rounded on the way, and how much the parts then differ from the right ones.

    Attributes
    ----------
    reworkings : with disturbed figures, and with rounded ones.
    usual_reworkings : those in which people round: every figure (halves up, or to even), one part alone, or with one or two
        decimals more.
    reach : by part, how much each entry may differ; without counts and classes.
    """

    reworkings: list[Reworked]
    usual_reworkings: list[Reworked]
    reach: dict[PartName, Values]

    def allows(self, name: PartName, values: Values, expected: Values, half: Values) -> NDArray[np.bool_]:
        """Which entries may come from rounding. A count or a class may if some reworking gives it.

        Parameters
        ----------
        name : of the part.
        values, expected : the figures to judge, and the right ones; of the part's shape.
        half : half a unit of each figure's last decimal.
        """
        if name in self.reach:
            return within(values, expected, TWICE_ROUNDED * half + self.reach[name])
        seen: NDArray[np.bool_] = np.any([values == np.asarray(each[name], float) for each in self.reworkings], axis=0)
        return seen

    def accepts(self, given: GivenPart, expected: Any) -> bool:
        """Whether no entry of a `given` part is wrong: each is the `expected` one, or may come from rounding."""
        allowed = self.allows(given.name, given.values, np.asarray(expected, float), tolerance(given))
        return not given.note and bool(allowed[given.known].all())


def rounding_of(exercise: Exercise, numbers: list[int], right: Mapping[PartName, Any], decimals: int) -> Rounding:
    """What rounding to the answer's decimals may do in these iterations.

    Parameters
    ----------
    exercise, numbers : what is reworked, and which iterations.
    right : the right figures of the parts.
    decimals : of the answer.
    """
    unit = 10.0**-decimals
    rng = np.random.default_rng(0)

    def disturbed(_part: str, value: Any) -> Any:
        return value + rng.uniform(-0.5 * unit, 0.5 * unit, np.shape(value))

    def alone(parts: tuple[str, ...]) -> Carry:
        return lambda part, value: as_written(part, value) if part in parts else value

    as_written = rounded(decimals)
    by_chance = [rework(exercise, numbers, carry=disturbed) for _ in range(REWORKINGS)]
    # The last two keep more decimals than are written: the logarithm of a small output depends on them.
    rules = [
        *(as_written, rounded_to_even(decimals), *map(alone, ROUNDED_ALONE)),
        *(rounded(decimals + 1), rounded(decimals + 2)),
    ]
    by_rule = [rework(exercise, numbers, carry=rule) for rule in rules]
    reach = {}
    for name, value in right.items():
        if not name.is_count:
            chance, rule = (
                np.abs([np.asarray(each[name], float) - value for each in reworkings])
                for reworkings in (by_chance, by_rule)
            )
            by_spread = DEVIATIONS / MEDIAN_OF_DEVIATION * np.median(chance, axis=0)
            reach[name] = np.maximum(by_spread, MIXED_RULES * rule.max(axis=0))
    return Rounding([*by_chance, *by_rule], by_rule, reach)
