"""`deltarule predict`: what a saved model predicts for the rows of a table."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from deltarule.cli.data_options import Decimal, Header, ModelFile, Separator, TableFile, table_source
from deltarule.cli.output import print_document
from deltarule.cli.written import Output, check_outputs, write_outputs

# Letters that are printed at once.
PIECE = 1 << 20


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
    from deltarule.files import write_whole
    from deltarule.model_tables import SUFFIXES, predictions, write_tables
    from deltarule.storage.saving import load

    loaded = load(model)
    source = table_source(data, separator, decimal, header=header)
    if out is None:
        with tempfile.TemporaryFile() as file:  # what is wrong in a late row is told before anything is printed
            write_tables(predictions(loaded, source), ".csv", file)
            file.seek(0)
            with io.TextIOWrapper(file, "utf-8", newline="") as text:
                while piece := text.read(PIECE):
                    print_document(piece, end="")
        return
    check_outputs(Output("--out", out, SUFFIXES))

    def write() -> None:
        write_whole(out, lambda file: write_tables(predictions(loaded, source), out.suffix.lower(), file))

    write_outputs([(out, write)], quiet=False)
