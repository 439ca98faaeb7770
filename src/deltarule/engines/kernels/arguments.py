"""What kernels are given: data, the rule of descent, orders; and what every kernel does with parameters."""

from __future__ import annotations

import ctypes
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from deltarule.engines.kernels.compiling import NumberType, inlined
from deltarule.engines.kernels.lanes import fma, total, where_greater
from deltarule.engines.kernels.memory import load, store, width
from deltarule.engines.kernels.shuffle import shuffle
from deltarule.engines.kernels.vectors import lane_count

LINE = 64  # bytes
# In float32 so many patterns are summed without regard to what roundings lose, and batches of more than a panel in
# groups of so many.
UNWATCHED, GROUP = 512, 32
# Why a descent ended, or that it goes on.
ALL_EPOCHS, TOLERANCE_MET, NOT_FINITE, INTERRUPTED, PATIENCE_OVER = range(5)
RUNNING = -1
# The columns of the tables that kernels fill, a row a recorded epoch; `recorded.Recorded` has them in this order.
EPOCH, COST, ERRORS, VALIDATION_COST, VALIDATION_ERRORS = range(5)
COLUMNS = 5


class Data(NamedTuple):
    """Patterns, as kernels read them.

    Attributes
    ----------
    inputs : (P N,) X, row by row.
    desired : (P K,) D, row by row.
    weights : (P,) v; or (0,), where every pattern counts once.
    patterns : P.
    """

    inputs: NDArray[Any]
    desired: NDArray[Any]
    weights: NDArray[Any]
    patterns: int


class Rule(NamedTuple):
    """What to descend, and how. Sizes and kind may be numbers as types (`compiling.as_type`), which the compiler knows.

    Attributes
    ----------
    kind : which formulas: LINEAR, SIGMOID, ... of `formulas`.
    inputs, neurons : N and K.
    batch_size : patterns a batch, at most P.
    mean_factor : see `Layer.mean_factor`; 0 where costs are summed.
    weight_decay, bias_decay : L, and L where biases are decayed, else 0; of a group of models they only say whether any has one.
    momentum, nesterov : m, and whether the step looks ahead; not looked at without a velocity, nor of a group of models.
    tolerance : below 0 for none.
    patience, min_change : epochs without anything better until the run ends, 0 for no such end; and by how much it must be better.
    share_of : 0 where the cost over the validation set decides what is better; else the share of wrong predictions does, and
        this is the sum of the set's weights.
    record_every : epochs between the rows of the table; 0 for no rows.
    last_epoch : of the run, which has a row of its own; 0 for none (of a group).
    """

    kind: int | NumberType
    inputs: int | NumberType
    neurons: int | NumberType
    batch_size: int
    mean_factor: float
    weight_decay: float
    bias_decay: float
    momentum: float
    nesterov: bool
    tolerance: float
    patience: int
    min_change: float
    share_of: float
    record_every: int
    last_epoch: int


class Move(NamedTuple):
    """How parameters move in one update with momentum: numbers, or lanes with a number for each model.

    Attributes
    ----------
    rate : a, the learning rate in force.
    momentum : m.
    of_gradient, of_velocity : how much of G and of V is in the step: 0 and 1; with Nesterov's 1 and m.
    """

    rate: Any
    momentum: Any
    of_gradient: Any
    of_velocity: Any


class Orders(NamedTuple):
    """Where the order of the patterns comes from.

    Attributes
    ----------
    state : (6,) of PCG64, see `shuffle`; or (0,).
    given : (epochs, P) orders, one an epoch, where `state` is empty; (0, P) where every epoch has the order of `order`.
    order : (P + a vector,) the present order in its first P places.
    """

    state: NDArray[Any]
    given: NDArray[Any]
    order: NDArray[Any]


