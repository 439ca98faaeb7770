"""Delta, cost and errors of each kind of layer on lanes: the formulas of `deltarule.layers`, a lane a pattern (or a model).

A tile holds K vectors: vector k has neuron k's numbers for the lanes' patterns. `start` is where it starts in a flat
array; U and D tiles have the same start, but in `delta`.
"""

from __future__ import annotations

import math
from typing import Any

from deltarule.engines.kernels.compiling import inlined, number_of
from deltarule.engines.kernels.functions import exp_to_1, log, magnitude, sigmoid, softplus, tanh
from deltarule.engines.kernels.lanes import where_greater
from deltarule.engines.kernels.memory import load, store, width

LINEAR, SIGMOID, TANH, LOGISTIC, SOFTMAX, ONE_AGAINST_REST = range(6)
# Rosenblatt's and Adaline's. Of the kinds from SOFTMAX to ADALINE_OF_CLASSES the largest synaptic input decides.
STEP_AGAINST_REST, SIGN_AGAINST_REST, ADALINE_OF_CLASSES, STEP, SIGN, ADALINE = range(6, 12)
# What a kind without a branch gives: no formula of another kind, but a descent that ends at once.
NAN = math.nan


@inlined
def hard(u: Any, low: Any) -> Any:
    """1 where u >= 0, `low` elsewhere; u are lanes."""
    return where_greater(0.0, u, low, 1.0)


@inlined
def largest_decides(kind: Any) -> Any:
    """Whether the neuron with the largest synaptic input gives the predicted class."""
    return number_of(kind) >= SOFTMAX and number_of(kind) <= ADALINE_OF_CLASSES


@inlined
def answers_by_itself(kind: Any) -> Any:
    """Whether each neuron answers yes or no by itself."""
    return number_of(kind) == LOGISTIC or (number_of(kind) >= STEP and number_of(kind) <= ADALINE)


@inlined
def says_yes(kind: Any, u: Any) -> Any:
    """1 where a neuron that answers by itself says yes, 0 elsewhere: a logistic one where u > 0, a hard one where u >= 0."""
    if number_of(kind) == LOGISTIC:
        return where_greater(u, 0.0, 1.0, 0.0)
    return hard(u, 0.0)


@inlined
def entry_delta(kind: Any, u: Any, d: Any) -> Any:  # noqa: PLR0911 - a kind each
    """Delta of one entry, for kinds whose outputs do not depend on each other.

    Parameters
    ----------
    kind : any but SOFTMAX.
    u, d : lanes: synaptic inputs and desired outputs.
    """
    if number_of(kind) == LINEAR:
        return u - d
    if number_of(kind) == SIGMOID:
        y = sigmoid(u)
        return (y - d) * (y * (1.0 - y))
    if number_of(kind) == TANH:
        y = tanh(u)
        return (y - d) * (1.0 - y * y)
    if number_of(kind) == LOGISTIC or number_of(kind) == ONE_AGAINST_REST:
        return sigmoid(u) - d
    if number_of(kind) == ADALINE or number_of(kind) == ADALINE_OF_CLASSES:
        return u - d
    if number_of(kind) == STEP or number_of(kind) == STEP_AGAINST_REST:
        return hard(u, 0.0) - d
    if number_of(kind) == SIGN or number_of(kind) == SIGN_AGAINST_REST:
        return hard(u, -1.0) - d
    return u * NAN


@inlined
def entry_cost(kind: Any, u: Any, d: Any) -> Any:  # noqa: PLR0911 - a kind each
    """The cost of one entry, for kinds whose costs add up over neurons; arguments as those of `entry_delta`."""
    if number_of(kind) == LINEAR:
        return (d - u) * (d - u) * 0.5
    if number_of(kind) == SIGMOID:
        e = d - sigmoid(u)
        return e * e * 0.5
    if number_of(kind) == TANH:
        e = d - tanh(u)
        return e * e * 0.5
    if number_of(kind) == LOGISTIC or number_of(kind) == ONE_AGAINST_REST:
        return d * softplus(0.0 - u) + (1.0 - d) * softplus(u)
    if number_of(kind) == ADALINE or number_of(kind) == ADALINE_OF_CLASSES:
        return (d - u) * (d - u) * 0.5
    if number_of(kind) == STEP or number_of(kind) == STEP_AGAINST_REST:
        return (hard(u, 0.0) - d) * u
    if number_of(kind) == SIGN or number_of(kind) == SIGN_AGAINST_REST:
        return (hard(u, -1.0) - d) * u
    return u * NAN


