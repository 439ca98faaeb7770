"""The cost of a layer as a function of one vector, with its gradient and curvature, as methods of optimisation take it.

theta = (W; b) is an (N+1, K) matrix whose last row holds the biases, or the same numbers row by row in one vector.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deltarule.checks import Matrix, Vector
from deltarule.descent import Descent
from deltarule.layers import Layer, Patterns

# Inputs whose largest entry lies between these are taken as they are.
ORDINARY = (1e-8, 1e8)
# So are weight decays up to this one.
LARGEST_DECAY = 1e16


@dataclass(frozen=True, eq=False)
class Objective:
    """J as a function of theta, for layers of one kind on one set of patterns. All formulas are the layer's.

    Attributes
    ----------
    kind : a layer of that kind; its weights do not matter.
    patterns : the patterns, with their weights.
    descent : the reduction and the weight decay of the cost.
    extended : (P, N+1) X~: the inputs, and a column of ones for the biases, of zeros where there are none.
    decay : (N+1, 1) the weight decay of each row of theta; 0 for the biases.
    exponents : (N,) whole numbers e: input n counts in units of 2^e, and its weights in units of 2^-e. 0 but for inputs far from
        1, whose products float64 does not hold. Powers of two cost no digit.
    """

    kind: Layer
    patterns: Patterns
    descent: Descent
    extended: Matrix
    decay: Matrix
    exponents: NDArray[np.int_]

    @property
    def size(self) -> int:
        """The length of theta as a vector."""
        return (self.kind.inputs + 1) * self.kind.neurons

    def matrix(self, theta: Vector) -> Matrix:
        """Theta as a matrix (N+1, K)."""
        return theta.reshape(self.kind.inputs + 1, self.kind.neurons)

    def layer(self, theta: Vector) -> Layer:
        """The layer with these weights and biases."""
        stacked = self.matrix(theta)
        return self.kind.with_unchecked_parameters(np.ldexp(stacked[:-1], -self.exponents[:, None]), stacked[-1].copy())

    def theta(self, layer: Layer) -> Vector:
        """A layer's weights and biases in one vector."""
        return np.vstack([np.ldexp(layer.weights, self.exponents[:, None]), layer.biases]).ravel()

    def value(self, theta: Vector) -> float:
        """J."""
        stacked = self.matrix(theta)
        layer = self.kind.with_unchecked_parameters(stacked[:-1], stacked[-1])
        cost, _ = layer.unchecked_evaluate(self.patterns, self.descent.reduction)
        return cost + 0.5 * float(np.sum(self.decay * stacked**2))

    def gradient(self, theta: Vector) -> Vector:
        """X~^T delta + L theta, in one vector."""
        stacked = self.matrix(theta)
        delta = self.kind.unchecked_scaled_delta(self.extended @ stacked, self.patterns, self.descent.reduction)
        gradient: Matrix = self.extended.T @ delta + self.decay * stacked
        return gradient.ravel()

    def hessian_times(self, theta: Vector, vector: Vector) -> Vector:
        """The second derivatives of J times a vector V: X~^T (C (X~ V)) + L V, with C the patterns' curvatures."""
        V = self.matrix(vector)
        v = self.patterns.sample_weight
        factor = v * self.kind.scale(v, self.descent.reduction)
        curvature = self.kind.pattern_curvature(self.extended @ self.matrix(theta), self.patterns.D)
        change = np.einsum("pkj,pj->pk", curvature, self.extended @ V) * factor[:, None]
        product: Matrix = self.extended.T @ change + self.decay * V
        return product.ravel()


def objective(layer: Layer, patterns: Patterns, descent: Descent) -> Objective:
    """The cost of layers of one kind, as a function of their weights and biases in float64.

    Parameters
    ----------
    layer : a layer of that kind; its weights do not matter.
    patterns : the patterns, with their weights.
    descent : its reduction and its weight decay make the cost.
    """
    exponents = _exponents(patterns.X, descent.weight_decay)
    X = np.ldexp(patterns.X.astype(np.float64), -exponents)
    extended = np.column_stack([X, np.full(len(X), float(layer.has_biases))])
    decay = np.zeros((layer.inputs + 1, 1))
    decay[:-1, 0] = np.ldexp(descent.weight_decay, -2 * exponents)
    return Objective(layer.astype(np.float64), patterns._replace(X=X), descent, extended, decay, exponents)


def _exponents(X: Matrix, weight_decay: float) -> NDArray[np.int_]:
    """(N,) of each input's largest entry where that is far from 1; else 0.

    The decay of a weight times 4^-e, its part of the second derivatives, would be very large where an input is near 0, or the
    decay is. There the decay alone decides: e is then that of its root.
    """
    largest = np.abs(X).max(axis=0).astype(np.float64)
    far = (largest > 0) & ((largest < ORDINARY[0]) | (largest > ORDINARY[1]))
    found = np.where(far, np.frexp(largest)[1], 0)
    if not weight_decay:
        return found
    root = int(np.frexp(np.sqrt(weight_decay))[1])
    return np.maximum(found, root if weight_decay > LARGEST_DECAY else min(0, root))
