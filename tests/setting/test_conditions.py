"""The conditions of a good problem: each that is not met is named."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import deltarule as dr
from deltarule.problem import problem_from
from deltarule.setting import conditions, new_problem
from deltarule.setting.conditions import near_half_unit, near_ties
from samples import refused

GOOD = {
    "layer": {"kind": "softmax", "weights": [[0.5, -0.2], [0.1, 0.7]], "biases": [0.1, 0.0]},
    "data": {"inputs": [[1, 2], [-3, 1], [2, -2], [4, 0]], "targets": ["A", "B", "B", "A"]},
    "descent": {"learning_rate": 0.01, "epochs": 10},
}


def changed(table, **keys):
    return problem_from(GOOD | {table: GOOD[table] | keys})


@pytest.mark.parametrize(
    ("problem", "unmet"),
    [
        (changed("data", inputs=[[1, 2], [-3, 1], [1, 2], [4, 0]]), "Two patterns have the same inputs."),
        (
            changed("layer", weights=[[0.5, 0.5], [0.1, 0.1]], biases=[0, 0]),
            "the prediction of pattern 1 is a near-tie",
        ),
        (
            changed("layer", weights=[[0.505, -0.2], [0.1, 0.7]]),
            "Iteration 1: U has 0.805 (row 1, column 1), next to a half",
        ),
        (changed("layer", biases=[0.125, 0.0]), "Iteration 1: U has 0.825 (row 1, column 1), next to a half"),
        (changed("descent", learning_rate=50.0), "The cost does not fall from iteration 1 to iteration 2."),
        (changed("descent", learning_rate=1e308), "no longer finite"),
        (changed("data", targets=["B", "B", "A", "A"]), "At first the predictions are all right."),
        (changed("data", targets=["A", "A", "B", "B"]), "At first the predictions are all wrong."),
    ],
    ids=range(8),
)
def test_what_is_not_met_is_named(problem, unmet):
    assert any(unmet in sentence for sentence in conditions(problem))


def test_separable_and_overlapping_are_told_apart():
    X = [[0, 0], [2, 2], [0, 2], [2, 0]]
    crossed = changed("data", inputs=X, targets=["A", "A", "B", "B"])
    apart = changed("data", inputs=X, targets=["A", "B", "A", "B"])
    touching = changed("data", inputs=[[0, 0], [1, 0], [2, 0], [3, 3]], targets=["A", "B", "A", "B"])

    def sentences(problem, separable):
        return [text for text in conditions(problem, separable=separable) if text.startswith("The classes")]

    assert sentences(crossed, separable=False) == sentences(apart, separable=True) == []
    assert sentences(crossed, separable=True) == ["The classes are not separable but overlapping."]
    assert sentences(apart, separable=False) == ["The classes are not overlapping but separable."]
    assert sentences(touching, separable=False) == ["The classes are not overlapping but quasi-separable."]
    assert sentences(crossed, separable=None) == []


def test_a_class_that_only_the_test_patterns_have_is_missed():
    data = {"inputs": [[1], [2], [3], [4]], "targets": ["A", "A", "A", "B"], "split": {"test": 0.25, "seed": 1}}
    found = []
    for seed in range(20):
        data["split"] = {"test": 0.25, "seed": seed}
        layer = {"kind": "softmax", "weights": [[0.5, -0.2]]}
        found += conditions(problem_from(GOOD | {"layer": layer, "data": data}))
    assert "No pattern is of class B." in found


def test_neurons_that_decide_alone_must_be_clear():
    data = {"inputs": [[1], [-1]], "targets": [[1, 0], [0, 1]]}
    layer = {"kind": "logistic", "weights": [[0.5, -0.09]]}
    found = conditions(problem_from(GOOD | {"layer": layer, "data": data}))
    assert "Iteration 1: the prediction of pattern 1 is a near-tie." in found
    layer = {"kind": "logistic", "weights": [[0.5, -0.11]]}
    found = conditions(problem_from(GOOD | {"layer": layer, "data": data}))
    assert not [text for text in found if text.startswith("Iteration 1") and "near-tie" in text]


def test_mini_batches_are_judged_by_the_whole_set():
    problem = new_problem(seed=2)
    batches = problem_from(problem.document | {"descent": {"learning_rate": 0.01, "epochs": 5, "batch_size": 3}})
    found = conditions(batches)
    first = dr.iterate(batches.layer, batches.X, batches.targets, batches.descent)
    fell = first.layer.cost(batches.X, batches.targets) < batches.layer.cost(batches.X, batches.targets)
    assert fell != ("The cost does not fall from iteration 1 to iteration 2." in found)


@given(st.decimals(-1000, 1000, places=6), st.integers(0, 4))
def test_near_a_half_by_decimals(value, decimals):
    rest = abs(value).scaleb(decimals) % 1
    distance = abs(rest - Decimal("0.5"))
    if abs(distance - Decimal("0.02")) > Decimal("1e-9"):
        assert bool(near_half_unit(float(value), decimals)) == (distance < Decimal("0.02"))


def test_conditions_want_a_problem():
    with refused("problem", "be a Problem", "'x'", "Read one first"):
        conditions("x")


def test_a_synaptic_input_of_0_1_is_clear_and_one_below_is_not():
    for weight, clear in ((0.1, True), (0.0999, False)):
        layer = {"kind": "logistic", "weights": [[weight, -0.5]]}
        data = {"inputs": [[1], [-1]], "targets": [[1, 0], [0, 1]]}
        found = conditions(problem_from(GOOD | {"layer": layer, "data": data}))
        assert ("Iteration 1: the prediction of pattern 1 is a near-tie." not in found) == clear


def test_a_cost_that_stays_does_not_fall():
    # The deltas 1, -2, 1 at the inputs 1, 2, 3 balance: both gradients are 0.
    problem = problem_from({
        "layer": {"kind": "linear", "weights": [[2.0]], "biases": [0.5]},
        "data": {"inputs": [[1], [2], [3]], "targets": [1.5, 6.5, 5.5]},
        "descent": {"learning_rate": 0.1, "epochs": 3},
    })  # fmt: skip
    assert "The cost does not fall from iteration 1 to iteration 2." in conditions(problem)


def test_a_figure_next_to_a_half_is_written_with_three_more_digits():
    found = conditions(changed("layer", biases=[0.1251234, 0.0]))
    assert any("U has 0.82512 (row 1, column 1), next to a half" in sentence for sentence in found)


def test_a_lead_of_0_05_is_clear_and_one_below_is_not():
    outputs = np.array([[0.0, 0.05, 0.0], [0.0499, 0.0, 0.0], [0.3, 0.26, 0.44], [0.5, 0.02, 0.48]])
    layer = dr.SoftmaxLayer(np.zeros((1, 3)), np.zeros(3), classes=("A", "B", "C"))
    assert near_ties(layer, np.zeros((4, 3)), outputs).tolist() == [False, True, False, True]


def test_two_softmax_neurons_decide_by_their_outputs_and_one_logistic_neuron_by_its_input():
    # Of two classes with softmax the lead is tanh((u1 - u2) / 2): 0.96 of a difference of 3.95, 0.02 of 0.04.
    two = dr.SoftmaxLayer([[1.0, -1.0]], [0.0, 0.0], classes=("A", "B"))
    U = np.array([[0.05, 4.0], [2.0, 2.04]])
    assert near_ties(two, U, two.activate(U)).tolist() == [False, True]
    one = dr.LogisticLayer([[1.0]], [0.0], classes=("A", "B"))
    U = np.array([[0.05], [-2.0]])
    assert near_ties(one, U, one.activate(U)).tolist() == [True, False]


@pytest.mark.parametrize(
    ("deltas", "sentence"),
    [
        # b = 0.5 - 0.1 (1 + 0.25), and J = (1 + 1 + 1 + 0.0625) / 2 = 1.53125 is far from a half.
        ([[1, 1], [1, 0.25]], "b after the update has 0.375 (entry 2)"),
        # J = (1 + 1 + 1 + 0.09) / 2, and b = 0.5 - 0.13 is far from a half.
        ([[1, 1], [1, 0.3]], "the cost has 1.545"),
    ],
    ids=["entry", "number"],
)
def test_a_figure_next_to_a_half_is_named_with_its_place(deltas, sentence):
    layer = dr.LinearLayer([[1.0, 2.0]], [0.0, 0.5])
    X = np.array([[1.0], [2.0]])
    problem = problem_from({
        "layer": {"kind": "linear", "weights": layer.weights, "biases": layer.biases},
        "data": {"inputs": X, "targets": layer.output(X) - np.array(deltas)},
        "descent": {"learning_rate": 0.1, "epochs": 1},
    })  # fmt: skip
    assert [text for text in conditions(problem) if "next to a half" in text] == [
        f"Iteration 1: {sentence}, next to a half of its last decimal."
    ]


def test_the_near_tie_of_a_later_pattern_is_named_by_its_row():
    # At (0.5, 0.75) u1 - u2 = 0.7 * 0.5 - 0.6 * 0.75 + 0.1 = 0.
    found = conditions(changed("data", inputs=[[1, 2], [-3, 1], [0.5, 0.75], [4, 0]]))
    assert "Iteration 1: the prediction of pattern 3 is a near-tie." in found
