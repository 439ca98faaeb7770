"""Labels of classes in any notation that people list them in."""

from __future__ import annotations

import re
from typing import Any

from deltarule.marking.answer.bracketed import bracketed
from deltarule.marking.answer.latex_matrix import LATEX_ROWS, latex_rows, without_commands
from deltarule.marking.answer.numerals import numeral
from deltarule.marking.answer.tables_of_text import Table, is_markdown_table, markdown_rows

_BRACKETS = "[](){}"
_SEPARATORS = ",;\t\n"
# A line a pattern: p1: A, 1) A, pattern 1 -> A.
_NUMBERED = re.compile(
    r"\s*+(?P<number>(?:[^\W\d_]{1,10}[ _=]{0,3})?\d{1,4})(?:[ \t]*+(?:[:)=]|->|→)[ \t]*+|[ ]{2,}|[ ]*\t[\t ]*)"
    r"(?P<label>[^\s:=)][^:=)\n]{0,60}?)[ \t]*+"
)
_SEPARATED = re.compile(r"[,;]")
# What a line that lists labels has between them, and the longest label.
_BETWEEN = re.compile(r"[,;]\s*|\s+")
LONGEST_LABEL = 20


def is_numbered_label(line: str) -> bool:
    """Whether a `line` is the number of a pattern and a label that is a word.

    Examples
    --------
    >>> [is_numbered_label(line) for line in ("2) B", "p1: A", "1: 0.5", "B")]
    [True, True, False, False]
    """
    found = _NUMBERED.fullmatch(line)
    return found is not None and any(map(str.isalpha, found["label"])) and len(found["label"].split()) == 1


def are_labels(line: str) -> bool:
    """Whether a `line` lists labels with nothing round them, or has the number of a pattern and a label; no sentence does.

    Examples
    --------
    >>> [are_labels(line) for line in ("A, A, B", "A A B", "0    A", "p1: A", "as it turned out", "-----", "so, we go on")]
    [True, True, True, True, False, False, False]
    """
    words = [word.strip("*`$'\"") for word in _BETWEEN.split(line.strip(" \t.|"))]
    if len(words) < 2 or not all(1 <= len(word) <= LONGEST_LABEL and any(map(str.isalnum, word)) for word in words):
        return False
    numbered = _NUMBERED.fullmatch(line)
    return (
        (numbered is not None and len(numbered["label"].split()) == 1)
        or len({*words}) < len(words)
        or max(map(len, words)) < 2
    )


def labels_of(text: str) -> list[Any]:
    r"""The labels, or numbers of classes, that a text lists: between commas, semicolons or lines, or else between blanks.

    Parameters
    ----------
    text : of the predicted classes.

    Examples
    --------
    >>> labels_of("['A' 'B'\n 'A']"), labels_of("[Iris setosa, Iris virginica]"), labels_of("1 2 2"), labels_of("A")
    (['A', 'B', 'A'], ['Iris setosa', 'Iris virginica'], [Decimal('1'), Decimal('2'), Decimal('2')], ['A'])
    """
    text = text.strip().strip("$").strip()
    if LATEX_ROWS.search(text) is not None:
        return list(latex_rows(text))
    if is_markdown_table(text):
        rows = markdown_rows(text)
        if len(rows) == 1 and len(rows[0]) > 1:  # one below another's number
            return list(rows[0][rows[0][0] == "" :])
        return Table([[row[-1]] for row in rows], beside=rows.beside)
    text = without_commands(text)
    text = text.removesuffix("^T").removesuffix("ᵀ")
    lines = text.splitlines()
    numbered = [_NUMBERED.fullmatch(line) for line in (lines if len(lines) > 1 else _SEPARATED.split(text))]
    if len(numbered) > 1 and all(numbered):
        pairs = [(each["number"], each["label"]) for each in numbered if each is not None]
        return Table([[label] for _, label in pairs], beside=[number for number, _ in pairs])
    if text[-1:] in _BRACKETS and ("'" in text or '"' in text):
        return list(bracketed(text))
    inside = re.sub(r"^[\w.]{0,30}\((?=\[)|(?:, *dtype=[^()\[\]]{0,30})?\)$", "", text).translate(
        dict.fromkeys(map(ord, _BRACKETS), " ")
    )
    separator = next((each for each in _SEPARATORS if each in inside.strip()), None)
    words = [word.strip().strip("'\"") for word in (inside.split() if separator is None else inside.split(separator))]
    return [word if (found := numeral(word)) is None else found for word in words if word]
