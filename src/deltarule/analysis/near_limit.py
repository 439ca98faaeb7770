"""A layer near the limit of a cost that has no minimum: what descent comes to after very many epochs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from deltarule.analysis.compiled_newton import compiled_newton
from deltarule.analysis.objective import objective
from deltarule.descent import Descent
from deltarule.layers import Layer, Patterns

# The weight decay that holds what would run away, for a pattern: outputs come within about 1e-6 of 0 and 1.
LITTLE = 1e-8


def near_limit(layer: Layer, patterns: Patterns, descent: Descent) -> Layer:
    """The layer of least cost with a little decay of what would grow for ever: 1e-8 a pattern.

    It is decay of the weights of inputs of mean 0 and deviation about 1, and of the biases; of the biases alone where the descent
    decays weights already. The less of it, the nearer the layer's direction is to that of the largest margin.

    Parameters
    ----------
    layer : of a convex kind; its weights do not matter.
    patterns : the patterns.
    descent : its reduction and its weight decay make the cost.

    References
    ----------
    Rosset, Zhu and Hastie, "Margin maximizing loss functions", NIPS 16 (2003).

    Examples
    --------
    >>> from deltarule import LogisticLayer
    >>> layer = LogisticLayer([[0.0]], [0.0], classes=["no", "yes"])
    >>> found = near_limit(layer, layer.patterns([[-1.0], [1.0]], ["no", "yes"]), Descent(1.0, 1))
    >>> found.output([[-1.0], [1.0]]).round(4).tolist()
    [[0.0], [1.0]]
    """
    counting = patterns.take(np.flatnonzero(patterns.sample_weight > 0))
    with np.errstate(all="ignore"):
        cost = objective(layer, counting, descent)
        decay = cost.decay.copy()
        held = slice(None) if descent.weight_decay == 0 else slice(-1, None)
        decay[held] = np.maximum(decay[held], LITTLE * cost.factor.sum())
        cost = replace(cost, decay=decay)
        point, _, _ = compiled_newton(cost, np.zeros(cost.shape))
    return cost.layer(point.theta)
