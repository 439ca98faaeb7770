"""Tables in plain text and Markdown whose rows have labels: x1, x2, b."""

from __future__ import annotations

import re

from deltarule.marking.answer.figure_text import LONGEST_LINE, SCALARS
from deltarule.marking.answer.part_words import part_named

# A row of figures with a label, and labels that number rows.
_LABELLED = re.compile(
    r"\s*+(?P<label>(?:\|[^|]{0,60}(?=\|)|[^\t=:|\[\]\s]{1,20}(?:[ ]\d{1,4}|[ ]?=[ ]?\d{1,4})?(?=:|[ ]{2}|[ ]*\t)))"
    r"[:\s|]++[-+.\d\u2212]"
)
_ROW = re.compile(r"(?:x|w|input|feature|p|pattern|row)?[\s_=]*\{?(\d{1,4})\}?", re.IGNORECASE)


def rows_of_tables(lines: list[str]) -> dict[int, tuple[str, str]]:
    """The rows of tables whose rows have labels, so that a `b` there is the row of the biases, by their places.

    Parameters
    ----------
    lines : of a text.

    Returns
    -------
    dict
        The number in each label, and the text behind it; "" where it is no number, or the row is one of Markdown.

    Examples
    --------
    >>> rows_of_tables(["x1  0.5 1.0", "b   0.2 0.3", "", "J  12.29"]), rows_of_tables(["W = [[0.5]]", "b  0.2"])
    ({0: ('1', '0.5 1.0'), 1: ('', '0.2 0.3')}, {})
    """
    found: dict[int, tuple[str, str]] = {}
    group: dict[int, tuple[str, str]] = {}
    sure = False
    for at, line in enumerate([*lines, "."]):
        cells = _LABELLED.match(line) if len(line) <= LONGEST_LINE else None
        label = "" if cells is None else cells["label"].strip(" \t$*`|")
        if cells is not None and label and part_named(label) not in SCALARS:
            number = _ROW.fullmatch(label)
            sure = sure or number is not None
            bare = number is not None and "|" not in line
            group[at] = (number[1] if bare and number is not None else "", line[cells.end() - 1 :])
        elif line.strip(" \t|:-") or not line.strip():  # no rule of a table
            found |= group if sure else {}
            group, sure = {}, False
    return found
