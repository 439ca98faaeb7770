"""The trained layer: what a student writes of it, and metrics whose arguments are exchanged."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.marking.exercises import Array, Exercise
from benchmarks.marking.rounding import Style
from benchmarks.marking.working import RIGHT, Sheet, activated, decided, true_classes, worked, wrongly


def last(task: Exercise) -> Sheet:
    """All training patterns through the layer that the whole descent reaches."""
    final = worked(task, lambda number: {}, len(task.batches))[-1]
    s = Sheet(task=task, number=1, start=(final.next_W, final.next_b), before=[], choices={}, r=Style("exact"), luck=0)
    s.rows = np.arange(len(task.X))
    for name in list(RIGHT)[1 : list(RIGHT).index("difference")]:
        setattr(s, name, RIGHT[name](s))
    return s


def r2(true: Array, predicted: Array) -> Array:
    """1 - sum (d - y)^2 / sum (d - mean d)^2, one a neuron."""
    return np.asarray(1 - ((true - predicted) ** 2).sum(0) / ((true - true.mean(0)) ** 2).sum(0))


def convergence(s: Sheet) -> dict[str, Any]:
    """The parts of `[convergence]`, not yet rounded."""
    found = {"updates": len(s.task.batches), "weights": s.W, "biases": s.b, "cost": s.cost}
    return found | ({"errors": s.errors} if s.task.classes else {})


def metrics(s: Sheet, r: Style, exchanged: bool = False) -> dict[str, Any]:
    """The parts of `[metrics]` of the training patterns, from outputs rounded as `r` does."""
    Y = activated(s.task.activation, s.U, r) if s.task.activation != "identity" else r("step", s.U)
    if s.task.classes:
        wrong = int(wrongly(decided(s.task, s.Y), true_classes(s)).sum())
        return {"training_errors": wrong, "training_accuracy": 1 - wrong / len(Y)}
    arguments = (Y, s.D) if exchanged else (s.D, Y)
    mse = r("step", ((s.D - Y) ** 2).mean(0))
    return {"training_mse": mse, "training_r2": r2(*arguments)}


def document(
    task: Exercise, r: Style, decimals: int, exchanged: bool = False, parts: tuple[str, ...] = ()
) -> dict[str, Any]:
    """The answer: `[convergence]` and `[metrics]`."""
    s = last(task)
    tables = {"convergence": convergence(s), "metrics": metrics(s, r, exchanged)}
    return {"decimals": decimals} | {
        table: {part: _figure(value, r, decimals) for part, value in found.items() if not parts or part in parts}
        for table, found in tables.items()
    }


def _figure(value: Any, r: Style, decimals: int) -> Any:
    return value if isinstance(value, int) else (r.way(np.asarray(value, float), decimals) + 0.0).tolist()
