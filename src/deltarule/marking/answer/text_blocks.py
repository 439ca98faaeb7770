r"""Plain text, Markdown and LaTeX as a document: blocks `U = ...` below headings such as "Iteration 1".

A block begins with the name of a part and a sign, or is headed by the name alone. It goes on while brackets are open or lines
are figures. Of a chain, `U = X W + b = [...]`, the last piece counts. All else is passed over: prose, formulas, names that are
no part's.
"""

from __future__ import annotations

import re
from itertools import islice, takewhile
from typing import Any

from deltarule.errors import InputError
from deltarule.marking.answer.column_heads import is_heading, with_heading
from deltarule.marking.answer.label_places import number_of
from deltarule.marking.answer.label_text import is_numbered_label
from deltarule.marking.answer.labelled_rows import Row, rows_of_tables
from deltarule.marking.answer.line_pieces import pieces_of_line, side_by_side
from deltarule.marking.answer.markup import without_markup
from deltarule.marking.answer.numerals import plain, without_powers
from deltarule.marking.answer.part_words import part_named
from deltarule.marking.answer.sessions import without_prompts
from deltarule.marking.answer.tables_of_parts import are_parts, parts_of_columns
from deltarule.marking.answer.tables_of_text import cells_of, is_rule
from deltarule.marking.answer.text_block import Block
from deltarule.marking.answer.text_lines import Begin, read_line
from deltarule.marking.answer.twice import Assigned, Twice
from deltarule.parts import LONGEST_NUMBER

# More lines, and more signs behind names, are no answer; each takes some time to read.
MOST_LINES = 50_000
MOST_SIGNS = 50_000
# Of more values of one part the last is kept: which is meant cannot be told anyway.
MOST_VALUES = 20
# Rows of a table whose columns are parts.
MOST_ROWS = 1000
SIDE_BY_SIDE = "This stands side by side with another part. Write one below the other."
OF_GRADIENT = (
    "W or b stands below the heading of the gradients. Write dJ/dW or dJ/db for these, or a heading above new values."
)
_GRADIENT_OF = {"weights": "weight_gradient", "biases": "bias_gradient"}
_BIASES_OF = {"weights": "biases", "weight_gradient": "bias_gradient"}
_NEW = re.compile(r"(?:the )?(?:new|updated?)\b[^\d=]{0,40}", re.IGNORECASE)
_GRADIENTS = re.compile(r"\W*(?:the )?gradients?(?:,? (?!descent)\w+){0,3}\W*", re.IGNORECASE)


