"""A problem whose initial weights are printed rounded: whether an answer was worked from the weights behind them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np

from deltarule.marking.answer.given import Answer
from deltarule.marking.marks import Finding
from deltarule.marking.rework.exercise import COUNTS, Exercise
from deltarule.marking.rework.worksheet import Values, rework

# How far, in half units, figures may lie from those of the weights found: these are the best for all figures at once, and
# some figures may have been rounded on the variant.
SLACK = 1.5
SHARE = 0.95


def start_rounded(exercise: Exercise, answer: Answer, right: dict[str, Any]) -> tuple[Finding, Exercise] | None:
    """The finding and the exercise from weights that round to the problem's, if these explain the answer; else None.

    Looked for only where the synaptic inputs are off in many places, and nowhere by more than such weights can make them.
    """
    U = answer.parts.get("iteration.1.synaptic_inputs")
    if U is None or U.transposed or exercise.problem.init_seed is not None:
        return None
    half = 0.5 * 10.0 ** -max(_decimals(exercise.problem.layer.weights.tolist()), exercise.decimals)
    rows = exercise.batches(1, 1)[0]
    off = np.abs(U.values - right[U.name])
    most = half * np.abs(exercise.patterns.X[rows]).sum(axis=1, keepdims=True) + U.half
    bad = off > U.half * (1 + 1e-6)
    if np.nanmax(off - most) > 1e-9 or min(bad.any(axis=1).sum(), bad.any(axis=0).sum()) < 2:
        return None
    given = {
        name: part for name, part in answer.parts.items()
        if name.startswith("iteration.1.") and name.split(".")[-1] not in COUNTS and not part.transposed
    }  # fmt: skip
    names = list(given)

    def other(flat: Values) -> Exercise:
        layer = exercise.layer
        return exercise.having(layer=layer.with_parameters(flat.reshape(layer.weights.shape), layer.biases))

    def deviations(flat: Values) -> Values:
        worked = rework(other(flat), [1], {})
        apart = [(given[name].values - worked[name]) / given[name].half for name in names]
        return np.concatenate([np.ravel(each)[~np.isnan(np.ravel(each))] for each in apart])

    from scipy.optimize import least_squares

    start = exercise.layer.weights.ravel()
    # Beyond its rounding a figure counts little more, so that one slip does not decide.
    found = least_squares(deviations, start, bounds=(start - half, start + half), loss="soft_l1")
    close = np.abs(deviations(found.x)) <= SLACK
    if close.mean() < SHARE or close.sum() <= bad.sum():
        return None
    change = float(np.abs(found.x - start).max())
    why = (
        "The initial weights of the problem are rounded: from others that round to them (no entry changed by more than "
        f"{change:.4f}) come your figures. This is no mistake of yours."
    )
    named = Finding(
        "start-rounded", U.name, why, "Your initial weights have more decimals than the problem's.", is_mistake=False
    )
    return named, other(found.x)


def _decimals(rows: Any) -> int:
    """The most decimals of any entry."""
    exponents = [Decimal(str(entry)).as_tuple().exponent for row in rows for entry in row]
    return max(max(0, -e) if isinstance(e, int) else 0 for e in exponents)
