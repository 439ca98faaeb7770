"""The marks of a class: of each answer, and of the whole."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from deltarule.class_list import ClassList, Student
from deltarule.marking.marks import Marks
from deltarule.views import Shown


@dataclass(frozen=True)
class MarkedAnswer:
    """One answer of a folder.

    Attributes
    ----------
    file : its name.
    marks : None where it could not be read.
    error : why it could not be read; empty where it could.
    answers : the name of the problem that it answers, where it is the answer to another one of the folder.
    traceback : where marking it ended in a fault of deltarule; empty otherwise.
    students : whose it is, by the class list; none without a list, or where that cannot be told.
    note : what else to say of it: that it is the latest of several, or why it is nobody's.
    title : of the problem that it was marked against.
    may_be_shown : whether the student may be told the error; not where it tells of other students.
    """

    file: str
    marks: Marks | None = None
    error: str = ""
    answers: str | None = None
    traceback: str = ""
    students: tuple[Student, ...] = ()
    note: str = ""
    title: str = ""
    may_be_shown: bool = True

    @property
    def right(self) -> bool:
        """Whether it could be read, and nothing in it is wrong."""
        return self.marks is not None and self.marks.right

    @property
    def mistakes(self) -> list[str]:
        """The names of the mistakes that explain it, without remarks."""
        return [] if self.marks is None else [each.name for each in self.marks.mistakes if each.is_mistake]

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {
            "file": self.file,
            **({"error": self.error} if self.marks is None else self.marks.to_dict()),
            **({} if self.answers is None else {"whose": self.answers}),
            **({"students": [student.name for student in self.students]} if self.students else {}),
            **({"note": self.note} if self.note else {}),
        }


@dataclass(frozen=True, repr=False)
class FolderMarks(Shown):
    """The marks of every answer in a folder.

    Attributes
    ----------
    answers : by name.
    missing : the names of the problems without an answer, where each answer has a problem of its own; with a class list, the
        names of the students without one.
    class_list : the list by which answers were given to students; None without one.
    notes : what to say of the whole, as sentences without full stops.
    """

    answers: tuple[MarkedAnswer, ...]
    missing: tuple[str, ...] = ()
    class_list: ClassList | None = None
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        right = sum(each.right for each in self.answers)
        return f"FolderMarks(answers={len(self.answers)}, right={right}, missing={len(self.missing)})"

    @property
    def right(self) -> bool:
        """Whether every answer is right."""
        return all(each.right for each in self.answers)

    @property
    def rows(self) -> list[tuple[Student | None, MarkedAnswer | None]]:
        """Each student of the class list with their answer, in the order of the list, then the answers that are nobody's.

        Without a list, all answers.
        """
        if self.class_list is None:
            return [(None, answer) for answer in self.answers]
        own = {id(student): answer for answer in self.answers for student in answer.students}
        listed = [(student, own.get(id(student))) for student in self.class_list.students]
        return [*listed, *((None, answer) for answer in self.answers if not answer.students)]

    @property
    def mistakes(self) -> list[tuple[str, int]]:
        """The mistakes and how many answers each is in, the commonest first."""
        return Counter(name for each in self.answers for name in each.mistakes).most_common()

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {
            "answers": [each.to_dict() for each in self.answers],
            "mistakes": dict(self.mistakes),
            "missing": list(self.missing),
            **({"notes": list(self.notes)} if self.notes else {}),
        }
