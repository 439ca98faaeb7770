"""`deltarule check`: marks an answer, or a folder of them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from deltarule.cli.output import Root, print_json, print_lines, width
from deltarule.cli.written import PAGE_SUFFIXES, Output, check_suffixes, write_outputs
from deltarule.errors import InputError

WRONG = 1  # exit code of an answer that is not right


def check(
    problem: Annotated[
        Path,
        typer.Argument(
            metavar="PROBLEM", help="A problem file (TOML), or a folder.", show_default=False, readable=False
        ),
    ],
    answer: Annotated[
        Path,
        typer.Argument(
            metavar="ANSWER",
            help="An answer (TOML, JSON, CSV, text, notebook), a folder, or a zip file.",
            show_default=False,
            readable=False,
        ),
    ],
    *,
    hint: Annotated[
        int,
        typer.Option(
            "--hint", count=True, show_default=False, help="Only where; twice: what kind; three times: the number."
        ),
    ] = 0,
    page: Annotated[
        Path | None,
        typer.Option(
            "--page",
            metavar="PATH",
            help="Write the marks as a page (HTML); of a folder, into a new folder, a page for each student and an index.",
            show_default=False,
        ),
    ] = None,
    class_list: Annotated[
        Path | None,
        typer.Option(
            "--list",
            metavar="LIST",
            help="A class list (CSV, as Moodle or Canvas give it).",
            show_default=False,
        ),
    ] = None,
    names: Annotated[
        list[str] | None,
        typer.Option(
            "--names",
            metavar="COLUMN",
            help="The column of names in the list: its heading or its place; give it again to join another.",
            show_default="those headed name, or first and last name",
        ),
    ] = None,
    ids: Annotated[
        list[str] | None,
        typer.Option(
            "--id",
            metavar="COLUMN",
            help="A column of ids in the list, if its heading is unusual.",
            show_default=False,
        ),
    ] = None,
    grades: Annotated[
        Path | None,
        typer.Option(
            "--grades", metavar="FILE", help="Write the marks of a class as CSV for a gradebook.", show_default=False
        ),
    ] = None,
    grades_for: Annotated[
        str,
        typer.Option(
            "--grades-for",
            metavar="FORM",
            help="moodle, canvas, or table (all columns of the list).",
            show_default="what the list is",
        ),
    ] = "",
    grade: Annotated[
        str,
        typer.Option(
            "--grade", metavar="COLUMN", help="The column of grades: in Canvas the assignment.", show_default=False
        ),
    ] = "",
    root: Root = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Mark an answer worked by hand, and name the mistake.

    Exit code 0 where all is right, 1 where not. Give a folder of answers to mark
    them all, or what Moodle, Canvas, Blackboard or Gradescope download; with a
    folder of problems, each answer has the problem of its name.

    Example:  deltarule check problem.toml answer.toml

    A class:  deltarule check problem.toml download.zip --list participants.csv --page feedback --grades grades.csv
    """
    several = answer.is_dir() or (answer.suffix.lower() == ".zip" and answer.exists())
    if hint and (json or page is not None or several):
        beside = "--json" if json else "--page" if page is not None else "a folder"
        remedy = f"Leave out {'one of them' if beside != 'a folder' else '--hint'}."
        raise InputError("option --hint", "stand alone, since the other tells everything", beside, remedy)
    from deltarule.files import nearest_file, write_whole
    from deltarule.marking import check as mark
    from deltarule.marking.answer.file import SUFFIXES
    from deltarule.marking.report.hints import hint_lines
    from deltarule.marking.report.text import marks_lines
    from deltarule.problem import read_problem
    from deltarule.typeset.columns import Line, wrapped

    if not answer.exists():
        raise InputError("answer", "be a file or folder that exists", repr(str(answer)), nearest_file(answer, SUFFIXES))
    if several:
        from deltarule.cli.folder import ClassOptions, check_folder

        options = ClassOptions(class_list, names or [], ids or [], grades, grades_for, grade)
        raise typer.Exit(check_folder(problem, answer, page=page, root=root, json=json, options=options))
    of_class = {
        "list": class_list,
        "names": names,
        "id": ids,
        "grades": grades,
        "grades-for": grades_for,
        "grade": grade,
    }
    for option, value in of_class.items():
        if value:
            got = repr(str(answer))
            raise InputError(
                f"option --{option}", "go with a class: a folder or a zip file of answers", got, "Leave it out."
            )
    check_suffixes(Output("--page", page, PAGE_SUFFIXES))
    if problem.is_dir():
        from deltarule.marking.folder.pairing import problem_for, problems_in

        problem = problem_for(answer, problems_in(problem))
    given = read_problem(problem, root=root)
    marks = mark(given, answer, progress=True)
    if json:
        print_json({"title": given.title, **marks.to_dict()})
    elif hint:
        print_lines(hint_lines(marks, hint, width()))
    else:
        print_lines([*wrapped(given.title, width(), style="bold"), Line(""), *marks_lines(marks, width())])
    if page is not None:
        from deltarule.marking.report.page import marks_page

        write_outputs([(page, lambda: write_whole(page, marks_page(marks, given.title, answer.name)))], quiet=json)
    raise typer.Exit(0 if marks.right else WRONG)
