"""Tables of every form give the same columns, and what cannot be read is told with its remedy."""

import io
import json
import sys
import threading

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from numpy.testing import assert_array_equal

from deltarule.errors import InputError, ProblemError
from deltarule.problem import problem_from
from deltarule.tables import read_table
from deltarule.tables.encoding import Encoding, InputColumn, encoding_from, fill_of
from deltarule.tables.learning import encoding_of
from deltarule.tables.sources import source_of, source_of_frame
from problem_files import document

FRAME = pd.DataFrame(
    {
        "length": [5.1, 6.3, 4.0, 5.5],
        "colour": ["red", "blue", "red", "green"],
        "sold": [True, False, True, True],
        "count": [1, 2, 3, 5],
    }
)
# The length; blue, green or red; whether sold; the count.
EXPECTED = [[5.1, 0, 0, 1, 1, 1], [6.3, 1, 0, 0, 0, 2], [4.0, 0, 0, 1, 1, 3], [5.5, 0, 1, 0, 1, 5]]
WRITERS = {
    "t.csv": lambda path: FRAME.to_csv(path, index=False),
    "t.tsv": lambda path: FRAME.to_csv(path, index=False, sep="\t"),
    "t.parquet": FRAME.to_parquet,
    "t.feather": FRAME.to_feather,
    "t.jsonl": lambda path: FRAME.to_json(path, orient="records", lines=True),
}


def written(folder, name):
    WRITERS[name](folder / name)
    return source_of(folder / name, separator="tab" if name.endswith("tsv") else ",")


def file(folder, text, name="t.csv"):
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def message(call, *arguments, **options):
    with pytest.raises(InputError) as caught:
        call(*arguments, **options)
    return str(caught.value)


@pytest.mark.parametrize("name", WRITERS)
def test_each_form_of_file_gives_the_same_inputs(name, tmp_path):
    source = written(tmp_path, name)
    encoding, _, remarks = encoding_of(source, list(FRAME.columns))
    assert encoding.apply(source).tolist() == EXPECTED
    assert encoding.input_names == ("length", "colour=blue", "colour=green", "colour=red", "sold", "count")
    assert remarks == ()


@pytest.mark.parametrize("frame", [FRAME, pa.Table.from_pandas(FRAME), FRAME.set_index("count", drop=False)])
def test_frames_of_each_library_give_the_same_inputs(frame):
    source = source_of_frame("inputs", frame)
    encoding, _, _ = encoding_of(source, list(FRAME.columns))
    assert encoding.apply(source).tolist() == EXPECTED


@pytest.mark.skipif(sys.platform != "linux", reason="Elsewhere Arrow reads files of Python's.")
@pytest.mark.parametrize("name", [*WRITERS, "ragged.csv"])
def test_no_thread_of_arrow_calls_python_for_a_file(name, tmp_path, monkeypatch):
    """One that does so while the program ends, as after an error, ends it by SIGABRT."""
    threads = set()

    class Watched(io.FileIO):
        def read(self, size=-1):
            threads.add(threading.get_ident())
            return super().read(size)

    def opened(path, *_, **__):
        return Watched(path)

    if name == "ragged.csv":
        file(tmp_path, "a,b\n1,2\n3,4,5\n", name)
    else:
        written(tmp_path, name)
    monkeypatch.setattr("deltarule.tables.sources.open_regular", opened)
    if name == "ragged.csv":
        assert "Expected 2 columns, got 3" in message(source_of, tmp_path / name)
    else:
        source = source_of(tmp_path / name, separator="tab" if name.endswith("tsv") else ",")
        assert source.read("count").to_pylist() in ([1, 2, 3, 5], ["1", "2", "3", "5"])
    assert threads <= {threading.get_ident()}


@pytest.mark.parametrize("name", WRITERS)
def test_columns_are_matched_by_name_in_any_order(name, tmp_path):
    encoding, _, _ = encoding_of(written(tmp_path, name), list(FRAME.columns))
    turned = FRAME[["count", "sold", "colour", "length"]].assign(other=1)
    assert encoding.apply(source_of_frame("inputs", turned)).tolist() == EXPECTED


def test_a_pattern_stands_for_files_one_below_the_other(tmp_path):
    FRAME[:2].to_parquet(tmp_path / "a1.parquet")
    FRAME[2:].to_parquet(tmp_path / "a2.parquet")
    source = source_of(tmp_path / "a*.parquet")
    encoding, _, _ = encoding_of(source, list(FRAME.columns))
    assert encoding.apply(source).tolist() == EXPECTED


def test_files_of_other_columns_are_refused(tmp_path):
    FRAME.to_parquet(tmp_path / "a1.parquet")
    FRAME.drop(columns="sold").to_parquet(tmp_path / "a2.parquet")
    assert "the column 'sold' in one of them only" in message(source_of, tmp_path / "a*.parquet")


