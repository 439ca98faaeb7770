"""Problems that are drawn: their conditions by formulas written out here, from the text of the problem alone."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import deltarule as dr
from deltarule.marking import check
from deltarule.problem import problem_text
from deltarule.setting import ProblemRequest, conditions, drawing, new_problem
from deltarule.setting.drawing import draw
from problem_by_hand import by_hand, separable
from samples import refused

REQUESTS = [
    {},
    {"patterns": 3},
    {"patterns": 12},
    {"patterns": 10, "separable": False},
    {"patterns": 5, "inputs": 1, "classes": 2},
    {"patterns": 6, "inputs": 1, "classes": 2, "separable": False},
    {"patterns": 6, "inputs": 4, "classes": 4},
    {"one_decimal": True},
    {"decimals": 4},
    {"decimals": 1, "patterns": 5},
    {"learning_rate": 0.03, "epochs": 1},
    {"kind": "logistic"},
    {"kind": "logistic", "classes": 2, "patterns": 10},
    {"kind": "logistic", "classes": 2, "patterns": 10, "separable": False, "one_decimal": True},
    {"kind": "logistic", "classes": 2, "patterns": 2},
    {"kind": "perceptron"},
    {"kind": "perceptron", "neurons": 1, "patterns": 12, "one_decimal": True},
    {"kind": "linear"},
    {"kind": "linear", "neurons": 3, "inputs": 3, "one_decimal": True, "decimals": 3},
    {"kind": "linear", "neurons": 1, "inputs": 1, "patterns": 3},
    {"kind": "perceptron", "neurons": 2, "inputs": 1, "patterns": 2},
]
SEEDS = range(5)


def assert_everything_shows(document, iterations, decimals):
    """Each part that can be forgotten moves some figure by a unit of the last decimal."""
    rate, unit = document["descent"]["learning_rate"], 10.0**-decimals
    W, b = np.array(document["layer"]["weights"]), np.array(document["layer"]["biases"])
    for figures in iterations:
        dW, db = figures["weight_gradient"], figures["bias_gradient"]
        contributions = {
            "cost": figures["cost"],
            "delta": figures["delta"],
            "weight gradient": dW,
            "bias gradient": db,
            "update of W": figures["weights"] - W,
            "update of b": figures["biases"] - b,
            "rate": W - dW - figures["weights"],
        }
        if b.any():
            contributions["b in U"] = b
        assert [name for name, values in contributions.items() if np.abs(values).max() < unit - 1e-9] == []
        W, b = figures["weights"], figures["biases"]
    patterns, neurons = iterations[0]["delta"].shape
    # What the mean is to the sum: 1/P (softmax), 1/(P K) (logistic) or 2/(P K) (squared error).
    assert patterns > 1
    assert document["layer"]["kind"] in ("softmax", "logistic") or patterns * neurons != 2
    assert rate != 1


def assert_meets_all(text, request):
    """The conditions promised, from the text of the problem alone."""
    document, X, D, found = by_hand(text)
    decimals, K = document["show"]["decimals"], D.shape[1]
    assert X.shape == (request.patterns, request.inputs)
    assert len({tuple(x) for x in X.tolist()}) == len(X)
    digits, largest = (1, 2.0) if request.one_decimal else (0, 4.0)
    assert (np.round(X, digits) == X).all()
    assert np.abs(X).max() <= largest
    for entries in (*document["layer"]["weights"], document["layer"]["biases"]):
        assert all(float(f"{entry:.2f}") == entry for entry in entries)
    for figures in found[:2]:
        for name, values in figures.items():
            units = np.abs(values) * 10**decimals
            assert (np.abs(units - np.floor(units) - 0.5) >= 0.02 - 1e-9).all(), name
    assert_everything_shows(document, found[:2], decimals)
    assert np.isfinite(found[2]["cost"])
    assert found[1]["cost"] < found[0]["cost"]
    if request.classes is None:
        return
    labels = document["data"]["targets"]
    assert sorted(set(labels)) == list("ABCDEF"[: request.classes])
    for figures in found[:2]:
        if K == 1:
            assert np.abs(figures["synaptic_inputs"]).min() >= 0.1 - 1e-9
        else:
            least, most = np.sort(figures["outputs"], axis=1)[:, -2:].T
            assert (most - least).min() >= 0.05 - 1e-9
    U = found[0]["synaptic_inputs"]
    wrong = (U[:, 0] > 0) != (D[:, 0] > 0) if K == 1 else U.argmax(axis=1) != D.argmax(axis=1)
    assert 0 < wrong.sum() < len(X)
    strict, some = separable(X, [sorted(set(labels)).index(label) for label in labels], request.classes)
    assert (strict, some) == ((True, True) if request.separable else (False, False))


@pytest.mark.slow
@pytest.mark.parametrize("options", REQUESTS, ids=str)
def test_problems_meet_the_conditions_by_formulas_written_out(options):
    for seed in SEEDS:
        problem = new_problem(**options, seed=seed)
        assert_meets_all(problem_text(problem), ProblemRequest(**options))
        assert conditions(problem, separable=ProblemRequest(**options).separable) == []


@st.composite
def requests(pick):
    """Requests of all kinds whose problems are found within a second or so."""
    kind = pick(st.sampled_from(["softmax", "logistic", "perceptron", "linear"]))
    options = {
        "kind": kind,
        "inputs": pick(st.integers(1, 4)),
        "one_decimal": pick(st.booleans()),
        "decimals": pick(st.integers(2, 4)),
        "seed": pick(st.integers(0, 10**6)),
    }
    if kind in ("softmax", "logistic"):
        options["classes"] = pick(st.integers(2, 3))
        options["patterns"] = pick(st.integers(options["classes"], 8))
    else:
        options["neurons"] = pick(st.integers(1, 3))
        options["patterns"] = pick(st.integers(3 if options["neurons"] == 1 else 2, 8))
    return options


@pytest.mark.slow
@settings(max_examples=150)
@given(requests())
def test_problems_of_any_kind_and_size_hide_nothing(options):
    request = ProblemRequest(**options)
    assert_meets_all(problem_text(draw(request)), request)


def forgetful(text, mistake):
    """The figures of iteration 1 worked by hand from a problem's text, with one part forgotten."""
    document, X, _, (figures, *_) = by_hand(text)
    rate = document["descent"]["learning_rate"]
    W, b = np.array(document["layer"]["weights"]), np.array(document["layer"]["biases"])
    dW, db = figures["weight_gradient"], figures["bias_gradient"]
    if mistake == "biases-not-updated":
        return figures | {"biases": b}
    if mistake == "rate-missing":
        return figures | {"weights": W - dW, "biases": b - db}
    assert mistake == "mean-for-sum"
    dW, db = dW / len(X), db / len(X)
    return figures | {
        "weight_gradient": dW,
        "bias_gradient": db,
        "weights": W - rate * dW,
        "biases": b - rate * db,
    }


