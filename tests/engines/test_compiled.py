"""The compiled engine's training, by all families of kernels, against the plain loops of `naive` and the direct engine."""

import math
import os
import threading
import time
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

import naive
from ctrl_c import CtrlC, no_threads_left
from deltarule import engines
from deltarule.descent import ORDERS, Descent
from deltarule.engines import Work, compiled, thresholds
from deltarule.engines.base import evaluated
from deltarule.engines.kernels import patterns, wide_tiles
from deltarule.engines.kernels.descending import descend
from deltarule.engines.pace import pace_of
from deltarule.engines.recorded import joined
from deltarule.engines.threads import in_threads
from deltarule.layers import LinearLayer, Patterns
from deltarule.outcome import Reason
from deltarule.training import train
from kernel_families import FAMILIES, JIT_OFF, every_family, kernels_of
from motions import motions
from samples import NAMES, NUMBERS, assert_same_record, sample

pytestmark = pytest.mark.kernels

# Interpreted, an update takes milliseconds.
LARGEST, UPDATES, EXAMPLES, LONG_EXAMPLES = (9, 6, 12, 6) if JIT_OFF else (70, 1000, 60, 25)
# Families, and how many threads divide an update.
TEAMS = [("small", 1), ("wide", 1), ("wide", 2), ("few neurons", 1), ("few neurons", 2)]
every_kind = pytest.mark.parametrize("name", NAMES)
dtypes = pytest.mark.parametrize("dtype", [np.float64, np.float32], ids=["float64", "float32"])


@dataclass(frozen=True)
class Case:
    """A descent over a sample; `validation` are more patterns for the same layer."""

    name: str
    sizes: tuple[int, int, int]  # patterns, inputs, neurons
    descent: Descent
    weights: np.ndarray | None = None
    record_every: int = 1
    followed: bool = False
    seed: int = 0
    dtype: Any = np.float64

    def sample(self, seed=0):
        P, N, K = self.sizes
        return sample(self.name, P, N, self.seed + seed, self.dtype, K)

    def work(self):
        """What an engine is given."""
        sampled = self.sample()
        data = sampled.layer.patterns(sampled.X, sampled.targets, self.weights)
        return Work(sampled.layer, data, None, self.descent, self.record_every)

    def train(self, engine="compiled"):
        sampled, other = self.sample(), self.sample(1)
        return train(
            sampled.layer, sampled.X, sampled.targets, self.descent, engine, sample_weight=self.weights,
            validation=(other.X, other.targets) if self.followed else None, record_every=self.record_every,
        )  # fmt: skip


