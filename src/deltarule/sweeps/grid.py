"""The descents of a sweep: the product of lists of values, or a list of descents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Sized
from collections.abc import Set as AbstractSet
from dataclasses import replace
from itertools import islice, product
from typing import Any

import numpy as np

from deltarule.checks import brief, instance, whole
from deltarule.descent import Descent
from deltarule.errors import InputError

# The order of the product; the last changes fastest.
ORDER = ("learning_rate", "batch_size", "weight_decay", "momentum", "epochs", "tolerance", "seed")
# What is the same for all models; those of the second line only where a model has a decay, or a momentum.
SHARED = ("reduction", "order", "schedule", "patience", "monitor", "min_change", "decay_biases", "nesterov")
# An iterator that gives more values is taken for one without end: so many models take 25 GB.
MOST_VALUES = 10_000_000
# What `sweep` takes where a value is left out; None for a value that must be given, and for those that `Descent` leaves out.
DEFAULTS: Mapping[str, Any] = {
    "learning_rate": None,
    "batch_size": None,
    "weight_decay": 0.0,
    "momentum": 0.0,
    "epochs": None,
    "tolerance": None,
    "seed": 0,
    "reduction": "sum",
    "order": "shuffled",
    "schedule": "constant",
    "patience": None,
    "monitor": "cost",
    "min_change": 0.0,
    "decay_biases": False,
    "nesterov": False,
}


def grid(*, decay_biases: Any, nesterov: Any, **values: Any) -> list[Descent]:
    """The product of the values of `ORDER`.

    Parameters
    ----------
    decay_biases : whether biases are decayed, in models with a weight decay.
    nesterov : whether momentum is Nesterov's, in models with momentum.
    values : each name of `ORDER` with one value or several, and the others of `SHARED` with one.

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
    columns["seed"] = [seed_of_model(value) for value in columns["seed"]]
    shared = {name: value for name, value in values.items() if name not in ORDER}
    first = Descent(**{name: column[0] for name, column in columns.items()}, **shared)
    for name in ORDER[:-1]:
        # Each value is checked once, by a descent that has it, and taken as that descent has it.
        columns[name] = [getattr(replace(first, **{name: value}), name) for value in columns[name]]
    # At least one model has what these go with.
    replace(first, weight_decay=max(columns["weight_decay"]), decay_biases=decay_biases)
    replace(first, momentum=max(columns["momentum"]), nesterov=nesterov)
    return [_unchecked(first, combination, decay_biases, nesterov) for combination in product(*columns.values())]


def _unchecked(first: Descent, combination: tuple[Any, ...], decay_biases: bool, nesterov: bool) -> Descent:
    """A descent of checked values. `Descent(...)` would make a random generator for each of 100,000 models."""
    descent = object.__new__(Descent)
    descent.__dict__.update(vars(first), **dict(zip(ORDER, combination, strict=True)))
    descent.__dict__["decay_biases"] = decay_biases and descent.weight_decay > 0
    descent.__dict__["nesterov"] = nesterov and descent.momentum > 0
    return descent


def given_descents(descents: Iterable[Descent], **values: Any) -> list[Descent]:
    """The descents that were given instead of a grid, checked.

    Parameters
    ----------
    descents : one or several.
    values : what was given beside them, by the names of `DEFAULTS`; each must be the default.

    Raises
    ------
    InputError
        If another value is given beside them, one is not a `Descent`, a seed is not a whole number, or reductions differ.
    """
    for name, value in values.items():
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
        seed_of_model(descent.seed)
    reductions = sorted({descent.reduction for descent in found})
    if len(reductions) > 1:
        raise InputError(
            "descents", "have one reduction, so that costs can be compared", " and ".join(reductions), "Choose one."
        )
    return found


def sized(name: str, value: Any) -> Any:
    """One value or several that have a length: what must be run through to be counted becomes a list.

    Parameters
    ----------
    name : of the values, for messages.
    value : one value, or an iterable of values.

    Raises
    ------
    InputError
        If there are more values than any sweep can hold, as of an iterator without end.
    """
    if not _is_iterable(value):
        return value
    try:
        if isinstance(value, Sized) and (isinstance(value, range) or len(value) >= 0):
            return value
        found = list(islice(value, MOST_VALUES + 1))
    except Exception:  # noqa: BLE001 - an object of the user's may raise anything
        remedy = "Give one value, or a list of them."
        raise InputError(name.replace("_", " "), "be a value or several", brief(value), remedy) from None
    if len(found) > MOST_VALUES:
        raise InputError(name.replace("_", " "), f"be at most {MOST_VALUES:,} values", "more", "Give fewer.")
    return found


def count_of(value: Any) -> int:
    """How many values a `sized` value holds. A range or an array is not made into a list for that.

    Parameters
    ----------
    value : one value or several.
    """
    if not _is_iterable(value):
        return 1
    if isinstance(value, range):  # its `len` has a limit
        return max(0, -((value.start - value.stop) // value.step))
    return len(value)


def first_of(value: Any) -> Any:
    """The first of the values of a `sized` value that has any.

    Parameters
    ----------
    value : one value or several.
    """
    return next(iter(value)) if _is_iterable(value) else value


def _is_iterable(value: Any) -> bool:
    """Whether it is several values."""
    return isinstance(value, Iterable) and not isinstance(value, str | bytes) and getattr(value, "ndim", 1) != 0


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
    if not _is_iterable(value):
        return [value]
    if getattr(value, "ndim", 1) > 1:
        raise InputError(
            name,
            "be one value, or a list of them",
            f"an array of shape {tuple(value.shape)}",
            "Flatten it: .ravel().",
        )
    found = value.tolist() if hasattr(value, "tolist") else list(value)  # of arrays, tensors and series
    if not found:
        raise InputError(name, "be at least one value", "none", "Give a number, or a list of them.")
    return found


def seed_of_model(value: Any) -> int:
    """A seed of a model, checked.

    Parameters
    ----------
    value : the seed.

    Raises
    ------
    InputError
        If it is none.
    """
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
