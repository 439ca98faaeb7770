"""Where the models of a sweep start: all at one layer, or each at a layer drawn by its seed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from numpy.typing import ArrayLike

from deltarule.checks import choice, instance, numbers
from deltarule.errors import InputError
from deltarule.labels import check_classes, sorted_classes
from deltarule.layers import KINDS, Layer, LogisticLayer, NumberLayer, SoftmaxLayer, random_parameters

Start = Layer | str | Callable[[int], Layer]


def starting_layers(start: Start, X: ArrayLike, targets: Any, seeds: Sequence[int]) -> list[Layer]:
    """A layer for each seed; equal seeds share one. See `sweep` for what `start` may be."""
    if isinstance(start, Layer):
        return [start] * len(seeds)
    if isinstance(start, type) or not (isinstance(start, str) or callable(start)):
        raise InputError(
            "layer",
            "be a layer, a kind of layer, or a function of the seed",
            start.__name__ if isinstance(start, type) else type(start).__name__,
            "Give a layer, 'softmax', or lambda seed: PerceptronLayer.random(4, 3, seed, activation='tanh').",
        )
    if isinstance(start, str):
        draw = _drawn(start, X, targets)
        layers = {seed: draw(seed) for seed in dict.fromkeys(seeds)}
    else:
        layers = {seed: start(seed) for seed in dict.fromkeys(seeds)}
        _check_alike(layers)
    return [layers[seed] for seed in seeds]


def _check_alike(layers: Mapping[int, Layer]) -> None:
    """An `InputError` unless the layers differ in weights and biases only."""
    wanted = None
    for seed, layer in layers.items():
        instance("layer of each seed", layer, Layer, "The function of the seed must return a layer.")
        wanted = wanted or _sort(layer)
        if _sort(layer) != wanted:
            raise InputError(
                "layers of a sweep",
                "be of one kind, shape, dtype, activation and classes",
                f"{wanted} and, for seed {seed}, {_sort(layer)}",
                "Let the seed change weights and biases only.",
            )


def _sort(layer: Layer) -> tuple[Any, ...]:
    extra = (getattr(layer, name, None) for name in ("activation", "classes"))
    return (layer.kind, layer.inputs, layer.neurons, layer.dtype.name, *extra)


def _drawn(kind: str, X: ArrayLike, targets: Any) -> Callable[[int], Layer]:
    """From a seed, a layer of that kind for these data, by `random_parameters`; of float32 where X is."""
    made = KINDS[choice("kind of layer", kind, tuple(KINDS))]
    X = numbers("inputs", X, 2)
    template = _template(made, X.shape[1], targets, X.dtype)

    def draw(seed: int) -> Layer:
        weights, biases = random_parameters(template.inputs, template.neurons, seed)
        return template.with_unchecked_parameters(weights.astype(X.dtype), biases.astype(X.dtype))

    return draw


def _template(kind: type[Layer], inputs: int, targets: Any, dtype: Any) -> Layer:
    """A layer with the neurons and classes that the targets ask for."""
    if issubclass(kind, NumberLayer):
        return kind.random(inputs, numbers("targets", targets, 2, dtype).shape[1])
    if _are_rows(targets):
        columns = numbers("targets", targets, 2, dtype).shape[1]
        if kind is LogisticLayer:
            return LogisticLayer.random(inputs, neurons=columns)
        return SoftmaxLayer.random(inputs, range(1, columns + 1))
    classes = check_classes(sorted_classes(targets))
    return LogisticLayer.random(inputs, classes) if kind is LogisticLayer else SoftmaxLayer.random(inputs, classes)


def _are_rows(targets: Any) -> bool:
    """Whether targets are rows of numbers rather than labels; a tuple is a label."""
    if hasattr(targets, "ndim"):
        return bool(targets.ndim == 2)
    return (
        isinstance(targets, Sequence)
        and len(targets) > 0
        and all(hasattr(row, "__len__") and not isinstance(row, str | bytes | tuple) for row in targets)
    )
