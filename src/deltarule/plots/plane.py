"""`DecisionRegions`: how the regions, boundaries and patterns of a class layer are drawn in a plane."""

from __future__ import annotations

import textwrap
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
from deltarule.plots.polygons import NAME_HEIGHT, Limits, clear_place
from deltarule.typeset.words import counted

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TINT = 0.78  # how much white a region's colour is mixed with
# Patterns that are drawn of more; above the second number markers are smaller, and above the third no legend lists the classes.
MOST, CROWD, LISTED = 2000, 300, 20
SPACE = 4.0  # points beside a name
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
    boundaries : for each pair of classes the segment (2, 2) that separates them in the box; None for none. Of more than 6
        classes they are those of the pairs that have one.
    continuations : for each of these pairs the whole segment (2, 2) of the line u_i = u_j in the box, where it goes on beyond the
        boundary (another class has the largest score there); None for none, and of more than 6 classes.
    points : (P, 2) the patterns.
    places : (P,) the place of each pattern's class among the classes.
    wrong : (P,) whether the layer predicts another class.
    names : of the two axes.
    x_limits, y_limits : (low, high), the box.
    note : what the figure says of the other inputs; "" for nothing.
    raster : (R, C) the place of the class predicted in each cell of the box, from the lower left, where no polygons are known.
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
    note: str = ""
    raster: NDArray[np.intp] | None = None

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {len(self.classes)} classes, {counted(len(self.points), 'pattern')}>"

    def draw(
        self, axes: Axes | None = None, *, equal: bool = False, legend: bool = True, name_regions: bool = True
    ) -> Figure:
        """Draw the plane. Of more than 2,000 patterns so many are drawn, drawn by lot from each class, and the figure says so.

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
            drawn = drawn_places(self.places, len(self.classes))
            crowded = len(self.classes) > LISTED
            self._draw_plane(axes)
            self._draw_points(axes, 0.6 * scale if len(drawn) > CROWD else scale, drawn)
            if name_regions:
                room = self._shrunk(axes, width) if equal else width
                self._name_regions(
                    axes, np.empty((0, 2)) if crowded else self.points[drawn], 5.5 if crowded else 11, room
                )
            axes.set(xlim=self.x_limits, ylim=self.y_limits)
            for axis, name in zip((axes.xaxis, axes.yaxis), self.names, strict=True):
                label_axis(axis, name)
                ticks = 9 if scale == 1 else 4
                axis.set_major_locator(MaxNLocator(ticks, steps=[1, 2, 5, 10], min_n_ticks=3))
            self._write_notes(axes, width, len(drawn))
            if equal:
                axes.set_aspect("equal", adjustable="box")
            if legend:
                legend_above(axes, self.handles(scale), width, grow=new, **LEGEND)
            return cast("Figure", axes.figure)

    def handles(self, scale: float = 1.0) -> list[Any]:
        """What a legend shows: the classes, and wrong patterns and lines where there are any; markers times `scale`."""
        from matplotlib.lines import Line2D

        scale = positive("scale", scale, "1 is the usual size.")
        listed = self.classes if len(self.classes) <= LISTED else ()  # more would take the place of the data
        looks: list[tuple[str, dict[str, Any]]] = [
            (str(label), _marker(place, scale)) for place, label in enumerate(listed)
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
        if self.raster is not None:
            extent = (*self.x_limits, *self.y_limits)
            axes.imshow(_picture(self.raster), extent=extent, origin="lower", interpolation="nearest", aspect="auto")
        for place, corners in enumerate(self.polygons):
            if len(corners):
                tint = _tint(place)
                axes.fill(*corners.T, facecolor=tint, edgecolor=tint, linewidth=0.4, zorder=0.5)
        for segment in self.continuations:
            if segment is not None:
                axes.plot(*segment.T, **_CONTINUATION, zorder=1.0)
        thin = {"linewidth": 0.6} if len(self.classes) > LISTED else {}
        for segment in self.boundaries:
            if segment is not None:
                axes.plot(*segment.T, **_BOUNDARY | thin, zorder=1.2)

    def _draw_points(self, axes: Axes, scale: float, drawn: NDArray[np.intp]) -> None:
        points, places, wrong = self.points[drawn], self.places[drawn], self.wrong[drawn]
        for place in range(len(self.classes)):
            if (here := places == place).any():
                axes.plot(*points[here].T, **_marker(place, scale), zorder=3)
        if wrong.any():
            axes.plot(*points[wrong].T, **_ring(scale), zorder=4)

    def _shrunk(self, axes: Axes, width: float) -> float:
        """The width in inches of a box of equal units, which its height may bound."""
        (left, right), (low, high) = self.x_limits, self.y_limits
        figure: Any = axes.figure
        return min(width, float(axes.get_window_extent().height) / figure.dpi * (right - left) / (high - low))

    def _name_regions(self, axes: Axes, points: Matrix, size: float, width: float) -> None:
        along = np.linspace(0, 1, 60)[:, None]
        dashes = [a + along * (b - a) for a, b in (segment for segment in self.continuations if segment is not None)]
        # Where no place is clear of the faint dashes too, a name may stand on them.
        tries = [np.concatenate([points, *dashes]), points] if dashes else [points]
        names = map(appearance.shown, self.classes)
        # A region that is drawn by cells needs no name: its class has a marker.
        for place, (name, corners) in enumerate(zip(names, self.polygons, strict=False)):
            if not len(corners):
                continue
            dark = appearance.shade(appearance.colour(place, appearance.CLASS_COLOURS), part=0.45)
            text = axes.text(0, 0, name, color=dark, ha="center", va="center", fontsize=size, zorder=5)
            height = NAME_HEIGHT * size / 11 * max(1.0, 4 / width)
            # Of the box: half of the name, and some space beside it.
            half = (text.get_window_extent().width / text.get_figure().dpi / 2 + SPACE / 72) / width
            aspect = max(1.0, half / height)
            places = (clear_place(corners, each, self.x_limits, self.y_limits, aspect, height) for each in tries)
            found = next((each for each in places if each is not None), None)
            if found is None:
                text.remove()
            else:
                text.set_position((float(found[0]), float(found[1])))

    def _write_notes(self, axes: Axes, width: float, drawn: int) -> None:
        """Below the x axis: where the other inputs stand, how many patterns are shown, and how many classes have no legend."""
        notes = [self.note] if self.note else []
        if drawn < len(self.points):
            notes.append(f"{drawn:,} of {len(self.points):,} patterns shown")
        if len(self.classes) > LISTED:
            notes.append(f"{len(self.classes):,} classes")
        letters = int(width * 72 / (0.55 * float(axes.xaxis.label.get_fontsize())))
        lines = textwrap.wrap("; ".join(notes), max(letters, 12))
        axes.set_xlabel("\n".join([axes.get_xlabel(), *lines]))


def drawn_places(places: NDArray[np.intp], classes: int, most: int = MOST) -> NDArray[np.intp]:
    """The patterns that are drawn, sorted: all, or of more than `most` about so many, by lot, and of each class its share.

    A class that has a pattern has one that is drawn.

    Parameters
    ----------
    places : (P,) the place of each pattern's class.
    classes : how many there are.
    most : about so many are drawn.

    Examples
    --------
    >>> drawn_places(np.array([0] * 9990 + [1] * 10), 2, most=100).size
    101
    """
    if len(places) <= most:
        return np.arange(len(places))
    order = np.random.default_rng(0).permutation(len(places))
    by_class = order[np.argsort(places[order], kind="stable")]
    counts = np.bincount(places, minlength=classes)
    rank = np.arange(len(places)) - np.repeat(np.cumsum(counts) - counts, counts)
    wanted = np.ceil(counts * (most / len(places)))
    return np.sort(by_class[rank < np.repeat(wanted, counts)])


def _tint(place: int) -> Any:
    """The colour of a class's region."""
    return appearance.shade(appearance.colour(place, appearance.CLASS_COLOURS), "#FFFFFF", TINT)


def _picture(raster: NDArray[np.intp]) -> NDArray[np.float64]:
    """The colour of each cell, and ink where two classes meet."""
    from matplotlib.colors import to_rgb

    tints = np.array([to_rgb(_tint(place)) for place in range(int(raster.max()) + 1)])
    meets = np.zeros(raster.shape, dtype=bool)
    meets[:, 1:] |= raster[:, 1:] != raster[:, :-1]
    meets[1:] |= raster[1:] != raster[:-1]
    picture: NDArray[np.float64] = np.where(meets[..., None], to_rgb(appearance.INK), tints[raster])
    return picture


def _marker(place: int, scale: float) -> dict[str, Any]:
    """How patterns of a class look: see-through, with a dark edge, so that those at the same place still show."""
    colour = appearance.colour(place, appearance.CLASS_COLOURS)
    return {
        "linestyle": "none",
        # The second time round the colours, markers are others: 64 classes differ.
        "marker": appearance.MARKERS[(place + place // len(appearance.CLASS_COLOURS)) % len(appearance.MARKERS)],
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
