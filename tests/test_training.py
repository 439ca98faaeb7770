"""`train`: what is recorded, when it stops and why, what is kept, and what the user is told."""

import json
import math
import signal
import threading

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import naive
from deltarule import engines
from deltarule.descent import Descent
from deltarule.engines import ENGINES, Work, thresholds
from deltarule.engines.running import Result
from deltarule.layers import LinearLayer
from deltarule.outcome import Reason
from deltarule.training import finished, train
from samples import NAMES, NUMBERS, refused, sample

every_engine = pytest.mark.parametrize(
    "engine", [pytest.param(name, marks=pytest.mark.kernels if name == "compiled" else ()) for name in ENGINES]
)
every_kind = pytest.mark.parametrize("name", NAMES)
# Weights grow by |1 - a (10^2 + 20^2)| = 2499 an update; the largest eigenvalue of X^T X (with a column of 1) is near 500.
DIVERGING = {"layer": LinearLayer([[1.0]], [0.0]), "X": [[10.0], [-20.0]], "targets": [[1.0], [2.0]]}


def run_sample(name, descent, engine="direct", **options):
    sampled = sample(name)
    return train(sampled.layer, sampled.X, sampled.targets, descent, engine, **options)


def ending(run):
    """Why and when a run ended, without the remarks."""
    return run.outcome.reason, run.outcome.epochs


# ---- What is recorded.


@every_engine
@pytest.mark.parametrize(
    ("record_every", "epochs", "recorded"),
    [
        (1, 4, [0, 1, 2, 3, 4]),
        (7, 20, [0, 7, 14, 20]),
        (7, 21, [0, 7, 14, 21]),
        (7, 3, [0, 3]),
        (0, 20, [0, 20]),
        (0, 1, [0, 1]),
    ],
)
def test_the_history_has_epoch_0_every_so_many_and_the_last(engine, record_every, epochs, recorded):
    sampled = sample("softmax")
    descent = Descent(0.01, epochs, batch_size=8, weight_decay=0.1, reduction="mean")
    run = run_sample("softmax", descent, engine, record_every=record_every)
    assert run.history.epoch.tolist() == recorded
    assert run.outcome.reason is Reason.EPOCHS_DONE
    assert (run.outcome.epochs, run.updates) == (epochs, 3 * epochs)
    for row, layer in ((0, sampled.layer), (-1, run.layer)):
        cost = layer.cost(sampled.X, sampled.targets, "mean", weight_decay=0.1)
        assert run.history.cost[row] == pytest.approx(cost, rel=1e-12)
        assert run.history.errors[row] == layer.errors(sampled.X, sampled.targets)


@every_engine
@every_kind
def test_the_history_follows_both_sets(name, engine):
    sampled, validation = sample(name), sample(name, 7, seed=1)
    weights = np.arange(20) % 3
    descent = Descent(0.05, 6, reduction="mean")
    run = run_sample(name, descent, engine, validation=(validation.X, validation.targets), sample_weight=weights)
    states = naive.descend(**sampled.plain(weights), learning_rate=0.05, epochs=6, reduction="mean")
    assert_allclose(run.history.cost, [cost for _, _, cost, _ in states], rtol=1e-10)
    expected = [naive.cost(**{**validation.plain(), "W": W, "b": b}, reduction="mean") for W, b, _, _ in states]
    assert_allclose(run.history.validation_cost, expected, rtol=1e-10)
    history = run.history
    if name in NUMBERS:
        assert history.errors is history.accuracy is history.validation_errors is history.validation_accuracy is None
        return
    errors = np.array([errors for _, _, _, errors in states])
    assert_array_equal(history.errors, errors)
    assert_allclose(history.accuracy, 1 - errors / weights.sum(), rtol=1e-15)
    errors = np.array([naive.errors(**{**validation.plain(), "W": W, "b": b}) for W, b, _, _ in states])
    assert_array_equal(history.validation_errors, errors)
    assert_allclose(history.validation_accuracy, 1 - errors / 7, rtol=1e-15)


@every_engine
def test_without_a_validation_set_there_is_none(engine):
    history = run_sample("softmax", Descent(0.01, 2), engine).history
    assert history.validation_cost is history.validation_errors is history.validation_accuracy is None


