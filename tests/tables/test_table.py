"""Tables on disk: what is read, and the message for what cannot be read."""

import os
from contextlib import suppress

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deltarule.errors import InputError
from deltarule.tables import read_table


@pytest.fixture
def csv(tmp_path):
    def write(text, name="t.csv"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


@pytest.fixture
def parquet(tmp_path):
    def write(columns, name="t.parquet"):
        pq.write_table(columns if isinstance(columns, pa.Table) else pa.table(columns), tmp_path / name)
        return tmp_path / name

    return write


def message(path, **options):
    with pytest.raises(InputError) as caught:
        read_table(path, **options)
    return str(caught.value)


FLOWERS = "length,width,species\n1,2,a\n3,4,b\n"


# ---- what is read


def test_inputs_are_all_columns_but_the_target(csv):
    table = read_table(csv("a,kind,b\n1,x,2.5\n-3,y,4e-1\n"), target="kind")
    assert repr(table) == "<Table of 2 patterns: inputs ('a', 'b'), targets ('kind',)>"
    assert table.inputs.dtype == np.float64
    assert table.inputs.tolist() == [[1.0, 2.5], [-3.0, 0.4]]
    assert table.targets.tolist() == ["x", "y"]
    assert (table.input_names, table.target_names) == (("a", "b"), ("kind",))


def test_columns_are_chosen_and_ordered_by_name(csv):
    table = read_table(csv("a,b,c,when\n1,2,3,noon\n4,5,6,dawn\n"), inputs=["c", "a"], target=["b"])
    assert table.inputs.tolist() == [[3.0, 1.0], [6.0, 4.0]]
    assert table.targets.tolist() == [[2.0], [5.0]]
    assert table.target_names == ("b",)


@pytest.mark.parametrize(
    ("cells", "labels"),
    [
        (["yes", "no"], ["yes", "no"]),
        (["3", "7"], [3, 7]),
        (["true", "false"], [True, False]),
        (["1.0", "2.0"], [1.0, 2.0]),
        (["2024-01-31", "2024-02-01"], ["2024-01-31", "2024-02-01"]),
        (["é", '"a,b"'], ["é", "a,b"]),
        (["nan-hai", "NAN"], ["nan-hai", "NAN"]),
    ],
)
def test_a_label_column_stays_as_it_is_read(csv, cells, labels):
    found = read_table(csv(f"a,t\n1,{cells[0]}\n2,{cells[1]}\n"), target="t").targets
    assert found.tolist() == labels
    assert [type(label) for label in found.tolist()] == [type(label) for label in labels]


@given(st.lists(st.tuples(*[st.floats(allow_nan=False, allow_infinity=False)] * 3), min_size=1, max_size=8))
def test_csv_numbers_read_back_bit_equal(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("csv") / "t.csv"
    path.write_text("a,b,c\n" + "".join(",".join(map(repr, row)) + "\n" for row in rows))
    table = read_table(path, target=["c"])
    assert np.column_stack([table.inputs, table.targets]).tobytes() == np.array(rows).tobytes()


@pytest.mark.parametrize(
    ("column", "labels"),
    [
        (pa.array(["u", "v"]), ["u", "v"]),
        (pa.array(["u", "v"]).dictionary_encode(), ["u", "v"]),  # what a data frame's categories become
        (pa.array(["1", "2"]), ["1", "2"]),
        (pa.array([1, 2], pa.int8()), [1, 2]),
        (pa.array([True, False]), [True, False]),
        (pa.array([1.5, 2.0]), [1.5, 2.0]),
        (pa.array([1, 2]).cast(pa.decimal128(20, 1)), [1.0, 2.0]),
        (pa.array(["u", "v"], pa.large_string()), ["u", "v"]),
    ],
)
def test_parquet_labels(parquet, column, labels):
    assert read_table(parquet({"a": [1, 2], "t": column}), target="t").targets.tolist() == labels


def test_parquet_numbers_of_every_width(parquet):
    columns = {
        "i": pa.array([1, 2], pa.uint8()),
        "f": pa.array([0.5, 1.5], pa.float32()),
        "d": pa.array([1, 2]).cast(pa.decimal128(20, 1)),
        "text": pa.array([" 7", "8e0 "]),
        "big": pa.array([2**62 + 1, 1]),  # float64 rounds it, as any reader of numbers does
        "t.a": [0, 1],
    }
    table = read_table(parquet(columns), target=["t.a"])
    assert table.inputs.tolist() == [[1.0, 0.5, 1.0, 7.0, 2.0**62], [2.0, 1.5, 2.0, 8.0, 1.0]]
    assert table.targets.tolist() == [[0.0], [1.0]]


def test_a_pattern_reads_its_files_in_the_order_of_their_names(parquet, tmp_path):
    parquet({"a": [3.0], "t": ["z"]}, "part-2.parquet")
    parquet({"t": ["x", "yy"], "a": [1, 2]}, "part-1.parquet")
    parquet({"a": [9.0], "t": ["no"]}, "other.parquet")
    table = read_table(tmp_path / "part-*.parquet", target="t")
    assert table.inputs.tolist() == [[1.0], [2.0], [3.0]]
    assert table.targets.tolist() == ["x", "yy", "z"]


def test_whole_numbers_in_one_file_and_others_in_the_next_are_numbers(csv, tmp_path):
    csv("a,t\n1,1\n", "p1.csv")
    csv("a,t\n1,0.5\n", "p2.csv")
    assert read_table(tmp_path / "p?.csv", target="t").targets.tolist() == [1.0, 0.5]


def test_a_folder_may_have_brackets_in_its_name(tmp_path):
    folder = tmp_path / "[old] *"
    folder.mkdir()
    for name in ("a.csv", "b.csv"):
        (folder / name).write_text("x,t\n1,u\n")
    assert len(read_table(folder / "a.csv", target="t").inputs) == 1
    assert len(read_table(folder / "?.csv", target="t").inputs) == 2


def test_hidden_files_do_not_match_a_pattern(csv, tmp_path):
    csv("x,t\n1,u\n", "a.csv")
    csv("not a table", ".draft.csv")
    assert len(read_table("*.csv", target="t", root=tmp_path).inputs) == 1


@pytest.mark.parametrize("pattern", ["**.csv", "**/a.csv", "*/a.csv", "../*/a.csv", "no/*.csv"])
def test_a_pattern_is_of_the_name_alone(tmp_path, pattern):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "a.csv").write_text("x,t\n1,u\n")
    assert "must have a pattern that can be used, in the name of the file alone and without **." in message(
        tmp_path / pattern, target="t"
    )


@pytest.mark.slow
def test_a_pattern_matches_ten_thousand_files_at_most(tmp_path):
    for number in range(10_001):
        (tmp_path / f"{number}.csv").touch()
    assert message("*.csv", target="t", root=tmp_path) == (
        "The table must be at most 10,000 files. Got 10,001 for '*.csv'. Join them into fewer."
    )


@pytest.mark.parametrize("name", ["pipe.csv", "link.csv", "pipe.parquet", "pip?.csv"])
def test_only_regular_files_are_tables(tmp_path, name):
    os.mkfifo(tmp_path / "pipe.csv")
    os.mkfifo(tmp_path / "pipe.parquet")
    (tmp_path / "link.csv").symlink_to("pipe.csv")
    assert "must be a file. Got 'pip" in message(name, target="t", root=tmp_path).replace("link", "pipe")


@pytest.mark.parametrize("path", ["../a.csv", "/a.csv", "link.csv", "link.parquet", "folder/*.csv"])
def test_no_table_is_read_outside_its_root(csv, parquet, tmp_path, path):
    csv("x,t\n1,u\n", "a.csv")
    parquet({"x": [1], "t": ["u"]}, "a.parquet")
    home = tmp_path / "home"
    home.mkdir()
    (home / "folder").symlink_to("..")
    for suffix in ("csv", "parquet"):
        (home / f"link.{suffix}").symlink_to(f"../a.{suffix}")
    assert f"The table must lie in the folder '{home}'. Got " in message(path, target="t", root=home)


def test_a_column_that_changes_far_below_is_read_as_a_whole(csv):
    # Arrow reads in blocks of a megabyte: 200,000 whole numbers, and below them what is none.
    rows = "a,t\n" + "1,100000\n" * 200_000
    numbers = read_table(csv(rows + "2,0.5\n"), target="t")
    assert numbers.targets.dtype == np.float64
    assert numbers.targets[[0, -1]].tolist() == [1e5, 0.5]
    assert numbers.inputs[-1].tolist() == [2.0]
    words = read_table(csv(rows + "2,none\n"), target="t")
    assert words.targets[[0, -1]].tolist() == ["100000", "none"]


def test_upper_case_suffixes_byte_order_marks_and_dos_line_ends_are_read(csv):
    assert read_table(csv(b"\xef\xbb\xbfa,t\r\n1,x\r\n", "T.CSV"), target="t").input_names == ("a",)


def test_labels_are_read_without_the_blanks_around_them_and_it_is_said_when_that_merges_two(csv, parquet, tmp_path):
    said = "The labels 'yes' and 'yes ' of the table are read as one, 'yes': blanks around a label do not count"
    table = read_table(csv("a,b,t\n1,2,yes\n2,1,no\n3,1,yes \n0,1,no\n"), target="t")
    assert table.targets.tolist() == ["yes", "no", "yes", "no"]
    assert table.remarks == (said,)
    assert read_table(parquet({"a": [1, 2], "t": ["yes", "yes "]}), target="t").remarks == (said,)
    spaced = read_table(csv("a,t\n1, yes\n2, no\n"), target="t")
    assert (spaced.targets.tolist(), spaced.remarks) == (["yes", "no"], ())
    # Across the files of a pattern as well.
    csv("a,t\n1,yes\n", "p1.csv")
    csv("a,t\n1,\u00a0no\n2,yes \n", "p2.csv")
    assert read_table(tmp_path / "p?.csv", target="t").remarks == (said,)


def test_numbers_that_are_one_label_in_several_ways_are_said(csv):
    table = read_table(csv("a,t\n1,01\n2,2\n3,1\n4,+1\n"), target="t")
    assert table.targets.tolist() == [1, 2, 1, 1]
    assert table.remarks == ("The labels '01', '1' and '+1' of the table are read as one, 1: they are the same number",)
    assert read_table(csv("a,t\n1,1.0\n2,1\n"), target="t").remarks == ()


@given(st.lists(st.integers(-(2**80), 2**80), min_size=1, max_size=6))
def test_whole_labels_of_any_size_are_exact(tmp_path_factory, labels):
    path = tmp_path_factory.mktemp("csv") / "t.csv"
    path.write_text("a,t\n" + "".join(f"0.5,{label}\n" for label in labels))
    assert read_table(path, target="t").targets.tolist() == labels


def test_whole_labels_of_parquet_are_exact(parquet):
    big = [2**63, 2**63 + 1]
    assert read_table(parquet({"a": [1, 2], "t": pa.array(big, pa.uint64())}), target="t").targets.tolist() == big
    decimals = pa.array([str(label) for label in big]).cast(pa.decimal128(38, 0))
    assert read_table(parquet({"a": [1, 2], "t": decimals}), target="t").targets.tolist() == big


def test_labels_that_end_in_nul_are_kept_apart(csv, parquet):
    labels = ["A", "A\0", "\0", "A\0B"]
    assert read_table(parquet({"a": [1, 2, 3, 4], "t": labels}), target="t").targets.tolist() == labels
    assert read_table(csv("a,t\n1,A\n2,A\0\n"), target="t").targets.tolist() == ["A", "A\0"]


# ---- files without a row of names

IRIS = """5.0,3.4,1.5,0.2,Iris-setosa
4.8,3.1,1.4,0.1,Iris-setosa
6.8,3.1,4.8,1.5,Iris-versicolor
6.0,2.9,4.4,1.4,Iris-versicolor
"""


@pytest.mark.parametrize("target", ["species", "Iris-setosa", 5])
def test_a_first_row_that_looks_like_data_is_refused_with_the_way_to_read_it(csv, target):
    path = csv(IRIS)
    assert message(path, target=target) == (
        f"The table must have a row of names first. Got {path}, whose first row looks like data: 5.0, 3.4, 1.5, 0.2 and 1 more. "
        "Write header = false, and the place of the target, as in target = 5; or add a row of names. If these are names, "
        "write header = true."
    )


def test_columns_without_names_are_named_and_chosen_by_their_places(csv):
    path = csv(IRIS)
    for target in (5, "x5"):
        table = read_table(path, target=target, header=False)
        assert len(table.inputs) == 4
        assert table.inputs[0].tolist() == [5.0, 3.4, 1.5, 0.2]
        assert table.targets.tolist()[:3] == ["Iris-setosa", "Iris-setosa", "Iris-versicolor"]
        assert (table.input_names, table.target_names) == (("x1", "x2", "x3", "x4"), ("x5",))
    chosen = read_table(path, target=[2, "x1"], inputs=[4], header=False)
    assert chosen.targets[0].tolist() == [3.4, 5.0]
    assert chosen.inputs[0].tolist() == [0.2]
    assert (chosen.input_names, chosen.target_names) == (("x4",), ("x2", "x1"))


def test_a_row_of_names_that_looks_like_data_is_read_where_it_is_said_to_hold_names(csv):
    table = read_table(csv(IRIS), target="Iris-setosa", header=True)
    assert (len(table.inputs), table.input_names) == (3, ("5.0", "3.4", "1.5", "0.2"))


@pytest.mark.parametrize(
    ("text", "options", "expected"),
    [
        (IRIS, {"target": 6}, "The targets must be columns of {t}, counted from 1 to 5. Got 6. Give one of these places."),
        (IRIS, {"target": 0}, "The targets must be columns of {t}, counted from 1 to 5. Got 0."),
        (IRIS, {"target": True}, "The targets must be a list of column names. Got [True]."),
        (IRIS, {"target": "t"}, "The targets must be columns of {t}. Got 't'. Known: x1, x2, x3, x4, x5."),
        (IRIS, {"target": [5, "x5"]}, "The targets must be distinct columns of {t}. Got 'x5' twice."),
        (IRIS, {"target": 5, "inputs": [5]}, "The inputs must be other columns than the targets. Got 'x5'."),
        (IRIS, {"target": 1}, "The inputs must be numbers. Got 'Iris-setosa' in {t}, column 'x5', row 1."),
        ("1,a\n2\n", {"target": 2}, "The table must be readable as csv. Got {t}: CSV parse error: Row #2: Expected 2 columns"),
    ],
)  # fmt: skip
def test_a_choice_by_place_that_cannot_be_is_reported(csv, text, options, expected):
    path = csv(text)
    found = message(path, header=False, **options)
    assert found.startswith(expected.format(t=path))
    assert "row of names" not in found


def test_a_header_is_a_matter_of_csv_files(parquet, csv):
    path = parquet({"a": [1], "t": ["u"]})
    assert message(path, target="t", header=False).startswith("The header must be left out for a Parquet file.")
    assert message(csv(FLOWERS), target="species", header="no").startswith("The header must be a bool. Got 'no'.")


@pytest.mark.parametrize(
    "text",
    [
        "length,width,species\n1,2,a\n3,4,b\n",
        "2019,2020,2021,y\n1,2,3,4\n",  # years above data, and a target with a name
        "2019,2020,2021,country\n1,2,3,a\n4,5,6,b\n",
        "2019,2021,2024\n1,2,3\n",
        "0,1,2,3,target\n5.1,3.5,1.4,0.2,setosa\n",  # as data frames write columns without names
        "0,1\n5.1,3.5\n",
        "400,410,420,430,class\n0.1,0.2,0.3,0.4,a\n",  # wave lengths
        "0,1,class\n0.5,1,a\n2,3,b\n",
        "NA,K,y\n1,2,a\n3,4,b\n",  # sodium and potassium
        "a,b\nx,a\ny,b\n",  # no numbers at all
        "id,1.5\n7,2\n",
        '"1",t\n1.5,x\n',
        "1,2,3\n",  # nothing below
    ],
)
def test_a_row_of_names_does_not_look_like_data(csv, text):
    path = csv(text)
    last = text.partition("\n")[0].rpartition(",")[2]
    read = False
    with suppress(InputError):  # of cells that are no numbers
        read = read_table(path, target=last).target_names == (last,)
    assert read or "row of names" not in message(path, target=last)


@pytest.mark.parametrize(
    "text",
    [
        IRIS,
        "1,2,no\n2,1,yes\n3,5,no\n",  # a label that occurs again
        "5.1,3.5\n4.9,3.0\n",
        "-1,0,2\n4,3,1\n",
        "5.0,3.4,Iris-setosa\n6.8,3.1,Iris-versicolor\n",  # the only one of its class
        " 5.0 , 3.4 , a \n1,2,b\n3,4,a\n",
        "0.5,0.5,1\n1,2,3\n",
        "1,2,no\n2,1, no\n",
        "0,1\n1,3\n2,5\n",  # two places, or a first point
        "1,2,no\n3,4,yes\n",
        "1,a\n1,b\n",
        "5.0,NA,a\n4.5,1,b\n",
        "inf,2,a\n3,4,b\n",
        "2021,2020\n1,2\n3,4\n",  # numbers that fall count no years
    ],
)
def test_a_first_row_of_data_looks_like_data(csv, text):
    assert "must have a row of names first" in message(csv(text), target="t")


def wide(rows, count=5_001):
    """A file of very many columns c0, c1, ... and t, with these rows: the value of all cells but one, its place, it, and t."""
    lines = [",".join([*(f"c{place}" for place in range(count)), "t"])]
    for value, place, other, label in rows:
        cells = [value] * count
        cells[place] = other
        lines.append(",".join([*cells, label]))
    return "\n".join([*lines, ""])


def test_a_file_of_very_many_columns_is_read_as_any_other(csv):
    text = wide([("1.5", 7, " -2 ", "yes "), ("2e3", 4_999, '"0.25"', "yes")])
    table = read_table(csv(text), target="t")
    assert table.inputs.shape == (2, 5_001)
    assert (table.inputs[0, 7], table.inputs[0, 8], table.inputs[1, 4_999], table.inputs[1, 0]) == (-2, 1.5, 0.25, 2000)
    assert (table.targets.tolist(), len(table.remarks)) == (["yes", "yes"], 1)
    chosen = read_table(csv(text), target=["c7"], inputs=["c4999", "c0"])
    assert (chosen.inputs.tolist(), chosen.targets.tolist()) == ([[1.5, 1.5], [0.25, 2000]], [[-2], [2000]])
    below = read_table(csv(text.partition("\n")[2]), target=5_002, header=False)
    assert (below.input_names[-1], below.target_names, len(below.inputs)) == ("x5001", ("x5002",), 2)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("1", 0, "1", "a"), ("1", 7, "two", "b")], "The inputs must be numbers. Got 'two' in {t}, column 'c7', row 2."),
        ([("1", 0, "1", "a"), ("1", 7, "inf", "b")], "The inputs must be finite numbers of at most 1.8e308. Got inf in {t}"),
        ([("1", 0, "1", "a"), ("1", 7, "", "b")], "The inputs must be numbers. Got '' in {t}, column 'c7', row 2."),
        ([("1", 0, "1", "a"), ("1", 7, "1,1", "b")], "The table must be readable as csv. Got {t}: Row #3: Expected 5002"),
        ([("1", 0, "1", "a"), ("1", 7, "1", "")], "The targets must have a value in each cell. Got none in {t}, column 't', row 2"),
        ([], "The table must have at least one row (pattern). Got none in {t}."),
    ],
)  # fmt: skip
def test_a_cell_among_very_many_columns_is_named(csv, rows, expected):
    path = csv(wide(rows))
    assert message(path, target="t").startswith(expected.format(t=path))


