"""Kernels for many small layers over the same patterns in the same order: models lie side by side in the lanes.

A group of models (8, or 16 in float32) is one layer with a vector of columns for each neuron, so its products are
those of `blocks`. Only what is done with U differs: its exponentials are summed over the neurons of a model, never
over lanes.

Parameters are one array: N rows of K vectors of weights, then a row of biases; lane m of each vector is model m's.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from deltarule.engines.kernels import formulas
from deltarule.engines.kernels.arguments import (
    GROUP,
    LINE,
    UNWATCHED,
    Move,
    add_kept,
    add_panel,
    decay_cost,
    fill,
    move_all,
    scale,
    zeros,
)
from deltarule.engines.kernels.blocks import ROWS, add_outer, rows_times
from deltarule.engines.kernels.compiling import as_type, inlined, not_inlined, number_of
from deltarule.engines.kernels.lanes import fma, high, low
from deltarule.engines.kernels.memory import load, splat, store, width
from deltarule.engines.kernels.vectors import lane_count

# U and D of a panel of patterns should stay in the first-level cache.
PANEL_BYTES = 1 << 14
NO, ONE, TWO, THREE, FOUR, EIGHT = (as_type(number) for number in (0, 1, 2, 3, 4, 8))


class ModelTiles(NamedTuple):
    """Working memory of a group.

    Attributes
    ----------
    synaptic, desired : a panel's U (then delta) and D: a row of K vectors a pattern; rows up to whole blocks.
    rows : (panel,) where in X the panel's rows start.
    gradient : as the parameters, for batches of more than a panel, and with momentum; otherwise empty.
    sums, lost : the same, in float32, for batches of more than a panel, see `arguments.add_panel`; otherwise empty.
    costs : four vectors of float64: the costs and the errors of all models, as they are evaluated.
    decays, bias_decays : a vector each: every model's weight decay, and that of its biases.
    momenta, of_gradient, of_velocity : a vector each, see `Move`.
    panel : patterns in a panel.
    models : how many lanes hold a model.
    biases : whether the models have biases; where they have none their rows stay 0.
    """

    synaptic: NDArray[Any]
    desired: NDArray[Any]
    rows: NDArray[np.int64]
    gradient: NDArray[Any]
    sums: NDArray[Any]
    lost: NDArray[Any]
    costs: NDArray[np.float64]
    decays: NDArray[Any]
    bias_decays: NDArray[Any]
    momenta: NDArray[Any]
    of_gradient: NDArray[Any]
    of_velocity: NDArray[Any]
    panel: int
    models: int
    biases: bool


def tiles_for(
    inputs: int,
    neurons: int,
    batch: int,
    dtype: np.dtype[Any],
    settings: NDArray[Any],
    largest_panel: int,
    *,
    biases: bool = True,
    momentum: bool = False,
) -> ModelTiles:
    """Working memory for a group of models.

    Parameters
    ----------
    inputs, neurons : N and K of each.
    batch : patterns in a batch.
    dtype : of the layers.
    settings : (5, models) the rows decays, bias_decays, momenta, of_gradient and of_velocity, see `ModelTiles`.
    largest_panel : the most patterns in a panel.
    biases : whether the models have biases.
    momentum : whether any has a velocity.
    """
    lanes = lane_count(dtype)
    panel = max(ROWS, min(largest_panel, PANEL_BYTES // (LINE * neurons) // ROWS * ROWS))
    panel = min(panel, -(-batch // ROWS) * ROWS)
    count, models = settings.shape
    vectors = zeros(count * lanes, dtype).reshape(count, lanes)
    vectors[:, :models] = settings
    decays, bias_decays, momenta, of_gradient, of_velocity = vectors
    size, gradients = panel * neurons * lanes, (inputs + 1) * neurons * lanes
    gradient = zeros(gradients if batch > panel or momentum else 0, dtype)
    sums, lost = (zeros(gradients if batch > panel and dtype == np.float32 else 0, dtype) for _ in range(2))
    return ModelTiles(
        zeros(size, dtype), zeros(size, dtype), np.zeros(panel, np.int64), gradient, sums, lost,
        zeros(4 * lane_count(np.dtype(np.float64)), np.float64), decays, bias_decays, momenta, of_gradient,
        of_velocity, panel, models, biases,
    )  # fmt: skip


@inlined
def synaptic_inputs(rule: Any, data: Any, tiles: Any, parameters: Any, order: Any, start: Any, in_panel: Any) -> None:
    """U and D of a panel into the tiles.

    Parameters
    ----------
    rule : see `arguments`.
    data : `Data` of the set.
    tiles : `ModelTiles`.
    parameters : W and b of all models.
    order, start, in_panel : the patterns are order[start], ..., so many; of an empty order, start, start + 1, ...
    """
    N, K, lanes = number_of(rule.inputs), number_of(rule.neurons), width(parameters)
    stride = K * lanes
    X, rows, U = data.inputs, tiles.rows, tiles.synaptic
    for i in range(-(-in_panel // ROWS) * ROWS):
        p = start + min(i, in_panel - 1)
        if order.size > 0:
            p = order[p]
        rows[i] = p * N
        for k in range(K):
            store(tiles.desired, i * stride + k * lanes, splat(data.desired[p * K + k]))
    for r in range(0, in_panel, ROWS):
        k = (K - 1) % 3 + 1
        at = r * stride
        base = N * stride
        if k == 1:
            rows_times(X, rows, r, (0, N), parameters, stride, 0, parameters, base, U, at, ONE, NO, 0)
        elif k == 2:
            rows_times(X, rows, r, (0, N), parameters, stride, 0, parameters, base, U, at, TWO, NO, 0)
        else:
            rows_times(X, rows, r, (0, N), parameters, stride, 0, parameters, base, U, at, THREE, NO, 0)
        while k < K:
            rows_times(X, rows, r, (0, N), parameters, stride, k * lanes, parameters, base, U, at, THREE, NO, 0)
            k += 3


@inlined
def add_products(rule: Any, data: Any, tiles: Any, first: Any, count: Any, target: Any) -> None:
    """Target += X^T delta, for the weights.

    Parameters
    ----------
    rule : see `arguments`.
    data : `Data` of the training set.
    tiles : `ModelTiles`, which hold delta.
    first, count : which patterns of the panel.
    target : parameters, or a gradient; changed.
    """
    N, K, lanes = number_of(rule.inputs), number_of(rule.neurons), width(target)
    stride = K * lanes
    X, rows, delta = data.inputs, tiles.rows, tiles.synaptic
    k = 0
    while k < K:
        vectors = (K - 1) % 3 + 1 if k == 0 else 3
        column = k * lanes
        n = 0
        if vectors == 3:
            while n + 8 <= N:
                add_outer(X, rows, first, count, n, delta, stride, column, 1.0, target, EIGHT, THREE, NO, 0)
                n += 8
            while n + 4 <= N:
                add_outer(X, rows, first, count, n, delta, stride, column, 1.0, target, FOUR, THREE, NO, 0)
                n += 4
            while n < N:
                add_outer(X, rows, first, count, n, delta, stride, column, 1.0, target, ONE, THREE, NO, 0)
                n += 1
        elif vectors == 2:
            while n + 4 <= N:
                add_outer(X, rows, first, count, n, delta, stride, column, 1.0, target, FOUR, TWO, NO, 0)
                n += 4
            while n < N:
                add_outer(X, rows, first, count, n, delta, stride, column, 1.0, target, ONE, TWO, NO, 0)
                n += 1
        else:
            while n + 4 <= N:
                add_outer(X, rows, first, count, n, delta, stride, column, 1.0, target, FOUR, ONE, NO, 0)
                n += 4
            while n < N:
                add_outer(X, rows, first, count, n, delta, stride, column, 1.0, target, ONE, ONE, NO, 0)
                n += 1
        k += vectors


@inlined
def update_all(
    rule: Any,
    data: Any,
    tiles: Any,
    order: Any,
    start: Any,
    count: Any,
    parameters: Any,
    velocity: Any,
    rates: Any,
    at: Any,
    running: Any,
) -> None:
    """W <- W - a (X^T delta + L W), b <- b - a 1^T delta of every model; with a velocity as `arguments.move` says.

    Parameters
    ----------
    rule : see `arguments`; decay and momentum are in the tiles.
    data : `Data` of the training set.
    tiles : `ModelTiles`.
    order, start, count : the batch is order[start], ..., order[start + count - 1].
    parameters : W and b of all models; changed.
    velocity : V of each, changed; (0,) without momentum.
    rates, at : every model's learning rate in force, and where their vector starts.
    running : not looked at: all lanes are updated together, and a model that has ended is not read again.
    """
    N, K, lanes = number_of(rule.inputs), number_of(rule.neurons), width(parameters)
    stride = K * lanes
    weight = float(count)
    if data.weights.size > 0:
        weight = 0.0
        for i in range(count):
            weight += data.weights[order[start + i]]
    rate = load(rates, at)
    moving = velocity.size > 0
    # Of what: the gradient, or the step itself.
    if moving:
        factor = splat(data.inputs[0]) * 0.0 - scale(rule, weight)
    else:
        factor = rate * (0.0 - scale(rule, weight))
    # Whether the products go straight to the parameters.
    whole = count <= tiles.panel and not moving
    target = parameters if whole else tiles.gradient
    keep, keep_biases = 1.0 - rate * 0.0, 1.0 - rate * 0.0
    if rule.weight_decay > 0:
        keep = 1.0 - rate * load(tiles.decays, 0)
    if rule.bias_decay > 0:
        keep_biases = 1.0 - rate * load(tiles.bias_decays, 0)
    if not whole:
        fill(target, (0, target.size), 0.0)
    watched = count > tiles.panel and tiles.sums.size > 0
    group = GROUP if watched else tiles.panel
    unwatched = 0
    if watched:
        fill(tiles.sums, (0, target.size), 0.0)
        fill(tiles.lost, (0, target.size), 0.0)
    for panel in range(0, count, tiles.panel):
        in_panel = min(tiles.panel, count - panel)
        synaptic_inputs(rule, data, tiles, parameters, order, start + panel, in_panel)
        if whole and rule.weight_decay > 0:
            for place in range(0, N * stride, lanes):
                store(parameters, place, load(parameters, place) * keep)
        if whole and rule.bias_decay > 0:
            for place in range(N * stride, (N + 1) * stride, lanes):
                store(parameters, place, load(parameters, place) * keep_biases)
        for i in range(in_panel):
            share = factor
            if data.weights.size > 0:
                share = factor * data.weights[order[start + panel + i]]
            formulas.delta(rule.kind, rule.neurons, tiles.synaptic, i * stride, tiles.desired, i * stride, share)
        for first in range(0, in_panel, group):
            in_group = min(group, in_panel - first)
            add_products(rule, data, tiles, first, in_group, target)
            if tiles.biases:
                for k in range(K):
                    total = load(tiles.synaptic, first * stride + k * lanes)
                    for i in range(first + 1, first + in_group):
                        total = total + load(tiles.synaptic, i * stride + k * lanes)
                    place = N * stride + k * lanes
                    store(target, place, load(target, place) + total)
        unwatched += in_panel
        if watched and (unwatched >= UNWATCHED or panel + in_panel == count):
            unwatched = 0
            add_panel(target, tiles.sums, tiles.lost, (0, target.size))
    if not whole:
        sums = tiles.sums if watched else target
        if moving:
            how = Move(rate, load(tiles.momenta, 0), load(tiles.of_gradient, 0), load(tiles.of_velocity, 0))
            move_all(parameters, velocity, sums, (0, N * stride), load(tiles.decays, 0), how)
            move_all(parameters, velocity, sums, (N * stride, (N + 1) * stride), load(tiles.bias_decays, 0), how)
        else:
            add_kept(parameters, sums, (0, N * stride), keep)
            add_kept(parameters, sums, (N * stride, (N + 1) * stride), keep_biases)


@not_inlined
def evaluate_all(rule: Any, data: Any, tiles: Any, parameters: Any, costs: Any, errors: Any) -> None:
    """Cost J (reduced, decay included) and errors of every model over a whole set.

    Parameters
    ----------
    rule : see `arguments`.
    data : `Data` of the set.
    tiles : `ModelTiles`.
    parameters : W and b of all models.
    costs, errors : (models,) filled.
    """
    N, K, lanes = number_of(rule.inputs), number_of(rule.neurons), width(parameters)
    stride, doubles = K * lanes, width(tiles.costs)
    zero = splat(data.inputs[0]) * 0.0  # of inputs, which are finite; a rate may be infinite in float32
    cost_low, cost_high, wrong_low, wrong_high, weight = low(zero), high(zero), low(zero), high(zero), 0.0
    for panel in range(0, data.patterns, tiles.panel):
        in_panel = min(tiles.panel, data.patterns - panel)
        synaptic_inputs(rule, data, tiles, parameters, tiles.rows[:0], panel, in_panel)
        for i in range(in_panel):
            v = zero + (float(data.weights[panel + i]) if data.weights.size > 0 else 1.0)
            weight += float(data.weights[panel + i]) if data.weights.size > 0 else 1.0
            cost = formulas.cost(rule.kind, rule.neurons, tiles.synaptic, tiles.desired, i * stride)
            wrong = v * formulas.wrong(rule.kind, rule.neurons, tiles.synaptic, tiles.desired, i * stride)
            # The products in float64 too: those of large weights are beyond float32.
            cost_low = fma(low(v), low(cost), cost_low)
            if lanes > doubles:
                cost_high = fma(high(v), high(cost), cost_high)
            wrong_low, wrong_high = wrong_low + low(wrong), wrong_high + high(wrong)
    store(tiles.costs, 0, cost_low)
    store(tiles.costs, doubles, cost_high)
    store(tiles.costs, 2 * doubles, wrong_low)
    store(tiles.costs, 3 * doubles, wrong_high)
    for m in range(tiles.models):
        costs[m] = tiles.costs[m] * scale(rule, weight)
        errors[m] = tiles.costs[2 * doubles + m]
        costs[m] += decay_cost(tiles.decays[m], parameters, (m, N * stride), lanes)
        costs[m] += decay_cost(tiles.bias_decays[m], parameters, (N * stride + m, (N + 1) * stride), lanes)


@inlined
def find_finite(tiles: Any, parameters: Any, finite: Any) -> None:
    """Which models have only finite parameters: x - x is 0 then, and NaN otherwise.

    Parameters
    ----------
    tiles : `ModelTiles`.
    parameters : W and b of all models.
    finite : (models,) filled with true or false.
    """
    lanes = width(parameters)
    none = load(parameters, 0) - load(parameters, 0)
    for place in range(lanes, parameters.size, lanes):
        x = load(parameters, place)
        none = none + (x - x)
    store(tiles.synaptic, 0, none)
    for m in range(tiles.models):
        finite[m] = tiles.synaptic[m] == 0


@inlined
def take(tiles: Any, source: Any, m: Any, target: Any) -> None:
    """Model m's parameters from one array into another.

    Parameters
    ----------
    tiles : `ModelTiles`.
    source, target : as the parameters of all models.
    m : which model.
    """
    for place in range(m, source.size, width(source)):
        target[place] = source[place]