def padded(count: int, dtype: np.dtype[Any]) -> int:
    """A count rounded up to whole vectors of numbers of this type."""
    lanes = lane_count(dtype)
    return -(-count // lanes) * lanes


def zeros(count: int, dtype: Any) -> NDArray[Any]:
    """So many zeros, from the start of a cache line on: a vector that lies across two takes twice as long.

    Parameters
    ----------
    count : how many.
    dtype : of each.
    """
    if count == 0:
        return np.zeros(0, dtype)
    size = count * np.dtype(dtype).itemsize
    memory = np.zeros(size + LINE, np.uint8)
    # The address by way of `memory.ctypes` or `__array_interface__` takes five times as long.
    start = -ctypes.addressof(ctypes.c_char.from_buffer(memory.data)) % LINE
    return memory[start : start + size].view(dtype)


@inlined
def next_order(orders: Any, epoch: Any, patterns: Any) -> None:
    """`orders.order` becomes that of the next epoch.

    Parameters
    ----------
    orders : see `Orders`.
    epoch : which epoch of this call, from 0.
    patterns : P.
    """
    if orders.state.size > 0:
        shuffle(orders.state, orders.order, patterns)
    elif orders.given.shape[0] > 0:
        for p in range(patterns):
            orders.order[p] = orders.given[epoch, p]


@inlined
def copy(source: Any, target: Any) -> None:
    """All vectors of one array into another.

    Parameters
    ----------
    source, target : flat arrays of whole vectors, of one size and type.
    """
    for place in range(0, source.size, width(source)):
        store(target, place, load(source, place))


@inlined
def all_finite(parameters: Any) -> bool:
    """Whether every number is finite: x - x is 0 then, and NaN otherwise.

    Parameters
    ----------
    parameters : a flat array of whole vectors.
    """
    none = load(parameters, 0) - load(parameters, 0)
    for place in range(width(parameters), parameters.size, width(parameters)):
        x = load(parameters, place)
        none = none + (x - x)
    return bool(total(none) == 0)


@inlined
def any_not_0(parameters: Any, bounds: Any) -> bool:
    """Whether any number is not 0.

    Parameters
    ----------
    parameters : a flat array.
    bounds : the first place, and the one after the last.
    """
    for place in range(bounds[0], bounds[1]):
        if parameters[place] != 0:
            return True
    return False


@inlined
def fill(target: Any, bounds: Any, number: Any) -> None:
    """A number at all places in bounds.

    Parameters
    ----------
    target : flat; changed.
    bounds : the first place, and the one after the last.
    number : what is written.
    """
    for place in range(bounds[0], bounds[1]):
        target[place] = number


@inlined
def add_panel(gradient: Any, sums: Any, lost: Any, bounds: Any) -> None:
    """Sums += gradient, which becomes 0. What a rounding loses is added the next time.

    The gradients of 10 million patterns one after another, without that, are wrong by a thousandth in float32. Source: Kahan,
    "Further remarks on reducing truncation errors", Communications of the ACM 8 (1965), 40.

    Parameters
    ----------
    gradient : of some patterns; flat.
    sums, lost : of those before, and how much too large they are; as the gradient.
    bounds : the first place, and the one after the last; whole vectors.
    """
    for place in range(bounds[0], bounds[1], width(sums)):
        x = load(gradient, place) - load(lost, place)
        before = load(sums, place)
        after = before + x
        store(lost, place, (after - before) - x)
        store(sums, place, after)
        store(gradient, place, where_greater(x, x, x, 0.0))


@inlined
def move_of(rule: Any, rate: Any) -> Move:
    """The move of a rule.

    Parameters
    ----------
    rule : see `Rule`.
    rate : a, the learning rate in force.
    """
    if rule.nesterov:
        return Move(rate, rule.momentum, 1.0, rule.momentum)
    return Move(rate, rule.momentum, 0.0, 1.0)


@inlined
def move(parameters: Any, velocity: Any, place: Any, gradient: Any, how: Any) -> None:
    """V <- m V + G, W <- W - a V; with Nesterov's W <- W - a (G + m V). For the vector at a place.

    Parameters
    ----------
    parameters, velocity : W and V, flat; changed.
    place : where the vector starts.
    gradient : G, lanes.
    how : see `Move`.
    """
    v = fma(load(velocity, place), how.momentum, gradient)
    store(velocity, place, v)
    step = fma(gradient, how.of_gradient, v * how.of_velocity)
    store(parameters, place, fma(step, 0.0 - how.rate, load(parameters, place)))


@inlined
def add_kept(parameters: Any, gradient: Any, bounds: Any, keep: Any) -> None:
    """Parameters = keep parameters + gradient, at all places in bounds.

    Parameters
    ----------
    parameters, gradient : flat; the first is changed.
    bounds : the first place, and the one after the last; whole vectors.
    keep : 1 less the learning rate times the decay.
    """
    for place in range(bounds[0], bounds[1], width(parameters)):
        store(parameters, place, fma(load(parameters, place), keep, load(gradient, place)))


@inlined
def move_all(parameters: Any, velocity: Any, sums: Any, bounds: Any, decay: Any, how: Any) -> None:
    """Parameters and velocity move at all places in bounds, see `move`.

    Parameters
    ----------
    parameters, velocity : flat; changed.
    sums : the gradient without decay, below 0.
    bounds : the first place, and the one after the last; whole vectors.
    decay : L.
    how : see `Move`.
    """
    for place in range(bounds[0], bounds[1], width(parameters)):
        move(parameters, velocity, place, fma(load(parameters, place), decay, 0.0 - load(sums, place)), how)


@inlined
def monitored(rule: Any, cost: Any, errors: Any) -> float:
    """What patience looks at, see `Rule.share_of`.

    Parameters
    ----------
    rule : see `Rule`.
    cost, errors : of the validation set.
    """
    return errors / rule.share_of if rule.share_of > 0 else cost  # type: ignore[no-any-return]


@inlined
def scale(rule: Any, weight: Any) -> float:
    """What a sum over patterns is multiplied by, see `Layer.scale`.

    Parameters
    ----------
    rule : see `Rule`.
    weight : the sum of the patterns' weights.
    """
    if rule.mean_factor > 0:
        return rule.mean_factor / weight if weight > 0 else 0.0
    return 1.0


@inlined
def decay_cost(decay: Any, parameters: Any, bounds: Any, apart: Any = 1) -> float:
    """L/2 sum W^2. Without a decay 0: squares may be infinite where the cost is not.

    Parameters
    ----------
    decay : L.
    parameters : flat.
    bounds : the place of the first W, and one after the last.
    apart : from one W to the next.
    """
    squares = 0.0
    if decay > 0:
        for i in range(bounds[0], bounds[1], apart):
            w = np.float64(parameters[i])  # in float32 the square may be infinite where the cost is not
            squares += w * w
    return 0.5 * decay * squares  # type: ignore[no-any-return]
