"""Lines against something: panels of lines that share their x axis, with spread, references and marks."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import ArrayLike

from deltarule.checks import Vector, numbers, whole
from deltarule.errors import InputError, nearest
from deltarule.plots import appearance
from deltarule.plots.decimation import thinned
from deltarule.plots.display import Display

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PANEL_HEIGHT = 2.05  # inches
NARROW = 3.0  # inches; in narrower axes the labels of batch sizes are set smaller
SHIFT = 0.07  # of a doubling, between the spreads of lines that share their ticks


@dataclass(frozen=True, eq=False)
class Line:
    """y against x (R,), and how it is told from the others; `low` and `high` (R,) bound its spread."""

    label: str
    x: Vector
    y: Vector
    colour: Any = appearance.BLUE
    dashes: Any = "-"
    marker: str | None = None
    low: Vector | None = None
    high: Vector | None = None


@dataclass(frozen=True, eq=False)
class Panel:
    """Lines over one y axis, of whole numbers or not; `references` (label -> y) are values to hold them against."""

    label: str
    lines: tuple[Line, ...]
    log: bool = False
    whole: bool = False
    references: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Traces(Display):
    """Panels of lines over a common x axis.

    Attributes
    ----------
    panels : from top to bottom (or row by row, in several columns).
    x_label, log_x : the x axis.
    ticks : x -> label, where the axis has only these.
    marks : label -> x of a vertical line through all panels.
    """

    panels: tuple[Panel, ...]
    x_label: str = ""
    log_x: bool = False
    ticks: Mapping[float, str] | None = None
    marks: Mapping[str, float] = field(default_factory=dict)

    def draw(self, axes: Any = None, *, columns: int = 1) -> Figure:
        """Draw the panels into a new figure of so many columns, or into the axes given (one, or one a panel).

        One column is for phones and narrow pages, two or three are for desktops and print.
        """
        whole("number of columns", columns, 1, "1 suits phones, 2 or 3 print.")
        with appearance.style():
            width = appearance.WIDTH if columns == 1 else appearance.WIDE
            height = -(-len(self.panels) // columns) * PANEL_HEIGHT + 0.35
            places = appearance.places(axes, len(self.panels), columns, width, height, sharex=True)
            shown = [
                self._draw_panel(panel, place, with_marks=place is places[0])
                for panel, place in zip(self.panels, places, strict=True)
            ]
            figure = cast("Figure", places[0].figure)
            if axes is None and columns > 1:
                distinct = {str(handle.get_label()): handle for handles in shown for handle in handles}
                appearance.legend_over_figure(figure, list(distinct.values()), 0.95 * width)
            else:
                for place, handles in zip(places, _without_repeats(shown), strict=True):
                    appearance.legend_above(place, handles, appearance.inches(place), grow=axes is None)
            for place in places:
                spec = place.get_subplotspec()
                if columns > 1 or spec is None or spec.is_last_row():
                    appearance.label_axis(place.xaxis, self.x_label)
            return figure

    def _draw_panel(self, panel: Panel, axes: Axes, *, with_marks: bool) -> list[Any]:
        """Draw one panel; give what its legend shows."""
        from matplotlib.lines import Line2D

        self._scale(panel, axes)
        bars = self.ticks is not None and len(panel.lines) > 1
        handles = [
            self._draw_line(line, axes, place - (len(panel.lines) - 1) / 2 if bars else 0.0)
            for place, line in enumerate(panel.lines)
        ]
        colours = {line.label: line.colour for line in panel.lines}
        for place, (label, value) in enumerate(panel.references.items()):
            colour = colours.get(
                label, appearance.colour(place, (appearance.INK, appearance.FAINT, *appearance.LINE_COLOURS))
            )
            axes.axhline(value, color=colour, linestyle=appearance.DOTS, linewidth=1.1, zorder=1.8)
            shown = appearance.INK if label in colours else colour
            name = "limit" if label in colours else label
            if all(handle.get_label() != name for handle in handles):
                handles.append(Line2D([], [], color=shown, linestyle=appearance.DOTS, linewidth=1.1, label=name))
        for place, (label, at) in enumerate(self.marks.items()):
            dashes = appearance.DASHES[place % len(appearance.DASHES)]
            drawn = axes.axvline(at, color=appearance.FAINT, linestyle=dashes, linewidth=0.9, label=label, zorder=1.5)
            if with_marks:
                handles.append(drawn)
        appearance.fit_diverged(axes)
        appearance.label_axis(axes.yaxis, panel.label)
        if panel.whole:
            from matplotlib.ticker import MaxNLocator

            axes.yaxis.set_major_locator(MaxNLocator("auto", steps=[1, 2, 5, 10], integer=True))
        # The y axis already says what a line of its own name is.
        return [handle for handle in handles if handle.get_label() not in {"", panel.label}]

    def _draw_line(self, line: Line, axes: Axes, shift: float) -> Any:
        """Draw one line with its spread, `shift` steps beside the ticks that it shares with other lines."""
        if self.ticks is not None:
            x = line.x * 2 ** (SHIFT * shift)
            if line.low is not None and line.high is not None:
                axes.vlines(x, line.low, line.high, color=line.colour, linewidth=1.0)
        else:
            x = line.x
            if line.low is not None and line.high is not None:
                kept = np.union1d(*(thinned(x, edge, log=self.log_x) for edge in (line.low, line.high)))
                edges = line.low[kept], line.high[kept]
                axes.fill_between(x[kept], *edges, color=line.colour, alpha=0.18, linewidth=0, zorder=1.9)
        kept = thinned(x, line.y, log=self.log_x)
        (drawn,) = axes.plot(
            x[kept],
            line.y[kept],
            color=line.colour,
            linestyle=line.dashes,
            marker=line.marker,
            markeredgecolor="white",
            markeredgewidth=0.5,
            label=line.label,
        )
        return drawn

    def _scale(self, panel: Panel, axes: Axes) -> None:
        from matplotlib.ticker import NullLocator

        if self.log_x:
            axes.set_xscale("log", base=10 if self.ticks is None else 2, nonpositive="mask")
            appearance.plain_log_ticks(axes.xaxis)
        if self.ticks is not None:
            width = appearance.inches(axes)
            size = 7.5 if width < NARROW else 9.0
            axes.set_xticks(list(self.ticks), _staggered(self.ticks, width, size))
            axes.xaxis.set_minor_locator(NullLocator())
            axes.tick_params(axis="x", labelsize=size)
        if panel.log:
            axes.set_yscale("log", nonpositive="mask")
            appearance.plain_log_ticks(axes.yaxis)


def _staggered(ticks: Mapping[float, str], width: float, size: float) -> list[str]:
    """Labels of a log2 axis so many inches wide, in points of `size`; those that would touch stand a line lower."""
    at = np.log2(list(ticks))
    octave = 0.9 * width / max(float(np.ptp(at)), 1.0)
    labels, free = [], -np.inf
    for place, label in zip(at * octave, ticks.values(), strict=True):
        half = 0.5 * (0.64 * len(label) + 0.7) * size / 72  # digits are 0.64 of their size wide
        fits = place - half >= free
        labels.append(label if fits else f"\n{label}")
        free = place + half if fits else free
    return labels


def _without_repeats(shown: list[list[Any]]) -> list[list[Any]]:
    """The legends of panels, without those that only repeat the first."""
    first = {handle.get_label() for handle in shown[0]}
    return [shown[0], *([] if {handle.get_label() for handle in own} <= first else own for own in shown[1:])]


Lines = Mapping[str, ArrayLike]


def traces(
    x: ArrayLike,
    lines: Lines | Mapping[str, Lines],
    *,
    x_label: str = "",
    y_label: str = "",
    log_x: bool = False,
    log_y: bool | Collection[str] = False,
    references: Mapping[str, Mapping[str, float]] | None = None,
    marks: Mapping[str, float] | None = None,
) -> Traces:
    """Lines against x, in one panel or several.

    Parameters
    ----------
    x : (R,) numbers, shared by all lines.
    lines : label -> y for one panel, or panel -> (label -> y) for several; the panel's name stands at its y axis. Lines
        with the same label look the same in every panel; one with its panel's name is not in the legend. y is (R,), or
        (R, S): then the line is the median of S repetitions (seeds), in a band from the smallest to the largest.
    x_label, y_label : what the axes show, with units; `y_label` is that of a single panel.
    log_x, log_y : logarithmic axes; `log_y` may name the panels. Points at 0 or below cannot be seen there.
    references : panel -> (label -> y): horizontal lines. One labelled as a line of the panel is that line's limit, in
        its colour.
    marks : label -> x: vertical lines through all panels.

    Raises
    ------
    InputError
        If a line is not as long as x, or has nothing above 0 on a logarithmic axis.

    Examples
    --------
    >>> panels = {"norm": {"W": [1, 2, 3]}, "angle": {"A-B": [40, 30, 28]}}
    >>> display = traces([1, 2, 4], panels, x_label="updates", log_x=True)
    >>> [panel.label for panel in display.panels]
    ['norm', 'angle']
    """
    x = numbers("x of the lines", x, 1)
    panels = _by_panel(lines, y_label)
    logs = set(panels) if log_y is True else set(log_y or ())
    references = dict(references or {})
    for name in (*references, *logs):
        if name not in panels:
            raise InputError("references and log_y", "name panels", repr(name), nearest(name, panels))
    everywhere = [label for named in panels.values() for label in named]
    labels = list(dict.fromkeys(everywhere))
    made = []
    for name, named in panels.items():
        drawn = tuple(_line(label, x, y, labels.index(label)) for label, y in named.items())
        if len(panels) > 1 and len(drawn) == 1 and everywhere.count(drawn[0].label) == 1:
            drawn = (replace(drawn[0], colour=appearance.INK, dashes="-"),)  # nothing to be told apart from
        made.append(Panel(name, drawn, name in logs, references=dict(references.get(name, {}))))
    return checked(Traces(tuple(made), x_label, log_x, marks=dict(marks or {})))


def against_batch_size(
    sizes: Sequence[int], panels: Mapping[str, Lines], *, full: int | None = None, log_y: Collection[str] = ()
) -> Traces:
    """Cost, accuracy, time, ... against batch size: a panel each, its lines with their spread over seeds as bars.

    The axis is that of log2. Lines of a panel stand a little beside their tick, so that no bar covers another.

    Parameters
    ----------
    sizes : (R,) batch sizes, each a tick.
    panels : panel -> (label -> y), as in `traces`: y (R,), or (R, S) over S seeds.
    full : the size that is the whole set, marked as such.
    log_y : panels with a logarithmic y axis (time).

    Examples
    --------
    >>> accuracy = {"training": [[0.9, 1.0], [0.75, 1.0], [0.5, 0.5]]}
    >>> display = against_batch_size([2, 4, 90], {"accuracy": accuracy}, full=90)
    >>> display.panels[0].lines[0].y.tolist(), display.ticks[90.0]
    ([0.95, 0.875, 0.5], '90 (full)')
    """
    for size in sizes:
        whole("batch size", size, 1, "A batch has at least one pattern.")
    made = traces(sizes, panels, x_label="batch size", log_x=True, log_y=log_y)
    ticks = {float(size): f"{size} (full)" if size == full else str(size) for size in sizes}
    marked = tuple(replace(panel, lines=_with_markers(panel.lines)) for panel in made.panels)
    return replace(made, panels=marked, ticks=ticks)


def checked(display: Traces) -> Traces:
    """The display, if something of each panel can be seen on its logarithmic axes."""
    for panel in display.panels:
        for axis, log in (("x", display.log_x), ("y", panel.log)):
            if log and not any(np.any(getattr(line, axis) > 0) for line in panel.lines):
                raise InputError(
                    f"{axis} of {panel.label or 'the lines'}",
                    "have values above 0 to be seen on a logarithmic axis",
                    "none",
                    f"Leave out log_{axis}.",
                )
    return display


def _by_panel(lines: Any, y_label: str) -> dict[str, Lines]:
    if not lines:
        raise InputError("lines", "be at least one", "none", "Give a mapping from label to values.")
    several = [isinstance(value, Mapping) for value in lines.values()]
    if any(several) != all(several):
        raise InputError(
            "lines", "be label -> values, or panel -> (label -> values)", "a mixture", "Give each line a panel."
        )
    return dict(lines) if all(several) else {y_label: lines}


def _line(label: str, x: Vector, y: ArrayLike, place: int) -> Line:
    repeated = np.ndim(y) == 2
    values = numbers(f"values of {label!r}", y, 2 if repeated else 1)
    if len(values) != len(x):
        raise InputError(
            f"values of {label!r}", f"be as many as x, {len(x)}", len(values), "Give one value (or row) for each x."
        )
    look = {"colour": appearance.colour(place), "dashes": appearance.DASHES[place % len(appearance.DASHES)]}
    if not repeated:
        return Line(label, x, values, **look)
    return Line(label, x, np.median(values, axis=1), low=values.min(axis=1), high=values.max(axis=1), **look)


def _with_markers(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines told apart by markers, and by dashes within their panel."""
    return tuple(
        replace(
            line,
            marker=appearance.MARKERS[place % len(appearance.MARKERS)],
            dashes=appearance.DASHES[place % len(appearance.DASHES)],
        )
        for place, line in enumerate(lines)
    )
