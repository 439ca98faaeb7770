"""Many descents over the same patterns; models that share order and batch size go together.

Small ones lie in SIMD lanes, wide ones share one pass over the data.

Each gives what `training.train` would give for it alone, to rounding. What goes wrong with one model does not change the
others.
"""

from __future__ import annotations

import math
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deltarule.descent import Descent
from deltarule.engines import running, thresholds
from deltarule.engines.base import Engine, Work
from deltarule.engines.compiled import REASONS, CompiledEngine
from deltarule.engines.for_kernels import formulas_of, is_small, kernel_data
from deltarule.engines.kernels.arguments import COST, EPOCH, Data
from deltarule.engines.kernels.vectors import lane_count
from deltarule.engines.model_group import Group
from deltarule.engines.running import Result
from deltarule.engines.settling import settling
from deltarule.engines.thinning import Thinned, rows_kept
from deltarule.engines.threads import in_threads, thread_count
from deltarule.layers import Layer, Patterns
from deltarule.outcome import Reason

__all__ = ["Progress", "Result", "descend"]

# One thread at a time makes ready: Numba cannot load kernels from disk in two.
LOADING = threading.Lock()

Progress = Callable[[float, int], None]


@dataclass(frozen=True, eq=False)
class Models:
    """All models, and what their threads share.

    Attributes
    ----------
    layers, descents : one a model.
    training, validation : the patterns.
    record_every : see `Work`.
    limit : recorded epochs that each model keeps at most; see `thinning`.
    data : the training and the validation patterns as the kernels read them.
    done : (models,) epochs done by each so far.
    stop : see `CompiledEngine`.
    """

    layers: Sequence[Layer]
    training: Patterns
    validation: Patterns | None
    descents: Sequence[Descent]
    record_every: int
    limit: int
    data: tuple[Data, Data]
    done: NDArray[np.int64]
    stop: NDArray[np.int64]

    def work(self, place: int) -> Work:
        """The work of the model at this place, by itself."""
        return Work(self.layers[place], self.training, self.validation, self.descents[place], self.record_every)


def descend(
    layers: Sequence[Layer],
    training: Patterns,
    validation: Patterns | None,
    descents: Sequence[Descent],
    record_every: int,
    progress: Progress,
) -> list[Result]:
    """Each layer by its own descent, all over the same patterns: each gives what `training.train` would give for it alone.

    Parameters
    ----------
    layers, descents : one a model; the layers are of one kind, shape and dtype, the descents of one reduction. Seeds
        are whole numbers.
    training : the patterns to train on.
    validation : the patterns to follow as well; None for none.
    record_every : costs and errors are recorded at epochs 0, `record_every`, ... and the last; 0: the first and the last.
    progress : called at the beginning, now and then, and at the end, with the share done of all epochs (0 to 1) and
        the number of models that have ended.

    Returns
    -------
    list of Result
        Ctrl-C ends the work: models under way keep the last whole epoch that they reached, those not started their
        initial layer.

    Raises
    ------
    InputError
        If the kernels have no formulas for this kind of layer.
    """
    formulas_of(layers[0])
    nothing = Patterns(*(part[:0] for part in training))
    data = kernel_data(training), kernel_data(validation or nothing)
    done, stop = np.zeros(len(layers), np.int64), np.zeros(1, np.int64)
    models = Models(layers, training, validation, descents, record_every, rows_kept(len(layers)), data, done, stop)
    ends = np.array([descent.epochs for descent in descents])
    results: dict[int, Result] = {}
    units = grouped(layers, descents, len(training.X))
    # A wide model by itself has all threads. Beside others it has one, as in a group, and so the same bits.
    wide = len(units) > 1 and not is_small(layers[0])
    waiting, lock = iter(units), threading.Lock()

    def run(_rank: int) -> None:
        while not stop[0]:
            with lock:
                places = next(waiting, None)
            if places is None:
                return
            in_group = (wide or len(places) > 1) and not layers[0].learns_from_errors
            found = train_group(models, places) if in_group else [train_single(models, places[0])]
            results.update(zip(places, found, strict=True))
            for place in places:
                done[place] = descents[place].epochs

    def report() -> None:
        progress(float(done.sum(dtype=np.float64) / ends.sum(dtype=np.float64)), int(np.sum(done == ends)))

    try:
        report()
        in_threads(run, thread_count(len(units)), stop, report)
        report()
    except KeyboardInterrupt:
        results = {place: results.get(place) or running.not_started(models.work(place)) for place in range(len(layers))}
    return [results[place] for place in range(len(layers))]


