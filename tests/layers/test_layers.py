"""Each kind's activation, cost and delta: against hand-worked figures, finite differences, PyTorch and plain loops."""

import json
import math
import pickle

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

import naive
from deltarule.layers import KINDS, LinearLayer, LogisticLayer, PerceptronLayer, SoftmaxLayer, random_parameters
from samples import (
    CLASSES,
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


def differs_by(found, wanted):
    """The relative difference of two arrays, by norm."""
    return np.linalg.norm(found - wanted) / np.linalg.norm(wanted)


# ---- Hand-worked figures. e^u is 1/3, 1/2, 2, 3 ... at the logarithms chosen, so that every output is a fraction.


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
    said = [CLASSES.index(label) + 1 for label in QUESTION_1_LAYER.predict(QUESTION_1_X)]
    assert said == [1, 1, 1, 3, 1, 1, 1, 3, 3, 1, 1, 3, 1, 1, 3, 3, 1, 1]


# ---- Derivatives.


@every_kind
@both_reductions
@pytest.mark.parametrize("weights", [None, weighted(6)], ids=["unweighted", "weighted"])
def test_delta_is_the_derivative_of_the_cost(name, reduction, weights):
    sampled = sample(name, patterns=6)
    U = sampled.layer.synaptic_input(sampled.X)
    found = at(sampled, U).delta(np.eye(6), sampled.targets, reduction, sample_weight=weights)
    wanted = central_difference(
        lambda u: at(sampled, u).cost(np.eye(6), sampled.targets, reduction, sample_weight=weights), U
    )
    assert differs_by(found, wanted) < 1e-7


@every_kind
def test_curvature_is_the_derivative_of_delta(name):
    sampled = sample(name, patterns=4)
    layer, U, D = sampled.layer, sampled.layer.synaptic_input(sampled.X), sampled.layer.encode(sampled.targets)
    slopes = central_difference(lambda u: layer.pattern_delta(u, D), U)
    # Only the derivatives within a pattern are not 0.
    wanted = np.stack([slopes[p, :, p, :] for p in range(4)])
    assert differs_by(layer.pattern_curvature(U, D), wanted) < 1e-7
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
    Y = {"linear": lambda u: u, "sigmoid": torch.sigmoid, "tanh": torch.tanh}[sampled.kind](U)
    terms = v * (D - Y) ** 2
    return terms.sum() / 2 if reduction == "sum" else terms.sum() / (v.sum() * U.shape[1])


@every_kind
@both_reductions
@pytest.mark.parametrize("weights", [np.ones(6), weighted(6)], ids=["unweighted", "weighted"])
def test_cost_and_delta_are_those_of_autograd(name, reduction, weights):
    sampled = sample(name, patterns=6)
    U = torch.tensor(sampled.layer.synaptic_input(sampled.X), requires_grad=True)
    wanted = torch_cost(sampled, U, reduction, weights)
    wanted.backward()
    found = sampled.layer.cost(sampled.X, sampled.targets, reduction, sample_weight=weights)
    assert found == pytest.approx(wanted.item(), rel=1e-12)
    delta = sampled.layer.delta(sampled.X, sampled.targets, reduction, sample_weight=weights)
    assert differs_by(delta, U.grad.numpy()) < 1e-12


@every_kind
@both_reductions
def test_cost_is_that_of_pytorchs_losses(name, reduction):
    sampled = sample(name)
    U = torch.tensor(sampled.layer.synaptic_input(sampled.X))
    D = torch.tensor(sampled.desired, dtype=torch.float64)
    if sampled.kind == "softmax":
        wanted = torch.nn.CrossEntropyLoss(reduction=reduction)(U, D.argmax(dim=1))
    elif sampled.kind in ("logistic", "one-against-rest"):
        wanted = torch.nn.BCEWithLogitsLoss(reduction=reduction)(U, D)
    else:
        Y = {"linear": lambda u: u, "sigmoid": torch.sigmoid, "tanh": torch.tanh}[sampled.kind](U)
        wanted = torch.nn.MSELoss(reduction=reduction)(Y, D) * (0.5 if reduction == "sum" else 1)
    assert sampled.layer.cost(sampled.X, sampled.targets, reduction) == pytest.approx(wanted.item(), rel=1e-12)


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


# ---- Extremes: warnings are errors, so that none may arise.


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


# ---- Invariants.

shapes = {"patterns": st.integers(3, 8), "inputs": st.integers(1, 4), "seed": st.integers(0, 1000)}


@given(name=st.sampled_from(NAMES), reduction=st.sampled_from(REDUCTIONS), data=st.data(), **shapes)
def test_a_weight_of_k_counts_as_k_copies(name, patterns, inputs, seed, reduction, data):
    copies = np.array(data.draw(st.lists(st.integers(0, 3), min_size=patterns, max_size=patterns)))
    copies[0] += 1
    sampled = sample(name, patterns, inputs, seed)
    layer, X, targets = sampled.layer, sampled.X, np.asarray(sampled.targets)
    X_copied, targets_copied = X.repeat(copies, axis=0), targets.repeat(copies, axis=0)
    # Equal but for the order of additions.
    assert layer.cost(X, targets, reduction, sample_weight=copies) == pytest.approx(
        layer.cost(X_copied, targets_copied, reduction), rel=1e-12
    )
    delta = layer.delta(X, targets, reduction, sample_weight=copies)
    assert_allclose(X.T @ delta, X_copied.T @ layer.delta(X_copied, targets_copied, reduction), rtol=1e-9, atol=1e-12)
    assert layer.errors(X, targets, sample_weight=copies) == layer.errors(X_copied, targets_copied)


@given(name=st.sampled_from(NAMES), reduction=st.sampled_from(REDUCTIONS), **shapes)
def test_a_weight_of_0_is_a_pattern_absent(name, patterns, inputs, seed, reduction):
    sampled = sample(name, patterns, inputs, seed)
    v = np.arange(patterns) > 0
    layer, X, targets = sampled.layer, sampled.X, sampled.targets
    found = layer.cost(X, targets, reduction, sample_weight=v)
    assert found == pytest.approx(layer.cost(X[1:], targets[1:], reduction), rel=1e-13)
    delta = layer.delta(X, targets, reduction, sample_weight=v)
    assert_allclose(delta, np.vstack([0 * delta[:1], layer.delta(X[1:], targets[1:], reduction)]), rtol=1e-13)


@given(name=st.sampled_from(["softmax", "logistic, one against rest"]), order=st.permutations([0, 1, 2]), **shapes)
def test_relabelling_classes_permutes_the_columns(name, patterns, inputs, seed, order):
    sampled = sample(name, patterns, inputs, seed)
    layer = sampled.layer
    other = type(layer)(layer.weights[:, order], layer.biases[order], classes=[CLASSES[k] for k in order])
    assert other.predict(sampled.X).tolist() == layer.predict(sampled.X).tolist()
    assert other.cost(sampled.X, sampled.targets) == pytest.approx(layer.cost(sampled.X, sampled.targets), rel=1e-13)
    assert_allclose(
        other.delta(sampled.X, sampled.targets),
        layer.delta(sampled.X, sampled.targets)[:, order],
        rtol=1e-12,
        atol=1e-15,
    )


@given(name=st.sampled_from(NAMES), reduction=st.sampled_from(REDUCTIONS), data=st.data(), **shapes)
def test_the_order_of_patterns_does_not_change_the_gradient(name, patterns, inputs, seed, reduction, data):
    order = data.draw(st.permutations(range(patterns)))
    sampled = sample(name, patterns, inputs, seed)
    X, targets = sampled.X, np.asarray(sampled.targets)
    gradient = X.T @ sampled.layer.delta(X, targets, reduction)
    assert_allclose(
        X[order].T @ sampled.layer.delta(X[order], targets[order], reduction), gradient, rtol=1e-9, atol=1e-12
    )


@given(**shapes)
def test_a_softmax_of_two_classes_is_a_logistic_neuron_with_the_difference_of_the_weights(patterns, inputs, seed):
    rng = np.random.default_rng(seed)
    W, b, X = rng.normal(size=(inputs, 2)), rng.normal(size=2), rng.normal(size=(patterns, inputs))
    targets = ["yes" if x > 0 else "no" for x in rng.normal(size=patterns)]
    softmax = SoftmaxLayer(W, b, classes=["no", "yes"])
    logistic = LogisticLayer(W[:, 1:] - W[:, :1], b[1:] - b[:1], classes=["no", "yes"])
    assert_allclose(softmax.output(X)[:, 1:], logistic.output(X), rtol=1e-12)
    assert softmax.predict(X).tolist() == logistic.predict(X).tolist()
    assert softmax.cost(X, targets, "mean") == pytest.approx(logistic.cost(X, targets, "mean"), rel=1e-12)
    assert_allclose(softmax.delta(X, targets)[:, 1:], logistic.delta(X, targets), rtol=1e-9, atol=1e-14)


@given(shift=st.integers(-(2**20), 2**20), **shapes)
def test_a_constant_added_to_a_patterns_synaptic_inputs_changes_nothing_in_softmax(patterns, inputs, seed, shift):
    sampled = sample("softmax", patterns, inputs, seed)
    layer, D = sampled.layer, sampled.layer.encode(sampled.targets)
    # Multiples of 2^-20 below 2^20: the shift is exact, so the results must be too.
    U = np.round(layer.synaptic_input(sampled.X) * 2**20) / 2**20
    assert_array_equal(layer.activate(U + shift), layer.activate(U))
    assert_array_equal(layer.pattern_cost(U + shift, D), layer.pattern_cost(U, D))


@every_kind
def test_rows_of_softmax_and_limits_of_outputs(name):
    sampled = sample(name)
    Y = sampled.layer.output(sampled.X)
    assert_array_equal(Y, sampled.layer.activate(sampled.layer.synaptic_input(sampled.X)))
    if name == "softmax":
        assert_allclose(Y.sum(axis=1), 1, rtol=1e-15)
    assert np.all(np.abs(Y) < 1) or name == "linear"


@every_kind
@both_reductions
def test_a_float32_layer_stays_float32(name, reduction):
    sampled = sample(name, dtype=np.float32)
    layer = sampled.layer
    assert layer.dtype == np.float32
    assert layer.biases.dtype == np.float32
    assert layer.synaptic_input(sampled.X.astype(np.float64)).dtype == np.float32
    assert layer.output(sampled.X).dtype == np.float32
    weights = np.arange(20.0)
    assert layer.delta(sampled.X, sampled.targets, reduction, sample_weight=weights).dtype == np.float32
    U, D = layer.synaptic_input(sampled.X), layer.encode(sampled.targets)
    assert layer.pattern_cost(U, D).dtype == np.float32
    assert layer.pattern_curvature(U, D).dtype == np.float32
    wide = layer.astype(np.float64)
    assert wide.dtype == np.float64
    assert wide.astype("float32").dtype == np.float32
    # float32 has 24 bits: a sum of 20 costs keeps six digits.
    assert layer.cost(sampled.X, sampled.targets, reduction) == pytest.approx(
        wide.cost(sampled.X, sampled.targets, reduction), rel=1e-5
    )


# ---- What a layer is.


def test_a_layer_is_immutable_and_leaves_the_callers_arrays_alone():
    W, b = np.ones((2, 3)), np.zeros(3)
    layer = LinearLayer(W, b)
    W[0, 0] = b[0] = 7
    assert layer.weights[0, 0] == 1
    assert layer.biases[0] == 0
    assert not layer.weights.flags.writeable
    assert not layer.biases.flags.writeable
    with pytest.raises(ValueError, match="read-only"):
        layer.weights[0, 0] = 2
    with pytest.raises(AttributeError):
        layer.weights = W


@every_kind
def test_with_parameters_keeps_the_kind_and_checks(name):
    layer = sample(name).layer
    W, b = np.full(layer.weights.shape, 2.0), np.arange(float(layer.neurons))
    other = layer.with_parameters(W, b)
    assert type(other) is type(layer)
    assert getattr(other, "classes", None) == getattr(layer, "classes", None)
    assert getattr(other, "activation", None) == getattr(layer, "activation", None)
    assert_array_equal(other.weights, W)
    assert_array_equal(other.biases, b)
    assert W.flags.writeable
    assert b.flags.writeable
    with refused("weights", "rows of the same length", "2 numbers in row 1 and 1 in row 2", "Correct row 2"):
        layer.with_parameters([[1, 2], [3]], b)
    with refused("biases", f"the {layer.neurons} columns", "5", "one bias a neuron"):
        layer.with_parameters(W, np.zeros(5))


@every_kind
def test_a_layer_survives_pickling(name):
    sampled = sample(name)
    other = pickle.loads(pickle.dumps(sampled.layer))
    assert_array_equal(other.predict(sampled.X), sampled.layer.predict(sampled.X))


def test_sizes_and_kinds():
    layer = LinearLayer(np.ones((2, 3)), np.zeros(3))
    assert (layer.inputs, layer.neurons) == (2, 3)
    assert list(KINDS) == ["linear", "perceptron", "logistic", "softmax"]
    assert all(kind.kind == name for name, kind in KINDS.items())


def test_ties_go_to_the_first_class():
    assert SoftmaxLayer([[0.0, 0.0]], [1.0, 1.0], classes=["b", "a"]).predict([[1.0]]).tolist() == ["b"]
    assert LogisticLayer([[0.0]], [0.0], classes=["no", "yes"]).predict([[1.0]]).tolist() == ["no"]
    assert LogisticLayer([[0.0, 1.0]], [0.0, 0.0]).predict([[1.0]]).tolist() == [[0, 1]]
    # Errors are counted by the same rule.
    assert LogisticLayer([[0.0]], [0.0], classes=["no", "yes"]).errors([[1.0]] * 3, ["no", "yes", "yes"]) == 2
    assert LogisticLayer([[0.0, 1.0]], [0.0, 0.0]).errors([[1.0]] * 3, [[0, 1], [1, 1], [0, 0]]) == 2
    assert SoftmaxLayer([[0.0, 0.0]], [1.0, 1.0], classes=["b", "a"]).errors([[1.0]] * 3, ["b", "a", "a"]) == 2


@every_kind
def test_decode_gives_back_what_encode_was_given(name):
    sampled = sample(name)
    assert_array_equal(sampled.layer.decode(sampled.layer.encode(sampled.targets)), np.asarray(sampled.targets))
    predicted = sampled.layer.predict(sampled.X)
    assert predicted.shape == np.asarray(sampled.targets).shape


@pytest.mark.parametrize("name", ["softmax", "logistic, one against rest"])
def test_one_hot_rows_stand_for_labels(name):
    sampled = sample(name)
    for rows in (np.array(sampled.desired), sampled.desired, np.array(sampled.desired, dtype=bool)):
        assert_array_equal(sampled.layer.encode(rows), sampled.layer.encode(sampled.targets))


def test_a_neuron_for_two_classes_takes_labels_or_rows():
    layer = LogisticLayer([[1.0]], [0.0], classes=[3, 7])
    assert_array_equal(layer.encode([7, 3, 7]), [[1.0], [0.0], [1.0]])
    assert_array_equal(layer.encode([[1], [0], [1]]), [[1.0], [0.0], [1.0]])
    assert layer.errors([[1.0], [1.0]], [3, 7]) == 1


def test_independent_neurons_are_wrong_where_any_is():
    layer = LogisticLayer([[1.0, 1.0]], [0.0, 0.0])
    assert layer.errors([[1.0], [1.0], [-1.0]], [[1, 1], [1, 0], [0, 0]]) == 1


# ---- Random layers.


def test_random_parameters_are_uniform_within_one_over_root_n():
    W, b = random_parameters(4, 5000, seed=0)
    assert (W.shape, b.shape) == ((4, 5000), (5000,))
    for drawn in (W.ravel(), b):
        assert np.abs(drawn).max() <= 0.5
        # Uniform on (-1/2, 1/2): variance 1/12; 5,000 draws and more give the quarters to 5 standard deviations, 0.03.
        assert drawn.var() == pytest.approx(1 / 12, rel=0.05)
        assert_allclose(np.histogram(drawn, bins=4, range=(-0.5, 0.5))[0] / drawn.size, 1 / 4, atol=0.03)


def test_random_parameters_are_drawn_row_by_row_then_the_biases():
    rng = np.random.default_rng(7)
    bound = 1 / math.sqrt(2)
    drawn = [(2 * rng.random() - 1) * bound for _ in range(9)]
    W, b = random_parameters(2, 3, seed=7)
    # The same draws; uniform(low, high) may scale them in another order.
    assert_allclose([*W.ravel(), *b], drawn, rtol=1e-13)


def test_random_layers_of_every_kind():
    softmax = SoftmaxLayer.random(inputs=2, classes=["x", "y", "z"], seed=1)
    assert (softmax.weights.shape, softmax.classes) == ((2, 3), ("x", "y", "z"))
    assert_array_equal(softmax.weights, SoftmaxLayer.random(2, ["x", "y", "z"], np.random.default_rng(1)).weights)
    assert not np.array_equal(softmax.weights, SoftmaxLayer.random(2, ["x", "y", "z"], 2).weights)
    assert LinearLayer.random(2, 3).weights.shape == (2, 3)
    assert PerceptronLayer.random(2, 3, activation="tanh").activation == "tanh"
    one = LogisticLayer.random(2, classes=np.array(["no", "yes"]))
    assert (one.neurons, one.classes) == (1, ("no", "yes"))
    assert LogisticLayer.random(2, classes=[1, 2, 3]).neurons == 3
    free = LogisticLayer.random(2, neurons=4)
    assert (free.neurons, free.classes) == (4, None)


@pytest.mark.parametrize("options", [{}, {"classes": ["a", "b"], "neurons": 2}])
def test_a_random_logistic_layer_wants_classes_or_neurons(options):
    with refused("random logistic layer", "either classes or neurons", "neurons=", "one of them"):
        LogisticLayer.random(2, **options)


def test_bad_sizes_of_a_random_layer():
    with refused("number of inputs", "whole number of at least 1", "0", "columns of the data"):
        LinearLayer.random(0, 1)
    with refused("number of neurons", "whole number of at least 1", "2.0", "number of outputs"):
        LinearLayer.random(1, 2.0)
    with refused("seed", "whole number of at least 0", "None", "numpy.random.Generator"):
        LinearLayer.random(1, 1, seed=None)


# ---- Bad input.


@pytest.mark.parametrize(
    ("weights", "biases", "thing", "rule", "got", "remedy"),
    [
        ([1.0, 2.0], [0.0], "weights", "be a matrix", "shape (2,)", "one row"),
        (
            [[1.0, 2.0], [3.0]],
            [0.0],
            "weights",
            "rows of the same length",
            "2 numbers in row 1 and 1 in row 2",
            "Correct row 2",
        ),
        ([["1", "2"]], [0.0, 0.0], "weights", "be a matrix", "[['1', '2']]", "Write 1 without quotation marks."),
        ([[1.0, math.nan]], [0.0, 0.0], "weights", "finite", "nan in row 1, column 2", "Remove or fill"),
        ([[1.0], [math.inf]], [0.0], "weights", "finite", "inf in row 2, column 1", "Remove or fill"),
        ([[1.0, 2.0]], [0.0, -math.inf], "biases", "finite", "-inf in entry 2", "Remove or fill"),
        ([[1.0, 2.0]], [0.0], "biases", "the 2 columns of the weights", "1", "one bias a neuron"),
        ([[1.0, 2.0]], [[0.0, 0.0]], "biases", "a list of numbers", "shape (1, 2)", "as in [0, 4]"),
        ([[], []], [], "weights", "at least one input (row) and one neuron (column)", "(2, 0)", "N rows of K numbers"),
        ([], [], "weights", "at least one row", "none", "data were read"),
        (np.array([[1.0]], np.float32), [1e39], "biases", "fit float32", "1e+39 in entry 1", "float64"),
    ],
)
def test_bad_weights_and_biases(weights, biases, thing, rule, got, remedy):
    with refused(thing, rule, got, remedy):
        LinearLayer(weights, biases)


@every_kind
def test_bad_inputs(name):
    sampled = sample(name)
    layer, X, targets = sampled.layer, sampled.X, sampled.targets
    with refused("inputs", "3 columns, one for each input", "2", "columns chosen"):
        layer.predict(X[:, :2])
    with refused("inputs", "at least one row", "none", "data were read"):
        layer.cost(X[:0], targets)
    with refused("inputs", "at least one row", "none", "data were read"):
        layer.output([])
    with refused("inputs", "be a matrix", "shape (3,)", "one row a pattern"):
        layer.output(X[0])
    bad = X.copy()
    bad[4, 1] = math.nan
    with refused("inputs", "finite numbers only", "nan in row 5, column 2", "Remove or fill"):
        layer.delta(bad, targets)
    with refused("targets", "as many as the rows of the inputs, 19", "20", "one target a pattern"):
        layer.cost(X[:-1], targets)
    with refused("reduction", "one of sum, mean", "'average'", "Known: sum, mean"):
        layer.cost(X, targets, "average")
    with refused("weight decay", "of at least 0", "-0.1", "0 for none"):
        layer.cost(X, targets, weight_decay=-0.1)


@pytest.mark.parametrize(
    ("weights", "rule", "got", "remedy"),
    [
        ([1.0] * 3, "as many as the rows of the inputs, 20", "3", "one weight a pattern"),
        ([-1.0] + [1.0] * 19, "at least 0, and not all 0", "-1", "counts a pattern k times"),
        ([0.0] * 20, "at least 0, and not all 0", "0", "counts a pattern k times"),
        ([math.nan] + [1.0] * 19, "finite", "nan in entry 1", "Remove or fill"),
        ([[1.0]] * 20, "a list of numbers", "(20, 1)", "one number an entry"),
    ],
)
def test_bad_sample_weights(weights, rule, got, remedy):
    sampled = sample("softmax")
    with refused("sample weights", rule, got, remedy):
        sampled.layer.cost(sampled.X, sampled.targets, sample_weight=weights)


@pytest.mark.parametrize("name", [*NUMBERS, "logistic, independent"])
def test_bad_numbers_as_targets(name):
    sampled = sample(name, patterns=3)
    with refused("targets", "3 columns, one for each neuron", "2", "(P, K) numbers"):
        sampled.layer.cost(sampled.X, [[0, 1]] * 3)
    with refused("targets", "be a matrix", "shape (3,)", "one row a pattern"):
        sampled.layer.cost(sampled.X, [0, 1, 1])
    with refused("targets", "be a matrix", "['a', 'b', 'c']", "numbers only"):
        sampled.layer.cost(sampled.X, ["a", "b", "c"])
    with refused("targets", "finite", "inf in row 2, column 3", "Remove or fill"):
        sampled.layer.cost(sampled.X, [[0, 1, 1], [0, 0, math.inf], [0, 0, 0]])
    with refused("targets", "at least one row", "none", "data were read"):
        sampled.layer.cost(sampled.X, [])


def test_a_logistic_neuron_wants_0_or_1():
    with refused("targets", "be 0 or 1", "0.5", "1 where the neuron should say yes"):
        LogisticLayer([[1.0, 1.0]], [0.0, 0.0]).cost([[1.0]], [[1, 0.5]])


@pytest.mark.parametrize("name", ["softmax", "logistic, one against rest"])
@pytest.mark.parametrize(
    ("targets", "thing", "rule", "got", "remedy"),
    [
        (["A", "B", "D"], "targets", "among the layer's classes ('A', 'B', 'C')", "'D' in row 3", "with this class"),
        (["A", None, "C"], "targets", "no label missing", "None in row 2", "Fill it in"),
        (["A", math.nan, "C"], "targets", "no label missing", "nan in row 2", "Fill it in"),
        ([{}, {}, {}], "targets", "be labels", "{} in row 1", "one label each"),
        ("ABC", "targets", "a list of labels", "'ABC'", "['A', 'B', 'C']"),
        (5, "targets", "a list of labels", "5", "Give a list"),
        (np.array("A"), "targets", "a list of labels", "array('A'", "Give a list"),
        (["A", "B"], "targets", "as many as the rows of the inputs, 3", "2", "one target a pattern"),
        ([], "targets", "as many as the rows of the inputs, 3", "0", "one target a pattern"),
        ([[1, 0], [0, 1], [1, 0]], "one-hot targets", "3 columns, one a class", "2", "order of the classes"),
        ([[1, 0, 0], [0, 1, 1], [0, 0, 1]], "one-hot targets", "a single 1", "[0.0, 1.0, 1.0] in row 2", "labels"),
        ([[1, 0, 0], [0, 0, 0], [0, 0, 1]], "one-hot targets", "a single 1", "[0.0, 0.0, 0.0] in row 2", "labels"),
        ([[1, 0, 0], [0.5, 0.5, 0], [0, 0, 1]], "one-hot targets", "a single 1", "in row 2", "correct the row"),
        (
            [[1, 0, 0], [0, 1], [0, 0, 1]],
            "one-hot targets",
            "rows of the same length",
            "3 numbers in row 1 and 2 in row 2",
            "Correct row 2",
        ),
    ],
)
def test_bad_labels(name, targets, thing, rule, got, remedy):
    sampled = sample(name, patterns=3)
    with refused(thing, rule, got, remedy):
        sampled.layer.cost(sampled.X, targets)


def test_labels_may_come_from_any_iterable():
    sampled = sample("softmax")
    assert_array_equal(sampled.layer.encode(label for label in sampled.targets), sampled.layer.encode(sampled.targets))


@pytest.mark.parametrize(
    ("classes", "rule", "got", "remedy"),
    [
        (["A", "B"], "be 3 for this layer", "2: ['A', 'B']", "one column a class"),
        (["A", "B", "A"], "be distinct", "['A', 'B', 'A']", "each class once"),
        (["A"], "at least two", "['A']", "patterns of another class"),
        ("ABC", "a list of labels", "'ABC'", "['A', 'B', 'C']"),
        (None, "a list of labels", "None", "Give a list"),
        (3, "a list of labels", "3", "Give a list"),
        (["A", None, "C"], "no label missing", "None in place 2", "Fill it in"),
        (["A", ["B"], "C"], "be labels", "['B'] in place 2", "one label each"),
    ],
)
def test_bad_classes(classes, rule, got, remedy):
    with refused("classes", rule, got, remedy):
        SoftmaxLayer(np.ones((2, 3)), np.zeros(3), classes=classes)
    if classes is not None:  # None stands for independent neurons
        with refused("classes", rule, got, remedy):
            LogisticLayer(np.ones((2, 3)), np.zeros(3), classes=classes)


def test_one_logistic_neuron_tells_two_classes_apart():
    with refused("classes", "be 2 for this layer (one neuron for two classes", "3:", "one column a class"):
        LogisticLayer([[1.0]], [0.0], classes=CLASSES)


def test_bad_activation_and_dtype():
    with refused("activation", "one of sigmoid, tanh", "'tan'", "Did you mean 'tanh'?"):
        PerceptronLayer([[1.0]], [0.0], activation="tan")
    with refused("dtype", "one of float32, float64", "'float16'", "Did you mean"):
        LinearLayer([[1.0]], [0.0]).astype(np.float16)
    with refused("weights", "fit float32", "1e+300 in row 1, column 1", "float64"):
        LinearLayer([[1e300]], [0.0]).astype(np.float32)


@pytest.mark.parametrize("name", NAMES)
def test_outputs_lie_within_the_layers_output_range(name):
    layer = sample(name, inputs=1).layer
    low, high = layer.output_range
    far = layer.output([[1e6], [-1e6], [0.0]])
    assert low <= far.min()
    assert far.max() <= high
    if name.startswith("perceptron"):
        assert (far.min(), far.max()) == (low, high)  # the limits are reached to rounding


ANSWERS = {  # has_classes, has_slopes, independent
    "linear": (False, False, False),
    "perceptron sigmoid": (False, True, False),
    "perceptron tanh": (False, True, False),
    "logistic, one neuron": (True, True, False),
    "logistic, independent": (True, True, True),
    "logistic, one against rest": (True, True, False),
    "softmax": (True, False, False),
}


@every_kind
def test_a_layer_answers_what_kind_of_predictions_it_makes(name):
    sampled = sample(name)
    layer = sampled.layer
    assert (layer.has_classes, layer.has_slopes, layer.independent) == ANSWERS[name]
    assert (layer.errors(sampled.X, sampled.targets) is None) == (not layer.has_classes)
    if name in NUMBERS:
        assert layer.classes is None


@every_kind
def test_a_layer_for_targets_has_their_neurons_and_classes(name):
    sampled = sample(name)
    options = {"activation": "tanh"} if name == "perceptron tanh" else {}
    layer = type(sampled.layer).for_targets(3, sampled.targets, seed=5, **options)
    assert type(layer) is type(sampled.layer)
    assert layer.classes == sampled.layer.classes
    W, b = random_parameters(3, sampled.layer.neurons, 5)
    assert_array_equal(layer.weights, W)
    assert_array_equal(layer.biases, b)
    assert getattr(layer, "activation", None) == getattr(sampled.layer, "activation", None)
    assert np.isfinite(layer.cost(sampled.X, sampled.targets))


def test_the_classes_of_a_layer_for_targets_may_be_given_in_an_order():
    assert SoftmaxLayer.for_targets(2, ["A", "B"], classes=["B", "A", "C"]).classes == ("B", "A", "C")
    assert LogisticLayer.for_targets(2, ["A", "B"], classes=["B", "A"]).classes == ("B", "A")
    assert SoftmaxLayer.for_targets(2, [[0, 1, 0]]).classes == (1, 2, 3)
    with refused("classes", "be left out for a linear layer", "['A']", "predicts numbers"):
        LinearLayer.for_targets(2, [[1.0]], classes=["A"])


def test_a_softmax_layer_must_be_given_classes():
    with pytest.raises(TypeError, match="classes"):
        SoftmaxLayer([[1.0, 2.0]], [0.0, 0.0])


def test_softmax_has_no_slope_for_each_neuron():
    with refused("layer", "a slope f'(u) for each neuron", "a softmax layer", "has_slopes"):
        sample("softmax").layer.output_slope(np.ones((1, 3)))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("linear", "LinearLayer(3 x 3)"),
        ("perceptron tanh", "PerceptronLayer(3 x 3, activation='tanh')"),
        ("logistic, independent", "LogisticLayer(3 x 3, classes=None)"),
        ("softmax", "SoftmaxLayer(3 x 3, classes=('A', 'B', 'C'))"),
    ],
)
def test_the_repr_of_a_layer_is_its_kind_its_size_and_its_own_fields(name, text):
    assert repr(sample(name).layer) == text


def test_the_repr_of_a_layer_of_many_classes_stays_short():
    assert len(repr(SoftmaxLayer.random(2, range(500)))) < 80


@every_kind
def test_a_layer_as_a_dictionary_is_plain_and_complete(name):
    layer = sample(name).layer
    record = json.loads(json.dumps(layer.to_dict()))
    own = {key: value for key, value in record.items() if key not in ("kind", "weights", "biases")}
    again = KINDS[record["kind"]](record["weights"], record["biases"], **own)
    assert again.to_dict() == layer.to_dict()
    assert_array_equal(again.weights, layer.weights)
