"""What stands above the columns of a table in a text without upright lines."""

from __future__ import annotations

import re

from deltarule.marking.answer.figure_text import EQUALS, is_figures
from deltarule.marking.answer.labelled_rows import row_of
from deltarule.marking.answer.line_pieces import WIDE_BLANKS
from deltarule.marking.answer.part_keys import keys_of

# Longer lines are prose.
LONGEST_HEAD = 400
# Words with fewer letters may be classes that are called as a part is.
LONGEST_LETTER = 3
_FIGURE = re.compile(r"[-+]?[\d.,]*\d[\d.,]*(?:[eE][-+]?\d+)?", re.ASCII)
_EMPHASIS = re.compile(r"[*`$]")


def is_heading(line: str, below: str, table: tuple[str, ...]) -> bool:
    """Whether a `line` is words, as many as the line `below` has figures, or one more: that above the labels.

    Parameters
    ----------
    line, below : of a text.
    table : below whose heading they stand.

    Examples
    --------
    >>> is_heading("class A  class B", "x1: 0.5 1.0", ()), is_heading("   A   B", "0  0.5 1.0", ())
    (True, True)
    >>> is_heading("This is what we get", "1 2", ())
    False
    """
    count = _count(below)
    if not count or len(line) > LONGEST_HEAD or "|" in line or is_figures(line) or EQUALS.search(line) is not None:
        return False
    return any(_are_heads(words, count, table) for words in (WIDE_BLANKS.split(line.strip()), line.split()))


def with_heading(line: str, below: str, table: tuple[str, ...]) -> tuple[str, str]:
    r"""The name of a part in the corner of a table, and what stands above the columns behind it; empty where it is no such line.

    Parameters
    ----------
    line, below, table : as in `is_heading`.

    Examples
    --------
    >>> with_heading("U\tA\tB", "p1\t0.5\t1.0", ()), with_heading("U\tY", "p1\t0.5\\t1.0", ())
    (('U', 'A\tB'), ('', ''))
    """
    text = line.strip()
    if len(text) > LONGEST_HEAD or ("\t" not in text and "  " not in text):
        return "", ""
    name, _, heads = (text if "\t" in text else WIDE_BLANKS.sub("\t", text)).partition("\t")
    if len(heads.split()) < 2 or keys_of(name, table) is None:
        return "", ""
    count = _count(below)
    if len(WIDE_BLANKS.split(heads)) not in (count, count - 1):
        return "", ""
    return (name, heads) if is_heading(heads, below, table) else ("", "")


def _count(line: str) -> int:
    """How many figures a row has, without its label."""
    row = row_of(line)
    figures = row.figures if row is not None else line if is_figures(line) and "|" not in line else ""
    return len(_FIGURE.findall(figures))


def _are_heads(words: list[str], count: int, table: tuple[str, ...]) -> bool:
    """Whether words stand above so many columns: no figures, no sign behind, and no name of a part but that of a class called B."""
    words = [_EMPHASIS.sub("", word).strip() for word in words]
    own = [keys_of(word, table) is not None for word in words]
    letters = all(len(word) < LONGEST_LETTER for word in words)
    return (
        len(words) in (count, count - 1, count + 1)
        and (len(words) > 1 or " " not in words[0])
        and not any(map(_FIGURE.fullmatch, words))
        and not words[0].endswith((":", "="))
        and not words[-1].endswith((":", "=", "."))
        and (not any(own) or (letters and not all(own)))
    )
