"""The table of a sweep: a column for each setting, what came of it, and the scores; a row a model."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from deltarule.descent import Descent
from deltarule.engines.running import Result
from deltarule.layers import Layer, Patterns
from deltarule.outcome import Reason
from deltarule.sweeps.held_out import HeldOut, has_classes


def columns_of(
    training: Patterns,
    layers: list[Layer],
    descents: list[Descent],
    results: list[Result],
    held_out: HeldOut | None,
    deviation: NDArray[np.float64] | None,
    fold_diverged: NDArray[np.bool_],
) -> dict[str, NDArray[Any]]:
    """The table of a sweep; see `Sweep.columns`."""
    count = len(training.X)
    cost, errors = (
        np.array([result.recorded.last(name) for result in results], dtype=np.float64) for name in ("cost", "errors")
    )
    classes = has_classes(layers[0])
    epochs = np.array([result.epochs for result in results], dtype=np.int64)
    per_epoch = np.array([descent.updates_per_epoch(count) for descent in descents], dtype=np.int64)
    sizes = [count if d.batch_size is None else min(d.batch_size, count) for d in descents]
    columns: dict[str, NDArray[Any]] = {
        "learning_rate": np.array([descent.learning_rate for descent in descents]),
        "batch_size": np.array(sizes, dtype=np.int64),
        "weight_decay": np.array([descent.weight_decay for descent in descents]),
        "seed": np.array([descent.seed for descent in descents], dtype=np.int64),
        "epochs": epochs,
        "updates": epochs * per_epoch,
        "cost": cost,
    }
    if any(descent.tolerance is not None for descent in descents):
        columns["tolerance"] = np.array([np.nan if d.tolerance is None else d.tolerance for d in descents])
    if classes:
        columns |= {"errors": errors, "accuracy": 1 - errors / training.sample_weight.sum()}
    if held_out is not None:
        columns["validation_cost"] = held_out.cost
        if deviation is not None:
            columns["validation_cost_deviation"] = deviation
        if classes:
            columns |= {"validation_errors": held_out.errors, "validation_accuracy": held_out.accuracy}
    columns["outcome"] = np.array([result.reason.name.lower() for result in results])
    own = np.array([result.reason is Reason.COST_NOT_FINITE for result in results])
    columns["diverged"] = own | fold_diverged
    return columns
