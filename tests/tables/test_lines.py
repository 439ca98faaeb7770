"""Lines of CSV files: cells that go on in the next line, quotation marks left open, long cells, files that are no text."""

import csv
import gzip
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deltarule.errors import InputError
from deltarule.tables import read_table
from deltarule.tables.lines import BLOCK, lines_of


@pytest.fixture
def written(tmp_path):
    def write(content):
        path = tmp_path / "t.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def message(path, **options):
    with pytest.raises(InputError) as caught:
        read_table(path, target="t", **options)
    return str(caught.value)


ROWS = 40_000  # more than a block holds


def rows(first, last, cell="ok"):
    return "".join(f"{row},{cell},A{row % 3}\n" for row in range(first, last))


@pytest.mark.parametrize("cell", ["ok", '"ok"', '"o, ""k"""', '"two\nlines"'])
@pytest.mark.parametrize("bad", ['1,"open,A1\n', '1,ok,"A1\n'])
def test_a_quotation_mark_that_is_left_open_swallows_no_rows(written, cell, bad):
    half = rows(0, ROWS // 2, cell)
    path = written("a,note,t\n" + half + bad + rows(0, ROWS // 2, cell))
    line = 2 + half.count("\n")
    expected = f"The table must close each quotation mark that it opens. Got one in line {line} of {path}. Close it."
    assert message(path, inputs=["a"]) == expected


def test_a_mark_that_is_left_open_in_a_small_file_is_named(written):
    for text in ('a,t\n1,x\n2,"y\n3,z\n', 'a,t\r\n1,x\r\n2,"y\r\n3,z', 'a,t\n1,x\n2,"y\n3,"z"\n', 'a,t\n\n2,"y\n3,z\n'):
        assert "Got one in line 3 of" in message(written(text))


def test_cells_that_hold_line_ends_are_read_whatever_the_size_of_the_file(written):
    text = "a,note,t\n" + "".join(f'{row},"two\n{row},b,c","A\n{row % 3}"\n' for row in range(ROWS))
    table = read_table(written(text), target="t", inputs=["a"])
    assert table.inputs.ravel().tolist() == list(range(ROWS))
    assert table.targets.tolist() == [f"A\n{row % 3}" for row in range(ROWS)]


def test_marks_inside_cells_open_nothing(written):
    table = read_table(written('a,note,t\n1,5" pipe,x\n\n2,"6"" pipe",y\n3,"b" ,z\n'), target="t", inputs=["a"])
    assert table.targets.tolist() == ["x", "y", "z"]


@pytest.mark.parametrize("quoted", ["", '"'])
def test_a_cell_longer_than_a_block_is_read(written, quoted):
    long = "z" * (2 * BLOCK)
    text = "a,note,t\n" + rows(0, 10) + f"7,{quoted}{long}{quoted},B\n" + rows(0, 10)
    table = read_table(written(text), target="t", inputs=["a"])
    assert (len(table.inputs), table.targets[10]) == (21, "B")
    assert read_table(written(f"a,t\n1,x\n2,{long}\n"), target="t").targets.tolist() == ["x", long]


@pytest.mark.parametrize(
    ("content", "what"),
    [(gzip.compress(b"a,t\n1,x\n", mtime=0), "a gzip file"), (b"PK\x03\x04" + bytes(99), "a zip file or a workbook")],
)
def test_a_packed_file_is_named(written, content, what):
    path = written(content)
    assert message(path) == f"The table must be CSV text. Got {what} in {path}. Unpack it, or save the sheet as CSV."


@pytest.mark.parametrize("text", ["", "\n", "a,t", "<html></html>"])
def test_a_file_of_one_line_has_no_rows(written, text):
    assert "which holds fewer than two lines of text" in message(written(text))


@given(
    st.lists(st.lists(st.text('ab",\n', max_size=5), min_size=2, max_size=2), min_size=1),
    st.sampled_from(["\n", "\r\n"]),
)
def test_what_a_csv_writer_writes_has_its_lines_and_leaves_no_mark_open(tmp_path_factory, table, end):
    text = io.StringIO()
    csv.writer(text, lineterminator=end).writerows([["a", "note", "t"], *([1, *row] for row in table)])
    path = tmp_path_factory.mktemp("lines") / "t.csv"
    path.write_bytes(text.getvalue().encode())
    with path.open("rb") as opened:
        assert lines_of(opened).number == len(text.getvalue().splitlines())
    labels = [row[1].strip() for row in table]
    if all(labels):
        assert len(read_table(path, target="t", inputs=["a"]).targets) == len(table)
