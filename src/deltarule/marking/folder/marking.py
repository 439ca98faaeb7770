"""`mark_folder`: the marks of every answer in a folder, by as many processes as there are cores."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial
from multiprocessing import current_process
from pathlib import Path
from typing import NamedTuple

from deltarule import checks
from deltarule.checks import instance, truth, whole
from deltarule.class_list import ClassList
from deltarule.errors import AnswerError, DeltaruleError, InputError
from deltarule.marking.answer.file import SUFFIXES
from deltarule.marking.checking import answers_problem, check_file
from deltarule.marking.folder.downloads import handed_in
from deltarule.marking.folder.giving import Given, one_each, to_students
from deltarule.marking.folder.marked import FolderMarks, MarkedAnswer
from deltarule.marking.folder.packed import is_zip
from deltarule.marking.folder.pairing import has_problem, is_problem, problem_for, problem_of, problems_in, title
from deltarule.marking.folder.whose import Roll
from deltarule.marking.folder.workers import worked
from deltarule.marking.grading.another_problem import fits_badly
from deltarule.marking.mistakes.recognised import ANOTHER_PROBLEM
from deltarule.marking.rework.exercise import Exercise
from deltarule.problem import Problem, read_problem
from deltarule.typeset.progress import bar

# With fewer answers, this process is done before others have started.
WORTH_PROCESSES = 40


def mark_folder(
    problem: str | os.PathLike[str],
    folder: str | os.PathLike[str],
    *,
    progress: bool = False,
    processes: int | None = None,
    root: str | os.PathLike[str] | None = None,
    class_list: ClassList | None = None,
) -> FolderMarks:
    r"""Mark every answer of a folder.

    Parameters
    ----------
    problem : a problem file that all answer; or a folder of problems, of which each answer has the one of its name.
    folder : the answers: files of the forms that answers have (a .csv file is one if its name says which part it is), in the folder
        or each in a folder of its own; or a zip file of them; also as Moodle, Canvas, Blackboard and Gradescope download them.
        Hidden files are passed over, and so are the problems themselves where they lie in it. Whatever is in an answer, or kills
        the process that marks it, the others are marked; it is named with the reason.
    progress : whether to show a bar.
    processes : how many work; None: as many as there are cores, or this one alone for fewer than 40 answers.
    root : the folder that the tables of problems must lie in; None: that of each problem.
    class_list : what `deltarule.class_list.read_class_list` gives: each answer is given to its student, by an id or by the name,
        and of several the latest is taken.

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
    ...     wrong = "weight_gradient = [-10]\nbias_gradient = [-6]\nweights = [-1.0]\nbiases = [-0.6]"
    ...     _ = (answers / "Alan.toml").write_text(f"[iteration.1]\n{wrong}")
    ...     marks = mark_folder(file, answers)
    >>> [(each.file, each.right) for each in marks.answers], marks.mistakes
    ([('Ada.toml', True), ('Alan.toml', False)], [('ascent', 1)])
    """
    problem, folder = checks.path("problem file", problem), checks.path("folder", folder)
    root = None if root is None else checks.path("root", root)
    progress = truth("progress", progress)
    if processes is not None:
        processes = whole("number of processes", processes, 1, "Leave it out for as many as there are cores.")
    if class_list is not None:
        instance("class list", class_list, ClassList, "Give what read_class_list gives.")
    read = partial(read_problem, root=root)
    problems = problems_in(problem) if os.path.isdir(problem) else None  # noqa: PTH112 - it raises nothing
    titles = {} if problems is None else problems
    roll = None if class_list is None else Roll(class_list)
    with handed_in(folder, lambda name: has_problem(name, titles) or (roll is not None and roll.has(name))) as (
        everything,
        notes,
    ):
        found = [each for each in everything if not _is_own_problem(each.path, problem)]
        given = one_each(found) if class_list is None else to_students(found, class_list)
        if not given:
            rule = f"hold answers ({', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]})"
            name, remedy = ("zip file", "Look into it.") if is_zip(folder) else ("folder", "Check its name.")
            raise InputError(name, rule, f"none in {str(folder)!r}", remedy)
        if problems is None:
            read(problem)  # so that what is wrong with it is an error, not one for each answer
        jobs = [_job(each, problem, problems) for each in given]
        if current_process().daemon or (processes is None and len(jobs) < WORTH_PROCESSES):
            processes = 1  # a process that ends with its parent ("daemon") may start none
        elif processes is None:
            processes = _cores()
        answers = _marked(jobs, _Marker(read), processes, progress=progress)
        if problems is not None:
            answers = list(_with_own_problems(answers, jobs, problems, read))
    answers = [replace(each, students=own.students, note=own.note) for each, own in zip(answers, given, strict=True)]
    told = (*(() if class_list is None else class_list.notes), *notes)
    if class_list is not None:
        having = {id(student) for each in given for student in each.students}
        listed = zip(class_list.students, class_list.labels, strict=True)
        missing = [label for student, label in listed if id(student) not in having]
    else:
        missing = sorted(title(path) for path in {*titles.values()} - {job.problem for job in jobs})
    return FolderMarks(tuple(answers), tuple(missing), class_list, told)


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
    root : the folder that it must lie in, wherever a link may point.
    shown : what it is called.
    error : why it cannot be read; empty where it can.
    may_be_shown : whether the student may be told the error.
    """

    problem: Path
    file: Path
    root: Path
    shown: str
    error: str = ""
    may_be_shown: bool = True