@pytest.mark.parametrize("mistake", ["biases-not-updated", "rate-missing", "mean-for-sum"])
@pytest.mark.parametrize("kind", ["softmax", "logistic", "perceptron", "linear"])
def test_what_is_forgotten_is_named_when_the_answer_is_marked(kind, mistake):
    for seed in range(5):
        problem = new_problem(kind, seed=seed)
        figures = forgetful(problem_text(problem), mistake)
        answer = {name: np.round(values, 2) for name, values in figures.items() if name != "slopes"}
        marks = check(problem, {"decimals": 2, "iteration": {"1": answer}})
        assert [found.name for found in marks.mistakes][:1] == [mistake]


def test_a_problem_is_read_back_as_it_was_written(tmp_path):
    for kind in ("softmax", "logistic", "perceptron", "linear"):
        problem = new_problem(kind, seed=3)
        dr.write_problem(problem, tmp_path / "problem.toml")
        read = dr.read_problem(tmp_path / "problem.toml")
        np.testing.assert_array_equal(read.X, problem.X)
        np.testing.assert_array_equal(read.layer.weights, problem.layer.weights)
        assert read.targets.tolist() == problem.targets.tolist()
        assert read.descent == problem.descent
        assert read.layer.kind == kind


def test_the_seed_alone_decides():
    texts = [problem_text(new_problem(seed=seed)) for seed in (7, 7, np.random.default_rng(7), 8)]
    assert texts[0] == texts[1] == texts[2] != texts[3]


# What these requests gave when they were written down: the seed of an index makes its problem again in a year as well.
GIVEN = [
    (
        {"patterns": 5},
        [[0.02, 0.64, -0.5], [0.63, -0.27, -0.11]],
        [0.46, -0.13, 0.07],
        [[3, 4], [3, 2], [4, 3], [4, 4], [3, -3]],
        ["B", "A", "C", "C", "A"],
    ),
    (
        {"patterns": 6, "separable": False},
        [[0.02, 0.64, -0.5], [0.63, -0.27, -0.11]],
        [0.46, -0.13, 0.07],
        [[0, 3], [4, -4], [2, -1], [-4, 2], [4, -1], [1, -2]],
        ["C", "C", "B", "B", "A", "A"],
    ),
    (
        {"kind": "perceptron", "patterns": 4, "one_decimal": True},
        [[0.02, 0.64], [-0.5, 0.63]],
        [-0.27, -0.11],
        [[0.3, 0.7], [-0.4, 1.8], [1.4, 0.2], [1.2, 0.1]],
        [[0.4, 0.8], [0.4, 0.9], [0.4, 0.5], [0.6, 0.4]],
    ),
    (
        {"kind": "linear", "patterns": 4},
        [[0.02, 0.64], [-0.5, 0.63]],
        [-0.27, -0.11],
        [[1, 3], [3, 1], [-4, 4], [0, -4]],
        [[0, 2], [-1, 1], [3, 0], [0, 0]],
    ),
    (
        {"kind": "logistic", "classes": 2, "separable": False, "patterns": 6, "inputs": 1},
        [[0.58]],
        [0.61],
        [[-2], [-4], [4], [-3], [3], [2]],
        ["B", "B", "A", "A", "A", "A"],
    ),
]


