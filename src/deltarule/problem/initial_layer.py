"""[layer]: the layer of a problem as it starts, given or drawn."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from deltarule.checks import Matrix
from deltarule.errors import InputError, ProblemError
from deltarule.labels import Label
from deltarule.layers import Layer, LogisticLayer, NumberLayer, PerceptronLayer, SoftmaxLayer
from deltarule.problem.keys import Section, matrix, only_numbers
from deltarule.typeset.words import counted

POINTERS = {"weights": "weights", "classes": "weights", "biases": "biases", "activation": "activation"}


def starting_layer(
    keys: Section, kind: type[Layer], inputs: int, targets: NDArray[Any], classes: tuple[Label, ...] | None
) -> Layer:
    """The layer with the weights and biases given, or with drawn ones for so many inputs and these targets."""
    options: dict[str, Any] = {}
    if "activation" in keys:
        if kind is not PerceptronLayer:
            raise ProblemError(
                keys.at("activation"),
                f"Only a perceptron layer has a choice of activation; this one is {kind.kind}. Leave the key out.",
            )
        options["activation"] = keys.get("activation")
    if "init" in keys:
        return _drawn(keys, kind, inputs, targets, classes, options)
    with keys.pointing("weights"):
        weights = matrix("weights", keys.need("weights"))
        _check_not_transposed(weights, inputs, targets.shape[1:] or (len(classes or ()), 1))
    with keys.pointing("biases"):
        biases = only_numbers("biases", keys.values.get("biases", [0.0] * weights.shape[1]), "entry")
    if not issubclass(kind, NumberLayer):
        options["classes"] = classes
    with keys.pointing(POINTERS):
        return kind(weights, biases, **options)


def _check_not_transposed(weights: Matrix, inputs: int, neurons: tuple[int, ...]) -> None:
    """An `InputError` where rows and columns are swapped; the biases or the data would be blamed for it otherwise."""
    rows, columns = weights.shape
    if rows != inputs and columns == inputs and rows in neurons:
        raise InputError(
            "weights",
            f"have one row an input ({inputs}) and one column a neuron",
            f"{counted(rows, 'row')} and {counted(columns, 'column')}",
            "They look transposed: swap rows and columns.",
        )


def _drawn(
    keys: Section,
    kind: type[Layer],
    inputs: int,
    targets: NDArray[Any],
    classes: tuple[Label, ...] | None,
    options: dict[str, Any],
) -> Layer:
    for key in ("weights", "biases"):
        if key in keys:
            raise ProblemError(keys.at(key), "The key init draws weights and biases. Keep init, or the numbers.")
    seed = keys.inner("init").need("seed")
    with keys.pointing(POINTERS | {"seed": "init.seed"}):
        if issubclass(kind, SoftmaxLayer):
            return kind.random(inputs, classes or (), seed)
        if issubclass(kind, NumberLayer):
            return kind.random(inputs, targets.shape[1], seed, **options)
        return LogisticLayer.random(inputs, classes, None if classes else targets.shape[1], seed)
