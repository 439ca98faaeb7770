"""Rosenblatt's perceptron: hard outputs, their criterion and rule, by hand; what becomes one, and what does not."""

import pickle

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from deltarule.layers import LinearLayer, LogisticLayer, PerceptronLayer, RosenblattLayer
from samples import refused


def test_a_step_by_hand():
    # u = 2 x - 1 at x = 2, 0.5, 0: 3, 0, -1. The step of 0 is 1.
    layer = PerceptronLayer([[2.0]], [-1.0], activation="step")
    X = [[2.0], [0.5], [0.0]]
    assert_array_equal(layer.output(X), [[1.0], [1.0], [0.0]])
    # Desired 0, 0, 1: all are wrong. The criterion is |3| + |0| + |-1|, delta = y - d.
    assert layer.cost(X, [[0], [0], [1]]) == 4.0
    assert layer.cost(X, [[0], [0], [1]], "mean") == pytest.approx(4 / 3, rel=1e-15)
    assert_array_equal(layer.delta(X, [[0], [0], [1]]), [[1.0], [1.0], [-1.0]])
    assert layer.errors(X, [[0], [0], [1]]) == 3
    # Right answers cost nothing and move nothing.
    assert layer.cost(X, [[1], [1], [0]]) == 0.0
    assert_array_equal(layer.delta(X, [[1], [1], [0]]), [[0.0], [0.0], [0.0]])


def test_a_sign_by_hand():
    # u = 3, 0, -1 again: y = 1, 1, -1. Wrong answers differ by 2, so the criterion is 2 |u|.
    layer = PerceptronLayer([[2.0]], [-1.0], activation="sign")
    X, wrong = [[2.0], [0.5], [0.0]], [[-1], [-1], [1]]
    assert_array_equal(layer.output(X), [[1.0], [1.0], [-1.0]])
    assert layer.cost(X, wrong) == 8.0
    assert_array_equal(layer.delta(X, wrong), [[2.0], [2.0], [-2.0]])


def test_zero_weights_cost_nothing_and_still_answer_wrongly():
    layer = PerceptronLayer([[0.0]], [0.0], activation="step", classes=["no", "yes"])
    assert layer.cost([[1.0], [2.0]], ["no", "yes"]) == 0.0
    assert layer.errors([[1.0], [2.0]], ["no", "yes"]) == 1


def test_of_several_classes_the_largest_synaptic_input_decides_and_each_neuron_learns_by_itself():
    layer = PerceptronLayer([[3.0, 1.0]], [0.0, 0.0], activation="step", classes=["a", "b"])
    assert layer.predict([[1.0]]).tolist() == ["a"]
    # Both neurons say yes; the second is wrong, though the prediction is right.
    assert layer.errors([[1.0]], ["a"]) == 0
    assert layer.cost([[1.0]], ["a"]) == 1.0
    assert_array_equal(layer.delta([[1.0]], ["a"]), [[0.0, 1.0]])


def test_rows_of_minus_1_and_1_stand_for_labels_where_these_are_the_answers():
    layer = PerceptronLayer([[3.0, 1.0]], [0.0, 0.0], activation="sign", classes=["a", "b"])
    assert_array_equal(layer.encode([[1, -1], [-1, 1]]), layer.encode(["a", "b"]))
    single = PerceptronLayer([[1.0]], [0.0], activation="sign", classes=["a", "b"])
    assert_array_equal(single.encode([[-1], [1]]), single.encode(["a", "b"]))
    with refused("targets", "be labels (P,)", "a column of -1 and 1 for the classes 1 and -1", "Flatten"):
        PerceptronLayer([[1.0]], [0.0], activation="sign", classes=[1, -1]).encode([[-1], [1]])


def test_independent_neurons_want_the_answers_of_their_activation():
    with refused("targets", "be 0 or 1", "-1", "Give 1 where"):
        PerceptronLayer([[1.0]], [0.0], activation="step").encode([[-1], [1]])
    with refused("targets", "be -1 or 1", "0", "-1 elsewhere"):
        PerceptronLayer([[1.0]], [0.0], activation="sign").encode([[0], [1]])


