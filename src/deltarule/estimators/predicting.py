"""What regressors share: targets as columns of numbers, and predictions in their shape."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from sklearn.base import RegressorMixin

from deltarule.checks import Matrix
from deltarule.errors import InputError
from deltarule.estimators.base import OptimisedEstimator


@dataclass(kw_only=True, eq=False, repr=False)
class PredictingEstimator(RegressorMixin, OptimisedEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """A regressor, of one target variable (P,) or of several (P, K)."""

    def partial_fit(self, X: Any, y: Any = None, sample_weight: Any = None) -> Self:
        """One epoch of descent from the layer there is, whatever the solver; the first call makes one.

        Inputs are taken as they are, or with the scaling of an earlier `fit`. Momentum and schedules begin anew with each call.

        Parameters
        ----------
        X, y, sample_weight : as in `fit`.
        """
        return self._first_epoch(X, y, sample_weight, reset=not hasattr(self, "layer_"))

    def _many_targets(self) -> bool:
        return True

    def _number_targets(self) -> bool:
        return True

    def _targets(self, y: Any, *, reset: bool) -> Matrix:
        D = np.asarray(y, dtype=np.float64)
        flat = D.ndim == 1
        if reset:
            self._flat = flat
        D = D[:, None] if flat else D
        if not reset and D.shape[1] != self.layer_.neurons:
            raise InputError(
                "targets",
                f"have {self.layer_.neurons} columns, as those of fit",
                D.shape[1],
                "Give the same variables.",
            )
        self._variables = D.shape[1]
        return D

    def predict(self, X: Any) -> Matrix:
        """The predicted numbers, (P,) or (P, K) as the targets of `fit`.

        Parameters
        ----------
        X : (P, N) inputs.
        """
        Y = self._outputs(X)
        return Y[:, 0] if self._flat else Y

    def _outputs(self, X: Any) -> Matrix:
        U = self._synaptic_input(X)
        return self.layer_.activate(U)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags
