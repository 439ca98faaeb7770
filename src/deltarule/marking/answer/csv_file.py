"""A matrix in a CSV file, its figures with the digits that were written."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from typing import Any

from deltarule.errors import InputError


def csv_rows(text: str) -> list[list[Any]]:
    r"""The rows of a CSV file: figures as `Decimal`, everything else as text.

    Raises
    ------
    InputError
        If the figures are not separated by commas, or if there is a heading above them.

    Examples
    --------
    >>> csv_rows("0.50,1\n-2,A\n")
    [[Decimal('0.50'), Decimal('1')], [Decimal('-2'), 'A']]
    """
    lines = list(csv.reader(io.StringIO(text, newline=None)))  # lines as any system ends them
    rows = [[_cell(cell) for cell in row] for row in lines if any(cell.strip() for cell in row)]
    for separator in ";\t":
        first = text.strip().partition("\n")[0]
        cells = [_cell(cell.replace(",", ".")) for cell in first.split(separator)]
        if len(cells) > 1 and all(isinstance(cell, Decimal) for cell in cells):
            remedy = f"Write {','.join(map(str, cells)):.40}."
            raise InputError("file", "separate figures by commas, with decimal points", f"{first!r:.40}", remedy)
    words = [[isinstance(cell, str) for cell in row] for row in rows]
    if len(rows) > 1 and all(words[0]) and not any(map(any, words[1:])):
        raise InputError("file", "hold figures only", "words in its first row", "Remove the heading.")
    return rows


def _cell(cell: str) -> Any:
    try:
        return Decimal(cell.strip())
    except ArithmeticError:
        return cell.strip()
