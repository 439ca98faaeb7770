"""Rows of patterns or columns of classes in another order, read off the answer itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from deltarule.layers import NumberLayer
from deltarule.marking.answer.given import Answer, GivenPart
from deltarule.marking.mistakes.catalogue import CLASSES
from deltarule.marking.mistakes.class_orders import ALL_ORDERS_UP_TO, columns_in
from deltarule.marking.mistakes.mistake import Mistake, Variant
from deltarule.marking.rework.exercise import ROWS_OF_PATTERNS, Exercise

PATTERNS = Mistake(
    "patterns-reordered", "The rows stand in another order than the patterns.", "Look at the order of the rows."
)
# Beyond so many units, apart is apart: a slip elsewhere does not decide the order.
FAR = 20.0
MATRICES = tuple(part for part in ROWS_OF_PATTERNS if part != "predicted")


def patterns_reordered(answer: Answer, right: dict[str, Any]) -> tuple[Mistake, Iterator[Variant]]:
    """The order of rows in which the answer's matrices are nearest to the right ones, iteration by iteration."""
    return PATTERNS, _patterns(answer, right)


def _patterns(answer: Answer, right: dict[str, Any]) -> Iterator[Variant]:
    orders = {}
    for number in answer.iterations():
        given = _matrices(answer, number)
        order = nearest([(part, np.asarray(right[part.name], float)) for part in given])
        if order:
            orders[number] = order
    if orders:
        yield in_order(orders)
    for number in answer.iterations():
        for part in _matrices(answer, number):
            alone = nearest([(part, np.asarray(right[part.name], float))])
            if alone:
                yield in_order({number: alone}, (part.name.split(".")[-1],), price=1.0)


def in_order(
    orders: dict[int, tuple[int, ...]], parts: tuple[str, ...] = ROWS_OF_PATTERNS, price: float = 0.0
) -> Variant:
    """Rows of patterns in another order: what stands in place i of an iteration is row order[i]; of all parts, or some."""

    def shown(name: str, value: Any) -> Any:
        _, number, part = name.split(".")
        return value[list(orders[int(number)])] if part in parts and int(number) in orders else value

    order = next(iter(orders.values()))
    first = ", ".join(str(p + 1) for p in order[:20])
    return Variant(shown=shown, price=price, said=f"patterns {first}{', ...' if len(order) > 20 else ''}")


def classes_reordered(exercise: Exercise, answer: Answer, right: dict[str, Any]) -> tuple[Mistake, Iterator[Variant]]:
    """Of more classes than all orders are tried of: the order of columns in which they are nearest to the right ones."""
    return CLASSES, _classes(exercise, answer, right)


def _classes(exercise: Exercise, answer: Answer, right: dict[str, Any]) -> Iterator[Variant]:
    K = exercise.layer.neurons
    if not exercise.classes or K <= ALL_ORDERS_UP_TO or isinstance(exercise.layer, NumberLayer):
        return
    orders = set()
    for number in answer.iterations()[:1]:
        given = _matrices(answer, number)
        orders.add(nearest([(part, np.asarray(right[part.name], float).T) for part in given], turned=True))
        delta = answer.parts.get(f"iteration.{number}.delta")
        if delta in given and delta is not None:
            # Delta is c (Y - D): what was taken for D tells the order of the one-hot columns.
            rows = exercise.batches(number, number)[-1]
            weights = exercise.patterns.sample_weight[rows]
            factor = (weights * exercise.layer.scale(weights, exercise.descent.reduction))[:, None]
            with np.errstate(all="ignore"):
                taken = right[f"iteration.{number}.outputs"] - delta.values / factor
            half = delta.half / factor
            orders.add(order_of(_apart(taken.T, exercise.patterns.D[rows].T, half.T)))
    for order in orders - {()}:
        yield from columns_in(exercise, order, price=float(gammaln(K + 1)))


def _matrices(answer: Answer, number: int) -> list[GivenPart]:
    """The complete ones of an iteration with a row for each pattern."""
    given = (answer.parts.get(f"iteration.{number}.{part}") for part in MATRICES)
    return [part for part in given if part is not None and part.complete and not part.transposed]


def nearest(pairs: list[tuple[GivenPart, NDArray[Any]]], *, turned: bool = False) -> tuple[int, ...]:
    """The order in which the expected rows are nearest to the given ones; () if they stand rightly. turned: columns."""
    apart = None
    for given, expected in pairs:
        values, half = (given.values.T, given.half.T) if turned else (given.values, given.half)
        own = _apart(values, expected, half)
        apart = own if apart is None else apart + own
    return () if apart is None else order_of(apart)


def _apart(values: NDArray[Any], expected: NDArray[Any], half: NDArray[Any]) -> NDArray[Any]:
    """How far apart each two rows are, in units of the last decimal."""
    units = np.abs(values[:, None] - expected[None]) / (2 * half[:, None])
    apart: NDArray[Any] = np.minimum(np.nan_to_num(units, nan=FAR), FAR).sum(axis=2)
    return apart


def order_of(apart: NDArray[Any]) -> tuple[int, ...]:
    """The order with the least distance, the rows' own where it is no farther; () for their own."""
    from scipy.optimize import linear_sum_assignment

    order = tuple(linear_sum_assignment(apart - 1e-6 * np.eye(len(apart)))[1].tolist())
    return () if order == tuple(range(len(order))) else order
