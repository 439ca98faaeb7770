"""A minimum of the cost by second-order methods: Newton's steps in a trust region, then on the gradient alone."""

from __future__ import annotations

from contextlib import suppress
from functools import partial

import numpy as np

from deltarule.analysis.objective import Objective
from deltarule.checks import Vector

# A minimum is found where no entry of the gradient is larger: about what float64 leaves of sums of figures of size 1e5.
GRADIENT_NORM = 1e-10
# Products of the second derivatives with a vector, besides 20 for each number that is sought. Minima that are found take some
# hundreds, or thousands; where the solver never ends, these take a second or two.
MOST_PRODUCTS = 20_000
# Newton's method squares its error with each step, so far fewer steps do near a minimum.
POLISHING_STEPS = 20


class _LostError(Exception):
    """The solver goes on without coming nearer: its own loop has no end where rounding turns its directions."""


def minimise(objective: Objective, start: Vector) -> tuple[Vector, float] | None:
    """A minimum near `start`, and the largest entry of the gradient there; None where figures on the way overflow float64.

    Parameters
    ----------
    objective : the cost.
    start : (W; b) in one vector.

    References
    ----------
    Nocedal and Wright, Numerical Optimization (2006), algorithm 7.2: Newton's steps by conjugate gradients in a trust region
    (`scipy.optimize.minimize`, trust-ncg).
    """
    from scipy.optimize import minimize

    reached, left = [start], MOST_PRODUCTS + 20 * start.size

    def hessian_times(theta: Vector, vector: Vector) -> Vector:
        nonlocal left
        left -= 1
        if left < 0:
            raise _LostError
        return objective.hessian_times(theta, vector)

    def note(xk: Vector) -> None:
        reached.append(xk)

    with np.errstate(all="ignore"):
        try:
            with suppress(_LostError):
                found = minimize(
                    objective.value,
                    start,
                    method="trust-ncg",
                    jac=objective.gradient,
                    hessp=hessian_times,
                    callback=note,
                    options={"gtol": GRADIENT_NORM},
                )
                reached.append(found.x)
            theta, norm = polished(objective, reached[-1])
        except (ValueError, ArithmeticError):  # by which the solvers report a figure that is not finite
            return None
    return (theta, norm) if np.isfinite(norm) else None


def polished(objective: Objective, theta: Vector) -> tuple[Vector, float]:
    """Newton's steps on the gradient, as long as it falls; the vector reached, and the largest entry of the gradient there.

    A trust region judges a step by the cost, whose changes are lost in rounding near the minimum. The gradient still tells.
    MINRES solves for the step, since it takes the singular second derivatives of a softmax layer.

    Parameters
    ----------
    objective : the cost.
    theta : (W; b) near a minimum, in one vector.
    """
    from scipy.sparse.linalg import LinearOperator, minres

    gradient = objective.gradient(theta)
    for _ in range(POLISHING_STEPS):
        if np.abs(gradient).max() <= GRADIENT_NORM:
            break
        hessian = LinearOperator(
            (theta.size, theta.size), matvec=partial(objective.hessian_times, theta), dtype=np.float64
        )
        step, _ = minres(hessian, -gradient, rtol=1e-12)
        next_gradient = objective.gradient(theta + step)
        if not np.abs(next_gradient).max() < np.abs(gradient).max():
            break
        theta, gradient = theta + step, next_gradient
    return theta, float(np.abs(gradient).max())
