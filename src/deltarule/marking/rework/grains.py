"""How far people round the figures that they go on with: to so many decimals, or to so many significant digits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Values = NDArray[Any]
# Binary fractions miss an exact half, or a whole number of units, by some 1e-16; a billionth of a unit lets it be one.
SLACK = 1e-9


@dataclass(frozen=True)
class Grain:
    """How far figures are rounded.

    Attributes
    ----------
    decimals : to so many; None: to significant digits.
    digits : to so many significant digits; None: to decimals.
    cut : whether the rest is cut off, as calculators do, and not rounded.
    even : whether halves are rounded to the even digit, as NumPy and Python do, and not away from zero.

    Examples
    --------
    >>> [float(Grain(**how).rounded(-12.345)) for how in ({"decimals": 2}, {"digits": 2}, {"digits": 4, "cut": True})]
    [-12.35, -12.0, -12.34]
    """

    decimals: int | None = None
    digits: int | None = None
    cut: bool = False
    even: bool = False

    def unit(self, values: Any) -> Values:
        """The unit of the last digit that each of the values keeps; 0 where a figure is 0 and its digits tell no unit."""
        size = np.abs(np.asarray(values, float))
        if self.digits is None:
            return np.full(size.shape, 10.0 ** -(self.decimals or 0))
        some = np.isfinite(size) & (size > 0)
        power = np.floor(np.log10(np.where(some, size, 1.0)) + SLACK) - (self.digits - 1)
        return np.where(some, 10.0**power, 0.0)

    def rounded(self, values: Any) -> Values:
        """The values as they are written."""
        found, unit = np.asarray(values, float), self.unit(values)
        safe = np.where(unit > 0, unit, 1.0)
        units = np.abs(found) / safe
        whole = np.rint(units) if self.even else np.floor(units + (SLACK if self.cut else 0.5 + SLACK))
        return np.where(unit > 0, np.sign(found) * whole * safe, found)

    def half(self, values: Any) -> Values:
        """How much rounding may change each value: half a unit, a whole one where it is cut off, 0 where it is round already."""
        found, unit = np.asarray(values, float), self.unit(values)
        nearest = np.rint(found / np.where(unit > 0, unit, 1.0)) * unit
        round_already = np.abs(found - nearest) <= SLACK * unit
        return np.where(round_already, 0.0, unit * (1.0 if self.cut else 0.5))