@every_kind
def test_a_run_is_plain_json(name):
    sampled = sample(name)
    run = run_sample(name, Descent(0.01, 3), validation=(sampled.X, sampled.targets))
    back = json.loads(json.dumps(run.to_dict(), allow_nan=False))
    assert back["kind"] == sampled.layer.kind
    assert back["engine"] == "direct"
    assert back["updates"] == 3
    assert_array_equal(back["weights"], run.layer.weights)
    assert_array_equal(back["biases"], run.layer.biases)
    assert back["outcome"] == run.outcome.to_dict()
    assert back["descent"] == run.descent.to_dict()
    assert back["history"]["epoch"] == [0, 1, 2, 3]
    assert back["history"]["cost"] == back["history"]["validation_cost"] == run.history.cost.tolist()
    assert (back["history"]["errors"] is None) == (name in NUMBERS)
    assert back["seconds_per_update"] >= 0
    classes = sampled.layer.classes
    assert back.get("classes") == (None if classes is None else list(classes))
    assert back.get("activation") == getattr(sampled.layer, "activation", None)


def test_runs_and_histories_are_a_line_each():
    run = train(LinearLayer([[0.0]], [0.0]), [[-1.0], [1.0]], [[-2.0], [2.0]], Descent(0.25, 3), "direct")
    # 1 - 2a = 1/2 an epoch: W = 2 (1 - 1/2^t), and J = 1/2 (2 / 2^t)^2 twice: 4, 1, 1/4, 1/16.
    assert repr(run) == "<Run of a linear layer: 3 epochs, epochs done, cost 0.0625>"
    assert repr(run.history) == "<History of 4 recorded epochs, 0 to 3: cost 4 to 0.0625>"
    nowhere = train(LinearLayer([[1.0]], [0.0]), [[1e200]], [[0.0]], Descent(0.1, 5), "direct")
    assert repr(nowhere) == "<Run of a linear layer: 0 epochs, diverged>"
    assert repr(nowhere.history) == "<History of no epoch>"


def test_an_infinite_validation_cost_is_null_in_json():
    run = train(
        LinearLayer([[1.0]], [0.0]), [[1.0]], [[0.5]], Descent(0.1, 1), "direct", validation=([[1e200]], [[0.0]])
    )
    assert math.isinf(run.history.validation_cost[-1])
    back = json.loads(json.dumps(run.to_dict(), allow_nan=False))
    assert back["history"]["validation_cost"] == [None, None]


@every_engine
@pytest.mark.parametrize("name", ["softmax", "linear"])
def test_a_weight_of_k_trains_as_k_copies(name, engine):
    sampled = sample(name, patterns=6)
    copies = np.array([1, 0, 2, 3, 1, 1])
    descent = Descent(0.02, 50, reduction="mean", weight_decay=0.01)
    targets = np.asarray(sampled.targets)
    found = train(sampled.layer, sampled.X, targets, descent, engine, sample_weight=copies)
    repeated = sampled.X.repeat(copies, axis=0), targets.repeat(copies, axis=0)
    expected = train(sampled.layer, *repeated, descent, engine)
    # The same additions in another order, 50 times.
    assert_allclose(found.layer.weights, expected.layer.weights, rtol=1e-11)
    assert_allclose(found.history.cost, expected.history.cost, rtol=1e-11)
    if name == "softmax":
        assert_allclose(found.history.accuracy, expected.history.accuracy, rtol=1e-13)


@every_engine
def test_the_callers_arrays_and_layer_are_left_alone(engine):
    sampled = sample("linear")
    X, D, v = sampled.X.copy(), sampled.targets.copy(), np.arange(20.0)
    W = sampled.layer.weights.copy()
    run = train(sampled.layer, X, D, Descent(0.01, 3, batch_size=8), engine, validation=(X, D), sample_weight=v)
    assert_array_equal(X, sampled.X)
    assert_array_equal(D, sampled.targets)
    assert_array_equal(v, np.arange(20.0))
    assert X.flags.writeable
    assert D.flags.writeable
    assert v.flags.writeable
    assert_array_equal(sampled.layer.weights, W)
    assert not run.layer.weights.flags.writeable
    assert not run.layer.biases.flags.writeable
    assert type(run.layer) is LinearLayer


def test_a_run_again_is_the_same_run():
    once, again = (run_sample("softmax", Descent(0.05, 20, batch_size=8, seed=4), "direct") for _ in range(2))
    assert_array_equal(once.layer.weights, again.layer.weights)
    assert not np.array_equal(once.layer.weights, run_sample("softmax", Descent(0.05, 20, batch_size=8)).layer.weights)


