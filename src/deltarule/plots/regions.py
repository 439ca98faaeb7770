"""The decision regions of a class layer in a plane of two of its inputs, computed; several planes under one legend."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from deltarule import labels
from deltarule.analysis.boundaries import boundaries, clip
from deltarule.checks import Matrix, brief, instance, listed, numbers, texts, truth, whole
from deltarule.errors import InputError
from deltarule.layers import Layer
from deltarule.plots import appearance
from deltarule.plots.legends import legend_over_figure
from deltarule.plots.plane import BOUNDARY, CONTINUATION, LEGEND, WRONG, DecisionRegions
from deltarule.plots.polygons import Limits, regions

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MARGIN = 0.08  # of the data's extent, beyond the outermost points
# The largest numbers that are drawn: figures have margins, and distances between ticks.
LARGEST = 1e300


def decision_regions(
    layer: Layer,
    X: ArrayLike,
    targets: Any,
    *,
    inputs: tuple[int, int] = (0, 1),
    at: ArrayLike | None = None,
    names: Sequence[str] = ("x₁", "x₂"),
    x_limits: Limits | None = None,
    y_limits: Limits | None = None,
) -> DecisionRegions:
    """The regions in which a layer predicts each class, as exact polygons, and the patterns in them.

    The region of class i is the part of the box with u_i >= u_k for every k, a convex polygon. Between two regions lies
    the part of the line u_i = u_k that separates them (see `deltarule.boundaries`).

    Parameters
    ----------
    layer : a softmax layer, or a logistic layer with classes.
    X : (P, N) patterns.
    targets : their labels (P,), or one-hot rows (P, K).
    inputs : the two inputs that span the plane, counted from 0, of a layer with more than two.
    at : (N,) the values of the other inputs in that plane; None for their means. Patterns are projected onto the plane;
        a pattern is misclassified where the layer predicts another class for the whole pattern.
    names : of the two axes.
    x_limits, y_limits : (low, high), the box; None for the patterns' extent and a margin.

    Raises
    ------
    InputError
        If the layer has no classes or a single input, data do not fit it, or limits do not increase.

    Examples
    --------
    >>> from deltarule import SoftmaxLayer
    >>> layer = SoftmaxLayer([[1.0, -1.0], [0.0, 0.0]], [0.0, 0.0], classes=["right", "left"])
    >>> plane = decision_regions(
    ...     layer, [[1, 1], [-1, -1]], ["right", "right"], x_limits=(-2, 2), y_limits=(-2, 2)
    ... )
    >>> plane.polygons[0].tolist(), plane.wrong.tolist()
    ([[0.0, -2.0], [2.0, -2.0], [2.0, 2.0], [0.0, 2.0]], [False, True])
    """
    boundaries(layer)  # refuses a layer without classes
    patterns = layer.patterns(X, targets)
    pair = _pair(inputs, layer.inputs)
    named = texts("names", names)
    if len(named) != 2:
        raise InputError("names", "be two, one for each axis", len(named), "Name the two inputs of the plane.")
    points = patterns.X[:, pair].astype(np.float64)
    box_x = _extent(points[:, 0]) if x_limits is None else _limits("x_limits", x_limits)
    box_y = _extent(points[:, 1]) if y_limits is None else _limits("y_limits", y_limits)
    lines = boundaries(_in_plane(layer, patterns.X, pair, at))
    separating = [_visible(clip(line, box_x, box_y)) for line in lines]
    entire = [_visible(clip(line, box_x, box_y, whole=True)) for line in lines]
    classes = tuple(layer.classes or ())
    return DecisionRegions(
        classes=classes,
        polygons=regions(lines[0].scores, box_x, box_y),
        boundaries=tuple(separating),
        continuations=tuple(
            None if segment is None or (part is not None and np.array_equal(segment, part)) else segment
            for segment, part in zip(entire, separating, strict=True)
        ),
        points=points,
        places=labels.positions(layer.decode(patterns.D).tolist(), classes),
        wrong=np.asarray(layer.wrong(layer.synaptic_input(patterns.X), patterns.D)),
        names=(named[0], named[1]),
        x_limits=(float(box_x[0]), float(box_x[1])),
        y_limits=(float(box_y[0]), float(box_y[1])),
    )


def grid(displays: Sequence[DecisionRegions], *, columns: int = 3, equal: bool = False) -> Figure:
    """Several planes side by side under one legend, such as those of all pairs of features.

    Parameters
    ----------
    displays : planes of the same classes.
    columns : of the figure: 3 suit print and desktops, 2 suit a phone.
    equal : whether a unit of x1 is as long as one of x2.

    Raises
    ------
    InputError
        If there are no planes, or their classes differ.

    Examples
    --------
    >>> from deltarule import SoftmaxLayer
    >>> layer = SoftmaxLayer([[1.0, -1.0], [0.0, 0.0]], [0.0, 0.0], classes=["right", "left"])
    >>> plane = decision_regions(layer, [[1, 1], [-1, -1]], ["right", "left"])
    >>> len(grid([plane, plane]).axes)
    2
    """
    displays, equal = listed("planes", displays, "Give a list of planes."), truth("equal", equal)
    for display in displays:
        instance("plane", display, DecisionRegions, "Make it by decision_regions.")
    if len({display.classes for display in displays}) != 1:
        classes = [list(display.classes) for display in displays]
        raise InputError(
            "planes", "be at least one, all of the same classes", classes, "Draw the others by themselves."
        )
    columns = min(whole("number of columns", columns, 1, "3 suit print, 2 a phone."), len(displays))
    rows = -(-len(displays) // columns)
    with appearance.style():
        width = appearance.WIDTH if columns < 3 else appearance.WIDE
        figure = appearance.new_figure(width, rows * 0.92 * width / columns)
        places = list(figure.subplots(rows, columns, squeeze=False).flat)
        for place, display in zip(places, displays, strict=False):
            display.draw(place, equal=equal, legend=False, name_regions=False)
        for empty in places[len(displays) :]:
            empty.remove()
        count = len(displays[0].classes)
        # By name only what is no class: a class may have the name of a line.
        others = {str(handle.get_label()): handle for display in displays for handle in display.handles()[count:]}
        rest = [others[name] for name in (WRONG, BOUNDARY, CONTINUATION) if name in others]
        shown = displays[0].handles()[:count] + rest
        legend_over_figure(figure, shown, 0.97 * width, **LEGEND)
    return figure


def _in_plane(layer: Layer, X: Matrix, pair: list[int], at: ArrayLike | None) -> Layer:
    """The layer of the two inputs of the plane: the others are constant there, and so part of the biases."""
    base = np.array(_means(X) if at is None else numbers("place of the other inputs", at, 1, layer.dtype))
    if len(base) != layer.inputs:
        rule = f"have {layer.inputs} numbers, one for each input"
        raise InputError("place of the other inputs", rule, len(base), "Leave it out for the means.")
    base[pair] = 0
    return layer.with_parameters(layer.weights[pair], layer.synaptic_input(base[None])[0])


def _means(X: Matrix) -> Matrix:
    """The mean of each column; the middle of its range where its sum overflows."""
    with np.errstate(over="ignore", invalid="ignore"):
        means = X.mean(axis=0)
    middle = X.min(axis=0) / 2 + X.max(axis=0) / 2
    found: Matrix = np.where(np.isfinite(means), means, middle)
    return found


def _pair(inputs: Sequence[int], count: int) -> list[int]:
    places = listed("inputs of the plane", inputs, "Give two, as in (0, 1).")
    pair = [whole("input of the plane", place, 0, "Inputs are counted from 0.") for place in places]
    if len(pair) != 2 or pair[0] == pair[1] or max(pair) >= count:
        rule = f"be two different ones of the layer's {count}, counted from 0"
        raise InputError("inputs of the plane", rule, tuple(pair), "Give two, as in (0, 1).")
    return pair


def _limits(name: str, given: Any) -> Limits:
    """Limits that a user gives; whether they increase is checked where they are used."""
    values = numbers(name, given, 1)
    if len(values) != 2:
        raise InputError(name, "be two numbers, low and high", len(values), "Give them as in (-1, 1).")
    if np.abs(values).max() > LARGEST:
        raise InputError(name, f"be at most {LARGEST:g}", brief(given), "Give smaller limits.")
    return float(values[0]), float(values[1])


def _extent(values: Matrix) -> Limits:
    """The limits of an axis that shows these values and a margin."""
    low, high = float(values.min()), float(values.max())
    if max(-low, high) > LARGEST:
        got = f"{max(low, high, key=abs):g}"
        raise InputError("inputs of the plane", f"be at most {LARGEST:g}", got, "Give them in another unit.")
    margin = MARGIN * (high - low) or 1.0
    return low - margin, high + margin


def _visible(segment: Matrix | None) -> Matrix | None:
    """A segment, unless it is the single point where a boundary touches the box or a third region."""
    return None if segment is None or np.array_equal(segment[0], segment[1]) else segment
