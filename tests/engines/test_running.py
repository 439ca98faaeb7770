"""The loop round an engine, by an engine that does what a test says; the record that it makes; the thresholds it reads."""

import math
import os
from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from deltarule.descent import Descent
from deltarule.engines import Report, Work, running, thresholds
from deltarule.engines.kernels import arguments
from deltarule.engines.recorded import COLUMN_NAMES, Recorded, joined
from deltarule.engines.threads import in_threads, set_threads, thread_count
from deltarule.layers import LinearLayer
from deltarule.outcome import Reason
from deltarule.training import train
from samples import assert_same_record, refused, sample

# From weight 1 the engine below adds 1 an epoch; on the pattern x = 1, d = 0 the cost is half the weight's square.
LAYER = LinearLayer([[1.0]], [0.0])


def work(epochs=10, record_every=1, layer=LAYER, seed=0):
    patterns = LAYER.patterns([[1.0]], [[0.0]])
    return Work(layer, patterns, None, Descent(0.1, epochs, seed=seed), record_every)


class Counting:
    """An engine whose weight is 1 + the epoch; at `infinite` it is 1e200, whose square is not finite. It ends as it is told."""

    first_slice = 1

    def __init__(self, work, ends=(), infinite=()):
        self.work, self.ends, self.infinite = work, dict(ends), infinite
        self.epoch, self.slices, self.prepared = 0, [], []
        self.initial = self.record(work.layer, 0)

    def record(self, layer, epoch):
        return self.work.record(layer, epoch)

    def layer_at(self, epoch):
        return LAYER.with_parameters([[1e200 if epoch in self.infinite else 1.0 + epoch]], [0.0])

    def advance(self, epochs):
        self.slices.append(epochs)
        table, done, reason = [], 0, None
        while done < epochs and reason is None:
            epoch = self.epoch + 1
            if self.work.records(epoch):
                if epoch in self.infinite:
                    reason = Reason.COST_NOT_FINITE
                    break
                table.append([epoch, 0.5 * (1.0 + epoch) ** 2, None, None, None])
            self.epoch, done = epoch, done + 1
            reason = self.ends.get(epoch)
            if reason is KeyboardInterrupt:
                raise KeyboardInterrupt
        return Report(self.layer_at(self.epoch), done, self.work.recorded(table), reason)

    def prepare(self, seconds):
        self.prepared.append(seconds)


def run(work, progress=lambda _done, _cost: None, **options):
    """The result, and the engines that were started."""
    started = []

    def start(asked):
        started.append(Counting(asked, **options))
        return started[-1]

    return running.run(work, start, progress)[0], started


@pytest.mark.parametrize("record_every", [0, 1, 3, 5, 10])
def test_all_epochs_are_run_and_the_last_is_recorded(record_every):
    result, (engine,) = run(work(10, record_every))
    expected = sorted({0, 10, *(range(0, 11, record_every) if record_every else ())})
    assert (result.reason, result.epochs) == (Reason.EPOCHS_DONE, 10)
    assert result.recorded.epoch.tolist() == expected
    assert result.recorded.cost.tolist() == [0.5 * (1.0 + epoch) ** 2 for epoch in expected]
    assert result.layer.weights[0, 0] == 11
    assert sum(engine.slices) == 10


def test_slices_double_while_they_are_short_up_to_the_orders_that_may_be_made_ahead():
    with thresholds.using(slice_seconds=1e9):
        assert run(work(20))[1][0].slices == [1, 2, 4, 8, 5]
    with thresholds.using(slice_seconds=1e9, orders_ahead=3):
        assert run(work(10))[1][0].slices == [1, 2, 3, 3, 1]
    with thresholds.using(slice_seconds=0):
        assert run(work(4))[1][0].slices == [1, 1, 1, 1]


def test_progress_is_told_between_slices_with_the_cost_last_recorded():
    told = []
    with thresholds.using(slice_seconds=1e9):
        _, (engine,) = run(work(7, 3), progress=lambda done, cost: told.append((done, cost)))
    assert [done for done, _ in told] == [1, 3, 7]
    assert math.isnan(told[0][1])
    assert [cost for _, cost in told[1:]] == [0.5 * 4.0**2, 0.5 * 7.0**2]
    # Asked to prepare for the rest, which is nothing after the last slice.
    assert [seconds > 0 for seconds in engine.prepared] == [True, True, False]


def test_the_tolerance_ends_a_run_where_the_engine_says():
    result, _ = run(work(10, 4), ends={6: Reason.TOLERANCE_MET})
    assert (result.reason, result.epochs) == (Reason.TOLERANCE_MET, 6)
    assert result.recorded.epoch.tolist() == [0, 4, 6]
    assert result.layer.weights[0, 0] == 7


