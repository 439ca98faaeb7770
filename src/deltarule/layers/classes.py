"""Layers that predict classes; their cost is the cross-entropy: softmax and logistic."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from deltarule import labels
from deltarule.checks import Matrix, Seed, Vector, brief, numbers
from deltarule.errors import InputError
from deltarule.frames import column_names, places
from deltarule.layers.base import Layer, diagonal
from deltarule.layers.initial import random_parameters
from deltarule.memory import check_fits


@dataclass(frozen=True, eq=False, repr=False)
class ClassLayer(Layer):
    """What layers that predict classes share: predictions that are right or wrong, and the delta Y - d of the cross-entropy."""

    has_classes: ClassVar[bool] = True

    def output_delta(self, Y: Matrix, D: Matrix) -> Matrix:
        """Y - d, with d one-hot or 0 and 1: -(K - f(U)) in the handout's notation."""
        return Y - D

    def decode(self, D: Matrix) -> NDArray[Any]:
        """The targets that D stands for: D read as synaptic inputs, since 1 is above 0 and above the rest of its row."""
        return self.unchecked_decide(D)

    @abstractmethod
    def decide(self, U: Matrix) -> NDArray[Any]:
        """The predicted classes, from synaptic inputs: labels (P,), or rows of 0 and 1 (P, K)."""

    @abstractmethod
    def wrong(self, U: Matrix, D: Matrix) -> NDArray[np.bool_]:
        """Which patterns are predicted wrongly. (P, K), (P, K) -> (P,)."""


@dataclass(frozen=True, eq=False, repr=False)
class SoftmaxLayer(ClassLayer):
    """y_k = e^(u_k) / sum_j e^(u_j), J = -sum log y_label: one neuron a class. Targets: labels (P,), or one-hot rows (P, K).

    Parameters
    ----------
    classes : the label of each neuron, in the order of the columns of `weights`.

    Examples
    --------
    >>> layer = SoftmaxLayer([[1.0, -1.0]], [0.0, 0.0], classes=["left", "right"])
    >>> layer.predict([[3.0], [-3.0]]).tolist()
    ['left', 'right']
    """

    classes: tuple[labels.Label, ...] = field()  # without field(), the None of `Layer` would be its default

    kind: ClassVar[str] = "softmax"

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "classes", _classes_for(self.classes, self.neurons, "one neuron a class"))

    @classmethod
    def random(cls, inputs: int, classes: Iterable[Any], seed: Seed = 0) -> Self:
        """A layer with `random_parameters`, one neuron a class.

        Parameters
        ----------
        inputs : N, the number of columns of the data.
        classes : at least two labels, in the order of the neurons.
        seed : of the random numbers.
        """
        classes = labels.check_classes(classes)
        return cls(*random_parameters(inputs, len(classes), seed), classes=classes)

    @classmethod
    def for_targets(
        cls, inputs: int, targets: Any, *, classes: Iterable[Any] | None = None, seed: Seed = 0, **options: Any
    ) -> Self:
        """See `Layer.for_targets`; one-hot rows have the classes 1 to K, or those that the columns of a frame are named after."""
        if classes is None:
            targets = labels.one_column(targets)
            if labels.are_rows(targets):
                columns = numbers("targets", targets, 2).shape[1]
                classes = column_names(targets) or range(1, columns + 1)
            else:
                classes = labels.sorted_classes(targets)
        return cls.random(inputs, classes, seed, **options)

    def activate(self, U: Matrix) -> Matrix:
        """e^(u_k) / sum_j e^(u_j), shifted by the row's largest u so that nothing overflows."""
        with np.errstate(over="ignore"):
            E = np.exp(U - U.max(axis=1, keepdims=True))
        Y: Matrix = E / E.sum(axis=1, keepdims=True)
        return Y

    def pattern_cost(self, U: Matrix, D: Matrix) -> Vector:
        """Log sum_j e^(u_j) - u_label."""
        with np.errstate(over="ignore"):
            shifted = U - U.max(axis=1, keepdims=True)
            at_label = np.take_along_axis(shifted, D.argmax(axis=1)[:, None], axis=1)[:, 0]
            cost: Vector = np.log(np.exp(shifted).sum(axis=1)) - at_label
        return cost

    def output_cost(self, Y: Matrix, D: Matrix) -> Vector:
        """-log y_label."""
        with np.errstate(divide="ignore"):
            cost: Vector = -np.log(np.take_along_axis(Y, D.argmax(axis=1)[:, None], axis=1)[:, 0])
        return cost

    def output_change(self, Y: Matrix, V: Matrix) -> Matrix:
        """(diag(y) - y y^T) v."""
        change: Matrix = Y * (V - np.einsum("pk,pk->p", Y, V)[:, None])
        return change

    def pattern_curvature(self, U: Matrix, D: Matrix) -> Matrix:
        """diag(y) - y y^T."""
        Y = self.unchecked_activate(U)
        return diagonal(Y) - Y[:, :, None] * Y[:, None, :]

    @property
    def mean_factor(self) -> float:
        """1: the mean over patterns."""
        return 1.0

    def decide(self, U: Matrix) -> NDArray[Any]:
        """The class of the largest output; of equal ones, the first."""
        predicted: NDArray[Any] = labels.as_array(self.classes)[U.argmax(axis=1)]
        return predicted

    def wrong(self, U: Matrix, D: Matrix) -> NDArray[np.bool_]:
        """Where the largest output is not the label's."""
        return _argmax_differs(U, D)

    def encode(self, targets: Any) -> Matrix:
        """Labels (P,) or one-hot rows (P, K) as one-hot rows."""
        return _one_hot(targets, self.classes, self.dtype)


