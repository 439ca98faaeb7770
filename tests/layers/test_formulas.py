"""Each kind's activation, cost and delta: against hand-worked figures, finite differences, PyTorch and plain loops."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

import naive
from deltarule.layers import LinearLayer, LogisticLayer, PerceptronLayer, SoftmaxLayer
from samples import (
    CLASSES,
    HARD,
    NAMES,
    NUMBERS,
    QUESTION_1_LABELS,
    QUESTION_1_LAYER,
    QUESTION_1_X,
    refused,
    sample,
)

REDUCTIONS = ("sum", "mean")
every_kind = pytest.mark.parametrize("name", NAMES)
both_reductions = pytest.mark.parametrize("reduction", REDUCTIONS)
LN2, LN3 = math.log(2), math.log(3)


def weighted(count):
    return np.array([1.0, 0.0, 2.5, 3.0, 0.5, 1.0])[:count]


def at(sampled, U):
    """The sample's layer with W = U and b = 0: on X = I its synaptic inputs are U, and the gradient by W is delta."""
    return sampled.layer.with_parameters(U, np.zeros(U.shape[1]))


def central_difference(function, U, step=1e-5):
    """d function / dU entry by entry, the function's value in the leading axes. The error is of order step^2 + 1e-16/step."""
    slopes = np.empty((*np.shape(function(U)), *U.shape))
    for place in np.ndindex(*U.shape):
        above, below = U.copy(), U.copy()
        above[place] += step
        below[place] -= step
        slopes[(..., *place)] = (function(above) - function(below)) / (above[place] - below[place])
    return slopes


def differs_by(found, expected):
    """The relative difference of two arrays, by norm."""
    return np.linalg.norm(found - expected) / np.linalg.norm(expected)


TORCH_ACTIVATIONS = {
    "linear": lambda u: u,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "adaline": lambda u: u,
    "adaline-of-classes": lambda u: u,
}


def torch_cost(sampled, U, reduction, weights):
    """The conventions' table as a PyTorch user would write it, from synaptic inputs."""
    D = torch.tensor(sampled.desired, dtype=torch.float64)
    v = torch.tensor(weights)[:, None]
    if sampled.kind == "softmax":
        terms = -v * D * torch.log_softmax(U, dim=1)
        return terms.sum() / (1 if reduction == "sum" else v.sum())
    if sampled.kind in ("logistic", "one-against-rest"):
        terms = -v * (D * torch.nn.functional.logsigmoid(U) + (1 - D) * torch.nn.functional.logsigmoid(-U))
        return terms.sum() / (1 if reduction == "sum" else v.sum() * U.shape[1])
    if sampled.kind.startswith(("step", "sign")):
        # Bishop's criterion in targets of -1 and 1, for answers that are wrong; Y is constant where u is not 0.
        wrong, size = (U >= 0) != (D == 1), 1.0 if sampled.kind == "step" else 2.0
        terms = -v * torch.where(D == 1, 1.0, -1.0) * U * wrong * size
        return terms.sum() / (1 if reduction == "sum" else v.sum() * U.shape[1])
    Y = TORCH_ACTIVATIONS[sampled.kind](U)
    terms = v * (D - Y) ** 2
    return terms.sum() / 2 if reduction == "sum" else terms.sum() / (v.sum() * U.shape[1])


def test_softmax_by_hand():
    # u = (0, ln 2, ln 5): e^u = (1, 2, 5), sum 8, y = (1/8, 1/4, 5/8). Label: the second. J = -ln 1/4 = ln 4.
    layer = SoftmaxLayer([[0.0, LN2, math.log(5)]], [0.0, 0.0, 0.0], classes=CLASSES)
    assert_allclose(layer.output([[1.0]]), [[1 / 8, 1 / 4, 5 / 8]], rtol=1e-15)
    assert layer.cost([[1.0]], ["B"]) == pytest.approx(2 * LN2, rel=1e-15)
    assert_allclose(layer.delta([[1.0]], ["B"]), [[1 / 8, -3 / 4, 5 / 8]], rtol=1e-15)
    assert layer.predict([[1.0]]).tolist() == ["C"]
    assert layer.errors([[1.0], [1.0]], ["B", "C"]) == 1
    # Two patterns, both u; labels B and C: the sum is ln 4 + ln 8/5, the mean half of it.
    assert layer.cost([[1.0], [1.0]], ["B", "C"], "mean") == pytest.approx((math.log(4) + math.log(1.6)) / 2, rel=1e-15)
    # Decay adds 0.1/2 (ln^2 2 + ln^2 5) in either reduction.
    decay = 0.05 * (LN2**2 + math.log(5) ** 2)
    assert layer.cost([[1.0]], ["B"], "mean", weight_decay=0.1) == pytest.approx(2 * LN2 + decay, rel=1e-15)


