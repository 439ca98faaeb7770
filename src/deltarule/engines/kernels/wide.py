"""Kernels for wide layers, by a team of 1, 2 or 4 threads: the products are blocks in registers.

How U, delta and the gradient of a panel are found depends on what lies in the lanes: `neuron_lanes` or `input_lanes`.
"""

from __future__ import annotations

from typing import Any

from numba import types
from numba.extending import overload

from deltarule.engines.kernels import input_lanes, neuron_lanes
from deltarule.engines.kernels.arguments import (
    GROUP,
    UNWATCHED,
    add_kept,
    add_panel,
    any_not_0,
    decay_cost,
    fill,
    move_all,
    move_of,
    scale,
)  # fmt: skip
from deltarule.engines.kernels.barrier import wait
from deltarule.engines.kernels.compiling import OPTIONS, as_type, inlined, not_inlined, number_of
from deltarule.engines.kernels.wide_tiles import InputTiles

ONE, TWO = as_type(1), as_type(2)


def layout(tiles: Any) -> Any:
    """The module for what lies in the lanes of these tiles, or of tiles of this Numba type."""
    kind = tiles.instance_class if isinstance(tiles, types.BaseNamedTuple) else type(tiles)
    return input_lanes if kind is InputTiles else neuron_lanes


def synaptic_inputs(
    rule: Any, data: Any, tiles: Any, parameters: Any, bounds: Any, share: Any, count: Any, ahead: Any
) -> None:
    """See `neuron_lanes.synaptic_inputs`."""
    layout(tiles).synaptic_inputs(rule, data, tiles, parameters, bounds, share, count, ahead)


def find_delta(
    rule: Any, data: Any, tiles: Any, parameters: Any, order: Any, start: Any, count: Any, factor: Any
) -> None:
    """See `neuron_lanes.find_delta`."""
    layout(tiles).find_delta(rule, data, tiles, parameters, order, start, count, factor)


def add_products(rule: Any, data: Any, tiles: Any, bounds: Any, count: Any, group: Any, keep: Any, target: Any) -> None:
    """See `neuron_lanes.add_products`."""
    layout(tiles).add_products(rule, data, tiles, bounds, count, group, keep, target)


def add_delta(rule: Any, tiles: Any, count: Any, group: Any, keep: Any, target: Any) -> None:
    """See `neuron_lanes.add_delta`."""
    layout(tiles).add_delta(rule, tiles, count, group, keep, target)


def panel_cost(
    rule: Any, data: Any, tiles: Any, parameters: Any, share: Any, first: Any, count: Any
) -> tuple[float, float, float]:
    """See `neuron_lanes.panel_cost`."""
    return layout(tiles).panel_cost(rule, data, tiles, parameters, share, first, count)  # type: ignore[no-any-return]


# The compiler knows the tiles' type, and so the layout.
overload(synaptic_inputs, strict=False, jit_options=OPTIONS)(
    lambda rule, data, tiles, parameters, bounds, share, count, ahead: _compiled(tiles, "synaptic_inputs")
)
overload(find_delta, strict=False, jit_options=OPTIONS)(
    lambda rule, data, tiles, parameters, order, start, count, factor: _compiled(tiles, "find_delta")
)
overload(add_products, strict=False, jit_options=OPTIONS)(
    lambda rule, data, tiles, bounds, count, group, keep, target: _compiled(tiles, "add_products")
)
overload(add_delta, strict=False, jit_options=OPTIONS)(
    lambda rule, tiles, count, group, keep, target: _compiled(tiles, "add_delta")
)
overload(panel_cost, strict=False, jit_options=OPTIONS)(
    lambda rule, data, tiles, parameters, share, first, count: _compiled(tiles, "panel_cost")
)


def _compiled(tiles: Any, name: str) -> Any:
    return getattr(layout(tiles), name).py_func


