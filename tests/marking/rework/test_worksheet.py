"""`rework` gives what the layer's own iteration gives, from the first update or from near; and what follows from given figures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose

import deltarule as dr
from by_hand import LINE, SOFTMAX, TANH
from deltarule.marking import answer_from
from deltarule.marking.mistakes.mistake import Variant
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.worksheet import after_updates, rework, rounded
from deltarule.parts import COUNTS, ITERATION_PARTS, PartName

INDEPENDENT = dr.problem_from({
    "layer": {"kind": "logistic", "weights": [[0.3, -0.2]], "biases": [0.1, 0.2]},
    "data": {"inputs": [[1], [-2], [0.5]], "targets": [[1, 0], [0, 0], [1, 1]]},
    "descent": {"learning_rate": 0.1, "epochs": 9, "weight_decay": 0.1, "reduction": "mean"},
})  # fmt: skip
BATCHES = dr.problem_from({
    "layer": {"kind": "softmax", "weights": [[0.3, -0.2, 0.1]]},
    "data": {"inputs": [[1], [-2], [0.5], [3], [-1]], "targets": ["a", "b", "c", "a", "b"]},
    "descent": {"learning_rate": 0.1, "epochs": 9, "batch_size": 2, "seed": 3},
})  # fmt: skip
MOMENTUM = dr.problem_from({
    "layer": {"kind": "softmax", "weights": [[0.3, -0.2, 0.1]]},
    "data": {"inputs": [[1], [-2], [0.5], [3], [-1]], "targets": ["a", "b", "c", "a", "b"]},
    "descent": {"learning_rate": 0.1, "epochs": 9, "batch_size": 2, "seed": 3, "momentum": 0.9, "weight_decay": 0.1,
                "decay_biases": True, "schedule": {"kind": "cosine", "by": "update", "warm_up": 2}},
})  # fmt: skip
NESTEROV = MOMENTUM.with_descent(replace(MOMENTUM.descent, nesterov=True, schedule={"kind": "step", "every": 1}))
PROBLEMS = {
    "line": LINE, "softmax": SOFTMAX, "tanh": TANH, "independent": INDEPENDENT, "batches": BATCHES, "momentum": MOMENTUM,
    "Nesterov's": NESTEROV,
}  # fmt: skip


@pytest.mark.parametrize("problem", PROBLEMS.values(), ids=PROBLEMS)
@pytest.mark.parametrize("number", [1, 2, 4])
def test_an_iteration_is_that_of_the_layer(problem, number):
    worked = dr.iterate(problem.layer, problem.X, problem.targets, problem.descent, iteration=number)
    exercise = Exercise.of(problem)
    for start in (exercise, after_updates(exercise, number - 1)):
        parts = rework(start, [number])
        for part in ITERATION_PARTS:
            name, expected = PartName.in_iteration(number, part), getattr(worked, part)
            if expected is None or (part == "predicted" and exercise.predicts_numbers):
                assert name not in parts
            elif part == "predicted" and exercise.classes:
                assert [exercise.classes[place] for place in parts[name]] == list(expected)
            else:
                assert_allclose(parts[name], expected, rtol=1e-12, atol=1e-13)


def test_what_was_given_is_carried_on_and_what_is_returned_is_the_part_as_worked():
    """w = 2.9 comes of dJ/dw = -24; of a given -20 comes 0.5 + 0.1 * 20 = 2.5."""
    exercise = Exercise.of(LINE)
    answer = answer_from({"iteration": {"1": {"weight_gradient": [-20], "weights": [9]}}}, LINE)
    parts = rework(exercise, [1], given=answer.parts)
    assert parts["iteration.1.weight_gradient"] == pytest.approx(-24)
    assert parts["iteration.1.weights"] == pytest.approx(2.5)


@pytest.mark.parametrize(("given", "carried"), [(-24.001, -24.0), (-24.006, -24.006)])
def test_of_a_figure_that_is_the_worked_one_rounded_all_decimals_are_carried_on(given, carried):
    answer = answer_from({"decimals": 2, "iteration": {"1": {"weight_gradient": [given]}}}, LINE)
    part = answer.parts["iteration.1.weight_gradient"]
    taken = {part.name: replace(part, decimals=np.full_like(part.decimals, 2))}
    parts = rework(Exercise.of(LINE), [1], given=taken, sharpen=True)
    assert parts["iteration.1.weights"] == pytest.approx(0.5 - 0.1 * carried, abs=1e-9)


@pytest.mark.parametrize(("as_written", "weight"), [((), 2.9), (("weights", "biases"), 2.9001)])
def test_weights_may_be_carried_on_as_they_are_written_where_all_else_has_its_decimals(as_written, weight):
    """w = 2.9 is written as 2.9001 with three decimals, and U = 2.9 x + 1 is worked from either."""
    answer = answer_from({"decimals": 4, "iteration": {"1": {"weights": [2.9001], "biases": [1.0]}}}, LINE)
    taken = {name: replace(part, decimals=np.full_like(part.decimals, 3)) for name, part in answer.parts.items()}
    parts = rework(Exercise.of(LINE), [2], given=taken, sharpen=True, as_written=as_written)
    assert parts["iteration.2.synaptic_inputs"].ravel() == pytest.approx([weight * x + 1 for x in (1, 2, 3)], abs=1e-9)


def test_a_change_is_made_in_one_iteration_or_in_all():
    """Biases that stay: in iteration 2 only, or in both."""
    exercise, stay = Exercise.of(LINE), {"biases": lambda sheet, _right: sheet.b}
    right, once, always = (
        rework(exercise, [1, 2], Variant(changes, made_in=made_in).made())
        for changes, made_in in (({}, None), (stay, range(2, 3)), (stay, None))
    )
    first, second = (PartName.in_iteration(number, "biases") for number in (1, 2))
    assert once[first] == right[first] == once[second] != right[second]
    assert always[first] == always[second] == 0


def test_rounded_figures_are_carried_on_but_not_counts():
    carry = rounded(1)
    assert carry("cost", np.array([0.25, -0.25, 0.2499])).tolist() == pytest.approx([0.3, -0.3, 0.2])
    right, carried = (rework(Exercise.of(SOFTMAX), [1], carry=each) for each in (None, carry))
    for name, value in right.items():
        if name.part in COUNTS:
            assert np.array_equal(carried[name], value)
