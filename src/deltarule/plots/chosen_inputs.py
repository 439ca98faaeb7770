"""Which two inputs span a plane, and where the others stand in it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

from deltarule.checks import brief, listed, numbers, texts, whole
from deltarule.errors import InputError, nearest
from deltarule.printable import printable
from deltarule.typeset.columns import cut
from deltarule.typeset.figures import true_minus

# So many given values are written out in a figure; of more only their number is.
WRITTEN = 3
LONGEST = 24  # letters of a name in a note
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def numbered(count: int) -> list[str]:
    """x₁, x₂, ...: what inputs are called that have no names.

    Parameters
    ----------
    count : how many.

    Examples
    --------
    >>> numbered(2)
    ['x₁', 'x₂']
    """
    return [f"x{n}".translate(_SUBSCRIPTS) for n in range(1, count + 1)]


def pair_of(inputs: Any, names: Sequence[Hashable]) -> list[int]:
    """The places of the two inputs that span the plane.

    Parameters
    ----------
    inputs : two inputs, each by its place, counted from 0, or by its name.
    names : (N,) of all inputs.

    Raises
    ------
    InputError
        If they are not two different ones of the inputs.

    Examples
    --------
    >>> pair_of(["width", 0], ["length", "width"])
    [1, 0]
    """
    pair = [_place(each, names) for each in listed("inputs of the plane", inputs, "Give two, as in (0, 1).")]
    if len(pair) != 2 or pair[0] == pair[1] or max(pair) >= len(names):
        rule = f"be two different ones of the {len(names)} inputs, counted from 0"
        raise InputError("inputs of the plane", rule, tuple(inputs), "Give two, as in (0, 1).")
    return pair


def _place(given: Any, names: Sequence[Hashable]) -> int:
    """The place of an input that is given by its place or its name."""
    if not isinstance(given, str):
        return whole("input of the plane", given, 0, "Inputs are counted from 0.")
    words = [str(name) for name in names]
    if words.count(given) != 1:
        raise InputError("input of the plane", "be the name of one input", repr(given), nearest(given, words))
    return words.index(given)


def given_values(at: Any, names: Sequence[Hashable]) -> dict[int, Any]:
    """The values that are given for inputs, by their places.

    Parameters
    ----------
    at : (N,) numbers, of which those of the plane do not matter; or {name or place: value} for some; None for none.
    names : (N,) of all inputs.

    Raises
    ------
    InputError
        If an input is not known, or there are not N numbers.

    Examples
    --------
    >>> given_values({"width": 2.5}, ["length", "width"]), given_values([1, 2], ["length", "width"])
    ({1: 2.5}, {0: 1.0, 1: 2.0})
    """
    if at is None:
        return {}
    if isinstance(at, Mapping):
        values = {_place(name, names): value for name, value in at.items()}
        if values and max(values) >= len(names):
            rule = f"be for some of the {len(names)} inputs, counted from 0"
            raise InputError("place of the other inputs", rule, max(values), "Give {input: value}.")
        return values
    row = numbers("place of the other inputs", at, 1)
    if len(row) != len(names):
        rule = f"have {len(names)} numbers, one for each input"
        raise InputError("place of the other inputs", rule, len(row), "Leave it out for the means.")
    return dict(enumerate(row.tolist()))


def axis_names(names: Any, pair: Sequence[int], known: Sequence[Hashable]) -> tuple[str, str]:
    """The names of the two axes.

    Parameters
    ----------
    names : as a user gives them, two; None: those of the inputs.
    pair : the places of the two inputs.
    known : (N,) the names of all inputs.

    Raises
    ------
    InputError
        If there are not two.
    """
    named = [str(known[place]) for place in pair] if names is None else texts("names", names)
    if len(named) != 2:
        raise InputError("names", "be two, one for each axis", len(named), "Name the two inputs of the plane.")
    return named[0], named[1]


def note_of_others(
    given: Mapping[int, Any], means: Mapping[int, float], pair: Sequence[int], names: Sequence[Hashable]
) -> str:
    """What a figure says of the inputs that do not span the plane; "" where there are none.

    Parameters
    ----------
    given : the values given, by places.
    means : the means of the others, by places.
    pair : the places of the two inputs of the plane.
    names : (N,) of all inputs.

    Examples
    --------
    >>> note_of_others({2: 0.5}, {3: 1.25, 4: 7.0}, (0, 1), "abcde")
    'c = 0.5, the other 2 inputs at their means'
    >>> note_of_others({}, {2: 1.25}, (0, 1), "abc")
    'c at its mean, 1.25'
    """
    stated = {place: value for place, value in given.items() if place not in pair}
    averaged = {place: value for place, value in means.items() if place not in pair and place not in given}
    parts = [f"{_short(names[place])} = {_value(value)}" for place, value in stated.items()]
    if len(stated) > WRITTEN:
        parts = [f"{len(stated):,} inputs at given values"]
    if len(averaged) == 1:
        ((place, mean),) = averaged.items()
        parts.append(f"{_short(names[place])} at its mean, {_value(mean)}")
    elif averaged:
        parts.append(f"the other {len(averaged):,} inputs at their means")
    return ", ".join(parts)


def _short(name: Hashable) -> str:
    return cut(printable(str(name)), LONGEST)


def _value(value: Any) -> str:
    if isinstance(value, str):
        return _short(value)
    return true_minus(f"{value:.4g}") if isinstance(value, int | float) else brief(value)