def test_a_first_row_of_very_many_numbers_looks_like_data(csv):
    text = wide([("1.5", 7, "2.5", "a"), ("2.5", 7, "1.5", "b")]).partition("\n")[2]
    assert "must have a row of names first" in message(csv(text), target="t")


def test_a_first_row_of_very_many_numbers_looks_like_data_above_a_row_that_is_a_cell_short(csv):
    text = wide([("1.5", 7, "2.5", "a"), ("2.5", 7, "1.5", "b")]).partition("\n")[2]
    assert "must have a row of names first" in message(csv(text + "1,2\n"), target="t")


def test_a_target_among_very_many_columns_is_called_a_target(csv):
    path = csv(wide([("1", 0, "1", "a"), ("1", 7, "two", "b")]))
    expected = f"The targets must be numbers. Got 'two' in {path}, column 'c7', row 2."
    assert message(path, target=["c7"], inputs=["c0"]).startswith(expected)


@pytest.mark.slow
def test_a_file_of_100_000_columns_is_read(csv):
    table = read_table(csv(wide([("1", 0, "2", "a"), ("3", 99_999, "4", "b")], 100_000)), target="t")
    assert table.inputs.shape == (2, 100_000)
    assert table.inputs[1, -1] == 4


# ---- messages


OTHER = " Correct it, or choose another column."
FILL = " Fill it, or remove the row."
NAMED = " Fill it (a class needs another name), or remove the row."
MISSING = "The targets must have a value in each cell. Got "
MARKS = ("NA", "N/A", "null", "None", "NaN")
UTF8, SAVED = "The table must be UTF-8 text. Got another encoding in ", " Save it as UTF-8 CSV."
COMMAS = "The table must have commas between its columns. Got "
NAMES = " Give names, as in ['length', 'width']."
COUNTED = " Columns are counted where header is false."
COLUMNS = " Columns: length, width, species."


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"target": "specis"}, "The targets must be columns of {t}. Got 'specis'. Did you mean 'species'?"),
        ({"target": ["length", "wdth"]}, "The targets must be columns of {t}. Got 'wdth'. Did you mean 'width'?"),
        ({"target": "zzz"}, "The targets must be columns of {t}. Got 'zzz'. Known: length, width, species."),
        (
            {"target": "species", "inputs": ["lenght"]},
            "The inputs must be columns of {t}. Got 'lenght'. Did you mean 'length'?",
        ),
        ({"target": "species", "inputs": "length"}, "The inputs must be a list of column names. Got 'length'." + NAMES),
        ({"target": "species", "inputs": [1]}, "The inputs must be a list of column names. Got 1." + NAMES + COUNTED),
        ({"target": 3}, "The targets must be a list of column names. Got 3." + NAMES + COUNTED),
        ({"target": "species", "inputs": []}, "The inputs must be at least one column of {t}. Got none." + COLUMNS),
        ({"target": []}, "The targets must be at least one column of {t}. Got none." + COLUMNS),
        (
            {"target": "species", "inputs": ["length", "length"]},
            "The inputs must be distinct columns of {t}. Got 'length' twice. Name each column once.",
        ),
        (
            {"target": "species", "inputs": ["species"]},
            "The inputs must be other columns than the targets. Got 'species'. Choose it once.",
        ),
        ({"target": ["species"]}, "The targets must be numbers. Got 'a' in {t}, column 'species', row 1." + OTHER),
        ({"target": "length"}, "The inputs must be numbers. Got 'a' in {t}, column 'species', row 1." + OTHER),
    ],
)
def test_a_choice_of_columns_that_cannot_be_is_reported(csv, options, expected):
    path = csv(FLOWERS)
    assert message(path, **options) == expected.format(t=path)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a,t\n1,x\ntwo,y\n3,z\n", "The inputs must be numbers. Got 'two' in {t}, column 'a', row 2." + OTHER),
        (
            "a,t\n1,x\n2,y\n3,z\nfour,w\n5,v\n",
            "The inputs must be numbers. Got 'four' in {t}, column 'a', row 4." + OTHER,
        ),
        ("a,t\ntrue,x\n", "The inputs must be numbers. Got 'true' in {t}, column 'a', row 1." + OTHER),
        (
            "a,t\n1,x\n,y\n",
            "The inputs must have a value in each cell. Got no value (or a mark such as NA) in {t}, column 'a', row 2."
            + FILL,
        ),
        (
            "a,t\n1,x\n2,y\nNA,z\n",
            "The inputs must have a value in each cell. Got no value (or a mark such as NA) in {t}, column 'a', row 3."
            + FILL,
        ),
        (
            "a,t\n1,x\n-inf,y\n",
            "The inputs must be finite numbers of at most 1.8e308. Got -inf in {t}, column 'a', row 2. Remove or fill it.",
        ),
        ("a,t\n1,x\n2,\n", "The targets must have a value in each cell. Got none in {t}, column 't', row 2." + FILL),
        (
            "a,t\n1,3\n2,\n",
            "The targets must have a value in each cell. Got none in {t}, column 't', row 2." + FILL,
        ),
        (
            "a,t\n1,3.5\n2,inf\n",
            "The targets must be finite numbers of at most 1.8e308. Got inf in {t}, column 't', row 2. Remove or fill it.",
        ),
        ("a,t\n", "The table must have at least one row (pattern). Got none in {t}. Check that the data were written."),
        (
            "",
            "The table must have a row of names and at least one row (pattern). Got {t}, which holds fewer than two lines of text.",
        ),
        (
            "a,t\n1,x\n2\n",
            (
                "The table must be readable as csv. Got {t}: CSV parse error: Row #3: Expected 2 columns, got 1: 2. "
                "Correct the file, or write it again. (Row 1 is the row of names.)"
            ),
        ),
        ("a,a,t\n1,2,x\n", "The inputs must be distinct columns of {t}. Got 'a' twice. Name each column once."),
        *(
            (f"a,t\n1,x\n2, {mark}\n", MISSING + f"the mark {mark!r} in {{t}}, column 't', row 2." + NAMED)
            for mark in MARKS
        ),
        ("a,t\n1,x\n2,  \n", MISSING + "none in {t}, column 't', row 2." + FILL),
        (b"a,t\n1,\xe9\n", UTF8 + "{t}." + SAVED),
        (b"a,t\n\xe9,x\n", UTF8 + "{t}." + SAVED),
        (b"\xe9,t\n1,x\n", UTF8 + "{t}." + SAVED),
        ("a,t\n1,x\n".encode("utf-16"), UTF8 + "{t}." + SAVED),
        ("a;t\n1,5;x\n", COMMAS + "semicolons in {t}. Save it with commas"),
        ("a\tt\n1\tx\n", COMMAS + "tabs in {t}. Save it with commas"),
        (
            "a,t,\n1,x,\n",
            "The table must have a name for each column. Got none for column 3 of {t}. Remove the comma at",
        ),
        (",a,t\n0,1,x\n", "The table must have a name for each column. Got none for column 1 of {t}. Name it, or"),
        ('"a\tb",c\n1,2\n', "The targets must be columns of {t}. Got 't'. Known: a\\tb, c."),
        (
            "a,t\n1,x\n\x1b[31m\n",
            "The table must be readable as csv. Got {t}: CSV parse error: Row #3: Expected 2 columns, got 1: \\x1b[31m.",
        ),
    ],
)
def test_a_cell_that_cannot_be_used_is_named(csv, text, expected):
    path = csv(text)
    assert message(path, target="t").startswith(expected.format(t=path))


