"""The formulas of a layer under a descent, as plain text and as LaTeX."""

from __future__ import annotations

from typing import NamedTuple

from deltarule.descent import Descent
from deltarule.layers import Layer
from deltarule.show.notation import notation
from deltarule.typeset.maths import ENTRYWISE, Maths, fraction, grouped, maths


class Formulas(NamedTuple):
    """The right-hand sides of the formulas of a layer.

    Attributes
    ----------
    output, cost, delta, weight_gradient : what y, J, delta and dJ/dW are equal to.
    """

    output: Maths
    cost: Maths
    delta: Maths
    weight_gradient: Maths


def layer_formulas(layer: Layer, descent: Descent, *, weighted: bool = False) -> Formulas:
    r"""What this layer computes under this descent.

    Parameters
    ----------
    layer : of a kind with a row in `deltarule.show.notation`.
    descent : its reduction and its weight decay change the formulas.
    weighted : whether patterns have weights v_p, whose sum is V.

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
    if descent.reduction == "mean":
        count = f"{'V' if weighted else 'P'}{' K' if cost.per_neuron else ''}"
        before = [fraction("1", count, gap="")]
        scale = [fraction("2" if cost.halved else "1", count, gap=""), *weight]
    delta = maths("Y - D")
    if row.slopes_in_delta and activation.slope is not None:
        delta = maths(grouped(delta), ENTRYWISE, activation.slope.matrix)
    elif scale:
        delta = grouped(delta)
    total = maths(*before, cost.sums, *weight, cost.term)
    gradient = Maths("X^T delta", r"X^T \delta")
    if descent.weight_decay:
        total = maths(total, "+", fraction("L", "2", gap=""), Maths("sum W^2", r"\sum W^2"))
        gradient = maths(gradient, "+ L W")
    return Formulas(activation.formula, maths(cost.sign, total, gap=""), maths(*scale, delta), gradient)
