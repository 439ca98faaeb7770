"""Templates of pages: escaped, safe to show, strict about names, without empty lines for their own tags."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from deltarule.printable import printable
from deltarule.typeset.words import one_line

if TYPE_CHECKING:
    from jinja2 import Environment


def templates(package: str) -> Environment:
    """The templates in the folder `templates` of a package, such as "deltarule.show"."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader(package),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_safe,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def escaped(text: str) -> str:
    r"""Any `text` as text of HTML, for the pages that are too short for a template.

    Examples
    --------
    >>> print(escaped("<b>\x1b"))
    &lt;b&gt;\x1b
    """
    return html.escape(one_line(text))


def _safe(value: Any) -> Any:
    """What a template is given: a text without letters that a page may not hold, or that turn the text around them.

    Markup, such as a listing of code, keeps its lines; any other text is a title, a name or a sentence, on one line.
    """
    if isinstance(value, Markup):
        return Markup(printable(value, keep="\n\t"))  # noqa: S704 - it was markup before
    return one_line(value) if isinstance(value, str) else value
