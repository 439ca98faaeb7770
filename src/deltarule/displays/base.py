"""What the displays share: the data of a figure, the axes where they were drawn last, and the layer behind an estimator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from deltarule.errors import InputError
from deltarule.layers import Layer
from deltarule.plots.display import Display, svg_text
from deltarule.training import Run

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class EstimatorDisplay(Display):
    """A figure in the manner of scikit-learn's displays.

    pyplot is not used: a notebook shows the display itself, `save` writes it, and `ax=` of `matplotlib.pyplot.subplots()` puts it
    into a figure of pyplot's.

    Parameters
    ----------
    data : what is shown.

    Attributes
    ----------
    figure_ : the figure of the last `plot`.
    ax_ : its axes; of several the first.
    """

    def __init__(self, data: Display) -> None:
        self.data = data
        self.figure_: Figure | None = None
        self.ax_: Any = None
        self._is_new = True

    def plot(self, ax: Any = None, **options: Any) -> Self:
        """Draw the data. The result is the display.

        Parameters
        ----------
        ax : matplotlib axes to draw into; None makes a new figure.
        options : those of the `draw` of `data`.
        """
        self.figure_ = self.draw(ax, **options)
        drawn = self.figure_.axes if ax is None else ax
        self.ax_ = drawn if hasattr(drawn, "get_subplotspec") else drawn[0]
        self._is_new = ax is None
        return self

    def draw(self, axes: Any = None, **options: Any) -> Figure:
        """Draw the data. The result is the figure.

        Parameters
        ----------
        axes : matplotlib axes to draw into; None makes a new figure.
        options : those of the `draw` of `data`.
        """
        return self.data.draw(axes, **options)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self.data!r}>"

    def _repr_svg_(self) -> str | None:  # type: ignore[override]
        """What a notebook shows: nothing more where the figure is the user's own, which the notebook shows already."""
        return svg_text(self.figure_ or self) if self._is_new else None


def last_step(estimator: Any) -> Any:
    """What was trained: the last step of a pipeline, the best estimator of a search; anything else as it is.

    Parameters
    ----------
    estimator : anything.

    Examples
    --------
    >>> from sklearn.pipeline import make_pipeline
    >>> from sklearn.preprocessing import StandardScaler
    >>> last_step(make_pipeline(StandardScaler(), "passthrough"))
    'passthrough'
    """
    if hasattr(estimator, "best_estimator_"):
        return last_step(estimator.best_estimator_)
    if hasattr(estimator, "named_steps"):
        return last_step(estimator.steps[-1][1])
    return estimator


def layer_of(estimator: Any) -> Layer | None:
    """The layer of the inputs as they are, behind what was trained; None where there is none, as in a pipeline.

    Parameters
    ----------
    estimator : a layer, a run, or an estimator of deltarule, which must be fitted.
    """
    if isinstance(estimator, Layer):
        return estimator
    if isinstance(estimator, Run):
        return estimator.layer
    if not type(estimator).__module__.startswith("deltarule.estimators"):
        return None
    fitted(estimator)
    layer: Layer = estimator.layer_
    return layer


def fitted(estimator: Any) -> None:
    """Raise scikit-learn's `NotFittedError` where an estimator is not fitted, and an `InputError` where it is none.

    Parameters
    ----------
    estimator : anything.
    """
    from sklearn.utils.validation import check_is_fitted

    try:
        check_is_fitted(estimator)
    except TypeError:
        remedy = "Give a fitted estimator, a run or a layer."
        raise InputError("estimator", "have a method fit", f"a {type(estimator).__name__}", remedy) from None
