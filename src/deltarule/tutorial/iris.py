"""Iris in question 3: the handout's data, the problem's test set and initial layers, and counts of wrong predictions."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from deltarule.data import split
from deltarule.datasets import load
from deltarule.errors import InputError
from deltarule.layers import Layer, SoftmaxLayer
from deltarule.problem import Problem

# (P, N) inputs and (P,) labels.
LabelledSet = tuple[NDArray[Any], NDArray[Any]]


def softmax_of(layer: Layer) -> SoftmaxLayer:
    """The layer, if it is a softmax layer: the only kind whose outputs can be taken for synaptic inputs here."""
    if not isinstance(layer, SoftmaxLayer):
        raise InputError(
            "layer of question 3", "be a softmax layer", type(layer).__name__, "Use the problem file of the tutorial."
        )
    return layer


def random_layer(problem: Problem, seed: int) -> SoftmaxLayer:
    """An initial layer for the problem, drawn with this seed."""
    layer = softmax_of(problem.layer)
    return SoftmaxLayer.random(layer.inputs, layer.classes, seed)


def test_set(problem: Problem) -> LabelledSet:
    """The problem's test set."""
    if problem.test is None:
        raise ValueError("question 3's problem file sets a test set aside")
    return problem.test


def errors_of(layer: Layer, patterns: LabelledSet) -> int:
    """The number of `patterns` that a `layer` predicts wrongly."""
    return round(layer.errors(*patterns) or 0)


def handout_data(test: float = 0.4) -> tuple[LabelledSet, LabelledSet]:
    """Iris as the handout prepares it: less the mean of all 150 rows, then split into training and test set.

    test : the share of the test set.
    """
    iris = load("iris")
    X, labels = iris.inputs - iris.inputs.mean(axis=0), np.asarray(iris.targets)
    training, testing = split(len(X), test, seed=2)
    return (X[training], labels[training]), (X[testing], labels[testing])
