"""Operations on lanes, as LLVM code and plain, against NumPy; functions of lanes against 50 decimal digits."""

import math
import os
from decimal import Decimal, localcontext
from fractions import Fraction

import numba
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from deltarule.engines.kernels import blocks, functions, input_blocks, lanes, memory
from deltarule.engines.kernels.compiling import as_type

pytestmark = pytest.mark.kernels

JIT_OFF = os.environ.get("NUMBA_DISABLE_JIT") == "1"
DTYPES = (np.float64, np.float32)
dtypes = pytest.mark.parametrize("dtype", DTYPES, ids=["float64", "float32"])
SPECIAL = (math.nan, math.inf, -math.inf, 0.0, -0.0, 1.0, -2.5)


def count_of(dtype):
    """Lanes of a vector of 64 bytes."""
    return 64 // np.dtype(dtype).itemsize


def vectors(dtype, count=3, seed=0, special=False):
    """`count` vectors of random numbers; where asked, with NaN, infinities and zeros among them."""
    rng = np.random.default_rng(seed)
    found = rng.normal(0, 3, (count, count_of(dtype))).astype(dtype)
    if special:
        found[rng.random(found.shape) < 0.5] = rng.choice(SPECIAL)
        found[:, : len(SPECIAL)] = np.array([rng.permutation(SPECIAL) for _ in range(count)])
    return found


# One function around each operation, compiled here, so that the LLVM code is built in these tests; with the JIT off, plain.


@numba.njit
def run_arithmetic(a, b, x, out):
    one, other = memory.load(a, 0), memory.load(b, 0)
    size = memory.width(a)
    memory.store(out, 0 * size, one + other)
    memory.store(out, 1 * size, one - other)
    memory.store(out, 2 * size, one * other)
    memory.store(out, 3 * size, one / other)
    memory.store(out, 4 * size, one + x)
    memory.store(out, 5 * size, x - one)
    memory.store(out, 6 * size, x * one)
    memory.store(out, 7 * size, x / one)
    memory.store(out, 8 * size, one * 2)


@numba.njit
def run_halves(a, out):
    memory.store(out, 0, lanes.low(memory.load(a, 0)))
    memory.store(out, 8, lanes.high(memory.load(a, 0)))


@numba.njit
def run_fma(a, b, c, out):
    memory.store(out, 0, lanes.fma(memory.load(a, 0), memory.load(b, 0), memory.load(c, 0)))


@numba.njit
def run_fma_with_numbers(a, x, y, out):
    memory.store(out, 0, lanes.fma(x, memory.load(a, 0), y))


@numba.njit
def run_where_greater(a, b, yes, out):
    memory.store(out, 0, lanes.where_greater(memory.load(a, 0), memory.load(b, 0), memory.load(yes, 0), 7.0))


@numba.njit
def run_shift(a, out):
    shifted = memory.load(a, 0) + lanes.shift(memory.load(a, 0))
    memory.store(out, 0, shifted - lanes.shift(shifted))


@numba.njit
def run_power_of_shifted(a, out):
    memory.store(out, 0, lanes.power_of_shifted(memory.load(a, 0) + lanes.shift(memory.load(a, 0))))


@numba.njit
def run_exponent(a, out):
    memory.store(out, 0, lanes.exponent(memory.load(a, 0)))


@numba.njit
def run_total(a):
    return lanes.total(memory.load(a, 0))


@numba.njit
def run_largest(a):
    return lanes.largest(memory.load(a, 0))


@numba.njit
def run_splat(a, out):
    memory.store(out, 0, memory.splat(a[0]))


@numba.njit
def run_load_some(a, place, count, fill, out):
    memory.store(out, 0, memory.load_some(a, place, count, fill))


@numba.njit
def run_gather(a, rows, place, count, stride, column, out):
    memory.store(out, 0, memory.gather(a, rows, place, count, stride, column))


@numba.njit
def run_load_columns(a, rows, place, count, stride, first, at, out):
    memory.load_columns(a, rows, place, count, stride, first, out, at)


@numba.njit
def run_own(array, rows, columns, out):
    mine = memory.own(array, rows, columns)
    for place in range(0, mine.size, memory.width(mine)):
        memory.store(out, place, memory.load(mine, place))
        memory.store(mine, place, memory.load(mine, place) + 1.0)
    return mine.size


@numba.njit
def run_totals(a, place, out):
    memory.store(out, 0, memory.totals(a, place))


