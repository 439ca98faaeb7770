"""Grades for Moodle: the columns of the class list, with Grade and Feedback comments.

Source: the grading worksheet (`mod/assign/feedback/offline`): Identifier, Full name, Email address, Status, Grade, Maximum Grade,
Last modified (grade), Feedback comments. Its import reads Identifier, Grade, Last modified (grade) and Feedback comments.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from deltarule.class_list import ClassList
from deltarule.class_list.headings import FEEDBACK, GRADE, MAXIMUM, plain
from deltarule.csv_cells import kept_cell
from deltarule.marking.folder.marked import FolderMarks, MarkedAnswer
from deltarule.marking.report.grade_cells import filled, grade_of, headings_of, maximum_of
from deltarule.marking.report.moodle_worksheet import Columns, worksheet_columns
from deltarule.marking.report.text import finding_sentence, summary


def moodle_rows(marks: FolderMarks, class_list: ClassList, column: str) -> Iterable[list[str]]:
    """The rows of the list, with grades and feedback in their columns.

    Parameters
    ----------
    marks : of the class.
    class_list : the list.
    column : the heading of the column of grades; "" for the usual one. A list that is no grading worksheet gets it where it has
        none.
    """
    added = [*headings_of(class_list)]
    columns = worksheet_columns(class_list, column) if class_list.platform == "moodle" else None
    grade, maximum, feedback = columns or _columns(added, column)
    yield [kept_cell(heading) for heading in added]
    for student, answer in marks.rows:
        if student is None:
            continue
        cells = filled(student.cells, len(added))
        if answer is not None and answer.marks is not None:
            out_of = "" if maximum is None else cells[maximum]
            number = maximum_of(out_of, student.name)
            cells[grade] = grade_of(answer, number, "," if "," in out_of else ".")
        if answer is not None and feedback is not None:
            cells[feedback] = _feedback(answer)
        yield [kept_cell(cell) for cell in cells]


def _columns(headings: list[str], column: str) -> Columns:
    """The columns of a list that is no worksheet, which gets those of grades and comments where it has none."""
    heads = [plain(heading) for heading in headings]
    maximum = _known(heads, MAXIMUM)
    grade = _place(headings, heads, (plain(column),) if column else GRADE, column or "Grade")
    return Columns(grade, maximum, _place(headings, heads, FEEDBACK, "Feedback comments"))


def _known(heads: list[str], words: Sequence[str]) -> int | None:
    return next((heads.index(word) for word in words if word in heads), None)


def _place(headings: list[str], heads: list[str], words: Sequence[str], usual: str) -> int:
    """The place of the column with one of these heads; a new one where there is none."""
    found = _known(heads, words)
    if found is None:
        headings.append(usual)
        heads.append(plain(usual))
        return len(headings) - 1
    return found


def _feedback(answer: MarkedAnswer) -> str:
    """What a student is told: the marks in a sentence, and the mistakes."""
    if answer.marks is None:
        return answer.error if answer.may_be_shown else "The answer could not be read."
    return " ".join([summary(answer.marks), *(finding_sentence(each) for each in answer.marks.mistakes)])
