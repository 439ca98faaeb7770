"""Which figures of right answers rounding explains: those that the answer's own earlier figures allow."""

from __future__ import annotations

import numpy as np
import pytest

import deltarule as dr
from by_hand import BIASES, POINTS, WEIGHTS, drawn, lost, names, page
from deltarule.marking import check

KINDS = {
    "linear": {"targets": [[1, 0.5, -1], [0, 1, 2], [-1, 1, 0], [0.5, 0, 1], [1, -2, 0]]},
    "logistic": {"targets": [[1, 0, 1], [0, 1, 1], [1, 1, 0], [0, 0, 1], [1, 0, 0]]},
    "perceptron": {
        "targets": [[0.9, 0.5, 0.1], [0.1, 1, 0.2], [0.1, 1, 0], [0.5, 0, 1], [1, 0.2, 0]],
        "activation": "tanh",
    },
    "softmax": {"targets": ["A", "B", "C", "A", "B"]},
}


def four_iterations(kind):
    """A problem, and a right answer of exact figures with 2 decimals."""
    data = {"inputs": POINTS, **KINDS[kind]}
    problem, W, b, pages = drawn(kind, WEIGHTS, BIASES, **data), WEIGHTS, BIASES, {}
    for number in range(1, 5):
        pages[str(number)] = page(drawn(kind, np.asarray(W).tolist(), np.asarray(b).tolist(), **data))["iteration"]["1"]
        after = dr.iterate(problem, iteration=number)
        W, b = after.weights, after.biases
    return problem, {"decimals": 2, "iteration": pages}


def off(answer, part, units):
    """The answer with the first entry of a part of iteration 4 off by some units of its last decimal."""
    entries = answer["iteration"]["4"][part]
    row = entries[0] if isinstance(entries[0], list) else entries
    row[0] = round(row[0] + units * 0.01, 2)
    return answer


@pytest.mark.parametrize("kind", KINDS)
def test_four_iterations_are_all_right(kind):
    marks = check(*four_iterations(kind))
    assert marks.right
    assert {part.verdict for part in marks} == {"right"}


@pytest.mark.parametrize(
    ("kind", "part", "units"),
    [
        ("linear", "outputs", 5),
        ("linear", "outputs", -3),
        ("linear", "bias_gradient", 9),
        ("logistic", "synaptic_inputs", 8),
        ("perceptron", "delta", 5),
        ("perceptron", "weight_gradient", 9),
        ("softmax", "weight_gradient", 8),
    ],
)
def test_a_late_figure_far_from_what_right_earlier_ones_give_is_wrong(kind, part, units):
    """Rounding in four iterations takes a figure so far, but not from these earlier figures. Nothing else is wrong."""
    problem, answer = four_iterations(kind)
    marks = check(problem, off(answer, part, units))
    assert {part for part, *_ in lost(marks)} == {part}
    assert sum(entry.verdict == "wrong" for part in marks for entry in part.entries) == 1
    assert names(marks) == []


@pytest.mark.parametrize(("kind", "part", "units"), [("linear", "bias_gradient", 3), ("linear", "weight_gradient", 3)])
def test_a_late_figure_near_to_what_right_earlier_ones_give_is_within_rounding(kind, part, units):
    """The sum of five rounded figures of delta, and of five rounded products."""
    problem, answer = four_iterations(kind)
    assert check(problem, off(answer, part, units))[f"iteration.4.{part}"].verdict == "rounding"
