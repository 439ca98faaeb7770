"""Linear regression behind scikit-learn's interface."""

from __future__ import annotations

from dataclasses import dataclass

from deltarule.estimators.predicting import PredictingEstimator
from deltarule.layers import LinearLayer


@dataclass(kw_only=True, eq=False, repr=False)
class LinearLayerRegressor(PredictingEstimator):
    """Y = X W + b, J = 1/2 sum (d - y)^2 + L/2 sum W^2: least squares, and with decay ridge regression.

    Its parameters are those of `deltarule.estimators.base.OptimisedEstimator`.

    Parameters
    ----------
    weight_decay : L; scikit-learn's alpha of Ridge. 0: least squares.

    Attributes
    ----------
    layer_ : the `LinearLayer`, of the inputs as they are.
    optimum_, run_, n_iter_, loss_curve_, validation_curve_, scaling_ : as in `SoftmaxClassifier`.
    coef_, intercept_ : (K, N) and (K,): one neuron a row.

    Examples
    --------
    >>> model = LinearLayerRegressor().fit([[0.0], [1.0], [2.0]], [1.0, 3.0, 5.0])
    >>> model.predict([[3.0]]).round(6).tolist(), model.coef_.round(6).tolist()
    ([7.0], [[2.0]])
    """

    def _new_layer(self, inputs: int, seed: int) -> LinearLayer:
        return LinearLayer(*self._zeros(inputs, self._variables))  # type: ignore[arg-type]