def test_a_word_far_below_is_named_by_its_row(csv):
    path = csv("a,t\n" + "1,x\n" * 300_000 + "one,x\n" + "1,x\n" * 100_000)
    assert "Got 'one' in" in message(path, target="t")
    assert "row 300001." in message(path, target="t")


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (
            {"a": [True, False], "t": ["x", "y"]},
            "The inputs must be numbers. Got True in {t}, column 'a', row 1. Write numbers (0 and 1 for booleans)",
        ),
        ({"a": [[1], [2]], "t": ["x", "y"]}, "The inputs must be numbers. Got [1] in {t}, column 'a', row 1."),
        (
            {"a": [1.0, None], "t": ["x", "y"]},
            "The inputs must have a value in each cell. Got no value (or a mark such as NA) in {t}, column 'a', row 2.",
        ),
        (
            {"a": [1.0, float("nan")], "t": ["x", "y"]},
            "The inputs must be finite numbers. Got nan in {t}, column 'a', row 2. Remove or fill it.",
        ),
        ({"a": ["1", "b"], "t": ["x", "y"]}, "The inputs must be numbers. Got 'b' in {t}, column 'a', row 2."),
        ({"a": [1, 2], "t": [[1], [2]]}, "The targets must be texts, numbers or booleans. Got list<"),
        (
            {"a": [1, 2], "t": ["x", ""]},
            "The targets must have a value in each cell. Got none in {t}, column 't', row 2.",
        ),
        (
            {"a": pa.array([], pa.int64()), "t": pa.array([], pa.string())},
            "The table must have at least one row (pattern). Got none in {t}.",
        ),
    ],
)
def test_a_parquet_column_that_cannot_be_used_is_named(parquet, columns, expected):
    path = parquet(columns)
    assert message(path, target="t").startswith(expected.format(t=path))


