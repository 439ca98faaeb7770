"""Newton's method of small softmax and logistic layers in machine code, once it is loaded; `newton` does the rest.

A step of a small layer takes some microseconds, and some hundreds where each formula is a call of NumPy's. To load machine code
takes half a second, and to make it some seconds, once after an installation. So `newton` works until that is worth it, and then
still while it happens, in the background.
"""

from __future__ import annotations

import math
import time
from importlib import import_module
from typing import Any

import numpy as np

from deltarule.analysis.inputs import is_sparse
from deltarule.analysis.newton import Carried, newton
from deltarule.analysis.objective import Objective, Point
from deltarule.checks import Matrix
from deltarule.engines.background import in_background
from deltarule.layers import Layer, LogisticLayer, SoftmaxLayer

# The kinds of layers, as the code knows them; a kind that derives from one may have other formulas.
KINDS: dict[type[Layer], int] = {SoftmaxLayer: 0, LogisticLayer: 1}
# The most unknowns, and products in the sum of all second derivatives: a step of a millisecond or two. Of more, conjugate gradients
# need less.
MOST_UNKNOWNS, MOST_PRODUCTS = 256, 1 << 23
MOST_STEPS = 100
# How well `newton` solves the equations of a step of a small layer: its steps are those of the code, and as many.
SOLVED = 1e-10
# A fall of the cost, relative to it, that is no more than rounding and what is left by the equations of the last steps.
NO_FALL = 1e-12
# The seconds of processor time that `newton` has worked for small layers in this process after which code is loaded, and after
# which it is made.
LOAD_AFTER, MAKE_AFTER = 0.3, 1.0

_kernels: list[Any] = []  # the function, when it is loaded
_spent, _awaited = 0.0, LOAD_AFTER


def compiled_newton(
    objective: Objective, theta: Matrix, carried: Carried | None = None
) -> tuple[Point, Matrix, list[float]]:
    """What `newton` gives, in less time where the layer is small and there is code for it.

    Parameters
    ----------
    objective : the cost, of a convex kind.
    theta : (N+1, K) where to start.
    carried : as in `newton`, of a layer that is not small; what is small has no use for it.
    """
    if not is_small(objective):
        return newton(objective, theta, carried=carried)
    if not _kernels:
        began = time.thread_time()
        found = plain_newton(objective, theta)
        _spend(time.thread_time() - began)
        return found
    (point, step, costs), ended = stepped(objective, objective.told_apart(theta))
    return (point, step, _falling(costs)) if ended else plain_newton(objective, theta)


def plain_newton(objective: Objective, theta: Matrix) -> tuple[Point, Matrix, list[float]]:
    """The same by `newton`, in as many steps.

    Parameters
    ----------
    objective, theta : as in `compiled_newton`, of a small layer.
    """
    point, step, costs = newton(objective, theta, loosest=SOLVED)
    return point, step, _falling(costs)


def _falling(costs: list[float]) -> list[float]:
    """The costs until they fall no more but for rounding, which the two methods polish away in more steps or fewer."""
    count = len(costs)
    while count > 1 and costs[count - 2] - costs[-1] <= NO_FALL * abs(costs[-1]):
        count -= 1
    return [*costs[: count - 1], costs[-1]]


def is_small(objective: Objective) -> bool:
    """Whether the code is for an `objective` like this."""
    unknowns = math.prod(objective.shape)
    return (
        type(objective.kind) in KINDS
        and objective.offset is None
        and not is_sparse(objective.extended)
        and unknowns <= MOST_UNKNOWNS
        and len(objective.D) * unknowns**2 <= MOST_PRODUCTS
    )


def stepped(objective: Objective, theta: Matrix) -> tuple[tuple[Point, Matrix, list[float]], bool]:
    """What the code gives, from `theta` (N+1, K), for an `objective` that is small; and whether that is the least cost."""
    (M, K), P = objective.shape, len(objective.D)
    even = M + M % 2
    X = np.zeros((even, P))
    X[:M] = objective.extended.T
    D, theta = np.array(objective.D.T, order="C"), np.array(theta.T, order="C")
    gradient, step, trial = np.empty((3, K, M))
    U, Y = np.empty((2, K, P))
    costs = np.empty(MOST_STEPS + 1)
    status, steps = _kernels[0](
        KINDS[type(objective.kind)], X, D, objective.factor.copy(), objective.decay[:, 0].copy(), theta, gradient, step, U, Y,
        trial, np.empty((even, P)), np.empty((even, even)), np.empty((K * M, K * M)), np.empty(K * M), costs,
    )  # fmt: skip
    point = Point(objective.told_apart(theta.T), float(costs[steps]), gradient.T, U.T, Y.T)
    return (point, step.T, costs[: steps + 1].tolist()), status == 0


def load() -> bool:
    """Load the code, or make it where it is not on disk, and wait for that; whether there is Numba, which makes it."""
    if not _kernels and (kernel := _kernel()) is not None:
        kernel.least_cost(*_sample())
        _kernels.append(kernel.least_cost)
    return bool(_kernels)


def _kernel() -> Any:
    """The module that has the function; None where there is no Numba."""
    try:
        return import_module("deltarule.analysis.kernels.newton_steps")
    except ImportError:  # as in a browser
        return None


def _spend(seconds: float) -> None:
    """Note what `newton` took, and begin to load or to make code where that is worth it."""
    global _spent, _awaited  # noqa: PLW0603 - as long as the process lasts
    _spent += seconds
    if _spent > _awaited:
        _awaited = MAKE_AFTER if _awaited < MAKE_AFTER else math.inf
        in_background(_load_if_worth_it)


def _load_if_worth_it() -> None:
    kernel = _kernel()
    if kernel is not None and not kernel.DISABLE_JIT and (_spent > MAKE_AFTER or kernel.is_made(*_sample())):
        load()


def _sample() -> tuple[Any, ...]:
    """Arguments as `stepped` gives them."""
    one = np.ones((1, 1))
    return (
        1, np.ones((2, 1)), one, one[0], one[0], *np.zeros((3, 1, 1)), *np.zeros((2, 1, 1)),
        one.copy(), np.ones((2, 1)), np.ones((2, 2)), one.copy(), np.ones(1), np.ones(1),
    )  # fmt: skip