@dataclass(frozen=True, eq=False, repr=False)
class LogisticLayer(ClassLayer):
    """y = 1 / (1 + e^-u), J = -sum [d log y + (1 - d) log(1 - y)]: each neuron answers yes or no.

    Parameters
    ----------
    classes : the labels that the neurons tell apart.
        Two labels and one neuron: y is the probability of the second label. As many labels as neurons (two or more): each neuron
        tells its class from the rest, and the largest output decides. None: the neurons are independent; targets and
        predictions are (P, K) rows of 0 and 1.

    Examples
    --------
    >>> LogisticLayer([[1.0]], [0.0], classes=["no", "yes"]).predict([[2.0], [-2.0]]).tolist()
    ['yes', 'no']
    """

    classes: tuple[labels.Label, ...] | None = None

    kind: ClassVar[str] = "logistic"
    has_slopes: ClassVar[bool] = True

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.classes is not None:
            required = 2 if self.neurons == 1 else self.neurons
            object.__setattr__(
                self, "classes", _classes_for(self.classes, required, "one neuron for two classes, or one a class")
            )

    @classmethod
    def random(
        cls, inputs: int, classes: Iterable[Any] | None = None, neurons: int | None = None, seed: Seed = 0
    ) -> Self:
        """A layer with `random_parameters`. Give either `classes` or `neurons`.

        Parameters
        ----------
        inputs : N, the number of columns of the data.
        classes : at least two labels. Two classes have one neuron; more have one neuron a class.
        neurons : K, the number of independent neurons.
        seed : of the random numbers.
        """
        if (classes is None) == (neurons is None):
            raise InputError(
                "random logistic layer",
                "be given either classes or neurons",
                f"classes={brief(classes)}, neurons={brief(neurons)}",
                "Give one of them.",
            )
        if neurons is None:
            classes = labels.check_classes(() if classes is None else classes)
            neurons = 1 if len(classes) == 2 else len(classes)
        return cls(*random_parameters(inputs, neurons, seed), classes=None if classes is None else tuple(classes))

    @classmethod
    def for_targets(
        cls, inputs: int, targets: Any, *, classes: Iterable[Any] | None = None, seed: Seed = 0, **options: Any
    ) -> Self:
        """See `Layer.for_targets`; rows of 0 and 1 without classes have independent neurons."""
        flat = labels.one_column(targets)
        if classes is None and (labels.are_rows(flat) or (labels.are_rows(targets) and _zeros_and_ones(flat))):
            return cls.random(inputs, None, numbers("targets", targets, 2).shape[1], seed, **options)
        return cls.random(inputs, labels.sorted_classes(targets) if classes is None else classes, None, seed, **options)

    def activate(self, U: Matrix) -> Matrix:
        """1 / (1 + e^-u)."""
        Y: Matrix = expit(U)
        return Y

    def pattern_cost(self, U: Matrix, D: Matrix) -> Vector:
        """sum_k d log(1 + e^-u) + (1 - d) log(1 + e^u), so that no term is 0 times infinity."""
        zero = np.zeros((), dtype=U.dtype)
        cost: Vector = np.sum(D * np.logaddexp(zero, -U) + (1 - D) * np.logaddexp(zero, U), axis=1)
        return cost

    def output_cost(self, Y: Matrix, D: Matrix) -> Vector:
        """-sum_k [d log y + (1 - d) log(1 - y)]."""
        with np.errstate(divide="ignore"):
            cost: Vector = -np.sum(np.log(np.where(D > 0.5, Y, 1 - Y)), axis=1)
        return cost

    def output_slope(self, Y: Matrix) -> Matrix:
        """f'(u) = y (1 - y)."""
        return Y * (1 - Y)

    def pattern_curvature(self, U: Matrix, D: Matrix) -> Matrix:
        """diag(y (1 - y))."""
        return diagonal(self.unchecked_output_slope(self.unchecked_activate(U)))

    @property
    def mean_factor(self) -> float:
        """1/K: the mean over patterns and neurons."""
        return 1 / self.neurons

    def _one_against_rest(self) -> bool:
        return self.classes is not None and self.neurons > 1

    def decide(self, U: Matrix) -> NDArray[Any]:
        """Labels (P,), or rows of 0 and 1 of independent neurons (P, K). Ties go to the first class; u = 0 means 0."""
        if self.classes is None:
            return (U > 0).astype(int)
        place = U.argmax(axis=1) if self._one_against_rest() else (U[:, 0] > 0).astype(int)
        predicted: NDArray[Any] = labels.as_array(self.classes)[place]
        return predicted

    def wrong(self, U: Matrix, D: Matrix) -> NDArray[np.bool_]:
        """Where the prediction is not the target; independent neurons are wrong where any of them is."""
        if self._one_against_rest():
            return _argmax_differs(U, D)
        wrong: NDArray[np.bool_] = np.any((U > 0) != (D > 0.5), axis=1)
        return wrong

    def encode(self, targets: Any) -> Matrix:
        """Labels (P,) or (P, 1) as rows of 0 and 1; rows of 0 and 1 (P, K) as they are. Columns of a frame go by their names."""
        if self.classes is not None and self.neurons > 1:
            return _one_hot(targets, self.classes, self.dtype)
        columns = None if self.classes is None else column_names(targets)
        named = [] if columns is None else [str(column) for column in columns]
        if self.classes is not None and sorted(named) == sorted(map(str, self.classes)):
            return _one_hot(targets, self.classes, self.dtype)[:, 1:]
        if self.classes is not None and not self._are_answers(targets):
            return labels.positions(targets, self.classes)[:, None].astype(self.dtype)
        D = super().encode(targets)
        if not np.isin(D, (0, 1)).all():
            raise InputError(
                "targets",
                "be 0 or 1",
                f"{D[~np.isin(D, (0, 1))][0]:g}",
                "Give 1 where the neuron should answer yes, 0 elsewhere.",
            )
        # A column that is named after the first class says 1 where the neuron, which answers for the second, should say 0.
        return 1 - D if self.classes is not None and named == [str(self.classes[0])] else D

    def _are_answers(self, targets: Any) -> bool:
        """Whether targets of one neuron for two classes are a column of 0 and 1, for no and yes, rather than labels."""
        if self.classes is None or not labels.are_rows(targets, self.classes):
            return False
        flat = labels.one_column(targets, classes=self.classes)
        if labels.are_rows(flat, self.classes) or not set(labels.plain(flat)) <= set(self.classes):
            return labels.are_rows(flat, self.classes) or _zeros_and_ones(flat)
        if _zeros_and_ones(flat) and self.classes != (0, 1):
            raise InputError(
                "targets",
                "be labels (P,) where the classes are numbers such as 0 and 1",
                f"a column of 0 and 1 for the classes {self.classes[0]!r} and {self.classes[1]!r}, which could be either",
                "Flatten them: targets.ravel().",
            )
        return False