@inlined
def largest_of(U: Any, start: Any, neurons: Any) -> Any:
    """max_k u_k, lane by lane.

    Parameters
    ----------
    U, start : a tile, and where it starts.
    neurons : K.
    """
    largest = load(U, start)
    for k in range(1, number_of(neurons)):
        u = load(U, start + k * width(U))
        largest = where_greater(u, largest, u, largest)
    return largest


@inlined
def delta(kind: Any, neurons: Any, U: Any, at: Any, D: Any, start: Any, factor: Any) -> None:
    """The tile of U becomes `factor` times delta = d(pattern cost)/dU, see `Layer.pattern_delta`.

    Parameters
    ----------
    kind : which formulas.
    neurons : K.
    U, at : a flat array, and where the tile starts. It is changed.
    D, start : the same of the desired outputs.
    factor : lanes: the patterns' weights times the scale of the reduction.
    """
    if number_of(kind) == SOFTMAX:
        largest = largest_of(U, at, neurons)
        total = load(D, start) * 0.0  # D is finite, U need not be
        for k in range(number_of(neurons)):
            e = exp_to_1(load(U, at + k * width(U)) - largest)
            total = total + e
            store(U, at + k * width(U), e)
        share = factor / total
        for k in range(number_of(neurons)):
            place = at + k * width(U)
            store(U, place, load(U, place) * share - load(D, start + k * width(U)) * factor)
    else:
        for k in range(number_of(neurons)):
            place = at + k * width(U)
            store(U, place, entry_delta(kind, load(U, place), load(D, start + k * width(U))) * factor)


@inlined
def cost(kind: Any, neurons: Any, U: Any, D: Any, start: Any) -> Any:
    """Each lane's part of the summed cost, see `Layer.pattern_cost`.

    Parameters
    ----------
    kind : which formulas.
    neurons : K.
    U, D, start : flat arrays, and where the tile starts in both.
    """
    zero = load(D, start) * 0.0  # D is finite, U need not be
    if number_of(kind) == SOFTMAX:
        largest = largest_of(U, start, neurons)
        total = zero
        at_label = zero
        for k in range(number_of(neurons)):
            shifted = load(U, start + k * width(U)) - largest
            total = total + exp_to_1(shifted)
            at_label = where_greater(load(D, start + k * width(U)), 0.0, shifted, at_label)
        return log(total) - at_label
    result = zero
    for k in range(number_of(neurons)):
        place = start + k * width(U)
        result = result + entry_cost(kind, load(U, place), load(D, place))
    return result


@inlined
def place_of_largest(A: Any, start: Any, neurons: Any) -> Any:
    """The first k with the largest entry, lane by lane; arguments as those of `largest_of`."""
    largest = load(A, start)
    where = largest - largest
    for k in range(1, number_of(neurons)):
        a = load(A, start + k * width(A))
        where = where_greater(a, largest, float(k), where)
        largest = where_greater(a, largest, a, largest)
    return where


@inlined
def wrong(kind: Any, neurons: Any, U: Any, D: Any, start: Any) -> Any:
    """1 where the prediction is not the target, 0 elsewhere, see `Layer.wrong`; 0 where the layer predicts numbers.

    The arguments are those of `cost`.
    """
    none = load(D, start) * 0.0
    if largest_decides(kind):
        apart = magnitude(place_of_largest(U, start, neurons) - place_of_largest(D, start, neurons))
        return where_greater(apart, 0.5, 1.0, none)
    if answers_by_itself(kind):
        for k in range(number_of(neurons)):
            predicted = says_yes(kind, load(U, start + k * width(U)))
            desired = where_greater(load(D, start + k * width(U)), 0.5, 1.0, 0.0)
            none = where_greater(magnitude(predicted - desired), 0.5, 1.0, none)
    return none
