"""`deltarule predict`: what a saved model predicts for the rows of a table."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from deltarule.cli.data_options import Decimal, Header, ModelFile, Separator, TableFile, table_source
from deltarule.cli.output import print_document
from deltarule.cli.written import Output, check_outputs, write_outputs


def predict(
    model: ModelFile,
    data: TableFile,
    *,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="Write to this file: .csv, .parquet, .feather or .jsonl."),
    ] = None,
    header: Header = None,
    separator: Separator = None,
    decimal: Decimal = None,
) -> None:
    """Predict the rows of a table by a model.

    A row for each row of the table: the predicted label and the probability of
    each class, or the predicted numbers. Columns are matched by name, in any order;
    others are passed over. Without --out the table is printed as CSV.

    Example:  deltarule predict iris.safetensors new.csv --out predicted.csv
    """
    from deltarule.model_tables import SUFFIXES, predictions, table_bytes
    from deltarule.storage.saving import load

    loaded = load(model)
    source = table_source(data, separator, decimal, header=header)
    if out is None:
        print_document(table_bytes(predictions(loaded, source), ".csv").decode(), end="")
        return
    check_outputs(Output("--out", out, SUFFIXES))
    found = predictions(loaded, source)

    def write() -> None:
        from deltarule.files import write_whole

        write_whole(out, table_bytes(found, out.suffix.lower()))

    write_outputs([(out, write)], quiet=False)
