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


def test_a_mistake_in_later_iterations_is_named_beside_such_weights():
    """Products of iteration 1 are rounded, as other weights would have it. From iteration 2 on softmax divides by all entries."""
    weights = [[-0.97, 0.85, -0.43, -0.47], [-0.46, 0.08, 0.56, -0.72], [0.06, -0.05, 0.66, -0.22]]
    points = [[-3, -3, 4], [-1, 2, -1], [4, 1, 3], [-3, 4, 2]]
    document = drawn("softmax", weights, [0.33, -0.98, 0.92, 0.67], points, ["B", "D", "A", "C"], 0.2).document
    document["data"]["standardise"] = True
    first = {
        "synaptic_inputs": [
            [1.87, -1.83, 1.09, 1.93], [0.13, -0.94, 0.12, 0.78], [-1.25, 0.4, 0.56, -0.23], [0.55, -1.56, 1.92, 0.19]
        ],
        "outputs": [[0.39, 0.01, 0.18, 0.42], [0.24, 0.08, 0.23, 0.45], [0.07, 0.35, 0.4, 0.18], [0.17, 0.02, 0.68, 0.12]],
        "bias_gradient": [-0.13, -0.54, 0.5, 0.17],
    }  # fmt: skip
    second = {
        "synaptic_inputs": [
            [1.58, -0.79, 0.92, 1.34], [0.02, -1.25, 0.09, 1.28], [-0.51, 0.19, 0.21, -0.39], [0.35, -1.61, 2.07, 0.33]
        ],
        "outputs": [[0.15, 0.01, 0.08, 0.12], [0.03, 0.01, 0.03, 0.11], [0.02, 0.04, 0.04, 0.02], [0.04, 0.01, 0.25, 0.04]],
        "bias_gradient": [-0.76, -0.93, -0.6, -0.71],
    }  # fmt: skip
    third = {
        "synaptic_inputs": [
            [1.48, 0.23, 0.81, 1], [0.02, -1.52, 0.31, 1.95], [0.28, 0.21, 0.12, -0.42], [0.27, -1.66, 2.51, 0.59]
        ]
    }  # fmt: skip
    marks = check(problem_from(document), {"decimals": 2, "iteration": {"1": first, "2": second, "3": third}})
    assert {"start-rounded", "softmax-over-all"} <= set(names(marks))


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
