"""Sums over patterns, in which float32 loses nothing that float64 keeps: few patterns at once, and their sums in float64.

A sum of 10 million equal numbers, one after another, is wrong by a hundredth in float32: it soon is so large that a part of each
number falls off. (Higham, "Accuracy and Stability of Numerical Algorithms", 2nd ed., section 4.2.)
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from deltarule.checks import Matrix, Vector

DOUBLE = np.dtype(np.float64).char  # to compare it takes a tenth of the time
# So many patterns are summed in their own precision.
FEW = 256
# Of more, so many at once: the sum is wrong by 5e-7 at most, see `tests/test_sums.py`.
GROUP = 32
# The sums of groups that are in memory together, in numbers.
TOGETHER = 1 << 20


def weighted_sum(weights: Vector, values: NDArray[np.floating] | NDArray[np.bool_]) -> float:
    """sum_p v_p x_p.

    Parameters
    ----------
    weights : (P,) v.
    values : (P,) x.

    Examples
    --------
    >>> weighted_sum(np.full(3, 0.5), np.array([1.0, 2.0, 3.0]))
    3.0
    """
    if weights.dtype.char == DOUBLE:
        return float(weights @ values)
    total = 0.0
    for start in range(0, len(weights), TOGETHER):
        part = slice(start, start + TOGETHER)
        total += float(weights[part].astype(np.float64) @ values[part].astype(np.float64))
    return total


def products(X: Matrix, delta: Matrix) -> Matrix:
    """X^T delta: (P, N), (P, K) -> (N, K).

    Parameters
    ----------
    X, delta : of one dtype, which is that of the result.

    Examples
    --------
    >>> products(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.0], [10.0]])).tolist()
    [[31.0], [42.0]]
    """
    if len(X) <= FEW or X.dtype.char == DOUBLE:
        result: Matrix = X.T @ delta
        return result
    if hasattr(X, "indptr"):  # sparse
        return np.asarray(X.T.astype(np.float64) @ delta.astype(np.float64)).astype(X.dtype)
    (P, N), K = X.shape, delta.shape[1]
    at_once = GROUP * max(1, TOGETHER // (N * K))
    total = np.zeros((N, K))
    for start in range(0, P, at_once):
        x, d = X[start : start + at_once], delta[start : start + at_once]
        whole = len(x) // GROUP * GROUP
        groups = x[:whole].reshape(-1, GROUP, N).transpose(0, 2, 1) @ d[:whole].reshape(-1, GROUP, K)
        total += groups.sum(axis=0, dtype=np.float64) + x[whole:].T @ d[whole:]
    return total.astype(X.dtype)


def column_sums(delta: Matrix) -> Vector:
    """1^T delta: (P, K) -> (K,).

    Parameters
    ----------
    delta : any matrix; the result has its dtype.

    Examples
    --------
    >>> column_sums(np.array([[1.0, 2.0], [3.0, 4.0]])).tolist()
    [4.0, 6.0]
    """
    if len(delta) <= FEW or delta.dtype.char == DOUBLE:
        result: Vector = delta.sum(axis=0)
        return result
    at_once = max(1, TOGETHER // delta.shape[1])
    parts = (delta[start : start + at_once] for start in range(0, len(delta), at_once))
    total = np.sum([np.ones(len(part)) @ part.astype(np.float64) for part in parts], axis=0)
    return np.asarray(total, dtype=delta.dtype)
