"""Decision boundaries as they are written: any multiple of an equation is right."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from deltarule.analysis.boundaries import boundary_between
from deltarule.errors import InputError
from deltarule.layers import Layer
from deltarule.parts import pairs_of

# Half a unit is believed up to a twentieth of the largest coefficient, that is from 0.10 on where figures have two decimals.
# Smaller multiples, such as (0.00, 0.00, 0.01), would be right for many lines.
MINIMUM_UNITS = 20


def boundary_of(layer: Layer, key: str) -> NDArray[np.float64]:
    """The coefficients a1, ..., aN, c of the boundary of two classes, "A-B"; with the other sign for "B-A".

    Parameters
    ----------
    layer : of any weights; where their differences overflow, the coefficients are NaN.
    key : as in `pairs_of`.

    Raises
    ------
    InputError
        If the layer has no such pair of classes.
    """
    pairs = pairs_of(layer.classes or (), key)
    if not pairs:
        raise InputError("pair of classes", "be two of the layer's", key, "Name them as the problem does.")
    try:
        return np.asarray(boundary_between(layer, *pairs[0]).coefficients, float)
    except InputError:  # an answer's weights may be so large
        return np.full(layer.inputs + 1, np.nan)


def multiple_of(expected: NDArray[Any], given: NDArray[Any], half: NDArray[Any]) -> float:
    """The factor that takes most coefficients of an equation to those given; 1 where none does. It is never 0.

    If several factors suit equally many coefficients within what rounding leaves open, the one that suits more of them exactly is
    taken, then the one that is nearer to 1.

    Parameters
    ----------
    expected, given : (N + 1,) coefficients.
    half : (N + 1,) half a unit of the last decimal of each coefficient given.
    """
    some = (expected != 0) & np.isfinite(expected)
    ratio, exact = given[some] / expected[some], half[some] / np.abs(expected[some])
    loose = half_of_multiple(exact, ratio)
    # The number of coefficients that a factor suits changes at these ends only: one factor between two ends stands for all.
    ends = np.sort(np.concatenate([ratio - loose, ratio - exact, ratio + exact, ratio + loose]))
    minimum = MINIMUM_UNITS * half.max() / np.abs(expected).max() if some.any() else np.inf

    def suits(factor: float) -> tuple[int, int, float]:
        off = np.abs(ratio - factor)
        return int((off <= loose).sum()), int((off <= exact).sum()), -abs(factor - 1)

    factors = [1.0, -1.0, *((ends[1:] + ends[:-1]) / 2).tolist()]
    return max((factor for factor in factors if factor and abs(factor) >= minimum), key=suits, default=1.0)


def half_of_multiple(half: NDArray[np.float64], factor: Any) -> NDArray[np.float64]:
    """How much a multiple of rounded coefficients may differ from the multiple of the exact ones.

    Parameters
    ----------
    half : (N + 1,) half a unit of the last decimal of each coefficient.
    factor : of the multiple.
    """
    return np.asarray(half * (1 + np.abs(factor)))


def maximum_half(values: NDArray[np.float64]) -> float:
    """The largest half unit that is believed of the coefficients `values`: see `MINIMUM_UNITS`."""
    return float(np.abs(values).max() / MINIMUM_UNITS)
