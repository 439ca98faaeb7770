"""A CSV file of very many columns, read row by row.

Arrow reads column by column, and takes a tenth of a millisecond for each even where it holds little: a file of 100,000 columns
would take a minute.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from deltarule.errors import InputError
from deltarule.tables.columns import column_of_numbers

# Files with more columns are read row by row.
WIDE = 5_000
# Rows that show what a column holds.
BLOCK = 50


def is_wide(opened: BinaryIO) -> bool:
    """Whether the first line of a CSV file (`opened`) has so many columns that it is better read row by row."""
    opened.seek(0)
    commas = opened.readline().count(b",")
    opened.seek(0)
    return commas >= WIDE


@contextmanager
def _rows(file: Path, opened: BinaryIO) -> Iterator[Iterator[tuple[int, list[str]]]]:
    """The rows of a CSV file, numbered from 1, without empty lines."""
    opened.seek(0)
    text = io.TextIOWrapper(opened, encoding="utf-8-sig", newline="")
    try:
        yield ((number, row) for number, row in enumerate(filter(None, csv.reader(text)), 1))
    except csv.Error as error:
        raise _unreadable(file, str(error)) from None
    finally:
        text.detach()


def _unreadable(file: Path, why: str) -> InputError:
    return InputError("table", "be readable as csv", f"{file}: {why}", "Correct the file, or write it again.")


def first_rows(file: Path, opened: BinaryIO) -> tuple[list[str], list[Any]]:
    """The first row, and the columns of some rows below it, each as a list of numbers or of texts.

    Parameters
    ----------
    file : its name.
    opened : the file.
    """
    with _rows(file, opened) as rows:
        head, *below = [row for _, row in islice(rows, BLOCK + 1)] or [[]]
    # Rows of another length are refused when all are read.
    return head, list(zip(*(row for row in below if len(row) == len(head)), strict=True))


def wide_columns(
    file: Path,
    opened: BinaryIO,
    names: Sequence[str],
    numbers: Sequence[str],
    label: str | None,
    *,
    header: bool,
    inputs: int,
) -> tuple[NDArray[np.float64], list[str]]:
    """The columns of numbers (P, N), and the texts of the column of labels (P,).

    Parameters
    ----------
    file : its name.
    opened : the file.
    names : of all columns.
    numbers : the names of the columns that hold numbers.
    label : the name of the column of labels; None where there is none.
    header : whether the first row holds the names.
    inputs : how many of `numbers` are inputs, for messages; the others are targets.

    Raises
    ------
    InputError
        If a row has another number of cells than there are names, or a cell holds no finite number; it names row and column.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    place = {name: at for at, name in enumerate(names)}
    chosen = [place[name] for name in numbers]
    all_in_order = chosen == list(range(len(chosen)))
    found: list[NDArray[np.float64]] = []
    texts: list[str] = []
    with _rows(file, opened) as rows:
        for number, row in rows:
            if len(row) != len(names):
                raise _unreadable(file, f"Row #{number}: Expected {len(names)} columns, got {len(row)}")
            if header and number == 1:
                continue
            cells = pa.array(row[: len(chosen)] if all_in_order else [row[at] for at in chosen], pa.string())
            try:
                values: NDArray[np.float64] = pc.utf8_trim_whitespace(cells).cast(pa.float64()).to_numpy()
            except pa.ArrowInvalid:
                values = np.full(len(chosen), np.nan)
            if not np.isfinite(values).all():
                _name_cell(file, cells, numbers, number - header, inputs)
            found.append(values)
            if label is not None:
                texts.append(row[place[label]])
    return np.array(found).reshape(-1, len(chosen)), texts


def _name_cell(file: Path, cells: Any, names: Sequence[str], row: int, inputs: int) -> None:
    """An `InputError` at the first cell of a row that holds no finite number."""
    import pyarrow as pa

    for place, (name, cell) in enumerate(zip(names, cells.to_pylist(), strict=True)):
        what = "inputs" if place < inputs else "targets"
        column_of_numbers(what, pa.chunked_array([[cell]]), f"{file}, column {name!r}", row)
