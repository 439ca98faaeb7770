"""A run over a stream that is interrupted anywhere goes on from its checkpoint with the bits of one that was not."""

from contextlib import suppress

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

import deltarule as dr
from samples import sample

pytestmark = pytest.mark.kernels

ROWS, BATCH = 120, 8
DESCENTS = {
    "shuffled": {"batch_size": BATCH},
    "as given, with momentum and a schedule": {
        "batch_size": BATCH,
        "order": "given",
        "momentum": 0.9,
        "schedule": {"kind": "cosine", "by": "update"},
    },
    "the full batch": {"momentum": 0.5},
    "patience": {"batch_size": BATCH, "patience": 2, "learning_rate": 2.0},
    "a tolerance": {"batch_size": BATCH, "tolerance": 0.05},
}


def arrays(rows=ROWS, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(rows, 3))
    return X, np.where(X @ np.ones(3) + rng.normal(size=rows) > 0, "yes", "no")


class Batches:
    """The same batches in each pass; in the end of one of them, counted over all passes, the user presses Ctrl-C."""

    __name__ = "batches"

    def __init__(self, pressed_at=None):
        self.pressed_at, self.given = pressed_at, 0

    def __call__(self):
        X, labels = arrays()
        for start in range(0, ROWS, 20):
            self.given += 1
            if self.given == self.pressed_at:
                raise KeyboardInterrupt
            yield X[start : start + 20], labels[start : start + 20]


def run(stream, options, checkpoint=None, engine="direct"):
    layer = dr.SoftmaxLayer.random(3, ("no", "yes"), seed=1)
    descent = dr.Descent(**({"learning_rate": 0.1, "epochs": 4, "reduction": "mean", "seed": 5} | options))
    return dr.train(layer, stream, descent, engine=engine, validation=arrays(50, seed=9), checkpoint=checkpoint)


def same_bits(first, second):
    np.testing.assert_array_equal(first.layer.weights, second.layer.weights)
    np.testing.assert_array_equal(first.layer.biases, second.layer.biases)
    for name in ("epoch", "cost", "errors", "validation_cost", "validation_errors"):
        np.testing.assert_array_equal(getattr(first.history, name), getattr(second.history, name))
    assert first.outcome == second.outcome
    assert first.updates == second.updates


@pytest.mark.parametrize("options", DESCENTS.values(), ids=DESCENTS)
def test_a_run_interrupted_at_any_batch_goes_on_bit_for_bit(tmp_path, options):
    whole = run(dr.Stream(Batches(), window=40), options)
    batches = Batches()
    stream = dr.Stream(batches, window=40)
    made = batches.given
    run(stream, options)
    passed = batches.given
    for pressed_at in range(made + 7, passed + 1, 5):  # after the pass over the initial layer
        path = tmp_path / f"{pressed_at}.checkpoint"
        with suppress(KeyboardInterrupt):  # in the pass over the layer that is returned
            stopped = run(dr.Stream(Batches(pressed_at), window=40), options, dr.Checkpoint(path))
            assert stopped.outcome.reason is dr.Reason.INTERRUPTED
        again = run(dr.Stream(Batches(), window=40), options, dr.Checkpoint(path, resume=True))
        same_bits(again, whole)


@pytest.mark.parametrize("options", [DESCENTS["shuffled"], DESCENTS["as given, with momentum and a schedule"]])
def test_the_compiled_engine_goes_on_bit_for_bit(tmp_path, options):
    whole = run(dr.Stream(Batches(), window=40), options, engine="compiled")
    for pressed_at in (15, 22, 28, 34):
        path = tmp_path / f"{pressed_at}.checkpoint"
        run(dr.Stream(Batches(pressed_at), window=40), options, dr.Checkpoint(path), "compiled")
        again = run(dr.Stream(Batches(), window=40), options, dr.Checkpoint(path, resume=True), "compiled")
        same_bits(again, whole)


def test_a_run_goes_on_from_a_checkpoint_that_was_written_on_the_way(tmp_path):
    whole = run(dr.Stream(Batches(), window=40), DESCENTS["shuffled"])
    for checkpoint in (dr.Checkpoint(tmp_path / "a", every=0), dr.Checkpoint(tmp_path / "b", every="1h", epochs=3)):
        same_bits(run(dr.Stream(Batches(), window=40), DESCENTS["shuffled"], checkpoint), whole)
        again = dr.Checkpoint(checkpoint.path, resume=True)
        same_bits(run(dr.Stream(Batches(), window=40), DESCENTS["shuffled"], again), whole)


