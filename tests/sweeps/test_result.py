"""A sweep: each model is the one trained alone, and the choice is made on validation patterns."""

import json

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from deltarule import InputError, LinearLayer, PerceptronLayer, sweep, train
from deltarule.outcome import Reason
from samples import refused
from sweep_samples import LINE, SECOND, SOFTMAX, VALIDATION, softmax_sweep


def test_a_member_is_the_run_that_train_returns(swept):
    result = softmax_sweep(record_every=4)
    for place in (0, 7, 23):
        run = result[place]
        alone = train(
            result.layers[place],
            SOFTMAX.X,
            SOFTMAX.targets,
            result.descents[place],
            "direct",
            validation=VALIDATION,
            record_every=4,
        )
        assert_allclose(run.layer.weights, alone.layer.weights, rtol=1e-9)
        assert run.outcome == alone.outcome
        assert run.updates == alone.updates
        for name in (
            "epoch",
            "cost",
            "errors",
            "accuracy",
            "validation_cost",
            "validation_errors",
            "validation_accuracy",
        ):
            assert_allclose(getattr(run.history, name), getattr(alone.history, name), rtol=1e-9)
    assert len(list(result)) == len(result) == 24
    assert_array_equal(result[-1].layer.weights, result[23].layer.weights)
    with pytest.raises(InputError, match="model must be at most 23"):
        result[24]
    # What is recorded on the way changes nothing.
    for name in ("cost", "validation_cost", "validation_accuracy"):
        assert_allclose(result.columns[name], swept.columns[name], rtol=1e-12)


def test_numbers_have_no_errors():
    result = sweep(**LINE, learning_rate=[0.1, 0.25], epochs=3, validation=([[3.0]], [[6.0]]))
    assert not {"errors", "accuracy", "validation_errors", "validation_accuracy"} & set(result.columns)
    with refused("score", "that the layer has", "validation_accuracy", "'validation_cost'"):
        result.best_by("validation_accuracy")
    with refused("score", "that the layer has", "errors", "'validation_cost'"):
        result.best_by("errors")
    # From 0 by a step of a (X^T X w = 2w): w = 2 (1 - (1 - 2a)^3).
    assert result.best.layer.weights[0, 0] == pytest.approx(2 * (1 - 0.5**3))


def test_the_best_has_the_least_validation_cost(swept):
    costs = [run.layer.cost(*VALIDATION, "mean") for run in swept]
    assert swept.best_place() == int(np.argmin(costs))
    assert_array_equal(swept.best.layer.weights, swept[int(np.argmin(costs))].layer.weights)
    assert_array_equal(swept.ranking(), np.argsort(swept.columns["validation_cost"], kind="stable"))
    accuracies = [np.mean(run.layer.predict(SECOND.X) == np.array(SECOND.targets)) for run in swept]
    assert swept.best_place("validation_accuracy") == int(np.argmax(accuracies))  # of equal ones the first
    assert swept.best_place("validation_errors") == int(np.argmax(accuracies))
    assert swept.best_place("cost") == int(np.argmin(swept.columns["cost"]))
    assert swept.best_by("accuracy").history.accuracy[-1] == max(swept.columns["accuracy"])


def test_of_equal_models_the_first_is_chosen():
    result = sweep(**LINE, learning_rate=[0.1, 0.25, 0.25], epochs=3, validation=([[3.0]], [[6.0]]))
    assert result.ranking().tolist() == [1, 2, 0]
    alike = sweep(**LINE, learning_rate=[0.25] * 99, epochs=1, validation=([[3.0]], [[6.0]]))
    assert alike.ranking().tolist() == list(range(99))


