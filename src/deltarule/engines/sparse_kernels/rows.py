"""What an update asks of sparse rows: their synaptic inputs, and their part of the gradient, entry by entry."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

from deltarule.engines.kernels.compiling import DISABLE_JIT
from deltarule.engines.kernels.disk import KernelCache, fingerprint

Function = TypeVar("Function", bound=Callable[..., Any])


def _compiled(function: Function) -> Function:
    """Compile on first call, and keep the code on disk."""
    made = numba.njit(error_model="numpy", nogil=True, _nrt=False, fastmath={"contract"})(function)
    if not DISABLE_JIT:
        made._cache = KernelCache(function, fingerprint(__package__))  # noqa: SLF001 - there is no public way
    return cast("Function", made)


@_compiled
def synaptic_inputs(
    starts: Any, columns: Any, values: Any, rows: Any, W: Any, scale: float, biases: Any, U: Any
) -> None:  # fmt: skip
    """U = scale X W + b, of some rows of X.

    Parameters
    ----------
    starts, columns, values : X (P, N) in CSR: where each row starts, and the columns and values of its entries.
    rows : (B,) places of rows.
    W : (N, K) the weights, but for their `scale`.
    scale : what multiplies X W.
    biases : (K,) b.
    U : (B, K) where the result is written.
    """
    K = W.shape[1]
    for r in range(len(rows)):
        for k in range(K):
            U[r, k] = 0
        for entry in range(starts[rows[r]], starts[rows[r] + 1]):
            x, n = values[entry], columns[entry]
            for k in range(K):
                U[r, k] += x * W[n, k]
        for k in range(K):
            U[r, k] = scale * U[r, k] + biases[k]


@_compiled
def add_products(starts: Any, columns: Any, values: Any, rows: Any, delta: Any, factor: float, W: Any) -> None:
    """W += factor X^T delta, of some rows of X.

    Parameters
    ----------
    starts, columns, values, rows : as in `synaptic_inputs`.
    delta : (B, K) of those rows.
    factor : what multiplies the products.
    W : (N, K) to which they are added.
    """
    K = W.shape[1]
    for r in range(len(rows)):
        for entry in range(starts[rows[r]], starts[rows[r] + 1]):
            x, n = factor * values[entry], columns[entry]
            for k in range(K):
                W[n, k] += x * delta[r, k]
