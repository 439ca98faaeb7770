"""Figures as people write them."""

import math
import re
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deltarule.typeset.figures import (
    data_figures,
    decimals_shown,
    duration,
    figure,
    figures,
    matrix_figures,
    scientific,
    thousands,
    true_minus,
)
from samples import refused


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (0.125, 2, "0.13"),  # exactly halfway in binary too; round() gives 0.12
        (2.675, 2, "2.68"),  # reads as halfway, is below it in binary; round() gives 2.67
        (-2.675, 2, "-2.68"),  # away from zero, not up
        (0.5, 0, "1"),
        (1.5, 0, "2"),
        (2.5, 0, "3"),
        (-0.004, 2, "0.00"),  # never "-0.00"
        (-0.0, 1, "0.0"),
        (1e300, 0, "1" + "0" * 300),
        (1e-12, 2, "0.00"),
        (7, 2, "7.00"),
        (True, 1, "1.0"),
        (math.nan, 2, "nan"),
        (-math.inf, 2, "-inf"),
        (np.float64(34.4994), 2, "34.50"),
        # float32's 0.15 is 0.150000006: read as it prints, 0.15, like a float64
        (np.float32(0.15), 1, "0.2"),
        (np.float32(0.1), 10, "0.1000000000"),
    ],
)
def test_figures_round_half_away_from_zero_as_they_read(value, decimals, text):
    value = float(value) if isinstance(value, bool) else value
    assert figure(value, decimals) == text


@given(st.floats(-1e12, 1e12), st.integers(0, 15))
def test_a_figure_is_the_nearest_one_with_so_many_decimals(value, decimals):
    text = figure(value, decimals)
    assert len(text.partition(".")[2]) == decimals
    # Against exact fractions of the number as it prints: half a unit of the last digit away at the most.
    assert abs(Fraction(text) - Fraction(repr(value))) <= Fraction(1, 2 * 10**decimals)
    assert not re.fullmatch(r"-0(\.0*)?", text)
    assert figure(-value, decimals).lstrip("-") == text.lstrip("-")


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(0, 15))
def test_a_scientific_figure_is_right_to_its_last_digit(value, decimals):
    text = scientific(value, decimals)
    mantissa, power = text.split("e")
    assert len(mantissa.lstrip("-").replace(".", "")) == decimals + 1
    unit = Fraction(10) ** (int(power) - decimals)
    assert abs(Fraction(Decimal(text)) - Fraction(Decimal(repr(value)))) <= unit / 2


def test_scientific_figures_carry_and_name_what_is_no_number():
    assert scientific(9.996, 2) == "1.00e+01"
    assert scientific(2.25, 1) == "2.3e+00"  # halfway in binary too; half to even would give 2.2
    assert scientific(-1e-300, 0) == "-1e-300"
    assert scientific(math.inf, 2) == "inf"
    assert scientific(0, 2) == "0.00e+00"


def test_figures_that_belong_together_share_a_style():
    assert figures([0.004, 0.0], 2) == ["4.00e-03", "0.00e+00"]  # else both would read 0.00
    assert figures([0.005, 0.0], 2) == ["0.01", "0.00"]
    assert figures([0.0, -0.0], 2) == ["0.00", "0.00"]
    assert figures([9999999.0, 1.0], 0) == ["9999999", "1"]
    assert figures([1e7, 1.0], 0) == ["1e+07", "1e+00"]
    assert figures([math.nan, math.inf, 2.0], 1) == ["nan", "inf", "2.0"]
    assert figures([], 2) == []


def test_matrices_share_a_style_data_have_one_a_column():
    assert matrix_figures([[1e-12, 0.5]], 2) == [["0.00", "0.50"]]
    assert data_figures([[1.0, 1e9, 0.25], [-2.0, 1.0, 3.0]], 1) == [["1", "1e+09", "0.3"], ["-2", "1e+00", "3.0"]]
    assert data_figures([[math.nan], [1.0]], 1) == [["nan"], ["1.0"]]


def test_durations_have_the_unit_that_suits_them():
    assert [duration(s) for s in (0.0, 7.4e-7, 1e-3, 0.25, 1.0, 90.0)] == [
        "0.0 us", "0.7 us", "1.0 ms", "250.0 ms", "1.0 s", "90.0 s",
    ]  # fmt: skip


@given(st.integers())
def test_counts_have_commas_from_ten_thousand_on(count):
    text = thousands(count)
    assert int(text.replace(",", "")) == count
    assert ("," in text) == (abs(count) >= 10_000)
    assert all(len(group) == 3 for group in text.split(",")[1:])


def test_a_true_minus_is_as_wide_as_a_plus():
    assert true_minus("-1.5e-03") == "\N{MINUS SIGN}1.5e\N{MINUS SIGN}03"
    assert true_minus("0.25") == "0.25"
    assert true_minus("...") == "\N{HORIZONTAL ELLIPSIS}"


@pytest.mark.parametrize(("decimals", "got"), [(-1, "-1"), (16, "16"), (2.5, "2.5"), (True, "True")])
def test_decimals_are_a_whole_number_from_0_to_15(decimals, got):
    rule = "be at most 15" if decimals == 16 else "be a whole number of at least 0"
    with refused("number of decimals", rule, got, "Give 0 to 15"):
        decimals_shown(decimals)
    assert [decimals_shown(0), decimals_shown(15)] == [0, 15]
