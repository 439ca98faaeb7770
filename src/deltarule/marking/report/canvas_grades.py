"""Grades for Canvas: the columns of the students, notes with the mistakes, and the assignment.

Source: the gradebook's export and import (`lib/gradebook_exporter.rb`, `lib/gradebook_importer.rb`): Student, ID, SIS User ID,
SIS Login ID, Section, columns of notes, and a column for each assignment, headed "Title (id)"; below the headings a row of points.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from deltarule.class_list import ClassList, Student
from deltarule.class_list.headings import plain
from deltarule.class_list.reading import POINTS_POSSIBLE
from deltarule.csv_cells import kept_cell
from deltarule.errors import InputError, nearest
from deltarule.marking.folder.marked import FolderMarks
from deltarule.marking.report.grade_cells import filled, grade_of, maximum_of
from deltarule.typeset.figures import figure

# Headings of the columns of a student.
STUDENT = (
    "student",
    "lastname",
    "firstname",
    "id",
    "sisuserid",
    "sisloginid",
    "integrationid",
    "rootaccount",
    "section",
)
NOTES = "Notes"
ASSIGNMENT = re.compile(r"(?P<title>.+) \(\d+\)")


def canvas_rows(marks: FolderMarks, class_list: ClassList, column: str) -> Iterable[list[str]]:
    """The columns of students, notes, and the one assignment: others would be set back to what the list says.

    Parameters
    ----------
    marks : of the class.
    class_list : the list.
    column : the heading of the assignment; "" for the only one, or the one of the problem's title.
    """
    headings = [*class_list.headings]
    own = [place for place, heading in enumerate(headings) if plain(heading) in STUDENT]
    is_canvas = class_list.platform == "canvas"
    names = (
        [headings[place] for place in own] if is_canvas else ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
    )
    assignment = _assignment(marks, headings, column) if is_canvas else (column or _title(marks))
    at = headings.index(assignment) if is_canvas and assignment in headings else None
    notes = headings.index(NOTES) if is_canvas and NOTES in headings else None
    points = next((row for row in class_list.above if row and row[0].strip().casefold() == POINTS_POSSIBLE), ())
    out_of = points[at] if at is not None and at < len(points) else ""
    maximum = maximum_of(out_of, assignment)
    yield [*map(kept_cell, names), NOTES, kept_cell(assignment)]
    yield ["    Points Possible", *[""] * len(names), out_of or figure(maximum, 2)]
    for student, answer in marks.rows:
        if student is None:
            continue
        row = filled(student.cells, len(headings))
        cells = [row[place] for place in own] if is_canvas else _ids(student)
        mistakes = ", ".join(answer.mistakes) if answer is not None else ""
        note = "; ".join(filter(None, [row[notes] if notes is not None else "", mistakes]))
        before = row[at] if at is not None else ""
        yield [*map(kept_cell, cells), kept_cell(note), grade_of(answer, maximum) or kept_cell(before)]


def _ids(student: Student) -> list[str]:
    """A student in the columns of Canvas, which tells them by the ids of the school."""
    number, login = (next(iter(student.ids.get(kind, ())), "") for kind in ("number", "username"))
    return [student.name, "", number, login or next(iter(student.ids.get("email", ())), ""), ""]


def _assignment(marks: FolderMarks, headings: Sequence[str], column: str) -> str:
    """The heading of the assignment: the one that was given, the only one, the one of the problem's title, or a new one."""
    known = [heading for heading in headings if ASSIGNMENT.fullmatch(heading)]
    if column:
        found = [each for each in headings if column.casefold() in (each.casefold(), _title_of(each).casefold())]
        if not found and known:
            raise InputError(
                "column of grades", "be an assignment of the list", repr(column), nearest(column, map(_title_of, known))
            )
        return found[0] if found else column
    own = [each for each in known if _title_of(each).casefold() == _title(marks).casefold()]
    if len(known) > 1 and len(own) != 1:
        rule = "be told, where the list has several assignments"
        raise InputError(
            "column of grades", rule, ", ".join(known[:4]), "Give its heading: --grade on the command line."
        )
    return (own or known or [_title(marks)])[0]


def _title_of(heading: str) -> str:
    found = ASSIGNMENT.fullmatch(heading)
    return found["title"] if found else heading


def _title(marks: FolderMarks) -> str:
    """The title of the problem, where all have one; else a word for what was marked."""
    titles = {each.title for each in marks.answers if each.title}
    return titles.pop() if len(titles) == 1 else "Marks"
