"""A bound on the curvature of the cost, and the learning rate that follows from it.

Where no second derivative of J along a direction of length 1 is above H, full-batch descent at the rate 1/H lowers the cost with
each update, and it converges below the rate 2/H (Nesterov, "Introductory Lectures on Convex Optimization", 2004, section 1.2.3).
With c, a bound on the second derivatives of a pattern's cost by its synaptic inputs, and x~ = (x, 1),

    H = c lambda_max(X~^T V X~) + L,    V the weights of the patterns, times the factor of the reduction.

A linear layer has c = 1 exactly; biases, which are not decayed, may make its largest second derivative smaller by up to L.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from deltarule.checks import Vector
from deltarule.descent import Descent
from deltarule.layers import (
    AdalineLayer,
    Layer,
    LinearLayer,
    LogisticLayer,
    Patterns,
    PerceptronLayer,
    SoftmaxLayer,
    row_of,
)

# The largest |y^2 (1 - y) (2 - 3y)|, the second derivative of 1/2 (d - y)^2 by u for the sigmoid and d = 0; for d = 1 it is the
# same with 1 - y, and targets in between are between. It is at y = (15 - sqrt 33) / 24.
SIGMOID = 0.0770293
# tanh u = 2 y - 1 with the sigmoid y of 2u: 2^2 for the outputs, 2^2 for the inputs.
TANH = 16 * SIGMOID
# Böhning, "Multinomial logistic regression algorithm", Ann. Inst. Statist. Math. 44 (1992): diag(y) - y y^T is at most
# (I - 1 1^T / K) / 2. Of one neuron y (1 - y) is at most 1/4.
OF_KINDS: dict[type[Layer], Callable[[Any], float]] = {
    LinearLayer: lambda _: 1.0,
    AdalineLayer: lambda _: 1.0,
    LogisticLayer: lambda _: 1 / 4,
    SoftmaxLayer: lambda _: 1 / 2,
    PerceptronLayer: lambda layer: SIGMOID if layer.activation == "sigmoid" else TANH,
}
# Of more inputs, and of sparse ones, the largest eigenvalue is found by Lanczos' method, to this part of it.
MANY, NEAR = 1024, 1e-3
# Rows whose products are summed at once.
ROWS = 1 << 14


def largest_curvature(layer: Layer, training: Patterns, descent: Descent) -> float | None:
    """H, a bound on the second derivatives of the cost; None where none is known of the kind of layer, or H overflows.

    In mini-batches of B patterns it is that of any batch: c B max v |x~|^2 + L is one, for a mean c max |x~|^2 + L.
    For perceptron layers it holds of targets between the limits of their outputs.

    Parameters
    ----------
    layer : of the kind; its weights do not matter.
    training : the patterns.
    descent : its reduction, weight decay and batch size count.

    Examples
    --------
    >>> layer = LinearLayer([[0.0]], [0.0])
    >>> round(largest_curvature(layer, layer.patterns([[-1.0], [1.0]], [0.0, 0.0]), Descent(0.1, 1)), 6)
    2.0
    """
    known = row_of(OF_KINDS, layer)
    if known is None:
        return None
    c, v = known(layer), training.sample_weight.astype(np.float64)
    with np.errstate(over="ignore", invalid="ignore"):
        found = c * _of_patterns(layer, training.X, v, descent) + descent.weight_decay
    return found if np.isfinite(found) else None


def _of_patterns(layer: Layer, X: Any, v: Vector, descent: Descent) -> float:
    """The largest eigenvalue of X~^T V X~, of all patterns, or a bound on that of a batch: no matrix has one above its trace."""
    batch, factor = descent.batch_size, layer.factor_of_mean(descent.reduction)
    if batch is None or descent.is_full_batch(len(v)):
        return layer.scale(v, descent.reduction) * _of_all(X, v, layer.has_biases)
    largest = 0.0
    for start in range(0, len(v), ROWS):
        rows = slice(start, start + ROWS)
        some = X[rows]
        squares = np.asarray(
            (some.multiply(some) if hasattr(some, "multiply") else np.square(some)).sum(axis=1)
        ).ravel()
        sizes = squares.astype(np.float64) + layer.has_biases
        largest = np.maximum(largest, (sizes if factor is not None else v[rows] * sizes).max())
    return (batch if factor is None else factor) * float(largest)


def _of_all(X: Any, v: Vector, has_biases: bool) -> float:
    """The largest eigenvalue of X~^T V X~: of the smaller of it and X~ X~^T, each weighted."""
    root, ones = np.sqrt(v), np.full((len(v), int(has_biases)), 1.0)
    if max(X.shape[1], 1) > MANY or hasattr(X, "multiply"):
        return _by_lanczos(X, root, ones)
    width = X.shape[1] + ones.shape[1]
    if width <= len(X):  # some rows at once, so that no copy of X is made
        product = np.zeros((width, width))
        for start in range(0, len(X), ROWS):
            rows = slice(start, start + ROWS)
            weighted = np.column_stack([X[rows], ones[rows]]).astype(np.float64) * root[rows, None]
            product += weighted.T @ weighted
    else:
        weighted = np.column_stack([X, ones]).astype(np.float64) * root[:, None]
        product = weighted @ weighted.T
    return float(np.linalg.eigvalsh(product)[-1]) if np.isfinite(product).all() else np.inf


def _by_lanczos(X: Any, root: Vector, ones: Any) -> float:
    from scipy.sparse.linalg import LinearOperator, eigsh

    width, started = X.shape[1], np.random.default_rng(0)

    def product(theta: Vector) -> Vector:
        theta = theta.ravel()
        u = root**2 * (X @ theta[:width] + ones @ theta[width:])
        return np.concatenate([X.T @ u, ones.T @ u])

    size = width + ones.shape[1]
    if size < 3:  # too few for the method
        return float(np.linalg.eigvalsh(np.column_stack([product(row) for row in np.eye(size)]))[-1])
    operator = LinearOperator((size, size), matvec=product, dtype=np.float64)
    found = eigsh(operator, k=1, tol=NEAR, v0=started.normal(size=size), return_eigenvectors=False)
    return float(found[0]) * (1 + NEAR)
