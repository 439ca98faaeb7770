"""An answer from weights that round to those of the problem is right within rounding, and told apart from slips."""

from __future__ import annotations

import numpy as np
import pytest

from by_hand import POINTS, drawn, names, page
from deltarule.marking import check
from deltarule.problem import problem_from

PRINTED = [[0.5, -0.3, 0.2], [-0.2, 0.4, 0.7]]
LABELS = ["A", "B", "C", "A", "B"]


def problem(weights):
    return drawn("softmax", weights, [0.1, -0.2, 0.3], POINTS, LABELS)


def printed_with_one_decimal():
    """The problem shows one decimal, as its weights have."""
    return problem_from(problem(PRINTED).document | {"show": {"decimals": 1}})


def behind(columns):
    """Weights that round to the printed ones, other than these in so many columns."""
    off = np.array([[0.041, -0.037, 0.028], [-0.033, 0.044, -0.021]])
    off[:, columns:] = 0
    return (np.array(PRINTED) + off).tolist()


def test_figures_from_the_weights_behind_are_within_rounding():
    marks = check(printed_with_one_decimal(), page(problem(behind(3)), 4))
    assert (names(marks), marks.right) == (["start-rounded"], True)
    assert not marks.mistakes[0].is_mistake
    assert "no entry changes by more than 0.04" in marks.mistakes[0].why


@pytest.mark.parametrize(("columns", "found"), [(2, True), (1, False)])
def test_synaptic_inputs_must_be_off_in_two_columns(columns, found):
    """In one column a weight may have been copied wrongly."""
    marks = check(printed_with_one_decimal(), page(problem(behind(columns)), 4))
    assert ("start-rounded" in names(marks)) == found


def test_weights_that_do_not_round_to_the_printed_ones_are_not_behind_them():
    other = np.array(behind(3))
    other[0, 0] = PRINTED[0][0] + 0.061
    marks = check(printed_with_one_decimal(), page(problem(other.tolist()), 4))
    assert "start-rounded" not in names(marks)
    assert not marks.right


@pytest.mark.parametrize("large", [1e308, -1e200, 1e154])
def test_a_figure_beyond_all_measure_beside_such_weights_is_wrong_alone(large):
    document = page(problem(behind(3)), 4)
    document["iteration"]["1"]["bias_gradient"][0] = large
    marks = check(printed_with_one_decimal(), document)
    assert names(marks) == ["start-rounded"]
    assert [part.part for part in marks if part.verdict == "wrong"] == ["iteration.1.bias_gradient"]


@pytest.mark.parametrize(("slips", "found"), [(3, True), (4, False)])
def test_a_twentieth_of_the_figures_may_be_slips(slips, found):
    """Of 64 figures, 15 of U, Y and delta each, the cost, and 9 of the gradients and of the layer each: 3 are 4.7%, 4 are 6.3%."""
    document = page(problem(behind(3)), 4)
    for k in range(slips):
        document["iteration"]["1"]["weights"][k % 2][k // 2] += 0.05
    marks = check(printed_with_one_decimal(), document)
    assert ("start-rounded" in names(marks)) == found


@pytest.mark.parametrize(("low", "high", "found"), [(1.1, 1.4, True), (1.6, 1.9, False)])
def test_figures_may_be_off_by_half_as_much_again_as_rounding_does(low, high, found):
    """Outputs and delta are rounded to the other side, where that is so many half units from the exact figure."""
    document, exact = page(problem(behind(3)), 4), page(problem(behind(3)), 9)["iteration"]["1"]
    changed = 0
    for part in ("outputs", "delta"):
        units, written = np.array(exact[part]) * 1e4, np.array(document["iteration"]["1"][part])
        other = np.floor(units) + (units % 1 < 0.5)
        off = 2 * np.abs(other - units)
        some = (low < off) & (off < high)
        changed += some.sum()
        document["iteration"]["1"][part] = np.where(some, other / 1e4, written).tolist()
    assert changed >= 8
    assert ("start-rounded" in names(check(printed_with_one_decimal(), document))) == found