@pytest.mark.parametrize(("options", "weights", "biases", "inputs", "targets"), GIVEN, ids=range(len(GIVEN)))
def test_a_seed_gives_the_problem_that_it_always_gave(options, weights, biases, inputs, targets):
    problem = new_problem(**options, seed=1)
    assert (problem.layer.weights.tolist(), problem.layer.biases.tolist()) == (weights, biases)
    assert (problem.X.tolist(), problem.targets.tolist()) == (inputs, targets)


@pytest.mark.parametrize("seed", [11, 235, 499], ids="seed {}".format)
def test_a_parameter_that_rounds_to_0_has_no_sign(seed):
    layer = new_problem("linear", patterns=3, inputs=1, neurons=1, seed=seed).layer
    parameters = np.append(layer.weights, layer.biases)
    assert (parameters == 0).any()
    assert not np.signbit(parameters[parameters == 0]).any()


def test_a_large_grid_is_not_looked_at_whole():
    # All points of 20 inputs of 9 values would be 10^19.
    problem = draw(ProblemRequest("linear", patterns=4, inputs=20, neurons=1, decimals=4))
    assert problem.X.shape == (4, 20)


@pytest.mark.slow
def test_classes_come_about_as_often():
    counts = [np.unique(new_problem(patterns=9, seed=seed).targets, return_counts=True)[1] for seed in range(20)]
    assert np.median(np.min(counts, axis=1)) >= 2


def test_targets_suit_the_kind():
    whole = new_problem("linear", seed=1).document["data"]
    assert all(isinstance(entry, int) for row in whole["targets"] + whole["inputs"] for entry in row)
    tenths = np.array(new_problem("linear", patterns=6, one_decimal=True, seed=1).document["data"]["targets"])
    assert (np.round(tenths, 1) == tenths).all()
    assert (np.round(tenths) != tenths).any()
    assert np.abs(tenths).max() < 10
    for seed in range(30):
        share = np.array(new_problem("perceptron", patterns=3, seed=seed).document["data"]["targets"])
        assert ((share >= 0.1) & (share <= 0.9) & (np.round(share, 1) == share)).all()


def test_the_rate_left_out_keeps_descent_going_down():
    # Below 2 over the largest second derivative of the cost, so that not only the second iteration is lower.
    for options in REQUESTS:
        problem = new_problem(**{**options, "learning_rate": None}, seed=1)
        descent = dr.Descent(problem.descent.learning_rate, 30)
        costs = dr.train(problem.layer, problem.X, problem.targets, descent, "direct").history.cost
        assert (np.diff(costs) < 1e-12).all()


@pytest.mark.parametrize(
    ("options", "why", "remedy"),
    [
        ({"decimals": 0}, "a part that can be forgotten did not show", "more decimals, or a larger learning rate"),
        ({"learning_rate": 1e-5}, "a part that can be forgotten did not show", "more decimals"),
        ({"learning_rate": 1e3}, "the cost did not fall", "smaller learning rate"),
        ({"learning_rate": 0.5, "kind": "linear"}, "the cost did not fall", "smaller learning rate"),
        ({"patterns": 30, "classes": 4, "inputs": 3}, "a figure was next to a half", "fewer patterns"),
        # Four points of three classes in five dimensions: a common point of their hulls would be a rare accident.
        ({"patterns": 4, "inputs": 5, "separable": False}, "did not overlap", "more patterns"),
        ({"inputs": 1, "patterns": 9, "classes": 6}, "too few points", "fewer patterns"),
    ],
    ids=str,
)
def test_what_is_not_found_is_given_up_with_a_remedy(options, why, remedy):
    with refused("request", "lead to a suitable problem within 1000 draws", why, remedy):
        draw(ProblemRequest(**options), layers=5)


@pytest.mark.slow
def test_a_condition_that_only_the_full_check_knows_is_not_reported_as_another_one(monkeypatch):
    monkeypatch.setattr(drawing, "conditions", lambda _problem: ["The title is too long."])
    with refused("request", "lead to", "another condition for hand-work was not met", "another seed"):
        draw(ProblemRequest("perceptron", patterns=3), layers=20)


def test_the_oracle_of_separability_is_right_itself():
    square = np.array(list(product([0.0, 1.0], repeat=2)))
    assert separable(square, [0, 0, 1, 1], 2) == (True, True)
    assert separable(square, [0, 1, 1, 0], 2) == (False, False)
    assert separable(np.array([[0.0], [1.0], [1.0], [2.0]]), [0, 0, 1, 1], 2) == (False, True)
