"""Logistic regression behind scikit-learn's interface: of two classes, one against the rest, or several answers a pattern."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.utils.multiclass import type_of_target

from deltarule.checks import Matrix
from deltarule.data import split
from deltarule.errors import InputError
from deltarule.estimators.base import OptimisedEstimator
from deltarule.estimators.classifying import ClassifyingEstimator
from deltarule.estimators.plain import is_labels
from deltarule.layers import LogisticLayer


@dataclass(kw_only=True, eq=False, repr=False)
class LogisticClassifier(ClassifyingEstimator, OptimisedEstimator):
    """y = 1 / (1 + e^-u), J = -sum [d log y + (1 - d) log(1 - y)] + L/2 sum W^2: logistic regression.

    Two classes have one neuron. More have one neuron each, which tells its class from the rest; the largest output decides. Rows of
    0 and 1 (P, K), one column an answer (multi-label), have K independent neurons.

    Its parameters are those of `deltarule.estimators.base.OptimisedEstimator` and of
    `deltarule.estimators.classifying.ClassifyingEstimator`.

    Parameters
    ----------
    weight_decay : L. 1, as scikit-learn's C = 1: small tables are often separable, and then there is no optimum without decay.
        0: nothing but the cost; a `SeparableWarning` says where that has no minimum.

    Attributes
    ----------
    layer_ : the `LogisticLayer`, of the inputs as they are.
    classes_ : (K,) the labels, sorted; of several answers a pattern their places, 0 to K-1.
    optimum_, run_, n_iter_, loss_curve_, validation_curve_, scaling_ : as in `SoftmaxClassifier`.
    coef_, intercept_ : what `decision_function` multiplies with, as scikit-learn has them: one neuron a row.

    Examples
    --------
    >>> model = LogisticClassifier().fit([[0.0], [1.0], [2.0], [3.0]], ["no", "no", "yes", "yes"])
    >>> model.predict([[0.5], [2.5]]).tolist(), model.coef_.shape
    (['no', 'yes'], (1, 1))
    >>> LogisticClassifier().fit([[0.0], [1.0], [2.0]], [[0, 1], [0, 1], [1, 0]]).predict([[3.0]]).tolist()
    [[1, 0]]
    """

    weight_decay: float = 1.0

    def _many_targets(self) -> bool:
        return True

    def _targets(self, y: Any, *, reset: bool) -> Any:
        several = not is_labels(y) and type_of_target(y) == "multilabel-indicator"
        if not reset and several != self._several():
            got = "rows of answers" if several else "labels"
            remedy = "Give the same kind of targets, or make a new estimator."
            raise InputError("targets", "be of the kind of those of fit", got, remedy)
        if not several:
            return super()._targets(y, reset=reset)
        rows = np.asarray(y.toarray() if hasattr(y, "toarray") else y)
        if self.class_weight is not None:
            raise InputError(
                "class_weight", "be None where a pattern has several answers", self.class_weight, "Give sample_weight."
            )
        if reset:
            self.classes_ = np.arange(rows.shape[1])
            self._answers = True
        return rows

    def _several(self) -> bool:
        return bool(getattr(self, "_answers", False))

    def _weighted(self, y: Any, sample_weight: Any) -> Any:
        return sample_weight if self._several() else super()._weighted(y, sample_weight)

    def _set_apart(self, count: int, seed: int, targets: Any) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        return (
            split(count, self.validation_fraction, seed)
            if self._several()
            else super()._set_apart(count, seed, targets)
        )

    def _new_layer(self, inputs: int, seed: int) -> LogisticLayer:
        count = len(self.classes_)
        neurons = 1 if count == 2 and not self._several() else count
        classes = None if self._several() else self._labels()
        return LogisticLayer(*self._zeros(inputs, neurons), classes=classes)  # type: ignore[arg-type]

    def decision_function(self, X: Any) -> Matrix:
        """Synaptic inputs U (P, K); of two classes (P,), above 0 where the second class is predicted.

        Parameters
        ----------
        X : (P, N) inputs.
        """
        return self._synaptic_input(X) if self._several() else super().decision_function(X)

    def predict(self, X: Any) -> NDArray[Any]:
        """The class of each pattern, (P,); of several answers a pattern rows of 0 and 1 (P, K).

        Parameters
        ----------
        X : (P, N) inputs.
        """
        U = self._synaptic_input(X)
        return self.layer_.decide(U) if self._several() else super().predict(X)

    def predict_proba(self, X: Any) -> Matrix:
        """(P, K): of two classes 1 - y and y; of more the outputs over their sum; of several answers a pattern the outputs.

        Parameters
        ----------
        X : (P, N) inputs.
        """
        U = self._synaptic_input(X)
        Y = self.layer_.activate(U)
        if self._several():
            return Y
        if Y.shape[1] == 1:
            return np.column_stack([self.layer_.activate(-U), Y])
        total = Y.sum(axis=1, keepdims=True)
        return np.where(total > 0, Y / np.where(total > 0, total, 1.0), 1 / Y.shape[1])

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_label = True
        return tags
