"""`deltarule template`: a blank answer to a problem, to be filled in."""

from __future__ import annotations

from typing import Annotated

import typer

from deltarule.cli.output import Out, ProblemFile, Root, echo, listed, print_document, print_json
from deltarule.cli.written import check_writable, chosen_form

ENDINGS = {".toml": "toml", ".json": "json", ".md": "markdown"}


def template(
    problem: ProblemFile,
    *,
    form: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help=f"The form: {listed([*ENDINGS.values()])}.",
            show_default="by the ending of --out, or toml",
        ),
    ] = None,
    out: Out = None,
    root: Root = None,
    json: Annotated[bool, typer.Option("--json", help="Print the blank answer as one JSON document.")] = False,
) -> None:
    """Write a blank answer: what is asked for, to be filled in.

    It has the keys and the shapes of what the problem asks for in [marking], or
    else of iteration 1. What stays blank counts as not answered.

    Example:  deltarule template problem.toml --out answer.toml
    """
    from deltarule.checks import choice
    from deltarule.files import write_whole
    from deltarule.marking.answer.blank_answer import blank_answer
    from deltarule.marking.answer.blank_answer import template as template_text
    from deltarule.problem import read_problem

    form = chosen_form("json" if json and out is None and form is None else form, out, ENDINGS) or "toml"
    if json and out is None:
        choice("format", form, ("json",))
    given = read_problem(problem, root=root)
    text = template_text(given, form)
    if out is not None:
        check_writable("file of --out", out)
        write_whole(out, text)
    if json:
        print_json(blank_answer(given))
    elif out is None:
        print_document(text, end="")
    else:
        echo(f"Written: {out}")
