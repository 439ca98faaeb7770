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


def layer_sentence(layer: Layer) -> str:
    """The kind and size of a layer, and what its neurons stand for.

    Examples
    --------
    >>> from deltarule import LogisticLayer
    >>> layer_sentence(LogisticLayer([[1.0]], [0.0], classes=["no", "yes"]))
    'logistic layer, 1 input, 1 neuron; y is the probability of yes, against no'
    """
    kind = f"{layer.activation} {layer.kind}" if isinstance(layer, PerceptronLayer) else layer.kind
    sentence = f"{kind} layer, {counted(layer.inputs, 'input')}, {counted(layer.neurons, 'neuron')}"
    classes = getattr(layer, "classes", None)
    if classes is None:
        return f"{sentence}, each on its own" if isinstance(layer, LogisticLayer) else sentence
    if layer.neurons == 1:
        return f"{sentence}; y is the probability of {classes[1]}, against {classes[0]}"
    return f"{sentence}, one a class"


def descent_sentence(descent: Descent, patterns: int | None = None) -> str:
    """How a layer descends; with the number of training patterns, whether its batches are full ones.

    Examples
    --------
    >>> from deltarule import Descent
    >>> descent_sentence(Descent(learning_rate=0.1, epochs=1000, batch_size=16, reduction="mean"))
    'learning rate 0.1, 1000 epochs, mini-batches of 16 (seed 0), cost: mean'
    >>> descent_sentence(Descent(learning_rate=0.1, epochs=1, batch_size=6), patterns=4)
    'learning rate 0.1, 1 epoch, full batch (batch size 6 is larger than the set of 4), cost: sum'
    """
    batches = "full batch"
    if patterns is not None and descent.is_full_batch(patterns):
        if descent.batch_size is not None and descent.batch_size > patterns:
            batches += f" (batch size {descent.batch_size} is larger than the set of {patterns})"
    elif descent.batch_size is not None:
        seed = f" (seed {descent.seed})" if isinstance(descent.seed, int) else ""
        batches = f"mini-batches of {descent.batch_size}{seed}"
    parts = [f"learning rate {descent.learning_rate:g}", counted(descent.epochs, "epoch"), batches]
    parts.append(f"cost: {descent.reduction}")
    if descent.weight_decay:
        parts.append(f"weight decay {descent.weight_decay:g}")
    if descent.tolerance is not None:
        parts.append(f"tolerance {descent.tolerance:g}")
    return ", ".join(parts)


def counted(count: int, thing: str) -> str:
    """A count and its noun.

    Examples
    --------
    >>> counted(1, "input"), counted(3, "input")
    ('1 input', '3 inputs')
    """
    return f"{count} {thing}{'' if count == 1 else 's'}"
