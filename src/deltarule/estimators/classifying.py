"""What classifiers share: classes, their weights, and predictions from synaptic inputs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import ClassifierMixin
from sklearn.utils.class_weight import compute_class_weight
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import column_or_1d

from deltarule import labels
from deltarule.checks import Matrix, numbers
from deltarule.data import split
from deltarule.errors import InputError
from deltarule.estimators.base import LayerEstimator
from deltarule.estimators.plain import is_labels
from deltarule.frames import refuse_stream


@dataclass(kw_only=True, eq=False, repr=False)
class ClassifyingEstimator(ClassifierMixin, LayerEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """A classifier: `layer_` has the classes.

    Parameters
    ----------
    class_weight : weights by class, which multiply those of the patterns: {label: weight}, or "balanced": the sum of all weights
        over (the number of classes times the class's own sum). None: 1 each.
    """

    class_weight: Mapping[Any, float] | str | None = None

    def partial_fit(self, X: Any, y: Any = None, classes: Any = None, sample_weight: Any = None) -> Self:
        """One epoch of descent from the layer there is, whatever the solver; the first call makes one.

        Inputs are taken as they are, or with the scaling of an earlier `fit`. Momentum and schedules begin anew with each call.

        Parameters
        ----------
        X, y, sample_weight : as in `fit`.
        classes : (K,) all labels that are to come; needed in the first call only.
        """
        refuse_stream("inputs", X)
        reset = not hasattr(self, "layer_")
        if reset:
            if classes is None:
                raise InputError(
                    "classes", "be given in the first call of partial_fit", "None", "Give classes=np.unique(y)."
                )
            _refuse_unsortable("classes", classes)
            self.classes_ = _at_least_two(np.unique(np.asarray(classes)))
            self._given_classes = True
        elif classes is not None and not np.array_equal(np.unique(np.asarray(classes)), self.classes_):
            raise InputError(
                "classes",
                "be those of the first call",
                list(np.unique(classes)),
                "Leave them out, or make a new estimator.",
            )
        try:
            return self._first_epoch(X, y, sample_weight, reset)
        finally:
            self._given_classes = False

    def _checked(self, X: Any, y: Any, *, reset: bool) -> tuple[Any, Any]:
        X, y = super()._checked(X, y, reset=reset)
        if y.dtype.kind == "O":
            _refuse_unsortable("targets", y)
        return X, y

    def _targets(self, y: Any, *, reset: bool) -> Any:
        if not is_labels(y):
            check_classification_targets(y)
            y = column_or_1d(y, warn=True)
        if reset and not getattr(self, "_given_classes", False):
            self.classes_ = _at_least_two(np.unique(y))
            if 2 * len(self.classes_) > len(y):
                check_classification_targets(y)  # which asks whether they are numbers to predict
        places = np.minimum(np.searchsorted(self.classes_, y), len(self.classes_) - 1)
        unknown = np.flatnonzero(self.classes_[places] != y)
        if len(unknown):
            got = f"{y[unknown[0]]!r} in row {unknown[0] + 1}"
            raise InputError("targets", f"be among the classes {self.classes_.tolist()}", got, "Correct the label.")
        return np.asarray(self.classes_)[places]

    def _weighted(self, y: Any, sample_weight: Any) -> Any:
        if self.class_weight is None and sample_weight is None:
            return None
        y = column_or_1d(y)
        if self.class_weight is not None:
            v = np.ones(len(y)) if sample_weight is None else numbers("sample weights", sample_weight, 1, np.float64)
            places = np.searchsorted(self.classes_, y)
            if isinstance(self.class_weight, str) and self.class_weight == "balanced":
                sums = np.bincount(places, v, len(self.classes_))
                each = v.sum() / (len(sums) * np.where(sums > 0, sums, 1.0))
            else:
                each = compute_class_weight(self.class_weight, classes=self.classes_, y=y)
            sample_weight = v * each[places]
        self._check_weights(y, sample_weight)
        return sample_weight

    def _check_weights(self, y: Any, sample_weight: Any) -> None:
        """A class without a weight above 0 could not be learnt: its outputs fall for ever."""
        v = numbers("sample weights", sample_weight, 1, np.float64)
        if getattr(self, "_given_classes", False) or len(v) != len(y):
            return
        sums = np.bincount(np.searchsorted(self.classes_, y), v, len(self.classes_))
        if v.any() and (sums == 0).any() and not hasattr(self, "layer_"):
            nothing = self.classes_[sums == 0].tolist()
            raise InputError(
                "classes",
                "each have a pattern of weight above 0",
                f"none of class {nothing[0]!r}",
                "Leave out its patterns.",
            )

    def _labels(self) -> tuple[Any, ...]:
        return tuple(self.classes_.tolist())

    def _set_apart(self, count: int, seed: int, targets: Any) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        places = np.searchsorted(self.classes_, targets).tolist()
        return split(count, self.validation_fraction, seed, stratified=True, labels=places)

    def decision_function(self, X: Any) -> Matrix:
        """Synaptic inputs U (P, K); of two classes u_2 - u_1 (P,), above 0 where the second class is predicted.

        Parameters
        ----------
        X : (P, N) inputs.
        """
        U = self._synaptic_input(X)
        if len(self.classes_) > 2:
            return U
        return U[:, 0] if U.shape[1] == 1 else U[:, 1] - U[:, 0]

    def predict(self, X: Any) -> NDArray[Any]:
        """The class of each pattern, (P,).

        Parameters
        ----------
        X : (P, N) inputs.
        """
        U = self._synaptic_input(X)
        return np.asarray(self.layer_.decide(U)).astype(self.classes_.dtype)


def _refuse_unsortable(name: str, given: Any) -> None:
    """An `InputError` where a label is missing, or some cannot be compared: classes are sorted."""
    found = labels.plain(np.ravel(given), name)
    try:
        sorted(set(found))  # type: ignore[type-var]
    except TypeError:
        kinds = sorted({type(label).__name__ for label in found})
        raise InputError(
            name, "be texts only, or numbers only", f"{' and '.join(kinds)}", "Give labels of one kind."
        ) from None


def _at_least_two(classes: NDArray[Any]) -> NDArray[Any]:
    if len(classes) < 2:
        raise InputError(
            "targets", "be of two classes or more", f"1 class: {classes.tolist()}", "Give patterns of another."
        )
    return classes
