"""The parts that every kernel is made of, against the plain loops of `naive`; the kernels as wholes are in `test_compiled`."""

import math
import threading

import numba
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

import naive
from deltarule.engines.for_kernels import formulas_of
from deltarule.engines.kernels import arguments, barrier, formulas
from deltarule.engines.kernels.arguments import Orders, Rule
from deltarule.engines.kernels.compiling import as_type, number_of
from samples import NAMES, sample

pytestmark = pytest.mark.kernels

NUMBER = {
    "linear": formulas.LINEAR,
    "sigmoid": formulas.SIGMOID,
    "tanh": formulas.TANH,
    "logistic": formulas.LOGISTIC,
    "one-against-rest": formulas.ONE_AGAINST_REST,
    "softmax": formulas.SOFTMAX,
    "step": formulas.STEP,
    "sign": formulas.SIGN,
    "sign-against-rest": formulas.SIGN_AGAINST_REST,
    "adaline": formulas.ADALINE,
    "adaline-of-classes": formulas.ADALINE_OF_CLASSES,
}
HARD = ("step", "sign", "sign-against-rest")
LANES = 8
BEFORE = 2 * LANES  # what stands before a tile, and must go on standing
moderate = st.floats(-20, 20)


@numba.njit
def run_delta(kind, neurons, U, D, start, factors):
    formulas.delta(kind, neurons, U, start, D, start, formulas.load(factors, 0))


@numba.njit
def run_cost(kind, neurons, U, D, start, out):
    formulas.store(out, 0, formulas.cost(kind, neurons, U, D, start))


@numba.njit
def run_wrong(kind, neurons, U, D, start, out):
    formulas.store(out, 0, formulas.wrong(kind, neurons, U, D, start))


def tile(rows):
    """(8, K) as a tile: a vector a neuron, a lane a pattern; sevens before and after."""
    numbers = np.array(rows, np.float64).T.reshape(-1)
    return np.concatenate([np.full(BEFORE, 7.0), numbers, np.full(LANES, 7.0)])


def deltas(kind, U, D, factors=(1.0,) * LANES):
    """Each row's delta, times its factor."""
    tiled = tile(U)
    with np.errstate(all="ignore"):
        run_delta(kind, len(U[0]), tiled, tile(D), BEFORE, np.array(factors))
    assert_array_equal(tiled[:BEFORE], 7)
    assert_array_equal(tiled[-LANES:], 7)
    return tiled[BEFORE:-LANES].reshape(-1, LANES).T


def in_lanes(run, kind, U, D):
    """What a function of tiles gives for each row; it must leave the tile of U as it is."""
    out, tiled = np.empty(LANES), tile(U)
    with np.errstate(all="ignore"):
        run(kind, len(U[0]), tiled, tile(D), BEFORE, out)
    assert_array_equal(tiled, tile(U))
    return out


@st.composite
def eight_patterns(draw):
    """A kind, and synaptic inputs and desired outputs of eight patterns: (8, K) each."""
    kind = draw(st.sampled_from(naive.KINDS))
    neurons = draw(st.integers(1, 5))
    rng = np.random.default_rng(draw(st.integers(0, 999)))
    U = rng.uniform(-1, 1, (LANES, neurons)) * rng.uniform(0, 20, (LANES, 1))
    U[rng.random(U.shape) < 0.1] = 0  # ties
    if kind in naive.LARGEST:
        D = np.eye(neurons)[rng.integers(0, neurons, LANES)]
        D = 2 * D - 1 if kind == "sign-against-rest" else D
    elif kind in ("logistic", "step"):
        D = rng.integers(0, 2, U.shape).astype(float)
    elif kind in ("sign", "adaline"):
        D = 2.0 * rng.integers(0, 2, U.shape) - 1
    else:
        D = rng.uniform(-1, 1, U.shape)
    return kind, U.tolist(), D.tolist()


def test_kinds_have_their_numbers():
    assert {sampled.kind: formulas_of(sampled.layer) for sampled in map(sample, NAMES)} == NUMBER


@given(eight_patterns())
def test_delta_cost_and_errors_of_each_lane(patterns):
    kind, U, D = patterns
    rows = list(zip(U, D, strict=True))
    factors = np.arange(LANES) - 2.5
    expected = factors[:, None] * [naive.pattern_delta(kind, u, d) for u, d in rows]
    # The oracle's 1 - y^2 leaves an absolute error of 1e-16 times the difference, up to 2, and the factor, up to 4.5.
    np.testing.assert_allclose(deltas(NUMBER[kind], U, D, factors), expected, rtol=1e-13, atol=1e-14)
    costs = [naive.pattern_cost(kind, u, d) for u, d in rows]
    # The oracle's log(y) loses digits where y is near 1: |u| = 20 leaves e^-20 / 1e-16, so seven.
    np.testing.assert_allclose(in_lanes(run_cost, NUMBER[kind], U, D), costs, rtol=1e-7, atol=1e-15)
    assert in_lanes(run_wrong, NUMBER[kind], U, D).tolist() == [naive.is_wrong(kind, u, d) for u, d in rows]


