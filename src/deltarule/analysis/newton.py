"""The least cost of a convex kind of layer: Newton's method, each step by preconditioned conjugate gradients."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from deltarule.analysis.objective import Objective, Point
from deltarule.analysis.preconditioning import Preconditioner, preconditioner
from deltarule.checks import Matrix

# Newton's steps; from 0 a minimum takes some ten.
MOST_STEPS = 200
# Products of the second derivatives a step; and so few in a step waste nothing.
MOST_PRODUCTS, FEW_PRODUCTS = 2000, 12
# How well the equations of a step are solved, far from the minimum and near it.
LOOSE, TIGHT = 0.1, 1e-6
# And those of the last step, which is not taken: it says how near the minimum is.
OF_THE_CERTIFICATE = 0.01
# A preconditioner of more patterns is made from so many times as many. It helps where a digit then takes so much fewer products.
GROWTH, HELP = 4, 0.7
# Directions of less second derivative than this, beside what the preconditioner takes for it, have none but for rounding.
NULL = 1e-8
# Relative to the cost: the decrement g H^-1 g that is left at the minimum. A step leaves some ten times its square, and its
# product with the square of the tolerance of its equations; where more is left after all, the search goes on.
LEFT_AFTER, OF_THE_SQUARE, MORE = 1e-21, 10.0, 10.0
# Steps in which neither the gradient is halved nor the cost falls by this part: rounding has the rest.
LOST_STEPS, FALL = 2, 1e-9
# The part of a step that is tried at last.
SHORTEST = 2.0**-40


@dataclass
class Carried:
    """What one search leaves to the next of nearly the same cost, where it saves most of the next one's beginning.

    A preconditioner is made anew once what a new one would save is worth making it: when it has grown old, by the products that it
    takes more than at first; and from more patterns, when it has taken as many products as that costs, as long as this helps.

    Attributes
    ----------
    approximate : about the inverse of the second derivatives; None: it is still to be made.
    fresh : the products that a step took for each digit when that was new; None: no step was taken with it.
    wasted : the products that later steps of more than a few took beyond that.
    spent : the products that all steps took with it.
    times_rows : how many times as large as at least the part of the patterns is that it is made from.
    grows : whether more patterns may help.
    smaller : the products for each digit with fewer patterns, where it is to be seen whether more have helped; else None.
    """

    approximate: Preconditioner | None = None
    fresh: float | None = None
    wasted: float = 0.0
    spent: int = 0
    times_rows: int = 1
    grows: bool = True
    smaller: float | None = None

    def at(self, objective: Objective, point: Point, *, near: bool) -> Preconditioner:
        """The preconditioner for a step from a point, made anew where that is worth it, and the minimum is not `near`."""
        now = self.approximate
        if now is not None and not near:
            grown = now.of_part and self.grows and self.spent > GROWTH * now.cost
            if grown:
                self.times_rows, self.smaller = GROWTH * self.times_rows, self.fresh
            if grown or self.wasted > now.cost:
                now = None
        if now is None:
            now = preconditioner(objective, point, self.times_rows)
            self.approximate, self.fresh, self.wasted, self.spent = now, None, 0.0, 0
        return now

    def note(self, products: int, digits: float) -> None:
        """Remember what a step took, which gained so many digits (of base e)."""
        if self.fresh is None:
            self.fresh = products / digits
            if self.smaller is not None and self.fresh > HELP * self.smaller:
                self.grows, self.times_rows = False, self.times_rows // GROWTH
            self.smaller = None
        if products > FEW_PRODUCTS:
            self.wasted += products - self.fresh * digits
        self.spent += products


def newton(
    objective: Objective,
    theta: Matrix,
    ended: Callable[[Point, Matrix], bool] | None = None,
    *,
    nearly: float = 0.0,
    loosest: float = LOOSE,
    carried: Carried | None = None,
) -> tuple[Point, Matrix, list[float]]:
    """The point of least cost, the last Newton step h there, and the costs on the way: H h = -g, with H the second derivatives.

    Parameters
    ----------
    objective : the cost, of a convex kind.
    theta : (N+1, K) where to start.
    ended : whether a point, with the Newton step from it, is all that is asked for. None: never.
    nearly : the decrement g H^-1 g, as the preconditioner estimates it, relative to the cost, at which the search ends, and no step
        is left to say how near it is. 0: none.
    loosest : how well the equations of a step are solved at least.
    carried : what a search of nearly the same cost has left; this one leaves its own there. None: nothing.

    References
    ----------
    Nocedal and Wright, Numerical Optimization (2006), algorithm 7.1.
    """
    point = objective.at(theta)
    best, last, costs = point, np.zeros_like(theta), [point.value]
    smallest, lost, near = math.inf, 0, False
    carried = Carried() if carried is None else carried
    for _ in range(MOST_STEPS):
        if not (math.isfinite(point.value) and np.isfinite(point.gradient).all()):
            break
        approximate = carried.at(objective, point, near=near)
        size = math.sqrt(max(0.0, float(np.vdot(point.gradient, approximate.apply(point.gradient)))))
        if size == 0:
            best, last = point, np.zeros_like(theta)
            break
        unit = abs(point.value) or 1.0
        if size**2 <= nearly * unit:
            best = point
            break
        near = near and size**2 <= MORE * LEFT_AFTER * unit
        tolerance = OF_THE_CERTIFICATE if near else min(loosest, _tolerance(size**2 / unit))
        step, products = newton_step(objective, point, approximate, tolerance)
        carried.note(products, -math.log(tolerance))
        decrement = -float(np.vdot(point.gradient, step))
        falls = size < 0.5 * smallest or point.value < best.value - FALL * abs(best.value)
        lost = 0 if falls else lost + 1
        if near and decrement > -float(np.vdot(best.gradient, last)):
            break  # the last step has rounding alone to go by
        if size < smallest or point.value < best.value - FALL * abs(best.value):
            smallest, best, last = size, point, step
        if near or lost >= LOST_STEPS or (ended is not None and ended(point, step)):
            break
        near = decrement * max(OF_THE_SQUARE * decrement / unit, tolerance**2) <= LEFT_AFTER * unit
        point = _along(objective, point, step)
        costs.append(point.value)
    return replace(best, theta=objective.told_apart(best.theta)), last, costs


def _tolerance(part: float) -> float:
    """That of the equations of a step where the decrement is such a `part` of the cost: both leave as much, and not too little."""
    return min(LOOSE, max(TIGHT, math.sqrt(OF_THE_SQUARE * part), math.sqrt(0.5 * LEFT_AFTER / part)))


def newton_step(
    objective: Objective, point: Point, approximate: Preconditioner, tolerance: float
) -> tuple[Matrix, int]:
    """H with H h = -g to a relative `tolerance`, in the measure of the preconditioner; and the products with H that it took.

    Parameters
    ----------
    objective : the cost, of a convex kind.
    point : where g and H are taken.
    approximate : about H^-1.
    tolerance : of the residual g + H h, relative to g.
    """
    h = np.zeros_like(point.theta)
    residual = -point.gradient
    direction = z = approximate.apply(residual)
    size = start = float(np.vdot(residual, z))
    products = 0
    while size > tolerance**2 * start and products < MOST_PRODUCTS:
        change = objective.hessian_times(point, direction)
        products += 1
        curvature = float(np.vdot(direction, change))
        if not curvature > NULL * size:
            break
        length = size / curvature
        h = h + length * direction
        residual = residual - length * change
        z = approximate.apply(residual)
        next_size = float(np.vdot(residual, z))
        if not next_size >= 0:
            break
        direction = z + next_size / size * direction
        size = next_size
    return h, products


def _along(objective: Objective, point: Point, step: Matrix) -> Point:
    """The point after a step, or after a part of it, where the cost falls.

    Near the minimum the cost no longer tells, for rounding. The slope along the step does: it may not be steep the other way.
    """
    slope = float(np.vdot(point.gradient, step))
    part, allowance = 1.0, 1e-14 * abs(point.value) + _rounding(objective, point)
    while True:
        reached = objective.at(point.theta + part * step)
        if math.isfinite(reached.value):
            there = float(np.vdot(reached.gradient, step))
            if reached.value <= point.value + 1e-4 * part * slope + allowance and there <= -0.9 * slope:
                return reached
        if part <= SHORTEST:
            return point
        part *= 0.25 if not math.isfinite(reached.value) else 0.5


def _rounding(objective: Objective, point: Point) -> float:
    """The rounding of the cost: that of its terms, each about as large as the synaptic inputs that it is worked from."""
    return float(np.finfo(np.float64).eps * (objective.factor @ np.abs(point.U).max(axis=1)))
