"""[conventions]: how a problem writes delta, weights and biases."""

from __future__ import annotations

from deltarule.conventions import Conventions
from deltarule.problem.keys import KEYS
from deltarule.problem.section import Section


def read(keys: Section) -> Conventions:
    """What the keys of [conventions] say; the house's own conventions where they are left out.

    Parameters
    ----------
    keys : of [conventions].
    """
    with keys.pointing({f"convention of {key}": key for key in KEYS["conventions"]}):
        return Conventions(**{key: keys.get(key) for key in KEYS["conventions"]})
