"""`deltarule train --data`: a layer trained on a table, with its scores, its model and its report."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deltarule.cli.data_options import table_source
from deltarule.cli.output import print_json, print_lines, print_notes, width
from deltarule.cli.table_columns import check_partners, chosen_columns, preparation_of
from deltarule.cli.verdict import with_verdict
from deltarule.cli.written import Output, check_outputs, figure_suffixes, write_outputs
from deltarule.errors import InputError

if TYPE_CHECKING:
    from deltarule.evaluation import Evaluation
    from deltarule.fitting import Fit
    from deltarule.logs import Log
    from deltarule.typeset.columns import Line

# Training patterns that are scored: of more, scores say no more, and take memory beside the inputs.
SCORED = 100_000


def train_table(
    data: Path,
    options: Mapping[str, Any],
    descent: Mapping[str, Any],
    *,
    engine: str,
    record_every: int,
    curves: Path | None,
    out: Path | None,
    report: Path | None,
    log: Log | None,
    json: bool,
) -> None:
    """Train a layer on a table, and print how it went.

    Parameters
    ----------
    data : the file.
    options : what is typed of the table and the layer, by the names of the parameters of `cli.train`.
    descent : the parameters of `Descent` that are typed; None for the others.
    engine, record_every : as in `deltarule.train`.
    curves, out, report : the files and the folder to write; None for none.
    log : is told each recorded epoch; None: none is.
    json : whether to print one JSON document.
    """
    from deltarule.fitting import fit_table
    from deltarule.storage.saving import SUFFIX, save

    check_partners(options, descent, [descent["batch_size"]])
    if options["solver"] == "exact" and curves is not None:
        remedy = "Leave it out, or choose the descent (--solver descent)."
        raise InputError(
            "curves", "be left out with the exact solver, which makes no descent", repr(str(curves)), remedy
        )
    source = table_source(data, options["separator"], options["decimal"], header=options["header"])
    if out is not None or curves is not None:
        check_outputs(Output("--out", out, (SUFFIX,)), Output("--curves", curves, figure_suffixes()))
    if report is not None:
        from deltarule.files import check_new

        check_new(report)

    chosen = chosen_columns(options, source.names, source.where)
    fit = fit_table(
        source,
        chosen,
        preparation_of(options),
        options["kind"],
        descent=descent,
        activation=options["activation"],
        biases=not options["no_biases"],
        engine=engine,
        progress=True,
        record_every=record_every,
        log=log,
        solver=options["solver"] or "descent",
    )
    if fit.model.run is not None:
        fit = replace(fit, model=replace(fit.model, run=with_verdict(fit.model.run, *fit.training)))
    found, sampled = _scored(fit)
    print_notes([*fit.remarks, *sampled])
    if json:
        print_json(
            {"title": str(data), **_document(fit), "metrics": {name: each.to_dict() for name, each in found.items()}}
        )
    else:
        print_lines(_lines(fit, found, str(data)))
    files: list[tuple[Path, Callable[[], object]]] = []
    if out is not None:
        files.append((out, lambda: save(fit.model, out)))
    run = fit.model.run
    if curves is not None and run is not None and len(run.history.epoch):
        from deltarule.plots import learning_curves
        from deltarule.plots import save as save_figure

        files.append((curves, lambda: save_figure(learning_curves(run, validation_label="test"), curves)))
    if report is not None:
        from deltarule.model_report import write_report

        settings = {"command": _command(data, {**descent, **options})}

        def write() -> None:
            write_report(report, fit.model, found, title=str(data), settings=settings, remarks=fit.remarks)

        files.append((report / "index.html", write))
    write_outputs(files, quiet=json)


def _command(data: Path, options: Mapping[str, Any]) -> str:
    """The command that trains this model again."""
    words = ["deltarule", "train", "--data", str(data)]
    for name, value in options.items():
        option = f"--{name.replace('_', '-')}"
        if value is True:
            words.append(option)
        elif value is False and name == "scale_targets":
            words.append("--no-scale-targets")
        elif isinstance(value, list):
            words += [word for each in value for word in (option, each)]
        elif name == "schedule" and isinstance(value, dict):
            parameters = ",".join(f"{key}={each}" for key, each in value.items() if key != "kind")
            words += [option, f"{value['kind']}:{parameters}"]
        elif value is not None and value is not False:
            words += [option, str(value)]
    return shlex.join(words)


def _scored(fit: Fit) -> tuple[dict[str, Evaluation], list[str]]:
    """The scores by set, and a remark where not all training patterns are scored; none of a layer that has run off."""
    from deltarule.evaluation import evaluate_prepared
    from deltarule.outcome import Reason

    if fit.model.run is not None and fit.model.run.outcome.reason is Reason.COST_NOT_FINITE:
        return {}, []
    patterns = len(fit.training[0])
    every = -(-patterns // SCORED)
    found = {"training": evaluate_prepared(fit.model, *(each[::every] for each in fit.training))}
    if fit.test is not None:
        found["test"] = evaluate_prepared(fit.model, *fit.test)
    told = f"Of the {patterns:,} training patterns {found['training'].patterns:,} are scored, one in {every}"
    return found, [told] if every > 1 else []


def _document(fit: Fit) -> dict[str, Any]:
    """For JSON: the run, and how the table became inputs."""
    whole = fit.model.to_dict()
    run: dict[str, Any] = whole["run"] or {**whole["layer"], "exact": whole["exact"]}
    rest = {name: whole[name] for name in ("encoding", "input_scaling", "target_scaling", "versions")}
    return {**run, **rest, "target_names": whole["target_names"], "remarks": list(fit.remarks)}


def _lines(fit: Fit, found: Mapping[str, Evaluation], title: str) -> list[Line]:
    from deltarule.evaluation.text import evaluation_lines
    from deltarule.show.model_text import short_parameter_lines
    from deltarule.show.sentences import exact_sentence, layer_sentence
    from deltarule.show.terminal import about_lines, history_lines
    from deltarule.typeset.columns import Line, wrapped
    from deltarule.typeset.words import counted

    model, wide, blank = fit.model, width(), Line("")
    layer, run = model.layer, model.run
    sets = {"training": fit.training, "test": fit.test}
    sizes = [counted(len(each[0]), f"{name} pattern") for name, each in sets.items() if each is not None]
    lines = [*wrapped(title, wide, style="bold"), *wrapped(", ".join(sizes), wide)]
    if run is not None:
        lines += about_lines(run, wide, len(fit.training[0]))
        lines += [blank, *history_lines(run.history, 4, wide, second_set="test")]
    if model.exact is not None:
        lines += [*wrapped(layer_sentence(layer), wide), *wrapped(exact_sentence(model.exact), wide)]
    lines += short_parameter_lines(model, wide)
    for name, each in found.items():
        lines += [blank, Line(f"On the {name} set", "bold"), *evaluation_lines(each, wide)]
    ended = "" if run is None else str(run.outcome)
    return [*lines, blank, *wrapped(ended if model.exact is None else model.exact.message, wide)]
