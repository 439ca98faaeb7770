"""Layers, patterns and descents as the kernels read them: flat arrays and plain numbers."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deltarule.checks import generator
from deltarule.descent import Descent
from deltarule.engines import thresholds
from deltarule.engines.base import representable, row_for
from deltarule.engines.kernels import formulas, wide_tiles
from deltarule.engines.kernels.arguments import Data, Orders, Rule
from deltarule.engines.kernels.shuffle import state_of
from deltarule.engines.kernels.wide_tiles import InputTiles, NeuronTiles, WideTiles
from deltarule.layers import (
    AdalineLayer,
    Layer,
    LinearLayer,
    LogisticLayer,
    Patterns,
    PerceptronLayer,
    RosenblattLayer,
    SoftmaxLayer,
)

# The kernels' formulas for a layer, a row a kind; see `base.row_for`.
FORMULAS: dict[type[Layer], Callable[[Any], int]] = {
    LinearLayer: lambda _layer: formulas.LINEAR,
    AdalineLayer: lambda layer: formulas.ADALINE if layer.neurons == 1 else formulas.ADALINE_OF_CLASSES,
    PerceptronLayer: lambda layer: {"sigmoid": formulas.SIGMOID, "tanh": formulas.TANH}[layer.activation],
    RosenblattLayer: lambda layer: {
        ("step", False): formulas.STEP,
        ("step", True): formulas.STEP_AGAINST_REST,
        ("sign", False): formulas.SIGN,
        ("sign", True): formulas.SIGN_AGAINST_REST,
    }[layer.activation, layer.is_one_against_rest()],
    LogisticLayer: lambda layer: (
        formulas.LOGISTIC if layer.classes is None or layer.neurons == 1 else formulas.ONE_AGAINST_REST
    ),
    SoftmaxLayer: lambda _layer: formulas.SOFTMAX,
}
VECTOR = 16  # the most lanes that a vector has


def formulas_of(layer: Layer) -> int:
    """The kernels' number for the formulas of a layer.

    Raises
    ------
    InputError
        If the kernels have none for this kind.
    """
    return row_for(FORMULAS, layer, "compiled")(layer)


def kernel_data(given: Patterns) -> Data:
    """The `given` patterns as the kernels read them: flat, without weights that are all 1."""
    weights = given.sample_weight if (given.sample_weight != 1).any() else given.sample_weight[:0]
    return Data(_flat(given.X), _flat(given.D), _flat(weights), len(given.X))


class _Memory:
    """An array's memory, which does not tell whether it may be written."""

    def __init__(self, array: NDArray[Any]) -> None:
        self.array = array
        address = array.__array_interface__["data"][0]
        self.__array_interface__ = array.__array_interface__ | {"data": (address, False)}


def _flat(array: NDArray[Any]) -> NDArray[Any]:
    """The numbers row by row: the array's own memory where it can be.

    To Numba an array that must not be written has another type, and kernels, which write none of these, would be
    compiled again for it.
    """
    if not (array.flags.c_contiguous and array.flags.aligned):
        array = np.require(array, requirements=("C", "A"))
    flat = array.reshape(-1)
    return flat if flat.flags.writeable else np.asarray(_Memory(flat))


def is_small(layer: Layer) -> bool:
    """Whether a `layer` is so small that patterns (or models) lie in the lanes; a larger one is wide."""
    now = thresholds.get()
    return layer.weights.size <= now.lane_weights and layer.inputs <= now.lane_inputs


def kernel_rule(layer: Layer, descent: Descent, patterns: int, record_every: int, followed: float = 0.0) -> Rule:
    """A descent as the kernels read it.

    Parameters
    ----------
    layer : whose formulas and shape the rule has.
    descent : how to descend.
    patterns : P, the number of training patterns.
    record_every : as in `base.Work`.
    followed : the sum of the weights of the validation set.
    """
    batch = patterns if descent.batch_size is None else min(descent.batch_size, patterns)
    decay = representable(descent.weight_decay, layer)
    return Rule(
        kind=formulas_of(layer),
        inputs=layer.inputs,
        neurons=layer.neurons,
        batch_size=batch,
        mean_factor=float(layer.factor_of_mean(descent.reduction) or 0.0),
        weight_decay=decay,
        bias_decay=decay if descent.decay_biases else 0.0,
        momentum=descent.momentum,
        nesterov=descent.nesterov,
        tolerance=-1.0 if descent.tolerance is None else float(descent.tolerance),
        patience=descent.patience or 0,
        min_change=descent.min_change,
        share_of=followed if descent.monitor == "accuracy" else 0.0,
        record_every=record_every,
        last_epoch=descent.epochs,
    )


def kernel_rates(layer: Layer, descent: Descent, patterns: int, done: int, epochs: int) -> NDArray[np.float64]:
    """The learning rates of some epochs: a row an epoch (or one for all), and in it one an update (or one for all).

    Parameters
    ----------
    layer : which is trained.
    descent : its rate and its schedule count.
    patterns : P, the number of training patterns.
    done : epochs done before the first of them.
    epochs : how many.
    """
    if descent.schedule.is_constant:
        return np.array([[representable(descent.learning_rate, layer)]])
    rates = descent.rates(done, epochs, patterns)
    largest = float(np.finfo(layer.dtype).max)
    return rates if rates.max(initial=0.0) <= largest else np.where(rates <= largest, rates, math.inf)


def steps_of(rates: NDArray[Any]) -> tuple[int, int]:
    """How far it is in (epochs, updates, ...) `rates` from one epoch to the next, and from one update to the next.

    It is 0 where all share one.
    """
    epochs, updates = rates.shape[:2]
    if epochs == updates == 1:
        return 0, 0
    each = math.prod(rates.shape[2:])
    return updates * each if epochs > 1 else 0, each if updates > 1 else 0


def kernel_orders(descent: Descent, patterns: int) -> tuple[Orders, np.random.Generator | None]:
    """Where the order of the patterns comes from, and the generator that it is drawn from (None where the order is as given).

    The kernels draw from PCG64; orders of other generators must be given to them.

    Parameters
    ----------
    descent : its seed draws the orders of mini-batches.
    patterns : P, the number of training patterns.
    """
    rng = generator("seed", descent.seed) if descent.is_shuffled(patterns) else None
    state = None if rng is None else state_of(rng)
    order = np.arange(patterns + VECTOR, dtype=np.int64)
    order[patterns:] = 0
    return Orders(np.empty(0, np.uint64) if state is None else state, np.empty((0, patterns), np.int64), order), rng


def layout_of(layer: Layer) -> type[WideTiles]:
    """What lies in the lanes of a `layer` that is not a small one."""
    return InputTiles if layer.neurons <= thresholds.get().input_lanes_neurons else NeuronTiles


def tiles_of_wide(layer: Layer, batch: int, *, momentum: bool) -> WideTiles:
    """Working memory of one thread, for a layer that is not a small one.

    Parameters
    ----------
    layer : the layer; its shape and its dtype count.
    batch : the number of patterns in a batch.
    momentum : whether there is a velocity.
    """
    now = thresholds.get()
    kind = layout_of(layer)
    return wide_tiles.tiles_for(
        layer.inputs,
        layer.neurons,
        batch,
        layer.dtype,
        kind=kind,
        panels=(now.smallest_panel, now.largest_panel),
        minimum_share=now.minimum_lanes_share if kind is InputTiles else now.minimum_share,
        biases=layer.has_biases,
        momentum=momentum,
    )
