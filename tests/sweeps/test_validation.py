"""Folds and validation scores."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.model_selection import KFold, StratifiedKFold

from deltarule import Descent, LinearLayer, SoftmaxLayer, sweep, train
from sweep_samples import SOFTMAX, TEST


def test_folds_are_scikit_learns_and_scores_are_means_over_them():
    """Each fold trained apart, by the direct engine."""
    options = {
        "learning_rate": [0.01, 0.1],
        "weight_decay": [0, 0.5],
        "batch_size": 4,
        "epochs": 6,
        "reduction": "mean",
    }
    result = sweep("softmax", SOFTMAX.X, SOFTMAX.targets, folds=3, **options)
    labels = np.array(SOFTMAX.targets)
    split = list(StratifiedKFold(3, shuffle=True, random_state=0).split(SOFTMAX.X, labels))
    for place, (layer, descent) in enumerate(zip(result.layers, result.descents, strict=True)):
        runs = [train(layer, SOFTMAX.X[rows], labels[rows], descent, "direct").layer for rows, _ in split]
        costs = [
            run.cost(SOFTMAX.X[others], labels[others], "mean") for run, (_, others) in zip(runs, split, strict=True)
        ]
        wrong = [run.errors(SOFTMAX.X[others], labels[others]) for run, (_, others) in zip(runs, split, strict=True)]
        columns = {name: column[place] for name, column in result.columns.items()}
        assert columns["validation_cost"] == pytest.approx(np.mean(costs), rel=1e-9)
        assert columns["validation_cost_deviation"] == pytest.approx(np.std(costs, ddof=1), rel=1e-9)
        assert columns["validation_errors"] == sum(wrong)
        assert columns["validation_accuracy"] == pytest.approx(1 - np.mean(np.array(wrong) / 10), rel=1e-12)
        # The model itself is trained on all patterns.
        alone = train(layer, SOFTMAX.X, labels, descent, "direct")
        assert_allclose(result[place].layer.weights, alone.layer.weights, rtol=1e-9)
    refitted = result.refit()
    assert_array_equal(refitted.layer.weights, result.best.layer.weights)
    assert result.test(TEST.X, TEST.targets, refit=True) == result.test(TEST.X, TEST.targets)  # one model
    assert refitted.history.validation_cost is None
    text = str(result)
    assert "3-fold cross-validation" in text
    assert "deviation" in text


def test_folds_of_numbers_are_not_stratified():
    X = np.arange(7.0)[:, None]
    result = sweep(LinearLayer([[0.0]], [0.0]), X, 2 * X, learning_rate=1e-3, epochs=4, folds=7)
    costs = []
    for rows, others in KFold(7, shuffle=True, random_state=0).split(X):
        run = train(LinearLayer([[0.0]], [0.0]), X[rows], 2 * X[rows], Descent(1e-3, 4), "direct")
        costs.append(run.layer.cost(X[others], 2 * X[others]))
    assert result.columns["validation_cost"][0] == pytest.approx(np.mean(costs), rel=1e-12)


def test_a_model_that_diverges_in_a_fold_is_named_and_not_chosen(ignore_overflow):
    # X^T X with the bias is at most diag(2.5, 5): a = 0.1 converges below 2/5 in every fold, a = 3 diverges in every one.
    X, targets = [[-1.0], [0.0], [1.0], [0.5], [-0.5]], [[-2.0], [0.0], [2.0], [1.0], [-1.0]]
    result = sweep(LinearLayer([[0.0]], [0.0]), X, targets, learning_rate=[0.1, 3], epochs=3000, folds=5)
    assert result.columns["diverged"].tolist() == [False, True]
    assert np.isnan(result.columns["validation_cost"][1])
    assert result.ranking().tolist() == [0]


def test_a_model_that_diverges_in_a_fold_only_is_not_chosen_by_training_cost_either(ignore_overflow):
    # The mean's Hessian is 2/4 10^2 = 50 (the biases apart) on all patterns, 2/3 10^2 without one at 0: a = 0.035 lies between
    # 2 over the one and 2 over the other.
    X, targets = [[10.0], [0.0], [0.0], [0.0]], [[1.0], [0.0], [0.0], [0.0]]
    result = sweep(
        LinearLayer([[0.0]], [0.0]), X, targets, learning_rate=[0.035, 0.001], epochs=9000, reduction="mean", folds=4
    )
    assert result.columns["outcome"].tolist() == ["epochs_done"] * 2
    assert result.columns["diverged"].tolist() == [True, False]
    assert result.columns["cost"][0] < result.columns["cost"][1]
    assert result.best_place("cost") == 1
    assert "diverged in a fold" in str(result)


def test_a_class_that_no_pattern_has_is_swept_as_it_is_trained():
    X, labels = [[-2.0], [-1.0], [1.0], [2.0]], ["a", "b", "a", "b"]
    layer = SoftmaxLayer.random(1, ["a", "b", "c"], 0)
    found = sweep(layer, X, labels, learning_rate=[0.1, 0.2], epochs=5, validation=(np.add(X, 0.5), labels))
    alone = train(layer, X, labels, Descent(0.2, 5), "direct")
    assert_allclose(found[1].layer.weights, alone.layer.weights, rtol=1e-12)
    folded = sweep(layer, X, labels, learning_rate=0.1, epochs=5, folds=2)
    assert np.isfinite(folded.columns["validation_cost"]).all()
