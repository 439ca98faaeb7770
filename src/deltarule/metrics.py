"""How well numbers are predicted: mean square error and R2, column by column.

Of classes: errors and accuracy, see `training.History`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deltarule.checks import Matrix, numbers
from deltarule.data import Scaling
from deltarule.errors import InputError
from deltarule.layers import Layer


class Scores(NamedTuple):
    """Mean square error and R2 of each target variable: (K,), (K,)."""

    mean_square_error: NDArray[np.float64]
    r2: NDArray[np.float64]


def scores(layer: Layer, X: ArrayLike, targets: ArrayLike, scaling: Scaling | None = None) -> Scores:
    """How well a layer predicts numbers, in the units that `scaling` was applied to (None: as the targets are).

    Examples
    --------
    >>> from deltarule import LinearLayer
    >>> half = Scaling([0.0], [0.5])  # targets 2 and 6 were halved
    >>> scores(LinearLayer([[1.0]], [0.0]), [[1.0], [2.0]], [[1.0], [3.0]], half).mean_square_error.tolist()
    [2.0]
    """
    D, Y = np.asarray(targets), layer.output(X)
    if scaling is not None:
        D, Y = scaling.undo(D), scaling.undo(Y)
    return Scores(mean_square_error(D, Y), r2(D, Y))


def mean_square_error(targets: ArrayLike, predicted: ArrayLike) -> NDArray[np.float64]:
    """1/P sum_p (d - y)^2 of each column. (P, K), (P, K) -> (K,), in the square of the targets' unit.

    Raises
    ------
    InputError
        If either is no matrix of finite numbers, has no rows, or the shapes differ.

    Examples
    --------
    >>> mean_square_error([[1.0, 0.0], [2.0, 0.0]], [[1.0, 3.0], [4.0, 0.0]]).tolist()
    [2.0, 4.5]
    """
    D, Y = _pair(targets, predicted)
    with np.errstate(over="ignore"):  # of a layer that diverged: infinity says so
        return np.asarray(np.mean((D - Y) ** 2, axis=0), dtype=np.float64)


def r2(targets: ArrayLike, predicted: ArrayLike) -> NDArray[np.float64]:
    """1 - SS_res / SS_tot of each column: SS_res = sum_p (d - y)^2, SS_tot = sum_p (d - mean d)^2. 2 x (P, K) -> (K,).

    1 is perfect, 0 is what the mean of these targets would do, and below 0 is worse than that. NaN where the targets of
    a column are all equal: there is nothing to explain. The targets come first: the two do not commute.

    Raises
    ------
    InputError
        If either is no matrix of finite numbers, has no rows, or the shapes differ.

    Examples
    --------
    >>> r2([[1.0, 5.0], [3.0, 5.0]], [[1.0, 5.0], [2.0, 5.0]]).tolist()
    [0.5, nan]
    """
    D, Y = _pair(targets, predicted)
    with np.errstate(over="ignore"):
        residual = np.sum((D - Y) ** 2, axis=0)
    total = np.sum((D - D.mean(axis=0)) ** 2, axis=0)
    # The mean of equal numbers may be off by a rounding, so that their SS_tot is no exact zero: equality decides.
    constant = np.ptp(D, axis=0) == 0
    return np.asarray(np.where(constant, np.nan, 1 - residual / np.where(constant, 1, total)), dtype=np.float64)


def _pair(targets: ArrayLike, predicted: ArrayLike) -> tuple[Matrix, Matrix]:
    D: NDArray[Any] = numbers("targets", targets, 2)
    Y: NDArray[Any] = numbers("predictions", predicted, 2)
    if D.shape != Y.shape:
        raise InputError("predictions", f"have the shape of the targets, {D.shape}", Y.shape, "Give one row a pattern.")
    if len(D) == 0:
        raise InputError("targets", "have at least one row (pattern)", "none", "Check that the data were read.")
    return D, Y
