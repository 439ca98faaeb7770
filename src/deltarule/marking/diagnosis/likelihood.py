"""How likely an entry is: if some work gives it, if it is a slip, or if it comes from a mistake that nobody listed.

`docs/how-mistakes-are-named.md` explains the assumptions. They are probabilities, not thresholds: each says how often something
happens among students.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deltarule.marking.diagnosis.evidence import Evidence
from deltarule.marking.rework.ingredients import Values
from deltarule.marking.rework.rounding import TWICE_ROUNDED
from deltarule.marking.rework.tolerance import SLACK_OF_FIGURE, SLACK_OF_HALF

# One figure in 100 is another than its work gives, without a reason that anybody sees.
SLIP = 0.01
# Of the figures that are rounded in a plain way, 2 in 3 are as one of these ways gives them, and the others lie between.
PLAINLY = 2 / 3
# A student rounds in one manner throughout. Of 7 in 10 all figures but one in 100 are as a plain way gives them. The others have a
# manner of their own: every second figure is off by as much as rounding can do.
MANNERS = np.array([0.7, 0.3])
PLAIN_FIGURES = np.array([[0.99], [0.5]])
# A mistake that nobody listed leaves every second entry of its part as it was, or as another mistake makes it.
SHARED = 0.5
# A figure that is 0, or what else is left where a product vanishes, without rounding: but for the last digits of a computer.
VANISHED = 1e-9
# The reach of rounding is some 4 deviations: see `rework.rounding`.
DEVIATIONS_OF_REACH = 4.0
# Euler's constant: the sum of 1/k up to n is log n + 0.577.
EULER = 0.577


# What one work predicts of some entries, once for each plain way of rounding.
Predicted = tuple[Values, ...]


@dataclass(frozen=True, eq=False)
class Likelihood:
    """How likely entries are if some work gives them.

    Attributes
    ----------
    agreed : the probability with which the work, rounded in a plain way, gives each entry; 0 where it does not.
    near : the same, where the work is rounded in another way.
    slipped : the probability of each entry where the work gives another figure.
    counting : as how much each entry counts where it agrees, or is from another work. Each slip is one by itself.
    vanished : which entries are what is left where a product vanishes, as the work gives them by rounding alone.
    exact, explained : which entries it gives as written; and within what rounding on the way can do.
    """

    agreed: Values
    near: Values
    slipped: Values
    counting: Values
    vanished: NDArray[np.bool_]
    exact: NDArray[np.bool_]
    explained: NDArray[np.bool_]

    @property
    def given(self) -> Values:
        """The probability with which the work gives each entry, by manner of rounding."""
        found: Values = PLAIN_FIGURES * self.agreed + (1 - PLAIN_FIGURES) * self.near
        return found

    @property
    def own(self) -> Values:
        """The logarithm of each entry's probability by manner of rounding, if the work was done and slips were made."""
        agreed = np.log((1 - SLIP) * np.where(self.explained, self.given, 1.0)) * self.counting
        return np.where(self.explained, agreed, np.log(SLIP * self.slipped))

    def relative_of(self, right: Likelihood) -> Values:
        """The same, if a mistake that nobody listed left every second figure of this work.

        Parameters
        ----------
        right : the likelihood of the work without a mistake, from which its other figures are off, if not from those of this work;
            that they are right by chance is as unlikely as any figure.
        """
        other = np.where(
            self.explained, right.slipped, np.maximum(self.slipped, np.where(right.explained, 0.0, right.slipped))
        )
        # Whatever makes one product vanish makes others vanish: such figures do not tell one mistake from another.
        other = np.where(self.vanished & self.explained, np.maximum(other, self.given), other)
        found: Values = np.log(SHARED * self.given + (1 - SHARED) * other) * self.counting
        return found


def in_any_manner(parts: Values) -> Values:
    """The logarithm of a probability in whatever manner the student rounds.

    Parameters
    ----------
    parts : (manners, ...) its logarithm in each manner.
    """
    found: Values = np.logaddexp.reduce(parts.T + np.log(MANNERS), axis=-1)
    return found


