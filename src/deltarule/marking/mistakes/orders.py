"""The order in which rows of figures are nearest to the expected rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deltarule.marking.given import GivenPart

# Two entries that are 20 units or more apart are simply different: how many figures agree counts, not how large two slips are.
APART = 20.0
# A row is nearer to its own place by so much: of equally near orders the rows' own is taken, whatever the solver prefers.
OWN_PLACE = 1e-6
# Distances above this one, infinite ones and those that are not known are as far: the solver's sums overflow no more.
FARTHEST = 1e100


def nearest_order(
    pairs: Iterable[tuple[GivenPart, NDArray[Any]]], *, of_columns: bool = False
) -> tuple[int, ...] | None:
    """The order in which the expected rows are nearest to the given ones; None where that is their own order.

    Parameters
    ----------
    pairs : matrices, given and expected, that share one order.
    of_columns : look at columns instead.
    """
    total = None
    for given, expected in pairs:
        values, right, half = (
            (given.values.T, expected.T, given.half.T) if of_columns else (given.values, expected, given.half)
        )
        own = distances(values, right, half)
        total = own if total is None else total + own
    return None if total is None else other_order(total)


def distances(values: NDArray[Any], expected: NDArray[Any], half: NDArray[Any]) -> NDArray[Any]:
    """The distance of each given row from each expected one (rows, rows), in units of the last decimal.

    Parameters
    ----------
    values, expected : (rows, columns) the figures given, and the right ones.
    half : (rows, columns) half a unit of the last decimal of each figure given.
    """
    units = np.abs(values[:, None] - expected[None]) / (2 * half[:, None])
    apart: NDArray[Any] = np.minimum(np.nan_to_num(units, nan=APART), APART).sum(axis=2)
    return apart


def assigned(apart: NDArray[Any]) -> NDArray[np.intp]:
    """The expected row for each given row, so that the sum of all distances is smallest.

    Parameters
    ----------
    apart : (rows, rows) the distance of each given row from each expected one.
    """
    from scipy.optimize import linear_sum_assignment

    bounded = np.minimum(np.nan_to_num(apart, nan=FARTHEST), FARTHEST)
    order: NDArray[np.intp] = linear_sum_assignment(bounded - OWN_PLACE * np.eye(len(apart)))[1]
    return order


def other_order(apart: NDArray[Any]) -> tuple[int, ...] | None:
    """`assigned` as a tuple; None where it is the rows' own order. The parameters are those of `assigned`."""
    order = tuple(assigned(apart).tolist())
    return None if order == tuple(range(len(order))) else order
