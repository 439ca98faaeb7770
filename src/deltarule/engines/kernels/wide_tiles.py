"""The working memory of kernels for wide layers, and how their parameters lie.

What lies in the lanes is the *layout*: neurons (`neuron_lanes.py`), or inputs (`input_lanes.py`), which wastes nothing where
neurons are few. The tiles' type says which.

Parameters are one array: the weights, input by input (vector by vector of inputs, where these lie in the lanes), then the
biases; filled up with zeros to whole vectors.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from deltarule.engines.kernels.arguments import padded, zeros
from deltarule.engines.kernels.barrier import new_arrivals
from deltarule.engines.kernels.blocks import ROWS
from deltarule.engines.kernels.input_blocks import VECTORS
from deltarule.engines.kernels.vectors import lane_count

# A panel of patterns is worked on together: its rows should stay in the second-level cache between U and the gradient.
PANEL_BYTES = 1 << 20
# Vectors of a part of the gradient that stays in the first-level cache: 8 kB.
PART_VECTORS = 128
# Rows of X that one pass over the inputs goes through, a few inputs of each: more lie on more pages of memory than the
# processor keeps track of.
TRACKED = 64


class WideTiles(NamedTuple):
    """Working memory of one thread of a team, or of one alone. Threads divide the inputs (columns of X), not the patterns.

    Inputs are divided into shares, however many threads there are; each thread has some of them. Sums are taken share by
    share, then over shares, so results are the same bits whatever the team.

    Attributes
    ----------
    rank, team : which of how many threads.
    own : its shares, from own[0] to before own[1].
    shares : (S + 1,) where each share's inputs begin, and where the last ends (with inputs in the lanes that of a vector).
    each : numbers in the parameters for an input, and in U for a pattern: K, or with neurons in the lanes whole vectors.
    part : inputs whose part of the gradient stays in the first-level cache.
    tracked : patterns that one pass over the inputs goes through.
    partial : for each share a panel's U from its inputs; for all threads.
    delta : a panel's U, then its delta; for all threads.
    desired : with inputs in the lanes for each share a panel's D, as `partial`; otherwise empty.
    rows : (2 panel,) where in X the panel's rows start, and those of the panel after it.
    numbers : (panel,) the numbers of a panel's patterns, in an evaluation.
    gradient : as the parameters; for batches of more than a panel, and with momentum; for all threads.
    sums, lost : the same, in float32, for batches of more than a panel, see `arguments.add_panel`; otherwise empty.
    beyond : the biases' place: 0 for a neuron, -infinity where it is filled up.
    zeros : as many zeros, and at least a vector.
    panel : patterns in a panel.
    biases : whether the layer has biases; where it has none their place stays 0.
    arrivals, verdict, costs : where threads wait for each other, whether they stop, what each share's evaluation gave; for
        all threads.
    """

    rank: int
    team: int
    own: tuple[int, int]
    shares: NDArray[np.int64]
    each: int
    part: int
    tracked: int
    partial: NDArray[Any]
    delta: NDArray[Any]
    desired: NDArray[Any]
    rows: NDArray[np.int64]
    numbers: NDArray[np.int64]
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


class NeuronTiles(WideTiles):
    """For neurons in the lanes."""

    __slots__ = ()


class InputTiles(WideTiles):
    """For inputs in the lanes."""

    __slots__ = ()


def extent(inputs: int, neurons: int, dtype: np.dtype[Any], kind: type[WideTiles]) -> tuple[int, int]:
    """For how many inputs the parameters have room, and how many numbers for each; besides them they hold the biases.

    Parameters
    ----------
    inputs, neurons : N and K.
    dtype : of the layer.
    kind : which tiles: what lies in the lanes.
    """
    return (padded(inputs, dtype), neurons) if kind is InputTiles else (inputs, padded(neurons, dtype))


def tiles_for(
    inputs: int,
    neurons: int,
    batch: int,
    dtype: np.dtype[Any],
    *,
    kind: type[WideTiles],
    panels: tuple[int, int],
    minimum_share: int,
    biases: bool = True,
    momentum: bool = False,
) -> WideTiles:
    """Working memory for a layer, for a thread alone.

    Parameters
    ----------
    inputs, neurons : N and K.
    batch : patterns in a batch.
    dtype : of the layer.
    kind : which tiles: what lies in the lanes.
    panels : patterns in a panel, at least and at most.
    minimum_share : inputs that a share must have. There are 1, 2 or 4 shares, as many as have so many inputs.
    biases : whether the layer has biases.
    momentum : whether there is a velocity.
    """
    lanes = lane_count(dtype)
    in_lanes = kind is InputTiles
    last, each = extent(inputs, neurons, dtype, kind)
    rows = lanes if in_lanes else ROWS
    panel = max(panels[0], min(panels[1], PANEL_BYTES // (inputs * dtype.itemsize)))
    # As few panels as that allows, of one size.
    panel = -(-batch // -(-batch // panel))
    panel = -(-panel // rows) * rows
    block = VECTORS * lanes if in_lanes else 2 * ROWS
    beyond = zeros(padded(neurons, dtype), dtype)
    beyond[neurons:] = -np.inf
    size = last * each + beyond.size
    gradient = zeros(size if batch > panel or momentum else 0, dtype)
    sums, lost = (zeros(size if batch > panel and dtype == np.float32 else 0, dtype) for _ in range(2))
    count = 4 if inputs >= 4 * minimum_share else 2 if inputs >= 2 * minimum_share else 1
    # Shares of whole cache lines, as near to equal as they come.
    shares = np.array([min(last, -(-inputs * i // count // lanes) * lanes) for i in range(count)] + [last])
    return kind(
        rank=0,
        team=1,
        own=(0, count),
        shares=shares,
        each=each,
        part=max(1, PART_VECTORS * lanes // each // block) * block,
        tracked=panel if in_lanes else min(TRACKED, panel),
        partial=zeros(count * panel * each, dtype),
        delta=zeros(panel * each, dtype),
        desired=zeros(count * panel * each if in_lanes else 0, dtype),
        rows=np.zeros(2 * panel, np.int64),
        numbers=np.zeros(panel, np.int64),
        gradient=gradient,
        sums=sums,
        lost=lost,
        beyond=beyond,
        zeros=zeros(beyond.size, dtype),
        panel=panel,
        biases=biases,
        arrivals=new_arrivals(),
        verdict=np.zeros(16, np.int64),
        costs=np.zeros(16 * count),
    )


def team_of(alone: WideTiles, size: int) -> list[WideTiles]:
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
            numbers=np.zeros_like(alone.numbers),
            arrivals=arrivals,
        )
        for rank in range(size)
    ]


def parameters_size(tiles: WideTiles) -> int:
    """How many numbers the parameters are, filled up."""
    return int(tiles.shares[-1]) * tiles.each + tiles.beyond.size


def put(tiles: WideTiles, weights: NDArray[Any], biases: NDArray[Any], parameters: NDArray[Any]) -> None:
    """Weights (N, K) and biases (K,) into parameters, which are zeros elsewhere.

    Parameters
    ----------
    tiles : they say what lies in the lanes.
    weights, biases : W and b.
    parameters : flat; changed.
    """
    N, K = weights.shape
    if isinstance(tiles, InputTiles):
        rows = np.zeros((int(tiles.shares[-1]), K), weights.dtype)
        rows[:N] = weights
        _vectors(tiles, parameters, K)[:] = rows.reshape(-1, lane_count(weights.dtype), K)
    else:
        parameters[: N * tiles.each].reshape(N, -1)[:, :K] = weights
    parameters[len(parameters) - tiles.beyond.size :][:K] = biases


def taken(tiles: WideTiles, shape: tuple[int, int], parameters: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Weights (N, K) and biases (K,) from parameters; copies.

    Parameters
    ----------
    tiles : they say what lies in the lanes.
    shape : (N, K).
    parameters : flat.
    """
    N, K = shape
    if isinstance(tiles, InputTiles):
        weights = _vectors(tiles, parameters, K).reshape(-1, K)[:N]
    else:
        weights = parameters[: N * tiles.each].reshape(N, -1)[:, :K]
    return weights.copy(), parameters[len(parameters) - tiles.beyond.size :][:K].copy()


def _vectors(tiles: WideTiles, parameters: NDArray[Any], neurons: int) -> NDArray[Any]:
    """The weights with inputs in the lanes as (vectors, lanes, K); a view."""
    weights = parameters[: int(tiles.shares[-1]) * neurons]
    return weights.reshape(-1, neurons, lane_count(parameters.dtype)).transpose(0, 2, 1)
