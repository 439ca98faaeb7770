"""Figures of an answer in any form that they may be written in, with the decimals of each, in the shape that a part has."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deltarule.checks import brief
from deltarule.errors import InputError
from deltarule.marking.answer.numerals import NO_NUMBER, figure_of, numeral, plain
from deltarule.parts import LONGEST_NUMBER
from deltarule.typeset.figures import MAXIMUM_DECIMALS
from deltarule.typeset.words import counted

# Bits of the largest whole number that float64 holds.
LARGEST_BITS = 1024
_COMPLEX = re.compile(r"[-+]?[\d.]+(?:e[-+]?\d+)?(?:[-+][\d.]*(?:e[-+]?\d+)?)?j", re.ASCII | re.IGNORECASE)
Figures = tuple[NDArray[np.float64], NDArray[np.int_]]


class TransposedError(Exception):
    """The figures have the shape that they should have, with rows and columns exchanged."""

    def __init__(self, entries: NDArray[np.float64], decimals: NDArray[np.int_]) -> None:
        self.entries, self.decimals = entries, decimals


def list_of(value: Any) -> list[Any]:
    """The `value`, which is a list, a tuple or an array, as a list.

    Raises
    ------
    InputError
        If it is none of them.
    """
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if not isinstance(value, list | tuple):
        raise InputError("part", "be a list", brief(value), "Write it in brackets.")
    return list(value)


def figures_of(value: Any, shape: tuple[int, ...]) -> Figures:
    """The numbers of a value, NaN where a place is left blank, and the decimals of each; both of that shape.

    Parameters
    ----------
    value : a number, or lists or arrays of numbers. A row may stand in double brackets or as a column, and a matrix of one row or
        one column may be a list.
    shape : (), (n,) or (rows, columns).

    Raises
    ------
    InputError
        If it has another shape, or something in it is not a finite number.
    TransposedError
        If rows and columns are exchanged.
    """
    value = value.tolist() if isinstance(value, np.ndarray) else value
    if shape and np.prod(shape) == 1 and not isinstance(value, list | tuple):  # one neuron: a figure is enough
        value = [value]
    if not shape:
        return _arrays([_number(_alone(value), "")], shape)
    rows = list_of(value)
    nested = [isinstance(row, list | tuple | np.ndarray) for row in rows]
    if len(shape) == 1:
        if len(rows) == 1 and nested[0]:  # a row in double brackets
            rows = list_of(rows[0])
        elif all(nested) and all(len(row) == 1 for row in rows):  # a column
            rows = [list_of(row)[0] for row in rows]
        _check_shape((len(rows),), shape, rows)
        return _arrays([_number(each, f" in entry {place}") for place, each in enumerate(rows, start=1)], shape)
    if shape[1] == 1 and not any(nested):  # one neuron: a list is enough
        rows = [[row] for row in rows]
    elif shape[0] == 1 and not any(nested):
        rows = [rows]
    table = [[row] * shape[1] if is_blank(row) else list_of(row) for row in rows]
    lengths = sorted({len(row) for row in table}) or [0]
    if len(lengths) != 1:
        got = f"rows of {brief(lengths)}"
        raise InputError("part", f"have {shape[1]} columns in each row", got, "Complete the rows.")
    found = (len(table), lengths[0])
    if found != shape[::-1]:
        _check_shape(found, shape, [each for row in table for each in row])
    pairs = [
        _number(each, f" in row {r}, column {c}")
        for r, row in enumerate(table, start=1)
        for c, each in enumerate(row, start=1)
    ]
    if found != shape:
        raise TransposedError(*_arrays(pairs, found))
    return _arrays(pairs, shape)


def _alone(value: Any) -> Any:
    """The one figure of a value, which may stand in brackets."""
    while isinstance(value, list | tuple | np.ndarray) and len(value) == 1:
        value = value[0]
    if isinstance(value, list | tuple | np.ndarray):
        raise InputError("part", "be one figure", short(" ".join(map(str, value))), "Write it alone.")
    return value


def _arrays(pairs: list[tuple[float, int]], shape: tuple[int, ...]) -> Figures:
    """The numbers and their decimals.

    Where no figure shows more than ".0", none has a decimal: Python and JSON write the whole number 3 as 3.0 where it is a float.
    """
    numbers, decimals = (np.array(each).reshape(shape) for each in zip(*pairs, strict=True))
    if decimals.max(initial=0) == 1 and ((numbers == np.floor(numbers)) | np.isnan(numbers)).all():
        decimals = np.zeros_like(decimals)
    return numbers.astype(float), decimals


def check_counts(entries: NDArray[np.float64]) -> None:
    """Raise an `InputError` if one of the `entries`, which are counts, is not whole; NaN stands where none is given."""
    given = entries[~np.isnan(entries)]
    if (given != np.floor(given)).any():
        raise InputError("count", "be a whole number", f"{float(given[0]):g}", "Count again.")


def _check_shape(found: tuple[int, ...], shape: tuple[int, ...], entries: Sequence[Any]) -> None:
    if found == shape:
        return
    if found[-1] == 2 * shape[-1] and found[:-1] == shape[:-1] and all(map(_is_whole, entries)):
        got = f"{found[-1]} whole numbers where {counted(shape[-1], 'figure')} should stand"
        raise InputError("part", "have decimal points", got, "Write 0.69 where you wrote 0,69.")
    if len(shape) == 1:
        raise InputError(
            "part", f"have {shape[0]} {'entry' if shape[0] == 1 else 'entries'}", found[0], "Give one for each."
        )
    required, got = (f"{counted(rows, 'row')} and {counted(columns, 'column')}" for rows, columns in (shape, found))
    raise InputError("part", f"have {required}", got, "Give all rows, or single ones as in rows.outputs.18 = [...].")


def _is_whole(value: Any) -> bool:
    value = numeral(value.strip()) if isinstance(value, str) else value
    return (isinstance(value, int) and not isinstance(value, bool)) or (
        isinstance(value, Decimal) and value.as_tuple().exponent == 0
    )


def is_blank(value: Any) -> bool:
    """Whether a value is one that was left to be filled in: an empty text, or JSON's null."""
    return value is None or (isinstance(value, str) and not value.strip())


