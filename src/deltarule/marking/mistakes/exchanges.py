"""Two inputs, or two neurons, that stand in each other's place."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np

from deltarule.marking.mistakes.mistake import Mistake, Variant
from deltarule.marking.mistakes.neighbours import START_WEIGHTS, row
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.ingredients import Change, Worksheet
from deltarule.parts import COLUMNS_OF_NEURONS, PartName

# Of so many inputs or neurons each pair is exchanged: of more, only neighbours are.
FEW = 6
START_BIASES = ("synaptic_inputs.biases", "biases.before")


def _pairs(count: int) -> Iterator[tuple[int, int]]:
    """Pairs of places that may be exchanged."""
    return iter(combinations(range(count), 2)) if count <= FEW else ((n, n + 1) for n in range(count - 1))


def _with_exchanged(value: Any, i: int, j: int) -> Any:
    """A copy in which the places i and j of the last axis are exchanged."""
    found = np.array(value)
    found[..., [i, j]] = found[..., [j, i]]
    return found


def _exchanged(i: int, j: int) -> Change:
    """The columns i and j exchanged."""
    return lambda _s, right: _with_exchanged(right, i, j)


def _exchanged_rows(i: int, j: int) -> Change:
    """The rows i and j exchanged."""

    def change(_s: Worksheet, right: Any) -> Any:
        return _with_exchanged(right.T, i, j).T

    return change


def _inputs_exchanged(exercise: Exercise) -> Iterator[Variant]:
    pairs = list(_pairs(exercise.layer.inputs))
    for i, j in pairs:
        price, detail = float(np.log(len(pairs))), f"inputs {i + 1} and {j + 1}"
        for places in ("inputs", "synaptic_inputs.inputs", "weight_gradient.inputs"):
            yield row({places: _exchanged(i, j)}, price=price, detail=detail)
        # In the weights before the update, from which the new ones are worked too.
        yield row(dict.fromkeys(START_WEIGHTS, _exchanged_rows(i, j)), price=price, detail=detail)


def _neurons_exchanged(exercise: Exercise) -> Iterator[Variant]:
    pairs = list(_pairs(exercise.layer.neurons))
    for i, j in pairs:
        price, change, which = float(np.log(len(pairs))), _exchanged(i, j), f"neurons {i + 1} and {j + 1}"
        weights, biases = (dict.fromkeys(start, change) for start in (START_WEIGHTS, START_BIASES))
        yield row(weights, price=price, detail=f"the weights of {which}")
        yield row(weights | biases, price=price, detail=which)
        for part, what in (("weight_gradient", "dJ/dW"), ("bias_gradient", "dJ/db")):
            yield row({f"{part}.delta": change}, price=price, detail=f"{which}, in {what}")
        if not exercise.classes:  # columns of classes stand in an order of classes: see `class_orders`
            yield Variant(as_written=_moved(i, j), price=price, detail=which)


def _moved(i: int, j: int) -> Any:
    """What is written where the columns i and j are exchanged."""

    def moved(name: PartName, value: Any) -> Any:
        of_neurons = name.part in COLUMNS_OF_NEURONS or (name.part == "predicted" and np.ndim(value) > 1)
        return _with_exchanged(value, i, j) if of_neurons else value

    return moved


MISTAKES = (
    Mistake(
        "inputs-exchanged",
        "Two inputs stand in each other's place.",
        "Look at which column of X belongs to which weight.",
        _inputs_exchanged,
    ),
    Mistake(
        "neurons-exchanged",
        "Two neurons stand in each other's place.",
        "Look at which column belongs to which neuron.",
        _neurons_exchanged,
    ),
)
