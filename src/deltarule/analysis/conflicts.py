"""A few patterns of many that no layer tells apart."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from deltarule.analysis.scaling import scaled
from deltarule.checks import Matrix

# Margins that are added at once, for each unknown.
ADDED = 3
# The distance from 0 of a sum with the weights of the conflict that is rounding.
NOTHING = 1e-10


def few_in_conflict(X: Matrix, D: Matrix, multipliers: Matrix, has_biases: bool) -> NDArray[np.intp] | None:
    """A few patterns (counted from 0) that no layer tells apart, of as few classes as are found; None where rounding decides.

    Parameters
    ----------
    X : (P, N) inputs.
    D : (P, K) one-hot desired outputs.
    multipliers : (P, K) the larger, the more a pattern is in conflict with a class; 0 where it is not.
    has_biases : whether the layers have biases.
    """
    mixed = D.T @ multipliers
    mixed = mixed + mixed.T
    classes = [int(k) for k in np.unravel_index(mixed.argmax(), mixed.shape)]
    while True:
        # The patterns of some classes, and their margins against each other.
        within = np.zeros_like(multipliers)
        within[:, classes] = multipliers[:, classes]
        rows = np.flatnonzero((D[:, classes] > 0).any(axis=1) & (within > 0).any(axis=1))
        Z, _ = scaled(X[rows], np.ones(len(rows)), has_biases)
        found = _few(Z, D[rows], within[rows])
        if found is not None or len(classes) == D.shape[1]:
            return None if found is None else np.sort(rows[found])
        # Twice as many: those that are mixed most with them.
        others = sorted(set(range(D.shape[1])) - set(classes), key=lambda k: -mixed[k, classes].sum())
        classes += others[: len(classes)]


def _few(Z: Matrix, D: Matrix, weight: Matrix) -> NDArray[np.intp] | None:
    """The patterns of a few margins that cannot all be above 0; None where theta has all above 0, or rounding decides.

    The mean nearest to 0 of some margins' vectors is sought by non-negative least squares (Wolfe, "Finding the nearest point in a
    polytope", 1976). If it is not 0, it is a theta with all of these margins above 0; the others that are not are added.
    """
    from scipy.optimize import nnls

    pattern, other = np.nonzero(weight)
    own = D.argmax(axis=1)[pattern]
    used = np.flatnonzero(np.bincount(np.concatenate([own, other]), minlength=D.shape[1]))
    place = np.full(D.shape[1], -1)
    place[used[:-1]] = np.arange(
        len(used) - 1
    )  # theta of the last class is 0, since what is the same in all does not matter
    width, neurons = Z.shape[1], len(used)
    at_once = ADDED * width * (neurons - 1)
    chosen = np.argsort(-weight[pattern, other])[:at_once]
    aim = np.append(np.zeros(width * (neurons - 1)), 1.0)
    while True:
        vectors = np.zeros((len(chosen), neurons, width))
        here = np.arange(len(chosen))
        vectors[here, place[own[chosen]]] += Z[pattern[chosen]]
        vectors[here, place[other[chosen]]] -= Z[pattern[chosen]]
        equations = np.vstack([vectors[:, :-1].reshape(len(chosen), -1).T, np.ones(len(chosen))])
        try:
            weights, _ = nnls(equations, aim)
        except RuntimeError:  # the method has a limit of iterations of its own
            return None
        residual = aim - equations @ weights
        if np.linalg.norm(residual) <= NOTHING:
            return np.unique(pattern[chosen[weights > 0]])
        theta = np.zeros((neurons, width))
        theta[:-1] = -residual[:-1].reshape(neurons - 1, width)
        U = Z @ theta.T
        reached = U[pattern, place[own]] - U[pattern, place[other]]
        below = np.flatnonzero(reached <= 0)
        new = below[np.argsort(reached[below])][:at_once]
        if np.isin(new, chosen).all():
            return None
        chosen = np.union1d(chosen, new)
