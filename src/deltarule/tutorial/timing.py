"""The time that an epoch of a problem takes with each engine: one figure a run, with nothing recorded."""

from __future__ import annotations

from dataclasses import replace

from deltarule.engines import thresholds
from deltarule.problem import Problem
from deltarule.training import train


def seconds_per_epoch(
    engine: str, problem: Problem, epochs: int, runs: int, batch_size: int | None = None
) -> list[float]:
    """Seconds for an epoch in each of several runs, after one that is not counted: it compiles and fills caches.

    Parameters
    ----------
    engine : "direct", "autograd" or "compiled".
    problem : its layer and patterns are used, and its descent with the two changes below.
    epochs : of each run.
    runs : how many runs are timed.
    batch_size : patterns an update; all of them if left out.
    """
    descent = replace(problem.descent, epochs=epochs, batch_size=batch_size)
    with thresholds.using(spared_seconds=0.0):
        timed = [
            train(problem.layer, problem.X, problem.targets, descent, engine, record_every=0, on_interrupt="raise")
            for _ in range(runs + 1)
        ]
    return [run.seconds_per_update * run.updates / epochs for run in timed[1:]]
