"""Mistakes worked by hand are named, in an iteration and in what descent reaches; and the handout's own."""

from __future__ import annotations

from importlib.resources import as_file, files
from types import SimpleNamespace

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
from deltarule.problem import read_problem

# ---- Mistakes, worked by hand.


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
    # A learning rate of 1 or 0.01 may have been copied, too: then both are said.
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


def test_two_at_once_are_both_named():
    document = page(
        SOFTMAX, 3, cost=lambda s: costs(s) / np.log(2), weights=lambda s: s.W + s.a * s.weight_gradient,
        biases=lambda s: s.b + s.a * s.bias_gradient,
    )  # fmt: skip
    marks = check(SOFTMAX, document)
    assert (sorted(names(marks)), marks.alternatives) == (["ascent", "log-base-2"], False)


def test_two_that_fit_equally_are_both_said():
    """A third of the cost, and nothing else written: the mean, or the cost of a pattern."""
    marks = check(LINE, {"iteration": {"1": {"cost": 6.92}}})
    assert {"mean-for-sum", "cost-per-pattern"} <= set(names(marks))
    assert marks.alternatives
    assert "Mistake: one of these" in str(marks)


def test_nothing_fits_and_that_is_said():
    document = page(SOFTMAX)
    noise = np.random.default_rng(1).normal(0, 3, (5, 3))
    document["iteration"]["1"]["delta"] = rounded(noise, 2).tolist()
    marks = check(SOFTMAX, document)
    assert (marks.mistakes, marks.right) == ((), False)
    assert "No known mistake explains what is wrong." in str(marks)


def test_rows_for_columns_and_counting_from_zero():
    document = page(SOFTMAX)
    document["iteration"]["1"]["weights"] = np.transpose(document["iteration"]["1"]["weights"]).tolist()
    assert names(check(SOFTMAX, document)) == ["weights-transposed"]
    parts = page(SOFTMAX)["iteration"]["1"]
    predicted = ["ABC".index(label) for label in parts["predicted"]]
    assert 0 in predicted
    assert names(check(SOFTMAX, {"iteration": {"1": parts | {"predicted": predicted}}})) == ["counted-from-zero"]
    assert names(check(SOFTMAX, {"iteration": {"0": parts}})) == ["counted-from-zero"]


# ---- What is reached.

REACHED = drawn("softmax", WEIGHTS, BIASES, POINTS, ["A", "B", "C", "A", "B"], epochs=200)


@pytest.fixture(scope="module")
def reached():
    return dr.train(REACHED.layer, REACHED.X, REACHED.targets, REACHED.descent).layer


def test_weights_at_convergence_and_what_follows_from_them(reached):
    W, b = rounded(reached.weights, 2), rounded(reached.biases, 2)
    outputs = ACTIVATIONS["softmax"](REACHED.X @ reached.weights + reached.biases)
    convergence = {
        "updates": 200, "weights": W, "biases": b, "outputs": rounded(outputs, 2), "cost": float(rounded(costs(
            SimpleNamespace(kind="softmax", D=reached.encode(REACHED.targets), outputs=outputs)), 2)),
        "errors": 0, "predicted": ["A", "B", "C", "A", "B"],
    }  # fmt: skip
    assert check(REACHED, {"convergence": convergence}).right
    # With other weights: their outputs follow, and the weights alone are lost.
    other = ACTIVATIONS["softmax"](REACHED.X @ (W / 2) + b)
    marks = check(REACHED, {"convergence": {"weights": rounded(W / 2, 4), "biases": b, "outputs": rounded(other, 2)}})
    assert marks["convergence.outputs"].score == 1
    assert marks["convergence.weights"].score < 0.5
    assert {name for name, *_ in lost(marks)} == {"weights"}
    marks = check(REACHED, {"convergence": {"updates": 199}})
    assert (marks.right, marks.score) == (False, 0)


def test_updates_of_a_descent_that_stops_by_itself():
    stops = drawn("linear", [[0.5]], [0.0], [[1], [2], [3]], [2, 4, 7], 0.05, epochs=5000, tolerance=1e-6)
    updates = dr.train(stops.layer, stops.X, stops.targets, stops.descent).updates
    assert updates < 5000
    assert check(stops, {"convergence": {"updates": updates}}).right
    assert not check(stops, {"convergence": {"updates": 5000}}).right


@pytest.mark.parametrize("factor", [1, -1, 2.5, 0.1, -40])
def test_any_multiple_of_a_boundary_is_right(reached, factor):
    """u_A = u_B: (w_A - w_B) x + b_A - b_B = 0."""
    line = np.append(reached.weights[:, 0] - reached.weights[:, 1], reached.biases[0] - reached.biases[1])
    for pair in ("A-B", "B-A"):
        assert check(REACHED, {"boundaries": {pair: rounded(factor * line, 2)}}).right
    assert not check(REACHED, {"boundaries": {"A-C": rounded(factor * line, 2)}}).right
    bent = rounded(factor * line * [1, 1, -1], 2)
    assert check(REACHED, {"boundaries": {"A-B": bent}})["boundaries.A-B"].score < 1


@pytest.mark.parametrize("line", [[0, 0, 0], [0, 0, 0.01], [0.01, 0, 0], [0.01, 0.01, 0.01]])
def test_a_multiple_so_small_that_it_says_nothing_is_wrong(line):
    assert not check(REACHED, {"boundaries": {"A-B": line}}).right


def test_metrics(reached):
    cost = -np.log([reached.output(REACHED.X)[p, k] for p, k in enumerate([0, 1, 2, 0, 1])]).mean()
    metrics = {"training_cost": round(cost, 4), "training_errors": 0, "training_accuracy": 1.0}
    assert check(REACHED, {"decimals": 4, "metrics": metrics}).right
    for name, value in (("training_cost", cost * 5), ("training_errors", 1), ("training_accuracy", 0.8)):
        assert not check(REACHED, {"decimals": 4, "metrics": {name: round(value, 4)}}).right, name


def test_mean_square_error_and_r2_by_their_definitions():
    run = dr.train(TANH.layer, TANH.X, TANH.targets, TANH.descent)
    Y, D = run.layer.output(TANH.X), np.array(TANH.targets)
    mse = ((D - Y) ** 2).mean(axis=0)
    r2 = 1 - ((D - Y) ** 2).sum(axis=0) / ((D - D.mean(axis=0)) ** 2).sum(axis=0)
    swapped = 1 - ((D - Y) ** 2).sum(axis=0) / ((Y - Y.mean(axis=0)) ** 2).sum(axis=0)
    assert check(
        TANH, {"decimals": 3, "metrics": {"training_mse": rounded(mse, 3), "training_r2": rounded(r2, 3)}}
    ).right
    marks = check(TANH, {"decimals": 3, "metrics": {"training_r2": rounded(swapped, 3)}})
    assert (marks.right, names(marks)) == (False, ["r2-swapped"])


# ---- The handout's own answers.


@pytest.mark.parametrize(
    ("answer", "problem", "found"),
    [
        ("question_1", "question_1", {"start-rounded", "patterns-reordered"}),
        ("question_2_autograd", "question_2", {"r2-swapped"}),
        ("question_2_direct", "question_2", {"r2-swapped"}),
        ("question_3", "question_3", {"softmax-twice", "cost-per-batch"}),
    ],
)
def test_what_is_found_in_the_handout(answer, problem, found):
    with as_file(files("deltarule.tutorial")) as folder:
        marks = check(read_problem(folder / "problems" / f"{problem}.toml"), folder / "answers" / f"{answer}.toml")
    assert marks.faults == {}
    assert set(names(marks)) - {"other-start"} == found
