"""What mistakes must know of each kind of layer: a table with one row a kind.

A new kind of layer needs a row here; without it `check` refuses the kind by name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from deltarule.errors import InputError
from deltarule.layers import (
    AdalineLayer,
    Layer,
    LinearLayer,
    LogisticLayer,
    PerceptronLayer,
    RosenblattLayer,
    SoftmaxLayer,
    row_of,
)
from deltarule.marking.rework.ingredients import Values, Worksheet


@dataclass(frozen=True)
class LayerKind:
    """What mistakes must know of a kind.

    Attributes
    ----------
    squared_error : whether the cost is 1/2 sum (d - y)^2.
    perceptron_rule : whether it is Rosenblatt's criterion. Otherwise it is a cross-entropy, in whose delta the slope cancels.
    sums_to_one : whether the outputs of a pattern add up to 1: softmax.
    mean_over_neurons : whether the mean cost is divided by the number of neurons too.
    costs_of_wrong_class : costs of the patterns (P,) that take another output than that of the pattern's class.
    with_other_activation : the same layer with each activation that can be mistaken for its own.
    """

    squared_error: bool
    perceptron_rule: bool = False
    sums_to_one: bool = False
    mean_over_neurons: bool = True
    costs_of_wrong_class: tuple[Callable[[Worksheet], Values], ...] = ()
    with_other_activation: Callable[[Any], Iterable[Layer]] = lambda _layer: ()


def _other_perceptrons(layer: PerceptronLayer) -> Iterable[Layer]:
    others = [name for name in layer.ACTIVATIONS if name != layer.activation]
    return [replace(layer, activation=name) for name in others]


def _other_hard(layer: RosenblattLayer) -> Iterable[Layer]:
    """A sign for a step, or a step for a sign; the classes stay, and so does what D is in the exercise."""
    return [replace(layer, activation=name) for name in layer.ACTIVATIONS if name != layer.activation]


KINDS: dict[type[Layer], LayerKind] = {
    LinearLayer: LayerKind(squared_error=True),
    AdalineLayer: LayerKind(squared_error=True),
    RosenblattLayer: LayerKind(squared_error=False, perceptron_rule=True, with_other_activation=_other_hard),
    PerceptronLayer: LayerKind(squared_error=True, with_other_activation=_other_perceptrons),
    LogisticLayer: LayerKind(
        squared_error=False,
        costs_of_wrong_class=(
            lambda s: s.exercise.layer.pattern_cost(s.U, 1 - s.D),
            lambda s: s.exercise.layer.pattern_cost(s.U, (s.U > 0).astype(float)),  # the predicted class
        ),
    ),
    SoftmaxLayer: LayerKind(
        squared_error=False,
        sums_to_one=True,
        mean_over_neurons=False,
        costs_of_wrong_class=(
            lambda s: -np.log(s.Y.max(axis=1)),  # the largest output
            lambda s: -np.sum(np.log(s.Y) * (1 - s.D), axis=1),  # all other classes
            lambda s: -np.log(np.max(np.where(s.D > 0, 0, s.Y), axis=1)),  # the largest of the others
            lambda s: s.exercise.layer.unchecked_output_cost(s.Y, np.roll(s.D, 1, axis=1)),  # the next class
            lambda s: s.exercise.layer.unchecked_output_cost(s.Y, np.roll(s.D, -1, axis=1)),  # the class before
            # The outputs of the first two classes exchanged.
            lambda s: s.exercise.layer.unchecked_output_cost(s.Y[:, [1, 0, *range(2, s.K)]], s.D),
        ),
    ),
}


def kind_of(layer: Layer) -> LayerKind:
    """The row of a layer's kind, or of the kind from which it is derived (see `layers.row_of`).

    Raises
    ------
    InputError
        If there is none.
    """
    row = row_of(KINDS, layer)
    if row is not None:
        return row
    known = ", ".join(kind.kind for kind in KINDS)
    raise InputError(
        "layer",
        f"be of a kind whose mistakes marking knows ({known})",
        f"a {layer.kind} layer ({type(layer).__name__})",
        "Add a row for it to deltarule.marking.mistakes.layer_kinds.",
    )
