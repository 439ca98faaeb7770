"""Labels of classes in any notation that people list them in."""

from __future__ import annotations

import re
from typing import Any

from deltarule.marking.answer.bracketed import bracketed
from deltarule.marking.answer.latex_matrix import LATEX_ROWS, latex_rows, without_commands
from deltarule.marking.answer.numerals import numeral
from deltarule.marking.answer.tables_of_text import is_markdown_table, markdown_rows

_BRACKETS = "[](){}"
_SEPARATORS = ",;\t\n"


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
        return [row[-1] for row in markdown_rows(text)]
    text = without_commands(text)
    if text[-1:] in _BRACKETS and ("'" in text or '"' in text):
        return list(bracketed(text))
    inside = re.sub(r"^[\w.]{0,30}\((?=\[)|(?:, *dtype=[^()\[\]]{0,30})?\)$", "", text).translate(
        dict.fromkeys(map(ord, _BRACKETS), " ")
    )
    separator = next((each for each in _SEPARATORS if each in inside.strip()), None)
    words = [word.strip().strip("'\"") for word in (inside.split() if separator is None else inside.split(separator))]
    return [word if (found := numeral(word)) is None else found for word in words if word]
