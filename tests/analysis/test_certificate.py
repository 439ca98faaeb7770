"""The certificate of an optimum: exact where data are badly scaled, and bounds that hold."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from sklearn.datasets import load_diabetes

from deltarule.analysis.certificate import excess, gradient_norm
from deltarule.analysis.newton import newton, newton_step
from deltarule.analysis.objective import objective
from deltarule.analysis.optimum import OptimumOutcome, optimum
from deltarule.analysis.preconditioning import preconditioner
from deltarule.datasets import load
from deltarule.descent import Descent
from deltarule.layers import LinearLayer, LogisticLayer, PerceptronLayer, SoftmaxLayer
from samples import MINIMISED as NAMES
from samples import sample

CONVEX = [name for name in NAMES if not name.startswith("perceptron")]

# Longley (1967), as NIST's Statistical Reference Datasets print it: y, and x1 to x6.
LONGLEY = np.array([
    [60323, 83.0, 234289, 2356, 1590, 107608, 1947],
    [61122, 88.5, 259426, 2325, 1456, 108632, 1948],
    [60171, 88.2, 258054, 3682, 1616, 109773, 1949],
    [61187, 89.5, 284599, 3351, 1650, 110929, 1950],
    [63221, 96.2, 328975, 2099, 3099, 112075, 1951],
    [63639, 98.1, 346999, 1932, 3594, 113270, 1952],
    [64989, 99.0, 365385, 1870, 3547, 115094, 1953],
    [63761, 100.0, 363112, 3578, 3350, 116219, 1954],
    [66019, 101.2, 397469, 2904, 3048, 117388, 1955],
    [67857, 104.6, 419180, 2822, 2857, 118734, 1956],
    [68169, 108.4, 442769, 2936, 2798, 120445, 1957],
    [66513, 110.8, 444546, 4681, 2637, 121950, 1958],
    [68655, 112.6, 482704, 3813, 2552, 123366, 1959],
    [69564, 114.2, 502601, 3931, 2514, 125368, 1960],
    [69331, 115.7, 518173, 4806, 2572, 127852, 1961],
    [70551, 116.9, 554894, 4007, 2827, 130081, 1962],
])  # fmt: skip
# Certified by NIST: the intercept and the six coefficients, and the residual sum of squares.
LONGLEY_COEFFICIENTS = [-3482258.63459582, 15.0618722713733, -0.358191792925910e-01, -2.02022980381683, -1.03322686717359,
                        -0.511041056535807e-01, 1829.15146461355]  # fmt: skip
LONGLEY_SQUARES = 836424.055505915


def by(reduction="sum", weight_decay=0.0):
    return Descent(1.0, 1, reduction=reduction, weight_decay=weight_decay)


def linear(inputs, neurons=1, biases=True):
    return LinearLayer(np.zeros((inputs, neurons)), np.zeros(neurons) if biases else None)


def exact(X, D, decay=0.0, biases=True):
    """(W; b) of the least sum of squares in fractions, from the normal equations, by elimination."""
    rows = [[Fraction(x) for x in row] + [Fraction(int(biases))] * biases for row in np.asarray(X).tolist()]
    size = len(rows[0])
    A = [[sum(row[i] * row[j] for row in rows) for j in range(size)] for i in range(size)]
    for n in range(size - biases):
        A[n][n] += Fraction(decay)
    targets = [[Fraction(d) for d in row] for row in np.asarray(D).tolist()]
    B = [
        [sum(row[i] * d[k] for row, d in zip(rows, targets, strict=True)) for k in range(len(targets[0]))]
        for i in range(size)
    ]
    for i in range(size):
        pivot = next(j for j in range(i, size) if A[j][i])
        A[i], A[pivot], B[i], B[pivot] = A[pivot], A[i], B[pivot], B[i]
        for j in range(size):
            if j != i and A[j][i]:
                ratio = A[j][i] / A[i][i]
                A[j] = [a - ratio * b for a, b in zip(A[j], A[i], strict=True)]
                B[j] = [a - ratio * b for a, b in zip(B[j], B[i], strict=True)]
    return np.array([[float(b / A[i][i]) for b in B[i]] for i in range(size)])


# ---- Least squares of data as they come.


def test_longley_as_it_is_has_the_certified_least_squares():
    found = optimum(linear(6), LONGLEY[:, 1:], LONGLEY[:, :1], by())
    assert found.attained
    assert found.cost == pytest.approx(LONGLEY_SQUARES / 2, rel=1e-12)
    assert found.cost == pytest.approx(418212.03, abs=0.005)
    assert found.layer.biases[0] == pytest.approx(LONGLEY_COEFFICIENTS[0], rel=1e-9)
    assert_allclose(found.layer.weights.ravel(), LONGLEY_COEFFICIENTS[1:], rtol=1e-9)
    mean = optimum(linear(6), LONGLEY[:, 1:], LONGLEY[:, :1], by("mean"))
    assert mean.cost == pytest.approx(LONGLEY_SQUARES / 16, rel=1e-12)


def test_tables_in_their_own_units_are_no_cause_for_alarm():
    X, y = load_diabetes(return_X_y=True, scaled=False)
    found = optimum(linear(10), X, y, by())
    assert found.attained
    A = np.column_stack([X - X.mean(axis=0), np.ones(len(X))])
    expected = A @ np.linalg.lstsq(A, y, rcond=None)[0]
    assert found.cost == pytest.approx(0.5 * np.sum((y - expected) ** 2), rel=1e-12)
    linnerud = load("linnerud")
    assert optimum(linear(3, 3), linnerud.inputs, linnerud.targets, by("mean")).attained
    # Iris in micrometres and tonnes, each flower at one place of the earth.
    iris = load("iris")
    X = iris.inputs * [1e4, 1e-6, 1.0, 1e3] + [0.0, 0.0, 6.4e6, -1e5]
    layer = SoftmaxLayer(np.zeros((4, 3)), np.zeros(3), classes=("setosa", "versicolor", "virginica"))
    assert optimum(layer, X, iris.targets, by(weight_decay=1e-3)).attained


@settings(max_examples=15)
@given(
    st.integers(0, 10**6),
    st.lists(st.integers(-6, 6), min_size=3, max_size=3),
    st.sampled_from([0.0, 1e-3, 10.0]),
    st.booleans(),
)
def test_columns_of_any_scale_have_the_weights_of_exact_arithmetic(seed, powers, decay, biases):
    rng = np.random.default_rng(seed)
    X = (rng.normal(size=(12, 3)) + rng.normal(size=3)) * 10.0 ** np.array(powers)
    D = rng.normal(size=(12, 2))
    found = optimum(linear(3, 2, biases), X, D, by(weight_decay=decay))
    assert found.attained
    reference = exact(X, D, decay, biases)
    # Relative to a neuron's largest part of u.
    sizes = np.append(np.abs(X).max(axis=0), 1.0)[: len(reference), None]
    got = np.vstack([found.layer.weights, found.layer.biases])[: len(reference)]
    assert np.abs((got - reference) * sizes).max() <= 1e-11 * np.abs(reference * sizes).max()
    assert_allclose(found.layer.weights, reference[:3], rtol=1e-8)


@pytest.mark.parametrize("shift", [1e4, -1e8])
def test_an_origin_far_away_costs_no_digit_of_the_weights(shift):
    X = np.array([[1.0], [2.0], [4.0], [8.0]])
    D = np.array([[1.0], [0.0], [2.0], [3.0]])
    near, far = (optimum(linear(1), X + by_, D + 3 * by_, by()) for by_ in (0.0, shift))
    assert near.attained
    assert far.attained
    assert_allclose(far.layer.weights, near.layer.weights, rtol=1e-13)


def test_of_inputs_that_depend_on_each_other_the_weights_of_least_norm_are_found():
    # The second input is the first: half of the slope 2 each.
    found = optimum(linear(2), [[0.0, 0.0], [1.0, 1.0], [2.0, 2.0]], [[1.0], [3.0], [5.0]], by())
    assert found.attained
    assert_allclose(found.layer.weights, [[1.0], [1.0]], rtol=1e-14)
    # More inputs than patterns: all targets are reached.
    rng = np.random.default_rng(0)
    many = optimum(linear(30, 2), rng.normal(size=(8, 30)), rng.normal(size=(8, 2)), by())
    assert many.attained
    assert many.cost < 1e-25


def test_an_input_that_never_varies_has_no_weight():
    found = optimum(linear(2), [[0.1, 0.0], [0.1, 1.0], [0.1, 2.0]], [[1.0], [3.0], [5.0]], by())
    assert found.attained
    assert_allclose(found.layer.weights, [[0.0], [2.0]], atol=1e-14)
    assert_allclose(found.layer.biases, [1.0], rtol=1e-14)


def test_weight_decay_acts_on_the_weights_as_they_are():
    # One weight through 0: w = sum x d / (sum x^2 + L), in whatever unit x is.
    for scale in (1e-6, 1.0, 1e6):
        x = scale * np.array([[1.0], [2.0]])
        found = optimum(linear(1, biases=False), x, [[1.0], [3.0]], by(weight_decay=2.0))
        assert found.layer.weights[0, 0] == pytest.approx(7 * scale / (5 * scale**2 + 2), rel=1e-14)


@pytest.mark.parametrize("reduction", ["sum", "mean"])
@pytest.mark.parametrize("name", NAMES)
def test_decayed_biases_are_weights_of_an_input_of_1(name, reduction):
    sampled = sample(name)
    X = sampled.X + 3.0
    descent = Descent(1.0, 1, reduction=reduction, weight_decay=0.1, decay_biases=True)
    found = optimum(sampled.layer, X, sampled.targets, descent)
    same = sampled.layer.with_parameters(np.vstack([sampled.layer.weights, sampled.layer.biases]), None)
    expected = optimum(same, np.column_stack([X, np.ones(20)]), sampled.targets, by(reduction, 0.1))
    assert found.attained
    assert found.cost == pytest.approx(expected.cost, rel=1e-12)
    assert_allclose(np.vstack([found.layer.weights, found.layer.biases]), expected.layer.weights, atol=1e-7)


def test_where_biases_are_decayed_a_class_without_a_pattern_has_a_minimum():
    layer = SoftmaxLayer(np.zeros((1, 3)), np.zeros(3), classes=["a", "b", "c"])
    descent = Descent(1.0, 1, weight_decay=0.1, decay_biases=True)
    assert optimum(layer, [[0.0], [1.0]], ["a", "b"], descent).attained


# ---- Bounds.


def near_the_minimum(name, decay, size, seed=0):
    """The objective of a sample, a point that is `size` from its minimum, the Newton step there, and the minimum."""
    sampled = sample(name, 40)
    patterns = sampled.layer.patterns(sampled.X, sampled.targets, np.arange(40) % 3 + 0.5)
    cost = objective(sampled.layer, patterns, by("sum", decay))
    least, _, _ = newton(cost, np.zeros(cost.shape))
    point = cost.at(cost.told_apart(least.theta + size * np.random.default_rng(seed).normal(size=cost.shape)))
    step, _ = newton_step(cost, point, preconditioner(cost, point), 1e-8)
    return cost, point, step, least


@pytest.mark.parametrize("size", [1e-3, 1e-2, 0.1])
@pytest.mark.parametrize("decay", [0.0, 0.5, 20.0])
@pytest.mark.parametrize("name", CONVEX)
def test_no_cost_is_farther_from_the_least_than_its_bound(name, decay, size):
    for seed in range(5):
        cost, point, step, least = near_the_minimum(name, decay, size, seed)
        above, bound = point.value - least.value, excess(cost, point, step)
        assert above <= bound * (1 + 1e-6) + 1e-12 * least.value
        if bound < math.inf:
            assert bound <= 4 * above + 1e-12 * least.value  # and it tells: twice that of a quadratic cost


def test_far_from_the_minimum_nothing_is_promised():
    cost, _, _, least = near_the_minimum("softmax", 0.5, 1e-3)
    point = cost.at(cost.told_apart(30 * np.sign(least.theta)))
    step, _ = newton_step(cost, point, preconditioner(cost, point), 1e-8)
    assert excess(cost, point, step) == math.inf
    assert excess(cost, point, np.full(cost.shape, np.nan)) == math.inf


@pytest.mark.parametrize("name", CONVEX)
def test_the_distance_bounds_the_weights_and_the_excess_the_cost(name):
    sampled = sample(name)
    found = optimum(sampled.layer, sampled.X, sampled.targets, by("mean", weight_decay=0.1))
    again = optimum(
        sampled.layer, sampled.X * 2.0, sampled.targets, by("mean", weight_decay=0.1 * 4)
    )  # the same problem
    assert found.attained
    assert found.excess <= 1e-15 * found.cost
    assert found.distance == pytest.approx(math.sqrt(2 * found.excess / 0.1), rel=1e-12)
    away = np.linalg.norm(found.layer.weights - 2.0 * again.layer.weights)
    assert away <= found.distance + 2 * again.distance + 1e-14


@pytest.mark.parametrize("name", NAMES)
def test_the_gradient_norm_has_no_unit(name):
    sampled = sample(name)
    norms = []
    for scale in (1.0, 1e5):
        patterns = sampled.layer.patterns(sampled.X * scale, sampled.targets)
        cost = objective(sampled.layer, patterns, by())
        norms.append(gradient_norm(cost, cost.at(cost.scaling.theta(sampled.layer.with_parameters(
            sampled.layer.weights / scale, sampled.layer.biases)))))  # fmt: skip
    assert 0 < norms[0] <= 1
    assert norms[1] == pytest.approx(norms[0], rel=1e-9)


# ---- What has no minimum.


def test_what_a_cost_falls_towards_worked_by_hand():
    # a, b, b at 0 and c never: what is left is -log(1/3) - 2 log(2/3) of a and b.
    layer = SoftmaxLayer(np.zeros((1, 3)), np.zeros(3), classes=["a", "b", "c"])
    found = optimum(layer, np.zeros((3, 1)), ["a", "b", "b"], by(weight_decay=1.0))
    assert found.outcome is OptimumOutcome.ONE_SIDED
    assert found.cost == pytest.approx(math.log(3) + 2 * math.log(1.5), rel=1e-12)
    assert found.escaping == ("c",)
    assert str(found).endswith(f" It falls towards {found.cost:.8g}. Without a pattern: c.")
    # No neuron 2 without a no: log 2 for each of the two answers of neuron 1.
    neurons = LogisticLayer(np.zeros((1, 2)), np.zeros(2))
    found = optimum(neurons, np.zeros((2, 1)), [[0, 1], [1, 1]], by(weight_decay=1.0))
    assert found.cost == pytest.approx(2 * math.log(2), rel=1e-12)
    assert found.escaping == (2,)
    assert str(found).endswith("Without a pattern: neuron 2.")
    alone = LogisticLayer([[0.0]], [0.0], classes=["no", "yes"])
    assert optimum(alone, [[0.0], [1.0]], ["no", "no"], by(weight_decay=1.0)).escaping == ("yes",)
    assert optimum(alone, [[0.0], [1.0]], ["yes", "yes"], by(weight_decay=1.0)).escaping == ("no",)
    # Touching at 1, where each of the two costs log 2 at the least.
    layer = SoftmaxLayer(np.zeros((1, 2)), np.zeros(2), classes=["a", "b"])
    found = optimum(layer, [[0.0], [1.0], [1.0], [2.0]], list("aabb"), by(), sample_weight=[1, 2, 2, 5])
    assert found.cost == pytest.approx(4 * math.log(2), rel=1e-12)


def test_no_layer_costs_less_than_the_limit_and_some_come_near():
    iris = load("iris")
    layer = SoftmaxLayer(np.zeros((4, 3)), np.zeros(3), classes=("setosa", "versicolor", "virginica"))
    limit = optimum(layer, iris.inputs, iris.targets, by()).cost
    costs = [optimum(layer, iris.inputs, iris.targets, by(weight_decay=L)) for L in (1e-2, 1e-4, 1e-6)]
    plain = [found.layer.cost(iris.inputs, iris.targets) for found in costs]
    assert plain == sorted(plain, reverse=True)
    assert limit < plain[-1] < limit + 1e-2


# ---- Plateaus.


def test_a_perceptron_that_reaches_its_targets_only_far_out_stands_on_a_plateau():
    # Targets of 0 and 1 are limits of the sigmoid: the cost falls for ever.
    found = optimum(PerceptronLayer([[1.0]], [0.0]), [[-1.0], [1.0]], [[0.0], [1.0]], by())
    assert not found.attained
    # With decay there is a minimum, and with targets inside the range.
    assert optimum(PerceptronLayer([[1.0]], [0.0]), [[-1.0], [1.0]], [[0.0], [1.0]], by(weight_decay=0.01)).attained
    inside = optimum(PerceptronLayer([[1.0]], [0.0]), [[-1.0], [1.0]], [[0.01], [0.9]], by())
    assert inside.attained
    assert inside.cost < 1e-18


def test_a_neuron_on_a_plateau_is_named():
    layer = PerceptronLayer([[0.0, 0.0]], [0.0, 1e4], target_names=("near", "far"))
    found = optimum(layer, [[1.0], [-1.0]], [[0.2, 0.2], [0.3, 0.3]], by())
    assert found.outcome is OptimumOutcome.PLATEAU
    assert found.escaping == ("far",)
    assert str(found).endswith("On it: far. Start elsewhere.")
