"""Mistakes worked by hand in an iteration are named, and seen first where they are made."""

from __future__ import annotations

import numpy as np
import pytest

import deltarule as dr
from by_hand import (
    ACTIVATIONS,
    BIASES,
    FORMULAS,
    LINE,
    POINTS,
    SOFTMAX,
    TANH,
    WEIGHTS,
    altered,
    costs,
    drawn,
    line,
    lost,
    names,
    page,
    rounded,
)
from deltarule.marking import check


@pytest.mark.parametrize(
    ("name", "instead"),
    [
        # All divided by 3: delta, both gradients and the cost; w = 0.5 + 0.1 * 8, b = 0.1 * 3.33.
        ("mean-for-sum", {"cost": 6.92, "delta": [-0.5, -1, -1.83], "weight_gradient": [-8], "bias_gradient": [-3.33],
                          "weights": [1.3], "biases": [0.33]}),
        ("ascent", {"weights": [-1.9], "biases": [-1]}),  # 0.5 - 2.4; 0 - 1
        ("rate-missing", {"weights": [24.5], "biases": [10]}),  # 0.5 + 24; 0 + 10
        ("rate-twice", {"weights": [0.74], "biases": [0.1]}),  # 0.5 + 0.01 * 24; 0.01 * 10
        ("half-missing", {"cost": 41.5}),
        ("biases-not-updated", {"biases": [0]}),
        ("biases-one-pattern", {"bias_gradient": [-5.5], "biases": [0.55]}),  # that of the last pattern
        # With w = 2.9: U = 2.9, 5.8, 8.7; U - d = 0.9, 1.8, 1.7, together 4.4.
        ("new-weights-for-biases", {"bias_gradient": [4.4], "biases": [-0.44]}),
    ],
)  # fmt: skip
def test_a_mistake_in_a_line_through_three_points(name, instead):
    assert check(LINE, line()).right
    marks = check(LINE, line(**instead))
    assert names(marks)[0] == name
    # A learning rate of 1 or 0.01 may have been copied, too: then both are named.
    assert set(names(marks)) == {name} | ({"copied-wrongly"} if marks.alternatives else set())
    assert marks.mistakes[0].part == f"iteration.1.{next(iter(instead))}"
    assert not marks.right


def all_but_own(s):
    """-log of all outputs but the pattern's own class's."""
    return -np.sum(np.log(s.outputs) * (1 - s.D))


