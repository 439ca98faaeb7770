"""Tables in plain text and Markdown whose rows have labels: x1, x2, b."""

from __future__ import annotations

import re
from typing import NamedTuple

from deltarule.marking.answer.figure_text import LONGEST_LINE, SCALARS
from deltarule.marking.answer.label_places import number_of
from deltarule.marking.answer.part_keys import keys_of, keys_of_index
from deltarule.marking.answer.part_words import part_named

# A row of figures with a label: x1, pattern 1:, p = 1, 1), [1,] (as R prints it), or a word.
_LABELLED = re.compile(
    r"[\s*`$]*+(?:(?P<label>\[\d{1,4},\]|\(?\d{1,4}(?:\)|(?=:))|[^\W\d][\w.'/-]{0,20}(?:[ ][^\W\d][\w'-]{0,20})?"
    r"(?:[ ]?(?:=[ ]?)?\(?\d{1,4}\)?(?=[ ]{2}|\t|[ ]?[:=]))?)[*`$]{0,2}"
    r"(?:\s*+[:=]\s*+|\s++))(?P<figures>[\[({]{0,2}\s*+[-+]?\s?[.\d][-+.,;\d\seE]*+[\])}]{0,2}[,;]?\s*+)"
)
# A figure with its label in a line of several.
_IN_LINE = re.compile(
    r"\s*+(?P<quote>[\"']?)(?P<label>[^\W\d]\w{0,30})(?P=quote)\s*+(?:[:=]|->|→)\s*+(?P<figure>[-+]?[\d.,]*\d)\s*+(?:[,;]\s++|$)",
    re.ASCII,
)
# A row of Markdown, of which the first cell is the label.
_OF_MARKDOWN = re.compile(r"\s*+\|(?P<label>[^|]{0,60})\|[\s*`$]*+[-+.\d]")


class Row(NamedTuple):
    """A row of a table.

    Attributes
    ----------
    label : that stands before it.
    figures : that stand behind the label; empty in Markdown.
    numbered : whether a label of its table is a number, so that it is the row of a table and nothing else.
    """

    label: str
    figures: str
    numbered: bool = False


def row_of(line: str) -> Row | None:
    r"""The row that a `line` of text is, if it has a label.

    Examples
    --------
    >>> [row_of(line)[:2] for line in ("pattern 1:  2.43 1.62", "x1\t0.5\t1", "[2,] 1 2")], row_of("0.5 1.0")
    ([('pattern 1', '2.43 1.62'), ('x1', '0.5\t1'), ('2', '1 2')], None)
    """
    found = _LABELLED.fullmatch(line) if len(line) <= LONGEST_LINE else None
    if found is None or sum(map(found["figures"].count, "[({")) != sum(map(found["figures"].count, "])}")):
        return None
    label = found["label"].strip(" ()[],")
    if "=" in line[found.end("label") : found.start("figures")] and _is_part(label):
        return None
    return Row(label, found["figures"].strip(" \t[](){},;"))


def rows_in_line(text: str) -> list[Row]:
    """The figures in a `text` of one line, each with its label before it; empty where it is anything else.

    Examples
    --------
    >>> [(row.label, row.figures) for row in rows_in_line("A: 0.45, B: -0.13")], rows_in_line("0.45, -0.13")
    ([('A', '0.45'), ('B', '-0.13')], [])
    """
    text = text.strip()
    if text[:1] + text[-1:] in ("{}", "[]", "()"):
        text = text[1:-1]
    found = list(_IN_LINE.finditer(text)) if len(text) <= LONGEST_LINE else []
    whole = len(found) > 1 and "".join(each[0] for each in found) == text
    return [Row(each["label"], each["figure"]) for each in found] if whole else []


def rows_of_tables(lines: list[str]) -> dict[int, Row]:
    """The rows of tables whose rows have labels, so that a `b` there is the row of the biases, by their places.

    Parameters
    ----------
    lines : of a text. A table has a label that is a number, or several rows of which the first has no name of a part.

    Examples
    --------
    >>> rows_of_tables(["x1  0.5 1.0", "b   0.2 0.3", "", "J  12.29"])
    {0: Row(label='x1', figures='0.5 1.0', numbered=True), 1: Row(label='b', figures='0.2 0.3', numbered=True)}
    >>> rows_of_tables(["W = [[0.5]]", "b  0.2"])
    {}
    """
    found: dict[int, Row] = {}
    group: dict[int, Row] = {}
    for at, line in enumerate([*lines, "."]):
        markdown = _OF_MARKDOWN.match(line) if len(line) <= LONGEST_LINE else None
        row = Row(markdown["label"].strip(" \t$*`"), "") if markdown is not None else row_of(line)
        if row is not None and row.label and part_named(row.label) not in SCALARS:
            group[at] = row
        elif line.strip(" \t|:-") or not line.strip():  # no rule of a table
            if any(number_of(each.label) is not None for each in group.values()):
                found |= {place: each._replace(numbered=True) for place, each in group.items()}
            elif _are_of_words([*group.values()]):
                found |= group
            group = {}
    return found


def _are_of_words(rows: list[Row]) -> bool:
    """Whether rows whose labels are words are those of one table, and no parts by their names; a class may be called B."""
    lengths = {len(row.figures.split()) for row in rows}
    known = [row.label for row in rows if _is_part(row.label)]
    if len(rows) < 2 or len(lengths) > 1 or 0 in lengths or rows[0].label in known:
        return False
    return all(len(each) == 1 and each.isupper() for each in known)


def _is_part(label: str) -> bool:
    return keys_of(label, ()) is not None or keys_of_index(label, ()) is not None
