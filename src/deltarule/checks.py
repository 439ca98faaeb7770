"""The rules for values that users give: numbers of the right shape, real and finite; whole numbers; words from a list."""

from __future__ import annotations

import math
import operator
import os
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deltarule.errors import InputError, nearest
from deltarule.frames import dense, is_number
from deltarule.printable import brief as brief  # noqa: PLC0414 - who checks values shows them

Matrix = NDArray[np.floating[Any]]
Vector = NDArray[np.floating[Any]]
Seed = int | np.random.Generator
# The largest whole number that NumPy and the engines can count with.
LARGEST_WHOLE = 2**63 - 1


# What to do about arrays of these kinds of type.
_NO_NUMBERS = {
    "c": "Give real and imaginary parts as columns.",
    "M": "Give numbers, such as the days since a date.",
    "m": "Give numbers of a unit, such as days.",
    "V": "Give the fields of the records as columns.",
}
# What NumPy would convert to a number, which is a mistake: texts, and dates, whose number is the years or days since 1970.
_NOT_CONVERTED = (str, bytes, np.datetime64, np.timedelta64)
# What a remedy adds where a comma may stand for a decimal point.
IF_COMMA = "If a comma stands for a decimal point, write a point: 0.5, not 0,5."


def number_remedy(value: object, remedy: str) -> str:
    """The remedy for a value that should be a number: what to write for a text such as "0,5" or "0.5".

    Parameters
    ----------
    value : what was given.
    remedy : the remedy for any other value.

    Examples
    --------
    >>> number_remedy("0,5", "Try 0.05."), number_remedy("0.5", "Try 0.05.")
    ('Write 0.5, with a decimal point.', 'Write 0.5 without quotation marks.')
    >>> number_remedy("1,500", "Try 0.05.")
    'Write 1500, or 1.500 if the comma stands for a decimal point.'
    """
    text = value.strip() if isinstance(value, str) else ""
    if re.fullmatch(r"[-+]?[1-9][0-9]{0,2},[0-9]{3}", text):
        return f"Write {text.replace(',', '')}, or {text.replace(',', '.')} if the comma stands for a decimal point."
    if re.fullmatch(r"[-+]?[0-9]+,[0-9]+([eE][-+]?[0-9]+)?", text):
        return f"Write {text.replace(',', '.')}, with a decimal point."
    if re.fullmatch(r"[-+]?[0-9]*\.?[0-9]+([eE][-+]?[0-9]+)?", text):
        return f"Write {text} without quotation marks."
    return remedy


def all_finite(*arrays: NDArray[Any]) -> bool:
    """Whether all entries of these arrays are finite.

    Parameters
    ----------
    arrays : of floats. NumPy warns of an overflow unless it is told not to.

    Examples
    --------
    >>> all_finite(np.array([1e200, 0.0])), all_finite(np.array([1.0]), np.array([[np.nan]]))
    (True, False)
    """
    # The sum of squares is finite only if all entries are: one quick pass. Only where it is not they are looked at one by one.
    for array in arrays:
        flat = array.reshape(-1)
        if not math.isfinite(float(np.vdot(flat, flat))) and not np.isfinite(flat).all():
            return False
    return True


def numbers(name: str, values: ArrayLike, dimensions: int, dtype: Any = None) -> NDArray[Any]:
    """Values as an array of finite floats.

    Parameters
    ----------
    name : what the values are, for messages.
    values : a list of numbers, a list of rows of numbers, or an array.
    dimensions : 1 for a list of numbers, 2 for rows.
    dtype : of the result. None: float32 arrays stay float32, and everything else becomes float64.

    Raises
    ------
    InputError
        If the values have another shape, or an entry is missing, not a number, or not finite.

    Examples
    --------
    >>> numbers("inputs", [[0, 4], [-1, 3]], 2).tolist()
    [[0.0, 4.0], [-1.0, 3.0]]
    """
    shape = {1: "a list of numbers", 2: "a matrix: a list of rows of numbers, all as long"}[dimensions]
    values = dense(name, values)
    try:
        array = written = np.asarray(values)
        if array.dtype.kind not in "fiub":
            # A text such as "1" is refused, not converted: it is a mistake of its own.
            if array.dtype.kind != "O" or any(isinstance(entry, _NOT_CONVERTED) for entry in array.flat):
                raise TypeError  # noqa: TRY301 - one message for all that cannot become numbers
            array = array.astype(np.float64)
    except Exception:  # noqa: BLE001 - a tensor that is part of a graph, or an object of the user's own
        kind = getattr(getattr(values, "dtype", None), "kind", "")
        if kind in _NO_NUMBERS:
            got = f"an array of {np.asarray(values).dtype}"
            raise InputError(name, "hold real numbers", got, _NO_NUMBERS[kind]) from None
        raise _no_array(name, shape, values) from None
    if array.size == 0 and array.ndim < dimensions:
        raise InputError(name, "have at least one row", "none", "Check that the data were read.")
    if array.ndim != dimensions:
        remedy = (
            "Give a list of rows, one row a pattern or an input, as in [[0, 4], [-1, 3]]."
            if dimensions == 2
            else "Give one number an entry, as in [0, 4]."
        )
        raise InputError(name, f"be {shape}", f"an array of shape {array.shape}", remedy)
    if dtype is None:
        dtype = np.float32 if array.dtype == np.float32 else np.float64
    given = array
    with np.errstate(over="ignore", invalid="ignore"):  # an entry that overflows is named below; the sum may overflow
        array = np.ascontiguousarray(given, dtype=dtype)
        finite = all_finite(array)
    if not finite:
        place = tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0])
        where = f"row {place[0] + 1}, column {place[1] + 1}" if dimensions == 2 else f"entry {place[0] + 1}"
        rule, remedy = "hold finite numbers only", "Remove or fill it."
        if np.isfinite(given[place]):
            rule, remedy = f"hold numbers that fit {array.dtype}", "Use float64, or numbers of a smaller scale."
        raise InputError(name, rule, f"{written[place]} in {where}", remedy)
    return array


