"""How far off figures may be, so that right ones are still told from others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deltarule.marking.given import GivenPart
from deltarule.marking.parts import PartName

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
    if not some.any():
        return 0.0
    low, high = min(0.0, float(expected[some].min())), max(0.0, float(expected[some].max()))
    span = max(high - low, MINIMUM_UNITS * unit)
    return float(np.minimum(1.0, 2 * margin[some] / span).mean())


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
    figures = {name: np.asarray(expected[name], float)[answer[name].known] for name in reach}
    halves = {name: answer[name].half[answer[name].known] for name in reach}

    def share(name: PartName, part_of_reach: float) -> float:
        margin = halves[name] + part_of_reach * reach[name][answer[name].known]
        return passing(figures[name], margin, unit)

    def cut(limit: float) -> dict[PartName, float]:
        """How much of the reach of each part leaves no more than the limit of its figures to chance."""
        return {name: _largest(lambda part, name=name: share(name, part) <= limit) for name in reach}

    def mean(found: Mapping[PartName, float]) -> float:
        return float(np.mean([share(name, part) for name, part in found.items()]))

    # The parts of which most is left to chance are cut first; those that tell right figures alone are not.
    more = PASSING_OF_A_PART - PASSING_SHARE
    largest = _largest(lambda part: mean(cut(PASSING_SHARE + part * more)) <= PASSING_SHARE) if reach else 1.0
    kept = cut(PASSING_SHARE + largest * more)
    return {name: kept[name] * reach[name] for name in reach}


def _largest(holds: Any) -> float:
    """The largest share from 0 to 1 for which something holds that holds for all smaller ones; 0 where it holds for none."""
    if holds(1.0):
        return 1.0
    found, step = 0.0, 0.5
    for _ in range(STEPS):
        if holds(found + step):
            found += step
        step /= 2
    return found
