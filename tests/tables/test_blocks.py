"""A table that is predicted some rows at a time gives what it gives in one go, and names the same row where it is wrong."""

import io

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from pyarrow import feather, parquet

import deltarule as dr
from deltarule.errors import InputError
from deltarule.evaluation import evaluate, evaluate_prepared, targets_of
from deltarule.fitting import Columns, Preparation, fit_table
from deltarule.model_tables import predictions, write_tables
from deltarule.tables import sources
from deltarule.tables.sources import source_of, source_of_frame

ROWS, AT_ONCE = 90, 20
ENDINGS = ["csv", "parquet", "feather", "jsonl"]


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch):
    """Blocks of 20 rows of the three columns that the models take."""
    monkeypatch.setattr(sources, "BLOCK", 3 * AT_ONCE)


def frame():
    rows = np.arange(ROWS)
    return pd.DataFrame(
        {
            "colour": np.array(["blue", "red", "grey"])[rows % 3],
            "id": [f"n{row}" for row in rows],
            "a": np.sqrt(rows),
            "flag": rows % 4 > 1,
            "kind": np.array(["no", "yes", "so"])[rows // 7 % 3],
            "size": rows**1.5,
        }
    )


def written(folder, data, ending):
    path = folder / f"t.{ending}"
    if ending == "csv":
        data.to_csv(path, index=False)
    elif ending == "parquet":
        parquet.write_table(pa.Table.from_pandas(data), path, row_group_size=32)
    elif ending == "feather":
        feather.write_feather(data, path, chunksize=32)
    else:
        data.to_json(path, orient="records", lines=True, double_precision=15)
    return path


def model_of(target="kind", kind="softmax", missing="refuse"):
    columns = Columns((target,), inputs=("a", "flag", "colour"))
    source = source_of_frame("table", frame())
    cost = {"weight_decay": 0.01}
    return fit_table(source, columns, Preparation(missing), kind, descent=cost, solver="exact").model


def predicted(model, path):
    tables = list(predictions(model, source_of(path)))
    return pa.concat_tables(tables), len(tables)


def refused(model, path):
    with pytest.raises(InputError) as caught:
        predicted(model, path)
    return str(caught.value)


@pytest.mark.parametrize("ending", ENDINGS)
def test_blocks_of_a_file_are_predicted_as_the_frame(tmp_path, ending):
    model = model_of()
    found, blocks = predicted(model, written(tmp_path, frame(), ending))
    assert blocks >= ROWS // AT_ONCE
    assert found.column("kind").to_pylist() == model.predict(frame()).tolist()
    names = [f"P({label})" for label in model.layer.classes]
    assert_allclose(found.select(names).to_pandas(), model.probabilities(frame()), rtol=1e-12)


@pytest.mark.parametrize("ending", ENDINGS)
def test_numbers_are_predicted_in_blocks_in_their_own_units(tmp_path, ending):
    model = model_of("size", "perceptron")
    found, _ = predicted(model, written(tmp_path, frame(), ending))
    assert_allclose(found.column("size").to_numpy(), model.predict(frame())[:, 0], rtol=1e-12)


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize(
    ("target", "kind"), [("kind", "softmax"), ("kind", "logistic"), ("size", "linear"), ("flag", "logistic")]
)
def test_a_file_is_evaluated_in_blocks_as_in_one_go(tmp_path, ending, target, kind):
    columns = Columns((target,), inputs=("a", "colour"))
    given = source_of_frame("table", frame())
    model = fit_table(given, columns, Preparation(), kind, descent={"weight_decay": 0.01}, solver="exact").model
    source = source_of(written(tmp_path, frame(), ending))
    found = evaluate(model, source, targets_of(model, source)).to_dict()
    expected = evaluate_prepared(model, model.inputs_of(frame()), targets_of(model, source)).to_dict()
    assert found.keys() == expected.keys()
    for name, value in found.items():
        if isinstance(value, float):
            assert value == pytest.approx(expected[name], rel=1e-12)
        elif name == "confusion":
            assert value == expected[name]


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize(
    ("column", "cell", "told"),
    [
        ("a", np.nan, "column 'a', row 78"),
        ("colour", None, "column 'colour', row 78"),
        ("colour", "pink", "'pink' in"),
        ("flag", None, "column 'flag', row 78"),
    ],
)
def test_a_bad_cell_in_a_late_block_is_named_with_its_row_in_the_file(tmp_path, ending, column, cell, told):
    data = frame().astype({"flag": object})
    data.loc[77, column] = cell
    message = refused(model_of(), written(tmp_path, data, ending))
    assert told in message
    assert "row 78" in message


def test_a_word_among_numbers_in_a_late_block_is_named_with_its_row_in_the_file(tmp_path):
    data = frame().astype({"a": str})
    data.loc[77, "a"] = "much"
    for ending in ("csv", "parquet"):
        assert "'much'" in refused(model_of(), written(tmp_path, data, ending))
        assert "column 'a', row 78" in refused(model_of(), written(tmp_path, data, ending))


@pytest.mark.parametrize("cells", [["true"] * 60 + ["2"] * 30, ["2.5"] * 60 + ["false"] * 30])
@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_truth_values_in_some_blocks_and_numbers_in_others_are_refused(tmp_path, ending, cells):
    message = refused(model_of(), written(tmp_path, frame().assign(a=cells), ending))
    assert "The inputs must be numbers" in message


@pytest.mark.parametrize("cells", [["1", "true", "0"], ["true", "1", "0"]])
def test_one_and_zero_among_truth_values_are_read_alike_in_any_order(tmp_path, cells):
    model = model_of()
    found, _ = predicted(model, written(tmp_path, frame().assign(flag=cells * 30), "csv"))
    flags = [cell in ("1", "true") for cell in cells * 30]
    assert found.column("kind").to_pylist() == model.predict(frame().assign(flag=flags)).tolist()


def test_files_of_a_pattern_are_predicted_one_below_the_other_and_other_types_refused(tmp_path):
    model, data = model_of(), frame()
    parquet.write_table(pa.Table.from_pandas(data.iloc[:50]), tmp_path / "t1.parquet")
    parquet.write_table(pa.Table.from_pandas(data.iloc[50:]), tmp_path / "t2.parquet")
    assert predicted(model, tmp_path / "t*.parquet")[0].column("kind").to_pylist() == model.predict(data).tolist()
    parquet.write_table(pa.Table.from_pandas(data.iloc[50:].assign(a="true")), tmp_path / "t2.parquet")
    assert "columns of one type" in refused(model, tmp_path / "t*.parquet")


def test_cells_without_a_value_are_filled_in_every_block(tmp_path):
    data = frame()
    data.loc[::11, "a"] = np.nan
    data.loc[::7, "colour"] = None
    model = model_of(missing="median")
    found, _ = predicted(model, written(tmp_path, data, "parquet"))
    assert found.column("kind").to_pylist() == model.predict(data).tolist()


def test_decimal_commas_are_read_in_every_block(tmp_path, monkeypatch):
    path = tmp_path / "t.csv"
    frame().to_csv(path, index=False, sep=";", decimal=",")
    model = model_of()
    for large in (sources.LARGE, 0):
        monkeypatch.setattr(sources, "LARGE", large)
        source = source_of(path, separator=";", decimal=",")
        found = pa.concat_tables(predictions(model, source)).column("kind").to_pylist()
        assert found == model.predict(frame()).tolist()


def test_a_file_that_changes_between_blocks_is_refused(tmp_path):
    model, path = model_of(), written(tmp_path, frame(), "parquet")
    source = source_of(path)
    written(tmp_path, frame().iloc[:50], "parquet")
    with pytest.raises(InputError, match="stay as it is while it is read"):
        list(predictions(model, source))


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("row", [3, 77])
def test_a_cell_that_overflows_once_it_is_scaled_is_named_with_its_value_in_any_block(tmp_path, ending, row):
    model, data = model_of(), frame()
    data.loc[row, "a"] = 1.5e308
    model = dr.Model(
        model.layer, None, model.encoding, type(model.input_scaling)(np.zeros(5), np.full(5, 10.0)), None, ("kind",)
    )
    path = written(tmp_path, data, ending)
    cell = "'1.5e+308'" if ending == "csv" else "1.5e+308"
    told = f"fit float64 once they are scaled. Got {cell} in {path}, column 'a', row {row + 1}. Correct it"
    assert told in refused(model, path)
    with pytest.raises(InputError) as caught:
        model.predict(data)
    assert f"Got 1.5e+308 in column 'a', row {row + 1}." in str(caught.value)
    with pytest.raises(InputError) as caught:
        evaluate(model, source_of(path), targets_of(model, source_of(path)))
    assert told in str(caught.value)


def test_a_cell_that_does_not_fit_a_layer_of_float32_is_named_with_its_value():
    layer = dr.LinearLayer(np.zeros((1, 1), np.float32), np.zeros(1, np.float32), input_names=["a"])
    source = source_of_frame("table", pd.DataFrame({"a": [1.0, 1e39]}))
    with pytest.raises(InputError, match=r"must fit float32\. Got 1e\+39 in column 'a', row 2\."):
        dr.Model(layer).predict(source)


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_label_that_the_model_has_not_learned_is_named_with_its_cell(tmp_path, ending):
    model, data = model_of(), frame()
    data.loc[70, "kind"] = "perhaps"
    path = written(tmp_path, data, ending)
    with pytest.raises(InputError) as caught:
        targets_of(model, source_of(path))
    assert str(caught.value) == (
        f"The targets must be among the model's classes ('no', 'so', 'yes'). Got 'perhaps' in {path}, column 'kind', row 71. "
        "Correct the label, or train on rows of this class."
    )


@pytest.mark.parametrize("ending", ENDINGS)
def test_written_blocks_are_one_file_that_other_readers_know(tmp_path, ending):
    model, path = model_of(), tmp_path / f"out.{ending}"
    with path.open("wb") as file:
        write_tables(predictions(model, source_of(written(tmp_path, frame(), "csv"))), f".{ending}", file)
    readers = {
        "csv": pd.read_csv,
        "parquet": pd.read_parquet,
        "feather": pd.read_feather,
        "jsonl": lambda path: pd.read_json(path, lines=True),
    }
    found = readers[ending](path)
    assert found["kind"].tolist() == model.predict(frame()).tolist()
    assert_allclose(found.iloc[:, 1:], model.probabilities(frame()), rtol=1e-9)


# ---- Large files of JSON lines.


@pytest.fixture
def large(monkeypatch):
    """As if each file of JSON lines were a large one."""
    monkeypatch.setattr(sources, "LARGE", 0)


@pytest.mark.usefixtures("large")
def test_large_json_lines_are_read_through_a_copy_with_the_same_cells(tmp_path, monkeypatch):
    path = written(tmp_path, frame().assign(a=[None if row % 5 == 0 else row / 2 for row in range(ROWS)]), "jsonl")
    copy = source_of(path)
    assert copy.batches is not None
    monkeypatch.undo()
    whole = source_of(path)
    assert (copy.names, copy.rows, copy.typed) == (whole.names, whole.rows, whole.typed)
    for name in whole.names:
        assert copy.read(name).to_pylist() == whole.read(name).to_pylist()


@pytest.mark.usefixtures("large")
def test_large_json_lines_whose_numbers_get_decimals_late_are_read_all_the_same(tmp_path):
    path = tmp_path / "t.jsonl"
    lines = ['{"a": 1}\n'] * 200_000 + ['{"a": 1.5}\n']
    path.write_text("".join(lines))
    source = source_of(path)
    assert (source.rows, source.read("a")[-1].as_py()) == (200_001, 1.5)


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b'{"a": 1}\n{"a": "x"}\n', "column 'a' changed from number to string in row 2."),
        ('{"größe": 1}\n{"größe": "x"}\n'.encode(), "column 'größe' changed from number to string in row 2."),
        (b'{"a": 1}\n{bad\n', "Missing a name for object member in row 2."),
        # Arrow reads it in blocks of 1 MB.
        (b'{"a": 1, "b": "some words"}\n' * 90_000 + b'{"a": "x"}\n', "changed from number to string in row 90001."),
        (b'{"a": "x"}\n{"a": "\xff"}\n', "UTF-8"),
        (b'{"a": 1}\n{"a": ', "be readable as JSON lines"),
        (b"[1]\n[2]\n", "have one JSON object in each line"),
        (b"", "t.jsonl"),
    ],
)
def test_what_is_wrong_in_large_json_lines_is_said_as_in_small_ones(tmp_path, monkeypatch, content, told):
    path = tmp_path / "t.jsonl"
    path.write_bytes(content)
    with pytest.raises(InputError) as of_large:
        source_of(path)
    monkeypatch.undo()
    with pytest.raises(InputError) as of_small:
        source_of(path)
    assert told in str(of_large.value)
    assert str(of_large.value) == str(of_small.value)


def test_a_table_of_no_known_form_is_refused_before_a_row_is_predicted():
    file = io.BytesIO()
    with pytest.raises(InputError, match=r"Got '.xlsx'"):
        write_tables(iter(()), ".xlsx", file)
    assert_array_equal(file.getbuffer(), b"")
