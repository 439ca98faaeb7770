"""Mistakes on the way from inputs to outputs: synaptic inputs and activations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from scipy.special import expit

from deltarule.marking.mistakes.conditions import (
    activated,
    all_of,
    linear,
    logistic,
    not_,
    perceptron_rule,
    predicts_classes,
    several_neurons,
    sigmoid,
    slope_in_delta,
    softmax,
    squared,
    tanh,
)
from deltarule.marking.mistakes.layer_kinds import kind_of
from deltarule.marking.mistakes.mistake import Mistake, Variant
from deltarule.marking.mistakes.neighbours import instead, nothing, ones, row, rows, times
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.ingredients import Change, Values, Worksheet

# Of so many inputs each is left out.
FEW_INPUTS = 6

Function = Callable[[Values], Values]


def activation(function: Function) -> Change:
    """Another function of the synaptic inputs."""
    return lambda _s, _right: function


def _normalised_exponentials(U: Values) -> Values:
    E = np.exp(U - U.max(axis=1, keepdims=True))
    found: Values = E / E.sum(axis=1, keepdims=True)
    return found


IDENTITY: Function = lambda U: U  # noqa: E731
# Activations that are taken for one another: the function, and its slope from the outputs.
OTHERS: dict[str, tuple[Function, Function]] = {
    "the sigmoid": (expit, lambda Y: Y * (1 - Y)),
    "tanh": (np.tanh, lambda Y: 1 - Y**2),
    "max(0, u)": (lambda U: np.maximum(U, 0), lambda Y: (Y > 0).astype(float)),
}


# Predictions from the synaptic inputs, where outputs are worked otherwise and would decide otherwise.
BY_INPUTS: dict[str, Change] = {
    "predicted.values": instead(lambda s: s.U),
    "predicted.threshold": instead(lambda _s: 0.0),
}


def _decided_in_both_ways(variants: Callable[[Exercise], Iterable[Variant]]) -> Callable[[Exercise], Iterable[Variant]]:
    """Each of the `variants`, whose outputs are not the right ones, with classes by these outputs, and by the synaptic inputs."""

    def both(exercise: Exercise) -> Iterator[Variant]:
        for variant in variants(exercise):
            yield variant
            if predicts_classes(exercise):
                yield replace(variant, changes={**variant.changes, **BY_INPUTS})

    return both


def _of_outputs(function: Function) -> Change:
    return lambda s, _right: function(s.Y)


def _other_activations(exercise: Exercise) -> Iterator[Variant]:
    """Layers of the same kind with another activation; other functions, with the slope that belongs to them or the layer's own."""
    layer = exercise.layer
    for other in kind_of(layer).with_other_activation(layer):
        detail = f"{'the ' if getattr(other, 'activation', '') == 'sigmoid' else ''}{getattr(other, 'activation', '')}"
        yield Variant(exercise=exercise.with_layer(other), detail=detail)
    own = (
        "tanh"
        if tanh(exercise)
        else ""
        if linear(exercise) or softmax(exercise) or perceptron_rule(exercise)
        else "the sigmoid"
    )
    for name, (function, slope) in OTHERS.items():
        if name != own:
            changes = {"outputs.activation": activation(function)}
            yield row(changes, detail=name)
            if squared(exercise):
                yield row({**changes, "delta.slope": _of_outputs(slope)}, detail=name)
    if activated(exercise) and not softmax(exercise) and several_neurons(exercise):
        yield row({"outputs.activation": activation(_normalised_exponentials)}, detail="softmax")
    if sigmoid(exercise) or logistic(exercise):
        yield row({"outputs.activation": activation(np.exp)}, detail="e^u")


def _without_input(n: int) -> Change:
    def change(_s: Worksheet, right: Any) -> Any:
        found = right.copy()
        found[:, n] = 0
        return found

    return change


def _input_left_out(exercise: Exercise) -> Iterator[Variant]:
    N = exercise.layer.inputs
    for n in range(N if 1 < N <= FEW_INPUTS else 0):
        for places in ("synaptic_inputs.inputs", "inputs"):
            yield row({places: _without_input(n)}, price=float(np.log(N)), detail=f"input {n + 1}")


def _chained(s: Worksheet) -> Any:
    """The derivative of the cost of softmax outputs of softmax outputs."""
    outer = s.exercise.layer.unchecked_activate(s.Y) - s.D
    return s.Y * (outer - np.sum(outer * s.Y, axis=1, keepdims=True))


