"""A worked step as HTML: MathML and tables, in one file that loads nothing; or a fragment for a page or notebook."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from deltarule.show.document import Document, Table, folded, iteration_document
from deltarule.typeset.figures import ELLIPSIS
from deltarule.typeset.maths import Maths, Written
from deltarule.typeset.templating import templates

if TYPE_CHECKING:
    from jinja2 import Environment

    from deltarule.iteration import Iteration

# Wider tables (in characters) are folded, so that they can be printed.
ROOM = 84
MINUS = "\N{MINUS SIGN}"


def iteration_html(
    iteration: Iteration, decimals: int = 2, rows: int | None = None, *, standalone: bool = True, **options: Any
) -> str:
    """An iteration as HTML; the options are those of `deltarule.show.document.iteration_document`.

    Examples
    --------
    >>> from deltarule import Descent, LinearLayer, iterate
    >>> worked = iterate(LinearLayer([[2.0]], [0.5]), [[1.0]], [[1.0]], Descent(learning_rate=0.1, epochs=1))
    >>> iteration_html(worked).startswith("<!doctype html>"), "<h3>Delta</h3>" in iteration_html(worked)
    (True, True)
    """
    return html([iteration_document(iteration, decimals, rows, **options)], standalone=standalone)


def html(documents: Iterable[Document], *, standalone: bool = True) -> str:
    """Worked steps, one below the other."""
    documents = list(documents)
    title = documents[0].title or documents[0].heading
    page = "document.html" if standalone else "fragment.html"
    return _templates().get_template(page).render(documents=documents, title=title)


@cache
def mathml(latex: str) -> Markup:
    """LaTeX as MathML."""
    from latex2mathml.converter import convert

    # A negative figure in a group of its own, or its sign is spaced like a subtraction's.
    latex = re.sub(r"-\d[\d.]*", lambda found: f"{{{found[0]}}}", latex)
    # TeX sets a gap before a function and after it, unless a parenthesis follows; MathML does not.
    latex = re.sub(r"(?<=[\w)]) \\(ln|tanh)\b", r" \\, \\\1", latex)
    latex = re.sub(r"\\(ln|tanh) (?!\()", r"\\\1\\, ", latex)
    return Markup(convert(latex))  # noqa: S704 - made of our own letters and of figures


def formula(maths: Maths) -> Markup:
    """A formula as MathML."""
    return mathml(maths.latex)


def line(pieces: Written) -> Markup:
    """A formula that a line may break between any two pieces; each is a `math` of its own, since browsers break none."""
    # An empty row before an operator makes it stand between two things, not before one.
    return Markup("<wbr/>").join(mathml(("{}" if place else "") + piece.latex) for place, piece in enumerate(pieces))


def figure_text(text: str) -> str:
    """A figure with a true minus sign, or an ellipsis."""
    return "…" if text == ELLIPSIS else text.replace("-", MINUS)


def pieces(table: Table) -> list[Table]:
    """The table, or what is folded of it."""
    return folded(table, ROOM)


@cache
def _templates() -> Environment:
    environment = templates("deltarule.show")
    environment.filters["math"] = formula
    environment.filters["line"] = line
    environment.filters["fig"] = figure_text
    environment.filters["folded"] = pieces
    return environment
