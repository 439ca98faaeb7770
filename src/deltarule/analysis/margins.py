"""Margins: how far each pattern is on the right side of each boundary, as linear functions of the weights and biases.

With x~ = (x, 1) and theta = (W; b), an (N+1, K) matrix whose last row holds the biases, every margin is linear in theta:

    softmax    u_label - u_k = x~ . (theta_label - theta_k)      one for each pattern and each k other than its label
    logistic   (2d - 1) u_k = (2d - 1) x~ . theta_k              one for each pattern and each neuron

A layer makes no error where all its margins are above 0. The cost of either layer falls as margins grow.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deltarule.checks import Matrix, Vector
from deltarule.layers import Layer, SoftmaxLayer


@dataclass(frozen=True, eq=False)
class Margins:
    """All margins of a set of patterns.

    Attributes
    ----------
    matrix : (M, (N+1) K), sparse: `matrix @ theta.ravel()` are the margins.
    pattern : (M,) whose margin.
    neuron : (M,) against which other neuron (softmax), or of which neuron (logistic).
    neurons : K.
    """

    matrix: Any
    pattern: NDArray[np.intp]
    neuron: NDArray[np.intp]
    neurons: int

    def of(self, theta: Matrix) -> Vector:
        """The margins (M,) of a layer's (W; b)."""
        margins: Vector = self.matrix @ theta.ravel()
        return margins

    def size(self, theta: Matrix) -> Vector:
        """The sum of the absolute terms of each margin (M,): what its rounding is measured by."""
        size: Vector = abs(self.matrix) @ np.abs(theta.ravel())
        return size


def margins(layer: Layer, X: Matrix, D: Matrix) -> Margins:
    """The margins of patterns X (P, N) with desired outputs D (P, K), of a softmax or logistic layer; its weights do not matter."""
    from scipy.sparse import csr_array

    extended = np.column_stack([X, np.ones(len(X))])
    width, neurons = extended.shape[1], D.shape[1]
    if isinstance(layer, SoftmaxLayer):
        pattern, neuron = np.nonzero(D == 0)
        terms: list[tuple[Any, Any]] = [
            (D.argmax(axis=1)[pattern], np.ones(len(pattern))),
            (neuron, -np.ones(len(pattern))),
        ]
    else:
        pattern, neuron = (place.ravel() for place in np.indices(D.shape))
        terms = [(neuron, 2 * D.ravel() - 1)]
    entries = np.concatenate([sign[:, None] * extended[pattern] for _, sign in terms]).ravel()
    columns = np.concatenate([column[:, None] + neurons * np.arange(width) for column, _ in terms]).ravel()
    rows = np.tile(np.repeat(np.arange(len(pattern)), width), len(terms))
    matrix = csr_array((entries, (rows, columns)), shape=(len(pattern), width * neurons))
    return Margins(matrix, pattern, neuron, neurons)


def maximum_margin(margins: Margins, theta: Matrix) -> Matrix | None:
    """The (W; b) of Euclidean norm 1 whose least margin is the largest; None where rounding leaves it uncertain.

    It has the direction of the theta with the least norm among those with all margins at least 1: a least-distance problem, which
    non-negative least squares solves (Lawson and Hanson, Solving Least Squares Problems, 1974, chapter 23, algorithm LDP).

    Parameters
    ----------
    theta : (N+1, K) some (W; b) with all margins above 0, which sets the scale.
    """
    from scipy.optimize import nnls

    rows = margins.matrix.toarray()
    # Largest entries of 1, so that no square overflows.
    rows, theta = rows / np.abs(rows).max(), theta / np.abs(theta).max()
    reach = float((rows @ theta.ravel()).min() / np.linalg.norm(theta))
    aim = np.zeros(rows.shape[1] + 1)
    aim[-1] = 1.0
    # Margins of at least `reach` are had with norm 1, so the solution is not large: this keeps `distance` away from rounding.
    equations = np.vstack([rows.T, np.full(len(rows), reach)])
    try:
        multipliers, _ = nnls(equations, aim)
    except RuntimeError:  # the method's own limit of iterations
        return None
    active = multipliers > 0
    # On the vectors that hold it, each margin is the same: to solve just that is more exact than what `nnls` leaves.
    found, *_ = np.linalg.lstsq(rows[active], np.ones(int(active.sum())), rcond=None)
    found = found / np.linalg.norm(found)
    reached = rows @ found
    if reached.min() <= 0 or reached.min() < (1 - 1e-9) * reached[active].max():
        return None
    widest: Matrix = found.reshape(theta.shape)
    return widest
