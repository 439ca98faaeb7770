"""Folds: parts of the training set, each of which validates what was trained on the others."""

from __future__ import annotations

import numbers
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deltarule.checks import brief, whole
from deltarule.errors import InputError
from deltarule.labels import positions
from deltarule.layers import Layer, Patterns
from deltarule.typeset.words import counted

# Of the folds' shuffle. It is fixed, so that a sweep has the same folds each time.
FOLD_SEED = 0

Split = tuple[NDArray[np.intp], NDArray[np.intp]]


def folds(layer: Layer, training: Patterns, given: Any) -> list[Split]:
    """The folds of the training set: those of a splitter, or scikit-learn's `KFold`, shuffled; `StratifiedKFold` of classes.

    Parameters
    ----------
    layer : that is trained.
    training : the training patterns.
    given : the number of folds, at least 2; or a splitter of scikit-learn; or pairs of places, those to train on and those to
        validate on.

    Returns
    -------
    list
        For each fold the places of the patterns that it trains on, and of those that it validates on.

    Raises
    ------
    InputError
        If there are more folds than patterns (of each class), or a fold has no weight.
    """
    split = (
        _counted(layer, training, given) if isinstance(given, numbers.Number | str) else _given(layer, training, given)
    )
    for parts in split:
        if any(training.sample_weight[part].sum() == 0 for part in parts):
            raise InputError(
                "sample weights", "be above 0 somewhere in each fold", "a fold of weight 0", "Leave out such patterns."
            )
    return split


def _counted(layer: Layer, training: Patterns, count: Any) -> list[Split]:
    """So many folds, shuffled."""
    from sklearn.model_selection import KFold, StratifiedKFold

    patterns = len(training.X)
    count = whole("number of folds", count, 2, "5 is usual; each fold is the validation set once.")
    if count > patterns:
        raise InputError("number of folds", f"be at most the number of patterns, {patterns}", count, "Give fewer.")
    options = {"n_splits": count, "shuffle": True, "random_state": FOLD_SEED}
    if layer.classes is None:
        split = list(KFold(**options).split(training.X))
    else:
        places = class_places(layer, training)
        counts = np.bincount(places, minlength=len(layer.classes))
        counts = np.where(counts == 0, patterns, counts)  # a class that no pattern has needs no fold
        fewest = int(counts.min())
        if fewest < count:
            raise InputError(
                "number of folds",
                "be at most the number of patterns of each class, so that each fold has all classes",
                f"{count} folds, and {counted(fewest, 'pattern')} of class {layer.classes[int(np.argmin(counts))]!r}",
                f"Give {'2 folds' if fewest == 2 else f'2 to {fewest} folds'}, or more patterns of that class."
                if fewest > 1
                else "Give more patterns of that class.",
            )
        split = list(StratifiedKFold(**options).split(training.X, places))
    return split


def _given(layer: Layer, training: Patterns, given: Any) -> list[Split]:
    """Those of a splitter, or pairs of places."""
    remedy = "Give a number, a splitter of scikit-learn, or pairs (places to train on, places to validate on)."
    try:
        if hasattr(given, "split"):
            labels = training.D if layer.classes is None else class_places(layer, training)
            pairs = list(given.split(training.X, labels))
        else:
            pairs = list(given)
        every = np.arange(len(training.X))
        below = next((part for parts in pairs for part in parts if np.min(part, initial=0) < 0), None)
        if below is not None:  # NumPy would count it from the end
            raise IndexError(f"the place {np.min(below)} is below 0")  # noqa: TRY301 - one message for all that are no places
        split = [(every[rows], every[others]) for rows, others in pairs]
    except Exception as error:
        raise InputError(
            "folds", "be a number, a splitter or pairs of places", f"{brief(given)}: {error}", remedy
        ) from error
    if not split or any(len(part) == 0 for parts in split for part in parts):
        raise InputError("folds", "have patterns to train on and to validate on", "none", remedy)
    return split


def class_places(layer: Layer, patterns: Patterns) -> NDArray[np.intp]:
    """The place (P,) of each pattern's class among the layer's classes.

    Parameters
    ----------
    layer : with classes.
    patterns : the patterns.
    """
    return positions(layer.decode(patterns.D), layer.classes or ())