@every_engine
@pytest.mark.parametrize("slice_seconds", [0, 1e9], ids=["an epoch at a time", "ever more at a time"])
def test_how_often_the_loop_looks_up_changes_nothing(engine, slice_seconds):
    seen = []
    descent = Descent(0.05, 50, batch_size=8)
    with thresholds.using(slice_seconds=slice_seconds, first_multiplications=1):
        run = run_sample(
            "softmax", descent, engine, record_every=7, progress=lambda done, cost: seen.append((done, cost))
        )
    # The sizes double: 1, 2, 4 ... epochs at a time; or stay at 1.
    assert [done for done, _ in seen] == ([*range(1, 51)] if slice_seconds == 0 else [1, 3, 7, 15, 31, 50])
    plain = run_sample("softmax", descent, engine, record_every=7)
    assert_array_equal(run.layer.weights, plain.layer.weights)
    assert_array_equal(run.history.epoch, plain.history.epoch)
    assert_array_equal(run.history.cost, plain.history.cost)
    # A cost is passed on where one was recorded since the last look; the compiled engine records the last epoch itself.
    costs = dict(zip(run.history.epoch.tolist(), run.history.cost.tolist(), strict=True))
    for done, cost in seen:
        assert math.isnan(cost) or cost in {costs[done - done % 7], costs.get(done)}
    assert not math.isnan(dict(seen)[7 if slice_seconds else 49])


def test_a_short_run_of_the_compiled_engine_takes_one_call():
    seen = []
    run = run_sample(
        "softmax", Descent(0.05, 50, batch_size=8), "compiled", progress=lambda done, cost: seen.append(done)
    )
    assert seen == [50]
    assert len(run.history.epoch) == 51


def test_orders_made_ahead_are_bounded():
    seen = []
    with thresholds.using(slice_seconds=1e9, orders_ahead=60):  # 20 patterns: three epochs at a time
        run_sample("softmax", Descent(0.05, 10, batch_size=8), progress=lambda done, _: seen.append(done))
    assert seen == [1, 3, 6, 9, 10]


# ---- When it stops.


@every_engine
@pytest.mark.parametrize("record_every", [0, 1, 7])
@pytest.mark.parametrize("batch_size", [None, 8])
@pytest.mark.parametrize("tolerance", [0.05, 0.005])
def test_the_tolerance_stops_at_the_first_epoch_that_meets_it(engine, record_every, batch_size, tolerance):
    sampled = sample("softmax")
    options = {"learning_rate": 0.02, "epochs": 60, "batch_size": batch_size, "weight_decay": 0.1}
    costs = run_sample("softmax", Descent(**options), "direct").history.cost
    changes = np.abs(np.diff(costs)) / costs[:-1]
    first = 1 + int(np.argmax(changes <= tolerance))
    assert 1 < first < 60
    assert changes[first - 1] <= tolerance < changes[first - 2]
    run = run_sample("softmax", Descent(**options, tolerance=tolerance), engine, record_every=record_every)
    assert ending(run) == (Reason.TOLERANCE_MET, first)
    assert str(run.outcome).startswith(f"After {first} epochs: the cost changed by no more than the tolerance.")
    assert run.history.epoch[-1] == first
    assert run.updates == first * (1 if batch_size is None else 3)
    shorter = run_sample("softmax", Descent(**{**options, "epochs": first}), "direct")
    assert_allclose(run.layer.weights, shorter.layer.weights, rtol=1e-10)
    cost = run.layer.cost(sampled.X, sampled.targets, weight_decay=0.1)
    assert run.history.cost[-1] == pytest.approx(cost, rel=1e-12)


@every_engine
def test_the_tolerance_compares_epoch_1_with_the_initial_layer(engine):
    run = run_sample("softmax", Descent(1e-4, 60, tolerance=10.0), engine)
    assert ending(run) == (Reason.TOLERANCE_MET, 1)


@every_engine
def test_a_tolerance_of_0_stops_where_the_cost_stands_still(engine):
    # d = 0 throughout, W = b = 0: the cost is 0 before and after.
    run = train(LinearLayer([[0.0]], [0.0]), [[1.0]], [[0.0]], Descent(0.1, 60, tolerance=0.0), engine)
    assert ending(run) == (Reason.TOLERANCE_MET, 1)
    # It falls here: |1 - a 2| = 0.8 an epoch, so no two costs are equal.
    run = train(LinearLayer([[1.0]], [1.0]), [[1.0]], [[0.0]], Descent(0.1, 60, tolerance=0.0), engine)
    assert ending(run) == (Reason.EPOCHS_DONE, 60)


