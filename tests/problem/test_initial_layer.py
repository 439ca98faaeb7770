"""[layer]: the layer that targets and weights make, and each error at its key."""

# ruff: noqa: E501 - the tables of errors have a case a line

import numpy as np
import pytest

from deltarule.layers import LinearLayer, LogisticLayer, PerceptronLayer, SoftmaxLayer
from deltarule.problem import problem_from
from problem_files import changed, document, error, numbers_problem


def test_biases_left_out_are_zeros_and_the_rest_has_defaults():
    problem = problem_from(document())
    assert problem.layer.biases.tolist() == [0, 0]
    assert problem.layer.classes == ("a", "b")
    assert (problem.decimals, problem.test, problem.input_scaling, problem.target_scaling) == (2, None, None, None)
    assert problem.X.tolist() == [[0, 1], [2, 3]]
    assert problem.targets.tolist() == ["b", "a"]


@pytest.mark.parametrize(
    ("layer", "targets", "kind", "shape", "classes"),
    [
        ({"kind": "softmax", "init": {"seed": 1}}, ["x", "y"], SoftmaxLayer, (2, 2), ("x", "y")),
        ({"kind": "softmax", "init": {"seed": 1}}, [[0, 1, 0], [1, 0, 0]], SoftmaxLayer, (2, 3), (1, 2, 3)),
        ({"kind": "logistic", "init": {"seed": 1}}, [7, 3], LogisticLayer, (2, 1), (3, 7)),
        ({"kind": "logistic", "init": {"seed": 1}}, [True, False], LogisticLayer, (2, 1), (False, True)),
        ({"kind": "logistic", "weights": [[1], [2]]}, ["no", "yes"], LogisticLayer, (2, 1), ("no", "yes")),
        ({"kind": "logistic", "weights": [[1, 2], [2, 3]]}, ["no", "yes"], LogisticLayer, (2, 2), ("no", "yes")),
        ({"kind": "logistic", "init": {"seed": 1}}, [[0, 1, 1], [0, 0, 1]], LogisticLayer, (2, 3), None),
        ({"kind": "logistic", "weights": [[1], [2]]}, [[0], [1]], LogisticLayer, (2, 1), None),
        ({"kind": "linear", "init": {"seed": 1}}, [1, 2.5], LinearLayer, (2, 1), None),
        ({"kind": "linear", "init": {"seed": 1}}, [[1, 2.5], [0, 1]], LinearLayer, (2, 2), None),
        ({"kind": "perceptron", "weights": [[1], [2]]}, [0.25, 1], PerceptronLayer, (2, 1), None),
        ({"kind": "perceptron", "init": {"seed": 1}, "activation": "tanh"}, [0, 1], PerceptronLayer, (2, 1), None),
    ],
)
def test_targets_make_the_neurons_and_the_classes(layer, targets, kind, shape, classes):
    problem = problem_from(document(layer, {"inputs": [[0, 1], [2, 3]], "targets": targets}))
    assert type(problem.layer) is kind
    assert problem.layer.weights.shape == shape
    assert getattr(problem.layer, "classes", None) == classes
    assert getattr(problem.layer, "activation", None) in {None, layer.get("activation", "sigmoid")}
    assert len(problem.layer.patterns(problem.X, problem.targets).D) == 2


def test_logistic_layers_of_three_classes_are_drawn_one_neuron_a_class():
    data = {"inputs": [[0], [1], [2]], "targets": ["b", "c", "a"]}
    problem = problem_from(document({"kind": "logistic", "init": {"seed": 4}}, data))
    assert np.array_equal(problem.layer.weights, LogisticLayer.random(1, ["a", "b", "c"], seed=4).weights)


def test_one_hot_rows_become_labels_and_flat_numbers_a_column():
    rows = problem_from(changed("data", targets=[[0, 1], [1, 0]]))
    assert rows.targets.tolist() == [2, 1]
    assert (rows.layer.classes, rows.target_names) == ((1, 2), ("d1", "d2"))
    flat = problem_from(numbers_problem())
    assert flat.targets.tolist() == [[1.0], [2.0], [3.0], [5.5]]


def test_classes_are_those_of_all_patterns_the_test_set_too():
    data = {"inputs": [[0], [1], [2], [3]], "targets": ["c", "a", "b", "d"], "split": {"test": 2, "seed": 0}}
    problem = problem_from(document({"kind": "softmax", "init": {"seed": 0}}, data))
    assert problem.layer.classes == ("a", "b", "c", "d")
    assert sorted([*problem.targets.tolist(), *problem.test[1].tolist()]) == ["a", "b", "c", "d"]
    assert len(problem.targets) == 2


