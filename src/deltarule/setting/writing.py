"""Problems as files, one, or one for each student of a class, with two folders beside them: hand-outs and solutions.

week1/Ada.toml                      the problem
week1/handouts/Ada.toml             the same, with its sheet and a blank answer: this folder may be given to students
week1/handouts/Ada.sheet.html
week1/handouts/Ada.template.toml
week1/solutions/Ada.solution.html   its first iterations, worked
week1/solutions/Ada.answer.toml     the same as a right answer
week1/index.csv                     whose problem is which
"""

from __future__ import annotations

import csv
import io
import math
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from deltarule import checks
from deltarule.checks import choice, instance, listed, table, whole
from deltarule.conventions import HOUSE, Conventions
from deltarule.csv_cells import text_cell
from deltarule.errors import InputError
from deltarule.files import made_folder, make_folder, new_folder, write_all, write_whole
from deltarule.marking.answer.blank_answer import template
from deltarule.marking.answer.right_answer import answer_text, worked_answer
from deltarule.problem import Problem, problem_from, problem_text
from deltarule.setting.conditions import ITERATIONS
from deltarule.setting.drawing import draw
from deltarule.setting.request import ProblemRequest
from deltarule.setting.sheet import FORMS as SHEET_FORMS
from deltarule.setting.sheet import sheet
from deltarule.setting.solutions import solutions
from deltarule.setting.students import file_names, student_seed
from deltarule.show.forms import FORMS

INDEX, HANDOUTS, SOLUTIONS = "index.csv", "handouts", "solutions"


