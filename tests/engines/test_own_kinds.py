"""A kind of layer that a user writes: trained by its own formulas, and refused by name where there are none for it."""

from dataclasses import dataclass

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.special import expit

import deltarule as dr
from deltarule import engines
from deltarule.engines import Work, many_models
from deltarule.layers import LinearLayer, NumberLayer
from samples import refused


@dataclass(frozen=True, eq=False)
class SoftplusLayer(NumberLayer):
    """y = log(1 + e^u)."""

    kind = "softplus"

    def activate(self, U):
        return np.logaddexp(0, U)

    def output_slope(self, Y):
        return -np.expm1(-Y)  # sigmoid(u) = 1 - e^-y

    def slope_change(self, U):
        return expit(U) * expit(-U)


@dataclass(frozen=True, eq=False)
class SquareLayer(LinearLayer):
    """y = u^2. It derives from a kind that every engine knows, and has other formulas."""

    def activate(self, U):
        return U**2

    def pattern_cost(self, U, D):
        return 0.5 * np.sum((D - U**2) ** 2, axis=1)

    def pattern_delta(self, U, D):
        return 2 * (U**2 - D) * U


rng = np.random.default_rng(0)
X = rng.normal(size=(12, 3))
D = rng.uniform(0.2, 2.0, (12, 2))
W, B = rng.normal(0, 0.5, (3, 2)), rng.normal(0, 0.5, 2)
every_own_kind = pytest.mark.parametrize("kind", [SoftplusLayer, SquareLayer])
DESCENT = dr.Descent(0.01, 30, batch_size=5, weight_decay=0.1)


@every_own_kind
def test_its_delta_is_the_derivative_of_its_cost(kind):
    layer, h = kind(W, B), 1e-6
    U = layer.synaptic_input(X)
    for k in range(2):
        step = np.zeros(2)
        step[k] = h
        slope = (layer.pattern_cost(U + step, D) - layer.pattern_cost(U - step, D)) / (2 * h)
        assert_allclose(layer.pattern_delta(U, D)[:, k], slope, rtol=1e-8, atol=1e-8)


@every_own_kind
def test_it_is_trained_by_its_own_formulas(kind):
    layer = kind(W, B)
    run = dr.train(layer, X, D, DESCENT, "direct", validation=(X[:4], D[:4]))
    weights, biases, shuffled = W.copy(), B.copy(), np.random.default_rng(0)
    for _ in range(30):
        order = shuffled.permutation(12)
        for batch in (order[:5], order[5:10], order[10:]):
            delta = layer.pattern_delta(X[batch] @ weights + biases, D[batch])
            weights, biases = (
                weights - 0.01 * (X[batch].T @ delta + 0.1 * weights),
                biases - 0.01 * delta.sum(axis=0),
            )
    assert type(run.layer) is kind
    assert_allclose(run.layer.weights, weights, rtol=1e-12)
    assert_allclose(run.layer.biases, biases, rtol=1e-12)
    assert run.history.cost[-1] < 0.9 * run.history.cost[0]
    assert run.history.errors is run.history.validation_errors is None
    assert run.outcome == dr.Outcome(dr.Reason.EPOCHS_DONE, 30)


@every_own_kind
def test_a_rate_that_is_too_large_has_no_bound_of_another_kind(kind):
    run = dr.train(kind(W, B), X, D, dr.Descent(1e3, 50), "direct")
    assert "converges below" not in str(run.outcome)
    assert "Try a learning rate of 100" in str(run.outcome)


@every_own_kind
@pytest.mark.parametrize("engine", ["autograd", "compiled"])
def test_an_engine_without_its_formulas_refuses_it_by_name(kind, engine):
    layer = kind(W, B)
    rule = f"be of a kind that the {engine} engine has formulas for (LinearLayer, "
    with refused("layer", rule, f"a {kind.__name__}", 'engine="direct"'):
        dr.train(layer, X, D, DESCENT, engine)
    with refused("layer", rule, f"a {kind.__name__}", 'engine="direct"'):
        engines.start(engine, Work(layer, layer.patterns(X, D), None, DESCENT, 1))


@every_own_kind
def test_many_models_and_sweeps_refuse_it_by_name(kind):
    layer = kind(W, B)
    with refused("layer", "the compiled engine has formulas for", f"a {kind.__name__}", 'engine="direct"'):
        many_models.descend([layer] * 3, layer.patterns(X, D), None, [DESCENT] * 3, 0, lambda _share, _ended: None)
    with refused("layer", "a sweep has formulas for", f"a {kind.__name__}", "engine='direct'"):
        dr.sweep(layer, X, D, learning_rate=[0.01, 0.02, 0.03], epochs=5)
