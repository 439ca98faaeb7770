"""Costs worked from outputs, as by hand, and the logistic layer of two neurons for two classes."""

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from deltarule.layers import LinearLayer, LogisticLayer, Patterns, SoftmaxLayer
from samples import CLASSES, HARD, NAMES, refused, sample

every_kind = pytest.mark.parametrize("name", NAMES)


@every_kind
def test_the_cost_from_outputs_is_the_cost_from_synaptic_inputs(name):
    sampled = sample(name)
    layer = sampled.layer
    U, D = layer.synaptic_input(sampled.X), layer.encode(sampled.targets)
    # |u| is moderate, so that the logarithm of an output loses few digits.
    assert_allclose(layer.worked_cost(U, layer.activate(U), D), layer.pattern_cost(U, D), rtol=1e-11)
    if name not in HARD:
        assert_allclose(layer.output_cost(layer.activate(U), D), layer.pattern_cost(U, D), rtol=1e-11)


@pytest.mark.parametrize("name", HARD)
def test_the_perceptron_criterion_does_not_follow_from_outputs(name):
    with refused("cost", "follow from the outputs alone", "a sum of |u|", "pattern_cost"):
        sample(name).layer.output_cost(np.ones((1, 3)), np.zeros((1, 3)))


def test_softmax_costs_from_outputs_by_hand():
    # The label's output is 1/4, then 1/2: -ln 1/4 = 2 ln 2, -ln 1/2 = ln 2.
    layer = SoftmaxLayer(np.zeros((1, 3)), np.zeros(3), classes=CLASSES)
    Y = np.array([[1 / 8, 1 / 4, 5 / 8], [1 / 2, 1 / 4, 1 / 4]])
    D = np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]])
    assert_allclose(layer.output_cost(Y, D), [2 * math.log(2), math.log(2)], rtol=1e-15)
    # An output of 0 for the label: the cost is infinite, and no warning is given.
    assert layer.output_cost(np.array([[0.0, 1.0, 0.0]]), np.array([[1.0, 0.0, 0.0]])).tolist() == [math.inf]


def test_logistic_costs_from_outputs_by_hand():
    # y = (1/4, 1/4), d = (1, 0): -ln 1/4 - ln 3/4 = ln 16/3.
    layer = LogisticLayer([[0.0, 0.0]], [0.0, 0.0])
    found = layer.output_cost(np.array([[1 / 4, 1 / 4]]), np.array([[1.0, 0.0]]))
    assert_allclose(found, [math.log(16 / 3)], rtol=1e-15)
    assert layer.output_cost(np.array([[0.5, 1.0]]), np.array([[1.0, 0.0]])).tolist() == [math.inf]


def test_two_logistic_neurons_for_two_classes_each_tell_one_from_the_rest():
    # u = (x, -2x): the first neuron has more for x > 0, the second for x < 0. At x = -1 both classes' neurons differ in sign.
    layer = LogisticLayer([[1.0, -2.0]], [0.0, 0.5], classes=["a", "b"])
    assert_array_equal(layer.encode(["b", "a"]), [[0.0, 1.0], [1.0, 0.0]])
    assert layer.predict([[1.0], [-1.0]]).tolist() == ["a", "b"]
    # x = 0.1: u = (0.1, 0.3), both above 0. The larger decides: "b".
    assert layer.predict([[0.1]]).tolist() == ["b"]
    assert layer.errors([[0.1], [0.1]], ["b", "a"]) == 1


@every_kind
def test_an_evaluation_is_of_the_sum_without_decay_unless_asked_otherwise(name):
    sampled = sample(name)
    layer, patterns = sampled.layer, sampled.layer.patterns(sampled.X, sampled.targets)
    cost, errors = layer.evaluate(patterns)
    assert cost == pytest.approx(
        float(layer.pattern_cost(layer.synaptic_input(sampled.X), patterns.D).sum()), rel=1e-12
    )
    assert errors == layer.errors(sampled.X, sampled.targets)
    assert layer.evaluate(patterns, "mean", 0.5)[0] == layer.cost(sampled.X, sampled.targets, "mean", weight_decay=0.5)


def test_the_mean_of_a_batch_whose_weights_are_all_0_is_0():
    layer = LinearLayer([[1.0]], [0.0])
    batch = Patterns(np.array([[3.0]]), np.array([[1.0]]), np.array([0.0]))
    assert layer.scale(batch.sample_weight, "mean") == 0.0
    assert layer.evaluate(batch, "mean") == (0.0, None)
    assert_array_equal(layer.scaled_delta(np.array([[3.0]]), batch, "mean"), [[0.0]])
