"""A class list, and what each student gets of their own: a file name and a seed."""

from __future__ import annotations

import csv
import hashlib
import os
import re
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from deltarule import checks
from deltarule.checks import instance, listed, whole
from deltarule.errors import InputError
from deltarule.file_names import file_name, normalised
from deltarule.files import read_regular
from deltarule.printable import printable
from deltarule.setting.name_column import HEADINGS, names_in

SUFFIXES = (".txt", ".csv")
# A spreadsheet keeps 15 digits of a number; 2^48 has 15.
SEED_BITS = 48
# A first line by which a spreadsheet is told what separates cells, as in "sep=;".
_SEPARATOR = re.compile(r'"?sep=([,;\t|])"?\s*', re.IGNORECASE)


def read_students(path: str | os.PathLike[str], column: str | Sequence[str] | None = None) -> list[str]:
    r"""The names of a class list.

    Parameters
    ----------
    path : a text file with one name a line; or a CSV file (.csv). Blank lines are passed over, and several spaces become one.
    column : the heading of the column of names in a CSV file, or its place ("2"); several are joined, as for first and last
        names. None: the column `name` (or `student`), or else the only one that can hold names: no figures, no addresses.

    Raises
    ------
    InputError
        If the file cannot be read, holds no name, or a name twice, or it cannot be told which column has the names; if a text
        file begins with a heading.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder, "class.csv")
    ...     _ = file.write_text("id,name\n1,Ada Lovelace\n2,Alan Turing\n")
    ...     read_students(file)
    ['Ada Lovelace', 'Alan Turing']
    """
    path = checks.path("class list", path)
    text = _text(path)
    rows = _csv_rows(path, column, text) if path.suffix.lower() == ".csv" else enumerate(text.splitlines(), 1)
    named = [(line, " ".join(cell.split())) for line, cell in rows]
    if path.suffix.lower() != ".csv":
        _check_no_heading(named, path)
    found = [(line, name) for line, name in named if name]
    if not found:
        raise InputError("class list", "have a name a line", f"none in {path}", "Write one student a line.")
    first: dict[str, int] = {}
    for line, name in found:
        if printable(name) != name:
            raise InputError(
                "class list", "hold names", f"{name!r} in line {line} of {path}", "Save it as plain text or CSV."
            )
        known = first.setdefault(normalised(name), line)
        if known != line:
            raise InputError(
                "class list",
                "name each student once",
                f"{name!r} in lines {known} and {line} of {path}",
                "Leave one out, or tell the two apart.",
            )
    return [name for _, name in found]


def student_seed(seed: int, name: str) -> int:
    """A student's own seed, below 2^48. It depends on the seed and the name only, so a change of the class list changes no other.

    It is made by `numpy.random.SeedSequence` of the seed and the SHA-256 of the name (UTF-8, NFC, single spaces).

    Parameters
    ----------
    seed : the seed of the class: a whole number from 0 on.
    name : the student's name; its spelling (spaces, accents) does not matter.

    Raises
    ------
    InputError
        If the seed is not such a number.

    Examples
    --------
    >>> student_seed(1, "Ada Lovelace"), student_seed(1, "Ada  Lovelace"), student_seed(2, "Ada Lovelace")
    (93533138931167, 93533138931167, 267851410749321)
    """
    seed = whole("seed", seed, 0, "Give a whole number.", maximum=None)
    name = checks.text("student's name", name)
    digest = hashlib.sha256(normalised(name).encode("utf-8", "surrogatepass")).digest()
    words = np.frombuffer(digest, dtype="<u4").tolist()
    state = np.random.SeedSequence([seed, *words]).generate_state(1, np.uint64)
    return int(state[0] >> np.uint64(64 - SEED_BITS))


def file_names(students: Iterable[str]) -> dict[str, str]:
    """A file name for each student, without ending: letters and digits of any script, joined by hyphens.

    Parameters
    ----------
    students : their names.

    Raises
    ------
    InputError
        If a name has neither letter nor digit, or two make the same file name (small and capital letters count as the same).

    Examples
    --------
    >>> file_names(["Ada Lovelace", "../José O'Neill", "nul"])
    {'Ada Lovelace': 'Ada-Lovelace', "../José O'Neill": 'José-O-Neill', 'nul': 'nul-'}
    """
    names: dict[str, str] = {}
    taken: dict[str, str] = {}
    for student in listed("students", students, "Give a list of names."):
        instance("student's name", student, str, "Give a list of names.")
        name = file_name(student)
        if not name:
            raise InputError("student's name", "have a letter or a digit", repr(student), "Write the name.")
        other = taken.setdefault(unicodedata.normalize("NFC", name.casefold()), student)
        if other is not student or student in names:
            raise InputError(
                "students' names",
                "make files of different names",
                f"{other!r} and {student!r}, both {name!r}",
                "Tell the two apart by another letter or a number.",
            )
        names[student] = name
    return names


def _text(path: Path) -> str:
    try:
        return read_regular(path, "class list", suffixes=SUFFIXES).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            "class list", "be UTF-8 text", f"another byte in place {error.start + 1} of {path}", "Save it as UTF-8."
        ) from None


def _check_no_heading(named: list[tuple[int, str]], path: Path) -> None:
    """An `InputError` for a text list that begins with the heading of a table: nobody's problem is made for it."""
    line, first = next(((line, name) for line, name in named if name), (0, ""))
    if first.casefold() in HEADINGS:
        raise InputError(
            "class list",
            "hold names only",
            f"{first!r} in line {line} of {path}, a heading",
            "Remove it, or save the table as CSV (.csv).",
        )


def _csv_rows(path: Path, column: str | Sequence[str] | None, text: str) -> Iterable[tuple[int, str]]:
    """The cells of the column of names, each with its line number."""
    lines = text.splitlines(keepends=True)
    stated = _SEPARATOR.fullmatch(lines[0]) if lines else None  # as spreadsheets write and read it
    above = 1 if stated else 0
    head = lines[above] if above < len(lines) else ""
    delimiter = stated[1] if stated else max(",;\t", key=head.count)  # the comma where there is none
    reader = csv.reader(lines[above:], delimiter=delimiter, strict=True)
    try:
        rows = [(reader.line_num + above, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise InputError(
            "class list", "be CSV", f"{error} in line {reader.line_num + above} of {path}", "Close each quotation."
        ) from None
    return names_in(rows, column, path)
