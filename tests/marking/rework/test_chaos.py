"""Starts that differ in the last digits only, as right computations of one sum do."""

from __future__ import annotations

import numpy as np

import deltarule as dr
from deltarule.marking.rework.chaos import nearly_equal_starts


def test_every_parameter_of_a_near_start_is_off_as_sums_in_another_order_are():
    """Ten terms of one size, in all orders drawn: the ends of such sums are some units in the last place apart, but not none."""
    rng = np.random.default_rng(3)
    terms = rng.uniform(0.05, 0.15, 10)
    sums = {float(np.add.accumulate(rng.permutation(terms))[-1]) for _ in range(1000)}
    apart = (max(sums) - min(sums)) / min(sums)
    layer = dr.LinearLayer(rng.uniform(-400, 400, (3, 40)), np.zeros(40))
    for near in nearly_equal_starts(layer):
        off = np.abs(near.weights - layer.weights) / np.maximum(1.0, np.abs(layer.weights))
        assert (off > 0).all()
        assert (near.biases != 0).all()
        assert off.max() < 4 * apart
