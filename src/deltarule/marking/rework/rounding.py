"""Rounding: a figure is not wrong, within what comes of figures rounded on the way.

Three ways to see that. The reach: how far honest rounding takes a figure from the one that it should be, by reworking the exercise
with every result disturbed. It is cut where figures drawn at random would pass as well (`telling`). The usual ways: reworkings
in which people round; whatever one of them gives as a whole counts, however far off it is. And from the answer's own earlier
figures: the same reach, which does not grow with the iterations then.

Which figures are right as they stand is in `tolerance`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deltarule.marking.given import GivenPart
from deltarule.marking.parts import PartName
from deltarule.marking.rework.by_hand import EVERYTHING, EXPONENTIALS, PRODUCTS, TERMS, by_hand
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.grains import Grain
from deltarule.marking.rework.telling import telling
from deltarule.marking.rework.tolerance import tolerance, within
from deltarule.marking.rework.worksheet import Carry, Reworked, Values, rework

# How often the exercise is reworked with disturbed figures. The median of 12 differences is known to about a third, which the 4
# deviations below cover.
REWORKINGS = 12
# An entry may differ by 4 standard deviations of what disturbed figures give: a right figure then is wrong once in some 16,000.
DEVIATIONS = 4.0
# The deviation is taken from the median, which one figure near a singularity (the logarithm of an output near 0) does not decide;
# for a normal distribution the median of absolute differences is 0.6745 deviations.
MEDIAN_OF_DEVIATION = 0.6745
# A figure rounded to one decimal more, and then rounded again as it is written, is off by at most 1.1 half units.
TWICE_ROUNDED = 1.1
# Where differences are not spread normally (an output near 0 has a logarithm far off), an entry may differ by half as much again as
# the largest of the 12.
LARGEST_SEEN = 1.5
# A calculator shows 4 figures or more. Whoever copies them rounds to so many, or cuts them off there.
CALCULATOR = (4, 5)


@dataclass(frozen=True, eq=False)
class Rounding:
    """The exercise reworked with figures rounded on the way, and how much the parts then differ from the exact ones.

    Attributes
    ----------
    by_chance : reworkings with disturbed figures.
    reach : by part, how much each entry may differ; without counts and classes.
    in_usual_ways : gives the reworkings in which people round; called where the reach does not explain a part.
    """

    by_chance: list[Reworked]
    reach: dict[PartName, Values]
    in_usual_ways: Callable[[], Iterable[Reworked]] = tuple

    @cached_property
    def usual_reworkings(self) -> list[Reworked]:
        """The reworkings in which people round."""
        return list(self.in_usual_ways())

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
        seen: NDArray[np.bool_] = np.any([values == np.asarray(each[name], float) for each in self.by_chance], axis=0)
        return seen

    def accepts(self, given: GivenPart, expected: Any) -> bool:
        """Whether no entry of a `given` part is wrong: each is the `expected` one, or may come from rounding."""
        if given.note:
            return False
        allowed = self.allows(given.name, given.values, np.asarray(expected, float), tolerance(given))
        return bool(allowed[given.known].all()) or self.gives(given)

    def gives(self, given: GivenPart) -> bool:
        """Whether a usual way of rounding gives all entries of a `given` part."""
        return any(gives_all(given, each[given.name]) for each in self.usual_reworkings)


def gives_all(given: GivenPart, worked: Any) -> bool:
    """Whether figures that were worked are all those given, when they are rounded.

    Parameters
    ----------
    given : the part.
    worked : its figures, in its shape.
    """
    close = within(given.values, np.asarray(worked, float), TWICE_ROUNDED * tolerance(given))
    return bool(close[given.known].all())


def rounding_of(
    exercise: Exercise,
    answer: Mapping[PartName, GivenPart],
    right: Mapping[PartName, Any],
    grain: Grain,
    given: Mapping[PartName, GivenPart] | None = None,
) -> Rounding:
    """What rounding may do in the iterations of an answer.

    Parameters
    ----------
    exercise : what is reworked.
    answer : the parts of the answer.
    right : the exact figures of the parts: the right ones, or those that follow from the parts given.
    grain : how far figures are rounded.
    given : those parts of the answer that are carried on, each anywhere within half a unit of its figures; None: none are.
    """
    numbers = sorted({name.number or 1 for name in answer})
    rng = np.random.default_rng(0)

    def disturbed(values: Any) -> Any:
        return values + rng.uniform(-1.0, 1.0, np.shape(values)) * grain.half(values)

    def anywhere(part: GivenPart) -> GivenPart:
        if part.name.is_count:
            return part
        return replace(part, values=part.values + rng.uniform(-1.0, 1.0, part.values.shape) * part.half)

    def by_chance() -> Reworked:
        own = None if given is None else {name: anywhere(part) for name, part in given.items()}
        return rework(exercise, numbers, by_hand(disturbed), lambda _part, value: disturbed(value), own)

    chance = [by_chance() for _ in range(REWORKINGS)]
    reach = {}
    for name in answer:
        if not name.is_count:
            apart = np.abs([np.asarray(each[name], float) - right[name] for each in chance])
            by_spread = DEVIATIONS / MEDIAN_OF_DEVIATION * np.median(apart, axis=0)
            reach[name] = np.nan_to_num(np.maximum(by_spread, LARGEST_SEEN * apart.max(axis=0)), nan=0.0)
    ways = () if given is not None else usual_reworkings(exercise, numbers, grain)
    return Rounding(chance, telling(answer, right, reach), lambda: ways)


def usual_reworkings(exercise: Exercise, numbers: list[int], grain: Grain) -> Iterator[Reworked]:
    """The exercise reworked in the ways in which people round.

    Parameters
    ----------
    exercise, numbers : what is reworked, and which iterations.
    grain : how far figures are rounded.
    """

    def step(grain: Grain, parts: tuple[str, ...] | None = None) -> Carry:
        return lambda part, value: grain.rounded(value) if parts is None or part in parts else value

    yield rework(exercise, numbers, carry=step(grain))
    yield rework(exercise, numbers, by_hand(grain.rounded), step(grain))
    yield rework(exercise, numbers, by_hand(grain.rounded))
    for parts in (PRODUCTS, EXPONENTIALS, TERMS):
        yield rework(exercise, numbers, by_hand(grain.rounded, parts), step(grain))
    yield rework(exercise, numbers, carry=step(replace(grain, even=True)))
    for alone in (("synaptic_inputs",), ("outputs",), ("weights", "biases")):
        yield rework(exercise, numbers, carry=step(grain, alone))
    # The logarithm of a small output depends on the decimals behind those that are written.
    for more in (1, 2) if grain.decimals is not None else ():
        finer = replace(grain, decimals=grain.decimals + more)
        yield rework(exercise, numbers, carry=step(finer))
        yield rework(exercise, numbers, by_hand(finer.rounded), step(finer))
    for digits in CALCULATOR:
        for cut in (False, True):
            shown = Grain(digits=digits, cut=cut)
            yield rework(exercise, numbers, carry=step(shown))
            yield rework(exercise, numbers, by_hand(shown.rounded), step(shown))
            for parts in (EVERYTHING, EXPONENTIALS, PRODUCTS):
                yield rework(exercise, numbers, by_hand(shown.rounded, parts))
