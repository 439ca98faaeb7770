"""What is asked of inputs besides their products, dense (an array) or sparse (a `scipy.sparse.csr_array`): sums of squares."""

from __future__ import annotations

from typing import Any

import numpy as np

from deltarule.checks import Matrix, Vector


def is_sparse(X: Any) -> bool:
    """Whether inputs `X` are sparse."""
    return not isinstance(X, np.ndarray)


def squares(X: Any, weights: Vector) -> Vector:
    """(N,) sum_p v_p x_pn^2, of inputs `X` (P, N) and `weights` v (P,)."""
    if is_sparse(X):
        return np.asarray(X.power(2).T @ weights)
    return np.asarray(np.einsum("p,pn,pn->n", weights, X, X))


def squares_times(X: Any, V: Matrix) -> Matrix:
    """(N, K) the products of the squares of inputs `X` (P, N), transposed, with `V` (P, K)."""
    return np.asarray((X.power(2) if is_sparse(X) else X**2).T @ V)


def transposed_times(X: Any, V: Matrix) -> Matrix:
    """(N, K) X^T V, of inputs `X` (P, N) and `V` (P, K)."""
    return np.asarray(
        X.T @ V if is_sparse(X) else (V.T @ X).T
    )  # with few columns of V the second takes two thirds of the time


def lengths(X: Any) -> Vector:
    """(P,) |x_p|^2, of inputs `X` (P, N)."""
    return np.asarray(X.power(2).sum(axis=1) if is_sparse(X) else np.einsum("pn,pn->p", X, X))


def weighted_gram(X: Any, weights: Vector) -> Matrix:
    """(N, N) sum_p v_p x_p x_p^T, of inputs `X` (P, N) and `weights` v (P,)."""
    if is_sparse(X):
        return np.asarray((X.T @ X.multiply(weights[:, None]).tocsr()).toarray())
    if (weights >= 0).all():
        rooted = X * np.sqrt(weights)[:, None]
        return np.asarray(rooted.T @ rooted)  # of which NumPy works out one half alone
    return np.asarray(X.T @ (X * weights[:, None]))
