"""How a fit to a table shows itself: the model, the sizes of its sets, and the remarks on the table."""

from __future__ import annotations

from dataclasses import replace

from deltarule.fitting import Fit
from deltarule.show.document import Document
from deltarule.show.model_text import model_document, model_text
from deltarule.show.records import document_view
from deltarule.typeset.columns import joined, wrapped
from deltarule.typeset.words import counted
from deltarule.views import register


def fit_sentences(fit: Fit) -> list[str]:
    """The sizes of the sets of a `fit`, and the remarks on its table."""
    sets = {"training": fit.training, "test": fit.test}
    sizes = [counted(len(each[0]), f"{name} pattern") for name, each in sets.items() if each is not None]
    return [", ".join(sizes), *fit.remarks]


def fit_text(fit: Fit) -> str:
    """A `fit` as plain text of at most 80 columns."""
    head = joined([line for sentence in fit_sentences(fit) for line in wrapped(sentence, 80)])
    return f"{head}\n{model_text(fit.model)}"


def fit_document(fit: Fit) -> Document:
    """A `fit` as a document, for notebooks."""
    model = model_document(fit.model)
    return replace(model, heading="Fit", sentences=(*fit_sentences(fit), *model.sentences))


register(Fit, document_view(fit_text, fit_document))
