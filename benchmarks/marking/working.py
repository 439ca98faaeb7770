"""One iteration, ingredient by ingredient: what a student computes, in order, each ingredient a function that can be exchanged.

`RIGHT` holds the right functions. A slip puts others in the places of some. Formulas: U = X W + b; Y = f(U);
delta = dJ/dU; W <- W - a (X^T delta + L W); b <- b - a 1^T delta. As a mean the cost is divided by the patterns (softmax), or
by patterns and neurons (logistic, and the squared error, which has no 1/2 then).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import SimpleNamespace
from typing import Any

import numpy as np

from benchmarks.marking.exercises import Array, Exercise
from benchmarks.marking.rounding import EXACT, Style


class Sheet(SimpleNamespace):
    """What stands on a student's sheet for one iteration: `task`, `number`, `start`, `before`, `r`, `luck`, and the ingredients.

    task : the Exercise. number : of the iteration, from 1. start : W and b as the iteration begins. before : the earlier
    sheets. r : the style of rounding. luck : a number by which a slip in one entry chooses the entry, and a tie is broken.
    """


Ingredient = Callable[[Sheet], Any]
Choices = Mapping[str, Ingredient]


# ---- The right ingredients.


def _output(s: Sheet) -> Array:
    return activated(s.task.activation, s.U, s.r)


def activated(name: str, U: Array, r: Style = EXACT) -> Array:
    """f(U) by the name of f."""
    if name == "identity":
        return U
    if name == "softmax":
        E = r("exponential", np.exp(U))
        Y = E / E.sum(1, keepdims=True)
    elif name == "tanh":
        E, F = r("exponential", np.exp(U)), r("exponential", np.exp(-U))
        Y = (E - F) / (E + F)
    else:
        Y = 1 / (1 + r("exponential", np.exp(-U)))
    return np.asarray(r("output", r("step", Y)))


def sloped(name: str, Y: Array) -> Array:
    """f'(U) by the name of f, from Y = f(U)."""
    return {"identity": np.ones_like(Y), "tanh": 1 - Y**2}.get(name, Y * (1 - Y))


def decided(task: Exercise, Y: Array, luck: int = 0) -> Array:
    """The places of the predicted classes, or a row of 0 and 1 a pattern; a tie is broken either way."""
    if task.labels and Y.shape[1] > 1:
        return np.asarray(Y.shape[1] - 1 - Y[:, ::-1].argmax(1) if luck % 2 else Y.argmax(1), float)
    yes = Y >= 0.5 if luck % 2 else Y > 0.5
    return np.asarray(yes[:, 0] if task.labels else yes, float)


def true_classes(s: Sheet) -> Array:
    """The right predictions, as `decided` gives them."""
    return decided(s.task, s.D)


def wrongly(predicted: Array, true: Array) -> Array:
    """Whether each pattern is predicted wrongly."""
    return np.asarray((predicted != true).reshape(len(true), -1).any(1))


def _terms(s: Sheet) -> Array:
    """What each pattern, and where there are several also each neuron, adds to the cost before the factor."""
    if s.task.squared:
        return np.asarray(s.r("term", (s.Y - s.D) ** 2))
    if s.task.kind == "softmax":
        return np.asarray(s.r("term", -np.log((s.Y * s.D).sum(1))))
    return np.asarray(s.r("term", -(s.D * np.log(s.Y) + (1 - s.D) * np.log(1 - s.Y))))


def entries(s: Sheet) -> int:
    """What a mean divides by: the patterns of the batch, and but for softmax the neurons too."""
    return len(s.X) * (1 if s.task.kind == "softmax" else s.D.shape[1])


