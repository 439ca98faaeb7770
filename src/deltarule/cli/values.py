"""Lists of values as options of commands: 0.01,0.1,1, or LOW:HIGH:COUNT, a range by equal factors."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from deltarule.errors import InputError

# A range of more values than this is a slip.
MAXIMUM_VALUES = 100_000


def listed(name: str, text: str, what: str, read: Callable[[str], Any], example: str) -> list[Any]:
    """The values of a text with commas between.

    Parameters
    ----------
    name : of the values, for messages.
    text : the option.
    what : its parts are, as in "numbers".
    read : turns one part into a value, or into a list of them.
    example : of such a text, for messages.

    Raises
    ------
    InputError
        If a part cannot be read.
    """
    found = []
    for part in text.split(","):
        try:
            value = read(part.strip())
        except InputError:  # is a `ValueError`, but says more
            raise
        except ValueError:
            rule = f"be {what} with commas between them"
            raise InputError(name, rule, repr(part), f"Write them without spaces, as in {example}.") from None
        found += value if isinstance(value, list) else [value]
    return found


def number_list(name: str, text: str) -> list[float]:
    """The numbers of a text, ranges included; the parameters are those of `listed`.

    Examples
    --------
    >>> number_list("learning rates", "0.5,0.01:1:3")
    [0.5, 0.01, 0.1, 1.0]
    """
    from deltarule.checks import IF_COMMA

    if re.search(r",0\d", text):  # no number of a list is written so: 0,05 was to be one number
        raise InputError(name, "have a point before their decimals", repr(text), IF_COMMA)
    return listed(name, text, "numbers", lambda part: _range(name, part), "0.01,0.1,1 or 1e-3:1:10")


def whole_list(name: str, text: str) -> list[int]:
    """The whole numbers of a text; the parameters are those of `listed`.

    Examples
    --------
    >>> whole_list("epochs", "100,1000")
    [100, 1000]
    """
    return listed(name, text, "whole numbers", int, "100,1000")


def batch_size_list(name: str, text: str) -> list[int | None]:
    """The batch sizes of a text, "all" as None, the full batch; the parameters are those of `listed`.

    Examples
    --------
    >>> batch_size_list("batch sizes", "2,4,all")
    [2, 4, None]
    """
    return listed(name, text, "whole numbers (or all)", lambda part: None if part == "all" else int(part), "2,4,8,all")


def share_or_count(name: str, text: str) -> float:
    """A share between 0 and 1, or a whole number of patterns.

    Parameters
    ----------
    name : of the share, for messages.
    text : the option.

    Examples
    --------
    >>> share_or_count("validation share", "0.2"), share_or_count("validation share", "15")
    (0.2, 15)
    """
    try:
        return int(text) if text.isdigit() else float(text)
    except ValueError:
        raise InputError(
            name, "be a share between 0 and 1, or a whole number of patterns", repr(text), "Try 0.2."
        ) from None


def _range(name: str, part: str) -> list[float]:
    """A number, or LOW:HIGH:COUNT: that many numbers from low to high by equal factors."""
    if ":" not in part:
        return [float(part)]
    import numpy as np

    from deltarule.checks import positive, whole

    remedy = "Write LOW:HIGH:COUNT, as in 1e-3:1:10."
    low, high, *counts = part.split(":")
    ends = float(low), float(high)
    if not counts:
        raise InputError(
            f"range of {name}", "say how many values it has", repr(part), f"Write LOW:HIGH:COUNT, as in {part}:10."
        )
    (count,) = counts
    first, last = (positive(f"range of {name}", end, remedy) for end in ends)
    steps = whole(f"count of a range of {name}", int(count), 2, remedy, maximum=MAXIMUM_VALUES)
    found: list[float] = np.geomspace(first, last, steps).tolist()
    return found
