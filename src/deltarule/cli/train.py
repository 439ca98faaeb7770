"""`deltarule train`: a layer trained on a problem or a table, with its history, metrics and outcome."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from deltarule.cli import table_options as options
from deltarule.cli.data_options import Decimal, Header, Separator
from deltarule.cli.log_option import LogText, log_of
from deltarule.cli.output import Root, print_json, print_lines, print_notes, width
from deltarule.cli.table_columns import check_source, check_stream_options, schedule_of
from deltarule.cli.train_table import train_table
from deltarule.cli.verdict import with_verdict
from deltarule.cli.written import Output, check_outputs, figure_suffixes, write_outputs

if TYPE_CHECKING:
    from deltarule.logs import Log
    from deltarule.problem import Problem
    from deltarule.training import Run
    from deltarule.typeset.columns import Line


def train(
    problem: Annotated[
        Path | None,
        typer.Argument(
            metavar="PROBLEM", help="A problem file (TOML).", show_default="a table: --data", readable=False
        ),
    ] = None,
    *,
    engine: Annotated[
        str,
        typer.Option(
            "--engine",
            metavar="direct|autograd|compiled",
            help="What trains: NumPy, PyTorch or Numba.",
            show_default=True,
        ),
    ] = "compiled",
    record_every: Annotated[
        int,
        typer.Option(
            "--record-every",
            metavar="N",
            help="Record cost and errors every N epochs; 0: only first and last.",
            show_default=True,
        ),
    ] = 1,
    curves: Annotated[
        Path | None,
        typer.Option("--curves", metavar="FILE", help="Draw the learning curves into a file: .svg, .pdf or .png."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="FILE",
            help="Write the model into a file (.safetensors), or the problem with the trained layer (.toml).",
        ),
    ] = None,
    root: Root = None,
    json: Annotated[bool, typer.Option("--json", help="Print the run as one JSON document.")] = False,
    log: LogText = None,
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
    seed: options.Seed = None,
    solver: options.SolverName = None,
    learning_rate: options.LearningRate = None,
    epochs: options.Epochs = None,
    batch_size: options.BatchSize = None,
    reduction: options.Reduction = None,
    weight_decay: options.WeightDecay = None,
    decay_biases: options.DecayBiases = False,
    momentum: options.Momentum = None,
    nesterov: options.Nesterov = False,
    schedule: options.ScheduleText = None,
    tolerance: options.Tolerance = None,
    patience: options.Patience = None,
    monitor: options.Monitor = None,
    min_change: options.MinChange = None,
    order: options.Order = None,
    report: options.Report = None,
    stream: options.Streamed = False,
    memory: options.Memory = None,
    checkpoint: options.CheckpointFile = None,
    every: options.Every = None,
    resume: options.Resume = False,
) -> None:
    """Train the layer of a problem, or one on a table, and show how it went.

    Prints cost and errors at some epochs, the weights and biases, how well the
    layer predicts the training and the test set, and why training ended. Learning
    rate, epochs and the rest stand in the problem file; the options from --data on
    are for a table, which has none. Ctrl-C ends the training early and keeps what
    was reached. With --stream a table need not fit into memory, and --checkpoint
    keeps the run on the way: SIGTERM ends it with exit code 75, --resume goes on.

    Example:  deltarule train iris.toml --curves iris.svg

    Example:  deltarule train --data iris.csv --target species --out iris.safetensors
    """
    of_table = {
        "target": target, "inputs": inputs, "leave_out": leave_out, "categories": categories, "missing": missing,
        "header": header, "separator": separator, "decimal": decimal, "kind": kind, "activation": activation,
        "no_biases": no_biases, "scale": scale, "scale_targets": scale_targets, "test": test, "stratified": stratified,
        "solver": solver, "seed": seed,
    }  # fmt: skip
    descent = {
        "learning_rate": learning_rate, "epochs": epochs, "batch_size": batch_size, "reduction": reduction,
        "weight_decay": weight_decay, "decay_biases": decay_biases or None, "momentum": momentum,
        "nesterov": nesterov or None, "schedule": schedule_of(schedule), "tolerance": tolerance, "patience": patience,
        "monitor": monitor, "min_change": min_change, "order": order, "seed": seed,
    }  # fmt: skip
    kept = {"memory": memory, "checkpoint": checkpoint, "every": every, "resume": resume}
    check_source("train", problem, data, root, {**of_table, **descent, "report": report, "stream": stream, **kept})
    check_stream_options(kept, stream=stream)
    if problem is None and data is not None and stream:
        from deltarule.cli.train_stream import train_stream

        train_stream(
            data, of_table, descent, kept,
            engine=engine, record_every=record_every, curves=curves, out=out, report=report, log=log_of(log), json=json,
        )  # fmt: skip
    elif problem is None and data is not None:
        train_table(
            data, of_table, descent,
            engine=engine, record_every=record_every, curves=curves, out=out, report=report, log=log_of(log), json=json,
        )  # fmt: skip
    elif problem is not None:
        _train_problem(problem, engine, record_every, curves, out, root, log_of(log), json=json)


def _train_problem(
    problem: Path,
    engine: str,
    record_every: int,
    curves: Path | None,
    out: Path | None,
    root: Path | None,
    log: Log | None,
    *,
    json: bool,
) -> None:
    """Train the layer of a problem, and print how it went."""
    from deltarule.problem import read_problem
    from deltarule.training import train as descend

    given = read_problem(problem, root=root)
    if out is not None or curves is not None:
        check_outputs(Output("--out", out, (".toml", ".safetensors")), Output("--curves", curves, figure_suffixes()))
    print_notes(given.remarks)
    run = descend(given, engine=engine, progress=True, record_every=record_every, log=log)
    run = with_verdict(run, given.X, given.targets)
    if json:
        print_json({**_names(given), **run.to_dict(), "metrics": _metrics(given, run)})
    else:
        print_lines(_lines(given, run))
    files: list[tuple[Path, Callable[[], object]]] = []
    if out is not None:
        files.append((out, lambda: _write(given, run, out)))
    if curves is not None and len(run.history.epoch):
        from deltarule.plots import learning_curves, save

        files.append((curves, lambda: save(learning_curves(run, validation_label="test"), curves)))
    write_outputs(files, quiet=json)


def _write(problem: Problem, run: Run, out: Path) -> None:
    """Write the problem with the trained layer, or the model."""
    if out.suffix.lower() == ".toml":
        from deltarule.problem import write_problem

        write_problem(problem.with_layer(run.layer), out)
        return
    from deltarule.model import Model
    from deltarule.storage.saving import save

    names = problem.target_names if len(problem.target_names) in (1, run.layer.neurons) else None
    save(Model(run.layer, run, None, problem.input_scaling, problem.target_scaling, names), out)


def _names(problem: Problem) -> dict[str, Any]:
    """For JSON: the title of a problem, and the names of its columns."""
    return {"title": problem.title, "input_names": problem.input_names, "target_names": problem.target_names}


def _sets(problem: Problem) -> dict[str, tuple[Any, Any]]:
    sets = {"training": (problem.X, problem.targets)}
    return sets if problem.test is None else sets | {"test": problem.test}


def _scores(problem: Problem, run: Run) -> dict[str, Any]:
    """Scores by set where the layer predicts numbers, and has not run off."""
    from deltarule.metrics import scores
    from deltarule.outcome import Reason

    if run.outcome.reason is Reason.COST_NOT_FINITE or run.layer.has_classes:
        return {}
    return {name: scores(run.layer, *pair, problem.target_scaling) for name, pair in _sets(problem).items()}


def _counts(run: Run) -> dict[str, tuple[float, float]]:
    """Errors and accuracy by set, at the end, where the layer has classes."""
    history = run.history
    found = {
        "training": (history.errors, history.accuracy),
        "test": (history.validation_errors, history.validation_accuracy),
    }
    return {
        name: (float(errors[-1]), float(accuracy[-1]))
        for name, (errors, accuracy) in found.items()
        if errors is not None and accuracy is not None and len(errors)
    }


def _metrics(problem: Problem, run: Run) -> dict[str, Any]:
    """For JSON: by set, errors and accuracy, or mean square error and R2 by target variable."""
    counts = {name: {"errors": e, "accuracy": a} for name, (e, a) in _counts(run).items()}
    names = problem.target_names
    found = {
        name: {
            "mean_square_error": dict(zip(names, s.mean_square_error.tolist(), strict=True)),
            "r2": dict(zip(names, s.r2.tolist(), strict=True)),
        }
        for name, s in _scores(problem, run).items()
    }
    return counts | found


def _lines(problem: Problem, run: Run) -> list[Line]:
    from deltarule.show.sentences import parameters_title
    from deltarule.show.terminal import about_lines, history_lines, parameter_lines, score_lines
    from deltarule.typeset.columns import Line, wrapped
    from deltarule.typeset.words import counted

    wide, decimals = width(), max(problem.decimals, 4)
    blank = Line("")
    sizes = [counted(len(X), f"{name} pattern") for name, (X, _) in _sets(problem).items()]
    lines = [
        *wrapped(problem.title, wide, style="bold"),
        *wrapped(", ".join(sizes), wide),
        *about_lines(run, wide, len(problem.X)),
    ]
    lines += [blank, *history_lines(run.history, decimals, wide, second_set="test")]
    lines += [blank, Line(parameters_title(run.layer), "bold")]
    names = {"input_names": problem.input_names, "neuron_names": problem.target_names}
    lines += parameter_lines(run.layer, decimals, wide, conventions=problem.conventions, **names)
    if found := _scores(problem, run):
        units = " (in the units before scaling)" if problem.target_scaling is not None else ""
        lines += [blank, *score_lines(problem.target_names, found, decimals, wide, units=units)]
    if counts := _counts(run):
        accuracies = ", ".join(f"{accuracy:.4f} {name}" for name, (_, accuracy) in counts.items())
        lines += [blank, Line(f"Accuracy: {accuracies}")]
    return [*lines, blank, *wrapped(str(run.outcome), wide)]