SOFTMAX_TWICE = Mistake(
    "softmax-twice",
    "Softmax is applied once. You applied it to the outputs again.",
    "Count how often softmax is applied.",
    rows(
        row({"outputs": lambda s, right: s.exercise.layer.unchecked_activate(right)}, when=softmax),
        *(
            row(
                {"cost.pattern_costs": instead(lambda s: s.exercise.layer.unchecked_pattern_cost(s.Y, s.D)), **delta},
                when=softmax,
            )
            for delta in (
                {},
                {"delta.outputs": instead(lambda s: s.exercise.layer.unchecked_activate(s.Y))},
                {"delta.error": instead(_chained)},
            )
        ),
    ),
)


def _over_all(U: Values) -> Values:
    E = np.exp(U - U.max())
    found: Values = E / E.sum()
    return found


def _first_neuron_last(_s: Worksheet, b: Any) -> Any:
    return np.roll(b, -1)


MISTAKES = (
    Mistake(
        "biases-left-out",
        "U = X W + b: the biases are missing.",
        "Look at the synaptic inputs.",
        rows(row({"synaptic_inputs.biases": nothing})),
    ),
    Mistake(
        "biases-subtracted",
        "U = X W + b: the biases are added. You subtracted them.",
        "Look at the synaptic inputs.",
        rows(row({"synaptic_inputs.biases": times(-1.0)})),
    ),
    Mistake(
        "biases-twice",
        "U = X W + b: the biases are added once. You added them twice.",
        "Look at the synaptic inputs.",
        rows(row({"synaptic_inputs.biases": times(2.0)})),
    ),
    Mistake(
        "biases-of-other-neurons",
        "U = X W + b: each neuron has its own bias. You added those of other neurons.",
        "Look at which bias belongs to which neuron.",
        rows(
            row({"synaptic_inputs.biases": lambda _s, b: b[::-1]}, when=several_neurons),
            row(
                {"synaptic_inputs.biases": lambda _s, b: np.full_like(b, b[0])},
                when=several_neurons,
                detail="the first for all",
            ),
            row(
                {"synaptic_inputs.biases": _first_neuron_last},
                when=lambda exercise: exercise.layer.neurons > 2,
            ),
        ),
    ),
    Mistake("input-left-out", "U = X W + b takes every input. One is missing.", "Look at the inputs.", _input_left_out),
    Mistake(
        "softmax-over-patterns",
        "Softmax divides by the sum over a pattern's neurons (its row). You took the sum over the patterns (the column).",
        "Look at what adds up to 1.",
        _decided_in_both_ways(
            rows(row({"outputs": lambda s, _: s.exercise.layer.unchecked_activate(s.U.T).T}, when=softmax))
        ),
    ),
    SOFTMAX_TWICE,
    Mistake(
        "softmax-not-normalised",
        "Softmax divides by the sum of all e^u. The division is missing.",
        "Look at what adds up to 1.",
        rows(row({"outputs.activation": activation(np.exp)}, when=softmax)),
    ),
    Mistake(
        "softmax-over-all",
        "Softmax divides by the sum over a pattern's neurons (its row). You took the sum over all patterns and neurons.",
        "Look at what adds up to 1.",
        rows(row({"outputs.activation": activation(_over_all)}, when=softmax)),
    ),
    Mistake(
        "exponential-left-out",
        "Softmax divides e^u by the sum of all e^u. You divided u by the sum of all u.",
        "Look at what softmax takes of u.",
        _decided_in_both_ways(
            rows(
                row(
                    {"outputs.activation": activation(lambda U: U / U.sum(axis=1, keepdims=True))},
                    when=softmax,
                )
            )
        ),
    ),
    Mistake(
        "other-activation",
        "This layer has another activation.",
        "Look at the activation.",
        _decided_in_both_ways(_other_activations),
    ),
    Mistake(
        "activation-left-out",
        "Y = f(U). You took U for the outputs: the activation is missing.",
        "Look at the outputs.",
        _decided_in_both_ways(
            rows(
                row({"outputs.activation": activation(IDENTITY)}, when=activated),
                row({"outputs.activation": activation(IDENTITY), "delta.slope": ones}, when=slope_in_delta),
            )
        ),
    ),
    Mistake(
        "activation-twice",
        "Y = f(U): f is applied once. You applied it to the outputs again.",
        "Count how often the activation is applied.",
        _decided_in_both_ways(
            rows(
                row(
                    {"outputs": lambda s, Y: s.exercise.layer.unchecked_activate(Y)},
                    when=all_of(activated, not_(softmax)),
                )
            )
        ),
    ),
    Mistake(
        "exponent-sign-turned",
        "The exponent in f has the other sign: you took f(-U).",
        "Look at the sign of the exponent.",
        _decided_in_both_ways(rows(row({"outputs.synaptic_inputs": times(-1.0)}, when=activated))),
    ),
    Mistake(
        "exponent-base-2",
        "The exponential is that of e = 2.718. You took powers of 2.",
        "Look at the base of the exponential.",
        rows(row({"outputs.synaptic_inputs": times(float(np.log(2)))}, when=activated)),
    ),
)
