"""Wide layers with inputs in the lanes, for few neurons: U, delta and the gradient of a panel.

How parameters, U, delta and D lie is told in `input_blocks`. So patterns lie in the lanes of U, and the formulas are those
of `formulas`.
"""

from __future__ import annotations

from typing import Any

from deltarule.engines.kernels import formulas
from deltarule.engines.kernels.compiling import as_type, inlined, number_of
from deltarule.engines.kernels.input_blocks import MOST, VECTORS, gradient_block, synaptic_block
from deltarule.engines.kernels.lanes import fma, high, low, total, where_greater
from deltarule.engines.kernels.memory import gather, load, load_some, splat, store, width

ONE, TWO = as_type(1), as_type(2)
# Of a whole block, and of one with a neuron less, or two.
ALL_ROWS, ALL, LESS, LEAST = (as_type(number) for number in (VECTORS, MOST, MOST - 1, MOST - 2))


@inlined
def synaptic_inputs(
    rule: Any, data: Any, tiles: Any, parameters: Any, bounds: Any, share: Any, count: Any, ahead: Any
) -> None:
    """See `neuron_lanes.synaptic_inputs`. The next panel's rows are fetched in any case: asked for once only, some do not come."""
    N, K, lanes = number_of(rule.inputs), tiles.each, width(parameters)
    X, rows, U = data.inputs, tiles.rows, tiles.partial
    groups = (K + MOST - 1) // MOST
    for r in range(0, count, VECTORS):
        start = share * tiles.panel * K + r // lanes * K * lanes + r % lanes
        for group in range(groups):
            k = K * group // groups
            size = K * (group + 1) // groups - k
            at = start + k * lanes
            if size == MOST:
                synaptic_block(X, rows, r, bounds, N, parameters, K, k, U, at, ALL_ROWS, ALL, tiles.panel)
            elif size == MOST - 1:
                synaptic_block(X, rows, r, bounds, N, parameters, K, k, U, at, ALL_ROWS, LESS, tiles.panel)
            elif size == MOST - 2:
                synaptic_block(X, rows, r, bounds, N, parameters, K, k, U, at, ALL_ROWS, LEAST, tiles.panel)
            elif size > 1:
                synaptic_block(X, rows, r, bounds, N, parameters, K, k, U, at, ALL_ROWS, TWO, tiles.panel)
            else:
                synaptic_block(X, rows, r, bounds, N, parameters, K, k, U, at, ALL_ROWS, ONE, tiles.panel)


@inlined
def add_products(rule: Any, data: Any, tiles: Any, bounds: Any, count: Any, group: Any, keep: Any, target: Any) -> None:
    """See `neuron_lanes.add_products`."""
    lanes = width(target)
    for p in range(0, count, group):
        tracked = min(group, count - p)
        keep_now = keep if p == 0 else 1.0
        n = bounds[0]
        while n + VECTORS * lanes <= min(bounds[1], number_of(rule.inputs)):
            add_vectors(rule, data, tiles, (p, tracked), n, keep_now, target, ALL_ROWS)
            n += VECTORS * lanes
        while n < bounds[1]:
            add_vectors(rule, data, tiles, (p, tracked), n, keep_now, target, ONE)
            n += lanes


@inlined
def add_vectors(rule: Any, data: Any, tiles: Any, which: Any, n: Any, keep: Any, target: Any, vectors: Any) -> None:
    """`add_products` for some vectors of inputs.

    Parameters
    ----------
    rule, data, tiles, keep, target : as there.
    which : the first pattern of the panel, and how many.
    n : the first input.
    vectors : how many vectors, as a type.
    """
    N, K = number_of(rule.inputs), tiles.each
    X, rows, delta, ahead = data.inputs, tiles.rows, tiles.delta, tiles.panel
    p, count = which
    groups = (K + MOST - 1) // MOST
    for group in range(groups):
        k = K * group // groups
        size = K * (group + 1) // groups - k
        if size == MOST:
            gradient_block(X, rows, p, count, n, N, delta, K, k, keep, target, vectors, ALL, ahead)
        elif size == MOST - 1:
            gradient_block(X, rows, p, count, n, N, delta, K, k, keep, target, vectors, LESS, ahead)
        elif size == MOST - 2:
            gradient_block(X, rows, p, count, n, N, delta, K, k, keep, target, vectors, LEAST, ahead)
        elif size > 1:
            gradient_block(X, rows, p, count, n, N, delta, K, k, keep, target, vectors, TWO, ahead)
        else:
            gradient_block(X, rows, p, count, n, N, delta, K, k, keep, target, vectors, ONE, ahead)


