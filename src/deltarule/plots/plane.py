"""`DecisionRegions`: how the regions, boundaries and patterns of a class layer are drawn in a plane."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from deltarule import labels
from deltarule.checks import Matrix, instance, positive, truth
from deltarule.plots import appearance
from deltarule.plots.axis import label_axis
from deltarule.plots.display import Display
from deltarule.plots.legends import legend_above
from deltarule.plots.polygons import Limits, clear_place
from deltarule.typeset.words import counted

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TINT = 0.78  # how much white a region's colour is mixed with
SMALL = 3.0  # inches; in narrower axes markers are smaller and ticks fewer
WRONG, BOUNDARY, CONTINUATION = "misclassified", "boundary", "its continuation"
LEGEND: dict[str, Any] = {"handlelength": 1.5, "handletextpad": 0.5, "columnspacing": 1.2}


@dataclass(frozen=True, eq=False, repr=False)
class DecisionRegions(Display):
    """The regions of each class in a box, the boundaries between them, and the patterns.

    Parameters
    ----------
    classes : K labels.
    polygons : for each class its region, (V, 2) corners in order; (0, 2) where the class has the largest score nowhere in
        the box.
    boundaries : for each pair of classes the segment (2, 2) that separates them in the box; None for none.
    continuations : for each pair the whole segment (2, 2) of the line u_i = u_j in the box, where it goes on beyond the
        boundary (another class has the largest score there); None for none.
    points : (P, 2) the patterns.
    places : (P,) the place of each pattern's class among the classes.
    wrong : (P,) whether the layer predicts another class.
    names : of the two axes.
    x_limits, y_limits : (low, high), the box.
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

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {len(self.classes)} classes, {counted(len(self.points), 'pattern')}>"

    def draw(
        self, axes: Axes | None = None, *, equal: bool = False, legend: bool = True, name_regions: bool = True
    ) -> Figure:
        """Draw the plane.

        Parameters
        ----------
        axes : matplotlib axes to draw into; None makes a new figure.
        equal : whether a unit of x1 is as long as one of x2.
        legend : whether a legend stands above the axes.
        name_regions : whether the name of each class stands in its region, clear of the points: for readers who see no
            colours.
        """
        from matplotlib.axes import Axes
        from matplotlib.ticker import MaxNLocator

        equal, legend, name_regions = (
            truth(name, value) for name, value in (("equal", equal), ("legend", legend), ("name_regions", name_regions))
        )
        if axes is not None:
            instance("axes", axes, Axes, "Leave them out to get a new figure.")
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
                label_axis(axis, name)
                ticks = 9 if scale == 1 else 4
                axis.set_major_locator(MaxNLocator(ticks, steps=[1, 2, 5, 10], min_n_ticks=3))
            if equal:
                axes.set_aspect("equal", adjustable="box")
            if legend:
                legend_above(axes, self.handles(scale), width, grow=new, **LEGEND)
            return cast("Figure", axes.figure)

    def handles(self, scale: float = 1.0) -> list[Any]:
        """What a legend shows: the classes, and wrong patterns and lines where there are any; markers times `scale`."""
        from matplotlib.lines import Line2D

        scale = positive("scale", scale, "1 is the usual size.")
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
        """The height of axes of this width, in inches: that of the box where its units are equal."""
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
        names = map(appearance.shown, self.classes)
        for place, (name, corners) in enumerate(zip(names, self.polygons, strict=True)):
            aspect = max(1.0, 0.6 * len(name))
            found = clear_place(corners, obstacles, self.x_limits, self.y_limits, aspect)
            if found is not None:
                dark = appearance.shade(appearance.colour(place, appearance.CLASS_COLOURS), part=0.45)
                axes.text(float(found[0]), float(found[1]), name, color=dark, ha="center", va="center", fontsize=11)


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
