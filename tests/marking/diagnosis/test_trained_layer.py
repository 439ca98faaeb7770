"""Costs of the trained layer that come of another reduction: how much the order of the batches may change them."""

from __future__ import annotations

import numpy as np
import pytest

from by_hand import BIASES, WEIGHTS, drawn
from deltarule import Descent
from deltarule.marking.diagnosis.trained_layer import _costs_between
from deltarule.marking.rework.candidate_layers import CandidateLayers
from deltarule.marking.rework.exercise import Exercise


def test_the_extremes_of_the_shuffles_leave_out_one_order_in_a_hundred():
    """A new order is the smallest or the largest of 201 with a chance of 2 in 201: of 12 layers, 100 new orders of each."""
    rng = np.random.default_rng(0)
    points, labels = rng.normal(size=(23, 2)).tolist(), [*"ABC" * 7, "A", "B"]
    exercise = Exercise.of(drawn("softmax", WEIGHTS, BIASES, points, labels, batch_size=5, seed=1))
    X, D, _ = exercise.patterns
    outside = []
    for _ in range(12):
        layer = exercise.layer.with_parameters(rng.normal(size=(2, 3)), rng.normal(size=3))
        low, high = _costs_between(CandidateLayers(exercise, {}), layer, "training", "batches", twice=False)
        costs = -np.log(layer.output(X)[D > 0.5])
        for seed in range(1000, 1100):
            shuffle = Descent(learning_rate=1, epochs=1, batch_size=5, seed=seed)
            batches = shuffle.batches(next(shuffle.orders(23)))
            found = sum(costs[batch].mean() for batch in batches) / 23
            outside.append(not low <= found <= high)
    assert np.mean(outside) == pytest.approx(2 / 201, rel=0.4)
