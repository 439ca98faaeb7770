"""Parts of a line in the plane, cut by linear conditions: segments, rays, whole lines and points."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from deltarule.checks import Vector
from deltarule.immutable import Immutable

# Rounding of the few products and sums behind each figure, as a multiple of the size of its terms.
ROUNDING = 16 * float(np.finfo(np.float64).eps)


@dataclass(frozen=True, eq=False)
class LinePart(Immutable):
    """The points `point + t * direction` of a line with start <= t <= end: a segment, a ray, the whole line or a point.

    Attributes
    ----------
    point : (2,) the point of the line nearest to the origin.
    direction : (2,) of length 1; the first class of the boundary lies to its right.
    start, end : distances from `point`; -inf and inf where the part has no end.
    """

    point: Vector
    direction: Vector
    start: float
    end: float

    def at(self, distance: float) -> Vector:
        """The point (2,) at this distance from `point`, along the direction."""
        found: Vector = self.point + distance * self.direction
        return found


def cut(
    interval: tuple[float, float], offset: float, slope: float, unsure: float, flat: float
) -> tuple[float, float] | None:
    """The t of an interval with offset + slope t >= 0; None where there are none.

    Parameters
    ----------
    interval : start and end of the t, which may be -inf and inf.
    offset, slope : of the condition.
    unsure, flat : the rounding errors of offset and slope. A slope within its own is 0, and an interval that ends before it
        starts by no more than theirs is a point.
    """
    start, end = interval
    if abs(slope) <= flat:
        return interval if offset >= -unsure else None
    root = -offset / slope + 0.0  # + 0.0: no negative zero
    start, end = (max(start, root), end) if slope > 0 else (start, min(end, root))
    if start <= end:
        return start, end
    return (root, root) if start - end <= (unsure + flat * abs(root)) / abs(slope) else None
