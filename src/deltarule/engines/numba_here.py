"""Whether Numba is installed. It does not exist where Python runs in a browser; the direct engine then works in its place."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec


@cache
def has_numba() -> bool:
    """Whether Numba is installed; it is not imported for the question."""
    try:
        return find_spec("numba") is not None
    except ImportError:
        return False


def usable(engine: str) -> str:
    """The engine that runs where this one is asked for: "direct" for "compiled" where there is no Numba.

    Parameters
    ----------
    engine : "direct", "autograd" or "compiled".
    """
    return "direct" if engine == "compiled" and not has_numba() else engine