def test_a_perceptron_layer_with_a_hard_activation_is_rosenblatts():
    for layer in (
        PerceptronLayer([[1.0]], [0.0], "sign"),
        PerceptronLayer.random(1, 1, activation="sign"),
        PerceptronLayer.for_targets(1, [[-1], [1]], activation="sign"),
        pickle.loads(pickle.dumps(RosenblattLayer([[1.0]], [0.0], "sign"))),
    ):
        assert type(layer) is RosenblattLayer
        assert layer.activation == "sign"
    assert type(PerceptronLayer([[1.0]], [0.0], activation="tanh")) is PerceptronLayer
    assert PerceptronLayer.for_targets(1, ["b", "a"], activation="step").classes == ("a", "b")


def test_classes_of_a_perceptron_that_predicts_numbers_are_refused():
    with refused(
        "classes", "be left out for a perceptron layer of activation 'tanh'", "['a', 'b']", "predicts numbers"
    ):
        PerceptronLayer([[1.0]], [0.0], "tanh", ["a", "b"])


def test_other_words_for_hard_outputs_lead_to_them():
    with refused("activation", "one of sigmoid, tanh, step, sign", "'heaviside'", "Did you mean 'step'?"):
        PerceptronLayer([[1.0]], [0.0], activation="heaviside")


def test_a_layer_derived_from_one_that_descends_has_no_hard_outputs():
    class Own(PerceptronLayer):
        pass

    with refused("activation", "be one of sigmoid, tanh for a Own", "'step'", "no slope to descend"):
        Own([[1.0]], [0.0], activation="step")
    with refused("activation", "be one of step, sign for a RosenblattLayer", "'tanh'", "PerceptronLayer"):
        RosenblattLayer([[1.0]], [0.0], activation="tanh")


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_hard_outputs_have_the_dtype_of_the_layer(dtype):
    layer = PerceptronLayer(np.ones((1, 1), dtype), np.zeros(1, dtype), activation="sign")
    assert layer.output([[1.0]]).dtype == dtype
    assert layer.delta([[1.0]], [[-1]]).dtype == dtype


def test_adaline_by_hand():
    # u = 0.5, -3 for classes coded -1 and 1: J = 1/2 ((0.5 - 1)^2 + (-3 + 1)^2) = 2.125; delta = u - d.
    layer = LinearLayer([[1.0]], [0.0], classes=["no", "yes"])
    X, targets = [[0.5], [-3.0]], ["yes", "no"]
    assert_array_equal(layer.encode(targets), [[1.0], [-1.0]])
    assert layer.cost(X, targets) == 2.125
    assert layer.cost(X, targets, "mean") == 2.125  # 2/K of the mean
    assert_array_equal(layer.delta(X, targets), [[-0.5], [-2.0]])
    assert layer.predict([[0.5], [0.0], [-3.0]]).tolist() == ["yes", "yes", "no"]
    assert layer.errors(X, ["no", "no"]) == 1


def test_adaline_of_several_classes_has_one_hot_targets():
    layer = LinearLayer([[1.0, 2.0, 0.0]], [0.0, 0.0, 1.0], classes=["a", "b", "c"])
    assert_array_equal(layer.encode(["c", "a"]), [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]])
    # u = (1, 2, 1): J = 1/2 (1 + 4 + 0) for c.
    assert layer.cost([[1.0]], ["c"]) == 2.5
    assert layer.predict([[1.0], [-1.0]]).tolist() == ["b", "c"]
    # At two neurons for two classes likewise.
    assert_array_equal(LinearLayer([[1.0, 0.0]], [0.0, 0.0], classes=[1, 2]).encode([2, 1]), [[0.0, 1.0], [1.0, 0.0]])


def test_a_linear_layer_without_classes_predicts_numbers_as_before():
    assert type(LinearLayer([[1.0]], [0.0])) is LinearLayer
    assert LinearLayer([[1.0]], [0.0]).classes is None
    assert "classes" not in LinearLayer([[1.0]], [0.0]).to_dict()


def test_adaline_without_classes_is_refused():
    from deltarule.layers import AdalineLayer

    with refused("classes", "be given for an Adaline", "none", "Give them"):
        AdalineLayer([[1.0]], [0.0], None)


def test_a_logistic_neuron_is_as_before_at_0():
    assert LogisticLayer([[1.0]], [0.0], classes=["no", "yes"]).predict([[0.0]]).tolist() == ["no"]
