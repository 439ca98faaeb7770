"""Layers with classes: labels and rows as targets, ties, and what is refused."""

import math

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from deltarule.layers import LogisticLayer, SoftmaxLayer
from samples import (
    CLASSES,
    NAMES,
    refused,
    sample,
)

every_kind = pytest.mark.parametrize("name", NAMES)


def test_ties_go_to_the_first_class():
    assert SoftmaxLayer([[0.0, 0.0]], [1.0, 1.0], classes=["b", "a"]).predict([[1.0]]).tolist() == ["b"]
    assert LogisticLayer([[0.0]], [0.0], classes=["no", "yes"]).predict([[1.0]]).tolist() == ["no"]
    assert LogisticLayer([[0.0, 1.0]], [0.0, 0.0]).predict([[1.0]]).tolist() == [[0, 1]]
    # Errors are counted by the same rule.
    assert LogisticLayer([[0.0]], [0.0], classes=["no", "yes"]).errors([[1.0]] * 3, ["no", "yes", "yes"]) == 2
    assert LogisticLayer([[0.0, 1.0]], [0.0, 0.0]).errors([[1.0]] * 3, [[0, 1], [1, 1], [0, 0]]) == 2
    assert SoftmaxLayer([[0.0, 0.0]], [1.0, 1.0], classes=["b", "a"]).errors([[1.0]] * 3, ["b", "a", "a"]) == 2


@every_kind
def test_decode_gives_back_what_encode_was_given(name):
    sampled = sample(name)
    assert_array_equal(sampled.layer.decode(sampled.layer.encode(sampled.targets)), np.asarray(sampled.targets))
    predicted = sampled.layer.predict(sampled.X)
    assert predicted.shape == np.asarray(sampled.targets).shape


@pytest.mark.parametrize(
    "name", ["softmax", "logistic, one against rest", "sign, one against rest", "adaline, one a class"]
)
def test_one_hot_rows_stand_for_labels(name):
    sampled = sample(name)
    for rows in (np.array(sampled.desired), sampled.desired, np.array(sampled.desired) > 0):
        assert_array_equal(sampled.layer.encode(rows), sampled.layer.encode(sampled.targets))


def test_a_neuron_for_two_classes_takes_labels_or_rows():
    layer = LogisticLayer([[1.0]], [0.0], classes=[3, 7])
    assert_array_equal(layer.encode([7, 3, 7]), [[1.0], [0.0], [1.0]])
    assert_array_equal(layer.encode([[1], [0], [1]]), [[1.0], [0.0], [1.0]])
    assert layer.errors([[1.0], [1.0]], [3, 7]) == 1


def test_independent_neurons_are_wrong_where_any_is():
    layer = LogisticLayer([[1.0, 1.0]], [0.0, 0.0])
    assert layer.errors([[1.0], [1.0], [-1.0]], [[1, 1], [1, 0], [0, 0]]) == 1


def test_a_logistic_neuron_wants_0_or_1():
    with refused("targets", "be 0 or 1", "0.5", "1 where the neuron should answer yes"):
        LogisticLayer([[1.0, 1.0]], [0.0, 0.0]).cost([[1.0]], [[1, 0.5]])


@pytest.mark.parametrize("name", ["softmax", "logistic, one against rest"])
@pytest.mark.parametrize(
    ("targets", "subject", "rule", "got", "remedy"),
    [
        (["A", "B", "D"], "targets", "among the layer's classes ('A', 'B', 'C')", "'D' in row 3", "with this class"),
        (["A", None, "C"], "targets", "no label missing", "None in row 2", "Fill it in"),
        (["A", math.nan, "C"], "targets", "no label missing", "nan in row 2", "Fill it in"),
        ([{}, {}, {}], "targets", "be labels", "{} in row 1", "one label each"),
        ("ABC", "targets", "a list of labels", "'ABC'", "['A', 'B', 'C']"),
        (5, "targets", "a list of labels", "5", "Give a list"),
        (np.array("A"), "targets", "a list of labels", "array('A'", "Give a list"),
        (["A", "B"], "targets", "as many as the rows of the inputs, 3", "2", "one target a pattern"),
        ([], "targets", "as many as the rows of the inputs, 3", "0", "one target a pattern"),
        ([[1, 0], [0, 1], [1, 0]], "one-hot targets", "3 columns, one a class", "2", "order of the classes"),
        ([[1, 0, 0], [0, 1, 1], [0, 0, 1]], "one-hot targets", "a single 1", "[0.0, 1.0, 1.0] in row 2", "labels"),
        ([[1, 0, 0], [0, 0, 0], [0, 0, 1]], "one-hot targets", "a single 1", "[0.0, 0.0, 0.0] in row 2", "labels"),
        ([[1, 0, 0], [0.5, 0.5, 0], [0, 0, 1]], "one-hot targets", "a single 1", "in row 2", "correct the row"),
        (
            [[1, 0, 0], [0, 1], [0, 0, 1]],
            "one-hot targets",
            "rows of the same length",
            "3 numbers in row 1 and 2 in row 2",
            "Correct row 2",
        ),
    ],
)
def test_bad_labels(name, targets, subject, rule, got, remedy):
    sampled = sample(name, patterns=3)
    with refused(subject, rule, got, remedy):
        sampled.layer.cost(sampled.X, targets)


def test_labels_may_come_from_any_iterable():
    sampled = sample("softmax")
    assert_array_equal(sampled.layer.encode(label for label in sampled.targets), sampled.layer.encode(sampled.targets))


@pytest.mark.parametrize(
    ("classes", "rule", "got", "remedy"),
    [
        (["A", "B"], "be 3 for this layer", "2: ['A', 'B']", "one column a class"),
        (["A", "B", "A"], "be distinct", "['A', 'B', 'A']", "each class once"),
        (["A"], "at least two", "['A']", "patterns of another class"),
        ("ABC", "a list of labels", "'ABC'", "['A', 'B', 'C']"),
        (None, "a list of labels", "None", "Give a list"),
        (3, "a list of labels", "3", "Give a list"),
        (["A", None, "C"], "no label missing", "None in place 2", "Fill it in"),
        (["A", ["B"], "C"], "be labels", "['B'] in place 2", "one label each"),
    ],
)
def test_bad_classes(classes, rule, got, remedy):
    with refused("classes", rule, got, remedy):
        SoftmaxLayer(np.ones((2, 3)), np.zeros(3), classes=classes)
    if classes is not None:  # None stands for independent neurons
        with refused("classes", rule, got, remedy):
            LogisticLayer(np.ones((2, 3)), np.zeros(3), classes=classes)


def test_one_logistic_neuron_tells_two_classes_apart():
    with refused("classes", "be 2 for this layer (one neuron for two classes", "3:", "one column a class"):
        LogisticLayer([[1.0]], [0.0], classes=CLASSES)


def test_a_softmax_layer_must_be_given_classes():
    with pytest.raises(TypeError, match="classes"):
        SoftmaxLayer([[1.0, 2.0]], [0.0, 0.0])
