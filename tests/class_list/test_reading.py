"""Class lists of learning platforms and spreadsheets: names, ids, and what is no student."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deltarule.class_list import read_class_list
from deltarule.class_list.names import spellings
from downloads import blackboard_list, canvas_gradebook, moodle_participants, moodle_worksheet, table
from samples import refused

PEOPLE = [("Ann", "Lee", 1), ("José", "García López", 2), ("Zoë", "O'Brien", 3)]
NAMES = ["Ann Lee", "José García López", "Zoë O'Brien"]


def read(tmp_path, content, name="class.csv", **options):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_class_list(path, **options)


@pytest.mark.parametrize(
    ("content", "names", "ids"),
    [
        (moodle_participants(PEOPLE), NAMES, {"number": ("2",), "email": ("s2@uni.edu",)}),
        (moodle_worksheet(PEOPLE), NAMES, {"participant": ("9002",), "email": ("s2@uni.edu",)}),
        (
            canvas_gradebook(PEOPLE), ["Lee, Ann", "García López, José", "O'Brien, Zoë"],
            {"canvas": ("5002",), "number": ("2",), "username": ("user2",)},
        ),
        (blackboard_list(PEOPLE), NAMES, {"username": ("user2",), "number": ("2",)}),
    ],
    ids=["participants of Moodle", "worksheet of Moodle", "Canvas", "Blackboard"],
)  # fmt: skip
def test_the_lists_of_platforms_are_read(tmp_path, content, names, ids):
    found = read(tmp_path, content)
    assert (found.names, found.students[1].ids, found.notes) == (names, ids, ())
    assert all(len(student.cells) == len(found.headings) for student in found.students)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("title", [["Neural networks, winter"], ["Course", "17"], ["A"], []])
@pytest.mark.parametrize("column", [None, ("Vorname", "Nachname")])
def test_what_stands_above_the_headings_is_a_title(tmp_path, delimiter, title, column):
    heads = ["Nachname", "Vorname", "Nr", "Role"]
    body = [["Lee", "Ann", '="007"', "Student"], ["Ray", "Bo", '="008"', "Student"]]
    found = read(
        tmp_path, table([title, [], heads, *body] if title else [heads, *body], delimiter), column=column, ids="Nr"
    )
    assert found.names == ["Ann Lee", "Bo Ray"]
    assert [student.ids["number"] for student in found.students] == [("007",), ("008",)]
    assert found.headings == tuple(heads)
    assert len(found.notes) == bool(title)


def test_rows_above_a_row_that_says_student_are_no_title_where_they_are_students(tmp_path):
    found = read(tmp_path, "Kürzel;Person\nal;Ann Lee\nbr;Student\n", column="Person")
    assert found.names == ["Ann Lee", "Student"]


@pytest.mark.parametrize(
    ("heads", "row", "name"),
    [
        (["Vorname", "Nachname", "Matrikelnummer"], ["Ann", "Lee", "7"], "Ann Lee"),
        (["Name", "Vorname", "E-Mail"], ["Lee", "Ann", "a@x"], "Ann Lee"),
        (["Nom", "Prénom"], ["Lee", "Ann"], "Ann Lee"),
        (["Nombre", "Apellido(s)", "Correo"], ["Ann", "Lee", "a@x"], "Ann Lee"),
        (["Cognome", "Nome"], ["Lee", "Ann"], "Ann Lee"),
        (["Name", "Surname"], ["Ann", "Lee"], "Ann Lee"),
        (["Name", "Surname"], ["Ann Lee", "Lee"], "Ann Lee"),
        (["LastName", "FirstName", "ID", "Section"], ["Lee", "Ann", "7", "A"], "Ann Lee"),
        (["Full name", "First name", "Last name"], ["Ann B. Lee", "Ann", "Lee"], "Ann B. Lee"),
        (["Group", "Student", "Tutor"], ["A", "Ann Lee", "Bo Ito"], "Ann Lee"),
    ],
    ids=range(10),
)
def test_names_are_found_by_headings_of_several_languages_in_any_order(tmp_path, heads, row, name):
    assert read(tmp_path, table([heads, row])).names == [name]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_what_separates_and_what_encodes_does_not_matter(tmp_path, delimiter, encoding):
    content = table(
        [["Surname", "First name", "ID"], ["Müller", "Jörg", "1"], ["Nuñez", "Zoë", "2"]], delimiter, encoding
    )
    found = read(tmp_path, content)
    assert found.names == ["Jörg Müller", "Zoë Nuñez"]
    assert ("Windows-1252" in "".join(found.notes)) == (encoding == "cp1252")
    assert found.from_spreadsheet == (encoding != "utf-8")


@pytest.mark.parametrize(("name", "encoding"), [("Émile", "mac_roman"), ("Željko", "cp1250"), ("Łukasz", "iso8859-2")])
def test_letters_of_other_tables_are_not_guessed(tmp_path, name, encoding):
    with refused("class list", "be UTF-8 text", "another byte in place 7", "CSV UTF-8"):
        read(tmp_path, table([["name"], [name]], encoding=encoding))


@pytest.mark.parametrize(
    "rows", [[["A", "B"], ["Ann", "Lee"]], [["Etunimi", "X"], ["Ann", "Lee"]], [["Surname", "Town"], ["Lee", "Ulm"]]]
)
def test_a_list_whose_names_cannot_be_told_is_an_error_and_options_name_them(tmp_path, rows):
    with refused("class list", "show which column has the names", rows[0][0], "--names"):
        read(tmp_path, table(rows))
    assert read(tmp_path, table(rows), column=["1", "2"], ids="2").students[-1].ids == {"number": (rows[1][1],)}


def test_a_column_of_ids_that_is_not_there_is_named(tmp_path):
    with refused("column of ids", "be a heading of", "'badge'", "Known"):
        read(tmp_path, "name,no\nAnn,1\n", ids="badge")


@pytest.mark.parametrize("ids", [None, 3, [None], {"no"}, b"no"])
def test_columns_of_ids_are_texts(tmp_path, ids):
    with refused("column of ids", "be a heading, or a list of them", "", "Give 'ID number'"):
        read(tmp_path, "name,no\nAnn,1\n", ids=ids)


def test_two_of_one_name_are_two_students_where_an_id_tells_them_apart(tmp_path):
    found = read(tmp_path, "name,id\nAnn Lee,1\nAnn Lee,2\nBo Ito,3\n")
    assert found.labels == ["Ann Lee (1)", "Ann Lee (2)", "Bo Ito"]
    for ids in ("1\nAnn Lee,1", "\nAnn Lee,2"):
        with refused("class list", "name each student once", "'Ann Lee' in lines 2 and 3", "tell the two apart"):
            read(tmp_path, f"name,id\nAnn Lee,{ids}\n")


def test_where_work_is_marked_blindly_the_participants_are_the_names(tmp_path):
    found = read(tmp_path, "Identifier,Status,Grade\nParticipant 7,a,\nParticipant 8,b,\n")
    assert [(each.name, each.ids) for each in found.students] == [
        ("Participant 7", {"participant": ("7",)}), ("Participant 8", {"participant": ("8",)}),
    ]  # fmt: skip


def test_the_only_name_of_a_list_is_no_participant(tmp_path):
    found = read(tmp_path, "Name,Mark\nAnn Lee,\n")
    assert (found.students[0].ids, found.platform) == ({}, "")


def test_a_row_without_a_name_is_no_student_and_is_told(tmp_path):
    found = read(tmp_path, "name,id\nAnn,1\n,2\n")
    assert (found.names, found.notes) == (["Ann"], ("line 3 of class.csv has no name, and is passed over",))


# ---- Names.


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ann Lee", "LEE, Ann"), ("García López, María", "maria garcia-lopez"), ("Zoë O'Brien", "Zoe OBrien"),
        ("Jörg Müller", "Joerg Mueller"), ("Jörg Müller", "Jorg Muller"), ("Łukasz Żak", "Lukasz Zak"),
        ("Søren Øst", "Soeren Oest"),
        ("Jose\u0301", "José"), ("Anna van der Berg", "vanderberganna"), ("Ann Lee", "leeann"), ("Strauß", "STRAUSS"),
    ],
)  # fmt: skip
def test_a_name_is_the_same_however_it_is_spelled(one, other):
    assert any(a & b for a, b in zip(spellings(one), spellings(other), strict=True))


@pytest.mark.parametrize(
    ("one", "other"), [("Ann Lee", "Ann Leigh"), ("Ann Lee", "Ann B. Lee"), ("José", "Josefa"), ("", "Ann"), ("Bo", "")]
)
def test_another_name_is_another(one, other):
    assert not any(a & b for a, b in zip(spellings(one), spellings(other), strict=True))


@given(st.lists(st.text("abcdeéøłß", min_size=1, max_size=6), min_size=1, max_size=4), st.randoms())
def test_order_capitals_and_hyphens_of_a_name_do_not_matter(words, random):
    shuffled = [*words]
    random.shuffle(shuffled)
    one, other = spellings(" ".join(words)), spellings("-".join(shuffled).upper())
    assert one[0] & other[0]
    assert one[1] & other[1]
