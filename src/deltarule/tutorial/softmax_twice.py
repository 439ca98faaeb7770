"""Softmax applied twice: in question 3 the handout's layer ends in softmax, and its loss applies log-softmax to that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Any, NamedTuple

import numpy as np

from deltarule.datasets import load
from deltarule.descent import Descent
from deltarule.json_values import json_value
from deltarule.layers import Layer, SoftmaxLayer
from deltarule.problem import Problem
from deltarule.training import train
from deltarule.tutorial import handout
from deltarule.tutorial.iris import LabelledSet, errors_of, handout_data, random_layer, softmax_of, test_set
from deltarule.tutorial.plan import Plan
from deltarule.tutorial.softmax_twice_training import train_twice, train_twice_in_torch


class Losses(NamedTuple):
    """The losses of a layer on a set.

    Attributes
    ----------
    once, twice : cross-entropy, mean over patterns, with softmax applied once and twice.
    errors : wrong predictions.
    """

    once: float
    twice: float
    errors: int


@dataclass(frozen=True)
class Study:
    """The findings on softmax applied twice.

    Attributes
    ----------
    report : of the losses, for results.json.
    leak : of the mean that is taken before the split, for results.json.
    layers : trained as the handout trains, one a seed.
    shuffles : "train" or "test" -> the printed weights' loss as the handout computes it, one a shuffle.
    """

    report: dict[str, Any]
    leak: dict[str, Any]
    layers: list[Layer]
    shuffles: dict[str, list[float]]


def study(problem: Problem, plan: Plan) -> Study:
    """The losses of the handout's weights, and of layers trained as the handout trains, on the handout's data.

    Parameters
    ----------
    problem : the problem `question_3`.
    plan : how many seeds and shuffles, and how short the descents.
    """
    sets = dict(zip(("train", "test"), handout_data(), strict=True))
    figures = handout.printed("question_3")["convergence"]
    printed = random_layer(problem, 0).with_parameters(figures["weights"], figures["biases"])
    size = problem.descent.batch_size or len(problem.X)
    losses = {name: _losses(printed, patterns) for name, patterns in sets.items()}
    shuffles = {
        name: [_as_divided(printed, patterns, size, seed) for seed in range(plan.shuffles)]
        for name, patterns in sets.items()
    }
    descents = [plan.shortened(replace(problem.descent, seed=seed)) for seed in range(plan.many_seeds)]
    starts = [random_layer(problem, seed) for seed in range(plan.many_seeds)]
    twice = train_twice(starts, *sets["train"], descents)
    once = [
        train(
            starts[seed], *sets["train"], descents[seed], engine="compiled", record_every=0, on_interrupt="raise"
        ).layer
        for seed in range(plan.few_seeds)
    ]
    in_torch = train_twice_in_torch(starts[0], *sets["train"], descents[0])
    report = {
        "least_loss": outputs_of(printed).cost(np.eye(printed.neurons)[:1], printed.classes[:1], "mean"),
        "printed_weights": {
            name: {
                "cross_entropy": loss.once,
                "softmax_twice_loss": loss.twice,
                "divided_by_patterns": _range(shuffles[name]),
                "errors": loss.errors,
                "patterns": len(sets[name][0]),
            }
            for name, loss in losses.items()
        },
        "split_0.2_accuracy": [
            1 - errors_of(printed, patterns) / len(patterns[0]) for patterns in handout_data(test=0.2)
        ],
        "trained_twice": {name: _summary(twice, patterns) for name, patterns in sets.items()},
        "trained_once": {name: _summary(once, patterns) for name, patterns in sets.items()},
        "seeds": {"trained_twice": len(twice), "trained_once": len(once), "shuffles": plan.shuffles},
        "torch_and_chain_rule_differ_by": float(np.abs(in_torch.weights - twice[0].weights).max()),
    }
    leak = {
        "mean_of_all_rows": json_value(load("iris").inputs.mean(axis=0)),
        "mean_of_training_rows": None if problem.input_scaling is None else json_value(problem.input_scaling.shift),
        "different_predictions": _different_predictions(problem, descents[0], sets["test"], once[0]),
    }
    return Study(report, leak, twice, shuffles)


def outputs_of(layer: SoftmaxLayer) -> SoftmaxLayer:
    """The second softmax: a layer whose synaptic inputs are the outputs of this one."""
    return layer.__class__(np.eye(layer.neurons), np.zeros(layer.neurons), layer.classes)


def _losses(layer: Layer, patterns: LabelledSet) -> Losses:
    """Twice: the cost of the softmax layer whose synaptic inputs are this one's outputs."""
    twice = outputs_of(softmax_of(layer)).cost(layer.output(patterns[0]), patterns[1], "mean")
    return Losses(layer.cost(*patterns, "mean"), twice, errors_of(layer, patterns))


def _as_divided(layer: SoftmaxLayer, patterns: LabelledSet, size: int, seed: int) -> float:
    """The handout's loss: the sum of the batches' means over the number of patterns; it depends a little on the shuffle."""
    X, targets = patterns
    shuffle = Descent(learning_rate=1, epochs=1, batch_size=size, seed=seed)
    twice = outputs_of(layer)
    batches = shuffle.batches(next(shuffle.orders(len(X))))
    return sum(twice.cost(layer.output(X[batch]), targets[batch], "mean") for batch in batches) / len(X)


def _range(values: list[float]) -> dict[str, float]:
    return {"low": min(values), "median": median(values), "high": max(values)}


def _summary(layers: Sequence[Layer], patterns: LabelledSet) -> dict[str, float]:
    losses = [_losses(layer, patterns) for layer in layers]
    return {
        "cross_entropy": median(loss.once for loss in losses),
        "softmax_twice_loss": median(loss.twice for loss in losses),
        "accuracy": 1 - median(loss.errors for loss in losses) / len(patterns[0]),
    }


def _different_predictions(problem: Problem, descent: Descent, test: LabelledSet, with_all_rows: Layer) -> int:
    """How many test patterns are predicted otherwise by a layer trained on inputs less the mean of the training rows alone.

    test, with_all_rows : the test set, and a layer trained, with the mean of all rows taken off.
    """
    layer = train(
        random_layer(problem, 0), problem.X, problem.targets, descent, record_every=0, on_interrupt="raise"
    ).layer
    return int(np.sum(layer.predict(test_set(problem)[0]) != with_all_rows.predict(test[0])))
