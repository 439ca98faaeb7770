"""Predictions and evaluations of many patterns: some at once, with the same results, and without much memory."""

import math
import tracemalloc

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from deltarule.layers import SoftmaxLayer
from deltarule.layers.base import AT_ONCE
from samples import NAMES, refused, sample

MEGABYTE = 10**6


def many(sampled):
    """The patterns of a sample over and over, so that they take two blocks."""
    times = AT_ONCE // (20 * sampled.layer.neurons) + 2
    return np.tile(sampled.X, (times, 1)), np.tile(np.array(sampled.layer.encode(sampled.targets)), (times, 1)), times


@pytest.mark.parametrize("name", NAMES)
def test_many_patterns_have_the_predictions_and_the_cost_of_few(name):
    sampled = sample(name)
    X, D, times = many(sampled)
    layer = sampled.layer
    assert len(X) * layer.neurons > AT_ONCE
    expected = layer.predict(sampled.X)
    found = layer.predict(X)
    assert found.dtype == expected.dtype
    few = np.tile(expected, (times, *[1] * (expected.ndim - 1)))
    if layer.has_classes:
        assert_array_equal(found, few)
    else:
        assert_allclose(found, few, rtol=1e-12, atol=1e-14)
    assert_allclose(layer.output(X), np.tile(layer.output(sampled.X), (times, 1)), rtol=1e-12, atol=1e-14)
    weights = np.tile(np.arange(20.0) % 3, times)
    patterns = layer.patterns(sampled.X, sampled.targets, weights[:20])
    everything = type(patterns)(X, D, weights)
    cost, errors = layer.evaluate(everything, "sum", 0.5)
    least, wrong = layer.evaluate(patterns)
    decay = 0.25 * float(np.sum(layer.weights**2))
    assert cost == pytest.approx(times * least + decay, rel=1e-12)
    assert errors == (None if wrong is None else times * wrong)
    mean, _ = layer.evaluate(everything, "mean")
    assert mean == pytest.approx(layer.evaluate(patterns, "mean")[0], rel=1e-12)


@pytest.mark.parametrize("name", NAMES)
def test_many_labels_have_the_cost_and_the_errors_of_their_desired_outputs(name):
    sampled = sample(name)
    X, D, times = many(sampled)
    layer = sampled.layer
    targets = np.tile(np.asarray(sampled.targets), (times, *[1] * (np.ndim(sampled.targets) - 1)))
    weights = np.arange(len(X)) % 3
    expected = layer.evaluate(type(layer.patterns(X[:1], targets[:1]))(X, D, weights.astype(float)), "mean", 0.1)
    for given in (targets, targets.tolist()):
        cost = layer.cost(X, given, "mean", weight_decay=0.1, sample_weight=weights)
        assert cost == pytest.approx(expected[0], rel=1e-12)
        assert layer.errors(X, given, sample_weight=weights) == expected[1]


def test_what_is_wrong_with_many_labels_is_said():
    P, K = AT_ONCE // 4, 5
    layer = SoftmaxLayer(np.zeros((1, K)), np.zeros(K), classes=range(K))
    X, targets = np.zeros((P, 1)), np.zeros(P, int)
    targets[-1] = 7
    with refused("targets", "be among the layer's classes", f"7 in row {P}", "Correct the label"):
        layer.cost(X, targets)
    with refused("targets", f"be as many as the rows of the inputs, {P}", f"{P - 1}", "Give one target a pattern."):
        layer.errors(X, targets[:-1])
    with refused("sample weights", "be as many as", "3", "Give one weight a pattern."):
        layer.cost(X, np.zeros(P, int), sample_weight=[1, 1, 1])


@pytest.mark.slow
def test_predictions_and_evaluations_need_little_memory_beside_their_results():
    # Synaptic inputs of all patterns would take 160 MB.
    P, K = 100_000, 200
    layer = SoftmaxLayer(np.ones((2, K)) * np.arange(K), np.zeros(K), classes=range(K))
    X = np.zeros((P, 2), dtype=np.float64)
    D = np.broadcast_to(np.eye(K)[3], (P, K))
    patterns = layer.patterns(X[:1], [3])
    patterns = type(patterns)(X, D, np.ones(P))
    tracemalloc.start()
    try:
        labels = layer.predict(X)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.reset_peak()
        cost, _ = layer.evaluate(patterns)
        evaluation = tracemalloc.get_traced_memory()[1]
        tracemalloc.reset_peak()
        same = layer.cost(X, np.full(P, 3))
        of_labels = tracemalloc.get_traced_memory()[1]
        tracemalloc.reset_peak()
        Y = layer.output(X)
        outputs = tracemalloc.get_traced_memory()[1] - Y.nbytes
    finally:
        tracemalloc.stop()
    assert len(labels) == P
    assert cost == pytest.approx(P * math.log(K), rel=1e-9)
    assert same == pytest.approx(cost, rel=1e-12)
    assert max(peak, evaluation, of_labels, outputs) < 100 * MEGABYTE
