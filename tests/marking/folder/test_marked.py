"""The marks of a class: each student of the list has one row, and each answer that is nobody's."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from deltarule.class_list import ClassList, Student
from deltarule.marking import FolderMarks, MarkedAnswer
from deltarule.marking.report.folder import folder_text, row_names


@given(st.lists(st.sampled_from(["Ann Lee", "Bo Ito", "Zoë"]), min_size=1, max_size=8), st.data())
def test_every_student_of_the_list_stands_once_in_the_table_and_every_stray_answer(names, data):
    students = tuple(Student(name, {"number": (str(place),)}) for place, name in enumerate(names))
    places = data.draw(
        st.lists(st.integers(-1, len(names) - 1), unique_by=lambda n: n if n >= 0 else object(), max_size=8)
    )
    answers = tuple(
        MarkedAnswer(f"a{count}.toml", error="x", students=() if place < 0 else (students[place],), note="why")
        for count, place in enumerate(places)
    )
    marks = FolderMarks(answers, (), ClassList(students))
    assert [student for student, _ in marks.rows[: len(students)]] == [*students]
    assert all(answer is None or answer.students == (student,) for student, answer in marks.rows[: len(students)])
    assert [answer.file for _, answer in marks.rows[len(students) :]] == [
        each.file for each in answers if not each.students
    ]
    assert len(row_names(marks)) == len(set(row_names(marks))) == len(marks.rows)
    table = folder_text(marks).split("\n\n")[0].splitlines()
    assert len(table) == len(marks.rows) + 1


def test_work_of_two_stands_in_both_rows():
    ann, bo = Student("Ann"), Student("Bo")
    marks = FolderMarks((MarkedAnswer("a.toml", error="x", students=(ann, bo)),), (), ClassList((ann, bo)))
    assert [answer.file for _, answer in marks.rows] == ["a.toml", "a.toml"]


def test_without_a_list_each_answer_is_a_row():
    marks = FolderMarks((MarkedAnswer("a.toml", error="x"), MarkedAnswer("b.toml", error="x")))
    assert row_names(marks) == ["a.toml", "b.toml"]
