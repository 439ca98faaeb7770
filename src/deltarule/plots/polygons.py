"""Convex polygons: the part of a box where each class has the largest score, and a clear place in it for a name."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from deltarule.checks import Matrix, Vector

Limits = tuple[float, float]

NAME_HEIGHT = 0.03  # of the box: half of a name in letters of 11 points, and some space around it


def regions(scores: Matrix, x_limits: Limits, y_limits: Limits) -> tuple[Matrix, ...]:
    """For each class the corners (V, 2) of the part of the box where its score is the largest; (0, 2) for none.

    The box is cut by the half-plane u_i >= u_k of each other class k, one after the other.

    Parameters
    ----------
    scores : (K, 3), as in a `Boundary`: u_k = scores[k] . (x1, x2, 1).
    x_limits, y_limits : (low, high), the box.

    References
    ----------
    Sutherland and Hodgman, "Reentrant polygon clipping", Communications of the ACM 17 (1974).

    Examples
    --------
    >>> [corners.tolist() for corners in regions(np.array([[1.0, 0.0, 0.0], [-1.0, 0.0, 2.0]]), (0, 2), (0, 1))]
    [[[1.0, 0.0], [2.0, 0.0], [2.0, 1.0], [1.0, 1.0]], [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]]]
    """
    (left, right), (low, high) = x_limits, y_limits
    box = np.array([[left, low], [right, low], [right, high], [left, high]], dtype=np.float64)
    found = []
    for own, score in enumerate(scores):
        corners: Matrix = box
        for lead in score - np.delete(scores, own, axis=0):
            height = corners @ lead[:2] + lead[2]
            if (height < 0).any():  # of many classes most cut nothing off
                corners = _cut(corners, height)
        # Two corners or one are where a region only touches the box.
        found.append(corners if len(corners) > 2 else np.empty((0, 2)))
    return tuple(found)


def _cut(corners: Matrix, height: Vector) -> Matrix:
    """The part of a convex polygon where a linear function is at least 0, given its values at the corners."""
    cut: list[Matrix] = []
    for start, end, a, b in zip(corners, np.roll(corners, -1, axis=0), height, np.roll(height, -1), strict=True):
        if a >= 0:
            cut.append(start)
        if a > 0 > b or a < 0 < b:
            cut.append(start + a / (a - b) * (end - start))
    return np.array(cut).reshape(-1, 2)


def neighbours(polygons: Sequence[Matrix], scores: Matrix, x_limits: Limits, y_limits: Limits) -> list[tuple[int, int]]:
    """The pairs of classes whose regions share an edge, each once, the first class before the second.

    In the middle of an edge inside the box two scores are the largest: that of the region, and that of the other side.

    Parameters
    ----------
    polygons, scores, x_limits, y_limits : as `regions` gives and takes them.

    Examples
    --------
    >>> scores = np.array([[1.0, 0.0, 0.0], [-1.0, 0.0, 2.0]])
    >>> neighbours(regions(scores, (0, 2), (0, 1)), scores, (0, 2), (0, 1))
    [(0, 1)]
    """
    low, high = np.array([x_limits, y_limits], dtype=np.float64).T
    found = set()
    for own, corners in enumerate(polygons):
        middles = (corners + np.roll(corners, -1, axis=0)) / 2
        inside = middles[np.all((middles > low) & (middles < high), axis=1)]
        U = inside @ scores[:, :2].T + scores[:, 2]
        U[:, own] = -np.inf
        found |= {(min(own, other), max(own, other)) for other in U.argmax(axis=1).tolist()}
    return sorted(found)


def clear_place(
    corners: Matrix,
    obstacles: Matrix,
    x_limits: Limits,
    y_limits: Limits,
    aspect: float = 1.0,
    height: float = NAME_HEIGHT,
) -> Vector | None:
    """The place for a name in a polygon: the one of a raster round which the largest rectangle of its shape has room.

    Half of that rectangle's height, in units of the box, is the clearance from the edges and from all obstacles.

    Parameters
    ----------
    corners : (V, 2) of the polygon, anticlockwise.
    obstacles : (M, 2) points to stay clear of.
    x_limits, y_limits : (low, high), the box.
    aspect : the width of the name over its height.
    height : half of the name's height and some space around it, in units of the box.

    Returns
    -------
    (2,) or None
        None where the polygon is too small for a name.
    """
    from scipy.spatial import cKDTree

    if not len(corners):
        return None
    low = np.array([x_limits[0], y_limits[0]])
    size = np.array([aspect, 1.0]) * (np.array([x_limits[1], y_limits[1]]) - low)
    corners, obstacles = (corners - low) / size, (obstacles - low) / size
    ticks = np.linspace(0.04, 0.96, 47)
    candidates = np.stack(np.meshgrid(ticks / aspect, ticks), axis=-1).reshape(-1, 2)
    sides = np.roll(corners, -1, axis=0) - corners
    lengths = np.hypot(*sides.T)
    starts, sides = corners[lengths > 0], sides[lengths > 0] / lengths[lengths > 0, None]
    # Corners run anticlockwise: inside is on the left of every side.
    offsets = candidates[:, None] - starts
    # A name is a rectangle, whose corner comes nearest to a slanted side.
    reach = np.abs(sides).sum(axis=1)
    to_sides = ((sides[:, 0] * offsets[..., 1] - sides[:, 1] * offsets[..., 0]) / reach).min(axis=1)
    candidates, to_sides = candidates[to_sides > height], to_sides[to_sides > height]
    if not len(candidates):
        return None
    # Thirty classes have 435 lines of obstacles: a search tree spares most of the distances.
    to_obstacles = cKDTree(obstacles).query(candidates, p=np.inf)[0] if len(obstacles) else np.inf
    clearance = np.minimum(to_sides, to_obstacles)
    best = int(clearance.argmax())
    place: Vector = low + size * candidates[best]
    return place if clearance[best] > height else None