def test_a_file_that_is_not_what_its_name_says(csv):
    path = csv("a,t\n1,x\n", "t.parquet")
    assert message(path, target="t").startswith(
        f"The table must be readable as parquet. Got {path}: Parquet magic bytes"
    )


def test_a_path_without_a_file_is_reported(csv, tmp_path):
    csv(FLOWERS, "flowers.csv")
    assert message(tmp_path / "flower.csv", target="t") == (
        f"The table must be a file that exists. Got {tmp_path / 'flower.csv'}. Did you mean 'flowers.csv'?"
    )
    assert message(tmp_path / "none" / "zzz.csv", target="t") == (
        f"The table must be a file that exists. Got {tmp_path / 'none' / 'zzz.csv'}. Check the path."
    )
    assert message(tmp_path / "part-*.parquet", target="t").endswith(
        f"Got {tmp_path / 'part-*.parquet'}. Check the folder: it holds no .parquet file."
    )
    assert message(tmp_path, target="t") == (
        f"The table must be a file. Got the directory {tmp_path}. Give a pattern, as in {tmp_path / '*.parquet'}."
    )
    assert message(tmp_path / "t.xlsx", target="t") == (
        "The table must be a file that ends in .csv, .parquet, .feather, .arrow, .jsonl or .ndjson. "
        f"Got {tmp_path / 't.xlsx'}. Save it in one of these forms."
    )


