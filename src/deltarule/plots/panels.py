"""Panels of lines that share their x axis: the records of what is drawn, and how it is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from deltarule.checks import Vector, whole
from deltarule.errors import InputError
from deltarule.plots import appearance
from deltarule.plots.axis import fit_diverged, label_axis, plain_log_ticks
from deltarule.plots.decimation import thinned
from deltarule.plots.display import Display
from deltarule.plots.legends import legend_above, legend_over_figure
from deltarule.typeset.words import counted

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PANEL_HEIGHT = 2.05  # inches
NARROW = 3.0  # inches; in narrower axes the labels of given ticks are set smaller
SHIFT = 0.07  # of a doubling, between the spreads of lines that share their ticks


@dataclass(frozen=True, eq=False, repr=False)
class Line:
    """y against x, and how the line differs from others.

    Parameters
    ----------
    label : its name in the legend.
    x, y : (R,) the points.
    colour : a matplotlib colour.
    dashes : a matplotlib line style.
    marker : a matplotlib marker at each point; None for none.
    low, high : (R,) the bounds of its spread; None for no spread.
    steps : whether y keeps its value until the next x, as a count does; otherwise points are joined by straight lines.
    """

    label: str
    x: Vector
    y: Vector
    colour: Any = appearance.BLUE
    dashes: Any = "-"
    marker: str | None = None
    low: Vector | None = None
    high: Vector | None = None
    steps: bool = False

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.label!r} of {counted(len(self.x), 'point')}>"


@dataclass(frozen=True, eq=False, repr=False)
class Panel:
    """Lines over one y axis.

    Parameters
    ----------
    label : of the y axis.
    lines : the lines, in the order of the legend.
    log : whether the y axis is logarithmic.
    whole : whether the y axis has ticks at whole numbers only.
    references : label -> y of a horizontal line. One with the label of a line is the limit of that line, in its colour.
    """

    label: str
    lines: tuple[Line, ...]
    log: bool = False
    whole: bool = False
    references: Mapping[str, float] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.label!r} of {counted(len(self.lines), 'line')}>"


@dataclass(frozen=True, eq=False, repr=False)
class Traces(Display):
    """Panels of lines over a common x axis.

    Parameters
    ----------
    panels : from top to bottom; in several columns, row by row.
    x_label : of the x axis.
    log_x : whether the x axis is logarithmic.
    ticks : x -> label, where the x axis has only these ticks (and is then that of log2); None for matplotlib's ticks.
    marks : label -> x of a vertical line through all panels.
    whole_x : whether the x axis has ticks at whole numbers only, as that of epochs.
    """

    panels: tuple[Panel, ...]
    x_label: str = ""
    log_x: bool = False
    ticks: Mapping[float, str] | None = None
    marks: Mapping[str, float] = field(default_factory=dict)
    whole_x: bool = False

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {counted(len(self.panels), 'panel')}>"

    def draw(self, axes: Any = None, *, columns: int = 1) -> Figure:
        """Draw the panels.

        Parameters
        ----------
        axes : matplotlib axes to draw into, one or one a panel; None makes a new figure.
        columns : of the new figure. One suits phones and narrow pages; two or three suit desktops and print.

        Raises
        ------
        InputError
            If there are not as many axes as panels.
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
                legend_over_figure(figure, list(distinct.values()), 0.95 * width)
            else:
                for place, handles in zip(places, _without_repeats(shown), strict=True):
                    legend_above(place, handles, appearance.inches(place), grow=axes is None)
            for place in places:
                spec = place.get_subplotspec()
                if columns > 1 or spec is None or spec.is_last_row():
                    label_axis(place.xaxis, self.x_label)
            return figure

    def _draw_panel(self, panel: Panel, axes: Axes, *, with_marks: bool) -> list[Any]:
        """Draw one panel. The result is what its legend shows."""
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
        fit_diverged(axes)
        label_axis(axes.yaxis, panel.label)
        if panel.whole:
            from matplotlib.ticker import MaxNLocator

            axes.yaxis.set_major_locator(MaxNLocator("auto", steps=[1, 2, 5, 10], integer=True))
        # A line with the name of the y axis needs no legend.
        return [handle for handle in handles if handle.get_label() not in {"", panel.label}]

    def _draw_line(self, line: Line, axes: Axes, shift: float) -> Any:
        """Draw one line with its spread, `shift` steps beside the ticks that it shares with other lines."""
        x = line.x * 2 ** (SHIFT * shift) if self.ticks is not None else line.x
        if line.low is not None and line.high is not None:
            if self.ticks is not None:
                axes.vlines(x, line.low, line.high, color=line.colour, linewidth=1.0)
            else:
                places = np.union1d(*(thinned(x, edge, log=self.log_x) for edge in (line.low, line.high)))
                edges = line.low[places], line.high[places]
                axes.fill_between(x[places], *edges, color=line.colour, alpha=0.18, linewidth=0, zorder=1.9)
        places = thinned(x, line.y, log=self.log_x)
        (drawn,) = axes.plot(
            x[places],
            line.y[places],
            color=line.colour,
            linestyle=line.dashes,
            drawstyle="steps-post" if line.steps else "default",
            marker=line.marker,
            markeredgecolor="white",
            markeredgewidth=0.5,
        )
        drawn.set_label(line.label)  # matplotlib would give a line without a label one of its own
        return drawn

    def _scale(self, panel: Panel, axes: Axes) -> None:
        """Make the axes linear or logarithmic, with their ticks."""
        from matplotlib.ticker import MaxNLocator, NullLocator

        if self.whole_x and not self.log_x:
            axes.xaxis.set_major_locator(MaxNLocator("auto", steps=[1, 2, 5, 10], integer=True))
        if self.log_x:
            axes.set_xscale("log", base=10 if self.ticks is None else 2, nonpositive="mask")
            plain_log_ticks(axes.xaxis)
        if self.ticks is not None:
            width = appearance.inches(axes)
            size = 7.5 if width < NARROW else 9.0
            axes.set_xticks(
                list(self.ticks), [appearance.shown(label) for label in _staggered(self.ticks, width, size)]
            )
            axes.xaxis.set_minor_locator(NullLocator())
            axes.tick_params(axis="x", labelsize=size)
        if panel.log:
            axes.set_yscale("log", nonpositive="mask")
            plain_log_ticks(axes.yaxis)


def checked(display: Traces) -> Traces:
    """The display, unless nothing of a panel can be seen on its logarithmic axes: that is an `InputError`."""
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


def _staggered(ticks: Mapping[float, str], width: float, size: float) -> list[str]:
    """Labels of a log2 axis of this width in inches, in letters of `size` points; those that would touch stand a line lower."""
    at = np.log2(list(ticks))
    octave = 0.9 * width / max(float(np.ptp(at)), 1.0)
    labels, free = [], -np.inf
    for place, label in zip(at * octave, ticks.values(), strict=True):
        half = 0.5 * (0.64 * len(label) + 0.7) * size / 72  # a digit is 0.64 of its size wide
        fits = place - half >= free
        labels.append(label if fits else f"\n{label}")
        free = place + half if fits else free
    return labels


def _without_repeats(shown: list[list[Any]]) -> list[list[Any]]:
    """The legends of panels, without those that only repeat the first."""
    first = {handle.get_label() for handle in shown[0]}
    return [shown[0], *([] if {handle.get_label() for handle in own} <= first else own for own in shown[1:])]
