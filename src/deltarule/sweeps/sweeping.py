"""`sweep`: many descents over the same data, scored on validation patterns."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deltarule.checks import choice, truth, whole
from deltarule.descent import Descent, Monitor, Order
from deltarule.engines import models as models_of
from deltarule.engines.thinning import rows_kept
from deltarule.errors import InputError
from deltarule.folds import Split
from deltarule.folds import folds as split_folds
from deltarule.frames import refuse_stream
from deltarule.layers import Layer, Patterns, Reduction
from deltarule.not_supported import refuses_by_name
from deltarule.outcome import Reason
from deltarule.sweeps.columns import columns_of
from deltarule.sweeps.grid import count_of, first_of, given_descents, grid, required, seed_of_model, sized
from deltarule.sweeps.identical import identical_to, remarks_on_folds, remarks_on_identical
from deltarule.sweeps.initial_layers import Start, drawing, first_layer, initial_layers
from deltarule.sweeps.result import Sweep
from deltarule.sweeps.size import Size, check_size, size_of
from deltarule.sweeps.validation import (
    ValidationScores,
    over_folds,
    unseen_patterns,
    validation_scores,
)
from deltarule.training import ON_INTERRUPT, OnInterrupt
from deltarule.training_task import check_patience
from deltarule.typeset.words import counted

Values = Any  # one value, or several: a list, a range, an array
BAR_STEPS = 10_000  # of a progress bar, which counts whole steps
MANY = 10_000  # models whose descents alone take megabytes


@refuses_by_name
def sweep(
    layer: Start,
    X: ArrayLike,
    targets: Any,
    *,
    learning_rate: Values = None,
    batch_size: Values = None,
    weight_decay: Values = 0.0,
    momentum: Values = 0.0,
    seed: Values = 0,
    epochs: Values = None,
    reduction: Reduction = "sum",
    tolerance: Values = None,
    order: Order = "shuffled",
    schedule: Any = "constant",
    decay_biases: bool = False,
    nesterov: bool = False,
    patience: int | None = None,
    monitor: Monitor = "cost",
    min_change: float = 0.0,
    descents: Sequence[Descent] | None = None,
    validation: tuple[ArrayLike, Any] | None = None,
    folds: int | None = None,
    sample_weight: ArrayLike | None = None,
    record_every: int = 0,
    progress: bool | Callable[[float, int], None] = False,
    on_interrupt: OnInterrupt = "keep",
) -> Sweep:
    """Train many models over the same data. Each is what `train` would give for it alone.

    Choose among them on validation patterns, then look at the test set once:

    1. `result = sweep(..., validation=(X_validation, t_validation))`, or `folds=5`. The test set is not given here.
    2. `result.best` is the model with the smallest validation cost; `result.best_by("validation_accuracy")` chooses otherwise.
    3. Take that model, or `result.refit()`: its descent over the training and validation patterns together.
    4. `result.test(X_test, t_test)` scores it (`refit=True`: the refitted one), and refuses to score another.

    The best of many models looks better on the validation patterns than it is; the test score does not.

    Parameters
    ----------
    layer : where models start. A `Layer`: all start there, and the seed is that of the order of patterns only. A kind
        ("softmax", "logistic", "linear", "perceptron", or the class of a layer): each starts at a layer drawn by its seed
        from `deltarule.layers.random_parameters`, of float32 where X is; class layers have the classes of `targets`,
        sorted. A function from seed to layer: each starts at the layer of its seed.
    X, targets : the training patterns: (P, N), and labels (P,) or rows (P, K).
    learning_rate, batch_size, weight_decay, momentum, epochs, tolerance, seed : one value or several (a list, a range, an
        array), as in `Descent`; a batch size of None is the full batch. The models are the product of all values, in the order
        learning_rate, batch_size, weight_decay, momentum, epochs, tolerance, seed; the last changes fastest. Seeds are whole
        numbers.
    reduction, order, schedule : of the cost, of the patterns in mini-batches, and of the learning rate, as in `Descent`; the
        same for all.
    decay_biases, nesterov : as in `Descent`, of all models with a weight decay, or a momentum.
    patience, monitor, min_change : as in `Descent`: each model by itself stops, and keeps its best layer, by the validation set.
    descents : a list of `Descent`, one a model, instead of these values.
    validation : inputs and targets to compare models by. They are not trained on.
    folds : k, instead of `validation`: k-fold cross-validation on the training patterns by scikit-learn's `KFold`, shuffled
        with seed 0 (`StratifiedKFold` for classes). Each model is trained k + 1 times: without each fold, and on all patterns.
    sample_weight : (P,) weights of the training patterns.
    record_every : epochs between the rows of each model's history; 0 records the first and the last. All histories
        together have at most 5,000,000 rows: beyond that only each second, fourth, ... is kept.
    progress : True says how many models there are and how much memory they take, and shows a bar; a function is called with
        the share of the work done (0 to 1) and the number of trainings that have ended.
    on_interrupt : what Ctrl-C does: "keep" ends the sweep early, and models keep the last epoch that they reached; "raise" raises
        KeyboardInterrupt, which also ends a loop that calls `sweep`.

    Returns
    -------
    Sweep
        A model that was interrupted or diverged is never chosen. Identical models are trained once; `Sweep.remarks` says why
        they are identical.

    Raises
    ------
    InputError
        If data and values do not fit each other, or the models do not fit into memory, before any work; it says how many would.
    KeyboardInterrupt
        At Ctrl-C, with `on_interrupt="raise"`.

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
    refuse_stream("inputs", X)
    record_every = whole("record_every", record_every, 0, "1 records each epoch, 0 the first and the last only.")
    choice("on_interrupt", on_interrupt, ON_INTERRUPT)
    values = {
        "learning_rate": learning_rate,
        "batch_size": batch_size,
        "weight_decay": weight_decay,
        "momentum": momentum,
        "epochs": epochs,
        "tolerance": tolerance,
        "seed": seed,
    }
    shared = {
        "reduction": reduction,
        "order": order,
        "schedule": schedule,
        "patience": patience,
        "monitor": monitor,
        "min_change": min_change,
        "decay_biases": decay_biases,
        "nesterov": nesterov,
    }
    draw, own_starts = drawing(layer, X, targets), not isinstance(layer, Layer)
    if descents is None:
        chosen, counts = _from_values(draw, shared, values, own_starts=own_starts)
    else:
        chosen = given_descents(sized("descents", descents), **values, **shared)
        counts = {"descents": len(chosen)}
    if validation is not None and folds is not None:
        raise InputError("validation patterns", "be a validation set or folds", "both", "Give one of them.")
    layers, training, size = _started(
        draw, chosen, X, targets, sample_weight, counts, record_every, own_starts=own_starts, folds=folds is not None
    )
    followed = None if validation is None else unseen_patterns(layers[0], training, validation)
    splits = [] if folds is None else split_folds(layers[0], training, folds)
    _check_patience(chosen, layers[0], followed)
    first = identical_to(layers, chosen, len(training.X))
    remarks = remarks_on_identical(first, chosen, len(training.X))
    if splits:
        remarks += remarks_on_folds(min(len(rows) for rows, _ in splits), chosen, len(training.X))

    # The models that are trained, and which of them each model is.
    different, own = np.unique(first, return_inverse=True)
    trained = [layers[place] for place in different], [chosen[place] for place in different]
    report, close = _reporting(progress, size, len(different), 1 + len(splits))
    scores: ValidationScores | None = None
    deviation, fold_diverged = None, np.zeros(len(different), dtype=bool)
    try:
        results = models_of.descend(trained[0], training, followed, trained[1], record_every, report(0))
        interrupted = _interrupted(results)
        if followed is not None:
            scores = validation_scores(results, trained[1], followed)
        elif splits:
            begun = [] if interrupted else splits
            scores, deviation, fold_diverged, interrupted = _cross_validated(
                *trained, training, begun, report, len(splits)
            )
    finally:
        close()
    if interrupted and on_interrupt == "raise":
        raise KeyboardInterrupt
    results = [results[place] for place in own]
    scores = None if scores is None else ValidationScores(*(values[own] for values in scores))
    deviation = None if deviation is None else deviation[own]
    columns = columns_of(training, layers, chosen, results, first, scores, deviation, fold_diverged[own])
    seconds = time.perf_counter() - began
    return Sweep(
        columns, training, followed, folds, layers, chosen, results, record_every, tuple(remarks), seconds, interrupted
    )


