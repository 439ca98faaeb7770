"""Batches that are frames: their columns are matched by name."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

import deltarule as dr
from deltarule.data import standardising
from deltarule.evaluation import evaluate

RNG = np.random.default_rng(0)
X = RNG.normal(size=(100, 3))
LABELS = np.where(X[:, 0] > 0, "a", "b")
FRAME = pd.DataFrame(X, columns=["u", "v", "w"])
NUMBERS = pd.DataFrame({"p": X[:, 0] - X[:, 1], "q": X[:, 2] + 1})
DESCENT = dr.Descent(0.01, 5, batch_size=16, order="given")
KINDS = {
    "softmax": (dr.SoftmaxLayer.random(3, ["a", "b"], seed=0), LABELS),
    "logistic": (dr.LogisticLayer.random(3, ["a", "b"], seed=0), LABELS),
    "linear": (dr.LinearLayer.random(3, 2, seed=0), NUMBERS),
    "perceptron": (dr.PerceptronLayer.random(3, 2, seed=0), NUMBERS),
}


def stream_of(*batches):
    return dr.Stream(lambda: iter(batches))


def of_library(frame, library):
    return pa.Table.from_pandas(frame, preserve_index=False) if library == "pyarrow" else frame


@pytest.mark.parametrize("library", ["pandas", "pyarrow"])
@pytest.mark.parametrize("kind", KINDS)
def test_columns_of_later_batches_are_matched_by_the_names_of_the_first(kind, library):
    layer, targets = KINDS[kind]
    turned = targets[50:] if kind in ("softmax", "logistic") else of_library(targets[["q", "p"]][50:], library)
    stream = stream_of(
        (of_library(FRAME[:50], library), targets[:50]), (of_library(FRAME[["w", "v", "u"]][50:], library), turned)
    )
    run = dr.train(layer, stream, DESCENT, engine="direct")
    expected = dr.train(layer, FRAME, targets, DESCENT, engine="direct")
    np.testing.assert_allclose(run.layer.weights, expected.layer.weights, rtol=1e-12)
    assert run.layer.input_names == ("u", "v", "w")
    assert run.layer.target_names == expected.layer.target_names


def test_a_later_batch_with_another_column_is_refused_by_its_name():
    renamed = FRAME[50:].rename(columns={"u": "q"})
    with pytest.raises(dr.InputError, match=r"no column 'u' in .*, from row 51 on"):
        stream_of((FRAME[:50], LABELS[:50]), (renamed, LABELS[50:]))
    with pytest.raises(
        dr.InputError, match=r"targets must have columns of the names of the batches before\. Got no column 'p'"
    ):
        stream_of((X[:50], NUMBERS[:50]), (X[50:], NUMBERS[50:].rename(columns={"p": "r"})))
    twice = FRAME.set_axis(["u", "v", "u"], axis=1)
    with pytest.raises(dr.InputError, match="'u' twice"):
        stream_of((twice, LABELS))


def test_arrays_among_frames_are_taken_as_they_stand():
    stream = stream_of((X[:20], LABELS[:20]), (FRAME[20:50], LABELS[20:50]), (FRAME[["v", "w", "u"]][50:], LABELS[50:]))
    blocks = list(stream.patterns(KINDS["softmax"][0]).blocks())
    np.testing.assert_array_equal(np.concatenate([block.X for block in blocks]), X)
    assert stream.input_names == ("u", "v", "w")


def test_batches_in_another_order_in_a_later_pass_are_matched_too():
    passes = iter([FRAME, FRAME[["w", "u", "v"]]])
    stream = dr.Stream(lambda: [(next(passes), LABELS)])
    (block,) = stream.patterns(KINDS["softmax"][0]).blocks()
    np.testing.assert_array_equal(block.X, X)


def test_a_model_takes_the_columns_of_frames_of_a_stream_by_name():
    run = dr.train(KINDS["softmax"][0], FRAME, LABELS, dr.Descent(0.1, 50), engine="direct")
    turned = stream_of((FRAME[["w", "v", "u"]], LABELS))
    for model in (dr.Model.of(run), dr.Model(run.layer, run, None, standardising(X))):
        expected, found = evaluate(model, FRAME, LABELS), evaluate(model, turned)
        assert (found.accuracy, found.log_loss) == (expected.accuracy, expected.log_loss)
    with pytest.raises(dr.InputError, match="no column 'u'"):
        evaluate(dr.Model.of(run), stream_of((FRAME.rename(columns={"u": "z"}), LABELS)))


def test_a_layer_whose_names_stand_in_another_order_is_refused_with_the_order_to_give():
    layer = dr.SoftmaxLayer.random(3, ["a", "b"], seed=0).with_names(("w", "v", "u"))
    with pytest.raises(
        dr.InputError, match=r"inputs of the layer in their order\. Got 'u', 'v', 'w' of .* 'w', 'v', 'u'"
    ):
        dr.train(layer, stream_of((FRAME, LABELS)), DESCENT)
    layer = dr.LinearLayer.random(3, 2, seed=0).with_names(None, ("q", "p"))
    with pytest.raises(dr.InputError, match=r"targets of the layer in their order\. Got 'p', 'q'"):
        dr.train(layer, stream_of((X, NUMBERS)), DESCENT)


def test_targets_of_files_in_another_order_than_the_layers_are_refused(tmp_path):
    table = pd.concat([FRAME, NUMBERS], axis=1)
    table.to_parquet(tmp_path / "rows.parquet")
    run = dr.train(
        dr.LinearLayer.random(3, 2, seed=0), dr.Stream(tmp_path / "rows.parquet", target=["p", "q"]), DESCENT
    )
    assert run.layer.target_names == ("p", "q")
    turned = dr.Stream(tmp_path / "rows.parquet", target=["q", "p"])
    with pytest.raises(dr.InputError, match=r"targets of the layer in their order.*Give target=\['p', 'q'\]\."):
        dr.train(run.layer, turned, DESCENT)


def test_cells_of_batches_that_are_masked_or_missing_are_refused_with_their_row():
    missing = FRAME[50:].copy()
    missing.iloc[4, 1] = np.nan
    with pytest.raises(dr.InputError, match=r"no value missing\. Got nan in .*, column 'v', row 55\."):
        stream_of((FRAME[:50], LABELS[:50]), (missing, LABELS[50:]))
    with pytest.raises(dr.InputError, match="inputs must have no entry masked"):
        stream_of((np.ma.masked_greater(X, 1), LABELS))
    with pytest.raises(dr.InputError, match="targets must have no entry masked"):
        stream_of((X, np.ma.masked_greater(X[:, :1], 1)))
    with pytest.raises(dr.InputError, match=r"have the same inputs\. Got 2 inputs after 3 in .*, from row 101 on"):
        stream_of((X, LABELS), (X[:, :2], LABELS))
