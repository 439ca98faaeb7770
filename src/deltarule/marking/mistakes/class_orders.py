"""Columns of neurons that stand for the classes in another order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import permutations
from typing import Any

import numpy as np
from scipy.special import gammaln

from deltarule.marking.given import Answer
from deltarule.marking.mistakes.mistake import Mistake, Variant
from deltarule.marking.mistakes.orders import distances, nearest_order, other_order
from deltarule.marking.mistakes.pattern_orders import whole_matrices
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.worksheet import Reworked
from deltarule.parts import COLUMNS_OF_NEURONS, PartName

# Of up to 4 classes every order is tried, 23 others. Of 5 there are 119: then likely orders, and one read off the answer.
EVERY_ORDER_UP_TO = 4
# Of more classes no neighbours are exchanged: there are as many orders as classes, each of as many places.
NEIGHBOURS_UP_TO = 100


def _classes_reordered(exercise: Exercise) -> Iterator[Variant]:
    orders = list(other_orders(exercise)) if exercise.classes and exercise.layer.neurons > 1 else []
    for order in orders:
        yield from columns_in(exercise, order, price=float(np.log(2 * len(orders))))


def other_orders(exercise: Exercise) -> Iterator[tuple[int, ...]]:
    """The orders of the classes of an `exercise` that are tried.

    All orders of few classes. Of many classes, the order in which they first occur, the reversed one, and those with two neighbours
    exchanged (of up to 100 classes).
    """
    K = exercise.layer.neurons
    own = tuple(range(K))
    if K <= EVERY_ORDER_UP_TO:
        yield from (order for order in permutations(own) if order != own)
        return
    by_first_pattern = tuple(dict.fromkeys(exercise.patterns.D.argmax(axis=1).tolist()))
    seen = {own}
    neighbours = [(*own[:k], k + 1, k, *own[k + 2 :]) for k in range(K - 1 if K <= NEIGHBOURS_UP_TO else 0)]
    for order in (by_first_pattern, own[::-1], *neighbours):
        if len(order) == K and order not in seen:
            seen.add(order)
            yield order


def _read_off(exercise: Exercise, answer: Answer, right: Reworked) -> Iterator[Variant]:
    """The orders of columns that are nearest to the right ones, where there are too many classes to try all orders."""
    K = exercise.layer.neurons
    if not exercise.classes or K <= EVERY_ORDER_UP_TO:
        return
    orders: list[tuple[int, ...] | None] = []
    for number in answer.iterations()[:1]:
        given = whole_matrices(answer, number)
        orders.append(nearest_order([(part, np.asarray(right[part.name], float)) for part in given], of_columns=True))
        delta = next((part for part in given if part.name.part == "delta"), None)
        if delta is not None:
            # Delta is c (Y - D): what was taken for D shows the order of the one-hot columns.
            rows = exercise.batch(number)
            weights = exercise.patterns.sample_weight[rows]
            factor = (weights * exercise.layer.scale(weights, exercise.descent.reduction))[:, None]
            with np.errstate(all="ignore"):
                taken = right[PartName.in_iteration(number, "outputs")] - delta.values / factor
            half = delta.half / factor
            orders.append(other_order(distances(taken.T, exercise.patterns.D[rows].T, half.T)))
    for order in dict.fromkeys(orders):
        if order is not None:
            yield from columns_in(exercise, order, price=float(gammaln(K + 1)))  # one of K! orders


def columns_in(exercise: Exercise, order: Sequence[int], price: float) -> Iterator[Variant]:
    """Variants in which column k stands for class order[k]: in the desired outputs, or in what is written.

    Parameters
    ----------
    exercise : whose classes are in another order.
    order : (K,) the place of the class that each column stands for.
    price : of each variant; see `Variant`.
    """
    places = np.array(order)
    detail = f"in the order {', '.join(str(exercise.classes[k]) for k in order)}"
    desired = exercise.with_patterns(D=exercise.patterns.D[:, places])
    yield Variant(exercise=desired, detail=detail, price=price)

    def with_labels(name: PartName, value: Any) -> Any:
        return places[value] if name.part == "predicted" else value

    yield Variant(exercise=desired, as_written=with_labels, detail=detail, price=price)
    inverse = np.argsort(places)

    def moved(name: PartName, value: Any) -> Any:
        if name.part in COLUMNS_OF_NEURONS:
            return value[..., places]
        return inverse[value] if name.part == "predicted" else value

    yield Variant(as_written=moved, detail=detail, price=price)


CLASSES_REORDERED = Mistake(
    "classes-reordered",
    "The neurons stand for the classes in their order: sorted, or as the problem lists them. Yours are in another order.",
    "Look at which column is which class.",
    _classes_reordered,
    _read_off,
)
