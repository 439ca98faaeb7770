"""The least sum of squares of linear layers, without iteration: an orthogonal factorisation that reveals the rank."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from deltarule.analysis.objective import Objective, Point
from deltarule.checks import Matrix


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
        decay = np.sqrt(objective.decay[:, 0])
        rows = np.vstack([self.R, np.diag(decay)[decay > 0]])
        norms = np.sqrt(np.sum(rows**2, axis=0))
        norms[norms == 0] = 1.0
        left, sizes, right = np.linalg.svd(rows / norms, full_matrices=False)
        counts = sizes > np.finfo(np.float64).eps * max(self.rows, len(norms)) * sizes.max(initial=0.0)
        left, sizes, right = left[:, counts], sizes[counts], right[counts]
        aim = np.vstack([self.C, np.zeros((len(rows) - len(self.C), self.C.shape[1]))])
        theta = (right.T @ ((left.T @ aim) / sizes[:, None])) / norms[:, None]

        def step(point: Point) -> Matrix:
            scaled = right @ (point.gradient / norms[:, None])
            return np.asarray(-(right.T @ (scaled / sizes[:, None] ** 2)) / norms[:, None])

        point = objective.at(theta)
        refined = objective.at(theta + step(point))  # what rounding left
        if float(np.abs(refined.gradient).max()) < float(np.abs(point.gradient).max()):
            point = refined
        return point, step(point), [point.value]


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
    upper = np.zeros((0, width + neurons))
    at_once = max(4096, 4 * (width + neurons))
    for start in range(0, len(objective.extended), at_once):
        rows = slice(start, start + at_once)
        block = np.column_stack([objective.extended[rows], objective.D[rows]])
        block *= np.sqrt(objective.factor[rows, None])
        upper = np.asarray(np.linalg.qr(np.vstack([upper, block]), mode="r"))
    return LeastSquares(upper[:, :width], upper[:, width:], len(objective.extended))
