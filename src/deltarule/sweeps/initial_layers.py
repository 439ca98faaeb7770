"""The initial layers of a sweep: one for all models, or one drawn by each seed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from numpy.typing import ArrayLike

from deltarule.checks import choice, instance, numbers
from deltarule.engines.numba_here import has_numba
from deltarule.errors import InputError
from deltarule.layers import KINDS, OTHER_NAMES, Layer, random_parameters

Start = Layer | str | type[Layer] | Callable[[int], Layer]


def drawing(start: Start, X: ArrayLike, targets: Any) -> Callable[[int], Layer]:
    """A function from a seed to the initial layer of models with this seed.

    Parameters
    ----------
    start : what `sweep` takes as its layer.
    X, targets : the training patterns, by which a kind of layer is made.

    Raises
    ------
    InputError
        If `start` is of another type, the kernels have no formulas for its kind, or the kind does not suit the targets.
    """
    if isinstance(start, Layer):
        _check_kind(type(start))
        fixed: Layer = start
        return lambda _seed: fixed
    if isinstance(start, str):
        start = KINDS[choice("kind of layer", start, tuple(KINDS), OTHER_NAMES)]
    if isinstance(start, type) and issubclass(start, Layer):
        _check_kind(start)
        return _drawn(start, X, targets)
    if not isinstance(start, type) and callable(start):
        return start
    raise InputError(
        "layer",
        "be a layer, a kind of layer, or a function of the seed",
        start.__name__ if isinstance(start, type) else type(start).__name__,
        "Give a layer, 'softmax', or lambda seed: PerceptronLayer.random(4, 3, seed, activation='tanh').",
    )


def first_layer(draw: Callable[[int], Layer], seed: int) -> Layer:
    """The initial layer of this seed, checked: the others have its shape.

    Parameters
    ----------
    draw : see `drawing`.
    seed : of the first model.
    """
    layer = draw(seed)
    _check_alike({seed: layer})
    return layer


def initial_layers(draw: Callable[[int], Layer], first: Layer, seeds: Sequence[int]) -> list[Layer]:
    """The initial layer of each model; models with equal seeds share one.

    Parameters
    ----------
    draw : see `drawing`.
    first : what it gave for the first of the seeds.
    seeds : of the models.

    Raises
    ------
    InputError
        If layers differ in more than weights and biases.
    """
    others = dict.fromkeys(seed for seed in seeds if seed != seeds[0])
    layers = {seeds[0]: first} | {seed: draw(seed) for seed in others}
    _check_alike(layers)
    return [layers[seed] for seed in seeds]


def _check_kind(kind: type[Layer]) -> None:
    """Raise an `InputError` unless the compiled kernels, which train all models of a sweep, have formulas for this kind."""
    if not has_numba():
        return
    from deltarule.engines.for_kernels import FORMULAS

    if kind not in FORMULAS:
        raise InputError(
            "layer",
            f"be of a kind that a sweep has formulas for ({', '.join(known.__name__ for known in FORMULAS)})",
            f"a {kind.__name__}",
            "Train each model by itself: train(layer, X, targets, descent, engine='direct').",
        )


def _check_alike(layers: Mapping[int, Layer]) -> None:
    """Raise an `InputError` unless the layers differ in weights and biases only."""
    required = None
    for seed, layer in layers.items():
        instance("layer of each seed", layer, Layer, "The function of the seed must return a layer.")
        _check_kind(type(layer))
        found = _form(layer)
        required = required or found
        if found != required:
            raise InputError(
                "layers of a sweep",
                "be of one kind, shape and dtype, and alike in all but weights and biases",
                f"{required} and, for seed {seed}, {found}",
                "Let the seed change weights and biases only.",
            )


def _form(layer: Layer) -> tuple[Any, ...]:
    """What the layers of a sweep share: the kind, the shape, the dtype, and all fields but weights and biases."""
    biases = "biases" if layer.has_biases else "no biases"
    return (layer.kind, layer.inputs, layer.neurons, biases, layer.dtype.name, *layer.own_fields().values())


def _drawn(kind: type[Layer], X: ArrayLike, targets: Any) -> Callable[[int], Layer]:
    """A function from a seed to a layer of this kind for these patterns, drawn by `random_parameters`; of X's dtype."""
    X = numbers("inputs", X, 2)
    template = kind.for_targets(X.shape[1], targets)

    def draw(seed: int) -> Layer:
        weights, biases = random_parameters(template.inputs, template.neurons, seed)
        return template.with_unchecked_parameters(weights.astype(X.dtype), biases.astype(X.dtype))

    return draw
