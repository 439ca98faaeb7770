"""Many equal patterns in float32: every engine gives the cost and the gradient of one pattern, so many times."""

import numpy as np
import pytest

from deltarule.descent import Descent
from deltarule.engines import many_models
from deltarule.training import train
from kernel_families import JIT_OFF, kernels_of
from samples import NAMES, sample

pytestmark = [pytest.mark.slow, pytest.mark.skipif(JIT_OFF, reason="interpreted kernels would take hours")]
PATTERNS = 300_003
RATE = 1e4  # so large that the weights reached are the gradient


def one_update(engine, layer, X, targets, weights, reduction):
    """The layer after an update, and the cost before it."""
    rate = RATE if reduction == "mean" else RATE / len(X)
    descent = Descent(rate, 1, reduction=reduction)
    if engine != "sweep":
        run = train(layer, X, targets, descent, engine, sample_weight=weights, record_every=1)
        return run.layer, run.history.cost
    found = many_models.descend(
        [layer] * 3, layer.patterns(X, targets, weights), None, [descent] * 3, 1, lambda *_: None
    )
    return found[0].layer, found[0].recorded.cost


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("engine", "family"),
    [
        ("direct", "small"),
        ("autograd", "small"),
        ("compiled", "small"),
        ("compiled", "wide"),
        ("compiled", "few neurons"),
        ("sweep", "small"),
        ("sweep", "wide"),
        ("sweep", "few neurons"),
    ],
)
@pytest.mark.parametrize(("reduction", "weight"), [("sum", None), ("mean", 0.1)])
def test_many_equal_patterns_are_one_so_many_times(name, engine, family, reduction, weight):
    small = sample(name, 3, dtype=np.float32)
    X = np.tile(small.X[:1], (PATTERNS, 1))
    targets = np.repeat(np.asarray(small.targets)[:1], PATTERNS, axis=0)
    weights = None if weight is None else np.full(PATTERNS, weight)
    with kernels_of(family):
        layer, costs = one_update(engine, small.layer, X, targets, weights, reduction)
    # What one pattern gives, with float32's numbers, summed in float64.
    one = small.layer.patterns(X[:1], targets[:1])
    U = small.layer.synaptic_input(X[:1])
    factor = PATTERNS if reduction == "sum" else small.layer.mean_factor
    delta = small.layer.pattern_delta(U, one.D).astype(np.float64) * factor
    rate = RATE if reduction == "mean" else RATE / PATTERNS
    assert np.isclose(costs[0], float(small.layer.pattern_cost(U, one.D)[0]) * factor, rtol=3e-7, atol=0)
    steps = (
        (layer.weights, small.layer.weights, one.X[0][:, None] * delta),
        (layer.biases, small.layer.biases, delta[0]),
    )
    for found, before, gradient in steps:
        size = np.abs(before) + np.abs(rate * gradient)
        assert (np.abs(found - (before - rate * gradient)) / size).max() < 1.5e-6
    # The cost after it is that of many equal patterns too.
    after = layer.evaluate(layer.patterns(X[:1], targets[:1]), reduction)[0]
    assert np.isclose(costs[-1], after * (PATTERNS if reduction == "sum" else 1), rtol=1e-6)
