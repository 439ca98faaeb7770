"""`deltarule check` of a class: a table for the instructor, pages for the students, and grades for a gradebook."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from deltarule.class_list import ClassList, read_class_list
from deltarule.cli.output import debug, echo, listed, print_json, print_lines, width
from deltarule.cli.written import PAGE_SUFFIXES, Output, check_outputs, check_suffixes, write_outputs
from deltarule.errors import InputError
from deltarule.files import check_new, note_input, write_whole
from deltarule.marking.answer.file import SUFFIXES
from deltarule.marking.folder import FolderMarks, mark_folder
from deltarule.marking.report.feedback import write_feedback
from deltarule.marking.report.folder import folder_lines, folder_page
from deltarule.marking.report.grades import FORMS, GRADEBOOKS, grades_text, needs_list


class ClassOptions(NamedTuple):
    """The options of a class.

    Attributes
    ----------
    class_list : the list's file; None without one.
    names, ids : headings or places of columns of the list.
    grades : where the grades are written; None: nowhere.
    grades_for : the form of the grades; "" for what the list is.
    grade : the column of grades; "" for the usual one.
    """

    class_list: Path | None
    names: Sequence[str]
    ids: Sequence[str]
    grades: Path | None
    grades_for: str
    grade: str


def check_folder(
    problem: Path, folder: Path, *, page: Path | None, root: Path | None, json: bool, options: ClassOptions
) -> int:
    """Mark all answers of a folder or a zip file, print the marks, and give the exit code: 0 where all are right, 1 where not.

    Parameters
    ----------
    problem : one problem file, or a folder with a problem for each answer.
    folder : the answers.
    page : where the table is written as a page, or the new folder of the students' pages; None: nowhere.
    root : the folder that the tables of problems must lie in; None: that of each problem.
    json : whether to print one JSON document instead of the table.
    options : of the class.
    """
    _check(page, options)
    students = _students(options)
    if options.grade:  # a heading that the list does not have is told before the work, of which nothing would be kept
        grades_text(FolderMarks((), class_list=students), options.grades_for, options.grade)
    marks = mark_folder(problem, folder, progress=True, root=root, class_list=students)
    # Other processes have read them.
    for place in (problem, folder):
        for file in [place, *(place.rglob("*") if place.is_dir() and (page or options.grades) else ())]:
            if file.suffix.lower() in (*SUFFIXES, ".zip"):
                note_input(file)
    for fault in (each.traceback for each in marks.answers if debug.get()):
        echo(fault, err=True, end="")
    if json:
        print_json(marks.to_dict())
    else:
        print_lines(folder_lines(marks, width()))
    files = [*_pages(page, marks), *_grades(options, marks)]
    if files:
        write_outputs(files, quiet=json)
    return 0 if marks.right else 1


def _is_folder(page: Path) -> bool:
    """Whether a folder of pages is meant: a name without an ending, or with none that pages have if it is one."""
    return not page.suffix or (page.suffix.lower() not in PAGE_SUFFIXES and page.is_dir())


def _check(page: Path | None, options: ClassOptions) -> None:
    """Errors of use, before the work."""
    if options.grades is None and (options.grades_for or options.grade):
        option = "--grades-for" if options.grades_for else "--grade"
        raise InputError(f"option {option}", "go with --grades FILE", "none", "Say where the grades are written.")
    if options.class_list is None and (options.names or options.ids):
        option = "--names" if options.names else "--id"
        raise InputError(f"option {option}", "go with --list LIST", "none", "Say which class list it is of.")
    if options.grades_for not in ("", *FORMS):
        raise InputError("form of the grades", f"be {listed(FORMS)}", repr(options.grades_for), "Correct it.")
    if options.grades_for in GRADEBOOKS and options.class_list is None:
        raise needs_list(options.grades_for)
    grades = Output("--grades", options.grades, (".csv",))
    check_suffixes(grades)
    if page is not None and _is_folder(page):
        check_new(page)
    else:
        check_suffixes(Output("--page", page, PAGE_SUFFIXES))
    if options.grades is not None:
        check_outputs(grades)


def _students(options: ClassOptions) -> ClassList | None:
    if options.class_list is None:
        return None
    return read_class_list(options.class_list, [*options.names] or None, ids=options.ids)


def _pages(page: Path | None, marks: FolderMarks) -> list[tuple[Path, Callable[[], object]]]:
    if page is None:
        return []
    if _is_folder(page):
        return [(page, lambda: write_feedback(page, marks))]
    return [(page, lambda: write_whole(page, folder_page(marks)))]


def _grades(options: ClassOptions, marks: FolderMarks) -> list[tuple[Path, Callable[[], object]]]:
    path = options.grades
    if path is None:
        return []
    return [(path, lambda: write_whole(path, grades_text(marks, options.grades_for, options.grade)))]
