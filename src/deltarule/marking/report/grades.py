"""The marks of a class as a table (CSV) that a gradebook imports: Moodle's, Canvas's, or any, with all columns of the class list.

Sources
-------
Moodle : the grading worksheet (`mod/assign/feedback/offline`): Identifier, Full name, Email address, Status, Grade, Maximum Grade,
    Last modified (grade), Feedback comments. Its import reads Identifier, Grade, Last modified (grade) and Feedback comments.
Canvas : the gradebook's export and import (`lib/gradebook_exporter.rb`, `lib/gradebook_importer.rb`): Student, ID, SIS User ID, SIS
    Login ID, Section, columns of notes, and a column for each assignment, headed "Title (id)"; below the headings a row of points.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

from deltarule.checks import brief
from deltarule.class_list import ClassList, Student
from deltarule.class_list.headings import FEEDBACK, GRADE, MAXIMUM, plain
from deltarule.class_list.reading import POINTS_POSSIBLE
from deltarule.csv_cells import kept_cell, text_cell
from deltarule.errors import InputError, nearest
from deltarule.marking.folder.marked import FolderMarks, MarkedAnswer
from deltarule.marking.report.text import finding_sentence, percent, summary
from deltarule.typeset.figures import figure
from deltarule.typeset.words import unlike

GRADEBOOKS = ("moodle", "canvas")
FORMS = (*GRADEBOOKS, "table")
# What a grade is out of where the list does not say.
USUAL_MAXIMUM = 100.0
CANVAS_STUDENT = (
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
    rows = _moodle(marks, class_list, column) if form == "moodle" else _canvas(marks, class_list, column)
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
    headings = _headings(marks.class_list)
    own = [
        unlike(headings, word, f"{word} of the answer")
        for word in ("marks", "answered", "mistakes", "answer", "remarks")
    ]
    own[0] = column or own[0]
    yield [*map(kept_cell, headings), *map(text_cell, own)]
    width = len(headings)
    for student, answer in marks.rows:
        cells = [] if student is None else [*student.cells]
        if student is None and marks.class_list is None and answer is not None:
            cells = [answer.file]
        yield [*map(kept_cell, _filled(cells, width)), *_marked(answer)]


def _headings(class_list: ClassList | None) -> list[str]:
    """The headings of a list; where it has none, the column's place, or "name" for its only one."""
    if class_list is None:
        return ["file"]
    width = max(len(student.cells) for student in class_list.students)
    usual = ["name"] if width == 1 else [f"column {place}" for place in range(1, width + 1)]
    return [*class_list.headings, *usual[len(class_list.headings) :]]


def _filled(cells: Sequence[str], width: int) -> list[str]:
    return [*cells, *[""] * (width - len(cells))][:width]


def _marked(answer: MarkedAnswer | None) -> list[str]:
    """Marks, share answered, mistakes, file and remarks."""
    if answer is None:
        return ["", "", "", "", "no answer"]
    return [
        _grade(answer, USUAL_MAXIMUM),
        "" if answer.marks is None else percent(answer.marks.answered),
        text_cell(", ".join(answer.mistakes)),
        text_cell(answer.file),
        text_cell("; ".join(filter(None, [answer.error, answer.note]))),
    ]


def _grade(answer: MarkedAnswer | None, maximum: float, point: str = ".") -> str:
    if answer is None or answer.marks is None:
        return ""
    return figure(maximum * answer.marks.score, 2).replace(".", point)


def _moodle(marks: FolderMarks, class_list: ClassList, column: str) -> Iterable[list[str]]:
    headings = _headings(class_list)
    heads = [plain(heading) for heading in headings]
    added = [*headings]
    grade = _place(added, heads, (plain(column),) if column else GRADE, column or "Grade")
    maximum = next((heads.index(word) for word in MAXIMUM if word in heads), None)
    feedback = _place(added, heads, FEEDBACK, "Feedback comments")
    yield [kept_cell(heading) for heading in added]
    for student, answer in marks.rows:
        if student is None:
            continue
        cells = _filled(student.cells, len(added))
        if answer is not None and answer.marks is not None:
            out_of = "" if maximum is None else cells[maximum]
            number = _maximum(out_of, student.name)
            cells[grade] = _grade(answer, number, "," if "," in out_of else ".")
        if answer is not None:
            cells[feedback] = _feedback(answer)
        yield [kept_cell(cell) for cell in cells]


def _place(headings: list[str], heads: list[str], words: Sequence[str], usual: str) -> int:
    """The place of the column with one of these heads; a new one where there is none."""
    found = next((heads.index(word) for word in words if word in heads), None)
    if found is None:
        headings.append(usual)
        heads.append(plain(usual))
        return len(headings) - 1
    return found


def _maximum(cell: str, what: str) -> float:
    """What a grade is out of, as a list has it: "20", "20,00"; 100 where it says nothing."""
    if not cell.strip():
        return USUAL_MAXIMUM
    try:
        number = float(cell.strip().replace(",", "."))
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        rule = "be a number above 0, so that marks can be put on its scale"
        raise InputError(
            "maximum grade",
            rule,
            f"{brief(cell)} for {what}",
            "Grade it by points, not by words.",
        )
    return number


def _feedback(answer: MarkedAnswer) -> str:
    """What a student is told: the marks in a sentence, and the mistakes."""
    if answer.marks is None:
        return answer.error if answer.may_be_shown else "The answer could not be read."
    return " ".join([summary(answer.marks), *(finding_sentence(each) for each in answer.marks.mistakes)])


def _canvas(marks: FolderMarks, class_list: ClassList, column: str) -> Iterable[list[str]]:
    """The columns of students, notes, and the one assignment: others would be set back to what the list says."""
    headings = [*class_list.headings]
    own = [place for place, heading in enumerate(headings) if plain(heading) in CANVAS_STUDENT]
    is_canvas = class_list.platform == "canvas"
    names = (
        [headings[place] for place in own] if is_canvas else ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
    )
    assignment = _assignment(marks, headings, column) if is_canvas else (column or _title(marks))
    at = headings.index(assignment) if is_canvas and assignment in headings else None
    notes = headings.index(NOTES) if is_canvas and NOTES in headings else None
    points = next((row for row in class_list.above if row and row[0].strip().casefold() == POINTS_POSSIBLE), ())
    out_of = points[at] if at is not None and at < len(points) else ""
    maximum = _maximum(out_of, assignment)
    yield [*map(kept_cell, names), NOTES, kept_cell(assignment)]
    yield ["    Points Possible", *[""] * len(names), out_of or figure(maximum, 2)]
    for student, answer in marks.rows:
        if student is None:
            continue
        row = _filled(student.cells, len(headings))
        cells = [row[place] for place in own] if is_canvas else _ids(student)
        mistakes = ", ".join(answer.mistakes) if answer is not None else ""
        note = "; ".join(filter(None, [row[notes] if notes is not None else "", mistakes]))
        before = row[at] if at is not None else ""
        yield [*map(kept_cell, cells), kept_cell(note), _grade(answer, maximum) or kept_cell(before)]


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
            raise InputError("column of grades", "be an assignment of the list", repr(column), nearest(column, known))
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
