"""Classes that are counted from 0, where no 0 is among them."""

from __future__ import annotations

import pytest

from by_hand import names
from deltarule import problem_from
from deltarule.marking import check


@pytest.mark.parametrize(("written", "found"), [([1, 2], True), ([1], False), ([2, 1], False), ([1, 1], False)])
def test_two_classes_that_are_right_less_1_are_counted_from_zero_and_one_is_not(written, found):
    """The biases keep class 1 away: the patterns are of classes 2 and 3. One class is the right one less 1 by chance."""
    points = [[1.0], [-1.0]][: len(written)]
    problem = problem_from({
        "layer": {"kind": "softmax", "weights": [[0.0, 0.5, -0.5]], "biases": [-9.0, 0.0, 0.0], "classes": [1, 2, 3]},
        "data": {"inputs": points, "targets": [1, 2][: len(written)]},
        "descent": {"learning_rate": 0.1, "epochs": 4},
    })  # fmt: skip
    marks = check(problem, {"iteration": {"1": {"predicted": written}}})
    assert (names(marks) == ["counted-from-zero"], marks.right) == (found, found)


@pytest.mark.parametrize(
    ("outputs", "found"), [([[0.1, 0.2, 0.7], [0.2, 0.1, 0.7]], True), ([[0.7, 0.2, 0.1], [0.2, 0.7, 0.1]], False)]
)
def test_classes_of_the_answers_own_outputs_are_counted_from_one(outputs, found):
    """Of wrong outputs come the classes 1 and 2, which are the right ones, 2 and 3, less 1."""
    problem = problem_from({
        "layer": {"kind": "softmax", "weights": [[0.0, 0.5, -0.5]], "biases": [-9.0, 0.0, 0.0], "classes": [1, 2, 3]},
        "data": {"inputs": [[1.0], [-1.0]], "targets": [1, 2]},
        "descent": {"learning_rate": 0.1, "epochs": 4},
    })  # fmt: skip
    marks = check(problem, {"iteration": {"1": {"outputs": outputs, "predicted": [1, 2]}}})
    assert ("counted-from-zero" in names(marks)) is found
    assert marks.parts[1].score == 1
