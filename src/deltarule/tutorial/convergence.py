"""Where the descents of question 2 are heading, how long they take to get there, and what they pass on the way."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from statistics import median
from typing import Any

import numpy as np

from deltarule.analysis.optimum import optimum
from deltarule.descent import Descent
from deltarule.layers import Layer
from deltarule.metrics import mean_square_error
from deltarule.plain import plain
from deltarule.problem import Problem
from deltarule.tutorial.linnerud import Linnerud, normal_layer, train_on, uniform_layer

STARTS = range(100)
FAR = 10.0  # the deviation of initial weights far from the origin
FLAT = 1e-6  # of the largest curvature
LONG = 300_000  # epochs of the direct form: until the training error is the least one to 8 digits
CRITERION = 1.01  # the training error is within 1 % of the least one
CRITERION_SEEDS, CRITERION_EPOCHS = range(20), 40_000


def where_it_heads(data: Linnerud) -> dict[str, Any]:
    """What 100 initial layers lead to. Neurons do not meet in the cost, so each variable has minima of its own."""
    problem = data.problem
    # Half of the starts as usual, half far out, where sigmoids are flat and other minima lie.
    starts = [uniform_layer(data, seed) if seed % 2 else normal_layer(data, seed, scale=FAR) for seed in STARTS]
    found = [optimum(start, problem.X, problem.targets, "mean") for start in starts]
    ends = [(it.cost, it.gradient_norm, it.layer) for it in found if it.attained and it.layer is not None]
    cost, gradient_norm, least = min(ends, key=lambda end: end[0])
    scores = data.scores(least, data.test)
    layers = [layer for _, _, layer in ends]
    return {
        "train_mse_scaled": cost,
        "gradient_norm": gradient_norm,
        "test_mse": plain(scores.mse),
        "test_r2": plain(scores.r2),
        "weights": plain(least.weights),
        "biases": plain(least.biases),
        "initial_layers": len(found),
        "minima": {name: _minima(problem, layers, k) for k, name in enumerate(problem.target_names)},
    }


def _minima(problem: Problem, layers: list[Layer], k: int) -> list[dict[str, Any]]:
    """The training errors of neuron k where descent ends, and from how many starts.

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
        ends[round(error, 8), bool(eigenvalues[0] > FLAT * eigenvalues[-1])] += 1
    return [
        {"train_mse_scaled": error, "reached_from": count, "minimum": minimum}
        for (error, minimum), count in sorted(ends.items())
    ]


def epochs_to_criterion(data: Linnerud, direct: Descent, least: float) -> dict[str, Any]:
    """The first recorded epoch whose training error is within 1 % of the least one, in the direct form.

    One step of the direct form is as long as P K / 2 steps of the autograd form, which therefore needs so many times as many.
    """
    every = 100
    scale = 2 / (len(data.problem.X) * data.problem.layer.neurons)  # from the summed cost, 1/2 sum, to the mean
    needed: list[int | None] = []
    for seed in CRITERION_SEEDS:
        run = train_on(
            data,
            replace(direct, epochs=CRITERION_EPOCHS),
            "compiled",
            record_every=every,
            layer=uniform_layer(data, seed),
        )
        there = np.flatnonzero(run.history.cost * scale <= CRITERION * least)
        needed.append(int(run.history.epoch[there[0]]) if len(there) else None)
    reached = [epochs for epochs in needed if epochs is not None]
    return {
        "criterion": f"training mean square error (scaled targets) at most {CRITERION} times the least one",
        "to_within": every,
        "initial_layers": len(needed),
        "reached": len(reached),
        "direct": {"low": min(reached), "median": median(reached), "high": max(reached)},
        "autograd": {"median": median(reached) / scale},
        "all": needed,
    }


def journey_to_the_optimum(data: Linnerud, direct: Descent) -> dict[str, Any]:
    """Training and test errors, scaled, of each variable on the way to the optimum."""
    problem = data.problem
    if problem.test is None:
        raise ValueError("question 2's problem file holds out a test set")
    epochs = sorted({round(10 ** (e / 8)) for e in range(8, 44)} | {direct.epochs, LONG})
    layer, done, rows = problem.layer, 0, []
    for target in (epoch for epoch in epochs if epoch <= LONG):
        layer = train_on(data, replace(direct, epochs=target - done), "compiled", layer=layer).layer
        done = target
        training, test = data.scores(layer, data.train), data.scores(layer, data.test)
        costs = [layer.cost(*patterns, "mean") for patterns in ((problem.X, problem.targets), problem.test)]
        rows.append((target, *costs, training.mse, test.mse))
    names = ("epoch", "train_cost", "test_cost", "train_mse", "test_mse")
    return {name: np.array(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)}


def early_stopping(journey: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    """The epoch of the journey at which the test error is least, held against its end."""
    best = int(journey["test_cost"].argmin())
    return {
        "epoch": int(journey["epoch"][best]),
        "test_cost": float(journey["test_cost"][best]),
        "test_cost_at_the_end": float(journey["test_cost"][-1]),
        "test_mse": dict(zip(names, plain(journey["test_mse"][best]), strict=True)),
        "test_mse_at_the_end": dict(zip(names, plain(journey["test_mse"][-1]), strict=True)),
        "epochs_at_the_end": int(journey["epoch"][-1]),
    }
