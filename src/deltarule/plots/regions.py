"""Decision regions of a class layer in a plane: exact polygons, exact boundaries, patterns by shape and colour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deltarule import labels
from deltarule.analysis.boundaries import boundaries, clip
from deltarule.checks import Matrix, numbers, whole
from deltarule.errors import InputError
from deltarule.layers import LogisticLayer, SoftmaxLayer
from deltarule.plots import appearance
from deltarule.plots.display import Display
from deltarule.plots.polygons import Limits, clear_place, regions

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ClassLayer = SoftmaxLayer | LogisticLayer

TINT = 0.78  # how much white a region's colour is mixed with
MARGIN = 0.08  # of the data's extent, beyond the outermost points
SMALL = 3.0  # inches; in narrower axes markers are smaller and ticks fewer
WRONG, BOUNDARY, CONTINUATION = "misclassified", "boundary", "its continuation"
LEGEND: dict[str, Any] = {"handlelength": 1.5, "handletextpad": 0.5, "columnspacing": 1.2}


@dataclass(frozen=True, eq=False)
class DecisionRegions(Display):
    """The regions of each class in a box, the boundaries between them, and the patterns.

    Attributes
    ----------
    classes : the labels.
    polygons : for each class its region, (V, 2) corners in order; no corners where the class wins nowhere in the box.
    boundaries : for each pair of classes the segment (2, 2) that separates them in the box, or None.
    continuations : for each pair the whole segment of the line u_i = u_j in the box, where it goes on beyond the
        boundary (other classes win there), or None.
    points : (P, 2).
    places : (P,) which class each pattern is of.
    wrong : (P,) whether the layer says another one.
    names : of the two axes.
    x_limits, y_limits : the box.
    """

    classes: tuple[labels.Label, ...]
    polygons: tuple[Matrix, ...]
    boundaries: tuple[Matrix | None, ...]
    continuations: tuple[Matrix | None, ...]
    points: Matrix
    places: NDArray[np.intp]
    wrong: NDArray[np.bool_]
    names: tuple[str, str]
    x_limits: Limits
    y_limits: Limits

    def draw(
        self, axes: Axes | None = None, *, equal: bool = False, legend: bool = True, name_regions: bool = True
    ) -> Figure:
        """Draw into a new figure, or into the axes given.

        Parameters
        ----------
        equal : a unit of x1 as long as one of x2.
        legend : above the axes.
        name_regions : write each class into its region, clear of the points: for readers who see no colours.
        """
        from matplotlib.ticker import MaxNLocator

        with appearance.style():
            new = axes is None
            if axes is None:
                axes = appearance.new_figure(
                    appearance.WIDTH, self._height(appearance.WIDTH - 0.6, equal=equal) + 0.6
                ).subplots()
            width = appearance.inches(axes)
            scale = 0.8 if width < SMALL else 1.0
            self._draw_plane(axes)
            self._draw_points(axes, scale)
            if name_regions:
                self._name_regions(axes)
            axes.set(xlim=self.x_limits, ylim=self.y_limits)
            for axis, name in zip((axes.xaxis, axes.yaxis), self.names, strict=True):
                appearance.label_axis(axis, name)
                ticks = 9 if scale == 1 else 4
                axis.set_major_locator(MaxNLocator(ticks, steps=[1, 2, 5, 10], min_n_ticks=3))
            if equal:
                axes.set_aspect("equal", adjustable="box")
            if legend:
                appearance.legend_above(axes, self.handles(scale), width, grow=new, **LEGEND)
            return cast("Figure", axes.figure)

    def handles(self, scale: float = 1.0) -> list[Any]:
        """What a legend shows: the classes, and what there is of wrong patterns and lines."""
        from matplotlib.lines import Line2D

        looks: list[tuple[str, dict[str, Any]]] = [
            (str(label), _marker(place, scale)) for place, label in enumerate(self.classes)
        ]
        if self.wrong.any():
            looks.append((WRONG, _ring(scale)))
        if any(segment is not None for segment in self.boundaries):
            looks.append((BOUNDARY, _BOUNDARY))
        if any(segment is not None for segment in self.continuations):
            looks.append((CONTINUATION, _CONTINUATION))
        return [Line2D([], [], **look, label=name) for name, look in looks]

    def _height(self, width: float, *, equal: bool) -> float:
        """How high axes of so many inches are: as the box is, if its units are to be equal."""
        if not equal:
            return 0.82 * width
        (left, right), (low, high) = self.x_limits, self.y_limits
        return float(np.clip((high - low) / (right - left), 0.3, 2.0)) * width

    def _draw_plane(self, axes: Axes) -> None:
        axes.grid(visible=False)
        for spine in axes.spines.values():
            spine.set_visible(True)
        for place, corners in enumerate(self.polygons):
            if len(corners):
                tint = appearance.shade(appearance.colour(place, appearance.CLASS_COLOURS), "#FFFFFF", TINT)
                axes.fill(*corners.T, facecolor=tint, edgecolor=tint, linewidth=0.4, zorder=0.5)
        for segment in self.continuations:
            if segment is not None:
                axes.plot(*segment.T, **_CONTINUATION, zorder=1.0)
        for segment in self.boundaries:
            if segment is not None:
                axes.plot(*segment.T, **_BOUNDARY, zorder=1.2)

    def _draw_points(self, axes: Axes, scale: float) -> None:
        for place in range(len(self.classes)):
            axes.plot(*self.points[self.places == place].T, **_marker(place, scale), zorder=3)
        if self.wrong.any():
            axes.plot(*self.points[self.wrong].T, **_ring(scale), zorder=4)

    def _name_regions(self, axes: Axes) -> None:
        along = np.linspace(0, 1, 60)[:, None]
        dashes = [a + along * (b - a) for a, b in (segment for segment in self.continuations if segment is not None)]
        obstacles = np.concatenate([self.points, *dashes])
        for place, (label, corners) in enumerate(zip(self.classes, self.polygons, strict=True)):
            aspect = max(1.0, 0.6 * len(str(label)))
            found = clear_place(corners, obstacles, self.x_limits, self.y_limits, aspect)
            if found is not None:
                dark = appearance.shade(appearance.colour(place, appearance.CLASS_COLOURS), part=0.45)
                axes.text(
                    float(found[0]), float(found[1]), str(label), color=dark, ha="center", va="center", fontsize=11
                )


def decision_regions(
    layer: ClassLayer,
    X: ArrayLike,
    targets: Any,
    *,
    inputs: tuple[int, int] = (0, 1),
    at: ArrayLike | None = None,
    names: Sequence[str] = ("x₁", "x₂"),
    x_limits: Limits | None = None,
    y_limits: Limits | None = None,
) -> DecisionRegions:
    """The regions in which a class layer says each class, as exact polygons, and the patterns in them.

    The region of class i is the part of the box with u_i >= u_k for every k, a convex polygon; between two regions runs
    the part of the line u_i = u_k that separates (see `deltarule.analysis.boundaries`).

    Parameters
    ----------
    layer : softmax, or logistic with classes.
    X, targets : (P, N) patterns and their labels (or one-hot rows).
    inputs : the two inputs (counted from 0) that span the plane, of a layer with more than two.
    at : (N,) where the other inputs stand in that plane; their means, if left out. Patterns are projected onto the
        plane; which of them are misclassified is what the layer says of the whole pattern.
    names : of the two axes.
    x_limits, y_limits : the box; the patterns' extent and a margin, if left out.

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
    boundaries(layer)  # says so where a layer has no classes
    patterns = layer.patterns(X, targets)
    pair = _pair(inputs, layer.inputs)
    named = tuple(str(name) for name in names)
    if len(named) != 2:
        raise InputError("names", "be two, one for each axis", len(named), "Name the two inputs of the plane.")
    points = patterns.X[:, pair].astype(np.float64)
    box_x = x_limits or _extent(points[:, 0])
    box_y = y_limits or _extent(points[:, 1])
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
    """Several planes side by side under one legend: those of the pairs of features, say.

    Parameters
    ----------
    displays : planes of the same classes.
    columns : 3 suit print and desktops, 2 a phone.
    equal : a unit of x1 as long as one of x2.

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
    displays = list(displays)
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
        order = [str(label) for label in displays[0].classes] + [WRONG, BOUNDARY, CONTINUATION]
        handles = {str(handle.get_label()): handle for display in displays for handle in display.handles()}
        shown = [handles[name] for name in order if name in handles]
        appearance.legend_over_figure(figure, shown, 0.97 * width, **LEGEND)
    return figure


def _in_plane(layer: ClassLayer, X: Matrix, pair: list[int], at: ArrayLike | None) -> ClassLayer:
    """The layer as one of two inputs: in the plane where the others stand still, they are part of the biases."""
    base = np.array(X.mean(axis=0) if at is None else numbers("place of the other inputs", at, 1, layer.dtype))
    if len(base) != layer.inputs:
        rule = f"have {layer.inputs} numbers, one for each input"
        raise InputError("place of the other inputs", rule, len(base), "Leave it out for the means.")
    base[pair] = 0
    return layer.with_parameters(layer.weights[pair], layer.synaptic_input(base[None])[0])


def _pair(inputs: Sequence[int], count: int) -> list[int]:
    pair = [whole("input of the plane", place, 0, "Inputs are counted from 0.") for place in inputs]
    if len(pair) != 2 or pair[0] == pair[1] or max(pair) >= count:
        rule = f"be two different ones of the layer's {count}, counted from 0"
        raise InputError("inputs of the plane", rule, tuple(inputs), "Give two, as in (0, 1).")
    return pair


def _extent(values: Matrix) -> Limits:
    """Limits of an axis that shows these values and a margin."""
    low, high = float(values.min()), float(values.max())
    margin = MARGIN * (high - low) or 1.0
    return low - margin, high + margin


def _visible(segment: Matrix | None) -> Matrix | None:
    """A segment, unless it is the single point where a boundary touches the box or a third region."""
    return None if segment is None or np.array_equal(segment[0], segment[1]) else segment


def _marker(place: int, scale: float) -> dict[str, Any]:
    """How patterns of a class look: see-through, with a dark edge, so that those at the same place still show."""
    colour = appearance.colour(place, appearance.CLASS_COLOURS)
    return {
        "linestyle": "none",
        "marker": appearance.MARKERS[place % len(appearance.MARKERS)],
        "markersize": 5.5 * scale,
        "markerfacecolor": (*appearance.shade(colour, part=0.0), 0.7),
        "markeredgecolor": appearance.shade(colour, part=0.6),
        "markeredgewidth": 0.7 * scale,
    }


def _ring(scale: float) -> dict[str, Any]:
    return {
        "linestyle": "none",
        "marker": "o",
        "markersize": 10.5 * scale,
        "markerfacecolor": "none",
        "markeredgecolor": appearance.BLACK,
        "markeredgewidth": 1.1 * scale,
    }


_BOUNDARY: dict[str, Any] = {"color": appearance.INK, "linewidth": 1.3, "solid_capstyle": "butt"}
_CONTINUATION: dict[str, Any] = {"color": appearance.FAINT, "linestyle": appearance.DASHES[1], "linewidth": 0.8}
