"""Python and JSON write whole floats with ".0", which is no decimal of the answer's."""

from __future__ import annotations

from decimal import Decimal

import pytest

from deltarule.marking.answer.figures import figures_of


@pytest.mark.parametrize(
    ("value", "decimals"),
    [
        ([3.0, -1.0, 2], [0, 0, 0]),
        ([Decimal("3.0"), Decimal("-0.0")], [0, 0]),
        ([3.0, 2.5], [1, 1]),
        ([Decimal("3.00"), Decimal("2.0")], [2, 1]),
        ([3, 2], [0, 0]),
    ],
)
def test_figures_have_a_decimal_where_one_of_them_shows_it(value, decimals):
    numbers, found = figures_of(value, (len(value),))
    assert found.tolist() == decimals
    assert numbers.tolist() == [float(each) for each in value]


def test_a_single_whole_float_has_no_decimal():
    assert [int(figures_of(value, ())[1]) for value in (3.0, 3, 2.5, Decimal("4.50"))] == [0, 0, 1, 2]
