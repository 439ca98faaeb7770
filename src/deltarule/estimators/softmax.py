"""Softmax regression behind scikit-learn's interface."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from deltarule.checks import Matrix, Vector
from deltarule.estimators.base import OptimisedEstimator
from deltarule.estimators.classifying import ClassifyingEstimator
from deltarule.layers import SoftmaxLayer


@dataclass(kw_only=True, eq=False, repr=False)
class SoftmaxClassifier(ClassifyingEstimator, OptimisedEstimator):
    """y_k = e^(u_k) / sum_j e^(u_j), J = -sum log y_label + L/2 sum W^2: softmax (multinomial logistic) regression.

    Its parameters are those of `deltarule.estimators.base.OptimisedEstimator` and of
    `deltarule.estimators.classifying.ClassifyingEstimator`.

    Parameters
    ----------
    weight_decay : L. 1, as scikit-learn's C = 1: small tables are often separable, and then there is no optimum without decay.
        0: nothing but the cost; a `SeparableWarning` says where that has no minimum.

    Attributes
    ----------
    layer_ : the `SoftmaxLayer`, of the inputs as they are.
    classes_ : (K,) the labels, sorted.
    optimum_ : the `Optimum` with its certificate, after the exact solver.
    n_iter_, loss_curve_ : the steps to the optimum (1 of least squares), and the cost at the start and after each (of least squares
        at the optimum alone; none where there is no optimum). After descent the epochs, and the costs of `run_`.
    run_ : the `Run`, after descent; `validation_curve_` is taken from it.
    scaling_ : of the inputs, where these were standardised.
    coef_, intercept_ : what `decision_function` multiplies with, as in scikit-learn: (K, N), (K,); of two classes (1, N), (1,).

    Examples
    --------
    >>> model = SoftmaxClassifier().fit([[0.0], [1.0], [2.0], [3.0]], ["a", "a", "b", "b"])
    >>> model.predict([[0.5], [2.5]]).tolist(), model.optimum_.attained
    (['a', 'b'], True)
    """

    weight_decay: float = 1.0

    def _new_layer(self, inputs: int, seed: int) -> SoftmaxLayer:
        return SoftmaxLayer(*self._zeros(inputs, len(self.classes_)), classes=self._labels())  # type: ignore[arg-type]

    def predict_proba(self, X: Any) -> Matrix:
        """The outputs Y (P, K): the probability of each class, in the order of `classes_`.

        Parameters
        ----------
        X : (P, N) inputs.
        """
        U = self._synaptic_input(X)
        return self.layer_.activate(U)

    def predict_log_proba(self, X: Any) -> Matrix:
        """Their natural logarithms (P, K).

        Parameters
        ----------
        X : (P, N) inputs.
        """
        from scipy.special import log_softmax

        return np.asarray(log_softmax(self._synaptic_input(X), axis=1))

    @property
    def coef_(self) -> Matrix:
        """(K, N) the weights of the classes; of two, (1, N) those of the second less those of the first."""
        W = self.layer_.weights.T
        return W if len(W) > 2 else W[1:] - W[:1]

    @property
    def intercept_(self) -> Vector:
        """(K,) the biases of the classes; of two, (1,) that of the second less that of the first."""
        b = self.layer_.biases
        return b if len(b) > 2 else b[1:] - b[:1]
