"""Marks as tables for gradebooks: each student once, with their own mark on the scale of the list, and no formula."""

from __future__ import annotations

import csv
import io

import pytest

import downloads as write
from by_hand import LINE, LINE_RIGHT
from deltarule.class_list import read_class_list
from deltarule.errors import InputError
from deltarule.marking import answer_text, mark_folder
from deltarule.marking.report.grades import grades_text
from deltarule.problem import write_problem
from samples import refused

ANN, BO, ZOE, JORG = PEOPLE = [("Ann", "Lee", 1), ("Bo", "García López", 2), ("Zoë", "O'Brien", 3), ("Jörg", "Lee", 4)]
ASCENT = LINE_RIGHT | {"weights": [-1.9], "biases": [-1.0]}


def document(parts):
    return answer_text({"decimals": 2, "iteration": {"1": parts}})


def marked(folder, listed, name, **options):
    """Ann is right, Bo went uphill, Zoë's answer cannot be read, Jörg has none, and a stranger is right."""
    write_problem(LINE, folder / "line.toml")
    texts = {ANN: document(LINE_RIGHT), BO: document(ASCENT), ZOE: "[", ("Eve", "Nobody", 9): document(LINE_RIGHT)}
    source = write.zipped(folder / "a.zip", {name(person): text for person, text in texts.items()})
    (folder / "list.csv").write_bytes(listed)
    return mark_folder(folder / "line.toml", source, class_list=read_class_list(folder / "list.csv", **options))


def rows(text, delimiter=","):
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))


def score(marks, person):
    own = next(a for a in marks.answers if any(person[0] in student.name for student in a.students))
    return own.marks.score


def test_the_worksheet_of_moodle_comes_back_with_grades_out_of_its_maximum_and_feedback(tmp_path):
    marks = marked(tmp_path, write.moodle_worksheet(PEOPLE, "20.00"), write.moodle)
    before = rows(write.moodle_worksheet(PEOPLE, "20.00").decode("utf-8-sig"))
    after = rows(grades_text(marks))
    grade, feedback = after[0].index("Grade"), after[0].index("Feedback comments")
    others = [place for place in range(len(after[0])) if place not in (grade, feedback)]
    assert [[row[place] for place in others] for row in after] == [[row[place] for place in others] for row in before]
    assert [row[grade] for row in after[1:]] == ["20.00", f"{20 * score(marks, BO):.2f}", "", ""]
    assert after[1][feedback] == "All right: 100%."
    assert "ascent, first seen in iteration 1: W." in after[2][feedback]
    assert "not valid TOML" in after[3][feedback]
    assert after[4][feedback] == ""


@pytest.mark.parametrize("language", write.WORKSHEETS)
@pytest.mark.parametrize("grade", ["", "20,00"])
def test_the_worksheet_of_moodle_in_another_language_is_told_by_the_places_of_its_columns(tmp_path, language, grade):
    word, *heads = write.WORKSHEETS[language].split("|")
    listed = write.moodle_worksheet(PEOPLE, "20,00", heads, word, grade)
    marks = marked(tmp_path, listed, write.moodle, column=heads[1])
    after = rows(grades_text(marks))
    assert after[0] == heads
    assert [row[4:6] for row in after[1:3]] == [
        ["20,00", "20,00"],
        [f"{20 * score(marks, BO):.2f}".replace(".", ","), "20,00"],
    ]
    assert [row[4] for row in after[3:]] == [grade, grade]
    assert after[1][7] == "All right: 100%."
    assert "ascent" in after[2][7]
    assert rows(grades_text(marks, column=heads[4])) == after


