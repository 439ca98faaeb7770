"""The columns of a grading worksheet of Moodle: by their English headings, or by their places, which are the same in all languages.

Source: `mod/assign/feedback/offline/locallib.php`, whose download has, in this order, the participant, the name, fields of the
user, the status, perhaps the group, the grade, its maximum, perhaps whether it can be changed, when work and grade were last
changed, and what the plugins of feedback add: the comments. Its import knows columns by their headings, so that these are kept.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from deltarule.class_list import ClassList
from deltarule.class_list.headings import FEEDBACK, GRADE, MAXIMUM, plain
from deltarule.errors import InputError, nearest

_NUMBER = re.compile(r"\d{1,6}(?:[.,]\d{1,5})?")
# A time of the day, in a column that says when something was changed, where "-" stands for never.
_TIME = re.compile(r"\d[:.]\d\d(?!\d)")
# A worksheet has at least: participant, status, grade, its maximum, when it was changed.
FEWEST_COLUMNS = 5


class Columns(NamedTuple):
    """The places of columns.

    Attributes
    ----------
    grade : of the grades.
    maximum : of what they are out of; None where the worksheet does not say.
    feedback : of comments; None where the assignment takes none.
    """

    grade: int
    maximum: int | None
    feedback: int | None


def worksheet_columns(class_list: ClassList, column: str = "") -> Columns | None:
    """The columns of a grading worksheet; None for another list of participants.

    Parameters
    ----------
    class_list : the list.
    column : the heading of the column of grades; "" where it can be told.

    Raises
    ------
    InputError
        If there is no such column, or it cannot be told which one it is.
    """
    headings = class_list.headings
    heads = [plain(heading) for heading in headings]
    rows = [(*student.cells, *[""] * len(heads)) for student in class_list.students]
    cells = [[row[at].strip() for row in rows] for at in range(len(heads))]
    grade, maximum, feedback = (
        next((heads.index(word) for word in words if word in heads), None)
        for words in ((plain(column),) if column else GRADE, MAXIMUM, FEEDBACK)
    )
    if grade is None and column:
        raise InputError("column of grades", "be a column of the list", repr(column), nearest(column, headings))
    if grade is None:
        if len(heads) < FEWEST_COLUMNS:
            return None
        grade = _grades(headings, cells)
    if maximum is None and grade + 1 < len(heads) and _is_maximum(cells[grade + 1]):
        maximum = grade + 1
    if feedback is None and maximum is not None and len(heads) - 1 - maximum > 1 and not _are_times(cells[-1]):
        feedback = len(heads) - 1
    return Columns(grade, maximum, feedback)


def _grades(headings: Sequence[str], cells: list[list[str]]) -> int:
    """The place of the column before that of the maxima."""
    maxima = [at for at in range(2, len(cells)) if _is_maximum(cells[at]) and _are_grades(cells[at - 1])]
    # Where everybody has the same grade, its column looks like one of maxima, too.
    known = [at for at in maxima if at + 1 not in maxima]
    if len(known) != 1:
        rule = "be told, where the headings of the worksheet are not English"
        remedy = "Give its heading: --grade on the command line, column= in Python."
        raise InputError("column of grades", rule, ", ".join(headings), remedy)
    return known[0] - 1


def _is_maximum(cells: list[str]) -> bool:
    """Whether all cells are the same number."""
    return len({*cells}) == 1 and _NUMBER.fullmatch(cells[0]) is not None


def _are_times(cells: list[str]) -> bool:
    """Whether cells say when something was changed."""
    given = [cell for cell in cells if cell]
    return bool(given) and all(cell == "-" or _TIME.search(cell) is not None for cell in given)


def _are_grades(cells: list[str]) -> bool:
    """Whether all cells are numbers, or empty."""
    return all(cell in ("", "-") or _NUMBER.fullmatch(cell) is not None for cell in cells)
