"""Right: a figure is the expected one, within half a unit of its last decimal.

What comes of figures rounded on the way, and may differ by more, is in `rounding`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from deltarule.marking.given import GivenPart

# What is counted is a whole number: only the same number is within a quarter of it.
COUNT_TOLERANCE = 0.25
# An exact half may be rounded up or down. Binary fractions miss it by some 1e-16 of the figure, or, for small units, by less
# than a millionth of the half; both are allowed, and are far below what rounding hides.
SLACK_OF_HALF, SLACK_OF_FIGURE = 1e-6, 1e-12


def within(given: NDArray[Any], expected: Any, half: NDArray[Any]) -> NDArray[np.bool_]:
    """Which figures differ from the expected ones by no more than `half`; an exact half is within.

    Parameters
    ----------
    given, expected : the figures, of one shape.
    half : half a unit of the last decimal of each.
    """
    slack = half * SLACK_OF_HALF + SLACK_OF_FIGURE * np.abs(given)
    close: NDArray[np.bool_] = np.abs(given - expected) <= half + slack
    return close


def tolerance(given: GivenPart) -> NDArray[np.float64]:
    """How much each entry of a `given` part may differ from the expected one.

    Half a unit of its last decimal; less than one for a count.
    """
    return np.full(given.values.shape, COUNT_TOLERANCE) if given.name.is_count else given.half
