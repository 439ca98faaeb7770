"""Each compiled loop against the plain loops of `naive`, over shapes, kinds, batches and weights."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

import naive
from deltarule.engines import kernels
from deltarule.engines.compiled import kernel_kind
from samples import NAMES, sample

pytestmark = pytest.mark.kernels

NUMBER = {
    "linear": kernels.LINEAR,
    "sigmoid": kernels.SIGMOID,
    "tanh": kernels.TANH,
    "logistic": kernels.LOGISTIC,
    "one-against-rest": kernels.ONE_AGAINST_REST,
    "softmax": kernels.SOFTMAX,
}
moderate = st.floats(-20, 20)
kinds = st.sampled_from(naive.KINDS)


@st.composite
def a_pattern(draw):
    """A kind, synaptic inputs and desired outputs that fit it."""
    kind = draw(kinds)
    u = draw(st.lists(moderate, min_size=1, max_size=4))
    if kind in ("softmax", "one-against-rest"):
        label = draw(st.integers(0, len(u) - 1))
        return kind, u, [float(k == label) for k in range(len(u))]
    targets = st.sampled_from([0.0, 1.0]) if kind == "logistic" else st.floats(-1, 1)
    return kind, u, draw(st.lists(targets, min_size=len(u), max_size=len(u)))


@st.composite
def a_set(draw):
    """A sample, pattern weights, and how to descend."""
    name, patterns = draw(st.sampled_from(NAMES)), draw(st.integers(3, 7))
    sampled = sample(name, patterns, draw(st.integers(1, 3)), draw(st.integers(0, 99)))
    v = np.array(draw(st.lists(st.sampled_from([0.0, 1.0, 2.5]), min_size=patterns, max_size=patterns)))
    v[-1] = 1.0  # not all 0
    options = {
        "learning_rate": draw(st.sampled_from([0.01, 0.1])),
        "reduction": draw(st.sampled_from(["sum", "mean"])),
        "decay": draw(st.sampled_from([0.0, 0.2])),
    }
    return sampled, v, options


def rule_for(
    sampled, *, learning_rate=0.1, reduction="sum", decay=0.0, batch_size=None, tolerance=-1.0, record_every=1
):
    layer = sampled.layer
    return kernels.Rule(
        kind=kernel_kind(layer),
        learning_rate=learning_rate,
        batch_size=batch_size or len(sampled.X),
        mean_factor=layer.mean_factor if reduction == "mean" else 0.0,
        weight_decay=decay,
        tolerance=tolerance,
        record_every=record_every,
    )


def data_of(sampled, v):
    return kernels.Data(sampled.X, np.array(sampled.desired), v)


def nothing(sampled):
    return kernels.Data(sampled.X[:0], np.empty((0, sampled.layer.neurons)), np.empty(0))


def test_kinds_have_their_numbers():
    assert {sampled.kind: kernel_kind(sampled.layer) for sampled in map(sample, NAMES)} == NUMBER


@given(st.lists(moderate, min_size=1, max_size=4), st.integers(1, 3), st.integers(0, 99))
def test_synaptic_input(b, inputs, seed):
    rng = np.random.default_rng(seed)
    x, W, u = rng.normal(size=inputs), rng.normal(size=(inputs, len(b))), np.empty(len(b))
    kernels.synaptic_input(x, W, np.array(b), u)
    # Sums of four terms of order 20.
    assert_allclose(u, naive.synaptic_input(x.tolist(), W.tolist(), b), atol=1e-13)


@given(moderate)
def test_sigmoid_and_softplus(u):
    assert kernels.sigmoid(u) == pytest.approx(naive.activation("logistic", [u])[0], rel=1e-14)
    assert kernels.softplus(u) == pytest.approx(math.log(1 + math.exp(u)), rel=1e-7, abs=1e-15)


@pytest.mark.parametrize("size", [1e4, 1e300])
def test_sigmoid_and_softplus_are_exact_at_extremes(size):
    assert (kernels.sigmoid(size), kernels.sigmoid(-size)) == (1.0, 0.0)
    assert (kernels.softplus(size), kernels.softplus(-size)) == (size, 0.0)
    assert math.isnan(kernels.sigmoid(math.nan))
    assert math.isnan(kernels.softplus(math.nan))


@given(st.lists(moderate, min_size=1, max_size=5))
def test_exponentials(u):
    e = np.empty(len(u))
    largest, total = kernels.exponentials(np.array(u), e)
    assert largest == max(u)
    assert total == pytest.approx(sum(math.exp(x - max(u)) for x in u), rel=1e-14)
    assert_allclose(e, [math.exp(x - max(u)) for x in u], rtol=1e-14)


@pytest.mark.parametrize("u", [[math.nan], [math.nan, 1.0], [1.0, math.nan], [1.0, math.nan, 2.0]])
def test_exponentials_let_nan_through(u):
    _, total = kernels.exponentials(np.array(u), np.empty(len(u)))
    assert math.isnan(total)


@given(a_pattern())
def test_pattern_delta_and_cost(pattern):
    kind, u, d = pattern
    scratch = np.empty(len(u))
    kernels.pattern_delta(NUMBER[kind], np.array(u), np.array(d), scratch)
    assert_allclose(scratch, naive.pattern_delta(kind, u, d), rtol=1e-9, atol=1e-13)
    cost = kernels.pattern_cost(NUMBER[kind], np.array(u), np.array(d), scratch)
    # The oracle's log(y) loses digits where y is near 1: |u| = 20 leaves e^-20 / 1e-16, so seven.
    assert cost == pytest.approx(naive.pattern_cost(kind, u, d), rel=1e-7, abs=1e-15)


def test_softmax_cost_is_exact_at_extremes():
    u, e = np.array([1e300, 0.0]), np.empty(2)
    assert kernels.pattern_cost(kernels.SOFTMAX, u, np.array([0.0, 1.0]), e) == 1e300
    assert kernels.pattern_cost(kernels.SOFTMAX, u, np.array([1.0, 0.0]), e) == 0.0


@given(a_pattern())
def test_is_wrong(pattern):
    kind, u, d = pattern
    assert kernels.is_wrong(NUMBER[kind], np.array(u), np.array(d)) == naive.is_wrong(kind, u, d)


def test_a_tie_goes_to_the_first_class():
    tie = np.array([0.0, 0.0])
    for kind in (kernels.SOFTMAX, kernels.ONE_AGAINST_REST):
        assert not kernels.is_wrong(kind, tie, np.array([1.0, 0.0]))
        assert kernels.is_wrong(kind, tie, np.array([0.0, 1.0]))
    assert not kernels.is_wrong(kernels.LOGISTIC, np.array([0.0]), np.array([0.0]))
    assert kernels.is_wrong(kernels.LOGISTIC, np.array([0.0]), np.array([1.0]))


@given(a_set())
def test_evaluate(case):
    sampled, v, options = case
    layer = sampled.layer
    scratch = np.empty(layer.neurons), np.empty(layer.neurons)
    cost, errors = kernels.evaluate(
        rule_for(sampled, **options), data_of(sampled, v), layer.weights, layer.biases, *scratch
    )
    plain = sampled.plain(v)
    wanted = naive.cost(**plain, reduction=options["reduction"], decay=options["decay"])
    assert cost == pytest.approx(wanted, rel=1e-10)
    assert errors == naive.errors(**plain)


@given(a_set(), st.data())
def test_update(case, data):
    sampled, v, options = case
    batch = data.draw(st.lists(st.sampled_from(range(len(v))), min_size=1, unique=True))
    W, b = sampled.layer.weights.copy(), sampled.layer.biases.copy()
    kernels.update(
        rule_for(sampled, **options), data_of(sampled, v), np.array(batch), W, b,
        np.full_like(W, math.nan), np.full_like(b, math.nan), np.empty_like(b), np.empty_like(b),
    )  # fmt: skip
    plain = sampled.plain(v)
    plain.update({part: [plain[part][p] for p in batch] for part in ("X", "D", "v")})
    new_W, new_b = naive.update(**plain, **options)
    assert_allclose(W, new_W, atol=1e-12)
    assert_allclose(b, new_b, atol=1e-12)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_all_finite(value):
    W, b = np.ones((2, 3)), np.ones(3)
    assert kernels.all_finite(W, b)
    for array in (W, b):
        array.flat[-1] = value
        assert not kernels.all_finite(W, b)
        array.flat[-1] = 1


@given(a_set(), st.integers(1, 8), st.integers(0, 3), st.integers(1, 4), st.booleans())
def test_descend(case, batch_size, record_every, epochs, followed):
    sampled, v, options = case
    count = len(v)
    full = batch_size >= count
    rng = np.random.default_rng(0)
    orders = np.array([np.arange(count)] if full else [rng.permutation(count) for _ in range(epochs)])
    W, b = sampled.layer.weights.copy(), sampled.layer.biases.copy()
    rows = np.full((epochs // record_every if record_every else 0, 5), math.nan)
    other = sample(sampled.name, 3, sampled.layer.inputs, seed=100)
    done, filled, why, _ = kernels.descend(
        rule_for(sampled, **options, batch_size=min(batch_size, count), record_every=record_every),
        data_of(sampled, v), data_of(other, np.ones(3)) if followed else nothing(sampled),
        orders, epochs, 1, math.nan, W, b, rows,
    )  # fmt: skip
    states = naive.descend(**sampled.plain(v), **options, epochs=epochs, batch_size=batch_size)
    assert (done, filled, why) == (epochs, len(rows), kernels.ALL_EPOCHS)
    assert_allclose(W, states[-1][0], atol=1e-11)
    assert_allclose(b, states[-1][1], atol=1e-11)
    recorded = [t for t in range(1, epochs + 1) if record_every and t % record_every == 0]
    assert rows[:, 0].tolist() == recorded
    for row in rows:
        W_then, b_then, cost, errors = states[int(row[0])]
        assert row[1] == pytest.approx(cost, rel=1e-9)
        assert row[2] == errors
        if followed:
            held_out = {**other.plain(), "W": W_then, "b": b_then}
            wanted = naive.cost(**held_out, reduction=options["reduction"], decay=options["decay"])
            assert row[3] == pytest.approx(wanted, rel=1e-9)
            assert row[4] == naive.errors(**held_out)


@pytest.mark.parametrize("tolerance", [0.3, 0.1, 0.02])
def test_descend_stops_by_the_tolerance(tolerance):
    sampled = sample("softmax", 6)
    plain = sampled.plain()
    states = naive.descend(**plain, learning_rate=0.1, epochs=200, tolerance=tolerance)
    assert 2 < len(states) < 200
    W, b = sampled.layer.weights.copy(), sampled.layer.biases.copy()
    done, filled, why, cost = kernels.descend(
        rule_for(sampled, tolerance=tolerance, record_every=0), data_of(sampled, np.ones(6)), nothing(sampled),
        np.arange(6)[None], 200, 1, states[0][2], W, b, np.empty((0, 5)),
    )  # fmt: skip
    assert (done, filled, why) == (len(states) - 1, 0, kernels.TOLERANCE_MET)
    assert cost == pytest.approx(states[-1][2], rel=1e-12)


@pytest.mark.parametrize("record_every", [0, 1])
def test_descend_goes_back_to_the_last_finite_layer(record_every):
    sampled = sample("linear", 6)
    rule = rule_for(sampled, learning_rate=1e3, record_every=record_every)

    def run(epochs):
        W, b, rows = sampled.layer.weights.copy(), sampled.layer.biases.copy(), np.empty((epochs, 5))
        with np.errstate(all="ignore"):  # with the JIT off NumPy's scalars warn
            done, filled, why, _ = kernels.descend(
                rule, data_of(sampled, np.ones(6)), nothing(sampled), np.arange(6)[None], epochs, 1, 1.0, W, b, rows
            )
        return W, b, rows[:filled], done, why

    W, b, rows, done, why = run(200)
    assert why == kernels.NOT_FINITE
    assert 10 < done < 200
    W_before, b_before, _, done_before, why_before = run(done)
    assert (done_before, why_before) == (done, kernels.ALL_EPOCHS)
    assert_array_equal(W, W_before)
    assert_array_equal(b, b_before)
    assert run(done + 1)[4] == kernels.NOT_FINITE
    assert np.isfinite(rows[:, 1]).all()
    assert len(rows) == (done if record_every else 0)
