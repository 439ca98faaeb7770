"""NumPy's values as Python's, for JSON."""

from __future__ import annotations

import math
from typing import Any

import numpy as np


def json_value(value: Any) -> Any:
    """NumPy's values as Python's, for `json.dump`.

    Parameters
    ----------
    value : a value, or dicts and lists of values at any depth. NaN and infinity, which JSON lacks, become None.

    Examples
    --------
    >>> json_value({"cost": np.float64(0.5), "classes": ("A", 1), "rest": np.array([1.0, np.nan])})
    {'cost': 0.5, 'classes': ['A', 1], 'rest': [1.0, None]}
    """
    if isinstance(value, dict):
        return {str(key): json_value(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [json_value(item) for item in value]
    if isinstance(value, np.ndarray):
        return json_value(value.tolist())
    if isinstance(value, np.generic):
        return json_value(value.item())
    if not isinstance(value, str | int | float | None):
        return str(value)  # a label of another kind
    return None if isinstance(value, float) and not math.isfinite(value) else value
