"""Data for training: a split into training and test patterns, and scalings by the training set."""

from __future__ import annotations

import math
import operator
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deltarule.checks import Matrix, Vector, all_finite, as_float, brief, numbers, truth, whole
from deltarule.errors import InputError
from deltarule.frames import column_names, distinct_names, places
from deltarule.labels import CodedLabels, one_column, plain, positions, sorted_classes
from deltarule.views import Shown

Indices = NDArray[np.intp]
# The squares of smaller deviations lose digits in float64, or are 0.
SMALLEST_SPREAD = 1e-150


def split(
    count: int, test: float, seed: int, *, stratified: bool = False, labels: Sequence[Any] | CodedLabels | None = None
) -> tuple[Indices, Indices]:
    """The places of the training and of the test patterns, exactly as scikit-learn's `train_test_split` chooses them.

    A permutation of 0 ... P-1 by `numpy.random.RandomState(seed)`; its first patterns are the test set, the others the
    training set, both in its order. That is `train_test_split(..., test_size=test, random_state=seed)`.

    Parameters
    ----------
    count : P, the number of patterns.
    test : the share of the test set, between 0 and 1 (ceil(test P) patterns); or a whole number of patterns.
    seed : a whole number below 2^32.
    stratified : whether to keep the share of each class the same in both sets; scikit-learn itself then splits.
    labels : (P,) the class of each pattern, for a stratified split.

    Returns
    -------
    (training, test)
        The places of the patterns, whole numbers from 0.

    Raises
    ------
    InputError
        If either set is empty, a value breaks its rule, or the classes are too small to stratify.

    Examples
    --------
    >>> training, test = split(20, 0.25, seed=1)
    >>> len(training), test.tolist()
    (15, [3, 16, 6, 10, 2])
    """
    count = whole("number of patterns", count, 2, "A split needs one pattern for each side.")
    test_size = _test_patterns(count, test)
    seed = whole("seed of the split", seed, 0, "Give a whole number below 2^32.")
    if seed >= 2**32:
        raise InputError("seed of the split", "be below 2^32", seed, "Give a smaller whole number.")
    if truth("stratified", stratified):
        return _stratified(count, test_size, seed, labels)
    permutation = np.random.RandomState(seed).permutation(count)  # the one of scikit-learn
    return permutation[test_size:], permutation[:test_size]


def _test_patterns(count: int, test: float) -> int:
    rule = f"be a share between 0 and 1, or a whole number of patterns from 1 to {count - 1}"
    remedy = "Leave at least one pattern on each side."
    if isinstance(test, bool | np.bool_ | str):
        raise InputError("test set", rule, repr(test), remedy)
    try:
        test_size = operator.index(test)  # type: ignore[arg-type]
    except Exception:  # noqa: BLE001 - an object of the user's may raise anything
        try:
            share = as_float(test)
        except Exception:  # noqa: BLE001
            share = math.nan
        # Rounded up, as scikit-learn does.
        test_size = math.ceil(share * count) if 0 < share < 1 else 0
    if not 0 < test_size < count:
        raise InputError("test set", rule, f"{brief(test)} of {count} patterns", remedy)
    return test_size


def _labels(labels: Any) -> Any:
    """Labels as a list; those of very many patterns stay coded."""
    return labels if isinstance(labels, CodedLabels) else plain(one_column(labels))


def _stratified(count: int, test_size: int, seed: int, labels: Any) -> tuple[Indices, Indices]:
    found = [] if labels is None else _labels(labels)
    if len(found) != count:
        raise InputError(
            "stratified split",
            "have a label for each pattern",
            "none" if labels is None else f"{len(found)} for {count}",
            "Give labels, or leave out stratified.",
        )
    from sklearn.model_selection import train_test_split

    classes = sorted_classes(found)
    place = positions(found, classes)
    rule, remedy = "have enough patterns of each class for both sets", "Give more patterns, or leave out stratified."
    sizes = np.bincount(place)
    if sizes.min() < 2:
        raise InputError("stratified split", rule, f"one pattern of {classes[sizes.argmin()]!r}", remedy)
    for side, size in (("test", test_size), ("training", count - test_size)):
        if size < len(classes):
            got = f"a {side} set of {size} for {len(classes)} classes"
            raise InputError(
                "stratified split", rule, got, "Give another size of the test set, or leave out stratified."
            )
    training, test = train_test_split(np.arange(count), test_size=test_size, random_state=seed, stratify=place)
    return training, test


