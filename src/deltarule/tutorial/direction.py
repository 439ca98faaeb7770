"""Question 1's descent far beyond 1500 updates: the weights grow without end while their direction settles."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deltarule.analysis.optimum import optimum
from deltarule.layers import Layer
from deltarule.problem import Problem
from deltarule.training import train

# Updates of the long descent: enough to see the direction settle.
UPDATES = 200_000


def long_descent(problem: Problem) -> dict[str, Any]:
    """Cost, size and direction of the layer after 1, 2, 3, 5, ... updates, by name.

    The direction that separable classes lead to is that of the layer with the largest margin (Soudry et al., "The implicit
    bias of gradient descent on separable data", 2018).

    Parameters
    ----------
    problem : the problem `question_1`.
    """
    rounded = {int(m * 10**power) for power in range(6) for m in (1, 1.5, 2, 3, 5, 7)}
    updates = sorted(count for count in rounded | {UPDATES} if count <= UPDATES)
    limit = optimum(problem).direction
    layers, layer, done = [], problem.layer, 0
    for count in updates:
        descent = replace(problem.descent, epochs=count - done)
        layer = train(layer, problem.X, problem.targets, descent, record_every=0, on_interrupt="raise").layer
        layers.append(layer)
        done = count
    return {
        "updates": updates,
        "layers": layers,
        "cost": [layer.cost(problem.X, problem.targets) for layer in layers],
        "weight_norm": [float(np.linalg.norm(layer.weights)) for layer in layers],
        "degrees_from_maximum_margin": None if limit is None else [degrees_between(layer, limit) for layer in layers],
    }


def degrees_between(a: Layer, b: Layer) -> float:
    """The angle between the parameters of two softmax layers, `a` and `b`, in degrees."""
    first, second = _parameters(a), _parameters(b)
    cosine = first @ second / (np.linalg.norm(first) * np.linalg.norm(second))
    return float(np.degrees(np.arccos(np.clip(cosine, -1, 1))))


def _parameters(layer: Layer) -> NDArray[Any]:
    """W and b as one vector, less what all neurons share, which does not change the outputs of softmax."""
    stacked = np.vstack([layer.weights, layer.biases])
    parameters: NDArray[Any] = (stacked - stacked.mean(axis=1, keepdims=True)).ravel()
    return parameters
