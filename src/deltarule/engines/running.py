"""The one loop round an engine: slices of epochs, progress, Ctrl-C, and the entry of the layer that is returned."""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from deltarule.engines import thresholds
from deltarule.engines.base import Engine, Work
from deltarule.engines.recorded import Recorded, joined
from deltarule.layers import Layer
from deltarule.outcome import Reason

Start = Callable[[Work], Engine]
Progress = Callable[[int, float], None]


class Result(NamedTuple):
    """The result of a piece of work.

    layer : the layer reached; where the descent diverged, the last finite one.
    epochs : the number of epochs that led to `layer`.
    recorded : from epoch 0 to that of `layer`; empty where the cost of the initial layer is not finite.
    reason : why it ended.
    """

    layer: Layer
    epochs: int
    recorded: Recorded
    reason: Reason


def run(work: Work, start: Start, progress: Progress, *, start_again: Start | None = None) -> tuple[Result, float]:
    """Run a work to its end, and give its result and the seconds spent in the engine.

    Ctrl-C ends it early and keeps what was reached.

    Parameters
    ----------
    work : what to do.
    start : makes an engine for a work.
    progress : called between slices, with the epochs done and the cost last recorded in the slice (NaN if none was).
    start_again : makes an engine for `ended`; None: `start` does.
    """
    if not math.isfinite(work.initial.cost[0]):
        return not_started(work), 0.0
    again = repeatable(work)
    ahead = max(1, thresholds.get().orders_ahead // len(work.training.X))
    layer, done, seconds = work.layer, 0, 0.0
    parts, reason, size = [work.initial], Reason.EPOCHS_DONE, 1
    try:
        engine = start(work)
        while done < work.descent.epochs:
            began = time.perf_counter()
            report = engine.advance(min(size, work.descent.epochs - done))
            spent = time.perf_counter() - began
            # One assignment, so that Ctrl-C finds a layer and its count of epochs together.
            layer, done, seconds = report.layer, done + report.epochs, seconds + spent
            parts.append(report.recorded)
            if report.reason is not None:
                reason = report.reason
                break
            cost = report.recorded.last("cost")
            progress(done, math.nan if cost is None else cost)
            engine.prepare(spent / report.epochs * (work.descent.epochs - done))
            if spent < thresholds.get().slice_seconds:
                size = min(2 * size, ahead)
    except KeyboardInterrupt:
        reason = Reason.INTERRUPTED
    return ended(again, Result(layer, done, joined(parts), reason), start_again or start), seconds


def not_started(work: Work) -> Result:
    """The result of a work that was interrupted before its first epoch, or whose initial cost is not finite."""
    if math.isfinite(work.initial.cost[0]):
        return Result(work.layer, 0, work.initial, Reason.INTERRUPTED)
    return Result(work.layer, 0, work.initial[:0], Reason.COST_NOT_FINITE)


def repeatable(work: Work) -> Work:
    """A work that does the same again: a generator as its seed is copied, since the run draws from the original."""
    if not isinstance(work.descent.seed, np.random.Generator):
        return work
    return replace(work, descent=replace(work.descent, seed=copy.deepcopy(work.descent.seed)))


def ended(work: Work, result: Result, start: Start) -> Result:
    """The result with an entry for the layer reached, whose cost is finite.

    Parameters
    ----------
    work : as it was before it was run, see `repeatable`.
    result : what the engine reached.
    start : makes an engine for a work.
    """
    layer, done, recorded, reason = result
    if recorded.last("epoch") == done:
        return result
    last = work.record(layer, done)
    if not math.isfinite(last.cost[0]):
        # The engine did not look at this cost, since it was not recorded. It runs again, with all costs recorded, and
        # its costs count: NumPy may sum in another order, or float32 less widely.
        report = start(replace(work, record_every=1)).advance(done)
        layer, done, reason = report.layer, report.epochs, Reason.COST_NOT_FINITE
        last = report.recorded[-1:] if done else work.initial
    return Result(layer, done, joined([recorded.before(done), last]), reason)
