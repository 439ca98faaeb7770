"""Question 3 as it is read: its results beside the figures of the handout's recomputation."""

import numpy as np
import pytest

from account_entries import entries, mistakes
from deltarule.tutorial import handout

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def results(results_of) -> dict:
    return results_of(3)


@pytest.fixture(scope="module")
def question(results: dict) -> dict:
    return results["question_3"]


def test_curves_run_from_epoch_0_to_1000(question):
    curves = question["batch_16"]
    for name in ("train_cost", "test_cost", "train_accuracy", "test_accuracy"):
        assert len(curves[name]) == 1001
    assert curves["train_cost"][-1] < 0.07 < curves["train_cost"][0]


def test_the_engines_end_at_the_same_weights(question):
    assert question["batch_16"]["largest_difference_between_engines"] < 1e-9


def test_the_printed_losses_come_from_the_printed_weights_by_softmax_twice(question):
    twice = question["softmax_twice"]
    train, test = twice["printed_weights"]["train"], twice["printed_weights"]["test"]
    assert twice["least_loss"] == pytest.approx(np.log(1 + 2 / np.e), abs=1e-12)
    assert train["cross_entropy"] == pytest.approx(0.07227, abs=5e-6)
    assert test["cross_entropy"] == pytest.approx(0.07993, abs=5e-6)
    assert train["softmax_twice_loss"] == pytest.approx(0.59377, abs=5e-6)
    assert test["softmax_twice_loss"] == pytest.approx(0.59888, abs=5e-6)
    metrics = handout.printed("question_3")["metrics"]
    for found, printed in ((train, metrics["training_cost"]), (test, metrics["test_cost"])):
        assert found["divided_by_patterns"]["low"] < printed < found["divided_by_patterns"]["high"]
    assert (train["errors"], train["patterns"]) == (3, 90)
    assert (test["errors"], test["patterns"]) == (3, 60)


def test_softmax_twice_by_the_chain_rule_is_pytorchs(question):
    assert question["softmax_twice"]["torch_and_chain_rule_differ_by"] < 1e-9


def test_smaller_batches_fit_the_training_set_better(question):
    rows = question["batch_sizes"]
    assert [row["batch_size"] for row in rows] == [2, 4, 8, 16, 24, 32, 64, 90]
    for row in rows:
        assert set(row["seconds_per_epoch"]) == {"direct", "autograd", "compiled"}
        assert 0.9 < row["train_accuracy"] <= 1
    assert np.all(np.diff([row["train_cost"] for row in rows]) > 0)


def test_only_setosa_is_separable_from_the_rest(question):
    assert question["separability"]["verdict"] == "quasi-separable"
    assert question["separability_setosa"]["verdict"] == "separable"


def test_the_account_reproduces_accuracies_and_brackets_losses_and_weights(results):
    found = entries(results, 3)
    assert found["training accuracy"]["verdict"] == found["test accuracy"]["verdict"] == "equal"
    for what in ("training loss", "test loss", "weights (inputs x neurons)", "biases"):
        assert found[what]["verdict"] == "bracketed"


def test_the_checker_finds_both_mistakes_of_the_loss(results):
    assert mistakes(results, "question_3") == ["softmax-twice", "cost-per-batch"]
