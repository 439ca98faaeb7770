"""The layer near the limit of a cost without a minimum: its direction, and what is left of the cost."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from deltarule.analysis.near_limit import near_limit
from deltarule.analysis.optimum import optimum
from deltarule.descent import Descent
from deltarule.layers import LogisticLayer, SoftmaxLayer

RNG = np.random.default_rng(0)
PLAIN = Descent(1.0, 1)


def test_its_direction_is_nearly_that_of_the_largest_margin():
    X = np.array([[-3.0, 1.0], [-1.0, -2.0], [1.0, 2.0], [2.0, -1.0]])  # of mean about 0 and one unit
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    layer = LogisticLayer(np.zeros((2, 1)), np.zeros(1), classes=[0, 1])
    targets = [0, 0, 1, 1]
    widest = optimum(layer, X, targets, PLAIN).direction
    found = near_limit(layer, layer.patterns(X, targets), PLAIN)
    near = np.append(found.weights, found.biases)
    aim = np.append(widest.weights, widest.biases)
    assert near @ aim / np.linalg.norm(near) / np.linalg.norm(aim) > 0.99


@pytest.mark.parametrize("reduction", ["sum", "mean", "half-mean"])
def test_the_cost_is_near_what_it_falls_towards(reduction):
    X = np.concatenate([RNG.normal(size=(30, 2)), RNG.normal(size=(10, 2)) + 50])  # the third class is told apart
    y = np.concatenate([np.arange(30) % 2, np.full(10, 2)])
    layer = SoftmaxLayer(np.zeros((2, 3)), np.zeros(3), classes=[0, 1, 2])
    descent = Descent(1.0, 1, reduction=reduction)
    limit = optimum(layer, X, y, descent)
    assert limit.outcome.name == "QUASI_SEPARABLE"
    assert near_limit(layer, layer.patterns(X, y), descent).cost(X, y, reduction) == pytest.approx(limit.cost, rel=1e-4)


def test_weights_that_are_decayed_already_keep_their_decay():
    X, y = RNG.normal(size=(40, 2)), RNG.integers(0, 2, 40)
    Y = np.column_stack([y, np.ones(40)])
    layer = LogisticLayer(np.zeros((2, 2)), np.zeros(2))
    descent = Descent(1.0, 1, weight_decay=1.0)
    alone = optimum(LogisticLayer(np.zeros((2, 1)), np.zeros(1)), X, y[:, None], descent).layer
    found = near_limit(layer, layer.patterns(X, Y), descent)
    assert_allclose(found.weights[:, 0], alone.weights[:, 0], atol=1e-6)
    assert_allclose(found.weights[:, 1], 0, atol=1e-4)
    assert found.biases[1] > 10
