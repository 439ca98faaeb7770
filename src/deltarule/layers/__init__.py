r"""Layers of neurons: the one home of each activation, cost and delta.

Conventions (everywhere in deltarule)
-------------------------------------
X : (P, N), one pattern a row.  W : (N, K), one neuron a column.  b : (K,).
U = X W + b : (P, K) synaptic inputs.  Y = f(U) : (P, K) outputs.
D : (P, K) desired outputs: one-hot rows of a class layer, numbers otherwise.
v : (P,) pattern weights (`sample_weight`): weight k counts as k copies of the pattern.
delta = dJ/dU : (P, K), of the cost J as reduced.

`reduction="sum"` adds the patterns' costs; `reduction="mean"` is what PyTorch's losses compute: with V = sum of v,

    softmax    sum: J = -sum_p v_p log y_label                        mean: J / V
    logistic   sum: J = -sum v_p [d log y + (1-d) log(1-y)]           mean: J / (V K)
    linear,    sum: J = 1/2 sum v_p (d - y)^2                         mean: 2 J / (V K), so without the 1/2
    perceptron

and of a perceptron with hard outputs ("step", "sign") and of a linear layer with classes (Adaline)

    step, sign sum: J = sum v_p (y - d) u, Rosenblatt's criterion     mean: J / (V K)
    Adaline    as linear, with the desired outputs of the classes

`reduction="half-mean"` is J / V for all kinds, as many courses have it: 1/(2P) sum (d - y)^2, and -1/P sum log y_label.

Weight decay L adds L/2 sum W^2 to the cost as it stands, in either reduction; biases are not decayed.

Every formula takes synaptic inputs, never probabilities, so that it stays exact where e^u would overflow.

References
----------
Bishop, Pattern Recognition and Machine Learning (2006), 4.3.2 (logistic), 4.3.4 (softmax), 3.1 (linear).
Higham, "Accurately computing the log-sum-exp and softmax functions", IMA J. Numer. Anal. 41 (2021): the shift by the largest input.
"""

from __future__ import annotations

from deltarule.layers.answers import AnsweringLayer, ClassLayer
from deltarule.layers.base import Layer
from deltarule.layers.classes import LogisticLayer, SoftmaxLayer
from deltarule.layers.initial import random_parameters
from deltarule.layers.kinds import KINDS, OTHER_NAMES, class_of, kind_name, row_of
from deltarule.layers.linear import AdalineLayer, LinearLayer
from deltarule.layers.numbers import NumberLayer
from deltarule.layers.patterns import REDUCTIONS, Patterns, Reduction
from deltarule.layers.perceptron import PerceptronLayer, RosenblattLayer

__all__ = [
    "KINDS",
    "OTHER_NAMES",
    "REDUCTIONS",
    "AdalineLayer",
    "AnsweringLayer",
    "ClassLayer",
    "Layer",
    "LinearLayer",
    "LogisticLayer",
    "NumberLayer",
    "Patterns",
    "PerceptronLayer",
    "Reduction",
    "RosenblattLayer",
    "SoftmaxLayer",
    "class_of",
    "kind_name",
    "random_parameters",
    "row_of",
]
