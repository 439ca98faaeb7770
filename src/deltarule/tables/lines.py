"""How the lines of a CSV file lie: how many there are, how long, and whether a quotation mark was left open."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from deltarule.errors import InputError

# Bytes that Arrow reads at once, and the most that it can: a row must fit in.
BLOCK, LARGEST_BLOCK = 1 << 20, (1 << 31) - 1
# Bytes looked at in one go: a line that is longer may not fit into a block.
PIECE = BLOCK // 8
# Larger files with quotation marks are not read in one block.
QUOTED_BLOCK = 1 << 26
# A cell in quotation marks: what stands in it, the mark behind it, and what follows up to the next cell.
_QUOTED = rb'(?:^|(?<=[%b\r\n]))[ \t]*+"((?:[^"]|"")*+)("?)([^%b\r\n]*)'
# What files begin with that are no text.
_PACKED = {b"\x1f\x8b": "a gzip file", b"PK\x03\x04": "a zip file or a workbook", b"\xd0\xcf\x11\xe0": "a workbook"}


class Lines(NamedTuple):
    """How the lines of a file lie.

    number : of lines, the empty ones too.
    quotes : whether there are quotation marks, within which a cell may go on in the next line.
    block : bytes for Arrow to read at once, so that each row fits in.
    """

    number: int
    quotes: bool
    block: int


def native(opened: BinaryIO) -> Any:
    """The same file (`opened`) as Arrow reads it by itself, where the system lets it.

    Threads of Arrow's would call Python for it otherwise. One that wants to while the program ends, as after an error, ends
    it with "terminate called without an active exception".
    """
    import pyarrow as pa

    try:
        return pa.OSFile(f"/proc/self/fd/{opened.fileno()}")
    except OSError:  # another system, or no file of the system
        return opened


def lines_of(opened: BinaryIO) -> Lines:
    """How the lines of a file (`opened`) lie; it is looked through once."""
    number, quotes, longest, last = 0, False, True, b""
    opened.seek(0)
    while piece := opened.read(PIECE):
        ends = piece.count(b"\n") + piece.count(b"\r") - piece.count(b"\r\n")
        number += ends - (last == b"\r" and piece[:1] == b"\n")
        quotes = quotes or b'"' in piece
        longest = longest and (ends > 0 or len(piece) < PIECE)
        last = piece[-1:]
    size = opened.tell()
    opened.seek(0)
    whole = not longest or (quotes and size <= QUOTED_BLOCK)
    block = min(max(size, BLOCK), LARGEST_BLOCK) if whole else BLOCK
    return Lines(number + (last not in (b"\n", b"\r", b"")), quotes, block)


def check_packed(file: Path, opened: BinaryIO) -> None:
    """An `InputError` where a file is packed, or a workbook, and no text.

    Parameters
    ----------
    file : its name.
    opened : the file.
    """
    opened.seek(0)
    start = opened.read(4)
    opened.seek(0)
    for mark, what in _PACKED.items():
        if start.startswith(mark):
            remedy = "Unpack it, or save the sheet as CSV."
            raise InputError("table", "be CSV text", f"{what} in {file}", remedy)


def check_quotes(file: Path, opened: BinaryIO, lines: Lines, rows: int = 0, *, separator: str = ",") -> None:
    r"""An `InputError` at a quotation mark that is left open, or closed in a later row: what lies between would be one cell.

    A cell may hold line ends, but then a comma or the end of a line follows the mark that closes it.

    Parameters
    ----------
    file : its name.
    opened : the file.
    lines : of the file.
    rows : the number of rows that were read, that of the names included. Where each line is a row, nothing was
        swallowed, and nothing is looked for. 0: not known.
    separator : the letter between the columns.

    Examples
    --------
    >>> import io
    >>> opened = io.BytesIO(b'a,t\n1,"x\n2,y\n')
    >>> check_quotes(Path("t.csv"), opened, lines_of(opened), 2)
    Traceback (most recent call last):
    deltarule.errors.InputError: The table must close each quotation mark that it opens. Got one in line 2 of t.csv. Close it.
    """
    if rows >= lines.number or not lines.quotes:
        return
    opened.seek(0, os.SEEK_SET)
    text = opened.read()
    opened.seek(0)
    for cell in _quoted(separator).finditer(text):
        inside, closed, behind = cell.groups()
        if (b"\n" in inside or b"\r" in inside) and (not closed or behind.strip()):
            before = text[: cell.start(1)]
            line = 1 + before.count(b"\n") + before.count(b"\r") - before.count(b"\r\n")
            raise InputError(
                "table", "close each quotation mark that it opens", f"one in line {line} of {file}", "Close it."
            )


def _quoted(separator: str) -> re.Pattern[bytes]:
    mark = re.escape(separator.encode())
    return re.compile(_QUOTED % (mark, mark))
