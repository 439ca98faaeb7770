"""How well numbers are predicted: mean square error and R2, column by column.

How well classes are predicted is counted by `training.History`: errors and accuracy.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deltarule.checks import Matrix, instance, rows_of_numbers
from deltarule.data import Scaling
from deltarule.errors import InputError
from deltarule.frames import places, same_names
from deltarule.json_values import json_value
from deltarule.layers import Layer
from deltarule.views import Shown


@dataclass(frozen=True, eq=False)
class Scores(Shown):
    """How well each target variable is predicted.

    Attributes
    ----------
    mean_square_error : (K,) in the square of the variable's unit, see `mean_square_error`.
    r2 : (K,) see `r2`; NaN where all targets of the variable are equal.
    """

    mean_square_error: NDArray[np.float64]
    r2: NDArray[np.float64]

    def to_dict(self) -> dict[str, Any]:
        """Plain lists, for JSON: None for NaN."""
        return {"mean_square_error": json_value(self.mean_square_error), "r2": json_value(self.r2)}


def scores(layer: Layer, X: ArrayLike, targets: ArrayLike, scaling: Scaling | None = None) -> Scores:
    """How well a layer predicts numbers.

    Parameters
    ----------
    layer : a layer that predicts numbers, trained on scaled targets or not.
    X : (P, N) inputs, scaled as the layer was trained.
    targets : (P, K) desired outputs, scaled as the layer was trained.
    scaling : the scaling of the targets; it is undone first, so that the scores are in the targets' own units. None: no scaling.

    Raises
    ------
    InputError
        If inputs, targets and layer do not fit.

    Examples
    --------
    >>> from deltarule import LinearLayer
    >>> half = Scaling([0.0], [0.5])  # targets 2 and 6 were halved
    >>> scores(LinearLayer([[1.0]], [0.0]), [[1.0], [2.0]], [[1.0], [3.0]], half).mean_square_error.tolist()
    [2.0]
    """
    instance("layer", layer, Layer, "Give a layer that predicts numbers.")
    if scaling is not None:
        instance("scaling", scaling, Scaling, "Give what standardising, centring or min_max makes.")
    Y = layer.output(X)
    D = layer.astype(np.float64).encode(targets)
    return scores_of(D, Y) if scaling is None else scores_of(scaling.undo(D), scaling.undo(Y))


def scores_of(targets: ArrayLike, predicted: ArrayLike) -> Scores:
    """How well numbers are predicted, from predictions.

    Parameters
    ----------
    targets, predicted : (P, K), as in `mean_square_error`.
    """
    return Scores(mean_square_error(targets, predicted), r2(targets, predicted))


def mean_square_error(targets: ArrayLike, predicted: ArrayLike) -> NDArray[np.float64]:
    """1/P sum_p (d - y)^2 of each column, in the square of the targets' unit.

    Parameters
    ----------
    targets : (P, K) desired outputs d; or (P,) for one column.
    predicted : (P, K) outputs y; or (P,) for one column. Columns of two frames that have the same names are matched by name.

    Returns
    -------
    (K,)
        Infinity where a square overflows.

    Raises
    ------
    InputError
        If targets or predictions are not a matrix of finite numbers, have no rows, or differ in shape.

    Examples
    --------
    >>> mean_square_error([[1.0, 0.0], [2.0, 0.0]], [[1.0, 3.0], [4.0, 0.0]]).tolist()
    [2.0, 4.5]
    """
    D, Y = _pair(targets, predicted)
    with np.errstate(over="ignore"):  # after divergence the error is infinite
        return np.asarray(np.mean((D - Y) ** 2, axis=0), dtype=np.float64)


def r2(targets: ArrayLike, predicted: ArrayLike) -> NDArray[np.float64]:
    """1 - SS_res / SS_tot of each column: SS_res = sum_p (d - y)^2, SS_tot = sum_p (d - mean d)^2.

    Parameters
    ----------
    targets : (P, K) desired outputs d; or (P,) for one column. They come first: exchanging targets and predictions changes R2.
    predicted : (P, K) outputs y; or (P,) for one column. Columns of two frames that have the same names are matched by name.

    Returns
    -------
    (K,)
        1 is perfect. 0 is as good as predicting the mean of these targets; below 0 is worse. NaN where the targets of a column
        are all equal, so that there is no variance to explain.

    Raises
    ------
    InputError
        If targets or predictions are not a matrix of finite numbers, have no rows, or differ in shape.

    Examples
    --------
    >>> r2([[1.0, 5.0], [3.0, 5.0]], [[1.0, 5.0], [2.0, 5.0]]).tolist()
    [0.5, nan]
    """
    D, Y = _pair(targets, predicted)
    with np.errstate(over="ignore", invalid="ignore"):
        residual = np.sum((D - Y) ** 2, axis=0)
        total = np.sum((D - D.mean(axis=0)) ** 2, axis=0)
        # The mean of equal numbers may be wrong by a rounding, so SS_tot may not be exactly 0: compare the targets themselves.
        constant = np.ptp(D, axis=0) == 0
        found = np.where(constant, np.nan, 1 - residual / np.where(constant, 1, total))
    return np.asarray(found, dtype=np.float64)


def _pair(targets: ArrayLike, predicted: ArrayLike) -> tuple[Matrix, Matrix]:
    # Sums over many patterns in float32 would be wrong by more than its rounding.
    D = rows_of_numbers("targets", targets, np.float64)
    order = places("predictions", predicted, same_names(targets, predicted), "the targets")
    Y = rows_of_numbers("predictions", predicted, np.float64)
    Y = Y if order is None else Y[:, order]
    if D.shape != Y.shape:
        raise InputError("predictions", f"have the shape of the targets, {D.shape}", Y.shape, "Give one row a pattern.")
    if len(D) == 0:
        raise InputError("targets", "have at least one row (pattern)", "none", "Check that the data were read.")
    return D, Y
