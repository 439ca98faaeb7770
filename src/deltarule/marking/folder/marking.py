"""`mark_folder`: the marks of every answer in a folder, by as many processes as there are cores."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from deltarule import checks
from deltarule.checks import truth, whole
from deltarule.errors import AnswerError, DeltaruleError, InputError
from deltarule.marking.answer.file import SUFFIXES
from deltarule.marking.checking import answers_problem, check
from deltarule.marking.folder.pairing import is_problem, problem_for, problems_in, title
from deltarule.marking.marks import Marks
from deltarule.marking.mistakes.recognised import ANOTHER_PROBLEM
from deltarule.marking.parts import TABLES
from deltarule.problem import Problem, read_problem
from deltarule.typeset.progress import bar
from deltarule.views import Shown

# With fewer answers, this process is done before others have started.
WORTH_PROCESSES = 40
# Answers that a process takes at a time: some tenths of a second, so that the bar moves.
CHUNK = 10


@dataclass(frozen=True)
class MarkedAnswer:
    """One answer of a folder.

    Attributes
    ----------
    file : its name.
    marks : None where it could not be read.
    error : why it could not be read; empty where it could.
    answers : the name of the problem that it answers, where it is the answer to another one of the folder.
    """

    file: str
    marks: Marks | None = None
    error: str = ""
    answers: str | None = None

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
        }


@dataclass(frozen=True, repr=False)
class FolderMarks(Shown):
    """The marks of every answer in a folder.

    Attributes
    ----------
    answers : by name.
    missing : the names of the problems without an answer, where each answer has a problem of its own.
    """

    answers: tuple[MarkedAnswer, ...]
    missing: tuple[str, ...] = ()

    def __repr__(self) -> str:
        right = sum(each.right for each in self.answers)
        return f"FolderMarks(answers={len(self.answers)}, right={right}, missing={len(self.missing)})"

    @property
    def right(self) -> bool:
        """Whether every answer is right."""
        return all(each.right for each in self.answers)

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
        }


def mark_folder(
    problem: str | os.PathLike[str],
    folder: str | os.PathLike[str],
    *,
    progress: bool = False,
    processes: int | None = None,
) -> FolderMarks:
    r"""Mark every answer of a folder.

    Parameters
    ----------
    problem : a problem file that all answer; or a folder of problems, of which each answer has the one of its name.
    folder : the answers: .toml and .json files, and .csv files whose name says which part they are. Hidden files are passed over,
        and so are the problems themselves where they lie in it.
    progress : whether to show a bar.
    processes : how many work; None: as many as there are cores, or this one alone for fewer than 40 answers.

    Raises
    ------
    InputError
        If the folder holds no answers, or the folder of problems holds no problems.
    ProblemError
        If the one problem cannot be read. An answer, or its own problem, that cannot be read is among the answers, with its error.

    Examples
    --------
    >>> import tempfile
    >>> from deltarule import problem_from
    >>> from deltarule.marking import answer_text, worked_answer
    >>> from deltarule.problem import problem_text
    >>> problem = problem_from({
    ...     "title": "Double it",
    ...     "layer": {"kind": "linear", "weights": [[0.0]]},
    ...     "data": {"inputs": [[1], [2]], "targets": [2, 4]},
    ...     "descent": {"learning_rate": 0.1, "epochs": 10},
    ... })
    >>> with tempfile.TemporaryDirectory() as place:
    ...     file, answers = Path(place, "double.toml"), Path(place, "answers")
    ...     answers.mkdir()
    ...     _ = file.write_text(problem_text(problem))
    ...     _ = (answers / "Ada.toml").write_text(answer_text(worked_answer(problem)))
    ...     _ = (answers / "Alan.toml").write_text("[iteration.1]\nweights = [1.0]\nbiases = [0.0]")
    ...     marks = mark_folder(file, answers)
    >>> [(each.file, each.right) for each in marks.answers], marks.mistakes
    ([('Ada.toml', True), ('Alan.toml', False)], [('biases-not-updated', 1)])
    """
    problem, folder = checks.path("problem file", problem), checks.path("folder", folder)
    if not folder.is_dir():
        raise InputError("folder", "be a folder that exists", repr(str(folder)), "Check its name.")
    progress = truth("progress", progress)
    if processes is not None:
        processes = whole("number of processes", processes, 1, "Leave it out for as many as there are cores.")
    problems = problems_in(problem) if problem.is_dir() else None
    files = sorted(path for path in folder.iterdir() if _is_answer(path) and not _is_own_problem(path, problem))
    if not files:
        raise InputError("folder", "hold answers (.toml, .json or .csv)", f"none in {str(folder)!r}", "Check its name.")
    if problems is None:
        read_problem(problem)  # so that what is wrong with it is an error, not one for each answer
    jobs = [_job(file, problem, problems) for file in files]
    if processes is None:
        processes = 1 if len(jobs) < WORTH_PROCESSES else _cores()
    answers = _marked(jobs, processes, progress=progress)
    if problems is None:
        return FolderMarks(tuple(answers))
    answered = {job.problem for job in jobs}
    missing = sorted(title(path) for path in set(problems.values()) - answered)
    return FolderMarks(tuple(_with_own_problems(answers, jobs, problems)), tuple(missing))


def _is_answer(path: Path) -> bool:
    """Whether a file is an answer: not hidden, and not a matrix beside one (a CSV file that is an answer names its table)."""
    if path.name.startswith(".") or path.suffix.lower() not in SUFFIXES:
        return False
    return path.suffix.lower() != ".csv" or any(word in TABLES for word in path.stem.split("."))


def _is_own_problem(path: Path, problem: Path) -> bool:
    """Whether a file among the answers is the problem that they answer, or a problem of the folder that holds both.

    Parameters
    ----------
    path : the file.
    problem : as in `mark_folder`.
    """
    if problem.is_dir():
        return path.parent.resolve() == problem.resolve() and is_problem(path)
    return path.resolve() == problem.resolve()


class Job(NamedTuple):
    """An answer to mark.

    Attributes
    ----------
    problem : the problem file that it answers; an empty path where none is found.
    file : the answer file.
    error : why it cannot be read; empty where it can.
    """

    problem: Path
    file: Path
    error: str = ""


def _job(file: Path, problem: Path, problems: Mapping[str, Path] | None) -> Job:
    try:
        own = problem if problems is None else problem_for(file, problems)
    except InputError as error:
        return Job(Path(), file, str(error))
    if file.is_file():
        return Job(own, file)
    found = "a folder" if file.is_dir() else "a link to nothing" if file.is_symlink() else "not a file"
    return Job(own, file, str(AnswerError(str(file), f"This is {found}. Put the answer itself there.")))


def _marked(jobs: list[Job], processes: int, *, progress: bool) -> list[MarkedAnswer]:
    update, close = bar("Marking", len(jobs)) if progress else (lambda _done, _cost: None, lambda: None)
    found = []
    try:
        for answer in _in_order(jobs, processes):
            found.append(answer)
            update(len(found), float("nan"))
    finally:
        close()
    return found


def _in_order(jobs: list[Job], processes: int) -> Iterator[MarkedAnswer]:
    mark = _Marker()
    if processes == 1:
        yield from map(mark, jobs)
        return
    with ProcessPoolExecutor(processes) as pool:
        yield from pool.map(mark, jobs, chunksize=CHUNK)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _Marker:
    """Marks answers, and keeps the problems that it has read: most answers have the same."""

    def __init__(self) -> None:
        self.problems: dict[Path, Problem] = {}

    def __call__(self, job: Job) -> MarkedAnswer:
        if job.error:
            return MarkedAnswer(job.file.name, error=job.error)
        try:
            path = job.problem.resolve()
            if path not in self.problems:
                self.problems[path] = read_problem(job.problem)
            return MarkedAnswer(job.file.name, check(self.problems[path], job.file))
        except DeltaruleError as error:
            return MarkedAnswer(job.file.name, error=str(error))


def _with_own_problems(
    answers: list[MarkedAnswer], jobs: list[Job], problems: Mapping[str, Path]
) -> Iterator[MarkedAnswer]:
    """The answers, where those to another problem name the problem of the folder that they answer."""
    others: dict[str, Problem] = {}
    for answer, job in zip(answers, jobs, strict=True):
        if ANOTHER_PROBLEM.name not in answer.mistakes:
            yield answer
            continue
        others = others or {title(path): read_problem(path) for path in set(problems.values())}
        own = next((name for name in sorted(others) if answers_problem(others[name], job.file)), None)
        yield replace(answer, answers=own)
