"""How near a point is to a minimum: its gradient, relative to what it is of, and a bound on what is left to gain."""

from __future__ import annotations

import numpy as np

from deltarule.analysis.inputs import lengths, squares
from deltarule.analysis.objective import Objective, Point
from deltarule.checks import Matrix

# A minimum is found where the relative gradient norm is at most this,
GRADIENT_NORM = 1e-10
# and what is left to gain is at most this part of the cost, or that part of the sum of squares of outputs and targets: rounding.
EXCESS, ROUNDING = 1e-8, 1e-20
# How well the equations of the Newton step are solved, relative to the gradient, unless that is rounding itself.
SOLVED, ROUNDED_GRADIENT = 0.1, 1e-12
# The rounding of a change of outputs, which are at most 1.
LAST_DIGIT = 1e-15


def gradient_norm(objective: Objective, point: Point) -> float:
    """The largest |g_nk| / (|x_n| (|y_k| + |d_k|)): by Schwarz's inequality that of a gradient with delta = y + d is at most 1.

    |.| are norms over the patterns with their weights, and inputs are in units of their own, so it has no unit. A weight decay
    counts as one more pattern for each weight, with the input sqrt L and the output sqrt L w.

    Parameters
    ----------
    objective : the cost.
    point : where.
    """
    weights = objective.factor
    inputs = np.sqrt(squares(objective.extended, weights))
    outputs = _norms(weights, point.Y) + _norms(weights, objective.D)
    size = np.hypot(inputs[:, None], np.sqrt(objective.decay)) * (
        outputs + np.sqrt(objective.decay) * np.abs(point.theta)
    )
    with np.errstate(invalid="ignore"):
        relative = np.where(point.gradient == 0, 0.0, np.abs(point.gradient) / size)
    return float(relative.max())


def excess(objective: Objective, point: Point, step: Matrix) -> float:
    """A bound on J minus the least cost of a convex kind: the decrement g H^-1 g; infinite where the point is too far to tell.

    Outputs y' = y + C (X~ h) of a full Newton step h satisfy the constraints of the dual problem, since they balance all inputs,
    as long as none leaves its range. The cost is at most sum KL(y', y) + 1/2 L h^2 above the dual cost there, which is at most
    the least cost (Fenchel's duality), and that is at most h H h = g H^-1 g. To rounding, and to the residual of the equations
    for h.

    Parameters
    ----------
    objective : the cost, of a convex kind.
    point : where.
    step : (N+1, K) h, the Newton step from there.
    """
    if not np.isfinite(step).all():
        return float("inf")
    if not objective.quadratic:
        if gradient_norm(objective, point) > ROUNDED_GRADIENT:
            residual = point.gradient + objective.hessian_times(point, step)
            unit = np.sqrt(squares(objective.extended, objective.factor)[:, None] + objective.decay)
            unit[unit == 0] = 1.0
            if not np.linalg.norm(residual / unit) <= SOLVED * np.linalg.norm(point.gradient / unit):
                return float("inf")
        for rows in objective.blocks():
            Y = point.Y[rows]
            change = np.abs(objective.kind.unchecked_output_change(Y, objective.inputs(rows) @ step))
            if not (change <= np.minimum(Y, 1 - Y) + LAST_DIGIT).all():
                return float("inf")
    return max(0.0, -float(np.sum(point.gradient * step)))


def is_nothing(objective: Objective, point: Point, left: float) -> bool:
    """Whether what is left to gain is next to nothing: 1e-8 of the cost, or rounding where the cost is 0.

    Parameters
    ----------
    objective : the cost.
    point : where.
    left : a bound on the cost less the least.
    """
    weights = objective.factor
    size = float(np.sum(_norms(weights, point.Y) ** 2 + _norms(weights, objective.D) ** 2))
    return bool(left <= max(EXCESS * abs(point.value), ROUNDING * size))


def on_plateau(objective: Objective, point: Point) -> tuple[int, ...]:
    """The neurons (counted from 0) that stand on a plateau, of a cost that is not convex, where the gradient is nearly 0.

    The second derivatives by the parameters of a neuron add up to t = sum_p |x_p|^2 d2J/du^2 + L. At a minimum none is below 0,
    so none is above t, and a Newton step gains at least |g|^2 / 2t. A neuron stands on a plateau where t is not above 0, or where
    such a step would gain more than next to nothing: its slope is nearly 0 in all patterns, and so is its curvature.

    Parameters
    ----------
    objective : the cost.
    point : where.
    """
    total = np.full(objective.shape[1], float(objective.decay.sum()))
    for rows in objective.blocks():
        sizes = lengths(objective.inputs(rows)) * objective.factor[rows]
        curvature = objective.kind.pattern_curvature(point.U[rows], objective.D[rows])
        total += sizes @ np.einsum("pkk->pk", curvature)
    gains = np.sum(point.gradient**2, axis=0) / np.where(total > 0, 2 * total, 1.0)
    return tuple(k for k, t in enumerate(total) if not t > 0 or not is_nothing(objective, point, float(gains[k])))


def _norms(weights: Matrix, values: Matrix) -> Matrix:
    return np.asarray(np.sqrt(np.einsum("p,pk,pk->k", weights, values, values)))
