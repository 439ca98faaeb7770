"""Newton's method in machine code finds what the plain one finds, and leaves to that what it does worse."""

import subprocess
import sys

import numpy as np
import pytest
from numpy.testing import assert_allclose
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from deltarule import Descent, LogisticLayer, SoftmaxLayer, optimum
from deltarule.analysis.certificate import gradient_norm
from deltarule.analysis.compiled_newton import compiled_newton, is_small, load, plain_newton, stepped
from deltarule.analysis.newton import newton
from deltarule.analysis.objective import objective

pytestmark = [pytest.mark.kernels, pytest.mark.skipif(not load(), reason="there is no Numba here")]


def data(seed=0, patterns=60, inputs=4, classes=3):
    """Classes that overlap, in columns of several sizes."""
    rng = np.random.default_rng(seed)
    y = rng.integers(0, classes, patterns)
    X = (rng.normal(size=(patterns, inputs)) + 0.7 * np.eye(inputs)[y % inputs]) * 10.0 ** np.arange(inputs)
    return X, y, rng.uniform(0.1, 3.0, patterns)


LAYERS = {
    "softmax": (lambda b: SoftmaxLayer(np.zeros((4, 3)), b and np.zeros(3), classes=(0, 1, 2)), lambda y: y),
    "logistic, one neuron": (lambda b: LogisticLayer(np.zeros((4, 1)), b and np.zeros(1), classes=(0, 1)), lambda y: y % 2),
    "logistic, one against the rest": (
        lambda b: LogisticLayer(np.zeros((4, 3)), b and np.zeros(3), classes=(0, 1, 2)), lambda y: y,
    ),
    "logistic, several answers": (lambda b: LogisticLayer(np.zeros((4, 2)), b and np.zeros(2)), lambda y: np.eye(3)[y, :2]),
}  # fmt: skip
COSTS = [Descent(1.0, 1, weight_decay=1e-3), Descent(1.0, 1, reduction="mean", weight_decay=0.1),
         Descent(1.0, 1, weight_decay=2.0, decay_biases=True), Descent(1.0, 1, weight_decay=1e4), Descent(1.0, 1)]  # fmt: skip


@pytest.mark.parametrize("name", LAYERS)
@pytest.mark.parametrize("descent", COSTS)
@pytest.mark.parametrize("biases", [True, None])
def test_it_finds_the_least_cost_of_the_plain_method(name, descent, biases):
    make, targets_of = LAYERS[name]
    X, y, v = data()
    layer = make(biases)
    cost = objective(layer, layer.patterns(X, targets_of(y), v), descent)
    (point, step, costs), found = stepped(cost, np.zeros(cost.shape))
    plain, _, _ = newton(cost, np.zeros(cost.shape))
    assert found
    assert is_small(cost)
    assert_allclose(point.theta, plain.theta, rtol=1e-7, atol=1e-9 * np.abs(plain.theta).max())
    assert_allclose(point.value, plain.value, rtol=1e-13)
    again = cost.at(point.theta)
    assert_allclose(point.Y, again.Y, atol=1e-13)
    assert_allclose(point.U, again.U, atol=1e-12 * max(1, np.abs(again.U).max())) if name != "softmax" else None
    assert gradient_norm(cost, again) < 1e-12
    assert (np.diff(costs) <= 1e-13 * costs[0]).all()
    assert np.abs(step).max() <= 1e-6 * np.abs(point.theta).max()


def test_its_first_step_solves_the_equations_of_newton():
    X, y, v = data()
    layer = LAYERS["softmax"][0](True)
    cost = objective(layer, layer.patterns(X, y, v), Descent(1.0, 1, weight_decay=0.5))
    start, width = np.zeros(cost.shape), 1e-5
    ways = width * np.eye(start.size).reshape(-1, *start.shape)
    H = np.array([(cost.at(way).gradient - cost.at(-way).gradient).ravel() / (2 * width) for way in ways])
    step = -np.linalg.lstsq(H, cost.at(start).gradient.ravel(), rcond=1e-8)[0].reshape(start.shape)
    (_, _, costs), _ = stepped(cost, start)
    assert costs[1] == pytest.approx(cost.at(step).value, rel=1e-9)


