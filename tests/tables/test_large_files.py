"""Files that are read some rows and columns at a time: the same values as in one go, and the row of what is wrong."""

import tempfile

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from numpy.testing import assert_array_equal
from pyarrow import feather, parquet

from deltarule.data import split
from deltarule.errors import InputError
from deltarule.evaluation import evaluate, targets_of
from deltarule.fitting import Columns, Preparation, fit_table, prepare_table
from deltarule.tables import sources
from deltarule.tables.cells import ROWS, numbers_of, places_of
from deltarule.tables.sources import source_of, source_of_frame

GROUP, GROUPS = 10, 9
COUNT = GROUP * GROUPS


def frame():
    rows = np.arange(COUNT)
    return pd.DataFrame(
        {
            "a": np.sqrt(rows),
            "word": [f"{row % 7}.5" for row in rows],
            "colour": np.array(["blue", "red", "grey"])[rows % 3],
            "kind": np.array(["no", "yes"])[rows % 2],
        }
    )


def in_groups(folder, data, name="t.parquet"):
    path = folder / name
    if path.suffix == ".parquet":
        parquet.write_table(pa.Table.from_pandas(data), path, row_group_size=GROUP)
    else:
        feather.write_feather(data, path, chunksize=GROUP)
    return path


def refused(path, **preparation):
    with pytest.raises(InputError) as caught:
        prepare_table(source_of(path), Columns(("kind",)), Preparation(**preparation))
    return str(caught.value)


@pytest.mark.parametrize("name", ["t.parquet", "t.feather"])
@pytest.mark.parametrize("test", [None, 0.3])
@pytest.mark.parametrize(
    ("column", "cell", "told"),
    [
        ("a", np.nan, "The inputs must have a value in each cell. Got none (or a mark such as NA)"),
        ("a", -np.inf, "The inputs must be finite numbers"),
        ("word", "3.x", "The inputs must be numbers"),
        ("word", "NA", "The inputs must have a value in each cell."),
        ("colour", None, "The inputs must have a value in each cell."),
        ("kind", None, "The targets must have a value in each cell."),
    ],
)
def test_a_bad_cell_in_the_seventh_group_of_rows_is_named_with_its_row(name, test, column, cell, told, tmp_path):
    data = frame()
    data.loc[6 * GROUP + 3, column] = cell
    found = refused(in_groups(tmp_path, data, name), test=test)
    assert told in found
    assert f"column {column!r}, row {6 * GROUP + 4}" in found


def test_a_class_that_the_layer_does_not_know_is_named_with_its_row(tmp_path):
    data = frame()
    fit = fit_table(
        source_of_frame("table", data), Columns(("kind",)), Preparation(), descent={"epochs": 1}, engine="direct"
    )
    data.loc[6 * GROUP + 3, "kind"] = "perhaps"
    source = source_of(in_groups(tmp_path, data))
    with pytest.raises(InputError, match=r"among the model's classes.*'perhaps' in .*, row 64"):
        evaluate(fit.model, source, targets_of(fit.model, source))


def test_a_category_that_the_model_does_not_know_is_named_with_its_row(tmp_path):
    data = frame()
    source = source_of_frame("table", data)
    encoding = prepare_table(source, Columns(("kind",)), Preparation()).encoding
    data.loc[6 * GROUP + 3, "colour"] = "pink"
    with pytest.raises(InputError, match=r"'pink' in .*column 'colour', first in row 64"):
        encoding.apply(source_of(in_groups(tmp_path, data)))


@pytest.mark.parametrize("name", ["t.parquet", "t.feather", "t.jsonl"])
def test_a_file_that_is_cut_off_anywhere_is_refused(name, tmp_path):
    path = tmp_path / name
    if path.suffix == ".jsonl":
        frame().to_json(path, orient="records", lines=True)
        # At the end of a line what is left is a whole file.
        lengths = [
            length for length in range(1, 2000, 17) if path.read_bytes()[length - 1 : length + 1].find(b"\n") < 0
        ]
    else:
        in_groups(tmp_path, frame(), name)
        lengths = range(0, path.stat().st_size, 97)
    content = path.read_bytes()
    for length in lengths:
        path.write_bytes(content[:length])
        assert str(path) in refused(path)


@pytest.mark.parametrize("ending", ["csv", "tsv", "parquet", "feather", "arrow", "jsonl"])
def test_a_file_of_no_bytes_is_refused(ending, tmp_path):
    path = tmp_path / f"t.{ending}"
    path.touch()
    assert str(path) in refused(path)


@pytest.mark.parametrize("name", ["t.parquet", "t.feather"])
def test_a_file_that_changes_while_it_is_read_is_refused(name, tmp_path):
    source = source_of(in_groups(tmp_path, frame(), name))
    in_groups(tmp_path, frame().iloc[1:], name)
    with pytest.raises(InputError, match="stay as it is while it is read"):
        source.read("a")


def test_columns_of_files_that_have_other_types_are_read_as_numbers_or_refused(tmp_path):
    whole, words = frame()[["kind"]].assign(a=1), frame()[["kind"]].assign(a="x")
    in_groups(tmp_path, frame()[["kind", "a"]], "t1.parquet")
    in_groups(tmp_path, whole, "t2.parquet")
    assert source_of(tmp_path / "t*.parquet").read("a").to_pylist()[-1] == 1.0
    in_groups(tmp_path, words, "t2.parquet")
    assert "columns of one type. Got double and large_string" in refused(tmp_path / "t*.parquet")


