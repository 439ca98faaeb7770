"""`LearningCurvesDisplay`: cost and accuracy over the epochs of runs, or of an estimator's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self

from deltarule.displays.base import EstimatorDisplay, fitted, last_step
from deltarule.errors import InputError
from deltarule.plots import Traces, learning_curves
from deltarule.sweeps import Sweep
from deltarule.training import History, Run

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class LearningCurvesDisplay(EstimatorDisplay):
    """Cost, and accuracy where there are classes, against epochs: see `deltarule.plots.learning_curves`.

    Parameters
    ----------
    data : the curves.
    """

    data: Traces

    @classmethod
    def from_run(
        cls, run: Run | History | Sweep | Mapping[str, Run | History], *, ax: Any = None, **options: Any
    ) -> Self:
        """Compute the curves and draw them.

        Parameters
        ----------
        run : a run, its history, or several of them by their labels; a sweep stands for its best model.
        ax : matplotlib axes: one for the cost alone, or one for each panel; None makes a new figure.
        options : those of `deltarule.plots.learning_curves`.

        Examples
        --------
        >>> from deltarule import Descent, LinearLayer, train
        >>> run = train(LinearLayer([[0.0]], [0.0]), [[1.0]], [[1.0]], Descent(0.25, 3), engine="direct")
        >>> LearningCurvesDisplay.from_run(run).ax_.get_ylabel()
        'cost'
        """
        return cls(learning_curves(run, **options)).plot(ax)

    @classmethod
    def from_estimator(cls, estimator: Any, *, ax: Any = None, **options: Any) -> Self:
        """Compute the curves of an estimator that was fitted by descent, and draw them.

        Parameters
        ----------
        estimator : of deltarule, or a pipeline that ends in one.
        ax, options : as in `from_run`.

        Raises
        ------
        InputError
            If it has no run: the exact solver has no epochs.
        """
        fitted(estimator)
        trained = last_step(estimator)
        run = getattr(trained, "run_", None)
        if run is None:
            got, remedy = f"a {type(trained).__name__} without run_", 'Fit it with solver="descent".'
            raise InputError("estimator", "be fitted by descent, to have learning curves", got, remedy)
        return cls.from_run(run, ax=ax, **options)

    def draw(self, axes: Any = None, **options: Any) -> Figure:
        """Draw the curves. The result is the figure.

        Parameters
        ----------
        axes : matplotlib axes: one for the cost alone, or one for each panel; None makes a new figure.
        options : those of `deltarule.plots.Traces.draw`.
        """
        alone = axes is not None and hasattr(axes, "get_subplotspec")
        return (replace(self.data, panels=self.data.panels[:1]) if alone else self.data).draw(axes, **options)
