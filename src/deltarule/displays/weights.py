"""`WeightsDisplay`: the weights of a layer as a picture."""

from __future__ import annotations

from typing import Any, Self

from deltarule.displays.base import EstimatorDisplay, last_step, layer_of
from deltarule.evaluation.figure import Heatmap, weights_picture
from deltarule.layers import Layer
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
        estimator : a fitted estimator of deltarule, or a pipeline that ends in one, whose inputs are then those that its other
            steps make; a layer, a run or a model.
        ax : matplotlib axes to draw into; None makes a new figure.

        Examples
        --------
        >>> from deltarule import LinearLayer
        >>> WeightsDisplay.from_estimator(LinearLayer([[1.0], [-2.0]], [0.0])).ax_.get_title(loc="left")
        'Weights'
        """
        trained = last_step(estimator)
        layer = layer_of(trained)
        given = trained if layer is None else _with_names(layer, getattr(estimator, "best_estimator_", estimator))
        return cls(weights_picture(Model.of(given))).plot(ax)


def _with_names(layer: Layer, estimator: Any) -> Layer:
    """The layer with the names that the other steps of a pipeline give to its inputs, where these are known."""
    if (
        layer.input_names is not None
        or not hasattr(estimator, "named_steps")
        or not hasattr(estimator, "feature_names_in_")
    ):
        return layer
    try:
        names = estimator[:-1].get_feature_names_out()
    except (AttributeError, ValueError):  # a step that names nothing
        return layer
    return layer.with_names(names.tolist()) if len(names) == layer.inputs else layer
