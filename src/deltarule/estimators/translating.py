"""The parameters of scikit-learn's estimators as those of the estimators here, so that both have the same cost."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from deltarule.checks import brief
from deltarule.errors import InputError

Parameters = Mapping[str, Any]
# Those that mean the same there and here.
SHARED = ("fit_intercept", "class_weight", "warm_start", "random_state")
L1 = "L1 is not supported: give penalty='l2', l1_ratio=0, or penalty=None."


def _refuse(name: str, rule: str, got: Any, remedy: str) -> None:
    raise InputError(f"parameter {name}", rule, brief(got), remedy)


def _logistic(given: Parameters) -> Parameters:
    """J = C sum cost + 1/2 sum W^2 there: 1/C of the sum here."""
    penalty, ratio = given.get("penalty"), given.get("l1_ratio")
    if penalty in ("l1", "elasticnet") or ratio not in (None, 0):
        _refuse("penalty", "be L2", penalty if penalty in ("l1", "elasticnet") else f"l1_ratio={ratio}", L1)
    decay = 0.0 if penalty is None or math.isinf(given["C"]) else 1 / given["C"]
    if given["solver"] != "liblinear" or not given["fit_intercept"]:
        return {"weight_decay": decay}
    if given["intercept_scaling"] != 1:
        _refuse("intercept_scaling", "be 1", given["intercept_scaling"], "Biases have the decay of weights here.")
    return {"weight_decay": decay, "decay_biases": True}


def _ridge(given: Parameters) -> Parameters:
    """J = sum (d - y)^2 + alpha sum W^2 there, twice that of here."""
    if given["positive"]:
        _refuse("positive", "be False", True, "Bounds on weights are not supported.")
    try:
        return {"weight_decay": float(given["alpha"])}
    except TypeError:
        _refuse("alpha", "be one number", given["alpha"], "Make an estimator for each target variable.")
        raise


def _least_squares(given: Parameters) -> Parameters:
    if given["positive"]:
        _refuse("positive", "be False", True, "Bounds on weights are not supported.")
    return {"weight_decay": 0.0}


def _sgd(loss: str) -> Callable[[Parameters], Parameters]:
    """J = (1/P) sum cost + alpha/2 sum W^2, there and here."""

    def translate(given: Parameters) -> Parameters:
        if given["loss"] != loss:
            _refuse("loss", f"be {loss}", given["loss"], "Other costs are not supported.")
        if given["penalty"] not in ("l2", None):
            _refuse("penalty", "be L2", given["penalty"], L1)
        return {"weight_decay": given["alpha"] if given["penalty"] else 0.0, "reduction": "half-mean"}

    return translate


# The estimators of scikit-learn, by name, whose costs each estimator here has.
TABLE: dict[str, dict[str, Callable[[Parameters], Parameters]]] = {
    "SoftmaxClassifier": {"LogisticRegression": _logistic},
    "LogisticClassifier": {"LogisticRegression": _logistic, "SGDClassifier": _sgd("log_loss")},
    "LinearLayerRegressor": {
        "LinearRegression": _least_squares,
        "Ridge": _ridge,
        "SGDRegressor": _sgd("squared_error"),
    },
}


def translated(kind: str, estimator: Any) -> dict[str, Any]:
    """The parameters of an estimator here that has the cost of one of scikit-learn's.

    Parameters
    ----------
    kind : the name of the estimator here.
    estimator : that of scikit-learn; whether it is fitted does not matter.

    Raises
    ------
    InputError
        If there is no such estimator here, or a parameter has no counterpart.
    """
    known, name = TABLE.get(kind, {}), type(estimator).__name__
    if name not in known:
        others = [each for each, names in TABLE.items() if name in names]
        remedy = f"Use {' or '.join(others)}." if others else "Give its parameters by hand."
        raise InputError("estimator", f"have a cost of {kind}: {', '.join(known) or 'none has'}", name, remedy)
    given = estimator.get_params()
    return {each: given[each] for each in SHARED if each in given} | dict(known[name](given))
