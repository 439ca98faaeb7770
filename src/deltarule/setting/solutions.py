"""A problem's solution, in any form: its first two iterations worked."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from deltarule.iteration import iterations
from deltarule.problem import Problem
from deltarule.show.document import Document, iteration_document
from deltarule.show.html import html
from deltarule.show.latex import latex
from deltarule.show.markdown import markdown
from deltarule.show.terminal import document_lines
from deltarule.typeset.columns import Line, joined, wrapped

WIDTH = 80


def text(documents: Sequence[Document]) -> str:
    """Worked steps as plain text, one below the other."""
    lines = wrapped(documents[0].title, WIDTH)
    for each in documents:
        lines += [Line(""), *document_lines(each, WIDTH)]
    return joined(lines) + "\n"


# How the file of each form ends, and what makes it.
FORMS: dict[str, tuple[str, Callable[[Sequence[Document]], str]]] = {
    "html": (".html", html),
    "latex": (".tex", latex),
    "markdown": (".md", markdown),
    "terminal": (".txt", text),
}


def solutions(problem: Problem, last: int, forms: Sequence[str]) -> list[str]:
    """The iterations of a problem up to `last`, worked, every row shown, in each of the forms."""
    rows = max(len(problem.X), problem.layer.inputs)
    documents = [
        iteration_document(
            each,
            problem.decimals,
            rows,
            title=problem.title,
            input_names=problem.input_names,
            neuron_names=problem.target_names,
            patterns=len(problem.X),
        )
        for each in iterations(problem.layer, problem.X, problem.targets, problem.descent, last=last)
    ]
    return [FORMS[form][1](documents) for form in forms]
