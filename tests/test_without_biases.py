"""Layers without biases: U = X W, in every engine, in sweeps, shown, marked, and where descent is heading."""

import copy
import pickle
import re
from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import deltarule as dr
from deltarule.conventions import Conventions
from deltarule.engines import ENGINES
from deltarule.problem import problem_from
from deltarule.show.terminal import iteration_text, layer_text
from samples import NAMES, refused, sample

DESCENT = dr.Descent(0.02, 7, batch_size=8, weight_decay=0.05, seed=3)


def without(name, patterns=20, inputs=3, seed=0):
    """A sample whose layer has no biases."""
    sampled = sample(name, patterns, inputs, seed)
    return replace(sampled, layer=sampled.layer.with_parameters(sampled.layer.weights, None))


def with_zeros(name):
    """The layer of the same sample with biases, which are 0."""
    layer = sample(name).layer
    return layer.with_parameters(layer.weights, np.zeros(layer.neurons))


def reached(name, sampled, descent):
    """The weights after a descent: each update is that of a layer with biases, whose biases become 0 again after it."""
    layer = with_zeros(name)
    patterns = layer.patterns(sampled.X, sampled.targets)
    rng = np.random.default_rng(descent.seed)
    for _ in range(descent.epochs):
        order = rng.permutation(len(patterns.X))
        for start in range(0, len(order), descent.batch_size):
            batch = patterns.take(order[start : start + descent.batch_size])
            one = dr.Descent(descent.learning_rate, 1, reduction=descent.reduction, weight_decay=descent.weight_decay)
            layer = dr.train(layer, batch.X, layer.decode(batch.D), one, "direct").layer
            layer = layer.with_parameters(layer.weights, np.zeros(layer.neurons))
    return layer.weights


def test_a_layer_given_no_biases_has_none():
    layer = dr.LinearLayer([[1.0], [2.0]], None)
    assert not layer.has_biases
    assert layer.biases.tolist() == [0.0]
    assert layer.to_dict() == {"kind": "linear", "weights": [[1.0], [2.0]], "biases": None}
    assert repr(layer) == "LinearLayer(2 x 1, no biases)"
    assert "b " not in layer_text(layer)
    with refused("biases", "be None where the layer has no biases", "[1.0]", "Leave out one"):
        dr.LinearLayer([[1.0]], [1.0], has_biases=False)


@pytest.mark.parametrize("name", NAMES)
def test_copies_of_a_layer_have_no_biases_either(name):
    layer = without(name).layer
    for other in (
        copy.deepcopy(layer),
        pickle.loads(pickle.dumps(layer)),
        replace(layer, weights=2 * layer.weights),
        layer.astype(np.float32),
        layer.with_parameters(layer.weights, None),
        layer.redrawn(5),
        layer.with_names([f"x{n}" for n in range(layer.inputs)]),
    ):
        assert not other.has_biases
        assert not other.biases.any()


@pytest.mark.parametrize(
    "engine", [pytest.param(name, marks=pytest.mark.kernels if name == "compiled" else ()) for name in ENGINES]
)
@pytest.mark.parametrize("name", NAMES)
def test_every_engine_leaves_the_biases_alone(name, engine):
    sampled = without(name)
    run = dr.train(sampled.layer, sampled.X, sampled.targets, DESCENT, engine)
    assert not run.layer.has_biases
    assert_array_equal(run.layer.biases, 0)
    assert_allclose(run.layer.weights, reached(name, sampled, DESCENT), rtol=1e-12, atol=1e-14)


@pytest.mark.kernels
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("shape", [(40, 3), (300, 5), (40, 400)], ids=["small", "panels", "wide"])
def test_the_kernels_of_every_shape_leave_the_biases_alone(shape, dtype):
    rng = np.random.default_rng(0)
    X = rng.normal(size=shape).astype(dtype)
    targets = rng.integers(3, size=len(X))
    layer = dr.SoftmaxLayer.random(shape[1], [0, 1, 2], seed=1).astype(dtype)
    layer = layer.with_parameters(layer.weights, None)
    descent = dr.Descent(0.001, 5)
    expected = dr.train(layer, X, targets, descent, "direct").layer
    with np.errstate(invalid="ignore"):  # interpreted, lanes that hold no neuron work with infinities
        many = dr.sweep(layer, X, targets, learning_rate=[0.001] * 3 + [0.002] * 9, epochs=5)
        alone = dr.train(layer, X, targets, descent)
    for found in (alone.layer, many[0].layer):
        assert_array_equal(found.biases, 0)
        assert_allclose(found.weights, expected.weights, atol=1e-13 if dtype == np.float64 else 2e-6)


def test_an_iteration_shows_no_bias_anywhere():
    sampled = without("softmax", patterns=4)
    worked = dr.iterate(sampled.layer, sampled.X, sampled.targets, dr.Descent(0.1, 1))
    text = iteration_text(worked)
    assert "U = X W\n" in text
    assert "no biases" in text
    assert "dJ/db" not in text
    assert not re.search(r"\bb\b", text)  # the letter
    record = worked.to_dict()
    assert "biases" not in record
    assert "bias_gradient" not in record
    assert record["conventions"] == Conventions().to_dict()


# ---- Where descent is heading.


