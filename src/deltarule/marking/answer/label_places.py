"""Which row or column of a table a label means: A, "class A", x2, "pattern 2", [2,]."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from deltarule.errors import InputError
from deltarule.printable import brief

_NUMBERED = re.compile(r"(?P<word>[^\W\d_][\w.]{0,20}?)?[\s_=(\[{,]*(?P<number>\d{1,4})[\])},:]*", re.ASCII)
# What stands before the name of a class, a neuron or an input.
_KIND = re.compile(r"(?:class|klasse|neuron|output|input|feature)[\s_]++(?=\S)", re.IGNORECASE)
_AROUND = " \t*`$:|"


def number_of(label: Any) -> int | None:
    """The number in a `label` that numbers a row or a column; None where it is none.

    Examples
    --------
    >>> [number_of(label) for label in ("p3", "pattern 12", "[2,]", "x_{1}", "7", "A", "x1-x2")]
    [3, 12, 2, 1, 7, None, None]
    """
    found = _NUMBERED.fullmatch(str(label).strip(_AROUND))
    return None if found is None else int(found["number"])


def places_of(labels: Sequence[Any], names: Sequence[str]) -> list[int]:
    """Where each of the `names` stands among the `labels`; empty where the labels say nothing of them.

    Numbers are those of the names, or count them from 1 or from 0.

    Raises
    ------
    InputError
        If the labels are numbers of which it cannot be told what they count.

    Examples
    --------
    >>> places_of(["class B", "A"], ["A", "B"]), places_of(["p2", "p3", "p1"], ["1", "2", "3"]), places_of(["v", "w"], ["A", "B"])
    ([1, 0], [2, 0, 1], [])
    >>> places_of(["2", "0", "1"], ["7", "8", "9"]), places_of(["9", "8", "7"], ["7", "8", "9"]), places_of([1, 3], ["1", "2", "3"])
    ([1, 2, 0], [2, 1, 0], [])
    >>> places_of(["p1", "p3", "p3"], ["1", "2", "3"])
    Traceback (most recent call last):
    deltarule.errors.InputError: The labels must say what each row is. Got 'p1, p3, p3'. Write the rows in their order.
    """
    words = [str(label).strip(_AROUND) for label in labels]
    for spelled in (words, [_KIND.sub("", word) for word in words]):
        if sorted(spelled) == sorted(names):
            return [spelled.index(name) for name in names]
    numbers = _numbers(words)
    if not numbers or len(numbers) != len(names):
        return []
    first = 0 if 0 in numbers else 1
    orders = (_numbers(names), [*range(first, first + len(names))])
    fitting = [order for order in orders if sorted(numbers) == sorted(order)]
    if any(order != fitting[0] for order in fitting) or (not fitting and numbers != sorted({*numbers})):
        raise InputError("labels", "say what each row is", brief(", ".join(words)), "Write the rows in their order.")
    return [numbers.index(number) for number in fitting[0]] if fitting else []


def _numbers(words: Sequence[str]) -> list[int]:
    """The numbers in words that are all alike but for them; none where one is another word."""
    found = [_NUMBERED.fullmatch(word) for word in words]
    alike = len({each and (each["word"] or "").casefold() for each in found}) == 1
    return [int(each["number"]) for each in found if each is not None] if alike else []
