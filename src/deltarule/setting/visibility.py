"""Whether each part of the work shows in the printed figures, so that whoever forgets it is found out.

Let c be what a part contributes to a figure, and u a unit of its last decimal. Where |c| >= u, the figure with the part and the
figure without it differ as they are printed, however they are rounded. A part shows if that is so of some entry:

    the cost                          J
    delta                             delta
    the gradients                     X^T delta + L W,  1^T delta
    the updates                       a dJ/dW,  a dJ/db
    the learning rate                 (1 - a) dJ/dW
    the biases in U, unless all are 0   b
    the weight decay L, if there is one   L W in the gradient, L/2 sum W^2 in the cost
    the decay of biases, unless all are 0   L b in their gradient

Whether the cost is a sum or a mean shows unless there is one pattern, or the factor between the two is 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike

from deltarule.checks import Matrix, Vector
from deltarule.descent import Descent
from deltarule.layers import Layer

# A contribution of exactly one unit, such as 0.01, counts although binary fractions miss it.
ROUNDING = 1e-9


class Gradients(Protocol):
    """What an update is made of; `Step` and `Iteration` have these."""

    @property
    def delta(self) -> Matrix:
        """(P, K)."""

    @property
    def weight_gradient(self) -> Matrix:
        """(N, K)."""

    @property
    def bias_gradient(self) -> Vector:
        """(K,)."""


def hidden_parts(layer: Layer, gradients: Gradients, cost: float, descent: Descent, decimals: int) -> Iterator[str]:
    """The parts of an iteration that do not show, a phrase each; nothing if all show.

    Parameters
    ----------
    layer : the layer before the update.
    gradients : delta (P, K), dJ/dW (N, K) and dJ/db (K,) of the update.
    cost : J before the update.
    descent : its learning rate, weight decay and reduction.
    decimals : how many are printed.

    Examples
    --------
    >>> from deltarule import Descent, LinearLayer, iterate
    >>> descent = Descent(0.004, 1)
    >>> worked = iterate(LinearLayer([[1.0]], [0.5]), [[1.0], [2.0]], [[2.5], [3.5]], descent)
    >>> list(hidden_parts(worked.initial, worked, worked.cost, descent, decimals=2))
    ['the update of b (0.008 at most)', 'the difference between sum and mean']
    """
    unit = 10.0**-decimals * (1 - ROUNDING)
    for part, values in _contributions(layer, gradients, cost, descent):
        largest = float(np.max(np.abs(values)))
        if largest < unit:
            yield f"{part} ({largest:.3g} at most)"
    patterns = len(gradients.delta)
    other = "mean" if descent.reduction == "sum" else descent.reduction
    if patterns == 1 or layer.scale(np.ones(patterns), other) == 1:
        yield "the difference between sum and mean"


def _contributions(
    layer: Layer, gradients: Gradients, cost: float, descent: Descent
) -> Iterator[tuple[str, ArrayLike]]:
    rate, decay = descent.learning_rate, descent.weight_decay
    yield "the cost", cost
    yield "delta", gradients.delta
    yield "dJ/dW", gradients.weight_gradient
    yield "dJ/db", gradients.bias_gradient
    yield "the update of W", rate * gradients.weight_gradient
    yield "the update of b", rate * gradients.bias_gradient
    yield "the learning rate in the update of W", (1 - rate) * gradients.weight_gradient
    if layer.biases.any():
        yield "b in U", layer.biases
    if decay:
        yield "the weight decay in dJ/dW", decay * layer.weights
        yield "the weight decay in the cost", 0.5 * decay * np.sum(layer.weights**2)
    if descent.decay_biases and layer.biases.any():
        yield "the decay of the biases in dJ/db", decay * layer.biases
