"""Rows of patterns that are written in another order, which is read off the answer."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from deltarule.marking.given import Answer, GivenPart
from deltarule.marking.mistakes.mistake import Mistake, Variant
from deltarule.marking.mistakes.orders import nearest_order
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.worksheet import Reworked
from deltarule.parts import ROWS_OF_PATTERNS, PartName

MATRICES = tuple(part for part in ROWS_OF_PATTERNS if part != "predicted")
# Patterns that the sentence names.
NAMED = 20


def whole_matrices(answer: Answer, number: int) -> list[GivenPart]:
    """The complete matrices of an iteration that have a row for each pattern.

    Parameters
    ----------
    answer : the answer.
    number : of the iteration, counted from 1.
    """
    given = (answer.part(number, part) for part in MATRICES)
    return [part for part in given if part is not None and part.complete and not part.transposed]


def _read_off(exercise: Exercise, answer: Answer, right: Reworked) -> Iterator[Variant]:
    """The order in which an answer's matrices are nearest to the right ones, iteration by iteration; of all, and of each alone."""
    orders = {}
    for number in answer.iterations():
        given = whole_matrices(answer, number)
        order = nearest_order([(part, np.asarray(right[part.name], float)) for part in given])
        if order:
            orders[number] = order
    if orders:
        first = next(iter(orders))
        # Synaptic inputs are linear in the inputs, so that so many rows tell the order, and the rest follows from the answer's own.
        telling = exercise.rank(first) if answer.part(first, "synaptic_inputs") is not None else None
        yield rows_in(orders, telling=telling)
    alone: dict[str, dict[int, tuple[int, ...]]] = {}
    for number in answer.iterations():
        for part in whole_matrices(answer, number):
            order = nearest_order([(part, np.asarray(right[part.name], float))])
            if order:
                alone.setdefault(part.name.part, {})[number] = order
    for name, of_part in alone.items():
        yield rows_in(of_part, (name,))
        if len(of_part) > 1:
            yield from (rows_in({number: order}, (name,)) for number, order in of_part.items())


def rows_in(
    orders: dict[int, tuple[int, ...]],
    parts: tuple[str, ...] = ROWS_OF_PATTERNS,
    telling: int | None = None,
) -> Variant:
    """A variant in which rows of patterns stand in another order.

    Parameters
    ----------
    orders : for each iteration the pattern that each of its rows stands for.
    parts : the parts whose rows are moved.
    telling : see `log_orders`.
    """

    def moved(name: PartName, value: Any) -> Any:
        order = orders.get(name.number or 0) if name.part in parts else None
        return value if order is None else value[list(order)]

    first = next(iter(orders.values()))
    return Variant(as_written=moved, price=log_orders(first, telling), detail=order_text(first))


def log_orders(order: Sequence[int], telling: int | None = None) -> float:
    """The logarithm of how many orders are like one: of those that move as many rows, or that turn or reverse them all.

    Parameters
    ----------
    order : of the rows.
    telling : rows that count, where the others follow from them: the places of these alone are counted. None: all do.

    Examples
    --------
    >>> [round(math.exp(log_orders(each))) for each in ([1, 0, 2], [2, 1, 0], [1, 2, 0], [1, 3, 0, 2])]
    [6, 3, 3, 24]
    >>> round(math.exp(log_orders([1, 3, 0, 2], telling=2)))
    12
    """
    rows = len(order)
    turned = {(row - place) % rows for place, row in enumerate(order)}
    if len(turned) == 1 or list(order) == list(range(rows))[::-1]:
        return math.log(rows)
    moved = sum(row != place for place, row in enumerate(order))
    moved = moved if telling is None else min(moved, telling)
    return math.lgamma(rows + 1) - math.lgamma(rows - moved + 1)


def order_text(order: tuple[int, ...]) -> str:
    """An order of patterns as a reader sees it: "patterns 3, 1, 2"."""
    first = ", ".join(str(p + 1) for p in order[:NAMED])
    return f"patterns {first}{', ...' if len(order) > NAMED else ''}"


PATTERNS_REORDERED = Mistake(
    "patterns-reordered",
    "The rows are in another order than the patterns.",
    "Look at the order of the rows.",
    read_off=_read_off,
)