def _number(value: Any, where: str) -> tuple[float, int]:
    """A figure and its decimals, NaN where it was left blank; `where` completes the message."""
    if is_blank(value):
        return math.nan, 0
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, str):
        value = _written(value)
    if isinstance(value, complex) or (isinstance(value, str) and _COMPLEX.fullmatch(value.strip())):
        raise InputError("part", "hold real numbers", f"{short(value)}{where}", "Write the figure that was found.")
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise InputError("part", "hold numbers", f"{brief(value)}{where}", "Write a number there.")
    if isinstance(value, int) and value.bit_length() > LARGEST_BITS:
        raise InputError("part", "hold numbers that fit float64", f"a larger one{where}", "Correct it.")
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    if not exact.is_finite():
        raise InputError("part", "hold finite numbers", f"{short(value)}{where}", "Write the figure that was found.")
    number = float(exact)
    if not np.isfinite(number):
        raise InputError("part", "hold numbers that fit float64", f"{short(value)}{where}", "Correct it.")
    exponent = exact.as_tuple().exponent
    return number, min(max(0, -exponent), MAXIMUM_DECIMALS) if isinstance(exponent, int) else 0


def short(value: object) -> str:
    """The text of a `value`, at most 40 letters of it.

    Examples
    --------
    >>> short("9" * 400)
    '9999999999999999999999999999999999999...'
    """
    text = str(value)
    return text if len(text) <= 40 else f"{text[:37]}..."


def _written(text: str) -> Any:
    """The figure of a text in quotation marks, `nan` and `inf` among them; the text where it is none."""
    found = figure_of(text)
    if found is not None:
        return found
    return Decimal(text.strip()) if NO_NUMBER.fullmatch(text.strip()) else text


# ---- Classes.


def classes_of(value: Any, count: int, classes: Sequence[Any]) -> tuple[NDArray[np.float64], bool, bool]:
    """Predicted classes as places from 0, NaN where a label is left blank; whether they were numbered from 0, and numbered at all.

    Classes that are 1 to K are numbers and labels: they are numbered.

    Parameters
    ----------
    value : labels, or numbers of classes. These count from 1; from 0 where a 0 is among them.
    count : how many are asked for.
    classes : the labels of the layer, in order.

    Raises
    ------
    InputError
        If there are more or fewer, or one is neither a label nor a number of a class.
    """
    given = [each for row in list_of(value) for each in (list_of(row) if isinstance(row, list | tuple) else [row])]
    if len(given) != count:
        raise InputError("part", f"have {count} labels, one a pattern", len(given), "Give one a pattern.")
    written = [at for at, each in enumerate(given) if not is_blank(each)]
    given = [given[at] for at in written]
    entries = np.full(count, np.nan)
    places = {plain(_as_text(c)): k for k, c in enumerate(classes)} | {_as_text(c): k for k, c in enumerate(classes)}
    labels = [text if (text := _as_text(each)) in places else plain(text) for each in given]
    if all(text in places for text in labels):
        entries[written] = [places[text] for text in labels]
        return entries, False, list(classes) == list(range(1, len(classes) + 1))
    # Longer numbers are not those of classes, and may be too long to convert.
    numbers = [int(text) if text.isdecimal() and len(text) <= LONGEST_NUMBER else None for text in map(_as_text, given)]
    from_zero = 0 in numbers and all(n is not None and n < len(classes) for n in numbers)
    known = range(len(classes)) if from_zero else range(1, len(classes) + 1)
    unknown = [at for at, number in enumerate(numbers) if number not in known]
    if unknown:
        at = next((at for at in unknown if _as_text(given[at]) not in places), unknown[0])
        rule = f"be among {', '.join(map(str, classes))}, or 1 to {len(classes)}"
        raise InputError(
            "predicted classes", rule, f"{short(_as_text(given[at]))} in place {written[at] + 1}", "Write the label."
        )
    entries[written] = numbers
    return entries - (not from_zero), from_zero, True


def _as_text(label: Any) -> str:
    """A label as text; 3, 3.0 and 3.00 give the same."""
    if isinstance(label, np.generic):
        label = label.item()
    if isinstance(label, list | tuple | Mapping) or (isinstance(label, int) and label.bit_length() > LARGEST_BITS):
        return brief(label)
    if isinstance(label, bool) or not isinstance(label, float | Decimal):
        return str(label)
    if not (label.is_finite() if isinstance(label, Decimal) else math.isfinite(label)):
        return str(label)
    number = float(label)
    return str(label) if math.isinf(number) else str(int(number) if number.is_integer() else number)
