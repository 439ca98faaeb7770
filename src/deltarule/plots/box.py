"""The limits of the axes of a plane."""

from __future__ import annotations

from typing import Any

import numpy as np

from deltarule.checks import Vector, brief, numbers
from deltarule.errors import InputError
from deltarule.plots.polygons import Limits

MARGIN = 0.08  # of the data's extent, beyond the outermost points
# The largest numbers that are drawn: figures have margins, and distances between ticks.
LARGEST = 1e300


def limits(name: str, given: Any) -> Limits:
    """Limits that a user gives; whether they increase is checked where they are used.

    Parameters
    ----------
    name : what they are, for messages.
    given : (low, high).

    Raises
    ------
    InputError
        If they are not two numbers, or too large to be drawn.
    """
    values = numbers(name, given, 1)
    if len(values) != 2:
        raise InputError(name, "be two numbers, low and high", len(values), "Give them as in (-1, 1).")
    if np.abs(values).max() > LARGEST:
        raise InputError(name, f"be at most {LARGEST:g}", brief(given), "Give smaller limits.")
    return float(values[0]), float(values[1])


def extent(values: Vector) -> Limits:
    """The limits of an axis that shows these values and a margin.

    Parameters
    ----------
    values : (P,) along the axis.

    Raises
    ------
    InputError
        If they are too large to be drawn.
    """
    low, high = float(values.min()), float(values.max())
    if max(-low, high) > LARGEST:
        got = f"{max(low, high, key=abs):g}"
        raise InputError("inputs of the plane", f"be at most {LARGEST:g}", got, "Give them in another unit.")
    margin = MARGIN * (high - low) or 1.0
    return low - margin, high + margin
