"""The descents of a sweep: the product of lists of values, or a list of descents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np

from deltarule.checks import instance, whole
from deltarule.descent import Descent
from deltarule.errors import InputError

# The order of the product; the last changes fastest.
ORDER = ("learning_rate", "batch_size", "weight_decay", "epochs", "tolerance", "seed")
# What `sweep` takes where a value is left out; None for a value that must be given, and for those that `Descent` leaves out.
DEFAULTS: Mapping[str, Any] = {
    "learning_rate": None,
    "batch_size": None,
    "weight_decay": 0.0,
    "epochs": None,
    "tolerance": None,
    "seed": 0,
    "reduction": "sum",
}


def grid(reduction: Any, **values: Any) -> list[Descent]:
    """The product of the values of `ORDER`.

    Parameters
    ----------
    reduction : of the cost, the same for all.
    values : each name of `ORDER` with one value or several.

    Raises
    ------
    InputError
        If a value breaks its rule.

    Examples
    --------
    >>> values = DEFAULTS | {"learning_rate": [0.1, 1], "epochs": 5, "seed": range(2)}
    >>> [(descent.learning_rate, descent.seed) for descent in grid(**values)]
    [(0.1, 0), (0.1, 1), (1.0, 0), (1.0, 1)]
    """
    columns = {name: listed(name, values[name]) for name in ORDER}
    columns["seed"] = [_seed(value) for value in columns["seed"]]
    first = Descent(**{name: column[0] for name, column in columns.items()}, reduction=reduction)
    for name in ORDER[:-1]:
        # Each value is checked once, by a descent that has it, and taken as that descent has it.
        columns[name] = [getattr(replace(first, **{name: value}), name) for value in columns[name]]
    return [_unchecked(first, combination) for combination in product(*columns.values())]


def _unchecked(first: Descent, combination: tuple[Any, ...]) -> Descent:
    """A descent of checked values. `Descent(...)` would make a random generator for each of 100,000 models."""
    descent = object.__new__(Descent)
    descent.__dict__.update(vars(first), **dict(zip(ORDER, combination, strict=True)))
    return descent


def given_descents(descents: Iterable[Descent], reduction: Any, **values: Any) -> list[Descent]:
    """The descents that were given instead of a grid, checked.

    Parameters
    ----------
    descents : one or several.
    reduction : what was given beside them, which must be the default.
    values : likewise, each name of `ORDER`.

    Raises
    ------
    InputError
        If another value is given beside them, one is not a `Descent`, a seed is not a whole number, or reductions differ.
    """
    for name, value in (values | {"reduction": reduction}).items():
        default = DEFAULTS[name]
        if not (value is default or (np.ndim(value) == 0 and value == default)):
            raise InputError(
                "descents",
                f"be given without {name}, which is part of each of them",
                f"{name}={value!r}",
                f"Leave out {name}, or give lists of values instead of descents.",
            )
    if isinstance(descents, Descent):
        descents = [descents]
    found = listed("descents", descents)
    for descent in found:
        instance("descents", descent, Descent, "Make each first, as in Descent(learning_rate=0.05, epochs=100).")
        _seed(descent.seed)
    reductions = sorted({descent.reduction for descent in found})
    if len(reductions) > 1:
        raise InputError(
            "descents", "have one reduction, so that costs can be compared", " and ".join(reductions), "Choose one."
        )
    return found


def listed(name: str, value: Any) -> list[Any]:
    """One value or several, as a list of at least one value.

    Parameters
    ----------
    name : of the values, for messages; an underscore stands for a space.
    value : one value, or an iterable of values in an order.
    """
    name = name.replace("_", " ")
    if isinstance(value, AbstractSet | Mapping):
        raise InputError(
            name, "be one value, or several in an order", f"a {type(value).__name__}", "Give a list: sorted(values)."
        )
    if isinstance(value, str | bytes) or not isinstance(value, Iterable) or getattr(value, "ndim", 1) == 0:
        return [value]
    if getattr(value, "ndim", 1) > 1:
        raise InputError(
            name,
            "be one value, or a list of them",
            f"an array of shape {np.asarray(value).shape}",
            "Flatten it: .ravel().",
        )
    found = value.tolist() if isinstance(value, np.ndarray) else list(value)
    if not found:
        raise InputError(name, "be at least one value", "none", "Give a number, or a list of them.")
    return found


def _seed(value: Any) -> int:
    return whole("seed", value, 0, "Give whole numbers: each model of a sweep can then be trained again.")


def required(values: Mapping[str, Any], names: Sequence[str]) -> None:
    """Raise an `InputError` where one of the values with these names is None."""
    for name in names:
        if values[name] is None:
            raise InputError(
                name.replace("_", " "),
                "be given, one value or several",
                "none",
                f"Give {name}=..., or descents=[Descent(...), ...].",
            )