# ---- How a CSV file is written.


def test_separators_and_decimal_marks_are_told(tmp_path):
    path = file(tmp_path, "a;b\n0,5;x\n1,5;y\n")
    source = source_of(path, separator=";", decimal=",")
    assert source.read("a").to_pylist() == ["0.5", "1.5"]
    assert "semicolons in" in message(source_of, path)
    assert "--separator ';'" in message(source_of, path)


def test_a_point_beside_decimal_commas_is_refused_since_it_may_part_thousands(tmp_path):
    path = file(tmp_path, "a;b\n0,5;x\n1.500;y\n")
    source = source_of(path, separator=";", decimal=",")
    assert "'1.500'" in message(source.read, "a")


def test_decimal_commas_that_are_not_told_are_refused_and_are_no_categories(tmp_path):
    source = source_of(file(tmp_path, "a;b\n0,5;x\n1,5;y\n0,5;x\n"), separator=";")
    found = message(encoding_of, source, ["a"])
    assert "row 1" in found
    assert "--decimal ," in found


def test_one_comma_cannot_be_two_things(tmp_path):
    path = file(tmp_path, "a,b\n1,2\n")
    assert "be another mark than the separator" in message(source_of, path, decimal=",")


def test_each_column_of_a_long_file_is_read(tmp_path):
    numbers = np.arange(1_200_000.0).reshape(400_000, 3)  # more than are read together
    pd.DataFrame(numbers, columns=list("abc")).to_parquet(tmp_path / "t.parquet", row_group_size=70_000)
    source = source_of(tmp_path / "t.parquet")
    for names, order in (("abc", [0, 1, 2]), ("cab", [2, 0, 1])):
        assert_array_equal(Encoding(tuple(map(InputColumn, names))).apply(source), numbers[:, order])


def test_a_first_row_that_looks_like_data_is_refused_and_read_where_it_is_told(tmp_path):
    path = file(tmp_path, "5.1,a\n6.3,b\n5.0,a\n")
    assert "whose first row looks like data" in message(source_of, path)
    source = source_of(path, header=False)
    assert (source.names, source.rows) == (("x1", "x2"), 3)


@pytest.mark.parametrize("options", [{"header": False}, {"separator": ";"}, {"decimal": ","}])
def test_options_of_csv_files_do_not_go_with_others(options, tmp_path):
    FRAME.to_parquet(tmp_path / "t.parquet")
    assert "be left out for a file that is no CSV" in message(source_of, tmp_path / "t.parquet", **options)


# ---- What is refused.


def test_a_ragged_row_is_named(tmp_path):
    assert "Row #3" in message(source_of, file(tmp_path, "a,b\n1,2\n1,2,3\n"))


def test_a_byte_that_is_not_utf8_is_refused(tmp_path):
    assert "must be UTF-8 text" in message(source_of, file(tmp_path, b"a,b\n1,\xff\n"))


@pytest.mark.parametrize("name", ["t.parquet", "t.feather", "t.jsonl"])
def test_a_text_that_is_not_utf8_is_refused_in_each_form(name, tmp_path):
    pd.DataFrame({"a": ["QQ", "RR"]}).pipe(
        lambda frame: {
            "t.parquet": lambda path: frame.to_parquet(path, compression=None, engine="pyarrow"),
            "t.feather": lambda path: frame.to_feather(path, compression="uncompressed"),
            "t.jsonl": lambda path: frame.to_json(path, orient="records", lines=True),
        }[name](tmp_path / name)
    )
    content = (tmp_path / name).read_bytes().replace(b"QQ", b"Q\xd2")
    path = file(tmp_path, content, name)
    assert "must be UTF-8 text" in message(lambda: source_of(path).read("a"))


@pytest.mark.parametrize("name", ["t.csv", "t.parquet", "t.feather", "t.jsonl"])
def test_an_empty_file_is_refused(name, tmp_path):
    assert "The table must" in message(source_of, file(tmp_path, b"", name))


@pytest.mark.parametrize("name", ["t.parquet", "t.feather", "t.jsonl"])
def test_a_file_of_another_form_is_refused(name, tmp_path):
    assert "The table must be readable as" in message(source_of, file(tmp_path, b"a,b\n1,2\n" * 9, name))


def test_two_columns_of_one_name_are_refused(tmp_path):
    assert "'a' twice" in message(source_of, file(tmp_path, "a,a,b\n1,2,3\n"))


@pytest.mark.parametrize(
    ("text", "got"),
    [
        ('[{"a": 1}, {"a": 2}]', "a JSON array"),
        ('[\n{"a": 1},\n{"a": 2}\n]\n', "a JSON array"),
        ('{"a": 1}\n5\n', "a JSON number"),
        ('"a"\n', "a JSON string"),
    ],
)
def test_a_line_of_json_that_is_no_object_is_refused(text, got, tmp_path):
    found = message(source_of, file(tmp_path, text, "t.jsonl"))
    assert f"The table must have one JSON object in each line. Got {got} in {tmp_path / 't.jsonl'}." in found


