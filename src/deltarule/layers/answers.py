"""What layers share that predict classes, and those among them whose neurons answer yes or no."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from deltarule import labels
from deltarule.checks import Matrix, Seed, numbers
from deltarule.errors import InputError
from deltarule.frames import column_names, places
from deltarule.layers.base import Layer
from deltarule.layers.initial import random_parameters
from deltarule.memory import check_fits

# Rows that are written at once.
ROWS = 1 << 20


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
class AnsweringLayer(ClassLayer):
    """What layers share whose neurons each answer yes or no: how targets are coded, and what is predicted.

    A kind has a field `classes`, as `LogisticLayer` describes it, and says of itself:

    threshold : the output above which the answer is yes; there u is 0.
    yes_at_threshold : whether the answer is yes at the threshold too.
    answers : the desired outputs of no and yes.
    """

    yes_at_threshold: ClassVar[bool] = False

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.classes is not None:
            required = 2 if self.neurons == 1 else self.neurons
            classes = classes_for(self.classes, required, "one neuron for two classes, or one a class")
            object.__setattr__(self, "classes", classes)

    @classmethod
    def for_targets(
        cls, inputs: int, targets: Any, *, classes: Iterable[Any] | None = None, seed: Seed = 0, **options: Any
    ) -> Self:
        """See `Layer.for_targets`; rows of answers without classes have independent neurons."""
        flat = labels.one_column(targets)
        if classes is None:
            answers = cls(*random_parameters(1, 1, 0), **options).answers
            if labels.are_rows(flat) or (labels.are_rows(targets) and _only(answers, flat)):
                columns = numbers("targets", targets, 2).shape[1]
                return cls(*random_parameters(inputs, columns, seed), **options)
            classes = labels.sorted_classes(targets)
        classes = labels.check_classes(classes)
        neurons = 1 if len(classes) == 2 else len(classes)
        return cls(*random_parameters(inputs, neurons, seed), **options | {"classes": classes})

    @property
    def threshold(self) -> float:
        """The output above which the answer is yes; there u is 0."""
        return 0.5

    @property
    def answers(self) -> tuple[float, float]:
        """The desired outputs of no and yes."""
        return 0.0, 1.0

    def is_one_against_rest(self) -> bool:
        """Whether each neuron tells its class from the rest, so that the largest synaptic input decides."""
        return self.classes is not None and self.neurons > 1

    def says_yes(self, values: Matrix, threshold: float = 0.0) -> NDArray[np.bool_]:
        """Which neurons answer yes, each by itself.

        Parameters
        ----------
        values : synaptic inputs, or outputs.
        threshold : 0 for synaptic inputs, `threshold` of the layer for outputs.
        """
        return values >= threshold if self.yes_at_threshold else values > threshold

    def decide(self, U: Matrix) -> NDArray[Any]:
        """Labels (P,), or rows of answers of independent neurons (P, K). Ties go to the first class."""
        return self._decided(self.says_yes(U), U)

    def decode(self, D: Matrix) -> NDArray[Any]:
        """See `Layer.decode`."""
        return self._decided(self._middle() < D, D)

    def _decided(self, yes: NDArray[np.bool_], U: Matrix) -> NDArray[Any]:
        if self.classes is None:
            low, high = map(int, self.answers)
            return np.where(yes, high, low)
        place = U.argmax(axis=1) if self.is_one_against_rest() else yes[:, 0].astype(int)
        predicted: NDArray[Any] = labels.as_array(self.classes)[place]
        return predicted

    def wrong(self, U: Matrix, D: Matrix) -> NDArray[np.bool_]:
        """Where the prediction is not the target; independent neurons are wrong where any of them is."""
        if self.is_one_against_rest():
            return argmax_differs(U, D)
        wrong: NDArray[np.bool_] = np.any(self.says_yes(U) != (self._middle() < D), axis=1)
        return wrong

    def encode(self, targets: Any) -> Matrix:
        """Labels (P,) or (P, 1) as rows of answers; rows of answers (P, K) as they are. Columns of a frame go by their names."""
        low, high = self.answers
        if self.classes is not None and self.neurons > 1:
            return self._coded(one_hot(self._as_one_hot(targets), self.classes, self.dtype))
        columns = None if self.classes is None else column_names(targets)
        named = [] if columns is None else [str(column) for column in columns]
        if self.classes is not None and sorted(named) == sorted(map(str, self.classes)):
            return self._coded(one_hot(targets, self.classes, self.dtype)[:, 1:])
        if self.classes is not None and not self._are_answers(targets):
            return self._coded(labels.positions(targets, self.classes)[:, None].astype(self.dtype))
        D = super().encode(targets)
        if not np.isin(D, (low, high)).all():
            raise InputError(
                "targets",
                f"be {low:g} or {high:g}",
                f"{D[~np.isin(D, (low, high))][0]:g}",
                f"Give {high:g} where the neuron should answer yes, {low:g} elsewhere.",
            )
        # A column that is named after the first class says yes where the neuron, which answers for the second, should say no.
        return low + high - D if self.classes is not None and named == [str(self.classes[0])] else D

    def _as_one_hot(self, targets: Any) -> Any:
        """Rows of -1 and 1, where these are the answers, as rows of 0 and 1; all other targets as they are."""
        if self.answers == (0, 1) or column_names(targets) is not None or not labels.are_rows(targets, self.classes):
            return targets
        rows = numbers("targets", targets, 2, self.dtype)
        return (rows > 0).astype(self.dtype) if np.isin(rows, self.answers).all() else rows

    def _coded(self, zeros_and_ones: Matrix) -> Matrix:
        low, high = self.answers
        return zeros_and_ones if (low, high) == (0, 1) else low + (high - low) * zeros_and_ones

    def _middle(self) -> float:
        return sum(self.answers) / 2

    def _are_answers(self, targets: Any) -> bool:
        """Whether targets of one neuron for two classes are a column of answers, for no and yes, rather than labels."""
        if self.classes is None or not labels.are_rows(targets, self.classes):
            return False
        low, high = map(int, self.answers)
        flat = labels.one_column(targets, classes=self.classes)
        answers = _only((low, high), flat)
        if labels.are_rows(flat, self.classes) or not set(labels.plain(flat)) <= set(self.classes):
            return labels.are_rows(flat, self.classes) or answers
        if answers and self.classes != (low, high):
            raise InputError(
                "targets",
                f"be labels (P,) where the classes are numbers such as {low} and {high}",
                f"a column of {low} and {high} for the classes {self.classes[0]!r} and {self.classes[1]!r}, "
                "which could be either",
                "Flatten them: targets.ravel().",
            )
        return False


def _only(answers: tuple[float, float], flat: Any) -> bool:
    """Whether flat targets are nothing but these answers."""
    return set(labels.plain(flat)) <= set(answers)


def classes_for(classes: Iterable[Any], required: int, rule: str) -> tuple[labels.Label, ...]:
    """The classes of a layer, checked.

    Parameters
    ----------
    classes : as the user gives them.
    required : how many there must be.
    rule : why, for the message.
    """
    found = labels.check_classes(classes)
    if len(found) != required:
        raise InputError(
            "classes",
            f"be {required} for this layer ({rule})",
            f"{len(found)}: {list(found)}",
            f"Give the weights one column a class, or name all classes: classes = [...] with {required} labels.",
        )
    return found


def argmax_differs(U: Matrix, D: Matrix) -> NDArray[np.bool_]:
    """Where the largest of U (P, K) is not at the place of the largest of D (P, K)."""
    differs: NDArray[np.bool_] = U.argmax(axis=1) != D.argmax(axis=1)
    return differs


def one_hot(targets: Any, classes: tuple[labels.Label, ...], dtype: np.dtype[Any]) -> Matrix:
    """Targets as one-hot rows (P, K). The columns of a frame are matched by name.

    Parameters
    ----------
    targets : labels (P,) or (P, 1), or one-hot rows.
    classes : (K,) the labels.
    dtype : of the rows.
    """
    targets = labels.one_column(targets, classes=classes)
    if not labels.are_rows(targets, classes):
        found = labels.positions(targets, classes)
        size = (len(classes) + len(found)) * len(classes) * dtype.itemsize
        got = f"{len(found):,} labels of {len(classes):,} classes"
        check_fits("targets", got, size, "Check that they are labels: a class has many patterns.")
        D = np.zeros((len(found), len(classes)), dtype)
        for start in range(0, len(found), ROWS):
            some = found[start : start + ROWS]
            D[np.arange(start, start + len(some)), some] = 1
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
