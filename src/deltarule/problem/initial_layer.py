"""[layer]: the initial layer of a problem, given or drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

from numpy.typing import NDArray

from deltarule.checks import IF_COMMA, Matrix, whole
from deltarule.conventions import Conventions
from deltarule.errors import InputError, ProblemError
from deltarule.labels import Label
from deltarule.layers import Layer
from deltarule.layers.perceptron import is_hard
from deltarule.problem.section import Section, placing
from deltarule.problem.values import matrix, may_have_commas, noticing_commas, only_numbers
from deltarule.typeset.words import counted

POINTERS = {"weights": "weights", "classes": "weights", "biases": "biases"}


def initial_layer(
    keys: Section,
    kind: type[Layer],
    inputs: int,
    targets: NDArray[Any],
    names: tuple[Label, ...] | None,
    targets_at: str,
    conventions: Conventions,
) -> Layer:
    """The layer with the weights and biases given, or with drawn ones.

    Parameters
    ----------
    keys : of [layer].
    kind : of the layer.
    inputs : N, the number of columns of the data.
    targets : labels (P,) or rows (P, K), of all patterns.
    names : (K,) the classes of one-hot rows; None for 1 ... K.
    targets_at : the place of the targets in the file, for messages.
    conventions : how the weights and the biases are written.
    """
    options = _options(keys, kind)
    seed = _seed(keys)
    places = {"activation": keys.at("activation")}
    given = keys.get("classes")
    if given is not None:
        places["classes"] = keys.at("classes")
    with placing(places, targets_at):
        drawn = kind.for_targets(inputs, targets, classes=given, seed=seed or 0, **options)
        if given is None and names is not None and targets.ndim == 2 and drawn.classes is not None:
            drawn = kind.for_targets(inputs, targets, classes=names, seed=seed or 0, **options)
    has_biases = keys.get("biases") is not False
    if keys.get("biases") is True:
        raise ProblemError(
            keys.at("biases"), "Biases are a list of numbers, or false for none. Leave the key out for zeros."
        )
    if not has_biases and conventions.biases_in_weights:
        why = f'[conventions] say biases = "{conventions.biases}", and this layer has none. Leave out one of the two.'
        raise ProblemError(keys.at("biases"), why)
    if not has_biases:
        drawn, conventions = drawn.with_parameters(drawn.weights, None), replace(conventions, has_biases=False)
    if seed is not None:
        return drawn
    with keys.pointing("weights"):
        weights = matrix("weights", keys.need("weights"))
        if conventions.by_neuron or conventions.biases_in_weights:
            _check_written_shape(weights, inputs, drawn, conventions)
        else:
            _check_shape(weights, keys.get("weights"), inputs, drawn)
    weights, held = conventions.divided(weights)
    if not has_biases:
        with keys.pointing(POINTERS):
            return drawn.with_parameters(weights, None)
    if held is not None and "biases" in keys:
        why = f'[conventions] say biases = "{conventions.biases}": the weights hold the biases. Leave this key out.'
        raise ProblemError(keys.at("biases"), why)
    with keys.pointing("biases"):
        biases = held if held is not None else only_numbers("biases", keys.get("biases"), "entry")
    if biases is None:
        biases = [0.0] * weights.shape[1]
    with keys.pointing(POINTERS), noticing_commas({"biases": (biases, weights.shape[1])}):
        return drawn.with_parameters(weights, biases)


def in_order_of_classes(targets: NDArray[Any], names: Sequence[Label] | None, layer: Layer, at: str) -> NDArray[Any]:
    """One-hot columns that have names, in the order of the layer's classes; all other targets as they are.

    Parameters
    ----------
    targets : labels (P,) or rows (P, K).
    names : (K,) the names of the columns; None where they have none.
    layer : whose classes they are.
    at : the place of the classes in the file, for messages.
    """
    if names is None or targets.ndim == 1 or layer.classes is None or tuple(names) == layer.classes:
        return targets
    if set(names) != set(layer.classes):
        got, rule = (
            ", ".join(map(repr, layer.classes)),
            f"be the columns of the targets ({', '.join(map(repr, names))})",
        )
        raise ProblemError(at, str(InputError("classes", rule, got, "Name each column once, in the order wanted.")))
    return targets[:, [list(names).index(label) for label in layer.classes]]


def _options(keys: Section, kind: type[Layer]) -> dict[str, Any]:
    """The further fields of the kind that the file gives."""
    if "activation" not in keys:
        return {}
    if "activation" not in {field.name for field in fields(kind)}:
        why = f"Only a perceptron layer has a choice of activation; this one is {kind.kind}. Leave the key out."
        if is_hard(keys.get("activation")):
            why += (
                ' A step and a sign have no slope to descend: Rosenblatt\'s rule trains them, with kind = "perceptron".'
            )
        raise ProblemError(keys.at("activation"), why)
    return {"activation": keys.get("activation")}


def _seed(keys: Section) -> int | None:
    """The seed by which the layer is drawn; None where its weights are given."""
    if "init" not in keys:
        return None
    for key in ("weights", "biases"):
        if key in keys and keys.get(key) is not False:
            raise ProblemError(keys.at(key), "The key init draws weights and biases. Keep init, or the numbers.")
    inner = keys.inner("init")
    with inner.pointing("seed"):
        return whole("seed", inner.need("seed"), 0, "Give a whole number.")


def _check_shape(weights: Matrix, written: Any, inputs: int, drawn: Layer) -> None:
    """An `InputError` where rows and columns are swapped or split by commas; biases or data would be blamed otherwise."""
    rows, columns = weights.shape
    neurons = (drawn.neurons, len(drawn.classes or ()))  # two classes may have one neuron or two
    if rows != inputs and columns == inputs and rows in neurons:
        raise InputError(
            "weights",
            f"have one row an input ({inputs}) and one column a neuron",
            f"{counted(rows, 'row')} and {counted(columns, 'column')}",
            "They look transposed: swap rows and columns.",
        )
    if columns not in neurons and may_have_commas(written, drawn.neurons):
        raise InputError("weights", f"have {counted(drawn.neurons, 'column')}, one a neuron", columns, IF_COMMA)


def _check_written_shape(weights: Matrix, inputs: int, drawn: Layer, conventions: Conventions) -> None:
    """An `InputError` where the weights do not have the shape that the conventions of the file give them."""
    of_inputs, of_neurons = weights.shape[::-1] if conventions.by_neuron else weights.shape
    neurons = [
        drawn.neurons,
        *([] if drawn.classes is None else [len(drawn.classes)]),
    ]  # two classes may have one or two
    required = inputs + conventions.biases_in_weights
    if of_inputs == required and of_neurons in neurons:
        return
    one_an_input = f"one an input ({inputs})"
    if conventions.biases_in_weights:
        place = "before" if conventions.biases_first else "behind"
        one_an_input += f", and one for the biases {place} them"
    one_a_neuron = f"one a neuron ({' or '.join(map(str, dict.fromkeys(neurons)))})"
    rows, columns = (one_a_neuron, one_an_input) if conventions.by_neuron else (one_an_input, one_a_neuron)
    if of_neurons == required and of_inputs in neurons:
        remedy = "They look transposed: swap rows and columns."
    else:
        remedy = "Write them so, or change [conventions]."
    raise InputError(
        "weights",
        f"have rows, {rows}, and columns, {columns}, as [conventions] say",
        f"{counted(weights.shape[0], 'row')} and {counted(weights.shape[1], 'column')}",
        remedy,
    )
