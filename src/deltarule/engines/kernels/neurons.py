"""Kernels for wide inputs: the neurons lie side by side in the lanes, and the products are blocks in registers.

Parameters are one array: N rows of weights, then the biases, each row filled up with zeros to whole vectors (its
stride).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from deltarule.engines.kernels import neuron_rows
from deltarule.engines.kernels.arguments import (
    GROUP,
    UNWATCHED,
    add_kept,
    add_panel,
    decay_cost,
    fill,
    move_all,
    move_of,
    padded,
    scale,
    zeros,
)  # fmt: skip
from deltarule.engines.kernels.barrier import new_arrivals, wait
from deltarule.engines.kernels.blocks import ROWS, add_outer, rows_times
from deltarule.engines.kernels.compiling import as_type, inlined, not_inlined, number_of
from deltarule.engines.kernels.lanes import fma
from deltarule.engines.kernels.memory import load, store, width
from deltarule.engines.kernels.vectors import lane_count

# A panel of patterns is worked on together: its rows should stay in the second-level cache between U and the gradient.
PANEL_BYTES = 1 << 20
# Vectors of a part of the gradient that stays in the first-level cache: 8 kB.
PART_VECTORS = 128
# Rows of X that one pass over the inputs goes through.
TRACKED = 64
NO, ONE, TWO, THREE, EIGHT, SIXTEEN = (as_type(number) for number in (0, 1, 2, 3, ROWS, 2 * ROWS))


class NeuronTiles(NamedTuple):
    """Working memory of one thread of a team, or of one alone. Threads divide the inputs (columns of X), not the patterns.

    Inputs are divided into shares, however many threads there are; each thread has some of them. Sums are taken share by
    share, then over shares, so results are the same bits whatever the team.

    Attributes
    ----------
    rank, team : which of how many threads.
    own : its shares, from own[0] to before own[1].
    shares : (S + 1,) where each share's inputs begin, and where the last ends.
    partial : for each share a panel's U from its inputs: a row a pattern, and rows up to whole blocks; for all threads.
    delta : a panel's U, then its delta; for all threads.
    rows : (2 panel,) where in X the panel's rows start, and those of the panel after it.
    gradient : as the parameters; for batches of more than a panel, and with momentum; for all threads.
    sums, lost : the same, in float32, for batches of more than a panel, see `arguments.add_panel`; otherwise empty.
    beyond : a row: 0 for a neuron, -infinity where the row is filled up.
    zeros : a row.
    panel : patterns in a panel.
    biases : whether the layer has biases; where it has none their row stays 0.
    arrivals, verdict, costs : where threads wait for each other, whether they stop, what each share's evaluation gave; for
        all threads.
    """

    rank: int
    team: int
    own: tuple[int, int]
    shares: NDArray[np.int64]
    partial: NDArray[Any]
    delta: NDArray[Any]
    rows: NDArray[np.int64]
    gradient: NDArray[Any]
    sums: NDArray[Any]
    lost: NDArray[Any]
    beyond: NDArray[Any]
    zeros: NDArray[Any]
    panel: int
    biases: bool
    arrivals: NDArray[np.int64]
    verdict: NDArray[np.int64]
    costs: NDArray[np.float64]


def tiles_for(
    inputs: int,
    neurons: int,
    batch: int,
    dtype: np.dtype[Any],
    *,
    panels: tuple[int, int],
    minimum_share: int,
    biases: bool = True,
    momentum: bool = False,
) -> NeuronTiles:
    """Working memory for a layer, for a thread alone.

    Parameters
    ----------
    inputs, neurons : N and K.
    batch : patterns in a batch.
    dtype : of the layer.
    panels : patterns in a panel, at least and at most.
    minimum_share : inputs that a share must have. There are 1, 2 or 4 shares, as many as have so many inputs.
    biases : whether the layer has biases.
    momentum : whether there is a velocity.
    """
    lanes = lane_count(dtype)
    stride = padded(neurons, dtype)
    panel = max(panels[0], min(panels[1], PANEL_BYTES // (inputs * dtype.itemsize) // ROWS * ROWS))
    panel = min(panel, -(-batch // ROWS) * ROWS)
    beyond = zeros(stride, dtype)
    beyond[neurons:] = -np.inf
    size = (inputs + 1) * stride
    gradient = zeros(size if batch > panel or momentum else 0, dtype)
    sums, lost = (zeros(size if batch > panel and dtype == np.float32 else 0, dtype) for _ in range(2))
    count = 4 if inputs >= 4 * minimum_share else 2 if inputs >= 2 * minimum_share else 1
    # Shares of whole cache lines, as near to equal as they come.
    shares = np.array([min(inputs, -(-inputs * i // count // lanes) * lanes) for i in range(count)] + [inputs])
    return NeuronTiles(
        0, 1, (0, count), shares, zeros(count * panel * stride, dtype), zeros(panel * stride, dtype),
        np.zeros(2 * panel, np.int64), gradient, sums, lost, beyond, zeros(stride, dtype), panel, biases, new_arrivals(),
        np.zeros(16, np.int64), np.zeros(16 * count),
    )  # fmt: skip


def team_of(alone: NeuronTiles, size: int) -> list[NeuronTiles]:
    """The tiles of a team's threads, on the memory of those of one alone.

    Parameters
    ----------
    alone : of one thread.
    size : how many threads: a divisor of the number of shares.
    """
    each = (len(alone.shares) - 1) // size
    arrivals = new_arrivals()
    return [
        alone._replace(
            rank=rank,
            team=size,
            own=(each * rank, each * (rank + 1)),
            rows=np.zeros_like(alone.rows),
            arrivals=arrivals,
        )
        for rank in range(size)
    ]


@inlined
def multiply(
    data: Any, tiles: Any, parameters: Any, bounds: Any, share: Any, origin: Any, base: Any, count: Any, ahead: Any
) -> None:
    """U = the row at `base` of `origin` + X W over the inputs in bounds, for `count` patterns of the panel.

    Parameters
    ----------
    data : `Data` of the set.
    tiles : `NeuronTiles`; its rows say where the patterns are.
    parameters : W and b.
    bounds : the first input, and the one after the last.
    share : which of `partial` becomes U.
    origin, base : what the sums start with.
    count : patterns.
    ahead : 1 to fetch half of the next panel's rows into the cache meanwhile, or 0; a number as a type.
    """
    stride, lanes = tiles.beyond.size, width(parameters)
    X, rows, U = data.inputs, tiles.rows, tiles.partial
    for r in range(0, count, ROWS):
        at = (share * tiles.panel + r) * stride
        column = left_over(stride // lanes) * lanes
        after = tiles.panel + r // 2
        if column == lanes:
            rows_times(X, rows, r, bounds, parameters, stride, 0, origin, base, U, at, ONE, ahead, after)
        elif column == 2 * lanes:
            rows_times(X, rows, r, bounds, parameters, stride, 0, origin, base, U, at, TWO, ahead, after)
        else:
            rows_times(X, rows, r, bounds, parameters, stride, 0, origin, base, U, at, THREE, ahead, after)
        while column < stride:
            rows_times(X, rows, r, bounds, parameters, stride, column, origin, base, U, at, THREE, NO, 0)
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
def add_products(data: Any, tiles: Any, bounds: Any, count: Any, group: Any, keep: Any, target: Any) -> None:
    """The target becomes keep target + X^T delta, for the weights of the inputs in bounds.

    The rest of the next panel's rows is fetched into the cache meanwhile. Some rows at a time: all the panel's, one
    after another for each few inputs, lie on more pages of memory than the processor keeps track of.

    Parameters
    ----------
    data : `Data` of the training set.
    tiles : `NeuronTiles`, which hold delta.
    bounds : the first input, and the one after the last.
    count : patterns in the panel.
    group : of so many the products are added first, and then to the target.
    keep : see `blocks.add_outer`.
    target : parameters, or a gradient; changed.
    """
    stride, lanes = tiles.beyond.size, width(target)
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
def add_up(tiles: Any, row: Any, parts: Any, U: Any, place: Any) -> None:
    """A row of U: the parts of `partial` added; -infinity where it is filled up.

    Parameters
    ----------
    tiles : `NeuronTiles`.
    row : which pattern of the panel.
    parts : the first share, and the one after the last.
    U, place : where the row goes.
    """
    for c in range(0, tiles.beyond.size, width(U)):
        u = load(tiles.beyond, c)
        for share in range(parts[0], parts[1]):
            u = u + load(tiles.partial, (share * tiles.panel + row) * tiles.beyond.size + c)
        store(U, place + c, u)


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
    tiles : `NeuronTiles`.
    order, start, count : the batch is order[start], ..., order[start + count - 1].
    parameters : W and b; changed.
    velocity : V of each, changed; (0,) without momentum.
    how : see `Move`; without momentum its rate alone counts.
    decays : L of weights, and of biases.
    stop : (1,) see `descending.descend`.
    """
    N, stride, lanes = number_of(rule.inputs), tiles.beyond.size, width(parameters)
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
    in_parts = moving and count <= min(TRACKED, tiles.panel)
    target = parameters if whole else tiles.gradient
    begin, end = tiles.shares[tiles.own[0]], tiles.shares[tiles.own[1]]
    mine = begin * stride, end * stride
    parts = tiles.shares.size - 1
    biases = N * stride, target.size
    watched = count > tiles.panel and tiles.sums.size > 0
    group = GROUP if watched else TRACKED
    unwatched = 0
    part = max(1, end - begin)
    if in_parts:
        part = max(1, PART_VECTORS * lanes // stride // (2 * ROWS)) * 2 * ROWS
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
            # The first share has the biases.
            origin = parameters if share == 0 else tiles.zeros
            base = N * stride if share == 0 else 0
            bounds = tiles.shares[share], tiles.shares[share + 1]
            multiply(data, tiles, parameters, bounds, share, origin, base, in_panel, ONE)
        if tiles.rank == 0:
            tiles.verdict[0] = stop[0]
        wait_for_all(tiles)
        if tiles.verdict[0] != 0:  # all threads of the team see the same
            return True
        for i in range(in_panel * tiles.rank // tiles.team, in_panel * (tiles.rank + 1) // tiles.team):
            p = order[at + i]
            v = data.weights[p] if data.weights.size > 0 else 1.0
            add_up(tiles, i, (0, parts), tiles.delta, i * stride)
            neuron_rows.delta(rule, data, tiles, i * stride, p, factor * v)
        wait_for_all(tiles)
        for n in range(begin, end, part):
            after = min(end, n + part)
            add_products(data, tiles, (n, after), in_panel, group, first_keep, target)
            if in_parts:
                move_all(parameters, velocity, target, (n * stride, after * stride), decays[0], how)
        if tiles.rank == 0 and tiles.biases:
            for p in range(0, in_panel, group):
                for c in range(0, stride, lanes):
                    total_delta = load(tiles.delta, p * stride + c)
                    for i in range(p + 1, min(p + group, in_panel)):
                        total_delta = total_delta + load(tiles.delta, i * stride + c)
                    kept = keep_biases if whole and p == 0 else 1.0
                    store(target, N * stride + c, fma(load(target, N * stride + c), kept, total_delta))
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
    tiles : `NeuronTiles`.
    parameters : W and b.
    decays : L of weights, and of biases.
    """
    N, stride = number_of(rule.inputs), tiles.beyond.size
    parts = tiles.shares.size - 1
    for share in range(tiles.own[0], tiles.own[1]):
        cost, errors, weight = 0.0, 0.0, 0.0
        for panel in range(share * tiles.panel, data.patterns, parts * tiles.panel):
            in_panel = min(tiles.panel, data.patterns - panel)
            for i in range(tiles.panel):
                tiles.rows[i] = (panel + min(i, in_panel - 1)) * N
            multiply(data, tiles, parameters, (0, N), share, parameters, N * stride, in_panel, NO)
            for i in range(in_panel):
                p, place = panel + i, (share * tiles.panel + i) * stride
                v = float(data.weights[p]) if data.weights.size > 0 else 1.0
                weight += v
                add_up(tiles, i, (share, share + 1), tiles.partial, place)
                if neuron_rows.is_wrong(rule, tiles, tiles.partial, place, data.desired, p):
                    errors += v
                cost += v * neuron_rows.pattern_cost(rule, data, tiles, tiles.partial, place, p)
        tiles.costs[16 * share], tiles.costs[16 * share + 1], tiles.costs[16 * share + 2] = cost, errors, weight
    wait_for_all(tiles)
    cost, errors, weight = 0.0, 0.0, 0.0
    for share in range(parts):
        cost += tiles.costs[16 * share]
        errors += tiles.costs[16 * share + 1]
        weight += tiles.costs[16 * share + 2]
    wait_for_all(tiles)
    decay = decay_cost(decays[0], parameters, (0, N * stride))
    decay += decay_cost(decays[1], parameters, (N * stride, (N + 1) * stride))
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
