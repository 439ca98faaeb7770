"""`deltarule work`: one iteration of a problem, with every matrix."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from deltarule.cli.output import print_json, print_lines, width

FORMATS = ("terminal", "json")


def work(
    problem: Annotated[
        Path, typer.Argument(metavar="PROBLEM", help="A problem file (TOML).", show_default=False, readable=False)
    ],
    *,
    iteration: Annotated[
        int, typer.Option("--iteration", metavar="T", help="Which update of the descent, from 1.", show_default=True)
    ] = 1,
    form: Annotated[
        str, typer.Option("--format", metavar="terminal|json", help="How to show it.", show_default=True)
    ] = ("terminal"),
    rows: Annotated[
        int | None, typer.Option("--rows", metavar="N", help="Patterns shown.", show_default="all, up to 30")
    ] = None,
    decimals: Annotated[
        int | None, typer.Option("--decimals", metavar="D", help="Decimals shown.", show_default="the problem's")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
) -> None:
    """Work one iteration: the formulas, then every matrix.

    Example:  deltarule work problem.toml --iteration 2 --decimals 4
    """
    from deltarule.checks import choice, whole
    from deltarule.iteration import iterate
    from deltarule.problem import read_problem
    from deltarule.show.layout import Line, wrapped
    from deltarule.show.numbers import decimals_shown
    from deltarule.show.terminal import iteration_lines

    choice("format", form, FORMATS)
    if rows is not None:
        whole("number of rows", rows, 1, "Leave out --rows to see all, up to 30.")
    if decimals is not None:
        decimals_shown(decimals)
    given = read_problem(problem)
    worked = iterate(given.layer, given.X, given.targets, given.descent, iteration=iteration)
    if json or form == "json":
        print_json({"title": given.title, "kind": given.layer.kind, **worked.to_dict()})
        return
    lines = iteration_lines(
        worked,
        given.decimals if decimals is None else decimals,
        rows,
        width(),
        patterns=len(given.X),
        input_names=given.input_names,
        neuron_names=given.target_names,
    )
    print_lines([*wrapped(given.title, width(), style="bold"), Line(""), *lines])
