"""Marks of figures about the trained layer: weights, outputs, boundaries, metrics; and the handout's own answers."""

from __future__ import annotations

from importlib.resources import as_file, files
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.optimize import brentq

import deltarule as dr
from by_hand import (
    ACTIVATIONS,
    BIASES,
    POINTS,
    TANH,
    WEIGHTS,
    costs,
    drawn,
    lost,
    names,
    rounded,
)
from deltarule.marking import check
from deltarule.marking.rework.candidate_layers import COST, CandidateLayers
from deltarule.marking.rework.exercise import Exercise
from deltarule.problem import read_problem

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


ONE_PATTERN = drawn("linear", [[1.0]], [0.0], [[1.0]], [[0.0]], 1e-12, epochs=1)


@pytest.mark.parametrize(("off", "right"), [(0.02, True), (0.03, False)])
def test_a_mean_square_error_comes_from_outputs_that_were_rounded(off, right):
    """An output of 1, the target 0: the square has the deviation 2 x 0.005 / sqrt(3) = 0.0058, four of which are 0.023."""
    marks = check(ONE_PATTERN, {"decimals": 2, "metrics": {"training_mse": [round(1 + off, 2)]}})
    assert marks.right == right


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


# ---- Limits.


@pytest.mark.parametrize(("neurons", "found"), [(2, ["r2-swapped"]), (1, [])])
def test_without_weights_two_scores_are_needed_to_see_exchanged_arguments(neurons, found):
    """R2 from the answer's own mean square errors, with the spread of the predictions instead of the targets'."""
    targets = TANH.targets[:, :neurons].tolist()
    weights = [row[:neurons] for row in WEIGHTS]
    problem = drawn("perceptron", weights, BIASES[:neurons], POINTS, targets, 0.2, "tanh")
    D, Y = np.array(targets), 0.5 * np.array(targets) + 0.1
    mse = ((D - Y) ** 2).mean(axis=0)
    swapped = 1 - mse / Y.var(axis=0)
    metrics = {"training_mse": rounded(mse, 4), "training_r2": rounded(swapped, 4)}
    assert names(check(problem, {"decimals": 4, "metrics": metrics})) == found


@pytest.mark.parametrize("kind", ["right", "own"])
def test_outputs_in_another_order_are_named(kind, reached):
    outputs = ACTIVATIONS["softmax"](REACHED.X @ reached.weights + reached.biases)
    order = [1, 0, 2, 4, 3]
    convergence = {"outputs": rounded(outputs, 3)[order]}
    if kind == "own":
        convergence |= {"weights": rounded(reached.weights, 3), "biases": rounded(reached.biases, 3)}
    marks = check(REACHED, {"decimals": 3, "convergence": convergence})
    assert names(marks) == ["patterns-reordered"]
    assert "patterns 2, 1, 3, 5, 4" in marks.mistakes[0].why


def test_a_drawn_layer_may_be_another_draw():
    """Outputs between those of other draws keep their marks; outputs that no draw gives do not."""
    problem = dr.problem_from({
        "layer": {"kind": "softmax", "init": {"seed": 1}},
        "data": {"inputs": POINTS, "targets": ["A", "B", "C", "A", "B"]},
        "descent": {"learning_rate": 0.1, "epochs": 20},
    })  # fmt: skip
    other = dr.SoftmaxLayer.random(2, ["A", "B", "C"], seed=7)
    outputs = dr.train(other, problem.X, problem.targets, problem.descent).layer.output(problem.X)
    marks = check(problem, {"decimals": 3, "convergence": {"outputs": rounded(outputs, 3)}})
    assert (names(marks), marks.score) == (["other-start"], 1.0)
    far_off = check(problem, {"decimals": 3, "convergence": {"outputs": rounded(1 - outputs, 3)}})
    assert far_off.score < 0.5


def test_draws_that_would_take_too_long_are_not_tried():
    """40 draws, 2 million epochs, 5 patterns and 6 weights make 2.4 * 10^9 multiplications."""
    data = {"inputs": POINTS, "targets": ["A", "B", "C", "A", "B"]}
    long = dr.problem_from({
        "layer": {"kind": "softmax", "init": {"seed": 1}}, "data": data, "descent": {"learning_rate": 0.1, "epochs": 2_000_000},
    })  # fmt: skip
    assert CandidateLayers(Exercise.of(long), {}).from_other_draws == []


