"""What is trained on what: a layer, patterns and a descent one by one, or a problem alone; and the validation set."""

from types import SimpleNamespace

import numpy as np
import pytest
from numpy.testing import assert_array_equal

import deltarule as dr
from deltarule.problem import problem_from
from deltarule.training_task import TrainingTask, validation_patterns
from samples import refused, sample

PROBLEM = problem_from(
    {
        "layer": {"kind": "softmax", "init": {"seed": 1}},
        "data": {"dataset": "iris", "split": {"test": 0.4, "seed": 2}, "standardise": True},
        "descent": {"learning_rate": 0.01, "epochs": 4, "batch_size": 16},
    }
)
PARTS = (PROBLEM.layer, PROBLEM.X, PROBLEM.targets, PROBLEM.descent)


def assert_same_history(one, other):
    assert one.history.to_dict() == other.history.to_dict()
    assert_array_equal(one.layer.weights, other.layer.weights)


def test_a_problem_alone_trains_as_its_parts_and_follows_its_test_set():
    run = dr.train(PROBLEM, engine="direct")
    assert_same_history(run, dr.train(*PARTS, "direct", validation=PROBLEM.test))
    assert len(run.history.validation_cost) == 5


def test_a_problem_may_follow_nothing_or_another_set():
    assert_same_history(dr.train(PROBLEM, engine="direct", validation=None), dr.train(*PARTS, "direct"))
    other = PROBLEM.X[:5], PROBLEM.targets[:5]
    assert_same_history(
        dr.train(PROBLEM, engine="direct", validation=other), dr.train(*PARTS, "direct", validation=other)
    )


def test_a_problem_takes_the_other_options_too():
    weights = np.arange(len(PROBLEM.X)) % 3
    options = {"engine": "direct", "sample_weight": weights, "record_every": 2}
    assert_same_history(dr.train(PROBLEM, **options), dr.train(*PARTS, **options, validation=PROBLEM.test))


def test_the_run_of_a_problem_says_the_names_of_its_columns():
    found = dr.train(PROBLEM, engine="direct").to_dict()
    assert found["input_names"] == ["sepal_length", "sepal_width", "petal_length", "petal_width"]
    assert found["classes"] == ["setosa", "versicolor", "virginica"]
    numbers = problem_from(
        {
            "layer": {"kind": "linear", "init": {"seed": 1}},
            "data": {"dataset": "linnerud", "standardise": True},
            "descent": {"learning_rate": 0.001, "epochs": 1},
        }
    )
    run = dr.train(numbers, engine="direct")
    assert run.to_dict()["target_names"] == ["weight", "waist", "pulse"]
    assert numbers.with_layer(run.layer).layer.input_names == numbers.input_names
    rows = problem_from(
        {
            "layer": {"kind": "linear", "weights": [[0.0]]},
            "data": {"inputs": [[1], [2]], "targets": [2, 4]},
            "descent": {"learning_rate": 0.1, "epochs": 1},
        }
    )
    assert "input_names" not in dr.train(rows, engine="direct").to_dict()  # rows in the file have no names


def test_what_is_wrong_with_the_test_set_of_a_problem_is_said_of_it():
    X, targets = PROBLEM.test
    for test, name, rule, got in (
        ((X[:, :2], targets), "test set's inputs", "have 4 columns", "2"),
        ((X, [*targets[1:], "moss"]), "test set's targets", "among the layer's classes", "'moss' in row 60"),
        (7, "test set", "be a pair", "int"),
    ):
        own = SimpleNamespace(layer=PARTS[0], X=PARTS[1], targets=PARTS[2], descent=PARTS[3], test=test)
        with refused(name, rule, got, "."):
            dr.train(own, engine="direct")
    with refused("validation set's inputs", "have 4 columns", "2", "columns"):
        dr.train(*PARTS, "direct", validation=(X[:, :2], targets))


def test_an_iteration_of_a_problem_is_that_of_its_parts():
    found, expected = dr.iterate(PROBLEM, iteration=3), dr.iterate(*PARTS, iteration=3)
    assert found.iteration == 3
    assert found.to_dict() == expected.to_dict()
    weights = np.arange(len(PROBLEM.X)) % 3 + 1.0
    assert dr.iterate(PROBLEM, sample_weight=weights).cost == dr.iterate(*PARTS, sample_weight=weights).cost


def test_whatever_has_the_parts_is_a_task():
    own = SimpleNamespace(layer=PARTS[0], X=PARTS[1], targets=PARTS[2], descent=PARTS[3], test=None)
    assert isinstance(own, TrainingTask)
    assert isinstance(PROBLEM, TrainingTask)
    assert not isinstance(PROBLEM.layer, TrainingTask)
    assert_same_history(dr.train(own, engine="direct"), dr.train(*PARTS, "direct"))


@pytest.mark.parametrize("call", [dr.train, dr.iterate])
@pytest.mark.parametrize(("argument", "name"), [("X", "inputs"), ("targets", "targets"), ("descent", "descent")])
def test_what_a_problem_holds_is_not_given_again_and_what_a_layer_lacks_is_given(call, argument, name):
    given = dict(zip(("X", "targets", "descent"), PARTS[1:], strict=True))
    with refused(name, "be left out where a problem is given", type(given[argument]).__name__, "holds its own"):
        call(PROBLEM, **{argument: given[argument]})
    del given[argument]
    with refused(name, "be given with a layer", "none", "or a problem alone"):
        call(PROBLEM.layer, **given)


def test_a_validation_set_is_a_pair_that_fits_the_layer():
    sampled = sample("softmax")
    found = validation_patterns(sampled.layer, (sampled.X, sampled.targets))
    assert_array_equal(found.X, sampled.X)
    assert_array_equal(found.D, sampled.desired)
    with refused("validation set", "be a pair (inputs, targets)", "int", "validation=(X, targets)"):
        validation_patterns(sampled.layer, 5)
    with refused("validation set's targets", "among the layer's classes", "'Z' in row 1", "Correct the label"):
        validation_patterns(sampled.layer, ([[1.0] * 3], ["Z"]))
    with refused("validation set's inputs", "have 3 columns", "2", "columns chosen"):
        validation_patterns(sampled.layer, ([[1.0] * 2], ["A"]))
