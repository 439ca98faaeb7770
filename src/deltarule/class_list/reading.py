"""`read_class_list`: the students of a class list, with all that the list says of them."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from deltarule import checks
from deltarule.class_list.headings import FIRST, FULL, LAST, NUMBER, USERNAME, plain
from deltarule.class_list.name_columns import Rows, below_title, cell_at, columns_given, name_columns, name_of, place_of
from deltarule.class_list.table import Table, read_table_of
from deltarule.errors import InputError
from deltarule.file_names import file_name, normalised
from deltarule.printable import printable

# The row below the headings of Canvas's gradebook, and the word in the one that may stand above it.
POINTS_POSSIBLE, MANUAL_POSTING = "points possible", "manual posting"
# Whom Moodle calls a participant: a word of any language, and a number.
_PARTICIPANT = re.compile(r"(?P<word>.*\S)\s+[0-9]+")


@dataclass(frozen=True)
class Student:
    """A student of a class list.

    Attributes
    ----------
    name : with single spaces, in the order of the list.
    ids : what else tells a student from others, by kind: "participant" (of a grading worksheet of Moodle), "canvas" (the number
        of the user there), "username", "number", "email".
    cells : all cells of the row.
    line : where the row ends in the file.
    """

    name: str
    ids: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    cells: tuple[str, ...] = ()
    line: int = 0

    @property
    def label(self) -> str:
        """The name, with an id where there is one, to tell two of one name apart.

        Examples
        --------
        >>> Student("Ann Lee", {"number": ("17",)}).label
        'Ann Lee (17)'
        """
        own = next((values[0] for values in self.ids.values() if values), "")
        return f"{self.name} ({own})" if own else self.name


@dataclass(frozen=True)
class ClassList:
    """The students of a class list, and the list itself.

    Attributes
    ----------
    students : in the order of the list.
    headings : of its columns; empty where it has none.
    above : the rows between the headings and the students that are no students (points possible, in a list of Canvas).
    delimiter : what separates its cells; empty for a text file.
    notes : what the user should be told of how it was read, as sentences without full stops.
    path : the file.
    from_spreadsheet : whether it is encoded as spreadsheets do it: with a byte order mark, or not in UTF-8.
    """

    students: tuple[Student, ...]
    headings: tuple[str, ...] = ()
    above: tuple[tuple[str, ...], ...] = ()
    delimiter: str = ""
    notes: tuple[str, ...] = ()
    path: Path = Path()
    from_spreadsheet: bool = False

    @property
    def platform(self) -> str:
        """The learning platform whose list it is: "moodle" (a grading worksheet), "canvas", or ""."""
        kinds = {kind for student in self.students for kind in student.ids}
        return "canvas" if "canvas" in kinds else "moodle" if "participant" in kinds else ""

    @property
    def labels(self) -> list[str]:
        """The names of the students, with an id where several have one name, or names that are alike as names of files."""
        alike = [file_name(student.name).casefold() for student in self.students]
        count = Counter(alike)
        return [each.label if count[name] > 1 else each.name for each, name in zip(self.students, alike, strict=True)]

    @property
    def names(self) -> list[str]:
        """The names of the students."""
        return [student.name for student in self.students]


def read_class_list(
    path: str | os.PathLike[str], column: str | Sequence[str] | None = None, *, ids: str | Sequence[str] = ()
) -> ClassList:
    r"""The students of a class list.

    Parameters
    ----------
    path : a text file with one name a line; or a CSV file (.csv, or .tsv), as Moodle, Canvas, Blackboard or a spreadsheet write it.
        Blank lines are passed over, and several spaces become one.
    column : the heading of the column of names in a CSV file, or its place ("2"); several are joined, as for first and last
        names. None: the column `name` (or `student`), those of first and last names, or else the only one that can hold names: no
        figures, no addresses.
    ids : the headings or places of further columns that tell students apart; those headed as usual are found without.

    Raises
    ------
    InputError
        If the file cannot be read, holds no name, or it cannot be told which column has the names; if two students have the same
        name and nothing else tells them apart; if a text file begins with a heading.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder, "class.csv")
    ...     _ = file.write_text("Last name;First name;ID number\nLovelace;Ada;1\nTuring;Alan;2\n")
    ...     read_class_list(file).students[0]
    Student(name='Ada Lovelace', ids={'number': ('1',)}, cells=('Lovelace', 'Ada', '1'), line=2)
    """
    path = checks.path("class list", path)
    table = read_table_of(path)
    if not table.delimiter:
        _check_no_heading(table, path)
    if not any(cell.strip() for _, row in table.rows for cell in row):
        raise _no_names(path)
    rows = below_title(table.rows, column, path) if table.delimiter else table.rows
    places, headed = _places(rows, column, path) if table.delimiter else ([0], False)
    headings = tuple(cell.strip() for cell in rows[0][1]) if headed else ()
    kinds = _kinds(rows[headed:], headings)
    for each in columns_given(ids, "column of ids", "Give 'ID number', say."):
        kinds[place_of(each, rows, path, "column of ids")] = "number"
    students, above, notes = list[Student](), list[tuple[str, ...]](), list(table.notes)
    if len(rows) < len(table.rows):
        notes.append(f"what stands above line {rows[0][0]} of {path.name} is a title, and is passed over")
    for line, row in rows[headed:]:
        name = name_of(row, places)
        if _is_no_student(row, name, headings):
            above.append(tuple(row))
        elif name:
            students.append(Student(_shown(name, line, path), _ids(row, kinds), tuple(row), line))
        elif table.delimiter:
            notes.append(f"line {line} of {path.name} has no name, and is passed over")
    if not students:
        raise _no_names(path)
    _check_told_apart(students, path)
    return ClassList(
        tuple(students), headings, tuple(above), table.delimiter, tuple(notes), path, table.from_spreadsheet
    )


def _no_names(path: Path) -> InputError:
    return InputError("class list", "have a name a line", f"none in {path}", "Write one student a line.")


def _shown(name: str, line: int, path: Path) -> str:
    if printable(name) != name:
        raise InputError(
            "class list", "hold names", f"{name!r} in line {line} of {path}", "Save it as plain text or CSV."
        )
    return name


def _check_no_heading(table: Table, path: Path) -> None:
    """An `InputError` for a text list that begins with the heading of a table: nobody's problem is made for it."""
    named = ((line, " ".join(row[0].split())) for line, row in table.rows)
    line, first = next(((line, name) for line, name in named if name), (0, ""))
    if plain(first) in (*FULL, *FIRST, *LAST):
        raise InputError(
            "class list",
            "hold names only",
            f"{first!r} in line {line} of {path}, a heading",
            "Remove it, or save the table as CSV (.csv).",
        )


