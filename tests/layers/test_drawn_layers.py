"""Layers with random parameters: the seed that they are drawn with, and where their classes come from."""

import pytest
from numpy.testing import assert_array_equal

from deltarule.layers import LinearLayer, LogisticLayer, PerceptronLayer, SoftmaxLayer, random_parameters
from samples import CLASSES

DRAWN = {
    "linear": lambda: LinearLayer.random(2, 3),
    "perceptron": lambda: PerceptronLayer.random(2, 3),
    "logistic": lambda: LogisticLayer.random(2, neurons=3),
    "softmax": lambda: SoftmaxLayer.random(2, CLASSES),
    "linear, for targets": lambda: LinearLayer.for_targets(2, [[1.0, 2.0, 3.0]]),
    "logistic, for targets": lambda: LogisticLayer.for_targets(2, ["A", "B", "C"]),
    "logistic, for rows": lambda: LogisticLayer.for_targets(2, [[1, 0, 1]]),
    "softmax, for targets": lambda: SoftmaxLayer.for_targets(2, ["A", "B", "C"]),
}


@pytest.mark.parametrize("draw", DRAWN.values(), ids=DRAWN)
def test_a_layer_is_drawn_with_seed_0_unless_told_otherwise(draw):
    W, b = random_parameters(2, 3, seed=0)
    layer = draw()
    assert_array_equal(layer.weights, W)
    assert_array_equal(layer.biases, b)


@pytest.mark.parametrize("kind", [SoftmaxLayer, LogisticLayer])
def test_the_classes_of_a_drawn_layer_may_come_from_any_iterable(kind):
    assert kind.random(2, (label for label in CLASSES)).classes == CLASSES
    assert kind.for_targets(2, ["A"], classes=iter(CLASSES)).classes == CLASSES
