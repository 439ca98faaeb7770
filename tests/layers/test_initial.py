"""Layers as they start: random parameters, and the neurons and classes that targets ask for."""

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from deltarule.layers import LinearLayer, LogisticLayer, PerceptronLayer, SoftmaxLayer, random_parameters
from samples import (
    NAMES,
    refused,
    sample,
)

every_kind = pytest.mark.parametrize("name", NAMES)


def test_random_parameters_are_uniform_within_one_over_root_n():
    W, b = random_parameters(4, 5000, seed=0)
    assert (W.shape, b.shape) == ((4, 5000), (5000,))
    for drawn in (W.ravel(), b):
        assert np.abs(drawn).max() <= 0.5
        # Uniform on (-1/2, 1/2): variance 1/12; 5,000 draws and more give the quarters to 5 standard deviations, 0.03.
        assert drawn.var() == pytest.approx(1 / 12, rel=0.05)
        assert_allclose(np.histogram(drawn, bins=4, range=(-0.5, 0.5))[0] / drawn.size, 1 / 4, atol=0.03)


def test_random_parameters_are_drawn_row_by_row_then_the_biases():
    rng = np.random.default_rng(7)
    bound = 1 / math.sqrt(2)
    drawn = [(2 * rng.random() - 1) * bound for _ in range(9)]
    W, b = random_parameters(2, 3, seed=7)
    # The same draws; uniform(low, high) may scale them in another order.
    assert_allclose([*W.ravel(), *b], drawn, rtol=1e-13)


def test_random_layers_of_every_kind():
    softmax = SoftmaxLayer.random(inputs=2, classes=["x", "y", "z"], seed=1)
    assert (softmax.weights.shape, softmax.classes) == ((2, 3), ("x", "y", "z"))
    assert_array_equal(softmax.weights, SoftmaxLayer.random(2, ["x", "y", "z"], np.random.default_rng(1)).weights)
    assert not np.array_equal(softmax.weights, SoftmaxLayer.random(2, ["x", "y", "z"], 2).weights)
    assert LinearLayer.random(2, 3).weights.shape == (2, 3)
    assert PerceptronLayer.random(2, 3, activation="tanh").activation == "tanh"
    one = LogisticLayer.random(2, classes=np.array(["no", "yes"]))
    assert (one.neurons, one.classes) == (1, ("no", "yes"))
    assert LogisticLayer.random(2, classes=[1, 2, 3]).neurons == 3
    free = LogisticLayer.random(2, neurons=4)
    assert (free.neurons, free.classes) == (4, None)


@pytest.mark.parametrize("options", [{}, {"classes": ["a", "b"], "neurons": 2}])
def test_a_random_logistic_layer_wants_classes_or_neurons(options):
    with refused("random logistic layer", "either classes or neurons", "neurons=", "one of them"):
        LogisticLayer.random(2, **options)


def test_bad_sizes_of_a_random_layer():
    with refused("number of inputs", "whole number of at least 1", "0", "columns of the data"):
        LinearLayer.random(0, 1)
    with refused("number of neurons", "whole number of at least 1", "2.0", "Write 2, without a decimal point"):
        LinearLayer.random(1, 2.0)
    with refused("seed", "whole number of at least 0", "None", "numpy.random.Generator"):
        LinearLayer.random(1, 1, seed=None)


@every_kind
def test_a_layer_for_targets_has_their_neurons_and_classes(name):
    sampled = sample(name)
    options = (
        {"activation": getattr(sampled.layer, "activation", None)} if "activation" in sampled.layer.own_fields() else {}
    )
    layer = type(sampled.layer).for_targets(3, sampled.targets, seed=5, **options)
    assert type(layer) is type(sampled.layer)
    assert layer.classes == sampled.layer.classes
    W, b = random_parameters(3, sampled.layer.neurons, 5)
    assert_array_equal(layer.weights, W)
    assert_array_equal(layer.biases, b)
    assert getattr(layer, "activation", None) == getattr(sampled.layer, "activation", None)
    assert np.isfinite(layer.cost(sampled.X, sampled.targets))


def test_the_classes_of_a_layer_for_targets_may_be_given_in_an_order():
    assert SoftmaxLayer.for_targets(2, ["A", "B"], classes=["B", "A", "C"]).classes == ("B", "A", "C")
    assert LogisticLayer.for_targets(2, ["A", "B"], classes=["B", "A"]).classes == ("B", "A")
    assert SoftmaxLayer.for_targets(2, [[0, 1, 0]]).classes == (1, 2, 3)
    assert LinearLayer.for_targets(2, ["A", "B"], classes=["B", "A"]).classes == ("B", "A")
    with refused("classes", "be left out for a perceptron layer", "['A']", "predicts numbers"):
        PerceptronLayer.for_targets(2, [[1.0]], classes=["A"])
