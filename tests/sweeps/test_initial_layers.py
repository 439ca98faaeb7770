"""Where the models of a sweep start."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from deltarule import LinearLayer, LogisticLayer, PerceptronLayer, SoftmaxLayer, sweep
from deltarule.layers import Layer, random_parameters
from deltarule.sweeps.initial_layers import drawing, initial_layers
from samples import refused
from sweep_samples import SOFTMAX


@pytest.mark.parametrize(
    ("kind", "targets", "made"),
    [
        ("softmax", list("abcab"), lambda seed: SoftmaxLayer.random(2, list("abc"), seed)),
        ("softmax", np.eye(3)[[0, 1, 2, 0, 1]], lambda seed: SoftmaxLayer.random(2, (1, 2, 3), seed)),
        ("logistic", list("abbab"), lambda seed: LogisticLayer.random(2, list("ab"), None, seed)),
        ("logistic", list("abcab"), lambda seed: LogisticLayer.random(2, list("abc"), None, seed)),
        ("logistic", [[0, 1], [1, 1], [0, 0], [1, 0], [1, 1]], lambda seed: LogisticLayer.random(2, None, 2, seed)),
        ("linear", [[1.0, 2.0]] * 5, lambda seed: LinearLayer.random(2, 2, seed)),
        ("perceptron", [[0.5]] * 5, lambda seed: PerceptronLayer.random(2, 1, seed)),
    ],
)
def test_a_kind_starts_at_a_layer_drawn_by_the_seed(kind, targets, made):
    X = np.random.default_rng(0).normal(size=(5, 2))
    result = sweep(kind, X, targets, learning_rate=[0.1, 0.2], epochs=1, seed=[3, 8])
    for layer, seed in zip(result.layers, [3, 8, 3, 8], strict=True):
        expected = made(seed)
        assert type(layer) is type(expected)
        assert layer.classes == expected.classes
        assert_array_equal(layer.weights, expected.weights)
        assert_array_equal(layer.biases, expected.biases)
    assert result.layers[0] is result.layers[2]


def test_inputs_of_float32_make_models_of_float32():
    result = sweep("linear", np.ones((3, 2), np.float32), np.ones((3, 1)), learning_rate=0.1, epochs=2)
    assert result.layers[0].dtype == result[0].layer.dtype == np.float32
    weights, _ = random_parameters(2, 1, 0)
    assert_array_equal(result.layers[0].weights, weights.astype(np.float32))


def test_a_layer_is_where_every_model_starts_and_a_function_gives_one_a_seed():
    result = sweep(SOFTMAX.layer, SOFTMAX.X, SOFTMAX.targets, learning_rate=0.1, epochs=1, seed=range(3))
    assert all(layer is SOFTMAX.layer for layer in result.layers)
    options = {"learning_rate": 0.1, "epochs": 1, "seed": range(3)}
    tanh = sweep(lambda seed: PerceptronLayer.random(1, 1, seed, activation="tanh"), [[1.0]], [[0.5]], **options)
    assert {run.layer.activation for run in tanh} == {"tanh"}
    assert len({float(layer.weights[0, 0]) for layer in tanh.layers}) == 3


def test_the_class_of_a_layer_is_a_kind():
    draw = drawing(LinearLayer, np.ones((3, 2)), np.ones((3, 4)))
    found = initial_layers(draw, draw(3), [3, 8, 3])
    assert found[0] is found[2]
    assert_array_equal(found[1].weights, LinearLayer.random(2, 4, seed=8).weights)


def test_layers_of_one_sweep_differ_in_weights_and_biases_only():
    def start(seed):
        return PerceptronLayer([[1.0]], [0.0], activation=("sigmoid", "tanh")[seed])

    with refused("layers of a sweep", "alike in all but weights and biases", "tanh", "weights and biases only"):
        initial_layers(start, start(0), [0, 1])


class OwnLinear(LinearLayer):
    """A kind of a user's own, which the compiled kernels do not have."""


class OwnLayer(Layer):
    """A kind whose formulas are not written yet."""


@pytest.mark.parametrize(
    "start", [OwnLinear([[0.0]], [0.0]), OwnLinear, OwnLayer, lambda seed: OwnLinear.random(1, 1, seed)]
)
def test_a_kind_of_a_users_own_is_refused_by_name_with_what_works(start):
    """Before the targets are looked at: labels suit no layer of numbers."""
    name = "OwnLayer" if start is OwnLayer else "OwnLinear"
    with refused(
        "layer", "a kind that a sweep has formulas for (LinearLayer,", f"a {name}", "train(layer, X, targets,"
    ):
        sweep(start, [[1.0], [2.0]], ["a", "b"], learning_rate=0.1, epochs=1)
