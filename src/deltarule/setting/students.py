"""A class list, and what each student gets of their own: a file name and a seed."""

from __future__ import annotations

import hashlib
import os
import unicodedata
from collections.abc import Iterable, Sequence

import numpy as np

from deltarule import checks
from deltarule.checks import instance, listed, whole
from deltarule.class_list import read_class_list
from deltarule.errors import InputError
from deltarule.file_names import file_name, normalised

# A spreadsheet keeps 15 digits of a number; 2^48 has 15.
SEED_BITS = 48


def read_students(path: str | os.PathLike[str], column: str | Sequence[str] | None = None) -> list[str]:
    r"""The names of a class list, with an id where several students have one name and the list has ids: "Ann Lee (17)".

    Parameters
    ----------
    path : a text file with one name a line; or a CSV file (.csv). Blank lines are passed over, and several spaces become one.
    column : the heading of the column of names in a CSV file, or its place ("2"); several are joined, as for first and last
        names. None: the column `name` (or `student`), or else the only one that can hold names: no figures, no addresses.

    Raises
    ------
    InputError
        If the file cannot be read, holds no name, or a name twice without ids, or it cannot be told which column has the names; if
        a text file begins with a heading.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder, "class.csv")
    ...     _ = file.write_text("id,name\n1,Ada Lovelace\n2,Alan Turing\n")
    ...     read_students(file)
    ['Ada Lovelace', 'Alan Turing']
    """
    return read_class_list(path, column).labels


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
