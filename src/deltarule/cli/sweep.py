"""`deltarule sweep`: a layer trained on a problem or a table in many ways, and one of them chosen on validation patterns."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from deltarule.cli import table_options as options
from deltarule.cli.data_options import Decimal, Header, Separator
from deltarule.cli.output import Root, print_json, print_lines, print_notes, width
from deltarule.cli.sweep_table import ROWS, check_choice, sweep_files, sweep_on_table
from deltarule.cli.table_columns import check_source, schedule_of
from deltarule.cli.written import Output, check_outputs, figure_suffixes, write_outputs

if TYPE_CHECKING:
    from deltarule.sweeps import ProblemSweep


def sweep(
    problem: Annotated[
        Path | None,
        typer.Argument(
            metavar="PROBLEM", help="A problem file (TOML).", show_default="a table: --data", readable=False
        ),
    ] = None,
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
        typer.Option(
            "--best-out",
            metavar="FILE",
            help="Write the problem with the chosen model's weights (.toml), or of a table the model (.safetensors).",
        ),
    ] = None,
    root: Root = None,
    json: Annotated[bool, typer.Option("--json", help="Print the sweep as one JSON document.")] = False,
    data: options.Data = None,
    target: options.Target = None,
    inputs: options.Inputs = None,
    leave_out: options.LeaveOut = None,
    categories: options.Categories = None,
    missing: options.Missing = None,
    header: Header = None,
    separator: Separator = None,
    decimal: Decimal = None,
    kind: options.Kind = None,
    activation: options.Activation = None,
    no_biases: options.NoBiases = False,
    scale: options.ScaleInputs = None,
    scale_targets: options.ScaleTargets = None,
    test: options.Test = None,
    stratified: options.Stratified = False,
    reduction: options.Reduction = None,
    decay_biases: options.DecayBiases = False,
    nesterov: options.Nesterov = False,
    schedule: options.ScheduleText = None,
    tolerance: options.Tolerance = None,
    patience: options.Patience = None,
    monitor: options.Monitor = None,
    min_change: options.MinChange = None,
    order: options.Order = None,
) -> None:
    """Train the layer of a problem, or one on a table, in many ways, and choose one.

    All combinations of the lists are trained; a list that is left out is the
    problem's own value. --validation or --folds choose a model on patterns that it
    was not trained on. The chosen model is then scored once on the test set of the
    problem, or on the rows that --test keeps. Inputs are scaled as the problem
    says, by all its training patterns; those of a table by the rows that are
    trained on. The options from --data on are for a table.

    Example:  deltarule sweep iris.toml --learning-rate 1e-3:1:10 --folds 5

    Example:  deltarule sweep --data t.csv --target kind --learning-rate 0.1,1
    """
    of_table = {
        "target": target, "inputs": inputs, "leave_out": leave_out, "categories": categories, "missing": missing,
        "header": header, "separator": separator, "decimal": decimal, "kind": kind, "activation": activation,
        "no_biases": no_biases, "scale": scale, "scale_targets": scale_targets, "test": test, "stratified": stratified,
    }  # fmt: skip
    shared = {
        "reduction": reduction, "decay_biases": decay_biases or None, "nesterov": nesterov or None,
        "schedule": schedule_of(schedule), "tolerance": tolerance, "patience": patience, "monitor": monitor,
        "min_change": min_change, "order": order,
    }  # fmt: skip
    check_source("sweep", problem, data, root, {**of_table, **shared})
    values = _values(learning_rate, batch_size, weight_decay, momentum, epochs, seeds)
    if problem is not None:
        _sweep_problem(problem, values, validation, folds, out, plot, best_out, root, json=json)
    elif data is not None:
        given = values | {name: value for name, value in shared.items() if value is not None}
        sweep_on_table(
            data, of_table, given,
            validation=validation, folds=folds, out=out, plot=plot, best_out=best_out, json=json,
        )  # fmt: skip


def _sweep_problem(
    problem: Path,
    values: dict[str, Any],
    validation: str | None,
    folds: int | None,
    out: Path | None,
    plot: Path | None,
    best_out: Path | None,
    root: Path | None,
    *,
    json: bool,
) -> None:
    """Sweep the layer of a problem, and print how it went."""
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
    check_choice("best problem", best_out, validation, folds)
    print_notes(given.remarks)
    found = sweep_problem(
        given,
        **values,
        validation=None if validation is None else share_or_count("validation share", validation),
        folds=folds,
        progress=True,
    )
    if json:
        print_json(found.to_dict())
    else:
        print_lines(problem_sweep_lines(found, width(), ROWS))
    write_outputs(_files(found, out, plot, best_out), quiet=json)


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
    from deltarule.problem import write_problem

    files = sweep_files(found.sweep, out, plot)
    if best_out is not None and found.chosen is not None:
        files.append((best_out, lambda: write_problem(found.best_problem(), best_out)))
    return files