@pytest.mark.parametrize(
    ("layer", "key", "why"),
    [
        ({"kind": "softmx", "weights": [[1]]}, "kind", "The kind must be one of linear, perceptron, logistic, softmax. Got 'softmx'. Did you mean 'softmax'?"),
        ({"kind": 3, "weights": [[1]]}, "kind", "The kind must be one of linear, perceptron, logistic, softmax. Got 3. Known: linear"),
        ({"kind": "softmax", "weights": [[1, 0], [0]]}, "weights", "The weights must have rows of the same length. Got 2 numbers in row 1 and 1 in row 2. Correct row 1 or row 2. If a comma"),
        ({"kind": "softmax", "weights": [1, 0]}, "weights", "The weights must be a matrix: a list of rows of numbers, all as long. Got an array of shape (2,). Give"),
        ({"kind": "softmax", "weights": "none"}, "weights", "The weights must be a matrix: "),
        ({"kind": "softmax", "weights": [[1, 0], [True, 1]]}, "weights", "The weights must hold numbers only. Got True in row 2, column 1. Write a number there."),
        ({"kind": "softmax", "weights": [[1, "0"], [0, 1]]}, "weights", "The weights must hold numbers only. Got '0' in row 1, column 2. Write 0 without quotation marks."),
        ({"kind": "softmax", "weights": [[1, 0], [float("nan"), 1]]}, "weights", "The weights must hold finite numbers only. Got nan in row 2, column 1. Remove or fill it."),
        ({"kind": "softmax", "weights": [[1, 0], [10**400, 1]]}, "weights", "The weights must "),
        ({"kind": "softmax", "weights": [[1, 0, 1], [0, 1, 1]]}, "weights", "The classes must be 3 for this layer (one neuron a class). Got 2: ['a', 'b']. Give the weights one column a class"),
        ({"kind": "logistic", "weights": [[1, 0, 1], [0, 1, 1]]}, "weights", "The classes must be 3 for this layer (one neuron for two classes, or one a class). Got 2"),
        ({"kind": "softmax", "weights": [[1, 0, 1], [0, 1, 1]], "biases": [1]}, "biases", "The biases must be as many as the neurons, the 3 columns"),
        ({"kind": "softmax", "weights": [[1, 0], [0, 1]], "biases": [1]}, "biases", "The biases must be as many as the neurons, the 2 columns of the weights. Got 1. Give one bias a neuron."),
        ({"kind": "softmax", "weights": [[1, 0], [0, 1]], "biases": [1, False]}, "biases", "The biases must hold numbers only. Got False in entry 2. Write a number there."),
        ({"kind": "softmax", "weights": [[1, 0], [0, 1]], "biases": [1, float("inf")]}, "biases", "The biases must hold finite numbers only. Got inf in entry 2."),
        ({"kind": "softmax", "weights": [[1, 0], [0, 1]], "biases": 0}, "biases", "The biases must be a list of numbers. Got an array of shape ()."),
        ({"kind": "softmax", "weights": [[1, 0], [0, 1]], "activation": "tanh"}, "activation", "Only a perceptron layer has a choice of activation; this one is softmax. Leave the key out."),
        ({"kind": "softmax", "init": {"seed": 1}, "weights": [[1, 0], [0, 1]]}, "weights", "The key init draws weights and biases. Keep init, or the numbers."),
        ({"kind": "softmax", "init": {"seed": 1}, "biases": [0, 0]}, "biases", "The key init draws weights and biases. Keep init, or the numbers."),
        ({"kind": "softmax", "init": 1}, "init", "The value of init must be a table in braces. Got 1. Write init = {seed = 1}."),
        ({"kind": "softmax", "init": {}}, "init.seed", "This key is missing. Add seed = 1."),
        ({"kind": "softmax", "init": {"sed": 1}}, "init.sed", "There is no such key. Did you mean 'seed'?"),
        ({"kind": "softmax", "init": {"seed": -1}}, "init.seed", "The seed must be a whole number of at least 0. Got -1. "),
        ({"kind": "softmax", "init": {"seed": True}}, "init.seed", "The seed must be a whole number of at least 0. Got True. "),
    ],
)  # fmt: skip
def test_a_layer_that_cannot_be_is_reported(layer, key, why):
    found = error(document(layer))
    assert found.where == f"problem, [layer] {key}"
    assert found.why.startswith(why)


@pytest.mark.parametrize(
    ("kind", "weights", "targets", "biases"),
    [
        ("softmax", [[1, 2, 3], [4, 5, 6]], ["a", "b"], [0, 0]),
        ("logistic", [[1, 2, 3]], ["a", "b"], [0]),
        ("linear", [[1, 2, 3], [4, 5, 6]], [[1, 2], [3, 4]], [0, 0]),
    ],
)
def test_weights_with_rows_and_columns_swapped_are_reported(kind, weights, targets, biases):
    found = error(
        document({"kind": kind, "weights": weights, "biases": biases}, {"inputs": [[1, 2, 3]] * 2, "targets": targets})
    )
    assert str(found) == (
        "problem, [layer] weights: The weights must have one row an input (3) and one column a neuron. "
        f"Got {len(weights)} row{'s' * (len(weights) > 1)} and 3 columns. They look transposed: swap rows and columns."
    )


def test_weights_for_other_data_are_not_called_transposed():
    # Three inputs and two neurons, as the kind and the classes say; a column of the data is missing.
    found = error(document({"kind": "softmax", "weights": [[1, 0], [0, 1], [1, 1]]}))
    assert found.where == "problem, [data] inputs"


@pytest.mark.parametrize("start", [{"weights": [[0.5]]}, {"init": {"seed": 0}}])
def test_an_unknown_activations_the_nearest(start):
    found = error(numbers_problem() | {"layer": {"kind": "perceptron", "activation": "tan", **start}})
    assert str(found) == (
        "problem, [layer] activation: The activation must be one of sigmoid, tanh, step, sign. Got 'tan'. "
        "Did you mean 'tanh'?"
    )