def test_a_worksheet_whose_column_of_grades_cannot_be_told_asks_for_it(tmp_path):
    word, *heads = write.WORKSHEETS["German"].split("|")
    listed = write.moodle_worksheet(PEOPLE, "gut, schlecht", heads, word)
    marks = marked(tmp_path, listed, write.moodle)
    with refused("column of grades", "be told", "Bewertung, Bestwertung", "--grade"):
        grades_text(marks)
    with refused("column of grades", "be a column of the list", "'Bewertungen'", "Did you mean 'Bewertung'"):
        grades_text(marks, column="Bewertungen")


def test_the_last_column_of_a_worksheet_that_says_when_it_was_changed_gets_no_comments(tmp_path):
    word, *heads = write.WORKSHEETS["German"].split("|")
    listed = write.table(
        [row[:-1] for row in rows(write.moodle_worksheet(PEOPLE, "20", heads, word).decode("utf-8-sig"))]
    )
    after = rows(grades_text(marked(tmp_path, listed, write.moodle)))
    assert after[0] == heads[:-1]
    assert {row[6] for row in after[1:]} == {"-"}


def test_grades_have_the_decimal_comma_of_the_list(tmp_path):
    marks = marked(tmp_path, write.moodle_worksheet(PEOPLE, "20,00"), write.moodle)
    assert [row[4] for row in rows(grades_text(marks))[1:3]] == [
        "20,00",
        f"{20 * score(marks, BO):.2f}".replace(".", ","),
    ]


def test_a_list_of_participants_gets_columns_of_grades_and_feedback(tmp_path):
    marks = marked(tmp_path, write.moodle_participants(PEOPLE), write.moodle)
    head, *body = rows(grades_text(marks, "moodle"))
    assert head == ["First name", "Last name", "ID number", "Email address", "Groups", "Grade", "Feedback comments"]
    assert [row[5] for row in body] == ["100.00", f"{100 * score(marks, BO):.2f}", "", ""]


def test_a_maximum_that_is_no_number_is_refused(tmp_path):
    marks = marked(tmp_path, write.moodle_worksheet(PEOPLE, "good/bad"), write.moodle)
    with refused("maximum grade", "be a number above 0", "'good/bad' for Ann Lee", "by points"):
        grades_text(marks)


def test_the_gradebook_of_canvas_gets_the_columns_of_students_notes_and_the_assignment(tmp_path):
    marks = marked(tmp_path, write.canvas_gradebook(PEOPLE), write.canvas)
    head, points, *body = rows(grades_text(marks))
    assert head == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Notes", "Homework 1 (321)"]
    assert points == ["    Points Possible", "", "", "", "", "", "20.00"]
    assert [row[:5] for row in body] == [
        [f"{p[1]}, {p[0]}", str(5000 + p[2]), str(p[2]), f"user{p[2]}", "Monday"] for p in PEOPLE
    ]
    assert [row[5:] for row in body] == [
        ["", "20.00"], ["ascent", f"{20 * score(marks, BO):.2f}"], ["", "7.00"], ["", "7.00"],
    ]  # fmt: skip


def test_without_an_assignment_in_the_gradebook_of_canvas_the_problem_makes_one_out_of_100(tmp_path):
    marks = marked(tmp_path, write.canvas_gradebook(PEOPLE, ()), write.canvas)
    head, points, first, *_ = rows(grades_text(marks))
    assert (head[-1], points[-1], first[-1]) == (LINE.title, "100.00", "100.00")


def test_of_several_assignments_of_canvas_one_must_be_told(tmp_path):
    several = ("Homework 1 (321)", "Homework 2 (322)")
    marks = marked(tmp_path, write.canvas_gradebook(PEOPLE, several), write.canvas)
    with refused("column of grades", "be told", "Homework 1 (321), Homework 2 (322)", "--grade"):
        grades_text(marks)
    for column in ("Homework 2 (322)", "homework 2"):
        assert rows(grades_text(marks, column=column))[0][-1] == "Homework 2 (322)"
    with refused("column of grades", "be an assignment of the list", "'Homework 3'", "Did you mean 'Homework"):
        grades_text(marks, column="Homework 3")
    own = (f"{LINE.title} (9)", *several)
    assert rows(grades_text(marked(tmp_path, write.canvas_gradebook(PEOPLE, own), write.canvas)))[0][-1] == own[0]


