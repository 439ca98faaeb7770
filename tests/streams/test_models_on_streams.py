"""A model predicts and scores a stream as it does a table."""

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

import deltarule as dr
from deltarule.evaluation import evaluate
from deltarule.files import write_whole
from deltarule.model_tables import predictions, write_tables
from deltarule.tables.sources import source_of


@pytest.fixture
def trained(tmp_path):
    """A model trained on a stream of tables, the stream's path, and the whole table."""
    rng = np.random.default_rng(0)
    X = rng.normal(5, 2, (300, 2))
    kinds = np.array(["a", "b", "c"])[np.clip((X[:, 0] - 3).astype(int), 0, 2)]
    whole = pa.table({"x": X[:, 0], "y": X[:, 1], "colour": np.where(X[:, 1] > 5, "red", "blue"), "kind": kinds})
    for part in range(3):
        parquet.write_table(whole.slice(100 * part, 100), tmp_path / f"part-{part}.parquet", row_group_size=30)
    path = f"{tmp_path}/part-*.parquet"
    stream = dr.Stream(path, target="kind", scale="standardise", memory=60_000)
    layer = dr.SoftmaxLayer.random(stream.inputs, stream.classes, seed=0)
    run = dr.train(layer, stream, dr.Descent(0.2, 20, batch_size=20, reduction="mean"), engine="direct")
    model = dr.Model(run.layer, run, stream.encoding, stream.scaling, None, stream.target_names)
    return model, path, whole


def test_a_model_of_a_stream_takes_the_same_columns_as_they_are(trained):
    model, _, whole = trained
    assert (model.predict(whole) == np.array(whole["kind"])).mean() > 0.8


def test_a_stream_is_scored_as_its_table(trained):
    model, path, whole = trained
    # The stream itself neither scales nor encodes: the model does.
    found = evaluate(model, dr.Stream(path, target="kind", memory=60_000))
    expected = evaluate(model, whole, whole["kind"].to_pylist())
    assert (found.patterns, found.accuracy) == (expected.patterns, expected.accuracy)
    np.testing.assert_array_equal(found.confusion, expected.confusion)
    assert (found.log_loss, found.auc) == pytest.approx((expected.log_loss, expected.auc), rel=1e-12)
    assert found.calibration.error == pytest.approx(expected.calibration.error, rel=1e-9)
    with pytest.raises(dr.InputError, match="targets must be left out where a stream is given"):
        evaluate(model, dr.Stream(path, target="kind"), whole["kind"].to_pylist())
    with pytest.raises(dr.InputError, match="target must be given"):
        evaluate(model, dr.Stream(path))


def test_numbers_of_a_stream_are_scored_as_arrays(tmp_path):
    rng = np.random.default_rng(0)
    X, D = rng.normal(size=(200, 3)), rng.normal(size=(200, 2))
    np.savez(tmp_path / "both.npz", X=X, D=D)
    model = dr.Model(dr.LinearLayer.random(3, 2))
    stream = dr.Stream(tmp_path / "both.npz", inputs="X", target="D")
    found, expected = evaluate(model, stream).scores, evaluate(model, X, D).scores
    np.testing.assert_allclose(found.mean_square_error, expected.mean_square_error, rtol=1e-12)
    np.testing.assert_allclose(found.r2, expected.r2, rtol=1e-12)


def test_predictions_for_a_stream_are_those_for_its_table_and_become_a_file(trained, tmp_path):
    model, path, _ = trained
    stream = dr.Stream(path, memory=60_000)
    write_whole(tmp_path / "out.parquet", lambda file: write_tables(predictions(model, stream), ".parquet", file))
    expected = pa.concat_tables(predictions(model, source_of(path)))
    assert parquet.read_table(tmp_path / "out.parquet").equals(expected)


def test_a_file_of_predictions_is_not_written_where_a_late_row_is_wrong(trained, tmp_path):
    model, path, whole = trained
    broken = whole.set_column(0, "x", pa.array([*[1.0] * 299, None]))
    parquet.write_table(broken, tmp_path / "part-2.parquet", row_group_size=100)
    out = tmp_path / "out.parquet"
    with pytest.raises(dr.InputError, match=r"part-2.parquet, row group 3, column 'x', row 100"):
        write_whole(out, lambda file: write_tables(predictions(model, dr.Stream(path)), ".parquet", file))
    assert not out.exists()
