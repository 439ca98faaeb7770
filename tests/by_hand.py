"""What a student works, from the formulas alone: an iteration as an answer's document, rightly or otherwise."""

from __future__ import annotations

import json
from types import SimpleNamespace

import numpy as np

from deltarule.problem import problem_from

PARTS = (
    *("synaptic_inputs", "outputs", "predicted", "errors", "cost", "delta"),
    *("weight_gradient", "bias_gradient", "weights", "biases"),
)
ACTIVATIONS = {
    "linear": lambda U: U,
    "sigmoid": lambda U: 1 / (1 + np.exp(-U)),
    "tanh": np.tanh,
    "softmax": lambda U: np.exp(U) / np.exp(U).sum(axis=1, keepdims=True),
}
SLOPES = {"linear": lambda Y: 1, "sigmoid": lambda Y: Y * (1 - Y), "tanh": lambda Y: 1 - Y**2}


def costs(s):
    if s.kind == "softmax":
        return -np.sum(s.D * np.log(s.outputs))
    if s.kind == "logistic":
        return -np.sum(s.D * np.log(s.outputs) + (1 - s.D) * np.log(1 - s.outputs))
    return np.sum((s.D - s.outputs) ** 2) / 2


FORMULAS = {
    "synaptic_inputs": lambda s: s.X @ s.W + s.b,
    "outputs": lambda s: ACTIVATIONS[s.activation](s.synaptic_inputs),
    "cost": costs,
    "delta": lambda s: (
        (s.outputs - s.D) * (SLOPES[s.activation](s.outputs) if s.kind in ("linear", "perceptron") else 1)
    ),
    "weight_gradient": lambda s: s.X.T @ s.delta,
    "bias_gradient": lambda s: s.delta.sum(axis=0),
    "weights": lambda s: s.W - s.a * s.weight_gradient,
    "biases": lambda s: s.b - s.a * s.bias_gradient,
}


def rounded(value, decimals):
    """Halves away from zero."""
    unit = 10.0**-decimals
    return np.round(np.sign(value) * np.floor(np.abs(value) / unit + 0.5 + 1e-9) * unit, decimals)


def page(problem, decimals=2, carried=None, **instead):
    """One iteration of full batch, cost a sum, as an answer's document: some parts worked otherwise, or carried on rounded."""
    s = SimpleNamespace(
        X=problem.X, D=problem.layer.encode(problem.targets), W=problem.layer.weights, b=problem.layer.biases,
        a=problem.descent.learning_rate, kind=problem.document["layer"]["kind"],
    )  # fmt: skip
    s.activation = {"logistic": "sigmoid", "perceptron": getattr(problem.layer, "activation", "")}.get(s.kind, s.kind)
    parts = {}
    for part, formula in FORMULAS.items():
        with np.errstate(divide="ignore", invalid="ignore"):  # the logarithm of an output that was rounded to 0
            value = instead.get(part, formula)(s)
            parts[part] = rounded(value, decimals)
        setattr(s, part, value if carried is None else rounded(value, carried))
    labels = getattr(problem.layer, "classes", None)
    if labels and problem.layer.neurons > 1:
        place = s.synaptic_inputs.argmax(axis=1)
        parts["predicted"] = [labels[k] for k in place]
        parts["errors"] = int(np.sum(place != s.D.argmax(axis=1)))
    parts = {part: np.asarray(parts[part]).tolist() for part in PARTS if part in parts}
    return {"decimals": decimals, "iteration": {"1": parts}}


def altered(document, part, place, value):
    """The document with one entry written otherwise."""
    again = json.loads(json.dumps(document))
    entries = again["iteration"]["1"][part]
    for at in place[:-1]:
        entries = entries[at]
    entries[place[-1]] = value
    return again


def drawn(kind, weights, biases, inputs, targets, rate=0.1, activation=None, **descent):
    layer = {"kind": kind, "weights": weights, "biases": biases} | ({"activation": activation} if activation else {})
    return problem_from({
        "title": "Drawn", "layer": layer, "data": {"inputs": inputs, "targets": targets},
        "descent": {"learning_rate": rate, "epochs": 4} | descent, "show": {"decimals": 2},
    })  # fmt: skip


# U = 0.5, 1, 1.5; delta = U - d = -1.5, -3, -5.5; cost = (2.25 + 9 + 30.25) / 2 = 20.75;
# dJ/dw = -1.5 - 6 - 16.5 = -24, dJ/db = -10; w = 0.5 + 0.1 * 24 = 2.9, b = 0 + 0.1 * 10 = 1.
LINE = drawn("linear", [[0.5]], [0.0], [[1], [2], [3]], [2, 4, 7])
LINE_RIGHT = {
    "synaptic_inputs": [0.5, 1, 1.5], "outputs": [0.5, 1, 1.5], "cost": 20.75, "delta": [-1.5, -3, -5.5],
    "weight_gradient": [-24], "bias_gradient": [-10], "weights": [2.9], "biases": [1],
}  # fmt: skip
POINTS = [[1.0, 2.0], [-1.5, 0.5], [2.0, -1.0], [0.5, 3.0], [-2.0, -1.5]]
WEIGHTS, BIASES = [[0.52, -0.31, 0.17], [-0.24, 0.43, 0.68]], [0.12, -0.21, 0.33]
SOFTMAX = drawn("softmax", WEIGHTS, BIASES, POINTS, ["A", "B", "C", "A", "B"])
TANH = drawn(
    "perceptron", WEIGHTS, BIASES, POINTS, rounded(np.sin(np.arange(15.0)).reshape(5, 3), 1).tolist(), 0.2, "tanh"
)


def names(marks):
    return [mistake.name for mistake in marks.mistakes]


def lost(marks):
    """The entries that cost a mark."""
    return {(part.part.split(".")[-1], *e.place) for part in marks for e in part.entries if not e.counts}


def line(**instead):
    return {"decimals": 2, "iteration": {"1": LINE_RIGHT | instead}}
