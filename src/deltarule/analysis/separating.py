"""Certificates of separability for many patterns, from the descent of softmax regression by Newton's method.

Where the classes are separable, Newton's steps come to a layer with all margins above 0 after some ten. Where they overlap, the
cost has a minimum, and the gradient there, sum_pk y_pk (x_p, 1) outer (e_k - e_label) = 0, says that the outputs y_pk of the wrong
classes are the multipliers that prove it. Where the classes are quasi-separable, each step moves the margins that can grow by about
1, and the others settle: these are tried as a guess. Everything is checked before it is believed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from deltarule.analysis.newton import newton
from deltarule.analysis.objective import Objective, Point, objective
from deltarule.checks import Matrix, Vector
from deltarule.descent import Descent
from deltarule.layers import Layer, Patterns, SoftmaxLayer

# Of many patterns, so many parts are tried first, for a start.
PARTS, FEWEST_IN_PART = 16, 1000
# A step gains no more than this part of the cost where a start is near enough, and where it is seen which margins grow.
NEARBY, NEAR = 1e-2, 1e-4
# The largest part of itself by which a multiplier may still have to change; and the least by which one does whose margin grows.
SURE, GROWING = 0.25, 0.5
# What counts as 0, against the size of the terms that are added.
BALANCED, FLAT = 1e-9, 1e-12
# The smallest margin that is above 0, against the size of its terms, for each term: its rounding.
ROUNDING = 4 * float(np.finfo(np.float64).eps)
# What is added to u of a margin that has grown.
GROWN = 1e300


@dataclass(frozen=True, eq=False)
class Verdict:
    """What is certain of patterns with one label each.

    Attributes
    ----------
    layer : a softmax layer without a margin below 0 and with some above 0, of which the least is 1; None where there is none.
    multipliers : (P, K) at least 0, and above 0 for as many margins as possible, which balance: sum_pk lambda_pk (x_p, 1) outer
        (e_label - e_k) = 0. None where there are none.
    """

    layer: Layer | None
    multipliers: Matrix | None


def verdict(kind: SoftmaxLayer, X: Matrix, D: Matrix) -> Verdict | None:
    """Whether patterns are separable, quasi-separable or overlap, with proofs; None where this is not certain.

    Parameters
    ----------
    kind : a softmax layer; its weights do not matter, but whether it has biases.
    X : (P, N) inputs.
    D : (P, K) one-hot desired outputs.
    """
    with np.errstate(all="ignore"):
        cost = _cost(kind, X, D)
        start = _from_a_part(cost)

        def ended(point: Point, step: Matrix) -> bool:
            return bool(_least(point.U, D).min() > 0) or (_near(point, step, NEAR) and _grows(cost, point, step))

        point, step, _ = newton(cost, start, ended)
        if _least(point.U, D).min() > 0:
            layer = _checked(cost, point.theta, X, D, np.ones(D.shape, dtype=bool))
            return None if layer is None else Verdict(layer, None)
        wrong = D == 0
        stays = (_change(cost, point, step) <= GROWING) & wrong
        if (stays == wrong).all():
            multipliers = _balanced(cost, point, step, stays)
            return None if multipliers is None else Verdict(None, multipliers)
        return _quasi(cost, step, X, D, stays)


def _cost(kind: Layer, X: Matrix, D: Matrix) -> Objective:
    return objective(kind, Patterns(X, D, np.ones(len(X))), Descent(1.0, 1))


def _from_a_part(cost: Objective) -> Matrix:
    """Theta that separates all patterns, or a start: from a part of them, to which those that are still wrong are added."""
    count = len(cost.extended)
    theta: Matrix = np.zeros(cost.shape)
    wrong = np.ones(count, dtype=bool)
    working = np.zeros(count, dtype=bool)
    working[:: max(1, count // max(FEWEST_IN_PART, count // PARTS))] = True
    while 2 * working.sum() < count:
        part = replace(cost, extended=cost.extended[working], D=cost.D[working], factor=cost.factor[working])

        def ended(point: Point, step: Matrix, D: Matrix = part.D) -> bool:
            return bool(_least(point.U, D).min() > 0) or _near(point, step, NEARBY)

        point, _, _ = newton(part, theta, ended)
        theta = point.theta
        wrong = _least(cost.extended @ theta, cost.D) <= 0
        if _least(point.U, part.D).min() <= 0 or not wrong.any():
            break
        working |= wrong
    at_zero = np.zeros(cost.shape)
    return theta if not wrong.any() or cost.at(theta).value < cost.at(at_zero).value else at_zero


def _least(U: Matrix, D: Matrix) -> Vector:
    """(P,) the least margin of each pattern."""
    own = np.einsum("pk,pk->p", U, D)
    least = np.full(len(U), np.inf)
    for k in range(U.shape[1]):
        np.minimum(least, np.where(D[:, k] > 0, np.inf, own - U[:, k]), out=least)
    return least


def _near(point: Point, step: Matrix, part: float) -> bool:
    """Whether a step gains no more than a part of the cost."""
    return bool(-np.sum(point.gradient * step) <= part * point.value)


def _change(cost: Objective, point: Point, step: Matrix) -> Matrix:
    """(P, K) by what part of itself each output changes in a step; infinite for an output of 0."""
    change = np.empty(point.Y.shape)
    for rows in cost.blocks():
        Y = point.Y[rows]
        change[rows] = np.abs(cost.kind.unchecked_output_change(Y, cost.extended[rows] @ step)) / Y
    return np.nan_to_num(change, nan=np.inf)


def _grows(cost: Objective, point: Point, step: Matrix) -> bool:
    """Whether some margins grow by about 1 or more while all others have settled, so that no further step tells more."""
    change = _change(cost, point, step)[cost.D == 0]
    return bool((change > GROWING).any() and not ((change > SURE) & (change <= GROWING)).any())


def _balanced(cost: Objective, point: Point, step: Matrix, stays: NDArray[np.bool_]) -> Matrix | None:
    """(P, K) the multipliers, which balance and are above 0 in all places that stay; None where they are not certain."""
    if not (_change(cost, point, step)[stays] <= SURE).all():
        return None
    multipliers, balance, terms = np.empty(point.Y.shape), 0.0, 0.0
    for rows in cost.blocks():
        X, Y = cost.extended[rows], point.Y[rows]
        found = np.where(stays[rows], Y + cost.kind.unchecked_output_change(Y, X @ step), 0.0)
        signed = found - cost.D[rows] * found.sum(axis=1, keepdims=True)
        balance, terms = balance + X.T @ signed, terms + np.abs(X).T @ np.abs(signed)
        multipliers[rows] = found
    return multipliers if (np.abs(balance) <= BALANCED * (terms + np.max(terms))).all() else None


def _quasi(cost: Objective, step: Matrix, X: Matrix, D: Matrix, stays: NDArray[np.bool_]) -> Verdict | None:
    """Quasi-separable, if the margins that stay can be held at 0 while all others grow, and balance by themselves."""
    grows = (D == 0) & ~stays
    width, neurons = cost.shape
    # Directions in which no margin that stays changes: the null space of the sum of their squares.
    squares = np.zeros((neurons, width, neurons, width))
    for rows in cost.blocks():
        Z, kept = cost.extended[rows], stays[rows].astype(np.float64)
        own = D[rows] * kept.sum(axis=1, keepdims=True)
        for k in range(neurons):
            for j in range(k, neurons):
                weights = (
                    own[:, k] + kept[:, k] if j == k else -(D[rows][:, k] * kept[:, j] + D[rows][:, j] * kept[:, k])
                )
                if weights.any():
                    squares[k, :, j] += Z.T @ (Z * weights[:, None])
                    squares[j, :, k] = squares[k, :, j].T
    sizes, vectors = np.linalg.eigh(squares.reshape(neurons * width, -1))
    free = vectors[:, sizes <= FLAT * max(sizes[-1], 1.0)]
    theta = (free @ (free.T @ step.T.ravel())).reshape(neurons, width).T
    layer = _checked(cost, theta, X, D, grows)
    if layer is None:
        return None
    # The patterns that count, in units of their own: an input that tells some patterns apart is often constant in the others.
    held_rows = stays.any(axis=1)
    held = replace(_cost(cost.kind, X[held_rows], D[held_rows]), offset=np.where(grows, -GROWN, 0.0)[held_rows])
    point, last, _ = newton(held, np.zeros(cost.shape))
    found = _balanced(held, point, last, stays[held_rows])
    if found is None:
        return None
    multipliers = np.zeros(D.shape)
    multipliers[held_rows] = found
    return Verdict(layer, multipliers)


def _checked(cost: Objective, theta: Matrix, X: Matrix, D: Matrix, grows: NDArray[np.bool_]) -> Layer | None:
    """The layer of the inputs as they are, if the margins that grow are above 0 by more than rounding, and the others about 0."""
    layer = cost.layer(theta)
    if not (np.isfinite(layer.weights).all() and np.isfinite(layer.biases).all()):
        return None
    least = np.inf
    for rows in cost.blocks():
        margins, sizes = _margins(layer, X[rows], D[rows])
        rounding, ahead = ROUNDING * (X.shape[1] + 2) * sizes, grows[rows] & (D[rows] == 0)
        if (margins[ahead] <= rounding[ahead]).any():
            return None
        least = min(least, float(margins[ahead].min(initial=np.inf)))
    held = ~grows & (D == 0)
    if held.any():
        scaled = cost.extended @ theta
        changes = np.sum(scaled * D, axis=1, keepdims=True) - scaled
        sizes = np.abs(cost.extended) @ np.abs(theta)
        if (np.abs(changes) > 1e-7 * (sizes + np.sum(sizes * D, axis=1, keepdims=True)))[held].any():
            return None
    return layer.with_unchecked_parameters(layer.weights / least, layer.biases / least)


def _margins(layer: Layer, X: Matrix, D: Matrix) -> tuple[Matrix, Matrix]:
    """(P, K) u_label - u_k, and the sum of the absolute terms behind it."""
    U, sizes = X @ layer.weights + layer.biases, np.abs(X) @ np.abs(layer.weights) + np.abs(layer.biases)
    return np.sum(U * D, axis=1, keepdims=True) - U, np.sum(sizes * D, axis=1, keepdims=True) + sizes