@inlined
def update(
    rule: Any, data: Any, tiles: Any, order: Any, start: Any, count: Any, parameters: Any, velocity: Any, rate: Any, loaded: Any,
    stop: Any,
) -> bool:  # fmt: skip
    """One update; arguments and what it returns as those of `patterns.update`. The tiles never hold the batch beforehand."""
    decays = rule.weight_decay, rule.bias_decay
    return step(rule, data, tiles, order, start, count, parameters, velocity, move_of(rule, rate), decays, stop)


@inlined
def step(
    rule: Any,
    data: Any,
    tiles: Any,
    order: Any,
    start: Any,
    count: Any,
    parameters: Any,
    velocity: Any,
    how: Any,
    decays: Any,
    stop: Any,
) -> bool:
    """W <- W - a (X^T delta + L W), b <- b - a 1^T delta; with a velocity as `arguments.move` says.

    Returns whether the run is to stop; then the update is not whole.

    Parameters
    ----------
    rule : see `arguments`.
    data : `Data` of the training set.
    tiles : `WideTiles`.
    order, start, count : the batch is order[start], ..., order[start + count - 1].
    parameters : W and b; changed.
    velocity : V of each, changed; (0,) without momentum.
    how : see `Move`; without momentum its rate alone counts.
    decays : L of weights, and of biases.
    stop : (1,) see `descending.descend`.
    """
    N, each = number_of(rule.inputs), tiles.each
    weight = float(count)
    if data.weights.size > 0:
        weight = 0.0
        for i in range(count):
            weight += data.weights[order[start + i]]
    moving = velocity.size > 0
    # Of what: the gradient, or the step itself.
    factor = 0.0 - (1.0 if moving else how.rate) * scale(rule, weight)
    keep, keep_biases = 1.0 - how.rate * decays[0], 1.0 - how.rate * decays[1]
    # Whether the products go straight to the parameters.
    whole = count <= tiles.panel and not moving
    # Whether parameters and velocity move part by part, while the part's gradient is in the cache.
    in_parts = moving and count <= tiles.tracked
    target = parameters if whole else tiles.gradient
    begin, end = tiles.shares[tiles.own[0]], tiles.shares[tiles.own[1]]
    mine = begin * each, end * each
    biases = parameters.size - tiles.beyond.size, parameters.size
    watched = count > tiles.panel and tiles.sums.size > 0
    group = GROUP if watched else tiles.tracked
    unwatched = 0
    part = tiles.part if in_parts else max(1, end - begin)
    if not whole and tiles.rank == 0:
        fill(target, biases, 0.0)
    if count > tiles.panel:
        fill(target, mine, 0.0)
        first_keep = 1.0
    else:
        first_keep = 0.0 if moving else keep
    if watched:
        fill(tiles.sums, mine, 0.0)
        fill(tiles.lost, mine, 0.0)
        if tiles.rank == 0:
            fill(tiles.sums, biases, 0.0)
            fill(tiles.lost, biases, 0.0)
    for panel in range(0, count, tiles.panel):
        in_panel = min(tiles.panel, count - panel)
        at = start + panel
        for i in range(tiles.panel):
            tiles.rows[i] = order[at + min(i, in_panel - 1)] * N
            tiles.rows[tiles.panel + i] = order[min(at + in_panel + i, order.size - 1)] * N
        for share in range(tiles.own[0], tiles.own[1]):
            bounds = tiles.shares[share], tiles.shares[share + 1]
            synaptic_inputs(rule, data, tiles, parameters, bounds, share, in_panel, ONE)
        if tiles.rank == 0:
            tiles.verdict[0] = stop[0]
        wait_for_all(tiles)
        if tiles.verdict[0] != 0:  # all threads of the team see the same
            return True
        find_delta(rule, data, tiles, parameters, order, at, in_panel, factor)
        wait_for_all(tiles)
        for n in range(begin, end, part):
            after = min(end, n + part)
            add_products(rule, data, tiles, (n, after), in_panel, group, first_keep, target)
            if in_parts:
                move_all(parameters, velocity, target, (n * each, after * each), decays[0], how)
        if tiles.rank == 0 and tiles.biases:
            add_delta(rule, tiles, in_panel, group, keep_biases if whole else 1.0, target)
        unwatched += in_panel
        if watched and (unwatched >= UNWATCHED or panel + in_panel == count):
            unwatched = 0
            add_panel(target, tiles.sums, tiles.lost, mine)
            if tiles.rank == 0:
                add_panel(target, tiles.sums, tiles.lost, biases)
    if not whole:
        sums = tiles.sums if watched else target
        if moving:
            if not in_parts:
                move_all(parameters, velocity, sums, mine, decays[0], how)
            if tiles.rank == 0:
                move_all(parameters, velocity, sums, biases, decays[1], how)
        else:
            add_kept(parameters, sums, mine, keep)
            if tiles.rank == 0:
                add_kept(parameters, sums, biases, keep_biases)
    return False


