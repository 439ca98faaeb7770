"""The marks of a class as text and as a page: what fits a screen, and what is cut."""

from __future__ import annotations

import pytest

from deltarule.class_list import ClassList
from deltarule.marking import FolderMarks, MarkedAnswer
from deltarule.marking.marks import Entry, Finding, Marks, PartMarks
from deltarule.marking.report.folder import folder_page, folder_text
from deltarule.marking.report.page import grid
from deltarule.parts import PartName

COST = PartName.in_iteration(1, "cost")


def answers(count):
    """Each with a mistake of its own."""
    wrong = PartMarks(COST, (Entry((), 0.5, 1.5, "wrong", False, 2),), ())
    return [
        MarkedAnswer(f"{n}.toml", Marks((wrong,), (Finding(f"mistake-{n}", COST, "Why.", "Look."),), {}))
        for n in range(count)
    ]


@pytest.mark.parametrize(("count", "told"), [(12, 12), (13, 12)])
def test_the_twelve_commonest_mistakes_are_listed(count, told):
    listed = folder_text(FolderMarks(tuple(answers(count)))).partition("Commonest mistakes\n")[2].partition("\n\n")[0]
    assert len(listed.splitlines()) == told


@pytest.mark.parametrize(("count", "more"), [(20, ""), (21, ", and 1 more")])
def test_twenty_problems_without_an_answer_are_named(count, more):
    text = folder_text(FolderMarks((), tuple(f"p{n}" for n in range(count))), width=1000)
    assert f"No answer: {', '.join(f'p{n}' for n in range(20))}{more}" in text


@pytest.mark.parametrize(("letters", "whole"), [(36, True), (37, False)])
def test_a_row_of_a_long_name_with_a_mistake_fits_80_columns(letters, whole):
    """36 letters, the score, what is answered and one of the longer names of mistakes are a line."""
    name = "n" * (letters - 5) + ".toml"
    only = answers(1)[0]
    text = folder_text(FolderMarks((MarkedAnswer(name, only.marks),)))
    assert (name in text) == whole
    assert max(map(len, text.splitlines())) <= 80


@pytest.mark.parametrize(("labels", "rows"), [(9, [9]), (10, [9, 1]), (18, [9, 9])])
def test_a_page_has_nine_predicted_labels_in_a_row_so_that_they_fit_a_phone(labels, rows):
    entries = tuple(Entry((p,), "A", "A", "right", False, 0) for p in range(1, labels + 1))
    name = PartName.in_iteration(1, "predicted")
    part = PartMarks(name, entries, (labels,), rows=tuple(map(str, range(1, labels + 1))), columns=("",))
    shown = grid(Marks((part,), (), {}), part)
    assert [len(cells) for _, cells in shown.rows] == rows
    assert [head for head, _ in shown.rows] == ["1", "10"][: len(rows)]


ANOTHER = Finding("another-problem", COST, "Why.", "Look.")


def of_another_problem(answers):
    """An answer to another problem than that of its folder, and which it is, if that is known."""
    wrong = answers_with(ANOTHER)
    return MarkedAnswer("a.toml", wrong, answers=answers)


def answers_with(*findings):
    part = PartMarks(COST, (Entry((), 0.5, 1.5, "wrong", False, 2),), ())
    return Marks((part,), findings, {})


@pytest.mark.parametrize(("known", "told"), [("b.toml", "another-problem (b.toml)"), (None, "another-problem")])
def test_the_problem_that_an_answer_answers_is_told_where_it_is_known(known, told):
    marks = FolderMarks((of_another_problem(known),))
    rows = [line for line in folder_text(marks).splitlines() if line.startswith("a.toml")]
    assert [row.rpartition("  ")[2] for row in rows] == [told]
    assert ("It is the answer to b.toml." in folder_page(marks)) == (known is not None)
    assert "None" not in folder_page(marks)


def test_notes_on_answers_and_on_the_whole_are_sentences():
    answer = MarkedAnswer("a.toml", answers_with(), note="the latest of 2 files: a.toml, b.toml")
    marks = FolderMarks((answer, MarkedAnswer("c.toml", answers_with())), (), None, ("nobody is in two groups",))
    notes = folder_text(marks, width=200).partition("Notes\n")[2].split("\n\n")[0].splitlines()
    assert notes == ["  Nobody is in two groups.", "  a.toml: the latest of 2 files: a.toml, b.toml."]
    page = folder_page(marks)
    assert "Nobody is in two groups." in page
    assert "The latest of 2 files: a.toml, b.toml." in page


def test_a_folder_without_notes_has_no_heading_for_them():
    assert "Notes" not in folder_text(FolderMarks(tuple(answers(2))))


@pytest.mark.parametrize(("class_list", "heading"), [(None, "answer"), (ClassList(()), "student")])
def test_rows_are_answers_or_students(class_list, heading):
    marks = FolderMarks((), (), class_list)
    assert f"<th>{heading}" in folder_page(marks)


def test_a_page_shows_the_rows_of_a_matrix_that_are_given_with_all_their_columns():
    """Of 3 rows and 2 columns: the first row whole, of the third its last entry."""
    entries = tuple(Entry(place, 0.5, 0.5, "right", False, 2) for place in ((1, 1), (1, 2), (3, 2)))
    part = PartMarks(PartName.in_iteration(1, "delta"), entries, (3, 2), rows=("4", "5", "6"), columns=("A", "B"))
    shown = grid(Marks((part,), (), {}), part)
    assert [(head, [cell and cell.given for cell in cells]) for head, cells in shown.rows] == [
        ("4", ["0.50", "0.50"]), ("6", [None, "0.50"]),
    ]  # fmt: skip
    assert shown.columns == ["A", "B"]


def test_a_page_shows_a_vector_in_one_row_and_a_figure_in_one_cell():
    biases = PartMarks(
        PartName.in_iteration(1, "biases"), (Entry((2,), 0.5, 0.5, "right", False, 2),), (2,), columns=("A", "B")
    )
    cost = PartMarks(COST, (Entry((), 1.5, 1.5, "right", False, 2),), ())
    shown = [grid(Marks((part,), (), {}), part) for part in (biases, cost)]
    cells = [[(head, [cell and cell.given for cell in row]) for head, row in each.rows] for each in shown]
    assert cells == [[("", [None, "0.50"])], [("", ["1.50"])]]
    assert [each.columns for each in shown] == [["A", "B"], [""]]