@dataclass(frozen=True)
class WrittenProblem:
    """A problem as it was written to files.

    Attributes
    ----------
    student : whose problem it is; empty without a class list.
    seed : the whole number that makes the same problem again.
    problem : the problem file (TOML).
    answer : the file of the right answer (TOML).
    solutions : the files of the worked solution, one for each form that was asked for.
    handouts : what may be given to students: the problem file again, the problem sheet in each form that sheets have, and the blank
        answer (TOML).
    """

    student: str
    seed: int
    problem: Path
    answer: Path
    solutions: tuple[Path, ...]
    handouts: tuple[Path, ...]

    @property
    def files(self) -> tuple[Path, ...]:
        """All of them."""
        return (self.problem, *self.handouts, *self.solutions, self.answer)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON; the student is None without a class list."""
        return {
            "student": self.student or None,
            "seed": self.seed,
            "problem": str(self.problem),
            "answer": str(self.answer),
            "solutions": [str(file) for file in self.solutions],
            "handouts": [str(file) for file in self.handouts],
        }


def write_one(
    path: str | os.PathLike[str],
    request: ProblemRequest,
    *,
    forms: Sequence[str] = ("html",),
    marking: Mapping[str, Any] | None = None,
    conventions: Conventions = HOUSE,
    progress: Callable[[int, float], None] = lambda _layers, _cost: None,
) -> WrittenProblem:
    """Write the problem of a request to a file that ends in .toml, with folders of hand-outs and of solutions beside it.

    Parameters
    ----------
    path : the problem file; it must not be there yet. Its folder is made with its parents.
    request : what is asked for; its seed is a whole number.
    forms : of the solution, and of the sheet but for "terminal": "html", "latex", "markdown", "terminal".
    marking : what the problem asks for: the keys of [marking], by their names. None: nothing in particular.
    conventions : how delta, weights and biases are written in all files.
    progress : called with the number of layers tried, and NaN.

    Raises
    ------
    InputError
        If there is no such problem, or one of the files is there already or cannot be written; none is written then.
    """
    path = checks.path("problem file", path)
    checks.function("progress", progress, "Leave it out for none.")
    if path.suffix.lower() != ".toml":
        raise InputError("problem file", "end in .toml", repr(str(path)), "Give a name like problem.toml.")
    forms, seed = _checked_forms(forms), _whole_seed(request)
    written = _written("", seed, path.with_suffix(""), path.suffix, forms)
    existing = [file for file in written.files if os.path.lexists(file)]
    if existing:
        raise InputError(
            "file to write", "not exist yet", f"{existing[0]}, which exists already", "Give another name, or remove it."
        )
    texts = _texts(_asking(draw(request, progress=progress), marking, conventions), forms)
    with made_folder(path.parent), made_folder(path.parent / HANDOUTS), made_folder(path.parent / SOLUTIONS):
        write_all(dict(zip(written.files, texts, strict=True)))
    return written


def write_set(
    folder: str | os.PathLike[str],
    students: Iterable[str],
    request: ProblemRequest,
    *,
    forms: Sequence[str] = ("html",),
    marking: Mapping[str, Any] | None = None,
    conventions: Conventions = HOUSE,
    progress: Callable[[int, float], None] = lambda _students, _cost: None,
) -> list[WrittenProblem]:
    """Write a problem for each student, with folders of hand-outs and of solutions, and an index (CSV: student, file, seed).

    A student's problem depends on the seed and the name alone: adding a student changes nobody else's.

    Parameters
    ----------
    folder : a new or empty one; it is made with its parents.
    students : their names, no two of which make the same file name.
    request : what is asked for; its seed is a whole number, from which each student's is made.
    forms : of the solutions, and of the sheets but for "terminal": "html", "latex", "markdown", "terminal".
    marking : what all problems ask for: the keys of [marking], by their names. None: nothing in particular.
    conventions : how delta, weights and biases are written in all files.
    progress : called with the number of students whose problem is drawn, and NaN.

    Raises
    ------
    InputError
        If there is no such problem, two names make the same file name, or the folder is not empty or cannot be written to;
        nothing is written then.
    """
    folder = checks.path("folder", folder)
    checks.function("progress", progress, "Leave it out for none.")
    forms, seed = _checked_forms(forms), _whole_seed(request)
    names = file_names(students)
    if not names:
        raise InputError("students", "be at least one", "none", "Give their names.")
    written: list[WrittenProblem] = []
    with new_folder(folder) as draft:
        for inner in (HANDOUTS, SOLUTIONS):
            make_folder(draft / inner)
        for place, (student, name) in enumerate(names.items(), 1):
            own = replace(request, seed=student_seed(seed, student))
            problem = _asking(draw(own), marking, conventions)
            texts = _texts(problem.with_title(f"{problem.title} ({student})"), forms)
            written.append(_written(student, _whole_seed(own), folder / name, ".toml", forms))
            for file, text in zip(written[-1].files, texts, strict=True):
                write_whole(draft / file.relative_to(folder), text)
            progress(place, math.nan)
        write_whole(draft / INDEX, _index(written))
    return written


def _checked_forms(forms: Sequence[str]) -> tuple[str, ...]:
    given = listed("forms", forms, 'Give a list, as in ["html"].')
    return tuple(dict.fromkeys(choice("form of the solution", form, tuple(FORMS)) for form in given))


def _whole_seed(request: ProblemRequest) -> int:
    """The seed of a problem that is written, so that its file can be made again."""
    instance("request", request, ProblemRequest, "Make one of ProblemRequest(...).")
    return whole("seed", request.seed, 0, "Give a whole number.", maximum=None)


def _written(student: str, seed: int, stem: Path, suffix: str, forms: Sequence[str]) -> WrittenProblem:
    def named(ending: str, inner: str = "") -> Path:
        return stem.parent / inner / f"{stem.name}{ending}"

    return WrittenProblem(
        student,
        seed,
        named(suffix),
        named(".answer.toml", SOLUTIONS),
        tuple(named(f".solution{FORMS[form].endings[0]}", SOLUTIONS) for form in forms),
        (
            named(suffix, HANDOUTS),
            *(named(f".sheet{FORMS[form].endings[0]}", HANDOUTS) for form in _of_sheets(forms)),
            named(".template.toml", HANDOUTS),
        ),
    )


def _of_sheets(forms: Sequence[str]) -> list[str]:
    """The forms of the sheets: those of the solutions that sheets have too."""
    return [form for form in forms if form in SHEET_FORMS] or ["html"]


def _asking(problem: Problem, marking: Mapping[str, Any] | None, conventions: Conventions) -> Problem:
    """The problem with these keys of [marking], written in these conventions."""
    problem = problem.with_conventions(conventions)
    if marking is None:
        return problem
    return problem_from(problem.document | {"marking": table("marking", marking, "Give its keys by name.")})


def _texts(problem: Problem, forms: Sequence[str]) -> list[str]:
    """What the files of `WrittenProblem` hold, in their order."""
    asked = problem.marking.asked if problem.marking is not None else None
    last = max([ITERATIONS, *(name.number for name in asked or () if name.number is not None)])
    last = min(last, problem.descent.epochs)
    return [
        problem_text(problem),
        problem_text(problem),
        *(sheet(problem, form) for form in _of_sheets(forms)),
        template(problem),
        *solutions(problem, last, forms),
        answer_text(worked_answer(problem, range(1, last + 1))),
    ]


def _index(written: Iterable[WrittenProblem]) -> str:
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["student", "file", "seed"])
    rows.writerows([text_cell(one.student), text_cell(one.problem.name), one.seed] for one in written)
    return text.getvalue()
