"""The table of a sweep, a row a model: its settings, how it ended, and its scores."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from deltarule.descent import Descent
from deltarule.engines.running import Result
from deltarule.layers import Layer, Patterns
from deltarule.outcome import Reason
from deltarule.sweeps.validation import ValidationScores


def columns_of(
    training: Patterns,
    layers: list[Layer],
    descents: list[Descent],
    results: list[Result],
    first: NDArray[np.intp],
    validation: ValidationScores | None,
    deviation: NDArray[np.float64] | None,
    fold_diverged: NDArray[np.bool_],
) -> dict[str, NDArray[Any]]:
    """The columns of `Sweep.columns`.

    Parameters
    ----------
    training : the training patterns.
    layers, descents, results : one a model: the initial layer, the descent, and how it ended.
    first : (models,) the place of the first identical model.
    validation : the scores on validation patterns; None without such patterns.
    deviation : (models,) the standard deviation of the folds' costs; None without folds.
    fold_diverged : (models,) whether the model diverged in a fold.
    """
    count = len(training.X)
    cost, errors = (
        np.array([result.recorded.last(name) for result in results], dtype=np.float64) for name in ("cost", "errors")
    )
    epochs = np.array([result.epochs for result in results], dtype=np.int64)
    per_epoch = np.array([descent.updates_per_epoch(count) for descent in descents], dtype=np.int64)
    sizes = [count if d.batch_size is None else min(d.batch_size, count) for d in descents]
    momenta = np.array([descent.momentum for descent in descents])
    columns: dict[str, NDArray[Any]] = {
        "learning_rate": np.array([descent.learning_rate for descent in descents]),
        "batch_size": np.array(sizes, dtype=np.int64),
        "weight_decay": np.array([descent.weight_decay for descent in descents]),
        **({"momentum": momenta} if momenta.any() else {}),
        "seed": np.array([descent.seed for descent in descents], dtype=np.int64),
        "epochs": epochs,
        "updates": epochs * per_epoch,
        "cost": cost,
    }
    if any(descent.tolerance is not None for descent in descents):
        columns["tolerance"] = np.array([np.nan if d.tolerance is None else d.tolerance for d in descents])
    if layers[0].has_classes:
        columns |= {"errors": errors, "accuracy": 1 - errors / training.sample_weight.sum()}
    if validation is not None:
        columns["validation_cost"] = validation.cost
        if deviation is not None:
            columns["validation_cost_deviation"] = deviation
        if layers[0].has_classes:
            columns |= {"validation_errors": validation.errors, "validation_accuracy": validation.accuracy}
    columns["outcome"] = np.array([result.reason.key for result in results])
    diverged = np.array([result.reason is Reason.COST_NOT_FINITE for result in results])
    columns["diverged"] = diverged | fold_diverged
    if len(np.unique(first)) < len(first):
        columns["identical_to"] = first.astype(np.int64)
    return columns
