"""Rounding: a figure is not wrong, within what comes of figures rounded on the way.

Three ways to see that. The reach: how far honest rounding takes a figure from the one that it should be, by reworking the exercise
with every result disturbed. It is cut where figures drawn at random would pass as well (`telling`). The usual ways: reworkings
in which people round; whatever one of them gives as a whole counts, however far off it is. And from the answer's own earlier
figures: the same reach, which does not grow with the iterations then.

Which figures are right as they stand is in `tolerance`.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deltarule.marking.given import GivenPart
from deltarule.marking.rework.by_hand import Given, Hands, work
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.grains import Grain
from deltarule.marking.rework.ingredients import Values
from deltarule.marking.rework.reach import multiplications
from deltarule.marking.rework.telling import telling
from deltarule.marking.rework.tolerance import tolerance, within
from deltarule.marking.rework.usual_ways import hands_of, usual_ways
from deltarule.marking.rework.worksheet import Reworked
from deltarule.parts import PartName

# So many hands disturb their figures, each by its whole half unit up or down. One rounded figure then shows all that it may do.
# The sum of many has 1.7 times the deviation that rounding gives it, and the largest of 16 such sums is 3 of rounding's deviations.
HANDS = 16
# An entry may differ by a quarter more than the largest of the 16: some 4 deviations, which a right figure exceeds once in 16,000.
LARGEST_SEEN = 1.25
# A figure rounded to one decimal more, and then rounded again as it is written, is off by at most 1.1 half units.
TWICE_ROUNDED = 1.1
SIGNS = np.array([-1.0, 1.0])
# Learning rates of a schedule are worked to 3 significant digits at least.
LEAST_DIGITS = Grain(digits=3)
# Whoever rounds in one of the usual ways has all figures of it, but for slips and mistakes. Where each way has failed in 3
# iterations to give the weights and biases that are written, or even one part where none are, later ones are not worked.
FAILURES = 3
# The usual ways are so many that the hands of a large layer work some after others: with half a million products at once an array
# takes 4 MB, and there are some ten of them.
PRODUCTS_AT_ONCE = 500_000


@dataclass(frozen=True, eq=False)
class Rounding:
    """The exercise worked by hands that round on the way, and how much the parts then differ from the exact ones.

    Attributes
    ----------
    by_chance : each part as hands work it who disturb their figures; the hands are its first axis.
    reach : by part, how much each entry may differ, so that right figures are still told from others; without counts and classes.
    accumulated : the same, however much it is.
    in_usual_ways : gives each part as hands work it who round as people do.
    where_near : the same, where it is not known beforehand that no hand gives a part that the reach does not explain. None: all.
    """

    by_chance: Mapping[PartName, Values]
    reach: dict[PartName, Values]
    accumulated: Mapping[PartName, Values] = field(default_factory=dict)
    in_usual_ways: Callable[[], Mapping[PartName, Values]] = dict
    where_near: Callable[[], Mapping[PartName, Values]] | None = None

    @cached_property
    def _usual(self) -> Mapping[PartName, Values]:
        return self.in_usual_ways()

    @cached_property
    def _near(self) -> Mapping[PartName, Values]:
        return self._usual if self.where_near is None or "_usual" in vars(self) else self.where_near()

    @property
    def usual_reworkings(self) -> list[Reworked]:
        """The exercise as each of the hands works it who round as people do."""
        count = len(next(iter(self._usual.values()), ()))
        return [{name: values[hand] for name, values in self._usual.items()} for hand in range(count)]

    def allows(self, name: PartName, values: Values, expected: Values, half: Values) -> NDArray[np.bool_]:
        """Which entries may come from rounding. A count or a class may if some hand gives it.

        Parameters
        ----------
        name : of the part.
        values, expected : the figures to judge, and the right ones; of the part's shape.
        half : half a unit of each figure's last decimal.
        """
        if name in self.reach:
            return within(values, expected, TWICE_ROUNDED * half + self.reach[name])
        seen: NDArray[np.bool_] = np.any(values == self.by_chance[name], axis=0)
        return seen

    def gives(self, given: GivenPart) -> bool:
        """Whether a usual way of rounding gives all entries of a `given` part."""
        usual = self._near.get(given.name)
        return usual is not None and bool(_given_by(usual, given).any())


def rounding_of(
    exercise: Exercise,
    answer: Mapping[PartName, GivenPart],
    right: Mapping[PartName, Any],
    grain: Grain,
) -> Rounding:
    """What rounding may do in the iterations of an answer, all parts being worked from the exercise.

    Parameters
    ----------
    exercise : what is worked.
    answer : the parts of the answer.
    right : the exact figures of the parts.
    grain : how far figures are rounded.
    """
    numbers = sorted({name.number or 1 for name in answer})
    found = work(exercise, numbers, disturbing_hands(grain))
    by_chance = chances(exercise, answer, found)
    reach = reach_of(by_chance, right)
    told = telling(answer, right, reach, 10.0**-exercise.decimals)

    def usual(*, to_the_end: bool = True) -> Mapping[PartName, Values]:
        return in_usual_ways(exercise, answer, grain, {}, to_the_end=to_the_end)

    return Rounding(by_chance, told, reach, usual, partial(usual, to_the_end=False))


def disturbing_hands(grain: Grain, others: int = 0) -> Hands:
    """Hands that disturb their figures, after others that do not.

    Of exponentials, which may be large, a calculator shows significant digits: one more than there are decimals at least.

    Parameters
    ----------
    grain : how far figures are rounded.
    others : how many hands come first.
    """
    rng = np.random.default_rng(0)
    shown = grain if grain.decimals is None else Grain(digits=grain.decimals + 1)

    def disturbed(part: str, values: Values) -> Any:
        last = values[others:]
        half = np.maximum(grain.half(last), shown.half(last)) if part == "outputs" else grain.half(last)
        return np.concatenate([values[:others], last + rng.choice(SIGNS, last.shape) * half])

    def carried(_part: str, values: Values) -> Any:
        last = values[others:]
        return np.concatenate([values[:others], last + rng.choice(SIGNS, last.shape) * grain.half(last)])

    def rates(values: Values) -> Values:
        first, last = values[:others], values[others:]
        half = np.minimum(grain.half(last), LEAST_DIGITS.half(last))
        return np.concatenate([first, last + rng.choice(SIGNS, last.shape) * half])

    every_second = np.arange(others + HANDS) >= others
    every_second[others::2] = False
    return Hands(others + HANDS, disturbed, carried, every_second, rates)


def chances(
    exercise: Exercise,
    answer: Mapping[PartName, GivenPart],
    found: Mapping[PartName, Values],
    given: Container[PartName] = (),
) -> dict[PartName, Values]:
    """The parts of an answer as hands work them who disturb their figures.

    A pattern of which some hands take one class and others another may be predicted either way, whatever the others are: errors
    are any number from those of the patterns that every hand predicts wrongly to those that some hand does.

    Parameters
    ----------
    exercise, answer : what is worked, and the parts of the answer.
    found : all parts as the hands work them.
    given : the parts that are carried on as they are given.
    """
    by_chance = {name: found[name] for name in answer}
    for name in by_chance:
        predicted = PartName.in_iteration(name.number or 1, "predicted")
        if name.part == "errors" and predicted not in given:
            D = exercise.patterns.D[exercise.batch(name.number or 1)]
            wrong = exercise.is_wrong(found[predicted], D)
            by_chance[name] = np.arange(wrong.all(axis=0).sum(), wrong.any(axis=0).sum() + 1.0)
    return by_chance


def reach_of(by_chance: Mapping[PartName, Values], expected: Mapping[PartName, Any]) -> dict[PartName, Values]:
    """How much each entry of parts may differ; without counts and classes.

    Parameters
    ----------
    by_chance : each part as hands work it who disturb their figures.
    expected : each part without that.
    """
    return {
        name: LARGEST_SEEN * np.nan_to_num(np.abs(found - expected[name]), nan=0.0).max(axis=0)
        for name, found in by_chance.items()
        if not name.is_count
    }


def in_usual_ways(
    exercise: Exercise,
    answer: Mapping[PartName, GivenPart],
    grain: Grain,
    given: Mapping[PartName, GivenPart],
    *,
    to_the_end: bool = True,
) -> dict[PartName, Values]:
    """Parts of iterations as people work them who round, in each usual way.

    Parameters
    ----------
    exercise, answer : what is worked, and the parts of the answer that are looked at; no others are kept.
    grain : how far figures are rounded.
    given : the parts of an answer that are carried on as they are written.
    to_the_end : whether all iterations are worked; in those after all ways have failed, figures are NaN otherwise.
    """
    written = {name: _written(part) for name, part in given.items()}
    numbers, ways = (
        {name.number or 1 for name in answer},
        list(usual_ways(grain, scheduled=not exercise.descent.schedule.is_constant)),
    )
    at_once = max(1, PRODUCTS_AT_ONCE // multiplications(exercise))
    found: dict[PartName, list[Values]] = {name: [] for name in answer}
    for first in range(0, len(ways), at_once):
        some = ways[first : first + at_once]
        have_failed = None if to_the_end else _Failing(answer, len(some))
        worked = work(exercise, numbers, hands_of(some), written, answer, have_failed)
        for name, values in found.items():
            values.append(worked.get(name, np.full((len(some), *answer[name].values.shape), np.nan)))
    return {name: np.concatenate(values) for name, values in found.items()}


def _written(part: GivenPart) -> Given:
    """What is carried on of a part: its figures as they are written, and those worked where nothing is."""
    return part.values if part.complete else lambda worked: np.where(part.known, part.values, worked)


class _Failing:
    """Whether each hand has failed in some iterations, so that none of them worked the answer."""

    def __init__(self, answer: Mapping[PartName, GivenPart], hands: int) -> None:
        self.answer, self.seen = answer, 0
        self.failures: Values = np.zeros(hands, int)

    def __call__(self, worked: Mapping[PartName, Values]) -> bool:
        new = [name for name in islice(worked, self.seen, None) if name in self.answer and not name.is_count]
        self.seen = len(worked)
        if new:
            gives = {name: _given_by(worked[name], self.answer[name]) for name in new}
            stepped = [hands for name, hands in gives.items() if name.is_parameter]
            right = np.all(stepped, axis=0) if stepped else np.any(list(gives.values()), axis=0)
            self.failures = self.failures + ~right
        return bool((self.failures >= FAILURES).all())


def _given_by(worked: Values, given: GivenPart) -> NDArray[np.bool_]:
    """Which hands give all entries of a part."""
    close = within(given.values, worked, TWICE_ROUNDED * tolerance(given))
    return np.asarray(close[:, given.known].all(axis=1))
