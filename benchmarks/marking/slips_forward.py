"""Slips from the synaptic inputs to the predictions."""

from __future__ import annotations

import numpy as np

from benchmarks.marking.exercises import Array
from benchmarks.marking.slip import (
    Condition,
    Slip,
    curved,
    entropy,
    every,
    hard,
    linear,
    several,
    sigmoid,
    softmax,
    squared,
    tanh,
    untied,
    yes_or_no,
)
from benchmarks.marking.working import RIGHT, Sheet, activated, ahead, decided, true_classes, wrongly


def _stepped(s: Sheet, Y: Array) -> Array:
    return np.asarray(s.r("step", Y))


def _power(s: Sheet, base: float, sign: float = 1.0) -> Array:
    return np.asarray(s.r("exponential", np.power(base, sign * s.U)))


def _shares(E: Array, axis: int = 1) -> Array:
    return np.asarray(E / E.sum(axis, keepdims=True))


def _other(s: Sheet) -> Array:
    return activated({"tanh": "sigmoid", "sigmoid": "tanh"}[s.task.activation], s.U, s.r)


def _count(wrong: Array) -> int:
    return int(np.asarray(wrong).sum())


def _as_matrix(predicted: Array) -> Array:
    return predicted.reshape(len(predicted), -1)


def _taken(what: str, name: str, where: Condition) -> Slip:
    """Another activation, by its name."""
    return Slip(what, {"Y": lambda s: activated(name, s.U, s.r)}, ("other-activation",), where=where)


def _twice(what: str, name: str, where: Condition, names: tuple[str, ...] = ("activation-twice",)) -> Slip:
    return Slip(what, {"Y": lambda s: activated(name, activated(name, s.U, s.r), s.r)}, names, where=where)


