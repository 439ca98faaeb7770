"""The keys of a document that the name of a part means, below the heading above it."""

from __future__ import annotations

import re

from deltarule.marking.answer.figure_text import LONGEST_LINE
from deltarule.marking.answer.part_words import part_named
from deltarule.marking.answer.table_words import table_named
from deltarule.marking.answer.twice import LEVELS
from deltarule.parts import LONGEST_NUMBER, METRICS, SETS

_METRIC = re.compile(rf"(?:{'|'.join(SETS)})_(?:{'|'.join(METRICS)})")
_PAIR = re.compile(r"[^\s=:\[\]]{1,60}-[^\s=:\[\]]{1,60}")
# In the middle of a text these are the figures of one pattern, not of all.
_ONE_PATTERN = ("u", "y", "z", "w")
_INDEXED = re.compile(
    r"(?P<name>(?:\\(?:mathbf|boldsymbol|bm|mathrm)\s?\{)?[Wb]\}?)\s?(?:[_^]\s?\{?\s?\(?|\()(?P<number>\d{1,9})\)?\s?\}?",
    re.ASCII,
)
_DOCUMENT_KEYS = ("decimals", "hints", "title", "name")


def keys_of(name: str, table: tuple[str, ...], *, listed: bool = False) -> tuple[str, ...] | None:
    """The keys of a document that a name means below a heading; None where it is no part's.

    Parameters
    ----------
    name : as it is written: `U`, "iteration.1.U", "New weights W &".
    table : whose heading stands above.
    listed : whether a list follows; a small letter is the figure of one pattern else.
    """
    name = name.strip(" \t*`$&_").rstrip(":").strip()
    name = name.removesuffix("}") if name.count("}") > name.count("{") else name
    pieces = [piece.strip("\"'") for piece in name.split(".")] if len(name) <= LONGEST_LINE else [""]
    part = None if name in _ONE_PATTERN and not listed else part_named(name)
    keys: tuple[str, ...] | None = None if part is None else (*table, part)
    if name in _DOCUMENT_KEYS:
        keys = (name,)
    elif _METRIC.fullmatch(name):
        keys = "metrics", name
    elif table[:1] == ("boundaries",):
        keys = (*table, name) if _PAIR.fullmatch(name) else None
    elif 1 < len(pieces) <= LEVELS and all(map(_is_word, pieces[1:])) and table_named(pieces[0]):
        keys = tuple(pieces)
    elif len(pieces) == 3 and pieces[0] == "rows" and part_named(pieces[1]) is not None:
        keys = (*table, *pieces)
    return keys


def _is_word(text: str) -> bool:
    return bool(text) and " " not in text


def keys_of_index(name: str, table: tuple[str, ...]) -> tuple[str, ...] | None:
    """The keys of new weights or biases whose index says of which iteration: W_1, W^(1), W(2); None for any other name.

    Where iteration 1 is that of W^(1), its new weights are W^(2).

    Parameters
    ----------
    name : as it is written.
    table : whose heading stands above.

    Examples
    --------
    >>> keys_of_index("W_1", ("iteration", "1")), keys_of_index("W^{(0)}", ("iteration", "1")), keys_of_index("b_2", ())
    (('iteration', '1', 'weights'), None, ('iteration', '2', 'biases'))
    """
    found = _INDEXED.fullmatch(name.strip(" \t*`$&"))
    part = None if found is None else part_named(found["name"])
    if found is None or part not in ("weights", "biases"):
        return None
    number = int(found["number"])
    if not table and number > 0:
        return (part,) if number == 1 else ("iteration", str(number), part)
    own = int(table[1]) if len(table) == 2 and table[1].isdecimal() and len(table[1]) < LONGEST_NUMBER else 1
    return (*table, part) if table[:1] == ("iteration",) and number in (own, own + 1) else None
