"""Rows that are kept of a long history: which, how many, and that the slices in which they come do not matter."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from deltarule.engines import thresholds
from deltarule.engines.thinning import Thinned, rows_kept


def rows(epochs):
    """Rows whose cost is the square of the epoch."""
    epochs = np.array(epochs, float)
    return np.column_stack([epochs, epochs**2, *np.zeros((3, len(epochs)))])


@given(
    record_every=st.integers(1, 7),
    limit=st.integers(2, 20),
    sizes=st.lists(st.integers(0, 50), max_size=12),
)
def test_the_smallest_doubling_of_record_every_is_chosen_that_keeps_to_the_limit(record_every, limit, sizes):
    kept, reached = Thinned(rows([0]), record_every, limit), 0
    for size in sizes:
        kept.add(rows(range(reached + record_every, reached + size * record_every + 1, record_every)))
        reached += size * record_every
    spacings = (record_every * 2**doublings for doublings in range(40))
    spacing = next(k for k in spacings if len(range(0, reached + 1, k)) <= limit)
    expected = sorted({*range(0, reached + 1, spacing), reached})
    assert_array_equal(kept.table(reached), rows(expected))
    assert kept.every == (0 if spacing == record_every else spacing)


def test_of_a_layer_that_was_not_recorded_no_row_is_made_up():
    kept = Thinned(rows([0]), 3, limit=10)
    kept.add(rows([3, 6, 9]))
    assert_array_equal(kept.table(10), rows([0, 3, 6, 9]))
    assert_array_equal(kept.table(7), rows([0, 3, 6]))


def test_models_of_a_sweep_share_the_rows_of_all_histories():
    with thresholds.using(history_rows=100, sweep_rows=1000):
        assert [rows_kept(models) for models in (1, 10, 11, 500, 10**9)] == [100, 100, 90, 2, 2]
