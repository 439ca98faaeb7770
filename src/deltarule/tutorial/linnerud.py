"""The Linnerud problem of question 2: how well a layer predicts, and the layers that descents start from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from deltarule.data import Scaling
from deltarule.descent import Descent
from deltarule.layers import Layer, PerceptronLayer
from deltarule.metrics import mean_square_error, r2
from deltarule.problem import Problem
from deltarule.training import Run, train


class Scores(NamedTuple):
    """Scores of each of the K variables, in the data's own units.

    Attributes
    ----------
    mse : (K,) mean square error.
    r2 : (K,) coefficient of determination.
    r2_swapped : (K,) the same with true values and predictions swapped, as the handout computes it.
    """

    mse: NDArray[Any]
    r2: NDArray[Any]
    r2_swapped: NDArray[Any]


class Linnerud(NamedTuple):
    """The problem, and its patterns with targets in their own units.

    Attributes
    ----------
    problem : inputs standardised, targets scaled to [0, 1].
    train, test : (P, N) standardised inputs and (P, K) targets in their own units.
    scaling : of the targets.
    """

    problem: Problem
    train: tuple[NDArray[Any], NDArray[Any]]
    test: tuple[NDArray[Any], NDArray[Any]]
    scaling: Scaling

    def scores(self, layer: Layer, patterns: tuple[NDArray[Any], NDArray[Any]]) -> Scores:
        """How well the layer predicts `train` or `test`."""
        predicted = self.scaling.undo(layer.output(patterns[0]))
        return Scores(mean_square_error(patterns[1], predicted), r2(patterns[1], predicted), r2(predicted, patterns[1]))


def linnerud(problem: Problem) -> Linnerud:
    """The problem with its targets in their own units."""
    if problem.test is None or problem.target_scaling is None:
        raise ValueError("question 2's problem file scales its targets and sets a test set aside")
    undo = problem.target_scaling.undo
    (X, D), (Xt, Dt) = (problem.X, problem.targets), problem.test
    return Linnerud(problem, (X, undo(D)), (Xt, undo(Dt)), problem.target_scaling)


def train_on(
    data: Linnerud,
    descent: Descent,
    engine: str,
    *,
    record_every: int = 0,
    layer: Layer | None = None,
    progress: bool | Callable[[int, float], None] = False,
) -> Run:
    """Train on the problem's training set, and record the cost of its test set too.

    Parameters
    ----------
    data : the problem.
    descent, engine, record_every, progress : as those of `deltarule.train`.
    layer : the initial layer; the problem's own if left out.
    """
    problem = data.problem
    return train(
        layer or problem.layer,
        problem.X,
        problem.targets,
        descent,
        engine,
        validation=problem.test,
        record_every=record_every,
        progress=progress,
        on_interrupt="raise",
    )


def uniform_layer(data: Linnerud, seed: int) -> Layer:
    """Weights and biases uniform on (-1/sqrt(N), 1/sqrt(N)): the default of deltarule and of PyTorch.

    Parameters
    ----------
    data : the problem, whose kind and shape the layer has.
    seed : of the random numbers.
    """
    layer = data.problem.layer
    return PerceptronLayer.random(layer.inputs, layer.neurons, seed)


def normal_layer(data: Linnerud, seed: int, scale: float = 1.0) -> Layer:
    """Normal weights and zero biases, which are common where a layer is written by hand.

    Parameters
    ----------
    data : the problem, whose kind and shape the layer has.
    seed : of the random numbers.
    scale : the standard deviation of the weights.
    """
    layer = data.problem.layer
    weights = scale * np.random.default_rng(seed).standard_normal(layer.weights.shape)
    return PerceptronLayer(weights, np.zeros(layer.neurons))