def likelihood(evidence: Evidence, among: slice, works: Sequence[Predicted], reach: Values) -> Likelihood:
    """How likely some entries are if one of several works gave them.

    Parameters
    ----------
    evidence : with the entries.
    among : which entries.
    works : what each work predicts of them; NaN where it predicts nothing.
    reach : by how much rounding on the way may move each figure.
    """
    values, half, span, counts = (
        each[among] for each in (evidence.values, evidence.half, evidence.span, evidence.counts)
    )
    slack = half * (1 + SLACK_OF_HALF) + SLACK_OF_FIGURE * np.abs(values)
    exact, vanished = np.zeros(values.shape, bool), np.isfinite(evidence.left[among])
    distance, covered = np.full(values.shape, np.inf), np.zeros(values.shape)
    count, nearest = np.zeros(values.shape), np.full(values.shape, np.inf)
    for ways in works:
        low, high = np.fmin.reduce(ways), np.fmax.reduce(ways)
        off = np.nan_to_num(np.maximum(np.maximum(low - values, values - high), 0.0), nan=np.inf)
        each = np.where(np.isnan(low), 0.0, (high - low) / (2 * half) + 1)
        nearest = np.where(off < distance, each, np.where(off == distance, np.fmin(nearest, each), nearest))
        distance = np.minimum(distance, off)
        covered, count = covered + each, count + ~np.isnan(low)
        for way in ways:
            exact |= np.abs(values - way) <= slack
            vanished &= ~(np.abs(way - evidence.left[among]) <= VANISHED)
    # Each work is as likely: one that covers much, since its figures are large, does not make those of another less likely.
    covered = np.fmin(covered, count * nearest)
    covered = np.where(np.isfinite(covered) & (covered > 0), covered, 1e12)
    between = distance <= slack
    near = distance <= TWICE_ROUNDED * slack + reach
    agreed = exact * PLAINLY + between * (1 - PLAINLY) / covered
    widely = near * _rounded_on_the_way(distance / (2 * half), covered + (TWICE_ROUNDED - 1), reach / half)
    explained = np.where(counts, exact, near)
    slipped = off_by(distance / (2 * half), span, counts)
    agreed, widely = np.where(counts, exact, agreed), np.where(counts, exact, widely)
    return Likelihood(agreed, widely, slipped, evidence.counting[among], vanished, exact, explained)


def _rounded_on_the_way(units: Values, covered: Values, reach: Values) -> Values:
    """The probability of a figure that is rounded on the way, but in no plain manner.

    Half of such figures are any within reach alike. Half are off as of a normal distribution, of which the reach is 4 deviations:
    most roundings cancel.

    Parameters
    ----------
    units : by how many units of the last decimal each is off from what the plain ways give.
    covered : over how many units these spread.
    reach : over how many more units rounding on the way may move it.
    """
    deviation = reach / (2 * DEVIATIONS_OF_REACH)
    beyond = np.maximum(units - TWICE_ROUNDED / 2, 0.0)
    far = np.divide(beyond, deviation, out=np.where(beyond > 0, np.inf, 0.0), where=deviation > 0)
    normal = np.exp(-0.5 * far**2) / (covered + math.sqrt(2 * math.pi) * deviation)
    found: Values = 0.5 / (covered + reach) + 0.5 * normal
    return found


def off_by(units: Values, span: Values, counts: NDArray[np.bool_]) -> Values:
    """The probability of a figure that is off by a number of units from what should be there.

    Half of such figures are off by any order of magnitude alike, and half are any figures of the part's range. A count or a class
    is any of those that there are to choose from.

    Parameters
    ----------
    units : by how many units of the last decimal each is off.
    span : the range of the part in units, or the number of classes to choose from.
    counts : which are counts or classes.
    """
    away = np.maximum(np.where(np.isfinite(units), units, 1e12), 1.0)
    of_magnitude = 0.5 / (2 * away * (np.log(span) + EULER))
    of_range = 0.5 / span * np.minimum(1.0, (span / away) ** 2)
    return np.where(counts, 1 / span, of_magnitude + of_range)
