"""Answers to problems whose descent stops by a test set: iterations, and the best layer."""

from __future__ import annotations

import numpy as np

import deltarule as dr
from deltarule.marking import check, worked_answer

RNG = np.random.default_rng(0)
PROBLEM = dr.problem_from({
    "layer": {"kind": "softmax", "weights": [[0.1, -0.2], [0.3, 0.1]]},
    "data": {"inputs": RNG.normal(size=(12, 2)).round(1).tolist(), "targets": ["a", "b"] * 6,
             "split": {"test": 0.25, "seed": 1}},
    "descent": {"learning_rate": 0.1, "epochs": 60, "patience": 5},
})  # fmt: skip


def test_early_and_late_iterations_are_marked():
    for number in (2, 30, 55):
        assert check(PROBLEM, worked_answer(PROBLEM, [number])).right


def test_the_best_layer_is_the_right_one_and_the_last_is_not():
    best = dr.train(PROBLEM, engine="direct")
    assert best.updates < 60
    last = dr.iterate(PROBLEM, iteration=60)
    for layer, right in ((best.layer, True), (last.layer, False)):
        figures = {"weights": layer.weights.round(2).tolist(), "biases": layer.biases.round(2).tolist()}
        assert check(PROBLEM, {"convergence": figures}).right == right
