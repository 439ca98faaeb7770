"""How figures look: colours that colour-blind readers tell apart, shapes that need none, sizes for page and phone."""

from __future__ import annotations

import math
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from deltarule.errors import InputError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure
    from matplotlib.legend import Legend

# Okabe and Ito, "Color Universal Design" (2008): told apart with every common form of colour blindness.
BLUE, ORANGE, GREEN, PURPLE = "#0072B2", "#E69F00", "#009E73", "#CC79A7"
SKY, VERMILLION, BLACK, YELLOW = "#56B4E9", "#D55E00", "#000000", "#F0E442"
# Lines: those of at least 3:1 contrast on white first.
LINE_COLOURS = (BLUE, VERMILLION, GREEN, PURPLE, BLACK, ORANGE, SKY)
# Areas and markers with an edge: the first three differ in lightness too, so that a grey copy tells them apart.
CLASS_COLOURS = (BLUE, ORANGE, GREEN, PURPLE, SKY, VERMILLION, YELLOW, BLACK)
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
# Dots are kept for references and limits.
DASHES: tuple[Any, ...] = ("-", (0, (4, 1.6)), (0, (6, 1.6, 1.2, 1.6)), (0, (9, 2)), (0, (5, 1.4, 1.2, 1.4, 1.2, 1.4)))
DOTS = (0, (1.2, 1.6))
INK, FAINT = "#222222", "#8A8A8A"

# Inches. A figure of one column keeps its 9-point text above 6.5 points where a phone scales it to 360 px (3.75 in).
WIDTH, WIDE = 4.8, 7.2

# From here on, margins and ticks that matplotlib chooses reach beyond the largest number.
DIVERGED = {"log": 1e200, "linear": 1e307}

_FONT_SIZE = 9.0
_SETTINGS: dict[str, Any] = {
    "font.family": ["DejaVu Sans"],  # comes with matplotlib, so every machine has it
    "font.size": _FONT_SIZE,
    "axes.titlesize": _FONT_SIZE,
    "axes.labelsize": _FONT_SIZE,
    "xtick.labelsize": _FONT_SIZE,
    "ytick.labelsize": _FONT_SIZE,
    "legend.fontsize": _FONT_SIZE,
    "text.color": INK,
    "text.parse_math": False,  # a class named "$5" is text
    "axes.labelcolor": INK,
    "axes.edgecolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.linewidth": 0.7,
    "xtick.major.width": 0.7,
    "ytick.major.width": 0.7,
    "xtick.minor.width": 0.4,
    "ytick.minor.width": 0.4,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.grid.which": "major",
    "axes.axisbelow": True,
    "grid.color": "#E4E4E4",
    "grid.linewidth": 0.6,
    "lines.linewidth": 1.4,
    "lines.markersize": 5.0,
    "axes.titlelocation": "left",
    "axes.formatter.useoffset": False,
    "axes.formatter.limits": (-4, 6),
    "legend.frameon": False,
    "legend.handlelength": 2.2,
    "legend.columnspacing": 1.4,
    "figure.facecolor": "white",
    "axes.facecolor": "white",
    "figure.dpi": 100,
    "savefig.dpi": 200,
    "svg.fonttype": "none",
    "svg.hashsalt": "deltarule",
    "pdf.fonttype": 42,
}


