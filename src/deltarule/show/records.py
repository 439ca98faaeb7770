"""The views of layers, descents, iterations, runs and scores: text for a terminal, HTML for notebooks, LaTeX for documents."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from deltarule.descent import Descent
from deltarule.iteration import Iteration
from deltarule.layers import Layer, row_of
from deltarule.metrics import Scores
from deltarule.outcome import Outcome
from deltarule.schedules import Schedule
from deltarule.show.document import Document, iteration_document
from deltarule.show.html import html
from deltarule.show.latex import latex
from deltarule.show.matrices import matrices_document, matrices_text
from deltarule.show.notation import NOTATIONS
from deltarule.show.run_document import history_document, layer_document, run_document
from deltarule.show.score_table import scores_document
from deltarule.show.sentences import descent_sentence
from deltarule.show.terminal import history_text, iteration_text, layer_text, run_text, scores_text
from deltarule.training import History, Run
from deltarule.typeset.templating import escaped
from deltarule.views import View, register


def document_view(text: Callable[[Any], str], document: Callable[[Any], Document], *, with_latex: bool = False) -> View:
    """The view of a record that has a document: its HTML is the document's, and its LaTeX too where that is worth having.

    A notebook that is exported prefers LaTeX to HTML; a table of a run's history is better in HTML.

    Parameters
    ----------
    text : makes the plain text of a record.
    document : makes its document, which is shown as HTML in a notebook.
    with_latex : whether a notebook is also given the document as LaTeX.
    """

    def as_html(record: Any) -> str:
        return html([document(record)], standalone=False)

    def as_latex(record: Any) -> str:
        return latex([document(record)], standalone=False)

    return View(text, html=as_html, latex=as_latex if with_latex else None)


def sentence_document(sentence: str) -> Document:
    """A record that one sentence shows."""
    return Document("", "", (sentence,), ())


def worked_document(iteration: Iteration) -> Document:
    """The document of an iteration; its matrices alone where its layer's kind has no notation."""
    shown = iteration_document if row_of(NOTATIONS, iteration.initial) is not None else matrices_document
    return shown(iteration)


def worked_text(iteration: Iteration) -> str:
    """The text of an iteration; its matrices alone where its layer's kind has no notation."""
    shown = iteration_text if row_of(NOTATIONS, iteration.initial) is not None else matrices_text
    return shown(iteration)


register(Layer, document_view(layer_text, layer_document, with_latex=True))
register(Iteration, document_view(worked_text, worked_document, with_latex=True))
register(Run, document_view(run_text, run_document))
register(History, document_view(history_text, history_document))
register(Scores, document_view(scores_text, scores_document))
register(Descent, document_view(descent_sentence, lambda descent: sentence_document(descent_sentence(descent))))
register(Schedule, View(str, html=lambda schedule: f"<p>Learning rate: {escaped(str(schedule))}</p>"))
register(Outcome, document_view(str, lambda outcome: sentence_document(str(outcome))))
