"""Figures about a trained layer that follow from others of the answer: R2 from the mean square error, accuracy from errors."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from deltarule.marking.rework.candidate_layers import CandidateLayers
from deltarule.parts import PartName

Values = NDArray[Any]


def from_own_figures(candidates: CandidateLayers, name: PartName) -> tuple[Values, Values] | None:
    """What a part is from the answer's own other figures, and how much their rounding leaves open; None where nothing tells it.

    Parameters
    ----------
    candidates : the parts given, and the patterns.
    name : of the part.
    """
    which, measure = name.set_and_measure
    if name.table == "metrics" and measure == "r2":
        mse = candidates.given.get(PartName("metrics", None, f"{which}_mse"))
        if mse is None or not mse.values.any():
            return None
        spread = target_variances(candidates, which)
        return 1 - mse.values / spread, mse.half / spread
    if name.table == "metrics" and measure == "accuracy":
        errors = candidates.given.get(PartName("metrics", None, f"{which}_errors"))
        count = len(candidates.patterns_of(which).X)
        return None if errors is None else (1 - errors.values / count, np.zeros(()))
    if name == "convergence.errors":
        return _errors(candidates)
    return None


def moved_by_outputs(candidates: CandidateLayers, name: PartName, half: Values) -> Values:
    """The deviation that rounded outputs give a mean square error or R2; 0 for other parts.

    Each output is off by h / sqrt(3), in the mean square. So the mean of P squares e^2 is off by 2 sqrt(mean e^2 / P) h / sqrt(3).

    Parameters
    ----------
    candidates : the parts given, and the patterns.
    name : of the part.
    half : h, half a unit of the figures that are written.
    """
    which, measure = name.set_and_measure
    if name.table != "metrics" or measure not in ("mse", "r2"):
        return np.zeros(())
    mse = candidates.figure(PartName("metrics", None, f"{which}_mse"), candidates.right)
    deviation = 2 * np.sqrt(mse / len(candidates.patterns_of(which).X)) * half / np.sqrt(3)
    return np.asarray(deviation / (target_variances(candidates, which) if measure == "r2" else 1.0))


def target_variances(candidates: CandidateLayers, which: str) -> Values:
    """(K,) the variances of the targets of a set, in their own units.

    Parameters
    ----------
    candidates : the patterns.
    which : "training" or "test".
    """
    D, scaling = candidates.patterns_of(which).D, candidates.exercise.problem.target_scaling
    found: Values = np.asarray(D if scaling is None else scaling.undo(D), float).var(axis=0)
    return found


def _errors(candidates: CandidateLayers) -> tuple[Values, Values] | None:
    """The errors from the answer's own predicted classes."""
    predicted = candidates.given.get(PartName("convergence", None, "predicted"))
    if predicted is None or not predicted.complete:
        return None
    exercise = candidates.exercise
    return np.asarray(exercise.is_wrong(predicted.values, exercise.patterns.D).sum(), float), np.zeros(())
