"""Many descents over the same patterns; models that share order and batch size go together.

Small ones lie in SIMD lanes, wide ones share one pass over the data.

What each gives is what `training.train` would give of it alone, to rounding; whatever goes wrong with one leaves the
others as they are.
"""

from __future__ import annotations

import math
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from deltarule.descent import Descent
from deltarule.engines.base import Stop, Work, measured
from deltarule.engines.compiled import CompiledEngine, is_small, kernel_data
from deltarule.engines.kernels.arguments import ALL_EPOCHS, NOT_FINITE, TOLERANCE_MET, Data
from deltarule.engines.kernels.sweeping import RUNNING
from deltarule.engines.model_group import Group
from deltarule.engines.threads import in_threads
from deltarule.layers import Layer, Patterns
from deltarule.outcome import Reason

# How long kernels run before progress is told.
SLICE_SECONDS = 0.05
# Multiplications in the first of these slices: some milliseconds.
FIRST_SLICE = 4_000_000
# Orders of patterns made ahead for the engine, at the most (8 bytes each).
ORDERS_AHEAD = 2_000_000
# Fewer small models than these in a group are done sooner one after the other, with patterns in the lanes.
WORTH_LANES = 3

# One thread at a time makes ready: Numba cannot load kernels from disk in two.
LOADING = threading.Lock()

REASONS = {
    RUNNING: Reason.INTERRUPTED,
    ALL_EPOCHS: Reason.EPOCHS_DONE,
    TOLERANCE_MET: Reason.TOLERANCE_MET,
    NOT_FINITE: Reason.COST_NOT_FINITE,
}
Progress = Callable[[float, int], None]


class Result(NamedTuple):
    """What became of one model.

    layer : the layer reached, the last finite one.
    epochs : that count, those behind `layer`.
    rows : (R, 5) epoch, cost, errors, validation cost, validation errors (NaN where there is no such thing); the
        first is epoch 0, the last the layer reached. None at all where the initial cost is not finite.
    reason : why it ended.
    """

    layer: Layer
    epochs: int
    rows: NDArray[np.float64]
    reason: Reason


@dataclass(frozen=True)
class Task:
    """All models, and what their threads share.

    done : (models,) epochs done by each so far. stop : see `CompiledEngine`.
    """

    layers: Sequence[Layer]
    training: Patterns
    validation: Patterns | None
    descents: Sequence[Descent]
    record_every: int
    data: tuple[Data, Data]
    done: NDArray[np.int64]
    stop: NDArray[np.int64]

    def work(self, place: int) -> Work:
        """One model's, by itself."""
        layer, descent = self.layers[place], self.descents[place]
        initial = measured(layer, self.training, descent)[0]
        return Work(layer, self.training, self.validation, descent, self.record_every, initial)


def descend(
    layers: Sequence[Layer],
    training: Patterns,
    validation: Patterns | None,
    descents: Sequence[Descent],
    record_every: int,
    progress: Progress,
) -> list[Result]:
    """Each layer by its own descent, all over the same patterns: what `training.train` would give of each alone.

    Parameters
    ----------
    layers, descents : one a model; the layers are of one kind, shape and dtype, the descents of one reduction.
    record_every : rows at epochs 0, `record_every`, ... and the last; 0: the first and the last.
    progress : called at the beginning, now and then, and at the end, with the share done of all epochs (0 to 1) and
        the number of models that have ended.

    Returns
    -------
    list of Result
        Ctrl-C ends the work: models under way keep the last whole epoch that they reached, those not begun their
        initial layer.
    """
    nothing = Patterns(*(part[:0] for part in training))
    data = kernel_data(training), kernel_data(validation or nothing)
    done, stop = np.zeros(len(layers), np.int64), np.zeros(1, np.int64)
    task = Task(layers, training, validation, descents, record_every, data, done, stop)
    ends = np.array([descent.epochs for descent in descents])
    results: dict[int, Result] = {}
    units = parted(layers, descents, len(training.X))
    # A wide model by itself has all threads. Beside others it has one, as in a group, and so the same bits.
    wide = len(units) > 1 and not is_small(layers[0])
    waiting, lock = iter(units), threading.Lock()

    def run(_rank: int) -> None:
        while not stop[0]:
            with lock:
                places = next(waiting, None)
            if places is None:
                return
            found = together(task, places) if wide or len(places) > 1 else [alone(task, places[0])]
            results.update(zip(places, found, strict=True))
            for place in places:
                done[place] = descents[place].epochs

    def tell() -> None:
        progress(float(done.sum(dtype=np.float64) / ends.sum(dtype=np.float64)), int(np.sum(done == ends)))

    try:
        tell()
        in_threads(run, max(1, min(numba.config.NUMBA_NUM_THREADS, len(units))), stop, tell)
        tell()
    except KeyboardInterrupt:
        results = {place: results.get(place) or unbegun(task.work(place)) for place in range(len(layers))}
    return [results[place] for place in range(len(layers))]