class Blocks:
    """Collects the blocks of texts, which may follow each other: the last heading holds on.

    Parameters
    ----------
    last_counts : whether a part that stands twice has its last value, as a variable does.

    Attributes
    ----------
    table : the keys of the table whose heading stands above.
    document : the tables that are found.
    values : of each part, in their order.
    lines, signs : how many lines, and signs behind names, were read.
    of_gradients : whether a heading says that gradients follow.
    """

    def __init__(self, *, last_counts: bool = False) -> None:
        self.last_counts = last_counts
        self.table: tuple[str, ...] = ()
        self.lines = self.signs = 0
        self.of_gradients = False
        self.document: dict[str, Any] = {}
        self.values: dict[tuple[str, ...], list[Any]] = {}
        self._unread: dict[tuple[str, ...], str] = {}

    def put(self, keys: tuple[str, ...], value: Any) -> None:
        """Note a value.

        Parameters
        ----------
        keys : that lead to the part in the document.
        value : a text, or figures.
        """
        if keys[-1] == "inputs" and "convergence" not in keys:
            return  # the problem's own, written down again
        values = self.values.setdefault(keys, [])
        if value in values:
            values.remove(value)
        del values[MOST_VALUES:]
        values.append(value)
        several = Twice("with other values", tuple(values), last_counts=self.last_counts)
        self._place(keys, value if len(values) == 1 and not isinstance(value, Assigned) else several)

    def _place(self, keys: tuple[str, ...], value: Any) -> None:
        table = self.document
        for key in keys[:-1]:
            table = table.setdefault(key, {})
            if not isinstance(table, dict):
                return
        table[keys[-1]] = value

    def read(self, text: str) -> None:
        """Read the blocks of a `text`."""
        block = Block()
        self.lines += len(text.splitlines())
        self.signs += text.count("=") + text.count(":")
        for count, most, what in (
            (self.lines, MOST_LINES, "lines"),
            (self.signs, MOST_SIGNS, "equals signs and colons"),
        ):
            if count > most:
                raise InputError("text", f"have at most {most:,} {what}", "more", "Leave out what was not asked for.")
        lines = without_prompts(without_powers(without_markup(plain(text)))).splitlines()
        rows = rows_of_tables(lines)
        ends = 0  # of a table that is read already
        for at, line in enumerate(lines):
            if at < ends:
                continue
            if not block.waits() and (found := self._columns(lines, at)):
                self._close(block)
                block, ends = Block(), at + found
                continue
            if at in rows and (self._takes_biases(block, rows[at]) or block.takes_row(rows[at])):
                continue
            below = next((other for other in lines[at + 1 : at + 3] if other.strip()), "")
            name, heads = ("", "") if block.waits() else with_heading(line, below, self.table)
            if name:
                block = self._read_line(block, name, row=False)
            if block.waits() and is_heading(heads or line, below, self.table):
                block.takes_heading(heads or line)
                continue
            if block.takes_row_of_table(line) or (block.part == "predicted" and is_numbered_label(line)):
                block.add(line)
            else:
                block = self._read_line(block, line, row=at in rows and rows[at].numbered)
        self._close(block)

    def _columns(self, lines: list[str], at: int) -> int:
        """How many lines a table of Markdown has whose columns are parts, which are noted; 0 where none begins there."""
        if not lines[at].lstrip().startswith("|") or not is_rule("".join(lines[at + 1 : at + 2])):
            return 0
        head = cells_of(lines[at])
        if not are_parts(head, self.table):
            return 0
        below = islice(lines, at + 2, at + 2 + MOST_ROWS)
        body = list(takewhile(lambda line: line.lstrip().startswith("|") and not is_rule(line), below))
        found = parts_of_columns([head, *map(cells_of, body)], self.table)
        for keys, text in found:
            self.put(keys, text)
        return len(body) + 2 if found else 0

    def _takes_biases(self, block: Block, row: Row) -> bool:
        """Whether a row of a table below W or dJ/dW, whose other rows have numbers, is that of the biases, which are noted then."""
        of_table = block.keys is not None and block.part in _BIASES_OF and block.takes_rows()
        numbered = of_table and number_of(block.lines[-1].partition(":")[0]) is not None
        if numbered and part_named(row.label) == "biases" and block.keys is not None:
            self.put((*block.keys[:-1], _BIASES_OF[block.part]), row.figures)
            return True
        return False

    def _read_line(self, block: Block, line: str, *, row: bool) -> Block:
        """Read a line behind or below a block, and give the block that is open then."""
        beside = side_by_side(line, self.table)
        for keys in beside:
            self._place(keys, Twice(why=SIDE_BY_SIDE))
        gradients = _GRADIENTS.fullmatch(line.strip()) is not None
        if beside or gradients:
            self._close(block)
            self.of_gradients = self.of_gradients or gradients
            return Block()
        waiting = pieces_of_line(line)
        while waiting:
            begin = self._of_gradient(read_line(waiting.pop(0), self.table, row=row))
            if begin.table is None and begin.keys is None and not begin.ends and block.takes(begin):
                block.add(begin.text)
                continue
            self._close(block)
            block = Block(begin if begin.keys is not None else None)
            if begin.table is not None:
                self.table = begin.table
                waiting[:0] = [begin.text] if begin.text else []
        return block

    def _of_gradient(self, begin: Begin) -> Begin:
        """What begins; nothing where it is a W below the heading "Gradients", which may be the gradient or the new W."""
        part = None if begin.keys is None else part_named(begin.keys[-1])
        if begin.table is not None or begin.headed or begin.ends or part in ("weight_gradient", "bias_gradient"):
            self.of_gradients = False
        elif self.of_gradients and begin.keys is not None and part in _GRADIENT_OF:
            self._place((*begin.keys[:-1], _GRADIENT_OF[part]), Twice(why=OF_GRADIENT))
            return Begin("", ends=True)
        elif _NEW.fullmatch(begin.text.strip()) is not None:
            self.of_gradients = False
        return begin

    def _close(self, block: Block) -> None:
        value = block.value()
        if value and block.keys is not None:
            self.put(block.keys, Assigned(value) if block.indexed else value)
        elif block.keys is not None and (unread := block.unread()):
            self._unread.setdefault(block.keys, unread)

    def end(self) -> dict[str, Any]:
        """The document, in which a matrix that cannot be read, and stands nowhere else, is as it was written."""
        for keys, text in self._unread.items():
            if keys not in self.values and keys[-1] != "inputs":
                self._place(keys, text)
        return with_counts(self.document)


def text_document(text: str) -> dict[str, Any]:
    r"""The document of an answer in plain text, Markdown or LaTeX.

    Parameters
    ----------
    text : of the file.

    Examples
    --------
    >>> text_document("# Iteration 1\nU = X W + b = [[1 2]\n     [3 4]]\n\nThe cost is this: J = 12.29, errors = 3\n")
    {'iteration': {'1': {'synaptic_inputs': '[[1 2]\n     [3 4]]', 'cost': '12.29', 'errors': '3'}}}
    """
    blocks = Blocks()
    blocks.read(text)
    return blocks.end()


def with_counts(document: dict[str, Any]) -> dict[str, Any]:
    """A `document` whose decimals and hints are numbers, where a text has them."""
    written = {key: document.get(key) for key in ("decimals", "hints")}
    counts = {
        key: int(text)
        for key, text in written.items()
        if isinstance(text, str) and text.isdecimal() and len(text) < LONGEST_NUMBER
    }
    return document | counts
