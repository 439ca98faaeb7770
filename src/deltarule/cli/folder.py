"""`deltarule check` of a folder of answers: a table for the instructor, and which mistakes are commonest."""

from __future__ import annotations

from pathlib import Path

from deltarule.cli.output import debug, echo, print_json, print_lines, width
from deltarule.cli.written import PAGE_SUFFIXES, Output, check_suffixes, write_outputs
from deltarule.files import note_input, write_whole
from deltarule.marking.answer.file import SUFFIXES
from deltarule.marking.folder import mark_folder
from deltarule.marking.report.folder import folder_lines, folder_page


def check_folder(problem: Path, folder: Path, *, page: Path | None, root: Path | None, json: bool) -> int:
    """Mark all answers of a folder, print the marks, and give the exit code: 0 where all are right, 1 where not.

    Parameters
    ----------
    problem : one problem file, or a folder with a problem for each answer.
    folder : the answers.
    page : where the table is written as a page; None: nowhere.
    root : the folder that the tables of problems must lie in; None: that of each problem.
    json : whether to print one JSON document instead of the table.
    """
    check_suffixes(Output("--page", page, PAGE_SUFFIXES))
    marks = mark_folder(problem, folder, progress=True, root=root)
    for fault in (each.traceback for each in marks.answers if debug.get()):
        echo(fault, err=True, end="")
    if json:
        print_json(marks.to_dict())
    else:
        print_lines(folder_lines(marks, width()))
    if page is not None:
        # Other processes have read them.
        for file in (problem, *folder.iterdir(), *(problem.iterdir() if problem.is_dir() else ())):
            if file.suffix.lower() in SUFFIXES:
                note_input(file)
        write_outputs([(page, lambda: write_whole(page, folder_page(marks)))], quiet=json)
    return 0 if marks.right else 1
