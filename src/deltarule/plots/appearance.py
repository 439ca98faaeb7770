"""How figures look: colours that colour-blind readers tell apart, shapes that need no colour, sizes for page and phone."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from deltarule.checks import instance, listed
from deltarule.errors import InputError
from deltarule.printable import printable
from deltarule.typeset.columns import cut

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Okabe and Ito, "Color Universal Design" (2008): told apart with every common form of colour blindness.
BLUE, ORANGE, GREEN, PURPLE = "#0072B2", "#E69F00", "#009E73", "#CC79A7"
SKY, VERMILLION, BLACK, YELLOW = "#56B4E9", "#D55E00", "#000000", "#F0E442"
# Lines: those of at least 3:1 contrast on white first.
LINE_COLOURS = (BLUE, VERMILLION, GREEN, PURPLE, BLACK, ORANGE, SKY)
# Areas and markers with an edge: the first three differ in lightness too, so that a grey copy tells them apart.
CLASS_COLOURS = (BLUE, ORANGE, GREEN, PURPLE, SKY, VERMILLION, YELLOW, BLACK)
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
# Dots are for references and limits only.
DASHES: tuple[Any, ...] = ("-", (0, (4, 1.6)), (0, (6, 1.6, 1.2, 1.6)), (0, (9, 2)), (0, (5, 1.4, 1.2, 1.4, 1.2, 1.4)))
DOTS = (0, (1.2, 1.6))
INK, FAINT = "#222222", "#8A8A8A"

# Inches. A figure of one column keeps its 9-point text above 6.5 points where a phone scales it to 360 px (3.75 in).
WIDTH, WIDE = 4.8, 7.2

# Letters of a label. Longer ones leave no room for the data: 60 of 9 points are as wide as a narrow figure.
LONGEST_LABEL = 60
# Ticks from 10^-4 to 10^6 are written out; others leave their power of ten to the axis label.
POWER_LIMITS = (-4, 6)
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
    "axes.formatter.limits": POWER_LIMITS,
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
    """Inside this context, figures are drawn and saved in deltarule's style, whatever matplotlibrc says.

    A label may have letters that the font lacks, such as Chinese ones. They are boxes in PNG and PDF; in SVG they are
    text, which the reader's own fonts show. There is no warning.

    Examples
    --------
    >>> import matplotlib as mpl
    >>> with style():
    ...     mpl.rcParams["svg.hashsalt"]
    'deltarule'
    """
    import matplotlib as mpl
    from matplotlib.style import use

    with mpl.rc_context(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", r"Glyph .* missing from font", UserWarning)
        use(
            "default"
        )  # not mpl.rcdefaults(): it imports a deprecated module, whose warning another thread may let through
        settings: Any = mpl.rcParams
        settings.update(_SETTINGS)
        yield


def shown(label: object, longest: int = LONGEST_LABEL) -> str:
    """A label as a figure shows it: safe to show in the file of any format, each line cut where it is too long.

    Parameters
    ----------
    label : any object; its str. Names may come from a file.
    longest : letters a line; wide ones count twice.
    """
    return "\n".join(cut(line, longest) for line in printable(str(label), keep="\n").split("\n"))


def new_figure(width: float, height: float) -> Figure:
    """An empty figure, laid out so that nothing is cut off.

    Parameters
    ----------
    width, height : in inches.
    """
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


def places(axes: Any, count: int, columns: int, width: float, height: float, **options: Any) -> list[Axes]:
    """The axes given, or new ones in a new figure: one a panel.

    Parameters
    ----------
    axes : matplotlib axes, or a list of them; None makes new ones.
    count : the number of panels.
    columns : of the new figure.
    width, height : of the new figure, in inches.
    options : of matplotlib's `subplots`.

    Raises
    ------
    InputError
        If there are not as many axes as panels.
    """
    from matplotlib.axes import Axes

    if axes is None:
        columns = min(columns, count)
        made = list(new_figure(width, height).subplots(-(-count // columns), columns, squeeze=False, **options).flat)
        for empty in made[count:]:
            empty.remove()
        return made[:count]
    given = [axes] if isinstance(axes, Axes) else listed("axes", axes, "Leave them out to get a new figure.")
    for each in given:
        instance("axes", each, Axes, "Leave them out to get a new figure.")
    if len(given) != count:
        raise InputError("axes", f"be {count}, one for each panel", len(given), "Leave them out to get a new figure.")
    return given


def inches(axes: Axes) -> float:
    """The width of axes in inches. Before the layout of a new figure is known, it is what labels and ticks will leave.

    Parameters
    ----------
    axes : matplotlib axes.
    """
    figure: Any = axes.figure
    spec = axes.get_subplotspec()
    if figure.get_layout_engine() is not None and spec is not None:
        return float(0.84 * figure.get_figwidth() / spec.get_gridspec().ncols)
    return float(axes.get_window_extent().width / figure.dpi)


def colour(place: int, colours: Sequence[str] = LINE_COLOURS) -> str:
    """The colour of a line or class.

    Parameters
    ----------
    place : of the line or class, counted from 0.
    colours : to choose from; after the last the first follows.
    """
    return colours[place % len(colours)]


def shade(colour: str, towards: str = "#000000", part: float = 0.4) -> tuple[float, float, float]:
    """A colour mixed with another: opaque, so that it prints the same and areas do not darken where they overlap.

    Parameters
    ----------
    colour : what is mixed.
    towards : the other colour.
    part : of the other colour, from 0 to 1.
    """
    from matplotlib.colors import to_rgb

    mixed = [(1 - part) * a + part * b for a, b in zip(to_rgb(colour), to_rgb(towards), strict=True)]
    return mixed[0], mixed[1], mixed[2]