@numba.njit
def run_width(a):
    return memory.width(a)


ONE, TWO, THREE, EIGHT, SIXTEEN, NO = as_type(1), as_type(2), as_type(3), as_type(8), as_type(16), as_type(0)


def written(run, dtype, *given, vectors=1):
    """What `run` writes, with a fence of sevens behind it that must stand."""
    size = count_of(dtype) * vectors
    out = np.full(size + 16, 7, dtype)
    with np.errstate(all="ignore"):  # with the JIT off NumPy warns of what is asked for here
        run(*given, out)
    assert_array_equal(out[size:], 7)
    return out[:size].reshape(vectors, -1) if vectors > 1 else out[:size]


# ---- Arithmetic.


@dtypes
@pytest.mark.parametrize("special", [False, True])
def test_arithmetic(dtype, special):
    for seed in range(20):
        a, b = vectors(dtype, 2, seed, special)
        x = dtype(1.75)
        with np.errstate(all="ignore"):
            expected = [a + b, a - b, a * b, a / b, a + x, x - a, x * a, x / a, a * 2]
        # assert_array_equal takes NaN for equal to NaN; the sign of a zero is looked at apart.
        found = written(run_arithmetic, dtype, a, b, x, vectors=9)
        assert_array_equal(found, expected)
        numbers = ~np.isnan(np.array(expected))
        assert_array_equal(np.signbit(found)[numbers], np.signbit(expected)[numbers])


@pytest.mark.skipif(JIT_OFF, reason="NumPy has no multiply-add in one rounding")
@dtypes
def test_multiply_add_rounds_once(dtype):
    a, b, c = vectors(dtype, 3, 5)
    product_rounded = a * b
    # What the product's rounding lost is what is left, exactly; two roundings would leave 0.
    lost = written(run_fma, dtype, a, b, -product_rounded)
    exact = [
        float(Fraction(float(x)) * Fraction(float(y)) - Fraction(float(z)))
        for x, y, z in zip(a, b, product_rounded, strict=True)
    ]
    assert np.any(lost != 0)
    assert_array_equal(lost, np.array(exact, dtype))
    if dtype is np.float64:  # the quotient of two integers is rounded correctly to a float
        whole = [float(Fraction(x) * Fraction(y) + Fraction(z)) for x, y, z in zip(a, b, c, strict=True)]
        assert_array_equal(written(run_fma, dtype, a, b, c), whole)


@dtypes
@pytest.mark.parametrize("special", [False, True])
def test_multiply_add_is_near_the_two_operations(dtype, special):
    a, b, c = vectors(dtype, 3, 1, special)
    with np.errstate(all="ignore"):
        expected, size = a * b + c, np.abs(a * b) + np.abs(c)
        plain = lanes._plain_fma(a, b, c)
    tolerance = np.finfo(dtype).eps * np.nan_to_num(size, posinf=0)
    for found in (written(run_fma, dtype, a, b, c), plain):
        assert_array_equal(np.isfinite(found), np.isfinite(expected))
        assert_array_equal(found[~np.isfinite(expected)], expected[~np.isfinite(expected)])
        finite = np.isfinite(expected)
        assert np.all(np.abs(found[finite] - expected[finite]) <= tolerance[finite])


@dtypes
def test_multiply_add_takes_numbers_for_lanes(dtype):
    a = np.arange(count_of(dtype)).astype(dtype)
    assert_array_equal(written(run_fma_with_numbers, dtype, a, 3, 0.5), 3 * a + dtype(0.5))


@dtypes
def test_where_greater_chooses_and_takes_no_nan_for_greater(dtype):
    for seed in range(20):
        a, b, yes = vectors(dtype, 3, seed, special=True)
        expected = [y if x > z else 7.0 for x, z, y in zip(a, b, yes, strict=True)]
        assert_array_equal(written(run_where_greater, dtype, a, b, yes), np.array(expected, dtype))
        assert_array_equal(lanes._plain_where_greater(a, b, yes, dtype(7)), np.array(expected, dtype))


@dtypes
def test_shift_leaves_no_room_for_a_fraction(dtype):
    most = 2.0**51 if dtype is np.float64 else 2.0**22
    edges = [0.5, 1.5, 2.5, -0.5, -1.5, 0.49999997, most - 1, -most + 1, 3, 1e-30, 1023.5, -1022.5, 0, -3.5, 99.49, 7]
    for start in range(0, 16, count_of(dtype)):
        a = np.array(edges[start : start + count_of(dtype)], dtype)
        expected = [float(round(float(x))) for x in a]  # Python rounds halves to even
        assert_array_equal(written(run_shift, dtype, a), expected)
        assert_array_equal((a + lanes._plain_shift(a)) - lanes._plain_shift(a), expected)


