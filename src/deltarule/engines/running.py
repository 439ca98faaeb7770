"""The one loop round an engine: slices of epochs, progress, Ctrl-C, and the entry of the layer that is returned."""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from deltarule.engines import thresholds
from deltarule.engines.base import Best, Engine, Report, Work
from deltarule.engines.recorded import Recorded, joined
from deltarule.engines.thinning import Thinned, rows_kept
from deltarule.layers import Layer
from deltarule.outcome import Reason

Start = Callable[[Work], Engine]
Progress = Callable[[int, float], None]


class Begun(NamedTuple):
    """What a run that goes on has reached before.

    layer : after the last whole epoch.
    epochs : how many of them led to it.
    seconds : spent in the engine.
    best : the best layer so far, with patience; None without.
    kept : what was recorded.
    """

    layer: Layer
    epochs: int
    seconds: float
    best: Best | None
    kept: Thinned


class Result(NamedTuple):
    """The result of a piece of work.

    layer : the layer reached; where the descent diverged, the last finite one; with patience, the best one.
    epochs : the number of epochs that led to `layer`.
    recorded : from epoch 0 to that of `layer`, thinned where it would be large; empty where the cost of the initial layer is
        not finite.
    reason : why it ended.
    later : epochs run after those; with patience they were not better.
    """

    layer: Layer
    epochs: int
    recorded: Recorded
    reason: Reason
    later: int = 0


def run(
    work: Work,
    start: Start,
    progress: Progress,
    *,
    start_again: Start | None = None,
    limit: int | None = None,
    begun: Begun | None = None,
) -> tuple[Result, float]:
    """Run a work to its end, and give its result and the seconds spent in the engine.

    Ctrl-C ends it early and keeps what was reached.

    Parameters
    ----------
    work : what to do.
    start : makes an engine for a work.
    progress : called between slices, with the epochs done and the cost last recorded in the slice (NaN if none was).
    start_again : makes an engine for `ended`; None: `start` does.
    limit : recorded epochs that are kept at most, see `thinning`; None: as many as of one model.
    begun : what was reached before, where the engine goes on; None: it begins.
    """
    again = repeatable(work)
    try:
        engine = start(work)
        initial = engine.initial
    except KeyboardInterrupt:
        return not_started(work), 0.0
    if not math.isfinite(initial.cost[0]):
        return _not_finite(work, initial), 0.0
    if begun is None:
        kept = Thinned(initial.table, work.record_every, rows_kept() if limit is None else limit)
        begun = Begun(work.layer, 0, 0.0, work.first_best(initial), kept)
    layer, done, seconds, best, kept = begun
    reason = Reason.EPOCHS_DONE
    try:
        for report, spent in slices(engine, work, work.descent.epochs - done):
            # One assignment, so that Ctrl-C finds a layer and its count of epochs together.
            layer, done, seconds, best = report.layer, done + report.epochs, seconds + spent, report.best
            kept.add(report.recorded.table)
            if report.reason is not None:
                reason = report.reason
                break
            cost = report.recorded.last("cost")
            progress(done, math.nan if cost is None else cost)
            engine.prepare(spent / report.epochs * (work.descent.epochs - done))
    except KeyboardInterrupt:
        reason = Reason.INTERRUPTED
    later = 0
    if best is not None:
        layer, done, later = best.layer, best.epoch, done - best.epoch
    recorded = work.recorded(kept.table(done), kept.every)
    result = Result(layer, done, recorded, reason, later)
    return ended(again, result, start_again or start, engine.record), seconds


def slices(engine: Engine, work: Work, epochs: int) -> Iterator[tuple[Report, float]]:
    """Advance an engine in slices that take about `slice_seconds`; the report and the seconds of each.

    Parameters
    ----------
    engine : at the start of its work.
    work : what it does.
    epochs : how many; it ends sooner where the engine does.
    """
    now, patterns = thresholds.get(), len(work.training.X)
    ahead = max(1, min(now.orders_ahead // patterns, now.rows_ahead * max(1, work.record_every)))
    size, left = min(engine.first_slice, ahead), epochs
    while left > 0:
        began = time.perf_counter()
        report = engine.advance(min(size, left))
        spent = time.perf_counter() - began
        left -= report.epochs
        yield report, spent
        if report.reason is not None:
            return
        if spent < now.slice_seconds:
            size = min(2 * size, ahead)


def not_started(work: Work) -> Result:
    """The result of a work that was interrupted before its first epoch, or whose initial cost is not finite."""
    initial = work.record(work.layer, 0)
    if math.isfinite(initial.cost[0]):
        return Result(work.layer, 0, initial, Reason.INTERRUPTED)
    return _not_finite(work, initial)


def _not_finite(work: Work, initial: Recorded) -> Result:
    """The result of a work whose initial cost is not finite."""
    return Result(work.layer, 0, initial[:0], Reason.COST_NOT_FINITE)


def repeatable(work: Work) -> Work:
    """A work that does the same again: a generator as its seed is copied, since the run draws from the original."""
    if not isinstance(work.descent.seed, np.random.Generator):
        return work
    return replace(work, descent=replace(work.descent, seed=copy.deepcopy(work.descent.seed)))


def ended(work: Work, result: Result, start: Start, record: Callable[[Layer, int], Recorded] | None = None) -> Result:
    """The result with an entry for the layer reached, whose cost is finite.

    Parameters
    ----------
    work : as it was before it was run, see `repeatable`.
    result : what the engine reached.
    start : makes an engine for a work.
    record : gives the entry of a layer, see `Engine.record`; None: `Work.record` does.
    """
    layer, done, recorded, reason, later = result
    if recorded.last("epoch") == done:
        return result
    last = (record or work.record)(layer, done)
    if not math.isfinite(last.cost[0]):
        # The engine did not look at this cost, since it was not recorded. It runs again, with all costs recorded, and
        # its costs count: NumPy may sum in another order, or float32 less widely.
        watched = replace(work, record_every=1)
        engine = start(watched)
        layer, epochs, done, reason, last = work.layer, done, 0, Reason.COST_NOT_FINITE, engine.initial
        for report, _ in slices(engine, watched, epochs):
            layer, done = report.layer, done + report.epochs
            last = report.recorded[-1:] if report.epochs else last
    return Result(layer, done, joined([recorded.before(done), last]), reason, later)
