"""An iteration of a layer whose kind has no notation: its matrices, without formulas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deltarule.show.document import Document, Part
from deltarule.show.notation import SYMBOLS
from deltarule.show.sentences import descent_sentence, layer_sentence
from deltarule.show.shaping import Shaper
from deltarule.show.table import ROWS
from deltarule.typeset.columns import Block, Line, banded, joined, wrapped
from deltarule.typeset.figures import DEFAULT_DECIMALS, figures, thousands

if TYPE_CHECKING:
    from deltarule.iteration import Iteration


def matrices_document(iteration: Iteration, decimals: int = DEFAULT_DECIMALS) -> Document:
    """The matrices of an iteration of any layer, and its cost.

    Parameters
    ----------
    iteration : of any layer.
    decimals : of each figure.
    """
    shaper = Shaper(iteration, decimals, ROWS, (), ())
    layer, t, neurons = iteration.initial, shaper.texts, shaper.neurons
    delta, dW, db = (SYMBOLS[name] for name in ("delta", "weight_gradient", "bias_gradient"))
    sentences = (
        layer_sentence(layer),
        descent_sentence(iteration.descent),
        *iteration.conventions.sentences,
        f"no formulas can be shown for a {type(layer).__name__}; its matrices:",
    )
    before = shaper.parameters(("W", "b"), t.W, t.b)
    parts = (
        Part(
            "problem",
            "Inputs and targets",
            tables=(shaper.given_inputs(), shaper.patterns("D", t.D, neurons)),
        ),
        Part("initial", "Layer before the update", tables=before),
        *_velocity("initial_velocity", "Velocity before the update", shaper, t.initial_velocity),
        Part(
            "synaptic_inputs",
            "Synaptic inputs and outputs",
            tables=(shaper.patterns("U", t.U, neurons), shaper.patterns("Y", t.Y, neurons)),
        ),
        Part("cost", "Cost", value=figures([iteration.cost], decimals)[0]),
        Part("delta", "Delta", tables=(shaper.patterns(delta, t.delta, neurons),)),
        Part("gradients", "Gradients", tables=shaper.parameters((dW, db), t.weight_gradient, t.bias_gradient)),
        *_velocity("velocity", "Velocity after the update", shaper, t.velocity),
        Part("weights", "Layer after the update", tables=shaper.parameters(("W", "b"), t.weights, t.biases)),
    )
    return Document(
        "", f"Iteration {thousands(iteration.iteration)}, in epoch {thousands(iteration.epoch)}", sentences, parts
    )


def _velocity(name: str, title: str, shaper: Shaper, texts: tuple[list[list[str]], list[str]] | None) -> list[Part]:
    return [] if texts is None else [Part(name, title, tables=shaper.velocity(*texts))]


def matrices_text(iteration: Iteration, decimals: int = DEFAULT_DECIMALS, width: int = 80) -> str:
    """`matrices_document` as plain text.

    Parameters
    ----------
    iteration, decimals : as for `matrices_document`.
    width : characters a line.
    """
    document = matrices_document(iteration, decimals)
    lines = [Line(document.heading, "bold")]
    for sentence in document.sentences:
        lines += wrapped(sentence, width)
    for part in document.parts:
        lines += [Line(""), Line(f"{part.title}  {part.value}".rstrip(), "bold")]
        for table in part.tables:
            index = Block("", [""], [[label] for label in table.labels], words=True)
            gaps = [] if table.gap is None else [table.gap]
            lines += banded(index, [Block(table.symbol.text, table.heads, table.rows)], width, gaps=gaps)
    return joined(lines)
