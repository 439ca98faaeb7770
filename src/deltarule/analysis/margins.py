"""The margins of a set of patterns as one matrix, and the layer whose least margin is the largest.

What a margin is depends on the kind of layer: see `deltarule.analysis.kinds`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deltarule.analysis.kinds import cost_kind
from deltarule.checks import Matrix, Vector
from deltarule.errors import InputError
from deltarule.layers import Layer


@dataclass(frozen=True, eq=False)
class Margins:
    """All margins of a set of patterns.

    Attributes
    ----------
    matrix : (M, (N+1) K), sparse: `matrix @ theta.ravel()` are the margins of theta = (W; b).
    pattern : (M,) the pattern of each margin, counted from 0.
    neuron : (M,) the other neuron (softmax), or the margin's own neuron (logistic), counted from 0.
    """

    matrix: Any
    pattern: NDArray[np.intp]
    neuron: NDArray[np.intp]

    def of(self, theta: Matrix) -> Vector:
        """The margins (M,) of a layer's (W; b), an (N+1, K) matrix."""
        margins: Vector = self.matrix @ theta.ravel()
        return margins

    def size(self, theta: Matrix) -> Vector:
        """The sum of the absolute terms of each margin (M,), by which its rounding is measured."""
        size: Vector = abs(self.matrix) @ np.abs(theta.ravel())
        return size


def margins(layer: Layer, X: Matrix, D: Matrix) -> Margins:
    """The margins of patterns, of layers of one kind.

    Parameters
    ----------
    layer : of that kind; its weights do not matter, but whether it has biases.
    X : (P, N) inputs.
    D : (P, K) desired outputs.

    Raises
    ------
    InputError
        If the kind has no margins.
    """
    from scipy.sparse import csr_array

    margin_terms = cost_kind(layer).margin_terms
    if margin_terms is None:
        raise InputError(
            "layer",
            "be of a kind with margins: softmax or logistic",
            f"a {layer.kind} layer",
            "Give one of these, or add the margins of this kind to deltarule.analysis.kinds.",
        )
    found = margin_terms(D)
    extended = np.column_stack([X, np.full(len(X), float(layer.has_biases))])
    width, neurons = extended.shape[1], D.shape[1]
    entries = np.concatenate([sign[:, None] * extended[found.pattern] for _, sign in found.terms]).ravel()
    columns = np.concatenate([column[:, None] + neurons * np.arange(width) for column, _ in found.terms]).ravel()
    rows = np.tile(np.repeat(np.arange(len(found.pattern)), width), len(found.terms))
    matrix = csr_array((entries, (rows, columns)), shape=(len(found.pattern), width * neurons))
    return Margins(matrix, found.pattern, found.neuron)


def maximum_margin(margins: Margins, theta: Matrix) -> Matrix | None:
    """The (W; b) of Euclidean norm 1 whose least margin is the largest, (N+1, K); None where rounding leaves it uncertain.

    It has the direction of the theta with the least norm among those with all margins at least 1: a least-distance problem, which
    non-negative least squares solves (Lawson and Hanson, Solving Least Squares Problems, 1974, chapter 23, algorithm LDP).

    Parameters
    ----------
    margins : of separable patterns.
    theta : (N+1, K) any (W; b) with all margins above 0, which sets the scale.
    """
    from scipy.optimize import nnls

    rows = margins.matrix.toarray()
    # Largest entries of 1, so that no square overflows.
    rows, theta = rows / np.abs(rows).max(), theta / np.abs(theta).max()
    reach = float((rows @ theta.ravel()).min() / np.linalg.norm(theta))
    aim = np.zeros(rows.shape[1] + 1)
    aim[-1] = 1.0
    # Norm 1 reaches margins of at least `reach`, so the solution is not large, and its distance from 0 is above rounding.
    equations = np.vstack([rows.T, np.full(len(rows), reach)])
    try:
        multipliers, _ = nnls(equations, aim)
    except RuntimeError:  # the method has a limit of iterations of its own
        return None
    active = multipliers > 0
    # The active margins are all equal: solving just that is more exact than what `nnls` leaves.
    found, *_ = np.linalg.lstsq(rows[active], np.ones(int(active.sum())), rcond=None)
    with np.errstate(over="ignore"):
        norm = np.linalg.norm(found)
    if not 0 < norm < np.inf:
        return None
    found = found / norm
    reached = rows @ found
    if reached.min() <= 0 or reached.min() < (1 - 1e-9) * reached[active].max():
        return None
    widest: Matrix = found.reshape(theta.shape)
    return widest