def _zeros_and_ones(flat: Any) -> bool:
    return set(labels.plain(flat)) <= {0, 1}


def _classes_for(classes: Iterable[Any], required: int, rule: str) -> tuple[labels.Label, ...]:
    found = labels.check_classes(classes)
    if len(found) != required:
        raise InputError(
            "classes",
            f"be {required} for this layer ({rule})",
            f"{len(found)}: {list(found)}",
            f"Give the weights one column a class, or name all classes: classes = [...] with {required} labels.",
        )
    return found


def _argmax_differs(U: Matrix, D: Matrix) -> NDArray[np.bool_]:
    differs: NDArray[np.bool_] = U.argmax(axis=1) != D.argmax(axis=1)
    return differs


def _one_hot(targets: Any, classes: tuple[labels.Label, ...], dtype: np.dtype[Any]) -> Matrix:
    """Labels (P,) or (P, 1), or one-hot rows, as one-hot rows (P, K). The columns of a frame are matched by name."""
    targets = labels.one_column(targets, classes=classes)
    if not labels.are_rows(targets, classes):
        found = labels.positions(targets, classes)
        size = (len(classes) + len(found)) * len(classes) * dtype.itemsize
        got = f"{len(found):,} labels of {len(classes):,} classes"
        check_fits("targets", got, size, "Check that they are labels: a class has many patterns.")
        D = np.zeros((len(found), len(classes)), dtype)
        D[np.arange(len(found)), found] = 1
        return D
    order = places("one-hot targets", targets, classes, "the classes")
    D = numbers("one-hot targets", targets, 2, dtype)
    if D.shape[1] != len(classes):
        raise InputError(
            "one-hot targets",
            f"have {len(classes)} columns, one a class",
            D.shape[1],
            "Give one column a class, in the order of the classes.",
        )
    if order is not None:
        D = np.ascontiguousarray(D[:, order])
    with np.errstate(over="ignore"):
        bad = np.flatnonzero(~(np.isin(D, (0, 1)).all(axis=1) & (D.sum(axis=1) == 1)))
    if len(bad):
        raise InputError(
            "one-hot targets",
            "hold a single 1 a row and 0 elsewhere",
            f"{D[bad[0]].tolist()} in row {bad[0] + 1}",
            "Give labels, or correct the row.",
        )
    return D
