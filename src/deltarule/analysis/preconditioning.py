"""An approximate inverse of the second derivatives of a convex cost, by which conjugate gradients need few passes over the data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deltarule.analysis.inputs import squares_times, weighted_gram
from deltarule.analysis.kinds import cost_kind
from deltarule.analysis.objective import Objective, Point
from deltarule.checks import Matrix, Vector

# Unknowns that have one inverse together. Of more, that of each neuron by itself takes a tenth of the time, and few more products.
FEW_UNKNOWNS = 256
# Numbers that inverses may hold together.
MOST_NUMBERS = 1 << 24
# The rows from which second derivatives are estimated: so many times the unknowns of a neuron, and so many at least.
ROWS_AN_UNKNOWN, FEWEST_ROWS = 4, 2048
# Or as many as cost no more than so many products with the second derivatives.
CHEAP = 12
# What is added to the diagonal, relative to it, where a part of the patterns is taken, which knows no better.
RIDGE = 1e-5
# What is left of an unknown, relative to it, that depends on others: rounding.
DEPENDENT = 1e-13


@dataclass(frozen=True, eq=False)
class Preconditioner:
    """What turns a matrix V (N+1, K) into about H^-1 V.

    Attributes
    ----------
    apply : does so. Nothing is added to V that leaves the cost as it is, so that rounding does not run away there.
    cost : how long it takes to make, in products with H.
    of_part : whether it is made from a part of the patterns, so that one of more patterns may be better.
    """

    apply: Callable[[Matrix], Matrix]
    cost: float
    of_part: bool = False


def preconditioner(objective: Objective, point: Point, times_rows: int = 1) -> Preconditioner:
    """About the inverse of H = X~^T C X~ + L at a point: whole; of each neuron by itself, of many unknowns; or of the diagonal.

    It is made from a part of the patterns where there are many, with the diagonal of all.

    Parameters
    ----------
    objective : the cost, of a convex kind.
    point : where.
    times_rows : how many times as large the part is as it is at least.
    """
    width, neurons = objective.shape
    own = _own_curvatures(objective, point)
    diagonal = np.zeros((width, neurons))
    for block_rows in objective.blocks():
        diagonal += squares_times(objective.inputs(block_rows), own[block_rows])
    diagonal += objective.decay
    diagonal[diagonal <= 0] = 1.0
    # Of several layers of least squares, conjugate gradients with the diagonal come to that of least norm, like `least_squares`.
    several = objective.quadratic and not objective.decay[:-1].any()
    if several or neurons * width**2 > MOST_NUMBERS:
        return Preconditioner(lambda V: objective.told_apart(objective.told_apart(V) / diagonal), 1.0)
    whole_fits = neurons * width <= FEW_UNKNOWNS
    share = width * (neurons + 1) / 6 if whole_fits else width / 3  # the cost of all patterns, in products with H
    rows, times = _chosen(
        point,
        objective.factor,
        times_rows * max(FEWEST_ROWS, ROWS_AN_UNKNOWN * width, int(len(point.Y) * CHEAP / share)),
    )
    ridge = 0.0 if len(rows) == len(point.Y) else RIDGE
    cost, of_part = share * len(rows) / len(point.Y), len(rows) < len(point.Y)
    scale, X = 1 / np.sqrt(diagonal), objective.extended[rows]
    if whole_fits:
        whole = np.zeros((neurons, width, neurons, width))
        for k in range(neurons):
            curvature = _curvature(objective, point, rows, k) * times[:, None]
            for j in range(k, neurons):
                if curvature[:, j].any():
                    block = weighted_gram(X, curvature[:, j]) * np.outer(scale[:, k], scale[:, j])
                    whole[k, :, j] = block
                    whole[j, :, k] = block.T
        inverse = _inverse(whole.reshape(neurons * width, -1), objective.decay * scale**2, ridge)
        inverse *= np.outer(scale.T, scale.T)
        blocks = inverse.reshape(neurons, width, neurons, width)
        if cost_kind(objective.kind).relative:  # as `told_apart` before and after
            blocks -= blocks.mean(axis=0, keepdims=True)
            blocks -= blocks.mean(axis=2, keepdims=True)

        def apply_whole(V: Matrix) -> Matrix:
            return np.asarray((inverse @ V.T.ravel()).reshape(neurons, width).T)

        return Preconditioner(apply_whole, cost, of_part)
    inverses = np.empty((neurons, width, width))
    # At the start of a softmax layer all outputs are 1/K, and all neurons alike.
    for k in range(1 if (point.Y[:, :1] == point.Y).all() else neurons):
        units, own_decay = np.outer(scale[:, k], scale[:, k]), objective.decay * scale[:, k, None] ** 2
        curvature = np.maximum(own[rows, k] * times, 0)
        inverses[k:] = _inverse(weighted_gram(X, curvature) * units, own_decay, ridge) * units

    def apply_each(V: Matrix) -> Matrix:
        V = objective.told_apart(V)
        return objective.told_apart(np.matmul(inverses, V.T[:, :, None])[:, :, 0].T)

    return Preconditioner(apply_each, cost, of_part)


def _chosen(point: Point, factor: Vector, most: int) -> tuple[NDArray[np.intp], Vector]:
    """At most so many patterns, and how many each stands for: those with the largest second derivatives, and some of the others."""
    size = factor * np.einsum("pk,pk->p", point.Y, 1 - point.Y)
    if len(size) <= most:
        return np.arange(len(size)), np.ones(len(size))
    order = np.argpartition(size, -(most // 2))
    others, largest = order[: -(most // 2)], order[-(most // 2) :]
    others = others[:: -(-len(others) // (most - most // 2))]
    times = np.ones(len(others) + len(largest))
    times[: len(others)] = (len(size) - len(largest)) / len(others)
    return np.concatenate([others, largest]), times


def _own_curvatures(objective: Objective, point: Point) -> Matrix:
    """(P, K) the second derivatives of the weighted costs of the patterns by each u alone."""
    own = np.empty(point.Y.shape)
    for rows in objective.blocks():
        for k in range(objective.kind.neurons):
            own[rows, k] = _curvature(objective, point, rows, k)[:, k]
    return own


def _curvature(objective: Objective, point: Point, rows: slice | NDArray[np.intp], k: int) -> Matrix:
    """(p, K) the second derivatives of the weighted cost of some rows by u_k and each u."""
    only = np.zeros_like(point.Y[rows])
    only[:, k] = objective.factor[rows]
    return objective.kind.unchecked_output_change(point.Y[rows], only)


def _inverse(block: Matrix, decay: Matrix, ridge: float) -> Matrix:
    """An inverse of second derivatives and `decay` (n, K), whose diagonal is to be 1, and 1 + `ridge`.

    Unknowns that depend on others, to rounding, are left alone: their rows and columns are 0. So a singular block has an inverse
    that solves all equations that have a solution.
    """
    from scipy.linalg.lapack import dpotri, dpstrf

    places = np.arange(len(block))
    block[places, places] = np.maximum(block[places, places] + decay.T.ravel(), 1.0) + ridge
    factor, order, rank, _ = dpstrf(block, lower=1, tol=DEPENDENT * len(block))
    kept = order[:rank] - 1
    lower = np.tril(dpotri(factor[:rank, :rank], lower=1)[0])
    inverse = np.zeros_like(block)
    inverse[np.ix_(kept, kept)] = lower + np.tril(lower, -1).T
    return inverse
