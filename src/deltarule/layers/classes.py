"""Layers that predict classes; their cost is the cross-entropy: softmax and logistic."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from deltarule import labels
from deltarule.checks import Matrix, Seed, Vector, brief, numbers
from deltarule.errors import InputError
from deltarule.frames import column_names
from deltarule.layers.answers import AnsweringLayer, ClassLayer, argmax_differs, classes_for, one_hot
from deltarule.layers.base import diagonal
from deltarule.layers.initial import random_parameters

# Rows that are many.
MANY = 256


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
        object.__setattr__(self, "classes", classes_for(self.classes, self.neurons, "one neuron a class"))

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
        _, E, total = _exponentials(U)
        Y: Matrix = E / total
        return Y

    def pattern_cost(self, U: Matrix, D: Matrix) -> Vector:
        """Log sum_j e^(u_j) - u_label."""
        shifted, _, total = _exponentials(U)
        return _cross_entropy(shifted, total, D)

    def unchecked_outputs_and_cost(self, U: Matrix, D: Matrix) -> tuple[Matrix, Vector]:
        """See `Layer.unchecked_outputs_and_cost`."""
        if type(self) is not SoftmaxLayer:  # one that derives from it may have formulas of its own
            return super().unchecked_outputs_and_cost(U, D)
        shifted, E, total = _exponentials(U)
        return E / total, _cross_entropy(shifted, total, D)

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
        return argmax_differs(U, D)

    def encode(self, targets: Any) -> Matrix:
        """Labels (P,) or one-hot rows (P, K) as one-hot rows."""
        return one_hot(targets, self.classes, self.dtype)


def _exponentials(U: Matrix) -> tuple[Matrix, Matrix, Matrix]:
    """U (P, K) less the largest of each row, so that nothing overflows; e to it; and the sums of that (P, 1)."""
    # Of many rows that are short, NumPy finds the largest of each in a fifth of the time where these are columns.
    largest = U.max(axis=1) if len(U) < MANY else np.ascontiguousarray(U.T).max(axis=0)
    with np.errstate(over="ignore"):
        shifted = U - largest[:, None]
        E = np.exp(shifted)
    return shifted, E, E.sum(axis=1, keepdims=True)


def _cross_entropy(shifted: Matrix, total: Matrix, D: Matrix) -> Vector:
    """The costs (P,) from what `_exponentials` gives."""
    cost: Vector = np.log(total[:, 0]) - np.take_along_axis(shifted, D.argmax(axis=1)[:, None], axis=1)[:, 0]
    return cost


@dataclass(frozen=True, eq=False, repr=False)
class LogisticLayer(AnsweringLayer):
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