def grouped(layers: Sequence[Layer], descents: Sequence[Descent], patterns: int) -> list[list[int]]:
    """The places of models that go together: those with the same batch size and order, a vector of them if they are small.

    Those without momentum or patience go apart: they are faster. Rosenblatt's
    perceptrons go one by one: each ends where it makes no error.

    Parameters
    ----------
    layers, descents : one a model.
    patterns : how many there are to train on.
    """
    if layers[0].learns_from_errors:
        return [[place] for place in range(len(layers))]
    groups: dict[Any, list[int]] = defaultdict(list)
    for place, descent in enumerate(descents):
        watched = None if descent.patience is None else descent.monitor
        groups[descent.batch_key(patterns), descent.momentum > 0, watched].append(place)
    small = is_small(layers[0])
    units: list[list[int]] = []
    for places in groups.values():
        # A vector of small models; of wide ones so many that each thread reads the data once.
        size = lane_count(layers[0].dtype) if small else -(-len(places) // thread_count(len(places)))
        for first in range(0, len(places), size):
            unit = places[first : first + size]
            single = small and len(unit) < thresholds.get().models_in_lanes
            units += [[place] for place in unit] if single else [unit]
    return units


def train_group(models: Models, places: list[int]) -> list[Result]:
    """Train the models at these places together, in slices of about `slice_seconds`."""
    now, chosen = thresholds.get(), [models.descents[place] for place in places]
    with LOADING:
        followed = 0.0 if models.validation is None else float(models.validation.sample_weight.sum())
        group = Group([models.layers[place] for place in places], chosen, *models.data, models.record_every, followed)
        group.advance(0, models.stop)
    every, last = models.record_every, max(descent.epochs for descent in chosen)
    kept = [Thinned(group.initial[m : m + 1], every, models.limit) for m in range(len(places))]
    ahead = max(1, now.rows_ahead // len(places)) * every if every else last
    multiplications = len(models.training.X) * models.layers[0].weights.size * len(places)
    size = max(1, now.first_slice // multiplications)
    while group.standing.running.any() and not models.stop[0]:
        began = time.perf_counter()
        table = group.advance(min(size, ahead, last - group.epoch), models.stop)
        if len(table):
            for m, rows in enumerate(kept):
                rows.add(table[table[:, m, EPOCH] <= group.standing.done[m], m])
        models.done[places] = np.where(group.standing.running, group.standing.done, group.standing.ends)
        if time.perf_counter() - began < now.slice_seconds:
            size *= 2
    final = group.finish()
    return [_result(models.work(place), group, m, kept[m], final[m]) for m, place in enumerate(places)]


def _result(work: Work, group: Group, m: int, kept: Thinned, final: NDArray[np.float64]) -> Result:
    """The result of model m of a group.

    Parameters
    ----------
    work : the model's, by itself.
    kept : what was recorded.
    final : (5,) the row of the layer that the model reached.
    """
    if not math.isfinite(group.initial[m, COST]):
        return Result(work.layer, 0, work.recorded([]), Reason.COST_NOT_FINITE)
    epochs = done = int(group.standing.done[m])
    if work.descent.patience is not None:
        epochs = int(group.standing.best_epochs[m])
    own = kept.table(epochs)
    own = own[own[:, EPOCH] < epochs]
    whole = math.isfinite(final[COST])
    recorded = work.recorded(np.vstack([own, final]) if whole else own, kept.every)
    result = Result(group.layer(m), epochs, recorded, REASONS[int(group.standing.why[m])], done - epochs)
    return running.ended(work, result, _start)


def train_single(models: Models, place: int) -> Result:
    """Train one of the `models`, the one at this `place`, by itself."""

    def start(work: Work) -> Engine:
        with LOADING:
            return CompiledEngine(work, models.stop, specialise=False).load()

    def report(done: int, _cost: float) -> None:
        models.done[place] = done

    return running.run(
        models.work(place), partial(settling, start), report, start_again=partial(settling, _start), limit=models.limit
    )[0]


def _start(work: Work) -> Engine:
    """An engine that goes on when the models are to stop: it finds again what an engine has found already."""
    with LOADING:
        return CompiledEngine(work).load()
