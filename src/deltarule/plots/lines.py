"""Lines made of numbers: in one panel or several against a common x, and scores against batch size."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from deltarule.checks import (
    Vector,
    is_flat,
    listed,
    numbers,
    numbers_by_name,
    rows_of_numbers,
    table,
    text,
    texts,
    truth,
    whole,
)
from deltarule.errors import InputError, nearest
from deltarule.plots import appearance
from deltarule.plots.panels import Line, Panel, Traces, checked

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
    lines : label -> y for one panel, or panel -> (label -> y) for several; the name of a panel labels its y axis. Lines
        with the same label look the same in every panel; a line with the name of its panel is not in the legend. y is
        (R,), or (R, S): then the line is the median of S repetitions (seeds), in a band from the smallest to the largest.
    x_label : of the x axis, with units.
    y_label : of the y axis of a single panel, with units.
    log_x : whether the x axis is logarithmic. Points at 0 or below cannot be seen there.
    log_y : whether the y axes are logarithmic, or the names of the panels whose axes are.
    references : panel -> (label -> y): horizontal lines. One with the label of a line of the panel is the limit of that
        line, in its colour.
    marks : label -> x: vertical lines through all panels.

    Raises
    ------
    InputError
        If a line is not as long as x, or nothing of a panel can be seen on a logarithmic axis.

    Examples
    --------
    >>> panels = {"norm": {"W": [1, 2, 3]}, "angle": {"A-B": [40, 30, 28]}}
    >>> display = traces([1, 2, 4], panels, x_label="updates", log_x=True)
    >>> [panel.label for panel in display.panels]
    ['norm', 'angle']
    """
    x, log_x = numbers("x of the lines", x, 1), truth("log_x", log_x)
    x_label, y_label = text("x_label", x_label), text("y_label", y_label)
    panels = _by_panel(lines, y_label)
    if not isinstance(log_y, bool):
        log_y = texts("panels of log_y", log_y)
    logs = set(panels) if log_y is True else set(log_y or ())
    references = {} if references is None else table("references", references, "Give a mapping for each panel.")
    references = {name: numbers_by_name("references", named) for name, named in references.items()}
    for name in (*references, *logs):
        if name not in panels:
            raise InputError("references and log_y", "name panels", repr(name), nearest(name, panels))
    everywhere = [label for named in panels.values() for label in named]
    labels = list(dict.fromkeys(everywhere))
    made = []
    for name, named in panels.items():
        drawn = tuple(_line(label, x, y, labels.index(label)) for label, y in named.items())
        if len(panels) > 1 and len(drawn) == 1 and everywhere.count(drawn[0].label) == 1:
            drawn = (replace(drawn[0], colour=appearance.INK, dashes="-"),)  # no other line to tell it from
        made.append(Panel(name, drawn, name in logs, references=references.get(name, {})))
    return checked(Traces(tuple(made), x_label, log_x, marks=numbers_by_name("marks", marks)))


def against_batch_size(
    sizes: Sequence[int], panels: Mapping[str, Lines], *, full: int | None = None, log_y: Collection[str] = ()
) -> Traces:
    """Cost, accuracy, time, ... against batch size: a panel each, its lines with their spread over seeds as bars.

    The axis is that of log2. The lines of a panel stand a little beside their tick, so that no bar covers another.

    Parameters
    ----------
    sizes : (R,) batch sizes, each a tick.
    panels : panel -> (label -> y), as in `traces`: y is (R,), or (R, S) over S seeds.
    full : the size that is the whole training set, marked so; None for none.
    log_y : the names of the panels with a logarithmic y axis, such as that of time.

    Raises
    ------
    InputError
        If a size is not a whole number of at least 1, or `traces` refuses the lines.

    Examples
    --------
    >>> accuracy = {"training": [[0.9, 1.0], [0.75, 1.0], [0.5, 0.5]]}
    >>> display = against_batch_size([2, 4, 90], {"accuracy": accuracy}, full=90)
    >>> display.panels[0].lines[0].y.tolist(), display.ticks[90.0]
    ([0.95, 0.875, 0.5], '90 (full)')
    """
    remedy = "A batch has at least one pattern."
    sizes = [whole("batch size", size, 1, remedy) for size in listed("batch sizes", sizes, "Give them as in [1, 16].")]
    full = None if full is None else whole("full batch size", full, 1, remedy)
    made = traces(sizes, panels, x_label="batch size", log_x=True, log_y=log_y)
    ticks = {float(size): f"{size} (full)" if size == full else str(size) for size in sizes}
    marked = tuple(replace(panel, lines=_with_markers(panel.lines)) for panel in made.panels)
    return replace(made, panels=marked, ticks=ticks)


def _by_panel(lines: Any, y_label: str) -> dict[str, Lines]:
    """The lines of each panel, by the panel's name."""
    lines = table("lines", lines, "Give a mapping from label to values.")
    if not lines:
        raise InputError("lines", "be at least one", "none", "Give a mapping from label to values.")
    several = [isinstance(value, Mapping) for value in lines.values()]
    if any(several) != all(several):
        raise InputError(
            "lines", "be label -> values, or panel -> (label -> values)", "a mixture", "Give each line a panel."
        )
    return dict(lines) if all(several) else {y_label: lines}


def _line(label: str, x: Vector, y: ArrayLike, place: int) -> Line:
    """The `place`-th line: y, or the median and the spread of its repetitions."""
    values = rows_of_numbers(f"values of {label!r}", y)
    repeated = not is_flat(y)
    if len(values) != len(x):
        raise InputError(
            f"values of {label!r}", f"be as many as x, {len(x)}", len(values), "Give one value (or row) for each x."
        )
    look = {"colour": appearance.colour(place), "dashes": appearance.DASHES[place % len(appearance.DASHES)]}
    if not repeated:
        return Line(label, x, values[:, 0], **look)
    return Line(label, x, np.median(values, axis=1), low=values.min(axis=1), high=values.max(axis=1), **look)


def _with_markers(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines of a panel, told apart by markers and by dashes."""
    return tuple(
        replace(
            line,
            marker=appearance.MARKERS[place % len(appearance.MARKERS)],
            dashes=appearance.DASHES[place % len(appearance.DASHES)],
        )
        for place, line in enumerate(lines)
    )