@inlined
def evaluate(rule: Any, data: Any, tiles: Any, parameters: Any) -> tuple[float, float]:
    """Cost J (reduced, decay included) and errors over a whole set, see `Layer.evaluate`.

    The arguments are those of `patterns.evaluate`.
    """
    return evaluate_with(rule, data, tiles, parameters, (rule.weight_decay, rule.bias_decay))


@not_inlined
def evaluate_with(rule: Any, data: Any, tiles: Any, parameters: Any, decays: Any) -> tuple[float, float]:
    """`evaluate`, by a model's own weight decay. To share s of S falls every S-th panel, from the s-th on.

    Parameters
    ----------
    rule : see `arguments`.
    data : `Data` of the set.
    tiles : `WideTiles`.
    parameters : W and b.
    decays : L of weights, and of biases.
    """
    N, parts = number_of(rule.inputs), tiles.shares.size - 1
    biases = parameters.size - tiles.beyond.size
    # Of weights that are all 0, as at many a start, X does not matter.
    inputs = 0, tiles.shares[parts] if any_not_0(parameters, (0, biases)) else 0
    for share in range(tiles.own[0], tiles.own[1]):
        cost, errors, weight = 0.0, 0.0, 0.0
        for panel in range(share * tiles.panel, data.patterns, parts * tiles.panel):
            in_panel = min(tiles.panel, data.patterns - panel)
            for i in range(tiles.panel):
                tiles.numbers[i] = panel + i
                tiles.rows[i] = (panel + min(i, in_panel - 1)) * N
                tiles.rows[tiles.panel + i] = min(panel + parts * tiles.panel + i, data.patterns - 1) * N
            synaptic_inputs(rule, data, tiles, parameters, inputs, share, in_panel, TWO)
            found = panel_cost(rule, data, tiles, parameters, share, panel, in_panel)
            cost, errors, weight = cost + found[0], errors + found[1], weight + found[2]
        tiles.costs[16 * share], tiles.costs[16 * share + 1], tiles.costs[16 * share + 2] = cost, errors, weight
    wait_for_all(tiles)
    cost, errors, weight = 0.0, 0.0, 0.0
    for share in range(parts):
        cost += tiles.costs[16 * share]
        errors += tiles.costs[16 * share + 1]
        weight += tiles.costs[16 * share + 2]
    wait_for_all(tiles)
    decay = decay_cost(decays[0], parameters, (0, biases))
    decay += decay_cost(decays[1], parameters, (biases, parameters.size))
    return cost * scale(rule, weight) + decay, errors


@inlined
def leads(tiles: Any) -> bool:
    """Whether this is the thread that does what one must do for all."""
    return tiles.rank == 0  # type: ignore[no-any-return]


@inlined
def wait_for_all(tiles: Any) -> None:
    """Go on when all threads of the team are here."""
    if tiles.team > 1:
        wait(tiles.arrivals, tiles.team)
