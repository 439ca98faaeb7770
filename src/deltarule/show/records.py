"""The views of layers, iterations and runs: text for a terminal, HTML for notebooks, LaTeX for documents."""

from __future__ import annotations

from deltarule.iteration import Iteration
from deltarule.layers import Layer
from deltarule.show.document import iteration_document
from deltarule.show.html import html
from deltarule.show.latex import latex
from deltarule.show.run_document import layer_document, run_document
from deltarule.show.terminal import iteration_text, layer_text, run_text
from deltarule.training import Run
from deltarule.views import View, register

register(
    Layer,
    View(
        layer_text,
        html=lambda layer: html([layer_document(layer)], standalone=False),
        latex=lambda layer: latex([layer_document(layer)], standalone=False),
    ),
)
register(
    Iteration,
    View(
        iteration_text,
        html=lambda iteration: html([iteration_document(iteration)], standalone=False),
        latex=lambda iteration: latex([iteration_document(iteration)], standalone=False),
    ),
)
register(Run, View(run_text, html=lambda run: html([run_document(run)], standalone=False)))