# ---- Divergence.


@every_engine
@pytest.mark.parametrize("record_every", [0, 1, 7])
@pytest.mark.parametrize("tolerance", [None, 1e-6])
def test_a_diverging_run_ends_with_its_last_finite_layer(engine, record_every, tolerance, ignore_overflow):
    descent = Descent(5.0, 500, tolerance=tolerance)
    run = train(**DIVERGING, descent=descent, engine=engine, record_every=record_every)
    assert run.outcome.reason is Reason.COST_NOT_FINITE
    assert 20 < run.outcome.epochs < 100
    assert run.updates == run.outcome.epochs
    assert np.isfinite(run.layer.weights).all()
    assert np.isfinite(run.layer.biases).all()
    assert np.isfinite(run.history.cost).all()
    shorter = train(**DIVERGING, descent=Descent(5.0, run.outcome.epochs), engine=engine, record_every=0)
    assert_array_equal(run.layer.weights, shorter.layer.weights)
    assert_array_equal(run.layer.biases, shorter.layer.biases)
    if record_every == 1 or tolerance is not None:
        # The cost was watched: its last finite value is that of the layer kept, and one epoch more is too many.
        assert run.history.epoch[-1] == run.outcome.epochs
        longer = train(**DIVERGING, descent=Descent(5.0, run.outcome.epochs + 1), engine=engine)
        assert longer.outcome.reason is Reason.COST_NOT_FINITE
        assert longer.outcome.epochs == run.outcome.epochs
    json.dumps(run.to_dict(), allow_nan=False)


@every_engine
def test_engines_diverge_at_the_same_epoch(engine, ignore_overflow):
    run = train(**DIVERGING, descent=Descent(5.0, 500), engine=engine)
    direct = train(**DIVERGING, descent=Descent(5.0, 500), engine="direct")
    assert run.outcome == direct.outcome
    assert_allclose(run.layer.weights, direct.layer.weights, rtol=1e-10)


@every_engine
def test_a_cost_that_is_not_finite_at_the_end_is_told_though_it_was_not_recorded(engine, ignore_overflow):
    # After 60 epochs the weights are near 1e203, which is finite; their squared error is not, and was not for some epochs.
    run = train(**DIVERGING, descent=Descent(5.0, 60), engine=engine, record_every=0)
    watched = train(**DIVERGING, descent=Descent(5.0, 60), engine=engine, record_every=1)
    assert run.outcome.reason is watched.outcome.reason is Reason.COST_NOT_FINITE
    assert run.outcome.epochs == watched.outcome.epochs < 60
    assert run.history.epoch.tolist() == [0, run.outcome.epochs]
    assert run.layer.weights.tolist() == watched.layer.weights.tolist()


@every_engine
def test_a_cost_that_is_not_finite_from_the_start(ignore_overflow, engine):
    run = train(LinearLayer([[1.0]], [0.0]), [[1e200]], [[0.0]], Descent(0.1, 5), engine)
    assert (run.outcome.reason, run.outcome.epochs, run.updates) == (Reason.COST_NOT_FINITE, 0, 0)
    assert run.layer.weights.tolist() == [[1.0]]
    assert run.history.epoch.tolist() == []
    assert str(run.outcome) == (
        "After 0 epochs: the cost, a weight or a bias is not finite. "
        "The weights of the initial layer, or the inputs, are too large: standardise the inputs."
    )
    assert run.to_dict()["history"]["cost"] == []


# ---- Interruption.


@every_engine
def test_an_interruption_keeps_what_was_reached(engine):
    def interrupt(done, cost):
        if done >= 3:
            raise KeyboardInterrupt

    run = run_sample("softmax", Descent(0.01, 10_000, batch_size=8), engine, progress=interrupt, record_every=2)
    assert run.outcome.reason is Reason.INTERRUPTED
    reached = run.outcome.epochs
    assert 3 <= reached < 10_000
    assert str(run.outcome) == f"After {reached} epochs: interrupted by the user."
    shorter = run_sample("softmax", Descent(0.01, reached, batch_size=8), engine, record_every=2)
    assert_array_equal(run.layer.weights, shorter.layer.weights)
    assert_array_equal(run.history.epoch, shorter.history.epoch)
    # The last epoch was not recorded where it is interrupted at an odd one: its cost comes from NumPy then.
    assert_allclose(run.history.cost, shorter.history.cost, rtol=1e-14)
    assert run.updates == 3 * reached
    assert run.to_dict()["outcome"]["reason"] == "interrupted"


