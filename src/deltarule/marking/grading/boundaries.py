"""Decision boundaries as they are written: any multiple of an equation is right."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from deltarule.analysis.boundaries import boundaries
from deltarule.errors import InputError
from deltarule.layers import Layer

# A boundary's largest coefficient is at least so many half units.
LEAST_UNITS = 20


def boundary_of(layer: Layer, pair: str) -> NDArray[np.float64]:
    """The coefficients of the boundary of two classes, named "A-B"; turned round for "B-A"."""
    for line in boundaries(layer):
        a, b = map(str, line.classes)
        if pair == f"{a}-{b}":
            return np.asarray(line.coefficients, float)
        if pair == f"{b}-{a}":
            return -np.asarray(line.coefficients, float)
    raise InputError("pair of classes", "be two of the layer's", pair, "Name them as the problem does.")


def multiple_of(expected: NDArray[Any], given: NDArray[Any], half: NDArray[Any]) -> float:
    """The factor that takes most coefficients of an equation to those given; 1 where none does. Any but 0 is right.

    half : of the units given. A factor that suits as many exactly is better, then one nearer to 1.
    """
    some = (expected != 0) & np.isfinite(expected)
    ratio, exact = given[some] / expected[some], half[some] / np.abs(expected[some])
    loose = from_rounded(exact, ratio)
    # How many a factor suits changes at these places only: between two of them one stands for all.
    ends = np.sort(np.concatenate([ratio - loose, ratio - exact, ratio + exact, ratio + loose]))
    least = LEAST_UNITS * half.max() / np.abs(expected).max() if some.any() else np.inf

    def suits(factor: float) -> tuple[int, int, float]:
        off = np.abs(ratio - factor)
        return int((off <= loose).sum()), int((off <= exact).sum()), -abs(factor - 1)

    factors = [1.0, -1.0, *((ends[1:] + ends[:-1]) / 2).tolist()]
    return max((factor for factor in factors if factor and abs(factor) >= least), key=suits, default=1.0)


def from_rounded(half: NDArray[np.float64], factor: Any) -> NDArray[np.float64]:
    """How far a multiple of coefficients that were rounded to such halves may lie from that of the exact ones."""
    return np.asarray(half * (1 + np.abs(factor)))


def least_half(values: NDArray[np.float64]) -> float:
    """What half a unit may be at most of coefficients given: a multiple so small that rounding swallows it says nothing."""
    return float(np.abs(values).max() / LEAST_UNITS)
