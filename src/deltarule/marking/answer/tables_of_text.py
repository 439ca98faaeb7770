"""Tables of figures: rows of cells without their headings, tables of Markdown, and lines of figures without brackets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from deltarule.marking.answer.bracketed import entries
from deltarule.marking.answer.label_places import places_of
from deltarule.marking.answer.labelled_rows import Row, row_of, rows_in_line
from deltarule.marking.answer.numerals import cell_of, commas_are_decimal, plain

_AROUND_CELL = " \t*`$"
_RULE = re.compile(r"[\s|:+=-]++")
_EDGES = re.compile(r"^\s*\||\|\s*$")
_WIDE, _BLANKS = re.compile(r"[ ]{2,}|[ ]*\t[\t ]*"), re.compile(r"\s+")
_NUMBER_IN_WORD = re.compile(r"(?<=[^\W\d])[\s_]?\d{1,4}(?![.,]?\d)")
# Above a column of labels.
_LABELS = re.compile(r"predicted|predictions?|predicted class(?:es)?|class(?:es)?|labels?", re.IGNORECASE)
# Above a column of numbers of rows.
COUNTS = re.compile(r"(?:|#|i|p|n|no\.?|row|pattern|patterns|input|neuron|index|unnamed: 0|p/k|\W+)", re.IGNORECASE)


class Table(list[Any]):
    """Rows of figures, and the words that stood above their columns and beside them.

    Parameters
    ----------
    rows : of the table, without those words.
    above, beside : the words, one a column and one a row; empty where there are none.
    """

    def __init__(self, rows: Sequence[list[Any]] = (), above: Sequence[Any] = (), beside: Sequence[Any] = ()) -> None:
        super().__init__(rows)
        self.above, self.beside = tuple(above), tuple(beside)

    def in_order(self, rows: Sequence[str], columns: Sequence[str]) -> list[list[Any]]:
        """The rows and columns in the order in which they belong, where their labels, or numbers in these, say so.

        Parameters
        ----------
        rows, columns : the names of what they stand for, in order. The table may be turned, or a vector that stands upright.

        Raises
        ------
        InputError
            If it cannot be told what the numbers of rows or columns count.

        Examples
        --------
        >>> Table([[1, 2], [3, 4]], above=["B", "A"]).in_order([], ["A", "B"])
        [[2, 1], [4, 3]]
        >>> Table([[1, 2], [3, 4]], beside=["p2", "p1"]).in_order(["1", "2"], ["A", "B"])
        [[3, 4], [1, 2]]
        """
        across = places_of(self.above, columns) or places_of(self.above, rows)
        down = places_of(self.beside, rows) or places_of(self.beside, columns)
        found: list[list[Any]] = list(self)
        if across and all(len(row) == len(across) for row in found):
            found = [[row[place] for place in across] for row in found]
        return [found[place] for place in down] if down else found


def without_headings(rows: Sequence[Sequence[Any]], *, above: bool = True) -> Table:
    """Rows of figures without the words above their columns and beside them; rows of words as they are.

    Parameters
    ----------
    rows : cells that are figures or text.
    above : whether a heading may stand above the columns.

    Examples
    --------
    >>> without_headings([["", "A", "B"], [Decimal(1), Decimal(5), Decimal(6)], [Decimal(2), Decimal(7), Decimal(8)]])
    [[Decimal('5'), Decimal('6')], [Decimal('7'), Decimal('8')]]
    >>> without_headings([["A", "B"], ["B", "A"]])
    [['A', 'B'], ['B', 'A']]
    """
    table = [list(row) for row in rows]
    headed = len(table) > 1 and ((above and _is_above_figures(table)) or _is_above_labels(table[0]))
    head = table.pop(0) if headed else None
    if head is not None and all(len(row) == len(head) + 1 for row in table):
        head = ["", *head]
    if all(row and isinstance(row[0], str) and len(row) > 1 for row in table) and all(map(_figures_follow, table)):
        return Table([row[1:] for row in table], (head or [])[1:], [row[0] for row in table])
    if head is not None and len(head) > 1 and COUNTS.fullmatch(str(head[0]).strip()) and _is_numbered(table):
        return Table([row[1:] for row in table], head[1:], [row[0] for row in table])
    if head is not None and len(head) == 2 and _is_above_labels(head) and all(len(row) == 2 for row in table):
        return Table([row[1:] for row in table], head[1:], [row[0] for row in table])  # p1 A
    return Table(table, head or ())


def _is_above_figures(table: list[list[Any]]) -> bool:
    """Whether the first row is words, or the numbers of columns of a frame (as it prints, or as it is saved), above figures."""
    first = table[0]
    if all(isinstance(cell, str) for cell in first) and all(map(_figures_follow, table[1:])):
        return True
    return _is_frame(table) or (first[:1] == [""] and first[1:] == list(range(len(first) - 1)))


def _is_above_labels(row: list[Any]) -> bool:
    """Whether cells head a column of labels, and perhaps one of the numbers of rows."""
    cells = [cell.strip() for cell in row if isinstance(cell, str)]
    named = [_LABELS.fullmatch(cell) is not None for cell in cells]
    return any(named) and all(yes or COUNTS.fullmatch(cell) for yes, cell in zip(named, cells, strict=True))


def _figures_follow(row: list[Any]) -> bool:
    """Whether all cells of a row but the first are figures or left blank, and the first too where it is alone."""
    return bool(row) and all(isinstance(cell, Decimal) or cell == "" for cell in (row[1:] or row))


def _is_frame(table: list[list[Any]]) -> bool:
    counts = [Decimal(place) for place in range(len(table[0]))]
    return table[0] == counts and all(len(row) == len(counts) + 1 for row in table[1:]) and _is_count(table[1:])


def _is_count(table: list[list[Any]]) -> bool:
    """Whether the first cells are whole numbers that count on from 0 or 1."""
    first = [row[0] for row in table if len(row) > 1]
    return len(first) == len(table) and first in (list(range(len(table))), list(range(1, len(table) + 1)))


def _is_numbered(table: list[list[Any]]) -> bool:
    """Whether the first cells are whole numbers that rise, though some may be missing, or that count in another order."""
    first = [row[0] for row in table if len(row) > 1]
    whole = len(first) == len(table) and all(isinstance(each, Decimal) and each == each.to_integral() for each in first)
    return whole and len({*first}) == len(first) and (first == sorted(first) or max(first) - min(first) < len(first))


# ---- Markdown.


def is_markdown_table(text: str) -> bool:
    """Whether a `text` is rows of cells between upright lines."""
    lines = [line for line in text.splitlines() if line.strip() and not is_rule(line)]
    return (
        bool(lines)
        and all("|" in line for line in lines)
        and any(line.count("|") > 1 or "[" not in line for line in lines)
    )


def markdown_rows(text: str) -> Table:
    r"""The rows of a table of Markdown.

    Parameters
    ----------
    text : its lines. In a table's cells commas are decimal commas.

    Examples
    --------
    >>> markdown_rows("| A | B |\n|---|---|\n| 0,50 | −1 |")
    [[Decimal('0.50'), Decimal('-1')]]
    >>> markdown_rows("| 0.5 -1 |\n| 2 3 |")
    [[Decimal('0.5'), Decimal('-1')], [Decimal('2'), Decimal('3')]]
    """
    text = plain(text)
    lines = [line.strip() for line in text.splitlines() if line.strip() and not is_rule(line)]
    inside = [_EDGES.sub("", line) for line in lines]
    if not any("|" in line for line in inside) and any(len(line.split()) > 1 for line in inside):
        sure = commas_are_decimal(text)
        return Table([list(entries([line], sure=sure)) for line in inside])  # upright lines in the place of brackets
    rows = [[cell_of(cell) for cell in cells_of(line)] for line in lines]
    # An empty heading is one, as where a table is made of figures alone.
    if rows and not any(cell != "" for cell in rows[0]):
        return without_headings(rows[1:], above=False)
    return without_headings(rows)


def cells_of(row: str) -> list[str]:
    """The cells of a `row` of Markdown, without emphasis.

    Examples
    --------
    >>> cells_of("| **A** | 0.5 |")
    ['A', '0.5']
    """
    return [cell.strip(_AROUND_CELL) for cell in _EDGES.sub("", row.strip()).split("|")]


def is_rule(line: str) -> bool:
    """Whether a `line` is the rule below a heading: |---|:-:|."""
    return _RULE.fullmatch(line) is not None and "-" in line


# ---- Lines.


def lines_of_figures(text: str) -> Any:
    r"""The rows of a `text` without brackets: a line a row. A text of one line is a list.

    Raises
    ------
    InputError
        If commas may separate figures or be decimal commas.

    Examples
    --------
    >>> lines_of_figures("0.69 0.31\n1 2"), lines_of_figures("0,5; 0,25")
    ([[Decimal('0.69'), Decimal('0.31')], [Decimal('1'), Decimal('2')]], [Decimal('0.5'), Decimal('0.25')])
    """
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    inner = rows_in_line(lines[0]) if len(lines) == 1 else []
    if inner:
        return Table([_separated([row.figures])[0] for row in inner], beside=[row.label for row in inner])
    rows = [row for line in lines if (row := row_of(line)) is not None]
    if len(rows) > 1 and len(rows) >= len(lines) - 1 and row_of(lines[-1]) is not None:
        return _labelled(lines[: len(lines) - len(rows)], rows)
    table = without_headings(_with_heads(lines))
    return table[0] if len(table) == 1 and not table.above else table


def _labelled(head: list[str], rows: Sequence[Row]) -> Table:
    """The table of `rows` with labels, and what stands above them: words, as many as there are columns, or one more."""
    figures = _separated([row.figures for row in rows])
    width = len(figures[0])
    above = _heads(head[0], (width, width + 1)) if head else []
    return Table(figures, above[-width:], [row.label for row in rows])


def _with_heads(lines: list[str]) -> list[list[Any]]:
    """The cells of lines, of which the first may be words above the columns, with other blanks between them."""
    if len(lines) > 1 and not any(map(str.isdigit, _NUMBER_IN_WORD.sub("", lines[0]))):
        rows = _separated(lines[1:])
        heads = _heads(lines[0], (len(rows[0]), len(rows[0]) - 1))
        if heads:
            return [heads, *rows]
    return _separated(lines)


def _heads(line: str, widths: tuple[int, ...]) -> list[str]:
    """The words above the columns, of which there are as many as one of the `widths`; none where there are others."""
    splits = [words.split(line.strip()) for words in (_WIDE, _BLANKS)]
    return next((words for words in splits if len(words) in widths), [])


def _separated(lines: list[str]) -> list[list[Any]]:
    """The cells of lines without brackets."""
    text = "\n".join(lines)
    separator = next((each for each in ";\t" if any(each in line for line in lines)), None)
    if separator is None:
        sure = commas_are_decimal(text)
        return [list(entries([line], sure=sure)) for line in lines]
    rows = [[cell_of(cell.strip(_AROUND_CELL)) for cell in line.strip(" ;").split(separator)] for line in lines]
    return [[cell for cell in row if cell != ""] if separator == "\t" else row for row in rows]
