"""Problem files as tests of them use them: small ones, changed ones, the handout's, and the error of a wrong one."""

from importlib import resources

import pytest

from deltarule.errors import ProblemError
from deltarule.problem import problem_from, read_problem

QUESTIONS = resources.files("deltarule.tutorial") / "problems"


def document(layer=None, data=None, descent=None, **rest):
    """A small document: two patterns of two classes and two inputs, with some tables replaced."""
    return {
        "title": "Two",
        "layer": layer or {"kind": "softmax", "weights": [[1, 0], [0, 1]]},
        "data": data or {"inputs": [[0, 1], [2, 3]], "targets": ["b", "a"]},
        "descent": descent or {"learning_rate": 0.5, "epochs": 3},
        **rest,
    }


def changed(name, **keys):
    """The small document with some keys of a table set."""
    made = document()
    made[name] = made[name] | keys
    return made


def numbers_problem(kind="linear", **keys):
    return document(
        layer={"kind": kind, "weights": [[0.5]]},
        data={"inputs": [[1], [2], [3], [4]], "targets": [1, 2, 3, 5.5], **keys},
    )


def four_patterns(targets=("A", "B", "C", "A"), kind="softmax", columns=3, **tables):
    """A problem of four patterns of two inputs, with some keys of its tables replaced."""
    weights = [[0.5, -0.2, 0.1], [0.3, 0.4, -0.6]]
    made = {
        "title": "Four patterns",
        "layer": {"kind": kind, "weights": [row[:columns] for row in weights], "biases": [0.1, 0.0, -0.1][:columns]},
        "data": {"inputs": [[0, 4], [-1, 3], [2, 1], [1, -2]], "targets": list(targets)},
        "descent": {"learning_rate": 0.1, "epochs": 5},
        "show": {"decimals": 2},
    }
    for name, values in tables.items():
        made[name] = made[name] | values
    return problem_from(made)


def error(made, folder="."):
    with pytest.raises(ProblemError) as caught:
        problem_from(made, folder)
    return caught.value


def question(number):
    with resources.as_file(QUESTIONS / f"question_{number}.toml") as path:
        return read_problem(path)


UNTITLED = """\
[layer]
kind = "softmax"
weights = [[1, 0], [0, 1]]
[data]
inputs = [[0, 1], [2, 3]]
targets = ["b", "a"]
[descent]
learning_rate = 0.5
epochs = 3
"""
GOOD = f'title = "Two"\n{UNTITLED}'