def _started(
    draw: Callable[[int], Layer],
    descents: list[Descent],
    X: ArrayLike,
    targets: Any,
    sample_weight: ArrayLike | None,
    counts: Mapping[str, int],
    record_every: int,
    *,
    own_starts: bool,
    folds: bool,
) -> tuple[list[Layer], Patterns, Size]:
    """The initial layer of each model, the training patterns, and the memory that the sweep takes.

    A sweep that does not fit into memory is refused before its layers are drawn.
    """
    seeds: list[int] = [descent.seed for descent in descents]  # type: ignore[misc]  # whole numbers
    drawn = first_layer(draw, seeds[0])
    start = drawn.with_names_of(X, targets)
    training = start.patterns(X, targets, sample_weight)
    size = size_of(
        start,
        len(descents),
        starts=len(set(seeds)) if own_starts else 0,
        rows=_entries(descents, record_every),
        patterns=len(training.X),
        folds=folds,
        momentum=any(descent.momentum for descent in descents),
    )
    check_size(size, counts)
    layers = initial_layers(draw, drawn, seeds)
    different = {id(layer): layer for layer in layers}  # one layer may start many models
    named = {place: layer.with_names_of(X, targets) for place, layer in different.items()}
    return [named[id(layer)] for layer in layers], training, size


