"""The layer of least cost on the patterns of a table, with a certificate, where no descent is wanted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from deltarule.analysis.near_limit import near_limit
from deltarule.analysis.optimum import OptimumOutcome, optimum_of
from deltarule.checks import Matrix, brief
from deltarule.descent import Descent
from deltarule.errors import InputError
from deltarule.exact_fit import ExactFit
from deltarule.layers import Layer

# What of the options of a descent makes the cost; the seed draws the split and the first layer.
OF_THE_COST = ("reduction", "weight_decay", "decay_biases", "seed")
ENDLESS = (OptimumOutcome.SEPARABLE, OptimumOutcome.QUASI_SEPARABLE, OptimumOutcome.ONE_SIDED)


def least_cost(layer: Layer, X: Matrix, targets: Any, cost: Descent) -> tuple[Layer, ExactFit, tuple[str, ...]]:
    """The layer of least cost, what certifies it, and remarks.

    Where the cost has no minimum, since the classes are separable, say, the layer is one near the limit of the cost.

    Parameters
    ----------
    layer : where to start.
    X, targets : the training patterns as the layer takes them.
    cost : what is minimised, of `cost_of`.

    Raises
    ------
    InputError
        If the layer has no such cost, or the optimum does not fit float64.

    Examples
    --------
    >>> from deltarule import LinearLayer
    >>> layer, found, _ = least_cost(LinearLayer([[0.0]], [0.0]), [[0.0], [1.0], [2.0]], [[1.0], [3.0], [5.0]], cost_of({}))
    >>> layer.weights.round(6).tolist(), layer.biases.round(6).tolist(), found.outcome
    ([[2.0]], [1.0], 'minimum')
    """
    patterns = layer.patterns(X, targets)
    found = optimum_of(layer, patterns, cost)
    remarks = []
    if found.outcome in ENDLESS:
        kept = near_limit(layer, patterns, cost)
        remarks.append(
            "There is no least cost, so the layer is near the limit: its outputs are within about 1e-6 of it. "
            "With --weight-decay 0.001 (weight_decay=0.001) there is a least cost"
        )
    elif found.layer is None:
        remedy = "Give them in another unit, or standardise them."
        raise InputError("inputs", "have an optimum that fits float64", str(found), remedy)
    else:
        kept = found.layer
    certificate = ExactFit(
        found.outcome.key,
        str(found),
        found.attained,
        float(found.cost),
        float(found.gradient_norm),
        float(found.excess),
        float(found.distance),
        np.array(found.costs),
        cost.reduction,
        cost.weight_decay,
        cost.decay_biases,
        len(X),
    )
    return kept, certificate, tuple(remarks)


def cost_of(given: Mapping[str, Any]) -> Descent:
    """What of the options of a descent makes the cost.

    Parameters
    ----------
    given : by name: `reduction` ("mean" where it is left out), `weight_decay`, `decay_biases`; None for others.

    Raises
    ------
    InputError
        If another one is given, which would do nothing.
    """
    asked = {name: value for name, value in given.items() if value is not None and value is not False}
    odd = next((name for name in asked if name not in OF_THE_COST), None)
    if odd is not None:
        raise InputError(
            odd,
            "be left out with the exact solver, which makes no descent",
            brief(asked[odd]),
            "Leave it out, or choose the descent (--solver descent).",
        )
    return Descent(1.0, 1, **{"reduction": "mean", **{name: each for name, each in asked.items() if name != "seed"}})
