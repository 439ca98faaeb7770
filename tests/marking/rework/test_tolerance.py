"""When a figure counts as the expected one: each limit from both sides."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deltarule.marking.given import GivenPart
from deltarule.marking.rework.rounding import Rounding
from deltarule.marking.rework.tolerance import tolerance, within
from deltarule.parts import PartName


@given(st.integers(-(10**6), 10**6), st.integers(0, 6))
def test_an_exact_half_is_within_and_a_little_more_is_not(units, decimals):
    unit = 10.0**-decimals
    given_figure, half = np.array(units * unit), np.array(unit / 2)
    for sign in (1, -1):
        assert within(given_figure, units * unit + sign * 0.5 * unit, half)
        assert not within(given_figure, units * unit + sign * 0.5001 * unit, half)


def part(name, values, decimals=2):
    values = np.array(values, float)
    return GivenPart(PartName.parse(name), values, np.full(values.shape, decimals))


def test_a_figure_may_differ_by_half_a_unit_and_a_count_not_at_all():
    assert tolerance(part("iteration.1.cost", 3.5)) == 0.005
    errors = part("iteration.1.errors", 3, 0)
    assert [bool(within(errors.values, count, tolerance(errors))) for count in (3, 4)] == [True, False]


@pytest.mark.parametrize(("off", "allowed"), [(1.0, True), (1.1, True), (1.11, False)])
def test_a_figure_that_was_rounded_twice_is_off_by_11_tenths_of_half_a_unit_at_most(off, allowed):
    """0.5 of a unit, and 0.5 of a unit of the next decimal: 0.245 is 0.25 with two decimals, and 0.3 with one."""
    name = PartName.parse("iteration.1.cost")
    rounding = Rounding({}, {name: np.zeros(())})
    assert rounding.allows(name, np.array(2.0), np.array(2.0 + off * 0.005), np.array(0.005)) == allowed


def test_of_a_count_rounding_allows_what_some_hand_gives():
    name = PartName.parse("iteration.1.errors")
    rounding = Rounding({name: np.array([2.0, 3.0])}, {})
    found = [bool(rounding.allows(name, np.array(count), np.array(2.0), np.array(0.25))) for count in (1.0, 2.0, 3.0)]
    assert found == [False, True, True]


@pytest.mark.parametrize(
    ("given_figure", "expected", "is_within"),
    [
        (0.0, 0.1 * 0.05, True),  # 0.005000000000000001 in binary, an exact half in decimals
        (0.0, 0.00500001, False),  # 2 millionths of the half beyond it
        (5e9, 5e9 + 0.005, True),  # 1e-7 beyond the half: float64 holds no nearer figure
        (10.0**6, 10.0**6 + 0.005003, False),  # 3e-12 of the figure beyond it
    ],
)
def test_what_binary_fractions_add_to_an_exact_half_is_within_and_what_decimals_add_is_not(
    given_figure, expected, is_within
):
    assert abs(given_figure - expected) > 0.005
    assert within(np.array(given_figure), expected, np.array(0.005)) == is_within
