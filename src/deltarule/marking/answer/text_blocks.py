r"""Plain text, Markdown and LaTeX as a document: blocks `U = ...` below headings such as "Iteration 1".

A block begins with the name of a part and a sign, or is headed by the name alone. It goes on while brackets are open or lines
are figures. Of a chain, `U = X W + b = [...]`, the last piece counts. All else is passed over: prose, formulas, names that are
no part's.
"""

from __future__ import annotations

import re
from typing import Any

from deltarule.errors import InputError
from deltarule.marking.answer.matrix_text import TRANSPOSED
from deltarule.marking.answer.numerals import plain
from deltarule.marking.answer.part_words import part_named
from deltarule.marking.answer.text_lines import (
    EQUALS,
    PRODUCTS,
    SCALARS,
    SINGLE,
    Begin,
    brackets_opened,
    is_figures,
    pieces_of_line,
    read_line,
    rows_of_tables,
    side_by_side,
)
from deltarule.marking.answer.twice import Assigned, Twice
from deltarule.marking.parts import COUNTS, LONGEST_NUMBER

# More lines, and more signs behind names, are no answer; each takes some time to read.
MOST_LINES = 50_000
MOST_SIGNS = 50_000
# Of more values of one part the last is kept: which is meant cannot be told anyway.
MOST_VALUES = 20
SIDE_BY_SIDE = "This stands side by side with another part. Write one below the other."
OF_GRADIENT = "W or b stands below the heading of the gradients. Write dJ/dW or dJ/db for a gradient, or a heading above new values."
_GRADIENT_OF = {"weights": "weight_gradient", "biases": "bias_gradient"}
_NEW = re.compile(r"(?:the )?(?:new|updated?)\b[^\d=]{0,40}", re.IGNORECASE)
_GRADIENTS = re.compile(r"\W*(?:the )?gradients?(?:,? (?!descent)\w+){0,3}\W*", re.IGNORECASE)
# What stands above the columns of a table.
_HEADINGS = re.compile(r"\s*+(?:[^\s:=]{1,20}(?:[ \t]++|$)){1,40}")
# What may be said behind a single figure.
_REMARK = re.compile(
    r"\s*+(?:\([^()\d]{0,200}\)|of\s++\d{1,9}.{0,200}|[,;]\s++[A-Za-z].{0,200}|(?:patterns?|errors?|rounded|wrong)\b.{0,200}|[#%].{0,200})$"
)
# Errors as a share of the patterns: 3/4.
_SHARE = re.compile(r"(?<=\d)\s*+/\s*+\d{1,9}(?!\d)", re.ASCII)
# What ends a formula, a sentence or emphasis.
_ENDS = (r"\]", r"\)", r"\\", r"\par", r"\quad", r"\qquad", r"\newline")
_LAST_BRACKET = re.compile(r"\\end\{[^{}]{0,20}\}|[\])]")
# A matrix that may be part of a formula.
_MATRIX = re.compile(r"[\[(]\s*+[-+]?[\d.]++[\s,;]++[-+\d.]|\\begin\s*\{(?:\w*matrix\*?|array)\}")
_SPECIAL = re.compile(r"[-+]?(?:nan|inf(?:inity)?)|.{1,200}\.(?:csv|tsv|txt|tex|md)", re.IGNORECASE)


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
        block = _Block()
        lines = plain(text).splitlines()
        self.lines += len(lines)
        self.signs += text.count("=") + text.count(":")
        for count, most, what in (
            (self.lines, MOST_LINES, "lines"),
            (self.signs, MOST_SIGNS, "equals signs and colons"),
        ):
            if count > most:
                raise InputError("text", f"have at most {most:,} {what}", "more", "Leave out what was not asked for.")
        rows = rows_of_tables(lines)
        for at, raw in enumerate(lines):
            beside = side_by_side(raw, self.table)
            for keys in beside:
                self._place(keys, Twice(why=SIDE_BY_SIDE))
            if beside:
                self._close(block)
                block = _Block()
                continue
            if at in rows and block.takes_row(*rows[at]):
                continue
            if at + 1 in rows and rows[at + 1][0] == "1" and block.waits() and _HEADINGS.fullmatch(raw):
                if read_line(raw, self.table).keys is None:
                    continue
            if _GRADIENTS.fullmatch(raw.strip()) is not None:
                self._close(block)
                block, self.of_gradients = _Block(), True
                continue
            waiting = pieces_of_line(raw)
            while waiting:
                begin = self._of_gradient(read_line(waiting.pop(0), self.table, row=at in rows))
                if begin.table is None and begin.keys is None and not begin.ends and block.takes(begin):
                    block.add(begin.text)
                    continue
                self._close(block)
                block = _Block()
                if begin.table is not None:
                    self.table = begin.table
                    waiting[:0] = [begin.text] if begin.text else []
                elif begin.keys is not None:
                    block = _Block(begin)
        self._close(block)

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

    def _close(self, block: _Block) -> None:
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


