"""A stream is trained on as the arrays that it holds are."""

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

import deltarule as dr
from deltarule.engines.base import evaluated
from deltarule.streams.orders import group_order, window_order
from samples import HARD, NAMES, sample

pytestmark = pytest.mark.kernels

ENGINES = ("direct", "compiled")
DESCENTS = {
    "mini-batches": {"batch_size": 7},
    "one pattern an update": {"batch_size": 1},
    "momentum and a schedule by update": {
        "batch_size": 5,
        "momentum": 0.9,
        "schedule": {"kind": "cosine", "by": "update"},
    },
    "Nesterov and a warm-up": {
        "batch_size": 64,
        "momentum": 0.5,
        "nesterov": True,
        "schedule": {"kind": "constant", "warm_up": 1},
    },
    "decay, biases too": {"batch_size": 9, "weight_decay": 0.1, "decay_biases": True},
    "the full batch": {"momentum": 0.5, "weight_decay": 0.1},
    "a sum": {"batch_size": 10, "reduction": "sum"},
    "a half-mean in the full batch": {"reduction": "half-mean"},
}
NUMBERS = [f"x{place}" for place in range(5)]


def patterns(count=203, seed=0):
    """Inputs and labels of two classes."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(count, 5))
    return X, np.where(X @ rng.normal(size=5) + 0.5 * rng.normal(size=count) > 0, "yes", "no")


def written(folder, X, columns, *, files=3, group=31, name="part"):
    """Parquet files with the inputs as columns x0, x1, ..., and these columns beside them."""
    each = -(-len(X) // files)
    for number in range(files):
        rows = slice(number * each, (number + 1) * each)
        table = pa.table({f"x{at}": X[rows, at] for at in range(X.shape[1])} | {k: v[rows] for k, v in columns.items()})
        parquet.write_table(table, folder / f"{name}-{number}.parquet", row_group_size=group)
    return f"{folder}/{name}-*.parquet"


def close(first, second, rounding=1e-12):
    """Whether two runs have the same layer and the same history, but for rounding."""
    np.testing.assert_allclose(first.layer.weights, second.layer.weights, rtol=rounding, atol=rounding)
    np.testing.assert_allclose(first.layer.biases, second.layer.biases, rtol=rounding, atol=rounding)
    np.testing.assert_allclose(first.history.cost, second.history.cost, rtol=rounding)
    np.testing.assert_array_equal(first.history.epoch, second.history.epoch)
    np.testing.assert_array_equal(first.history.errors, second.history.errors)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("options", DESCENTS.values(), ids=DESCENTS)
def test_a_stream_trains_as_its_arrays_in_the_same_order(tmp_path, engine, options):
    X, labels = patterns()
    stream = dr.Stream(written(tmp_path, X, {"label": labels}), target="label")
    layer = dr.SoftmaxLayer.random(5, stream.classes, seed=1)
    descent = dr.Descent(0.05, 3, order="given", **({"reduction": "mean"} | options))
    close(dr.train(layer, X, labels, descent, engine), dr.train(layer, stream, descent, engine=engine))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("batch_size", [1, 7, 31])
def test_mini_batches_of_a_stream_give_the_bits_that_its_arrays_give(tmp_path, engine, batch_size):
    X, labels = patterns()
    stream = dr.Stream(written(tmp_path, X, {"label": labels}), target="label")
    layer = dr.SoftmaxLayer.random(5, stream.classes, seed=1)
    descent = dr.Descent(0.05, 3, batch_size=batch_size, order="given", momentum=0.5)
    arrays, streamed = dr.train(layer, X, labels, descent, engine), dr.train(layer, stream, descent, engine=engine)
    np.testing.assert_array_equal(streamed.layer.weights, arrays.layer.weights)
    np.testing.assert_array_equal(streamed.layer.biases, arrays.layer.biases)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", NAMES)
def test_every_kind_of_layer_trains_on_a_stream_as_on_its_arrays(tmp_path, name, engine):
    given = sample(name)
    np.save(tmp_path / "X.npy", given.X)
    np.save(tmp_path / "d.npy", np.array(given.targets))
    stream = dr.Stream(tmp_path / "X.npy", target=tmp_path / "d.npy")
    descent = dr.Descent(0.05, 4, batch_size=3, order="given")
    whole = dr.train(given.layer, given.X, given.targets, descent, engine)
    streamed = dr.train(given.layer, stream, descent, engine=engine)
    np.testing.assert_allclose(streamed.layer.weights, whole.layer.weights, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(streamed.layer.biases, whole.layer.biases, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(streamed.history.cost, whole.history.cost, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("batch_size", [8, None])
def test_a_layer_of_float32_trains_on_a_stream_as_on_its_arrays(tmp_path, engine, batch_size):
    X, labels = patterns()
    stream = dr.Stream(written(tmp_path, X.astype(np.float32), {"label": labels}), target="label")
    layer = dr.SoftmaxLayer.random(5, stream.classes, seed=1).astype("float32")
    descent = dr.Descent(0.05, 3, batch_size=batch_size, order="given", reduction="mean")
    whole = dr.train(layer, X.astype(np.float32), labels, descent, engine)
    streamed = dr.train(layer, stream, descent, engine=engine)
    assert streamed.layer.dtype == np.float32
    close(whole, streamed, 3e-6)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_layer_without_biases_has_none_after_training_on_a_stream(tmp_path, engine):
    X, labels = patterns()
    stream = dr.Stream(written(tmp_path, X, {"label": labels}), target="label")
    layer = dr.SoftmaxLayer.random(5, stream.classes, seed=1).with_parameters(np.zeros((5, 2)), None)
    for batch_size in (8, None):
        descent = dr.Descent(0.05, 3, batch_size=batch_size, order="given")
        streamed = dr.train(layer, stream, descent, engine=engine)
        assert not streamed.layer.has_biases
        close(dr.train(layer, X, labels, descent, engine), streamed)


def shuffled_order(groups, seed, epoch, window):
    """The places of all rows in the order of an epoch, from the sizes of the groups."""
    starts = np.concatenate([[0], np.cumsum(groups)])
    order = group_order(len(groups), seed, epoch)
    rows = np.concatenate([np.arange(starts[group], starts[group + 1]) for group in order])
    pieces = [rows[start : start + window] for start in range(0, len(rows), window)]
    return np.concatenate([piece[window_order(len(piece), seed, epoch, number)] for number, piece in enumerate(pieces)])


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("window", [1, 50, 1000])
def test_a_shuffled_stream_visits_groups_and_windows_in_the_order_that_it_states(tmp_path, engine, window):
    X, labels = patterns()
    stream = dr.Stream(written(tmp_path, X, {"label": labels}), target="label", window=window)
    start = dr.SoftmaxLayer.random(5, stream.classes, seed=1)
    by_hand = start
    for epoch in (1, 2):
        order = shuffled_order(stream.store.groups, 7, epoch, window)
        assert sorted(order) == list(range(len(X)))
        one = dr.Descent(0.05, 1, batch_size=8, order="given", reduction="mean")
        by_hand = dr.train(by_hand, X[order], labels[order], one, "direct").layer
    run = dr.train(start, stream, dr.Descent(0.05, 2, batch_size=8, seed=7, reduction="mean"), engine=engine)
    np.testing.assert_allclose(run.layer.weights, by_hand.weights, rtol=1e-12)


def test_a_shuffled_stream_has_another_order_in_each_epoch_and_for_each_seed():
    orders = {tuple(shuffled_order((40, 40, 20), seed, epoch, 30)) for seed in (0, 1) for epoch in (1, 2)}
    assert len(orders) == 4


def test_the_same_rows_in_other_parts_of_a_window_are_trained_on_in_the_same_order(tmp_path):
    X, labels = patterns()
    path = written(tmp_path, X, {"label": labels})
    large = dr.Stream(path, target="label", window=64)
    # A block holds few rows where the memory is small.
    small = dr.Stream(path, target="label", window=64, memory=20_000)
    layer = dr.SoftmaxLayer.random(5, ("no", "yes"), seed=1)
    assert small.patterns(layer).block < 31 < large.patterns(layer).block
    descent = dr.Descent(0.05, 2, batch_size=8, seed=7)
    first, second = (dr.train(layer, each, descent).layer.weights for each in (large, small))
    np.testing.assert_array_equal(first, second)


def test_batches_larger_than_the_memory_holds_are_summed_over_blocks(tmp_path):
    X, labels = patterns()
    stream = dr.Stream(written(tmp_path, X, {"label": labels}), target="label", memory=20_000)
    layer = dr.SoftmaxLayer.random(5, stream.classes, seed=1)
    descent = dr.Descent(0.05, 3, batch_size=90, order="given", reduction="mean", momentum=0.5)
    assert not stream.patterns(layer).fits(90)
    close(dr.train(layer, X, labels, descent), dr.train(layer, stream, descent))


def test_a_generator_as_the_seed_is_drawn_from_once(tmp_path):
    X, labels = patterns()
    stream = dr.Stream(written(tmp_path, X, {"label": labels}), target="label", window=50)
    layer = dr.SoftmaxLayer.random(5, stream.classes, seed=1)
    rng = np.random.default_rng(3)
    run = dr.train(layer, stream, dr.Descent(0.05, 2, batch_size=8, seed=rng))
    again = np.random.default_rng(3)
    seed = int(again.integers(2**63))
    same = dr.train(layer, stream, dr.Descent(0.05, 2, batch_size=8, seed=seed))
    np.testing.assert_array_equal(run.layer.weights, same.layer.weights)
    assert rng.bit_generator.state == again.bit_generator.state


@pytest.mark.parametrize("engine", ENGINES)
def test_tolerance_patience_and_records_are_as_for_arrays(tmp_path, engine):
    X, labels = patterns()
    V, answers = patterns(60, seed=5)
    stream = dr.Stream(written(tmp_path, X, {"label": labels}), target="label")
    followed = dr.Stream(written(tmp_path, V, {"label": answers}, name="test"), target="label")
    layer = dr.SoftmaxLayer.random(5, stream.classes, seed=1)
    for options in ({"tolerance": 0.01}, {"patience": 2, "monitor": "accuracy"}):
        descent = dr.Descent(0.3, 40, batch_size=20, order="given", reduction="mean", **options)
        whole = dr.train(layer, X, labels, descent, engine, validation=(V, answers), record_every=3)
        streamed = dr.train(layer, stream, descent, engine=engine, validation=followed, record_every=3)
        close(whole, streamed)
        assert whole.outcome.reason is streamed.outcome.reason
        assert whole.outcome.later_epochs == streamed.outcome.later_epochs
        np.testing.assert_array_equal(whole.history.validation_errors, streamed.history.validation_errors)


@pytest.mark.filterwarnings("ignore:overflow:RuntimeWarning", "ignore:invalid value:RuntimeWarning")
@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("batch_size", [20, None])
def test_a_descent_that_diverges_on_a_stream_keeps_its_last_finite_layer(tmp_path, engine, batch_size):
    X, _ = patterns()
    stream = dr.Stream(written(tmp_path, 1e3 * X, {"y": X @ np.ones(5)}), target=["y"], inputs=NUMBERS)
    layer = dr.LinearLayer(np.zeros((5, 1)), [0.0])
    descent = dr.Descent(1e3, 200, batch_size=batch_size, order="given")
    run = dr.train(layer, stream, descent, engine=engine)
    whole = dr.train(layer, 1e3 * X, (X @ np.ones(5))[:, None], descent, engine)
    assert run.outcome.reason is dr.Reason.COST_NOT_FINITE
    assert run.outcome.epochs == whole.outcome.epochs
    assert np.isfinite(run.layer.weights).all()
    assert run.outcome.remarks[0] == whole.outcome.remarks[0]


@pytest.mark.parametrize("name", HARD)
def test_rosenblatts_rule_comes_to_rest_on_a_stream(tmp_path, name):
    given = sample(name)
    np.save(tmp_path / "X.npy", given.X)
    np.save(tmp_path / "d.npy", np.array(given.targets))
    stream = dr.Stream(tmp_path / "X.npy", target=tmp_path / "d.npy")
    descent = dr.Descent(0.5, 300, batch_size=1, order="given")
    whole = dr.train(given.layer, given.X, given.targets, descent, "direct")
    streamed = dr.train(given.layer, stream, descent, engine="direct")
    assert streamed.outcome.reason is whole.outcome.reason
    assert streamed.outcome.epochs == whole.outcome.epochs


def test_the_cost_over_a_stream_is_that_over_its_arrays(tmp_path):
    X, labels = patterns()
    stream = dr.Stream(written(tmp_path, X, {"label": labels}), target="label")
    layer = dr.SoftmaxLayer.random(5, stream.classes, seed=1)
    for reduction in ("sum", "mean", "half-mean"):
        descent = dr.Descent(0.1, 1, reduction=reduction, weight_decay=0.3, decay_biases=True)
        found = evaluated(layer, stream.patterns(layer), descent)
        expected = layer.evaluate(layer.patterns(X, labels), reduction, 0.3, decay_biases=True)
        assert found == pytest.approx(expected, rel=1e-13)


def test_targets_beside_a_stream_and_weights_are_refused(tmp_path):
    X, labels = patterns()
    stream = dr.Stream(written(tmp_path, X, {"label": labels}), target="label")
    layer, descent = dr.SoftmaxLayer.random(5, stream.classes, seed=1), dr.Descent(0.1, 1)
    with pytest.raises(dr.InputError, match="targets must be left out where a stream is given"):
        dr.train(layer, stream, labels, descent)
    with pytest.raises(dr.InputError, match="sample weights must be left out where a stream is given"):
        dr.train(layer, stream, descent, sample_weight=np.ones(203))
    with pytest.raises(dr.InputError, match="engine must be one that takes a stream"):
        dr.train(layer, stream, descent, engine="autograd")
