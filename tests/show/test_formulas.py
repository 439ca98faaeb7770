"""The formulas shown compute what the layer does."""

import math
import re

import numpy as np
import pytest
from numpy.testing import assert_allclose

from deltarule import Descent, LinearLayer, LogisticLayer, PerceptronLayer, SoftmaxLayer
from deltarule.show.formulas import layer_formulas
from samples import QUESTION_1_LAYER

rng = np.random.default_rng(0)


X7, D7 = rng.normal(size=(7, 2)), rng.uniform(size=(7, 3))


@pytest.mark.parametrize(
    ("layer", "options", "weighted", "cost", "delta"),
    [
        (QUESTION_1_LAYER, {}, False, "-sum_p ln y_label", "Y - D"),
        (QUESTION_1_LAYER, {"reduction": "mean"}, False, "-1/P sum_p ln y_label", "1/P (Y - D)"),
        (QUESTION_1_LAYER, {"reduction": "mean"}, True, "-1/V sum_p v_p ln y_label", "1/V v_p (Y - D)"),
        (QUESTION_1_LAYER, {"weight_decay": 0.1}, False, "-sum_p ln y_label + L/2 sum W^2", "Y - D"),
        (LogisticLayer.random(2, neurons=3), {}, False, "-sum_pk [d ln y + (1 - d) ln(1 - y)]", "Y - D"),
        (
            LogisticLayer.random(2, neurons=3),
            {"reduction": "mean"},
            False,
            "-1/(P K) sum_pk [d ln y + (1 - d) ln(1 - y)]",
            "1/(P K) (Y - D)",
        ),
        (QUESTION_1_LAYER, {"reduction": "half-mean"}, False, "-1/P sum_p ln y_label", "1/P (Y - D)"),
        (
            LogisticLayer.random(2, neurons=3),
            {"reduction": "half-mean"},
            False,
            "-1/P sum_pk [d ln y + (1 - d) ln(1 - y)]",
            "1/P (Y - D)",
        ),
        (LinearLayer.random(2, 3), {"reduction": "half-mean"}, False, "1/(2 P) sum_pk (d - y)^2", "1/P (Y - D)"),
        (LinearLayer.random(2, 3), {"reduction": "half-mean"}, True, "1/(2 V) sum_pk v_p (d - y)^2", "1/V v_p (Y - D)"),
        (LinearLayer.random(2, 3), {}, False, "1/2 sum_pk (d - y)^2", "Y - D"),
        (LinearLayer.random(2, 3), {}, True, "1/2 sum_pk v_p (d - y)^2", "v_p (Y - D)"),
        (LinearLayer.random(2, 3), {"reduction": "mean"}, False, "1/(P K) sum_pk (d - y)^2", "2/(P K) (Y - D)"),
        (PerceptronLayer.random(2, 3), {}, False, "1/2 sum_pk (d - y)^2", "(Y - D) * Y * (1 - Y)"),
        (
            PerceptronLayer.random(2, 3, activation="tanh"),
            {"reduction": "mean"},
            False,
            "1/(P K) sum_pk (d - y)^2",
            "2/(P K) (Y - D) * (1 - Y^2)",
        ),
    ],
)
def test_formulas_read_as_the_conventions_say(layer, options, weighted, cost, delta):
    found = layer_formulas(layer, Descent(0.1, 10, **options), weighted=weighted)
    assert (found.cost.text, found.delta.text) == (cost, delta)
    assert found.weight_gradient.text == ("X^T delta + L W" if "weight_decay" in options else "X^T delta")


@pytest.mark.parametrize("reduction", ["sum", "mean", "half-mean"])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize(
    ("layer", "targets"),
    [
        (SoftmaxLayer.random(2, ["a", "b", "c"], seed=1), list("abcabca")),
        (LogisticLayer.random(2, neurons=3, seed=1), (D7 > 0.5).astype(int)),
        (LinearLayer.random(2, 3, seed=1), D7),
        (PerceptronLayer.random(2, 3, seed=1), D7),
        (PerceptronLayer.random(2, 3, seed=1, activation="tanh"), D7),
    ],
    ids=["softmax", "logistic", "linear", "sigmoid", "tanh"],
)
def test_the_formulas_shown_compute_what_the_layer_does(layer, targets, reduction, weighted):
    """The text of cost and delta, read as Python, gives the layer's own figures."""
    v = np.arange(1.0, 8.0) if weighted else np.ones(7)
    descent = Descent(0.1, 10, reduction=reduction, weight_decay=0.3)
    found = layer_formulas(layer, descent, weighted=weighted)
    U = layer.synaptic_input(X7)
    Y, D = layer.output(X7), layer.encode(targets)
    names = {
        "Y": Y,
        "D": D,
        "P": 7,
        "K": 3,
        "V": v.sum(),
        "L": 0.3,
        "W": layer.weights,
        "v_p": v[:, None],
        "y": Y,
        "d": D,
    }
    names |= {
        "u": U,
        "e": math.e,
        "ln": np.log,
        "tanh": np.tanh,
        "sum": np.sum,
        "y_label": (Y * D).sum(axis=1, keepdims=True),
    }

    def value(expression):
        expression = re.sub(r"sum_pk? (.*?)( \+ L|$)", r"sum(\1)\2", expression)
        expression = re.sub(r"sum W\^2", "sum(W^2)", expression).replace("[", "(").replace("]", ")")
        expression = re.sub(r"ln (y\w*)", r"ln(\1)", expression).replace("tanh u", "tanh(u)")
        expression = (
            re.sub(r"(?<=[\dPKVLpd)]) (?=[\w(])", " * ", expression)
            .replace("P * K)", "P*K)")
            .replace("(2 P)", "(2 * P)")
            .replace("(2 V)", "(2 * V)")
        )
        return eval(expression.replace("^", "**"), {}, names)

    patterns = layer.patterns(X7, targets, v)
    expected = layer.evaluate(patterns, reduction, 0.3)[0]
    # 1e-12: the same sums in another order.
    assert_allclose(value(found.cost.text), expected, rtol=1e-12)
    assert_allclose(
        value(found.delta.text), layer.delta(X7, targets, reduction, sample_weight=v), rtol=1e-12, atol=1e-15
    )
    if layer.kind != "softmax":
        assert_allclose(value(found.output.text), Y, rtol=1e-12)
