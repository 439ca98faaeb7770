"""Kernels for many wide layers over the same patterns in the same order.

Each mini-batch is read once, and serves one model (a head) after another.

Parameters are (models, ...): each model's as in `wide_tiles`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from deltarule.engines.kernels import wide
from deltarule.engines.kernels.arguments import Move, all_finite, copy
from deltarule.engines.kernels.compiling import inlined, not_inlined
from deltarule.engines.kernels.wide_tiles import WideTiles


class HeadTiles(NamedTuple):
    """Working memory of a group.

    Attributes
    ----------
    own : of `wide`, for one thread; the models use it one after another.
    decays, bias_decays : (models,) every model's weight decay, and that of its biases.
    momenta, of_gradient, of_velocity : (models,) see `Move`.
    stop : (1,) see `descending.descend`.
    models : how many there are.
    """

    own: WideTiles
    decays: NDArray[Any]
    bias_decays: NDArray[Any]
    momenta: NDArray[Any]
    of_gradient: NDArray[Any]
    of_velocity: NDArray[Any]
    stop: NDArray[np.int64]
    models: int


def tiles_for(own: WideTiles, settings: NDArray[Any]) -> HeadTiles:
    """Working memory for a group of models.

    Parameters
    ----------
    own : of one of them, for one thread.
    settings : (5, models) the rows decays, bias_decays, momenta, of_gradient and of_velocity, see `HeadTiles`.
    """
    decays, bias_decays, momenta, of_gradient, of_velocity = settings
    stop = np.zeros(1, np.int64)
    return HeadTiles(own, decays, bias_decays, momenta, of_gradient, of_velocity, stop, settings.shape[1])


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
    place: Any,
    running: Any,
) -> None:
    """One update of every model that is running.

    Parameters
    ----------
    rule : see `arguments`; decay and momentum are in the tiles.
    data : `Data` of the training set.
    tiles : `HeadTiles`.
    order, start, count : the batch is order[start], ..., order[start + count - 1].
    parameters : (models, ...) W and b of each; changed.
    velocity : (models, ...) V of each, changed; (models, 0) without momentum.
    rates, place : every model's learning rate in force, and where the first stands.
    running : (models,) which models are updated.
    """
    for m in range(tiles.models):
        if running[m]:
            how = Move(rates[place + m], tiles.momenta[m], tiles.of_gradient[m], tiles.of_velocity[m])
            decays = tiles.decays[m], tiles.bias_decays[m]
            wide.step(rule, data, tiles.own, order, start, count, parameters[m], velocity[m], how, decays, tiles.stop)


@not_inlined
def evaluate_all(rule: Any, data: Any, tiles: Any, parameters: Any, costs: Any, errors: Any) -> None:
    """Cost J (reduced, decay included) and errors of every model over a whole set.

    Parameters
    ----------
    rule : see `arguments`.
    data : `Data` of the set.
    tiles : `HeadTiles`.
    parameters : (models, ...) W and b of each.
    costs, errors : (models,) filled.
    """
    for m in range(tiles.models):
        decays = tiles.decays[m], tiles.bias_decays[m]
        costs[m], errors[m] = wide.evaluate_with(rule, data, tiles.own, parameters[m], decays)


@inlined
def find_finite(tiles: Any, parameters: Any, finite: Any) -> None:
    """Which models have only finite parameters.

    Parameters
    ----------
    tiles : `HeadTiles`.
    parameters : (models, ...) W and b of each.
    finite : (models,) filled with true or false.
    """
    for m in range(tiles.models):
        finite[m] = all_finite(parameters[m])


@inlined
def take(tiles: Any, source: Any, m: Any, target: Any) -> None:
    """Model m's parameters from one array into another.

    Parameters
    ----------
    tiles : `HeadTiles`.
    source, target : (models, ...).
    m : which model.
    """
    copy(source[m], target[m])