def test_lines_of_json_that_mix_types_are_refused(tmp_path):
    lines = "\n".join(json.dumps({"a": value}) for value in (1, "x"))
    assert "must be readable as JSON lines" in message(source_of, file(tmp_path, lines, "t.jsonl"))


def test_a_number_among_words_and_a_word_among_numbers_are_told_apart(tmp_path):
    words = source_of(file(tmp_path, "a,b\nx,1\ny,2\n3,3\nx,4\n"))
    assert encoding_of(words, ["a"])[0].columns[0].levels == ("3", "x", "y")
    numbers = source_of(file(tmp_path, "a,b\n1,1\n2,2\nx,3\n4,4\n", "u.csv"))
    assert "'x' in" in message(encoding_of, numbers, ["a"])
    assert "row 3" in message(encoding_of, numbers, ["a"])


def test_numbers_are_categories_where_it_is_told(tmp_path):
    source = source_of(file(tmp_path, "code,b\n10,1\n2,2\n10,3\n"))
    encoding, _, _ = encoding_of(source, ["code", "b"], ["code"])
    assert encoding.input_names == ("code=10", "code=2", "b")
    assert encoding.apply(source).tolist() == [[1, 0, 1], [0, 1, 2], [1, 0, 3]]


def test_a_column_of_names_is_refused():
    frame = pd.DataFrame({"name": [f"n{row}" for row in range(11)]})
    assert "11 different texts in 11 rows" in message(encoding_of, source_of_frame("inputs", frame), ["name"])


@pytest.mark.parametrize(("levels", "refused"), [(1000, False), (1001, True)])
def test_a_column_has_a_thousand_categories_at_most(levels, refused):
    source = source_of_frame("inputs", pd.DataFrame({"a": [f"n{row % levels}" for row in range(2 * levels)]}))
    if refused:
        assert "1,001 different texts" in message(encoding_of, source, ["a"])
    else:
        assert len(encoding_of(source, ["a"])[0].columns[0].levels) == 1000


def test_numbers_of_0_and_1_are_numbers_beside_others(tmp_path):
    source = source_of(file(tmp_path, "a,b\n1,1\n0,2\n2.5,3\n"))
    assert Encoding((InputColumn("a"),)).apply(source).tolist() == [[1], [0], [2.5]]


def test_a_column_that_numbers_the_rows_is_remarked():
    frame = pd.DataFrame({"id": range(5, 20), "x": np.arange(15.0) ** 2})
    _, _, remarks = encoding_of(source_of_frame("inputs", frame), ["id", "x"])
    assert remarks == ("The column 'id' numbers the rows: leave it out unless it means something",)


@pytest.mark.parametrize("values", [pd.to_datetime(["2020-01-01"]), [[1, 2]], [b"x"]])
def test_dates_lists_and_bytes_are_no_inputs(values):
    frame = pd.DataFrame({"a": values})
    assert "inputs must be numbers" in message(encoding_of, source_of_frame("inputs", frame), ["a"])


def test_infinite_numbers_are_refused(tmp_path):
    source = source_of(file(tmp_path, "a,b\n1,2\ninf,3\n"))
    assert "row 2" in message(Encoding((InputColumn("a"),)).apply, source)


# ---- Cells without a value, and new categories.

HOLES = "a,colour\n1,red\n,blue\n3,NA\n5,red\n"


def test_cells_without_a_value_are_refused_with_their_rows(tmp_path):
    source = source_of(file(tmp_path, HOLES))
    encoding, _, _ = encoding_of(source, ["a", "colour"])
    assert "column 'a', row 2." in message(encoding.apply, source)
    assert "column 'colour', row 3." in message(Encoding(encoding.columns[1:]).apply, source)


@pytest.mark.parametrize(("by", "value"), [("mean", 3.0), ("median", 3.0)])
def test_cells_without_a_value_are_filled_where_it_is_asked(by, value, tmp_path):
    source = source_of(file(tmp_path, HOLES))
    encoding, _, _ = encoding_of(source, ["a", "colour"])
    cells = np.array([1, np.nan, 3, 5]), np.array([1, 0, np.nan, 1])
    fills = [fill_of(column, each, by) for column, each in zip(encoding.columns, cells, strict=True)]
    filled = Encoding(encoding.columns, np.concatenate(fills))
    assert filled.apply(source).tolist() == [[1, 0, 1], [value, 1, 0], [3, 0, 1], [5, 0, 1]]
    empty = source_of_frame("inputs", pa.table({"a": pa.array([None], pa.float64()), "colour": ["blue"]}))
    assert filled.apply(empty).tolist() == [[value, 1, 0]]


