"""`DecisionRegionsDisplay`: where an estimator predicts each class, in the plane of two of its inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

from numpy.typing import ArrayLike

from deltarule.checks import whole
from deltarule.displays.base import EstimatorDisplay, layer_of
from deltarule.displays.raster import REMEDY, RESOLUTION, predicted_regions
from deltarule.plots import DecisionRegions, decision_regions
from deltarule.plots.polygons import Limits


class DecisionRegionsDisplay(EstimatorDisplay):
    """The regions of each class, and the patterns in them: see `deltarule.plots.DecisionRegions`.

    Parameters
    ----------
    data : the plane.
    """

    data: DecisionRegions

    @classmethod
    def from_estimator(
        cls,
        estimator: Any,
        X: Any,
        y: Any,
        *,
        features: tuple[int | str, int | str] = (0, 1),
        at: ArrayLike | Mapping[Any, Any] | None = None,
        names: Sequence[str] | None = None,
        x_limits: Limits | None = None,
        y_limits: Limits | None = None,
        resolution: int = RESOLUTION,
        ax: Any = None,
        **options: Any,
    ) -> Self:
        """Compute the regions and draw them.

        Of a layer, a run and an estimator of deltarule they are exact polygons. Anything else with `predict`, such as a pipeline,
        is asked at a raster of places, so that a region narrower than a cell may be missed.

        Parameters
        ----------
        estimator : fitted.
        X : (P, N) inputs, an array or a frame.
        y : (P,) their labels.
        features : the two inputs that span the plane, each counted from 0 or by its name.
        at : (N,) the values of the other inputs in that plane, or {input: value} for some; the rest stand at their means, and the
            figure says so.
        names : of the two axes; None for those of the inputs.
        x_limits, y_limits : (low, high), the box; None for the patterns' extent and a margin.
        resolution : places along each axis, where the estimator is asked at a raster.
        ax : matplotlib axes to draw into; None makes a new figure.
        options : those of `deltarule.plots.DecisionRegions.draw` (equal, legend, name_regions).

        Raises
        ------
        InputError
            If it does not predict classes, data do not fit it, or a column without numbers has no value in `at`.

        Examples
        --------
        >>> from sklearn.pipeline import make_pipeline
        >>> from sklearn.preprocessing import StandardScaler
        >>> from deltarule import SoftmaxClassifier
        >>> X, y = [[0.0, 1.0], [1.0, 3.0], [4.0, 1.0], [5.0, 2.0]], ["a", "a", "b", "b"]
        >>> model = make_pipeline(StandardScaler(), SoftmaxClassifier()).fit(X, y)
        >>> DecisionRegionsDisplay.from_estimator(model, X, y, ax=None).data
        <DecisionRegions of 2 classes, 4 patterns>
        """
        resolution = whole("resolution", resolution, 2, REMEDY)
        layer = layer_of(estimator)
        place: dict[str, Any] = {
            "inputs": features,
            "at": at,
            "names": names,
            "x_limits": x_limits,
            "y_limits": y_limits,
        }
        if layer is None:
            data = predicted_regions(estimator, X, y, resolution=resolution, **place)
        else:
            data = decision_regions(layer, X, y, **place)
        return cls(data).plot(ax, **options)
