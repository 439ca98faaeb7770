"""`deltarule train --data FILES --stream`: a layer trained on files that need not fit into memory."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from deltarule.cli.output import echo, print_json, print_lines, width
from deltarule.cli.signals import INTERRUPTED
from deltarule.cli.table_columns import chosen_columns
from deltarule.cli.written import Output, check_outputs, check_writable, figure_suffixes, write_outputs
from deltarule.errors import InputError

if TYPE_CHECKING:
    from deltarule.logs import Log
    from deltarule.model import Model
    from deltarule.typeset.columns import Line

# The exit code of a run that a signal ended and a checkpoint keeps: EX_TEMPFAIL of sysexits.h, "try again later".
KEPT = 75
# Options of a table that say nothing about a stream.
OF_TABLES_IN_MEMORY = (
    *("leave_out", "missing", "header", "separator", "decimal", "scale_targets", "test", "stratified", "solver"),
    *("patience", "monitor", "min_change", "report"),
)


def train_stream(
    data: Path,
    options: Mapping[str, Any],
    descent: Mapping[str, Any],
    kept: Mapping[str, Any],
    *,
    engine: str,
    record_every: int,
    curves: Path | None,
    out: Path | None,
    report: Path | None,
    log: Log | None,
    json: bool,
) -> None:
    """Train a layer on files some rows at a time, and print how it went.

    Parameters
    ----------
    data : the files.
    options : what is typed of the table and the layer, by the names of the parameters of `cli.train`.
    descent : the parameters of `Descent` that are typed; None for the others.
    kept : "memory", and of the checkpoint "checkpoint", "every" and "resume".
    engine, record_every, log : as in `deltarule.train`.
    curves, out : the files to write; None for none.
    report : the folder of a report, which a stream has none of.
    json : whether to print one JSON document.
    """
    from deltarule.checkpoints import Checkpoint
    from deltarule.storage.saving import SUFFIX, save
    from deltarule.stream_fitting import fit_stream
    from deltarule.streams import Stream

    for name, value in {**options, **descent, "report": report}.items():
        if name in OF_TABLES_IN_MEMORY and value is not None and value is not False:
            option = f"--{name.replace('_', '-')}"
            raise InputError(
                option, "be left out with --stream", repr(value), "Leave it out, or train without --stream."
            )
    address = _address(data)
    there = Stream(address)
    if not there.columns:
        remedy = "Write Parquet, or train in Python: dr.train(layer, dr.Stream(...), ...)."
        raise InputError("files of --stream", "have columns with names", f"arrays in {there.where}", remedy)
    columns = chosen_columns(options, there.columns, there.where)
    if out is not None or curves is not None:
        check_outputs(Output("--out", out, (SUFFIX,)), Output("--curves", curves, figure_suffixes()))
    checkpoint = None
    if kept["checkpoint"] is not None:
        check_writable("file of --checkpoint", kept["checkpoint"])
        checkpoint = Checkpoint(kept["checkpoint"], every=kept["every"] or "5min", resume=kept["resume"])
    elif kept["every"] is not None or kept["resume"]:
        name = "--resume" if kept["resume"] else "--every"
        raise InputError(name, "go with a checkpoint", "none", "Add --checkpoint FILE.")
    try:
        model, stream = fit_stream(
            address,
            columns,
            options["kind"],
            descent=descent,
            scale=options["scale"] or "standardise",
            memory=kept["memory"] or "1GB",
            activation=options["activation"],
            biases=not options["no_biases"],
            seed=options["seed"] or 0,
            engine=engine,
            progress=True,
            record_every=record_every,
            checkpoint=checkpoint,
            log=log,
        )
    except SystemExit as error:
        if checkpoint is None or error.code != INTERRUPTED or not Path(checkpoint.path).exists():
            raise
        echo(f"Stopped. The run is kept in {checkpoint.path}: with --resume it goes on.", err=True)
        raise typer.Exit(KEPT) from None
    if json:
        whole = model.to_dict()
        run: dict[str, Any] = whole.pop("run") or {}
        rest = {name: whole[name] for name in ("encoding", "input_scaling", "versions", "target_names")}
        print_json({"title": str(data), "rows": stream.rows, **run, **rest})
    else:
        print_lines(_lines(model, stream.rows, str(data)))
    files: list[tuple[Path, Callable[[], object]]] = []
    if out is not None:
        files.append((out, lambda: save(model, out)))
    trained = model.run
    if curves is not None and trained is not None and len(trained.history.epoch):
        from deltarule.plots import learning_curves
        from deltarule.plots import save as save_figure

        files.append((curves, lambda: save_figure(learning_curves(trained), curves)))
    write_outputs(files, quiet=json)


def _address(data: Path) -> str:
    """The files as they were typed: a path has lost one of the slashes of an address such as s3://bucket."""
    return re.sub(r"^([a-z][a-z0-9+.-]+):/+", lambda found: f"{found[1]}://" + "/" * (found[1] == "file"), str(data))


def _lines(model: Model, rows: int, title: str) -> list[Line]:
    from deltarule.show.model_text import short_parameter_lines
    from deltarule.show.terminal import about_lines, history_lines
    from deltarule.typeset.columns import Line, wrapped

    run, wide, blank = model.run, width(), Line("")
    if run is None:
        return []
    lines = [*wrapped(title, wide, style="bold"), *wrapped(f"{rows:,} training patterns, streamed", wide)]
    lines += about_lines(run, wide, rows)
    lines += [blank, *history_lines(run.history, 4, wide)]
    lines += short_parameter_lines(model, wide)
    return [*lines, blank, *wrapped(str(run.outcome), wide)]
