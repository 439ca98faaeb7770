"""The results in between that are not parts of an answer: each product, each exponential, each term of a cost.

Who works by hand may round each of them. One table works the parts with these results put through a function, which rounds or
disturbs them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deltarule.layers import Layer, LogisticLayer, PerceptronLayer, SoftmaxLayer, row_of
from deltarule.marking.rework.worksheet import Change, Worksheet

Values = NDArray[Any]
# What becomes of results in between.
Result = Callable[[Values], Values]
# So many products are not rounded one by one: nobody works them by hand.
MOST_PRODUCTS = 20_000
PRODUCTS = ("synaptic_inputs", "delta", "weight_gradient", "weights", "biases")
EXPONENTIALS, TERMS = ("outputs",), ("cost",)
EVERYTHING = (*PRODUCTS, *EXPONENTIALS, *TERMS)


# ---- Exponentials: the synaptic inputs of which the rounded exponentials are the exact ones. So no activation is written twice.


def _softmax(U: Values, result: Result) -> Values:
    """e^u of each neuron is rounded."""
    return np.log(_not_negative(result(np.exp(U))))


def _sigmoid(U: Values, result: Result) -> Values:
    """e^-u in 1 / (1 + e^-u) is rounded, and the sum."""
    total = result(1 + _not_negative(result(np.exp(-U))))
    return -np.log(_not_negative(total - 1))


def _tanh(U: Values, result: Result) -> Values:
    """e^u and e^-u in (e^u - e^-u) / (e^u + e^-u) are rounded."""
    up, down = (_not_negative(result(np.exp(each))) for each in (U, -U))
    return 0.5 * (np.log(up) - np.log(down))


def _not_negative(values: Values) -> Values:
    return np.maximum(values, 0.0)


def _perceptron(layer: Any) -> Callable[[Values, Result], Values]:
    return _tanh if layer.activation == "tanh" else _sigmoid


# A kind without a row has no exponentials that are rounded.
OF_KIND: dict[type[Layer], Callable[[Any], Callable[[Values, Result], Values]]] = {
    SoftmaxLayer: lambda _layer: _softmax,
    LogisticLayer: lambda _layer: _sigmoid,
    PerceptronLayer: _perceptron,
}


def _outputs(s: Worksheet, result: Result) -> Values:
    layer = s.exercise.layer
    row = row_of(OF_KIND, layer)
    with np.errstate(all="ignore"):
        U = s.U if row is None else row(layer)(s.U, result)
        found, exact = layer.unchecked_activate(U), layer.unchecked_activate(s.U)
    # Where every exponential of a pattern is rounded to 0, nothing can be divided: then they are not rounded.
    return np.where(np.isnan(found), exact, found)


# ---- Products and terms.


def _products(left: Values, right: Values, result: Result) -> Values:
    """left @ right, (R, M) and (M, K), each product put through `result`."""
    if left.size * right.shape[1] > MOST_PRODUCTS:
        return left @ right
    found: Values = result(left[:, :, None] * right[None]).sum(axis=1)
    return found


def _cost(s: Worksheet, result: Result) -> float:
    """The cost with each term rounded: one a pattern and neuron, and the squares of the decay."""
    layer = s.exercise.layer
    terms = _terms(layer, s.Y, s.D)
    # An output that was rounded to 0 has no logarithm: then the exact output is taken.
    terms = np.where(np.isfinite(terms), terms, _terms(layer, layer.unchecked_activate(s.U), s.D))
    decay = 0.5 * s.exercise.descent.weight_decay
    patterns = float(s.batch.sample_weight @ result(terms).sum(axis=1)) * s.scale()
    return patterns + (decay * float(result(s.W**2).sum()) if decay else 0.0)


def _terms(layer: Layer, Y: Values, D: Values) -> Values:
    """(P, K) what each neuron adds to the cost of each pattern; (P, 1) where its cost is one term."""
    whole = layer.unchecked_output_cost(Y, D)
    each = np.stack([layer.unchecked_output_cost(Y[:, [k]], D[:, [k]]) for k in range(Y.shape[1])], axis=1)
    return each if np.allclose(each.sum(axis=1), whole, equal_nan=True) else whole[:, None]


def _delta(s: Worksheet, right: Any, result: Result) -> Any:
    layer = s.exercise.layer
    if not (layer.has_slopes and s.exercise.predicts_numbers):
        return right
    return result((s.Y - s.D) * result(layer.unchecked_output_slope(s.Y))) * s.factor()


def _weight_gradient(s: Worksheet, result: Result) -> Values:
    decay = s.exercise.descent.weight_decay
    sums = _products(s.X.T, s.delta, result)
    return sums + result(decay * s.W) if decay else sums


def by_hand(result: Result, parts: Collection[str] = EVERYTHING) -> Mapping[str, Change]:
    """The changes by which parts are worked from results in between that were put through a function.

    Parameters
    ----------
    result : rounds or disturbs results.
    parts : in which this is done: `PRODUCTS`, `EXPONENTIALS`, `TERMS`, or all.
    """
    changes: dict[str, Change] = {
        "synaptic_inputs": lambda s, _: _products(s.X, s.W, result) + s.b,
        "outputs": lambda s, _: _outputs(s, result),
        "cost": lambda s, _: _cost(s, result),
        "delta": lambda s, right: _delta(s, right, result),
        "weight_gradient": lambda s, _: _weight_gradient(s, result),
        "weights": lambda s, _: s.W - result(s.a * s.parts["weight_gradient"]),
        "biases": lambda s, _: s.b - result(s.a * s.parts["bias_gradient"]),
    }
    return {part: change for part, change in changes.items() if part in parts}