def test_a_number_without_formulas_gives_nan_and_not_the_formulas_of_another_kind():
    U, D = np.ones((LANES, 2)).tolist(), np.zeros((LANES, 2)).tolist()
    assert np.isnan(deltas(99, U, D, np.ones(LANES))).all()
    assert np.isnan(in_lanes(run_cost, 99, U, D)).all()


@pytest.mark.parametrize("kind", naive.KINDS)
def test_sizes_that_the_compiler_knows_change_nothing(kind):
    rng = np.random.default_rng(1)
    U, D = rng.normal(size=(LANES, 3)), np.eye(3)[rng.integers(0, 3, LANES)]
    once, again, factors = tile(U), tile(U), np.ones(LANES)
    run_delta(NUMBER[kind], 3, once, tile(D), BEFORE, factors)
    run_delta(as_type(NUMBER[kind]), as_type(3), again, tile(D), BEFORE, factors)
    assert_array_equal(again, once)


@pytest.mark.parametrize("number", [0, 1, 16])
def test_a_known_number_has_its_value(number):
    @numba.njit
    def run(number):
        return number_of(number)

    assert run(as_type(number)) == run(number) == number


# ---- Extremes. Each in one lane, beside lanes with ordinary numbers.


def beside(u, d):
    """Eight rows with (u, d) in lane 3."""
    U, D = np.full((LANES, len(u)), 0.5), np.eye(len(u))[[0] * LANES]
    U[3], D[3] = u, d
    return U.tolist(), D.tolist()


def test_softmax_is_exact_at_extremes():
    for u, d, cost, delta in (
        ([1e300, 0.0], [0.0, 1.0], 1e300, [1.0, -1.0]),
        ([1e300, 0.0], [1.0, 0.0], 0.0, [0.0, 0.0]),
        ([-1e300, 0.0], [0.0, 1.0], 0.0, [0.0, 0.0]),
        ([-1e300, -1e300], [0.0, 1.0], math.log(2), [0.5, -0.5]),
    ):
        U, D = beside(u, d)
        assert in_lanes(run_cost, formulas.SOFTMAX, U, D)[3] == cost
        assert deltas(formulas.SOFTMAX, U, D)[3].tolist() == delta


def test_logistic_is_exact_at_extremes():
    for u, d, cost, delta in (
        ([1e300], [0.0], 1e300, [1.0]),
        ([1e300], [1.0], 0.0, [0.0]),
        ([-1e300], [1.0], 1e300, [-1.0]),
        ([-1e300], [0.0], 0.0, [0.0]),
    ):
        U, D = beside(u, d)
        assert in_lanes(run_cost, formulas.LOGISTIC, U, D)[3] == cost
        assert deltas(formulas.LOGISTIC, U, D)[3].tolist() == delta


@pytest.mark.parametrize("kind", naive.KINDS)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_nan_comes_through_and_stays_in_its_lane(kind, place):
    u = [0.25, 0.5, 0.75]
    u[place] = math.nan
    U, D = beside(u, [0.0, 1.0, 0.0])
    there = [lane == 3 for lane in range(LANES)]
    assert np.isnan(in_lanes(run_cost, NUMBER[kind], U, D)).tolist() == there
    if kind in HARD:  # the delta of hard outputs is finite; that the cost is not ends the descent
        return
    found = np.isnan(deltas(NUMBER[kind], U, D))
    assert found.any(axis=1).tolist() == there
    # Neurons of a softmax layer share a sum; others do not know each other.
    assert found[3].sum() == (3 if kind == "softmax" else 1)


@pytest.mark.parametrize("kind", naive.KINDS)
@pytest.mark.parametrize("size", [math.inf, -math.inf])
def test_an_infinity_stays_in_its_lane(kind, size):
    U, D = beside([0.25, size, 0.75], [0.0, 1.0, 0.0])
    others = [lane for lane in range(LANES) if lane != 3]
    assert np.isfinite(deltas(NUMBER[kind], U, D)[others]).all()
    assert np.isfinite(in_lanes(run_cost, NUMBER[kind], U, D)[others]).all()


def test_a_tie_goes_to_the_first_class():
    largest = ("STEP_AGAINST_REST", "SIGN_AGAINST_REST", "ADALINE_OF_CLASSES", "SOFTMAX", "ONE_AGAINST_REST")
    for kind in (getattr(formulas, name) for name in largest):
        assert in_lanes(run_wrong, kind, *beside([0.0, 0.0], [1.0, 0.0]))[3] == 0
        assert in_lanes(run_wrong, kind, *beside([0.0, 0.0], [0.0, 1.0]))[3] == 1
    assert in_lanes(run_wrong, formulas.LOGISTIC, *beside([0.0], [0.0]))[3] == 0
    assert in_lanes(run_wrong, formulas.LOGISTIC, *beside([0.0], [1.0]))[3] == 1


def test_a_hard_neuron_and_adaline_say_yes_at_0():
    for kind, no in ((formulas.STEP, 0.0), (formulas.SIGN, -1.0), (formulas.ADALINE, -1.0)):
        assert in_lanes(run_wrong, kind, *beside([0.0], [no]))[3] == 1
        assert in_lanes(run_wrong, kind, *beside([0.0], [1.0]))[3] == 0


