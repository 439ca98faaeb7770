"""How records show themselves: as text, in notebooks (HTML), in documents (LaTeX).

A record is a `Shown`. It imports nothing that renders it: the room that renders it registers a `View` for its type, and is
imported when such a record is first shown. So records stay at the ground, and renderers above them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from importlib import import_module
from typing import Any

from deltarule.immutable import Immutable
from deltarule.printable import printable

# The module that renders the records of a room, by the room's name: importing it registers their views.
RENDERERS = {
    "layers": "deltarule.show.records",
    "descent": "deltarule.show.records",
    "schedules": "deltarule.show.records",
    "iteration": "deltarule.show.records",
    "outcome": "deltarule.show.records",
    "metrics": "deltarule.show.records",
    "training": "deltarule.show.records",
    "analysis": "deltarule.analysis.views",
    "marking": "deltarule.marking.report",
    "problem": "deltarule.problem.views",
    "sweeps": "deltarule.sweeps.records",
    "model": "deltarule.show.model_text",
    "evaluation": "deltarule.evaluation.text",
    "data": "deltarule.show.data_records",
    "datasets": "deltarule.show.data_records",
    "tables": "deltarule.show.data_records",
    "exact_fit": "deltarule.show.data_records",
    "conventions": "deltarule.show.data_records",
    "novikoff": "deltarule.show.data_records",
    "fitting": "deltarule.fit_text",
    "table_sweeps": "deltarule.table_sweeps",
}
# What divides a text into lines and columns stays.
LINE_ENDS = "\n\t"


@dataclass(frozen=True)
class View:
    """What turns a record into text, and into HTML and LaTeX where there is such a form.

    Attributes
    ----------
    text : the record as plain text of at most 80 columns.
    html : the record as a fragment of HTML that needs nothing else; None: where there is no LaTeX, the text as it stands.
    latex : the record as LaTeX for a notebook; None where there is none.
    """

    text: Callable[[Any], str]
    html: Callable[[Any], str] | None = None
    latex: Callable[[Any], str] | None = None


_VIEWS: dict[type, View] = {}


def register(kind: type, view: View) -> None:
    """Show records of this type, and of types derived from it, by this view.

    Parameters
    ----------
    kind : the type of the records.
    view : how they are shown.

    Examples
    --------
    >>> class Point(Shown):
    ...     x = 3
    >>> register(Point, View(text=lambda point: f"x = {point.x}"))
    >>> print(Point())
    x = 3
    """
    _VIEWS[kind] = view


def view(record: object) -> View | None:
    """The view of a record: that of the nearest type from which it derives; None where nothing renders it."""
    for kind in type(record).__mro__:
        if kind not in _VIEWS:
            renderer = RENDERERS.get(".".join(kind.__module__.split(".")[1:2]))
            if renderer is not None and kind.__module__.startswith("deltarule."):
                import_module(renderer)
        if kind in _VIEWS:
            return _VIEWS[kind]
    return None


class Shown(Immutable):
    """A record that shows itself by the `View` that is registered for its type.

    Renderers make the texts of users safe to show; what one overlooks is made safe here.
    """

    __slots__ = ()

    def __str__(self) -> str:
        found = view(self)
        return repr(self) if found is None else printable(found.text(self), keep=LINE_ENDS)

    def _repr_html_(self) -> str | None:
        found = view(self)
        if found is None or (found.html is None and found.latex is not None):
            return None
        return f"<pre>{escape(str(self))}</pre>" if found.html is None else printable(found.html(self), keep=LINE_ENDS)

    def _repr_latex_(self) -> str | None:
        found = view(self)
        return None if found is None or found.latex is None else printable(found.latex(self), keep=LINE_ENDS)