def _from_values(
    draw: Callable[[int], Layer], shared: Mapping[str, Any], values: Mapping[str, Values], *, own_starts: bool
) -> tuple[list[Descent], Mapping[str, int]]:
    """The descents of a grid, and how many values there are by name. Too many models are refused before any is made.

    Parameters
    ----------
    draw : see `drawing`.
    shared, values : see `grid`: what is the same for all, and one value or several.
    own_starts : whether each seed has a layer of its own.
    """
    required(values, ("learning_rate", "epochs"))
    values = {name: sized(name, value) for name, value in values.items()}
    counts = {name: count_of(value) for name, value in values.items()}
    models = math.prod(counts.values())
    if models > MANY:
        start = first_layer(draw, seed_of_model(first_of(values["seed"])))
        starts = counts["seed"] if own_starts else 0
        size = size_of(start, models, starts=starts, rows=2 * models, patterns=0, folds=False)
        check_size(size, counts)
    return grid(**values, **shared), counts


def _check_patience(descents: Sequence[Descent], layer: Layer, followed: Patterns | None) -> None:
    """Raise an `InputError` where models have patience and there is no validation set, or none that it can look at."""
    for descent in {id(descent): descent for descent in descents if descent.patience is not None}.values():
        if followed is None:
            raise InputError(
                "patience",
                "go with a validation set, by which each model stops",
                "none",
                "Give validation (on the command line --validation 0.2, say) instead of folds, or leave patience out.",
            )
        check_patience(descent, layer, followed)


def _entries(descents: Sequence[Descent], record_every: int) -> int:
    """Entries in the histories of all models together, at most."""
    if not record_every:
        return 2 * len(descents)
    limit = rows_kept(len(descents))
    return sum(min(limit, 1 + descent.epochs // record_every) + 1 for descent in descents)


Report = Callable[[int], models_of.Progress]


def _cross_validated(
    layers: list[Layer],
    descents: list[Descent],
    training: Patterns,
    splits: list[Split],
    report: Report,
    required: int,
) -> tuple[ValidationScores, NDArray[np.float64], NDArray[np.bool_], bool]:
    """Scores over the folds, the deviation of their costs, which models diverged in a fold, and whether folds are missing.

    Folds are missing where Ctrl-C ended the work; scores and deviations are then NaN.

    Parameters
    ----------
    layers, descents : one a model.
    training : the patterns that the folds divide.
    splits : the folds that are begun.
    report : gives the progress of fold 1, 2, ...
    required : the number of folds; with fewer there are no scores.
    """
    found: list[ValidationScores] = []
    diverged = np.zeros(len(layers), dtype=bool)
    for place, (rows, validation_rows) in enumerate(splits, start=1):
        part = training.take(validation_rows)
        results = models_of.descend(layers, training.take(rows), part, descents, 0, report(place))
        if _interrupted(results):
            break
        lost = np.array([result.reason is Reason.COST_NOT_FINITE for result in results])
        diverged |= lost
        scores = validation_scores(results, descents, part)
        found.append(ValidationScores(*(np.where(lost, np.nan, values) for values in scores)))
    if len(found) < required:
        nothing = np.full(len(layers), np.nan)
        return ValidationScores(nothing, nothing, nothing), nothing, diverged, True
    return *over_folds(found), diverged, False


def _interrupted(results: list[models_of.Result]) -> bool:
    return any(result.reason is Reason.INTERRUPTED for result in results)


def _reporting(
    progress: bool | Callable[[float, int], None], size: Size, models: int, parts: int
) -> tuple[Report, Callable[[], None]]:
    """The progress of each part of the work (part 0: all patterns; then each fold), and what to call at the end.

    Parameters
    ----------
    progress : of `sweep`; True says first how large the sweep is.
    size : of the sweep.
    models : how many are trained in each part.
    parts : how many there are.
    """
    if progress is True:
        print(f"Training {size}.", file=sys.stderr)
    show, close = _shown(progress, models, parts)

    def report(part: int) -> models_of.Progress:
        return lambda share, ended: show((part + share) / parts, part * models + ended)

    return report, close


def _shown(
    progress: bool | Callable[[float, int], None], models: int, parts: int
) -> tuple[Callable[[float, int], None], Callable[[], None]]:
    if callable(progress):
        return progress, lambda: None
    if not truth("progress", progress):
        return (lambda _share, _ended: None), lambda: None
    from deltarule.typeset.progress import bar

    title = f"Training {counted(models, 'model')}" + (f", {parts - 1} folds" if parts > 1 else "")
    update, close = bar(title, BAR_STEPS)
    return (lambda share, _ended: update(int(BAR_STEPS * share), math.nan)), close
