"""Wide layers with neurons in the lanes: U, delta and the gradient of a panel.

Parameters are N rows of weights, then the biases; in U and delta a pattern is a row. Each row is filled up with zeros to
whole vectors (its stride).
"""

from __future__ import annotations

from typing import Any

from deltarule.engines.kernels import neuron_rows
from deltarule.engines.kernels.blocks import ROWS, add_outer, rows_times
from deltarule.engines.kernels.compiling import as_type, inlined, number_of
from deltarule.engines.kernels.lanes import fma
from deltarule.engines.kernels.memory import load, store, width

NO, ONE, TWO, THREE, EIGHT, SIXTEEN = (as_type(number) for number in (0, 1, 2, 3, ROWS, 2 * ROWS))


@inlined
def synaptic_inputs(
    rule: Any, data: Any, tiles: Any, parameters: Any, bounds: Any, share: Any, count: Any, ahead: Any
) -> None:
    """A share of `partial` becomes X W over the inputs in bounds, for `count` patterns of the panel.

    Parameters
    ----------
    rule : see `arguments`.
    data : `Data` of the set.
    tiles : `NeuronTiles`; its rows say where the patterns are.
    parameters : W and b.
    bounds : the first input, and the one after the last.
    share : which.
    count : patterns.
    ahead : 1 to fetch half of the next panel's rows into the cache meanwhile, 2 for all of them; a number as a type.
    """
    stride, lanes = tiles.each, width(parameters)
    X, rows, U, origin = data.inputs, tiles.rows, tiles.partial, tiles.zeros
    for r in range(0, count, ROWS):
        at = (share * tiles.panel + r) * stride
        column = left_over(stride // lanes) * lanes
        after = tiles.panel + (r if number_of(ahead) > 1 else r // 2)
        if column == lanes:
            rows_times(X, rows, r, bounds, parameters, stride, 0, origin, 0, U, at, ONE, ahead, after)
        elif column == 2 * lanes:
            rows_times(X, rows, r, bounds, parameters, stride, 0, origin, 0, U, at, TWO, ahead, after)
        else:
            rows_times(X, rows, r, bounds, parameters, stride, 0, origin, 0, U, at, THREE, ahead, after)
        while column < stride:
            rows_times(X, rows, r, bounds, parameters, stride, column, origin, 0, U, at, THREE, NO, 0)
            column += 3 * lanes


@inlined
def left_over(vectors: Any) -> Any:
    """Vectors in the first block of columns; the others have three.

    Parameters
    ----------
    vectors : in a row.
    """
    return (vectors - 1) % 3 + 1


@inlined
def add_products(rule: Any, data: Any, tiles: Any, bounds: Any, count: Any, group: Any, keep: Any, target: Any) -> None:
    """The target becomes keep target + X^T delta, for the weights of the inputs in bounds.

    The rest of the next panel's rows is fetched into the cache meanwhile.

    Parameters
    ----------
    rule : see `arguments`.
    data : `Data` of the training set.
    tiles : `NeuronTiles`, which hold delta.
    bounds : the first input, and the one after the last.
    count : patterns in the panel.
    group : of so many the products are added first, and then to the target.
    keep : see `blocks.add_outer`.
    target : parameters, or a gradient; changed.
    """
    stride, lanes = tiles.each, width(target)
    X, rows, delta = data.inputs, tiles.rows, tiles.delta
    first = left_over(stride // lanes)
    begin, end = bounds
    for p in range(0, count, group):
        tracked = min(group, count - p)
        keep_now = keep if p == 0 else 1.0
        after = tiles.panel + (tiles.panel + p) // 2
        n = begin
        if first == 1:
            while n + 2 * ROWS <= end:
                add_outer(X, rows, p, tracked, n, delta, stride, 0, keep_now, target, SIXTEEN, ONE, ONE, after)
                n += 2 * ROWS
        elif first == 2:
            while n + ROWS <= end:
                add_outer(X, rows, p, tracked, n, delta, stride, 0, keep_now, target, EIGHT, TWO, ONE, after)
                n += ROWS
        else:
            while n + ROWS <= end:
                add_outer(X, rows, p, tracked, n, delta, stride, 0, keep_now, target, EIGHT, THREE, ONE, after)
                n += ROWS
        for single in range(n, end):
            for vector in range(first):
                add_outer(X, rows, p, tracked, single, delta, stride, vector * lanes, keep_now, target, ONE, ONE, NO, 0)
        for column in range(first * lanes, stride, 3 * lanes):
            n = begin
            while n + ROWS <= end:
                add_outer(X, rows, p, tracked, n, delta, stride, column, keep_now, target, EIGHT, THREE, NO, 0)
                n += ROWS
            for single in range(n, end):
                add_outer(X, rows, p, tracked, single, delta, stride, column, keep_now, target, ONE, THREE, NO, 0)


@inlined
def add_up(tiles: Any, parameters: Any, row: Any, parts: Any, U: Any, place: Any) -> None:
    """A row of U: the biases and the parts of `partial` added; -infinity where it is filled up.

    Parameters
    ----------
    tiles : `NeuronTiles`.
    parameters : W and b.
    row : which pattern of the panel.
    parts : the first share, and the one after the last.
    U, place : where the row goes.
    """
    biases = parameters.size - tiles.each
    for c in range(0, tiles.each, width(U)):
        u = load(tiles.beyond, c) + load(parameters, biases + c)
        for share in range(parts[0], parts[1]):
            u = u + load(tiles.partial, (share * tiles.panel + row) * tiles.each + c)
        store(U, place + c, u)


@inlined
def find_delta(
    rule: Any, data: Any, tiles: Any, parameters: Any, order: Any, start: Any, count: Any, factor: Any
) -> None:
    """Delta of a panel, from all shares of `partial`, times `factor` and the patterns' weights; this thread's part of it.

    Parameters
    ----------
    rule : see `arguments`.
    data : `Data` of the training set.
    tiles : `NeuronTiles`.
    parameters : W and b.
    order, start, count : the panel is order[start], ..., order[start + count - 1].
    factor : the scale of the reduction, and -a.
    """
    parts = tiles.shares.size - 1
    for i in range(count * tiles.rank // tiles.team, count * (tiles.rank + 1) // tiles.team):
        p = order[start + i]
        v = data.weights[p] if data.weights.size > 0 else 1.0
        add_up(tiles, parameters, i, (0, parts), tiles.delta, i * tiles.each)
        neuron_rows.delta(rule, data, tiles, i * tiles.each, p, factor * v)


@inlined
def add_delta(rule: Any, tiles: Any, count: Any, group: Any, keep: Any, target: Any) -> None:
    """The target becomes keep target + 1^T delta, for the biases.

    Parameters
    ----------
    rule : see `arguments`.
    tiles : `NeuronTiles`, which hold delta.
    count : patterns in the panel.
    group : of so many delta is added first, and then to the target.
    keep : what the target is multiplied by first.
    target : parameters, or a gradient; changed.
    """
    stride, biases = tiles.each, target.size - tiles.each
    for p in range(0, count, group):
        for c in range(0, stride, width(target)):
            total_delta = load(tiles.delta, p * stride + c)
            for i in range(p + 1, min(p + group, count)):
                total_delta = total_delta + load(tiles.delta, i * stride + c)
            store(target, biases + c, fma(load(target, biases + c), keep if p == 0 else 1.0, total_delta))


@inlined
def panel_cost(
    rule: Any, data: Any, tiles: Any, parameters: Any, share: Any, first: Any, count: Any
) -> tuple[float, float, float]:
    """The summed cost, the errors and the weight of the patterns `first`, ... of a panel, from a share of `partial`.

    Parameters
    ----------
    rule : see `arguments`.
    data : `Data` of the set.
    tiles : `NeuronTiles`.
    parameters : W and b.
    share : which; it is used up.
    first, count : the panel's first pattern, and how many it has.
    """
    cost, errors, weight = 0.0, 0.0, 0.0
    for i in range(count):
        p, place = first + i, (share * tiles.panel + i) * tiles.each
        v = float(data.weights[p]) if data.weights.size > 0 else 1.0
        weight += v
        add_up(tiles, parameters, i, (share, share + 1), tiles.partial, place)
        if neuron_rows.is_wrong(rule, tiles, tiles.partial, place, data.desired, p):
            errors += v
        cost += v * neuron_rows.pattern_cost(rule, data, tiles, tiles.partial, place, p)
    return cost, errors, weight