@dataclass(frozen=True, eq=False)
class Scaling(Shown):
    """x' = (x - shift) * scale, column by column.

    Parameters
    ----------
    shift : (N,) finite numbers.
    scale : (N,) finite numbers other than 0.
    names : (N,) names of the columns, by which those of a frame are matched; None: they are taken as they stand.

    Raises
    ------
    InputError
        If they are not such numbers.

    Examples
    --------
    >>> scaling = Scaling([1.0, 0.0], [2.0, 0.5])
    >>> scaling.apply([[3.0, 4.0]]).tolist(), scaling.undo([[4.0, 2.0]]).tolist()
    ([[4.0, 2.0]], [[3.0, 4.0]])
    """

    shift: Vector
    scale: Vector
    names: tuple[Hashable, ...] | None = None

    def __post_init__(self) -> None:
        shift = numbers("shift of a scaling", self.shift, 1, np.float64).copy()
        scale = numbers("scale of a scaling", self.scale, 1, np.float64).copy()
        if len(shift) != len(scale) or not scale.all():
            raise InputError(
                "scale of a scaling",
                f"be {len(shift)} numbers other than 0, as many as the shift has",
                scale.tolist(),
                "Give one number a column.",
            )
        object.__setattr__(self, "shift", shift)
        object.__setattr__(self, "scale", scale)
        object.__setattr__(self, "names", distinct_names("names of a scaling's columns", self.names, len(shift)))
        super().__post_init__()

    def to_dict(self) -> dict[str, list[float]]:
        """Plain lists, for JSON."""
        return {"shift": self.shift.tolist(), "scale": self.scale.tolist()}

    def apply(self, X: ArrayLike) -> Matrix:
        """(x - shift) * scale, of numbers X (P, N) in the columns that the scaling was made from. (P, N) -> (P, N)."""
        X = self._checked(X)
        with np.errstate(over="ignore"):
            scaled = (X - self.shift) * self.scale
        if not all_finite(scaled):
            row, column = (int(at) for at in np.argwhere(~np.isfinite(scaled))[0])
            raise InputError(
                "scaled numbers",
                "hold finite numbers only",
                f"{scaled[row, column]} of {X[row, column]} in row {row + 1}, column {column + 1}",
                "Correct it, or remove the row.",
            )
        return np.ascontiguousarray(scaled)

    def apply_in_place(self, column: int, values: Vector) -> None:
        """`apply`, of the numbers (P,) of one column, which are overwritten.

        Parameters
        ----------
        column : its place, from 0.
        values : float64 numbers, which are not checked.
        """
        values -= self.shift[column]
        values *= self.scale[column]

    def undo(self, X: ArrayLike) -> Matrix:
        """X' / scale + shift, the inverse of `apply`, of scaled numbers X (P, N). (P, N) -> (P, N)."""
        X = self._checked(X)
        with np.errstate(over="ignore"):
            return numbers("numbers scaled back", X / self.scale + self.shift, 2)

    def _checked(self, X: ArrayLike) -> Matrix:
        order = places("numbers to scale", X, self.names, "the scaling's columns")
        X = numbers("numbers to scale", X, 2)
        X = X if order is None else X[:, order]
        if X.shape[1] != len(self.shift):
            raise InputError(
                "numbers to scale",
                f"have {len(self.shift)} columns, as the scaling has",
                X.shape[1],
                "Give the columns that the scaling was made from.",
            )
        return X


def standardising(X: ArrayLike) -> Scaling:
    """The scaling of X to mean 0 and variance 1: its columns' means, and 1 over their deviations.

    It is that of scikit-learn's `StandardScaler`. The variance is divided by P, not by P - 1. A column that is constant, up
    to the rounding of its variance, is only centred.

    Parameters
    ----------
    X : (P, N) the training patterns.

    Raises
    ------
    InputError
        If a mean or a deviation does not fit float64.

    Examples
    --------
    >>> standardising([[1.0], [3.0]]).apply([[1.0], [3.0], [5.0]]).tolist()
    [[-1.0], [1.0], [3.0]]

    References
    ----------
    The bound below which a variance is rounding error: T. F. Chan, G. H. Golub, R. J. LeVeque, "Algorithms for
    computing the sample variance", The American Statistician 37 (1983), 242-247, as scikit-learn applies it.
    """
    names, X = column_names(X), _columns(X)
    with np.errstate(over="ignore", invalid="ignore"):
        mean, variance = X.mean(axis=0), X.var(axis=0)
        refuse_tiny(X, variance)
    return _standardising(mean, variance, len(X), names)


