r"""One block of a text: the name of a part, and what stands behind and below it."""

from __future__ import annotations

import re
from itertools import chain, islice

from deltarule.marking.answer.figure_text import EQUALS, SCALARS, SINGLE, brackets_opened, is_figures
from deltarule.marking.answer.label_text import are_labels
from deltarule.marking.answer.labelled_rows import Row, rows_in_line
from deltarule.marking.answer.line_pieces import PRODUCTS
from deltarule.marking.answer.matrix_text import TRANSPOSED
from deltarule.marking.answer.numerals import figure_of
from deltarule.marking.answer.part_words import part_named
from deltarule.marking.answer.remarks import begins_with_figures, figure_before_remark, without_remark
from deltarule.marking.answer.tables_of_text import cells_of
from deltarule.marking.answer.text_lines import Begin

# A line below a heading.
_RULE = re.compile(r"[\s=~_-]+")
# What stands before a row in a list of rows.
_BULLET = re.compile(r"^\s*+[-*+]\s++(?=\[)")
# What ends a formula, a sentence or emphasis.
_ENDS = (r"\]", r"\)", r"\\", r"\par", r"\quad", r"\qquad", r"\newline")
_BEGINS_MATRIX = re.compile(r"(?:(?:np\.|numpy\.|torch\.)?(?:array|tensor|matrix)\s*\(\s*)?\[|\\begin")
_LAST_BRACKET = re.compile(r"\\end\{[^{}]{0,20}\}|[\])]")
# A matrix that may be part of a formula.
_MATRIX = re.compile(r"[\[(]\s*+[-+]?[\d.]++[\s,;]++[-+\d.]|\\begin\s*\{(?:\w*matrix\*?|array)\}")
_TUPLE = re.compile(r"\([-+\d.,;\s]*\d\s*[,;\s]\s*[-+]?[\d.][-+\d.,;\s]*\)")
_SPECIAL = re.compile(r"[-+]?(?:nan|inf(?:inity)?)|.{1,200}\.(?:csv|tsv|txt|tex|md)", re.IGNORECASE)


# Behind a single figure in a chain, the name of something else that has the figure behind it: 1.2 with errors = 2.
_ANOTHER = re.compile(r"\s++(?:(?:[^\W\d]++[.,]?|[&|]|->)\s++){0,4}[^\W\d]{1,30}\s*+")


