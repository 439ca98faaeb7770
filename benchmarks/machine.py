"""What the machine does at best: bytes read and multiplications done in a second, by as many threads as this process has."""

from __future__ import annotations

import time

import numpy as np
from numba import get_num_threads, njit, prange

from benchmarks.task import Array

# Far more than the caches hold.
STREAM_BYTES = 2**30
SIDE = 2048


@njit(parallel=True, fastmath=True, nogil=True)  # type: ignore[untyped-decorator]
def _read(values: Array, parts: int) -> float:
    total, length = 0.0, len(values) // parts
    for part in prange(parts):
        total += values[part * length : (part + 1) * length].sum()
    return total


def read_bandwidth(*, quick: bool = False) -> float:
    """Bytes a second, read by a Numba loop that sums a float64 array of 1 GiB, each thread its part: best of five."""
    values = np.ones(STREAM_BYTES // 8 // (16 if quick else 1))
    threads = get_num_threads()
    _read(values[: 2 * threads], threads)
    return values.nbytes / min(_timed(lambda: _read(values, threads)) for _ in range(5))


def peak_arithmetic(dtype: str) -> float:
    """Floating-point operations a second of NumPy's product (BLAS) of two square matrices of side 2048: best of five.

    A fused multiply-add is two operations. It is what the best known loop of multiply-adds reaches, which is a little less than
    what the processor's clock and width would give.
    """
    A = np.random.default_rng(0).random((SIDE, SIDE)).astype(dtype)
    B, C = A.T.copy(), np.empty_like(A)
    np.matmul(A, B, out=C)
    return 2.0 * SIDE**3 / min(_timed(lambda: np.matmul(A, B, out=C)) for _ in range(5))


def _timed(call: object) -> float:
    began = time.perf_counter()
    call()  # type: ignore[operator]
    return time.perf_counter() - began
