"""Time for an epoch of a problem by each engine: medians of several runs, nothing recorded."""

from __future__ import annotations

from dataclasses import replace

from deltarule.problem import Problem
from deltarule.training import train

RUNS = 5


def seconds_per_epoch(engine: str, problem: Problem, epochs: int, batch_size: int | None = None) -> list[float]:
    """Seconds for an epoch in each of several runs, after one that is not counted (it compiles and warms up)."""
    descent = replace(problem.descent, epochs=epochs, batch_size=batch_size)
    runs = [train(problem.layer, problem.X, problem.targets, descent, engine, record_every=0) for _ in range(RUNS + 1)]
    return [run.seconds_per_update * run.updates / epochs for run in runs[1:]]
