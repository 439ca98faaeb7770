"""A matrix in a CSV file, its figures with the digits that were written."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from deltarule.errors import InputError
from deltarule.marking.answer.headings import table_of_heading
from deltarule.marking.answer.numerals import cell_of, numeral, plain, with_comma, without_powers
from deltarule.marking.answer.part_keys import keys_of
from deltarule.marking.answer.tables_of_parts import parts_of_columns
from deltarule.marking.answer.tables_of_text import without_headings
from deltarule.marking.answer.text_blocks import MOST_LINES, SIDE_BY_SIDE
from deltarule.marking.answer.twice import Twice, put
from deltarule.printable import brief

# More names of parts are no answer; each takes some time to read.
MOST_NAMES = 10_000
_SEPARATORS = ";\t,"
_THOUSANDS = re.compile(r"[-+]?[1-9]\d{0,2}\.\d{3}", re.ASCII)


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
    return without_headings(_cells(without_powers(plain(text))))


def csv_document(text: str) -> dict[str, Any]:
    r"""The document of a CSV file with several parts: a part's name begins it, and a row as "Iteration 1" heads a table.

    Parameters
    ----------
    text : of the file. Figures stand below the name or beside it.

    Returns
    -------
    dict
        Empty where no name of a part stands in the first column.

    Raises
    ------
    InputError, csv.Error
        As `csv_rows`.

    Examples
    --------
    >>> csv_document("Iteration 1;;\nb;0,5;-1\nU\n1;2\n3;4\nJ;12,29\n")["iteration"]["1"]["biases"]
    [[Decimal('0.5'), Decimal('-1')]]
    """
    found: dict[str, Any] = {}
    if text.count("\n") > MOST_LINES:  # those are the rows of one part
        return found
    cells = _cells(without_powers(plain(text)), ragged=True)
    for keys, column in parts_of_columns([list(map(str, row)) for row in cells], ()):
        put(found, keys, column)
    return found or _parts_below_names(cells)


def _parts_below_names(table_of_cells: Sequence[Sequence[Any]]) -> dict[str, Any]:
    """The document of cells of which a name begins each part."""
    table: tuple[str, ...] = ()
    parts: dict[tuple[str, ...], list[list[Any]]] = {}
    found: dict[str, Any] = {}
    rows: list[list[Any]] | None = None
    beside, names = False, 0
    for cells in _named_rows(table_of_cells):
        named_cells = [keys for cell in cells if isinstance(cell, str) and (keys := keys_of(cell, table)) is not None]
        if len(named_cells) > 1 and sum(cell != "" for cell in cells) == len(named_cells):
            for keys in named_cells:
                parts.pop(keys, None)
                put(found, keys, Twice(why=SIDE_BY_SIDE))
            rows = None
            continue
        first, rest = str(cells[0]), cells[1:]
        named = table_of_heading(" ".join(map(str, cells)), table) if len(cells) <= 2 else ()
        keys = None if isinstance(cells[0], Decimal) else keys_of(first, table)
        if named:
            table, rows = named, None
        elif keys is not None:
            names += 1
            if names > MOST_NAMES:
                remedy = "Leave out what was not asked for."
                raise InputError("file", f"have at most {MOST_NAMES:,} names of parts", "more", remedy)
            rows = parts.setdefault(keys, [])
            if rows:
                rows = parts[keys] = []
                put(found, keys, Twice())
            rows += [rest] if rest else []
            beside = bool(rest)
        elif rows is not None:
            rows.append(rest if beside and first == "" else cells)  # figures beside the name, below it no name
    for keys, figures in parts.items():
        put(found, keys, without_headings(figures))
    return found


def _named_rows(table: Sequence[Sequence[Any]]) -> Iterator[list[Any]]:
    """The rows of a file, cut where the name of a part stands behind figures."""
    for row in table:
        begun, has_figures = 0, False
        for place, cell in enumerate(row):
            if isinstance(cell, Decimal):
                has_figures = True
            elif has_figures and cell and keys_of(cell, ()) is not None:
                yield list(row[begun:place])
                begun, has_figures = place, False
        yield list(row[begun:])


def _cells(text: str, *, ragged: bool = False) -> list[list[Any]]:
    """The rows of a file, with the separator that it has; `ragged`: they may have unlike numbers of cells."""
    first, _, rest = text.partition("\n")
    stated = first.strip().casefold()
    if stated.startswith("sep=") and len(stated) == 5:  # Excel's own line
        return _read(_split(rest, stated[-1], ragged=ragged), comma=stated[-1] != ",")
    for separator in _SEPARATORS[:2]:
        if separator in text:
            table = _read(_split(text, separator, ragged=ragged), comma=True)
            if ragged or _is_table(table):
                return table
    rows = _split(text, ",", ragged=ragged)
    if all(len(row) == 1 for row in rows):  # nothing is separated by commas: by blanks, if all are figures then
        by_blanks = [[numeral(word) for word in row[0].split()] for row in rows if not row[0].startswith("#")]
        if all(cell is not None for row in by_blanks for cell in row):
            return [list(row) for row in by_blanks]
    _check_commas(rows)
    return _read(rows, comma=False)


def _split(text: str, separator: str, *, ragged: bool) -> list[list[str]]:
    lines = csv.reader(io.StringIO(text, newline=None), delimiter=separator)  # lines as any system ends them
    found = [[cell.strip() for cell in row] for row in lines if any(cell.strip() for cell in row)]
    if ragged:
        lasts = [max(place for place, cell in enumerate(row) if cell) for row in found]
        return [row[: last + 1] for row, last in zip(found, lasts, strict=True)]
    empty = bool(found) and all(len(row) > 1 and not row[-1] for row in found)  # a separator ends each line
    return [row[:-1] for row in found] if empty else found


def _read(rows: list[list[str]], *, comma: bool) -> list[list[Any]]:
    """The cells as figures where they are; `comma`: a comma is a decimal comma, since something else separates cells."""
    inner = [cell for row in rows for cell in row if "," in cell]  # in quotation marks, where commas separate cells
    sure = comma or any(len(cell.rpartition(",")[2]) != 3 for cell in inner)
    table = [[cell_of(cell, sure=sure) for cell in row] for row in rows]
    if sure and any(isinstance(with_comma(cell, sure=True), Decimal) for cell in inner):
        unclear = next((cell for row in rows for cell in row if _THOUSANDS.fullmatch(cell)), None)
        if unclear is not None:
            remedy = f"Write {unclear.replace('.', ',')} or {unclear.replace('.', '')}."
            raise InputError("file", "say what its points mean, beside decimal commas", unclear, remedy)
    return table


def _is_table(table: Sequence[Sequence[Any]]) -> bool:
    """Whether the cells are those of a table: as many in each row, and figures below the first row or words without commas."""
    lengths = {len(row) for row in table}
    if len(lengths) != 1 or lengths <= {0, 1}:
        return False
    body = [cell for row in table[len(table) > 1 :] for cell in row[len(row) > 1 :]]
    return all(isinstance(cell, Decimal) for cell in body) or not any("," in str(cell) for cell in body)


def _check_commas(rows: Sequence[Sequence[str]]) -> None:
    """Raise an `InputError` if cells look like the halves of figures with decimal commas."""
    halves = [cell for row in rows for cell in row]
    odd = next((cell for cell in halves if len(cell) > 1 and cell[0] == "0" and cell.isdecimal()), None)
    if odd is not None and all(cell.lstrip("+-").isdecimal() for cell in halves):
        line = ",".join(next(row for row in rows if odd in row))
        remedy = "Write decimal points, or separate figures by semicolons."
        raise InputError("file", "say which commas separate figures", brief(line), remedy)