def test_texts_of_files_are_one_column_whatever_type_they_are_written_as(tmp_path):
    types = [pa.string(), pa.large_string(), pa.dictionary(pa.int8(), pa.string())]
    for place, kind in enumerate(types):
        column = pa.chunked_array([pa.array(["red", "blue"]).cast(kind)])
        parquet.write_table(pa.table({"colour": column}), tmp_path / f"t{place}.parquet")
    assert source_of(tmp_path / "t*.parquet").read("colour").to_pylist() == ["red", "blue"] * 3


@pytest.fixture
def copied(monkeypatch):
    """As if each CSV file were a large one."""
    monkeypatch.setattr(sources, "LARGE", 0)


def csv_file(folder, text):
    path = folder / "t.csv"
    path.write_text(text)
    return path


@pytest.mark.usefixtures("copied")
def test_a_large_csv_file_has_the_cells_of_a_small_one(tmp_path, monkeypatch):
    text = 'a;kind\n1,5;"x;y"\n;"two\nlines"\n -2,5 ; z\n'
    path = csv_file(tmp_path, text)
    large = source_of(path, separator=";", decimal=",")
    monkeypatch.undo()
    small = source_of(path, separator=";", decimal=",")
    assert (large.names, large.rows, large.typed) == (small.names, small.rows, small.typed)
    for name in small.names:
        assert large.read(name).to_pylist() == small.read(name).to_pylist()


@pytest.mark.usefixtures("copied")
@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"a,kind\n1,x\n2\n", "Row #3"),
        (b"a,kind\n1,x\n2,\xff\n", "another encoding"),
        (b"a,a\n1,x\n2,y\n", "different names"),
        (b'a,kind\n1,"x\n2,y\n', "close each quotation mark"),
    ],
)
def test_what_is_wrong_in_a_large_csv_file_is_said_as_in_a_small_one(content, told, tmp_path, monkeypatch):
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    large = refused(path)
    monkeypatch.undo()
    assert told in large
    assert refused(path) == large


@pytest.mark.usefixtures("copied")
def test_without_room_for_a_copy_a_csv_file_is_read_into_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "none"))
    assert source_of(csv_file(tmp_path, "a,kind\n1,x\n2,y\n")).read("a").to_pylist() == ["1", "2"]


# ---- In pieces.


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (pa.array(["1.5", None, " 2 "]), [1.5, np.nan, 2]),
        (pa.array(["true", None, "False"]), [1, np.nan, 0]),
        (pa.array([True, None, False]), [1, np.nan, 0]),
        (pa.array([1, None, 3], pa.int16()), [1, np.nan, 3]),
        (pa.array(["1.5", None, "2"]).dictionary_encode(), [1.5, np.nan, 2]),
    ],
)
def test_pieces_of_a_column_are_the_column(cells, expected):
    times = ROWS // 3 + 1  # a little more than one piece
    column = pa.chunked_array([cells] * times)
    assert_array_equal(numbers_of(column, "t"), np.tile(expected, times))


def test_the_first_number_may_stand_behind_many_cells_without_a_value():
    column = pa.chunked_array([pa.nulls(ROWS + 1, pa.string()), pa.array(["1", "0"])])
    assert numbers_of(column, "t")[-2:].tolist() == [1, 0]


def test_places_of_categories_are_found_in_pieces():
    times = ROWS // 4 + 1
    column = pa.chunked_array([pa.array(["b", " a", None, "c"])] * times)
    assert_array_equal(places_of(column, ("a", "b"), "t"), np.tile([1, 0, np.nan, -1], times))


# ---- Prepared in place.


def test_validation_and_test_rows_stand_behind_the_training_rows_in_one_matrix():
    data = frame()[["a", "kind"]]
    found = prepare_table(
        source_of_frame("table", data), Columns(("kind",)), Preparation(scale="none", test=0.2, validation=0.25)
    )
    rest, test = split(COUNT, 0.2, 0)
    assert found.test[0][:, 0].tolist() == data["a"].to_numpy()[test].tolist()
    assert sorted([*found.training[0][:, 0], *found.validation[0][:, 0]]) == sorted(data["a"].to_numpy()[rest])
    assert found.training[0].base is not None
    assert np.shares_memory(found.training[0].base, found.test[0])
    for X, labels in (found.training, found.validation, found.test):
        assert labels.tolist() == ["yes" if round(value**2) % 2 else "no" for value in X[:, 0]]


@pytest.mark.parametrize(
    ("types", "dtype"),
    [
        ({"a": "float32", "b": "float32"}, "float32"),
        ({"a": "float32", "b": "int16"}, "float32"),
        ({"a": "float32", "b": "bool"}, "float32"),
        ({"a": "float32", "b": "int32"}, "float64"),
        ({"a": "float32", "b": "float64"}, "float64"),
        ({"a": "int16", "b": "bool"}, "float64"),
    ],
)
def test_a_layer_is_float32_where_columns_are_and_no_digit_is_lost(types, dtype):
    data = pd.DataFrame({"a": [0, 1, 5], "b": [1, 0, 1]}).astype(types).assign(kind=["no", "yes", "no"])
    found = prepare_table(source_of_frame("table", data), Columns(("kind",)), Preparation())
    assert found.layer.dtype == found.training[0].dtype == dtype
    assert any("float32" in remark for remark in found.remarks) == (dtype == "float32")
