"""A problem whose initial weights are printed rounded: whether an answer was worked from the weights behind them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np

from deltarule.marking.given import Answer
from deltarule.marking.marks import Finding
from deltarule.marking.mistakes.recognised import START_ROUNDED
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.ingredients import Values
from deltarule.marking.rework.tolerance import within
from deltarule.marking.rework.worksheet import Reworked, rework

# Figures may differ by 1.5 half units from those of the weights found: these are the best for all figures at once, and some
# figures may have been rounded on the way.
SLACK = 1.5
# 95% of the figures must agree then; a twentieth may be slips.
SHARE = 0.95
# U must be off in at least 2 rows and 2 columns: a slip, or a number that was copied wrongly, is off in one.
SEVERAL = 2
# Half units by which a figure is off at most, as the solver sees it: the squares of larger ones would overflow in it.
FARTHEST = 1e6


def start_rounded(exercise: Exercise, answer: Answer, right: Reworked) -> tuple[Finding, Exercise] | None:
    """The finding, and the exercise from weights that round to the problem's, if these explain the answer; else None.

    Looked for only where the synaptic inputs are off in several rows and columns, and nowhere by more than such weights allow.

    Parameters
    ----------
    exercise, answer : the answer that is marked, and the exercise that it answers.
    right : the right figures of the parts of the answer's iterations.
    """
    U = answer.part(1, "synaptic_inputs")
    if U is None or U.transposed or exercise.problem.init_seed is not None:
        return None
    half = 0.5 * 10.0 ** -max(_decimals(exercise.problem.layer.weights.tolist()), exercise.decimals)
    allowed = half * np.abs(exercise.patterns.X[exercise.batch(1)]).sum(axis=1, keepdims=True) + U.half
    wrong = U.known & ~within(U.values, right[U.name], U.half)
    too_wrong = U.known & ~within(U.values, right[U.name], allowed)
    if too_wrong.any() or min(wrong.any(axis=1).sum(), wrong.any(axis=0).sum()) < SEVERAL:
        return None
    given = {
        name: part for name, part in answer.of_iterations([1]).items() if not name.is_count and not part.transposed
    }

    def from_weights(flat: Values) -> Exercise:
        layer = exercise.layer
        return exercise.with_layer(layer.with_parameters(flat.reshape(layer.weights.shape), layer.biases))

    def half_units(flat: Values) -> Values:
        worked = rework(from_weights(flat), [1])
        apart = [np.ravel((part.values - worked[name]) / part.half) for name, part in given.items()]
        known = np.concatenate([each[np.ravel(part.known)] for each, part in zip(apart, given.values(), strict=True)])
        bounded: Values = np.clip(np.nan_to_num(known, nan=FARTHEST), -FARTHEST, FARTHEST)
        return bounded

    from scipy.optimize import least_squares

    start = exercise.layer.weights.ravel()
    # With this loss a figure counts little more once it is off by more than its rounding, so that one slip does not decide.
    found = least_squares(half_units, start, bounds=(start - half, start + half), loss="soft_l1")
    close = np.abs(half_units(found.x)) <= SLACK
    if close.mean() < SHARE or close.sum() <= wrong.sum():
        return None
    change = float(np.abs(found.x - start).max())
    return START_ROUNDED.finding(U.name, f"no entry changes by more than {change:.4f}"), from_weights(found.x)


def _decimals(rows: Any) -> int:
    """The most decimals of any entry."""
    exponents = [Decimal(str(entry)).as_tuple().exponent for row in rows for entry in row]
    return max(max(0, -e) if isinstance(e, int) else 0 for e in exponents)
