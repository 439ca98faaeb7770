"""What all layers share: parameters that cannot change, sizes, precision, checks of data, and how a layer names itself."""

import functools
import json
import math
import pickle

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from deltarule.descent import Descent
from deltarule.layers import KINDS, LinearLayer, LogisticLayer, PerceptronLayer, SoftmaxLayer
from deltarule.training import train
from samples import (
    NAMES,
    NUMBERS,
    refused,
    sample,
)

REDUCTIONS = ("sum", "mean")
every_kind = pytest.mark.parametrize("name", NAMES)
both_reductions = pytest.mark.parametrize("reduction", REDUCTIONS)
ANSWERS = {  # has_classes, has_slopes, independent
    "linear": (False, False, False),
    "perceptron sigmoid": (False, True, False),
    "perceptron tanh": (False, True, False),
    "logistic, one neuron": (True, True, False),
    "logistic, independent": (True, True, True),
    "logistic, one against rest": (True, True, False),
    "softmax": (True, False, False),
    "step, one neuron": (True, False, False),
    "sign, independent": (True, False, True),
    "sign, one against rest": (True, False, False),
    "adaline, one neuron": (True, False, False),
    "adaline, one a class": (True, False, False),
}


@every_kind
@both_reductions
def test_a_float32_layer_stays_float32(name, reduction):
    sampled = sample(name, dtype=np.float32)
    layer = sampled.layer
    assert layer.dtype == np.float32
    assert layer.biases.dtype == np.float32
    assert layer.synaptic_input(sampled.X.astype(np.float64)).dtype == np.float32
    assert layer.output(sampled.X).dtype == np.float32
    weights = np.arange(20.0)
    assert layer.delta(sampled.X, sampled.targets, reduction, sample_weight=weights).dtype == np.float32
    U, D = layer.synaptic_input(sampled.X), layer.encode(sampled.targets)
    assert layer.pattern_cost(U, D).dtype == np.float32
    assert layer.pattern_curvature(U, D).dtype == np.float32
    wide = layer.astype(np.float64)
    assert wide.dtype == np.float64
    assert wide.astype("float32").dtype == np.float32
    # float32 has 24 bits: a sum of 20 costs keeps six digits.
    assert layer.cost(sampled.X, sampled.targets, reduction) == pytest.approx(
        wide.cost(sampled.X, sampled.targets, reduction), rel=1e-5
    )


def test_a_layer_is_immutable_and_leaves_the_callers_arrays_alone():
    W, b = np.ones((2, 3)), np.zeros(3)
    layer = LinearLayer(W, b)
    W[0, 0] = b[0] = 7
    assert layer.weights[0, 0] == 1
    assert layer.biases[0] == 0
    assert not layer.weights.flags.writeable
    assert not layer.biases.flags.writeable
    with pytest.raises(ValueError, match="read-only"):
        layer.weights[0, 0] = 2
    with pytest.raises(AttributeError):
        layer.weights = W


@every_kind
def test_with_parameters_keeps_the_kind_and_checks(name):
    layer = sample(name).layer
    W, b = np.full(layer.weights.shape, 2.0), np.arange(float(layer.neurons))
    other = layer.with_parameters(W, b)
    assert type(other) is type(layer)
    assert getattr(other, "classes", None) == getattr(layer, "classes", None)
    assert getattr(other, "activation", None) == getattr(layer, "activation", None)
    assert_array_equal(other.weights, W)
    assert_array_equal(other.biases, b)
    assert W.flags.writeable
    assert b.flags.writeable
    with refused("weights", "rows of the same length", "2 numbers in row 1 and 1 in row 2", "Correct row 1 or row 2"):
        layer.with_parameters([[1, 2], [3]], b)
    with refused("biases", f"the {layer.neurons} columns", "5", "one bias a neuron"):
        layer.with_parameters(W, np.zeros(5))


@every_kind
def test_a_layer_survives_pickling(name):
    sampled = sample(name)
    other = pickle.loads(pickle.dumps(sampled.layer))
    assert_array_equal(other.predict(sampled.X), sampled.layer.predict(sampled.X))


def test_sizes_and_kinds():
    layer = LinearLayer(np.ones((2, 3)), np.zeros(3))
    assert (layer.inputs, layer.neurons) == (2, 3)
    assert list(KINDS) == [
        "linear",
        "perceptron",
        "logistic",
        "softmax",
    ]
    assert all(kind.kind == name for name, kind in KINDS.items())