@st.composite
def cases(draw, updates, dtype=np.float64, minimum_inputs=1, full=False, plain=False):
    """Any shape, kind and option, at a rate that contracts: below 1 over a bound of the Hessian's largest eigenvalue.

    plain : without momentum, schedule and decay of biases.
    """
    name = draw(st.sampled_from(NAMES))
    P, N, K = (draw(st.integers(minimum, LARGEST)) for minimum in (1, minimum_inputs, 1))
    batch = None if full else draw(st.one_of(st.none(), st.integers(1, P + 5)))
    reduction = draw(st.sampled_from(["sum", "mean", "half-mean"]))
    seed = draw(st.integers(0, 99))
    weights = None
    if draw(st.booleans()):
        weights = np.random.default_rng(seed).choice([0.0, 0.5, 1.0, 2.5], P)
        weights[-1] = 1.0  # not all 0
    case = Case(
        name, (P, N, K), Descent(1.0, 1, batch, reduction), weights, draw(st.sampled_from([0, 1, 3, 7])),
        draw(st.booleans()), seed, dtype,
    )  # fmt: skip
    largest = float((1 + case.sample().X.astype(float) ** 2).sum(axis=1).max())
    rate = 0.25 / largest if reduction != "sum" else 0.25 / (largest * 2.5 * min(P, batch or P))
    batches = 1 if batch is None else math.ceil(P / batch)
    decay = draw(st.sampled_from([0.0, 0.1]))
    descent = Descent(
        rate, max(1, draw(updates) // batches), batch, reduction, weight_decay=decay, seed=seed,
        order=draw(st.sampled_from(ORDERS)), **({} if plain else draw(motions(decay))),
    )  # fmt: skip
    return replace(case, descent=descent)


def assert_same_run(found, expected, tolerance=1e-9):
    """Weights to the largest of them; costs to their own size; errors exactly, unless rounding may decide a tie (float32)."""
    # They may pass 0 on their way: then to a hundredth of what they were.
    largest = max(np.abs(expected.layer.weights).max(), np.abs(expected.layer.biases).max(), 0.01)
    assert np.abs(found.layer.weights - expected.layer.weights).max() <= tolerance * largest
    assert np.abs(found.layer.biases - expected.layer.biases).max() <= tolerance * largest
    assert (found.outcome.reason, found.outcome.epochs) == (expected.outcome.reason, expected.outcome.epochs)
    assert found.updates == expected.updates
    history, other = found.history, expected.history
    assert_array_equal(history.epoch, other.epoch)
    for name in ("cost", "validation_cost"):
        if getattr(other, name) is None:
            assert getattr(history, name) is None
        else:
            # A cost near 0 is a sum of costs near 0, each as exact as its synaptic input.
            assert_allclose(getattr(history, name), getattr(other, name), rtol=10 * tolerance, atol=tolerance)
    for name in ("errors", "validation_errors"):
        if getattr(other, name) is None:
            assert getattr(history, name) is None
        elif tolerance < 1e-6:
            assert_allclose(getattr(history, name), getattr(other, name), rtol=1e-12)


# ---- The path.


@pytest.mark.slow
@settings(max_examples=EXAMPLES)
@given(cases(updates=st.integers(1, 5), plain=True))
def test_all_families_follow_the_plain_loops(case):
    sampled, other, descent = case.sample(), case.sample(1), case.descent
    states = naive.descend(
        **sampled.plain(case.weights), learning_rate=descent.learning_rate, epochs=descent.epochs,
        batch_size=descent.batch_size, reduction=descent.reduction, decay=descent.weight_decay, seed=descent.seed,
        shuffled=descent.order == "shuffled",
    )  # fmt: skip
    last = descent.epochs
    recorded = [t for t in range(last + 1) if t in {0, last} or (case.record_every and t % case.record_every == 0)]
    for family in FAMILIES:
        with kernels_of(family):
            run = case.train()
        assert_allclose(run.layer.weights, states[-1][0], rtol=0, atol=1e-11)
        assert_allclose(run.layer.biases, states[-1][1], rtol=0, atol=1e-11)
        assert run.history.epoch.tolist() == recorded
        # The oracle's log(y) loses digits where y is near 1.
        assert_allclose(run.history.cost, [states[t][2] for t in recorded], rtol=1e-9, atol=1e-12)
        if case.name not in NUMBERS:
            assert_allclose(run.history.errors, [states[t][3] for t in recorded], rtol=1e-12)
        if case.followed:
            validation = [{**other.plain(), "W": states[t][0], "b": states[t][1]} for t in recorded]
            expected = [
                naive.cost(**plain, reduction=descent.reduction, decay=descent.weight_decay) for plain in validation
            ]
            assert_allclose(run.history.validation_cost, expected, rtol=1e-9, atol=1e-12)
            if case.name not in NUMBERS:
                assert run.history.validation_errors.tolist() == [naive.errors(**plain) for plain in validation]


LONG = st.sampled_from([UPDATES // 10 + 1, UPDATES])


@pytest.mark.slow
@settings(max_examples=LONG_EXAMPLES)
@given(cases(updates=LONG), st.sampled_from([8, 16, None]))
def test_all_families_follow_direct_for_long(case, panel):
    direct = case.train("direct")
    for family in FAMILIES:
        with kernels_of(family, panel=panel):
            assert_same_run(case.train(), direct)


@pytest.mark.slow
@settings(max_examples=LONG_EXAMPLES)
@given(cases(updates=LONG, dtype=np.float32), st.sampled_from([8, 16, None]))
def test_float32_follows_direct_for_long(case, panel):
    direct = case.train("direct")
    for family in FAMILIES:
        with kernels_of(family, panel=panel):
            run = case.train()
        assert run.layer.weights.dtype == run.layer.biases.dtype == np.float32
        assert_same_run(run, direct, tolerance=1e-4)


def plain_descent(**options):
    return Descent(**{"learning_rate": 1e-4, "epochs": 5 if JIT_OFF else 30, **options})


@every_family
@every_kind
@pytest.mark.parametrize("batch_size", [None, 70, 450])
@pytest.mark.parametrize("weighted", [False, True])
def test_batches_of_several_panels(family, name, batch_size, weighted):
    # Patterns come in panels of 256 (32 vectors): 601 = 2 panels, 11 whole vectors and one pattern. With neurons, panels of 64.
    weights = np.random.default_rng(0).choice([0.0, 1.0, 3.0], 601) if weighted else None
    case = Case(name, (601, 2, 3), plain_descent(batch_size=batch_size), weights, record_every=7, followed=True)
    if JIT_OFF:
        if name != "softmax" or not weighted:
            pytest.skip("takes a second each; the lines are the same")
        case = replace(case, descent=replace(case.descent, epochs=1), record_every=1)
    with kernels_of(family, panel=64):
        assert_same_run(case.train(), case.train("direct"))


@every_family
@pytest.mark.parametrize("record_every", [0, 1, 3, 7])
@pytest.mark.parametrize("tolerance", [0.01, 0.001])
def test_the_tolerance_ends_the_run_at_the_same_epoch(family, record_every, tolerance):
    descent = Descent(0.01, 300, batch_size=6, tolerance=0.1 if JIT_OFF else tolerance, weight_decay=0.01)
    case = Case("softmax", (20, 3, 3), descent, record_every=record_every, followed=True)
    direct = case.train("direct")
    assert 1 < direct.outcome.epochs < 300
    assert direct.outcome.reason is Reason.TOLERANCE_MET
    with kernels_of(family):
        assert_same_run(case.train(), direct)


@every_family
@dtypes
@pytest.mark.parametrize("neurons", [1, 2, 7, 8, 9, 20, 41, 60])
@pytest.mark.parametrize(
    ("inputs", "team"), [(19, None), (19, 1), (13, 1)], ids=["whole", "in shares", "with an empty share"]
)
def test_every_block_of_a_row_follows_direct_and_its_end_stays_0(family, dtype, neurons, inputs, team):
    # Rows of one to eight vectors; blocks of 16 or 8 inputs, and some left over; neurons in groups of 1 to 5.
    case = Case("linear", (20, inputs, neurons), plain_descent(batch_size=7, weight_decay=0.1), dtype=dtype)
    direct = engines.start("direct", case.work()).advance(3).layer
    with kernels_of(family, team=team):
        engine = engines.start("compiled", case.work())
        found = engine.advance(3).layer
    tolerance = 20 * float(np.finfo(dtype).eps)
    assert_allclose(found.weights, direct.weights, rtol=0, atol=tolerance)
    assert_allclose(found.biases, direct.biases, rtol=0, atol=tolerance)
    assert np.count_nonzero(engine.parameters) == (inputs + 1) * neurons


def test_the_family_is_chosen_by_shape():
    for sizes, kind in (
        ((5, 20, 12), patterns.PatternTiles),
        ((5, 60, 70), wide_tiles.NeuronTiles),
        ((5, 60, 7), wide_tiles.InputTiles),
    ):
        engine = engines.start("compiled", Case("linear", sizes, Descent(0.1, 1)).work())
        assert type(engine.teams[1][0]) is kind


@pytest.mark.parametrize(
    ("name", "sizes", "dtype"),
    [("softmax", (601, 3, 3), np.float64), ("perceptron sigmoid", (601, 2, 1), np.float32)],
)
@pytest.mark.parametrize(
    "options",
    [
        {"batch_size": 7, "weight_decay": 0.05, "reduction": "mean"},
        {"momentum": 0.9, "nesterov": True, "weight_decay": 0.05, "decay_biases": True, "reduction": "mean"},
        {"batch_size": 550},  # of more than one panel
    ],
    ids=["mini-batches", "momentum", "panels"],
)
@pytest.mark.parametrize("weighted", [False, True])
def test_kernels_made_for_the_shape_give_what_the_others_give(name, sizes, dtype, options, weighted):
    weights = np.random.default_rng(0).choice([0.0, 1.0, 2.0, 0.5], sizes[0]) if weighted else None
    case = Case(name, sizes, plain_descent(**options), weights, dtype=dtype)
    epochs = 2 if JIT_OFF else 30
    with kernels_of("small"):
        general = engines.start("compiled", case.work())
        expected = general.advance(epochs)
    with kernels_of("small", unrolled=True):
        engine = engines.start("compiled", case.work())
        engine.prepare(math.inf)
        if engine.compiling is not None:  # else they were on disk
            engine.compiling.join()
            engine.prepare(math.inf)
        assert engine.rule is engine.unrolled
        found = engine.advance(epochs)
    eps = float(np.finfo(dtype).eps)
    assert_allclose(found.layer.weights, expected.layer.weights, rtol=0, atol=100 * eps)
    assert_allclose(found.layer.biases, expected.layer.biases, rtol=0, atol=100 * eps)
    assert_array_equal(found.recorded.epoch, expected.recorded.epoch)
    assert_allclose(found.recorded.cost, expected.recorded.cost, rtol=1000 * eps)
    if found.layer.has_classes:
        assert_allclose(found.recorded.errors, expected.recorded.errors, rtol=1000 * eps)
    else:
        assert found.recorded.errors is None
    assert found.layer.dtype == dtype


def test_kernels_are_made_for_a_shape_when_layers_of_it_have_taken_long_in_all(monkeypatch):
    started = []
    monkeypatch.setattr(compiled, "in_background", lambda work: started.append(work) or work)
    case = Case("linear", (9, 7, 2), plain_descent())
    with kernels_of("small", unrolled=True), thresholds.using(unrolled_seconds=1.0):
        engine = engines.start("compiled", case.work())
        before = compiled._spent[engine.shape]
        engine.advance(3)
        assert before < compiled._spent[engine.shape] < before + 0.4
        engine.prepare(0.5)
        assert started == []
        compiled._spent[engine.shape] += 0.7  # by other runs
        engine.prepare(0.5)
        assert len(started) == 1
        engine.prepare(0.5)
        assert len(started) == 1


@pytest.mark.skipif(JIT_OFF, reason="nothing is compiled")
@every_family
def test_no_option_or_layout_of_arrays_compiles_the_kernels_again(family):
    case = Case("softmax", (20, 3, 3), Descent(0.01, 1))
    sampled = case.sample()
    with kernels_of(family):
        case.train()
        compiled_once = len(descend.signatures)
        read_only = sampled.X.copy()  # as Arrow's tables and mapped files are
        read_only.flags.writeable = False
        for X in (sampled.X.copy(order="F"), np.repeat(sampled.X, 2, axis=0)[::2], sampled.X[:, ::-1], read_only):
            train(sampled.layer, X, sampled.targets, Descent(0.01, 2, batch_size=7, reduction="mean", tolerance=0.0))
            train(sampled.layer, X, sampled.targets, Descent(0.01, 2, seed=np.random.default_rng(0)), record_every=0,
                  sample_weight=np.ones(20), validation=(X, sampled.targets))  # fmt: skip
    assert len(descend.signatures) == compiled_once


# ---- Threads.


@pytest.mark.slow
@settings(max_examples=LONG_EXAMPLES)
@given(
    cases(updates=st.sampled_from([10, UPDATES // 10 + 1]), minimum_inputs=4), st.sampled_from([2, 4]),
    st.sampled_from([8, None]), st.sampled_from(FAMILIES[1:]),
)  # fmt: skip
def test_several_threads_give_what_one_gives_to_the_last_bit(case, team, panel, family):
    with kernels_of(family, team=1, panel=panel):
        alone = case.train()
    with kernels_of(family, team=team, panel=panel):
        started = engines.start("compiled", case.work())
        assert len(getattr(started, "engine", started).teams[team]) == team
        together = case.train()
    assert_array_equal(together.layer.weights, alone.layer.weights)
    assert_array_equal(together.layer.biases, alone.layer.biases)
    assert_array_equal(together.history.cost, alone.history.cost)


def test_threads_stop_together_by_the_tolerance_and_at_infinity():
    for options in ({"tolerance": 0.1}, {"learning_rate": 1.0, "weight_decay": 4.0}):
        descent = replace(Descent(0.01, 2000, batch_size=None), **options)
        case = Case("linear", (20, 5, 3), descent, record_every=3)
        with kernels_of("wide", team=1):
            alone = case.train()
        with kernels_of("wide", team=2):
            together = case.train()
        assert alone.outcome.epochs < 2000
        assert together.outcome == alone.outcome
        assert_allclose(together.layer.weights, alone.layer.weights, rtol=1e-6)


@pytest.mark.parametrize(("family", "team"), TEAMS)
def test_a_run_repeats_to_the_last_bit(family, team):
    sizes = (20, 5, 3) if JIT_OFF else (150, 70, 17)
    case = Case("softmax", sizes, plain_descent(batch_size=32, weight_decay=0.1), followed=True)
    with kernels_of(family, team=team, panel=16):
        first = case.train()
        for _ in range(1 if JIT_OFF else 9):
            again = case.train()
            for name in ("weights", "biases"):
                assert getattr(again.layer, name).tobytes() == getattr(first.layer, name).tobytes()
            for name in ("cost", "errors", "validation_cost", "validation_errors"):
                assert getattr(again.history, name).tobytes() == getattr(first.history, name).tobytes()


# ---- Costs of a large set.


@every_family
@every_kind
@dtypes
@pytest.mark.parametrize("weighted", [False, True])
def test_the_kernels_evaluate_a_set_as_numpy_does(family, name, dtype, weighted):
    weights = np.random.default_rng(0).choice([0.0, 1.0, 3.0], 75) if weighted else None
    descent = plain_descent(batch_size=7, weight_decay=0.1, decay_biases=True, reduction="mean")
    case = Case(name, (75, 5, 3), descent, weights, dtype=dtype)
    work = case.work()
    expected = evaluated(work.layer, work.training, descent)
    with kernels_of(family), thresholds.using(spared_seconds=0.0):
        engine = engines.start("compiled", replace(work, validation=work.training.take(slice(0, 70))))
        found = [engine.initial, engine.record(work.layer, 3)]
        first = case.train().history
    for each in found:
        assert_allclose(each.cost, expected[0], rtol=1e-12 if dtype == np.float64 else 1e-5)
        assert each.last("errors") == expected[1]
        part = evaluated(work.layer, work.training.take(slice(0, 70)), descent)
        assert_allclose(each.validation_cost, part[0], rtol=1e-12 if dtype == np.float64 else 1e-5)
        assert each.last("validation_errors") == part[1]
    assert [each.last("epoch") for each in found] == [0, 3]
    assert first.cost[0] == found[0].cost[0]


@every_family
def test_the_working_memory_of_two_engines_is_apart(family):
    """They may run in threads at the same time."""
    work = Case("softmax", (75, 5, 3), plain_descent(batch_size=7), None).work()
    with kernels_of(family), thresholds.using(spared_seconds=0.0):
        one, two = (compiled.CompiledEngine(work).own for _ in range(2))
    arrays = [(name, array) for name, array in one._asdict().items() if isinstance(array, np.ndarray)]
    assert arrays
    for name, array in arrays:
        assert not np.shares_memory(array, getattr(two, name)), name


@every_family
def test_the_kernels_evaluate_another_layer_than_the_one_they_train(family):
    case = Case("softmax", (75, 5, 3), plain_descent(batch_size=7, weight_decay=0.1), None)
    work = case.work()
    other = work.layer.with_parameters(work.layer.weights + 1, work.layer.biases - np.arange(3))
    with kernels_of(family), thresholds.using(spared_seconds=0.0):
        engine = engines.start("compiled", work)
        engine.advance(2)
        found = engine.record(other, 2)
    assert_allclose([found.cost[0], found.errors[0]], evaluated(other, work.training, work.descent), rtol=1e-12)


@every_family
def test_a_cost_that_kernels_find_infinite_is_left_to_numpy(family):
    layer = LinearLayer([[1e30]], [0.0]).astype(np.float32)
    data = layer.patterns([[1e-10]], [[0.0]])  # the square is beyond float32, its sum is not looked at before
    with kernels_of(family), thresholds.using(spared_seconds=0.0):
        engine = engines.start("compiled", Work(layer, data, None, Descent(0.1, 1), 1))
        assert engine.initial.cost[0] == evaluated(layer, data, Descent(0.1, 1))[0]


# ---- Infinity.

# Linear layers diverge by their rate. The others' deltas are bounded, and they diverge by a rate times decay above 2.
DIVERGING = [(name, {"learning_rate": 0.25, "weight_decay": 16.0}) for name in NAMES]
DIVERGING += [("linear", {"learning_rate": 10.0})]


@every_family
@dtypes
@pytest.mark.parametrize("record_every", [0, 1, 7])
@pytest.mark.parametrize("batch_size", [None, 8])
@pytest.mark.parametrize(("name", "options"), DIVERGING)
def test_a_diverging_run_ends_with_its_last_finite_layer(family, dtype, record_every, batch_size, name, options):
    if JIT_OFF and (dtype is np.float64 or name not in {"linear", "softmax"} or record_every == 7):
        pytest.skip("takes a second each; the lines are the same")
    descent = Descent(**{"epochs": 2000, "batch_size": batch_size, **options})
    case = Case(name, (20, 3, 3), descent, record_every=record_every, dtype=dtype)
    direct = case.train("direct")
    assert direct.outcome.reason is Reason.COST_NOT_FINITE
    assert 1 < direct.outcome.epochs < 2000
    with kernels_of(family):
        run = case.train()
    assert np.isfinite(run.layer.weights).all()
    assert run.outcome.reason is Reason.COST_NOT_FINITE
    if dtype is np.float32:
        # NumPy adds costs and squares of weights in float32, the kernels partly in float64: some last until the next epoch.
        assert abs(run.outcome.epochs - direct.outcome.epochs) <= 1
        common = min(len(run.history.cost), len(direct.history.cost)) - 1
        assert_allclose(run.history.cost[:common], direct.history.cost[:common], rtol=1e-3)
        return
    assert np.isfinite(run.history.cost).all()
    assert run.outcome == direct.outcome
    assert_array_equal(run.history.epoch, direct.history.epoch)
    # Such a run multiplies its rounding as it does its weights.
    assert_allclose(run.layer.weights, direct.layer.weights, rtol=1e-9)


@pytest.mark.parametrize(("family", "team"), TEAMS)
def test_the_layer_kept_is_that_of_the_epoch_before(family, team):
    descent = Descent(1.0, 2000, batch_size=8, weight_decay=9.0)
    case = Case("linear", (20, 5, 3), descent, record_every=0)
    with kernels_of(family, team=team):
        broken = engines.start("compiled", case.work()).advance(2000)
        whole = engines.start("compiled", case.work()).advance(broken.epochs)
        again = engines.start("compiled", case.work()).advance(broken.epochs + 1)
    assert (broken.reason, whole.reason, again.reason) == (Reason.COST_NOT_FINITE, None, Reason.COST_NOT_FINITE)
    assert (whole.epochs, again.epochs) == (broken.epochs, broken.epochs)
    for other in (whole, again):
        assert_array_equal(other.layer.weights, broken.layer.weights)
        assert_array_equal(other.layer.biases, broken.layer.biases)


@every_family
def test_a_cost_that_overflows_is_seen_where_the_weights_do_not(family):
    # One epoch: W = 0 - 0.1 * 1e200 * (0 - 1e200) overflows nowhere else than in the square of what is left.
    layer = LinearLayer([[0.0]], [0.0])
    with kernels_of(family):
        run = train(layer, [[1.0]], [[1e160]], Descent(0.1, 5), "compiled")
    assert run.outcome.reason is Reason.COST_NOT_FINITE
    assert run.outcome.epochs == 0


# ---- Ctrl-C.


# A large full batch, in one thread and in two; a large set in small batches, which is in the midst of an epoch; a small set,
# which runs in the main thread. Each would run for many seconds.
INTERRUPTED = {
    "wide": ("wide", 1, (2000, 200, 30), {"epochs": 20_000}),
    "two threads": ("wide", 2, (2000, 200, 30), {"epochs": 20_000}),
    "small batches": ("small", 1, (300_000, 8, 10), {"epochs": 500, "batch_size": 1}),
    "one thread": ("small", 1, (20, 3, 3), {"epochs": 10**8}),
}
if JIT_OFF:
    sizes_and_epochs = ((20, 5, 3), {"epochs": 10**5, "batch_size": 5})
    INTERRUPTED = {name: (*case[:2], *sizes_and_epochs) for name, case in INTERRUPTED.items()}


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="no signal reaches a wait there")
@pytest.mark.parametrize("situation", INTERRUPTED)
def test_ctrl_c_keeps_what_was_reached(situation):
    family, team, sizes, options = INTERRUPTED[situation]
    long_epoch = thresholds.get().long_epoch if situation == "one thread" else 1
    case = Case("softmax", sizes, Descent(1e-6, reduction="sum", **options), record_every=0)
    sampled, press = case.sample(), CtrlC(lambda done, _cost: done >= 1)
    with no_threads_left(), kernels_of(family, team=team), thresholds.using(long_epoch=long_epoch):
        engine = engines.start("compiled", case.work())
        assert engine.in_threads == (situation != "one thread")
        assert family == "small" or len(engine.teams[team]) == team
        run = train(sampled.layer, sampled.X, sampled.targets, case.descent, progress=press, record_every=0)
        press.thread.join()
        assert run.outcome.reason is Reason.INTERRUPTED
        assert 1 <= run.outcome.epochs < case.descent.epochs
        assert run.history.epoch.tolist() == [0, run.outcome.epochs]
        # What was reached is what so many whole epochs give.
        again = engines.start("compiled", case.work()).advance(min(run.outcome.epochs, 2000))
    if again.epochs == run.outcome.epochs:
        assert_array_equal(run.layer.weights, again.layer.weights)
        assert_array_equal(run.layer.biases, again.layer.biases)


@pytest.mark.parametrize(("family", "team"), TEAMS)
def test_an_engine_that_is_told_to_stop_goes_back_to_its_last_epoch(family, team):
    case = Case("softmax", (20, 5, 3), plain_descent(batch_size=7))
    with kernels_of(family, team=team):
        engine = engines.start("compiled", case.work())
        reached = engine.advance(3).layer
        engine.stop[0] = 1
        with pytest.raises(KeyboardInterrupt):
            engine.advance(5)
        engine.stop[0] = 0
        assert_array_equal(engine._layer_of(engine.parameters).weights, reached.weights)
        assert_array_equal(engine._layer_of(engine.parameters).biases, reached.biases)


def test_work_in_threads_ends_at_ctrl_c():
    stop, begun = np.zeros(1, np.int64), threading.Barrier(3)

    def run(rank):
        begun.wait()
        while not stop[0]:
            time.sleep(0.001)
        ended.append(rank)

    def meanwhile():
        begun.wait()
        raise KeyboardInterrupt

    ended = []
    with no_threads_left(), pytest.raises(KeyboardInterrupt):
        in_threads(run, 2, stop, meanwhile)
    assert sorted(ended) == [0, 1]
    assert stop[0] == 0  # ready for more


def test_work_in_threads_gives_results_in_order_and_lets_errors_through():
    stop = np.zeros(1, np.int64)
    assert in_threads(lambda rank: rank * rank, 3, stop) == [0, 1, 4]
    with pytest.raises(ZeroDivisionError):
        in_threads(lambda rank: 1 // rank, 2, stop)


# ---- Generators as seeds.

GENERATORS = (np.random.PCG64, np.random.MT19937, np.random.SFC64)
every_generator = pytest.mark.parametrize("bits", GENERATORS)


def next_numbers(rng):
    return [*rng.integers(0, 2**32, 3, dtype=np.uint32).tolist(), *rng.normal(size=2).tolist()]


def seeded_run(case, rng, engine):
    return replace(case, descent=replace(case.descent, seed=rng)).train(engine)


@every_family
@every_generator
@pytest.mark.parametrize("batch_size", [None, 8])
def test_a_generator_is_drawn_from_as_numpy_would(family, bits, batch_size):
    case = Case("softmax", (21, 3, 3), plain_descent(batch_size=batch_size))
    rng, numpys, other = (np.random.Generator(bits(5)) for _ in range(3))
    for each in (rng, numpys, other):
        each.integers(0, 2**32, 1, dtype=np.uint32)  # leaves 32 bits over
    with kernels_of(family):
        run = seeded_run(case, rng, "compiled")
    assert_same_run(run, seeded_run(case, other, "direct"))
    for _ in range(case.descent.epochs if batch_size else 0):
        numpys.permutation(21)
    assert next_numbers(rng) == next_numbers(numpys)


@every_family
def test_two_runs_from_one_generator_are_not_the_same(family):
    rng, other = np.random.default_rng(1), np.random.default_rng(1)
    case = Case("linear", (20, 3, 3), plain_descent(batch_size=6))
    with kernels_of(family):
        once, twice = (seeded_run(case, rng, "compiled") for _ in range(2))
    direct = [seeded_run(case, other, "direct") for _ in range(2)]
    assert not np.array_equal(once.layer.weights, twice.layer.weights)
    assert_same_run(once, direct[0])
    assert_same_run(twice, direct[1])


@every_family
def test_a_generator_is_drawn_from_no_further_than_the_run_goes(family):
    descent = Descent(0.01, 300, batch_size=6, tolerance=0.1 if JIT_OFF else 0.01)
    case = Case("softmax", (20, 3, 3), descent)
    rng, other = np.random.default_rng(1), np.random.default_rng(1)
    with kernels_of(family):
        run = seeded_run(case, rng, "compiled")
    assert_same_run(run, seeded_run(case, other, "direct"))
    assert run.outcome.epochs < 300
    assert next_numbers(rng) == next_numbers(other)


@every_family
@settings(max_examples=2 if JIT_OFF else 50)
@example(0)
@given(st.integers(0, 2**32))
def test_advancing_in_pieces_draws_the_same_orders(family, seed):
    case = Case("linear", (13, 2, 2), Descent(1e-3, 12, batch_size=5, seed=seed), record_every=3)
    with kernels_of(family):
        once = engines.start("compiled", case.work()).advance(12)
        engine = engines.start("compiled", case.work())
        reports = [engine.advance(epochs) for epochs in (1, 4, 2, 5)]
    assert_array_equal(reports[-1].layer.weights, once.layer.weights)
    assert_same_record(joined([report.recorded for report in reports]), once.recorded)


def test_patterns_are_not_copied():
    X = np.random.default_rng(0).normal(size=(30, 4))
    layer = LinearLayer(np.zeros((4, 2)), np.zeros(2))
    data = Patterns(X, X[:, :2].copy(), np.ones(30))
    with kernels_of("small"):
        engine = engines.start("compiled", Work(layer, data, None, Descent(0.1, 1, batch_size=4), 1))
    assert np.shares_memory(engine.training.inputs, X)
    assert np.shares_memory(engine.training.desired, data.D)


def test_runs_alike_share_what_they_learn_of_teams_and_others_do_not():
    paces = [pace_of((1, 2, 4), ("a run",)), pace_of((1, 2, 4), ("a run",)), pace_of((1, 2, 4), ("another",))]
    assert paces[0].best() == 4  # nothing is known yet
    for size, seconds in ((1, 3.0), (2, 1.0), (4, 2.0)):
        assert paces[0].choose() == size
        paces[0].note(size, seconds)
    assert (paces[1].best(), paces[1].choose()) == (2, 2)
    assert (paces[2].best(), paces[2].choose()) == (4, 1)
