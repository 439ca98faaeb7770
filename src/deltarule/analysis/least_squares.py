"""The least sum of squares of linear layers, without iteration: an orthogonal factorisation that reveals the rank."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from deltarule.analysis.objective import Objective, Point
from deltarule.checks import Matrix

# Columns whose condition number is below 1 / WELL have one solution: no singular value counts as 0.
WELL = 1e-6


@dataclass(frozen=True, eq=False)
class LeastSquares:
    """1/2 |A theta - B|^2 in few rows, for any weight decay: R^T R = A^T A and R^T C = A^T B, from rows with orthogonal factors.

    Attributes
    ----------
    R : (at most N+1+K, N+1) upper triangular.
    C : as many rows, K columns.
    rows : the number of rows of A.
    """

    R: Matrix
    C: Matrix
    rows: int

    def minimum(self, objective: Objective) -> tuple[Point, Matrix, list[float]]:
        """The point of least cost with the decay of an `objective`, the Newton step that is left there, and the cost.

        The columns are scaled to a norm of 1. Singular values of at most eps max(P, N+1) times the largest count as 0: of the
        layers of least cost, the one whose theta in these units has the least norm is found.
        """
        few, (width, neurons) = len(self.R), objective.shape
        decayed = np.flatnonzero(objective.decay[:, 0])
        block = np.zeros((few + len(decayed), width + neurons), order="F")
        block[:few, :width], block[:few, width:] = self.R, self.C
        block[np.arange(few, few + len(decayed)), decayed] = np.sqrt(objective.decay[decayed, 0])
        upper = _triangular(block)
        theta, step = _solved(upper[:width, :width], upper[:width, width:], self.rows)
        gradient = objective.gradient_of_squares(theta)
        point = objective.at(theta + step(gradient))  # what rounding left
        if not float(np.abs(point.gradient).max()) < float(np.abs(gradient).max()):
            point = objective.at(theta)
        return point, step(point.gradient), [point.value]


def _solved(R: Matrix, C: Matrix, rows: int) -> tuple[Matrix, Callable[[Matrix], Matrix]]:
    """Theta of least |R theta - C|, of least norm in units of the columns; and what gives the Newton step from a gradient.

    Parameters
    ----------
    R : (n, N+1) upper triangular.
    C : (n, K).
    rows : the number of rows of which they were made.
    """
    from scipy.linalg.lapack import dtrcon, dtrtrs

    norms = np.sqrt(np.sum(R**2, axis=0))
    norms[norms == 0] = 1.0
    R = R / norms
    if len(R) == R.shape[1] and dtrcon(R)[0] > WELL:

        def by_substitution(gradient: Matrix) -> Matrix:
            half = dtrtrs(R, gradient / norms[:, None], trans=1)[0]
            return np.asarray(-dtrtrs(R, half)[0] / norms[:, None])

        return dtrtrs(R, C)[0] / norms[:, None], by_substitution
    left, sizes, right = np.linalg.svd(R, full_matrices=False)
    counts = sizes > np.finfo(np.float64).eps * max(rows, len(norms)) * sizes.max(initial=0.0)
    left, sizes, right = left[:, counts], sizes[counts], right[counts]

    def by_singular_values(gradient: Matrix) -> Matrix:
        scaled = right @ (gradient / norms[:, None])
        return np.asarray(-(right.T @ (scaled / sizes[:, None] ** 2)) / norms[:, None])

    return (right.T @ ((left.T @ C) / sizes[:, None])) / norms[:, None], by_singular_values


def least_squares(objective: Objective) -> LeastSquares:
    """The factorisation for an objective: orthogonal factors of some rows at once, which are then taken together.

    Parameters
    ----------
    objective : the cost of a linear layer; its decay does not matter.

    References
    ----------
    Golub and Van Loan, Matrix Computations (4th ed.), sections 5.3 to 5.5; Demmel et al., "Communication-optimal parallel and
    sequential QR and LU factorizations", SIAM J. Sci. Comput. 34 (2012).
    """
    width, neurons = objective.shape
    upper: Matrix = np.zeros((0, width + neurons))
    at_once = max(4096, 4 * (width + neurons))
    for start in range(0, len(objective.extended), at_once):
        rows = slice(start, start + at_once)
        X, few = objective.extended[rows], len(upper)
        block = np.empty((few + len(X), width + neurons), order="F")  # as LAPACK takes it
        block[:few], block[few:, :width], block[few:, width:] = upper, X, objective.D[rows]
        block[few:] *= np.sqrt(objective.factor[rows, None])
        upper = _triangular(block)
    return LeastSquares(upper[:, :width], upper[:, width:], len(objective.extended))


def _triangular(block: Matrix) -> Matrix:
    """R of a factorisation block = Q R, with Q orthogonal; the `block` is overwritten."""
    from scipy.linalg.lapack import dgeqrf

    factors, _, _, _ = dgeqrf(block, overwrite_a=1)
    return np.triu(factors[: block.shape[1]])
