"""Sums over many patterns: in float32 as near to the truth as float32 can say; few patterns, and float64, as NumPy sums them."""

import math

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from deltarule.sums import FEW, GROUP, column_sums, products, weighted_sum

LARGEST_ERROR = 5.1e-7  # of a sum of GROUP equal numbers, one after another in float32


@pytest.mark.parametrize("seed", range(20))
def test_a_group_of_equal_numbers_is_nearly_right_one_after_another(seed):
    numbers = np.random.default_rng(seed).uniform(1, 2, 10_000).astype(np.float32)
    total = np.zeros_like(numbers)
    for _ in range(GROUP):
        total += numbers
    assert np.abs(total / (GROUP * numbers.astype(np.float64)) - 1).max() < LARGEST_ERROR


@pytest.mark.parametrize("patterns", [FEW + 1, 1000, 100_003])
@pytest.mark.parametrize("shape", [(1, 1), (3, 2), (5, 1), (1, 4)])
def test_products_of_equal_rows_in_float32(patterns, shape):
    rng = np.random.default_rng([patterns, *shape])
    x, d = (rng.uniform(0.1, 1, n).astype(np.float32) for n in shape)
    X, delta = (np.tile(row, (patterns, 1)) for row in (x, d))
    exact = patterns * np.outer(x.astype(np.float64), d.astype(np.float64))
    found = products(X, delta)
    assert found.dtype == np.float32
    assert np.abs(found / exact - 1).max() < LARGEST_ERROR + 2e-7
    assert np.abs(column_sums(delta) / (patterns * d.astype(np.float64)) - 1).max() < 1e-7


@pytest.mark.parametrize("order", ["C", "F"])
def test_products_of_any_rows_and_layouts(order):
    rng = np.random.default_rng(1)
    X, delta = (np.asarray(rng.normal(size=(3001, n)), np.float32, order=order) for n in (7, 3))
    exact = X.astype(np.float64).T @ delta.astype(np.float64)
    size = np.abs(X).astype(np.float64).T @ np.abs(delta)
    assert (np.abs(products(X, delta) - exact) / size).max() < 1e-6
    assert (np.abs(products(X[::-2], delta[::-2]) - X[::-2].astype(np.float64).T @ delta[::-2]) / size).max() < 1e-6


def test_more_products_than_are_kept_at_once():
    rng = np.random.default_rng(2)
    X, delta = (rng.normal(size=(300, n)).astype(np.float32) for n in (1200, 1000))
    exact = X.astype(np.float64).T @ delta.astype(np.float64)
    assert np.abs(products(X, delta) - exact).max() < 1e-4


@pytest.mark.parametrize(
    ("dtype", "patterns"), [(np.float64, 3), (np.float64, 5000), (np.float32, 3), (np.float32, FEW)]
)
def test_few_patterns_and_float64_are_summed_as_numpy_sums(dtype, patterns):
    rng = np.random.default_rng(patterns)
    X, delta = (rng.normal(size=(patterns, n)).astype(dtype) for n in (4, 3))
    assert_array_equal(products(X, delta), X.T @ delta)
    assert_array_equal(column_sums(delta), delta.sum(axis=0))


@pytest.mark.parametrize("weight", [1.0, 0.1])
def test_a_weighted_sum_of_many_equal_numbers(weight):
    v, x = np.full(1_000_000, weight, np.float32), np.full(1_000_000, 0.7, np.float32)
    assert math.isclose(weighted_sum(v, x), 1e6 * float(v[0]) * float(x[0]), rel_tol=1e-7)
    assert math.isclose(weighted_sum(v, x > 0), 1e6 * float(v[0]), rel_tol=1e-12)


def test_more_patterns_are_counted_than_float32_counts():
    v = np.broadcast_to(np.float32(1), 2**24 + 3)
    assert weighted_sum(v, np.broadcast_to(np.True_, v.shape)) == 2**24 + 3
