"""How a layer was found that no descent trained: at the minimum of its cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from deltarule.checks import Vector, numbers
from deltarule.json_values import json_value
from deltarule.views import Shown


@dataclass(frozen=True, eq=False)
class ExactFit(Shown):
    """What is kept of the optimum in whose place a model stands: its cost, and the certificate of how near it is.

    Attributes
    ----------
    outcome : the key of the outcome, as in "minimum" or "separable"; see `deltarule.analysis.optimum.OptimumOutcome`.
    message : what was found, in a sentence.
    attained : whether a minimum is certified.
    cost : J there; where there is no minimum, what the cost falls towards.
    gradient_norm, excess, distance : the certificate, as in `deltarule.Optimum`; NaN where it is not known.
    costs : J on the way there.
    reduction, weight_decay, decay_biases : what makes the cost, as in `deltarule.Descent`.
    patterns : how many training patterns.
    """

    outcome: str
    message: str
    attained: bool
    cost: float
    gradient_norm: float
    excess: float
    distance: float
    costs: Vector
    reduction: str
    weight_decay: float
    decay_biases: bool
    patterns: int

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON; what is not known is None."""
        return {each.name: json_value(getattr(self, each.name)) for each in fields(self)}


def exact_fit_from(document: Mapping[str, Any]) -> ExactFit:
    """What `ExactFit.to_dict` wrote.

    Parameters
    ----------
    document : what it gave.
    """
    figures = [document[name] for name in ("cost", "gradient_norm", "excess", "distance")]
    cost, norm, excess, distance = (np.nan if figure is None else float(figure) for figure in figures)
    return ExactFit(
        str(document["outcome"]),
        str(document["message"]),
        bool(document["attained"]),
        cost,
        norm,
        excess,
        distance,
        numbers("costs of an exact fit", document["costs"], 1, np.float64),
        str(document["reduction"]),
        float(document["weight_decay"]),
        bool(document["decay_biases"]),
        int(document["patterns"]),
    )