def _places(rows: Rows, column: str | Sequence[str] | None, path: Path) -> tuple[list[int], bool]:
    """The columns of names. Where work is marked blindly the participants are all that there is, and stand for the names."""
    try:
        return name_columns(rows, column, path)
    except InputError:
        participants = [
            place for place, kind in _kinds(rows[1:], [""] * len(rows[0][1])).items() if kind == "participant"
        ]
        if column is not None or not participants:
            raise
        return participants[:1], True


def _kinds(rows: Rows, headings: Sequence[str]) -> dict[int, str]:
    """What the columns that tell students apart hold, by place: by their headings; participants and addresses by what they hold.

    Parameters
    ----------
    rows : those below the headings.
    headings : of the columns.
    """
    heads = [plain(heading) for heading in headings]
    is_canvas = "id" in heads and ({"student", "lastname"} & {*heads}) and ({"section", "sisloginid"} & {*heads})
    found = dict[int, str]()
    for place in range(max((len(row) for _, row in rows), default=0)):
        cells = [cell for _, row in rows if (cell := cell_at(row, place))]
        head = heads[place] if place < len(heads) else ""
        if cells and all("@" in cell for cell in cells):
            found[place] = "email"
        elif _are_participants(cells):
            found[place] = "participant"
        elif head in USERNAME:
            found[place] = "username"
        elif head in NUMBER:
            found[place] = "canvas" if is_canvas and head == "id" else "number"
    return found


def _are_participants(cells: Sequence[str]) -> bool:
    """Whether cells are "Participant 101" and the like, in any language: one and the same word, each with another number."""
    found = [_PARTICIPANT.fullmatch(cell) for cell in cells]
    words = {each and each["word"] for each in found}
    return len(words) == 1 and None not in words and len({*cells}) == len(cells)


def _ids(row: Sequence[str], kinds: Mapping[int, str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for place, kind in kinds.items():
        value = cell_at(row, place)
        if kind == "participant":
            value = value.split()[-1] if value else ""
        if value:
            found[kind] = (*found.get(kind, ()), value)
    return found


def _is_no_student(row: Sequence[str], name: str, headings: Sequence[str]) -> bool:
    """Whether a row of a list of Canvas says how many points there are, or that grades are posted by hand."""
    if not headings:
        return False
    return name.casefold() == POINTS_POSSIBLE or (not name and any(MANUAL_POSTING in cell.casefold() for cell in row))


def _check_told_apart(students: Sequence[Student], path: Path) -> None:
    for student, other in _of_one_name(students):
        both = student.ids.keys() & other.ids.keys()
        if all({*student.ids[kind]} & {*other.ids[kind]} for kind in both):
            raise InputError(
                "class list",
                "name each student once",
                f"{student.name!r} in lines {other.line} and {student.line} of {path}",
                "Leave one out, or tell the two apart.",
            )


def _of_one_name(students: Sequence[Student]) -> Iterator[tuple[Student, Student]]:
    """Each student whose name stands above already, with each of those above."""
    above: dict[str, list[Student]] = {}
    for student in students:
        same = above.setdefault(normalised(student.name), [])
        yield from ((student, other) for other in same)
        same.append(student)