class Block:
    """A block that is being read.

    Parameters
    ----------
    begin : its first line; None where there is no block.

    Attributes
    ----------
    keys : that lead to its part in the document; None where there is no block.
    part : its part, or an empty text.
    headed : whether it begins with a heading, below which prose may stand.
    indexed : whether its name has an index, so that it may be of an entry.
    turned : whether its name has the sign of a transposed matrix.
    lines : of its value.
    rows : how many of them are rows with labels.
    heads : how many of them stand above the columns of a table.
    depth : how many brackets are open.
    begun : whether it has figures.
    """

    def __init__(self, begin: Begin | None = None) -> None:
        self.keys = None if begin is None else begin.keys
        self.headed = begin is not None and begin.headed
        self.indexed = begin is not None and begin.indexed
        self.turned = begin is not None and begin.turned
        self.part = "" if self.keys is None else part_named(self.keys[-1]) or ""
        self.lines: list[str] = []
        self.rows = self.heads = 0
        self.depth = 0
        self.begun = False
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
        return line.goes_on or self._is_own(line.text) or (self.headed and not self.begun)

    def _is_own(self, line: str) -> bool:
        """Whether a line is figures, or labels where these are asked for."""
        labels = self.part == "predicted"
        return is_figures(line, labels=labels) or (labels and are_labels(line))

    def takes_row_of_table(self, line: str) -> bool:
        """Whether a row of Markdown belongs to it, though its first cell may name a part: a class B.

        A table below a part's name is that part's, unless its first row is named as the part itself: | W | 1 |, | b | 2 |.

        Parameters
        ----------
        line : of a text.
        """
        if self.keys is None or not line.lstrip().startswith("|"):
            return False
        first = islice(
            (row for row in chain(self.lines, [line]) if row.lstrip().startswith("|")), 3
        )  # headings, a rule, a row
        heads, *rows = map(cells_of, first)
        if any(figure_of(cell) is not None for cell in heads):
            return False
        if not rows:
            return not self.begun
        label = next((cells[0] for cells in rows if any(map(str.isalnum, "".join(cells)))), "")
        return bool(self.lines[-1].lstrip().startswith("|") and label and part_named(label) != self.part)

    def waits(self) -> bool:
        """Whether a part has been named, and nothing stands below it."""
        return self.keys is not None and not self.begun

    def takes_rows(self) -> bool:
        """Whether its value is rows with labels, so far, and perhaps a heading above them."""
        return 0 < self.rows == len(self.lines) - self.heads

    def takes_row(self, row: Row) -> bool:
        """Whether the `row` of a table with labels belongs to it, which it adds then."""
        if self.keys is None or not row.figures or (self.begun and not self.takes_rows()):
            return False
        if not self.begun:
            self.lines = self.lines[:0] if not self.heads else self.lines[-1:]  # without a formula above the table
        self.lines.append(f"{row.label}: {row.figures}")
        self.rows += 1
        self.begun = True
        return True

    def takes_heading(self, line: str) -> None:
        """Add the `line` above the rows of a table."""
        self.lines = [line]
        self.heads = 1

    def add(self, text: str) -> None:
        """Add the `text` of a line."""
        waits = self.headed and not self.begun and not self.depth
        if not text.strip() or (waits and not self._is_own(text)) or (not self.begun and _RULE.fullmatch(text)):
            return  # prose between a heading and its figures, and lines below headings
        self.lines.append(_BULLET.sub("", text))
        self.begun = self.begun or bool(self._value(text))
        self.depth = max(self.depth + brackets_opened(text), 0)

    def value(self) -> str:
        r"""The last piece of a chain of equations; empty where it is a formula alone."""
        found = self._value("\n".join(self.lines))
        return f"{found}^T" if found and self.turned else found

    def unread(self) -> str:
        """What stands in the place of a value and cannot be read as one, if it is a matrix, or two figures; or an empty text."""
        pieces = EQUALS.split(text := "\n".join(self.lines))
        two = any(map(self._has_two, pieces[:-1]))
        text = text if two else pieces[-1].strip()
        asked = begins_with_figures(text, self.part) or _MATRIX.search(text) or (two and self.part in SCALARS)
        return text if asked and not self.indexed else ""

    def _value(self, text: str) -> str:
        if self.rows or self.heads:
            return text if any(map(str.isdigit, text)) else ""
        pieces = EQUALS.split(text)
        if any(self._has_two(piece) for piece in pieces[:-1]):
            return ""
        kept = self._figures_alone(_without_end(without_remark(pieces[-1])))
        if self.part == "predicted":
            remark = len(pieces) == 1 and "(" in kept[1:] and not any(map(kept.count, "['\""))
            return "" if remark else kept
        single = figure_before_remark(kept, self.part)
        if single:
            return "" if self.indexed else single
        return kept if self._is_value(kept) else ""

    def _is_value(self, text: str) -> bool:
        """Whether a text is figures, and no formula."""
        if self.keys in (("title",), ("name",)) or _SPECIAL.fullmatch(text):
            return True
        bare = TRANSPOSED.sub("", text)
        if self.indexed and (SINGLE.fullmatch(bare.strip()) or not (_is_listed(bare) or _TUPLE.fullmatch(bare))):
            return False  # b_1 = 0.45 is an entry of b
        listed = _is_listed(bare) or is_figures(bare) or (self.part not in SCALARS and bool(rows_in_line(text)))
        return listed and any(map(str.isdigit, text))

    def _has_two(self, text: str) -> bool:
        """Whether a text in the middle of a chain is a whole value with the name of something else behind it."""
        if self.part in SCALARS:
            single = SINGLE.match(text := text.strip("$`* \n"))
            return single is not None and _ANOTHER.fullmatch(text, single.end()) is not None
        name = _LAST_BRACKET.split(text)[-1].strip(" \\[$`*-\n")
        return (
            _BEGINS_MATRIX.match(text.lstrip("$` \n")) is not None
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
