"""Blocks of columns laid side by side as plain lines.

Those that do not fit go below; those that are too wide fold; those that are too long are cut.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size

from deltarule.printable import printable
from deltarule.typeset.figures import ELLIPSIS
from deltarule.typeset.words import TIE, one_line

GAP, BLOCK_GAP = "  ", "    "
# Stands for the second cell of a wide letter while lines are measured; no text that `printable` gave has it.
FILLER = "\ufdd0"


class Line(NamedTuple):
    """A line: its `text`, and how it looks on a terminal, a rich `style` or ""."""

    text: str
    style: str = ""


@dataclass(frozen=True)
class Block:
    """A matrix of texts, which are made safe to show.

    Attributes
    ----------
    title : above it.
    heads : one for each column.
    rows : the texts.
    words : whether the entries are words, which stand to the left; figures stand to the right.
    """

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    words: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", printable(self.title))
        object.__setattr__(self, "heads", [printable(head) for head in self.heads])
        object.__setattr__(self, "rows", [[printable(text) for text in row] for row in self.rows])

    def widths(self) -> list[int]:
        """The width of each column."""
        columns = zip(self.heads, *self.rows, strict=True)
        return [max(map(cell_len, column)) for column in columns]

    def width(self) -> int:
        """The width of the whole."""
        return max(cell_len(self.title), sum(self.widths()) + len(GAP) * (len(self.heads) - 1))

    def columns(self, start: int, end: int) -> Block:
        """Some of its columns: a fold of a block that is too wide."""
        title = self.title if start == 0 else "(continued)"
        return replace(self, title=title, heads=self.heads[start:end], rows=[row[start:end] for row in self.rows])

    def lines(self) -> list[str]:
        """Title, heads and rows, all of one width."""
        widths, total = self.widths(), self.width()
        body = [
            GAP.join(padded(t, w, left=self.words) for t, w in zip(row, widths, strict=True))
            for row in (self.heads, *self.rows)
        ]
        return [padded(text, total, left=True) for text in (self.title, *body)]


def padded(text: str, width: int, *, left: bool) -> str:
    """A text with spaces up to a width in cells of a terminal, where some letters take two; at the left, or at the right."""
    spaces = " " * (width - cell_len(text))
    return text + spaces if left else spaces + text


def cut(text: str, cells: int) -> str:
    """A text of at most so many cells of a terminal: cut where it is longer, with an ellipsis.

    Parameters
    ----------
    text : on one line.
    cells : how many it may take; East Asian letters take two.

    Examples
    --------
    >>> cut("a long name", 8), cut("名前名前", 7), cut("short", 8)
    ('a lon...', '名前...', 'short')
    """
    return text if cell_len(text) <= cells else set_cell_size(text, cells - len(ELLIPSIS)).rstrip() + ELLIPSIS


def banded(
    index: Block, blocks: Iterable[Block], width: int, *, gaps: Iterable[int] = (), styles: Sequence[str] = ()
) -> list[Line]:
    """Blocks side by side in bands, each band with the index at its left.

    Parameters
    ----------
    index : the column of row labels.
    blocks : each with as many rows as the index. A block that does not fit into a band begins the next; a wider one folds.
    width : characters a line.
    gaps : the places of the rows before which an ellipsis stands.
    styles : a rich style for each row; empty for none.
    """
    bands: list[list[Block]] = []
    room = 0
    for block in blocks:
        for piece in _folded(block, room - len(BLOCK_GAP), width - index.width() - len(BLOCK_GAP)):
            if not bands or piece.width() + len(BLOCK_GAP) > room:
                bands.append([])
                room = width - index.width()
            bands[-1].append(piece)
            room -= piece.width() + len(BLOCK_GAP)
    lines: list[Line] = []
    gaps, count = set(gaps), len(index.rows)
    styles = styles or [""] * count
    for band in bands:
        texts = [BLOCK_GAP.join(parts).rstrip() for parts in zip(*(b.lines() for b in (index, *band)), strict=True)]
        lines += [Line("")] if lines else []
        lines += [Line(text, style) for text, style in zip(texts, ("bold", "dim"), strict=False) if text]
        for row, text in enumerate(texts[2:]):
            lines += [Line(ELLIPSIS.rjust(index.width()), "dim")] if row in gaps else []
            lines.append(Line(text, styles[row]))
        lines += [Line(ELLIPSIS.rjust(index.width()), "dim")] if count in gaps else []
    return lines


def wrapped(text: str, width: int, *, indent: str = "", style: str = "") -> list[Line]:
    """A sentence on as many lines as it needs. Words (paths) are not broken, and neither is text from `unbroken`.

    Parameters
    ----------
    text : the sentence; `one_line` makes it safe to show.
    width : cells of a terminal a line; wide letters take two.
    indent : what stands before each line but the first.
    style : a rich style for all lines, or "".
    """
    letters = one_line(text)
    if not letters.isascii():
        letters = "".join(letter + FILLER * (cell_len(letter) - 1) for letter in letters)
    texts = _Wrapper(width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False).wrap(letters)
    return [Line(part.replace(TIE, " ").replace(FILLER, ""), style) for part in texts]


class _Wrapper(textwrap.TextWrapper):
    """A wrapper that may break a line after a wide letter too: East Asian texts have no spaces."""

    wordsep_simple_re = re.compile(rf"([ ]+)|(?<={FILLER})")


def joined(lines: Iterable[Line]) -> str:
    """The `lines` as plain text."""
    return printable("\n".join(line.text for line in lines), keep="\n")


def _folded(block: Block, room: int, full: int) -> list[Block]:
    """The whole block if it fits into the room that is left or into a band of its own; else pieces as wide as a band."""
    if block.width() <= max(room, full):
        return [block]
    pieces, start = [], 0
    widths = block.widths()
    while start < len(widths):
        end, total = start + 1, widths[start]
        while end < len(widths) and total + len(GAP) + widths[end] <= full:
            total += len(GAP) + widths[end]
            end += 1
        pieces.append(block.columns(start, end))
        start = end
    return pieces