def rows_of_numbers(name: str, values: Any, dtype: Any = None) -> NDArray[Any]:
    """Values as rows of finite floats (P, K); flat numbers (P,) become one column (P, 1).

    Parameters
    ----------
    name : what the values are, for messages.
    values : a list of numbers or of rows, an array, a series or a frame.
    dtype : as in `numbers`.

    Raises
    ------
    InputError
        As `numbers`.

    Examples
    --------
    >>> rows_of_numbers("targets", [1, 2]).tolist(), rows_of_numbers("targets", [[1, 2]]).tolist()
    ([[1.0], [2.0]], [[1.0, 2.0]])
    """
    values = dense(name, values)
    return numbers(name, values, 1, dtype)[:, None] if is_flat(values) else numbers(name, values, 2, dtype)


def is_flat(values: Any) -> bool:
    """Whether values are one number a pattern: an array, a tensor or a series (P,), or a list that begins with a number.

    Parameters
    ----------
    values : anything.
    """
    if isinstance(values, str | bytes | bytearray):
        return False
    if isinstance(values, Sequence) and not hasattr(values, "shape"):  # a range or a deque is a list as well
        # An entry that has a length is a row, whatever is in it.
        return len(values) > 0 and not isinstance(values[0], str | bytes | list | tuple) and np.ndim(values[0]) == 0
    return len(getattr(values, "shape", ())) == 1 and len(values) > 0


def _no_array(name: str, shape: str, values: Any) -> InputError:
    """The error for values that do not make an array of numbers: a row has another length, or an entry is not a number."""
    try:
        return _no_numbers(name, shape, values)
    except Exception:  # noqa: BLE001 - a list of the user's own may raise anything
        return InputError(name, f"be {shape}", brief(values), "Give a list or an array.")


def _no_numbers(name: str, shape: str, values: Any) -> InputError:
    rows = list(values) if isinstance(values, list | tuple) else []
    lengths = [len(row) if isinstance(row, list | tuple | np.ndarray) else -1 for row in rows]
    if min(lengths, default=-1) >= 0 and len(set(lengths)) > 1:
        return _uneven(name, rows, lengths)
    place, entry = next(((place, entry) for place, entry in _placed(values) if not is_number(entry)), ("", None))
    if isinstance(entry, int):
        return InputError(name, "hold numbers that fit float64", f"{brief(entry)} in {place}", "Give smaller ones.")
    if place and (isinstance(entry, str | bytes) or not isinstance(entry, Collection)):
        missing = entry is None or type(entry).__name__ in ("NAType", "NaTType")  # of pandas
        remedy = "Remove or fill it." if missing else "Give a number, or leave it out."
        return InputError(name, "hold numbers only", f"{brief(entry)} in {place}", number_remedy(entry, remedy))
    remedy = "Check that every row has the same length and holds numbers only."
    return InputError(name, f"be {shape}", brief(values), remedy if rows else "Give a list or an array.")


def _placed(values: Any) -> Iterator[tuple[str, Any]]:
    """The entries of a list or of its rows, each with its place, as far as they could be numbers."""
    for row, entries in enumerate(values if _is_list(values) else (), start=1):
        if not _is_list(entries):
            yield f"entry {row}", entries
            continue
        for column, entry in enumerate(entries, start=1):
            yield f"row {row}, column {column}", entry