# ---- What is done with parameters and orders.


@numba.njit
def run_all_finite(parameters):
    return arguments.all_finite(parameters)


@numba.njit
def run_copy(source, target):
    arguments.copy(source, target)


@numba.njit
def run_next_order(orders, epoch, patterns):
    arguments.next_order(orders, epoch, patterns)


@numba.njit
def run_scale(rule, weight):
    return arguments.scale(rule, weight)


@numba.njit
def run_decay_cost(decay, parameters, bounds, apart):
    return arguments.decay_cost(decay, parameters, bounds, apart)


@numba.njit
def run_add_panel(gradient, sums, lost, bounds):
    arguments.add_panel(gradient, sums, lost, bounds)


def test_panels_are_added_with_what_roundings_lost_and_their_gradient_becomes_0():
    term = np.linspace(0.1, 1.7, 32).astype(np.float32)
    sums, lost, gradient = (np.zeros(48, np.float32) for _ in range(3))
    for _ in range(5000):
        gradient[16:] = term
        run_add_panel(gradient, sums, lost, (16, 48))
        assert not gradient.any()
    assert not sums[:16].any()
    assert np.abs(sums[16:] / (5000 * term.astype(np.float64)) - 1).max() < 1e-7


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_a_panel_that_is_not_finite_leaves_a_sum_that_is_not(number):
    sums, lost, gradient = (np.zeros(16, np.float32) for _ in range(3))
    with np.errstate(invalid="ignore"):
        for first in (number, 1.0):
            gradient[3] = first
            run_add_panel(gradient, sums, lost, (0, 16))
            assert np.isfinite(gradient).all()
    assert np.isfinite(sums).sum() == 15


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_all_finite_looks_at_every_place(number):
    parameters = np.full(3 * LANES, 1e308)  # whose sum is not finite
    assert run_all_finite(parameters)
    for place in range(len(parameters)):
        parameters[place] = number
        with np.errstate(invalid="ignore"):
            assert not run_all_finite(parameters)
        parameters[place] = -1e308


def test_copy():
    source, target = np.arange(24.0), np.zeros(24)
    run_copy(source, target)
    assert_array_equal(target, source)


def test_orders_are_drawn_given_or_stay():
    given_ = np.array([[2, 0, 1], [1, 2, 0]])
    none, empty = np.empty((0, 3), np.int64), np.empty(0, np.uint64)
    order = np.array([0, 1, 2, 9, 9])
    run_next_order(Orders(empty, none, order), 1, 3)
    assert order.tolist() == [0, 1, 2, 9, 9]
    run_next_order(Orders(empty, given_, order), 1, 3)
    assert order.tolist() == [1, 2, 0, 9, 9]
    with np.errstate(over="ignore"):
        run_next_order(Orders(work_state(4), none, order), 1, 3)
    assert order.tolist() == [*np.random.default_rng(4).permutation(3), 9, 9]


def work_state(seed):
    from deltarule.engines.kernels.shuffle import state_of

    return state_of(np.random.default_rng(seed))


def rule_with(mean_factor=0.0):
    return Rule(
        kind=formulas.LINEAR, inputs=2, neurons=3, batch_size=4, mean_factor=mean_factor,
        weight_decay=0.0, bias_decay=0.0, momentum=0.0, nesterov=False, tolerance=-1.0, patience=0, min_change=0.0, share_of=0.0,
        record_every=1, last_epoch=0,
    )  # fmt: skip


def test_scale_and_decay():
    assert run_scale(rule_with(), 5.0) == 1.0
    assert run_scale(rule_with(mean_factor=0.5), 4.0) == 0.125
    assert run_scale(rule_with(mean_factor=0.5), 0.0) == 0.0  # a batch whose weights are all 0
    parameters = np.arange(8.0)
    assert run_decay_cost(0.0, parameters, (0, 4), 1) == 0.0
    # A half of 0.5 times the sum of 0, 1, 4 and 9; and of 1, 9 and 25.
    assert run_decay_cost(0.5, parameters, (0, 4), 1) == 3.5
    assert run_decay_cost(0.5, parameters, (1, 7), 2) == 8.75


# ---- Threads.


@pytest.mark.parametrize("team", [2, 3])
def test_threads_meet(team):
    # In each round a thread writes its number, meets, and must find the others' of the same round; then they meet again.
    rounds = 50

    @numba.njit(nogil=True)
    def run(rank, team, arrivals, board):
        agreed = 0
        for turn in range(1, rounds + 1):
            board[16 * rank] = turn
            barrier.wait(arrivals, team)
            same = True
            for other in range(team):
                same = same and board[16 * other] == turn
            agreed += same
            barrier.wait(arrivals, team)
        return agreed

    arrivals, board = barrier.new_arrivals(), np.zeros(16 * team, np.int64)
    run(0, 1, barrier.new_arrivals(), board.copy())  # compiles, in one thread
    found = [0] * team

    def member(rank):
        found[rank] = run(rank, team, arrivals, board)

    threads = [threading.Thread(target=member, args=(rank,)) for rank in range(team)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [rounds] * team
