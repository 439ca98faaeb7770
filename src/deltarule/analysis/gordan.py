"""Of two systems of linear inequalities, the solutions of both that go together.

For any matrix A, either some theta has A theta > 0 in all rows, or some lambda >= 0 other than 0 has A^T lambda = 0 (Gordan);
either some theta has A theta >= 0 and not = 0, or some lambda > 0 has A^T lambda = 0 (Stiemke). In general each row can be above 0
in exactly one of the two, A theta or lambda, and there is a pair that has them all (Tucker). Such pairs are looked for here, up to
rounding; whoever uses one checks it.

Source: Mangasarian, Nonlinear Programming (1969), chapter 2.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from deltarule.checks import Vector

# What the linear program may leave of an equation whose terms are about 1.
SOLVED = 1e-10
# What counts as 0, against the size of the terms that are added; and what rounding alone leaves.
NOTHING, ROUNDING = 1e-12, 1e-15
# Steps of the quick try: where it succeeds, it needs some dozens, up to a few hundred.
STEPS = 400
# Multipliers of the quick try below this part of the largest are taken for 0.
CLEAR = 1e-9


class Pair(NamedTuple):
    """A theta (n,) and multipliers lambda (M,) of at least 0: for each row either A theta > 0 or lambda > 0."""

    theta: Vector
    multipliers: Vector


def pairs(A: Any) -> Iterator[Pair]:
    """Candidates for a pair of a sparse matrix A (M, n) with entries of about 1: from a quick try, then from a linear program."""
    yield _settled(A, _smooth(A), ROUNDING)
    yield _settled(A, _program(A), NOTHING / 8)


def few(A: Any, pair: Pair) -> NDArray[np.intp]:
    """A few rows that no theta has all above 0: those of a vertex of the multipliers that make their sum 0.

    None of them can be spared: the others could then all be above 0. Many rows are first weighed in groups, whose sums a vertex makes
    0 with few of the groups; the rows of the others are left out, and so on (Caratheodory's theorem).
    """
    from scipy.sparse import csr_array, diags_array, vstack

    unknowns = A.shape[1]
    most = 4 * (unknowns + 1)
    rows = np.flatnonzero(pair.multipliers > 0)
    lambdas = pair.multipliers[rows]
    while True:
        count = min(most, len(rows))
        group = np.arange(len(rows)) % count
        sums = csr_array((lambdas, (group, np.arange(len(rows)))), shape=(count, len(rows))) @ A[rows]
        size = abs(sums).max(axis=1).toarray()
        scaled = diags_array(1 / np.where(size > 0, size, 1.0)) @ sums
        equations = vstack([scaled.T, csr_array(np.ones((1, count)))], format="csc")
        found, _ = _solve(np.zeros(count), equations, np.append(np.zeros(unknowns), 1.0), None)
        kept = ~(found <= SOLVED)[group]  # all, should the program fail
        if count == len(rows) or kept.all():
            return rows[kept]
        rows, lambdas = rows[kept], (lambdas * (found / np.where(size > 0, size, 1.0))[group])[kept]


def _smooth(A: Any) -> Pair:
    """The theta that lowers sum f(A theta), f(m) = sqrt(1 + m^2) - m, and lambda = -f'(A theta) = 1 - m / sqrt(1 + m^2) > 0.

    If all of A theta can be above 0, it soon is. If the sum has a minimum, its stationarity is A^T lambda = 0: all of lambda can be
    above 0. Else theta grows without end, and lambda goes to 0 in those rows where A theta can be above 0.
    In each case the linear program, which may take minutes for many rows, has nothing left to do.
    """
    from scipy.optimize import minimize

    transposed = A.T.tocsr()

    def multipliers(m: Vector) -> Vector:
        root = np.hypot(1.0, m)
        small = 1 / (root * (root + np.abs(m)))  # 1 - |m| / root, without its cancellation
        return np.where(m > 0, small, 2 - small)

    def value(theta: Vector) -> tuple[float, Vector]:
        m = A @ theta
        return float((np.hypot(1.0, m) - m).sum()), -(transposed @ multipliers(m))

    def stop(theta: Vector) -> None:
        if (A @ theta).min() > 0:
            raise StopIteration  # scipy then returns what was reached

    start = np.zeros(A.shape[1])
    options = {"maxiter": STEPS, "maxfun": 2 * STEPS, "ftol": 0.0, "gtol": 1e-9}
    theta = minimize(value, start, jac=True, method="L-BFGS-B", callback=stop, options=options).x
    lambdas = multipliers(A @ theta)
    if (A @ theta).min() > 0:
        return Pair(theta, np.zeros_like(lambdas))
    return Pair(theta, np.where(lambdas > CLEAR * lambdas.max(), lambdas, 0.0))


def _program(A: Any) -> Pair:
    """Maximise sum t, with A^T lambda = 0, lambda >= t, 0 <= t <= 1.

    Since a lambda may be made larger, t is 0 or 1 at the optimum: 1 where lambda can be above 0. Theta is what the duals of the
    equations say; it has A theta >= 1 where t is 0. There are as many equations as unknowns in theta, however many rows A has.
    """
    from scipy.sparse import hstack

    count, unknowns = A.shape
    found, duals = _solve(
        np.repeat([-1.0, 0.0], count),  # lambda = t + more
        hstack([A.T, A.T], format="csc"),
        np.zeros(unknowns),
        np.repeat([1.0, np.inf], count),
    )
    t, more = found[:count], found[count:]
    return Pair(-duals, np.where(t > 0.5, t + more, 0.0))


def _solve(cost: Vector, equations: Any, values: Vector, most: Vector | None) -> tuple[Vector, Vector]:
    """Minimise cost . x with equations @ x = values, 0 <= x <= most: x, and the duals of the equations. NaN where that failed."""
    from scipy.optimize import linprog

    found = linprog(
        cost,
        A_eq=equations,
        b_eq=values,
        bounds=(0, None) if most is None else np.column_stack([np.zeros_like(most), most]),
        method="highs-ds",
        options={"primal_feasibility_tolerance": SOLVED, "dual_feasibility_tolerance": SOLVED},
    )
    if found.x is None or found.status != 0:
        return np.full(len(cost), np.nan), np.full(len(values), np.nan)
    return found.x, np.asarray(found.eqlin.marginals)


def _settled(A: Any, pair: Pair, nothing: float) -> Pair:
    """The pair with A theta = 0 and A^T lambda = 0 where it should be; NaN where that takes multipliers that are not there."""
    theta, lambdas = pair
    held = lambdas > 0
    if not held.any() or not np.isfinite(theta).all():
        return pair
    rows = A[held]
    # Multipliers are corrected by factors near 1. Where a row can have none, its factor would have to be 0.
    root = np.sqrt(lambdas[held])
    corrected = _onto_null((rows.T * root).tocsr(), root, nothing)
    settled = np.zeros_like(lambdas)
    settled[held] = np.where(corrected > root / 2, root * corrected, np.nan)
    return Pair(_onto_null(rows, theta, NOTHING / 8), settled)


def _onto_null(rows: Any, vector: Vector, nothing: float) -> Vector:
    """The nearest vector with rows @ vector = 0, up to `nothing`: to ask for more would take the rounding of the rows for real."""
    from scipy.sparse.linalg import lsmr

    size = abs(rows)
    for _ in range(6):
        left = rows @ vector
        if (np.abs(left) <= nothing * (size @ np.abs(vector))).all():
            break
        correction, *_ = lsmr(rows, left, atol=1e-14, btol=1e-4, conlim=0, maxiter=10 * min(rows.shape))
        vector = vector - correction
    return vector