@dtypes
def test_power_of_shifted_is_exact_over_all_normal_exponents(dtype):
    limits = np.finfo(dtype)
    every = np.arange(limits.minexp, limits.maxexp)
    every = np.concatenate([every, np.zeros(-len(every) % count_of(dtype), int)])
    for n in every.reshape(-1, count_of(dtype)):
        expected = [math.ldexp(1.0, int(k)) for k in n]
        shifted = n.astype(dtype) + lanes._plain_shift(n.astype(dtype))
        assert_array_equal(written(run_power_of_shifted, dtype, n.astype(dtype)), expected)
        assert_array_equal(lanes._plain_power_of_shifted(shifted), expected)
    # Of a NaN, anything; but no error.
    lanes._plain_power_of_shifted(np.full(count_of(dtype), math.nan, dtype))


@dtypes
def test_exponent(dtype):
    rng = np.random.default_rng(0)
    limits = np.finfo(dtype)
    for _ in range(50):
        whole = rng.integers(limits.minexp, limits.maxexp, count_of(dtype))
        a = np.ldexp(rng.uniform(1, 2, count_of(dtype)), whole).astype(dtype)
        a[0] = np.ldexp(dtype(1), whole[0])
        expected = [math.frexp(float(x))[1] - 1 for x in a]
        assert_array_equal(written(run_exponent, dtype, a), expected)
        plain = lanes._plain_exponent(a)
        assert plain.dtype == dtype  # or the arithmetic that follows would leave float32
        assert_array_equal(plain, expected)


@dtypes
def test_total_adds_by_halves(dtype):
    for seed in range(20):
        a = vectors(dtype, 1, seed)[0]
        halves = a
        while len(halves) > 1:
            halves = np.array([x + y for x, y in zip(*np.split(halves, 2), strict=True)])
        assert run_total(a) == lanes._plain_total(a) == halves[0]
        a[seed % len(a)] = math.nan
        assert math.isnan(run_total(a))
        assert math.isnan(lanes._plain_total(a))


@dtypes
def test_low_and_high_are_all_lanes_in_float64(dtype):
    for a in vectors(dtype, 5, special=True):
        out = np.zeros(16)
        run_halves(a, out)
        assert_array_equal(out[:8], a[:8])
        assert_array_equal(out[8:], a[8:] if len(a) == 16 else np.zeros(8))
        assert len(a) == 16 or np.signbit(out[8:]).all()  # 0 + -0 is 0, but -0 + -0 stays -0: nothing is added
        assert_array_equal(lanes._plain_low(a), out[:8])
        assert_array_equal(lanes._plain_high(a), out[8:])


@dtypes
def test_largest(dtype):
    for seed in range(20):
        a = vectors(dtype, 1, seed)[0]
        assert run_largest(a) == lanes._plain_largest(a) == max(a.tolist())
        a[seed % len(a)] = math.inf
        assert run_largest(a) == math.inf
    assert run_largest(np.full(count_of(dtype), -math.inf, dtype)) == -math.inf


# ---- Memory.


@dtypes
def test_width_and_splat(dtype):
    assert run_width(np.zeros(3, dtype)) == memory._plain_width(np.zeros(3, dtype)) == count_of(dtype)
    for number in (0.1, math.nan, math.inf):
        expected = np.full(count_of(dtype), number, dtype)
        assert_array_equal(written(run_splat, dtype, expected[:1]), expected)
        assert_array_equal(memory._plain_splat(expected[0]), expected)


@dtypes
@given(st.integers(0, 9), st.integers(-3, 20), st.sampled_from([0.0, 1.0, -math.inf]))
def test_load_some_fills_up_and_reads_no_further(dtype, place, count, fill):
    a = np.random.default_rng(place).normal(size=place + count_of(dtype)).astype(dtype)
    held = min(max(count, 0), count_of(dtype))
    expected = np.full(count_of(dtype), fill, dtype)
    expected[:held] = a[place : place + held]
    # The array ends where what may be read ends.
    assert_array_equal(written(run_load_some, dtype, a[: place + held], place, count, fill), expected)
    if count >= 0:
        assert_array_equal(memory._plain_load_some(a[: place + held], place, count, fill), expected)


