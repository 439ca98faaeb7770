"""The shuffle in compiled code against `numpy.random.Generator.permutation`, bit by bit."""

import numba
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from deltarule.engines.kernels import shuffle

pytestmark = pytest.mark.kernels

seeds = st.integers(0, 2**63)


@numba.njit
def compiled_shuffle(parts, order, count):
    shuffle.shuffle(parts, order, count)


def permutation(parts, count):
    """What the kernels draw from a state, which goes on; what lies behind the order must stand."""
    order = np.full(count + 8, -7, np.int64)
    with np.errstate(over="ignore"):  # with the JIT off; 64 bits are meant to run over
        compiled_shuffle(parts, order, count)
    assert_array_equal(order[count:], -7)
    return order[:count]


@given(st.integers(1, 300), seeds)
@example(1, 0)
@example(2, 0)
@example(256, 1)
@example(257, 1)
def test_a_permutation_is_numpys(count, seed):
    parts = shuffle.state_of(np.random.default_rng(seed))
    assert_array_equal(permutation(parts, count), np.random.default_rng(seed).permutation(count))


@given(st.lists(st.integers(1, 300), min_size=2, max_size=6), seeds)
def test_several_in_a_row_and_then_numpy_goes_on(counts, seed):
    rng, numpys = np.random.default_rng(seed), np.random.default_rng(seed)
    parts = shuffle.state_of(rng)
    for count in counts:
        assert_array_equal(permutation(parts, count), numpys.permutation(count))
    shuffle.set_state(rng, parts)
    assert rng.bit_generator.state == numpys.bit_generator.state
    # The 32 bits left over, if any, are drawn first.
    assert rng.integers(0, 2**32, 3, dtype=np.uint32).tolist() == numpys.integers(0, 2**32, 3, dtype=np.uint32).tolist()
    assert rng.normal() == numpys.normal()


@given(st.integers(1, 300), seeds, st.integers(1, 3))
def test_bits_left_over_are_used(count, seed, drawn):
    rng, numpys = np.random.default_rng(seed), np.random.default_rng(seed)
    for generator in (rng, numpys):
        generator.integers(0, 2**32, drawn, dtype=np.uint32)
    assert rng.bit_generator.state["has_uint32"] == drawn % 2
    parts = shuffle.state_of(rng)
    assert_array_equal(permutation(parts, count), numpys.permutation(count))


def test_a_long_order():
    parts = shuffle.state_of(np.random.default_rng(9))
    assert_array_equal(permutation(parts, 70_001), np.random.default_rng(9).permutation(70_001))


@given(seeds)
def test_a_state_goes_there_and_back(seed):
    rng = np.random.default_rng(seed)
    rng.integers(0, 2**32, 1, dtype=np.uint32)
    before = rng.bit_generator.state
    parts = shuffle.state_of(rng)
    rng.normal(size=5)
    shuffle.set_state(rng, parts)
    assert rng.bit_generator.state == before


@pytest.mark.parametrize("other", [np.random.MT19937, np.random.SFC64, np.random.Philox, np.random.PCG64DXSM])
def test_other_generators_have_no_such_state(other):
    assert shuffle.state_of(np.random.Generator(other(0))) is None
