"""Question 2's descents beyond the epochs of the handout: their minima, their epochs to convergence, the errors on the way."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from statistics import median
from typing import Any

import numpy as np

from deltarule.analysis.optimum import optimum
from deltarule.descent import Descent
from deltarule.json_values import json_value
from deltarule.layers import Layer
from deltarule.metrics import mean_square_error
from deltarule.problem import Problem
from deltarule.tutorial.linnerud import Linnerud, normal_layer, train_on, uniform_layer

# Standard deviation of initial weights so far from the origin that sigmoids start flat: other minima lie there.
FAR_DEVIATION = 10.0
# A curvature below this part of the largest counts as flat. The flattest minimum found here has 7e-6 of its largest.
FLAT_CURVATURE = 1e-6
# Epochs of the direct form after which the training error is the smallest one to 8 digits.
EPOCHS_TO_OPTIMUM = 300_000
# Convergence: the training error is within 1 % of the smallest one. All seeds get there within CONVERGENCE_EPOCHS.
CONVERGENCE_FACTOR, CONVERGENCE_EPOCHS = 1.01, 40_000
RECORD_EVERY = 100


def minima_of_descent(data: Linnerud, seeds: int) -> dict[str, Any]:
    """The minima that descent reaches from different initial layers.

    The cost is a sum over neurons that share no parameter, so each variable has minima of its own.

    Parameters
    ----------
    data : the problem.
    seeds : the number of initial layers.
    """
    problem = data.problem
    # Every other layer is far from the origin, where other minima lie.
    starts = [
        uniform_layer(data, seed) if seed % 2 else normal_layer(data, seed, scale=FAR_DEVIATION)
        for seed in range(seeds)
    ]
    descent = replace(problem.descent, reduction="mean")
    optima = [optimum(start, problem.X, problem.targets, descent) for start in starts]
    ends = [(it.cost, it.gradient_norm, it.layer) for it in optima if it.attained and it.layer is not None]
    cost, gradient_norm, best = min(ends, key=lambda end: end[0])
    scores = data.scores(best, data.test)
    layers = [layer for _, _, layer in ends]
    return {
        "train_mse_scaled": cost,
        "gradient_norm": gradient_norm,
        "test_mse": json_value(scores.mse),
        "test_r2": json_value(scores.r2),
        "weights": json_value(best.weights),
        "biases": json_value(best.biases),
        "initial_layers": len(optima),
        "minima": {name: _minima(problem, layers, k) for k, name in enumerate(problem.target_names)},
    }


def _minima(problem: Problem, layers: list[Layer], k: int) -> list[dict[str, Any]]:
    """The training errors of neuron k where descents end, and how many end there.

    At a minimum the cost curves upwards in every direction; on a plateau, where sigmoids are saturated, in some it is flat.
    """
    ends: Counter[tuple[float, bool]] = Counter()
    X = np.column_stack([problem.X, np.ones(len(problem.X))])
    for layer in layers:
        patterns = layer.patterns(problem.X, problem.targets)
        U = layer.synaptic_input(problem.X)
        error = float(mean_square_error(patterns.D, layer.activate(U))[k])
        curvature = layer.pattern_curvature(U, patterns.D)[:, k, k]
        eigenvalues = np.linalg.eigvalsh((X.T * curvature) @ X)
        ends[round(error, 8), bool(eigenvalues[0] > FLAT_CURVATURE * eigenvalues[-1])] += 1
    return [
        {"train_mse_scaled": error, "reached_from": count, "minimum": minimum}
        for (error, minimum), count in sorted(ends.items())
    ]


def epochs_to_convergence(data: Linnerud, direct: Descent, smallest: float, seeds: int) -> dict[str, Any]:
    """The first recorded epoch whose training error is within 1 % of the smallest one, by either form.

    A step of the direct form is as long as P K / 2 steps of the autograd form, which needs P K / 2 times as many.

    Parameters
    ----------
    data, direct : the problem, and the descent of its direct form.
    smallest : training mean square error (scaled targets) at the best minimum.
    seeds : how many initial layers.
    """
    longer = replace(direct, epochs=CONVERGENCE_EPOCHS)
    step_ratio = data.problem.targets.size / 2  # also of the cost 1/2 sum to the mean of the squares
    needed: list[int | None] = []
    for seed in range(seeds):
        run = train_on(data, longer, "compiled", record_every=RECORD_EVERY, layer=uniform_layer(data, seed))
        close = np.flatnonzero(run.history.cost / step_ratio <= CONVERGENCE_FACTOR * smallest)
        needed.append(int(run.history.epoch[close[0]]) if len(close) else None)
    reached = [epochs for epochs in needed if epochs is not None]
    direct_epochs = {"low": min(reached), "median": median(reached), "high": max(reached)}
    return {
        "criterion": f"training mean square error (scaled targets) is at most {CONVERGENCE_FACTOR} times the smallest one",
        "to_within": RECORD_EVERY,
        "initial_layers": len(needed),
        "reached": len(reached),
        "direct": direct_epochs,
        "autograd": {name: step_ratio * epochs for name, epochs in direct_epochs.items()},
        "all": needed,
    }


def errors_on_the_way(data: Linnerud, direct: Descent) -> dict[str, Any]:
    """Training and test errors, scaled, of each variable from 10 epochs to the optimum, by name: (R,) or (R, K).

    Parameters
    ----------
    data : the problem.
    direct : the descent of the direct form.
    """
    problem = data.problem
    if problem.test is None:
        raise ValueError("question 2's problem file sets a test set aside")
    epochs = sorted({round(10 ** (e / 8)) for e in range(8, 44)} | {direct.epochs, EPOCHS_TO_OPTIMUM})
    layer, done, rows = problem.layer, 0, []
    for target in (epoch for epoch in epochs if epoch <= EPOCHS_TO_OPTIMUM):
        layer = train_on(data, replace(direct, epochs=target - done), "compiled", layer=layer).layer
        done = target
        training, test = data.scores(layer, data.train), data.scores(layer, data.test)
        costs = [layer.cost(*patterns, "mean") for patterns in ((problem.X, problem.targets), problem.test)]
        rows.append((target, *costs, training.mse, test.mse))
    names = ("epoch", "train_cost", "test_cost", "train_mse", "test_mse")
    return {name: np.array(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)}


def early_stopping(errors: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    """The epoch at which the test error is smallest, and the errors there and at the end.

    errors : see `errors_on_the_way`. names : of the variables.
    """
    best = int(errors["test_cost"].argmin())
    return {
        "epoch": int(errors["epoch"][best]),
        "test_cost": float(errors["test_cost"][best]),
        "test_cost_at_the_end": float(errors["test_cost"][-1]),
        "test_mse": dict(zip(names, json_value(errors["test_mse"][best]), strict=True)),
        "test_mse_at_the_end": dict(zip(names, json_value(errors["test_mse"][-1]), strict=True)),
        "epochs_at_the_end": int(errors["epoch"][-1]),
    }
