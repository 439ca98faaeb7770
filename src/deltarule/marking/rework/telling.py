"""How far off figures may be, so that right ones are still told from others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deltarule.marking.given import GivenPart
from deltarule.parts import PartName

Values = NDArray[Any]
# Of the marks of an answer at most 15 in 100 may go to figures drawn at random, and half of those of any one part.
PASSING_SHARE = 0.15
PASSING_OF_A_PART = 0.5
# The range of a part is at least 20 units of the problem's last decimal: of figures near 0 all would be alike otherwise.
MINIMUM_UNITS = 20
# The reach is cut to a share of itself, which is found to a thousandth by halving steps.
STEPS = 10


def passing(expected: Values, margin: Values, unit: float) -> float:
    """The share of figures drawn at random that would pass: evenly from the range of the part, 0 included.

    Parameters
    ----------
    expected : the figures of the part.
    margin : how much each may differ.
    unit : of the last decimal that the problem asks for.

    Examples
    --------
    >>> round(passing(np.array([0.0, 10.0]), np.array([0.5, 0.5]), 0.1), 3)
    0.1
    """
    some = np.isfinite(expected)
    return float(np.minimum(1.0, 2 * margin[some] / span(expected, unit)).mean()) if some.any() else 0.0


def span(expected: Values, unit: float) -> float:
    """The range from which figures of a part are drawn at random: that of the figures that it should have, 0 included.

    Parameters
    ----------
    expected : the figures of the part; those that are not finite do not count.
    unit : of the last decimal that the problem asks for.
    """
    figures = expected[np.isfinite(expected)]
    low, high = (min(0.0, float(figures.min())), max(0.0, float(figures.max()))) if figures.size else (0.0, 0.0)
    return max(high - low, MINIMUM_UNITS * unit)


def telling(
    answer: Mapping[PartName, GivenPart],
    expected: Mapping[PartName, Any],
    reach: Mapping[PartName, Values],
    unit: float,
) -> dict[PartName, Values]:
    """The reach of each part, or as much of it as lets few figures pass that are drawn at random.

    Parameters
    ----------
    answer : the parts given, each with half a unit of its figures.
    expected : the figures that they should have.
    reach : how much each may differ beyond half a unit.
    unit : of the last decimal that the problem asks for.
    """
    if not reach:
        return {}
    shares = _Shares.of(answer, expected, reach, unit)

    def cut(limit: float) -> Values:
        """How much of the reach of each part leaves no more than the limit of its figures to chance."""
        return _largest(lambda some: shares.at(some) <= limit, len(reach))

    # The parts of which most is left to chance are cut first; those that tell right figures alone are not.
    more = PASSING_OF_A_PART - PASSING_SHARE

    def mean(some: float) -> float:
        return float(shares.at(cut(PASSING_SHARE + some * more)).mean())

    largest = float(_largest(lambda some: np.array([mean(some[0]) <= PASSING_SHARE]), 1)[0])
    return {name: part * reach[name] for part, name in zip(cut(PASSING_SHARE + largest * more), reach, strict=True)}


@dataclass(frozen=True, eq=False)
class _Shares:
    """The entries of all parts, one after another, for the shares of figures drawn at random that would pass in each part.

    Attributes
    ----------
    part : the place of the part of each entry.
    least, more : the probability that a figure drawn at random passes for half a unit; and what all of the reach adds.
    entries : how many each part has, at least 1.
    """

    part: NDArray[np.intp]
    least: Values
    more: Values
    entries: Values

    @classmethod
    def of(
        cls,
        answer: Mapping[PartName, GivenPart],
        expected: Mapping[PartName, Any],
        reach: Mapping[PartName, Values],
        unit: float,
    ) -> _Shares:
        part, least, more = list[Values](), list[Values](), list[Values]()
        for place, (name, far) in enumerate(reach.items()):
            known = answer[name].known
            figures = np.asarray(expected[name], float)[known]
            some = np.isfinite(figures)
            width = span(figures, unit)
            part.append(np.full(some.sum(), place))
            least.append(2 * answer[name].half[known][some] / width)
            more.append(2 * far[known][some] / width)
        of_part = np.concatenate(part)
        entries = np.maximum(np.bincount(of_part, minlength=len(reach)), 1)
        return cls(of_part, np.concatenate(least), np.concatenate(more), entries)

    def at(self, some: Values) -> Values:
        """The share in each part if its reach is cut to `some` of itself; 0 where no figure of the part is finite."""
        passed = np.minimum(1.0, self.least + some[self.part] * self.more)
        found: Values = np.bincount(self.part, passed, len(self.entries)) / self.entries
        return found


def _largest(holds: Callable[[Values], NDArray[np.bool_]], count: int) -> Values:
    """The largest shares from 0 to 1 for which something holds that holds for all smaller ones; 0 where it holds for none.

    They are found all at once by halving steps, each by itself.
    """
    found = np.zeros(count)
    for step in 0.5 ** np.arange(1, STEPS + 1):
        found += step * holds(found + step)
    return np.where(holds(np.ones(count)), 1.0, found)
