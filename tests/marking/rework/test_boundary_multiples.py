"""Marks of boundaries: any multiple of the equation is right, in the answer's own scale."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

import deltarule as dr
from deltarule.marking import check
from deltarule.marking.rework.boundary_multiples import boundary_of, maximum_half, multiple_of
from deltarule.problem import problem_from
from deltarule.setting import new_problem

PROBLEM = problem_from({
    "layer": {"kind": "softmax", "weights": [[0.02, 0.64, -0.5], [0.63, -0.27, -0.11]], "biases": [0.46, -0.13, 0.07]},
    "data": {"inputs": [[4, 3], [-1, 3], [0, 1], [0, -3]], "targets": ["C", "B", "A", "A"]},
    "descent": {"learning_rate": 0.05, "epochs": 1000},
})  # fmt: skip
LAYER = dr.train(PROBLEM.layer, PROBLEM.X, PROBLEM.targets, PROBLEM.descent).layer
# (w_A - w_B) x + b_A - b_B = 0: 2.28 x1 - 2.96 x2 + 6.62 = 0
LINE = np.append(LAYER.weights[:, 0] - LAYER.weights[:, 1], LAYER.biases[0] - LAYER.biases[1])
ROUNDED = np.round(LINE, 2)


def marked(line, decimals=2):
    return check(PROBLEM, {"decimals": decimals, "boundaries": {"A-B": np.round(line, decimals)}})["boundaries.A-B"]


@pytest.mark.parametrize("place", range(3))
@pytest.mark.parametrize("factor", [1, -1, 2.5, 10])
def test_a_lost_sign_is_one_wrong_entry_and_what_should_be_is_in_the_same_scale(place, factor):
    line = factor * LINE
    line[place] *= -1
    marks = marked(line)
    assert [entry.verdict == "wrong" for entry in marks.entries] == [at == place for at in range(3)]
    # The scale is known as well as the other two figures tell it.
    assert_allclose([entry.expected for entry in marks.entries], factor * LINE, rtol=0.003)


@pytest.mark.parametrize("factor", [10, 100, -100, 1 / ROUNDED[0], 1 / ROUNDED[1]])
def test_a_multiple_of_rounded_coefficients_is_right_within_rounding(factor):
    assert marked(factor * ROUNDED).verdict == ("rounding" if abs(factor) > 1 else "right")
    for place in range(3):
        off = ROUNDED.copy()
        off[place] += 0.2
        assert marked(factor * off).verdict == "wrong"


def test_coefficients_are_those_that_the_other_tests_take_them_for():
    assert ROUNDED.tolist() == [2.28, -2.96, 6.62]
    assert marked(LINE).verdict == "right"


@given(
    st.lists(st.floats(-9, 9).filter(lambda x: abs(x) > 0.5), min_size=3, max_size=5),
    st.floats(0.5, 50),
    st.sampled_from([1, -1]),
)
def test_the_factor_of_a_multiple_is_found(line, size, sign):
    """Within what half a unit leaves open."""
    line, factor = np.array(line), sign * size
    half = np.full(line.shape, 0.005)
    found = multiple_of(line, np.round(factor * line, 2), half)
    assert (np.abs(found * line - factor * line) <= 2.0001 * half).all()


@pytest.mark.parametrize(("given", "factor"), [([2.0, -1.5], 2.0), ([0.3, 2.5], 0.3), ([2.5, 0.3], 0.3)])
def test_of_factors_that_suit_equally_many_coefficients_the_one_nearest_to_1_is_taken(given, factor):
    assert multiple_of(np.ones(2), np.array(given), np.full(2, 1e-3)) == pytest.approx(factor, abs=2e-3)


def test_a_boundary_of_weights_whose_difference_overflows_is_unknown():
    layer = dr.SoftmaxLayer([[1e308, -1e308], [1.0, 2.0]], [0.0, 0.0], ["A", "B"])
    assert np.isnan(boundary_of(layer, "A-B")).all()
    assert boundary_of(layer, "A-B").shape == (3,)


def test_a_sign_lost_in_what_was_reached_has_its_name():
    problem = new_problem(patterns=8, seed=5)
    layer = dr.train(problem.layer, problem.X, problem.targets, problem.descent).layer
    weights = np.round(layer.weights, 2)
    n, k = np.argwhere(weights < 0)[0]
    weights[n, k] *= -1
    marks = check(problem, {"convergence": {"weights": weights.tolist(), "biases": np.round(layer.biases, 2).tolist()}})
    assert [(each.name, each.part) for each in marks.mistakes] == [("sign-lost", "convergence.weights")]
    lost = [entry for entry in marks["convergence.weights"].entries if not entry.counts]
    assert [entry.place for entry in lost] == [(n + 1, k + 1)]


@pytest.mark.parametrize(("largest", "half"), [(0.10, 0.005), (0.09, 0.0045)])
def test_half_a_unit_is_believed_up_to_a_twentieth_of_the_largest_coefficient(largest, half):
    """With two decimals from 0.10 on; below that, figures of many lines round alike."""
    coefficients = np.array([0.02, -largest, 0.0])
    assert min(0.005, maximum_half(coefficients)) == pytest.approx(half)


@pytest.mark.parametrize(("size", "found"), [(0.10, True), (0.09, False)])
def test_a_factor_that_leaves_less_than_20_half_units_is_not_looked_for(size, found):
    factor = multiple_of(np.array([1.0, -1.0]), np.array([size, -size]), np.full(2, 0.005))
    assert (factor == pytest.approx(size)) == found
