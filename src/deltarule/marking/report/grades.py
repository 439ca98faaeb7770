"""The marks of a class as a table (CSV): for the gradebook of Moodle or Canvas, or with all columns of the class list."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from deltarule.csv_cells import kept_cell, text_cell
from deltarule.errors import InputError
from deltarule.marking.folder.marked import FolderMarks, MarkedAnswer
from deltarule.marking.report.canvas_grades import canvas_rows
from deltarule.marking.report.grade_cells import USUAL_MAXIMUM, filled, grade_of, headings_of
from deltarule.marking.report.moodle_grades import moodle_rows
from deltarule.marking.report.text import percent
from deltarule.typeset.words import unlike

GRADEBOOKS = ("moodle", "canvas")
FORMS = (*GRADEBOOKS, "table")


def grades_text(marks: FolderMarks, form: str = "", column: str = "") -> str:
    """The marks of a class as CSV. Who has no answer, or one that could not be read, has no grade.

    Parameters
    ----------
    marks : of the class.
    form : "moodle", "canvas" or "table"; "" for what the class list is.
    column : the heading of the column of grades; "" for the usual one: in Moodle "Grade", in Canvas the assignment, where there is
        one, or one of the problem's title.

    Raises
    ------
    InputError
        If there is no class list for the gradebook of a platform, or it cannot be told which column is meant, or what grades are
        out of.
    """
    class_list = marks.class_list
    form = form or (class_list.platform if class_list is not None else "") or "table"
    if form == "table":
        mark = "\ufeff" if class_list is not None and class_list.from_spreadsheet else ""
        return mark + _csv(_table(marks, column), (class_list.delimiter if class_list is not None else "") or ",")
    if class_list is None:
        raise needs_list(form)
    rows = moodle_rows(marks, class_list, column) if form == "moodle" else canvas_rows(marks, class_list, column)
    return _csv(rows, ",")


def needs_list(form: str) -> InputError:
    """The error where there is no class list for a gradebook, "moodle" or "canvas" (`form`)."""
    remedy = "Give the list that you downloaded there: --list on the command line, class_list= in Python."
    return InputError("marks", f"be of a class list, for the gradebook of {form.title()}", "none", remedy)


def _csv(rows: Iterable[Sequence[str]], delimiter: str) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(rows)  # as RFC 4180 has it
    return text.getvalue()


def _table(marks: FolderMarks, column: str) -> Iterable[list[str]]:
    """All columns of the list, then marks and mistakes; at the end what is nobody's."""
    headings = headings_of(marks.class_list)
    words = (column or "marks", "answered", "mistakes", "answer", "remarks")
    own = [unlike(headings, word, f"{word} of the answer") for word in words]
    yield [*map(kept_cell, headings), *map(text_cell, own)]
    width = len(headings)
    for student, answer in marks.rows:
        cells = [] if student is None else [*student.cells]
        if student is None and marks.class_list is None and answer is not None:
            cells = [answer.file]
        yield [*map(kept_cell, filled(cells, width)), *_marked(answer)]


def _marked(answer: MarkedAnswer | None) -> list[str]:
    """Marks, share answered, mistakes, file and remarks."""
    if answer is None:
        return ["", "", "", "", "no answer"]
    return [
        grade_of(answer, USUAL_MAXIMUM),
        "" if answer.marks is None else percent(answer.marks.answered),
        text_cell(", ".join(answer.mistakes)),
        text_cell(answer.file),
        text_cell("; ".join(filter(None, [answer.error, answer.note]))),
    ]
