"""Figures about a trained layer that follow from others of the answer, however wrong these are."""

from __future__ import annotations

import pytest

from by_hand import TANH, drawn
from deltarule.marking import check
from deltarule.problem import problem_from

# After one epoch the layer says yes to 1, 2, 3, 4 and 5.
YES = drawn(
    "logistic", [[1.0]], [0.5], [[1.0], [2.0], [3.0], [4.0], [5.0]], ["yes", "yes", "yes", "yes", "no"], epochs=1
)


def follows(problem, document, part):
    """What follows of a part of an answer."""
    return [entry.follows for entry in check(problem, document)[part].entries]


@pytest.mark.parametrize(("accuracy", "found"), [(0.4, True), (0.6, False), (0.3, False)])
def test_the_accuracy_follows_from_the_answers_own_errors(accuracy, found):
    """3 of 5 patterns are said to be wrong: 2 of 5 are right then."""
    document = {"metrics": {"training_errors": 3, "training_accuracy": accuracy}}
    assert follows(YES, document, "metrics.training_accuracy") == [found]


@pytest.mark.parametrize(("errors", "counts"), [(2, True), (3, False), (4, False)])
def test_the_errors_may_be_those_of_the_answers_own_predicted_classes(errors, counts):
    """Of yes, no, no, yes, no the second and the third are wrong. The problem's own layer has 1 error."""
    document = {"convergence": {"predicted": ["yes", "no", "no", "yes", "no"], "errors": errors}}
    marks = check(YES, document)["convergence.errors"]
    assert [(entry.expected, entry.counts) for entry in marks.entries] == [(1, counts)]


@pytest.mark.parametrize("scaled", [False, True])
@pytest.mark.parametrize(("r2", "found"), [(0.6, True), (0.61, False), (0.59, False)])
def test_r2_follows_from_the_answers_own_mean_square_error(r2, found, scaled):
    """R2 = 1 - 0.80 / 2: the variance of the targets 0, 1, 2, 3 and 4 is 2, in their own units, scaled or not.

    The error may be 0.795 to 0.805, which leaves 0.0025 open, and R2 is rounded: it may be 0.0025 + 1.1 * 0.005 off.
    """
    problem = problem_from({
        "layer": {"kind": "linear", "weights": [[0.0]], "biases": [9.0]},
        "data": {"inputs": [[1], [2], [3], [4], [5]], "targets": [0, 1, 2, 3, 4], "scale_targets": scaled},
        "descent": {"learning_rate": 0.001, "epochs": 1},
    })  # fmt: skip
    document = {"decimals": 2, "metrics": {"training_mse": [0.8], "training_r2": [r2]}}
    assert follows(problem, document, "metrics.training_r2") == [found]


def test_nothing_follows_from_a_mean_square_error_of_0_which_is_said_of_any_problem():
    document = {"metrics": {"training_mse": [0.0, 0.0, 0.0], "training_r2": [1.0, 1.0, 1.0]}}
    assert follows(TANH, document, "metrics.training_r2") == [False] * 3


def test_the_errors_follow_from_all_classes_only():
    """With one class left blank, 2 of the others are wrong."""
    document = {"convergence": {"predicted": ["", "no", "no", "yes", "no"], "errors": 2}}
    assert not check(YES, document)["convergence.errors"].entries[0].counts
