"""The formulas of a layer under a descent, as plain text and as LaTeX."""

from __future__ import annotations

from typing import NamedTuple

from deltarule.conventions import HOUSE, Conventions
from deltarule.descent import Descent
from deltarule.layers import Layer
from deltarule.show.notation import RATE, SYMBOLS, notation
from deltarule.typeset.maths import ENTRYWISE, Maths, fraction, grouped, maths


class Formulas(NamedTuple):
    """The right-hand sides of the formulas of a layer.

    Attributes
    ----------
    synaptic_inputs, output, cost, delta, weight_gradient : what U, y, J, delta and dJ/dW are equal to.
    weight_velocity, weights : what becomes of V_W, where there is momentum, and of W.
    bias_gradient, bias_velocity, biases : what dJ/db is equal to, and becomes of V_b and b; of no use where W holds the biases.
    """

    synaptic_inputs: Maths
    output: Maths
    cost: Maths
    delta: Maths
    weight_gradient: Maths
    bias_gradient: Maths
    weight_velocity: Maths
    bias_velocity: Maths
    weights: Maths
    biases: Maths


def layer_formulas(
    layer: Layer, descent: Descent, *, weighted: bool = False, conventions: Conventions = HOUSE
) -> Formulas:
    r"""What this layer computes under this descent.

    Parameters
    ----------
    layer : of a kind with a row in `deltarule.show.notation`.
    descent : its reduction, its weight decay and its momentum change the formulas.
    weighted : whether patterns have weights v_p, whose sum is V.
    conventions : how delta, weights and biases are written. Where W holds biases that do not decay, W_0 is W with zeros in
        their place.

    Raises
    ------
    InputError
        If the layer's kind has no notation.

    Examples
    --------
    >>> from deltarule import Descent, LinearLayer
    >>> layer_formulas(LinearLayer([[1.0]], [0.0]), Descent(0.1, 10, weight_decay=0.01)).cost.text
    '1/2 sum_pk (d - y)^2 + L/2 sum W^2'
    >>> layer_formulas(LinearLayer([[1.0]], [0.0]), Descent(0.1, 10, reduction="mean")).delta
    Maths(text='2/(P K) (Y - D)', latex='\\frac{2}{P K} (Y - D)')
    """
    row = notation(layer)
    activation, cost = row.activation(layer), row.cost
    weight = [maths("v_p")] if weighted else []
    scale = weight
    before = [fraction("1", "2", gap="")] if cost.halved else []
    conventions = conventions.of_layer(layer)
    patterns = "V" if weighted else "P"
    if descent.reduction == "mean":
        count = f"{patterns}{' K' if cost.per_neuron else ''}"
        before = [fraction("1", count, gap="")]
        scale = [fraction("2" if cost.halved else "1", count, gap=""), *weight]
    if descent.reduction == "half-mean":
        before = [fraction("1", f"2 {patterns}" if cost.halved else patterns, gap="")]
        scale = [fraction("1", patterns, gap=""), *weight]
    delta = maths(conventions.delta)
    if row.slopes_in_delta and activation.slope is not None:
        delta = maths(grouped(delta), ENTRYWISE, activation.slope.matrix)
    elif scale:
        delta = grouped(delta)
    total = maths(*before, cost.sums, *weight, cost.term)
    product = Maths("delta^T X", r"\delta^T X") if conventions.by_neuron else Maths("X^T delta", r"X^T \delta")
    sum_of_deltas = Maths("1^T delta", r"1^T \delta")
    gradient, bias_gradient = (_signed(each, conventions) for each in (product, sum_of_deltas))
    if descent.weight_decay:
        W = decayed_weights(conventions, descent)
        total = maths(total, "+", _half_squares(W))
        gradient = maths(gradient, "+ L", W)
        if descent.decay_biases and conventions.writes("biases"):
            total = maths(total, "+", _half_squares(maths("b")))
            bias_gradient = maths(bias_gradient, "+ L b")
    return Formulas(
        maths("X W^T" if conventions.by_neuron else "X W", *(["+ b"] if conventions.writes("biases") else [])),
        activation.formula,
        maths(cost.sign, total, gap=""),
        maths(*scale, delta),
        gradient,
        bias_gradient,
        maths("m", SYMBOLS["weight_velocity"], "+", SYMBOLS["weight_gradient"]),
        maths("m", SYMBOLS["bias_velocity"], "+", SYMBOLS["bias_gradient"]),
        _updated("weights", "weight_gradient", "weight_velocity", descent),
        _updated("biases", "bias_gradient", "bias_velocity", descent),
    )


def decayed_weights(conventions: Conventions, descent: Descent) -> Maths:
    """The weights that decay in a `descent`: W, or W_0 where W holds biases that do not, in these `conventions`."""
    return maths("W_0" if conventions.biases_in_weights and not descent.decay_biases else "W")


def _half_squares(decayed: Maths) -> Maths:
    return maths(fraction("L", "2", gap=""), Maths(f"sum {decayed.text}^2", rf"\sum {decayed.latex}^2"))


def _updated(parameter: str, gradient: str, velocity: str, descent: Descent) -> Maths:
    """W - a dJ/dW; with momentum W - a V, with Nesterov's W - a (dJ/dW + m V)."""
    change = SYMBOLS[velocity if descent.momentum else gradient]
    if descent.nesterov:
        change = grouped(maths(SYMBOLS[gradient], "+ m", SYMBOLS[velocity]))
    return maths(SYMBOLS[parameter], "-", RATE, change)


def _signed(product: Maths, conventions: Conventions) -> Maths:
    """A product of delta, with a minus where delta has the other sign."""
    return maths("-", product, gap="") if conventions.turned else product
