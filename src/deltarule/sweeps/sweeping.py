"""`sweep`: many descents over the same data, scored on patterns held out."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deltarule.checks import whole
from deltarule.descent import Descent
from deltarule.engines import many_models
from deltarule.errors import InputError
from deltarule.layers import Layer, Patterns, Reduction
from deltarule.outcome import Reason
from deltarule.sweeps import held_out
from deltarule.sweeps.columns import columns_of
from deltarule.sweeps.grid import given_descents, grid, required
from deltarule.sweeps.held_out import HeldOut
from deltarule.sweeps.initial_layers import Start, starting_layers
from deltarule.sweeps.result import Sweep
from deltarule.typeset.words import counted

Values = Any  # one value, or several: a list, a range, an array
BAR_STEPS = 10_000


def sweep(
    layer: Start,
    X: ArrayLike,
    targets: Any,
    *,
    learning_rate: Values = None,
    batch_size: Values = None,
    weight_decay: Values = 0.0,
    seed: Values = 0,
    epochs: Values = None,
    reduction: Reduction = "sum",
    tolerance: Values = None,
    descents: Sequence[Descent] | None = None,
    validation: tuple[ArrayLike, Any] | None = None,
    folds: int | None = None,
    sample_weight: ArrayLike | None = None,
    record_every: int = 0,
    progress: bool | Callable[[float, int], None] = False,
) -> Sweep:
    """Train many models over the same data: each what `train` would make of it alone.

    Choose among them on held-out patterns, then look at the test set once:

    1. `result = sweep(..., validation=(X_validation, t_validation))`, or `folds=5`. The test set has no place here.
    2. `result.best` is the model with the least validation cost; `result.best_by("validation_accuracy")` another choice.
    3. Keep that model, or `result.refit()`: its descent over the training and validation patterns together.
    4. `result.test(X_test, t_test)` scores it (`refit=True`: the refitted one), and refuses to score another.

    The validation score of the best of many models flatters it; the test score does not.

    Parameters
    ----------
    layer : where models start. A `Layer`: all of them there, and the seed is that of the order of patterns. A kind ("softmax",
        "logistic", "linear", "perceptron"): each at a layer drawn by its seed from `deltarule.layers.random_parameters`, of
        float32 where X is; class layers have the classes of `targets`, sorted. A function from seed to layer: likewise.
    X, targets : the training patterns: (P, N), and labels (P,) or rows (P, K).
    learning_rate, batch_size, weight_decay, epochs, tolerance, seed : one value or several (a list, a range, an array), as in
        `Descent`; a batch size of None is the full batch. The models are the product of all values, in this order, the last
        changing fastest. Seeds are whole numbers, and are those of the initial layer and of the order of patterns.
    reduction : of the cost, the same for all.
    descents : instead of all these, a list of `Descent`, one a model.
    validation : inputs and targets to compare models by. They are not trained on.
    folds : instead, k-fold cross-validation on the training patterns: scikit-learn's `KFold`, shuffled with seed 0
        (`StratifiedKFold` for classes). Each model is trained k + 1 times: without each fold, and on all patterns.
    sample_weight : (P,) weights of the training patterns.
    record_every : epochs between the rows of each model's history; 0: the first and the last.
    progress : True shows a bar; a function is called with the share of the work done and the number of trainings ended.

    Returns
    -------
    Sweep
        Ctrl-C ends it early: models keep what they reached, and those interrupted are never chosen. Nor is one that diverged.

    Raises
    ------
    InputError
        If data and values do not fit, before any work.

    Examples
    --------
    >>> import deltarule as dr
    >>> X, t = [[-2.0], [-1.0], [1.0], [2.0]], ["left", "left", "right", "right"]
    >>> result = dr.sweep(
    ...     "softmax", X, t, learning_rate=[0.01, 0.1, 1], seed=range(2), epochs=50, validation=([[-3.0], [3.0]], ["left", "right"])
    ... )
    >>> len(result), result.best.descent.learning_rate, result.columns["validation_errors"].sum()
    (6, 1.0, np.float64(0.0))
    >>> result.test([[-1.5], [0.5]], ["left", "right"]).accuracy
    1.0
    """
    began = time.perf_counter()
    record_every = whole("record_every", record_every, 0, "1 records each epoch, 0 the first and the last only.")
    values = {
        "learning_rate": learning_rate,
        "batch_size": batch_size,
        "weight_decay": weight_decay,
        "epochs": epochs,
        "tolerance": tolerance,
        "seed": seed,
    }
    if descents is None:
        required(values, ("learning_rate", "epochs"))
        chosen = grid(reduction, **values)
    else:
        chosen = given_descents(descents, reduction, **values)
    if validation is not None and folds is not None:
        raise InputError("held-out patterns", "be a validation set or folds", "both", "Give one of them.")
    layers = starting_layers(layer, X, targets, [descent.seed for descent in chosen])  # type: ignore[misc]  # whole numbers
    training = layers[0].patterns(X, targets, sample_weight)
    held_out.check_classes_occur(layers[0], training)
    followed = None if validation is None else held_out.validation_patterns(layers[0], training, validation)
    splits = [] if folds is None else held_out.folds(layers[0], training, folds)

    report, close = _reporting(progress, len(layers), 1 + len(splits))
    scores: HeldOut | None = None
    deviation, fold_diverged = None, np.zeros(len(layers), dtype=bool)
    try:
        results = many_models.descend(layers, training, followed, chosen, record_every, report(0))
        if followed is not None:
            scores = held_out.held_out_scores(results, chosen, followed)
        elif splits:
            wanted = [] if _interrupted(results) else splits
            scores, deviation, fold_diverged = _crossed(layers, training, chosen, wanted, report, len(splits))
    finally:
        close()
    columns = columns_of(training, layers, chosen, results, scores, deviation, fold_diverged)
    return Sweep(columns, training, followed, folds, layers, chosen, results, record_every, time.perf_counter() - began)


Report = Callable[[int], many_models.Progress]


def _crossed(
    layers: list[Layer],
    training: Patterns,
    descents: list[Descent],
    splits: list[held_out.Split],
    report: Report,
    wanted: int,
) -> tuple[HeldOut, NDArray[np.float64], NDArray[np.bool_]]:
    """Scores over the folds, the deviation of their costs, and which models diverged in one; NaN if interrupted."""
    found: list[HeldOut] = []
    diverged = np.zeros(len(layers), dtype=bool)
    for place, (kept, out) in enumerate(splits, start=1):
        part = training.take(out)
        results = many_models.descend(layers, training.take(kept), part, descents, 0, report(place))
        if _interrupted(results):
            break
        lost = np.array([result.reason is Reason.COST_NOT_FINITE for result in results])
        diverged |= lost
        scores = held_out.held_out_scores(results, descents, part)
        found.append(HeldOut(*(np.where(lost, np.nan, values) for values in scores)))
    if len(found) < wanted:
        nothing = np.full(len(layers), np.nan)
        return HeldOut(nothing, nothing, nothing), nothing, diverged
    return *held_out.over_folds(found), diverged


def _interrupted(results: list[many_models.Result]) -> bool:
    return any(result.reason is Reason.INTERRUPTED for result in results)


def _reporting(
    progress: bool | Callable[[float, int], None], models: int, parts: int
) -> tuple[Report, Callable[[], None]]:
    """What gives each part of the work (all patterns, then each fold) its progress, and what to call at the end."""
    show, close = _shown(progress, models, parts)

    def report(part: int) -> many_models.Progress:
        return lambda share, ended: show((part + share) / parts, part * models + ended)

    return report, close


def _shown(
    progress: bool | Callable[[float, int], None], models: int, parts: int
) -> tuple[Callable[[float, int], None], Callable[[], None]]:
    if callable(progress):
        return progress, lambda: None
    if not progress:
        return (lambda _share, _ended: None), lambda: None
    from deltarule.typeset.progress import bar

    title = f"Training {counted(models, 'model')}" + (f", {parts - 1} folds" if parts > 1 else "")
    update, close = bar(title, BAR_STEPS)
    return (lambda share, _ended: update(int(BAR_STEPS * share), math.nan)), close