@pytest.mark.parametrize("decay", [1.0, 1e-3])
def test_it_finds_the_optimum_of_scikit_learn(decay):
    X, y = load_iris(return_X_y=True)
    X = StandardScaler().fit_transform(X)
    layer = SoftmaxLayer.for_targets(X.shape[1], y)
    cost = objective(layer, layer.patterns(X, y), Descent(1.0, 1, weight_decay=decay))
    (point, _, _), found = stepped(cost, np.zeros(cost.shape))
    theirs = LogisticRegression(C=1 / decay, solver="newton-cholesky", tol=1e-12, max_iter=1000).fit(X, y)
    assert found
    assert_allclose(cost.layer(point.theta).weights, theirs.coef_.T, atol=1e-7)


@pytest.mark.parametrize("name", LAYERS)
@pytest.mark.parametrize("descent", COSTS)
@pytest.mark.parametrize("seed", range(4))
def test_both_take_the_same_steps(name, descent, seed):
    make, targets_of = LAYERS[name]
    X, y, v = data(seed)
    cost = objective(make(True), make(True).patterns(X, targets_of(y), v), descent)
    _, _, costs = compiled_newton(cost, np.zeros(cost.shape))
    _, _, plain = plain_newton(cost, np.zeros(cost.shape))
    assert_allclose(costs, plain, rtol=1e-7)


def test_inputs_that_depend_on_each_other_are_left_to_the_plain_method():
    X, y, v = data()
    X = np.column_stack([X[:, :2], X[:, 0] - X[:, 1], X[:, 1]])
    layer = LAYERS["softmax"][0](True)
    cost = objective(layer, layer.patterns(X, y, v), Descent(1.0, 1))
    _, found = stepped(cost, np.zeros(cost.shape))
    point, _, costs = compiled_newton(cost, np.zeros(cost.shape))
    plain, _, plain_costs = plain_newton(cost, np.zeros(cost.shape))
    assert not found
    assert point.value == plain.value
    assert costs == plain_costs


def test_figures_that_overflow_are_left_to_the_plain_method():
    X, y, v = data()
    layer = LAYERS["softmax"][0](True)
    cost = objective(layer, layer.patterns(X, y, v), Descent(1.0, 1, weight_decay=1.0))
    with np.errstate(all="ignore"):
        _, found = stepped(cost, np.full(cost.shape, 1e308) * np.array([1, -1, 0]))
    assert not found


def test_a_kind_of_ones_own_is_left_to_the_plain_method():
    class Mine(SoftmaxLayer):
        pass

    X, y, v = data()
    layer = Mine(np.zeros((4, 3)), np.zeros(3), classes=(0, 1, 2))
    assert not is_small(objective(layer, layer.patterns(X, y, v), Descent(1.0, 1, weight_decay=1.0)))


def test_the_optimum_says_the_costs_on_the_way():
    X, y, v = data()
    layer = LAYERS["softmax"][0](True)
    found = optimum(layer, X, y, Descent(1.0, 1, weight_decay=1.0), sample_weight=v)
    assert found.costs[0] == pytest.approx(v.sum() * np.log(3))
    assert found.costs[-1] == pytest.approx(found.cost, rel=1e-12)
    assert (np.diff(found.costs) < 1e-12).all()


@pytest.mark.slow
def test_one_fit_waits_for_no_machine_code():
    program = (
        "import sys, numpy as np; from deltarule import Descent, SoftmaxLayer, optimum;"
        "X = np.arange(12.0).reshape(6, 2) % 5;"
        "found = optimum(SoftmaxLayer.random(2, ['a', 'b']), X, list('aababb'), Descent(1.0, 1, weight_decay=1.0));"
        "print(found.attained, 'numba' in sys.modules)"
    )
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert found.stdout.split() == ["True", "False"]