@inlined
def load_block(
    rule: Any, data: Any, tiles: Any, parameters: Any, numbers: Any, start: Any, count: Any, parts: Any, U: Any, places: Any
) -> Any:  # fmt: skip
    """U and D of as many patterns as there are lanes, 0 from pattern `count` on; returns their weights, 0 there too.

    Parameters
    ----------
    rule : see `arguments`.
    data : `Data` of the set.
    tiles : `InputTiles`.
    parameters : W and b.
    numbers, start, count : the patterns are numbers[start], ..., numbers[start + count - 1].
    parts : the first share of U, and the one after the last.
    U, places : where U goes (D goes to the same place of `tiles.desired`), and where in a share of `partial` it is.
    """
    lanes, K, shares = width(parameters), number_of(rule.neurons), tiles.panel * tiles.each
    place, within = places
    ones = 1.0 - load_some(tiles.zeros, 0, count, 1.0)
    for k in range(K):
        u = splat(parameters[parameters.size - tiles.beyond.size + k])
        for share in range(parts[0], parts[1]):
            u = u + load(tiles.partial, share * shares + within + k * lanes)
        # In the other lanes stands what was there before, perhaps an infinity.
        store(U, place + k * lanes, where_greater(ones, 0.5, u, 0.0))
        store(tiles.desired, place + k * lanes, gather(data.desired, numbers, start, count, K, k))
    if data.weights.size > 0:
        return gather(data.weights, numbers, start, count, 1, 0)
    return ones


@inlined
def find_delta(
    rule: Any, data: Any, tiles: Any, parameters: Any, order: Any, start: Any, count: Any, factor: Any
) -> None:
    """See `neuron_lanes.find_delta`."""
    lanes, K = width(parameters), number_of(rule.neurons)
    blocks = (count + lanes - 1) // lanes
    everything = 0, tiles.shares.size - 1
    for block in range(blocks * tiles.rank // tiles.team, blocks * (tiles.rank + 1) // tiles.team):
        done, place = block * lanes, block * lanes * K
        v = load_block(
            rule, data, tiles, parameters, order, start + done, count - done, everything, tiles.delta, (place, place)
        )
        formulas.delta(rule.kind, rule.neurons, tiles.delta, place, tiles.desired, place, v * factor)


@inlined
def add_delta(rule: Any, tiles: Any, count: Any, group: Any, keep: Any, target: Any) -> None:
    """See `neuron_lanes.add_delta`; delta is added lane by lane, so that groups are not needed."""
    lanes, K = width(target), number_of(rule.neurons)
    biases = target.size - tiles.beyond.size
    for k in range(K):
        sums = load(tiles.delta, k * lanes)
        for block in range(1, (count + lanes - 1) // lanes):
            sums = sums + load(tiles.delta, (block * K + k) * lanes)
        target[biases + k] = target[biases + k] * keep + total(sums)


@inlined
def panel_cost(
    rule: Any, data: Any, tiles: Any, parameters: Any, share: Any, first: Any, count: Any
) -> tuple[float, float, float]:
    """See `neuron_lanes.panel_cost`."""
    lanes, K = width(parameters), number_of(rule.neurons)
    nothing = low(load(tiles.zeros, 0))
    cost, errors, weight = nothing, nothing, nothing
    for done in range(0, count, lanes):
        within = done * K
        place = share * tiles.panel * K + within
        v = load_block(
            rule, data, tiles, parameters, tiles.numbers, done, count - done, (share, share + 1), tiles.partial,
            (place, within),
        )  # fmt: skip
        weight = weight + (low(v) + high(v))
        costs = formulas.cost(rule.kind, rule.neurons, tiles.partial, tiles.desired, place)
        # The products in float64 too: those of large weights are beyond float32.
        cost = fma(low(v), low(costs), cost)
        cost = fma(high(v), high(costs), cost)
        wrong = v * formulas.wrong(rule.kind, rule.neurons, tiles.partial, tiles.desired, place)
        errors = errors + (low(wrong) + high(wrong))
    return total(cost), total(errors), total(weight)
