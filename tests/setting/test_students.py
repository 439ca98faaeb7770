"""Class lists; names of files and seeds made of students' names."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deltarule.errors import InputError
from deltarule.file_names import MAX_BYTES
from deltarule.setting import read_students, student_seed
from deltarule.setting.students import file_names
from samples import refused

NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200)


@given(st.lists(NAMES, max_size=5))
def test_file_names_are_safe_and_differ(students):
    try:
        names = file_names(students)
    except InputError as error:
        assert error.name in ("student's name", "students' names")  # noqa: PT017 - either is right
        return
    assert list(names) == students
    assert len({name.casefold() for name in names.values()}) == len(students)
    for name in names.values():
        assert name
        assert not set(name) & set('/\\:*?"<>|.\0\n\r\t ')
        assert len(name.encode()) <= MAX_BYTES + 1
        assert Path("folder", name + ".toml").resolve().parent == Path("folder").resolve()


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "C:\\Windows", ".hidden", "a\0b", "~root", "CON", "a" * 999]
)
def test_no_name_leads_out_of_the_folder(tmp_path, name):
    (safe,) = file_names([name]).values()
    (tmp_path / f"{safe}.toml").write_text("here")
    assert [file.read_text() for file in tmp_path.iterdir()] == ["here"]
    assert not safe.startswith((".", "~"))
    assert safe.upper() != "CON"


@pytest.mark.parametrize(
    ("students", "both"),
    [
        (["Ann Lee", "ann lee"], "'Ann Lee' and 'ann lee', both 'ann-lee'"),
        (["O'Neill", "O Neill"], "\"O'Neill\" and 'O Neill', both 'O-Neill'"),
        (["Jose\u0301", "José"], "both 'José'"),
        (["a" * 150 + "b", "a" * 150 + "c"], "both 'aaaa"),
        (["Ann", "Ann"], "'Ann' and 'Ann'"),
    ],
    ids=range(5),
)
def test_names_that_make_one_file_are_named(students, both):
    with refused("students' names", "make files of different names", both, "Tell the two apart"):
        file_names(students)


def test_a_name_without_letters_is_refused():
    with refused("student's name", "have a letter or a digit", "'../..'", "Write the name"):
        file_names(["../.."])


@given(st.integers(0, 2**70), NAMES, NAMES)
def test_a_students_seed_is_of_seed_and_name(seed, one, other):
    assert 0 <= student_seed(seed, one) < 2**48
    same = " ".join(one.split()) == " ".join(other.split())
    if same:
        assert student_seed(seed, one) == student_seed(seed, other)
    if one.isascii() and other.isascii() and not same:
        assert student_seed(seed, one) != student_seed(seed, other)
    assert student_seed(seed, one) != student_seed(seed + 1, one)


@pytest.mark.parametrize("seed", [-1, 1.5])
def test_the_seed_of_a_class_is_a_whole_number_from_0_on(seed):
    with refused("seed", "whole number of at least 0", str(seed), "Give a whole number."):
        student_seed(seed, "Ada")


@pytest.mark.parametrize(
    ("file", "content", "names"),
    [
        ("a.txt", "Ada Lovelace\n\n  Alan   Turing \r\nSmith, John", ["Ada Lovelace", "Alan Turing", "Smith, John"]),
        ("a.txt", "\ufeffŁukasz Żak\n名前\nمريم\n", ["Łukasz Żak", "名前", "مريم"]),
        ("list", "Ada\n", ["Ada"]),
        ("a.csv", 'id,Name,mail\n1,Ada,a@x\n2,,b@x\n3,"Turing, Alan",c@x\n', ["Ada", "Turing, Alan"]),
        ("a.csv", "id;name\n1;Ada\n2\n3;Alan\n", ["Ada", "Alan"]),
        ("a.csv", "Ada,1\nAlan,2\n", ["Ada", "Alan"]),
        ("a.CSV", "Ada\nAlan\n", ["Ada", "Alan"]),
        ("a.csv", "student,file,seed\nAda,Ada.toml,3\n", ["Ada"]),
        ("a.csv", 'name\n"Ada\nLovelace"\n', ["Ada Lovelace"]),
        ("a.csv", "id,who,mail\n1,Ada,a@x\n2,Alan,b@x\n", ["Ada", "Alan"]),
        ("a.csv", "1,Ada\n2,Alan\n", ["Ada", "Alan"]),
        ("a.csv", "No;Full Name;Group\n1;Ada;A\n2;Alan;B\n", ["Ada", "Alan"]),
        ("a.csv", "sep=;\r\nname;id\r\nAda;1\r\nTuring, Alan;2\r\n", ["Ada", "Turing, Alan"]),
        ("a.csv", '"sep=|"\nid|name\n1|Ada\n', ["Ada"]),
        ("a.csv", "SEP=\t\nAda\nAlan\n", ["Ada", "Alan"]),
        ("a.csv", "name,id\nAda,1\nAda,2\nAlan,3\n", ["Ada (1)", "Ada (2)", "Alan"]),
        ("a.csv", "name,id\nAda Lee,1\nAda-Lee,2\n", ["Ada Lee (1)", "Ada-Lee (2)"]),
    ],
    ids=range(17),
)
def test_class_lists(tmp_path, file, content, names):
    (tmp_path / file).write_bytes(content.encode())
    assert read_students(tmp_path / file) == names


@pytest.mark.parametrize(
    ("file", "content", "rule", "got", "remedy"),
    [
        ("a.txt", b"", "have a name a line", "none in", "Write one student a line"),
        ("a.txt", b"\n \n", "have a name a line", "none in", "Write one student a line"),
        ("a.csv", b"", "have a name a line", "none in", "Write one student a line"),
        ("a.csv", b"id,name\n1,\n", "have a name a line", "none in", "Write one student a line"),
        ("a.txt", b"Ada\nAlan\nAda \n", "name each student once", "'Ada' in lines 1 and 3", "tell the two apart"),
        ("a.txt", b"Jos\xc3\xa9\nJose\xcc\x81\n", "name each student once", "in lines 1 and 2", "tell the two apart"),
        ("a.csv", b"name\nAda\nAda\n", "name each student once", "'Ada' in lines 2 and 3", "tell the two apart"),
        ("a.txt", b"Jos\xe9\n", "be UTF-8 text", "another byte in place 4", "Save it as UTF-8"),
        ("a.txt", b"PK\x03\x04\n", "hold names", "in line 1", "plain text or CSV"),
        ("a.csv", b'name\n"Ada\n', "be CSV", "in line 2", "Close each quotation"),
        ("a.csv", b"name\nA\x00a\n", "hold names", "in line 2", "plain text or CSV"),
        (
            "a.csv",
            b"id,surname,first\n1,Ada,L\n",
            "show which column has the names",
            "'id', 'surname', 'first'",
            "--names",
        ),
        (
            "a.csv",
            b"Lovelace,Ada\nTuring,Alan\n",
            "show which column has the names",
            "'Lovelace', 'Ada'",
            "Head it 'name'",
        ),
        ("a.csv", b"sep=;\n", "have a name a line", "none in", "Write one student a line"),
        ("a.csv", b"name,Name\nAda,Ben\n", "head one column", "'name' above 2 columns", "Give the place"),
        ("a.txt", b"\nName\nAda\n", "hold names only", "'Name' in line 2", "save the table as CSV"),
        ("a.csv", b"1,2\n3,4\n", "show which column has the names", "'1', '2'", "column= in Python"),
    ],
    ids=range(17),
)
def test_class_lists_that_are_none(tmp_path, file, content, rule, got, remedy):
    (tmp_path / file).write_bytes(content)
    with refused("class list", rule, got, remedy):
        read_students(tmp_path / file)


@pytest.mark.parametrize(
    ("content", "column", "names"),
    [
        ("id,surname,first name\n1,Lovelace,Ada\n2,Turing,Alan\n", "Surname", ["Lovelace", "Turing"]),
        (
            "id,surname,first name\n1,Lovelace,Ada\n2,Turing,Alan\n",
            ["first name", "surname"],
            ["Ada Lovelace", "Alan Turing"],
        ),
        ("id,surname,first name\n1,Lovelace,Ada\n2,Turing,Alan\n", ["3", "2"], ["Ada Lovelace", "Alan Turing"]),
        ("Lovelace,Ada\nTuring,\n", ["2", "1"], ["Ada Lovelace", "Turing"]),
        ("name,nick\nAda,Countess\n", "nick", ["Countess"]),
    ],
)
def test_the_column_of_names_can_be_given(tmp_path, content, column, names):
    (tmp_path / "a.csv").write_text(content)
    assert read_students(tmp_path / "a.csv", column) == names


def test_a_place_of_very_many_digits_is_named_in_short(tmp_path):
    (tmp_path / "a.csv").write_text("id,name\n1,Ada\n")
    with pytest.raises(InputError, match=r"be a heading of .* or a place from 1 to 2") as caught:
        read_students(tmp_path / "a.csv", "9" * 5000)
    assert len(caught.value.got) <= 60


@pytest.mark.parametrize("column", ["nam", "0", "4", ["first", "zzz"]])
def test_a_column_that_is_not_there_is_named(tmp_path, column):
    (tmp_path / "a.csv").write_text("id,name,first\n1,Ada,L\n")
    wrong = column if isinstance(column, str) else "zzz"
    with refused("column of names", "or a place from 1 to 3", repr(wrong), "name"):
        read_students(tmp_path / "a.csv", column)


@pytest.mark.parametrize("column", [3, [], [None], {"name"}])
def test_what_is_no_heading_is_refused(tmp_path, column):
    (tmp_path / "a.csv").write_text("id,name\n1,Ada\n")
    with refused("column of names", "be a heading, or a list of them", str(column), "Give 'name'"):
        read_students(tmp_path / "a.csv", column)


def test_a_class_list_that_is_not_there_or_no_file(tmp_path):
    (tmp_path / "class.txt").write_text("Ada\n")
    with refused("class list", "be a file that exists", "clas.txt", "Did you mean 'class.txt'?"):
        read_students(tmp_path / "clas.txt")
    with refused("class list", "be a file", f"'{tmp_path}', a directory", "Give the name of a file."):
        read_students(tmp_path)
    os.mkfifo(tmp_path / "pipe.txt")
    with refused("class list", "be a file", "a device, pipe or socket", "Give the name of a file."):
        read_students(tmp_path / "pipe.txt")


@pytest.mark.parametrize("name", ["محمد\u200cرضا", "क्\u200dष", "Ada\u00a0Lovelace", "שרה\u200f"])
def test_a_class_list_takes_the_joiners_and_marks_that_scripts_need(tmp_path, name):
    (tmp_path / "class.txt").write_text(name, encoding="utf-8")
    assert read_students(tmp_path / "class.txt") == [" ".join(name.split())]


def test_a_class_list_refuses_what_nobody_sees(tmp_path):
    (tmp_path / "class.txt").write_text("Ada\nAl\u202ean", encoding="utf-8")
    with refused("class list", "hold names", r"'Al\u202ean' in line 2", "plain text or CSV"):
        read_students(tmp_path / "class.txt")
