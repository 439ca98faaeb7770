"""Values over seeds: a dot each, the median marked, and a reference value to compare them with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import ArrayLike
from rich.cells import cell_len

from deltarule.checks import Vector, numbers, numbers_by_name, table, text, truth
from deltarule.errors import InputError, nearest
from deltarule.plots import appearance
from deltarule.plots.axis import label_axis, plain_log_ticks
from deltarule.plots.display import Display
from deltarule.plots.legends import legend_above
from deltarule.typeset.words import counted

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ROW_HEIGHT = 0.62  # inches; of rows that share an axis
SLOTS = 70  # dots that fit side by side along an axis
LONGEST_NAME = 20  # letters of the name of a row, which stands beside the data
LETTER = 0.12  # inches, of a wide letter
SHORT_NAME = 10  # letters that take no more than ticks with their label
STEP = 0.11  # between dots of a slot, in parts of a row


@dataclass(frozen=True, eq=False, repr=False)
class Strips(Display):
    """A row of dots for each name.

    Parameters
    ----------
    rows : name -> (S,) values.
    references : name -> value, marked in that row.
    reference_label : the name of the references in the legend.
    dot_label : the name of the dots in the legend.
    x_label : of the axis of the values.
    log : whether that axis is logarithmic.
    shared : whether all rows have one axis; otherwise each has its own (values of different units).
    """

    rows: Mapping[str, Vector]
    references: Mapping[str, float]
    reference_label: str = "reference"
    x_label: str = ""
    log: bool = False
    shared: bool = True
    dot_label: str = "one seed"

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {counted(len(self.rows), 'row')}>"

    def draw(self, axes: Any = None) -> Figure:
        """Draw the rows.

        Parameters
        ----------
        axes : matplotlib axes to draw into, one where `shared`, otherwise one a row; None makes a new figure.
        """
        from matplotlib.lines import Line2D

        names = list(self.rows)
        groups = [names] if self.shared else [[name] for name in names]
        with appearance.style():
            height = ROW_HEIGHT * len(names) * (1.0 if self.shared else 1.6) + 0.75
            places = appearance.places(axes, len(groups), 1, appearance.WIDTH, height)
            handles: dict[str, Any] = {
                "dots": Line2D(
                    [], [], linestyle="none", marker="o", color=appearance.FAINT, markersize=3.6, label=self.dot_label
                )
            }
            for place, group in zip(places, groups, strict=True):
                self._draw_rows(group, place, handles)
            # The legend begins where the names of the rows end; short ones are narrower than a figure's ticks.
            beside = LETTER * max(min(max(map(cell_len, names)), LONGEST_NAME) - SHORT_NAME, 0)
            room = appearance.inches(places[0]) - (0.0 if axes is not None else beside)
            legend_above(places[0], list(handles.values()), room, grow=axes is None, handlelength=1.2)
            for place in places:
                label_axis(place.xaxis, self.x_label if place is places[-1] else "")
            return cast("Figure", places[0].figure)

    def _draw_rows(self, names: Sequence[str], axes: Axes, handles: dict[str, Any]) -> None:
        """Draw these rows from top to bottom, and add what the legend shows to `handles`."""
        if self.log:
            axes.set_xscale("log")
            plain_log_ticks(axes.xaxis)
        seen = [self.rows[name] for name in names] + [
            [self.references[name]] for name in names if name in self.references
        ]
        scaled = np.log if self.log else np.asarray
        everything = scaled(np.concatenate(seen))
        extent = (float(everything.min()), float(everything.max()))
        for height, name in enumerate(reversed(names)):
            values = self.rows[name]
            colour = appearance.colour(list(self.rows).index(name))
            axes.plot(
                values,
                height + spread(scaled(values), extent),
                linestyle="none",
                marker="o",
                color=colour,
                alpha=0.55,
                markersize=3.6,
                markeredgewidth=0,
            )
            middle, ends = [float(np.median(values))] * 2, [height - 0.42, height + 0.42]
            (bar,) = axes.plot(middle, ends, color=appearance.INK, linewidth=1.6, label="median")
            handles.setdefault("median", bar)
            if name in self.references:
                (diamond,) = axes.plot(
                    [self.references[name]],
                    [height],
                    linestyle="none",
                    marker="D",
                    color="white",
                    markeredgecolor=appearance.BLACK,
                    markeredgewidth=1.2,
                    markersize=6,
                    label=self.reference_label,
                    zorder=3,
                )
                handles.setdefault("reference", diamond)
        axes.set_yticks(range(len(names)), [appearance.shown(name, LONGEST_NAME) for name in reversed(names)])
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        axes.grid(visible=False, axis="y")
        axes.set_ylim(-0.6, len(names) - 0.4)


def strips(
    values: Mapping[str, ArrayLike],
    *,
    references: Mapping[str, float] | None = None,
    reference_label: str = "reference",
    x_label: str = "",
    log: bool = False,
    shared: bool = True,
    dot_label: str = "one seed",
) -> Strips:
    """Values of several variables over seeds: a row for each variable, a dot for each value, a bar for the median.

    A reference value is a diamond. Dots that would cover each other are stacked; their height within the row has no other
    meaning.

    Parameters
    ----------
    values : name -> (S,) one value a seed.
    references : name -> value to compare the row with.
    reference_label : the name of the references in the legend, as in "at the optimum".
    dot_label : the name of the dots in the legend, as in "one run".
    x_label : what the values are, with units.
    log : whether the axis is logarithmic; all values must then be above 0.
    shared : whether all rows have one axis; False gives each its own.

    Raises
    ------
    InputError
        If there are no values, a reference names no row, or a value cannot be seen on a logarithmic axis.

    Examples
    --------
    >>> display = strips({"waist": [1.2, 1.6], "pulse": [21.0, 25.0]}, references={"waist": 1.56}, shared=False)
    >>> list(display.rows)
    ['waist', 'pulse']
    """
    log, shared = truth("log", log), truth("shared", shared)
    for name, given in (("reference_label", reference_label), ("x_label", x_label), ("dot_label", dot_label)):
        text(name, given)
    values = table("values", values, "Give a mapping from name to values.")
    rows = {name: numbers(f"values of {name!r}", row, 1) for name, row in values.items()}
    if not rows or any(len(row) == 0 for row in rows.values()):
        raise InputError(
            "values", "be at least one a row, in at least one row", "none", "Give a mapping from name to values."
        )
    marked = numbers_by_name("references", references)
    for name in marked:
        if name not in rows:
            raise InputError("references", "name rows", repr(name), nearest(name, rows))
    lowest = min([*marked.values(), *(float(row.min()) for row in rows.values())])
    if log and lowest <= 0:
        raise InputError("values", "be above 0 on a logarithmic axis", f"{lowest:g}", "Leave out log.")
    return Strips(rows, marked, reference_label, x_label, log, shared, dot_label)


def spread(values: Vector, extent: tuple[float, float]) -> Vector:
    """Heights within (-0.4, 0.4) that separate dots of the same slot of the axis: 0, then above and below in turn.

    Parameters
    ----------
    values : (S,) where the dots are along the axis.
    extent : the smallest and the largest value of the axis.

    Examples
    --------
    >>> spread(np.array([1.0, 5.0, 1.0, 1.0]), (0.0, 10.0)).tolist()
    [0.0, 0.0, 0.11, -0.11]
    """
    low, high = extent
    slot = np.round((values - low) / ((high - low) or 1.0) * SLOTS)
    heights = np.zeros(len(values))
    for which in np.unique(slot):
        here = np.flatnonzero(slot == which)
        rank = np.arange(len(here))
        step = min(STEP, 0.8 / len(here))
        heights[here] = step * np.where(rank % 2, (rank + 1) // 2, -(rank // 2)) + 0.0
    return heights