def _is_list(values: Any) -> bool:
    return isinstance(values, list | tuple) or (isinstance(values, np.ndarray) and values.ndim > 0)


def _uneven(name: str, rows: list[Any], lengths: list[int]) -> InputError:
    """The error for rows of several lengths: it blames the first row that has not the commonest length, and none in a tie."""
    counts = Counter(lengths).most_common()
    common = counts[0][0]
    odd = next(place for place, length in enumerate(lengths) if length != common)
    first, second = sorted((odd, lengths.index(common)))
    longer = rows[first if lengths[first] > lengths[second] else second]
    tie = counts[0][1] == counts[1][1]
    remedy = f"Correct row {first + 1} or row {second + 1}." if tie else f"Correct row {odd + 1}."
    if all(isinstance(entry, int) for entry in longer):
        remedy += f" {IF_COMMA}"
    noun = "number" if lengths[first] == 1 else "numbers"
    got = f"{lengths[first]} {noun} in row {first + 1} and {lengths[second]} in row {second + 1}"
    return InputError(name, "have rows of the same length", got, remedy)


def as_float(value: Any) -> float:
    """One number as a float, without a warning: PyTorch has one for the `float` of a tensor that is part of a graph.

    Parameters
    ----------
    value : a number, or an array or a tensor without dimensions. An object that is none of them may raise anything.
    """
    if getattr(value, "ndim", 0):
        raise TypeError("only one number can become a float")
    return float(value.item() if hasattr(value, "item") else value)


def positive(name: str, value: Any, remedy: str, *, zero: bool = False) -> float:
    """A value as a finite float above 0.

    Parameters
    ----------
    name : what the value is, for messages.
    value : a number.
    remedy : what to do about another value.
    zero : whether 0 is allowed too.

    Raises
    ------
    InputError
        If the value is not such a number. A boolean or a text is not a number.
    """
    rule = f"be a finite number {'of at least 0' if zero else 'above 0'}"
    if isinstance(value, bool | np.bool_ | str | bytes):
        raise InputError(name, rule, brief(value), number_remedy(value, remedy))
    try:
        number = as_float(value)
    except Exception:  # noqa: BLE001 - an object of the user's may raise anything
        raise InputError(name, rule, brief(value), remedy) from None
    if not math.isfinite(number) or number < 0 or (number == 0 and not zero):
        raise InputError(name, rule, brief(value), remedy)
    return number + 0.0  # which makes 0 of -0


def whole(name: str, value: Any, minimum: int, remedy: str, maximum: int | None = LARGEST_WHOLE) -> int:
    """A value as an int.

    Parameters
    ----------
    name : what the value is, for messages.
    value : a whole number; 2.0 and True are not whole numbers.
    minimum, maximum : the smallest and the largest value allowed; a maximum of None allows any.
    remedy : what to do about another value.

    Raises
    ------
    InputError
        If the value is not a whole number, or out of these bounds.
    """
    try:
        number = operator.index(value)
    except Exception:  # noqa: BLE001 - an object of the user's may raise anything
        number = minimum - 1
    if isinstance(value, bool | np.bool_) or number < minimum:
        rule = f"be a whole number of at least {minimum}"
        fits = isinstance(value, float | np.floating) and float(value).is_integer() and value >= minimum
        if fits and (maximum is None or value <= maximum):
            remedy = f"Write {int(value)}, without a decimal point or an exponent."
        raise InputError(name, rule, brief(value), number_remedy(value, remedy))
    if maximum is not None and number > maximum:
        raise InputError(name, f"be at most {maximum}", brief(value), remedy)
    return number


def generator(name: str, seed: Seed) -> np.random.Generator:
    """The random generator of a seed.

    Parameters
    ----------
    name : what the seed is, for messages.
    seed : a whole number from 0 on, or a `numpy.random.Generator`, which is given back.

    Raises
    ------
    InputError
        If the seed is neither.
    """
    return np.random.default_rng(checked_seed(name, seed))


def checked_seed(name: str, seed: Seed) -> Seed:
    """A seed, checked as `generator` does, which makes no generator of it: that takes longer than all else in a short descent.

    Parameters
    ----------
    name : what the seed is, for messages.
    seed : a whole number from 0 on, or a `numpy.random.Generator`.
    """
    if isinstance(seed, np.random.Generator):
        return seed
    return whole(name, seed, 0, "Give a whole number, or a numpy.random.Generator.", maximum=None)