def test_logistic_by_hand():
    # u = ln 3: y = 3/4. "yes": J = ln 4/3, delta = -1/4. "no": J = ln 4, delta = 3/4.
    layer = LogisticLayer([[LN3]], [0.0], classes=["no", "yes"])
    assert_allclose(layer.output([[1.0]]), [[3 / 4]], rtol=1e-15)
    assert layer.cost([[1.0]], ["yes"]) == pytest.approx(math.log(4 / 3), rel=1e-15)
    assert layer.cost([[1.0]], ["no"]) == pytest.approx(math.log(4), rel=1e-15)
    assert_allclose(layer.delta([[1.0], [1.0]], ["yes", "no"]), [[-1 / 4], [3 / 4]], rtol=1e-15)
    # Two neurons, u = (ln 3, -ln 3), d = (1, 1): J = ln 4/3 + ln 4 = ln 16/3; the mean is over neurons too.
    pair = LogisticLayer([[LN3, -LN3]], [0.0, 0.0])
    assert pair.cost([[1.0]], [[1, 1]]) == pytest.approx(math.log(16 / 3), rel=1e-15)
    assert pair.cost([[1.0]], [[1, 1]], "mean") == pytest.approx(math.log(16 / 3) / 2, rel=1e-15)
    assert_allclose(pair.delta([[1.0]], [[1, 1]], "mean"), [[-1 / 8, -3 / 8]], rtol=1e-15)


def test_linear_by_hand():
    # u = (2, 3) for x = 1 with W = (2, 1), b = (0, 2); d = (1, 5): J = 1/2 (1 + 4) = 5/2; delta = (1, -2).
    layer = LinearLayer([[2.0, 1.0]], [0.0, 2.0])
    assert layer.cost([[1.0]], [[1.0, 5.0]]) == 2.5
    assert_array_equal(layer.delta([[1.0]], [[1.0, 5.0]]), [[1.0, -2.0]])
    # The mean of (1, 4) is 5/2 as well here (P K / 2 = 1); of two such patterns, again 5/2, while the sum is 5.
    assert layer.cost([[1.0], [1.0]], [[1.0, 5.0]] * 2, "mean") == 2.5
    assert layer.cost([[1.0], [1.0]], [[1.0, 5.0]] * 2) == 5.0
    assert_array_equal(layer.delta([[1.0], [1.0]], [[1.0, 5.0]] * 2, "mean"), [[0.5, -1.0]] * 2)
    assert layer.errors([[1.0]], [[1.0, 5.0]]) is None


def test_perceptron_by_hand():
    # Sigmoid, u = ln 3: y = 3/4, f' = 3/16. d = 1/4: J = 1/8, delta = 1/2 3/16 = 3/32.
    layer = PerceptronLayer([[LN3]], [0.0])
    assert layer.cost([[1.0]], [[0.25]]) == pytest.approx(1 / 8, rel=1e-15)
    assert_allclose(layer.delta([[1.0]], [[0.25]]), [[3 / 32]], rtol=1e-15)
    # tanh, u = ln 2: y = (2 - 1/2) / (2 + 1/2) = 3/5, f' = 16/25. d = 1: J = 2/25, delta = -2/5 16/25 = -32/125.
    layer = PerceptronLayer([[LN2]], [0.0], activation="tanh")
    assert layer.cost([[1.0]], [[1.0]]) == pytest.approx(2 / 25, rel=1e-15)
    assert_allclose(layer.delta([[1.0]], [[1.0]]), [[-32 / 125]], rtol=1e-15)
    # f'' = -2 y (1 - y^2) = -96/125; curvature f'^2 + (y - d) f'' = (16/25)^2 + 2/5 96/125.
    assert_allclose(layer.slope_change(np.array([[LN2]])), [[-96 / 125]], rtol=1e-14)
    curvature = layer.pattern_curvature(np.array([[LN2]]), np.array([[1.0]]))
    assert_allclose(curvature, [[[256 / 625 + 192 / 625]]], rtol=1e-14)


