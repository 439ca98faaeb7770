"""Documents as HTML: MathML and tables, in one file that loads nothing; or a fragment for a page or a notebook."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from markupsafe import Markup

from deltarule.show.document import Document
from deltarule.show.table import Table, folded
from deltarule.typeset.figures import true_minus
from deltarule.typeset.mathml import mathml, mathml_line
from deltarule.typeset.maths import Maths
from deltarule.typeset.templating import templates

if TYPE_CHECKING:
    from jinja2 import Environment

# Wider tables (in characters) are folded, so that they can be printed.
ROOM = 84


def html(documents: Iterable[Document], *, standalone: bool = True) -> str:
    """Documents, one below the other.

    Parameters
    ----------
    documents : at least one.
    standalone : a page of its own; false: a `div` with its style, to paste into a page.
    """
    documents = list(documents)
    title = documents[0].title or documents[0].heading
    page = "document.html" if standalone else "fragment.html"
    return _templates().get_template(page).render(documents=documents, title=title)


def formula(maths: Maths) -> Markup:
    """A formula, `maths`, as MathML."""
    return mathml(maths.latex)


def pieces(table: Table) -> list[Table]:
    """The table, or what is folded of it."""
    return folded(table, ROOM)


@cache
def _templates() -> Environment:
    environment = templates("deltarule.show")
    environment.filters["math"] = formula
    environment.filters["line"] = mathml_line
    environment.filters["fig"] = true_minus
    environment.filters["folded"] = pieces
    return environment