@pytest.mark.parametrize(
    "column",
    [pd.array([1, None], "Int64"), pd.array([1.0, None], "Float64"), [1.0, np.nan], pd.array([True, None], "boolean")],
)
def test_nullable_columns_of_frames_have_cells_without_a_value(column):
    source = source_of_frame("inputs", pd.DataFrame({"a": column}))
    encoding = Encoding((InputColumn("a"),), [7.0])
    assert encoding.apply(source).tolist() == [[1.0], [7.0]]


def test_new_categories_are_named():
    encoding = Encoding((InputColumn("colour", ("blue", "red")),))
    found = message(encoding.apply, source_of_frame("inputs", pd.DataFrame({"colour": ["red", "pink", "grey"]})))
    assert "Got 'pink', 'grey' in column 'colour', first in row 2" in found


def test_blanks_around_a_category_do_not_count(tmp_path):
    source = source_of(file(tmp_path, "a,colour\n1, red\n2,red \n"))
    assert Encoding((InputColumn("colour", ("red",)),)).apply(source).tolist() == [[1], [1]]


def test_a_missing_column_is_named_with_the_nearest():
    encoding = Encoding((InputColumn("length"),))
    found = message(encoding.apply, source_of_frame("inputs", pd.DataFrame({"lenght": [1.0]})))
    assert "have the column 'length'" in found
    assert "Did you mean 'lenght'?" in found


def test_an_encoding_is_read_back_from_its_document():
    encoding = Encoding((InputColumn("a"), InputColumn("b", ("x", "y"))), np.array([1.0, 0.0, 1.0]))
    again = encoding_from(json.loads(json.dumps(encoding.to_dict())))
    assert again.columns == encoding.columns
    assert_array_equal(again.fill, encoding.fill)


@pytest.mark.parametrize("words", [["true", "false", "true"], ["True", "False", "TRUE"]])
def test_words_for_truth_values_are_one_input(words, tmp_path):
    source = source_of(file(tmp_path, "a,b\n" + "".join(f"{word},1\n" for word in words)))
    encoding, _, _ = encoding_of(source, ["a"])
    assert encoding.apply(source).tolist() == [[1], [0], [1]]


@pytest.mark.parametrize("name", ["t.csv", "t.parquet", "t.feather", "t.jsonl"])
def test_problems_take_each_form_of_table(name, tmp_path):
    WRITERS[name](tmp_path / name)
    table = read_table(tmp_path / name, target="colour", inputs=["length", "count"])
    assert table.inputs.tolist() == FRAME[["length", "count"]].to_numpy().tolist()
    assert table.targets.tolist() == FRAME["colour"].tolist()


@pytest.mark.parametrize("name", ["t.feather", "t.jsonl"])
def test_problems_name_what_is_wrong_with_them(name, tmp_path):
    WRITERS[name](tmp_path / name)
    assert "header must be left out" in message(read_table, tmp_path / name, target="colour", header=False)
    assert "Did you mean 'colour'" in message(read_table, tmp_path / name, target="color")
    file(tmp_path, b"no table", name)
    assert "must be readable as" in message(read_table, tmp_path / name, target="colour")


@pytest.mark.parametrize(("separator", "mark"), [(";", ";"), ("tab", "\t"), ("|", "|")])
def test_problems_take_other_separators_and_decimal_commas(separator, mark, tmp_path):
    path = file(tmp_path, f"a{mark}b{mark}t\n0,5{mark}1{mark}x\n1,5{mark}2{mark}y\n")
    table = read_table(path, target="t", separator=separator, decimal_mark=",")
    assert (table.inputs.tolist(), table.targets.tolist()) == ([[0.5, 1.0], [1.5, 2.0]], ["x", "y"])
    assert "row 1" in message(read_table, path, target="t", separator=separator)


def test_numbers_are_targets_in_files_of_semicolons(tmp_path):
    path = file(tmp_path, "a;b;c\n0,5;1;2\n1,5;2;3\n")
    table = read_table(path, target=["a", "c"], separator=";", decimal_mark=",")
    assert (table.inputs.tolist(), table.targets.tolist()) == ([[1.0], [2.0]], [[0.5, 2.0], [1.5, 3.0]])
    data = {"table": "t.csv", "target": ["a", "c"], "separator": ";", "decimal_mark": ","}
    problem = problem_from(document({"kind": "linear", "init": {"seed": 1}}, data), tmp_path)
    assert problem.targets.tolist() == table.targets.tolist()


def test_keys_about_csv_files_need_a_table(tmp_path):
    data = {"inputs": [[1], [2]], "targets": [1, 2], "separator": ";"}
    with pytest.raises(ProblemError, match="separator: This key is about a table"):
        problem_from(document({"kind": "linear", "init": {"seed": 1}}, data), tmp_path)