def test_question_1_first_figures_are_the_handouts():
    # U row 2: (-0.88 + 2.04, -0.08 - 1.17, 0.34 - 0.57) = (1.16, -1.25, -0.23). Cost and predictions: facts.md, recomputed.
    U = QUESTION_1_LAYER.synaptic_input(QUESTION_1_X)
    assert_allclose(U[:2], [[2.72, -1.56, -0.76], [1.16, -1.25, -0.23]], atol=1e-14)
    Y = QUESTION_1_LAYER.output(QUESTION_1_X)
    # Printed from weights before rounding: half a unit of W's last digit moves u by 0.02, y by 0.005; and y is rounded to 0.005.
    assert_allclose(Y[[0, 1, 17]], [[0.96, 0.01, 0.03], [0.75, 0.07, 0.18], [0.88, 0.11, 0.02]], atol=0.01)
    assert round(QUESTION_1_LAYER.cost(QUESTION_1_X, QUESTION_1_LABELS), 4) == 34.4994
    assert QUESTION_1_LAYER.errors(QUESTION_1_X, QUESTION_1_LABELS) == 14
    predicted = [CLASSES.index(label) + 1 for label in QUESTION_1_LAYER.predict(QUESTION_1_X)]
    assert predicted == [1, 1, 1, 3, 1, 1, 1, 3, 3, 1, 1, 3, 1, 1, 3, 3, 1, 1]


@every_kind
@both_reductions
@pytest.mark.parametrize("weights", [None, weighted(6)], ids=["unweighted", "weighted"])
def test_delta_is_the_derivative_of_the_cost(name, reduction, weights):
    sampled = sample(name, patterns=6)
    U = sampled.layer.synaptic_input(sampled.X)
    found = at(sampled, U).delta(np.eye(6), sampled.targets, reduction, sample_weight=weights)
    expected = central_difference(
        lambda u: at(sampled, u).cost(np.eye(6), sampled.targets, reduction, sample_weight=weights), U
    )
    assert differs_by(found, expected) < 1e-7


@every_kind
def test_curvature_is_the_derivative_of_delta(name):
    sampled = sample(name, patterns=4)
    layer, U, D = sampled.layer, sampled.layer.synaptic_input(sampled.X), sampled.layer.encode(sampled.targets)
    slopes = central_difference(lambda u: layer.pattern_delta(u, D), U)
    # Only the derivatives within a pattern are not 0.
    expected = np.stack([slopes[p, :, p, :] for p in range(4)])
    found = layer.pattern_curvature(U, D)
    assert found.shape == expected.shape
    assert np.linalg.norm(found - expected) <= 1e-7 * np.linalg.norm(expected)
    assert np.count_nonzero(np.delete(slopes[0], 0, axis=1)) == 0


@pytest.mark.parametrize("name", NUMBERS)
def test_slope_and_slope_change_are_the_derivatives_of_the_activation(name):
    layer = sample(name).layer
    U = np.linspace(-3, 3, 7)[:, None]
    places = np.arange(7)
    slope = central_difference(layer.activate, U)[places, 0, places, 0]
    change = central_difference(layer.slope, U)[places, 0, places, 0]
    assert_allclose(
        layer.slope(U)[:, 0], slope, atol=1e-9
    )  # central differences at 1e-5: 1e-10 each of truncation, rounding
    assert_allclose(layer.slope_change(U)[:, 0], change, atol=1e-9)


@every_kind
@both_reductions
@pytest.mark.parametrize("weights", [np.ones(6), weighted(6)], ids=["unweighted", "weighted"])
def test_cost_and_delta_are_those_of_autograd(name, reduction, weights):
    sampled = sample(name, patterns=6)
    U = torch.tensor(sampled.layer.synaptic_input(sampled.X), requires_grad=True)
    expected = torch_cost(sampled, U, reduction, weights)
    expected.backward()
    found = sampled.layer.cost(sampled.X, sampled.targets, reduction, sample_weight=weights)
    assert found == pytest.approx(expected.item(), rel=1e-12)
    delta = sampled.layer.delta(sampled.X, sampled.targets, reduction, sample_weight=weights)
    assert differs_by(delta, U.grad.numpy()) < 1e-12


@pytest.mark.parametrize("name", [name for name in NAMES if name not in HARD])
@both_reductions
def test_cost_is_that_of_pytorchs_losses(name, reduction):
    sampled = sample(name)
    U = torch.tensor(sampled.layer.synaptic_input(sampled.X))
    D = torch.tensor(sampled.desired, dtype=torch.float64)
    if sampled.kind == "softmax":
        expected = torch.nn.CrossEntropyLoss(reduction=reduction)(U, D.argmax(dim=1))
    elif sampled.kind in ("logistic", "one-against-rest"):
        expected = torch.nn.BCEWithLogitsLoss(reduction=reduction)(U, D)
    else:
        Y = TORCH_ACTIVATIONS[sampled.kind](U)
        expected = torch.nn.MSELoss(reduction=reduction)(Y, D) * (0.5 if reduction == "sum" else 1)
    assert sampled.layer.cost(sampled.X, sampled.targets, reduction) == pytest.approx(expected.item(), rel=1e-12)


