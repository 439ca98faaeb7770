"""`mark_folder`: the marks of every answer in a folder, by as many processes as there are cores."""

from __future__ import annotations

import os
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import current_process
from pathlib import Path
from typing import Any, NamedTuple

from deltarule import checks
from deltarule.checks import truth, whole
from deltarule.errors import AnswerError, DeltaruleError, InputError
from deltarule.marking.answer.file import SUFFIXES
from deltarule.marking.checking import answers_problem, check_file
from deltarule.marking.folder.pairing import is_problem, problem_for, problems_in, title
from deltarule.marking.folder.workers import worked
from deltarule.marking.marks import Marks
from deltarule.marking.mistakes.recognised import ANOTHER_PROBLEM
from deltarule.marking.parts import TABLES
from deltarule.marking.rework.exercise import Exercise
from deltarule.problem import Problem, read_problem
from deltarule.typeset.progress import bar
from deltarule.views import Shown

# With fewer answers, this process is done before others have started.
WORTH_PROCESSES = 40


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
    """

    file: str
    marks: Marks | None = None
    error: str = ""
    answers: str | None = None
    traceback: str = ""

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
    root: str | os.PathLike[str] | None = None,
) -> FolderMarks:
    r"""Mark every answer of a folder.

    Parameters
    ----------
    problem : a problem file that all answer; or a folder of problems, of which each answer has the one of its name.
    folder : the answers: .toml and .json files, and .csv files whose name says which part they are. Hidden files are passed over,
        and so are the problems themselves where they lie in it. Whatever is in an answer, or kills the process that marks it,
        the others are marked; it is named with the reason.
    progress : whether to show a bar.
    processes : how many work; None: as many as there are cores, or this one alone for fewer than 40 answers.
    root : the folder that the tables of problems must lie in; None: that of each problem.

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
    root = None if root is None else checks.path("root", root)
    progress = truth("progress", progress)
    if processes is not None:
        processes = whole("number of processes", processes, 1, "Leave it out for as many as there are cores.")
    read = partial(read_problem, root=root)
    problems = problems_in(problem) if os.path.isdir(problem) else None  # noqa: PTH112 - it raises nothing
    files = sorted(path for path in _entries(folder) if _is_answer(path) and not _is_own_problem(path, problem))
    if not files:
        raise InputError("folder", "hold answers (.toml, .json or .csv)", f"none in {str(folder)!r}", "Check its name.")
    if problems is None:
        read(problem)  # so that what is wrong with it is an error, not one for each answer
    jobs = [_job(file, problem, problems) for file in files]
    if current_process().daemon or (processes is None and len(jobs) < WORTH_PROCESSES):
        processes = 1  # a process that ends with its parent ("daemon") may start none
    elif processes is None:
        processes = _cores()
    answers = _marked(jobs, _Marker(folder, read), processes, progress=progress)
    if problems is None:
        return FolderMarks(tuple(answers))
    answered = {job.problem for job in jobs}
    missing = sorted(title(path) for path in set(problems.values()) - answered)
    return FolderMarks(tuple(_with_own_problems(answers, jobs, problems, folder, read)), tuple(missing))


def _entries(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError as error:
        got = f"{str(folder)!r} ({error.strerror})"
        raise InputError("folder", "be one that can be read", got, "Check its name and its permissions.") from None


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
    if os.path.isdir(problem):  # noqa: PTH112 - it raises nothing
        return os.path.realpath(path.parent) == os.path.realpath(problem) and is_problem(path)
    return os.path.realpath(path) == os.path.realpath(problem)


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
    # Those of `os.path` raise nothing, whatever a link points at.
    if os.path.isfile(file):  # noqa: PTH113
        return Job(own, file)
    found = "a folder" if os.path.isdir(file) else "not a file" if os.path.exists(file) else "a link to nothing"  # noqa: PTH110, PTH112
    return Job(own, file, str(AnswerError(str(file), f"This is {found}. Put the answer itself there.")))


def _marked(jobs: list[Job], mark: _Marker, processes: int, *, progress: bool) -> list[MarkedAnswer]:
    """The marks of all, in the order of the jobs; the other parameters are those of `mark_folder`."""
    update, close = bar("Marking", len(jobs)) if progress else (lambda _done, _cost: None, lambda: None)
    done = enumerate(map(mark, jobs)) if processes == 1 else worked(mark, jobs, processes, _given_up)
    found: dict[int, MarkedAnswer] = {}
    try:
        for place, answer in done:
            found[place] = answer
            update(len(found), float("nan"))
    finally:
        close()
    return [found[place] for place in range(len(jobs))]


def _given_up(job: Job, why: str) -> MarkedAnswer:
    sentence = f"It could not be marked: {why}. Mark it alone, or hand in a smaller one."
    return MarkedAnswer(job.file.name, error=str(AnswerError(job.file.name, sentence)))


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _Marker:
    """Marks answers, and keeps the exercises of the problems that it has read: most answers have the same.

    Parameters
    ----------
    root : the folder of the answers, out of which no link may lead.
    read : reads a problem file.
    """

    def __init__(self, root: Path, read: Callable[[Path], Problem]) -> None:
        self.root, self.read = root, read
        self.exercises: dict[str, Exercise] = {}

    def __call__(self, job: Job) -> MarkedAnswer:
        if job.error:
            return MarkedAnswer(job.file.name, error=job.error)
        try:
            path = os.path.realpath(job.problem)
            if path not in self.exercises:
                self.exercises[path] = Exercise.of(self.read(job.problem))
            return MarkedAnswer(job.file.name, check_file(self.exercises[path], job.file, self.root))
        except DeltaruleError as error:
            return MarkedAnswer(job.file.name, error=str(error))
        except Exception as error:  # noqa: BLE001 - whatever is in it, the others are marked
            return MarkedAnswer(job.file.name, error=_unexpected(job, error), traceback=traceback.format_exc())


def _unexpected(job: Job, error: Exception) -> str:
    """Why an answer is not marked that nobody foresaw."""
    what = (
        "it needs too much memory"
        if isinstance(error, MemoryError)
        else f"a fault of deltarule ({type(error).__name__})"
    )
    sentence = (
        f"It could not be marked: {what}. Look for figures or keys that nobody means to write, or ask your teacher."
    )
    return str(AnswerError(job.file.name, sentence))


def _with_own_problems(
    answers: list[MarkedAnswer],
    jobs: list[Job],
    problems: Mapping[str, Path],
    root: Path,
    read: Callable[[Path], Problem],
) -> Iterator[MarkedAnswer]:
    """The answers, where those to another problem name the problem of the folder that they answer."""
    others: dict[str, Problem] | None = None
    for answer, job in zip(answers, jobs, strict=True):
        if ANOTHER_PROBLEM.name not in answer.mistakes:
            yield answer
            continue
        if others is None:
            others = dict(_readable(problems, read))
        own = next((name for name in sorted(others) if answers_problem(others[name], job.file, root)), None)
        yield replace(answer, answers=own)


def _readable(problems: Mapping[str, Path], read: Callable[[Path], Problem]) -> Iterator[tuple[str, Problem]]:
    """The names and the problems of those that can be read."""
    for path in set(problems.values()):
        with suppress(DeltaruleError):  # is said where an answer has this problem
            yield title(path), read(path)
