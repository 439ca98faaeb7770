"""What holds of every layer: weights as copies, relabelling, the order of patterns, shifts, limits of outputs."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from deltarule.layers import LogisticLayer, SoftmaxLayer
from samples import (
    CLASSES,
    NAMES,
    sample,
)

REDUCTIONS = ("sum", "mean")
every_kind = pytest.mark.parametrize("name", NAMES)
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


UNBOUNDED = (  # kinds whose outputs may be 1 or more
    "linear",
    "step, one neuron",
    "sign, independent",
    "sign, one against rest",
    "adaline, one neuron",
    "adaline, one a class",
)


@every_kind
def test_rows_of_softmax_and_limits_of_outputs(name):
    sampled = sample(name)
    Y = sampled.layer.output(sampled.X)
    assert_array_equal(Y, sampled.layer.activate(sampled.layer.synaptic_input(sampled.X)))
    if name == "softmax":
        assert_allclose(Y.sum(axis=1), 1, rtol=1e-15)
    assert np.all(np.abs(Y) < 1) or name in UNBOUNDED


@pytest.mark.parametrize("name", NAMES)
def test_outputs_lie_within_the_layers_output_range(name):
    layer = sample(name, inputs=1).layer
    low, high = layer.output_range
    far = layer.output([[1e6], [-1e6], [0.0]])
    assert low <= far.min()
    assert far.max() <= high
    if name.startswith("perceptron"):
        assert (far.min(), far.max()) == (low, high)  # the limits are reached to rounding
