"""What the page starts from: a problem as the plain values that its JavaScript takes (`scripts/state.js` checks them again)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from deltarule.checks import whole
from deltarule.conventions import HOUSE
from deltarule.errors import InputError
from deltarule.layers import (
    AdalineLayer,
    Layer,
    LinearLayer,
    LogisticLayer,
    PerceptronLayer,
    RosenblattLayer,
    SoftmaxLayer,
)
from deltarule.layers.kinds import row_of
from deltarule.printable import printable
from deltarule.problem import Problem
from deltarule.typeset.words import counted

# What the page draws well, and what a link holds.
MOST_PATTERNS, MOST_INPUTS, MOST_NEURONS = 2000, 16, 8
# Updates, as far as `deltarule work` goes.
MOST_UPDATES = 100_000
# Letters of a name or a label, and the largest number, since a page of such numbers says nothing.
LONGEST_NAME, LARGEST = 40, 1e12
# The largest whole number that JavaScript holds.
LARGEST_SEED = 2**53 - 1

# The word for each kind of layer in `scripts/layers.js`; "": its activation.
WORDS: dict[type[Layer], str] = {
    LinearLayer: "linear",
    AdalineLayer: "adaline",
    PerceptronLayer: "",
    RosenblattLayer: "",
    LogisticLayer: "logistic",
    SoftmaxLayer: "softmax",
}


def kind_of(layer: Layer) -> str:
    """The word of the page for the kind of a layer: softmax, logistic, sigmoid, tanh, step, sign, linear or adaline.

    Raises
    ------
    InputError
        If the page has no formulas for it: a user's own kind.
    """
    word = row_of(WORDS, layer)
    if word is None:
        raise InputError(
            "layer of the playground",
            f"be of a kind that it has formulas for ({', '.join(kind.__name__ for kind in WORDS)})",
            f"a {type(layer).__name__}",
            "Train it with deltarule.train.",
        )
    return word or str(layer.own_fields()["activation"])


def state_of(problem: Problem) -> dict[str, Any]:
    """A problem as the page takes it: plain numbers, lists and texts, in the house's conventions.

    Inputs and targets are those that are trained on, scaled as the problem asks for. Targets of a layer with classes are the places
    of the classes, from 0; others are rows of desired outputs.

    Raises
    ------
    InputError
        If the problem is larger than the page shows, or its layer is of a kind without formulas there.

    Examples
    --------
    >>> from deltarule.problem import problem_from
    >>> problem = problem_from({
    ...     "title": "Two",
    ...     "layer": {"kind": "softmax", "weights": [[1.0, 0.0]]},
    ...     "data": {"inputs": [[1], [2]], "targets": ["no", "yes"]},
    ...     "descent": {"learning_rate": 0.1, "epochs": 10},
    ... })
    >>> state = state_of(problem)
    >>> state["kind"], state["classes"], state["targets"]
    ('softmax', ['no', 'yes'], [0, 1])
    """
    layer, descent = problem.layer, problem.descent
    kind = kind_of(layer)
    updates = descent.epochs * descent.updates_per_epoch(len(problem.X))
    for name, got, most, remedy in (
        ("number of patterns", len(problem.X), MOST_PATTERNS, "Choose some of them."),
        ("number of inputs", layer.inputs, MOST_INPUTS, "Choose some of the columns."),
        ("number of neurons", layer.neurons, MOST_NEURONS, "Choose some of the classes or target columns."),
        ("number of updates", updates, MOST_UPDATES, "Give fewer epochs, or larger batches."),
    ):
        if got > most:
            raise InputError(f"{name} in the playground", f"be at most {most:,}", f"{got:,}", remedy)
    D = problem.patterns.D
    _check_numbers(problem)
    classes = None if layer.classes is None else _names(layer.classes)
    if layer.classes is None:
        targets = D.tolist()
    elif layer.neurons == 1:
        no = layer.encode([layer.classes[0]])[0, 0]
        targets = (D[:, 0] != no).astype(int).tolist()
    else:
        targets = D.argmax(axis=1).tolist()
    return {
        "title": problem.title,
        "kind": kind,
        "classes": classes,
        "input_names": _names(problem.input_names),
        "target_names": None if classes else _names(problem.target_names),
        "inputs": problem.X.tolist(),
        "targets": targets,
        "weights": layer.weights.tolist(),
        "biases": layer.biases.tolist() if layer.has_biases else None,
        "descent": _descent(problem),
        "decimals": problem.decimals,
        "updates": 0,
    }


def _descent(problem: Problem) -> dict[str, Any]:
    """The settings of the descent that the page has."""
    names = (
        *("learning_rate", "epochs", "batch_size", "reduction", "weight_decay", "decay_biases"),
        *("momentum", "nesterov", "schedule", "seed", "order"),
    )
    settings = problem.descent.to_dict()
    return {name: settings[name] for name in names}


def notes(problem: Problem) -> tuple[str, ...]:
    """What the page has not of a problem, as sentences without full stops.

    Examples
    --------
    >>> from deltarule.playground.presets import question
    >>> notes(question(2))
    ('The page shows the 15 training patterns, scaled; the 5 test patterns are not on it',)
    """
    descent, said = problem.descent, []
    if problem.test is not None:
        scaled = ", scaled" if problem.input_scaling or problem.target_scaling else ""
        said.append(
            f"The page shows the {counted(len(problem.X), 'training pattern')}{scaled}; "
            f"the {counted(len(problem.test[0]), 'test pattern')} are not on it"
        )
    if problem.conventions != HOUSE.of_layer(problem.layer):
        said.append(
            "The page writes delta, weights and biases in deltarule's own conventions, not in those of the problem"
        )
    if descent.tolerance is not None or descent.patience is not None:
        said.append("The page runs all epochs: it stops neither by tolerance nor by patience")
    if problem.layer.dtype != np.float64:
        said.append("The page computes in float64")
    return tuple(said)


def _check_numbers(problem: Problem) -> None:
    """An `InputError` where a number is larger than the page takes."""
    layer, descent = problem.layer, problem.descent
    numbers = {
        "inputs": problem.X,
        "targets": problem.patterns.D,
        "weights": layer.weights,
        "biases": layer.biases,
        "learning rate": descent.learning_rate,
        "weight decay": descent.weight_decay,
        "schedule": [value for value in descent.schedule.to_dict().values() if isinstance(value, int | float)] or 0.0,
    }
    for name, values in numbers.items():
        largest = float(np.abs(np.asarray(values, dtype=np.float64)).max())
        if largest > LARGEST:
            raise InputError(
                f"{name} in the playground",
                f"be at most {LARGEST:g}",
                f"{largest}",
                "Scale the data, or choose another problem.",
            )
    whole(
        "seed in the playground",
        problem.to_dict()["descent"].get("seed", 0),
        0,
        "Give a smaller one.",
        maximum=LARGEST_SEED,
    )


def _names(names: Sequence[object]) -> list[str]:
    """Names on one line each, short enough, and told apart by a number in front where they would read the same."""
    short = [_short(printable(str(name))) for name in names]
    return (
        short if len(set(short)) == len(short) else [_short(f"{place} {name}") for place, name in enumerate(short, 1)]
    )


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_NAME else text[: LONGEST_NAME - 1] + "…"
