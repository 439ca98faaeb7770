"""Kernels for few inputs and neurons: the batch's patterns lie side by side in the lanes.

All N K products of an update are then vector operations without a wasted lane, whatever N and K are, and exponentials
are taken eight patterns (16 in float32) at once. The last vector of a batch is filled up with patterns of zeros that
weigh nothing.

Parameters are one array: W row by row, b, and zeros up to a whole vector.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from deltarule.engines.kernels import formulas
from deltarule.engines.kernels.arguments import (
    add_panel,
    copy,
    decay_cost,
    fill,
    move,
    move_of,
    padded,
    scale,
    zeros,
)  # fmt: skip
from deltarule.engines.kernels.compiling import as_type, inlined, is_type, not_inlined, number_of
from deltarule.engines.kernels.lanes import fma, high, low, total
from deltarule.engines.kernels.memory import gather, load, load_columns, load_some, own, splat, store, totals, width
from deltarule.engines.kernels.vectors import lane_count

# Vectors of patterns that are worked on together.
PANEL = 32
NO = as_type(0)
NO_DOUBLES = np.zeros(0)


class PatternTiles(NamedTuple):
    """Working memory: a panel's patterns as tiles (a vector for each input), and gradients before their lanes are summed.

    Attributes
    ----------
    inputs : PANEL tiles of N + 1 vectors, the last of which is 1 throughout: the biases' input. It is 0 where the
        layer has no biases, so that theirs stay 0.
    desired, synaptic : PANEL tiles of K vectors.
    weights : PANEL vectors, 0 in the lanes without a pattern.
    gradient : a vector for each parameter.
    sums, lost : the same, in float32, for batches of more than a panel, see `arguments.add_panel`; in float64 empty.
    decays : the weight decay of each parameter.
    places : 0, 1, 2, ... for a panel, to go through a set in order; changed where a set is evaluated.
    ones : a vector of 1.
    doubles : of float64; empty.
    """

    inputs: NDArray[Any]
    desired: NDArray[Any]
    synaptic: NDArray[Any]
    weights: NDArray[Any]
    gradient: NDArray[Any]
    sums: NDArray[Any]
    lost: NDArray[Any]
    decays: NDArray[Any]
    places: NDArray[np.int64]
    ones: NDArray[Any]
    doubles: NDArray[np.float64]


def tiles_for(
    inputs: int, neurons: int, dtype: np.dtype[Any], decays: tuple[float, float], *, biases: bool = True
) -> PatternTiles:
    """Working memory for a layer.

    Parameters
    ----------
    inputs, neurons : N and K.
    dtype : of the layer.
    decays : the weight decay of weights, and of biases.
    biases : whether the layer has biases.
    """
    image, spans = _image(inputs, neurons, dtype, decays, biases)
    memory = zeros(image.size, dtype)
    memory[:] = image
    parts = {name: memory[first:last] for name, (first, last) in spans.items()}
    return PatternTiles(places=np.arange(PANEL * lane_count(dtype), dtype=np.int64), doubles=NO_DOUBLES, **parts)


@lru_cache(maxsize=16)
def _image(
    inputs: int, neurons: int, dtype: np.dtype[Any], decays: tuple[float, float], biases: bool
) -> tuple[NDArray[Any], dict[str, tuple[int, int]]]:
    """All the working memory of numbers as it is at first, and where each part begins and ends.

    The parameters are those of `tiles_for`.
    """
    lanes = lane_count(dtype)
    parameters = padded((inputs + 1) * neurons, dtype)
    sizes = {
        "inputs": PANEL * (inputs + 1) * lanes,
        "desired": PANEL * neurons * lanes,
        "synaptic": PANEL * neurons * lanes,
        "weights": PANEL * lanes,
        "gradient": parameters * lanes,
        "sums": parameters * lanes if dtype == np.float32 else 0,
        "lost": parameters * lanes if dtype == np.float32 else 0,
        "decays": parameters,
        "ones": lanes,
    }
    ends = np.cumsum(list(sizes.values())).tolist()
    spans = dict(zip(sizes, pairwise([0, *ends]), strict=True))
    image = np.zeros(ends[-1], dtype)
    parts = {name: image[first:last] for name, (first, last) in spans.items()}
    parts["inputs"].reshape(PANEL, inputs + 1, lanes)[:, -1] = biases
    parts["decays"][: inputs * neurons] = decays[0]
    parts["decays"][inputs * neurons : (inputs + 1) * neurons] = decays[1]
    parts["ones"][:] = 1
    return image, spans


@inlined
def load_patterns(rule: Any, data: Any, tiles: Any, order: Any, start: Any, count: Any, block: Any) -> None:
    """The patterns order[start], ..., into the tiles of a block.

    Parameters
    ----------
    rule : see `arguments`.
    data : `Data` of the set.
    tiles : `PatternTiles`.
    order, start : where the patterns are; from there on there must be a whole vector of patterns that exist.
    count : how many; the other lanes become 0.
    block : which block of the panel.
    """
    lanes, N, K = width(tiles.inputs), number_of(rule.inputs), number_of(rule.neurons)
    X, D, at_once = data.inputs, data.desired, width(tiles.inputs) // 4
    for n in range(0, N, at_once):
        load_columns(X, order, start, count, N, n, tiles.inputs, (block * (N + 1) + n) * lanes)
    for k in range(0, K, at_once):
        load_columns(D, order, start, count, K, k, tiles.desired, (block * K + k) * lanes)
    if data.weights.size > 0:
        store(tiles.weights, block * lanes, gather(data.weights, order, start, count, 1, 0))
    else:
        store(tiles.weights, block * lanes, load_some(tiles.ones, 0, count, 0.0))


@inlined
def synaptic_input(rule: Any, tiles: Any, parameters: Any, block: Any, U: Any, at: Any) -> None:
    """U = X W + b for a block.

    Parameters
    ----------
    rule : see `arguments`.
    tiles : `PatternTiles`, which hold the block's inputs.
    parameters : W and b.
    block : which block of the panel.
    U, at : where its tile goes.
    """
    lanes, N, K = width(tiles.inputs), number_of(rule.inputs), number_of(rule.neurons)
    for k in range(K):
        u = splat(parameters[N * K + k])
        for n in range(N):
            u = fma(load(tiles.inputs, (block * (N + 1) + n) * lanes), parameters[n * K + k], u)
        store(U, at + k * lanes, u)


@inlined
def add_gradient(rule: Any, tiles: Any, block: Any, blocks: Any, delta: Any, gradient: Any, anew: Any) -> None:
    """X^T delta and 1^T delta of some blocks, lane by lane, onto the gradient.

    Parameters
    ----------
    rule : see `arguments`.
    tiles : `PatternTiles`, which hold inputs.
    block, blocks : the first of them, and how many.
    delta : theirs.
    gradient : changed.
    anew : whether the gradient starts anew.
    """
    lanes, N, K = width(tiles.inputs), number_of(rule.inputs), number_of(rule.neurons)
    for n in range(N + 1):
        for k in range(K):
            place = (n * K + k) * lanes
            x, d = load(tiles.inputs, (block * (N + 1) + n) * lanes), load(delta, k * lanes)
            g = x * d if anew else fma(x, d, load(gradient, place))
            for other in range(1, blocks):
                x = load(tiles.inputs, ((block + other) * (N + 1) + n) * lanes)
                g = fma(x, load(delta, (other * K + k) * lanes), g)
            store(gradient, place, g)


@not_inlined
def put_by(tiles: Any, first: Any, last: Any) -> None:
    """The gradient of a panel is added to the sums, and becomes 0; after the last panel it becomes the sums.

    Parameters
    ----------
    tiles : `PatternTiles` of float32.
    first, last : whether the panel is the first, or the last, of the batch.
    """
    everywhere = 0, tiles.sums.size
    if first:
        fill(tiles.sums, everywhere, 0.0)
        fill(tiles.lost, everywhere, 0.0)
    add_panel(tiles.gradient, tiles.sums, tiles.lost, everywhere)
    if last:
        copy(tiles.sums, tiles.gradient)


@inlined
def update(
    rule: Any, data: Any, tiles: Any, order: Any, start: Any, count: Any, parameters: Any, velocity: Any, rate: Any, loaded: Any,
    stop: Any,
) -> bool:  # fmt: skip
    """W <- W - a (X^T delta + L W), b <- b - a 1^T delta; with a velocity as `arguments.move` says.

    Returns whether the run is to stop; then nothing is changed.

    Parameters
    ----------
    rule : see `arguments`.
    data : `Data` of the training set.
    tiles : `PatternTiles`.
    order, start, count : the batch is order[start], ..., order[start + count - 1].
    parameters : W and b; changed.
    velocity : V of each, changed; (0,) without momentum.
    rate : a, the learning rate in force.
    loaded : whether the tiles hold these patterns already.
    stop : (1,) see `descending.descend`.
    """
    lanes, K = width(parameters), number_of(rule.neurons)
    U, G = own(tiles.synaptic, NO, rule.neurons), own(tiles.gradient, rule.inputs, rule.neurons)
    in_registers = is_type(
        rule.inputs
    )  # then each block is added to the gradient at once, else a panel's blocks together
    weight = splat(parameters[0]) * 0.0
    weight_before = 0.0
    watched = lanes > width(tiles.doubles) and count > PANEL * lanes
    for panel in range(0, count, PANEL * lanes):
        if stop[0] != 0:
            return True
        blocks = min(PANEL, (count - panel + lanes - 1) // lanes)
        for block in range(blocks):
            done = panel + block * lanes
            if not (loaded and count <= PANEL * lanes):
                load_patterns(rule, data, tiles, order, start + done, count - done, block)
            at = 0 if in_registers else block * K * lanes
            synaptic_input(rule, tiles, parameters, block, U, at)
            v = load(tiles.weights, block * lanes)
            weight = weight + v
            formulas.delta(rule.kind, rule.neurons, U, at, tiles.desired, block * K * lanes, v)
            if in_registers:
                add_gradient(rule, tiles, block, 1, U, G, False)
        if not in_registers:
            add_gradient(rule, tiles, 0, blocks, U, G, panel == 0)
        if watched:
            weight_before += total(weight)
            weight = weight * 0.0
            for place in range(0, G.size, lanes):
                store(tiles.gradient, place, load(G, place))
            put_by(tiles, panel == 0, panel + blocks * lanes >= count)
            for place in range(0, G.size, lanes):
                store(G, place, load(tiles.gradient, place))
    share = scale(rule, weight_before + total(weight))
    how = move_of(rule, rate)
    for place in range(0, G.size // lanes, lanes):
        old, sums = load(parameters, place), totals(G, place * lanes)
        gradient = fma(sums, share, load(tiles.decays, place) * old)
        if velocity.size > 0:
            move(parameters, velocity, place, gradient, how)
        else:
            store(parameters, place, fma(gradient, 0.0 - rate, old))
    return False


@not_inlined
def evaluate(rule: Any, data: Any, tiles: Any, parameters: Any) -> tuple[float, float]:
    """Cost J (reduced, decay included) and errors over a whole set, see `Layer.evaluate`.

    Parameters
    ----------
    rule : see `arguments`.
    data : `Data` of the set.
    tiles : `PatternTiles`.
    parameters : W and b.
    """
    lanes, N, K = width(parameters), number_of(rule.inputs), number_of(rule.neurons)
    nothing = low(load(tiles.ones, 0) * 0.0)
    cost, errors, weight = nothing, nothing, nothing
    for p in range(0, data.patterns, lanes):
        for lane in range(lanes):
            tiles.places[lane] = min(p + lane, data.patterns - 1)
        load_patterns(rule, data, tiles, tiles.places, 0, data.patterns - p, 0)
        synaptic_input(rule, tiles, parameters, 0, tiles.synaptic, 0)
        v = load(tiles.weights, 0)
        weight = weight + (low(v) + high(v))
        costs = formulas.cost(rule.kind, rule.neurons, tiles.synaptic, tiles.desired, 0)
        # The products in float64 too: those of large weights are beyond float32.
        cost = fma(low(v), low(costs), cost)
        if lanes > width(tiles.doubles):
            cost = fma(high(v), high(costs), cost)
        wrong = v * formulas.wrong(rule.kind, rule.neurons, tiles.synaptic, tiles.desired, 0)
        errors = errors + (low(wrong) + high(wrong))
    decay = decay_cost(rule.weight_decay, parameters, (0, N * K))
    decay += decay_cost(rule.bias_decay, parameters, (N * K, (N + 1) * K))
    return total(cost) * scale(rule, total(weight)) + decay, float(total(errors))


@inlined
def leads(tiles: Any) -> bool:
    """True: these kernels run in one thread.

    Parameters
    ----------
    tiles : `PatternTiles`.
    """
    return True


@inlined
def wait_for_all(tiles: Any) -> None:
    """Nothing to wait for.

    Parameters
    ----------
    tiles : `PatternTiles`.
    """
