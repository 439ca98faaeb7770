"""What is not supported is said as such where it is asked for; names of textbooks lead to the kind of layer that they mean."""

import re

import pytest

import deltarule as dr
from deltarule.layers import KINDS, OTHER_NAMES
from deltarule.not_supported import NOT_SUPPORTED, not_supported
from deltarule.problem import problem_from
from deltarule.setting import ProblemRequest
from samples import refused


def problem_of(**layer):
    return problem_from({
        "layer": {"weights": [[0.5]], **layer},
        "data": {"inputs": [[0.0], [1.0]], "targets": [0, 1]},
        "descent": {"learning_rate": 0.1, "epochs": 1},
    })  # fmt: skip


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("adaline", 'Adaline is a linear layer with classes: kind "linear", and classes.'),
        ("Adaline", 'Adaline is a linear layer with classes: kind "linear", and classes.'),
        ("rosenblatt", 'kind "perceptron", with activation "step"'),
        ("delta rule", "The delta rule trains layers of all kinds"),
        ("delta-rule", "The delta rule trains layers of all kinds"),
        ("widrow-hoff", 'that of Widrow and Hoff is for kind "linear"'),
        ("logistic regression", "Did you mean 'logistic'?"),
        ("softmax_regression", "Did you mean 'softmax'?"),
        ("multinomial", "Did you mean 'softmax'?"),
        ("linear regression", "Did you mean 'linear'?"),
        ("ridge", 'kind "linear" with a weight_decay'),
        ("mlp", "there are no hidden layers"),
        ("convolutional", "there are no hidden layers"),
        ("svm", "The hinge loss is not supported"),
    ],
)
def test_a_name_of_a_textbook_leads_to_the_kind_through_every_door(name, remedy):
    for door in (
        lambda: problem_of(kind=name),
        lambda: dr.sweep(name, [[0.0], [1.0]], [0, 1], learning_rate=0.1, epochs=1),
        lambda: ProblemRequest(name),
    ):
        with pytest.raises((dr.InputError, dr.ProblemError), match=re.escape(remedy)):
            door()


def test_each_name_is_of_one_kind_or_a_sentence():
    for name, stands_for in OTHER_NAMES.items():
        assert name not in KINDS
        assert stands_for in KINDS or stands_for.endswith(".")


@pytest.mark.parametrize(
    ("activation", "remedy"),
    [
        ("ReLU", "Such neurons are for hidden layers"),
        ("softmax", 'Softmax is kind "softmax"'),
        ("identity", 'kind "linear"'),
        ("hardlim", "Did you mean 'step'?"),
        ("signum", "Did you mean 'sign'?"),
    ],
)
def test_other_activations_lead_to_what_there_is(activation, remedy):
    with refused("activation", "be one of sigmoid, tanh, step, sign", repr(activation), remedy):
        dr.PerceptronLayer([[1.0]], [0.0], activation=activation)
    with pytest.raises(dr.ProblemError, match=re.escape(remedy)):
        problem_of(kind="perceptron", activation=activation)


def test_a_hard_activation_of_another_kind_says_whose_rule_it_is():
    with pytest.raises(dr.ProblemError, match="no slope to descend: Rosenblatt's rule trains them"):
        problem_of(kind="logistic", activation="step")


@pytest.mark.parametrize(
    ("word", "remedy"),
    [
        ("optimizer", "There is no choice of optimiser"),
        ("adam", "no adaptive one such as Adam"),
        ("solver", "Leave it out; deltarule train --data FILE --solver exact goes to the least cost"),
        ("l1", "L1 regularisation is not supported"),
        ("dropout", "Dropout is not supported"),
        ("hidden_layers", "there are no hidden layers"),
        ("kernel_size", "Convolutions are not supported"),
    ],
)
def test_a_keyword_for_what_is_not_supported_is_refused_as_such(word, remedy):
    with refused(word, "be left out", "0.5", remedy):
        dr.Descent(0.1, 10, **{word: 0.5})
    assert not_supported(word).startswith(remedy[:10]) or remedy in not_supported(word)
    with pytest.raises(dr.ProblemError, match=re.escape(remedy)):
        problem_from({
            "layer": {"kind": "linear", "weights": [[0.5]]},
            "data": {"inputs": [[0.0], [1.0]], "targets": [0, 1]},
            "descent": {"learning_rate": 0.1, "epochs": 1, word: 0.5},
        })  # fmt: skip


def test_train_and_sweep_refuse_what_is_not_supported_too():
    layer = dr.LinearLayer([[0.0]], [0.0])
    with refused("optimizer", "be left out", "'adam'", "no choice of optimiser"):
        dr.train(layer, [[1.0]], [[1.0]], dr.Descent(0.1, 1), optimizer="adam")
    with refused("hidden", "be left out", "3", "there are no hidden layers"):
        dr.sweep(layer, [[1.0]], [[1.0]], learning_rate=0.1, epochs=1, hidden=3)


def test_any_other_unknown_keyword_is_python_s_own_error():
    with pytest.raises(TypeError, match="unexpected keyword argument 'speed'"):
        dr.Descent(0.1, 10, speed=3)


def test_no_word_has_two_remedies():
    words = [word for each in NOT_SUPPORTED for word in each.split()]
    assert len(words) == len(set(words))