@dtypes
@given(st.integers(0, 5), st.integers(0, 20), st.integers(1, 7), st.data())
def test_gather(dtype, place, count, stride, data):
    column = data.draw(st.integers(0, stride - 1))
    a = np.random.default_rng(place).normal(size=(11, stride)).astype(dtype)
    rows = np.random.default_rng(count).integers(0, 11, place + count_of(dtype))
    rows[place + count :] = 10**6  # not there, and not to be read
    expected = np.zeros(count_of(dtype), dtype)
    held = min(count, count_of(dtype))
    expected[:held] = [a[row, column] for row in rows[place : place + held]]
    for run in (run_gather, None):
        given_ = a.reshape(-1), rows, place, count, stride, column
        found = memory._plain_gather(*given_) if run is None else written(run, dtype, *given_)
        assert_array_equal(found, expected)


@dtypes
@given(st.integers(0, 5), st.integers(0, 20), st.integers(1, 9), st.data())
def test_columns_of_rows_come_as_vectors(dtype, place, count, stride, data):
    size = count_of(dtype)
    first = data.draw(st.integers(0, stride - 1))
    columns = min(size // 4, stride - first)
    a = np.random.default_rng(place).normal(size=(11, stride)).astype(dtype)
    rows = np.random.default_rng(count).integers(0, 11, place + size)
    expected = np.full((6, size), 7, dtype)
    expected[1 : 1 + columns] = a[rows[place:], first : first + columns].T * (np.arange(size) < count)
    for plain in (False, True):
        out = np.full(6 * size, 7, dtype)
        if plain:
            memory._plain_load_columns(a.reshape(-1), rows, place, count, stride, first, out, size)
        else:
            run_load_columns(a.reshape(-1), rows, place, count, stride, first, size, out)
        assert_array_equal(out.reshape(6, size), expected)


@dtypes
def test_own_memory_is_the_array_where_sizes_are_not_known_and_new_zeros_where_they_are(dtype):
    size = count_of(dtype)
    array = np.full(size * size, 7, dtype)
    for rows, columns, vectors in ((NO, ONE, size), (TWO, THREE, -(-9 // size) * size)):
        kept, out = array.copy(), np.full(32 * size, -1, dtype)
        assert run_own(kept, rows, columns, out) == vectors * size
        assert_array_equal(out, [0] * vectors * size + [-1] * (32 - vectors) * size)
        assert_array_equal(kept, 7)
    out = np.empty_like(array)
    assert run_own(array, 2, 3, out) == array.size
    assert_array_equal(out, 7)
    assert_array_equal(array, 8)


@dtypes
@pytest.mark.parametrize("place", [0, 5])
def test_totals_is_the_total_of_each_vector(dtype, place):
    size = count_of(dtype)
    a = np.random.default_rng(place).normal(size=place + size * size).astype(dtype)
    rows = a[place:].reshape(size, size)
    expected = [math.fsum(row.tolist()) for row in rows]
    tolerance = np.finfo(dtype).eps * np.abs(rows).sum(axis=1).max()
    for found in (written(run_totals, dtype, a, place), memory._plain_totals(a, place)):
        assert_allclose(found, expected, rtol=0, atol=tolerance)
    # A NaN stays in its lane.
    a[place + 2 * size + 1] = math.nan
    assert np.flatnonzero(np.isnan(written(run_totals, dtype, a, place))).tolist() == [2]


# ---- Blocks of products.


def rows_times_with(vectors, ahead):
    @numba.njit
    def run(X, rows, place, bounds, W, stride, column, origin, base, U, target, next_place):
        blocks.rows_times(
            X, rows, place, bounds, W, stride, column, origin, base, U, target, vectors, ahead, next_place
        )

    return run


def add_outer_with(inputs, vectors, ahead):
    @numba.njit
    def run(X, rows, place, count, n, delta, stride, column, keep, W, next_place):
        blocks.add_outer(X, rows, place, count, n, delta, stride, column, keep, W, inputs, vectors, ahead, next_place)

    return run


@dtypes
@pytest.mark.parametrize(("vectors", "ahead"), [(ONE, ONE), (TWO, NO), (THREE, ONE)])
def test_rows_times_is_the_product(dtype, vectors, ahead):
    size, N, rng = count_of(dtype), 21, np.random.default_rng(len(vectors))
    stride, column = 4 * size, size * (4 - len(vectors))
    X, W = rng.normal(size=(12, N)).astype(dtype), rng.normal(size=(N, stride)).astype(dtype)
    chosen = np.array([0, 0, 3, 11, 2, 2, 7, 1, 10, 5, 4, 6, 8, 9, 0, 1])  # from place 2 on; those ahead from place 8
    origin, run = rng.normal(size=2 + stride).astype(dtype), rows_times_with(vectors, ahead)
    for bounds in ((0, N), (8, 17), (3, 3)):
        product = X[chosen[2:10], slice(*bounds)].astype(float) @ W[slice(*bounds)]
        expected = np.full((10, stride), 7.0)
        expected[1:9, column:] = (origin[2:] + product)[:, column:]
        U = np.full(10 * stride, 7, dtype)
        run(X.reshape(-1), chosen * N, 2, bounds, W.reshape(-1), stride, column, origin, 2, U, stride, 8)
        # 21 products of order 1, each rounded.
        assert_allclose(U.reshape(10, stride), expected, rtol=0, atol=60 * np.finfo(dtype).eps)


@dtypes
@pytest.mark.parametrize(
    ("inputs", "vectors", "ahead"), [(SIXTEEN, ONE, ONE), (EIGHT, TWO, ONE), (EIGHT, THREE, NO), (ONE, THREE, NO)]
)
def test_add_outer_is_the_product(dtype, inputs, vectors, ahead):
    size, N, rng = count_of(dtype), 21, np.random.default_rng(len(vectors))
    M, V = len(inputs), len(vectors)
    stride, column, n = (V + 1) * size, size, 3
    X, W = rng.normal(size=(12, N)).astype(dtype), rng.normal(size=(N, stride)).astype(dtype)
    delta = rng.normal(size=(11, stride)).astype(dtype)
    chosen = np.array(
        [3, 11, 2, 2, 7, 1, 10, 5, 4, 0, 0, 6, 8, 9, 11, 1, 2, 3, 4, 5]
    )  # from place 2 on; those ahead from place 11
    run = add_outer_with(inputs, vectors, ahead)
    for count in (0, 1, 9):
        expected = W.astype(float)
        expected[n : n + M, column:] *= 0.75
        expected[n : n + M, column:] += (
            X[chosen[2 : 2 + count], n : n + M].T.astype(float) @ delta[2 : 2 + count, column:]
        )
        found = W.reshape(-1).copy()
        run(X.reshape(-1), chosen * N, 2, count, n, delta.reshape(-1), stride, column, 0.75, found, 11)
        assert_allclose(found.reshape(N, stride), expected, rtol=0, atol=60 * np.finfo(dtype).eps)


def in_vectors(A, size):
    """Weights (N, K) as blocks with inputs in the lanes take them, filled up with zeros; or U, delta (P, K) as tiles."""
    filled = np.zeros((-(-len(A) // size) * size, A.shape[1]), A.dtype)
    filled[: len(A)] = A
    return filled.reshape(-1, size, A.shape[1]).transpose(0, 2, 1).reshape(-1)


def synaptic_block_with(patterns, neurons):
    @numba.njit
    def run(X, rows, place, bounds, N, W, K, first, U, target, ahead):
        input_blocks.synaptic_block(X, rows, place, bounds, N, W, K, first, U, target, patterns, neurons, ahead)

    return run


def gradient_block_with(vectors, neurons):
    @numba.njit
    def run(X, rows, place, count, n, N, delta, K, first, keep, W, ahead):
        input_blocks.gradient_block(X, rows, place, count, n, N, delta, K, first, keep, W, vectors, neurons, ahead)

    return run


@dtypes
@pytest.mark.parametrize(("patterns", "neurons"), [(4, 5), (4, 3), (2, 3), (2, 1)])
def test_a_synaptic_block_is_the_product(dtype, patterns, neurons):
    size, N, K, first, rng = count_of(dtype), 37, 7, 2, np.random.default_rng(neurons)
    X, W = rng.normal(size=(12, N)).astype(dtype), rng.normal(size=(N, K)).astype(dtype)
    chosen = np.array([0, 0, 3, 11, 2, 2, 7, 1, 10, 5])  # from place 2 on; those ahead from place 6
    run = synaptic_block_with(as_type(patterns), as_type(neurons))
    last = -(-N // size) * size
    for bounds in ((0, last), (size, 2 * size), (size, last), (0, 0), (last, last)):
        product = X[chosen[2 : 2 + patterns], slice(*bounds)].astype(float) @ W[slice(*bounds)]
        expected = np.full((8, size), 7.0)
        expected[1 : 1 + neurons, 1 : 1 + patterns] = product[:, first : first + neurons].T
        U = np.full(8 * size, 7, dtype)
        run(X.reshape(-1), chosen * N, 2, bounds, N, in_vectors(W, size), K, first, U, size + 1, 4)
        assert_allclose(U.reshape(8, size), expected, rtol=0, atol=60 * np.finfo(dtype).eps)


@dtypes
@pytest.mark.parametrize(("vectors", "neurons"), [(4, 5), (2, 3), (1, 5), (1, 1)])
@pytest.mark.parametrize("keep", [0.75, 0.0])
def test_a_gradient_block_is_the_product(dtype, vectors, neurons, keep):
    size, K, first, rng = count_of(dtype), 7, 2, np.random.default_rng(neurons)
    N = 5 * size + 3
    X, W = rng.normal(size=(12, N)).astype(dtype), rng.normal(size=(N, K)).astype(dtype)
    delta = rng.normal(size=(20, K)).astype(dtype)
    chosen = rng.integers(0, 12, 40)
    run = gradient_block_with(as_type(vectors), as_type(neurons))
    neurons_in = slice(first, first + neurons)
    for n in (0, size) if vectors > 1 else (size, 5 * size):
        inputs = slice(n, n + vectors * size)
        for count in (0, 1, 17):
            expected = W.astype(float)
            expected[inputs, neurons_in] *= keep
            expected[inputs, neurons_in] += (
                X[chosen[2 : 2 + count], inputs].T.astype(float) @ delta[2 : 2 + count, neurons_in]
            )
            found = in_vectors(W, size)
            run(X.reshape(-1), chosen * N, 2, count, n, N, in_vectors(delta, size), K, first, keep, found, 20)
            assert_allclose(found, in_vectors(expected, size), rtol=0, atol=60 * np.finfo(dtype).eps)


def test_a_block_is_as_large_as_the_processor_has_registers():
    assert input_blocks.block_sizes("+avx2,+avx512f,+fma") == (5, 4)
    for features in ("+avx2,-avx512f,+fma", "+neon", ""):
        assert input_blocks.block_sizes(features) == (3, 2)


# ---- Functions: units in the last place, over the whole range.

# Plain, a polynomial is evaluated without multiply-add.
MORE = 2 if JIT_OFF else 0


def each_lane(function):
    @numba.njit
    def run(x, out):
        for place in range(0, x.size, memory.width(x)):
            memory.store(out, place, function(memory.load(x, place)))

    def values(x):
        out = np.empty_like(x)
        with np.errstate(all="ignore"):
            run(x, out)
        return out

    return values


exp, log, log1p, sigmoid, softplus, tanh = (
    each_lane(getattr(functions, name)) for name in ("exp", "log", "log1p", "sigmoid", "softplus", "tanh")
)


def exact_values(exact, x):
    """exact(x) of each number as a Decimal, to 50 digits."""
    with localcontext() as context:
        context.prec = 50
        return [exact(Decimal(float(each))) for each in x]


def units_off(found, exact, dtype):
    """How far each number is from the exact one, in units in the last place of the latter."""
    places = np.spacing(np.abs(np.array([float(each) for each in exact])).astype(dtype))
    return np.array(
        [
            float(abs(Decimal(float(one)) - other) / Decimal(float(unit)))
            for one, other, unit in zip(found, exact, places, strict=True)
        ]
    )


def spread_over(low, high, dtype, count=1600):
    """Even steps, moved a little at random, so that all binary places take part."""
    rng = np.random.default_rng(7)
    steps = np.linspace(low, high, count)
    x = (steps + rng.uniform(0, 1, count) * (high - low) / count).astype(dtype)
    return np.clip(x, dtype(low), dtype(high))


def small(low, dtype, count=800):
    """Both signs, sizes from `low` to 1, as many in each decade."""
    rng = np.random.default_rng(8)
    return (np.geomspace(low, 1, count) * rng.choice([-1, 1], count)).astype(dtype)


def exact_softplus(u):
    return (1 + u.exp()).ln()


def exact_tanh(u):
    e = (2 * u).exp()
    return (e - 1) / (e + 1)


@dtypes
def test_exp_within_2_units(dtype):
    low, high = (-690, 709) if dtype is np.float64 else (-69, 88)
    x = np.concatenate([spread_over(low, high, dtype), small(1e-20, dtype), np.array([low, high] * 8, dtype)])
    assert units_off(exp(x), exact_values(Decimal.exp, x), dtype).max() <= 2 + MORE


@dtypes
def test_sigmoid_within_3_units(dtype):
    # Down to where the result is a normal number.
    low = -708 if dtype is np.float64 else -87
    x = np.concatenate([spread_over(low, 40, dtype), small(1e-20, dtype)])
    assert units_off(sigmoid(x), exact_values(lambda u: 1 / (1 + (-u).exp()), x), dtype).max() <= 3 + MORE


@dtypes
def test_tanh_within_3_units(dtype):
    x = np.concatenate([spread_over(-50, 50, dtype), small(1e-15, dtype)])
    assert units_off(tanh(x), exact_values(exact_tanh, x), dtype).max() <= 3 + MORE
    # Below, tanh u is u to far less than a unit.
    tiny = np.geomspace(1e-30, 1e-15, 16).astype(dtype)
    assert units_off(tanh(tiny), [Decimal(float(u)) for u in tiny], dtype).max() <= 3


@dtypes
def test_log_within_3_units(dtype):
    x = np.concatenate([spread_over(1, 3, dtype), np.geomspace(1, 2.0**99, 1600).astype(dtype)])
    x = np.concatenate([x, (1 + np.geomspace(np.finfo(dtype).eps, 0.1, 160)).astype(dtype)])
    assert units_off(log(x), exact_values(Decimal.ln, x), dtype).max() <= 3 + MORE


@dtypes
def test_log1p_within_3_units(dtype):
    x = np.concatenate([spread_over(0, 1, dtype), np.abs(small(1e-30, dtype))])
    assert units_off(log1p(x), exact_values(lambda u: (1 + u).ln(), x), dtype).max() <= 3 + MORE


@dtypes
def test_softplus_within_3_units(dtype):
    # Down to where e^u is taken for 0.
    low = -40 if dtype is np.float64 else -30
    x = np.concatenate([spread_over(low, 50, dtype), small(1e-20, dtype)])
    assert units_off(softplus(x), exact_values(exact_softplus, x), dtype).max() <= 3 + MORE


@dtypes
def test_limits_are_exact_and_nan_stays(dtype):
    inf, nan, most = math.inf, math.nan, float(np.finfo(dtype).max)
    x = np.array([inf, -inf, nan, most, -most, 0.0, -1000, 1000] * 2, dtype)
    expected = {
        exp: [inf, 0, nan, inf, 0, 1, 0, inf],
        sigmoid: [1, 0, nan, 1, 0, 0.5, 0, 1],
        tanh: [1, -1, nan, 1, -1, 0, -1, 1],
        softplus: [inf, 0, nan, most, 0, dtype(math.log(2)), 0, 1000],
    }
    for function, values in expected.items():
        assert_array_equal(function(x), np.array(values * 2, dtype))
    ends = np.array([1, inf, nan, 2, 1, 1, 1, 1] * 2, dtype)
    assert_array_equal(log(ends)[:4], np.array([0, nan, nan, math.log(2)], dtype))
    assert_array_equal(log1p(np.array([0, 1] * 8, dtype)), np.array([0, math.log(2)] * 8, dtype))


@dtypes
def test_exp_is_0_and_infinite_where_the_docstring_says(dtype):
    low, high = (dtype(each) for each in ((-690, 709) if dtype is np.float64 else (-69, 88)))
    inside = [low, high]
    outside = [np.nextafter(low, dtype(-math.inf)), np.nextafter(high, dtype(math.inf))]
    found = exp(np.array((inside + outside) * 4, dtype))[:4]
    assert np.all(found[:2] > 0)
    assert np.all(np.isfinite(found[:2]))
    assert found[2:].tolist() == [0, math.inf]


@dtypes
def test_functions_rise(dtype):
    # No polynomial may fall where two pieces meet by more than the units that it may be off.
    x = spread_over(-60, 60, dtype, 800 if JIT_OFF else 16000)
    x.sort()
    for function in (exp, sigmoid, tanh, softplus):
        y = function(x)
        assert np.all(np.diff(y) >= -4 * np.spacing(np.abs(y[1:])))
