"""Fewer points of a line for the same picture."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from deltarule.checks import Vector

# In a figure of five inches, a thousand columns are finer than a line is wide.
COLUMNS = 1000


def thinned(x: Vector, y: Vector, *, log: bool = False, columns: int = COLUMNS) -> NDArray[np.intp]:
    """The places of the points that a line needs: in each of `columns` columns the first, last, lowest and highest.

    A line through them covers the same pixels as the line through all points, on a raster of as many equal columns
    (Jugel et al., "M4: A Visualization-Oriented Time Series Data Aggregation", VLDB 2014). A line of no more than 4
    points a column, or with an x that is not sorted, keeps every point.

    Parameters
    ----------
    x, y : (R,) the points.
    log : whether the x axis is logarithmic: columns are equal there, and points at x <= 0, which cannot be seen, are left out.
    columns : their number.

    Returns
    -------
    (S,) whole numbers
        The places, counted from 0 and sorted.

    Examples
    --------
    >>> x = np.arange(50_000.0)
    >>> len(thinned(x, x % 7)) <= 4000
    True
    """
    places = np.flatnonzero(x > 0) if log else np.arange(len(x))
    if len(places) <= 4 * columns or np.any(np.diff(x) < 0):
        return places
    at = np.log(x[places]) if log else x[places].astype(np.float64)
    column = np.minimum((at - at[0]) / (at[-1] - at[0]) * columns, columns - 1).astype(np.intp)
    starts = np.flatnonzero(np.diff(column, prepend=-1))
    ends = np.append(starts[1:], len(column)) - 1
    by_height = np.lexsort((y[places], column))  # within each column from lowest to highest; columns keep their extents
    chosen: NDArray[np.intp] = places[np.unique(np.concatenate([starts, ends, by_height[starts], by_height[ends]]))]
    return chosen
