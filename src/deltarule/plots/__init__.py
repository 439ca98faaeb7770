"""Displays: the data of a figure are computed once; it is drawn when asked, and saved as SVG, PDF or PNG.

Each function here gives a display. `draw()` makes a new `matplotlib` figure, `draw(axes)` draws into axes that exist,
`save(path)` writes a file, and `svg_text(display)` is the picture for an HTML page. pyplot and its global state are not used.

Lines: `learning_curves`, `traces`, `against_batch_size`. Planes: `decision_regions`, `grid`. Seeds: `strips`.
Sweeps: `sweep_curves`.

No module here has the name of a function, so that `from deltarule.plots import strips` always gives the function.
"""

from __future__ import annotations

from deltarule.plots.appearance import style
from deltarule.plots.curves import learning_curves
from deltarule.plots.dark_mode import with_dark_mode
from deltarule.plots.display import Display, save, svg_text
from deltarule.plots.lines import against_batch_size, traces
from deltarule.plots.panels import Line, Panel, Traces
from deltarule.plots.plane import DecisionRegions
from deltarule.plots.regions import decision_regions, grid
from deltarule.plots.strip_figure import Strips, strips
from deltarule.plots.sweep_figure import SweepCurves, sweep_curves

__all__ = [
    "DecisionRegions",
    "Display",
    "Line",
    "Panel",
    "Strips",
    "SweepCurves",
    "Traces",
    "against_batch_size",
    "decision_regions",
    "grid",
    "learning_curves",
    "save",
    "strips",
    "style",
    "svg_text",
    "sweep_curves",
    "traces",
    "with_dark_mode",
]
