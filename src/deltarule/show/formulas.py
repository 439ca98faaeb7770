"""The formulas of a layer and its descent, in the words of `deltarule.layers`, and sentences about both."""

from __future__ import annotations

from typing import NamedTuple

from deltarule.descent import Descent
from deltarule.layers import Layer, LogisticLayer, PerceptronLayer, SoftmaxLayer
from deltarule.typeset.maths import ENTRYWISE, LN, Maths, fraction, grouped, maths

SIGMOID = Maths("1 / (1 + e^-u)", r"\frac{1}{1 + e^{-u}}")


class Formulas(NamedTuple):
    """Right-hand sides: of y, of the cost J, of delta, of dJ/dW."""

    output: str
    cost: str
    delta: str
    weight_gradient: str


class Written(NamedTuple):
    """The same in both notations."""

    output: Maths
    cost: Maths
    delta: Maths
    weight_gradient: Maths


def formulas(layer: Layer, descent: Descent, *, weighted: bool = False) -> Formulas:
    """What this layer computes under this descent; `weighted` where patterns have weights v_p (V is their sum).

    Examples
    --------
    >>> from deltarule import Descent, LinearLayer
    >>> formulas(LinearLayer([[1.0]], [0.0]), Descent(0.1, 10, weight_decay=0.01)).cost
    '1/2 sum_pk (d - y)^2 + L/2 sum W^2'
    >>> formulas(LinearLayer([[1.0]], [0.0]), Descent(0.1, 10, reduction="mean")).delta
    '2/(P K) (Y - D)'
    """
    return Formulas(*(formula.text for formula in written(layer, descent, weighted=weighted)))


def written(layer: Layer, descent: Descent, *, weighted: bool = False) -> Written:
    r"""`formulas`, as plain text and as LaTeX.

    Examples
    --------
    >>> from deltarule import Descent, LinearLayer
    >>> written(LinearLayer([[1.0]], [0.0]), Descent(0.1, 10, reduction="mean")).delta.latex
    '\\frac{2}{P K} (Y - D)'
    """
    mean = descent.reduction == "mean"
    count = "V" if weighted else "P"
    weight = [Maths("v_p", "v_p")] if weighted else []
    over_p, over_pk = Maths("sum_p", r"\sum_p"), Maths("sum_pk", r"\sum_{p,k}")
    sign = ""
    if isinstance(layer, SoftmaxLayer):
        output = Maths("e^(u_k) / sum_j e^(u_j)", r"\frac{e^{u_k}}{\sum_j e^{u_j}}")
        sign, sums, term = "-", over_p, maths(LN, Maths("y_label", r"y_{\text{label}}"))
        factors = [fraction("1", count, gap="")] * 2 if mean else []
    elif isinstance(layer, LogisticLayer):
        output = SIGMOID
        sign, sums, term = "-", over_pk, Maths("[d ln y + (1 - d) ln(1 - y)]", r"[d \ln y + (1 - d) \ln(1 - y)]")
        factors = [fraction("1", f"{count} K", gap="")] * 2 if mean else []
    else:
        output, sums, term = Maths("u", "u"), over_pk, Maths("(d - y)^2", "(d - y)^2")
        factors = (
            [fraction(over, f"{count} K", gap="") for over in ("1", "2")] if mean else [fraction("1", "2", gap="")]
        )
    cost, scale = maths(*factors[:1], sums, *weight, term), [*factors[1:], *weight]
    difference = maths("Y - D")
    if isinstance(layer, PerceptronLayer):
        sigmoid = layer.activation == "sigmoid"
        output = SIGMOID if sigmoid else Maths("tanh u", r"\tanh u")
        slope = maths("Y", ENTRYWISE, "(1 - Y)") if sigmoid else maths("(1 - Y^2)")
        difference = maths(grouped(difference), ENTRYWISE, slope)
    elif scale:
        difference = grouped(difference)
    gradient = Maths("X^T delta", r"X^T \delta")
    if descent.weight_decay:
        cost = maths(cost, "+", fraction("L", "2", gap=""), Maths("sum W^2", r"\sum W^2"))
        gradient = maths(gradient, "+ L W")
    return Written(output, maths(sign, cost, gap=""), maths(*scale, difference), gradient)


def slope_formula(layer: Layer) -> Maths:
    """f'(u), by the output y."""
    if isinstance(layer, PerceptronLayer) and layer.activation == "tanh":
        return maths("1 - y^2")
    return maths("y (1 - y)")
