"""Records whose arrays cannot be written, and cannot be in copies either."""

from __future__ import annotations

from typing import Any

import numpy as np

# Most values of a record are of these types, which hold no arrays.
_WITHOUT_ARRAYS = frozenset((int, float, bool, str, type(None)))


def frozen(value: Any) -> Any:
    """A value whose arrays cannot be written: of an array a view that is read-only, so that the array of a caller stays as it is.

    Parameters
    ----------
    value : an array, or tuples and dicts of arrays at any depth; anything else stays as it is.

    Examples
    --------
    >>> given = np.zeros(2)
    >>> frozen((given, "a"))[0].flags.writeable, given.flags.writeable
    (False, True)
    """
    if isinstance(value, np.ndarray):
        if value.flags.writeable:
            value = value.view()
            value.flags.writeable = False
        return value
    if isinstance(value, tuple):
        items = map(frozen, value)
        return value._make(items) if hasattr(value, "_make") else tuple(items)
    if type(value) is dict:
        return {key: frozen(item) for key, item in value.items()}
    return value


class Immutable:
    """A record (a frozen dataclass) whose arrays are read-only, from the start and in each copy of it.

    NumPy forgets that an array is read-only where it is pickled or deeply copied; `pickle`, `copy` and `joblib` all come
    through `__setstate__`.
    """

    __slots__ = ()

    def __post_init__(self) -> None:
        own = vars(self)
        for name, value in own.items():
            if type(value) not in _WITHOUT_ARRAYS:
                own[name] = frozen(value)

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(frozen(state))