class _Block:
    """A block that is being read.

    Parameters
    ----------
    begin : its first line; None where there is no block.
    """

    def __init__(self, begin: Begin | None = None) -> None:
        self.keys = None if begin is None else begin.keys
        self.headed = begin is not None and begin.headed
        self.indexed = begin is not None and begin.indexed
        self.part = "" if self.keys is None else part_named(self.keys[-1]) or ""
        self.lines: list[str] = []
        self.rows = 0  # of a table with labels
        self.depth = 0
        self.begun = False  # whether it has figures
        if begin is not None:
            self.add(begin.text)

    def takes(self, line: Begin) -> bool:
        """Whether a `line`, which begins nothing, belongs to it."""
        if self.keys is None:
            return False
        if self.depth > 0:
            return True
        if not line.text.strip():
            return not self.begun
        if self.begun and line.text.lstrip().startswith("|") and not self.lines[-1].lstrip().startswith("|"):
            return False  # the table of something else
        return (
            line.goes_on or is_figures(line.text, labels=self.part == "predicted") or (self.headed and not self.begun)
        )

    def waits(self) -> bool:
        """Whether a part has been named, and nothing stands below it."""
        return self.keys is not None and not self.begun

    def takes_row(self, number: str, figures: str) -> bool:
        """Whether the row of a table with labels belongs to it, which it adds then: the next in order.

        Parameters
        ----------
        number : of the row.
        figures : what stands behind its label.
        """
        if not number:
            return False
        self.rows += 1
        self.lines = self.lines if self.begun else []  # without a formula above the table
        if self.keys is None or number != str(self.rows) or len(self.lines) != self.rows - 1 or not is_figures(figures):
            return False
        self.lines.append(figures)
        self.begun = True
        return True

    def add(self, text: str) -> None:
        if not text.strip() or (
            self.headed and not self.begun and not is_figures(text, labels=self.part == "predicted")
        ):
            return  # prose between a heading and its figures
        self.lines.append(text)
        self.begun = self.begun or bool(self._value(text))
        self.depth = max(self.depth + brackets_opened(text), 0)

    def value(self) -> str:
        r"""The last piece of a chain of equations; empty where it is a formula alone."""
        return self._value("\n".join(self.lines))

    def unread(self) -> str:
        """What stands in the place of a value and cannot be read as one, if it has brackets and figures in them; or an empty text."""
        pieces = EQUALS.split(text := "\n".join(self.lines))
        text = text if any(map(self._has_two, pieces[:-1])) else pieces[-1].strip()
        return text if not self.indexed and _MATRIX.search(text) is not None else ""

    def _value(self, text: str) -> str:
        pieces = EQUALS.split(text)
        if any(self._has_two(piece) for piece in pieces[:-1]):
            return ""
        kept = self._figures_alone(_without_end(pieces[-1]))
        if self.part == "predicted":
            return "" if len(pieces) == 1 and "(" in kept and "[" not in kept and "'" not in kept else kept
        if self.part in SCALARS or self.part in COUNTS or self.keys in (("decimals",), ("hints",)):
            if self.part == "errors":
                kept = _SHARE.sub("", kept)
            kept = kept.replace("$", "")
            leading = SINGLE.match(kept)
            if leading is not None and _REMARK.match(kept[leading.end() :]):
                return leading[0].rstrip(",.")
        if self.keys in (("title",), ("name",)) or _SPECIAL.fullmatch(kept):
            return kept
        bare = TRANSPOSED.sub("", kept)
        if self.indexed and (SINGLE.fullmatch(bare.strip()) or not _is_listed(bare)):
            return ""  # b_1 = 0.45 is an entry of b
        return kept if any(map(str.isdigit, kept)) and (_is_listed(bare) or is_figures(bare)) else ""

    def _has_two(self, text: str) -> bool:
        """Whether a text in the middle of a chain is a whole matrix with the name of something else behind it."""
        name = _LAST_BRACKET.split(text)[-1].strip(" \\[$`*-\n")
        return (
            text.lstrip("$` \n").startswith(("[", "\\begin"))
            and any(map(str.isalpha, name))
            and (self.part, part_named(name)) not in PRODUCTS
        )

    def _figures_alone(self, text: str) -> str:
        """A text without the lines of a formula above its figures, as in `delta = Y - D`."""
        lines = text.split("\n")
        labels = self.part == "predicted"
        first = next((at for at, line in enumerate(lines) if _is_listed(line) or is_figures(line, labels=labels)), 0)
        return "\n".join(lines[first:])


def _without_end(text: str) -> str:
    """A text without what ends a formula, a sentence or emphasis."""
    text = text.strip().lstrip("$`* \t").rstrip(" \t\n.,;:$*`")
    while text.endswith(_ENDS):
        text = text.removesuffix(next(end for end in _ENDS if text.endswith(end))).rstrip(" \t\n.,;:$*`")
    return text[:-1] if text.endswith("}") and text.count("}") > text.count("{") else text


def _is_listed(text: str) -> bool:
    """Whether a text has what a matrix has, and no formula."""
    return "[" in text or "&" in text or "|" in text or "\\begin" in text


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
