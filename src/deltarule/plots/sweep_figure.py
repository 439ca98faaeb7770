"""What a sweep found: cost against learning rate, a line for each batch size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from deltarule.checks import choice, instance
from deltarule.errors import InputError
from deltarule.plots import appearance
from deltarule.plots.panels import Line, Panel, Traces
from deltarule.sweeps import Sweep
from deltarule.sweeps.result import ENDED, remedy_without_choice

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COSTS = ("validation_cost", "cost")
# Costs that differ by more than this factor are drawn on a logarithmic axis: on a linear one the small ones look like 0.
WIDE_RANGE = 20
# A model whose cost ends above this many times that of the initial layers is shown as diverged, though the cost is finite: it
# would press all other lines together.
RUN_OFF = 100
# Marks of what diverged: the height of a row of them, and the maximum of all rows, in parts of the axes.
MARK_ROW, MAXIMUM_MARKS = 0.055, 0.4


@dataclass(frozen=True, eq=False, repr=False)
class SweepCurves(Traces):
    """Cost against learning rate: a panel for each weight decay and momentum, a line for each batch size.

    A line is the median over seeds, in a band from the smallest to the largest.

    Parameters
    ----------
    diverged : for each panel and line the learning rates at which a model diverged, or ended above `RUN_OFF` times its
        initial cost: crosses at the top.
    """

    diverged: tuple[tuple[NDArray[np.float64], ...], ...] = ()

    def _draw_panel(self, panel: Panel, axes: Axes, *, with_marks: bool) -> list[Any]:
        from matplotlib.lines import Line2D

        handles = super()._draw_panel(panel, axes, with_marks=with_marks)
        _mark(panel, self.diverged[self.panels.index(panel)], axes)
        if any(len(rates) for row in self.diverged for rates in row):
            handles.append(Line2D([], [], color=appearance.INK, marker="x", linestyle="none", label="diverged"))
        return handles


def sweep_curves(sweep: Sweep, cost: str | None = None) -> SweepCurves:
    """Cost against learning rate, a line for each batch size, a panel for each weight decay and momentum.

    A point is the median over the models of one learning rate, batch size and decay (over the seeds), in a band from the
    smallest to the largest. Models that diverged, or ended above `RUN_OFF` times the cost of the initial layers, are left
    out of it: their learning rates are crosses at the top, a row a line.

    Parameters
    ----------
    sweep : the sweep.
    cost : "validation_cost", or "cost" (of the training patterns); None for the first that the sweep has.

    Raises
    ------
    InputError
        If the sweep has no such cost, or no model ended.

    Examples
    --------
    >>> import deltarule as dr
    >>> result = dr.sweep(dr.LinearLayer([[0.0]], [0.0]), [[1.0]], [[1.0]], learning_rate=[0.25, 0.5], epochs=1)
    >>> sweep_curves(result).panels[0].lines[0].y.tolist()  # 1/2 (1 - 2a)^2
    [0.125, 0.0]
    """
    instance("sweep", sweep, Sweep, "Give the result of deltarule.sweep.")
    known = tuple(name for name in COSTS if name in sweep.columns)
    what = known[0] if cost is None else choice("cost of a sweep", cost, known)
    values = sweep.columns[what]
    finite = np.isfinite(values)
    lost = sweep.columns["diverged"] | (finite & (values > RUN_OFF * _initial_cost(sweep)))
    ended = np.isin(sweep.columns["outcome"], ENDED) & ~lost & finite
    if not ended.any():
        raise InputError("sweep", "have a model that ended with a finite cost", "none", remedy_without_choice(sweep))
    names = [name for name in ("weight_decay", "momentum") if name in sweep.columns]
    settings = np.unique(np.column_stack([sweep.columns[name] for name in names]), axis=0)
    varied = [place for place in range(len(names)) if len(np.unique(settings[:, place])) > 1]
    sizes = [int(size) for size in np.unique(sweep.columns["batch_size"])]
    label = {"cost": "training cost", "validation_cost": "validation cost"}[what]
    log = bool(values[ended].min() > 0 and values[ended].max() > WIDE_RANGE * values[ended].min())
    panels, diverged = [], []
    for setting in settings:
        chosen = np.all([sweep.columns[name] == value for name, value in zip(names, setting, strict=True)], axis=0)
        groups = [chosen & (sweep.columns["batch_size"] == size) for size in sizes]
        told = ", ".join(f"{names[place].replace('_', ' ')} {setting[place]:.4g}" for place in varied)
        named = f"{label}\n{told}" if varied else label
        lines = [
            _line(sweep, what, group & ended, size, place)
            for place, (group, size) in enumerate(zip(groups, sizes, strict=True))
        ]
        panels.append(Panel(named, tuple(lines), log))
        diverged.append(tuple(np.unique(sweep.columns["learning_rate"][group & lost]) for group in groups))
    return SweepCurves(tuple(panels), "learning rate", log_x=True, diverged=tuple(diverged))


def _initial_cost(sweep: Sweep) -> float:
    """The largest cost of an initial layer on the training patterns."""
    return max((float(result.recorded.cost[0]) for result in sweep.results if len(result.recorded)), default=np.inf)


def _line(sweep: Sweep, what: str, chosen: NDArray[np.bool_], size: int, place: int) -> Line:
    """The line of one batch size, in place `place` of its panel: median and spread of the models chosen, by learning rate."""
    rates, values = sweep.columns["learning_rate"][chosen], sweep.columns[what][chosen]
    x = np.unique(rates)
    groups = [values[rates == rate] for rate in x]
    full = " (full)" if size == len(sweep.training.X) else ""
    line = Line(
        f"batch size {size}{full}",
        x,
        np.array([np.median(group) for group in groups]),
        appearance.colour(place),
        appearance.DASHES[place % len(appearance.DASHES)],
        appearance.MARKERS[place % len(appearance.MARKERS)],
    )
    if all(len(group) == 1 for group in groups):
        return line
    return replace(line, low=np.array([g.min() for g in groups]), high=np.array([g.max() for g in groups]))


def _mark(panel: Panel, rates: Sequence[NDArray[np.float64]], axes: Axes) -> None:
    """Draw crosses at the top edge, above all data: a row a line, in its colour."""
    rows = [(line, at) for line, at in zip(panel.lines, rates, strict=True) if len(at)]
    if not rows:
        return
    low, high = axes.get_ylim()
    step = min(MARK_ROW, MAXIMUM_MARKS / len(rows))
    part = 1 / (1 - step * (len(rows) + 0.5))
    axes.set_ylim(low, low * (high / low) ** part if panel.log else low + (high - low) * part)
    for row, (line, at) in enumerate(rows):
        height = np.full(len(at), 1 - step * (row + 0.5))
        axes.plot(at, height, "x", color=line.colour, markeredgewidth=1.3, transform=axes.get_xaxis_transform())
