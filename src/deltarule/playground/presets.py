"""The problems that the page offers: the handout's questions, Iris by two inputs, and small sets that teach one thing each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deltarule.datasets import load
from deltarule.problem import Problem, problem_from, read_problem

Patterns = tuple[NDArray[Any], list[str]]

CORNERS = ((0, 0), (0, 1), (1, 0), (1, 1))


def presets() -> dict[str, Problem]:
    """The problems by the names that `scripts/words.js` has words for, in the order in which they are offered."""
    return {
        **{f"question_{number}": question(number) for number in (1, 2, 3)},
        "iris_petals": _iris_petals(),
        "and": _gate("AND", lambda a, b: a and b),
        "or": _gate("OR", lambda a, b: a or b),
        "xor": _gate("XOR", lambda a, b: a != b),
        "moons": _drawn("Two moons", _moons()),
        "circles": _drawn("Two circles", _circles()),
        "spiral": _drawn("Three arms of a spiral", _spiral()),
        "line": _line(),
    }


def question(number: int) -> Problem:
    """The problem of one of the handout's questions, by its `number`: 1, 2 or 3."""
    with resources.as_file(resources.files("deltarule.tutorial") / "problems" / f"question_{number}.toml") as path:
        return read_problem(path)


def _iris_petals() -> Problem:
    """All 150 flowers by two of their four measurements."""
    iris = load("iris")
    problem = problem_from({
        "title": "Iris by its petals",
        "layer": {"kind": "softmax", "init": {"seed": 0}},
        "data": {"inputs": iris.inputs[:, 2:].tolist(), "targets": iris.targets.tolist()},
        "descent": {"learning_rate": 0.1, "epochs": 1000, "reduction": "mean"},
    })  # fmt: skip
    return replace(problem, input_names=iris.input_names[2:])


def _gate(name: str, answer: Callable[[int, int], Any]) -> Problem:
    """A truth table, learnt by Rosenblatt's perceptron (XOR by a softmax layer, since no perceptron learns it)."""
    targets = ["yes" if answer(a, b) else "no" for a, b in CORNERS]
    layer: dict[str, Any] = {"kind": "perceptron", "activation": "step", "weights": [[0.5], [-0.5]], "biases": [0.0]}
    descent: dict[str, Any] = {"learning_rate": 0.5, "epochs": 50, "batch_size": 1, "order": "given"}
    if name == "XOR":
        layer = {"kind": "softmax", "init": {"seed": 1}}
        descent = {"learning_rate": 0.5, "epochs": 500}
    return problem_from({
        "title": f"{name}, a truth table",
        "layer": layer,
        "data": {"inputs": [list(corner) for corner in CORNERS], "targets": targets},
        "descent": descent,
    })  # fmt: skip


def _drawn(title: str, patterns: Patterns) -> Problem:
    """A softmax layer on patterns that it cannot tell apart, rounded to two decimals so that they are read easily."""
    X, targets = patterns
    return problem_from({
        "title": title,
        "layer": {"kind": "softmax", "init": {"seed": 0}},
        "data": {"inputs": X.round(2).tolist(), "targets": targets},
        "descent": {"learning_rate": 0.5, "epochs": 500, "reduction": "mean"},
    })  # fmt: skip


def _moons() -> Patterns:
    rng = np.random.default_rng(0)
    angle = np.linspace(0, np.pi, 30)
    upper = np.column_stack([np.cos(angle), np.sin(angle)])
    X = np.vstack([upper, np.array([1.0, 0.5]) - upper]) + rng.normal(0, 0.12, (60, 2))
    return X, ["A"] * 30 + ["B"] * 30


def _circles() -> Patterns:
    rng = np.random.default_rng(0)
    angle = np.linspace(0, 2 * np.pi, 30, endpoint=False)
    circle = np.column_stack([np.cos(angle), np.sin(angle)])
    return np.vstack([0.8 * circle, 2 * circle]) + rng.normal(0, 0.15, (60, 2)), ["inner"] * 30 + ["outer"] * 30


def _spiral() -> Patterns:
    rng = np.random.default_rng(0)
    radius = np.linspace(0.2, 2, 25)
    turns = [2 * radius + 2 * np.pi * arm / 3 for arm in range(3)]
    arms = [np.column_stack([radius * np.cos(turn), radius * np.sin(turn)]) for turn in turns]
    return np.vstack(arms) + rng.normal(0, 0.06, (75, 2)), [label for label in "ABC" for _ in radius]


def _line() -> Problem:
    """One input and one linear neuron: the descent goes to the line of least squares."""
    X = [[0], [1], [2], [3], [4], [5]]
    return problem_from({
        "title": "A straight line",
        "layer": {"kind": "linear", "weights": [[0.0]], "biases": [0.0]},
        "data": {"inputs": X, "targets": [1.2, 1.4, 2.3, 2.2, 3.4, 3.3]},
        "descent": {"learning_rate": 0.02, "epochs": 200},
    })  # fmt: skip
