"""The cost of a layer as a function of its parameters, with its gradient and curvature, as methods of optimisation take it.

theta = (W; b) is an (N+1, K) matrix whose last row holds the biases, in the units of `scaling`: each input is shifted and scaled,
so that neither the origin nor the unit of an input matters.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from deltarule.analysis.inputs import is_sparse, transposed_times
from deltarule.analysis.kinds import cost_kind
from deltarule.analysis.scaling import Scaling, scaled, scaled_sparse
from deltarule.checks import Matrix, Vector
from deltarule.descent import Descent
from deltarule.layers import Layer, Patterns

# Numbers of the inputs that are worked on at once: they stay in the cache from U = X W to X^T delta.
AT_ONCE = 1 << 16
FEWEST_ROWS = 256
# Numbers of U that are worked on at once where inputs are sparse, whose rows take long to cut.
OF_SPARSE = 1 << 24


@dataclass(frozen=True, eq=False)
class Point:
    """The cost at one theta.

    Attributes
    ----------
    theta : (N+1, K).
    value : J.
    gradient : (N+1, K) dJ/dtheta = X~^T delta + L theta.
    U : (P, K) synaptic inputs.
    Y : (P, K) outputs.
    """

    theta: Matrix
    value: float
    gradient: Matrix
    U: Matrix
    Y: Matrix


@dataclass(frozen=True, eq=False)
class Objective:
    """J as a function of theta, for layers of one kind on one set of patterns. All formulas are the layer's.

    Attributes
    ----------
    kind : a layer of that kind, in float64; its weights do not matter.
    extended : (P, N+1) X~: the inputs in units of their own, and a column of ones for the biases, of zeros where there are none;
        sparse where the inputs are.
    D : (P, K) desired outputs.
    factor : (P,) the weights of the patterns, times the factor of the reduction.
    decay : (N+1, 1) the weight decay of each row of theta; 0 for the biases.
    scaling : the units of the inputs.
    level : (K,) what was taken from the desired outputs as they are: of squares their means, so that these cost no digit; else 0.
    decay_biases : whether biases are decayed like weights. Inputs and targets are not shifted then.
    offset : (P, K) numbers that are added to U; None: none.
    """

    kind: Layer
    extended: Any
    D: Matrix
    factor: Vector
    decay: Matrix
    scaling: Scaling
    level: Vector
    decay_biases: bool = False
    offset: Matrix | None = None

    @property
    def shape(self) -> tuple[int, int]:
        """(N+1, K), the shape of theta."""
        return self.extended.shape[1], self.kind.neurons

    @property
    def convex(self) -> bool:
        """Whether each minimum is a least cost, and delta is Y - d."""
        return cost_kind(self.kind).convex

    @property
    def quadratic(self) -> bool:
        """Whether it is a sum of squares of U - d."""
        return cost_kind(self.kind).quadratic

    def with_decay(self, weight_decay: float) -> Objective:
        """The same cost with this weight decay in place of its own."""
        return replace(self, decay=self.scaling.decay(weight_decay, self.decay_biases)[:, None])

    def layer(self, theta: Matrix) -> Layer:
        """The layer of the inputs as they are with this `theta`."""
        return self.scaling.layer(self.kind, np.vstack([theta[:-1], theta[-1] + self.level]))

    def blocks(self) -> Iterator[slice]:
        """The rows, some at once."""
        at_once = OF_SPARSE // self.shape[1] if is_sparse(self.extended) else AT_ONCE // sum(self.shape)
        rows = max(FEWEST_ROWS, at_once)
        return (slice(start, start + rows) for start in range(0, len(self.D), rows))

    def inputs(self, rows: slice) -> Any:
        """X~ of some `rows`; all of them are not copied."""
        everything = rows.start == 0 and rows.stop >= len(self.D)
        return self.extended if everything else self.extended[rows]

    def at(self, theta: Matrix) -> Point:
        """The cost at `theta`, and its gradient, from one pass over the patterns."""
        U, Y = np.empty(self.D.shape), np.empty(self.D.shape)
        value, gradient = 0.5 * float(np.sum(self.decay * theta**2)), self.decay * theta
        for rows in self.blocks():
            X, D, factor = self.inputs(rows), self.D[rows], self.factor[rows]
            u = X @ theta
            if self.offset is not None:
                u += self.offset[rows]
            y, cost = self.kind.unchecked_outputs_and_cost(u, D)
            value += float(factor @ cost)
            U[rows], Y[rows] = u, y
            delta = (
                self.kind.unchecked_output_delta(Y[rows], D) if self.convex else self.kind.unchecked_pattern_delta(u, D)
            )
            gradient += transposed_times(X, delta * factor[:, None])
        return Point(theta, value, gradient, U, Y)

    def gradient_of_squares(self, theta: Matrix) -> Matrix:
        """The gradient of a quadratic cost at `theta` alone, in half the time of `at`."""
        gradient: Matrix = self.decay * theta
        for rows in self.blocks():
            X = self.inputs(rows)
            gradient += transposed_times(X, (X @ theta - self.D[rows]) * self.factor[rows, None])
        return gradient

    def hessian_times(self, point: Point, V: Matrix) -> Matrix:
        """The second derivatives of J at a `point` times V (N+1, K): X~^T (C (X~ V)) + L V, with C the patterns' curvatures."""
        product: Matrix = self.decay * V
        for rows in self.blocks():
            X = self.inputs(rows)
            product += transposed_times(X, self.curved(point, rows, X @ V) * self.factor[rows, None])
        return product

    def told_apart(self, V: Matrix) -> Matrix:
        """V (N+1, K) less what is the same in all neurons, where that changes nothing."""
        return V - V.mean(axis=1, keepdims=True) if cost_kind(self.kind).relative else V

    def curved(self, point: Point, rows: slice, change: Matrix) -> Matrix:
        """The change of delta of some rows for a `change` of their U (p, K): C times it."""
        if self.convex:
            return self.kind.unchecked_output_change(point.Y[rows], change)
        curvature = self.kind.pattern_curvature(point.U[rows], self.D[rows])
        return np.asarray(np.einsum("pkj,pj->pk", curvature, change))


def objective(layer: Layer, patterns: Patterns, descent: Descent, largest_decay: float | None = None) -> Objective:
    """The cost of layers of one kind, as a function of their weights and biases in float64.

    Parameters
    ----------
    layer : a layer of that kind; its weights do not matter.
    patterns : the patterns, with their weights.
    descent : its reduction and its weight decay make the cost.
    largest_decay : the largest weight decay that `with_decay` is to take; None: that of the descent.
    """
    kind, v = layer.astype(np.float64), patterns.sample_weight.astype(np.float64)
    largest_decay = descent.weight_decay if largest_decay is None else largest_decay
    factor = v * kind.unchecked_scale(v, descent.reduction)
    heaviest = largest_decay / float(factor.sum())
    if is_sparse(patterns.X):
        extended, scaling = scaled_sparse(patterns.X, v, layer.has_biases, heaviest)
    else:
        extended, scaling = scaled(patterns.X, v, layer.has_biases, heaviest, shifted=not descent.decay_biases)
    decay = scaling.decay(descent.weight_decay, descent.decay_biases)[:, None]
    D, level = patterns.D.astype(np.float64), np.zeros(layer.neurons)
    if cost_kind(kind).quadratic and layer.has_biases and not descent.decay_biases:
        level = np.minimum(np.maximum(v @ D / v.sum(), D.min(axis=0)), D.max(axis=0))
        D = D - level
    return Objective(kind, extended, D, factor, decay, scaling, level, descent.decay_biases)
