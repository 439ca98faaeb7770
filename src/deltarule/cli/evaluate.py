"""`deltarule evaluate`: how well a saved model predicts a table."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from deltarule.cli.data_options import Decimal, Header, ModelFile, Separator, TableFile, column_list, table_source
from deltarule.cli.output import print_json, print_lines, width
from deltarule.cli.written import Output, check_outputs, figure_suffixes, write_outputs


def evaluate(
    model: ModelFile,
    data: TableFile,
    *,
    target: Annotated[
        list[str] | None,
        typer.Option(
            "--target", metavar="COLUMN", help="The target; the one that the model was trained on if left out."
        ),
    ] = None,
    plot: Annotated[
        Path | None,
        typer.Option("--plot", metavar="FILE", help="Draw confusion matrix and calibration: .svg, .pdf or .png."),
    ] = None,
    header: Header = None,
    separator: Separator = None,
    decimal: Decimal = None,
    json: Annotated[bool, typer.Option("--json", help="Print the scores as one JSON document.")] = False,
) -> None:
    """Say how well a model predicts a table whose targets are known.

    Of classes: accuracy, balanced accuracy, log-loss, AUC, the confusion matrix and
    the calibration. Of numbers: mean square error and R2 of each target.

    Example:  deltarule evaluate iris.safetensors test.csv
    """
    from dataclasses import replace

    from deltarule.evaluation import evaluate as score
    from deltarule.evaluation import targets_of
    from deltarule.evaluation.text import evaluation_lines
    from deltarule.storage.saving import load

    loaded = load(model)
    source = table_source(data, separator, decimal, header=header)
    names = column_list("target", target, source.names, source.where, header=header)
    if plot is not None:
        check_outputs(Output("--plot", plot, figure_suffixes()))
    if names is not None:
        loaded = replace(loaded, target_names=names)
    found = score(loaded, source, targets_of(loaded, source))
    if json:
        print_json({"model": str(model), "data": str(data), **found.to_dict()})
    else:
        print_lines(evaluation_lines(found, width()))
    files: list[tuple[Path, Callable[[], object]]] = []
    if plot is not None:
        from deltarule.evaluation.figure import EvaluationFigure

        files.append((plot, lambda: EvaluationFigure(found).save(plot)))
    write_outputs(files, quiet=json)
