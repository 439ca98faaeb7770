"""Many descents at once, by both families of kernels: each is what training it alone gives; interruption; progress; threads."""

import math
import os
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from ctrl_c import CtrlC, no_threads_left
from deltarule.descent import MONITORS, ORDERS, Descent
from deltarule.engines import many_models, thresholds
from deltarule.engines.recorded import COLUMN_NAMES, Recorded
from deltarule.engines.running import Result
from deltarule.layers import Layer, LinearLayer, SoftmaxLayer
from deltarule.outcome import Reason
from deltarule.training import train
from kernel_families import FAMILIES, JIT_OFF, every_family, kernels_of
from motions import motions
from samples import HARD, NAMES, NUMBERS, assert_same_record, sample

pytestmark = pytest.mark.kernels

# Interpreted, an update takes milliseconds.
LARGEST, UPDATES, EXAMPLES, MOST_MODELS = (4, 6, 2, 9) if JIT_OFF else (40, 1000, 25, 17)
# Alone, two that go by themselves, the fewest in a group, a vector, one more than a vector, one more than two.
COUNTS = [count for count in (1, 2, 3, 8, 9, 17) if count <= MOST_MODELS]
compiled_only = pytest.mark.skipif(
    JIT_OFF, reason="seconds where it is interpreted, and no line that others do not run"
)
RATES, DECAYS, TOLERANCES = (1.0, 0.5, 0.1), (0.0, 0.0, 0.1), (None, None, 0.01)


def quiet(_share, _ended):
    pass


@dataclass(frozen=True)
class Case:
    """Descents over a sample. They start at its layer, or each near to it."""

    name: str
    sizes: tuple[int, int, int]  # patterns, inputs, neurons
    descents: tuple[Descent, ...]
    weights: np.ndarray | None = None
    record_every: int = 1
    followed: bool = False
    apart: bool = False
    seed: int = 0
    dtype: Any = np.float64

    def sample(self, seed=0):
        P, N, K = self.sizes
        return sample(self.name, P, N, self.seed + seed, self.dtype, K)

    def layers(self) -> list[Layer]:
        layer, count = self.sample().layer, len(self.descents)
        if not self.apart:
            return [layer] * count
        return [
            layer.with_unchecked_parameters(layer.weights * self.dtype(1 + m / 8), layer.biases) for m in range(count)
        ]

    def descend(self, progress=quiet, places=None) -> list[Result]:
        """All of them, or those at these places."""
        sampled, other, layers = self.sample(), self.sample(1), self.layers()
        chosen = range(len(self.descents)) if places is None else places
        training = sampled.layer.patterns(sampled.X, sampled.targets, self.weights)
        validation = sampled.layer.patterns(other.X, other.targets) if self.followed else None
        mine = [self.descents[m] for m in chosen]
        return many_models.descend([layers[m] for m in chosen], training, validation, mine, self.record_every, progress)

    def alone(self, m) -> Result:
        """What `train` makes of model m, by the direct engine, which shares no loop with the compiled ones."""
        sampled, other = self.sample(), self.sample(1)
        run = train(
            self.layers()[m], sampled.X, sampled.targets, self.descents[m], "direct", sample_weight=self.weights,
            validation=(other.X, other.targets) if self.followed else None, record_every=self.record_every,
        )  # fmt: skip
        return as_result(run)


def as_result(run) -> Result:
    history = run.history
    columns = [history.epoch, history.cost, history.errors, history.validation_cost, history.validation_errors]
    nothing = np.full(len(history.epoch), np.nan)
    table = np.column_stack([nothing if column is None else column for column in columns])
    recorded = Recorded(table, history.errors is not None, history.validation_cost is not None)
    return Result(run.layer, run.outcome.epochs, recorded, run.outcome.reason, run.outcome.later_epochs)


def assert_same(found: Result, expected: Result, tolerance=1e-9):
    """Parameters to the largest of them; costs to their own size; errors exactly, unless rounding may decide a tie (float32)."""
    assert (found.reason, found.epochs, found.later) == (expected.reason, expected.epochs, expected.later)
    assert found.layer.dtype == expected.layer.dtype
    # They may pass 0 on their way: then to a hundredth of what they were.
    largest = max(np.abs(expected.layer.weights).max(), np.abs(expected.layer.biases).max(), 0.01)
    assert np.abs(found.layer.weights - expected.layer.weights).max() <= tolerance * largest
    assert np.abs(found.layer.biases - expected.layer.biases).max() <= tolerance * largest
    # A cost near 0 is a sum of costs near 0, each as exact as its synaptic input.
    assert_same_record(
        found.recorded,
        expected.recorded,
        rtol=10 * tolerance,
        atol=tolerance,
        errors=1e-12 if tolerance < 1e-6 else np.inf,
    )


