"""Which of several values is meant, where a text or a notebook has several of one part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from deltarule.errors import InputError
from deltarule.layers import Layer
from deltarule.marking.answer.figures import TransposedError, figures_of
from deltarule.marking.answer.matrix_text import matrix_of
from deltarule.marking.answer.twice import Assigned, Twice


def distinct(given: Twice, shape: tuple[int, ...], start: list[Any]) -> list[Any]:
    """The values that say different things, in their order, without those of the problem's own layer.

    Whoever works an iteration may write down first what the problem gives.

    Parameters
    ----------
    given : the values of one part.
    shape : of the part.
    start : the figures that the problem gives for it, as lists; empty where it gives none.

    Examples
    --------
    >>> distinct(Twice(values=("[0.5, 1]", "[0.50, 1.0]", "[2, 3]")), (2,), [])
    ['[0.50, 1.0]', '[2, 3]']
    """
    found: dict[str, Any] = {}
    for value in given.values:
        figures = _figures(value, shape)
        if figures not in start:
            found[repr(figures)] = value
    if not found:  # nothing but the problem's own: the layer was not updated, if that was worked
        return [value for value in given.values if not isinstance(value, Assigned)][-1:]
    return [*found.values()]


def start_of(layer: Layer, part: str) -> list[Any]:
    """The figures that a problem gives for a part of an iteration, in each form in which they may be written.

    Parameters
    ----------
    layer : the initial layer.
    part : such as "weights".
    """
    W, b = layer.weights, layer.biases
    if part == "biases":
        return [b.tolist()]
    return [each.tolist() for each in _turned(W, np.vstack([b, W]))] if part == "weights" else []


def _turned(*matrices: Any) -> Iterator[Any]:
    for matrix in matrices:
        yield from (matrix, matrix.T)


def is_start(table: Any, layer: Layer) -> bool:
    """Whether a table has nothing but the problem's own weights and biases, so that it is no update.

    Parameters
    ----------
    table : of an iteration.
    layer : the initial layer.
    """
    if not isinstance(table, Mapping) or not table or not {*table} <= {"weights", "biases"}:
        return False
    return all(
        any(_figures(value, np.shape(start)) == start for start in start_of(layer, part))
        for part, value in table.items()
    )


def _figures(value: Any, shape: tuple[int, ...]) -> Any:
    """The figures of a value as lists; the value itself where it has none of that shape."""
    try:
        return figures_of(matrix_of(value) if isinstance(value, str) else value, shape)[0].tolist()
    except (InputError, TransposedError):
        return value
