"""What the gradebooks' tables have in common: grades, what they are out of, and rows as wide as their headings."""

from __future__ import annotations

from collections.abc import Sequence

from deltarule.checks import brief
from deltarule.class_list import ClassList
from deltarule.errors import InputError
from deltarule.marking.folder.marked import MarkedAnswer
from deltarule.typeset.figures import figure

# What a grade is out of where the list does not say.
USUAL_MAXIMUM = 100.0


def grade_of(answer: MarkedAnswer | None, maximum: float, point: str = ".") -> str:
    """A grade of two decimals; empty for no answer, and for one that could not be read.

    Parameters
    ----------
    answer : the answer; None for none.
    maximum : what the grade is out of.
    point : the decimal sign.
    """
    if answer is None or answer.marks is None:
        return ""
    return figure(maximum * answer.marks.score, 2).replace(".", point)


def maximum_of(cell: str, what: str) -> float:
    """What a grade is out of, as a list has it: "20", "20,00"; 100 where it says nothing.

    Parameters
    ----------
    cell : of the list.
    what : whose it is, for the message.

    Raises
    ------
    InputError
        If it is no number above 0.
    """
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


def headings_of(class_list: ClassList | None) -> list[str]:
    """The headings of a class list (`class_list`); where it has none, the column's place, or "name" for its only one."""
    if class_list is None:
        return ["file"]
    width = max(len(student.cells) for student in class_list.students)
    usual = ["name"] if width == 1 else [f"column {place}" for place in range(1, width + 1)]
    return [*class_list.headings, *usual[len(class_list.headings) :]]


def filled(cells: Sequence[str], width: int) -> list[str]:
    """The `cells` of a row, as many as the table is wide (`width`)."""
    return [*cells, *[""] * (width - len(cells))][:width]