SLIPS = (
    # U.
    Slip("U without the biases", {"U": lambda s: s.r("step", s.products.sum(1))}, ("biases-left-out",)),
    Slip("biases subtracted in U", {"U": lambda s: s.r("step", s.products.sum(1) - s.b)}, ("biases-subtracted",)),
    Slip("biases added twice", {"U": lambda s: s.r("step", s.products.sum(1) + 2 * s.b)}, ("biases-twice",)),
    Slip(
        "the first bias for all neurons", {"U": lambda s: s.r("step", s.products.sum(1) + s.b[0])}, where=several("K")
    ),
    Slip(
        "the sum of the biases for all neurons",
        {"U": lambda s: s.r("step", s.products.sum(1) + s.b.sum())},
        where=several("K"),
    ),
    Slip(
        "the bias for the first pattern alone",
        {"U": lambda s: s.r("step", s.products.sum(1) + s.b * (np.arange(len(s.X)) == 0)[:, None])},
    ),
    Slip("U with the other sign", {"U": lambda s: s.r("step", -s.products.sum(1) - s.b)}),
    Slip(
        "the mean of the products for their sum",
        {"U": lambda s: s.r("step", s.products.mean(1) + s.b)},
        where=several("N"),
    ),
    Slip(
        "the last product left out of U",
        {"U": lambda s: s.r("step", s.products[:, :-1].sum(1) + s.b)},
        where=several("N"),
    ),
    Slip("inputs and weights added", {"U": lambda s: s.r("step", (s.X[:, :, None] + s.W[None]).sum(1) + s.b)}),
    Slip("inputs squared in U", {"products": lambda s: s.r("product", s.X[:, :, None] ** 2 * s.W[None])}),
    Slip("the bias times the first input", {"U": lambda s: s.r("step", s.products.sum(1) + s.X[:, :1] * s.b)}),
    # Y of sigmoid and tanh.
    Slip(
        "the sign of the exponent turned",
        {"Y": lambda s: _stepped(s, 1 / (1 + _power(s, np.e)))},
        ("exponent-sign-turned",),
        where=sigmoid,
    ),
    Slip("the activation left out", {"Y": lambda s: s.U}, ("activation-left-out",), where=curved),
    Slip("tanh for sigmoid, or sigmoid for tanh", {"Y": _other}, ("other-activation",), where=curved),
    Slip("a hard step for the activation", {"Y": hard}, ("hard-outputs",), where=every(curved, squared, untied)),
    Slip(
        "2^-u for e^-u", {"Y": lambda s: _stepped(s, 1 / (1 + _power(s, 2, -1)))}, ("exponent-base-2",), where=sigmoid
    ),
    Slip("10^-u for e^-u", {"Y": lambda s: _stepped(s, 1 / (1 + _power(s, 10, -1)))}, where=sigmoid),
    Slip("1/(1 - e^-u)", {"Y": lambda s: _stepped(s, 1 / (1 - _power(s, np.e, -1)))}, where=every(sigmoid, squared)),
    Slip(
        "1/e^-u, the 1 forgotten", {"Y": lambda s: _stepped(s, 1 / _power(s, np.e, -1))}, where=every(sigmoid, squared)
    ),
    Slip(
        "1 + e^-u, not inverted", {"Y": lambda s: _stepped(s, 1 + _power(s, np.e, -1))}, where=every(sigmoid, squared)
    ),
    _twice("the sigmoid applied twice", "sigmoid", sigmoid),
    _twice("tanh applied twice", "tanh", tanh),
    Slip("tanh of u/2", {"Y": lambda s: activated("tanh", s.U / 2, s.r)}, where=tanh),
    Slip(
        "tanh with the other sign", {"Y": lambda s: -activated("tanh", s.U, s.r)}, ("exponent-sign-turned",), where=tanh
    ),
    Slip("tanh turned over (coth)", {"Y": lambda s: 1 / activated("tanh", s.U, s.r)}, where=tanh),
    Slip(
        "e^u - e^-u without the division",
        {"Y": lambda s: _stepped(s, _power(s, np.e) - _power(s, np.e, -1))},
        where=tanh,
    ),
    Slip("the arc tangent for tanh", {"Y": lambda s: _stepped(s, np.arctan(s.U))}, where=tanh),
    Slip(
        "max(0, u) for the activation",
        {"Y": lambda s: np.maximum(s.U, 0)},
        ("other-activation",),
        where=every(curved, squared),
    ),
    Slip(
        "softmax over the neurons of a layer with a sigmoid each",
        {"Y": lambda s: _stepped(s, _shares(_power(s, np.e)))},
        ("other-activation",),
        where=every(sigmoid, several("K")),
    ),
    # Y of linear layers.
    _taken("a sigmoid in a linear layer", "sigmoid", linear),
    _taken("a tanh in a linear layer", "tanh", linear),
    Slip("a hard step in a linear layer", {"Y": hard}, ("hard-outputs",), where=linear),
    # Y of softmax.
    Slip(
        "e^u without the division",
        {"Y": lambda s: _stepped(s, _power(s, np.e))},
        ("softmax-not-normalised",),
        where=softmax,
    ),
    Slip(
        "softmax over the patterns",
        {"Y": lambda s: _stepped(s, _shares(_power(s, np.e), 0))},
        ("softmax-over-patterns",),
        where=softmax,
    ),
    _twice("softmax twice", "softmax", softmax, ("softmax-twice", "activation-twice")),
    _taken("a sigmoid for each softmax neuron", "sigmoid", softmax),
    Slip(
        "softmax of -U",
        {"Y": lambda s: _stepped(s, _shares(_power(s, np.e, -1)))},
        ("exponent-sign-turned",),
        where=softmax,
    ),
    Slip(
        "softmax with powers of 2",
        {"Y": lambda s: _stepped(s, _shares(_power(s, 2)))},
        ("exponent-base-2",),
        where=softmax,
    ),
    Slip(
        "softmax over all entries",
        {"Y": lambda s: _stepped(s, (E := _power(s, np.e)) / E.sum())},
        ("softmax-over-all",),
        where=softmax,
    ),
    Slip(
        "e^u over the other neurons' sum",
        {"Y": lambda s: _stepped(s, (E := _power(s, np.e)) / (E.sum(1, keepdims=True) - E))},
        where=softmax,
    ),
    Slip(
        "softmax with 1 more in the sum",
        {"Y": lambda s: _stepped(s, (E := _power(s, np.e)) / (1 + E.sum(1, keepdims=True)))},
        where=softmax,
    ),
    Slip(
        "e^u over the largest",
        {"Y": lambda s: _stepped(s, (E := _power(s, np.e)) / E.max(1, keepdims=True))},
        where=softmax,
    ),
    Slip(
        "softmax's first pattern's sum for all",
        {"Y": lambda s: _stepped(s, (E := _power(s, np.e)) / E[0].sum())},
        where=softmax,
    ),
    Slip(
        "softmax turned over: sum over e^u",
        {"Y": lambda s: _stepped(s, (E := _power(s, np.e)).sum(1, keepdims=True) / E)},
        where=softmax,
    ),
    Slip(
        "u over the sum of all u",
        {"Y": lambda s: _stepped(s, s.U / s.U.sum(1, keepdims=True))},
        ("exponential-left-out",),
        where=softmax,
    ),
    # Predictions.
    Slip(
        "every output above 0 a yes",
        {"predicted": lambda s: decided(s.task, np.ones_like(s.Y), s.luck)},
        ("threshold",),
        where=yes_or_no,
    ),
    Slip(
        "a yes where U is above 1/2",
        {"predicted": lambda s: decided(s.task, np.asarray(s.U > 0.5, float), s.luck)},
        ("threshold",),
        where=yes_or_no,
    ),
    Slip(
        "the least output predicted",
        {"predicted": lambda s: decided(s.task, -s.Y if s.D.shape[1] > 1 and s.task.labels else 1 - s.Y, s.luck)},
        ("smallest-taken",),
        where=entropy,
    ),
    Slip("the true classes as predictions", {"predicted": true_classes}, where=entropy),
    Slip(
        "predictions of the updated layer",
        {"predicted": lambda s: decided(s.task, ahead(s).Y, s.luck)},
        ("predicted-after-update",),
        where=entropy,
    ),
    Slip(
        "patterns that are predicted correctly counted as errors",
        {"errors": lambda s: len(s.X) - RIGHT["errors"](s)},
        ("right-counted",),
        where=entropy,
    ),
    Slip(
        "wrong entries of the one-hot rows counted",
        {"errors": lambda s: 2 * RIGHT["errors"](s)},
        ("errors-per-neuron",),
        where=softmax,
    ),
    Slip(
        "wrong outputs counted, not patterns",
        {"errors": lambda s: _count(_as_matrix(s.predicted) != _as_matrix(true_classes(s)))},
        ("errors-per-neuron",),
        where=lambda task: task.classes and not task.labels,
    ),
    Slip(
        "errors of the updated layer",
        {"errors": lambda s: _count(wrongly(decided(s.task, ahead(s).Y, s.luck), true_classes(s)))},
        ("predicted-after-update",),
        where=entropy,
    ),
)