def test_of_a_descent_of_millions_of_updates_no_mistaken_ones_are_trained(monkeypatch):
    trained = []

    def train(layer, X, D, descent, **_):
        trained.append(descent)
        return SimpleNamespace(layer=layer, updates=1)

    monkeypatch.setattr("deltarule.training.train", train)
    for epochs, several in ((1_000_000, True), (1_000_001, False)):
        trained.clear()
        problem = drawn("linear", [[0.5], [0.25]], [0.1], [(1, 2), (3, 4)], [1.0, 2.0], epochs=epochs)
        marks = check(problem, {"convergence": {"weights": [[9.0], [8.0]]}})
        assert (len(trained) > 1) == several
        assert marks.score == 0.0


@pytest.mark.parametrize(("off", "follows"), [(0.03, True), (0.06, False)])
def test_outputs_follow_from_weights_as_far_as_their_rounding_spreads_them(off, follows):
    """Eight weights and a bias with two decimals: each has the deviation 0.005 / sqrt 3, the output three times that, 0.0087.

    Its own rounding apart, 0.03 is 3 deviations and rounding may well do it; 0.06 is 6 deviations, more than all nine halves.
    """
    problem = drawn("linear", [[0.3]] * 8, [0.1], np.ones((1, 8)).tolist(), [1.0])
    document = {"weights": [[0.6], [0.8]] * 4, "biases": [0.7], "outputs": [[round(8 * 0.7 + 0.7 + off, 2)]]}
    marks = check(problem, {"convergence": document})["convergence.outputs"]
    assert [entry.follows for entry in marks.entries] == [follows]


@pytest.mark.parametrize(
    ("share", "of", "possible"), [(0.92, min, True), (0.88, min, False), (1.08, max, True), (1.12, max, False)]
)
def test_weights_may_be_another_draws_where_their_cost_is_within_a_tenth_of_the_draws_costs(share, of, possible):
    """A layer of a draw with all weights times a factor, by which its cost is so much of the smallest or the largest."""
    problem = dr.problem_from({
        "layer": {"kind": "softmax", "init": {"seed": 1}},
        "data": {"inputs": POINTS, "targets": ["A", "B", "C", "A", "B"]},
        "descent": {"learning_rate": 0.1, "epochs": 20},
    })  # fmt: skip
    candidates = CandidateLayers(Exercise.of(problem), {})
    layer = of(candidates.from_other_draws, key=lambda each: candidates.figure(COST, each))

    def times(factor):
        return layer.with_parameters(factor * layer.weights, factor * layer.biases)

    aim = share * candidates.figure(COST, layer)
    factor = brentq(lambda factor: candidates.figure(COST, times(factor)) - aim, 0.1, 3.0)
    weights, biases = (rounded(each, 4) for each in (times(factor).weights, times(factor).biases))
    marks = check(problem, {"decimals": 4, "convergence": {"weights": weights.tolist(), "biases": biases.tolist()}})
    assert (names(marks) == ["other-start"], marks.score) == (possible, float(possible))


ORDER = [1, 0, 2, 4, 3]


@pytest.mark.parametrize(("wrong", "named"), [(0, True), (1, True), (2, False), (4, False)])
def test_more_than_nine_tenths_of_the_outputs_are_right_in_another_order(wrong, named, reached):
    """Of 15: one that is wrong leaves 93%, two leave 87%."""
    outputs = rounded(reached.output(REACHED.X), 3)[ORDER]
    outputs.flat[:wrong] += 0.3
    marks = check(REACHED, {"decimals": 3, "convergence": {"outputs": outputs}})
    assert names(marks) == ["patterns-reordered"] * named


@pytest.mark.parametrize(("low", "high", "named"), [(1.05, 1.45, True), (1.55, 1.95, False)])
def test_outputs_in_another_order_may_be_off_by_half_as_much_again_as_rounding_does(low, high, named, reached):
    """They are rounded to the other side where that is so many half units from the exact figure."""
    units = reached.output(REACHED.X) * 1e4
    other = np.floor(units) + (units % 1 < 0.5)
    some = (low < 2 * np.abs(other - units)) & (2 * np.abs(other - units) < high)
    assert some.sum() >= 2
    outputs = np.where(some, other, np.round(units)) / 1e4
    marks = check(REACHED, {"decimals": 4, "convergence": {"outputs": outputs[ORDER].round(4)}})
    assert names(marks) == ["patterns-reordered"] * named
