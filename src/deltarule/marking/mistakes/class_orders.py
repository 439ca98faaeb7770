"""Columns of neurons that stand for the classes in another order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import permutations
from typing import Any

import numpy as np

from deltarule.marking.mistakes.mistake import Variant
from deltarule.marking.rework.exercise import Exercise

# Parts with an entry a neuron: what another order of the classes moves.
OF_NEURONS = ("synaptic_inputs", "outputs", "delta", "weight_gradient", "bias_gradient", "weights", "biases")
# Classes of which every order is tried.
ALL_ORDERS_UP_TO = 4


def columns_in(exercise: Exercise, order: Sequence[int], price: float) -> Iterator[Variant]:
    """Ways in which column k stands for class order[k]: in the desired outputs, or in what is written."""
    places = list(order)
    said = f"in the order {', '.join(str(exercise.classes[k]) for k in places)}"
    desired = exercise.having(D=exercise.patterns.D[:, places])
    yield Variant(exercise=desired, said=said, price=price)

    def labelled(name: str, value: Any) -> Any:
        return np.array(places)[value] if name.endswith("predicted") else value

    yield Variant(exercise=desired, shown=labelled, said=said, price=price)
    inverse = np.argsort(places)

    def shown(name: str, value: Any) -> Any:
        part = name.rsplit(".", maxsplit=1)[-1]
        if part in OF_NEURONS:
            return value[..., places]
        return inverse[value] if part == "predicted" else value

    yield Variant(shown=shown, said=said, price=price)


def orders_of(exercise: Exercise) -> Iterator[tuple[int, ...]]:
    """Other orders of the classes: all of a few; of many, that of their first patterns, backwards, and neighbours exchanged."""
    K = exercise.layer.neurons
    own = tuple(range(K))
    if K <= ALL_ORDERS_UP_TO:
        yield from (order for order in permutations(own) if order != own)
        return
    first = tuple(dict.fromkeys(exercise.patterns.D.argmax(axis=1).tolist()))
    seen = {own}
    neighbours = [(*own[:k], k + 1, k, *own[k + 2 :]) for k in range(K - 1)]
    for order in (first, own[::-1], *neighbours):
        if len(order) == K and order not in seen:
            seen.add(order)
            yield order