def test_ctrl_c_in_the_engine_keeps_the_slices_before():
    with thresholds.using(slice_seconds=1e9):  # slices 1, 2, 4: it comes in the third
        result, _ = run(work(10), ends={5: KeyboardInterrupt})
    assert (result.reason, result.epochs) == (Reason.INTERRUPTED, 3)
    assert result.recorded.epoch.tolist() == [0, 1, 2, 3]
    assert result.layer.weights[0, 0] == 4


def test_ctrl_c_in_progress_keeps_the_slice_before():
    def interrupt(_done, _cost):
        raise KeyboardInterrupt

    result, _ = run(work(10, 0), progress=interrupt)
    assert (result.reason, result.epochs) == (Reason.INTERRUPTED, 1)
    assert result.recorded.epoch.tolist() == [0, 1]


def test_what_else_progress_raises_goes_on():
    def fail(_done, _cost):
        raise LookupError

    with pytest.raises(LookupError):
        run(work(10), progress=fail)


def test_a_cost_that_nobody_looked_at_is_looked_for_again():
    """Of epochs 7 to 10 no cost is finite. Unrecorded, that shows at the end; recorded, at 7."""
    result, started = run(work(10, 0), infinite=range(7, 11))
    assert [engine.work.record_every for engine in started] == [0, 1]
    assert (result.reason, result.epochs) == (Reason.COST_NOT_FINITE, 6)
    assert result.recorded.epoch.tolist() == [0, 6]
    assert result.layer.weights[0, 0] == 7


def test_what_was_recorded_after_the_last_finite_cost_does_not_count():
    """The costs of epochs 3 and 10 are infinite; 5 is recorded, 3 is not."""
    result, _ = run(work(10, 5), ends={10: None}, infinite=[3, 10])
    assert (result.reason, result.epochs) == (Reason.COST_NOT_FINITE, 9)
    result, _ = run(work(8, 5), infinite=[3, 8])
    assert (result.reason, result.epochs) == (Reason.COST_NOT_FINITE, 2)
    assert result.recorded.epoch.tolist() == [0, 2]


def test_an_infinite_cost_in_the_first_epoch_leaves_the_initial_layer():
    result, _ = run(work(1, 0), infinite=[1])
    assert (result.reason, result.epochs) == (Reason.COST_NOT_FINITE, 0)
    assert result.recorded.epoch.tolist() == [0]
    assert result.layer.weights[0, 0] == 1


def test_without_a_finite_initial_cost_no_epoch_is_run():
    start = work(layer=LAYER.with_parameters([[1e200]], [0.0]))
    result, (engine,) = run(start)
    assert engine.slices == []
    assert (result.reason, result.epochs, len(result.recorded)) == (Reason.COST_NOT_FINITE, 0, 0)
    assert running.not_started(start).reason is Reason.COST_NOT_FINITE
    assert running.not_started(work()).reason is Reason.INTERRUPTED
    assert running.not_started(work()).recorded.cost.tolist() == [0.5]


def test_a_generator_is_copied_for_what_runs_again():
    rng = np.random.default_rng(0)
    again = running.repeatable(work(seed=rng)).descent.seed
    assert again is not rng
    assert again.normal() == rng.normal()
    plain = work(seed=3)
    assert running.repeatable(plain) is plain


# ---- Records.


def test_a_record_has_the_columns_that_its_layer_and_sets_have():
    table = np.array([[0, 4.0, 2.0, 5.0, 1.0], [3, 1.0, 0.0, 2.0, 0.0]])
    whole = Recorded(table, has_classes=True, has_validation=True)
    assert [getattr(whole, name).tolist() for name in COLUMN_NAMES] == table.T.tolist()
    assert whole.epoch.dtype == np.int64
    numbers = Recorded(table, has_classes=False, has_validation=True)
    assert numbers.errors is numbers.validation_errors is None
    assert numbers.validation_cost.tolist() == [5.0, 2.0]
    alone = Recorded(table, has_classes=True, has_validation=False)
    assert alone.validation_cost is alone.validation_errors is None
    assert alone.errors.tolist() == [2.0, 0.0]


def test_records_are_cut_and_joined():
    table = np.arange(20.0).reshape(4, 5)
    whole = Recorded(table, has_classes=True, has_validation=False)
    assert len(whole) == 4
    assert_same_record(joined([whole[:1], whole[1:1], whole[1:]]), whole)
    assert whole.before(10).epoch.tolist() == [0, 5]
    assert whole.before(11).epoch.tolist() == [0, 5, 10]
    assert (whole.last("cost"), whole.last("validation_cost"), whole[:0].last("cost")) == (16.0, None, None)


