"""The manners in which students round inside a step: each product, each exponential, each term of a cost, or several of these.

Whoever rounds so does it throughout, with a mistake or without one. So all hypotheses are compared in one manner: what each then
gives is given to the last digit, and not only within what rounding can do.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from deltarule.marking.diagnosis.likelihood import MANNERS
from deltarule.marking.rework.grains import Grain
from deltarule.marking.rework.usual_ways import EXPONENTIALS, PRODUCTS, SQUARES, TERMS

# Where results in between are rounded, each with each.
PLACES = (PRODUCTS, EXPONENTIALS, SQUARES | TERMS)
SOME = [frozenset[str]().union(*some) for count in range(1, len(PLACES) + 1) for some in combinations(PLACES, count)]
# Every second student who rounds in a manner of their own does so in one of these, halves away from 0 or to the even digit.
LOG_OF_MANNER = math.log(float(MANNERS[1]) / 2 / (2 * len(SOME)))


@dataclass(frozen=True)
class Manner:
    """Where results in between are rounded, and how far.

    Attributes
    ----------
    decimals : to which figures are rounded.
    places : the parts whose results in between are rounded, and "squares".
    even : whether halves are rounded to the even digit, and not away from 0.
    """

    decimals: int
    places: frozenset[str]
    even: bool

    def between(self, part: str, value: Any) -> Any:
        """A result in between of a part, as it is used."""
        return self.carried(part, value) if part in self.places else value

    def carried(self, _part: str, value: Any) -> Any:
        """A part, as it is carried on if it is rounded too."""
        return Grain(decimals=self.decimals, even=self.even).rounded(value)


def manners(decimals: int) -> list[Manner]:
    """Every manner of rounding to so many `decimals`, halves away from 0."""
    return [Manner(decimals, places, even=False) for places in SOME]
