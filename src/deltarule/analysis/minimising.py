"""A minimum of any cost by second-order methods: Newton's steps in a trust region, then on the gradient alone."""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from functools import partial

import numpy as np

from deltarule.analysis.objective import Objective, Point
from deltarule.checks import Matrix, Vector

# The largest entry of the gradient, in the units of the objective, at which a trust region ends: Newton's steps do the rest.
GRADIENT = 1e-8
# And at which Newton's steps end: rounding.
ROUNDING = 1e-15
# Products of the second derivatives with a vector, besides 20 for each number that is sought. Minima that are found take some
# hundreds, or thousands; where the solver never ends, these take a second or two.
MOST_PRODUCTS = 20_000
# Newton's method squares its error with each step, so far fewer steps do near a minimum.
POLISHING_STEPS = 20


class _LostError(Exception):
    """The solver goes on without coming nearer: its own loop has no end where rounding turns its directions."""


def minimise(objective: Objective, start: Matrix) -> tuple[Point | None, list[float]]:
    """A minimum near `start`, None where figures on the way overflow float64; and the costs on the way.

    Parameters
    ----------
    objective : the cost.
    start : (N+1, K) theta.

    References
    ----------
    Nocedal and Wright, Numerical Optimization (2006), algorithm 7.2: Newton's steps by conjugate gradients in a trust region
    (`scipy.optimize.minimize`, trust-ncg).
    """
    from scipy.optimize import minimize

    reached, costs, left = [start.ravel()], [objective.at(start).value], MOST_PRODUCTS + 20 * start.size
    known: deque[Point] = deque(maxlen=2)  # where the solver is, and where it may go

    def at(theta: Vector) -> Point:
        found = next((point for point in known if np.array_equal(point.theta.ravel(), theta)), None)
        if found is None:
            found = objective.at(theta.reshape(objective.shape).copy())
            known.append(found)
        return found

    def value(theta: Vector) -> float:
        return at(theta).value

    def gradient(theta: Vector) -> Vector:
        return at(theta).gradient.ravel()

    def hessian_times(theta: Vector, vector: Vector) -> Vector:
        nonlocal left
        left -= 1
        if left < 0:
            raise _LostError
        return _times(objective, at(theta), vector)

    def note(xk: Vector) -> None:
        reached.append(xk)
        costs.append(at(xk).value)

    with np.errstate(all="ignore"):
        try:
            with suppress(_LostError):
                found = minimize(
                    value, reached[0], method="trust-ncg", jac=gradient, hessp=hessian_times, callback=note,
                    options={"gtol": GRADIENT * _unit(objective)},
                )  # fmt: skip
                reached.append(found.x)
            point = polished(objective, reached[-1].reshape(objective.shape))
        except (ValueError, ArithmeticError):  # by which the solvers report a figure that is not finite
            return None, costs
    costs[1:] = [*costs[1:-1], point.value]
    return point if np.isfinite(point.gradient).all() else None, costs


def polished(objective: Objective, theta: Matrix) -> Point:
    """The point reached by Newton's steps on the gradient, as long as it falls.

    A trust region judges a step by the cost, whose changes are lost in rounding near the minimum. The gradient still tells.
    MINRES solves for the step, since it takes singular second derivatives.

    Parameters
    ----------
    objective : the cost.
    theta : (N+1, K) near a minimum.
    """
    from scipy.sparse.linalg import LinearOperator, minres

    point = objective.at(theta)
    for _ in range(POLISHING_STEPS):
        if np.abs(point.gradient).max() <= ROUNDING * _unit(objective):
            break
        hessian = LinearOperator((theta.size, theta.size), matvec=partial(_times, objective, point), dtype=np.float64)
        step, _ = minres(hessian, -point.gradient.ravel(), rtol=1e-12)
        reached = objective.at(point.theta + step.reshape(objective.shape))
        if not np.abs(reached.gradient).max() < np.abs(point.gradient).max():
            break
        point = reached
    return point


def _times(objective: Objective, point: Point, vector: Vector) -> Vector:
    return objective.hessian_times(point, vector.reshape(objective.shape)).ravel()


def _unit(objective: Objective) -> float:
    """The sum of the weights of the patterns, times the factor of the reduction: the size of a gradient whose terms are about 1."""
    return float(objective.factor.sum())
