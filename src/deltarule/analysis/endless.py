"""Where a cost has no minimum: which neurons run away, in what direction, and what is left of the cost."""

from __future__ import annotations

from typing import Any

import numpy as np

from deltarule.analysis.kinds import cost_kind
from deltarule.analysis.margins import margins, maximum_margin
from deltarule.analysis.separability import Separability
from deltarule.checks import Matrix, Vector
from deltarule.descent import Descent
from deltarule.layers import Layer, Patterns

# What is added to u where a margin has run away: nothing is left of its cost, and no weights bring it back.
ESCAPED = 1e300


def missing(layer: Layer, patterns: Patterns, descent: Descent) -> Vector:
    """(K,) -1 or 1 for each neuron whose bias falls or grows for ever, since its class or one of its answers never occurs; or 0.

    Parameters
    ----------
    layer : of the kind.
    patterns : the patterns that count.
    descent : says whether biases are decayed.
    """
    sides = cost_kind(layer).one_sided
    if sides is None or not layer.has_biases or descent.decay_biases:
        return np.zeros(layer.neurons)
    return sides(patterns.D).astype(np.float64)


def missing_names(layer: Layer, sides: Vector) -> tuple[Any, ...]:
    """The classes that never occur, or else the names of the neurons.

    Parameters
    ----------
    layer : of the kind.
    sides : (K,) of `missing`.
    """
    if layer.classes is not None and layer.neurons == 1:
        return (layer.classes[1] if sides[0] < 0 else layer.classes[0],)
    return tuple(neuron_names(layer)[k] for k in np.flatnonzero(sides))


def neuron_names(layer: Layer) -> tuple[Any, ...]:
    """The classes of a `layer` where each neuron has one; else the names of its target variables, or numbers from 1."""
    if layer.classes is not None and len(layer.classes) == layer.neurons:
        return layer.classes
    return layer.target_names or tuple(range(1, layer.neurons + 1))


def untouched(layer: Layer, patterns: Patterns, found: Separability) -> tuple[Matrix, tuple[int, ...]]:
    """What is added to U (P, K) where all margins that can grow have grown for ever; and the neurons that no other margin is of.

    Parameters
    ----------
    layer : of the kind.
    patterns : the patterns that count.
    found : says that they are quasi-separable. Its multipliers are above 0 for the margins that stay 0.
    """
    margin_terms = cost_kind(layer).margin_terms
    if margin_terms is None or found.multipliers is None:  # a kind without margins, or separable patterns
        return np.zeros(patterns.D.shape), ()
    terms = margin_terms(patterns.D)
    stays = found.multipliers[terms.pattern, terms.neuron] > 0
    offset = np.zeros(patterns.D.shape)
    _, sign = terms.terms[-1]  # of the margin's own neuron
    offset[terms.pattern[~stays], terms.neuron[~stays]] = ESCAPED * sign[~stays]
    held = {int(k) for column, _ in terms.terms for k in np.unique(column[stays])}
    return offset, tuple(k for k in range(layer.neurons) if k not in held)


def direction(layer: Layer, patterns: Patterns, found: Separability) -> Layer | None:
    """The layer of norm 1 with the largest margin; None where rounding leaves it uncertain.

    Parameters
    ----------
    layer : of the kind.
    patterns : the patterns that count.
    found : says that they are separable.
    """
    if found.layer is None:
        return None
    theta = np.vstack([found.layer.weights, found.layer.biases])
    widest = maximum_margin(margins(layer, patterns.X, patterns.D), theta)
    return None if widest is None else layer.with_parameters(widest[:-1], widest[-1] if layer.has_biases else None)
