"""`deltarule work`: one iteration of a problem or several, every matrix, in any form."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from deltarule.cli.output import check_writable, echo, listed, print_json, print_lines, width
from deltarule.errors import InputError
from deltarule.show.forms import FORMS

if TYPE_CHECKING:
    from deltarule.iteration import Iteration
    from deltarule.problem import Problem
    from deltarule.show.document import Document

FORMATS = (*FORMS, "json")
ENDINGS = {ending: name for name, form in FORMS.items() for ending in form.endings} | {".json": "json"}


def work(
    problem: Annotated[
        Path, typer.Argument(metavar="PROBLEM", help="A problem file (TOML).", show_default=False, readable=False)
    ],
    *,
    iteration: Annotated[
        str,
        typer.Option("--iteration", metavar="T", help="Which update to work, counted from 1; or several, as in 1:3."),
    ] = "1",
    form: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help=f"The form: {listed(FORMATS)}.",
            show_default="by the ending of --out, or terminal",
        ),
    ] = None,
    fragment: Annotated[
        bool, typer.Option("--fragment", help="LaTeX or HTML to paste into a document of your own.", show_default=False)
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="Write to this file instead of the terminal.", show_default=False),
    ] = None,
    rows: Annotated[
        int | None, typer.Option("--rows", metavar="N", help="Show this many patterns.", show_default="all, up to 30")
    ] = None,
    decimals: Annotated[
        int | None,
        typer.Option("--decimals", metavar="D", help="Decimals of the figures.", show_default="those of the problem"),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document: the same as --format json.")] = False,
) -> None:
    """Work an iteration as by hand: every formula, every matrix.

    Shows the formulas, the numbers put into them, and the layer after the update.
    The ending of the --out file chooses the form: .html, .tex, .md, .txt or .json.

    Example:  deltarule work problem.toml --iteration 1:3 --out steps.tex
    """
    from deltarule.checks import whole
    from deltarule.iteration import iterations
    from deltarule.problem import read_problem
    from deltarule.show.forms import rendered
    from deltarule.show.terminal import documents_lines
    from deltarule.typeset.figures import decimals_shown
    from deltarule.typeset.progress import bar

    form = _format("json" if json and form is None else form, out, fragment=fragment)
    first, last = _range(iteration)
    if rows is not None:
        whole("number of rows", rows, 1, "Leave out --rows to see all, up to 30.")
    if decimals is not None:
        decimals_shown(decimals)
    if out is not None:
        check_writable("file of --out", out)
    given = read_problem(problem)
    decimals = given.decimals if decimals is None else decimals
    update, close = bar("Working", last)
    try:
        worked = list(iterations(given.layer, given.X, given.targets, given.descent, first, last, progress=update))
    finally:
        close()
    if form == "json":
        _say_json(given, worked, out, several=first < last)
    elif form == "terminal" and out is None:
        print_lines(documents_lines(_documents(given, worked, rows, decimals), width()))
    else:
        _say(rendered(form, _documents(given, worked, rows, decimals), standalone=not fragment), out)
    if out is not None and not json:
        echo(f"Written: {out}")


def _format(form: str | None, out: Path | None, *, fragment: bool) -> str:
    """The form that --format names, or else that of the ending of the file's name."""
    from deltarule.checks import choice

    if form is not None:
        choice("format", form, FORMATS)
    elif out is not None:
        if out.suffix.lower() not in ENDINGS:
            raise InputError(
                "file of --out", f"end in {listed(list(ENDINGS))}", repr(out.name), "Or choose the form with --format."
            )
        form = ENDINGS[out.suffix.lower()]
    form = form or "terminal"
    if fragment and not (form in FORMS and FORMS[form].has_fragment):
        raise InputError(
            "fragment", "be of LaTeX or HTML", form, "Add --format latex or html, or leave out --fragment."
        )
    return form


def _range(text: str) -> tuple[int, int]:
    """The first and the last of T or of A:B."""
    found = re.fullmatch(r"\s*(-?\d+)\s*(?::\s*(-?\d+)\s*)?", text)
    if found is None:
        raise InputError("iteration", "be a whole number, or a range such as 1:3", repr(text), "Count from 1.")
    first = int(found[1])
    last = first if found[2] is None else int(found[2])
    if last < first:
        raise InputError("range of iterations", "go upwards", repr(text), f"Give {last}:{first}.")
    return first, last


def _documents(given: Problem, worked: list[Iteration], rows: int | None, decimals: int) -> list[Document]:
    from deltarule.show.document import iteration_document

    return [
        iteration_document(
            each,
            decimals,
            rows,
            title=given.title,
            input_names=given.input_names,
            neuron_names=given.target_names,
            patterns=len(given.X),
        )
        for each in worked
    ]


def _say_json(given: Problem, worked: list[Iteration], out: Path | None, *, several: bool) -> None:
    """One document; of several iterations, with a list of them."""
    from deltarule.json_values import json_text

    records = [each.to_dict() for each in worked]
    about = {"title": given.title, "kind": given.layer.kind}
    document = {**about, "iterations": records} if several else {**about, **records[0]}
    if out is None:
        print_json(document)
    else:
        _say(json_text(document) + "\n", out)


def _say(text: str, out: Path | None) -> None:
    from deltarule.files import write_whole

    if out is None:
        echo(text, end="")
    else:
        write_whole(out, text)
