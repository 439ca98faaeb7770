"""How optima, separability and boundaries show themselves: a sentence as text, and a small table in notebooks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from deltarule.analysis.boundaries import Boundary
from deltarule.analysis.kinds import cost_kind
from deltarule.analysis.optimum import Optimum, OptimumOutcome
from deltarule.analysis.path import Path
from deltarule.analysis.separability import Separability
from deltarule.layers import Layer
from deltarule.typeset.templating import escaped
from deltarule.typeset.words import SENTENCE_NAME, short_name
from deltarule.views import View, register

# Rows of a conflict, and neurons, that are named.
ROWS_NAMED = 8


def optimum_text(found: Optimum) -> str:
    """What was found, in a sentence."""
    text = found.outcome.value[0].upper() + found.outcome.value[1:]
    if found.outcome is OptimumOutcome.OVERFLOW:
        return f"{text}. Standardise the inputs, scale targets that are large, and start from small weights."
    if found.layer is None:
        return f"{text}.{_endless_text(found)}"
    bound = f", {_above(found)}" if np.isfinite(found.excess) else ""
    text += f": cost {found.cost:.8g}{bound}, gradient norm {found.gradient_norm:.1e}."
    if found.outcome is OptimumOutcome.PLATEAU:
        return f"{text} {_named('On it', found)}. Start elsewhere."
    if found.outcome is not OptimumOutcome.NOT_ATTAINED:
        return text
    convex = cost_kind(found.layer).convex
    remedy = "Leave out inputs that nearly follow from others, or add weight decay" if convex else "Start elsewhere"
    return f"{text} {remedy}."


def _above(found: Optimum) -> str:
    """How far the cost is above the least; a bound below the rounding of the cost itself says no more than that."""
    if found.excess <= np.finfo(np.float64).eps * abs(found.cost):
        return "the least to rounding"
    return f"at most {found.excess:.1e} above the least"


def _endless_text(found: Optimum) -> str:
    """What the cost falls towards, and what runs away."""
    text = f" It falls towards {found.cost:.8g}." if found.cost > 0 else ""
    if found.escaping:
        why = "Without a pattern" if found.outcome is OptimumOutcome.ONE_SIDED else "Apart from all others"
        text += f" {_named(why, found)}."
    return text


def _named(why: str, found: Optimum) -> str:
    names = [f"neuron {name}" if isinstance(name, int) else short_name(name, SENTENCE_NAME) for name in found.escaping]
    shown = ", ".join(names[:ROWS_NAMED])
    return f"{why}: {shown}{', ...' if len(names) > ROWS_NAMED else ''}"


def path_text(found: Path) -> str:
    """A row for each decay of the path `found`: the cost, the bound on what is left, and the scores."""
    heads = ["weight decay", "cost", "bound"]
    columns = [
        [f"{value:g}" for value in found.weight_decay],
        [f"{value:.8g}" for value in found.cost],
        [_above(one) if np.isfinite(one.excess) else one.outcome.label for one in found.optima],
    ]
    for head, values in (("validation cost", found.validation_cost), ("errors", found.validation_errors)):
        if values is not None:
            heads.append(head)
            columns.append([f"{value:.8g}" for value in values])
    widths = [max(len(head), *map(len, column)) for head, column in zip(heads, columns, strict=True)]
    rows = [heads, *zip(*columns, strict=True)]
    lines = ["  ".join(text.rjust(width) for text, width in zip(row, widths, strict=True)) for row in rows]
    if found.best is not None:
        lines.append(f"The least validation cost is that of the weight decay {found.weight_decay[found.best]:g}.")
    return "\n".join(lines)


def separability_text(found: Separability) -> str:
    """What was found, and the patterns in conflict, in sentences."""
    text = f"The classes are {found.outcome.value}."
    return text if not len(found.conflict) else f"{text} {_rows(found.conflict)} cannot all have theirs above 0."


def boundary_text(boundary: Boundary) -> str:
    """The two classes and the equation of the `boundary`."""
    first, second = (short_name(label, SENTENCE_NAME) for label in boundary.classes)
    note = "" if boundary.separates else " (another class has more everywhere on it)"
    return f"{first} | {second}: {boundary.equation()}{note}"


def optimum_html(found: Optimum) -> str:
    """The sentence on what was `found`, and the weights and biases of the minimum or of the direction."""
    layer = found.layer if found.layer is not None else found.direction
    caption = "at the minimum" if found.layer is not None else "direction of descent, of norm 1"
    return _paragraph(optimum_text(found)) + ("" if layer is None else _parameters(layer, caption))


def separability_html(found: Separability) -> str:
    """The sentences on what was `found`, and the weights and biases of a layer that shows it."""
    layer = found.layer
    return _paragraph(separability_text(found)) + ("" if layer is None else _parameters(layer, "a layer that shows it"))


def _rows(places: NDArray[np.intp]) -> str:
    shown = ", ".join(str(place + 1) for place in places[:ROWS_NAMED])
    return f"The patterns of rows {shown}{', ...' if len(places) > ROWS_NAMED else ''} (counted from 1)"


def _paragraph(text: str) -> str:
    return f"<p>{escaped(text)}</p>"


def _parameters(layer: Layer, caption: str) -> str:
    heads = [f"u{k}" for k in range(1, layer.neurons + 1)]
    rows = [(f"x{n}", row) for n, row in enumerate(layer.weights.tolist(), 1)]
    return _table(caption, heads, [*rows, *([("bias", layer.biases.tolist())] if layer.has_biases else [])])


def _table(caption: str, heads: Sequence[str], rows: Iterable[tuple[str, Sequence[float]]]) -> str:
    head = "".join(f'<th scope="col">{name}</th>' for name in heads)
    body = "".join(
        f'<tr><th scope="row">{name}</th>{"".join(f"<td>{_figure(value)}</td>" for value in values)}</tr>'
        for name, values in rows
    )
    return (
        f"<table><caption>{escaped(caption)}</caption><thead><tr><td></td>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table>"
    )


def _figure(value: float) -> str:
    return f"{value:.4g}".replace("-", "\N{MINUS SIGN}")


register(Optimum, View(optimum_text, html=optimum_html))
register(Path, View(path_text))
register(Separability, View(separability_text, html=separability_html))
register(Boundary, View(boundary_text, html=lambda boundary: _paragraph(boundary_text(boundary))))
