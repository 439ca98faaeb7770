"""Displays: the data of a figure, which is drawn, saved, or put into a page when asked."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deltarule import checks
from deltarule.checks import instance
from deltarule.errors import InputError
from deltarule.files import write_whole
from deltarule.plots.svg import element, rendered

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FORMATS = ("svg", "pdf", "png")


class Display(ABC):
    """The data of a figure: computed once, and drawn as often as needed (as scikit-learn's displays)."""

    @abstractmethod
    def draw(self, axes: Any = None) -> Figure:
        """Draw the data. The result is the figure.

        Parameters
        ----------
        axes : matplotlib axes to draw into; None makes a new figure.
        """

    def save(self, path: str | Path) -> Path:
        """Draw the data and write the figure to a file. The result is the path.

        Parameters
        ----------
        path : the file: see `deltarule.plots.save`.
        """
        return save(self, path)

    def _repr_svg_(self) -> str:
        """What a notebook shows."""
        return svg_text(self)


def save(figure: Figure | Display, path: str | Path) -> Path:
    """Write a figure to a file: SVG, PDF, or PNG of 200 dots an inch. The result is the path.

    The file is written whole or not at all. In SVG and PDF text stays text, and the glyphs that it uses are embedded.

    Parameters
    ----------
    figure : a matplotlib figure, or a display.
    path : the file; its name ends in .svg, .pdf or .png.

    Raises
    ------
    InputError
        If the name has another ending, or the file cannot be written.

    Examples
    --------
    >>> save(None, "cost.jpg")
    Traceback (most recent call last):
    deltarule.errors.InputError: The figure's file must end in .svg, .pdf or .png. Got 'cost.jpg'. Choose one of them.
    """
    path = checks.path("figure's file", path)
    kind = check_suffix(path)
    figure = _drawn(figure)
    write_whole(path, (element(figure) + "\n").encode() if kind == "svg" else rendered(figure, kind))
    return path


def check_suffix(path: Path) -> str:
    """The format that the name of a figure's file asks for, "svg", "pdf" or "png".

    Parameters
    ----------
    path : the file.

    Raises
    ------
    InputError
        If the name has another ending.
    """
    kind = path.suffix.lower().removeprefix(".")
    if kind not in FORMATS:
        raise InputError("figure's file", "end in .svg, .pdf or .png", repr(path.name), "Choose one of them.")
    return kind


def svg_text(figure: Figure | Display, title: str = "", name: str = "") -> str:
    """A figure as one `<svg>` element, to stand inside an HTML page.

    Text stays text, to be searched and selected, and looks the same on every machine: the glyphs that the figure uses
    (a few kilobytes) are embedded. The element shrinks with its column. Its identifiers and style rules come from its
    content and hold for this figure alone, so that several figures fit in one page, and the same figure gives the same
    text.

    Parameters
    ----------
    figure : a matplotlib figure, or a display.
    title : what the figure shows, for readers who cannot see it (and as a tooltip).
    name : tells two copies of the same figure in one page apart.
    """
    title, name = checks.text("title", title), checks.text("name", name)
    # Only inside a page does a height follow from the width; in a file, programs need both as they are.
    return element(_drawn(figure), title, name).replace("<svg", '<svg style="max-width:100%;height:auto"', 1)


def _drawn(figure: Figure | Display) -> Figure:
    from matplotlib.figure import Figure

    if isinstance(figure, Display):
        return figure.draw()
    instance("figure", figure, Figure, "Give a display of deltarule.plots, or a figure of matplotlib.")
    return figure