def parted(layers: Sequence[Layer], descents: Sequence[Descent], patterns: int) -> list[list[int]]:
    """The places of models that go together: those with the same batch size and order, a vector of them if they are small."""
    groups: dict[Any, list[int]] = defaultdict(list)
    for place, descent in enumerate(descents):
        full = descent.is_full_batch(patterns)
        groups[None if full else (descent.batch_size, descent.seed)].append(place)
    units: list[list[int]] = []
    for places in groups.values():
        # A vector of small models; of wide ones so many that each thread reads the data once.
        share = -(-len(places) // numba.config.NUMBA_NUM_THREADS)
        size = 64 // layers[0].dtype.itemsize if is_small(layers[0]) else share
        for first in range(0, len(places), size):
            unit = places[first : first + size]
            single = is_small(layers[0]) and len(unit) < WORTH_LANES
            units += [[place] for place in unit] if single else [unit]
    return units


def together(task: Task, places: list[int]) -> list[Result]:
    """A group of models."""
    chosen = [task.descents[place] for place in places]
    with LOADING:
        group = Group([task.layers[place] for place in places], chosen, *task.data, task.record_every)
        group.advance(0, task.stop)
    rows = [group.start[None]]
    last = max(descent.epochs for descent in chosen)
    multiplications = len(task.training.X) * task.layers[0].weights.size * len(places)
    size = max(1, FIRST_SLICE // multiplications)
    while group.standing.running.any() and not task.stop[0]:
        began = time.perf_counter()
        rows.append(group.advance(min(size, last - group.epoch), task.stop))
        task.done[places] = np.where(group.standing.running, group.standing.done, group.standing.ends)
        if time.perf_counter() - began < SLICE_SECONDS:
            size *= 2
    history, final = np.concatenate(rows), group.finish()
    results = []
    for m, place in enumerate(places):
        epochs, why = int(group.standing.done[m]), int(group.standing.why[m])
        if not math.isfinite(history[0, m, 1]):
            results.append(_without_cost(task.layers[place]))
            continue
        own, reason = history[history[:, m, 0] < epochs, m], REASONS[why]
        if math.isfinite(final[m, 1]):
            results.append(Result(group.layer(m), epochs, np.concatenate([own, final[m : m + 1]]), reason))
        else:
            results.append(_ended(task.work(place), group.layer(m), epochs, own, reason))
    return results


def unbegun(work: Work) -> Result:
    """A model that was not begun when the user interrupted, or cannot be."""
    if not math.isfinite(work.initial_cost):
        return _without_cost(work.layer)
    return Result(work.layer, 0, _row(work, work.layer, 0), Reason.INTERRUPTED)


def _without_cost(layer: Layer) -> Result:
    """A model whose initial cost is not finite."""
    return Result(layer, 0, np.empty((0, 5)), Reason.COST_NOT_FINITE)


def alone(task: Task, place: int) -> Result:
    """One model, in slices of about `SLICE_SECONDS`."""
    work = task.work(place)
    if not math.isfinite(work.initial_cost):
        return unbegun(work)
    layer, done, rows = work.layer, 0, [_row(work, work.layer, 0)]
    reason, size = Reason.EPOCHS_DONE, 1
    ahead = max(1, ORDERS_AHEAD // len(work.training.X))
    try:
        with LOADING:
            running = CompiledEngine(work, task.stop)
        while done < work.descent.epochs:
            began = time.perf_counter()
            report = running.advance(min(size, work.descent.epochs - done))
            layer, done = report.layer, done + report.epochs
            rows.append(report.rows)
            task.done[place] = done
            if report.stop is not None:
                reason = Reason.TOLERANCE_MET if report.stop is Stop.TOLERANCE else Reason.COST_NOT_FINITE
                break
            if time.perf_counter() - began < SLICE_SECONDS:
                size = min(2 * size, ahead)
    except KeyboardInterrupt:
        reason = Reason.INTERRUPTED
    return _ended(work, layer, done, np.concatenate(rows), reason)


def _ended(work: Work, layer: Layer, done: int, rows: NDArray[np.float64], reason: Reason) -> Result:
    """The result, its last row that of the layer reached."""
    if rows[-1, 0] == done:
        return Result(layer, done, rows, reason)
    last = _row(work, layer, done)
    if not math.isfinite(last[0, 1]):
        # No engine looked at this cost, since it was not recorded. Again, then, with all of them recorded.
        with LOADING:
            running = CompiledEngine(replace(work, record_every=1))
        report = running.advance(done)
        layer, done, reason = report.layer, report.epochs, Reason.COST_NOT_FINITE
        last = report.rows[-1:] if done else rows[:1]
    return Result(layer, done, np.concatenate([rows[rows[:, 0] < done], last]), reason)


def _row(work: Work, layer: Layer, epoch: int) -> NDArray[np.float64]:
    training, validation = (measured(layer, patterns, work.descent) for patterns in (work.training, work.validation))
    return np.array([[epoch, *training, *validation]])
