"""The forms of a worked step's document: how the file of each ends, and what renders it.

This is the one table of output forms: `deltarule work` and the solutions of `deltarule new` read it. Each renderer is
imported when it is first used.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deltarule.errors import InputError

if TYPE_CHECKING:
    from deltarule.show.document import Document

# Characters a line, where plain text goes to a file.
FILE_WIDTH = 80


@dataclass(frozen=True)
class Form:
    """A form that documents are written in.

    Attributes
    ----------
    endings : how the names of its files end, the usual ending first.
    render : the documents, one below the other, as one text; whether it is a whole file or, where false, a fragment to paste.
    has_fragment : whether there is such a fragment that differs from the whole.
    """

    endings: tuple[str, ...]
    render: Callable[[Sequence[Document], bool], str]
    has_fragment: bool = False


def _terminal(documents: Sequence[Document], _standalone: bool) -> str:
    from deltarule.show.terminal import documents_lines
    from deltarule.typeset.columns import joined

    return joined(documents_lines(documents, FILE_WIDTH)) + "\n"


def _latex(documents: Sequence[Document], standalone: bool) -> str:
    from deltarule.show.latex import latex

    return latex(documents, standalone=standalone)


def _html(documents: Sequence[Document], standalone: bool) -> str:
    from deltarule.show.html import html

    return html(documents, standalone=standalone)


def _markdown(documents: Sequence[Document], _standalone: bool) -> str:
    from deltarule.show.markdown import markdown

    return markdown(documents)


FORMS: dict[str, Form] = {
    "terminal": Form((".txt",), _terminal),
    "latex": Form((".tex",), _latex, has_fragment=True),
    "html": Form((".html", ".htm"), _html, has_fragment=True),
    "markdown": Form((".md",), _markdown),
}


def rendered(form: str, documents: Sequence[Document], *, standalone: bool = True) -> str:
    """Documents as one text of a form.

    Parameters
    ----------
    form : a key of `FORMS`.
    documents : at least one; they go below each other.
    standalone : a file of its own; false: a fragment to paste into another, of LaTeX or HTML.

    Raises
    ------
    InputError
        If there is no such form, or it has no fragments.

    Examples
    --------
    >>> from deltarule import LinearLayer
    >>> from deltarule.show.run_document import layer_document
    >>> rendered("markdown", [layer_document(LinearLayer([[2.0]], [0.5]))]).splitlines()[0]
    '## Layer'
    """
    from deltarule.checks import (  # here, since the command line reads the table before NumPy is needed
        choice,
        instance,
        listed,
        truth,
    )

    found = FORMS[choice("form", form, tuple(FORMS))]
    from deltarule.show.document import Document

    documents = listed("documents", documents, "Give a list of documents.")
    for document in documents:
        instance("document", document, Document, "Make it by iteration_document, layer_document or run_document.")
    if not (truth("standalone", standalone) or found.has_fragment):
        raise InputError("fragment", "be of LaTeX or HTML", form, "Choose one of these forms, or a whole file.")
    return found.render(documents, standalone)