@contextmanager
def style() -> Iterator[None]:
    """Within, figures are drawn and saved as deltarule's are, whatever matplotlibrc says. After it, all is as before.

    A label may have letters that the font lacks, Chinese ones say: they are boxes in PNG and PDF, text as ever in SVG,
    which the reader's own fonts show, and no warning.

    Examples
    --------
    >>> import matplotlib as mpl
    >>> with style():
    ...     mpl.rcParams["svg.hashsalt"]
    'deltarule'
    """
    import matplotlib as mpl

    with mpl.rc_context(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", r"Glyph .* missing from font", UserWarning)
        mpl.rcdefaults()
        settings: Any = mpl.rcParams
        settings.update(_SETTINGS)
        yield


def new_figure(width: float, height: float) -> Figure:
    """An empty figure of so many inches, laid out so that nothing is cut off."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


def places(axes: Any, count: int, columns: int, width: float, height: float, **options: Any) -> list[Axes]:
    """The axes given, or new ones in a figure of so many inches: as many as there are panels."""
    from matplotlib.axes import Axes

    if axes is None:
        columns = min(columns, count)
        made = list(new_figure(width, height).subplots(-(-count // columns), columns, squeeze=False, **options).flat)
        for empty in made[count:]:
            empty.remove()
        return made[:count]
    given = [axes] if isinstance(axes, Axes) else list(axes)
    if len(given) != count:
        raise InputError("axes", f"be {count}, one for each panel", len(given), "Leave them out to get a new figure.")
    return given


def inches(axes: Axes) -> float:
    """How wide axes are; of a new figure, before its layout is known, what labels and ticks will leave of it."""
    figure: Any = axes.figure
    spec = axes.get_subplotspec()
    if figure.get_layout_engine() is not None and spec is not None:
        return float(0.84 * figure.get_figwidth() / spec.get_gridspec().ncols)
    return float(axes.get_window_extent().width / figure.dpi)


def colour(place: int, colours: Sequence[str] = LINE_COLOURS) -> str:
    """The colour of the line or class with this place."""
    return colours[place % len(colours)]


def shade(colour: str, towards: str = "#000000", part: float = 0.4) -> tuple[float, float, float]:
    """The colour mixed with another: opaque, so that it prints the same and areas do not darken where they meet."""
    from matplotlib.colors import to_rgb

    mixed = [(1 - part) * a + part * b for a, b in zip(to_rgb(colour), to_rgb(towards), strict=True)]
    return mixed[0], mixed[1], mixed[2]


def legend_above(axes: Axes, handles: Sequence[Any], width: float, *, grow: bool, **options: Any) -> Legend | None:
    """A legend above the axes, outside the data, in as few rows as fit into so many inches.

    `grow`: the figure gets as much higher, so that the axes keep their size.
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
    """One legend above all panels of a figure, which grows by it, in as few rows as fit into so many inches."""

    def place(ordered: Sequence[Any], columns: int) -> Legend:
        return figure.legend(handles=ordered, loc="outside upper center", ncols=columns, **options)

    return _fitting(place, handles, width, figure, grow=True)


def _fitting(
    place: Callable[[Sequence[Any], int], Legend], handles: Sequence[Any], width: float, figure: Any, *, grow: bool
) -> Legend | None:
    """The legend with the fewest rows that is narrow enough; None where there is nothing to tell apart."""
    for rows in range(1, len(handles) + 1):
        columns = -(-len(handles) // rows)
        # matplotlib fills columns; readers read rows.
        ordered = [handle for column in range(columns) for handle in handles[column::columns]]
        legend = place(ordered, columns)
        box = legend.get_window_extent()
        if columns == 1 or box.width <= width * figure.dpi:
            if grow:
                figure.set_figheight(figure.get_figheight() + box.height / figure.dpi)
            return legend
        legend.remove()
    return None


def label_axis(axis: Axis, label: str) -> None:
    """Label an axis whose data are drawn; very large or small ticks leave their power of ten to it: "cost (×10¹⁴)".

    matplotlib would write that power above the axes, where the legend stands.
    """
    from matplotlib.ticker import ScalarFormatter

    formatter = axis.get_major_formatter()
    if isinstance(formatter, ScalarFormatter):
        exponent = math.floor(math.log10(max(map(abs, axis.get_view_interval()))))
        low, high = _SETTINGS["axes.formatter.limits"]
        large_or_small = not low < exponent < high
        formatter.set_scientific(large_or_small)
        if large_or_small:
            formatter.set_powerlimits((exponent, exponent))
            axis.get_offset_text().set_visible(False)
            factor = f"×{_power(exponent)}"
            label = f"{label} ({factor})" if label else factor
    axis.set_label_text(label)


def plain_log_ticks(axis: Axis) -> None:
    """Powers of ten as 0.001, 1, 1000 or 10⁻⁷: text, not mathematics, so that it stays text in an SVG.

    Over less than two decades the ticks between are named too: 2 and 5, or all within a single decade.
    """
    from matplotlib.ticker import FuncFormatter

    def between(value: float, _: int | None) -> str:
        low, high = axis.get_view_interval()
        decades = math.log10(high / low)
        first = int(f"{value:.0e}"[0])
        return power_text(value) if decades < 0.7 or (decades < 2 and first in (2, 5)) else ""

    axis.set_major_formatter(FuncFormatter(lambda value, _: power_text(value)))
    axis.set_minor_formatter(FuncFormatter(between))


def fit_diverged(axes: Axes) -> None:
    """Limits and ticks of a y axis near the largest number, where matplotlib's own margins and ticks overflow."""
    from matplotlib.ticker import FixedLocator, NullLocator

    scale, highest = axes.get_yscale(), float(axes.dataLim.ymax)
    if highest < DIVERGED.get(scale, math.inf):
        return
    axes.set_autoscaley_on(False)
    axes.yaxis.set_minor_locator(NullLocator())
    if scale == "linear":
        axes.set_ylim(min(axes.dataLim.ymin, 0.0), highest)
        axes.yaxis.set_major_locator(FixedLocator([0.0, 0.5e308, 1e308, 1.5e308]))
        return
    low, high = max(math.log10(axes.dataLim.minposy), -300.0), math.log10(highest)
    margin = 0.05 * max(high - low, 1.0)
    axes.set_ylim(10 ** (low - margin / 5), 10 ** (high + margin) if high + margin < 308 else sys.float_info.max)
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100) if 8 * step > high - low)
    axes.yaxis.set_major_locator(FixedLocator([10.0**power for power in range(-300, 309) if power % step == 0]))


def power_text(value: float) -> str:
    """A tick of a logarithmic axis.

    Examples
    --------
    >>> power_text(0.01), power_text(1000.0), power_text(1e-7), power_text(2e6)
    ('0.01', '1000', '10⁻⁷', '2×10⁶')
    """
    if 1e-4 < value < 1e6:
        return f"{value:g}"
    mantissa, exponent = f"{value:.0e}".split("e")
    power = _power(int(exponent))
    return power if mantissa == "1" else f"{mantissa}×{power}"


def _power(exponent: int) -> str:
    return "10" + str(exponent).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
