"""Delta, cost and errors from a row of U, where the neurons lie in the lanes: the formulas of `deltarule.layers`.

A row has a number for each neuron, and is filled up to whole vectors. What is done entry by entry is in `formulas`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from deltarule.engines.kernels import formulas
from deltarule.engines.kernels.compiling import inlined, number_of
from deltarule.engines.kernels.functions import exp_to_1, log
from deltarule.engines.kernels.lanes import largest, total, where_greater
from deltarule.engines.kernels.memory import load, load_some, splat, store, width


@inlined
def largest_entry(tiles: Any, U: Any, place: Any) -> Any:
    """The largest u of a row of U.

    Parameters
    ----------
    tiles : `NeuronTiles`.
    U, place : the array, and where the row starts.
    """
    largest_u = load(U, place)
    for c in range(width(U), tiles.beyond.size, width(U)):
        u = load(U, place + c)
        largest_u = where_greater(u, largest_u, u, largest_u)
    return largest(largest_u)


@inlined
def exponentials(tiles: Any, U: Any, place: Any) -> Any:
    """e^(u - max u) in place of a row of U; returns max u and their sum. Arguments as those of `largest_entry`."""
    stride, lanes = tiles.beyond.size, width(U)
    top = largest_entry(tiles, U, place)
    sums = splat(top) * 0.0
    for c in range(0, stride, lanes):
        e = exp_to_1(load(U, place + c) - top)
        sums = sums + e
        store(U, place + c, e)
    return top, total(sums)


@inlined
def delta(rule: Any, data: Any, tiles: Any, place: Any, pattern: Any, factor: Any) -> None:
    """A row of U becomes `factor` times its pattern's delta, and 0 where it is filled up.

    Parameters
    ----------
    rule : see `arguments`.
    data : `Data` of the training set.
    tiles : `NeuronTiles`, whose `delta` holds the row.
    place : where the row starts.
    pattern : which pattern it is of.
    factor : the pattern's weight times the scale of the reduction and -a.
    """
    stride, lanes, K = tiles.beyond.size, width(tiles.delta), number_of(rule.neurons)
    share = factor
    if number_of(rule.kind) == formulas.SOFTMAX:
        _, sums = exponentials(tiles, tiles.delta, place)
        share = factor / sums
    for c in range(0, stride, lanes):
        d = load_some(data.desired, pattern * K + c, K - c, 0.0)
        u = load(tiles.delta, place + c)
        if number_of(rule.kind) == formulas.SOFTMAX:
            result = u * share - d * factor
        else:
            result = formulas.entry_delta(rule.kind, u, d) * factor
        store(tiles.delta, place + c, where_greater(load(tiles.beyond, c), -1.0, result, 0.0))


@inlined
def at_target(rule: Any, tiles: Any, U: Any, place: Any, desired: Any, pattern: Any) -> Any:
    """The entry of a row of U where the pattern's one-hot row is 1.

    Parameters
    ----------
    rule : see `arguments`.
    tiles : `NeuronTiles`.
    U, place : the array, and where the row starts.
    desired : (P K,) D.
    pattern : which pattern.
    """
    lanes, K = width(U), number_of(rule.neurons)
    found = splat(U[place]) * 0.0 - np.inf
    for c in range(0, tiles.beyond.size, lanes):
        d = load_some(desired, pattern * K + c, K - c, 0.0)
        found = where_greater(d, 0.5, load(U, place + c), found)
    return largest(found)


@inlined
def is_wrong(rule: Any, tiles: Any, U: Any, place: Any, desired: Any, pattern: Any) -> bool:
    """Whether the prediction from a row of U is not the target, see `Layer.wrong`. Arguments as those of `at_target`."""
    K = number_of(rule.neurons)
    if formulas.largest_decides(rule.kind):
        largest_u = largest_entry(tiles, U, place)
        if at_target(rule, tiles, U, place, desired, pattern) != largest_u:
            return True
        predicted = 0  # of equal entries the first
        while U[place + predicted] < largest_u:
            predicted += 1
        return desired[pattern * K + predicted] < 0.5  # type: ignore[no-any-return]
    if formulas.answers_by_itself(rule.kind):
        at_zero = number_of(rule.kind) != formulas.LOGISTIC  # whether 0 is a yes
        for k in range(K):
            u = U[place + k]
            if (u > 0 or (at_zero and u == 0)) != (desired[pattern * K + k] > 0.5):
                return True
    return False


@inlined
def pattern_cost(rule: Any, data: Any, tiles: Any, U: Any, place: Any, pattern: Any) -> float:
    """The pattern's part of the summed cost, from its row of U (which is used up).

    Parameters
    ----------
    rule : see `arguments`.
    data : `Data` of the set.
    tiles : `NeuronTiles`.
    U, place : the array, and where the row starts.
    pattern : which pattern.
    """
    stride, lanes, K = tiles.beyond.size, width(U), number_of(rule.neurons)
    if number_of(rule.kind) == formulas.SOFTMAX:
        own = at_target(rule, tiles, U, place, data.desired, pattern)
        top, sums = exponentials(tiles, U, place)
        return float(total(log(splat(sums))) / lanes) - float(own - top)
    result = 0.0
    for c in range(0, stride, lanes):
        d = load_some(data.desired, pattern * K + c, K - c, 0.0)
        cost = formulas.entry_cost(rule.kind, load(U, place + c), d)
        result += float(total(where_greater(load(tiles.beyond, c), -1.0, cost, 0.0)))
    return result
