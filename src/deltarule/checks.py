"""What every entrance asks of numbers: right shape, real, finite. One home for those rules."""

from __future__ import annotations

import math
import operator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deltarule.errors import InputError, nearest

Matrix = NDArray[np.floating[Any]]
Vector = NDArray[np.floating[Any]]
Seed = int | np.random.Generator
# The largest whole number that NumPy and the engines can count with.
MOST = 2**63 - 1


def numbers(thing: str, values: ArrayLike, dimensions: int, dtype: Any = None) -> NDArray[Any]:
    """`values` as an array of finite floats with that many dimensions, or an `InputError`.

    float32 arrays stay float32 where `dtype` is None; everything else becomes float64.
    """
    shape = {1: "a list of numbers", 2: "a matrix: a list of rows of numbers, all as long"}[dimensions]
    if np.ma.is_masked(values):
        raise InputError(
            thing, "have no entry masked", "a masked array", "Fill the masked entries, or leave out their rows."
        )
    try:
        array = np.asarray(values)
        if array.dtype.kind not in "fiub":
            # Strings that look like numbers are a mistake worth naming, not worth guessing at.
            if array.dtype.kind != "O" or any(isinstance(entry, str | bytes) for entry in array.flat):
                raise TypeError  # noqa: TRY301 - one message for whatever is no matrix of numbers
            array = array.astype(np.float64)
    except (TypeError, ValueError, OverflowError, RuntimeError):  # the last from a tensor that is part of a graph
        raise InputError(
            thing, f"be {shape}", _brief(values), "Check that every row has the same length and holds numbers only."
        ) from None
    if array.size == 0 and array.ndim < dimensions:
        raise InputError(thing, "have at least one row", "none", "Check that the data were read.")
    if array.ndim != dimensions:
        remedy = (
            "Give a list of rows, one row a pattern or an input, as in [[0, 4], [-1, 3]]."
            if dimensions == 2
            else "Give one number an entry, as in [0, 4]."
        )
        raise InputError(thing, f"be {shape}", f"an array of shape {array.shape}", remedy)
    if dtype is None:
        dtype = np.float32 if array.dtype == np.float32 else np.float64
    given = array
    with np.errstate(over="ignore", invalid="ignore"):  # what overflows is named below, or is only the sum
        array = np.ascontiguousarray(given, dtype=dtype)
        # One pass over a sum is enough where all is well; only a failure looks for the place.
        finite = math.isfinite(float(array.sum())) or bool(np.isfinite(array).all())
    if not finite:
        place = tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0])
        where = f"row {place[0] + 1}, column {place[1] + 1}" if dimensions == 2 else f"entry {place[0] + 1}"
        rule, remedy = "hold finite numbers only", "Remove or fill it."
        if np.isfinite(given[place]):
            rule, remedy = f"hold numbers that fit {array.dtype}", "Use float64, or numbers of a smaller scale."
        raise InputError(thing, rule, f"{given[place]} in {where}", remedy)
    return array


def positive(thing: str, value: Any, remedy: str, *, zero: bool = False) -> float:
    """`value` as a finite float above 0 (or from 0 on, with `zero`), or an `InputError`."""
    rule = f"be a finite number {'of at least 0' if zero else 'above 0'}"
    if isinstance(value, bool | np.bool_ | str | bytes):
        raise InputError(thing, rule, _brief(value), remedy)
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        raise InputError(thing, rule, _brief(value), remedy) from None
    if not math.isfinite(number) or number < 0 or (number == 0 and not zero):
        raise InputError(thing, rule, _brief(value), remedy)
    return number


def whole(thing: str, value: Any, least: int, remedy: str, most: int | None = MOST) -> int:
    """`value` as an int of at least `least` (a bool is none) and at most `most` (None: any), or an `InputError`."""
    try:
        number = operator.index(value)
    except TypeError:
        number = least - 1
    if isinstance(value, bool | np.bool_) or number < least:
        raise InputError(thing, f"be a whole number of at least {least}", _brief(value), remedy)
    if most is not None and number > most:
        raise InputError(thing, f"be at most {most}", _brief(value), remedy)
    return number


def generator(thing: str, seed: Seed) -> np.random.Generator:
    """`numpy.random.default_rng(seed)`, where the seed is a whole number or a `Generator`."""
    if not isinstance(seed, np.random.Generator):
        seed = whole(thing, seed, 0, "Give a whole number, or a numpy.random.Generator.", most=None)
    return np.random.default_rng(seed)


def choice(thing: str, value: Any, known: tuple[str, ...]) -> str:
    """`value` if it is one of `known`, or an `InputError`."""
    if not isinstance(value, str) or value not in known:
        raise InputError(thing, f"be one of {', '.join(known)}", _brief(value), nearest(str(value), known))
    return str(value)


def instance(thing: str, value: Any, kind: type, remedy: str) -> None:
    """An `InputError` unless `value` is of that kind."""
    if not isinstance(value, kind):
        raise InputError(thing, f"be a {kind.__name__}", _brief(value), remedy)


def _brief(values: object) -> str:
    text = " ".join(repr(values.item() if isinstance(values, np.generic) else values).split())
    return text if len(text) <= 60 else text[:57] + "..."
