"""The cost of a layer as a function of one vector, with its gradient and curvature, as methods of optimisation take it.

theta = (W; b) is an (N+1, K) matrix whose last row holds the biases, or the same numbers row by row in one vector.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from deltarule.checks import Matrix, Vector
from deltarule.descent import Descent
from deltarule.layers import Layer, Patterns


@dataclass(frozen=True, eq=False)
class Objective:
    """J as a function of theta, for layers of one kind on one set of patterns. All formulas are the layer's.

    Attributes
    ----------
    kind : a layer of that kind; its weights do not matter.
    patterns : the patterns, with their weights.
    descent : the reduction and the weight decay of the cost.
    extended : (P, N+1) X~: the inputs, and a column of ones for the biases.
    decay : (N+1, 1) the weight decay of each row of theta; 0 for the biases.
    """

    kind: Layer
    patterns: Patterns
    descent: Descent
    extended: Matrix
    decay: Matrix

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
        return self.kind.with_unchecked_parameters(stacked[:-1].copy(), stacked[-1].copy())

    def value(self, theta: Vector) -> float:
        """J."""
        return self.layer(theta).unchecked_evaluate(self.patterns, self.descent.reduction, self.descent.weight_decay)[0]

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
    extended = np.column_stack([patterns.X, np.ones(len(patterns.X))]).astype(np.float64)
    decay = np.full((layer.inputs + 1, 1), descent.weight_decay)
    decay[-1] = 0.0
    return Objective(layer.astype(np.float64), patterns, descent, extended, decay)


def flat(layer: Layer) -> Vector:
    """A layer's weights and biases in one vector."""
    return np.vstack([layer.weights, layer.biases]).ravel()
