"""Parts that can be forgotten: each is named where it moves no figure by a unit of the last decimal, and not where it does."""

from __future__ import annotations

import numpy as np
import pytest

import deltarule as dr
from deltarule.problem import problem_from
from deltarule.setting import conditions
from deltarule.setting.visibility import hidden_parts

# One neuron, inputs 1, 2, 3, W = 2, b = 0.5, targets u - 4, u - 2, u - 2: delta = 4, 2, 2, so dJ/dW = 4 + 4 + 6 = 14,
# dJ/db = 8 and J = 1/2 (16 + 4 + 4) = 12.
X = [[1.0], [2.0], [3.0]]
TARGETS = [[-1.5], [2.5], [4.5]]


def hidden(rate, decimals=2, bias=0.5, delta=(4.0, 2.0, 2.0), **descent):
    """What does not show of the layer W = 2 and this bias, with targets that give these deltas."""
    layer = dr.LinearLayer([[2.0]], [bias])
    targets = layer.output(X) - np.array(delta)[:, None]
    worked = dr.iterate(layer, X, targets, dr.Descent(rate, 1, **descent))
    return list(hidden_parts(layer, worked, worked.cost, worked.descent, decimals))


def test_the_figures_worked_by_hand():
    worked = dr.iterate(dr.LinearLayer([[2.0]], [0.5]), X, TARGETS, dr.Descent(0.1, 1))
    assert worked.delta.ravel().tolist() == [4, 2, 2]
    assert (worked.weight_gradient.tolist(), worked.bias_gradient.tolist(), worked.cost) == ([[14]], [8], 12)


def test_nothing_is_hidden_in_a_problem_of_ordinary_sizes():
    assert hidden(0.1) == []


@pytest.mark.parametrize(
    ("rate", "names"),
    [
        (0.00125, []),  # 8 * 0.00125 = 0.01: a unit
        (0.00124, ["the update of b (0.00992 at most)"]),
        (0.01 / 14, ["the update of b (0.00571 at most)"]),
        (0.0099 / 14, ["the update of W (0.0099 at most)", "the update of b (0.00566 at most)"]),
    ],
)
def test_an_update_shows_from_a_unit_on(rate, names):
    assert hidden(rate) == names


@pytest.mark.parametrize(
    ("rate", "names"),
    [
        (1.0, ["the learning rate in the update of W (0 at most)"]),
        (1 + 0.0099 / 14, ["the learning rate in the update of W (0.0099 at most)"]),
        (1 + 0.0101 / 14, []),
        (1 - 0.0101 / 14, []),
    ],
)
def test_a_learning_rate_of_1_cannot_be_seen(rate, names):
    assert hidden(rate) == names


def test_biases_show_in_u_from_a_unit_on_and_where_all_are_zero_there_is_nothing_to_forget():
    assert hidden(0.1, bias=0.01) == []
    assert hidden(0.1, bias=-0.0099) == ["b in U (0.0099 at most)"]
    assert hidden(0.1, bias=0.0) == []


def test_one_bias_of_several_that_shows_is_enough():
    layer = dr.LinearLayer([[2.0, 1.0]], [0.001, -0.25])
    worked = dr.iterate(layer, X, layer.output(X) - 1.0, dr.Descent(0.1, 1))
    assert list(hidden_parts(layer, worked, worked.cost, worked.descent, 2)) == []


def test_the_decimals_decide_what_a_unit_is():
    # 8 * 0.01 = 0.08 and 14 * 0.01 = 0.14.
    assert hidden(0.01, decimals=2) == []
    assert hidden(0.01, decimals=1) == ["the update of b (0.08 at most)"]
    assert hidden(0.01, decimals=0)[:2] == ["the update of W (0.14 at most)", "the update of b (0.08 at most)"]
    assert hidden(0.01, decimals=0)[2:] == ["b in U (0.5 at most)"]


