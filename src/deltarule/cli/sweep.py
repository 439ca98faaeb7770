"""`deltarule sweep`: a problem's layer trained in many ways, and one of them chosen on validation patterns."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from deltarule.cli.output import ProblemFile, Root, print_json, print_lines, print_notes, width
from deltarule.cli.written import Output, check_outputs, figure_suffixes, write_outputs

if TYPE_CHECKING:
    from deltarule.sweeps import ProblemSweep

ROWS = 20  # models in the table


def sweep(
    problem: ProblemFile,
    *,
    learning_rate: Annotated[
        str | None,
        typer.Option(
            "--learning-rate",
            metavar="LIST",
            help="Learning rates, as in 0.01,0.1,1 or 1e-3:1:10 (ten from 1e-3 to 1 by equal factors).",
        ),
    ] = None,
    batch_size: Annotated[
        str | None,
        typer.Option("--batch-size", metavar="LIST", help="Batch sizes, as in 2,4,8,all (all is the full batch)."),
    ] = None,
    weight_decay: Annotated[
        str | None, typer.Option("--weight-decay", metavar="LIST", help="Weight decays, as in 0,1e-3 or 1e-4:1:5.")
    ] = None,
    momentum: Annotated[
        str | None, typer.Option("--momentum", metavar="LIST", help="Momenta, as in 0,0.9,0.99.")
    ] = None,
    epochs: Annotated[
        str | None, typer.Option("--epochs", metavar="LIST", help="Numbers of epochs, as in 100,1000.")
    ] = None,
    seeds: Annotated[
        int | None,
        typer.Option(
            "--seeds",
            metavar="N",
            help="Train with each of the seeds 0 to N-1: of the order of patterns, and of the initial layer if the "
            "problem draws it (init).",
            show_default=False,
        ),
    ] = None,
    validation: Annotated[
        str | None,
        typer.Option(
            "--validation", metavar="SHARE", help="Choose on this share (0.2) or number (30) of the training patterns."
        ),
    ] = None,
    folds: Annotated[
        int | None,
        typer.Option("--folds", metavar="K", help="Choose by K-fold cross-validation instead.", show_default=False),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="Write the table of all models (.csv, .parquet or .json)."),
    ] = None,
    plot: Annotated[
        Path | None,
        typer.Option("--plot", metavar="FILE", help="Draw cost against learning rate (.svg, .pdf or .png)."),
    ] = None,
    best_out: Annotated[
        Path | None,
        typer.Option("--best-out", metavar="FILE", help="Write the problem with the chosen model's weights (.toml)."),
    ] = None,
    root: Root = None,
    json: Annotated[bool, typer.Option("--json", help="Print the sweep as one JSON document.")] = False,
) -> None:
    """Train the layer of a problem in many ways, and choose one.

    All combinations of the lists are trained; a list that is left out is the
    problem's own value. --validation or --folds choose a model on patterns that it
    was not trained on. The chosen model is then scored once on the problem's test
    set. Inputs are scaled as the problem says, by all its training patterns.

    Example:  deltarule sweep iris.toml --learning-rate 1e-3:1:10 --folds 5
    """
    from deltarule.cli.values import share_or_count
    from deltarule.problem import read_problem
    from deltarule.sweeps import sweep_problem
    from deltarule.sweeps.problem_sweep_text import problem_sweep_lines
    from deltarule.sweeps.tables import SUFFIXES

    given = read_problem(problem, root=root)
    check_outputs(
        Output("--out", out, SUFFIXES),
        Output("--plot", plot, figure_suffixes()),
        Output("--best-out", best_out, (".toml",)),
    )
    if best_out is not None and validation is None and folds is None:
        _refuse_best()
    print_notes(given.remarks)
    found = sweep_problem(
        given,
        **_values(learning_rate, batch_size, weight_decay, momentum, epochs, seeds),
        validation=None if validation is None else share_or_count("validation share", validation),
        folds=folds,
        progress=True,
    )
    if json:
        print_json(found.to_dict())
    else:
        print_lines(problem_sweep_lines(found, width(), ROWS))
    write_outputs(_files(found, out, plot, best_out), quiet=json)


def _refuse_best() -> None:
    from deltarule.errors import InputError

    raise InputError(
        "best problem", "be chosen on validation patterns", "none", "Add --validation 0.2 or --folds 5 to --best-out."
    )


def _values(
    learning_rate: str | None,
    batch_size: str | None,
    weight_decay: str | None,
    momentum: str | None,
    epochs: str | None,
    seeds: int | None,
) -> dict[str, Any]:
    """The values that are given, by their names in `sweep_problem`."""
    from deltarule.checks import whole
    from deltarule.cli.values import batch_size_list, number_list, whole_list

    readers = {
        "learning_rate": (number_list, "learning rates", learning_rate),
        "batch_size": (batch_size_list, "batch sizes", batch_size),
        "weight_decay": (number_list, "weight decays", weight_decay),
        "momentum": (number_list, "momenta", momentum),
        "epochs": (whole_list, "epochs", epochs),
    }
    values: dict[str, Any] = {key: read(name, text) for key, (read, name, text) in readers.items() if text is not None}
    if seeds is not None:
        values["seed"] = range(whole("number of seeds", seeds, 1, "Seeds 0 to N-1 are used."))
    return values


def _files(
    found: ProblemSweep, out: Path | None, plot: Path | None, best_out: Path | None
) -> list[tuple[Path, Callable[[], object]]]:
    """The files that are asked for, where there is something to write, each with the function that writes it."""
    from deltarule.plots import save, sweep_curves
    from deltarule.problem import write_problem

    files: list[tuple[Path, Callable[[], object]]] = []
    if out is not None:
        files.append((out, lambda: found.sweep.save(out)))
    if plot is not None and not found.sweep.columns["diverged"].all() and len(found.sweep.ranking("cost")):
        files.append((plot, lambda: save(sweep_curves(found.sweep), plot)))
    if best_out is not None and found.chosen is not None:
        files.append((best_out, lambda: write_problem(found.best_problem(), best_out)))
    return files
