"""Validation patterns, to compare models by: a validation set, or folds of the training set."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from deltarule.descent import Descent
from deltarule.engines.running import Result
from deltarule.errors import InputError
from deltarule.folds import class_places
from deltarule.layers import Layer, Patterns
from deltarule.training_task import validation_patterns


class ValidationScores(NamedTuple):
    """Scores of the models on validation patterns, each (models,); NaN where a score does not exist.

    cost : J without weight decay; with folds, the mean over them.
    errors : wrong predictions, by weight; with folds, their sum.
    accuracy : 1 - errors / the patterns' weights; with folds, the mean over them.
    """

    cost: NDArray[np.float64]
    errors: NDArray[np.float64]
    accuracy: NDArray[np.float64]


def unseen_patterns(layer: Layer, training: Patterns, validation: Any) -> Patterns:
    """The patterns of a validation set, checked against the layer.

    Parameters
    ----------
    layer : that is trained.
    training : the training patterns.
    validation : the pair (inputs, targets).

    Raises
    ------
    InputError
        If it is not such a pair, does not fit the layer, is the training set, or has a class that no training pattern has.
    """
    found = validation_patterns(layer, validation)
    if np.array_equal(found.X, training.X) and np.array_equal(found.D, training.D):
        raise InputError(
            "validation set",
            "have other patterns than the training set",
            "the training set itself",
            "Split the patterns (deltarule.data.split), or give folds=5.",
        )
    _check_classes_occur(layer, training, found)
    return found


def _check_classes_occur(layer: Layer, training: Patterns, validation: Patterns) -> None:
    """Raise an `InputError` if the validation set has patterns of a class of which no training pattern is.

    A class that no pattern has at all is allowed: the layer names it.
    """
    if layer.classes is None:
        return
    counts, seen = (
        np.bincount(class_places(layer, patterns), minlength=len(layer.classes)) for patterns in (training, validation)
    )
    unknown = np.flatnonzero((counts == 0) & (seen > 0))
    if len(unknown):
        raise InputError(
            "training patterns",
            "be of every class of the validation set",
            f"none of class {layer.classes[unknown[0]]!r}",
            "Add patterns of it, or leave it out of the validation set.",
        )


def validation_scores(results: list[Result], descents: list[Descent], patterns: Patterns) -> ValidationScores:
    """Scores of the models as they ended.

    Parameters
    ----------
    results : of the models, whose last rows have the costs and errors on the validation patterns.
    descents : of the models.
    patterns : the validation patterns.
    """
    cost, errors = (
        np.array([result.recorded.last(name) for result in results], dtype=np.float64)
        for name in ("validation_cost", "validation_errors")
    )
    for place, (result, descent) in enumerate(zip(results, descents, strict=True)):
        if descent.weight_decay and len(result.recorded):
            # The decay is what the training is asked for, not how well the model predicts: with it, the costs of models
            # with different decays could not be compared.
            cost[place] = score(result.layer, patterns, descent)[0]
    return ValidationScores(cost, errors, 1 - errors / patterns.sample_weight.sum())


def score(layer: Layer, patterns: Patterns, descent: Descent) -> tuple[float, float | None]:
    """The cost without decay, and the errors (None where the layer predicts numbers).

    Parameters
    ----------
    layer : the layer that is scored.
    patterns : those that it predicts.
    descent : its reduction makes the cost.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        return layer.evaluate(patterns, descent.reduction)


def over_folds(scores: list[ValidationScores]) -> tuple[ValidationScores, NDArray[np.float64]]:
    """The scores of all folds as one, and the standard deviation (models,) of their costs."""
    cost, errors, accuracy = (np.array(part) for part in zip(*scores, strict=True))
    with np.errstate(over="ignore", invalid="ignore"):
        mean = ValidationScores(cost.mean(axis=0), errors.sum(axis=0), accuracy.mean(axis=0))
        return mean, cost.std(axis=0, ddof=1)