@pytest.mark.parametrize(
    ("weights", "biases", "subject", "rule", "got", "remedy"),
    [
        ([1.0, 2.0], [0.0], "weights", "be a matrix", "shape (2,)", "one row"),
        (
            [[1.0, 2.0], [3.0]],
            [0.0],
            "weights",
            "rows of the same length",
            "2 numbers in row 1 and 1 in row 2",
            "Correct row 1 or row 2",
        ),
        (
            [["1", "2"]],
            [0.0, 0.0],
            "weights",
            "hold numbers only",
            "'1' in row 1, column 1",
            "Write 1 without quotation marks.",
        ),
        ([[1.0, math.nan]], [0.0, 0.0], "weights", "finite", "nan in row 1, column 2", "Remove or fill"),
        ([[1.0], [math.inf]], [0.0], "weights", "finite", "inf in row 2, column 1", "Remove or fill"),
        ([[1.0, 2.0]], [0.0, -math.inf], "biases", "finite", "-inf in entry 2", "Remove or fill"),
        ([[1.0, 2.0]], [0.0], "biases", "the 2 columns of the weights", "1", "one bias a neuron"),
        ([[1.0, 2.0]], [[0.0, 0.0]], "biases", "a list of numbers", "shape (1, 2)", "as in [0, 4]"),
        ([[], []], [], "weights", "at least one input (row) and one neuron (column)", "(2, 0)", "N rows of K numbers"),
        ([], [], "weights", "at least one row", "none", "data were read"),
        (np.array([[1.0]], np.float32), [1e39], "biases", "fit float32", "1e+39 in entry 1", "float64"),
    ],
)
def test_bad_weights_and_biases(weights, biases, subject, rule, got, remedy):
    with refused(subject, rule, got, remedy):
        LinearLayer(weights, biases)


@every_kind
def test_bad_inputs(name):
    sampled = sample(name)
    layer, X, targets = sampled.layer, sampled.X, sampled.targets
    with refused("inputs", "3 columns, one for each input", "2", "columns chosen"):
        layer.predict(X[:, :2])
    with refused("inputs", "at least one row", "none", "data were read"):
        layer.cost(X[:0], targets)
    with refused("inputs", "at least one row", "none", "data were read"):
        layer.output([])
    with refused("inputs", "be a matrix", "shape (3,)", "one row a pattern"):
        layer.output(X[0])
    bad = X.copy()
    bad[4, 1] = math.nan
    with refused("inputs", "finite numbers only", "nan in row 5, column 2", "Remove or fill"):
        layer.delta(bad, targets)
    with refused("targets", "as many as the rows of the inputs, 19", "20", "one target a pattern"):
        layer.cost(X[:-1], targets)
    with refused("reduction", "one of sum, mean, half-mean", "'average'", "Known: sum, mean"):
        layer.cost(X, targets, "average")
    with refused("weight decay", "of at least 0", "-0.1", "0 for none"):
        layer.cost(X, targets, weight_decay=-0.1)


@pytest.mark.parametrize(
    ("weights", "rule", "got", "remedy"),
    [
        ([1.0] * 3, "as many as the rows of the inputs, 20", "3", "one weight a pattern"),
        ([-1.0] + [1.0] * 19, "at least 0, and not all zero", "-1", "counts a pattern k times"),
        ([0.0] * 20, "at least 0, and not all zero", "0", "counts a pattern k times"),
        ([math.nan] + [1.0] * 19, "finite", "nan in entry 1", "Remove or fill"),
        ([[1.0]] * 20, "a list of numbers", "(20, 1)", "one number an entry"),
    ],
)
def test_bad_sample_weights(weights, rule, got, remedy):
    sampled = sample("softmax")
    with refused("sample weights", rule, got, remedy):
        sampled.layer.cost(sampled.X, sampled.targets, sample_weight=weights)


