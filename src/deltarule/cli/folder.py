"""`deltarule check` of a folder of answers: a table for the instructor, and which mistakes are commonest."""

from __future__ import annotations

from pathlib import Path

from deltarule.cli.output import PAGE_SUFFIXES, Output, check_outputs, echo, print_json, print_lines, width
from deltarule.files import write_whole
from deltarule.marking.folder import mark_folder
from deltarule.marking.report.folder import folder_lines, folder_page


def check_folder(problem: Path, folder: Path, *, page: Path | None, json: bool) -> int:
    """Mark all answers of a folder, print the marks, and give the exit code: 0 where all are right, 1 where not.

    Parameters
    ----------
    problem : one problem file, or a folder with a problem for each answer.
    folder : the answers.
    page : where the table is written as a page; None: nowhere.
    json : whether to print one JSON document instead of the table.
    """
    check_outputs(Output("--page", page, PAGE_SUFFIXES))
    marks = mark_folder(problem, folder, progress=True)
    if page is not None:
        write_whole(page, folder_page(marks))
    if json:
        print_json(marks.to_dict())
    else:
        print_lines(folder_lines(marks, width()))
        if page is not None:
            echo(f"\nWritten: {page}")
    return 0 if marks.right else 1
