"""Figures of an evaluation: the confusion matrix and the calibration; and the weights of a layer as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from deltarule.errors import InputError
from deltarule.evaluation.scoring import Evaluation
from deltarule.evaluation.text import calibrated
from deltarule.model import Model
from deltarule.plots import appearance
from deltarule.plots.display import Display
from deltarule.typeset.words import one_line

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Rows or columns of a picture whose cells have their figures, and whose names are written.
FIGURES, NAMES = 12, 40
# Rows or columns that are drawn: of more, some share a cell, so that a figure stays small.
CELLS = 400
LONGEST_NAME = 24
# Inches of a cell, and of what stands around the cells.
CELL, AROUND = 0.34, 1.3


@dataclass(frozen=True, eq=False, repr=False)
class Heatmap(Display):
    """A matrix as a picture: a cell an entry, darker for larger ones; blue and red for the two signs.

    Parameters
    ----------
    values : (R, C) the entries.
    rows, columns : their names.
    row_label, column_label : what the rows and the columns are.
    title : above it.
    signed : whether entries have signs; otherwise they are counts.
    shares : whether the shade of a cell is its share of its row.
    """

    values: NDArray[Any]
    rows: Sequence[str]
    columns: Sequence[str]
    row_label: str = ""
    column_label: str = ""
    title: str = ""
    signed: bool = False
    shares: bool = False

    def draw(self, axes: Any = None) -> Figure:
        """Draw the cells.

        Parameters
        ----------
        axes : matplotlib axes to draw into; None makes a new figure.
        """
        R, C = self.values.shape
        width = max(min(C, NAMES) * CELL + AROUND + 1.2, appearance.WIDTH)
        height = min(R, NAMES) * CELL + AROUND
        with appearance.style():
            (place,) = appearance.places(axes, 1, 1, width, height)
            shades = self.values / np.maximum(self.values.sum(axis=1, keepdims=True), 1) if self.shares else self.values
            reach = float(np.abs(shades).max()) or 1.0
            rows, columns = -(-R // CELLS), -(-C // CELLS)
            limits: dict[str, Any] = (
                {"vmin": -reach, "vmax": reach, "cmap": "RdBu"}
                if self.signed
                else {"vmin": 0, "vmax": reach, "cmap": "Blues"}
            )
            # Many cells are one picture.
            picture = place.imshow(
                _largest(_largest(shades, rows).T, columns).T, aspect="auto", interpolation="nearest", **limits
            )
            place.grid(visible=False)
            _named(place.xaxis, self.columns[::columns], _shared(self.column_label, columns))
            _named(place.yaxis, self.rows[::rows], _shared(self.row_label, rows))
            if C > 4:
                place.tick_params(axis="x", rotation=45)
                for label in place.get_xticklabels():
                    label.set(ha="right", rotation_mode="anchor")
            place.set_title(appearance.shown(self.title))
            if max(R, C) <= FIGURES:
                self._write(place, shades / reach)
            elif self.signed:
                place.figure.colorbar(picture, ax=place, fraction=0.05, pad=0.02, aspect=30)
            return cast("Figure", place.figure)

    def _write(self, axes: Axes, shades: NDArray[Any]) -> None:
        """Write the figures into the cells."""
        for (row, column), value in np.ndenumerate(self.values):
            colour = "white" if abs(shades[row, column]) > 0.6 else appearance.INK
            text = f"{value:.2f}" if self.signed else f"{int(value)}"
            axes.text(column, row, text, ha="center", va="center", color=colour, fontsize=8)


def _largest(values: NDArray[Any], count: int) -> NDArray[Any]:
    """Of each `count` rows the entry with the largest size, with its sign."""
    if count == 1:
        return values
    starts = np.arange(0, len(values), count)
    high, low = np.maximum.reduceat(values, starts), np.minimum.reduceat(values, starts)
    return np.where(-low > high, low, high)


def _shared(label: str, count: int) -> str:
    """The label of an axis that says how many entries share a cell."""
    return label if count == 1 else f"{label} (a cell: the largest of {count:,})".strip()


def _named(axis: Any, names: Sequence[str], label: str) -> None:
    """The names beside an axis; of many only each second, third, ... is written."""
    step = -(-len(names) // NAMES)
    places = range(0, len(names), step)
    axis.set_ticks(list(places), [appearance.shown(one_line(names[place]), LONGEST_NAME) for place in places])
    axis.set_label_text(appearance.shown(label))
    axis.set_tick_params(length=0)


@dataclass(frozen=True, eq=False, repr=False)
class CalibrationCurve(Display):
    """How often predictions are right, against the probability that the model gave them.

    Parameters
    ----------
    found : an evaluation with a calibration.
    """

    found: Evaluation

    def draw(self, axes: Any = None) -> Figure:
        """Draw the curve, and the diagonal on which a calibrated model lies.

        Parameters
        ----------
        axes : matplotlib axes to draw into; None makes a new figure.
        """
        calibration = self.found.calibration
        if calibration is None:
            raise InputError("evaluation", "have a calibration", "none", "Softmax and logistic layers have one.")
        with appearance.style():
            (place,) = appearance.places(axes, 1, 1, appearance.WIDTH, 3.6)
            place.plot([0, 1], [0, 1], linestyle=appearance.DOTS, color=appearance.FAINT)
            place.plot(calibration.predicted, calibration.observed, marker="o", color=appearance.BLUE)
            place.set_xlim(-0.02, 1.02)
            place.set_ylim(-0.02, 1.02)
            place.set_xlabel(appearance.shown(one_line(calibrated(self.found))))
            place.set_ylabel("share of which it is true")
            place.set_title("Calibration")
            return cast("Figure", place.figure)


def confusion_picture(found: Evaluation) -> Heatmap:
    """The confusion matrix of an evaluation.

    Parameters
    ----------
    found : an evaluation with classes.

    Raises
    ------
    InputError
        If it has none.
    """
    if found.confusion is None or found.classes is None:
        raise InputError("evaluation", "have a confusion matrix", "none", "Layers with classes have one.")
    names = [str(label) for label in found.classes]
    return Heatmap(found.confusion, names, names, "true", "predicted", "Confusion matrix", shares=True)


def weights_picture(model: Model) -> Heatmap:
    """W as a picture: inputs in rows, neurons in columns.

    Parameters
    ----------
    model : a layer with what is known of its inputs and targets.
    """
    layer = model.layer
    inputs = [str(name) for name in model.input_names or [f"x{n}" for n in range(1, layer.inputs + 1)]]
    names: Sequence[object] = layer.classes or model.target_names or layer.target_names or ()
    if layer.classes is not None and layer.neurons == 1:
        names = layer.classes[1:]  # the neuron answers yes for the second class
    neurons = [str(name) for name in names] or [str(k) for k in range(1, layer.neurons + 1)]
    label = "inputs (scaled)" if model.input_scaling is not None else "inputs"
    return Heatmap(layer.weights, inputs, neurons, label, "neurons", "Weights", signed=True)


@dataclass(frozen=True, eq=False, repr=False)
class EvaluationFigure(Display):
    """The confusion matrix and, where there is one, the calibration beside it.

    Parameters
    ----------
    found : an evaluation with classes.
    """

    found: Evaluation

    def draw(self, axes: Any = None) -> Figure:
        """Draw both.

        Parameters
        ----------
        axes : matplotlib axes to draw into, one or two; None makes a new figure.
        """
        matrix = confusion_picture(self.found)
        if self.found.calibration is None:
            return matrix.draw(axes)
        with appearance.style():
            size = len(matrix.rows)
            height = max(min(size, NAMES) * CELL + AROUND, 3.4)
            left, right = appearance.places(axes, 2, 2, max(appearance.WIDE, height + 4), height)
            matrix.draw(left)
            CalibrationCurve(self.found).draw(right)
            return cast("Figure", left.figure)
