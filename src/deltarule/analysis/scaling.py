"""Inputs in units of their own: shifted by their means and scaled by their deviations, and weights mapped there and back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deltarule.analysis.inputs import squares
from deltarule.checks import Matrix, Vector
from deltarule.layers import Layer

# The exponent of the smallest deviation that counts, against the largest entry: less than the last digit of float64.
LEAST_DEVIATION = -60
# Powers of two up to this, and down to it, are normal numbers of float64.
FITTING = 1000
# And those whose squares, and sums of many of them, are.
SQUARES_FIT = 400
# Inputs that are few.
FEW = 32


@dataclass(frozen=True, eq=False)
class Scaling:
    """z_n = (x_n - centre_n) / 2^e_n, so that x . w + b = z . theta + c with w_n = theta_n / 2^e_n and b = c - centre . w.

    Powers of two cost no digit: a weight has as many as its theta.

    Attributes
    ----------
    exponents : (N,) whole numbers e.
    centre : (N,) in units of 2^e; 0 where the layers have no biases, since nothing can be shifted then.
    """

    exponents: NDArray[np.int_]
    centre: Vector

    def layer(self, kind: Layer, theta: Matrix) -> Layer:
        """The layer of a `kind` with these theta = (W; b), (N+1, K), of the scaled inputs."""
        biases = theta[-1] - self.centre @ theta[:-1] if kind.has_biases else np.zeros(kind.neurons)
        return kind.with_unchecked_parameters(np.ldexp(theta[:-1], -self.exponents[:, None]), biases)

    def theta(self, layer: Layer) -> Matrix:
        """(N+1, K) theta = (W; b) of the scaled inputs, of a `layer` of the inputs as they are."""
        W = np.ldexp(layer.weights.astype(np.float64), self.exponents[:, None])
        return np.vstack([W, layer.biases + self.centre @ W])

    def decay(self, weight_decay: float, decay_biases: bool = False) -> Vector:
        """(N+1,) the decay of each row of theta: L / 4^e, with `weight_decay` L; for the biases 0, or L if `decay_biases`."""
        return np.append(np.ldexp(weight_decay, -2 * self.exponents), weight_decay if decay_biases else 0.0)


def scaled(
    X: Matrix, weights: Vector, has_biases: bool, weight_decay: float = 0.0, *, shifted: bool = True
) -> tuple[Matrix, Scaling]:
    """The inputs in units of their own with a column of ones, (P, N+1), and the scaling.

    Parameters
    ----------
    X : (P, N) inputs.
    weights : (P,) of the patterns, of which means and deviations are.
    has_biases : whether there are biases. False: the inputs are not shifted, and the last column is of zeros.
    weight_decay : L of the weights, the largest that is to come, beside a mean over the patterns.
    shifted : whether inputs may be shifted where there are biases. False: the biases are decayed as they are.
    """
    P, N = X.shape
    extended = np.empty((P, N + 1))
    extended[:, -1] = float(has_biases)
    Z = extended[:, :-1]
    columns = np.ascontiguousarray(X.T) if N < FEW else X.T  # of rows that are short NumPy takes long to find the least
    low, high = columns.min(axis=1).astype(np.float64), columns.max(axis=1).astype(np.float64)
    exponents = np.frexp(np.maximum(high, -low))[1].astype(np.int_)
    # Where squares fit float64, deviations are worked out from inputs as they are, which saves a pass over them.
    first = exponents if np.abs(exponents).max(initial=0) > SQUARES_FIT else np.zeros_like(exponents)
    Z[...] = X
    _times_powers(Z, -first)
    share = weights.astype(np.float64) / weights.sum(dtype=np.float64)
    centre = np.zeros(N)
    if has_biases and shifted:
        low, high = np.ldexp(low, -first), np.ldexp(high, -first)  # those of Z, since a power of two keeps the order
        centre = np.where(low == high, low, np.minimum(np.maximum(share @ Z, low), high))
        Z -= centre
    deviation = np.sqrt(np.einsum("p,pn,pn->n", share, Z, Z))
    units = _units(deviation, first, exponents, weight_decay)
    _times_powers(Z, first - units)
    return extended, Scaling(units, np.ldexp(centre, first - units))


def scaled_sparse(X: Any, weights: Vector, has_biases: bool, weight_decay: float = 0.0) -> tuple[Any, Scaling]:
    """`scaled`, of sparse inputs, which are not shifted, so that they stay sparse. Their deviation is that from 0.

    The parameters are those of `scaled`.
    """
    from scipy.sparse import csr_array, hstack

    P, N = X.shape
    Z = csr_array(X, dtype=np.float64, copy=True)
    largest = np.zeros(N)
    np.maximum.at(largest, Z.indices, np.abs(Z.data))
    exponents = np.frexp(largest)[1].astype(np.int_)
    Z.data = np.ldexp(Z.data, -exponents[Z.indices])
    deviation = np.sqrt(squares(Z, weights.astype(np.float64) / weights.sum(dtype=np.float64)))
    units = _units(deviation, exponents, exponents, weight_decay)
    Z.data = np.ldexp(Z.data, (exponents - units)[Z.indices])
    last = np.full((P, 1), float(has_biases))
    return hstack([Z, csr_array(last)], format="csr"), Scaling(units, np.zeros(N))


def _units(
    deviation: Vector, first: NDArray[np.int_], exponents: NDArray[np.int_], weight_decay: float
) -> NDArray[np.int_]:
    """The exponents that make deviations about 1; a weight whose decay outweighs its input counts in the decay's unit.

    Parameters
    ----------
    deviation : (N,) in units of 2^first.
    first : (N,) exponents.
    exponents : (N,) those of the largest entries.
    weight_decay : as in `scaled`.
    """
    least = exponents + LEAST_DEVIATION
    units = np.where(deviation > 0, np.maximum(np.frexp(deviation)[1] + first, least), exponents)
    return np.maximum(units, int(np.frexp(np.sqrt(weight_decay))[1])) if weight_decay else units


def _times_powers(Z: Matrix, exponents: NDArray[np.int_]) -> None:
    """Multiply each column by a power of two, in two factors where one alone may not fit float64."""
    largest = int(np.abs(exponents).max(initial=0))
    for part in (exponents,) if largest <= FITTING else (exponents // 2, exponents - exponents // 2):
        if largest:
            Z *= np.ldexp(1.0, part)
