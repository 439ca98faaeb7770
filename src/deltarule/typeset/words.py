"""Counts with their nouns; names of inputs and neurons above figures, where those too long are numbered and explained."""

from __future__ import annotations

from collections.abc import Sequence

from deltarule.typeset.columns import places_shown, unbroken
from deltarule.typeset.figures import ELLIPSIS

# Names up to this length stand above figures; longer ones are numbered, and the numbers explained.
SHORT_NAME, LONG_NAME = 4, 16
# Columns of a matrix that are shown.
COLUMNS = 30


def short_name(label: object, longest: int = LONG_NAME) -> str:
    """A label in a table: as text, on one line, cut to 16 characters."""
    text = str(label)
    text = text if text.isprintable() else repr(text)
    return text if len(text) <= longest else text[: longest - len(ELLIPSIS)] + ELLIPSIS


def heads(names: Sequence[object], count: int, prefix: str) -> list[str]:
    """Names to stand above figures: those given if all are short, else numbers."""
    texts = [short_name(n) for n in names]
    if len(texts) == count and max(map(len, texts)) <= SHORT_NAME:
        return texts
    return [f"{prefix}{n}" for n in range(1, count + 1)]


def counted(count: int, thing: str) -> str:
    """A count and its noun.

    Examples
    --------
    >>> counted(1, "input"), counted(3, "input")
    ('1 input', '3 inputs')
    """
    return f"{count} {thing}{'' if count == 1 else 's'}"


def legend(thing: str, heads: Sequence[str], names: Sequence[object]) -> list[str]:
    """What the numbers above figures stand for, as a sentence; none where they stand for nothing else."""
    texts = [short_name(n) for n in names]
    if len(texts) != len(heads) or texts == list(heads):
        return []
    places = places_shown(len(texts), COLUMNS)
    said = [ELLIPSIS if p is None else unbroken(f"{heads[p]} = {texts[p]}") for p in places]
    return [f"{thing}: {', '.join(said)}"]