RIGHT: dict[str, Ingredient] = {
    "rows": lambda s: s.task.batches[s.number - 1],
    "X": lambda s: s.task.X[s.rows],
    "D": lambda s: s.task.D[s.rows],
    "W": lambda s: s.start[0],
    "b": lambda s: s.start[1],
    "products": lambda s: s.r("product", s.X[:, :, None] * s.W[None]),
    "U": lambda s: s.r("step", s.products.sum(1) + s.b),
    "Y": _output,
    "predicted": lambda s: decided(s.task, s.Y, s.luck),
    "errors": lambda s: int(wrongly(s.predicted, true_classes(s)).sum()),
    "terms": _terms,
    "cost_factor": lambda s: 1 / entries(s) if s.task.mean else 0.5 if s.task.squared else 1.0,
    "cost_decay": lambda s: s.task.L / 2 * (s.W**2).sum(),
    "cost": lambda s: s.r("step", s.terms.sum() * s.cost_factor + s.cost_decay),
    "difference": lambda s: s.Y - s.D,
    "slope": lambda s: sloped(s.task.activation, s.Y) if s.task.squared else 1.0,
    "factor": lambda s: (2 if s.task.squared else 1) / entries(s) if s.task.mean else 1.0,
    "delta": lambda s: s.r("step", s.difference * s.slope * s.factor),
    "shares": lambda s: s.r("product", s.X[:, :, None] * s.delta[:, None]),
    "decay": lambda s: s.r("product", s.task.L * s.W),
    "gW": lambda s: s.r("step", s.shares.sum(0) + s.decay),
    "gb": lambda s: s.r("step", s.delta.sum(0)),
    "step_W": lambda s: s.r("product", s.task.a * s.gW),
    "step_b": lambda s: s.r("product", s.task.a * s.gb),
    "next_W": lambda s: s.r("step", s.W - s.step_W),
    "next_b": lambda s: s.r("step", s.b - s.step_b),
    "shown": lambda s: {},
}
# The parts of an answer, by the ingredient that each shows.
PARTS = {
    "synaptic_inputs": "U",
    "outputs": "Y",
    "predicted": "predicted",
    "errors": "errors",
    "cost": "cost",
    "delta": "delta",
    "weight_gradient": "gW",
    "bias_gradient": "gb",
    "weights": "next_W",
    "biases": "next_b",
}


# ---- Working.


def sheet(
    task: Exercise,
    number: int,
    start: tuple[Array, Array],
    before: list[Sheet],
    choices: Choices,
    r: Style = EXACT,
    luck: int = 0,
) -> Sheet:
    """One iteration. A choice "whole" works it in a way of its own, and has the sheet in the end."""
    s = Sheet(task=task, number=number, start=start, before=before, choices=choices, r=r, luck=luck)
    if "whole" in choices:
        return choices["whole"](s)  # type: ignore[no-any-return]
    return fill(s)


def fill(s: Sheet, without: Iterable[str] = (), **fixed: Any) -> Sheet:
    """Works the ingredients in order; those that are fixed are taken as they are, and some choices can be left out."""
    left_out = set(without) | {"whole"}
    for name, right in RIGHT.items():
        if name in fixed:
            setattr(s, name, fixed[name])
        elif name in s.choices and name not in left_out:
            setattr(s, name, s.choices[name](s))
        else:
            setattr(s, name, right(s))
    return s


def other(s: Sheet, **changed: Any) -> Sheet:
    """The same sheet with some of what stands on it changed."""
    return Sheet(**(vars(s) | changed))


def again(s: Sheet, without: Iterable[str] = (), **fixed: Any) -> Sheet:
    """The same iteration once more on a new sheet, with some ingredients fixed."""
    fresh = Sheet(task=s.task, number=s.number, start=s.start, before=s.before, choices=s.choices, r=s.r, luck=s.luck)
    return fill(fresh, without, **fixed)


# What looks ahead to the updated layer: left out where that is worked.
LOOKING_AHEAD = ("predicted", "errors", "cost", "cost_decay", "shown")


def ahead(s: Sheet) -> Sheet:
    """The patterns of the sheet through the layer that it updates."""
    full = again(s, LOOKING_AHEAD)
    return again(s, LOOKING_AHEAD, rows=s.rows, W=full.next_W, b=full.next_b)


def worked(
    task: Exercise, choices: Callable[[int], Choices], iterations: int, r: Style = EXACT, luck: int = 0
) -> list[Sheet]:
    """As many iterations, each from what the one before reached; `choices` are asked for each."""
    start, sheets = (task.W, task.b), list[Sheet]()
    with np.errstate(all="ignore"):
        for number in range(1, iterations + 1):
            sheets.append(sheet(task, number, start, sheets[:], choices(number), r, luck))
            start = (np.asarray(sheets[-1].next_W), np.asarray(sheets[-1].next_b))
    return sheets


def page(s: Sheet) -> dict[str, Any]:
    """What the sheet shows as parts of an answer, not yet rounded."""
    found: dict[str, Any] = {part: getattr(s, name) for part, name in PARTS.items()} | s.shown
    if s.task.squared:
        del found["predicted"], found["errors"]
    return found
