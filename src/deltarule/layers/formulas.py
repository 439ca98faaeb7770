"""The formulas of layers as users call them: what is given is checked, and no warning of NumPy's is shown.

Of each formula that a class of layers defines, `activate` for example, the class keeps two: `activate`, which checks, and
`unchecked_activate` as it was written, which engines and other formulas call, so that an update takes no longer.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np

from deltarule.checks import brief, instance, numbers, positive, truth
from deltarule.errors import DeltaruleError, InputError
from deltarule.layers.patterns import Labelled, Patterns

FORMULAS = (
    *(
        "activate",
        "decide",
        "decode",
        "wrong",
        "pattern_cost",
        "output_cost",
        "worked_cost",
        "says_yes",
        "output_delta",
        "output_change",
        "output_slope",
    ),
    *("pattern_delta", "pattern_curvature", "slope", "slope_change", "scaled_delta", "evaluate", "scale"),
)
# What the arguments are called in messages.
MATRICES = {
    "U": "synaptic inputs",
    "Y": "outputs",
    "D": "desired outputs",
    "V": "changes of the synaptic inputs",
    "values": "synaptic inputs or outputs",
}


def guard(kind: type) -> None:
    """Check what is given to the formulas that a class of layers defines itself, and keep each as it was written.

    Parameters
    ----------
    kind : the class; it is changed.
    """
    for name in FORMULAS:
        formula = getattr(kind, name, None)  # of a base that is no layer, too
        if inspect.isfunction(formula):
            # `wraps` of a user's decorator copies `as_written`: it is that of a checked one only if this wraps it itself.
            as_written = getattr(formula, "as_written", None)
            written = as_written if as_written and as_written is getattr(formula, "__wrapped__", None) else formula
            if getattr(kind, f"unchecked_{name}", None) is not written:
                setattr(kind, f"unchecked_{name}", written)
            if written is formula:
                setattr(kind, name, _guarded(formula))


def _guarded(formula: Callable[..., Any]) -> Callable[..., Any]:
    signature = inspect.signature(formula)

    @wraps(formula)
    def checked(*args: Any, **kwargs: Any) -> Any:
        bound = signature.bind(*args, **kwargs)
        arguments = bound.arguments
        for name in tuple(arguments)[1:]:
            arguments[name] = _argument(name, arguments[name])
        try:
            with np.errstate(all="ignore"):
                return formula(*bound.args, **bound.kwargs)
        except DeltaruleError:
            raise
        except (TypeError, ValueError, IndexError) as error:
            given = ", ".join(f"{name} {np.shape(arguments[name])}" for name in arguments if name in MATRICES)
            raise InputError(
                f"arguments of {formula.__name__}",
                "fit the layer and each other: one row a pattern, one column a neuron",
                given or brief(tuple(arguments.values())[1:]),
                "Give (P, K) arrays.",
            ) from error

    checked.as_written = formula  # type: ignore[attr-defined]
    return checked


def _argument(name: str, value: Any) -> Any:
    if name == "patterns" and not isinstance(value, Labelled):
        instance("patterns", value, Patterns, "Make them by layer.patterns(X, targets).")
    if name in MATRICES and not (isinstance(value, np.ndarray | np.floating) and value.dtype.kind == "f"):
        return numbers(MATRICES[name], value, 2)
    if name == "weight_decay":
        return positive("weight decay", value, "Give 0 for none.", zero=True)
    if name == "threshold":
        return float(numbers("threshold", [value], 1)[0])
    if name == "decay_biases":
        return truth("decay_biases", value)
    return numbers("sample weights", value, 1) if name == "weights" else value
