"""The least cost of a small softmax or logistic layer: Newton's method with all second derivatives, factorised.

The same as `analysis.newton`, and by the same rules; there the steps are solved by conjugate gradients, for layers of any size.
Arrays lie the other way round here, with a pattern a column, so that the innermost loops run over patterns: inputs are (M, P), with
M = N+1, and theta is (K, M).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

from deltarule.engines.kernels.compiling import DISABLE_JIT, OPTIONS, on_disk
from deltarule.engines.kernels.disk import KernelCache, fingerprint

Function = TypeVar("Function", bound=Callable[..., Any])
SOFTMAX, LOGISTIC = 0, 1
# What becomes of the search: the least cost; or something that the method for any size does better.
FOUND, LEFT = 0, 1
# Relative to the cost, the decrement g H^-1 g after which one more step leaves nothing, what is next to nothing, and nothing.
NEAR, LITTLE, NOTHING = 1e-10, 1e-21, 1e-25
# A step after which so much of the decrement is left: rounding has the rest.
ROUNDED = 0.01
# A pivot that is less than this, of a diagonal of 1: unknowns depend on each other, or nearly.
DEPENDENT = 1e-11
# The part of a step that is tried at last; and the rounding of a cost, relative to it and to what it is worked from.
SHORTEST, OF_THE_COST, EPSILON = 2.0**-40, 1e-14, 2.0**-52


def _part(function: Function) -> Function:
    """Compile for compiled callers. Sums over patterns may be taken in any order: several at once."""
    return cast("Function", numba.njit(**OPTIONS, fastmath={"reassoc", "contract"})(function))


@_part
def evaluate(
    kind: int, X: Any, D: Any, factor: Any, decay: Any, theta: Any, gradient: Any, U: Any, Y: Any
) -> float:  # fmt: skip
    """The cost, and its gradient, synaptic inputs and outputs."""
    (K, M), P = theta.shape, len(factor)
    value = 0.0
    for k in range(K):
        for p in range(P):
            U[k, p] = 0.0
        for n in range(M):
            weight = theta[k, n]
            value += 0.5 * decay[n] * weight * weight
            for p in range(P):
                U[k, p] += weight * X[n, p]
    value += softmax(U, D, factor, Y) if kind == SOFTMAX else logistic(U, D, factor, Y)
    for k in range(K):
        for n in range(M):
            slope = 0.0
            for p in range(P):
                slope += factor[p] * (Y[k, p] - D[k, p]) * X[n, p]
            gradient[k, n] = slope + decay[n] * theta[k, n]
    return float(value)


@_part
def softmax(U: Any, D: Any, factor: Any, Y: Any) -> float:
    """The outputs, and the sum of the costs log sum_j e^(u_j) - u_label."""
    K, P = U.shape
    cost = 0.0
    for p in range(P):
        largest, label, total = U[0, p], 0.0, 0.0
        for k in range(1, K):
            largest = max(largest, U[k, p])
        for k in range(K):
            Y[k, p] = math.exp(U[k, p] - largest)
            total += Y[k, p]
            label += D[k, p] * (U[k, p] - largest)
        for k in range(K):
            Y[k, p] /= total
        cost += factor[p] * (math.log(total) - label)
    return cost


@_part
def logistic(U: Any, D: Any, factor: Any, Y: Any) -> float:
    """The outputs, and the sum of the costs d log(1 + e^-u) + (1 - d) log(1 + e^u)."""
    cost = 0.0
    for k in range(U.shape[0]):
        for p in range(U.shape[1]):
            u = U[k, p]
            small = math.exp(-abs(u))
            Y[k, p] = (1.0 if u >= 0 else small) / (1.0 + small)
            cost += factor[p] * (math.log1p(small) + (max(-u, 0.0) if D[k, p] != 0 else max(u, 0.0)))
    return cost


@_part
def second_derivatives(
    kind: int, X: Any, factor: Any, decay: Any, Y: Any, weighted: Any, block: Any, H: Any, scale: Any
) -> None:
    """The upper half of H, with a diagonal of 1, and its scale: a block X diag(c) X^T + L for each pair of neurons."""
    K, M = len(Y), len(decay)
    for k in range(K):
        for j in range(k, K):
            if kind == SOFTMAX or j == k:
                block_of(X, factor, Y, k, j, weighted, block)
            else:
                block[:] = 0.0
            for n in range(M):
                for m in range(M):
                    H[k * M + n, j * M + m] = block[n, m]
    if kind == SOFTMAX:
        stiffen(H, K)
    for i in range(K * M):
        H[i, i] += decay[i % M]
        scale[i] = 1.0 / math.sqrt(H[i, i]) if H[i, i] > 0 else 0.0
    for i in range(K * M):
        for j in range(i, K * M):
            H[i, j] *= scale[i] * scale[j]
        H[i, i] = 1.0


@_part
def block_of(X: Any, factor: Any, Y: Any, k: int, j: int, weighted: Any, block: Any) -> None:
    """X diag(c) X^T, with c the second derivatives by the synaptic inputs of two neurons. The number of rows of X is even."""
    P = X.shape[1]
    for n in range(len(X)):
        for p in range(P):
            y = Y[k, p]
            weighted[n, p] = factor[p] * (y * (1.0 - y) if j == k else -y * Y[j, p]) * X[n, p]
    for n in range(0, len(X), 2):
        for m in range(n, len(X), 2):  # four sums at once, from numbers that are read once
            a, b, c, d = 0.0, 0.0, 0.0, 0.0
            for p in range(P):
                a += weighted[n, p] * X[m, p]
                b += weighted[n, p] * X[m + 1, p]
                c += weighted[n + 1, p] * X[m, p]
                d += weighted[n + 1, p] * X[m + 1, p]
            block[n, m] = block[m, n] = a
            block[n, m + 1] = block[m + 1, n] = b
            block[n + 1, m] = block[m, n + 1] = c
            block[n + 1, m + 1] = block[m + 1, n + 1] = d


@_part
def stiffen(H: Any, K: int) -> None:
    """Give H of softmax layers a value where all neurons change alike, which changes no cost; no step has to do with it."""
    M = len(H) // K
    for n in range(M):
        common = 0.0
        for k in range(K):
            common += H[k * M + n, k * M + n] / (K * K)
        for k in range(K):
            for j in range(k, K):
                H[k * M + n, j * M + n] += common


@_part
def factorise(H: Any) -> bool:
    """H = R^T R in its upper half; False where some unknowns nearly depend on others."""
    n = len(H)
    for j in range(n):
        if not H[j, j] > DEPENDENT:
            return False
        root = 1.0 / math.sqrt(H[j, j])
        for i in range(j, n):
            H[j, i] *= root
        for i in range(j + 1, n):
            part = H[j, i]
            for m in range(i, n):
                H[i, m] -= part * H[j, m]
    return True


@_part
def solve(H: Any, scale: Any, gradient: Any, step: Any) -> None:
    """The Newton step from the factor; gradient and step (K M,)."""
    n = len(scale)
    for i in range(n):
        step[i] = -gradient[i] * scale[i]
    for i in range(n):
        step[i] /= H[i, i]
        for j in range(i + 1, n):
            step[j] -= H[i, j] * step[i]
    for i in range(n - 1, -1, -1):
        value = step[i]
        for j in range(i + 1, n):
            value -= H[i, j] * step[j]
        step[i] = value / H[i, i]
    for i in range(n):
        step[i] *= scale[i]


@_part
def product(a: Any, b: Any) -> float:
    """The sum of the products of the entries of two vectors."""
    total = 0.0
    for i in range(len(a)):
        total += a[i] * b[i]
    return total


@_part
def rounding(factor: Any, U: Any) -> float:
    """The rounding of the cost, as in `newton._rounding`."""
    total = 0.0
    for p in range(U.shape[1]):
        largest = 0.0
        for k in range(U.shape[0]):
            largest = max(largest, abs(U[k, p]))
        total += factor[p] * largest
    return EPSILON * total


@_part
def along(
    kind: int, X: Any, D: Any, factor: Any, decay: Any, theta: Any, gradient: Any, step: Any, U: Any, Y: Any, trial: Any,
    value: float, decrement: float,
) -> float:  # fmt: skip
    """Move theta by a step, or by a part of it, where the cost falls, as `newton._along`; the cost there, or infinity."""
    allowance = OF_THE_COST * abs(value) + rounding(factor, U)
    part = 1.0
    while part >= SHORTEST:
        for k in range(theta.shape[0]):
            for n in range(theta.shape[1]):
                trial[k, n] = theta[k, n] + part * step[k, n]
        found = evaluate(kind, X, D, factor, decay, trial, gradient, U, Y)
        falls = math.isfinite(found) and found <= value - 1e-4 * part * decrement + allowance
        if falls and product(gradient.reshape(-1), step.reshape(-1)) <= 0.9 * decrement:
            for k in range(theta.shape[0]):
                for n in range(theta.shape[1]):
                    theta[k, n] = trial[k, n]
            return float(found)
        part *= 0.5
    return math.inf


@_part
def is_nothing(decrement: float, before: float, value: float) -> bool:
    """Whether a decrement leaves nothing to gain, but for rounding."""
    part = decrement / abs(value) if value != 0 else decrement
    return 0 <= part <= NOTHING or (0 <= part <= LITTLE and decrement >= ROUNDED * before)


def _least_cost(
    kind: int, X: Any, D: Any, factor: Any, decay: Any, theta: Any, gradient: Any, step: Any, U: Any, Y: Any, trial: Any,
    weighted: Any, block: Any, H: Any, scale: Any, costs: Any,
) -> tuple[int, int]:  # fmt: skip
    """Move theta to the least cost; whether it is FOUND, and the steps taken.

    Parameters
    ----------
    kind : SOFTMAX or LOGISTIC.
    X : (M', P) inputs of an `Objective`, with a row of zeros where M is odd, so that M' is even.
    D, factor, decay : (K, P), (P,) and (M,), as those of an `Objective`.
    theta : (K, M) where to start, and where it ends.
    gradient, step, U, Y : (K, M), (K, M), (K, P) and (K, P): at the end those there, with the Newton step that is left.
    trial, weighted, block, H, scale : (K, M), (M', P), (M', M'), (K M, K M) and (K M,) to work in.
    costs : (T + 1,) the cost at the start and after each of at most T steps.
    """
    costs[0] = evaluate(kind, X, D, factor, decay, theta, gradient, U, Y)
    slopes, change = gradient.reshape(-1), step.reshape(-1)
    is_old, before = (
        False,
        math.inf,
    )  # whether the second derivatives are those of the point before, and the decrement there
    for taken in range(len(costs)):
        value, decrement = costs[taken], -1.0
        if not math.isfinite(value):
            break
        if is_old:
            solve(H, scale, slopes, change)
            decrement = -product(slopes, change)
        if not (is_old and is_nothing(decrement, before, value)):
            second_derivatives(kind, X, factor, decay, Y, weighted, block, H, scale)
            if not factorise(H):
                break
            solve(H, scale, slopes, change)
            decrement = -product(slopes, change)
        if is_nothing(decrement, before, value):
            return FOUND, taken
        if not decrement >= 0 or taken + 1 == len(costs):
            break
        is_old, before = decrement <= NEAR * abs(value), decrement
        costs[taken + 1] = along(kind, X, D, factor, decay, theta, gradient, step, U, Y, trial, value, decrement)
    return LEFT, 0


least_cost = numba.njit(error_model="numpy", nogil=True, _nrt=False)(_least_cost)
if not DISABLE_JIT:
    least_cost._cache = KernelCache(_least_cost, fingerprint(__package__))  # noqa: SLF001 - there is no public way


def is_made(*arguments: Any) -> bool:
    """Whether there is code for `arguments` of `least_cost` on disk."""
    return on_disk(least_cost, *arguments)
