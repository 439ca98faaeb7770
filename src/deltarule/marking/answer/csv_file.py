"""A matrix in a CSV file, its figures with the digits that were written."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from deltarule.errors import InputError
from deltarule.marking.answer.numerals import numeral, plain, with_comma
from deltarule.marking.answer.tables_of_text import without_headings
from deltarule.printable import brief

_SEPARATORS = ";\t,"


def csv_rows(text: str) -> list[list[Any]]:
    r"""The rows of a CSV file: figures as `Decimal`, everything else as text. Headings above and beside figures are left out.

    Parameters
    ----------
    text : of the file: figures separated by semicolons or tabs (a comma is a decimal comma then), by commas, or by blanks.

    Raises
    ------
    InputError
        If commas may separate figures or be decimal commas.
    csv.Error
        If it is not CSV.

    Examples
    --------
    >>> csv_rows("0.50,1\n-2,A\n")
    [[Decimal('0.50'), Decimal('1')], [Decimal('-2'), 'A']]
    >>> csv_rows("A;B\n0,50;1\n")
    [[Decimal('0.50'), Decimal('1')]]
    """
    text = plain(text)
    first, _, rest = text.partition("\n")
    stated = first.strip().casefold()
    if stated.startswith("sep=") and len(stated) == 5:  # Excel's own line
        rows = _split(rest, stated[-1])
        return without_headings([[_cell(cell, comma=stated[-1] != ",") for cell in row] for row in rows])
    for separator in _SEPARATORS[:2]:
        if separator in text:
            found = _split(text, separator)
            table = [[_cell(cell, comma=True) for cell in row] for row in found]
            if _is_table(table):
                return without_headings(table)
    rows = _split(text, ",")
    if all(len(row) == 1 for row in rows):  # nothing is separated by commas: by blanks, if all are figures then
        by_blanks = [[numeral(word) for word in row[0].split()] for row in rows if not row[0].startswith("#")]
        if all(cell is not None for row in by_blanks for cell in row):
            return [list(row) for row in by_blanks]
    _check_commas(rows)
    return without_headings([[_cell(cell, comma="," in cell) for cell in row] for row in rows])


def _split(text: str, separator: str) -> list[list[str]]:
    lines = csv.reader(io.StringIO(text, newline=None), delimiter=separator)  # lines as any system ends them
    found = [row for row in lines if any(cell.strip() for cell in row)]
    empty = bool(found) and all(len(row) > 1 and not row[-1].strip() for row in found)  # a separator ends each line
    return [row[:-1] for row in found] if empty else found


def _is_table(table: Sequence[Sequence[Any]]) -> bool:
    """Whether the cells are those of a table: as many in each row, and figures below the first row or words without commas."""
    lengths = {len(row) for row in table}
    if len(lengths) != 1 or lengths <= {0, 1}:
        return False
    body = [cell for row in table[len(table) > 1 :] for cell in row[len(row) > 1 :]]
    return all(isinstance(cell, Decimal) for cell in body) or not any("," in str(cell) for cell in body)


def _check_commas(rows: Sequence[Sequence[str]]) -> None:
    """Raise an `InputError` if cells look like the halves of figures with decimal commas."""
    halves = [cell.strip() for row in rows for cell in row]
    odd = next((cell for cell in halves if len(cell) > 1 and cell[0] == "0" and cell.isdecimal()), None)
    if odd is not None and all(cell.lstrip("+-").isdecimal() for cell in halves):
        line = ",".join(next(row for row in rows if odd in [cell.strip() for cell in row]))
        remedy = "Write decimal points, or separate figures by semicolons."
        raise InputError("file", "say which commas separate figures", brief(line), remedy)


def _cell(cell: str, *, comma: bool) -> Any:
    cell = cell.strip()
    found = numeral(cell)
    if found is None and comma:
        found = with_comma(cell, sure=True)
    return cell if found is None else found