def choice(name: str, value: Any, known: tuple[str, ...], synonyms: Mapping[str, str] | None = None) -> str:
    """A word from a list.

    Parameters
    ----------
    name : what the word is, for messages.
    value : the word.
    known : the words that are allowed.
    synonyms : other words in lower case, and the known word that each stands for, which a message proposes; or a sentence that says
        what to do.

    Raises
    ------
    InputError
        If the value is not among them; the message names the nearest.
    """
    if not isinstance(value, str) or value not in known:
        word = value if isinstance(value, str) else brief(value)
        other = (synonyms or {}).get(word.lower(), (synonyms or {}).get(re.sub(r"[\s_-]+", " ", word.strip().lower())))
        remedy = nearest(word, known) if other is None else f"Did you mean {other!r}?" if other in known else other
        raise InputError(name, f"be one of {', '.join(known)}", brief(value), remedy)
    return str(value)


def instance(name: str, value: Any, kind: type, remedy: str) -> None:
    """Raise an `InputError` if a value is not of a type.

    Parameters
    ----------
    name : what the value is, for messages.
    value : any value.
    kind : the type that it must have.
    remedy : what to do about a value of another type.
    """
    if not isinstance(value, kind):
        raise InputError(name, f"be a {kind.__name__}", brief(value), remedy)


def truth(name: str, value: Any) -> bool:
    """A value as a bool: an `InputError` for everything but True and False, so that no text or list counts as True.

    Parameters
    ----------
    name : what the value is, for messages.
    value : any value.
    """
    if not isinstance(value, bool | np.bool_):
        raise InputError(name, "be True or False", brief(value), "Give one of them.")
    return bool(value)


def function(name: str, value: Any, remedy: str) -> Any:
    """A value that can be called, as it is, or an `InputError`.

    Parameters
    ----------
    name : what the function is for, for messages.
    value : any value.
    remedy : what to do about a value that is none.
    """
    if not callable(value):
        raise InputError(name, "be a function", brief(value), remedy)
    return value


def text(name: str, value: Any, remedy: str = "Give a text in quotation marks.") -> str:
    """A value as a text, or an `InputError`.

    Parameters
    ----------
    name : what the value is, for messages.
    value : any value.
    remedy : what to do about a value that is none.
    """
    if not isinstance(value, str):
        raise InputError(name, "be a text", brief(value), remedy)
    return str(value)


def path(name: str, value: Any) -> Path:
    """A value as a path that the system can use; whether anything is there is not asked.

    Parameters
    ----------
    name : what the path leads to, as in "problem file".
    value : a text or a `pathlib.Path`; bytes and numbers (open files, for the system) are none.

    Raises
    ------
    InputError
        If the value is no path: another type, an empty text, or one with characters that no file name can have.
    """
    try:
        written = os.fspath(value)
        usable = isinstance(written, str) and written != "" and b"\0" not in os.fsencode(written)
    except Exception:  # noqa: BLE001 - an object of the user's may raise anything
        usable = False
    if not usable:
        raise InputError(name, "be a path", brief(value), "Give the name of a file or folder, as a text or a Path.")
    return Path(written)


def listed(name: str, values: Any, remedy: str) -> list[Any]:
    """The entries of a list, tuple, array or other iterable; a text is one value, and none.

    Parameters
    ----------
    name : what the values are, for messages.
    values : any value.
    remedy : what to do about a value that has no entries.
    """
    if not isinstance(values, str | bytes):
        try:
            return list(values)
        except Exception:  # noqa: BLE001, S110 - an object of the user's may raise anything
            pass
    raise InputError(name, "be a list", brief(values), remedy)


def texts(name: str, values: Any) -> list[str]:
    """Texts, such as names of inputs, as a list, or an `InputError`.

    Parameters
    ----------
    name : what the texts are, for messages.
    values : any value.
    """
    remedy = 'Give texts, as in ["length", "width"].'
    return [text(name, entry, remedy) for entry in listed(name, values, remedy)]


def numbers_by_name(name: str, values: Any) -> dict[Any, float]:
    """A mapping from names to finite numbers as a dictionary of its own; an empty one for None.

    Parameters
    ----------
    name : what the numbers are, for messages.
    values : any value.

    Raises
    ------
    InputError
        If it is no mapping, or a value is not a finite number.
    """
    if values is None:
        return {}
    rows = table(name, values, 'Give names with numbers, as in {"minimum": 0.5}.')
    return dict(zip(rows, numbers(name, list(rows.values()), 1).tolist(), strict=True)) if rows else {}


def table(name: str, values: Any, remedy: str) -> dict[Any, Any]:
    """A mapping as a dictionary of its own, or an `InputError`.

    Parameters
    ----------
    name : what the mapping is, for messages.
    values : any value.
    remedy : what to do about a value that is none.
    """
    instance(name, values, Mapping, remedy)
    return dict(values)
