"""The formulas of a layer and its descent as plain text, in the words of `deltarule.layers`."""

from __future__ import annotations

from typing import NamedTuple

from deltarule.descent import Descent
from deltarule.layers import Layer, LogisticLayer, PerceptronLayer, SoftmaxLayer


class Formulas(NamedTuple):
    """Right-hand sides: of y, of the cost J, of delta, of dJ/dW."""

    output: str
    cost: str
    delta: str
    weight_gradient: str


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
    mean = descent.reduction == "mean"
    count, weight = ("V", "v_p ") if weighted else ("P", "")
    decay_cost, decay = (" + L/2 sum W^2", " + L W") if descent.weight_decay else ("", "")
    if isinstance(layer, SoftmaxLayer):
        output, sign, total, term = "e^(u_k) / sum_j e^(u_j)", "-", "sum_p", "log y_label"
        cost_factor = delta_factor = f"1/{count} " if mean else ""
    elif isinstance(layer, LogisticLayer):
        output, sign, total, term = "1 / (1 + e^-u)", "-", "sum_pk", "[d log y + (1 - d) log(1 - y)]"
        cost_factor = delta_factor = f"1/({count} K) " if mean else ""
    else:
        output, sign, total, term = "u", "", "sum_pk", "(d - y)^2"
        cost_factor, delta_factor = (f"1/({count} K) ", f"2/({count} K) ") if mean else ("1/2 ", "")
    difference = "Y - D"
    if isinstance(layer, PerceptronLayer):
        sigmoid = layer.activation_name == "sigmoid"
        output = "1 / (1 + e^-u)" if sigmoid else "tanh u"
        difference = f"(Y - D) * {'Y * (1 - Y)' if sigmoid else '(1 - Y^2)'}"
    elif delta_factor or weight:
        difference = f"({difference})"
    return Formulas(
        output,
        f"{sign}{cost_factor}{total} {weight}{term}{decay_cost}",
        f"{delta_factor}{weight}{difference}",
        f"X^T delta{decay}",
    )


def layer_sentence(layer: Layer) -> str:
    """The kind and size of a layer, and what its neurons stand for.

    Examples
    --------
    >>> from deltarule import LogisticLayer
    >>> layer_sentence(LogisticLayer([[1.0]], [0.0], classes=["no", "yes"]))
    'logistic layer, 1 input, 1 neuron; y is the probability of yes, against no'
    """
    kind = f"{layer.activation_name} {layer.kind}" if isinstance(layer, PerceptronLayer) else layer.kind
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
