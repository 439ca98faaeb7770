"""Counts with their nouns, and names of inputs and neurons: long ones are numbered above figures, and explained."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from deltarule.printable import printable
from deltarule.typeset.figures import ELLIPSIS, thousands

# Names up to this length stand above figures; longer ones are numbered, and the numbers explained.
SHORT_NAME, LONG_NAME = 4, 16
# Columns of a matrix that are shown.
MAXIMUM_COLUMNS = 30
# In a sentence a name may be longer than in a table.
SENTENCE_NAME = 80
# The kinds of letters that are written from right to left, and the mark that keeps what stands beside them in its place.
LEFTWARDS = ("R", "AL", "AN")
LEFT_TO_RIGHT = "\N{LEFT-TO-RIGHT MARK}"
# A space at which no line is broken.
TIE = "\N{NO-BREAK SPACE}"


def short_name(label: object, longest: int = LONG_NAME) -> str:
    """A label in a table or a sentence: text on one line, cut where it is long, that turns no figure beside it.

    Figures behind a word that is written from right to left would be shown on its other side, and columns would change places. A
    left-to-right mark, which has no shape, before and behind the word keeps them in order (Unicode Standard Annex 9).

    Parameters
    ----------
    label : any object; its str.
    longest : characters that are kept, with the ellipsis.
    """
    text = printable(str(label))
    text = text if len(text) <= longest else text[: longest - len(ELLIPSIS)] + ELLIPSIS
    leftwards = not text.isascii() and any(unicodedata.bidirectional(letter) in LEFTWARDS for letter in text)
    return f"{LEFT_TO_RIGHT}{text}{LEFT_TO_RIGHT}" if leftwards else text


def one_line(text: str) -> str:
    r"""A text on one line, safe to show: its line ends and tabs become a space, and what `printable` escapes is escaped.

    Parameters
    ----------
    text : such as a title; it may come from a file.

    Examples
    --------
    >>> print(one_line("two\nlines\x1b[2J"))
    two lines\x1b[2J
    """
    return printable(re.sub("[\t\n\v\f\r\x85\u2028\u2029]+", " ", text))


def heads(names: Sequence[object], count: int, prefix: str) -> list[str]:
    """What stands above figures: the names if all are short, else numbers.

    Parameters
    ----------
    names : names of the columns; empty for none.
    count : the number of columns.
    prefix : what stands before a number, as in x1, x2.
    """
    texts = [short_name(n) for n in names]
    if len(texts) == count and all(len(text.strip(LEFT_TO_RIGHT)) <= SHORT_NAME for text in texts):
        return texts
    return [f"{prefix}{n}" for n in range(1, count + 1)]


def unlike(names: Sequence[str], *words: str) -> str:
    """The first of some words that is no name: what stands beside names must differ from them.

    Parameters
    ----------
    names : what it stands beside, such as the names of inputs.
    words : from the shortest to the clearest; of the last, a form in brackets is used where all are names.

    Examples
    --------
    >>> unlike(["length"], "b", "bias"), unlike(["a", "b"], "b", "bias"), unlike(["b", "bias"], "b", "bias")
    ('b', 'bias', '(bias)')
    """
    brackets = words[-1]
    while brackets in names:
        brackets = f"({brackets})"
    return next((word for word in words if word not in names), brackets)


def told_apart(names: Sequence[object]) -> list[str]:
    """Names in a table, cut where they are long; those that are alike then have their places behind.

    Parameters
    ----------
    names : any objects; their str.

    Examples
    --------
    >>> told_apart(["length", 1, "1"])
    ['length', '1 (2)', '1 (3)']
    """
    texts = [short_name(each) for each in names]
    alike = Counter(texts)
    return [text if alike[text] == 1 else f"{text} ({place})" for place, text in enumerate(texts, 1)]


def counted(count: int, noun: str) -> str:
    """A count and its noun, in the plural unless it is 1.

    Examples
    --------
    >>> counted(1, "input"), counted(3, "input"), counted(10_000, "epoch")
    ('1 input', '3 inputs', '10,000 epochs')
    """
    return f"{thousands(count)} {noun}{'' if count == 1 else 's'}"


def places_shown(count: int, limit: int) -> list[int | None]:
    """The places of the rows that are shown: all up to the limit; else the first ones, None for an ellipsis, and the last.

    An ellipsis never stands for a single row, since it takes the same space.

    Parameters
    ----------
    count : the number of rows.
    limit : the largest number of rows that are shown.

    Examples
    --------
    >>> places_shown(9, 4), places_shown(9, 1), places_shown(5, 4)
    ([0, 1, 2, None, 8], [0, None], [0, 1, 2, 3, 4])
    """
    if count <= limit + 1:
        return list(range(count))
    return [*range(max(limit - 1, 1)), None, *([count - 1] if limit > 1 else [])]


def unbroken(text: str) -> str:
    """A text that `wrapped` keeps on one line."""
    return text.replace(" ", TIE)


def legend(subject: str, heads: Sequence[str], names: Sequence[object]) -> list[str]:
    """What the numbers above figures stand for, as one sentence; no sentence where the names themselves stand there.

    Parameters
    ----------
    subject : what the sentence is about: "inputs" or "neurons".
    heads : what stands above the figures, from `heads`.
    names : the full names.
    """
    texts = [short_name(n) for n in names]
    if len(texts) != len(heads) or texts == list(heads):
        return []
    places = places_shown(len(texts), MAXIMUM_COLUMNS)
    explained = [ELLIPSIS if p is None else unbroken(f"{heads[p]} = {texts[p]}") for p in places]
    return [f"{subject}: {', '.join(explained)}"]
