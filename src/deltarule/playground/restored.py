"""The way back: what the page holds, as a problem."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from deltarule.layers import AdalineLayer, LinearLayer, LogisticLayer, PerceptronLayer, RosenblattLayer, SoftmaxLayer
from deltarule.problem import Problem, problem_from
from deltarule.schedules import schedule_from

# The keys of [layer] for each word of the page.
WRITTEN: dict[str, dict[str, str]] = {
    "softmax": {"kind": SoftmaxLayer.kind},
    "logistic": {"kind": LogisticLayer.kind},
    "sigmoid": {"kind": PerceptronLayer.kind, "activation": "sigmoid"},
    "tanh": {"kind": PerceptronLayer.kind, "activation": "tanh"},
    "step": {"kind": RosenblattLayer.kind, "activation": "step"},
    "sign": {"kind": RosenblattLayer.kind, "activation": "sign"},
    "linear": {"kind": LinearLayer.kind},
    "adaline": {"kind": AdalineLayer.kind},
}
# These predict numbers: where the page has classes, their codes are the targets.
SLOPED = {"sigmoid": (0.0, 1.0), "tanh": (-1.0, 1.0)}


def problem_of(state: Mapping[str, Any]) -> Problem:
    """The problem that the page shows: the file that it saves, read.

    Parameters
    ----------
    state : plain values, as `state_of` gives them and the page sends them.

    Raises
    ------
    ProblemError
        If the values are no problem.

    Examples
    --------
    >>> from deltarule.playground.presets import question
    >>> from deltarule.playground.state import state_of
    >>> problem_of(state_of(question(1)) | {"decimals": 4})
    Problem('Question 1: three classes in the plane', softmax layer of 2 x 3, 18 training patterns)
    """
    kind, classes, targets = state["kind"], state["classes"], state["targets"]
    layer: dict[str, Any] = {
        **WRITTEN[kind],
        "weights": state["weights"],
        "biases": False if state["biases"] is None else state["biases"],
    }
    if classes is not None and kind in SLOPED:
        no, yes = SLOPED[kind]
        targets = [[yes if k == place else no for k in range(len(classes))] for place in targets]
    elif classes is not None:
        layer["classes"] = classes
        targets = [classes[place] for place in targets]
    problem = problem_from({
        "title": state["title"] or "Playground",
        "layer": layer,
        "data": {"inputs": state["inputs"], "targets": targets},
        "descent": {name: value for name, value in state["descent"].items() if value is not None},
        "show": {"decimals": state["decimals"]},
    })  # fmt: skip
    names = tuple(state["target_names"] or problem.target_names)
    return replace(problem, input_names=tuple(state["input_names"]), target_names=names)


def is_same(state: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two states hold the same problem, whatever is looked at, and whatever it is called.

    Parameters
    ----------
    state, other : as `problem_of` takes them.
    """
    names = (
        *("kind", "classes", "input_names", "target_names", "inputs", "targets"),
        *("weights", "biases", "decimals"),
    )
    return all(state[name] == other[name] for name in names) and _descent(state) == _descent(other)


def _descent(state: Mapping[str, Any]) -> dict[str, Any]:
    """The descent, in which what a schedule leaves out is filled in."""
    return {**state["descent"], "schedule": schedule_from(state["descent"]["schedule"])}