def test_a_file_that_may_not_be_read_is_reported(csv, monkeypatch):
    # The machine that tests may be run by a user who may read everything: the system's answer is put in its place.
    path = csv(FLOWERS)

    def refuse(file, **options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pyarrow.csv.open_csv", refuse)
    assert message(path, target="t") == (
        f"The table must be a file that can be read. Got {path}: Permission denied. Check the file."
    )


def test_files_of_a_pattern_that_do_not_fit_are_named(parquet, tmp_path):
    first = parquet({"a": [1], "t": ["x"]}, "p1.parquet")
    second = parquet({"a": [1], "t": [3]}, "p2.parquet")
    assert message(tmp_path / "p*.parquet", target="t") == (
        f"The targets must be texts as in {first}. Got numbers in {second}, column 't'. Write them in the same form in all files."
    )
    parquet({"b": [1], "t": ["y"]}, "p2.parquet")
    assert message(tmp_path / "p*.parquet", target="t").startswith(f"The inputs must be columns of {second}. Got 'a'.")


@pytest.mark.parametrize("index", [[7, 3, 5], ["u", "v", "w"]])
def test_the_nameless_index_of_a_frame_is_no_input_unless_it_is_chosen(tmp_path, index):
    pd = pytest.importorskip("pandas")
    path = tmp_path / "t.parquet"
    pd.DataFrame({"a": [1.0, 2, 3], "t": ["x", "y", "x"]}, index=index).to_parquet(path)
    assert message(path, target="t") == (
        f"The inputs must be columns that you chose. Got '__index_level_0__', the index of a frame of pandas, in {path}. "
        "Choose inputs, or write the file with index=False."
    )
    assert read_table(path, target="t", inputs=["a"]).inputs.tolist() == [[1], [2], [3]]


def test_texts_that_are_kept_as_views_are_labels_and_numbers(parquet):
    path = parquet({"a": pa.array(["1", " 2"], pa.string_view()), "t": pa.array(["x", "y"], pa.string_view())})
    table = read_table(path, target="t")
    assert (table.inputs.tolist(), table.targets.tolist()) == ([[1], [2]], ["x", "y"])


def test_labels_of_more_digits_than_a_number_may_have_are_texts(csv):
    long = "9" * 5_000
    assert read_table(csv(f"a,t\n1,{long}\n2,1\n"), target="t").targets.tolist() == [long, "1"]


def test_labels_in_quotation_marks_behind_blanks_are_read_without_them(csv):
    table = read_table(csv('a,t\n1, "A"\n2,"A"\n3,A\n4, "B, C\n'.replace(", C", "")), target="t")
    assert table.targets.tolist() == ["A", "A", "A", '"B']
    assert table.remarks == (
        "The labels ' \"A\"' and 'A' of the table are read as one, 'A': blanks around a label do not count",
    )


@pytest.mark.parametrize(("one", "other"), [("A", "A\u200b"), ("caf\u00e9", "cafe\u0301"), ("\ufeffA", "A")])
def test_labels_that_look_alike_are_two_and_said_to_be(csv, one, other):
    table = read_table(csv(f"a,t\n1,{one}\n2,{other}\n3,B\n"), target="t")
    assert table.targets.tolist() == [one, other, "B"]
    assert table.remarks == (f"The labels {one!a} and {other!a} of the table look alike, and are read as two",)
