"""The decision regions of a class layer in a plane of two of its inputs, computed; several planes under one legend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from deltarule import labels
from deltarule.analysis.boundaries import boundaries, boundary_between, clip
from deltarule.checks import Matrix, Vector, instance, listed, numbers, truth, whole
from deltarule.errors import InputError
from deltarule.layers import Layer
from deltarule.plots import appearance
from deltarule.plots.box import extent, limits
from deltarule.plots.chosen_inputs import axis_names, given_values, note_of_others, numbered, pair_of
from deltarule.plots.legends import legend_over_figure
from deltarule.plots.plane import BOUNDARY, CONTINUATION, LEGEND, WRONG, DecisionRegions
from deltarule.plots.polygons import Limits, neighbours, regions

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Of more classes only lines between neighbours are drawn: most pairs meet nowhere in the box, and thousands of lines show nothing.
MANY = 6


def decision_regions(
    layer: Layer,
    X: ArrayLike,
    targets: Any,
    *,
    inputs: tuple[int | str, int | str] = (0, 1),
    at: ArrayLike | Mapping[Any, float] | None = None,
    names: Sequence[str] | None = None,
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
    inputs : the two inputs that span the plane, of a layer with more than two: each counted from 0, or by its name.
    at : (N,) the values of the other inputs in that plane, or {input: value} for some; the rest stand at their means, and the
        figure says so. Patterns are projected onto the plane; a pattern is misclassified where the layer predicts another class
        for the whole pattern.
    names : of the two axes; None for those of the inputs.
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
    boundary_between(layer, 0, 1)  # refuses what is no layer with classes
    layer = layer.with_names_of(X)
    patterns = layer.patterns(X, targets)
    known = layer.input_names or numbered(layer.inputs)
    pair, given = pair_of(inputs, known), given_values(at, known)
    points = patterns.X[:, pair].astype(np.float64)
    box_x = extent(points[:, 0]) if x_limits is None else limits("x_limits", x_limits)
    box_y = extent(points[:, 1]) if y_limits is None else limits("y_limits", y_limits)
    means = dict(enumerate(_means(patterns.X).tolist()))
    place = numbers("place of the other inputs", [(means | given)[n] for n in range(layer.inputs)], 1, layer.dtype)
    classes = tuple(layer.classes or ())
    polygons, separating, entire = _lines(_in_plane(layer, pair, place), box_x, box_y)
    return DecisionRegions(
        classes=classes,
        polygons=polygons,
        boundaries=separating,
        continuations=entire,
        points=points,
        places=labels.positions(layer.decode(patterns.D).tolist(), classes),
        wrong=np.asarray(layer.wrong(layer.synaptic_input(patterns.X), patterns.D)),
        names=axis_names(names, pair, known),
        x_limits=(float(box_x[0]), float(box_x[1])),
        y_limits=(float(box_y[0]), float(box_y[1])),
        note=note_of_others(given, means, pair, known),
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


def _in_plane(layer: Layer, pair: list[int], place: Vector) -> Layer:
    """The layer of the two inputs of the plane: the others are constant there, and so part of the biases."""
    base = np.array(place)
    base[pair] = 0
    return layer.with_parameters(layer.weights[pair], layer.synaptic_input(base[None])[0])


def _lines(
    layer: Layer, box_x: Limits, box_y: Limits
) -> tuple[tuple[Matrix, ...], tuple[Matrix | None, ...], tuple[Matrix | None, ...]]:
    """The polygons of the classes, and the boundaries and continuations of the pairs, of a layer of two inputs."""
    scores = boundary_between(layer, 0, 1).scores
    polygons = regions(scores, box_x, box_y)
    if len(scores) > MANY:
        lines = [boundary_between(layer, a, b) for a, b in neighbours(polygons, scores, box_x, box_y)]
        found = (_visible(clip(line, box_x, box_y)) for line in lines)
        separating = tuple(segment for segment in found if segment is not None)
        return polygons, separating, (None,) * len(separating)
    lines = list(boundaries(layer))
    parts = tuple(_visible(clip(line, box_x, box_y)) for line in lines)
    entire = (_visible(clip(line, box_x, box_y, whole=True)) for line in lines)
    continuations = (
        None if segment is None or (part is not None and np.array_equal(segment, part)) else segment
        for segment, part in zip(entire, parts, strict=True)
    )
    return polygons, parts, tuple(continuations)


def _means(X: Matrix) -> Matrix:
    """The mean of each column; the middle of its range where its sum overflows."""
    with np.errstate(over="ignore", invalid="ignore"):
        means = X.mean(axis=0)
    middle = X.min(axis=0) / 2 + X.max(axis=0) / 2
    found: Matrix = np.where(np.isfinite(means), means, middle)
    return found


def _visible(segment: Matrix | None) -> Matrix | None:
    """A segment, unless it is the single point where a boundary touches the box or a third region."""
    return None if segment is None or np.array_equal(segment[0], segment[1]) else segment
