"""How much rounding may do: as much as lets few random figures pass, from both sides."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deltarule.marking.given import GivenPart
from deltarule.marking.rework.telling import passing, telling
from deltarule.parts import PartName

W, B = PartName.in_iteration(1, "weights"), PartName.in_iteration(1, "biases")


def part(name, values, decimals=2):
    return GivenPart(name, np.array(values, float), np.full(np.shape(values), decimals))


@given(st.integers(0, 1000))
def test_the_share_that_passes_is_that_of_figures_drawn_from_the_range(seed):
    """Against a count of 20,000 figures drawn, where margins lie within the range."""
    rng = np.random.default_rng(seed)
    expected, margin = np.append(rng.uniform(0.2, 0.8, 5), [0.0, 1.0]), rng.uniform(0, 0.1, 7)
    drawn = rng.uniform(0, 1, (20_000, 5))
    counted = (np.abs(drawn - expected[:5]) <= margin[:5]).mean()
    assert passing(expected[:5], margin[:5], 1 / 20) == pytest.approx(counted, abs=0.01)


def test_a_reach_that_lets_15_in_100_pass_is_whole_and_a_larger_one_is_cut():
    """The range is 1, half a unit 0.005: a margin of 0.075 on either side is 15 in 100."""
    answer, right = {W: part(W, [[0.0, 1.0]])}, {W: np.array([[0.0, 1.0]])}
    for reach, kept in ((0.07, 0.07), (0.14, 0.07)):
        found = telling(answer, right, {W: np.full((1, 2), reach)}, 0.01)
        np.testing.assert_allclose(found[W], kept, rtol=0.01)


def test_a_part_whose_figures_are_sharp_leaves_more_to_another_but_not_more_than_half_of_it():
    """0.5 of one part and 0.01 of 9 others is less than 15 in 100; all of one part is not allowed even so."""
    names = [PartName.in_iteration(number, "weights") for number in range(1, 10)]
    answer = {name: part(name, [[0.0, 1.0]]) for name in (*names, B)}
    right = {name: np.array([[0.0, 1.0]]) for name in (*names, B)}
    reach = {name: np.zeros((1, 2)) for name in names} | {B: np.full((1, 2), 2.0)}
    np.testing.assert_allclose(telling(answer, right, reach, 0.01)[B], 0.245, rtol=0.01)


def test_figures_near_0_have_a_range_of_20_units():
    """0.05 with two decimals: a margin of 0.015 on either side is 15 in 100 of 0.20."""
    answer, right = {B: part(B, [0.05])}, {B: np.array([0.05])}
    np.testing.assert_allclose(telling(answer, right, {B: np.array([0.05])}, 0.01)[B], 0.01, rtol=0.01)


def test_the_reach_is_cut_to_a_share_that_is_found_to_a_thousandth():
    """The range is 1, half a unit 0.005: of a reach of 1 the share 0.07 is allowed, which no few halves add up to."""
    found = telling({W: part(W, [[0.0, 1.0]])}, {W: np.array([[0.0, 1.0]])}, {W: np.ones((1, 2))}, 0.01)[W]
    assert (found >= 0.069).all()
    assert (found <= 0.07).all()
