"""Verdicts of the account, its findings, and how its figures are written."""

import pytest

from deltarule.tutorial.account import bracket, compare, rounds_to
from deltarule.tutorial.cells import computed_cell, printed_cell
from deltarule.tutorial.printed_answers import FINDINGS


def test_a_figure_between_two_decimals_rounds_to_both():
    assert rounds_to(2.675, 2.68, 2)
    assert rounds_to(2.675, 2.67, 2)
    assert not rounds_to(2.6849, 2.67, 2)


def test_a_figure_is_equal_if_it_rounds_to_the_printed_one():
    assert compare(1, "x", 0.28, 0.2787, 2).verdict == "equal"
    assert compare(1, "x", 0.28, 0.2849, 2).verdict == "equal"
    assert compare(1, "x", 0.28, 0.2851, 2).verdict == "differs"


def test_figures_are_bracketed_if_each_lies_in_its_own_range():
    assert bracket(1, "x", [1.0, 5.0], [[0, 4], [2, 6]], "").verdict == "bracketed"
    assert bracket(1, "x", [1.0, 7.0], [[0, 4], [2, 6]], "").verdict == "differs"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        (14, "14"),
        (50_000, "50,000"),
        (-0.5, "−0.5"),
        (407.06558087, "407.06558087"),  # all its digits: it is what the handout prints
        ("waist", "waist"),
        (["A", "B", "A"], "A B A"),
        ([1, -2], "(1, −2)"),
        ([[1, 2], [3, 4]], "<table class=matrix><tbody><tr><td>1</td><td>2</td></tr><tr><td>3</td><td>4</td></tr></tbody></table>"),
    ],
)  # fmt: skip
def test_a_printed_figure_is_written_as_it_is_printed(given, shown):
    assert str(printed_cell(given)) == shown


@pytest.mark.parametrize(
    ("given", "decimals", "shown"),
    [
        (0.27871, 2, "0.2787"),
        (9.06666666666, 8, "9.06666667"),
        (5.0, 1, "5.0"),
        (14, 0, "14"),
        ({"low": 1.5, "median": 2.0, "high": 2.25}, None, "1.5 <span class=to>to</span>\N{NO-BREAK SPACE}2.25"),
        ({"low": [1, 2], "median": [1, 3], "high": [2, 30_000]}, None,
         "1 <span class=to>to</span>\N{NO-BREAK SPACE}2<br>2 <span class=to>to</span>\N{NO-BREAK SPACE}30,000"),
        ({"low": 0.96666, "median": 0.96667, "high": 0.966671}, None, "0.9667"),
        ({"training set": "separable"}, None, "training set: separable"),
    ],
)  # fmt: skip
def test_a_computed_figure_has_a_little_more_than_the_printed_one(given, decimals, shown):
    assert str(computed_cell(given, decimals)) == shown


def test_long_matrices_and_matrices_of_ranges_are_folded():
    assert "<details><summary>7 rows" in str(printed_cell([[1, 2]] * 7))
    assert "<details" not in str(printed_cell([[1, 2]] * 6))
    ranges = {"low": [[0.0]], "median": [[0.5]], "high": [[1.0]]}
    assert "<td>0 <span class=to>to</span>\N{NO-BREAK SPACE}1</td>" in str(computed_cell(ranges))


def test_text_of_a_figure_is_escaped():
    assert str(computed_cell({"a<b": "c&d"})) == "a&lt;b: c&amp;d"


def test_the_checkers_findings_are_all_put_into_words(small_results):
    named = {mistake["name"] for marks in small_results["marks"].values() for mistake in marks["mistakes"]}
    assert named - {"other-start"} == set(FINDINGS)  # of another initial layer the account says more itself