def _job(given: Given, problem: Path, problems: Mapping[str, Path] | None) -> Job:
    each = given.handed_in
    try:
        own = problem if problems is None else _own_problem(given, problems)
    except InputError as error:
        return Job(Path(), each.path, each.root, each.shown, str(error), may_be_shown=False)
    if each.error:
        why = str(AnswerError(each.shown, f"{each.error.removesuffix('.')}."))
        return Job(own, each.path, each.root, each.shown, why)
    # Those of `os.path` raise nothing, whatever a link points at.
    is_file, is_folder, exists = (test(each.path) for test in (os.path.isfile, os.path.isdir, os.path.exists))
    if is_file:
        return Job(own, each.path, each.root, each.shown)
    found = "a folder" if is_folder else "not a file" if exists else "a link to nothing"
    why = str(AnswerError(str(each.path), f"This is {found}. Put the answer itself there."))
    return Job(own, each.path, each.root, each.shown, why)


def _own_problem(given: Given, problems: Mapping[str, Path]) -> Path:
    """The problem that an answer is to: that of the student, or of the name that a file or a platform has."""
    if given.students:
        # Of several students of one name each has a problem of the name and an id.
        named = [each.label if has_problem(each.label, problems) else each.name for each in given.students]
        own = {problem_of(name, problems) for name in named}
        if len(own) > 1:
            names = " and ".join(student.name for student in given.students)
            raise InputError("answer", "be that of one problem", f"one of {names}, who have two", "Hand in one each.")
        return own.pop()
    if given.handed_in.by_platform:
        owner = given.handed_in.owners[0]
        by_name = bool(owner.names) and not has_problem(owner.label, problems)
        return problem_of(owner.names[0] if by_name else owner.label, problems)
    top, _, below = given.handed_in.shown.partition("/")
    return problem_of(top, problems) if below else problem_for(Path(top), problems)


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
    return MarkedAnswer(job.shown, error=str(AnswerError(job.shown, sentence)))


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _Marker:
    """Marks answers, and keeps the exercises of the problems that it has read: most answers have the same.

    Parameters
    ----------
    read : reads a problem file.
    """

    def __init__(self, read: Callable[[Path], Problem]) -> None:
        self.read = read
        self.exercises: dict[str, tuple[Exercise, str]] = {}

    def __call__(self, job: Job) -> MarkedAnswer:
        if job.error:
            return MarkedAnswer(job.shown, error=job.error, may_be_shown=job.may_be_shown)
        try:
            path = os.path.realpath(job.problem)
            if path not in self.exercises:
                problem = self.read(job.problem)
                self.exercises[path] = Exercise.of(problem), problem.title
            exercise, own_title = self.exercises[path]
            marks = check_file(exercise, job.file, job.root)
            return MarkedAnswer(job.shown, marks, title=own_title)
        except AnswerError as error:
            # An answer that was copied is called by the name that it was handed in with.
            copied = job.shown != job.file.name
            return MarkedAnswer(job.shown, error=str(AnswerError(job.shown, error.why) if copied else error))
        except DeltaruleError as error:
            return MarkedAnswer(job.shown, error=str(error), may_be_shown=False)
        except Exception as error:  # noqa: BLE001 - whatever is in it, the others are marked
            return MarkedAnswer(job.shown, error=_unexpected(job, error), traceback=traceback.format_exc())


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
    return str(AnswerError(job.shown, sentence))


def _with_own_problems(
    answers: list[MarkedAnswer],
    jobs: list[Job],
    problems: Mapping[str, Path],
    read: Callable[[Path], Problem],
) -> Iterator[MarkedAnswer]:
    """The answers, where those to another problem name the problem of the folder that they answer."""
    others: dict[str, Problem] | None = None
    for answer, job in zip(answers, jobs, strict=True):
        if answer.marks is None or not fits_badly(answer.marks.parts):
            yield answer
            continue
        if others is None:
            others = dict(_readable(problems, read))
        own = next((name for name in sorted(others) if answers_problem(others[name], job.file, job.root)), None)
        if own is None:
            yield answer
            continue
        # That it answers another problem explains it better than any mistake. It is no guess here: its U is that of the other one.
        said = replace(ANOTHER_PROBLEM.finding(answer.marks.parts[0].part), is_mistake=True)
        yield replace(answer, marks=replace(answer.marks, mistakes=(said,), alternatives=False), answers=own)


def _readable(problems: Mapping[str, Path], read: Callable[[Path], Problem]) -> Iterator[tuple[str, Problem]]:
    """The names and the problems of those that can be read."""
    for path in set(problems.values()):
        with suppress(DeltaruleError):  # is said where an answer has this problem
            yield title(path), read(path)
