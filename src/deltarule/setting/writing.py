"""Problems as files, each with its solution and the answer to it; one, or one for each student of a class."""

from __future__ import annotations

import csv
import io
import math
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from deltarule.checks import choice, whole
from deltarule.errors import InputError
from deltarule.files import make_folder, write_whole
from deltarule.marking.answer.right_answer import answer_text, worked_answer
from deltarule.problem import Problem, problem_text
from deltarule.setting.conditions import ITERATIONS
from deltarule.setting.drawing import drawn
from deltarule.setting.request import Wish
from deltarule.setting.solutions import solutions
from deltarule.setting.students import file_names, student_seed
from deltarule.show.forms import FORMS

INDEX = "index.csv"


@dataclass(frozen=True)
class Written:
    """A problem as it was written.

    student : whose it is; empty where there is no class list. seed : what makes it again.
    problem, answer, solutions : the files.
    """

    student: str
    seed: int
    problem: Path
    answer: Path
    solutions: tuple[Path, ...]

    @property
    def files(self) -> tuple[Path, ...]:
        """All of them."""
        return (self.problem, *self.solutions, self.answer)


def write_one(
    path: str | os.PathLike[str],
    wish: Wish,
    *,
    seed: int = 0,
    forms: Sequence[str] = ("html",),
    progress: Callable[[int, float], None] = lambda _layers, _cost: None,
) -> Written:
    """Write the problem of a seed to a file that ends in .toml, its solutions and its answer beside it.

    forms : of the solution: html, latex, markdown, terminal. progress : see `deltarule.setting.drawing.drawn`.

    Raises
    ------
    InputError
        If there is no such problem, or one of the files is there already or cannot be written; none is written then.
    """
    path = Path(path)
    if path.suffix.lower() != ".toml":
        raise InputError("problem file", "end in .toml", repr(str(path)), "Give a name like problem.toml.")
    forms, seed = _checked(forms, seed)
    written = _written("", seed, path.with_suffix(""), path.suffix, forms)
    there = [file for file in written.files if os.path.lexists(file)]
    if there:
        raise InputError("problem's files", "be new ones", f"{there[0]}, which exists", "Give another name.")
    texts = _texts(drawn(wish, seed, progress), forms)
    make_folder(path.parent)
    _write(dict(zip(written.files, texts, strict=True)))
    return written


def write_set(
    folder: str | os.PathLike[str],
    students: Iterable[str],
    wish: Wish,
    *,
    seed: int = 0,
    forms: Sequence[str] = ("html",),
    progress: Callable[[int, float], None] = lambda _students, _cost: None,
) -> list[Written]:
    """Write a problem for each student, with its solutions and its answer, and an index (CSV: student, file, seed).

    A student's problem depends on the seed and the name alone: adding a student changes nobody else's.

    Parameters
    ----------
    folder : a new or empty one; made with its parents.
    forms : of the solutions: html, latex, markdown, terminal.
    progress : called with the number of students whose problem is drawn, and NaN.

    Raises
    ------
    InputError
        If there is no such problem, two names make the same file name, or the folder is not empty or cannot be written to;
        nothing is written then.
    """
    folder = Path(folder)
    forms, seed = _checked(forms, seed)
    names = file_names(students)
    if not names:
        raise InputError("students", "be at least one", "none", "Give their names.")
    if folder.is_dir() and any(folder.iterdir()):
        raise InputError("folder", "be a new or an empty one", f"{folder}, which holds files", "Give another.")
    made = not folder.exists()
    make_folder(folder)
    try:
        files: dict[Path, str] = {}
        written = []
        for place, (student, name) in enumerate(names.items(), 1):
            own = student_seed(seed, student)
            problem = drawn(wish, own)
            title = f"{problem.title} ({student})"
            texts = _texts(problem.with_title(title), forms)
            written.append(_written(student, own, folder / name, ".toml", forms))
            files |= dict(zip(written[-1].files, texts, strict=True))
            progress(place, math.nan)
        # Last, so that an index stands for a complete set.
        files[folder / INDEX] = _index(written)
        _write(files)
    except BaseException:
        if made:
            with suppress(OSError):  # somebody else has put something there
                folder.rmdir()
        raise
    return written


def _checked(forms: Sequence[str], seed: int) -> tuple[tuple[str, ...], int]:
    known = tuple(choice("form of the solution", form, tuple(FORMS)) for form in forms)
    return tuple(dict.fromkeys(known)), whole("seed", seed, 0, "Give a whole number.", maximum=None)


def _written(student: str, seed: int, stem: Path, suffix: str, forms: Sequence[str]) -> Written:
    def beside(ending: str) -> Path:
        return stem.with_name(f"{stem.name}{ending}")

    solved = tuple(beside(f".solution{FORMS[form].endings[0]}") for form in forms)
    return Written(student, seed, beside(suffix), beside(".answer.toml"), solved)


def _texts(problem: Problem, forms: Sequence[str]) -> list[str]:
    """What the files of `Written` hold, in their order."""
    last = min(ITERATIONS, problem.descent.epochs)
    return [
        problem_text(problem),
        *solutions(problem, last, forms),
        answer_text(worked_answer(problem, range(1, last + 1))),
    ]


def _index(written: Iterable[Written]) -> str:
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(["student", "file", "seed"])
    table.writerows([one.student, one.problem.name, one.seed] for one in written)
    return text.getvalue()


def _write(files: Mapping[Path, str]) -> None:
    """All files, or none."""
    done: list[Path] = []
    try:
        for file, text in files.items():
            done.append(file)
            write_whole(file, text)
    except BaseException:
        for file in done:
            file.unlink(missing_ok=True)
        raise
