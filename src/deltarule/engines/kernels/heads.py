"""Kernels for many wide layers over the same patterns in the same order.

Each mini-batch is read once, and serves one model (a head) after another.

Parameters are (models, ...): each model's as in `neurons`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from deltarule.engines.kernels import neurons
from deltarule.engines.kernels.arguments import all_finite, copy
from deltarule.engines.kernels.compiling import inlined, not_inlined


class HeadTiles(NamedTuple):
    """Working memory of a group.

    Attributes
    ----------
    own : of `neurons`, for one thread; the models use it one after another.
    rates, decays : (models,) every model's learning rate and weight decay.
    stop : (1,) see `descending.descend`.
    models : how many there are.
    """

    own: neurons.NeuronTiles
    rates: NDArray[Any]
    decays: NDArray[Any]
    stop: NDArray[np.int64]
    models: int


def tiles_for(own: neurons.NeuronTiles, rates: NDArray[Any], decays: NDArray[Any]) -> HeadTiles:
    """Working memory for a group of models.

    Parameters
    ----------
    own : of one of them, for one thread.
    rates, decays : (models,) every model's learning rate and weight decay.
    """
    return HeadTiles(own, rates, decays, np.zeros(1, np.int64), len(rates))


@inlined
def update_all(
    rule: Any, data: Any, tiles: Any, order: Any, start: Any, count: Any, parameters: Any, running: Any
) -> None:
    """One update of every model that is running.

    Parameters
    ----------
    rule : see `arguments`; rate and decay are in the tiles.
    data : `Data` of the training set.
    tiles : `HeadTiles`.
    order, start, count : the batch is order[start], ..., order[start + count - 1].
    parameters : (models, ...) W and b of each; changed.
    running : (models,) which models are updated.
    """
    for m in range(tiles.models):
        if running[m]:
            rate, decay = tiles.rates[m], tiles.decays[m]
            neurons.step(rule, data, tiles.own, order, start, count, parameters[m], rate, decay, tiles.stop)


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
        costs[m], errors[m] = neurons.evaluate_with(rule, data, tiles.own, parameters[m], tiles.decays[m])


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
