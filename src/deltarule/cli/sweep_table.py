"""`deltarule sweep --data`: a layer trained on a table in many ways, one of them chosen on validation rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deltarule.cli.data_options import table_source
from deltarule.cli.output import print_json, print_lines, print_notes, width
from deltarule.cli.table_columns import check_partners, chosen_columns, preparation_of
from deltarule.cli.written import Output, check_outputs, figure_suffixes, write_outputs
from deltarule.errors import InputError

if TYPE_CHECKING:
    from deltarule.sweeps import Sweep

ROWS = 20  # models in the table


def check_choice(name: str, best_out: Path | None, validation: str | None, folds: int | None) -> None:
    """An error where the best model is to be written, and there is nothing to choose it by.

    Parameters
    ----------
    name : what is to be written, for the message.
    best_out : the file; None for none.
    validation, folds : what is typed; None for none.
    """
    if best_out is not None and validation is None and folds is None:
        remedy = "Add --validation 0.2 or --folds 5 to --best-out."
        raise InputError(name, "be chosen on validation patterns", "none", remedy)


def sweep_files(sweep: Sweep, out: Path | None, plot: Path | None) -> list[tuple[Path, Callable[[], object]]]:
    """The table and the figure that are asked for, where there is something to draw, each with the function that writes it.

    Parameters
    ----------
    sweep : the sweep.
    out, plot : the files; None for none.
    """
    from deltarule.plots import save, sweep_curves

    files: list[tuple[Path, Callable[[], object]]] = []
    if out is not None:
        files.append((out, lambda: sweep.save(out)))
    if plot is not None and not sweep.columns["diverged"].all() and len(sweep.ranking("cost")):
        files.append((plot, lambda: save(sweep_curves(sweep), plot)))
    return files


def sweep_on_table(
    data: Path,
    options: Mapping[str, Any],
    values: Mapping[str, Any],
    *,
    validation: str | None,
    folds: int | None,
    out: Path | None,
    plot: Path | None,
    best_out: Path | None,
    json: bool,
) -> None:
    """Train a layer on a table in many ways, and print how it went.

    Parameters
    ----------
    data : the file.
    options : what is typed of the table and the layer, by the names of the parameters of `cli.sweep`.
    values : what is swept and what all models share, by its name in `deltarule.sweep`.
    validation, folds : how a model is chosen; None: not so.
    out, plot, best_out : the files to write; None for none.
    json : whether to print one JSON document.
    """
    from deltarule.cli.values import share_or_count
    from deltarule.fitting import EPOCHS, prepare_table
    from deltarule.storage.saving import SUFFIX
    from deltarule.storage.saving import save as save_model
    from deltarule.sweeps.tables import SUFFIXES
    from deltarule.table_sweeps import sweep_table, table_sweep_lines

    check_outputs(
        Output("--out", out, SUFFIXES),
        Output("--plot", plot, figure_suffixes()),
        Output("--best-out", best_out, (SUFFIX,)),
    )
    check_choice("best model", best_out, validation, folds)
    if validation is not None and folds is not None:
        raise InputError("validation patterns", "be a validation set or folds", "both", "Give one of them.")
    if "learning_rate" not in values:
        raise InputError(
            "learning rates", "be given with a table", "none", "Give some, as in --learning-rate 1e-3:1:10."
        )
    check_partners(options, values, values.get("batch_size", [None]))
    source = table_source(data, options["separator"], options["decimal"], header=options["header"])
    columns = chosen_columns(options, source.names, source.where)
    share = None if validation is None else share_or_count("validation share", validation)
    prepared = prepare_table(
        source,
        columns,
        preparation_of(options, share),
        options["kind"],
        activation=options["activation"],
        biases=not options["no_biases"],
    )
    print_notes(prepared.remarks)
    given = {"epochs": EPOCHS, **values}
    found = sweep_table(prepared, columns.target, given, folds=folds, progress=True)
    if json:
        print_json({"title": str(data), **found.to_dict()})
    else:
        print_lines(table_sweep_lines(found, str(data), width(), ROWS))
    files = sweep_files(found.sweep, out, plot)
    if best_out is not None and found.chosen is not None:
        files.append((best_out, lambda: save_model(found.best_model(), best_out)))
    write_outputs(files, quiet=json)
