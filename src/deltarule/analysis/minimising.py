"""A minimum of the cost by second-order methods: Newton's steps in a trust region, then on the gradient alone."""

from __future__ import annotations

from functools import partial

import numpy as np

from deltarule.analysis.objective import Objective
from deltarule.checks import Vector
from deltarule.errors import InputError

# A minimum is found where no entry of the gradient is larger: about what float64 leaves of sums of figures of size 1e5.
GRADIENT_NORM = 1e-10
# Newton's method squares its error with each step, so far fewer steps do near a minimum.
POLISHING_STEPS = 20


def minimise(objective: Objective, start: Vector) -> tuple[Vector, float]:
    """A minimum near `start`, and the largest entry of the gradient there.

    Parameters
    ----------
    objective : the cost.
    start : (W; b) in one vector.

    Raises
    ------
    InputError
        If products of the inputs overflow float64.

    References
    ----------
    Nocedal and Wright, Numerical Optimization (2006), algorithm 7.2: Newton's steps by conjugate gradients in a trust region
    (`scipy.optimize.minimize`, trust-ncg).
    """
    from scipy.optimize import minimize

    with np.errstate(over="ignore", invalid="ignore"):
        try:
            found = minimize(
                objective.value,
                start,
                method="trust-ncg",
                jac=objective.gradient,
                hessp=objective.hessian_times,
                options={"gtol": GRADIENT_NORM},
            )
        except ValueError:  # by which the solver reports a product that is not finite
            largest = float(np.abs(objective.patterns.X).max())
            raise InputError(
                "inputs",
                "be of a size whose products float64 can hold",
                f"{largest:g} as the largest",
                "Standardise the inputs, and start from small weights.",
            ) from None
        return polished(objective, found.x)


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
