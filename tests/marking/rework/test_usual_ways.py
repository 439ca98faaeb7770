"""The ways in which people round: how many digits they copy from a calculator, and how many decimals they go on with."""

from __future__ import annotations

import numpy as np
import pytest

from by_hand import drawn
from deltarule.marking.given import GivenPart
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.grains import Grain
from deltarule.marking.rework.rounding import Rounding, in_usual_ways
from deltarule.parts import PartName


def is_usual(problem, part, value):
    """Whether a usual way of rounding to 2 decimals gives one figure of a part."""
    name = PartName.in_iteration(1, part)
    given = GivenPart(name, np.array(value), np.full(np.shape(value), 2))
    usual = in_usual_ways(Exercise.of(problem), {name: given}, Grain(decimals=2), {})
    return Rounding({}, {}, {}, lambda: usual).gives(given)


@pytest.mark.parametrize(
    ("digits", "delta", "usual"),
    [
        (2, -34.0, False),
        (3, -4.0, True),
        (4, 1.0, True),
        (5, 0.6, True),
        ("4, cut off", 0.0, True),
        ("5, cut off", 0.5, True),
    ],
)
def test_three_to_five_significant_digits_are_copied_from_a_calculator_rounded_or_cut_off(digits, delta, usual):
    """U = 1234.5678 is 1200, 1230, 1235 or 1234.6 in 2 to 5 digits, cut off 1234 and 1234.5. The target is 1234."""
    problem = drawn("linear", [[1.0]], [0.0], [[1234.5678]], [1234.0])
    assert is_usual(problem, "delta", [[delta]]) == usual, f"{digits} digits"


@pytest.mark.parametrize(
    ("output", "written", "usual"),
    [(0.0044, "0.004", True), (0.00044, "0.0004", True), (0.000044, "0.00004", False)],
)
def test_the_cost_is_worked_from_outputs_with_up_to_two_decimals_more(output, written, usual):
    """-ln 0.004 = 5.52 for -ln 0.0044 = 5.43; -ln 0.0004 = 7.82 for 7.73; -ln 0.00004 = 10.13 for 10.03.

    The output of the second pattern is so near to 0, its target, that it adds nothing. A calculator shows 3 digits of each output
    at least, which change the logarithm by less than 0.005.
    """
    problem = drawn("logistic", [[np.log(output / (1 - output))]], [0.0], [[1.0], [10.0]], [1, 0])
    assert is_usual(problem, "cost", -np.log(float(written)).round(2)) == usual


@pytest.mark.parametrize(("delta", "usual"), [(-4.0, True), (-14.0, True), (-24.0, False)])
def test_halves_of_significant_digits_are_rounded_away_from_0_or_to_the_even_digit(delta, usual):
    """U = 1225 is 1230 or 1220 in 3 digits. The target is 1234."""
    problem = drawn("linear", [[1.0]], [0.0], [[1225.0]], [1234.0])
    assert is_usual(problem, "delta", [[delta]]) == usual
