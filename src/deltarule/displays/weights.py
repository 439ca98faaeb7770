"""`WeightsDisplay`: the weights of a layer as a picture."""

from __future__ import annotations

from typing import Any, Self

from deltarule.displays.base import EstimatorDisplay, layer_of
from deltarule.evaluation.figure import Heatmap, weights_picture
from deltarule.model import Model


class WeightsDisplay(EstimatorDisplay):
    """W as a picture: inputs in rows, neurons or classes in columns; red below 0, blue above.

    Parameters
    ----------
    data : the picture.
    """

    data: Heatmap

    @classmethod
    def from_estimator(cls, estimator: Any, *, ax: Any = None) -> Self:
        """Draw the weights.

        Parameters
        ----------
        estimator : a fitted estimator of deltarule, a layer, a run or a model.
        ax : matplotlib axes to draw into; None makes a new figure.

        Examples
        --------
        >>> from deltarule import LinearLayer
        >>> WeightsDisplay.from_estimator(LinearLayer([[1.0], [-2.0]], [0.0])).ax_.get_title(loc="left")
        'Weights'
        """
        layer = layer_of(estimator)
        return cls(weights_picture(Model.of(estimator if layer is None else layer))).plot(ax)
