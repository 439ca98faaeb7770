"""`deltarule train --data FILES --stream`: trained some rows at a time, kept in a checkpoint, and gone on with."""

import json
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

import deltarule as dr

TRAIN = ("--target", "kind", "--learning-rate", "0.1", "--batch-size", "8", "--engine", "direct")


@pytest.fixture
def files(tmp_path):
    """A pattern of Parquet files with labels that mostly follow from the inputs."""
    rng = np.random.default_rng(0)
    X = rng.normal(5, 2, (600, 2))
    table = pa.table({"x": X[:, 0], "y": X[:, 1], "kind": np.where(X[:, 0] + X[:, 1] > 10, "high", "low")})
    for part in range(3):
        parquet.write_table(table.slice(200 * part, 200), tmp_path / f"part-{part}.parquet", row_group_size=60)
    return f"{tmp_path}/part-*.parquet"


def test_a_stream_is_trained_on_and_its_model_takes_tables_as_they_are(command, files, tmp_path):
    model = tmp_path / "m.safetensors"
    code, out, err = command("train", "--data", files, "--stream", *TRAIN, "--epochs", 5, "--out", model)
    assert (code, err) == (0, "")
    assert "600 training patterns, streamed" in out
    whole = pa.concat_tables(map(parquet.read_table, sorted(tmp_path.glob("part-*"))))
    assert (dr.load(model).predict(whole) == np.array(whole["kind"])).mean() > 0.95


def test_a_stream_gives_what_train_gives_in_python(command, files):
    code, out, _ = command("train", "--data", files, "--stream", *TRAIN, "--memory", "1MB", "--json")
    assert code == 0
    stream = dr.Stream(files, target="kind", scale="standardise", memory="1MB")
    layer = dr.SoftmaxLayer.random(2, stream.classes, seed=0)
    run = dr.train(layer, stream, dr.Descent(0.1, 1, batch_size=8), engine="direct")
    found = json.loads(out)
    assert found["rows"] == 600
    assert found["weights"] == run.layer.weights.tolist()


def test_a_column_whose_name_has_a_comma_is_named_as_of_a_table(command, files, tmp_path):
    for part in tmp_path.glob("part-*"):
        parquet.write_table(parquet.read_table(part).rename_columns(["x", "y", "kind, of all"]), part)
    options = ("--target", "kind, of all", "--inputs", "x, y", *TRAIN[2:], "--json")
    code, out, err = command("train", "--data", files, "--stream", *options)
    assert (code, err) == (0, "")
    assert json.loads(out)["target_names"] == ["kind, of all"]


def test_files_of_arrays_have_no_columns_to_name(command, tmp_path):
    np.save(tmp_path / "X.npy", np.zeros((4, 2)))
    code, _, err = command("train", "--data", tmp_path / "X.npy", "--stream", *TRAIN)
    assert code == 2
    assert "must have columns with names. Got arrays in" in " ".join(err.split())


def test_files_are_named_by_their_address(command, files):
    code, out, err = command("train", "--data", f"file://{files}", "--stream", *TRAIN, "--json")
    assert (code, err) == (0, "")
    assert json.loads(out)["rows"] == 600


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--stream", "--target", "kind", "--batch-size", 8), "learning rate must be given for a stream"),
        (("--stream", "--target", "kind", "--learning-rate", 0.1), "batch size must be given for a stream"),
        (("--stream", *TRAIN, "--test", 0.2), "--test must be left out with --stream"),
        (("--stream", *TRAIN, "--resume"), "--resume must go with a checkpoint"),
        (("--stream", *TRAIN, "--memory", "much"), "memory of the stream must be a size"),
        (("--stream", *TRAIN, "--checkpoint", "c", "--every", "soon"), "every must be a time"),
        (("--stream", "--learning-rate", 0.1), "target must be given"),
        (("--target", "kind", "--memory", "1GB"), "--memory goes with --stream"),
        (("--stream", "--target", "x", *TRAIN[2:]), "kind of layer must be given where the target holds numbers"),
        (("--stream", *TRAIN, "--activation", "tanh"), "activation must be left out"),
    ],
)
def test_options_that_do_not_fit_a_stream_are_refused(command, files, options, said):
    code, out, err = command("train", "--data", files, *options)
    assert (code, out) == (2, "")
    assert said in " ".join(err.split())


def test_numbers_are_learned_from_a_stream(command, files):
    code, out, _ = command(
        "train", "--data", files, "--stream", "--target", "y", "--inputs", "x", "--kind", "linear",
        "--learning-rate", 0.01, "--batch-size", 16, "--reduction", "mean", "--json",
    )  # fmt: skip
    assert code == 0
    assert np.shape(json.loads(out)["weights"]) == (1, 1)


def test_streams_are_refused_for_a_problem(command, tmp_path):
    (tmp_path / "p.toml").write_text("")
    code, _, err = command("train", tmp_path / "p.toml", "--stream")
    assert code == 2
    assert "The option --stream goes with --data." in " ".join(err.split())


def started(*arguments):
    words = [sys.executable, "-m", "deltarule", "train", *map(str, arguments)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=dict(os.environ))


@pytest.mark.slow
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 75), (signal.SIGKILL, -signal.SIGKILL)])
def test_a_run_that_a_signal_ends_goes_on_bit_for_bit(command, files, tmp_path, number, code):
    options = ("--data", files, "--stream", *TRAIN, "--epochs", 300, "--record-every", 50, "--json")
    _, out, _ = command("train", *options)
    whole = json.loads(out)
    kept = tmp_path / "run.checkpoint"
    with started(*options, "--checkpoint", kept, "--every", "0.05s") as process:
        while not kept.exists():
            assert process.poll() is None
            time.sleep(0.01)
        process.send_signal(number)
        out, err = process.communicate(timeout=120)
    assert process.returncode == code, err
    assert out == ""
    if number == signal.SIGTERM:
        assert "with --resume it goes on" in err
    resumed, out, err = command("train", *options, "--checkpoint", kept, "--resume")
    assert resumed == 0, err
    again = json.loads(out)
    for name in ("weights", "biases", "history", "outcome", "updates"):
        assert again[name] == whole[name]