def bits(results):
    """Everything about them, to the last bit."""
    return [
        (
            r.reason, r.epochs, r.layer.weights.tobytes(), r.layer.biases.tobytes(),
            *(None if (column := getattr(r.recorded, name)) is None else column.tobytes() for name in COLUMN_NAMES),
        )
        for r in results
    ]  # fmt: skip


@st.composite
def waits(draw, case):
    """Patience, for a case with a validation set."""
    if not case.followed or case.dtype == np.float32:  # in which rounding may make a layer better
        return {}
    patience = draw(st.sampled_from([None, 1, 2, 5]))
    monitor = "cost" if case.name in NUMBERS else draw(st.sampled_from(MONITORS))
    return {} if patience is None else {"patience": patience, "monitor": monitor, "min_change": 1e-5}


@st.composite
def cases(draw, dtype=np.float64):
    """Any shape, kind and options, at rates that contract: below 1 over a bound of the Hessian's largest eigenvalue."""
    # In float32 rounding decides on which side of 0 a hard output's synaptic input lies.
    name = draw(st.sampled_from([name for name in NAMES if dtype is np.float64 or name not in HARD]))
    P, N, K = (draw(st.integers(1, LARGEST)) for _ in range(3))
    reduction, seed = draw(st.sampled_from(["sum", "mean", "half-mean"])), draw(st.integers(0, 99))
    weights = None
    if draw(st.booleans()):
        weights = np.random.default_rng(seed).choice([0.0, 0.5, 1.0, 2.5], P)
        weights[-1] = 1.0  # not all 0
    case = Case(
        name, (P, N, K), (), weights, draw(st.sampled_from([0, 1, 3])), draw(st.booleans()), draw(st.booleans()), seed,
        dtype,
    )  # fmt: skip
    largest = float((1 + case.sample().X.astype(float) ** 2).sum(axis=1).max())
    sizes = draw(st.lists(st.one_of(st.none(), st.integers(1, P + 5)), min_size=1, max_size=2))
    updates = draw(st.sampled_from([UPDATES // 10 + 1, UPDATES]))
    descents = []
    for _ in range(draw(st.sampled_from(COUNTS))):
        size = draw(st.sampled_from(sizes))
        rate = 0.25 / largest if reduction != "sum" else 0.25 / (largest * 2.5 * min(P, size or P))
        epochs = max(1, updates // math.ceil(P / (size or P)))
        decay = draw(st.sampled_from(DECAYS))
        descents.append(
            Descent(
                rate * draw(st.sampled_from(RATES)),
                draw(st.sampled_from([epochs, epochs, epochs // 2 + 1, 1])),
                size,
                reduction,
                decay,
                seed=draw(st.integers(0, 1)),
                order=draw(st.sampled_from(ORDERS)),
                # In float32 rounding may meet a tolerance an epoch sooner.
                tolerance=draw(st.sampled_from(TOLERANCES)) if dtype == np.float64 else None,
                **draw(motions(decay)),
                **draw(waits(case)),
            )
        )
    return replace(case, descents=tuple(descents))


# ---- Each model is the one trained alone.


@pytest.mark.slow
@settings(max_examples=EXAMPLES)
@given(cases(), st.sampled_from([8, 16, None]))
def test_each_model_is_the_one_trained_alone(case, panel):
    expected = [case.alone(m) for m in range(len(case.descents))]
    for family in FAMILIES:
        with kernels_of(family, panel=panel):
            found = case.descend()
        for result, alone in zip(found, expected, strict=True):
            assert_same(result, alone)


@pytest.mark.slow
@settings(max_examples=EXAMPLES)
@given(cases(dtype=np.float32), st.sampled_from([8, 16, None]))
def test_each_model_of_float32_is_the_one_trained_alone(case, panel):
    expected = [case.alone(m) for m in range(len(case.descents))]
    for family in FAMILIES:
        with kernels_of(family, panel=panel):
            found = case.descend()
        for result, alone in zip(found, expected, strict=True):
            assert_same(result, alone, tolerance=1e-4)


@every_family
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("batch_size", [None, 8, 21])
def test_batches_of_several_panels(family, name, batch_size):
    """50 patterns in panels of 8, in batches of which the last is smaller; weighted; each model with its own all."""
    if JIT_OFF and (name not in {"linear", "softmax"} or batch_size == 8):
        pytest.skip("takes a second each; the lines are the same")
    weights = np.random.default_rng(1).choice([0.0, 1.0, 2.0], 50)
    descents = tuple(
        Descent(0.002 * (m + 1), 2 + m, batch_size, weight_decay=0.1 * (m % 2), seed=3)
        for m in range(3 if JIT_OFF else 9)
    )
    moving = tuple(
        replace(
            descent, learning_rate=0.001 * (m + 1), momentum=0.1 * (m + 1), nesterov=m % 3 == 1, decay_biases=m % 2 == 1,
            schedule="cosine" if m % 3 else "constant",
        )
        for m, descent in enumerate(descents)
    )  # fmt: skip
    for chosen in (descents, moving):
        case = Case(name, (50, 5, 4), chosen, weights, followed=True, apart=True)
        with kernels_of(family, panel=8):
            found = case.descend()
        for m, result in enumerate(found):
            assert_same(result, case.alone(m), tolerance=1e-11)


@every_family
@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("dtype", [np.float64, np.float32], ids=["float64", "float32"])
def test_groups_of_any_size(family, count, dtype):
    descents = tuple(Descent(0.01 * (m + 1), 3, 4, "mean") for m in range(count))
    case = Case("softmax", (10, 3, 3), descents, apart=True, dtype=dtype)
    with kernels_of(family):
        found = case.descend()
    for m, result in enumerate(found):
        assert_same(result, case.alone(m), tolerance=1e-12 if dtype == np.float64 else 1e-5)


@every_family
def test_tolerance_and_end_are_each_models_own(family):
    """The tolerance of one is no reason to look at the others' costs, nor to stop them."""
    descents = [
        Descent(0.01, 40),
        Descent(0.01, 40, tolerance=0.05),
        Descent(0.01, 25),
        Descent(0.001, 40, tolerance=0.05),
    ]
    for record_every in (0, 7):
        case = Case("linear", (20, 3, 2), tuple(descents), record_every=record_every)
        with kernels_of(family):
            found = case.descend()
        for m, result in enumerate(found):
            assert_same(result, case.alone(m))
        assert [result.reason for result in found[:3:2]] == [Reason.EPOCHS_DONE] * 2
        assert found[1].reason is Reason.TOLERANCE_MET
        assert 1 < found[1].epochs < 25


@given(
    st.lists(
        st.tuples(st.sampled_from([None, 1, 4, 9, 10, 11]), st.integers(0, 2), st.sampled_from([0.0, 0.9])),
        min_size=1,
        max_size=40,
    ),
    st.sampled_from(FAMILIES),
    st.integers(1, 3),
)
def test_models_go_together_where_batches_and_order_are_the_same_and_all_or_none_have_momentum(
    settings, family, threads
):
    """Of 10 patterns. Every model is in one unit; the order of a full batch is that of any seed."""
    descents = [Descent(0.1, 1, size, seed=seed, momentum=momentum) for size, seed, momentum in settings]
    layer = LinearLayer([[0.0]], [0.0])
    with kernels_of(family, threads):
        units = many_models.grouped([layer] * len(descents), descents, 10)
    assert sorted(place for unit in units for place in unit) == list(range(len(descents)))
    for unit in units:
        chosen = [settings[m] for m in unit]
        assert len({None if (size or 10) >= 10 else (size, seed) for size, seed, _ in chosen}) == 1
        assert len({momentum for _, _, momentum in chosen}) == 1
        if family == "small":
            assert len(unit) <= 8
    if family == "small":
        assert all(len(unit) == 1 or len(unit) >= thresholds.get().models_in_lanes for unit in units)


@every_family
@pytest.mark.parametrize("record_every", [0, 3])
def test_each_model_by_itself_stops_and_keeps_its_best_layer(family, record_every):
    """Whether others with patience go on, have another one, or diverge; those without go on to their end."""
    options = [{"patience": 3}, {"patience": 6, "momentum": 0.5}, {}, {"patience": 1, "min_change": 0.05}]
    options += [{"patience": 5, "monitor": "accuracy"}, {"patience": 4}]
    options += [{"patience": 2, "learning_rate": 1e300, "weight_decay": 1e12}]
    descents = tuple(Descent(**{"learning_rate": 0.02 * (m + 1), "epochs": 40} | own) for m, own in enumerate(options))
    case = Case("softmax", (20, 3, 3), descents, record_every=record_every, followed=True, apart=True, seed=2)
    with kernels_of(family):
        found = case.descend()
    for m, result in enumerate(found):
        assert_same(result, case.alone(m))
    assert {result.reason for result in found} >= {Reason.PATIENCE_OVER, Reason.EPOCHS_DONE, Reason.COST_NOT_FINITE}


# ---- Neighbours.

# Some diverge: by the rate (a parameter), by rate times decay, or by the cost alone (see the tests of divergence).
POOL = [
    Descent(0.01, 30), Descent(0.03, 17, weight_decay=0.1), Descent(0.02, 30, tolerance=0.02), Descent(1e300, 30),
    Descent(3.0, 30), Descent(0.5, 30, weight_decay=1e12), Descent(0.01, 1), Descent(0.02, 30, weight_decay=1.0),
    Descent(0.01, 30, momentum=0.9), Descent(0.01, 20, momentum=0.5, nesterov=True, schedule="cosine"),
    Descent(0.02, 30, weight_decay=0.1, decay_biases=True, schedule="one-cycle"), Descent(1.0, 30, momentum=0.99),
    Descent(0.02, 30, patience=2), Descent(0.02, 30, patience=9, min_change=0.01),
]  # fmt: skip


@pytest.mark.slow
@compiled_only
@every_family
@settings(max_examples=EXAMPLES)
@given(chosen=st.lists(st.integers(0, len(POOL) - 1), min_size=2, max_size=4), record_every=st.sampled_from([0, 1]))
def test_neighbours_change_nothing(family, chosen, record_every):
    """In a group of any models, in any lane, each has the bits that it has in a group of three of its own."""
    for name in ("linear", "softmax"):
        case = Case(name, (9, 2, 2), tuple(POOL), record_every=record_every, followed=True)
        # Those with momentum, and those with patience, are groups of their own: so each stands there twice.
        with kernels_of(family), thresholds.using(models_in_lanes=2):
            found = bits(case.descend(places=chosen * 2))
            for place, result in zip(chosen * 2, found, strict=True):
                assert result == bits(case.descend(places=[place] * 3))[0]


@pytest.mark.slow
@compiled_only
@every_family
@settings(max_examples=EXAMPLES)
@given(start=st.integers(0, 2), count=st.integers(3, 8))
def test_a_group_is_to_rounding_what_its_models_are_one_after_another(family, start, count):
    case = Case("softmax", (9, 2, 2), tuple(Descent(0.01 * (m + 1), 20, 4) for m in range(10)), apart=True)
    places = range(start, start + count)
    with kernels_of(family):
        for place, result in zip(places, case.descend(places=places), strict=True):
            assert_same(result, case.descend(places=[place])[0], tolerance=1e-12)


def test_a_neighbours_decay_leaves_a_cost_finite_where_squares_of_weights_are_not():
    """Of softmax the cost grows as the weights do, here to 1e160; their squares, which only a decay asks for, are infinite."""
    layer = SoftmaxLayer(np.zeros((2, 2)), np.zeros(2), classes=("a", "b"))
    infinite = layer.with_unchecked_parameters(np.array([[1e160, -1e160], [1e160, 0.0]]), np.zeros(2))
    training = layer.patterns([[1.0, 0.5], [-1.0, 2.0], [0.5, 1.0]], ["a", "b", "b"])
    layers, descents = [layer, infinite, layer], [Descent(1e160, 3), Descent(0.1, 3), Descent(0.1, 3, weight_decay=0.1)]
    with kernels_of("small"):
        found = many_models.descend(layers, training, None, descents, 1, quiet)
    for own, descent, result in zip(layers, descents, found, strict=True):
        run = train(own, [[1.0, 0.5], [-1.0, 2.0], [0.5, 1.0]], ["a", "b", "b"], descent, "direct")
        assert_same(result, as_result(run))
    assert [result.reason for result in found] == [Reason.EPOCHS_DONE] * 3


@every_family
def test_a_rate_beyond_float32_diverges_by_itself(family):
    descents = tuple(Descent(rate, 3) for rate in (1e39, 0.1, 1e39, 0.2))
    case = Case("softmax", (9, 2, 2), descents, dtype=np.float32)
    with kernels_of(family):
        found = case.descend()
    assert [result.reason for result in found] == [Reason.COST_NOT_FINITE, Reason.EPOCHS_DONE] * 2
    for m in (1, 3):
        assert_same(found[m], case.alone(m), tolerance=1e-5)
    for m in (0, 2):
        assert (found[m].epochs, found[m].recorded.epoch.tolist()) == (0, [0])


# ---- Divergence.

# The full batch X^T X is 2, and 2 for the bias; see `line`.
LINE_X, LINE_TARGETS = [[-1.0], [1.0]], [[-2.0], [2.0]]


def line(descents, record_every, progress=quiet):
    layer = LinearLayer([[0.0]], [0.0])
    training = layer.patterns(LINE_X, LINE_TARGETS)
    return many_models.descend([layer] * len(descents), training, None, descents, record_every, progress)


@every_family
@pytest.mark.parametrize("record_every", [0, 1, 7])
def test_a_diverging_model_ends_as_alone_and_its_neighbours_go_on(family, record_every):
    # 1 - 2a = -9 a step at a = 5: after 162 epochs the weights are near 1e155 and the cost is beyond 1e308; after 324 the
    # weights are too. So of 170 epochs only the cost tells, and of 60 nothing is infinite.
    descents = [
        Descent(0.25, 60),
        Descent(5.0, 500),
        Descent(5.0, 60),
        Descent(5.0, 170),
        Descent(0.25, 60),
        Descent(5.0, 400),
    ]
    with kernels_of(family):
        found = line(descents, record_every)
    for result, descent in zip(found, descents, strict=True):
        run = train(LinearLayer([[0.0]], [0.0]), LINE_X, LINE_TARGETS, descent, "direct", record_every=record_every)
        assert_same(result, as_result(run), tolerance=1e-10)
        assert np.isfinite(result.recorded.cost).all()
        assert result.recorded.epoch[-1] == result.epochs
    expected = [Reason.EPOCHS_DONE, Reason.COST_NOT_FINITE]
    assert [result.reason for result in found] == [expected[k] for k in (0, 1, 0, 1, 0, 1)]
    assert 100 < found[3].epochs < 170
    assert found[0].layer.weights[0, 0] == pytest.approx(2, abs=1e-9)


@compiled_only
@every_family
@pytest.mark.parametrize("batch_size", [None, 2])
@pytest.mark.parametrize("name", NAMES)
def test_every_kind_diverges_by_itself(family, batch_size, name):
    """By a rate times decay of 4: weights grow threefold a step. Its neighbours are to the bit what they are beside others."""
    good, bad = Descent(0.01, 30, batch_size), Descent(0.25, 800, batch_size, weight_decay=16.0)
    case = Case(name, (4, 2, 2), (good, bad, good, good), record_every=0)
    with kernels_of(family):
        found, among = case.descend(), case.descend(places=[0, 2, 3])
    assert bits(found)[2] == bits(among)[1]
    alone = case.alone(1)
    assert alone.reason is Reason.COST_NOT_FINITE
    # Such a run multiplies its rounding as it does its weights.
    assert_same(found[1], alone, tolerance=1e-8)


@every_family
@pytest.mark.parametrize("tolerance", [None, 1e-9])
def test_a_cost_that_is_infinite_for_an_epoch_only_is_looked_at_as_alone(family, tolerance):
    """Whether it is depends on the model: on its own tolerance, not on a neighbour's."""
    # Patterns much alike, one at a time: the cost is 7.7e307, then 8 times as large, 0.24, 0.15 times and so on, towards 0.
    X, targets = [[1.2, 0.4], [1.5, -0.8], [1.4, -0.2]], [[0.0]] * 3
    layer = LinearLayer([[0.4 * 0.8e154], [1.9 * 0.8e154]], [0.0])
    descents = [Descent(0.5, 40, 1, tolerance=tolerance), *[Descent(0.5, 3, 1, tolerance=0.1)] * 2]
    training = layer.patterns(X, targets)
    with kernels_of(family):
        found = many_models.descend([layer] * 3, training, None, descents, 0, quiet)
    run = train(layer, X, targets, descents[0], "direct", record_every=0)
    assert (found[0].reason, found[0].epochs) == (run.outcome.reason, run.outcome.epochs)
    assert found[0].reason is (Reason.EPOCHS_DONE if tolerance is None else Reason.COST_NOT_FINITE)


@every_family
def test_without_a_finite_initial_cost_there_is_no_row(family):
    layer = LinearLayer([[0.0]], [0.0])
    infinite = layer.with_unchecked_parameters(np.array([[1e200]]), np.zeros(1))
    training, descents = layer.patterns(LINE_X, LINE_TARGETS), [Descent(0.25, 5)] * 4
    with kernels_of(family):
        for layers in ([infinite], [infinite, layer], [layer, infinite, infinite, layer]):
            found = many_models.descend(layers, training, None, descents[: len(layers)], 1, quiet)
            for own, result in zip(layers, found, strict=True):
                if own is infinite:
                    assert (result.reason, result.epochs) == (Reason.COST_NOT_FINITE, 0)
                    assert len(result.recorded) == 0
                    assert result.layer.weights[0, 0] == 1e200
                else:
                    # From 0 half of the way a step.
                    assert result.layer.weights[0, 0] == pytest.approx(2 * (1 - 0.5**5), rel=1e-12)


# ---- Progress.


@every_family
@pytest.mark.parametrize("threads", [1, 2])
def test_progress_rises_from_0_to_1_and_counts_the_models_that_ended(family, threads):
    told = []
    descents = [Descent(0.25, epochs) for epochs in (1, 3, 400)]
    descents += [Descent(0.25, 1000, 1, tolerance=0.5), Descent(5.0, 10**6), Descent(0.25, 2, 1, seed=3)]
    with kernels_of(family, threads):
        line(descents, 0, lambda *now: told.append(now))
    shares, ended = zip(*told, strict=True)
    assert told[0] == (0.0, 0)
    assert told[-1] == (1.0, 6)  # those that ended early too
    assert list(shares) == sorted(shares)
    assert list(ended) == sorted(ended)
    assert {type(share) for share in shares} == {float}
    assert {type(count) for count in ended} == {int}


# ---- Ctrl-C.


needs_signals = pytest.mark.skipif(os.name == "nt", reason="no signal reaches a wait there")


@pytest.mark.slow
@needs_signals
@every_family
@pytest.mark.parametrize("threads", [1, 2])
def test_ctrl_c_keeps_whole_epochs_of_all_that_are_under_way(family, threads):
    """Batches of 1, so that it comes within an epoch. What was reached is what so many epochs give."""
    P = 40 if JIT_OFF else 20_000
    descents = tuple(Descent(1e-4 * (m + 1), 10**6, 1) for m in range(3))
    case = Case("softmax", (P, 3, 3), descents, record_every=0)
    press = CtrlC(lambda share, _ended: share > 0)
    with kernels_of(family, threads), no_threads_left():
        found = case.descend(press)
        press.thread.join()
        for result in found:
            assert result.reason is Reason.INTERRUPTED
            assert result.recorded.epoch.tolist() == [0, result.epochs]
        # Some whole epochs of all, in a group the same.
        epochs = [result.epochs for result in found]
        assert 1 <= max(epochs) < 10**6
        if family == "small" or threads == 1:
            assert min(epochs) == max(epochs)
        again = replace(
            case, descents=tuple(replace(d, epochs=max(e, 1)) for d, e in zip(descents, epochs, strict=True))
        )
        for result, whole in zip(found, again.descend(), strict=True):
            if result.epochs:
                assert_array_equal(result.layer.weights, whole.layer.weights)
                assert_same_record(result.recorded, whole.recorded)


@pytest.mark.slow
@needs_signals
@every_family
def test_at_ctrl_c_those_that_ended_stay_so_and_those_not_begun_are_at_their_start(family):
    """One thread, three groups: the first has ended, of the second one has, the third waits."""
    long = 10**5 if JIT_OFF else 10**9
    descents = [Descent(0.1, 2)] * 3 + [Descent(0.1, 1, 1, seed=1)] + [Descent(0.01, long, 1, seed=1)] * 2
    descents += [Descent(0.1, 3, 1, seed=2)] * 3
    press = CtrlC(lambda share, ended: ended == 4 and share * sum(d.epochs for d in descents) > 7.5)
    with kernels_of(family, 1), no_threads_left():
        found = line(descents, 0, press)
        press.thread.join()
    assert [r.reason for r in found] == [Reason.EPOCHS_DONE] * 4 + [Reason.INTERRUPTED] * 5
    assert [r.epochs for r in found[:4]] == [2, 2, 2, 1]
    assert 1 <= found[4].epochs == found[5].epochs < long
    assert [r.epochs for r in found[6:]] == [0] * 3
    # Two points of which one is taken at a time: near the solution 2 from the first epochs on.
    assert_allclose([r.recorded.epoch[-1] for r in found], [r.epochs for r in found])
    for result in found[6:]:
        assert result.layer.weights[0, 0] == 0
        assert (result.recorded.epoch.tolist(), result.recorded.cost.tolist()) == ([0], [4.0])  # 1/2 (2^2 + 2^2)


@every_family
def test_ctrl_c_before_the_beginning(family):
    def press(_share, _ended):
        raise KeyboardInterrupt

    layers = [LinearLayer([[0.0]], [0.0]), LinearLayer([[1e200]], [0.0])]
    training = layers[0].patterns([[1.0]], [[1.0]])
    with kernels_of(family):
        found = many_models.descend(layers, training, None, [Descent(0.1, 4)] * 2, 0, press)
    assert [result.reason for result in found] == [Reason.INTERRUPTED, Reason.COST_NOT_FINITE]
    assert [result.recorded.epoch.tolist() for result in found] == [[0], []]


@every_family
@pytest.mark.parametrize("count", [1, 3])
def test_what_progress_raises_ends_the_work(family, count):
    """The models would go on for hours."""

    def fail(share, _ended):
        if share > 0:
            raise ZeroDivisionError

    with kernels_of(family), no_threads_left(), pytest.raises(ZeroDivisionError):
        line([Descent(0.01, 10**10)] * count, 0, fail)


# ---- Histories of bounded size.


@every_family
@pytest.mark.parametrize("slice_seconds", [0.0, 1e9])
def test_each_model_keeps_a_history_of_its_own_epochs_whatever_the_others_do(family, slice_seconds):
    """Eight entries each: of the model that ends at epoch 5 all, of the one that goes on to 50 each eighth."""
    descents = [Descent(0.001, epochs, weight_decay=0.1) for epochs in (5, 7, 8, 20, 50)]
    case = Case("softmax", (6, 3, 2), tuple(descents), followed=True)
    with kernels_of(family):
        whole = case.descend()
        with thresholds.using(history_rows=100, sweep_rows=40, slice_seconds=slice_seconds):
            found = case.descend()
            alone = [case.descend(places=[m])[0] for m in range(2)]
    for result, expected, spacing in zip(found, whole, (1, 1, 2, 4, 8), strict=True):
        epochs = sorted({*range(0, expected.epochs + 1, spacing), expected.epochs})
        assert_array_equal(result.recorded.table, expected.recorded.table[epochs])
        assert_array_equal(result.layer.weights, expected.layer.weights)
        assert result.recorded.every == (0 if spacing == 1 else spacing)
    assert [result.recorded.every for result in alone] == [0, 0]


# ---- Threads.

# For each family a case of several groups, in part of one model; the wide one has updates that repay a team of threads.
SEVERAL = {
    "small": Case(
        "softmax", (60, 4, 3),
        tuple(Descent(0.001 * (m + 1), 3, (None, 8, 7)[m % 3], seed=m % 2) for m in range(29)), followed=True,
    ),
    "wide": Case(
        "softmax", (500, 130, 9),
        tuple(Descent(1e-5 * (m + 1), 3, (None, 64, None, 100)[m % 4]) for m in range(7)), followed=True,
    ),
    "wide, two models": Case(
        "linear", (500, 130, 9), (Descent(1e-6, 3), Descent(2e-6, 3)),
    ),
}  # fmt: skip


@compiled_only
@pytest.mark.parametrize("name", SEVERAL)
def test_any_number_of_threads_gives_the_same_bits(name):
    case = SEVERAL[name]
    found = []
    for threads in (1, 2, 2, 3):
        with kernels_of(name.split(",", maxsplit=1)[0], threads):
            found.append(bits(case.descend()))
    assert found[1:] == found[:1] * 3


def test_a_kind_of_models_without_a_group_of_its_own_repeats_to_the_bit():
    """Two small models go one after the other, by the kernels of one layer."""
    case = Case("softmax", (20, 3, 3), (Descent(0.01, 5, 6), Descent(0.02, 5, 6)))
    with kernels_of("small"):
        assert bits(case.descend()) == bits(case.descend()) == bits([case.descend(places=[m])[0] for m in (0, 1)])
