"""Patterns kept from training, to compare models by: a validation set, or folds."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from deltarule import training_task
from deltarule.checks import whole
from deltarule.descent import Descent
from deltarule.engines.running import Result
from deltarule.errors import InputError
from deltarule.layers import Layer, LogisticLayer, NumberLayer, Patterns
from deltarule.typeset.words import counted

# Of the folds' shuffle: the folds are part of what a sweep is, so they are the same each time.
FOLD_SEED = 0


Split = tuple[NDArray[np.intp], NDArray[np.intp]]


class HeldOut(NamedTuple):
    """Scores of the models on patterns that they were not trained on, each (models,); NaN where there is none.

    cost : J without weight decay. A mean over folds.
    errors : wrong predictions, by weight; their sum over folds.
    accuracy : 1 - errors / the patterns' weights. A mean over folds.
    """

    cost: NDArray[np.float64]
    errors: NDArray[np.float64]
    accuracy: NDArray[np.float64]


def validation_patterns(layer: Layer, training: Patterns, validation: Any) -> Patterns:
    """The validation set, checked against the layer; it must not be the training set."""
    found = training_task.validation_patterns(layer, validation)
    if np.array_equal(found.X, training.X) and np.array_equal(found.D, training.D):
        raise InputError(
            "validation set",
            "be other patterns than the training set",
            "the training set itself",
            "Hold some patterns out (deltarule.data.split), or give folds=5.",
        )
    return found


def check_classes_occur(layer: Layer, training: Patterns) -> None:
    """An `InputError` at a class of the layer that no training pattern has."""
    classes = layer.classes
    if classes is None:
        return
    counts = _class_counts(layer, training)
    if not counts.all():
        raise InputError(
            "training patterns",
            "be of every class of the layer",
            f"none of class {classes[int(np.argmin(counts))]!r}",
            "Add patterns of it, or make the layer without it.",
        )


def folds(layer: Layer, training: Patterns, count: Any) -> list[Split]:
    """The places of training and held-out patterns in each fold: scikit-learn's `KFold`, shuffled.

    `StratifiedKFold` where the layer has classes.
    """
    from sklearn.model_selection import KFold, StratifiedKFold

    patterns = len(training.X)
    count = whole("number of folds", count, 2, "5 is usual; each fold is held out once.")
    if count > patterns:
        raise InputError("number of folds", f"be at most the number of patterns, {patterns}", count, "Give fewer.")
    options = {"n_splits": count, "shuffle": True, "random_state": FOLD_SEED}
    if layer.classes is None:
        split = list(KFold(**options).split(training.X))
    else:
        counts = _class_counts(layer, training)
        if counts.min() < count:
            raise InputError(
                "number of folds",
                "be at most the number of patterns of each class, so that each fold has all classes",
                f"{count} folds, and {counted(int(counts.min()), 'pattern')} of class {layer.classes[int(np.argmin(counts))]!r}",
                "Give fewer folds, or more patterns of that class.",
            )
        split = list(StratifiedKFold(**options).split(training.X, _class_places(layer, training)))
    for parts in split:
        if any(training.sample_weight[part].sum() == 0 for part in parts):
            raise InputError(
                "sample weights", "be above 0 somewhere in each fold", "a fold of weight 0", "Leave out such patterns."
            )
    return split


def held_out_scores(results: list[Result], descents: list[Descent], patterns: Patterns) -> HeldOut:
    """Scores of the models as they ended, on the patterns that the engine followed beside the training set."""
    cost, errors = (
        np.array([result.recorded.last(name) for result in results], dtype=np.float64)
        for name in ("validation_cost", "validation_errors")
    )
    for place, (result, descent) in enumerate(zip(results, descents, strict=True)):
        if descent.weight_decay and len(result.recorded):
            # The decay is what training is asked for, no part of how well a model does: with it, costs of models with
            # different decays could not be compared.
            cost[place] = score(result.layer, patterns, descent)[0]
    return HeldOut(cost, errors, 1 - errors / patterns.sample_weight.sum())


def score(layer: Layer, patterns: Patterns, descent: Descent) -> tuple[float, float | None]:
    """Cost without decay, reduced as the descent says, and errors."""
    with np.errstate(over="ignore", invalid="ignore"):
        return layer.evaluate(patterns, descent.reduction)


def over_folds(scores: list[HeldOut]) -> tuple[HeldOut, NDArray[np.float64]]:
    """The folds' scores as one, and the standard deviation of their costs."""
    cost, errors, accuracy = (np.array(part) for part in zip(*scores, strict=True))
    with np.errstate(over="ignore", invalid="ignore"):
        mean = HeldOut(cost.mean(axis=0), errors.sum(axis=0), accuracy.mean(axis=0))
        return mean, cost.std(axis=0, ddof=1)


def _class_places(layer: Layer, patterns: Patterns) -> NDArray[np.intp]:
    """The place of each pattern's class."""
    if isinstance(layer, LogisticLayer) and layer.neurons == 1:
        return patterns.D[:, 0].astype(np.intp)
    places: NDArray[np.intp] = patterns.D.argmax(axis=1)
    return places


def _class_counts(layer: Layer, patterns: Patterns) -> NDArray[np.intp]:
    return np.bincount(_class_places(layer, patterns), minlength=len(layer.classes or ()))


def has_classes(layer: Layer) -> bool:
    """Whether predictions of the layer are right or wrong."""
    return not isinstance(layer, NumberLayer)
