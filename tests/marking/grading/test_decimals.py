"""Fewer decimals than the problem asks for are believed where figures show them, or tell right from wrong."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import deltarule as dr
from by_hand import BIASES, POINTS, WEIGHTS, names
from deltarule.marking import check, worked_answer

KINDS = {
    "linear": {"kind": "linear"},
    "sigmoid": {"kind": "perceptron", "activation": "sigmoid"},
    "tanh": {"kind": "perceptron", "activation": "tanh"},
    "logistic": {"kind": "logistic"},
    "softmax": {"kind": "softmax"},
}
WAYS: dict[str, dict[str, Any]] = {
    "sum": {},
    "mean": {"reduction": "mean"},
    "mini-batches": {"batch_size": 3, "seed": 1},
    "decay": {"weight_decay": 1e-4},
}
GRADIENTS = ("delta", "weight_gradient", "bias_gradient")


def near(kind, biases=BIASES, **descent):
    """A problem that asks for 4 decimals, whose outputs are its targets but for 0.0004 at most: its gradients print as 0.00."""
    X, W, b = np.array(POINTS), np.array(WEIGHTS), np.array(biases)
    if kind in ("logistic", "softmax"):  # three patterns, each of which has U = 9 for its class and -9 for the others
        X, W = X[:3], np.linalg.solve(np.column_stack([X[:3], np.ones(3)]), 18 * np.eye(3) - 9)
        X, b = np.column_stack([X, np.ones(3)]), np.zeros(3)
        targets: list[Any] = ["A", "B", "C"]
    else:
        Y = (X @ W + b) if kind == "linear" else np.tanh(X @ W + b) if kind == "tanh" else 1 / (1 + np.exp(-X @ W - b))
        targets = (Y + 4e-4 * np.cos(np.arange(Y.size)).reshape(Y.shape)).tolist()
    layer = KINDS[kind] | {"weights": W.tolist(), "biases": b.tolist()}
    return dr.problem_from({
        "layer": layer, "data": {"inputs": X.tolist(), "targets": targets},
        "descent": {"learning_rate": 0.1, "epochs": 20} | descent, "show": {"decimals": 4},
    })  # fmt: skip


def answer(problem, *numbers, parts=()):
    """The right answer with 2 decimals, or some of its parts."""
    document = worked_answer(problem, numbers or (1,), decimals=2)
    pages = document["iteration"].items()
    chosen = {number: {part: page[part] for part in page if part in parts or not parts} for number, page in pages}
    return document | {"iteration": chosen}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", KINDS)
def test_gradients_that_print_as_0_are_rightly_0_beside_figures_that_were_worked(kind, way):
    problem = near(kind, **WAYS[way])
    for numbers, parts in [
        ((1,), ()),
        ((3,), ("outputs", *GRADIENTS)),
        ((1, 2, 3), ("synaptic_inputs", "weight_gradient")),
    ]:
        document = answer(problem, *numbers, parts=parts)
        assert not any(
            np.any(page[part]) for page in document["iteration"].values() for part in GRADIENTS if part in page
        )
        marks = check(problem, document)
        assert (marks.right, [each for each in names(marks) if each not in ("fewer-decimals", "rounded-carried")]) == (
            True,
            [],
        )


def test_zeros_are_no_right_delta_where_nothing_shows_work():
    """Zeros alone; beside outputs of one value; beside weights and biases that stay as they print; beside the problem's inputs."""
    problem = near("linear")
    page = answer(problem)["iteration"]["1"]
    assert (np.array(page["weights"]) == WEIGHTS).all()
    for beside in (
        {},
        {"outputs": np.full((5, 3), 0.5).tolist()},
        {"weights": page["weights"], "biases": page["biases"]},
        {"synaptic_inputs": np.resize(POINTS, (5, 3)).tolist()},
    ):
        marks = check(problem, {"decimals": 2, "iteration": {"1": {"delta": page["delta"]} | beside}})
        assert names(marks) == ["not-attempted"]
        assert all(entry.counts == (abs(entry.expected) < 5e-5) for entry in marks["iteration.1.delta"].entries)


def test_zeros_are_wrong_beside_worked_figures_where_the_right_ones_do_not_print_as_0():
    """The targets are 0.3 off: delta is not 0.00."""
    problem = near("linear")
    data = problem.document["data"] | {"targets": (np.array(problem.document["data"]["targets"]) + 0.3).tolist()}
    off = dr.problem_from(problem.document | {"data": data})
    zeros = answer(problem, parts=("synaptic_inputs", "outputs", *GRADIENTS))
    marks = check(off, zeros)
    assert marks["iteration.1.synaptic_inputs"].verdict == "right"
    for part in GRADIENTS:
        entries = marks[f"iteration.1.{part}"].entries
        assert not any(entry.counts for entry in entries if abs(entry.expected) > 0.005)


@pytest.mark.parametrize(("cost", "believed"), [(1.5, True), (1.55, True), (1.56, False)])
def test_one_figure_shows_work_where_random_ones_are_as_near_in_15_of_100_answers_at_most(cost, believed):
    """The cost is 1.5, of a range of 1.5, and one part of two: a share of 0.075 of the range is 0.05625 on either side.

    U = 10 x and d = 10.001: the cost is that of the decay, 0.03 / 2 times 10^2, and delta -0.001.
    """
    problem = dr.problem_from({
        "layer": {"kind": "linear", "weights": [[10.0]], "biases": [0.0]}, "data": {"inputs": [[1.0]], "targets": [10.001]},
        "descent": {"learning_rate": 0.1, "epochs": 1, "weight_decay": 0.03}, "show": {"decimals": 4},
    })  # fmt: skip
    marks = check(problem, {"decimals": 2, "iteration": {"1": {"cost": cost, "delta": [[0.0]]}}})
    assert (marks["iteration.1.delta"].verdict == "right") == believed
