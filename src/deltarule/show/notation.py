"""How each kind of layer is written: its letters and formulas, and how numbers are put into them. One row a kind.

`formulas`, `substitution`, `document` and `sentences` ask this table, so that they know no kind themselves. A kind without a row
has no worked step: it gets an error, never the formulas of another kind. A new kind of layer needs one row here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from deltarule.errors import InputError
from deltarule.layers import (
    AdalineLayer,
    Layer,
    LinearLayer,
    LogisticLayer,
    PerceptronLayer,
    RosenblattLayer,
    SoftmaxLayer,
    row_of,
)
from deltarule.typeset.maths import (
    ENTRYWISE,
    LN,
    TIMES,
    Maths,
    factor,
    fraction,
    grouped,
    maths,
    negated,
    number,
    power,
    total,
)
from deltarule.typeset.words import SENTENCE_NAME, short_name

# What stands below a fraction's line is never broken: a longer sum there, in characters, has an ellipsis.
LONG_BELOW = 50


def derivative(letter: str | Maths) -> Maths:
    """The derivative of J by a `letter`: dJ/dW."""
    letter = maths(letter)
    return Maths(f"dJ/d{letter.text}", rf"\frac{{\partial J}}{{\partial {letter.latex}}}")


# The parts of a worked step, by their names in `Iteration`, and how each is written.
SYMBOLS = {
    "inputs": maths("X"),
    "desired": maths("D"),
    "sample_weight": maths("v"),
    "synaptic_inputs": maths("U"),
    "outputs": maths("f(U)"),
    "slopes": maths("f'(U)"),
    "pattern_costs": maths("j_p"),
    "cost": maths("J"),
    "delta": Maths("delta", r"\delta"),
    "weight_gradient": derivative("W"),
    "bias_gradient": derivative("b"),
    # V alone is the sum of the patterns' weights.
    "weight_velocity": maths("V_W"),
    "bias_velocity": maths("V_b"),
    "weights": maths("W"),
    "biases": maths("b"),
}


RATE = Maths("a", r"\alpha")


@dataclass(frozen=True)
class Slope:
    """The slope f'(u) of an activation.

    Attributes
    ----------
    formula : f'(u), by the output y.
    matrix : f'(U), by the outputs Y: a factor of delta.
    worked : f'(u) with the figure of y put in.
    """

    formula: Maths
    matrix: Maths
    worked: Callable[[str], Maths]


@dataclass(frozen=True)
class Activation:
    """An activation y = f(u).

    Attributes
    ----------
    formula : f(u).
    worked : f(u) of each neuron, with the figures of one pattern's synaptic inputs put in; None where y = u.
    slope : the slope of f where a worked step shows it (`Layer.has_slopes`); None elsewhere.
    """

    formula: Maths
    worked: Callable[[Sequence[str]], list[Maths]] | None = None
    slope: Slope | None = None


@dataclass(frozen=True)
class PatternNumbers:
    """The numbers of one pattern, for the terms of its cost.

    Attributes
    ----------
    desired : (K,) its desired outputs.
    desired_figures, output_figures, input_figures : (K,) its desired outputs, outputs and synaptic inputs as figures.
    logarithm_of : the figure of output k whose logarithm is taken: with a power of ten where it would read as 0.
    complement_of : the figure of 1 - y_k likewise, worked as f(-u_k).
    """

    desired: Sequence[float]
    desired_figures: Sequence[str]
    output_figures: Sequence[str]
    input_figures: Sequence[str]
    logarithm_of: Callable[[int], str]
    complement_of: Callable[[int], str]


@dataclass(frozen=True)
class Cost:
    """A cost J, before a mean divides it and decay is added.

    Attributes
    ----------
    sign : "-" where J is the negative of the sum, else "".
    sums : the sign of summation with its letters.
    term : one term of the sum.
    worked : the terms of one pattern with the numbers put in.
    brackets : what opens and closes the terms with the numbers put in.
    per_neuron : whether there is a term for each pattern and neuron, so that a mean divides by K too.
    halved : whether the sum has 1/2 before it; the mean has not, so that its delta has a factor of 2.
    """

    sign: str
    sums: Maths
    term: Maths
    worked: Callable[[PatternNumbers], list[Maths]]
    brackets: tuple[str, str]
    per_neuron: bool
    halved: bool


@dataclass(frozen=True)
class Notation:
    """The row of a kind of layer.

    Attributes
    ----------
    output : the letter of the output in the formula of the activation.
    activation : the activation of a layer of this kind.
    cost : the cost.
    slopes_in_delta : whether delta is (Y - D) times the slopes; else it is Y - D.
    name : what a sentence calls the layer, as in "tanh perceptron".
    neurons : what a sentence adds on its neurons, with the punctuation before it, as in ", one a class".
    decision : how a class is predicted from the outputs, as a sentence; "" where numbers are predicted.
    rule : a sentence on the rule of training, where it is not the descent of an error; "" for none.
    """

    output: str
    activation: Callable[[Any], Activation]
    cost: Cost
    slopes_in_delta: bool = False
    name: Callable[[Any], str] = lambda layer: str(layer.kind)
    neurons: Callable[[Any], str] = lambda _layer: ""
    decision: Callable[[Any], str] = lambda _layer: ""
    rule: str = ""


def _each(worked: Callable[[str], Maths]) -> Callable[[Sequence[str]], list[Maths]]:
    """The numbers put in neuron by neuron."""
    return lambda figures: [worked(figure) for figure in figures]


def _softmax_outputs(u: Sequence[str]) -> list[Maths]:
    below = maths(*total([power("e", number(text)) for text in u], LONG_BELOW))
    return [fraction(power("e", number(text)), below) for text in u]


def _squares(of: PatternNumbers) -> list[Maths]:
    pairs = zip(of.desired_figures, of.output_figures, strict=True)
    return [power(grouped(maths(number(d), "-", factor(y))), "2") for d, y in pairs]


def _wrong_inputs(of: PatternNumbers) -> list[Maths]:
    """(y - d) u of each neuron."""
    triples = zip(of.output_figures, of.desired_figures, of.input_figures, strict=True)
    return [maths(grouped(maths(number(y), "-", factor(d))), TIMES, factor(u)) for y, d, u in triples]


def _logarithm_of_label(of: PatternNumbers) -> list[Maths]:
    label = max(range(len(of.desired)), key=lambda k: of.desired[k])
    return [maths(LN, number(of.logarithm_of(label)))]


def _logarithms(of: PatternNumbers) -> list[Maths]:
    """Ln y where d is 1, else ln(1 - y); where 1 - y would read as 0, its figure with a power of ten."""
    terms = []
    for k, d in enumerate(of.desired):
        rest = of.complement_of(k)
        if d > 0.5:
            terms.append(maths(LN, number(of.logarithm_of(k))))
        elif "e" in rest:
            terms.append(maths(LN, number(rest)))
        else:
            y = number(of.logarithm_of(k))
            terms.append(Maths(f"ln(1 - {y.text})", rf"\ln(1 - {y.latex})"))
    return terms


def _logistic_neurons(layer: LogisticLayer) -> str:
    if layer.classes is None:
        return ", each on its own"
    if layer.neurons == 1:
        first, second = (short_name(label, SENTENCE_NAME) for label in layer.classes)
        return f"; y is the probability of {second}, against {first}"
    return ", one a class"


def _logistic_decision(layer: LogisticLayer) -> str:
    if layer.classes is None:
        return "1 where y is above 1/2."
    return LARGEST if layer.neurons > 1 else "The second class where y is above 1/2."


def _coded_neurons(layer: RosenblattLayer | AdalineLayer) -> str:
    """What the neurons stand for, and how the classes of a single one are coded."""
    if layer.classes is None:
        return ", each on its own"
    if layer.neurons == 1:
        first, second = (short_name(label, SENTENCE_NAME) for label in layer.classes)
        low, high = layer.answers
        return f"; d is {low:g} for {first} and {high:g} for {second}"
    return ", one a class"


def _rosenblatt_decision(layer: RosenblattLayer) -> str:
    if layer.classes is None:
        low, high = layer.answers
        return f"{high:g} where u is at least 0, else {low:g}."
    return "The class of the largest u." if layer.neurons > 1 else "The second class where u is at least 0."


def _adaline_decision(layer: AdalineLayer) -> str:
    return LARGEST if layer.neurons > 1 else "The second class where y is at least 0."


LARGEST = "The class of the largest output."
OVER_PATTERNS = Maths("sum_p", r"\sum_p")
OVER_ENTRIES = Maths("sum_pk", r"\sum_{p,k}")

IDENTITY = Activation(maths("u"))
SIGMOID = Activation(
    Maths("1 / (1 + e^-u)", r"\frac{1}{1 + e^{-u}}"),
    _each(lambda u: fraction("1", maths("1 +", power("e", negated(u))))),
    Slope(
        maths("y (1 - y)"),
        maths("Y", ENTRYWISE, "(1 - Y)"),
        lambda y: maths(number(y), TIMES, grouped(maths("1 -", number(y)))),
    ),
)
TANH = Activation(
    Maths("tanh u", r"\tanh u"),
    _each(lambda u: maths(Maths("tanh", r"\tanh"), factor(u))),
    Slope(maths("1 - y^2"), maths("(1 - Y^2)"), lambda y: maths("1 -", power(factor(y), "2"))),
)
SOFTMAX = Activation(Maths("e^(u_k) / sum_j e^(u_j)", r"\frac{e^{u_k}}{\sum_j e^{u_j}}"), _softmax_outputs)

STEP, SIGN = (
    Activation(
        Maths(f"1 where u >= 0, else {low}", rf"1 \text{{ where }} u \ge 0 \text{{, else }} {low}"),
        _each(lambda u, name=name: maths(Maths(name, rf"\text{{{name}}}"), Maths(f"({u})", f"({u})"), gap="")),  # type: ignore[misc]
    )
    for name, low in (("step", 0), ("sign", -1))
)

SQUARED_ERROR = Cost("", OVER_ENTRIES, maths("(d - y)^2"), _squares, ("[", "]"), per_neuron=True, halved=True)
CROSS_ENTROPY_OF_CLASSES = Cost(
    "-",
    OVER_PATTERNS,
    maths(LN, Maths("y_label", r"y_{\text{label}}")),
    _logarithm_of_label,
    ("(", ")"),
    per_neuron=False,
    halved=False,
)
CROSS_ENTROPY_OF_NEURONS = Cost(
    "-",
    OVER_ENTRIES,
    Maths("[d ln y + (1 - d) ln(1 - y)]", r"[d \ln y + (1 - d) \ln(1 - y)]"),
    _logarithms,
    ("[", "]"),
    per_neuron=True,
    halved=False,
)

CRITERION = Cost("", OVER_ENTRIES, maths("(y - d) u"), _wrong_inputs, ("[", "]"), per_neuron=True, halved=False)

NOTATIONS: dict[type[Layer], Notation] = {
    LinearLayer: Notation("y", lambda _layer: IDENTITY, SQUARED_ERROR),
    AdalineLayer: Notation(
        "y",
        lambda _layer: IDENTITY,
        SQUARED_ERROR,
        name=lambda _layer: "Adaline",
        neurons=_coded_neurons,
        decision=_adaline_decision,
    ),
    RosenblattLayer: Notation(
        "y",
        lambda layer: {"step": STEP, "sign": SIGN}[layer.activation],
        CRITERION,
        name=lambda layer: f"{layer.activation} perceptron",
        neurons=_coded_neurons,
        decision=_rosenblatt_decision,
        rule="Rosenblatt's rule: delta is Y - D, 0 where an answer is right; f is flat, so no derivative of f is in it",
    ),
    PerceptronLayer: Notation(
        "y",
        lambda layer: {"sigmoid": SIGMOID, "tanh": TANH}[layer.activation],
        SQUARED_ERROR,
        slopes_in_delta=True,
        name=lambda layer: f"{layer.activation} perceptron",
    ),
    LogisticLayer: Notation(
        "y",
        lambda _layer: SIGMOID,
        CROSS_ENTROPY_OF_NEURONS,
        neurons=_logistic_neurons,
        decision=_logistic_decision,
    ),
    SoftmaxLayer: Notation(
        "y_k",
        lambda _layer: SOFTMAX,
        CROSS_ENTROPY_OF_CLASSES,
        neurons=lambda _layer: ", one a class",
        decision=lambda _layer: LARGEST,
    ),
}


def notation(layer: Layer) -> Notation:
    """The row of a layer's kind.

    Raises
    ------
    InputError
        If the kind has no row: a user's own kind, or one that changes a formula of its base.
    """
    row = row_of(NOTATIONS, layer)
    if row is None:
        raise InputError(
            "layer",
            "be of a kind with a notation, to be shown as a worked step",
            f"a {type(layer).__name__}",
            "Print the iteration to see its matrices without formulas.",
        )
    return row
