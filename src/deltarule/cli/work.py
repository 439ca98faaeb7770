"""`deltarule work`: one iteration of a problem or several, every matrix, in any form."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from deltarule.cli.output import (
    Out,
    ProblemFile,
    Root,
    echo,
    listed,
    print_document,
    print_json,
    print_lines,
    print_notes,
    width,
)
from deltarule.cli.written import check_writable, chosen_form
from deltarule.errors import InputError
from deltarule.show.forms import FORMS

if TYPE_CHECKING:
    from deltarule.iteration import Iteration
    from deltarule.problem import Problem
    from deltarule.show.document import Document

FORMATS = (*FORMS, "json")
# Iterations that are worked at once, and the figures in all of them: some hundred MB as text.
MOST_ITERATIONS, MOST_FIGURES = 1000, 5_000_000
ENDINGS = {ending: name for name, form in FORMS.items() for ending in form.endings} | {".json": "json"}


def work(
    problem: ProblemFile,
    *,
    iteration: Annotated[
        str,
        typer.Option(
            "--iteration",
            metavar="T",
            help="Which update to work, counted from 1; or several, as in 1:3, at most 1000.",
        ),
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
    out: Out = None,
    rows: Annotated[
        int | None, typer.Option("--rows", metavar="N", help="Show this many patterns.", show_default="all, up to 30")
    ] = None,
    decimals: Annotated[
        int | None,
        typer.Option("--decimals", metavar="D", help="Decimals of the figures.", show_default="those of the problem"),
    ] = None,
    root: Root = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document, whatever --out holds.")] = False,
) -> None:
    """Work an iteration as by hand: every formula, every matrix.

    Shows the formulas, the numbers put into them, and the layer after the update.
    The ending of the --out file chooses the form: .html, .tex, .md, .txt or .json.

    Example:  deltarule work problem.toml --iteration 1:3 --out steps.tex
    """
    from deltarule.checks import whole
    from deltarule.files import write_whole
    from deltarule.iteration import iterations
    from deltarule.json_values import json_text
    from deltarule.problem import read_problem
    from deltarule.show.forms import rendered
    from deltarule.show.terminal import documents_lines
    from deltarule.typeset.figures import decimals_shown
    from deltarule.typeset.progress import bar

    form = _format(form, out, fragment=fragment, json=json)
    first, last = _range(iteration)
    if rows is not None:
        whole("number of rows", rows, 1, "Leave out --rows to see all, up to 30.")
    if decimals is not None:
        decimals_shown(decimals)
    given = read_problem(problem, root=root)
    if out is not None:
        check_writable("file of --out", out)
    print_notes(given.remarks)
    decimals = given.decimals if decimals is None else decimals
    _check_size(given, last - first + 1)
    update, close = bar("Working", last)
    try:
        task = (given.layer, given.X, given.targets, given.descent)
        worked = list(iterations(*task, first, last, progress=update, conventions=given.conventions))
    finally:
        close()
    about = {"title": given.title, "kind": given.layer.kind}
    if json or (form == "json" and out is None):
        print_json(_document(about, worked, several=first < last))
    elif form == "terminal" and out is None:
        print_lines(documents_lines(_documents(given, worked, rows, decimals), width()))
    elif out is None:
        print_document(rendered(form, _documents(given, worked, rows, decimals), standalone=not fragment), end="")
    if out is not None:
        if form == "json":
            text = json_text(_document(about, worked, several=first < last)) + "\n"
        else:
            text = rendered(form, _documents(given, worked, rows, decimals), standalone=not fragment)
        write_whole(out, text)
        if not json:
            echo(f"Written: {out}")


def _format(form: str | None, out: Path | None, *, fragment: bool, json: bool) -> str:
    """The form that --format names, or else that of the ending of the file's name, or of --json."""
    if json and form not in (None, "json") and out is None:
        raise InputError("format", "be json beside --json", repr(form), "Leave out one of them, or add --out.")
    if json and out is None:
        form = "json"
    form = chosen_form(form, out, ENDINGS) or "terminal"
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
    first, last = (_number(text) for text in (found[1], found[2] or found[1]))
    if last < first:
        raise InputError("range of iterations", "go upwards", repr(text), f"Give {last}:{first}.")
    return first, last


def _number(text: str) -> int:
    """A whole number of up to 18 digits: no descent has more updates."""
    if len(text) > 18:
        raise InputError("iteration", "be a number of at most 18 digits", f"{len(text)} digits", "Count from 1.")
    return int(text)


def _check_size(given: Problem, count: int) -> None:
    """Raise an `InputError` where so many iterations are more than anyone reads, or make more figures than memory holds well."""
    per_pattern = 4 * given.layer.neurons + 4  # U, Y, slopes and delta; targets, predictions, costs
    batch = min(given.descent.batch_size or len(given.X), len(given.X))
    figures = batch * per_pattern + 4 * given.layer.weights.size
    most = max(1, min(MOST_ITERATIONS, MOST_FIGURES // figures))
    if count > most:
        raise InputError(
            "range of iterations", f"hold at most {most:,} of this problem", f"{count:,}", "Work them in parts."
        )


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


def _document(about: dict[str, Any], worked: list[Iteration], *, several: bool) -> dict[str, Any]:
    """One document; of several iterations, with a list of them."""
    records = [each.to_dict() for each in worked]
    return {**about, "iterations": records} if several else {**about, **records[0]}