@every_engine
def test_ctrl_c_at_any_moment_keeps_what_was_reached(engine):
    timers = []

    def start_timer(done, cost):
        if not timers:
            timers.append(threading.Timer(0.05, signal.raise_signal, [signal.SIGINT]))
            timers[0].start()

    run = run_sample("softmax", Descent(0.001, 10**8), engine, progress=start_timer, record_every=0)
    timers[0].join()
    assert run.outcome.reason is Reason.INTERRUPTED
    assert 1 <= run.outcome.epochs < 10**8
    shorter = run_sample("softmax", Descent(0.001, run.outcome.epochs), engine, record_every=0)
    assert_array_equal(run.layer.weights, shorter.layer.weights)
    assert run.history.epoch.tolist() == [0, run.outcome.epochs]


@every_engine
def test_ctrl_c_is_raised_where_it_is_asked_for_and_ends_a_loop_of_calls(engine):
    calls = []

    def interrupt(done, cost):
        raise KeyboardInterrupt

    def many():
        for rate in (0.1, 0.2, 0.3):
            calls.append(rate)
            run_sample("softmax", Descent(rate, 10), engine, progress=interrupt, on_interrupt="raise")

    with pytest.raises(KeyboardInterrupt):
        many()
    assert calls == [0.1]


def test_what_ctrl_c_does_is_one_of_two_words():
    with refused("on_interrupt", "one of keep, raise", "'stop'", "Known: keep, raise."):
        run_sample("softmax", Descent(0.1, 1), "direct", on_interrupt="stop")


# ---- Histories of bounded size.


@every_engine
@pytest.mark.parametrize(
    ("epochs", "record_every", "kept"), [(9, 1, 1), (10, 1, 2), (45, 1, 8), (45, 2, 8), (95, 3, 12)]
)
def test_a_long_history_keeps_each_second_entry_as_often_as_need_be(engine, epochs, record_every, kept):
    descent = Descent(0.01, epochs, batch_size=8, weight_decay=0.1)
    whole = run_sample("softmax", descent, engine, record_every=record_every)
    with thresholds.using(history_rows=10):
        thinned = run_sample("softmax", descent, engine, record_every=record_every)
    assert_array_equal(thinned.history.epoch, sorted({*range(0, epochs + 1, kept), epochs}))
    places = np.searchsorted(whole.history.epoch, thinned.history.epoch)
    for name in ("cost", "errors", "accuracy"):
        assert_array_equal(getattr(thinned.history, name), getattr(whole.history, name)[places])
    assert_array_equal(thinned.layer.weights, whole.layer.weights)
    assert (whole.history.every, thinned.history.every) == (0, 0 if kept == record_every else kept)


@every_engine
@pytest.mark.parametrize("slice_seconds", [0.0, 1e9])
def test_which_entries_are_kept_does_not_depend_on_the_slices(engine, slice_seconds):
    with thresholds.using(history_rows=10, slice_seconds=slice_seconds):
        run = run_sample("softmax", Descent(0.01, 100), engine)
    assert run.history.epoch.tolist() == [0, 16, 32, 48, 64, 80, 96, 100]


@every_engine
def test_a_tolerance_is_met_at_the_same_epoch_whatever_the_history_keeps(engine):
    descent = Descent(0.05, 2000, tolerance=1e-3)
    whole = run_sample("softmax", descent, engine)
    with thresholds.using(history_rows=4):
        thinned = run_sample("softmax", descent, engine)
    assert whole.outcome.reason is thinned.outcome.reason is Reason.TOLERANCE_MET
    assert whole.outcome.epochs == thinned.outcome.epochs > 4
    assert thinned.history.cost[-1] == whole.history.cost[-1]


@pytest.mark.usefixtures("ignore_overflow")
@every_engine
def test_a_descent_that_diverges_ends_at_the_same_epoch_whatever_the_history_keeps(engine):
    data = LinearLayer([[1.0]], [0.0]), [[1.0], [2.0]], [[0.0], [1.0]], Descent(5.0, 5000)
    whole = train(*data, engine)
    with thresholds.using(history_rows=4):
        thinned = train(*data, engine)
    assert whole.outcome.reason is thinned.outcome.reason is Reason.COST_NOT_FINITE
    assert whole.outcome.epochs == thinned.outcome.epochs
    assert thinned.history.cost[-1] == whole.history.cost[-1]