@pytest.mark.parametrize(
    ("name", "problem", "instead"),
    [
        ("delta-without-slope", TANH, {"delta": lambda s: s.outputs - s.D}),
        ("slope-at-output", TANH, {"delta": lambda s: (s.outputs - s.D) * (1 - np.tanh(s.outputs) ** 2)}),
        ("other-activation", TANH, {"outputs": lambda s: 1 / (1 + np.exp(-s.synaptic_inputs)),
                                    "delta": lambda s: (s.outputs - s.D) * s.outputs * (1 - s.outputs)}),
        ("log-base-2", SOFTMAX, {"cost": lambda s: costs(s) / np.log(2)}),
        ("log-base-10", SOFTMAX, {"cost": lambda s: costs(s) / np.log(10)}),
        ("cost-of-wrong-class", SOFTMAX, {"cost": all_but_own}),
        ("softmax-over-patterns", SOFTMAX, {"outputs": lambda s: (np.exp(s.synaptic_inputs)
                                                                  / np.exp(s.synaptic_inputs).sum(axis=0))}),
        ("softmax-twice", SOFTMAX, {"outputs": lambda s: ACTIVATIONS["softmax"](FORMULAS["outputs"](s))}),
        ("biases-left-out", SOFTMAX, {"synaptic_inputs": lambda s: s.X @ s.W}),
        ("one-pattern-only", SOFTMAX, {"weight_gradient": lambda s: np.outer(s.X[-1], s.delta[-1]),
                                       "bias_gradient": lambda s: s.delta[-1]}),
        ("copied-wrongly", SOFTMAX, {"synaptic_inputs": lambda s: np.array([[1, 2], *POINTS[1:3], [5, 3], POINTS[4]]) @ s.W
                                     + s.b,
                                     "weight_gradient": lambda s: np.array([[1, 2], *POINTS[1:3], [5, 3], POINTS[4]]).T
                                     @ s.delta}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("decimals", [2, 4])
def test_a_mistake_is_named_and_carried_on(name, problem, instead, decimals):
    assert check(problem, page(problem, decimals)).right
    marks = check(problem, page(problem, decimals, **instead))
    assert names(marks) == [name]
    assert not marks.right
    assert marks.mistakes[0].part == f"iteration.1.{next(iter(instead))}"


def test_rows_in_another_order_and_which():
    document = page(SOFTMAX)
    order = [2, 0, 1, 4, 3]
    parts = document["iteration"]["1"]
    for part in ("synaptic_inputs", "outputs", "predicted", "delta"):
        parts[part] = [parts[part][p] for p in order]
    marks = check(SOFTMAX, document)
    assert names(marks) == ["patterns-reordered"]
    assert "3, 1, 2, 5, 4" in marks.mistakes[0].why


def test_slips_of_the_pen_name_the_figure():
    right = page(TANH, 2)
    delta = right["iteration"]["1"]["delta"]
    lines = [(p, k) for p in range(5) for k in range(3) if abs(delta[p][k]) > 0.1]
    p, k = lines[0]
    marks = check(TANH, altered(right, "delta", (p, k), -delta[p][k]))
    assert names(marks) == ["sign-lost"]
    assert lost(marks) == {("delta", p + 1, k + 1)}
    # 0.52 - 0.2 dJ/dw: written 1.23 or so; its last two digits change places.
    weights = right["iteration"]["1"]["weights"]
    n, k = next((n, k) for n in range(2) for k in range(3) if f"{weights[n][k]:.2f}"[-2] != f"{weights[n][k]:.2f}"[-1])
    text = f"{weights[n][k]:.2f}"
    marks = check(TANH, altered(right, "weights", (n, k), float(text[:-2] + text[-1] + text[-2])))
    assert names(marks) == ["digits-swapped"]
    assert text in marks.mistakes[0].why


def test_a_late_iteration_is_worked_from_near():
    """Iteration 61, from the layer that 60 updates reach: the mistake is made there, not from the first update on."""
    there = dr.train(SOFTMAX.layer, SOFTMAX.X, SOFTMAX.targets, dr.Descent(learning_rate=0.1, epochs=60)).layer
    descent = {"inputs": POINTS, "targets": ["A", "B", "C", "A", "B"], "epochs": 100}
    problem = drawn("softmax", WEIGHTS, BIASES, **descent)
    late = drawn("softmax", there.weights.tolist(), there.biases.tolist(), **descent)
    for instead, name in (
        ({}, []),
        ({"delta": lambda s: (s.outputs - s.D) / 5}, ["mean-for-sum"]),
        ({"biases": lambda s: s.b}, ["biases-not-updated"]),
    ):
        worked = page(late, 4, **instead)["iteration"]["1"]
        marks = check(problem, {"decimals": 4, "iteration": {"61": worked}})
        assert (names(marks), marks.right) == (name, not name)


def test_two_mistakes_at_once_are_both_named():
    document = page(
        SOFTMAX, 3, cost=lambda s: costs(s) / np.log(2), weights=lambda s: s.W + s.a * s.weight_gradient,
        biases=lambda s: s.b + s.a * s.bias_gradient,
    )  # fmt: skip
    marks = check(SOFTMAX, document)
    assert (sorted(names(marks)), marks.alternatives) == (["ascent", "log-base-2"], False)


def test_two_mistakes_that_fit_equally_are_both_named():
    """A third of the cost, and nothing else written: the mean, or the cost of a pattern."""
    marks = check(LINE, {"iteration": {"1": {"cost": 6.92}}})
    assert {"mean-for-sum", "cost-per-pattern"} <= set(names(marks))
    assert marks.alternatives
    assert "Mistake: one of these" in str(marks)


def test_where_no_mistake_fits_the_marks_say_so():
    document = page(SOFTMAX)
    noise = np.random.default_rng(1).normal(0, 3, (5, 3))
    document["iteration"]["1"]["delta"] = rounded(noise, 2).tolist()
    marks = check(SOFTMAX, document)
    assert (marks.mistakes, marks.right) == ((), False)
    assert "None of the mistakes that were tried explains what is wrong." in str(marks)


def test_rows_for_columns_and_counting_from_zero():
    document = page(SOFTMAX)
    document["iteration"]["1"]["weights"] = np.transpose(document["iteration"]["1"]["weights"]).tolist()
    assert names(check(SOFTMAX, document)) == ["weights-transposed"]
    parts = page(SOFTMAX)["iteration"]["1"]
    predicted = ["ABC".index(label) for label in parts["predicted"]]
    assert 0 in predicted
    assert names(check(SOFTMAX, {"iteration": {"1": parts | {"predicted": predicted}}})) == ["counted-from-zero"]
    assert names(check(SOFTMAX, {"iteration": {"0": parts}})) == ["counted-from-zero"]
