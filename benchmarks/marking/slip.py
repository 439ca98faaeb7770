"""A slip: wrong neighbours in the places of right ingredients, and the names that describe it truly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.marking.exercises import Array, Exercise
from benchmarks.marking.working import RIGHT, Choices, Sheet

Condition = Callable[[Exercise], bool]


def anywhere(_: Exercise) -> bool:
    """In any exercise."""
    return True


@dataclass(frozen=True)
class Slip:
    """What a student does wrong.

    Attributes
    ----------
    what : in words.
    changes : the wrong ingredients by name.
    names : of the documented mistakes that say exactly this.
    near : of those that say it less exactly, but truly.
    where : the exercises in which it can be made.
    in_one_entry : whether the case's luck chooses the entry in which it is made.
    """

    what: str
    changes: Choices
    names: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    where: Condition = anywhere
    in_one_entry: bool = False


# ---- Conditions.


def several(what: str) -> Condition:
    """At least two "P", "N" or "K"."""
    return lambda task: {"P": len(task.X), "N": task.X.shape[1], "K": task.D.shape[1]}[what] > 1


def every(*conditions: Condition) -> Condition:
    """All of the conditions."""
    return lambda task: all(condition(task) for condition in conditions)


def squared(task: Exercise) -> bool:
    """The cost is the squared error."""
    return task.squared


def entropy(task: Exercise) -> bool:
    """The cost is a cross-entropy."""
    return not task.squared


def softmax(task: Exercise) -> bool:
    """A softmax layer."""
    return task.kind == "softmax"


def logistic(task: Exercise) -> bool:
    """A logistic layer."""
    return task.kind == "logistic"


def linear(task: Exercise) -> bool:
    """A linear layer."""
    return task.kind == "linear"


def perceptron(task: Exercise) -> bool:
    """A perceptron layer, of either activation."""
    return task.kind == "perceptron"


def sigmoid(task: Exercise) -> bool:
    """Y = 1 / (1 + e^-u), in either kind of layer."""
    return task.activation == "sigmoid"


def tanh(task: Exercise) -> bool:
    """Y = tanh u."""
    return task.activation == "tanh"


def curved(task: Exercise) -> bool:
    """Neurons with an activation each."""
    return task.activation in {"sigmoid", "tanh"}


def mean(task: Exercise) -> bool:
    """The cost is a mean."""
    return task.mean


def total(task: Exercise) -> bool:
    """The cost is a sum."""
    return not task.mean


def decayed(task: Exercise) -> bool:
    """There is a weight decay."""
    return task.L > 0


def plain(task: Exercise) -> bool:
    """No decay."""
    return task.L == 0


def in_batches(task: Exercise) -> bool:
    """There are mini-batches."""
    return task.per_epoch > 1


def whole(task: Exercise) -> bool:
    """Full batch."""
    return task.per_epoch == 1


def standardised(task: Exercise) -> bool:
    """The inputs are standardised."""
    return bool(task.document["data"].get("standardise"))


def yes_or_no(task: Exercise) -> bool:
    """A logistic layer whose neurons say yes or no, each for itself."""
    return task.kind == "logistic" and (not task.labels or task.D.shape[1] == 1)


# ---- Ingredients from others.


def times(name: str, factor: float | Callable[[Sheet], Any]) -> Choices:
    """The right ingredient times a number."""
    return {name: lambda s: RIGHT[name](s) * (factor(s) if callable(factor) else factor)}


def patterns(s: Sheet) -> int:
    """Of the batch."""
    return len(s.X)


def swapped(array: Array, axis: int) -> Array:
    """The first two along an axis exchanged."""
    order = np.arange(array.shape[axis])
    order[:2] = order[:2][::-1]
    return np.take(array, order, axis)


def without(array: Array, place: int) -> Array:
    """0 in a row."""
    changed = np.array(array, float)
    changed[place % len(array)] = 0
    return changed


def hard(s: Sheet) -> Array:
    """1 for the predicted class, or where U is above 0; the sign of U for tanh."""
    if s.task.activation == "softmax":
        return np.asarray(s.U.max(1, keepdims=True) == s.U, float)
    if s.task.activation == "tanh":
        return np.asarray(np.sign(s.U))
    return np.asarray(s.U > 0, float)


def untied(task: Exercise) -> bool:
    """No pattern of the first update lies on a boundary, where nobody says what a hard step gives."""
    return bool((np.abs(task.X @ task.W + task.b) > 1e-9).all())


def only(array: Array, place: int) -> Array:
    """0 in all rows but one."""
    changed = np.zeros_like(array)
    changed[place % len(array)] = array[place % len(array)]
    return changed
