"""Mistakes in the sums over patterns that make gradients of delta: inputs, patterns, axes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from deltarule.marking.mistakes.conditions import (
    all_of,
    mini_batches,
    several_inputs,
    several_neurons,
    several_patterns,
)
from deltarule.marking.mistakes.deltas import NEXT, first_rows, moved
from deltarule.marking.mistakes.mistake import Mistake, Variant, always
from deltarule.marking.mistakes.neighbours import instead, ones, row, rows
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.ingredients import Change, Worksheet

INPUTS, W_DELTA, B_DELTA = "weight_gradient.inputs", "weight_gradient.delta", "bias_gradient.delta"

# Where delta is summed, with the words for it.
SUMMED = {(W_DELTA,): "the weights' gradient", (B_DELTA,): "the biases' gradient", (W_DELTA, B_DELTA): "both gradients"}


def _over_neurons(s: Worksheet, delta: Any) -> Any:
    return np.repeat(delta.sum(axis=1, keepdims=True), s.K, axis=1)


def _reduced_outputs(s: Worksheet) -> Any:
    """Y times what delta is multiplied by."""
    return s.Y * s.factor()


def _product_of_sums(s: Worksheet) -> Any:
    """One pattern that is the sum of all inputs, the others 0, against the sum of all deltas."""
    X = np.zeros_like(s.X)
    X[0] = s.X.sum(axis=0)
    return X


def _sum_first(_s: Worksheet, delta: Any) -> Any:
    found = np.zeros_like(delta)
    found[0] = delta.sum(axis=0)
    return found


def _with_input(n: int) -> Change:
    """The biases' gradient with input n as a factor: row n of X^T delta."""
    return lambda s, delta: delta * s.X[:, [n]]


def _biases_with_inputs(exercise: Exercise) -> Iterator[Variant]:
    N = exercise.layer.inputs
    for n in {0, N - 1}:
        yield row({B_DELTA: _with_input(n)}, detail=f"by input {n + 1}")


MISTAKES = (
    Mistake(
        "inputs-left-out",
        "dJ/dW = X^T delta: each delta is multiplied by its inputs. You left the inputs out.",
        "Look at the weights' gradient.",
        rows(row({INPUTS: ones})),
    ),
    Mistake(
        "product-of-sums",
        "dJ/dW adds up products of inputs and delta, pattern by pattern. You multiplied the sums.",
        "Look at what is summed in the weights' gradient.",
        rows(
            row({INPUTS: instead(_product_of_sums), W_DELTA: _sum_first}, when=several_patterns),
            row(
                {
                    INPUTS: instead(lambda s: _product_of_sums(s) / s.P),
                    W_DELTA: _sum_first,
                },
                when=several_patterns,
                detail="divided by the number of patterns",
            ),
        ),
    ),
    Mistake(
        "inputs-squared",
        "dJ/dW = X^T delta. You squared the inputs.",
        "Look at the weights' gradient.",
        rows(row({INPUTS: lambda _s, X: X**2})),
    ),
    Mistake(
        "outputs-for-delta",
        "The gradients add up delta. You took the outputs.",
        "Look at what is summed in the gradients.",
        rows(
            *(
                row(dict.fromkeys(places, instead(outputs)), when=when, detail=f"in {words}")
                for outputs, when in ((_reduced_outputs, always), (lambda s: s.Y, always))
                for places, words in SUMMED.items()
            )
        ),
    ),
    Mistake(
        "inputs-of-other-patterns",
        "dJ/dW multiplies each pattern's delta by its own inputs. You took the inputs of other patterns.",
        "Look at which inputs belong to which delta.",
        rows(
            row(
                {INPUTS: first_rows(lambda s: s.exercise.patterns.X)},
                when=mini_batches,
                detail="the first ones of the whole set",
            ),
            row({INPUTS: lambda _s, X: X[::-1]}, when=several_patterns, detail="in reverse"),
            *(row({INPUTS: moved(by)}, when=several_patterns, detail=f"of the pattern {words}") for by, words in NEXT),
        ),
    ),
    Mistake(
        "summed-over-neurons",
        "A gradient is a sum over the patterns, for each neuron by itself. You added up the neurons too.",
        "Look at what is summed in the gradients.",
        rows(
            row({B_DELTA: _over_neurons}, when=several_neurons, detail="in the biases' gradient"),
            row({W_DELTA: _over_neurons, B_DELTA: _over_neurons}, when=several_neurons, detail="in both"),
        ),
    ),
    Mistake(
        "biases-with-inputs",
        "dJ/db is the sum of delta. You multiplied delta by the inputs, as for the weights.",
        "Look at the biases' gradient.",
        _biases_with_inputs,
    ),
    Mistake(
        "inputs-twice",
        "dJ/dW = X^T delta: each weight has its own input. You took one input for all.",
        "Look at the weights' gradient.",
        rows(
            row(
                {INPUTS: lambda _s, X: np.repeat(X[:, :1], X.shape[1], axis=1)},
                when=all_of(several_inputs),
                detail="the first",
            )
        ),
    ),
)
