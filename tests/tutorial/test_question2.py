"""Question 2 as it is read: its results beside scikit-learn's, and beside the figures of the handout's recomputation."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from account_entries import entries, mistakes
from deltarule.tutorial import handout

pytestmark = pytest.mark.slow

NAMES = ("weight", "waist", "pulse")
# Of the five test rows. Weights 162, 176, 211, 169, 193: mean 182.2, squares 408.04 + 38.44 + 829.44 + 174.24 + 116.64 = 1566.8;
# waists 35, 37, 38, 34, 38; pulses 62, 54, 56, 50, 58.
TEST_VARIANCE = (1566.8 / 5, 13.2 / 5, 80 / 5)


@pytest.fixture(scope="module")
def results(results_of) -> dict:
    return results_of(2)


@pytest.fixture(scope="module")
def question(results: dict) -> dict:
    return results["question_2"]


def test_the_data_are_scaled_as_the_handout_scales_them(results):
    found = entries(results, 2)
    for what in ("inputs: mean", "inputs: variance", "targets: scale", "targets: min"):
        assert found[f"training {what}"]["verdict"] == "equal"


def test_direct_and_autograd_agree_at_equal_step_lengths(question):
    assert question["agreement"] < 1e-9
    assert question["agreement_all"]["biases"] < 1e-9
    assert question["agreement_all"]["updates"] == 50_000
    # P K / 2 = 15 * 3 / 2
    assert question["step_length"]["direct_to_autograd"] == 22.5
    assert question["agreement_all"]["learning_rate"]["direct_sum"] == pytest.approx(0.001 / 22.5)


def test_the_smallest_training_error_is_that_of_the_recomputation(question):
    optimum = question["optimum"]
    assert optimum["train_mse_scaled"] == pytest.approx(0.04174446, abs=5e-9)
    assert optimum["gradient_norm"] < 1e-10
    assert_allclose(optimum["test_mse"], [933.42, 1.5649, 25.568], rtol=1e-4)
    assert_allclose(optimum["test_r2"], [-1.979, 0.4072, -0.598], atol=5e-4)


def test_weight_and_pulse_have_worse_local_minima(question):
    minima = question["optimum"]["minima"]
    for name in ("weight", "pulse"):
        assert sum(end["minimum"] for end in minima[name]) > 1
    # The mean over the three variables, which share no parameter, is the smallest training error.
    smallest = [ends[0]["train_mse_scaled"] for ends in minima.values()]
    assert np.mean(smallest) == pytest.approx(question["optimum"]["train_mse_scaled"], abs=1e-8)


def test_scores_are_those_of_scikit_learn(question):
    from sklearn.datasets import load_linnerud
    from sklearn.metrics import mean_squared_error, r2_score
    from sklearn.model_selection import train_test_split

    X, y = load_linnerud(return_X_y=True)
    X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.25, random_state=1)
    low, span = y_train.min(axis=0), np.ptp(y_train, axis=0)
    for form, epochs in (("direct", 10_000), ("autograd", 50_000)):
        found = question[form]
        assert found["epochs"] == epochs
        U = (X_test - X_train.mean(axis=0)) / X_train.std(axis=0) @ found["weights"] + found["biases"]
        predicted = low + span / (1 + np.exp(-U))
        columns = [found[measure][name] for measure in ("mse", "r2", "r2_swapped") for name in NAMES]
        expected = [
            *mean_squared_error(y_test, predicted, multioutput="raw_values"),
            *r2_score(y_test, predicted, multioutput="raw_values"),
            *r2_score(predicted, y_test, multioutput="raw_values"),
        ]
        assert_allclose(columns, expected, rtol=1e-9)


def test_waist_is_predicted_best(question):
    assert question["best_predicted"] == "waist"
    assert sum(question["best_predicted_counts"]["direct"].values()) == question["seeds"] == 100
    assert question["best_predicted_counts"]["direct"]["waist"] > 90
    assert question["worse_than_mean"]["direct"] == ["weight", "pulse"]


def test_neither_form_had_converged(results):
    needed = results["question_2"]["epochs_to_criterion"]
    assert needed["reached"] == needed["initial_layers"] == 20
    assert needed["direct"]["low"] > 10_000
    assert needed["autograd"]["low"] == 22.5 * needed["direct"]["low"] > 50_000
    entry = entries(results, 2)["epochs to convergence"]
    assert entry["printed"] == [10_000, 50_000]
    assert entry["computed"] == [needed["direct"]["median"], needed["autograd"]["median"]]


def test_stopping_early_generalises_better(question):
    early = question["early_stopping"]
    assert early["epoch"] < early["epochs_at_the_end"]
    assert early["test_cost"] < early["test_cost_at_the_end"]


def test_printed_scores_are_bracketed(results):
    found = entries(results, 2)
    for form in ("direct", "autograd"):
        assert found[f"{form}: mean square error (test)"]["verdict"] == "bracketed"
        assert found[f"{form}: R2 (test)"]["verdict"] == "bracketed"
        assert mistakes(results, f"question_2_{form}") == ["r2-swapped", "other-start"]
        # R2 from the printed mean square error and the spread of the test set, not from any prediction.
        mse = handout.printed(f"question_2_{form}")["metrics"]["test_mse"]
        right = ", ".join(f"{1 - error / variance:.4f}" for error, variance in zip(mse, TEST_VARIANCE, strict=True))
        assert right in found[f"{form}: R2 (test)"]["why"]