def test_of_many_assignments_of_canvas_four_are_named(tmp_path):
    several = tuple(f"Homework {n} ({n})" for n in range(1, 6))
    marks = marked(tmp_path, write.canvas_gradebook(PEOPLE, several), write.canvas)
    with pytest.raises(InputError) as caught:
        grades_text(marks)
    assert caught.value.got == ", ".join(several[:4])


def test_a_list_of_another_platform_goes_to_canvas_by_the_ids_of_the_school(tmp_path):
    marks = marked(tmp_path, write.blackboard_list(PEOPLE), write.blackboard)
    head, points, first, *_ = rows(grades_text(marks, "canvas", "Week 1"))
    assert head == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Notes", "Week 1"]
    assert (points[-1], first) == ("100.00", ["Ann Lee", "", "1", "user1", "", "", "100.00"])


def test_the_table_has_all_columns_of_the_list_each_student_once_and_what_is_nobodys(tmp_path):
    listed = write.table(
        [["No.", "Surname", "First name", "Tutor"], *([p[2], p[1], p[0], "=x"] for p in PEOPLE)], ";", "cp1252"
    )
    marks = marked(tmp_path, listed, lambda person: f"{write.full(person)}.toml")
    text = grades_text(marks)
    assert text.startswith("\ufeff")
    head, *body = rows(text.removeprefix("\ufeff"), ";")
    assert head == ["No.", "Surname", "First name", "Tutor", "marks", "answered", "mistakes", "answer", "remarks"]
    assert [row[:4] for row in body] == [*([str(p[2]), p[1], p[0], "'=x"] for p in PEOPLE), ["", "", "", ""]]
    assert [row[4] for row in body] == ["100.00", f"{100 * score(marks, BO):.2f}", "", "", "100.00"]
    assert [row[6] for row in body] == ["", "ascent", "", "", ""]
    assert [row[8] for row in body][3:] == ["no answer", "nobody in the class list is Eve Nobody"]


def test_the_table_has_no_two_columns_of_one_heading(tmp_path):
    marks = marked(tmp_path, write.table([["name", "Mark"], ["Ann Lee", ""]]), lambda _: "Ann Lee.toml")
    assert rows(grades_text(marks, column="Mark"))[0][:3] == ["name", "Mark", "Mark of the answer"]


def test_without_a_list_the_table_has_the_answers_and_a_gradebook_needs_a_list(tmp_path):
    write_problem(LINE, tmp_path / "line.toml")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "-1+ann.toml").write_text(document(LINE_RIGHT))
    marks = mark_folder(tmp_path / "line.toml", tmp_path / "in")
    assert rows(grades_text(marks))[1][0] == "'-1+ann.toml"
    for form in ("moodle", "canvas"):
        with refused("marks", f"be of a class list, for the gradebook of {form.title()}", "none", "--list"):
            grades_text(marks, form)


def test_no_cell_is_a_formula(tmp_path):
    people = [("=Ann", "Lee", 1), ("@Bo", "Ito", 2), ("+Zoë", "Diaz", 3)]
    write_problem(LINE, tmp_path / "line.toml")
    source = write.zipped(tmp_path / "a.zip", {f"s{p[2]}@uni.edu.toml": document(ASCENT) for p in people})
    (tmp_path / "list.csv").write_bytes(write.moodle_participants(people))
    marks = mark_folder(tmp_path / "line.toml", source, class_list=read_class_list(tmp_path / "list.csv"))
    for form in ("moodle", "canvas", "table"):
        table = rows(grades_text(marks, form))
        assert not [cell for row in table for cell in row if cell.startswith(("=", "+", "@", "-", "\t"))]
        assert [row for row in table if row[0].startswith("'=Ann")]
