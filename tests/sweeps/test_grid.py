"""The descents of a sweep: products of values, or a list."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from deltarule import Descent, sweep
from sweep_samples import LINE, softmax_sweep


def test_the_grid_is_a_product_in_the_documented_order():
    result = softmax_sweep(epochs=[1, 2], tolerance=[None, 1e-9], validation=None)
    columns = result.columns
    order = ("learning_rate", "batch_size", "weight_decay", "epochs", "tolerance", "seed")
    assert len(result) == 2 * 2 * 3 * 2 * 2 * 2
    # From the left, the first changes slowest.
    assert columns["learning_rate"].tolist() == [0.01] * 48 + [0.3] * 48
    assert columns["batch_size"][:48].tolist() == [4] * 24 + [30] * 24  # None: all 30 patterns
    assert columns["weight_decay"][:24].tolist() == [0] * 8 + [0.1] * 8 + [1] * 8
    assert columns["epochs"][:8].tolist() == [1] * 4 + [2] * 4
    assert np.isnan(columns["tolerance"][:4]).tolist() == [True, True, False, False]
    assert columns["seed"][:4].tolist() == [0, 1, 0, 1]
    assert [getattr(result.descents[5], name) for name in order] == [0.01, 4, 0.0, 2, None, 1]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (0.1, [0.1]),
        ([0.1, 1], [0.1, 1.0]),
        ((0.1, 1), [0.1, 1.0]),
        (np.logspace(-1, 0, 2), [0.1, 1.0]),
        (np.float64(0.1), [0.1]),
        (np.array(0.5), [0.5]),
        (range(1, 3), [1.0, 2.0]),
    ],
)
def test_values_are_one_or_several_of_any_type(values, expected):
    assert sweep(**LINE, learning_rate=values, epochs=1).columns["learning_rate"].tolist() == expected


def test_descents_may_be_given_one_by_one():
    descents = [Descent(0.1, 3, seed=4), Descent(0.2, 5, batch_size=1)]
    result = sweep(**LINE, descents=descents)
    assert result.descents == descents
    assert result.columns["seed"].tolist() == [4, 0]
    assert result.columns["updates"].tolist() == [3, 10]
    assert len(sweep(**LINE, descents=descents[0])) == 1


def test_a_batch_larger_than_the_set_is_the_full_one():
    result = sweep(**LINE, learning_rate=0.1, batch_size=[1, 2, 50], epochs=3)
    assert result.columns["batch_size"].tolist() == [1, 2, 2]
    assert result.columns["updates"].tolist() == [6, 3, 3]
    assert "larger than the set" in str(result[2].outcome)


def test_the_same_grid_as_descents_is_the_same_sweep():
    grid = sweep(**LINE, learning_rate=[0.1, 0.2], seed=[0, 5], batch_size=1, epochs=4)
    again = sweep(
        **LINE, descents=[Descent(rate, 4, batch_size=1, seed=seed) for rate in (0.1, 0.2) for seed in (0, 5)]
    )
    assert grid.descents == again.descents
    assert_array_equal(grid.records, again.records)