@pytest.mark.parametrize("name", [*NUMBERS, "logistic, independent"])
def test_bad_numbers_as_targets(name):
    sampled = sample(name, patterns=3)
    with refused("targets", "3 columns, one for each neuron", "2", "one row of 3 numbers a pattern"):
        sampled.layer.cost(sampled.X, [[0, 1]] * 3)
    with refused("targets", "3 columns", "a flat list of 3 numbers", "Give one row of 3 numbers a pattern."):
        sampled.layer.cost(sampled.X, [0, 1, 1])
    with refused("targets", "hold numbers only", "'a' in entry 1", "Give a number"):
        sampled.layer.cost(sampled.X, ["a", "b", "c"])
    with refused("targets", "finite", "inf in row 2, column 3", "Remove or fill"):
        sampled.layer.cost(sampled.X, [[0, 1, 1], [0, 0, math.inf], [0, 0, 0]])
    with refused("targets", "at least one row", "none", "data were read"):
        sampled.layer.cost(sampled.X, [])


@pytest.mark.parametrize("kind", [LinearLayer, PerceptronLayer, LogisticLayer])
@pytest.mark.parametrize("form", [list, tuple, np.array])
def test_flat_numbers_are_one_column_for_a_layer_of_one_neuron(kind, form):
    layer, X, flat = kind([[0.5], [-1.0]], [0.25]), [[1.0, 2.0], [0.0, -1.0], [3.0, 1.0]], [1, 0, 1]
    column = [[value] for value in flat]
    assert_array_equal(layer.encode(form(flat)), column)
    assert layer.cost(X, form(flat)) == layer.cost(X, column)
    assert kind.for_targets(2, form(flat) if kind is not LogisticLayer else column).weights.shape == (2, 1)
    descent = Descent(learning_rate=0.1, epochs=3)
    flat_run, column_run = (train(layer, X, targets, descent, "direct") for targets in (form(flat), column))
    assert_array_equal(flat_run.layer.weights, column_run.layer.weights)


def test_no_targets_in_an_array_are_none():
    with refused("targets", "at least one row", "none", "data were read"):
        LinearLayer.for_targets(1, np.array([]))


def test_bad_activation_and_dtype():
    with refused("activation", "one of sigmoid, tanh", "'tan'", "Did you mean 'tanh'?"):
        PerceptronLayer([[1.0]], [0.0], activation="tan")
    with refused("dtype", "one of float32, float64", "'float16'", "Did you mean"):
        LinearLayer([[1.0]], [0.0]).astype(np.float16)
    with refused("weights", "fit float32", "1e+300 in row 1, column 1", "float64"):
        LinearLayer([[1e300]], [0.0]).astype(np.float32)


@every_kind
def test_a_layer_answers_what_kind_of_predictions_it_makes(name):
    sampled = sample(name)
    layer = sampled.layer
    assert (layer.has_classes, layer.has_slopes, layer.independent) == ANSWERS[name]
    assert (layer.errors(sampled.X, sampled.targets) is None) == (not layer.has_classes)
    if name in NUMBERS:
        assert layer.classes is None


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("linear", "LinearLayer(3 x 3)"),
        ("perceptron tanh", "PerceptronLayer(3 x 3, activation='tanh')"),
        ("logistic, independent", "LogisticLayer(3 x 3, classes=None)"),
        ("softmax", "SoftmaxLayer(3 x 3, classes=('A', 'B', 'C'))"),
    ],
)
def test_the_repr_of_a_layer_is_its_kind_its_size_and_its_own_fields(name, text):
    assert repr(sample(name).layer) == text


def test_the_repr_of_a_layer_of_many_classes_stays_short():
    assert len(repr(SoftmaxLayer.random(2, range(500)))) < 80


@every_kind
def test_a_layer_as_a_dictionary_is_plain_and_complete(name):
    layer = sample(name).layer
    record = json.loads(json.dumps(layer.to_dict()))
    own = {key: value for key, value in record.items() if key not in ("kind", "weights", "biases")}
    again = KINDS[record["kind"]](record["weights"], record["biases"], **own)
    assert again.to_dict() == layer.to_dict()
    assert_array_equal(again.weights, layer.weights)


def test_a_formula_whose_decorator_wraps_that_of_a_kind_is_a_formula_of_its_own():
    class Steep(LinearLayer):
        @functools.wraps(LinearLayer.activate)
        def activate(self, U):
            return U * 100

    layer = Steep([[1.0]], [0.0])
    assert layer.activate([[1.0]]).tolist() == layer.output([[1.0]]).tolist() == [[100.0]]