@pytest.mark.parametrize("name", ["linear", "softmax", "logistic"])
def test_the_optimum_is_that_of_weights_alone(name):
    sampled = without(name)
    found = dr.optimum(sampled.layer, sampled.X, sampled.targets, dr.Descent(0.1, 1, weight_decay=0.1))
    assert found.attained
    assert not found.layer.has_biases
    worked = dr.iterate(found.layer, sampled.X, sampled.targets, dr.Descent(0.1, 1, weight_decay=0.1))
    assert np.abs(worked.weight_gradient).max() < 1e-9
    with_biases = dr.optimum(with_zeros(name), sampled.X, sampled.targets, dr.Descent(0.1, 1, weight_decay=0.1))
    assert found.cost > with_biases.cost


def test_classes_on_one_side_of_the_origin_need_biases():
    # 1 and 2 can be told apart at 1.5, but not by the sign of w x.
    X, targets = [[1.0], [2.0]], ["a", "b"]
    assert dr.separability(X, targets).outcome.label == "separable"
    assert dr.separability(X, targets, biases=False).outcome.label == "overlapping"
    through_0 = dr.separability([[-1.0], [2.0]], targets, biases=False)
    assert through_0.outcome.label == "separable"
    assert through_0.layer.predict([[-1.0], [2.0]]).tolist() == ["a", "b"]
    assert not through_0.layer.has_biases


def test_a_problem_says_itself_whether_there_are_biases():
    layer = {"kind": "softmax", "init": {"seed": 0}}
    data = {"data": {"inputs": [[1.0], [2.0]], "targets": ["a", "b"]}, "descent": {"learning_rate": 0.1, "epochs": 2}}
    assert dr.separability(problem_from({"layer": layer} | data)).outcome.label == "separable"
    none = problem_from({"layer": layer | {"biases": False}} | data)
    assert dr.separability(none).outcome.label == "overlapping"
    with refused("biases", "be left out where a problem is given", "False", "says it itself"):
        dr.separability(problem_from({"layer": layer} | data), biases=False)


def test_the_question_after_training_is_about_layers_without_biases_too():
    layer = dr.SoftmaxLayer([[0.1, 0.0]], None, classes=["a", "b"])
    run = dr.train(layer, [[1.0], [2.0]], ["a", "b"], dr.Descent(0.1, 2), "direct")
    assert "dr.separability(X, targets, biases=False) tells whether" in str(run.outcome)


# ---- In a problem.

AND = {
    "title": "AND, one pattern an update, in the order given",
    "layer": {"kind": "perceptron", "weights": [[0.6], [0.7]], "biases": False},
    "data": {"inputs": [[0, 0], [0, 1], [1, 0], [1, 1]], "targets": [0, 0, 0, 1]},
    "descent": {"learning_rate": 0.6, "epochs": 1, "batch_size": 1, "order": "given"},
    "show": {"decimals": 3},
}


def test_a_problem_says_that_its_layer_has_no_biases():
    problem = problem_from(AND)
    assert not problem.layer.has_biases
    assert problem_from(problem.to_dict()).layer.to_dict() == problem.layer.to_dict()
    assert problem.with_layer(problem.layer.redrawn(1)).to_dict()["layer"]["biases"] is False
    drawn = problem_from(AND | {"layer": {"kind": "perceptron", "init": {"seed": 1}, "biases": False}})
    assert not drawn.layer.has_biases
    with pytest.raises(dr.ProblemError, match=r'say biases = "first column", and this layer has none\. Leave out one'):
        problem_from(AND | {"conventions": {"biases": "first column"}})
    with pytest.raises(dr.ProblemError, match="biases: Biases are a list of numbers, or false for none"):
        problem_from(AND | {"layer": AND["layer"] | {"biases": True}})


def test_an_online_answer_in_the_given_order_without_biases_is_right():
    """u = 0.7 in pattern 2: y = 0.668, delta = y y (1 - y) = 0.148, w2 = 0.7 - 0.6 * 0.148 = 0.611; likewise w1 in pattern 3."""
    answer = {
        "iteration": {
            "1": {"weights": [[0.6], [0.7]]},
            "2": {"weights": [[0.6], [0.611]]},
            "3": {"weights": [[0.512], [0.611]]},
        }
    }
    marks = dr.check(problem_from(AND), answer)
    assert marks.score == 1
    assert not [finding.name for finding in marks.mistakes if finding.is_mistake]


def test_a_bias_that_the_problem_does_not_have_is_named():
    problem = problem_from(AND | {"descent": {"learning_rate": 0.6, "epochs": 2}})
    start = dr.PerceptronLayer([[0.6], [0.7]], [0.0])
    added = dr.iterate(start, problem.X, problem.targets, problem.descent, iteration=2)
    parts = {"synaptic_inputs": added.synaptic_inputs, "outputs": added.outputs, "delta": added.delta}
    parts |= {"weight_gradient": added.weight_gradient, "weights": added.weights}
    marks = dr.check(
        problem, {"decimals": 5, "iteration": {"2": {name: value.round(5).tolist() for name, value in parts.items()}}}
    )
    assert [finding.name for finding in marks.mistakes] == ["biases-added"]


def test_parts_that_there_are_not_are_said_so():
    marks = dr.check(problem_from(AND), {"iteration": {"1": {"weights": [[0.6], [0.7]], "biases": [0.1]}}})
    assert "The layer of this problem has no biases" in str(marks)
    with pytest.raises(dr.ProblemError, match="Its layer has no biases: leave it out"):
        problem_from(AND | {"marking": {"asked": ["iteration.1.biases"]}})
