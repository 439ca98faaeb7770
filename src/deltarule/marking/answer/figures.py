"""Figures of an answer, with the decimals of each, in the shape that a part has."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deltarule.errors import InputError
from deltarule.typeset.figures import MAXIMUM_DECIMALS
from deltarule.typeset.words import counted


class TransposedError(Exception):
    """Figures whose rows and columns are exchanged."""

    def __init__(self, entries: NDArray[np.float64], digits: NDArray[np.int_]) -> None:
        self.entries, self.digits = entries, digits


def list_of(value: Any) -> list[Any]:
    """A list or an array as a list."""
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if not isinstance(value, list | tuple):
        raise InputError("part", "be a list", f"{value!s:.40}", "Write it in brackets.")
    return list(value)


def figures_of(value: Any, shape: tuple[int, ...]) -> tuple[NDArray[np.float64], NDArray[np.int_]]:
    """Numbers of that shape, and the decimals of each."""
    if not shape:
        while isinstance(value, list | tuple | np.ndarray) and len(value) == 1:
            value = value[0]
        number, digits = _number(value, "")
        return np.array(number), np.array(digits)
    rows = list_of(value)
    nested = [isinstance(row, list | tuple | np.ndarray) for row in rows]
    if len(shape) == 1:
        if len(rows) == 1 and nested[0]:  # a row in double brackets
            rows = list_of(rows[0])
        elif all(nested) and all(len(row) == 1 for row in rows):  # a column
            rows = [list_of(row)[0] for row in rows]
        pairs = [_number(each, f" in entry {place}") for place, each in enumerate(rows, start=1)]
        _check_shape((len(pairs),), shape)
    else:
        if shape[1] == 1 and not any(nested):  # one neuron: a list will do
            rows = [[row] for row in rows]
        elif shape[0] == 1 and not any(nested):
            rows = [rows]
        table = [list_of(row) for row in rows]
        pairs = [
            _number(each, f" in row {r}, column {c}")
            for r, row in enumerate(table, start=1)
            for c, each in enumerate(row, start=1)
        ]
        lengths = sorted({len(row) for row in table}) or [0]
        if len(lengths) != 1:
            raise InputError("part", f"have {shape[1]} columns in each row", f"rows of {lengths}", "Complete the rows.")
        found = (len(table), lengths[0])
        if found != shape and found == shape[::-1]:
            raise TransposedError(*_arrays(pairs, found))
        _check_shape(found, shape)
    return _arrays(pairs, shape)


def _arrays(pairs: list[tuple[float, int]], shape: tuple[int, ...]) -> tuple[NDArray[np.float64], NDArray[np.int_]]:
    numbers, digits = zip(*pairs, strict=True)
    return np.array(numbers, float).reshape(shape), np.array(digits).reshape(shape)


def check_counts(entries: NDArray[np.float64]) -> None:
    """What is counted is whole."""
    if (entries != np.floor(entries)).any():
        raise InputError("count", "be a whole number", f"{float(entries.flat[0]):g}", "Count again.")


def _check_shape(found: tuple[int, ...], shape: tuple[int, ...]) -> None:
    if found == shape:
        return
    if len(shape) == 1:
        raise InputError("part", f"have {shape[0]} entries", found[0], "Give one for each.")
    wanted, got = (f"{counted(rows, 'row')} and {counted(columns, 'column')}" for rows, columns in (shape, found))
    raise InputError("part", f"have {wanted}", got, "Give all rows, or single ones as in rows.outputs.18 = [...].")


def _number(value: Any, where: str) -> tuple[float, int]:
    """A figure and its decimals."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise InputError("part", "hold numbers", f"{value!r:.40}{where}", _number_meant(value))
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    if not exact.is_finite():
        raise InputError("part", "hold finite numbers", f"{value!s}{where}", "Write the figure that was found.")
    number = float(exact)
    if not np.isfinite(number):
        raise InputError("part", "hold numbers that fit float64", f"{value!s:.40}{where}", "Correct it.")
    exponent = exact.as_tuple().exponent
    return number, min(max(0, -exponent), MAXIMUM_DECIMALS) if isinstance(exponent, int) else 0


def _number_meant(value: Any) -> str:
    """A remedy for what is no number: of a text like "12,29", the number."""
    text = str(value).strip().replace(",", ".")
    if not isinstance(value, str) or not re.fullmatch(r"[-+]?\d+(\.\d+)?", text, re.ASCII):
        return "Write a number there."
    return f"Write {text:.40}, {'with a point' if ',' in value else 'without quotation marks'}."
