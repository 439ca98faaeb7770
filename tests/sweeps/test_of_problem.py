"""The sweep of a problem: its own values, its validation patterns, and one score on its test set."""

import json

import numpy as np
import pytest
from numpy.testing import assert_array_equal

import deltarule as dr
from deltarule import Descent, SoftmaxLayer, sweep, sweep_problem
from deltarule.data import split
from deltarule.problem import problem_from, read_problem, write_problem
from samples import refused
from sweep_samples import interrupt_at

IRIS = {
    "title": "Iris",
    "layer": {"kind": "softmax", "init": {"seed": 4}},
    "data": {"dataset": "iris", "standardise": True, "split": {"test": 0.3, "seed": 1}},
    "descent": {"learning_rate": 0.05, "epochs": 6, "reduction": "mean", "batch_size": 16, "seed": 9},
}


@pytest.fixture(scope="module")
def iris():
    return problem_from(IRIS)


def test_values_that_are_left_out_are_the_problems(iris):
    result = sweep_problem(iris).sweep
    assert result.descents == [iris.descent]
    assert result.layers == [iris.layer]  # drawn by the seed of init, 4, not by that of the order, 9
    swept = sweep_problem(iris, batch_size=[None, 8], tolerance=1e-9).sweep
    assert [(descent.batch_size, descent.tolerance, descent.seed) for descent in swept.descents] == [
        (None, 1e-9, 9),
        (8, 1e-9, 9),
    ]


def test_seeds_that_are_given_draw_the_layers_that_the_problem_draws(iris):
    result = sweep_problem(iris, seed=[0, 5]).sweep
    for layer, seed in zip(result.layers, (0, 5), strict=True):
        assert_array_equal(layer.weights, SoftmaxLayer.random(4, iris.layer.classes, seed).weights)
    given = iris.with_layer(iris.layer)
    assert all(layer is given.layer for layer in sweep_problem(given, seed=[0, 5]).sweep.layers)


def test_the_validation_set_is_a_split_by_class_and_the_test_set_is_scored_once(iris):
    found = sweep_problem(iris, learning_rate=[0.01, 0.3], validation=0.2)
    training, chosen = split(105, 0.2, 0, stratified=True, labels=iris.targets.tolist())
    by_hand = sweep(
        iris.layer,
        iris.X[training],
        iris.targets[training],
        descents=[Descent(rate, 6, batch_size=16, reduction="mean", seed=9) for rate in (0.01, 0.3)],
        validation=(iris.X[chosen], iris.targets[chosen]),
    )
    assert_array_equal(found.sweep.columns["validation_cost"], by_hand.columns["validation_cost"])
    assert found.chosen == by_hand.best_place()
    assert found.score == by_hand.test(*iris.test)
    with refused("test set", "once", f"after model {found.chosen}", "Report the first"):
        found.sweep.test(*iris.test, by="cost", refit=True)


def test_without_validation_patterns_nothing_is_chosen_and_the_test_set_is_not_used(iris):
    found = sweep_problem(iris, learning_rate=[0.01, 0.3])
    assert (found.chosen, found.score) == (None, None)
    assert "No model is chosen, and the test set is not used" in " ".join(str(found).split())
    with refused("best problem", "a chosen model", "none is chosen", "folds=5"):
        found.best_problem()


def test_the_best_problem_starts_where_the_chosen_model_ended(iris, tmp_path):
    found = sweep_problem(iris, learning_rate=[0.01, 0.3], folds=3)
    write_problem(found.best_problem(), tmp_path / "best.toml")
    again = read_problem(tmp_path / "best.toml")
    assert_array_equal(again.layer.weights, found.sweep.best.layer.weights)
    assert again.descent == found.sweep.best.descent
    assert again.init_seed is None


def test_a_problem_of_numbers_is_split_without_classes():
    problem = problem_from(
        {
            "layer": {"kind": "linear", "weights": [[0.0]]},
            "data": {"inputs": [[1], [2], [3], [4]], "targets": [2, 4, 6, 8], "split": {"test": 1, "seed": 0}},
            "descent": {"learning_rate": 0.01, "epochs": 5},
        }
    )
    found = sweep_problem(problem, validation=1)
    assert len(found.sweep.training.X) == 2
    assert len(found.sweep.validation.X) == 1
    assert found.score.accuracy is None
    assert "Mean square error and R2" in str(found)


def test_it_shows_itself_in_text_in_json_and_in_a_notebook(iris):
    found = dr.sweep_problem(iris, learning_rate=[0.01, 0.3], validation=0.2)
    text = str(found)
    assert text.startswith("Iris\n2 models, softmax layer")
    assert f"Test set, scored once, for model {found.chosen}: cost {found.score.cost:.4f}" in text
    assert repr(found) == "<ProblemSweep of 'Iris': <Sweep of 2 models>>"
    document = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert document["title"] == "Iris"
    assert document["best"]["model"] == document["test"]["model"] == found.chosen
    assert f"for model {found.chosen}: cost {found.score.cost:.4f}" in found._repr_html_()


def test_shares_that_leave_a_side_empty_are_named_as_the_validation_sets(iris):
    with refused("validation set", "a share between 0 and 1", "1.5", "each side"):
        sweep_problem(iris, validation=1.5)
    by_class = "split by class into training and validation set"
    with refused(by_class, "enough patterns of each class", "a validation set of 1 for 3 classes", "folds"):
        sweep_problem(iris, validation=1)


def test_a_model_without_a_finite_cost_is_not_chosen():
    problem = problem_from(
        {
            "layer": {"kind": "linear", "weights": [[1e200]]},
            "data": {"inputs": [[1e200], [2e200], [3e200]], "targets": [0, 0, 0]},
            "descent": {"learning_rate": 1, "epochs": 2},
        }
    )
    with np.errstate(over="ignore", invalid="ignore"):
        found = sweep_problem(problem, validation=1)
    assert found.chosen is None
    text = " ".join(str(found).split())
    assert "1 of 1 model has no finite cost from the start" in text
    assert text.endswith(
        "No model is chosen, since the costs of the initial layers overflow. Standardise the inputs, or scale the targets."
    )


def test_an_interrupted_sweep_says_so_and_blames_no_learning_rate(iris):
    found = sweep_problem(iris, learning_rate=[0.01, 0.1], folds=3, progress=interrupt_at(0.4))
    text = " ".join(str(found).split())
    assert "No model is chosen, since the sweep was interrupted. Give fewer epochs" in text
    assert "Try learning rates" not in text
    with refused("best problem", "a chosen model", "none is chosen", "Give fewer epochs"):
        found.best_problem()