def test_a_thinned_history_says_so_in_every_form():
    with thresholds.using(history_rows=10):
        run = run_sample("softmax", Descent(0.01, 45), "direct")
    sentence = "The history keeps one epoch in 8, since all that were recorded are too many"
    assert sentence in run.outcome.remarks
    assert sentence in run.to_dict()["outcome"]["message"]
    assert run.to_dict()["history"]["every"] == 8
    assert repr(run.history).startswith("<History of 7 recorded epochs, 0 to 45, each 8 apart: cost ")


def test_an_interruption_before_the_first_epoch_keeps_the_initial_layer(monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(engines, "start", interrupted)
    sampled = sample("softmax")
    run = train(sampled.layer, sampled.X, sampled.targets, Descent(0.1, 5))
    assert run.layer is sampled.layer
    assert (run.outcome.reason, run.outcome.epochs, run.seconds_per_update) == (Reason.INTERRUPTED, 0, 0)
    assert run.history.epoch.tolist() == [0]


def test_an_error_in_the_callers_progress_is_not_swallowed():
    def fail(done, cost):
        raise LookupError

    with pytest.raises(LookupError):
        run_sample("softmax", Descent(0.1, 5), progress=fail)


# ---- Bad input.


@every_engine
@pytest.mark.parametrize(
    ("changes", "name", "rule", "got", "remedy"),
    [
        ({"X": [[1.0, 2.0]] * 20}, "inputs", "3 columns", "2", "columns chosen"),
        ({"X": []}, "inputs", "at least one row", "none", "data were read"),
        ({"X": [[math.inf] * 3] * 20}, "inputs", "finite", "inf in row 1, column 1", "Remove or fill"),
        ({"targets": ["A"] * 19}, "targets", "as many as the rows of the inputs, 20", "19", "one target a pattern"),
        ({"targets": ["Z"] * 20}, "targets", "among the layer's classes", "'Z' in row 1", "Correct the label"),
        ({"sample_weight": [-1.0] * 20}, "sample weights", "at least 0", "-1", "k times"),
        ({"record_every": -1}, "record_every", "at least 0", "-1", "first and the last"),
        ({"record_every": True}, "record_every", "at least 0", "True", "first and the last"),
        ({"validation": 5}, "validation set", "a pair", "int", "validation=(X, targets)"),
        ({"validation": ([[1.0] * 3],)}, "validation set", "a pair", "tuple", "validation=(X, targets)"),
        (
            {"validation": ([[1.0] * 3], ["Z"])},
            "validation set's targets",
            "among the layer's classes",
            "'Z'",
            "Correct the label",
        ),
        ({"validation": ([[1.0] * 2], ["A"])}, "validation set's inputs", "3 columns", "2", "columns chosen"),
    ],
)
def test_bad_input(engine, changes, name, rule, got, remedy):
    sampled = sample("softmax")
    with refused(name, rule, got, remedy):
        train(**{"layer": sampled.layer, "X": sampled.X, "targets": sampled.targets, "descent": Descent(0.1, 1),
                 "engine": engine, **changes})  # fmt: skip


@pytest.mark.parametrize(("epochs", "expected"), [(3, 6.0 / 9), (0, 6.0)])
def test_the_seconds_of_the_engine_are_divided_among_its_updates(epochs, expected):
    # 20 patterns in batches of 8: three updates an epoch, nine in three epochs. No update: the seconds as they are.
    sampled = sample("softmax")
    work = Work(
        sampled.layer, sampled.layer.patterns(sampled.X, sampled.targets), None, Descent(0.1, 5, batch_size=8), 1
    )
    run = finished(Result(sampled.layer, epochs, work.record(work.layer, 0), Reason.INTERRUPTED), work, 6.0, "direct")
    assert run.updates == 3 * epochs
    assert run.seconds_per_update == pytest.approx(expected, rel=1e-15)


def test_an_unknown_engine_is_named_before_the_data_are_looked_at():
    with refused("engine", "one of direct, autograd, compiled", "'numpy'", "Did you mean 'direct'?"):
        train(sample("softmax").layer, None, None, Descent(0.1, 5), "numpy")
