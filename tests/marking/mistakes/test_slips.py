"""Slips of the pen: which figures they make of which."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import deltarule as dr
from by_hand import names
from deltarule.marking import check
from deltarule.marking.mistakes.slips import DIGITS_SWAPPED, SIGN_LOST, same_slip, slip_of, swapped
from deltarule.setting import new_problem


@given(st.floats(0.01, 1e6))
def test_the_same_figure_with_the_other_sign_has_lost_it(value):
    for written in (value, -value):
        assert slip_of(written, [-written], 2, "iteration.1.cost").mistake is SIGN_LOST
        assert slip_of(written, [written], 2, "iteration.1.cost") is None


@pytest.mark.parametrize(
    ("given", "expected", "mistake"),
    [
        (1.32, 1.23, DIGITS_SWAPPED),
        (2.13, 1.23, DIGITS_SWAPPED),  # across the point
        (3.21, 1.23, None),  # no neighbours
        (1.24, 1.23, None),
        (0.0, -0.001, None),  # both are written 0.00
    ],
)
def test_two_digits_are_exchanged_only_if_they_are_neighbours(given, expected, mistake):
    slip = slip_of(given, [expected], 2, "iteration.1.cost")
    assert (slip and slip.mistake) is mistake


def test_a_slip_says_what_should_stand_there():
    finding = slip_of(1.32, [9.0, 1.23], 2, "iteration.1.cost").finding()
    assert (finding.name, finding.part) == ("digits-swapped", "iteration.1.cost")
    assert finding.why == "Two digits are exchanged: 1.32 should be 1.23."


@pytest.mark.parametrize(("written", "right"), [(1.0, -1.0), (-1.0, 1.0)], ids=["lost", "too many"])
def test_the_sentence_on_a_sign_is_true_of_a_minus_that_is_lost_and_of_one_too_many(written, right):
    finding = slip_of(written, [right], 2, "iteration.1.cost").finding()
    assert finding.why == f"A sign is wrong: {written:.2f} should be {right:.2f}."


@pytest.mark.parametrize(("given", "lost"), [(1.26, True), (1.27, False), (-1.26, False), (-1.23, False)])
def test_the_figure_whose_sign_is_another_may_be_rounded_on_the_way(given, lost):
    """-1.23 within 0.03, as 1.26; -1.26 has its own sign."""
    slip = slip_of(given, [-1.23], 2, "iteration.1.cost", 0.03 + 1e-9)
    assert (slip is not None) == lost
    assert slip is None or slip.why == "A sign is wrong: 1.26 should be -1.26."


def test_a_sign_of_a_figure_near_to_0_tells_nothing():
    """Rounding alone may make 0.01 of -0.01."""
    assert slip_of(0.02, [-0.01], 2, "iteration.1.cost", 0.03) is None


@given(st.decimals(-999, 999, places=2))
def test_exchanging_digits_keeps_the_digits_and_the_point(value):
    text = f"{value:.2f}"
    for other in swapped(text):
        assert sorted(other) == sorted(text) != other
        assert other[-3] == "."


def test_slips_go_together_if_they_are_of_one_kind():
    sign, digits = slip_of(1.0, [-1.0], 2, "a"), slip_of(1.32, [1.23], 2, "a")
    assert same_slip([sign, sign]) is sign
    assert same_slip([sign, digits]) is same_slip([sign, None]) is same_slip([]) is None


@pytest.mark.parametrize(("count", "found"), [(3, ["sign-lost"]), (4, [])])
def test_up_to_three_lost_signs_are_slips(count, found):
    problem = new_problem(patterns=9, seed=3)
    run = dr.train(problem.layer, problem.X, problem.targets, problem.descent)
    outputs = np.round(run.layer.output(problem.X), 2)
    flat = outputs.ravel()
    flat[np.flatnonzero(flat > 0.02)[:count]] *= -1
    assert names(check(problem, {"decimals": 2, "convergence": {"outputs": outputs}})) == found
