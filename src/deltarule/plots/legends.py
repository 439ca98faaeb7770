"""Legends above the axes, outside the data, in as few rows as fit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from deltarule.plots.appearance import LONGEST_LABEL, shown

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.legend import Legend

# Letters of a label in a legend of one column, where more are too wide.
SHORTER = (45, 30, 20, 10)


def legend_above(axes: Axes, handles: Sequence[Any], width: float, *, grow: bool, **options: Any) -> Legend | None:
    """A legend above the axes, outside the data, in as few rows as fit; None where there are no handles.

    Parameters
    ----------
    axes : the axes.
    handles : matplotlib artists with labels, in reading order.
    width : how wide the legend may be, in inches.
    grow : whether the figure becomes higher by the legend, so that the axes keep their size.
    options : further ones of matplotlib's `legend`.
    """

    def place(ordered: Sequence[Any], columns: int) -> Legend:
        # Its lower left corner stands on the upper left one of the axes, so it covers no data, whatever they are.
        return axes.legend(
            handles=ordered,
            loc="lower left",
            bbox_to_anchor=(0.0, 1.0),
            borderaxespad=0.3,
            borderpad=0.2,
            ncols=columns,
            **options,
        )

    return _fitting(place, handles, width, axes.figure, grow=grow)


def legend_over_figure(figure: Figure, handles: Sequence[Any], width: float, **options: Any) -> Legend | None:
    """One legend above all panels of a figure, which becomes higher by it; None where there are no handles.

    Parameters
    ----------
    figure : the figure.
    handles, width, options : as in `legend_above`.
    """

    def place(ordered: Sequence[Any], columns: int) -> Legend:
        return figure.legend(handles=ordered, loc="outside upper center", ncols=columns, **options)

    return _fitting(place, handles, width, figure, grow=True)


def _fitting(
    place: Callable[[Sequence[Any], int], Legend], handles: Sequence[Any], width: float, figure: Any, *, grow: bool
) -> Legend | None:
    """The legend with the fewest rows that is narrow enough; None where there are no handles.

    Labels that are too long even for one column are cut: letters differ in width, so that only a try tells which fit.
    """
    names = [str(handle.get_label()) for handle in handles]
    tries = [(rows, LONGEST_LABEL) for rows in range(1, len(handles) + 1)]
    tries += [(len(handles), longest) for longest in SHORTER]
    for rows, longest in tries if handles else []:
        for handle, name in zip(handles, names, strict=True):
            handle.set_label(shown(name, longest))
        columns = -(-len(handles) // rows)
        # matplotlib fills columns; readers read rows.
        ordered = [handle for column in range(columns) for handle in handles[column::columns]]
        legend = place(ordered, columns)
        box = legend.get_window_extent()
        if (rows, longest) == tries[-1] or box.width <= width * figure.dpi:
            if grow:
                figure.set_figheight(figure.get_figheight() + box.height / figure.dpi)
            return legend
        legend.remove()
    return None
