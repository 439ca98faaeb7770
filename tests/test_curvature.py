"""The bound on the curvature is above the second derivatives of every kind of layer, and those of a linear layer themselves."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.sparse import csr_array

from deltarule.curvature import SIGMOID, largest_curvature
from deltarule.descent import Descent
from deltarule.layers import LinearLayer, LogisticLayer, Patterns, PerceptronLayer, RosenblattLayer, SoftmaxLayer

RNG = np.random.default_rng(0)
X = RNG.normal(size=(30, 4)) * [0.1, 1.0, 3.0, 1.0] + 1
V = RNG.uniform(0, 3, 30)
D = np.eye(3)[RNG.integers(0, 3, 30)]
KINDS = {
    "linear": (LinearLayer, D),
    "logistic": (LogisticLayer, D),
    "softmax": (lambda W, b: SoftmaxLayer(W, b, classes=(0, 1, 2)), D),
    "sigmoid": (PerceptronLayer, D),
    "tanh": (lambda W, b: PerceptronLayer(W, b, "tanh"), 2 * D - 1),
}
every_kind = pytest.mark.parametrize("name", KINDS)
every_reduction = pytest.mark.parametrize("reduction", ["sum", "mean", "half-mean"])


def layer_of(name, size, biases):
    make, targets = KINDS[name]
    return make(RNG.normal(size=(4, 3)) * size, RNG.normal(size=3) if biases else None), targets


def second_derivatives(layer, patterns, reduction, decay):
    """The matrix of all of them by (W, b), from the layer's own curvature of each pattern."""
    extended = np.column_stack([patterns.X, np.full(len(patterns.X), float(layer.has_biases))])
    curvature = layer.pattern_curvature(patterns.X @ layer.weights + layer.biases, patterns.D)
    factor = patterns.sample_weight * layer.scale(patterns.sample_weight, reduction)
    H = np.einsum("p,pkj,pn,pm->knjm", factor, curvature, extended, extended).reshape(15, 15)
    return H + decay * np.eye(15)


@every_reduction
@pytest.mark.parametrize("biases", [False, True])
@every_kind
def test_no_second_derivative_is_above_it_nor_below_its_opposite(name, biases, reduction):
    for size in (0.01, 0.3, 1.0, 5.0):
        layer, targets = layer_of(name, size, biases)
        patterns = layer.patterns(X, targets, V)
        bound = largest_curvature(layer, patterns, Descent(1.0, 1, reduction=reduction, weight_decay=0.5))
        found = np.linalg.eigvalsh(second_derivatives(layer, patterns, reduction, 0.5))
        assert -bound <= found[0]
        assert found[-1] <= bound * (1 + 1e-9)


@every_reduction
def test_of_a_linear_layer_it_is_the_largest_of_them(reduction):
    layer, targets = layer_of("linear", 1.0, True)
    patterns = layer.patterns(X, targets, V)
    bound = largest_curvature(layer, patterns, Descent(1.0, 1, reduction=reduction))
    assert bound == pytest.approx(np.linalg.eigvalsh(second_derivatives(layer, patterns, reduction, 0.0))[-1])


@every_reduction
@pytest.mark.parametrize("batch_size", [1, 4, 29])
@every_kind
def test_it_holds_of_each_mini_batch(name, batch_size, reduction):
    layer, targets = layer_of(name, 0.3, True)
    patterns = layer.patterns(X, targets, V)
    bound = largest_curvature(layer, patterns, Descent(1.0, 1, batch_size, reduction))
    for _ in range(20):
        batch = patterns.take(RNG.choice(30, batch_size, replace=False))
        assert np.linalg.eigvalsh(second_derivatives(layer, batch, reduction, 0.0))[-1] <= bound * (1 + 1e-9)


def test_the_constant_of_the_sigmoid_is_the_largest_second_derivative_of_its_squared_error():
    U = np.linspace(-10, 10, 200_001)[:, None]
    layer = PerceptronLayer(np.ones((1, 1)), np.zeros(1))
    found = max(np.abs(layer.pattern_curvature(U, np.full_like(U, d))).max() for d in (0.0, 0.3, 1.0))
    assert found <= SIGMOID
    assert_allclose(found, SIGMOID, rtol=1e-5)


@pytest.mark.parametrize("inputs", [1, 30])
def test_sparse_inputs_have_that_of_dense_ones_to_a_thousandth(inputs):
    dense = RNG.normal(size=(40, inputs)) * (RNG.random((40, inputs)) < 0.3)
    layer = LogisticLayer(np.zeros((inputs, 1)), np.zeros(1))
    patterns = layer.patterns(dense, RNG.integers(0, 2, (40, 1)))
    sparse = Patterns(csr_array(dense), patterns.D, patterns.sample_weight)
    for batch_size in (None, 5):
        descent = Descent(1.0, 1, batch_size)
        assert_allclose(
            largest_curvature(layer, sparse, descent), largest_curvature(layer, patterns, descent), rtol=1.1e-3
        )


def test_many_inputs_have_it_too():
    wide = RNG.normal(size=(50, 1500))
    layer = LinearLayer(np.zeros((1500, 1)), None)
    bound = largest_curvature(layer, layer.patterns(wide, np.zeros(50)), Descent(1.0, 1))
    assert_allclose(bound, np.linalg.svd(wide)[1][0] ** 2, rtol=2e-3)


def test_a_kind_without_a_bound_and_inputs_too_large_have_none():
    hard = RosenblattLayer(np.zeros((1, 1)), np.zeros(1))
    assert largest_curvature(hard, hard.patterns([[1.0]], [[1]]), Descent(1.0, 1)) is None
    linear = LinearLayer([[0.0]], [0.0])
    assert largest_curvature(linear, linear.patterns([[1e200]], [0.0]), Descent(1.0, 1)) is None
