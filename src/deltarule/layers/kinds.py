"""The kinds of layer by name, and how a table with one row a kind is read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from deltarule.checks import instance
from deltarule.layers.base import Layer
from deltarule.layers.classes import LogisticLayer, SoftmaxLayer
from deltarule.layers.linear import AdalineLayer, LinearLayer
from deltarule.layers.perceptron import PerceptronLayer, RosenblattLayer, is_hard
from deltarule.not_supported import SINGLE

CLASSES: tuple[type[Layer], ...] = (
    LinearLayer,
    PerceptronLayer,
    LogisticLayer,
    SoftmaxLayer,
)
# Classes that a kind becomes by its options: `LinearLayer` with classes, `PerceptronLayer` with a hard activation.
VARIANTS: tuple[type[Layer], ...] = (AdalineLayer, RosenblattLayer)
KINDS = {kind.kind: kind for kind in CLASSES}
# What makes a kind of layer the kind it is: a derived class that changes one of these is a kind of its own.
FORMULAS = (
    "activate",
    "pattern_cost",
    "output_cost",
    "output_delta",
    "output_slope",
    "pattern_delta",
    "mean_factor",
    "wrong",
)

_NO_LAYERS = f"{SINGLE} Of one layer the kinds are {', '.join(KINDS)}."
_ADALINE = 'Adaline is a linear layer with classes: kind "linear", and classes.'
_ROSENBLATT = 'Rosenblatt\'s perceptron has hard outputs: kind "perceptron", with activation "step" (or "sign").'
_DELTA_RULE = (
    'The delta rule trains layers of all kinds; that of Widrow and Hoff is for kind "linear" (with classes Adaline).'
)
# Names of textbooks and programs, with spaces between their parts: the kind that each stands for, or what to do.
OTHER_NAMES: dict[str, str] = {
    **dict.fromkeys(("adaline", "adaptive linear neuron", "adaptive linear element"), _ADALINE),
    "madaline": "Madaline has several layers. " + _ADALINE,
    **dict.fromkeys(("rosenblatt", "rosenblatt perceptron", "perceptron rule", "perceptron learning rule", "threshold",
                     "mcculloch pitts", "step", "sign"), _ROSENBLATT),
    **dict.fromkeys(("delta rule", "widrow hoff", "widrow hoff rule", "lms", "least mean squares"), _DELTA_RULE),
    **dict.fromkeys(("logistic regression", "logit", "binary logistic regression", "cross entropy"), "logistic"),
    **dict.fromkeys(("softmax regression", "multinomial", "multinomial logistic regression", "multinomial logit",
                     "multiclass logistic regression", "maximum entropy", "maxent", "softmax layer"), "softmax"),
    **dict.fromkeys(("linear regression", "least squares", "ordinary least squares", "ols", "regression"), "linear"),
    "ridge": 'Ridge regression is kind "linear" with a weight_decay.',
    "ridge regression": 'Ridge regression is kind "linear" with a weight_decay.',
    "lasso": 'L1 regularisation is not supported; kind "linear" with a weight_decay is ridge regression (L2).',
    "sigmoid": 'Sigmoid neurons are kind "logistic" by the cross-entropy, or kind "perceptron" by the squared error.',
    "tanh": 'Neurons with tanh are kind "perceptron", with activation "tanh".',
    **dict.fromkeys(("svm", "support vector machine", "hinge"), 'The hinge loss is not supported; kind "logistic" is near to it.'),
    **dict.fromkeys(("mlp", "multilayer perceptron", "multi layer perceptron", "neural network", "deep", "dense", "hidden",
                     "backpropagation", "autoencoder", "cnn", "convolution", "convolutional", "conv", "rnn", "recurrent", "lstm",
                     "transformer"), _NO_LAYERS),
}  # fmt: skip

Row = TypeVar("Row")


def class_of(kind: type[Layer], *, activation: object = None, classes: object = None) -> type[Layer]:
    """The class that a kind of layer becomes by its options.

    Parameters
    ----------
    kind : one of `CLASSES`.
    activation, classes : as the user gives them; None where they are left out.

    Examples
    --------
    >>> class_of(LinearLayer, classes=["no", "yes"]).__name__, class_of(PerceptronLayer, activation="step").__name__
    ('AdalineLayer', 'RosenblattLayer')
    """
    if kind is LinearLayer and classes is not None:
        return AdalineLayer
    return RosenblattLayer if kind is PerceptronLayer and is_hard(activation) else kind


def row_of(table: Mapping[type[Layer], Row], layer: Layer) -> Row | None:
    """The row of a layer's kind, or of the nearest class that it is derived from, in a table with one row a kind.

    Parameters
    ----------
    table : the rows, by the class of the layer.
    layer : any layer.

    Returns
    -------
    None where there is no row, and where the layer's class changes a formula of the class that has one (`FORMULAS`): what the row
    says would be untrue of it. The caller says what lacks the kind.

    Examples
    --------
    >>> from deltarule import LinearLayer
    >>> row_of({LinearLayer: "linear"}, LinearLayer([[1.0]], [0.0]))
    'linear'
    """
    kind = type(layer)
    instance("table", table, Mapping, "Give rows by the classes of layers.")
    known = next((base for base in kind.__mro__ if base in table), None)
    if known is None or any(getattr(kind, name) is not getattr(known, name) for name in FORMULAS):
        return None
    return table[known]


def kind_name(layer: Layer) -> str:
    """The word for the kind of a `layer`; the name of its class where that changes a formula of the kind that has this word."""
    instance("layer", layer, Layer, "Make one of the layers of deltarule.layers.")
    kinds = {kind: True for kind in (*CLASSES, *VARIANTS) if kind.kind == layer.kind}
    changed = bool(kinds) and row_of(kinds, layer) is None
    return type(layer).__name__ if changed else layer.kind
