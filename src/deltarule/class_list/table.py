"""The rows of a class list: text of a spreadsheet or of a learning platform, whatever encodes it and separates its cells."""

from __future__ import annotations

import codecs
import csv
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from deltarule.errors import InputError
from deltarule.files import read_regular

SUFFIXES = (".txt", ".csv", ".tsv")
TABLES = (".csv", ".tsv")
_DELIMITERS = ",;\t|"
# Lines that tell what separates cells.
LINES_LOOKED_AT = 20
# A first line by which a spreadsheet is told what separates cells, as in "sep=;".
_SEPARATOR = re.compile(r'"?sep=([,;\t|])"?\s*', re.IGNORECASE)
# Byte order marks of UTF-16, in which a spreadsheet saves "Unicode text".
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# The letters of western names, which have one byte each in Windows-1252, and a quotation mark that stands for an apostrophe. Other
# bytes hint at another table of letters (that of old Macintoshes, or of eastern Europe), in which these would be other letters.
_WESTERN = {*range(0xC0, 0x100)} - {0xD7, 0xF7} | {0x92}


@dataclass(frozen=True)
class Table:
    """The rows of a class list.

    Attributes
    ----------
    rows : the number of the line and the cells of each row that is not empty.
    delimiter : what separates cells; empty for a text file with a name a line.
    notes : what the user should be told of how it was read, as sentences.
    from_spreadsheet : whether it is encoded as spreadsheets do it: with a byte order mark, or not in UTF-8.
    """

    rows: tuple[tuple[int, tuple[str, ...]], ...]
    delimiter: str = ""
    notes: tuple[str, ...] = ()
    from_spreadsheet: bool = False


def read_table_of(path: Path) -> Table:
    """The rows of a class list.

    UTF-8, UTF-16 with a byte order mark, or Windows-1252 where a spreadsheet wrote nothing but western letters in it. Commas,
    semicolons, tabs or upright lines.

    Parameters
    ----------
    path : a CSV file (.csv, .tsv), or a text file with a name a line.

    Raises
    ------
    InputError
        If it cannot be read, is no text, or is not CSV.
    """
    is_table = path.suffix.lower() in TABLES
    content = read_regular(path, "class list", suffixes=SUFFIXES)
    text, notes = _text(content, path, is_table)
    if not is_table:
        return Table(tuple((line, (name,)) for line, name in enumerate(text.splitlines(), 1)), "", notes)
    lines = text.splitlines(keepends=True)
    stated = _SEPARATOR.fullmatch(lines[0]) if lines else None  # as spreadsheets write and read it
    above = 1 if stated else 0
    delimiter = stated[1] if stated else _delimiter(lines[above:][:LINES_LOOKED_AT])
    reader = csv.reader(lines[above:], delimiter=delimiter, strict=True)
    try:
        rows = [(reader.line_num + above, tuple(row)) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise InputError(
            "class list", "be CSV", f"{error} in line {reader.line_num + above} of {path}", "Close each quotation."
        ) from None
    return Table(tuple(rows), delimiter, notes, bool(notes) or content.startswith((*_UTF_16, codecs.BOM_UTF8)))


def _delimiter(lines: list[str]) -> str:
    """What separates cells: the sign with which most lines have as many cells as others; the comma where there is none."""

    def alike(delimiter: str) -> tuple[int, int]:
        try:
            widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter) if any(map(str.strip, row)))
        except csv.Error:
            return 0, 0
        return max((count for width, count in widths.items() if width > 1), default=0), lines[0].count(delimiter)

    return max(_DELIMITERS, key=alike) if lines else _DELIMITERS[0]


def _text(content: bytes, path: Path, is_table: bool) -> tuple[str, tuple[str, ...]]:
    try:
        return content.decode("utf-16" if content.startswith(_UTF_16) else "utf-8-sig"), ()
    except UnicodeDecodeError as error:
        if is_table and not content.startswith(_UTF_16) and all(byte < 0x80 or byte in _WESTERN for byte in content):
            note = (
                f"{path.name} is not UTF-8, and was read as Windows-1252; if names look wrong, save it as 'CSV UTF-8'"
            )
            return content.decode("cp1252"), (note,)
        raise InputError(
            "class list",
            "be UTF-8 text",
            f"another byte in place {error.start + 1} of {path}",
            "Save it as UTF-8; in a spreadsheet as 'CSV UTF-8'.",
        ) from None
