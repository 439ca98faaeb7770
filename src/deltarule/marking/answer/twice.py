"""What stands for the values of a key that a document has twice: nothing is lost silently, and whoever reads the part names it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

# Tables in tables, from `iteration` down to a row.
LEVELS = 5


class Twice:
    """What stands for the values of a key that is given twice: neither is taken.

    Parameters
    ----------
    how : in which spellings it is given; empty where they are the same.
    values : in their order, where a text or a notebook has several.
    last_counts : whether the last of the values is taken, as in a notebook, where a variable has its last value.
    why : what is said of it in the place of that.
    """

    def __init__(
        self, how: str = "", values: tuple[Any, ...] = (), *, last_counts: bool = False, why: str = ""
    ) -> None:
        self.how, self.values, self.last_counts, self.why = how, values, last_counts, why

    def __str__(self) -> str:
        return self.why or f"This stands twice{self.how and f', {self.how}'}. Keep one."


class Assigned(str):
    """The text of a value that code gives a variable: if it is the problem's own, it was not worked."""

    __slots__ = ()


def put(table: dict[str, Any], keys: Sequence[str], value: Any, how: str = "") -> None:
    """Put a value below its keys into a table; where one stands there already, `Twice` stands for both, or they are merged.

    Parameters
    ----------
    table : that is changed.
    keys : that lead to the value.
    value : of any type.
    how : in which spellings the last key is given.

    Examples
    --------
    >>> table = {"iteration": {"1": {"cost": 1}}}
    >>> put(table, ("iteration", "1", "errors"), 3)
    >>> put(table, ("iteration", "1", "cost"), 2)
    >>> table["iteration"]["1"]["errors"], str(table["iteration"]["1"]["cost"])
    (3, 'This stands twice. Keep one.')
    """
    for key in keys[:-1]:
        inner = table.setdefault(key, {})
        if not isinstance(inner, dict):
            table[key] = Twice()
            return
        table = inner
    last = keys[-1]
    table[last] = merged(table[last], value, how) if last in table else value


def merged(one: Any, other: Any, how: str = "", levels: int = LEVELS) -> Any:
    """Two tables of one key as one table; `Twice` stands for what is in both, and for what are no tables.

    Parameters
    ----------
    one, other : the values of the key.
    how : in which spellings it is given.
    levels : how many tables below each other are merged.

    Examples
    --------
    >>> found = merged({"cost": 1, "errors": 2}, {"errors": 2, "biases": [0]}, "as 1 and 01")
    >>> found["cost"], found["biases"], str(found["errors"])
    (1, [0], 'This stands twice, as 1 and 01. Keep one.')
    """
    if not (levels and isinstance(one, Mapping) and isinstance(other, Mapping)):
        return Twice(how)
    both = {key: merged(one[key], other[key], how, levels - 1) for key in other if key in one}
    return {**one, **other, **both}
