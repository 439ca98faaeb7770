"""A mistake is found in what it leads to, where the answer does not have the part in which it was made."""

from __future__ import annotations

import numpy as np
import pytest

from by_hand import BIASES, POINTS, SOFTMAX, TANH, WEIGHTS, drawn, names, page
from deltarule.marking import check
from students import document, worked

LINEAR = drawn("linear", WEIGHTS, BIASES, POINTS, [[1.0, -0.5, 0.3]] * 2 + [[-0.7, 0.4, 0.9]] * 3, 0.03)
LOGISTIC = drawn("logistic", WEIGHTS, BIASES, POINTS, ["A", "B", "C", "A", "B"], 0.2, reduction="mean")
LATE = drawn("softmax", WEIGHTS, BIASES, POINTS, ["A", "B", "C", "A", "B"], epochs=60)

UPHILL = {
    "weights": lambda s: s.W + s.a * s.weight_gradient,
    "biases": lambda s: s.b + s.a * s.bias_gradient,
}
SUMMED = {
    "weight_gradient": lambda s: s.X.T @ s.delta * s.P,
    "bias_gradient": lambda s: s.delta.sum(axis=0) * s.P,
}
NOT_UPDATED = {"biases": lambda s: s.b}
HALVED = {"delta": lambda s: (s.outputs - s.D) * (1 - s.outputs**2) / 2}


@pytest.mark.parametrize(
    ("problem", "name", "instead"),
    [
        (SOFTMAX, "ascent", UPHILL),
        (LINEAR, "ascent", UPHILL),
        (LOGISTIC, "sum-for-mean", SUMMED),
        (LINEAR, "biases-not-updated", NOT_UPDATED),
        (TANH, "half-extra", HALVED),
    ],
)
@pytest.mark.parametrize("iteration", [2, 3])
def test_a_mistake_of_every_iteration_is_named_from_one_alone(problem, name, instead, iteration):
    pages = worked(problem, iteration, instead)
    assert names(check(problem, document(problem, pages[-1:]))) == [name]


@pytest.mark.parametrize(
    ("name", "instead", "parts"),
    [
        ("ascent", UPHILL, ("synaptic_inputs", "delta")),
        ("inputs-left-out", {"weight_gradient": lambda s: np.tile(s.delta.sum(axis=0), (2, 1))},
         ("synaptic_inputs", "outputs", "delta", "bias_gradient", "biases")),
        ("rate-on-one", {"biases": lambda s: s.b - s.bias_gradient}, ("synaptic_inputs", "weight_gradient", "weights")),
    ],
)  # fmt: skip
def test_a_mistake_in_a_part_that_is_not_written_is_named_from_the_next_iteration(name, instead, parts):
    pages = worked(SOFTMAX, 2, instead)
    assert names(check(SOFTMAX, document(SOFTMAX, pages, parts=parts))) == [name]


@pytest.mark.parametrize(("iteration", "found"), [(5, ["ascent"]), (6, []), (50, [])])
def test_four_iterations_that_are_not_written_are_worked_with_a_mistake_and_no_more(iteration, found):
    pages = worked(LATE, iteration, UPHILL)
    marks = check(LATE, document(LATE, pages[-1:]))
    assert (names(marks), marks.right) == (found, False)


def test_figures_carried_on_as_they_are_written_hide_no_mistake():
    """Half of 0.231 - 1 is -0.3845, which is written as -0.385; with all decimals of the output it would be -0.384."""
    problem = drawn("softmax", [[-0.18, 0.15]], [-0.38, 0.49], [[1], [4], [-4]], ["A", "B", "A"])
    answer = page(problem, 3, carried=3, delta=lambda s: (s.outputs - s.D) / 2)
    assert answer["iteration"]["1"]["delta"][0] == [-0.385, 0.385]
    assert "half-extra" in names(check(problem, answer))
    assert set(names(check(problem, answer))) <= {"half-extra", "per-class-too"}
