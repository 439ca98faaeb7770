"""Arrays that scikit-learn's checks give back as they are, so that these need not be asked: they take as long as a small fit."""

from __future__ import annotations

from typing import Any

import numpy as np


def is_plain(X: Any, y: Any, *, labels: bool) -> bool:
    """Whether inputs and targets are finite numbers (or labels) in arrays, as many rows of one as of the other.

    Parameters
    ----------
    X : inputs.
    y : targets.
    labels : whether the targets are labels.

    Examples
    --------
    >>> is_plain(np.ones((2, 1)), np.array(["a", "b"]), labels=True), is_plain([[1.0], [2.0]], ["a", "b"], labels=True)
    (True, False)
    """
    return (
        _is_array(X, (2,), "f")
        and X.dtype.char in "fd"
        and X.size > 0
        and (is_labels(y) if labels else _is_array(y, (1, 2), "iuf") and y.size > 0 and _is_finite(y))
        and len(X) == len(y)
        and _is_finite(X)
    )


def is_labels(y: Any) -> bool:
    """Whether targets `y` are an array of whole numbers, truth values or texts, (P,): labels, none of them missing."""
    return _is_array(y, (1,), "iubU")


def _is_array(values: Any, dimensions: tuple[int, ...], kinds: str) -> bool:
    return type(values) is np.ndarray and values.ndim in dimensions and values.dtype.kind in kinds


def _is_finite(values: Any) -> bool:
    """Whether a sum of numbers is finite, and so all of them; of finite ones it may overflow, and is asked about further."""
    with np.errstate(all="ignore"):
        return bool(np.isfinite(values.sum(dtype=None if values.dtype.char != "f" else np.float64)))
