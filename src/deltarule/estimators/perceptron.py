"""A layer of sigmoid or tanh neurons that predicts numbers, behind scikit-learn's interface."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from deltarule.checks import Matrix, choice, positive, truth
from deltarule.data import Scaling, min_max
from deltarule.errors import InputError
from deltarule.estimators.base import OptimisedEstimator
from deltarule.estimators.predicting import PredictingEstimator
from deltarule.layers import PerceptronLayer, random_parameters


@dataclass(kw_only=True, eq=False, repr=False)
class PerceptronRegressor(PredictingEstimator):
    """Y = f(X W + b) with f the sigmoid or tanh, J = 1/2 sum (d - y)^2 + L/2 sum W^2, of targets scaled into the range of f.

    The least and the largest target of each variable become the limits of f, less a margin; predictions are scaled back. Costs, and
    `layer_` and its outputs, are of scaled targets. The cost has several minima: the exact solver finds a local one, from a layer
    drawn with `random_state`.

    Its parameters are those of `deltarule.estimators.base.OptimisedEstimator`.

    Parameters
    ----------
    activation : "sigmoid" or "tanh".
    target_margin : the share of the range of f that is left free at each end, from 0 to below 1/2: at the limits themselves neurons
        saturate, and no weights reach them (LeCun et al., "Efficient BackProp", 1998, section 4.5).

    Attributes
    ----------
    layer_ : the `PerceptronLayer`, of the inputs as they are and scaled targets.
    target_scaling_ : the `deltarule.data.Scaling` of the targets.
    optimum_, run_, n_iter_, loss_curve_, validation_curve_, scaling_ : as in `SoftmaxClassifier`.
    coef_, intercept_ : (K, N) and (K,): one neuron a row.

    Examples
    --------
    >>> model = PerceptronRegressor(random_state=0).fit([[0.0], [1.0], [2.0]], [10.0, 20.0, 30.0])
    >>> model.predict([[1.0]]).round(4).tolist()
    [20.0]
    """

    activation: str = "sigmoid"
    target_margin: float = 0.1

    FITTED: ClassVar[tuple[str, ...]] = (*OptimisedEstimator.FITTED, "target_scaling_")

    def _targets(self, y: Any, *, reset: bool) -> Matrix:
        D = super()._targets(y, reset=reset)
        if reset:
            activation = choice("activation", self.activation, ("sigmoid", "tanh"))
            margin = positive("target_margin", self.target_margin, "0.1 is usual.", zero=True)
            if margin >= 0.5:
                raise InputError("target_margin", "be below 0.5", margin, "0.1 is usual.")
            low, high = PerceptronLayer(np.zeros((1, 1)), np.zeros(1), activation).output_range
            unit = min_max(D)  # to 0 ... 1; then to low + m (high - low) ... high - m (high - low)
            extent = (high - low) * (1 - 2 * margin)
            shift = unit.shift - (low + margin * (high - low)) / (unit.scale * extent)
            self.target_scaling_ = Scaling(shift, unit.scale * extent)
        return self.target_scaling_.apply(D)

    def _new_layer(self, inputs: int, seed: int) -> PerceptronLayer:
        W, b = random_parameters(inputs, self._variables, seed)
        return PerceptronLayer(W, b if truth("fit_intercept", self.fit_intercept) else None, self.activation)  # type: ignore[arg-type]

    def _outputs(self, X: Any) -> Matrix:
        Y = super()._outputs(X)
        return self.target_scaling_.undo(Y)