def test_weight_decay_is_no_part_of_the_comparison():
    """From the same layer, too slow to move: equal on validation patterns, though the decays differ."""
    result = sweep(
        SOFTMAX.layer,
        SOFTMAX.X,
        SOFTMAX.targets,
        learning_rate=1e-300,
        weight_decay=[5, 0],
        epochs=1,
        validation=VALIDATION,
    )
    assert result.columns["validation_cost"][0] == pytest.approx(result.columns["validation_cost"][1], rel=1e-14)
    assert result.columns["cost"][0] > result.columns["cost"][1]


def test_a_diverged_model_is_named_and_never_chosen(ignore_overflow):
    # X^T delta = 0 by symmetry, so only the bias moves, to 1 at a rate of 0.25; at 1e200 the first cost overflows. The layer
    # kept is then the initial one, which happens to fit the validation pattern best.
    layer, X, targets = LinearLayer([[0.0]], [0.0]), [[1.0], [-1.0]], [[1.0], [1.0]]
    result = sweep(layer, X, targets, learning_rate=[1e200, 0.25], epochs=5, validation=([[1.0]], [[0.0]]))
    assert result.columns["diverged"].tolist() == [True, False]
    assert result.columns["validation_cost"][0] == 0 < result.columns["validation_cost"][1]
    assert result.ranking().tolist() == [1]
    assert result.best_place("cost") == 1
    assert result[0].outcome.reason is Reason.COST_NOT_FINITE
    assert "diverges" in str(result[0].outcome)


def test_where_all_diverge_the_remedy_is_a_smaller_rate(ignore_overflow):
    result = sweep(**LINE, learning_rate=[5.0, 50.0], epochs=2000, validation=([[3.0]], [[6.0]]))
    with refused("sweep", "finite validation cost", "none of 2: all diverged", "below 5"):
        _ = result.best


def test_without_validation_patterns_nothing_is_chosen_unless_by_training_cost():
    result = sweep(**LINE, learning_rate=[0.1, 0.25], epochs=3)
    with refused("choice of a model", "by validation patterns", "without any", "best_by('cost')"):
        _ = result.best
    with refused("choice of a model", "by validation patterns", "without any", "folds=5"):
        result.test([[4.0]], [[8.0]])
    assert result.best_by("cost").descent.learning_rate == 0.25
    assert result.refit("cost").layer.weights.tolist() == result[1].layer.weights.tolist()
    with refused("score", "be one of", "'validation_costs'", "'validation_cost'"):
        result.best_by("validation_costs")


def test_refit_trains_on_training_and_validation_patterns_together(swept):
    place = swept.best_place()
    run = swept.refit()
    X = np.vstack([SOFTMAX.X, SECOND.X])
    alone = train(swept.layers[place], X, [*SOFTMAX.targets, *SECOND.targets], swept.descents[place], "direct")
    assert_allclose(run.layer.weights, alone.layer.weights, rtol=1e-9)
    assert run.updates == alone.updates
    assert run.history.validation_cost is None


def test_a_model_of_a_sweep_claims_no_time_for_an_update(swept):
    """The models of a sweep are trained together, in threads, and in folds as well."""
    run = swept[0]
    assert np.isnan(run.seconds_per_update)
    assert "each" not in str(run)
    assert json.loads(json.dumps(run.to_dict(), allow_nan=False))["seconds_per_update"] is None


def test_the_json_of_a_sweep_says_its_kind_of_layer_and_whether_it_was_interrupted(swept):
    found = json.loads(json.dumps(swept.to_dict(), allow_nan=False))
    assert (found["kind"], found["classes"], found["interrupted"]) == ("softmax", ["A", "B", "C"], False)
    assert "weights" not in found
    tanh = sweep(PerceptronLayer([[0.0]], [0.0], activation="tanh"), [[1.0]], [[0.5]], learning_rate=0.1, epochs=1)
    assert tanh.to_dict()["activation"] == "tanh"


def test_a_model_that_is_refitted_alone_has_its_time(swept):
    run = swept.refit()
    assert 0 < run.seconds_per_update < 1
    assert "each" in str(run)
    assert run.to_dict()["seconds_per_update"] == run.seconds_per_update
