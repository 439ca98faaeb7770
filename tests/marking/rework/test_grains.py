"""How far figures are rounded: decimals, significant digits, cut off; against `decimal`, and worked by hand."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deltarule.marking.rework.grains import Grain

FIGURES = st.decimals(-1000, 1000, places=5)


@given(FIGURES, st.integers(0, 4), st.sampled_from([ROUND_HALF_UP, ROUND_HALF_EVEN, ROUND_DOWN]))
def test_decimals_are_rounded_as_decimal_rounds_them(figure, decimals, how):
    grain = Grain(decimals=decimals, even=how == ROUND_HALF_EVEN, cut=how == ROUND_DOWN)
    expected = float(figure.quantize(Decimal(1).scaleb(-decimals), how))
    # To the even digit a half is seen in binary, in which 0.00005 may be a little less.
    is_half = how == ROUND_HALF_EVEN and figure != figure.quantize(Decimal(1).scaleb(-decimals), ROUND_DOWN)
    within = 10.0**-decimals if is_half and (figure.scaleb(decimals) * 2) % 1 == 0 else 1e-9
    assert float(grain.rounded(float(figure))) == pytest.approx(expected, abs=within)


@given(FIGURES.filter(lambda figure: figure != 0), st.integers(1, 5), st.sampled_from([ROUND_HALF_UP, ROUND_DOWN]))
def test_significant_digits_are_rounded_as_decimal_rounds_them(figure, digits, how):
    expected = float(Context(prec=digits, rounding=how).plus(figure))
    assert float(Grain(digits=digits, cut=how == ROUND_DOWN).rounded(float(figure))) == pytest.approx(
        expected, rel=1e-9
    )


def test_a_zero_stays_zero_with_significant_digits():
    assert float(Grain(digits=3).rounded(0.0)) == 0


def test_rounding_changes_a_figure_by_half_a_unit_at_most_and_a_round_one_not_at_all():
    np.testing.assert_allclose(Grain(decimals=2).half([0.123, 0.12, 0.0]), [0.005, 0, 0])
    np.testing.assert_allclose(Grain(digits=2).half([123.0, 120.0, 0.0123]), [5, 0, 0.0005])
    np.testing.assert_allclose(Grain(decimals=2, cut=True).half([0.123]), [0.01])


@pytest.mark.parametrize(
    ("figure", "rounded", "cut"), [(0.124995, 0.12, 0.12), (0.129995, 0.13, 0.12), (0.29, 0.29, 0.29)]
)
def test_a_figure_just_below_a_half_or_a_whole_unit_is_below_it(figure, rounded, cut):
    """By 5 ten-thousandths of a unit of 0.01. 0.29 / 0.01 is 28.999999999999996, and 29 units all the same."""
    assert float(Grain(decimals=2).rounded(figure)) == pytest.approx(rounded)
    assert float(Grain(decimals=2, cut=True).rounded(figure)) == pytest.approx(cut)
