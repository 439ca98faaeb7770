"""NumPy's values as Python's, for JSON; and the text of a JSON document."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np

from deltarule.printable import json_safe


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


def json_text(document: Any, indent: int | None = None) -> str:
    r"""A document as the text of one JSON value, which can be shown on a terminal: all scripts as they are, controls escaped.

    Parameters
    ----------
    document : as for `json_value`.
    indent : spaces a level; None: all on one line.

    Examples
    --------
    >>> print(json_text({"class": "名\x1b[31m\x9b", "cost": float("inf")}))
    {"class": "名\u001b[31m\u009b", "cost": null}
    """
    return json_safe(json.dumps(json_value(document), allow_nan=False, ensure_ascii=False, indent=indent))
