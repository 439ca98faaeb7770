"""Answers with fewer decimals than are asked for are marked as what they are, where that keeps much."""

from __future__ import annotations

import numpy as np
import pytest

from by_hand import BIASES, POINTS, SOFTMAX, WEIGHTS, drawn, names, page
from deltarule.marking import check
from deltarule.problem import problem_from


def significant(figures, digits):
    """Figures, or rows of them, with so many significant digits."""
    if isinstance(figures, list):
        return [significant(each, digits) for each in figures]
    return float(f"{figures:.{digits - 1}e}")


def rough(entries):
    """Right figures with one decimal, in an answer that does not say so."""
    delta = page(SOFTMAX, 1)["iteration"]["1"]["delta"]
    rows = {str(p + 1): delta[p] for p in range(entries // 3)}
    rest = entries % 3
    parts = {"rows": {"delta": rows}}
    if rest:
        parts["bias_gradient"] = page(SOFTMAX, 1)["iteration"]["1"]["bias_gradient"]
    return {"iteration": {"1": parts}}


@pytest.mark.parametrize(("figures", "found"), [(6, True), (5, False), (3, False)])
def test_six_figures_or_more_show_how_many_decimals_an_answer_has(figures, found):
    """Of rows of delta, whose last entries may be left blank."""
    rows = np.array(page(SOFTMAX, 1)["iteration"]["1"]["delta"]).ravel().tolist()[:figures] + [""] * (-figures % 3)
    delta = {str(p // 3 + 1): rows[p : p + 3] for p in range(0, len(rows), 3)}
    marks = check(SOFTMAX, {"iteration": {"1": {"rows": {"delta": delta}}}})
    assert ("fewer-decimals" in names(marks)) == found
    assert marks.right == found


def test_one_figure_with_all_decimals_is_enough_to_show_them():
    document = rough(15)
    document["iteration"]["1"]["cost"] = 1.23
    assert "fewer-decimals" not in names(check(SOFTMAX, document))


@pytest.mark.parametrize(("wrong", "found"), [(4, True), (9, False), (15, False)])
def test_fewer_decimals_are_assumed_only_if_they_keep_half_of_what_is_lost(wrong, found):
    document = rough(15)
    rows = document["iteration"]["1"]["rows"]["delta"]
    entries = np.array(list(rows.values()))
    entries.flat[:wrong] += 0.7
    document["iteration"]["1"]["rows"]["delta"] = {
        str(p + 1): row for p, row in enumerate(np.round(entries, 1).tolist())
    }
    assert ("fewer-decimals" in names(check(SOFTMAX, document))) == found


def test_zeros_do_not_show_how_many_decimals_an_answer_has():
    zeros = {"weights": [[0.0] * 3] * 2, "biases": [0.0] * 3}
    marks = check(SOFTMAX, {"iteration": {"1": zeros}})
    assert names(marks) == ["not-attempted"]
    assert not marks.right


@pytest.mark.parametrize(("patterns", "found"), [(2, False), (3, True)])
def test_three_last_digits_that_are_0_show_two_significant_digits_of_right_figures(patterns, found):
    """U = 1.234 x is 1.2, 2.5 and 3.7 with two digits, of which each has dropped one. Three are believed if all is right."""
    problem = drawn("linear", [[1.234]], [0.0], [[1.0], [2.0], [3.0]][:patterns], [0.0] * patterns)
    written = [[1.2], [2.5], [3.7]][:patterns]
    marks = check(problem, {"iteration": {"1": {"synaptic_inputs": written}}})
    assert (names(marks) == ["fewer-decimals"], marks.right) == (found, found)
    assert not check(problem, {"iteration": {"1": {"synaptic_inputs": [[1.4], *written[1:]]}}}).right


@pytest.mark.parametrize("digits", [3, 4])
@pytest.mark.parametrize("step", [-1, 1])
def test_figures_of_three_or_four_significant_digits_are_marked_as_such_and_a_mistake_among_them_is_named(digits, step):
    """The problem asks for 6 decimals. Whoever goes uphill is told so, and that figures are rounded."""
    problem = problem_from(SOFTMAX.document | {"show": {"decimals": 6}})
    exact = page(
        SOFTMAX,
        9,
        weights=lambda s: s.W + step * s.a * s.weight_gradient,
        biases=lambda s: s.b + step * s.a * s.bias_gradient,
    )["iteration"]["1"]
    matrices = ("synaptic_inputs", "outputs", "delta", "weight_gradient", "bias_gradient", "weights", "biases")
    parts = {part: significant(exact[part], digits) for part in matrices}
    marks = check(problem, {"decimals": 6, "iteration": {"1": parts}})
    assert names(marks) == (["fewer-decimals"] if step < 0 else ["ascent", "fewer-decimals"])
    assert marks.right == (step < 0)


def test_no_mistake_is_named_where_significant_digits_explain_the_one_figure_that_is_short_of_decimals():
    """The cost is 10.3198: with 3 digits 10.3. With 2 decimals the decay subtracted, 10.2979, would be as near."""
    problem = problem_from(
        {
            "layer": {
                "kind": "softmax",
                "weights": [[0.14, 0.61, 0.0, -0.16]],
                "biases": [0.7, -0.92, 0.51, -0.62],
            },
            "data": {
                "inputs": [[-2.9], [-0.2], [1.8], [-2.9], [2.9]],
                "targets": ["no", "no", "yes", "perhaps", "z1"],
            },
            "descent": {"learning_rate": 0.1, "epochs": 50, "weight_decay": 0.05},
            "show": {"decimals": 2},
        }
    )
    U = [[0.294, -2.69, 0.51, -0.156], [0.672, -1.04, 0.51, -0.588], [0.952, 0.178, 0.51, -0.908]]
    outputs = [[0.341, 0.0173, 0.424, 0.218], [0.432, 0.078, 0.367, 0.123], [0.443, 0.204, 0.284, 0.0689]]
    written = {
        "synaptic_inputs": [*U, U[0], [1.11, 0.849, 0.51, -1.08]],
        "outputs": [*outputs, outputs[0], [0.411, 0.317, 0.226, 0.046]],
        "predicted": ["yes", "no", "no", "yes", "no"],
        "errors": 4,
        "cost": 10.3,
        "weight_gradient": [[3.03, 4.1, -3.17, -3.94]],
        "bias_gradient": [-0.032, -0.367, 0.725, -0.326],
        "weights": [[-0.163, 0.2, 0.317, 0.234]],
        "biases": [0.703, -0.883, 0.438, -0.587],
    }
    marks = check(problem, {"iteration": {"1": written}})
    assert marks.right
    assert not [finding.name for finding in marks.mistakes if finding.is_mistake]


def test_whole_numbers_are_not_believed_of_figures_below_1():
    """Thresholded outputs, 0 and 1, and the zeros that follow are no outputs and gradients rounded to whole numbers."""
    problem = drawn(
        "perceptron", WEIGHTS, BIASES, POINTS, (np.arange(15.0).reshape(5, 3) / 15).tolist(), 0.2, "sigmoid"
    )
    parts = page(problem, outputs=lambda s: 1.0 * (s.synaptic_inputs > 0))["iteration"]["1"]
    few = {part: parts[part] for part in ("outputs", "delta", "weight_gradient", "bias_gradient")}
    marks = check(problem, {"decimals": 2, "iteration": {"1": few}})
    assert "fewer-decimals" not in names(marks)
    assert marks["iteration.1.outputs"].score == 0
