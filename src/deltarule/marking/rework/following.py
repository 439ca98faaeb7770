"""What follows from an answer's own parts: how an honest student goes on from the figures that are written.

What was carried on of a figure is known, but for its decimals: they are those that are written, or all of them, or one more than is
written. So parts are worked in several ways to carry figures on, and with what is rounded inside each step. This rules out much
that would be within rounding if nothing before it were written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deltarule.marking.given import GivenPart
from deltarule.marking.rework.by_hand import Given, work
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.grains import Grain
from deltarule.marking.rework.ingredients import Values
from deltarule.marking.rework.rounding import HANDS, SIGNS, Rounding, chances, disturbing_hands, in_usual_ways, reach_of
from deltarule.marking.rework.telling import telling
from deltarule.marking.rework.tolerance import tolerance, within
from deltarule.parts import PartName

# The parts that are carried on together.
TOGETHER = (
    frozenset({"synaptic_inputs"}),
    frozenset({"outputs"}),
    frozenset({"delta"}),
    frozenset({"weight_gradient", "bias_gradient"}),
    frozenset({"weights", "biases"}),
)
# Those of a descent with momentum.
WITH_VELOCITY = (*TOGETHER, frozenset({"weight_velocity", "bias_velocity"}))
# With one decimal more than is written, a figure is off by a tenth of half a unit; in each iteration anew, and in the same
# direction where gradients change little.
DECIMAL_MORE = 0.1


def all_decimals(exercise: Exercise) -> tuple[frozenset[str], ...]:
    """The parts of an `exercise` of which all decimals are carried on: none, all, all but one, or one alone."""
    together = WITH_VELOCITY if exercise.momentum else TOGETHER
    every = frozenset[str]().union(*together)
    return (frozenset[str](), every, *(every - some for some in together), *together)


@dataclass(frozen=True, eq=False)
class Following:
    """An exercise worked from an answer's own parts.

    Attributes
    ----------
    figures : each part as it is worked in each way to carry figures on; the ways are its first axis, as they are written the first.
    rounding : how far rounding inside the steps takes them.
    """

    figures: Mapping[PartName, Values]
    rounding: Rounding

    def near(self, given: GivenPart) -> NDArray[np.bool_]:
        """Which entries of a `given` part are near to what follows."""
        half, figures = tolerance(given), self.figures[given.name]
        allowed = self.rounding.allows(given.name, given.values, figures, half)
        if not given.name.is_count:
            allowed = np.any(allowed, axis=0)
        found: NDArray[np.bool_] = allowed | within(given.values, figures, half).any(axis=0)
        return found

    def follows(self, given: GivenPart) -> NDArray[np.bool_]:
        """Which entries of a `given` part follow; all of them where a usual way of rounding gives all."""
        near = self.near(given)
        return near if near[given.known].all() else near | self.rounding.gives(given)


def following(
    exercise: Exercise,
    answer: Mapping[PartName, GivenPart],
    trusted: Mapping[PartName, GivenPart],
    grain: Grain,
    rounding: Rounding,
) -> Following:
    """What follows from the parts of an answer.

    Parameters
    ----------
    exercise : what is worked.
    answer : the parts of the answer.
    trusted : those from which later ones may follow.
    grain : how far figures are rounded.
    rounding : how far rounding takes figures of the exercise, as worked without the answer.
    """
    numbers = sorted({name.number or 1 for name in answer})
    rng = np.random.default_rng(0)
    decimals = all_decimals(exercise)
    ways = len(decimals)

    def carried(part: GivenPart) -> Given:
        has_all = np.array([part.name.part in some for some in decimals])

        def carry(worked: Values) -> Values:
            axes = (-1, *[1] * part.values.ndim)
            same = within(part.values, worked[:ways], part.half)
            by_ways = np.where(has_all.reshape(axes) & same, worked[:ways], part.values)
            off = np.zeros((HANDS, *part.values.shape))
            if not part.name.is_count:
                # A decimal more may have been carried on all the way. Where no way gives the figure, its decimals are not known.
                updates = (part.name.number or 1) - exercise.skipped
                more = DECIMAL_MORE * (updates * part.half + rounding.accumulated.get(part.name, 0.0))
                most = np.where(same.any(axis=0), np.minimum(more, part.half), part.half)
                off = rng.choice(SIGNS, off.shape) * most
            return np.where(part.known, np.concatenate([by_ways, part.values + off]), worked)

        return carry

    own = {name: carried(part) for name, part in trusted.items()}
    found = work(exercise, numbers, disturbing_hands(grain, ways), own)
    figures = {name: found[name][:ways] for name in answer}
    written = {name: each[0] for name, each in figures.items()}
    by_chance = chances(exercise, answer, {name: worked[ways:] for name, worked in found.items()}, trusted)
    reach = reach_of(by_chance, written)
    told = telling(answer, written, reach, 10.0**-exercise.decimals)

    def usual() -> Mapping[PartName, Values]:
        return in_usual_ways(exercise, answer, grain, trusted)

    def where_near() -> Mapping[PartName, Values]:
        far = {name: part for name, part in answer.items() if not found_to_follow.near(part)[part.known].all()}
        return in_usual_ways(exercise, far, grain, trusted)

    found_to_follow = Following(figures, Rounding(by_chance, told, reach, usual, where_near))
    return found_to_follow
