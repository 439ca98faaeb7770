"""Answers that nobody worked are named as such, and honest ones are not."""

from __future__ import annotations

import numpy as np
import pytest

from by_hand import BIASES, LINE, POINTS, SOFTMAX, TANH, WEIGHTS, drawn, line, names, page, rounded
from deltarule.marking import check

ONE_NEURON = drawn("logistic", [[0.5], [-0.3]], [0.1], POINTS, ["A", "B", "B", "A", "B"])


def filled(value):
    """The right answer's parts, but for classes, with one value everywhere."""
    parts = page(SOFTMAX)["iteration"]["1"]
    return {
        part: np.full_like(np.array(parts[part], float), value).tolist()
        for part in parts
        if part not in ("predicted", "errors")
    }


@pytest.mark.parametrize("value", [0.0, 1.0, 7.0])
def test_one_value_everywhere_was_not_worked(value):
    marks = check(SOFTMAX, {"iteration": {"1": filled(value)}})
    assert names(marks) == ["not-attempted"]
    assert marks.score < 0.15


def test_numbers_of_the_problem_were_not_worked():
    copied = {"weight_gradient": WEIGHTS, "outputs": TANH.targets.tolist(), "biases": [0.52, -0.31, 0.17]}
    marks = check(TANH, {"iteration": {"1": copied}})
    assert names(marks) == ["not-attempted"]
    assert marks.score < 0.15


def test_weights_and_biases_that_stay_were_not_updated_and_are_worth_what_is_right_by_chance():
    marks = check(SOFTMAX, {"iteration": {"1": {"weights": WEIGHTS, "biases": BIASES}}})
    assert names(marks) == ["not-updated"]
    assert marks.score < 0.2


def test_weights_that_stay_after_right_work_were_not_updated():
    parts = page(SOFTMAX, 4)["iteration"]["1"] | {"weights": WEIGHTS, "biases": BIASES}
    assert names(check(SOFTMAX, {"decimals": 4, "iteration": {"1": parts}})) == ["not-updated"]


@pytest.mark.parametrize(("figures", "named"), [(2, []), (3, ["not-attempted"])])
def test_three_zeros_are_enough_to_say_that_nothing_was_worked(figures, named):
    zeros = {"rows": {"delta": {"1": [0.0] * 3}}} if figures == 3 else {"weight_gradient": [[0.0], [0.0]]}
    problem = SOFTMAX if figures == 3 else ONE_NEURON
    assert names(check(problem, {"iteration": {"1": zeros}})) == named


def test_whole_numbers_of_a_problem_with_whole_numbers_are_not_called_copied():
    """Delta with another sign: 1.5, 3 and 5.5. Its whole numbers stand in the problem by chance."""
    marks = check(LINE, line(delta=[2.0, 4.0, 7.0]))
    assert "not-attempted" not in names(marks)


def test_nothing_follows_from_figures_that_nobody_worked():
    """Of a delta of zeros gradients of zeros follow, and weights that stay."""
    zeros = {"delta": [[0.0] * 3] * 5, "weight_gradient": [[0.0] * 3] * 2, "weights": WEIGHTS}
    marks = check(SOFTMAX, {"iteration": {"1": page(SOFTMAX)["iteration"]["1"] | zeros}})
    assert not any(e.counts for e in marks["iteration.1.weight_gradient"].entries if abs(e.expected) > 0.005)
    assert not any(e.counts for e in marks["iteration.1.weights"].entries if abs(e.off) > 0.006)


@pytest.mark.parametrize(("rate", "found"), [(0.25, True), (0.1, False)])
def test_figures_are_called_copied_where_that_is_chance_once_in_a_thousand(rate, found):
    """From -2.0 to 2.0 there are 41 figures of one decimal. The problem has 0, 0.5, 1.5 and 2.0 of them, with its rate 0.1 too.

    Three figures are among 4 of 41 by chance in (4 / 41)^3 = 0.0009 of all cases, among 5 in 0.0018.
    """
    problem = drawn("linear", [[2.0]], [0.0], [[1.5], [0.5], [3.0]], [5.0, 4.0, 6.0], rate)
    marks = check(problem, {"iteration": {"1": {"synaptic_inputs": [[0.5], [1.5], [2.0]]}}})
    assert ("not-attempted" in names(marks)) == found


UNITS = rounded(np.abs(np.sin(np.arange(15.0))).reshape(5, 3), 1).tolist()
STEPS = {"sigmoid": lambda s: 1.0 * (s.synaptic_inputs > 0), "tanh": lambda s: np.sign(s.synaptic_inputs)}


def thresholded(activation, *parts):
    """The marks of some parts, worked with outputs 0 or -1 and 1, whose slope is 0: delta is 0, and weights and biases stay."""
    problem = drawn("perceptron", WEIGHTS, BIASES, POINTS, UNITS, 0.2, activation)
    worked = page(problem, outputs=STEPS[activation])["iteration"]["1"]
    assert not np.any(worked["delta"])
    assert worked["weights"] == WEIGHTS
    return check(problem, {"decimals": 2, "iteration": {"1": {part: worked[part] for part in parts}}})


AFTER = ("delta", "weight_gradient", "bias_gradient")


@pytest.mark.parametrize("activation", STEPS)
@pytest.mark.parametrize("beside", [(), ("weights", "biases")])
def test_thresholded_outputs_are_worked_and_zeros_follow_from_them(activation, beside):
    marks = thresholded(activation, "outputs", *AFTER, *beside)
    assert names(marks) == ["hard-outputs"]
    assert all(marks[f"iteration.1.{part}"].score == 1 for part in (*AFTER, *beside))


@pytest.mark.parametrize("activation", STEPS)
@pytest.mark.parametrize("beside", [(), ("weights", "biases")])
def test_nothing_is_said_of_zeros_alone_that_follow_from_thresholded_outputs(activation, beside):
    marks = thresholded(activation, *AFTER, *beside)
    assert names(marks) == []
    assert all(marks[f"iteration.1.{part}"].verdict == "wrong" for part in AFTER)


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_outputs_of_one_value_are_not_thresholded(value):
    problem = drawn("perceptron", WEIGHTS, BIASES, POINTS, UNITS, 0.2, "sigmoid")
    parts = {"outputs": np.full((5, 3), value).tolist(), "delta": np.zeros((5, 3)).tolist()}
    assert names(check(problem, {"decimals": 2, "iteration": {"1": parts}})) == ["not-attempted"]