def test_a_generator_as_the_seed_goes_on_in_its_order(tmp_path):
    options = DESCENTS["shuffled"]
    whole = run(dr.Stream(Batches(), window=40), options | {"seed": np.random.default_rng(3)})
    path = tmp_path / "run"
    run(dr.Stream(Batches(25), window=40), options | {"seed": np.random.default_rng(3)}, dr.Checkpoint(path))
    again = run(
        dr.Stream(Batches(), window=40),
        options | {"seed": np.random.default_rng()},
        dr.Checkpoint(path, resume=True),
    )
    np.testing.assert_array_equal(again.layer.weights, whole.layer.weights)


def test_a_file_that_is_there_is_not_overwritten_by_a_new_run(tmp_path):
    path = tmp_path / "run"
    run(dr.Stream(Batches()), DESCENTS["shuffled"], dr.Checkpoint(path, every=0))
    kept = path.read_bytes()
    with pytest.raises(dr.InputError, match="checkpoint must be a new file"):
        run(dr.Stream(Batches()), DESCENTS["shuffled"], dr.Checkpoint(path, every=0))
    assert path.read_bytes() == kept


# ---- What is refused.


@pytest.fixture
def kept(tmp_path):
    """A stream of a file, and a checkpoint of a run over it."""
    X, labels = arrays()
    data = tmp_path / "rows.parquet"
    parquet.write_table(pa.table({"a": X[:, 0], "b": X[:, 1], "c": X[:, 2], "label": labels}), data, row_group_size=50)
    path = tmp_path / "run.checkpoint"
    run(dr.Stream(data, target="label"), DESCENTS["shuffled"], dr.Checkpoint(path, epochs=1))
    return data, path


def refused(match, data, path, options=DESCENTS["shuffled"], **of_stream):
    with pytest.raises(dr.InputError, match=match):
        run(dr.Stream(data, target="label", **of_stream), options, dr.Checkpoint(path, resume=True))


def test_a_changed_file_is_refused(kept):
    data, path = kept
    X, labels = arrays(seed=1)
    parquet.write_table(pa.table({"a": X[:, 0], "b": X[:, 1], "c": X[:, 2], "label": labels}), data, row_group_size=50)
    refused(r"files of a run that goes on must be as before. Got .*rows.parquet, which has changed", data, path)


def test_a_checkpoint_of_another_training_says_what_is_another(kept):
    data, path = kept
    refused(r"descent .* Got batch_size = 9 where .* has 8", data, path, {"batch_size": 9})
    refused("scaling of a run that goes on", data, path, scale="centre")
    refused("window of a run that goes on", data, path, window=7)
    with pytest.raises(dr.InputError, match="validation of a run that goes on"):
        dr.train(
            dr.SoftmaxLayer.random(3, ("no", "yes"), seed=1),
            dr.Stream(data, target="label"),
            dr.Descent(0.1, 4, batch_size=BATCH, reduction="mean", seed=5),
            validation=arrays(50, seed=8),
            engine="direct",
            checkpoint=dr.Checkpoint(path, resume=True),
        )
    with pytest.raises(dr.InputError, match="layer of a run that goes on"):
        dr.train(
            dr.LogisticLayer.random(3, ("no", "yes")),
            dr.Stream(data, target="label"),
            dr.Descent(0.1, 4, batch_size=BATCH, reduction="mean", seed=5),
            checkpoint=dr.Checkpoint(path, resume=True),
        )


def test_a_file_that_is_no_checkpoint_is_refused(kept, tmp_path):
    data, path = kept
    refused("checkpoint must be a file that exists", data, tmp_path / "none")
    model = tmp_path / "model.safetensors"
    dr.save(dr.SoftmaxLayer.random(3, ("no", "yes")), model)
    refused("checkpoint must be one that a run wrote", data, model)
    content = path.read_bytes()
    path.write_bytes(content[:-9])
    refused("checkpoint must be whole", data, path)
    path.write_bytes(content[:-9] + b"123456789")
    refused("checkpoint must be as it was written", data, path)


def test_a_checkpoint_goes_with_a_stream_and_a_layer_that_has_a_cost_of_its_own(tmp_path):
    X, labels = arrays()
    checkpoint, descent = dr.Checkpoint(tmp_path / "run"), dr.Descent(0.1, 2, batch_size=4)
    with pytest.raises(dr.InputError, match="checkpoint must go with a stream"):
        dr.train(dr.SoftmaxLayer.random(3, ("no", "yes")), X, labels, descent, checkpoint=checkpoint)
    given = sample("step, one neuron")
    stream = dr.Stream(lambda: [(given.X, given.targets)])
    with pytest.raises(dr.InputError, match="layer that has a cost of its own"):
        dr.train(given.layer, stream, descent, checkpoint=checkpoint)


def test_a_time_that_is_none_is_refused(tmp_path):
    assert dr.Checkpoint(tmp_path / "run", every="1.5h").seconds == 5400
    for wrong in ("soon", "5 years", True, -1):
        with pytest.raises(dr.InputError, match="every must be a time"):
            dr.Checkpoint(tmp_path / "run", every=wrong)
