"""The names of tables: `iteration1`, "Iteration #2", "2nd iteration", "At convergence"; and the numbers in them."""

from __future__ import annotations

import re
from functools import lru_cache

from deltarule.marking.answer.part_words import LONGEST_WORDS
from deltarule.parts import TABLES

# The word in some languages.
ITERATION = r"iter[a-zéó]{0,8}|itér[a-z]{0,8}"
# What may be counted in a heading.
COUNTED = rf"(?P<what>{ITERATION}|update|epoch)"
_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5}
_ORDINALS = {
    word: number
    for number, words in enumerate(
        [
            "first erste première primera prima eerste",
            "second zweite deuxième seconde segunda seconda tweede",
            "third dritte troisième tercera terza derde",
            *["fourth vierte", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"],
        ],
        start=1,
    )
    for word in words.split()
}
_NUMBER = (
    r"[\s._:#(-]*+(?:no\.?|number|n°|nr\.?)?[\s._:#(-]*+(?:[a-z]\s*+=\s*+|=\s*+)?"
    rf"(?:(?P<number>\d{{1,18}})|(?P<word>{'|'.join(_NUMBERS)}))(?![\w])\)?"
)
# Iteration 2, Iteration n = 2, Iteration (two), Epoch 2.
BEHIND = re.compile(COUNTED + _NUMBER, re.IGNORECASE)
# The same as a key, where `it_2` is one as well.
_KEY = re.compile(rf"(?:it\.?|{ITERATION}){_NUMBER}", re.IGNORECASE)
# 2nd iteration, second iteration; and 2. Iteration, which may be a second section.
BEFORE = re.compile(
    rf"(?:(?P<number>\d{{1,18}})(?P<suffix>st|nd|rd|th|°|ª|º|\.|)|(?P<word>{'|'.join(_ORDINALS)}))\s*+{COUNTED}(?![a-z])",
    re.IGNORECASE,
)
_THE = re.compile(r"the\s+", re.IGNORECASE)
_OTHER_TABLES = {
    "convergence": re.compile(
        r"(?:at |after |upon )?(?:convergence|converged(?: layer| weights| solution)?)"
        r"|(?:after|(?:at )?the end of) (?:the )?training",
        re.IGNORECASE,
    ),
    "boundaries": re.compile(
        r"(?:the )?(?:class |decision |class-?separating )?boundar(?:y|ies)(?: lines?)?", re.IGNORECASE
    ),
    "metrics": re.compile(r"(?:the )?metrics", re.IGNORECASE),
}


def number_in(found: re.Match[str]) -> str:
    """The number that was `found` by `BEHIND` or `BEFORE`, as figures.

    Examples
    --------
    >>> number_in(BEHIND.match("Iteration II")), number_in(BEFORE.match("second iteration"))
    ('2', '2')
    """
    word = found["word"]
    return found["number"] or str((_NUMBERS | _ORDINALS)[word.lower()])


def is_ordinal(found: re.Match[str]) -> bool:
    """Whether the number `found` by `BEFORE` is surely an ordinal: 2nd, second; no "2." and no "2"."""
    return bool(found["word"]) or found["suffix"] not in ("", ".")


@lru_cache  # a long text has few names, again and again
def table_named(name: str) -> tuple[str, ...]:
    """The table that a `name` means, as the keys that lead to it; empty where it means none.

    Examples
    --------
    >>> [table_named(each) for each in ("iteration1", "Iteration #2", "first iteration", "it_3", "iteration", "At convergence")]
    [('iteration', '1'), ('iteration', '2'), ('iteration', '1'), ('iteration', '3'), ('iteration',), ('convergence',)]
    >>> table_named("item 1"), table_named("iterations"), table_named("convergences")
    ((), (), ())
    """
    name = name.strip()
    if len(name) > LONGEST_WORDS:
        return ()
    if name.casefold() in TABLES:
        return (name.casefold(),)
    text = _THE.sub("", name, count=1)
    found = _KEY.fullmatch(text)
    if found is None:
        before = BEFORE.fullmatch(text)
        found = (
            before if before is not None and is_ordinal(before) and before["what"].lower().startswith("it") else None
        )
    if found is not None:
        return "iteration", number_in(found)
    return next(((table,) for table, words in _OTHER_TABLES.items() if words.fullmatch(name)), ())
