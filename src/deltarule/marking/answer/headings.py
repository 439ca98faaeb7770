"""Headings of texts: which table, and which iteration, one names: "Question 1 - iteration 2", "2nd iteration (n = 2)", "Epoch 3".

What names an iteration in a way that may mean two gives a table that does not exist, so that the reader asks back: figures
below it are not those of the iteration before.
"""

from __future__ import annotations

import re

from deltarule.marking.answer.table_words import BEFORE, BEHIND, COUNTED, ITERATION, is_ordinal, number_in, table_named

# Longer lines are prose.
LONGEST_HEADING, MOST_WORDS = 200, 10
_DECORATION = " \t*`_:.$=#-"
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,40}>")
_INNER = re.compile(r"iter|itér|update", re.IGNORECASE)
# A second number behind: "Iteration 1 and 2".
_ANOTHER = re.compile(r"[\s)]*+(?:and|und|et|y|&|,|-+>?|→|to|bis|/|\+)\s*+\d", re.IGNORECASE)
_OTHER = re.compile(rf"(?:the )?(?:next|last|final)\s+{COUNTED}(?![a-z])", re.IGNORECASE)
_REMARK = re.compile(r"\s*+\([^()]{0,100}\)?$")
# What numbers a heading, or says of which question it is.
_NUMBERING = re.compile(
    r"\(?(?:\d{1,2}(?:\.\d{1,2}){0,3}|[a-z]|[ivx]{1,5})(?:[.)]+\s*+|\s++)"
    r"|(?:question|exercise|task|part|problem|homework|hw|assignment|answer|section|aufgabe|q|ex)[\s.]*+(?:\d{1,3}[a-z]?|[a-z](?![a-z]))?[\s:,.;)(-]++",
    re.IGNORECASE,
)
_LEADING = re.compile(r"(?:after|the|values|results|of|answer|my)\s++", re.IGNORECASE)
_IN_SHORT = re.compile(r"(?:in|for|now)\s++", re.IGNORECASE)
# A number behind a sign, which is no part's: "Iteration n = 2".
WITH_SIGN = re.compile(rf"(?:{ITERATION}|epoch)[\s(]*+[a-z]?\s*+=\s*+\d{{1,18}}(?![\d.])\)?", re.IGNORECASE)


def table_of_heading(text: str, above: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The table that a heading names, as the keys that lead to it; empty where it names none.

    Parameters
    ----------
    text : of the heading. Words may stand behind the number.
    above : the table that the heading above it names.

    Examples
    --------
    >>> table_of_heading("Iteration 1 (all patterns)"), table_of_heading("Question 1 - iteration 2:"), table_of_heading("Item 1")
    (('iteration', '1'), ('iteration', '2'), ())
    >>> table_of_heading("2. Iteration", ("iteration", "1")), table_of_heading("Iteration 1 and 2")
    (('iteration', '2'), ('iteration', 'Iteration 1 and 2'))
    """
    if len(text) > LONGEST_HEADING or len(text.split()) > MOST_WORDS:
        return ()
    marked = text.rstrip(" \t*`_$=#-").endswith(":")
    text = _TAG.sub("", text).strip(_DECORATION + "}").strip()
    for _ in range(4):  # a number, a question, and two words
        named = _named(text, above)
        if named:
            return named
        lead = _LEADING.match(text) or _NUMBERING.match(text)
        if lead is None and (marked or len(text.split()) < 4):
            lead = _IN_SHORT.match(text)
        if lead is None:
            return ()
        text = text[lead.end() :].strip(_DECORATION).strip()
    return ()


def _named(text: str, above: tuple[str, ...]) -> tuple[str, ...]:
    """What a heading names whose first word says it."""
    before = BEFORE.match(text)
    if before is not None:
        return _of_ordinal(before, text, above)
    behind = BEHIND.match(text)
    if behind is not None:
        return _of_number(behind, text)
    return ("iteration", text) if _OTHER.match(text) else table_named(_REMARK.sub("", text))


def _of_number(behind: re.Match[str], text: str) -> tuple[str, ...]:
    """What a heading names whose number stands behind "iteration" or "epoch"."""
    rest = text[behind.end() :]
    if rest[:1].isalpha() or rest[:2].strip(".")[:1].isdecimal():
        return ()
    number = number_in(behind)
    if behind["what"].lower() == "epoch" and number == "1" and (inner := BEHIND.match(rest.lstrip(" ,.:;-("))):
        behind, number = inner, number_in(inner)
    elif behind["what"].lower() == "epoch" and _INNER.search(rest):
        return "iteration", text
    return _iteration(behind["what"], text if _ANOTHER.match(rest) else number)


def _of_ordinal(found: re.Match[str], text: str, above: tuple[str, ...]) -> tuple[str, ...]:
    """What a heading names whose number stands before "iteration"; nothing where that is the number of the heading itself."""
    number = number_in(found)
    behind = BEHIND.match(text[found.start("what") :])
    if behind is not None:  # 2nd iteration (n = 2), and 2. Iteration 1
        return _iteration(found["what"], number if number_in(behind) == number else text) if is_ordinal(found) else ()
    sure = is_ordinal(found) or number == "1" or found["what"].lower().endswith("s")
    follows = above == ("iteration", str(int(number) - 1))
    return _iteration(found["what"], number if sure or follows else text)


def _iteration(what: str, number: str) -> tuple[str, str]:
    return "epoch" if what.lower() == "epoch" else "iteration", number
