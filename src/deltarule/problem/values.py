"""Numbers of a problem file as they were written. A message names the place of what is not a number, and sees decimal commas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from deltarule.checks import IF_COMMA, Matrix, brief, number_remedy, numbers
from deltarule.errors import InputError


def matrix(name: str, value: Any) -> Matrix:
    """A list of rows of numbers, all of the same length, as a matrix.

    Parameters
    ----------
    name : what the value is, for messages.
    value : as the TOML reader gave it. A boolean is not a number.

    Raises
    ------
    InputError
        If it is not such a list.
    """
    for place, row in enumerate(value if isinstance(value, list) else (), start=1):
        if isinstance(row, list):
            only_numbers(name, row, f"row {place}, column")
    return numbers(name, value, 2)


def only_numbers(name: str, values: Any, place: str, remedy: str = "Write a number there.") -> Any:
    """The values, if the list holds numbers and lists only.

    Parameters
    ----------
    name : what the values are, for messages.
    values : as the TOML reader gave them.
    place : what stands before the number of an entry in a message, as in "row 2, column".
    remedy : for any other value.
    """
    for at, value in enumerate(values if isinstance(values, list) else (), start=1):
        if isinstance(value, bool) or not isinstance(value, int | float | list):
            raise InputError(name, "hold numbers only", f"{brief(value)} in {place} {at}", number_remedy(value, remedy))
    return values


@contextmanager
def noticing_commas(written: Mapping[str, tuple[Any, int]]) -> Iterator[None]:
    """Add a sentence to an `InputError` where commas may stand for decimal points, as in [0,5, 1,25].

    Parameters
    ----------
    written : for each name of an `InputError`: a list of numbers, or a list of rows, as the TOML reader gave it, and how many
        numbers fit (in each row).
    """
    try:
        yield
    except InputError as error:
        values, required = written.get(error.name, (None, 0))
        if not may_have_commas(values, required):
            raise
        raise InputError(error.name, error.rule, error.got, f"{error.remedy} {IF_COMMA}") from None


def may_have_commas(written: Any, required: int) -> bool:
    """Whether whole numbers stand where half as many numbers fit, so that each may be one side of a decimal comma.

    Parameters
    ----------
    written : a list of numbers, or a list of rows, as the TOML reader gave it; anything else may not.
    required : how many numbers fit (in each row).
    """
    rows = written if isinstance(written, list) and written and isinstance(written[0], list) else [written]
    return required > 0 and all(
        isinstance(row, list)
        and len(row) == 2 * required
        and all(isinstance(value, int) and not isinstance(value, bool) for value in row)
        and min(row[1::2]) >= 0  # a sign stands before a number, never behind its comma
        for row in rows
    )