def test_the_tables_of_the_kernels_have_the_columns_of_a_record():
    assert [getattr(arguments, name.upper()) for name in COLUMN_NAMES] == list(range(arguments.COLUMNS))


@pytest.mark.parametrize("name", ["softmax", "linear"])
def test_a_work_evaluates_a_layer_on_both_sets(name):
    sampled, other = sample(name), sample(name, 7, seed=1)
    training = sampled.layer.patterns(sampled.X, sampled.targets)
    validation = sampled.layer.patterns(other.X, other.targets)
    record = Work(sampled.layer, training, validation, Descent(0.1, 1, weight_decay=0.5), 1).record(sampled.layer, 3)
    assert record.epoch.tolist() == [3]
    assert record.cost.tolist() == [sampled.layer.cost(sampled.X, sampled.targets, weight_decay=0.5)]
    assert record.validation_cost.tolist() == [sampled.layer.cost(other.X, other.targets, weight_decay=0.5)]
    assert record.last("errors") == sampled.layer.errors(sampled.X, sampled.targets)
    assert record.last("validation_errors") == sampled.layer.errors(other.X, other.targets)


# ---- Thresholds and threads.


def test_thresholds_hold_inside_their_block_and_in_its_threads():
    before = thresholds.get()
    with thresholds.using(slice_seconds=7.0) as now:
        assert now == thresholds.get() == replace(before, slice_seconds=7.0)
        with thresholds.using(threads=3):
            found = in_threads(lambda _rank: thresholds.get(), 2, np.zeros(1, np.int64))
        assert found == [replace(before, slice_seconds=7.0, threads=3)] * 2
    assert thresholds.get() == before
    with pytest.raises(TypeError):
        thresholds.using(no_such_threshold=1).__enter__()


def test_threads_have_the_callers_settings_for_floating_point_errors():
    with np.errstate(divide="raise"), pytest.raises(FloatingPointError):
        in_threads(lambda rank: np.float64(1) / np.float64(rank), 1, np.zeros(1, np.int64))
    with np.errstate(divide="ignore"):
        assert_array_equal(
            in_threads(lambda rank: np.float64(1) / np.float64(rank), 2, np.zeros(1, np.int64)), [np.inf, 1]
        )


def test_there_are_as_many_threads_as_pieces_up_to_those_allowed():
    with thresholds.using(threads=3):
        assert [thread_count(pieces) for pieces in (0, 1, 2, 3, 4, 100)] == [1, 1, 2, 3, 3, 3]


@pytest.fixture
def _threads_as_before(monkeypatch):
    monkeypatch.setenv("DELTARULE_THREADS", "")


@pytest.mark.usefixtures("_threads_as_before")
def test_threads_are_set_by_a_function_and_by_the_environment(monkeypatch):
    set_threads(2)
    assert os.environ["DELTARULE_THREADS"] == "2"
    assert [thread_count(pieces) for pieces in (1, 2, 100)] == [1, 2, 2]
    monkeypatch.setenv("DELTARULE_THREADS", " 5 ")
    assert thread_count(100) == 5
    set_threads(None)
    assert "DELTARULE_THREADS" not in os.environ
    assert thread_count(10**6) >= 1


@pytest.mark.usefixtures("_threads_as_before")
@pytest.mark.parametrize("threads", [0, -1, 1.5, "2", 1025, True])
def test_a_number_of_threads_that_cannot_be_is_refused(threads):
    with refused("number of threads (DELTARULE_THREADS)", "be ", "", ""):
        set_threads(threads)


@pytest.mark.usefixtures("_threads_as_before")
@pytest.mark.parametrize("text", ["0", "two", "1.5", "-1", "9999", "²"])
@pytest.mark.parametrize("engine", ["compiled", "autograd"])
def test_a_number_of_threads_in_the_environment_that_cannot_be_is_refused_for_any_layer(text, engine, monkeypatch):
    monkeypatch.setenv("DELTARULE_THREADS", text)
    layer = LinearLayer([[1.0]], [0.0])
    with refused("number of threads (DELTARULE_THREADS)", "be ", "", "1"):
        train(layer, [[1.0]], [[1.0]], Descent(0.1, 1), engine)
    with refused("number of threads (DELTARULE_THREADS)", "be ", "", "1"):
        thread_count(3)


@pytest.mark.parametrize("record_every", [1, 3])
def test_a_slice_records_few_rows(record_every):
    layer, done = LinearLayer([[0.0]], [0.0]), [0]
    with thresholds.using(rows_ahead=10):
        train(
            layer,
            [[1.0], [2.0]],
            [[1.0], [2.0]],
            Descent(0.01, 1000),
            engine="direct",
            record_every=record_every,
            progress=lambda epochs, _: done.append(epochs),
        )
    assert max(np.diff(done)) == 10 * record_every