def test_gradients_that_balance_are_hidden():
    # delta = 2, -1, 0 has dJ/dW = 2 - 2 = 0 and dJ/db = 1; delta = 1, -2, 1 has dJ/dW = 1 - 4 + 3 = 0 and dJ/db = 0.
    assert hidden(0.1, delta=(2.0, -1.0, 0.0)) == [
        "dJ/dW (0 at most)",
        "the update of W (0 at most)",
        "the learning rate in the update of W (0 at most)",
    ]
    assert [name.split(" (")[0] for name in hidden(0.1, delta=(1.0, -2.0, 1.0))] == [
        "dJ/dW",
        "dJ/db",
        "the update of W",
        "the update of b",
        "the learning rate in the update of W",
    ]


def test_deltas_and_costs_that_round_to_0_are_hidden():
    names = [name.split(" (")[0] for name in hidden(0.5, delta=(0.009, 0.009, 0.009))]
    assert names[:2] == ["the cost", "delta"]
    # J = 3/2 delta^2 is a unit for delta = 0.0817.
    assert hidden(0.5, delta=(0.082, 0.082, 0.082)) == []
    assert hidden(0.5, delta=(0.081, 0.081, 0.081)) == ["the cost (0.00984 at most)"]


@pytest.mark.parametrize(
    ("decay", "names"),
    [
        (0.0, []),  # none: nothing to forget
        (0.0049, ["the weight decay in dJ/dW (0.0098 at most)", "the weight decay in the cost (0.0098 at most)"]),
        (0.0051, []),  # L W = 2 L, and L/2 W^2 = 2 L
    ],
)
def test_weight_decay_shows_in_the_gradient_and_in_the_cost(decay, names):
    assert hidden(0.1, weight_decay=decay) == names


def test_weight_decay_can_be_hidden_in_the_cost_alone():
    # W = 0.5: L W = 0.015, L/2 W^2 = 0.00375 for L = 0.03.
    layer = dr.LinearLayer([[0.5]], [0.5])
    worked = dr.iterate(layer, X, layer.output(X) - 1.0, dr.Descent(0.1, 1, weight_decay=0.03))
    found = list(hidden_parts(layer, worked, worked.cost, worked.descent, 2))
    assert found == ["the weight decay in the cost (0.00375 at most)"]


@pytest.mark.parametrize(
    ("patterns", "neurons", "alike"),
    [(1, 1, True), (1, 2, True), (1, 3, True), (2, 1, True), (2, 2, False), (3, 1, False)],
)
def test_sum_and_mean_are_told_apart_by_their_factor(patterns, neurons, alike):
    # The mean squared error is 2 / (P K) of the sum. Of one pattern nobody sees a sum.
    layer = dr.LinearLayer(np.full((1, neurons), 2.0), np.full(neurons, 0.5))
    rows = np.arange(1.0, patterns + 1)[:, None]
    worked = dr.iterate(layer, rows, layer.output(rows) - 3.0, dr.Descent(0.1, 1))
    found = list(hidden_parts(layer, worked, worked.cost, worked.descent, 2))
    assert found == (["the difference between sum and mean"] if alike else [])


def test_conditions_name_what_does_not_show_and_in_which_iteration():
    problem = problem_from({
        "layer": {"kind": "linear", "weights": [[2.0]], "biases": [0.5]},
        "data": {"inputs": X, "targets": TARGETS},
        "descent": {"learning_rate": 0.00124, "epochs": 2},
    })  # fmt: skip
    hidden = [sentence for sentence in conditions(problem) if "does not show" in sentence]
    # The deltas of iteration 2 are 4, 2, 2 less 0.01736 x + 0.00992: their sum is 8 - 0.13392, times the rate 0.00975.
    assert hidden == [
        "Iteration 1: the update of b (0.00992 at most) does not show: nobody sees whether it was forgotten.",
        "Iteration 2: the update of b (0.00975 at most) does not show: nobody sees whether it was forgotten.",
    ]
