"""`deltarule new`: a problem for hand-work, or another for each student of a class."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from deltarule.cli.output import echo, print_json, print_notes
from deltarule.errors import InputError

if TYPE_CHECKING:
    from deltarule.setting import ProblemRequest, WrittenProblem


def new(
    *,
    layer: Annotated[
        str, typer.Option("--layer", metavar="KIND", help="softmax, logistic, perceptron or linear.", show_default=True)
    ] = "softmax",
    patterns: Annotated[int, typer.Option("--patterns", metavar="P", help="How many.", show_default=True)] = 8,
    inputs: Annotated[int, typer.Option("--inputs", metavar="N", help="How many.", show_default=True)] = 2,
    classes: Annotated[
        int | None,
        typer.Option("--classes", metavar="C", help="How many, of a softmax or logistic layer; 3 if left out."),
    ] = None,
    neurons: Annotated[
        int | None,
        typer.Option("--neurons", metavar="K", help="How many, of a perceptron or linear layer; 2 if left out."),
    ] = None,
    separable: Annotated[
        bool | None,
        typer.Option(
            "--separable/--overlapping", help="Whether some layer is right on all patterns; separable if left out."
        ),
    ] = None,
    one_decimal: Annotated[
        bool, typer.Option("--one-decimal", help="Inputs such as -1.3 instead of whole numbers.", show_default=False)
    ] = False,
    learning_rate: Annotated[
        float | None,
        typer.Option("--learning-rate", metavar="A", help="Of the descent; one that suits the sizes if left out."),
    ] = None,
    epochs: Annotated[int, typer.Option("--epochs", metavar="E", help="Of the descent.", show_default=True)] = 1000,
    decimals: Annotated[int, typer.Option("--decimals", metavar="D", help="Of all figures.", show_default=True)] = 2,
    seed: Annotated[
        int, typer.Option("--seed", metavar="S", help="Another number makes another problem.", show_default=True)
    ] = 0,
    students: Annotated[
        Path | None,
        typer.Option("--for", metavar="LIST", help="A text or CSV file of names: one problem for each."),
    ] = None,
    names: Annotated[
        list[str] | None,
        typer.Option(
            "--names",
            metavar="COLUMN",
            help="The column of names in a CSV list: its heading or its place; give it again to join another.",
            show_default="the one headed name",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="PATH", help="The problem file (problem.toml if left out); with --for a folder (problems)."
        ),
    ] = None,
    forms: Annotated[
        str,
        typer.Option(
            "--forms",
            metavar="FORM,...",
            help="Of sheets and solutions: html, latex, markdown, terminal.",
            show_default=True,
        ),
    ] = "html",
    marking: Annotated[
        Path | None,
        typer.Option(
            "--marking", metavar="FILE", help="A TOML file whose [marking] and [conventions] go into each problem."
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print what was written as one JSON document.")] = False,
) -> None:
    """Set problems: one, or another for each student of a class.

    Inputs are small. In the first two iterations everyone who makes no
    mistake rounds every figure alike, and every step that can be forgotten shows.
    Writes the problem (TOML); into handouts/ the problem, a sheet to print and
    a blank answer; into solutions/ the two iterations worked, and the right answer
    as a file for `deltarule check`. With --for, index.csv says whose is which.

    Example:  deltarule new --patterns 8 --classes 3 --for class.txt --out week1
    """
    from deltarule.class_list import read_class_list
    from deltarule.setting import ProblemRequest

    request = ProblemRequest(
        kind=layer,
        patterns=patterns,
        inputs=inputs,
        classes=classes,
        neurons=neurons,
        separable=separable,
        one_decimal=one_decimal,
        learning_rate=learning_rate,
        epochs=epochs,
        decimals=decimals,
        seed=seed,
    )
    asked = _asked(marking)
    chosen = [form.strip() for form in forms.split(",")]
    if students is None:
        written, more = _one(out or Path("problem.toml"), request, chosen, asked), []
    else:
        folder = out or Path("problems")
        listed = read_class_list(students, names or None)
        print_notes(listed.notes)
        written, more = _set(folder, listed.labels, request, chosen, asked), [folder / "index.csv"]
    if json:
        print_json(
            {"title": request.title, "problems": [one.to_dict() for one in written], "index": more[0] if more else None}
        )
        return
    for file in [*(written[0].files if students is None else [one.problem for one in written]), *more]:
        echo(f"Written: {file}")
    if students is not None:
        echo("Beside them lie the folders handouts and solutions.")


def _asked(path: Path | None) -> dict[str, Any]:
    """The tables [marking] and [conventions] of a file, as options of `write_one` and `write_set`."""
    if path is None:
        return {}
    from deltarule.problem import conventions_section
    from deltarule.problem.section import section, top
    from deltarule.problem.toml_file import load

    document = load(path)
    top(path.name, document)  # a table that is misspelt is an error, as in a problem
    if not isinstance(document.get("marking", document.get("conventions")), dict):
        rule = "have a table [marking] or [conventions]"
        raise InputError("file of --marking", rule, f"none in {str(path)!r}", "Write it there.")
    conventions = conventions_section.read(section(path.name, document, "conventions", optional=True))
    return {"marking": document.get("marking"), "conventions": conventions}


def _one(out: Path, request: ProblemRequest, forms: list[str], asked: dict[str, Any]) -> list[WrittenProblem]:
    from deltarule.setting import write_one
    from deltarule.setting.drawing import LAYERS
    from deltarule.typeset.progress import bar

    path = out if out.suffix and not out.is_dir() else out / "problem.toml"
    update, close = bar("Drawing", LAYERS)
    try:
        return [write_one(path, request, forms=forms, progress=update, **asked)]
    finally:
        close()


def _set(
    folder: Path, names: list[str], request: ProblemRequest, forms: list[str], asked: dict[str, Any]
) -> list[WrittenProblem]:
    from deltarule.setting import write_set
    from deltarule.typeset.progress import bar

    update, close = bar("Drawing", len(names))
    try:
        return write_set(folder, names, request, forms=forms, progress=update, **asked)
    finally:
        close()
