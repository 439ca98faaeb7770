"""Which parts later ones may follow from, and which iterations are diagnosed."""

from __future__ import annotations

import numpy as np
import pytest

import deltarule as dr
from by_hand import BIASES, POINTS, SOFTMAX, WEIGHTS, drawn, names, page, rounded
from deltarule.marking import check


@pytest.mark.parametrize(("zeros", "follows"), [(12, True), (13, False)])
def test_nothing_follows_from_a_part_of_which_more_than_four_fifths_are_the_same(zeros, follows):
    """Of the 15 entries of delta, where all should differ."""

    def mostly_zeros(s):
        delta = s.outputs - s.D
        delta.flat[:zeros] = 0.0
        return delta

    marks = check(SOFTMAX, page(SOFTMAX, 4, delta=mostly_zeros))
    assert bool(marks["iteration.1.weight_gradient"].follow_through) == follows


@pytest.mark.parametrize("number", [20, 21, 40])
def test_a_mistake_in_a_late_iteration_is_named_as_in_an_early_one(number):
    """Up to iteration 20 all are worked from the first update on; later ones from near."""
    data = {"inputs": POINTS, "targets": ["A", "B", "C", "A", "B"], "epochs": 50}
    before = dr.train(SOFTMAX.layer, SOFTMAX.X, SOFTMAX.targets, dr.Descent(learning_rate=0.1, epochs=number - 1)).layer
    problem, there = (
        drawn("softmax", weights, biases, **data)
        for weights, biases in ((WEIGHTS, BIASES), (before.weights.tolist(), before.biases.tolist()))
    )
    worked = page(there, 4, biases=lambda s: s.b)["iteration"]["1"]
    marks = check(problem, {"decimals": 4, "iteration": {str(number): worked}})
    assert names(marks) == ["biases-not-updated"]
    assert marks.mistakes[0].part == f"iteration.{number}.biases"


def test_of_many_late_iterations_the_first_wrong_one_is_diagnosed():
    """Iterations 24 to 45, of which the last has biases that stay: those from 43 on are looked at."""
    problem = drawn("softmax", WEIGHTS, BIASES, POINTS, ["A", "B", "C", "A", "B"], epochs=70)
    tables = dr.marking.worked_answer(problem, range(24, 46), 4)["iteration"]
    before = np.array(tables["44"]["biases"])
    tables["45"]["biases"] = rounded(before, 4).tolist()
    marks = check(problem, {"decimals": 4, "iteration": tables})
    assert [part.part for part in marks if part.verdict == "wrong"] == ["iteration.45.biases"]
    assert names(marks) == ["biases-not-updated"]