def _standardising(mean: Vector, variance: Vector, rows: int, names: tuple[Hashable, ...] | None) -> Scaling:
    """The scaling by means and variances of so many rows."""
    with np.errstate(over="ignore", invalid="ignore"):
        rounding = rows * np.finfo(np.float64).eps
        constant = np.isfinite(variance) & (variance <= rounding * variance + (rounding * mean) ** 2)
    return _scaling(mean, np.where(constant, 1.0, np.sqrt(variance)), names)


def scaling_of_moments(mean: Vector, variance: Vector, spread: Vector, rows: int, *, centred: bool = False) -> Scaling:
    """`standardising`, or `centring`, of columns that are not in memory.

    Parameters
    ----------
    mean, variance : (N,) of the columns; the variance is divided by P.
    spread : (N,) the largest number less the least.
    rows : P.
    centred : whether the columns are only centred.

    Raises
    ------
    InputError
        As `standardising`.

    Examples
    --------
    >>> scaling_of_moments(np.array([2.0]), np.array([1.0]), np.array([2.0]), 2).apply([[1.0], [5.0]]).tolist()
    [[-1.0], [3.0]]
    """
    if centred:
        return _scaling(mean, np.ones_like(mean), None)
    _refuse_tiny_spreads(variance, spread)
    return _standardising(mean, variance, rows, None)


def refuse_tiny(X: Matrix, variance: Vector) -> None:
    """Refuse columns whose variance is 0 only because float64 cannot hold it: they would pass for constant ones.

    Parameters
    ----------
    X : (P, N) numbers.
    variance : (N,) of their columns.

    Raises
    ------
    InputError
        If a column varies, by so little that the squares of its deviations are below what float64 holds.
    """
    tiny = np.flatnonzero(variance < np.finfo(np.float64).tiny)
    spread = np.zeros(len(variance))
    spread[tiny] = np.ptp(X[:, tiny], axis=0)
    _refuse_tiny_spreads(variance, spread)


def _refuse_tiny_spreads(variance: Vector, spread: Vector) -> None:
    tiny = variance < np.finfo(np.float64).tiny
    lost = np.flatnonzero(tiny & (spread > 0) & (spread < SMALLEST_SPREAD))
    if len(lost):
        raise InputError(
            "numbers to scale",
            "have a mean and a spread that float64 can hold",
            f"column {lost[0] + 1}, whose spread is {spread[lost[0]]:g}",
            "Give the column in another unit.",
        )


def centring(X: ArrayLike) -> Scaling:
    """The scaling of X to mean 0: its columns' means, and 1.

    Parameters
    ----------
    X : (P, N) the training patterns.

    Examples
    --------
    >>> centring([[1.0], [3.0]]).apply([[1.0], [3.0]]).tolist()
    [[-1.0], [1.0]]
    """
    names, X = column_names(X), _columns(X)
    with np.errstate(over="ignore", invalid="ignore"):
        mean = X.mean(axis=0)
    return _scaling(mean, np.ones_like(mean), names)


def min_max(X: ArrayLike) -> Scaling:
    """The scaling of X to [0, 1]: its columns' minima, and 1 over their ranges; a constant column becomes 0.

    It is that of scikit-learn's `MinMaxScaler`.

    Parameters
    ----------
    X : (P, N) the training patterns.

    Examples
    --------
    >>> min_max([[1.0], [3.0]]).apply([[1.0], [2.0], [4.0]]).tolist()
    [[0.0], [0.5], [1.5]]
    """
    names, X = column_names(X), _columns(X)
    with np.errstate(over="ignore", invalid="ignore"):
        minimum, extent = X.min(axis=0), np.ptp(X, axis=0)
    return _scaling(minimum, np.where(extent == 0, 1.0, extent), names)


def _columns(X: ArrayLike) -> Matrix:
    X = numbers("numbers to scale", X, 2, np.float64)
    if X.size == 0:
        raise InputError(
            "numbers to scale", "have at least one row and one column", f"shape {X.shape}", "Give patterns."
        )
    return X


def _scaling(shift: Vector, extent: Vector, names: tuple[Hashable, ...] | None) -> Scaling:
    """The scaling by 1 / extent, or an `InputError` where the numbers are too large or too close for one."""
    with np.errstate(over="ignore"):
        scale = 1 / extent
    bad = np.flatnonzero(~(np.isfinite(shift) & np.isfinite(extent) & np.isfinite(scale)))
    if len(bad):
        raise InputError(
            "numbers to scale",
            "have a mean and a spread that float64 can hold",
            f"column {bad[0] + 1}, whose spread is {extent[bad[0]]:g}",
            "Give the column in another unit.",
        )
    return Scaling(shift, scale, names)