@given(
    name=st.sampled_from(NAMES),
    patterns=st.integers(3, 8),
    inputs=st.integers(1, 4),
    seed=st.integers(0, 1000),
    reduction=st.sampled_from(REDUCTIONS),
    decay=st.sampled_from([0.0, 0.3]),
    data=st.data(),
)
def test_cost_delta_and_errors_are_those_of_plain_loops(name, patterns, inputs, seed, reduction, decay, data):
    v = np.array(data.draw(st.lists(st.sampled_from([0.0, 0.5, 1.0, 3.0]), min_size=patterns, max_size=patterns)))
    v[0] = 1.0  # not all 0
    sampled = sample(name, patterns, inputs, seed)
    plain = sampled.plain(v)
    found = sampled.layer.cost(sampled.X, sampled.targets, reduction, weight_decay=decay, sample_weight=v)
    # The oracle takes logarithms of probabilities, so it loses digits that the layer keeps; |u| is moderate here.
    assert found == pytest.approx(naive.cost(**plain, reduction=reduction, decay=decay), rel=1e-10, abs=1e-12)
    found = sampled.layer.delta(sampled.X, sampled.targets, reduction, sample_weight=v)
    assert_allclose(found, naive.delta(**plain, reduction=reduction), rtol=1e-10, atol=1e-13)
    if name not in NUMBERS:
        assert sampled.layer.errors(sampled.X, sampled.targets, sample_weight=v) == naive.errors(**plain)


@pytest.mark.parametrize("size", [1e4, 1e300, 1.7e308])
def test_softmax_is_exact_at_extremes(size):
    layer = SoftmaxLayer([[size, 0.0, -size]], [0.0, 0.0, 0.0], classes=CLASSES)
    assert_array_equal(layer.output([[1.0]]), [[1.0, 0.0, 0.0]])
    # The cost is the largest input less the label's: 0, u, and 2u where that is a number.
    assert layer.cost([[1.0]], ["A"]) == 0
    assert layer.cost([[1.0]], ["B"]) == size
    assert layer.cost([[1.0]], ["C"]) == (2 * size if size < 1e308 else math.inf)
    assert_array_equal(layer.delta([[1.0]], ["B"]), [[1.0, -1.0, 0.0]])
    assert_array_equal(layer.delta([[1.0]], ["A"]), [[0.0, 0.0, 0.0]])
    assert layer.predict([[-1.0]]).tolist() == ["C"]


@pytest.mark.parametrize("size", [1e4, 1e300, 1.7e308])
def test_logistic_is_exact_at_extremes(size):
    layer = LogisticLayer([[size]], [0.0], classes=["no", "yes"])
    assert_array_equal(layer.output([[1.0], [-1.0]]), [[1.0], [0.0]])
    # J = |u| on the wrong side, 0 on the right one.
    assert layer.cost([[1.0]], ["yes"]) == layer.cost([[-1.0]], ["no"]) == 0
    assert layer.cost([[1.0]], ["no"]) == layer.cost([[-1.0]], ["yes"]) == size
    assert_array_equal(layer.delta([[1.0], [-1.0]], ["no", "yes"]), [[1.0], [-1.0]])
    assert_array_equal(layer.pattern_curvature(np.array([[size]]), np.array([[1.0]])), [[[0.0]]])


@pytest.mark.parametrize("size", [1e4, 1e300, 1.7e308])
@pytest.mark.parametrize(("activation", "low"), [("sigmoid", 0.0), ("tanh", -1.0)])
def test_perceptron_is_exact_at_extremes(size, activation, low):
    layer = PerceptronLayer([[size]], [0.0], activation=activation)
    assert_array_equal(layer.output([[1.0], [-1.0]]), [[1.0], [low]])
    assert layer.cost([[1.0], [-1.0]], [[1.0], [low]]) == 0
    assert layer.cost([[1.0]], [[low]]) == (1 - low) ** 2 / 2
    # Saturated: the slope is 0, so nothing moves, however wrong the output.
    assert_array_equal(layer.delta([[1.0], [-1.0]], [[low], [1.0]]), [[0.0], [0.0]])


def test_linear_is_exact_at_extremes():
    layer = LinearLayer([[1e4]], [0.0])
    assert layer.cost([[1.0]], [[0.0]]) == 5e7
    assert_array_equal(LinearLayer([[1e300]], [0.0]).delta([[1.0]], [[-1e300]]), [[2e300]])


@pytest.mark.parametrize("name", ["softmax", *HARD])
def test_softmax_and_hard_outputs_have_no_slope_for_each_neuron(name):
    with refused("layer", "a slope f'(u) for each neuron", "layer", "has_slopes"):
        sample(name).layer.output_slope(np.ones((1, 3)))
