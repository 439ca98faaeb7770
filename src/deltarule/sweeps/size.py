"""How much memory a sweep takes: known before any of it is made, and refused where it does not fit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from deltarule.engines.numba_here import has_numba
from deltarule.engines.recorded import COLUMN_NAMES
from deltarule.errors import InputError
from deltarule.layers import Layer
from deltarule.memory import SMALL, bytes_text, free_memory
from deltarule.typeset.words import counted

# What Python keeps of a model besides numbers: its descent, its layer, its result, its row of the table. Measured.
OBJECTS = 2500
ROW = 8 * len(COLUMN_NAMES)  # of a history


@dataclass(frozen=True)
class Size:
    """What a sweep takes.

    Attributes
    ----------
    models : how many are trained, identical ones included.
    each : bytes a model.
    fixed : bytes besides.
    """

    models: int
    each: int
    fixed: int

    @property
    def bytes(self) -> int:
        """All of it."""
        return self.models * self.each + self.fixed

    def __str__(self) -> str:
        return f"{counted(self.models, 'model')}, about {bytes_text(self.bytes)}"


def size_of(
    layer: Layer, models: int, *, starts: int, rows: int, patterns: int, folds: bool, momentum: bool = False
) -> Size:
    """What a sweep of models of this shape takes.

    Parameters
    ----------
    layer : one of the initial layers.
    models : how many.
    starts : how many of them start at a layer of their own.
    rows : entries of all histories together.
    patterns : P, the number of training patterns.
    folds : whether all models are trained again without each fold.
    momentum : whether any model has a velocity.
    """
    parameters = layer.weights.nbytes + layer.biases.nbytes
    each = OBJECTS + parameters + -(-ROW * rows // models)
    if folds:  # the models of one fold, beside those of all patterns
        each += OBJECTS + parameters
    each += _working(layer, momentum=momentum)
    fixed = starts * (OBJECTS // 4 + parameters)
    if folds:
        fixed += patterns * (layer.inputs + layer.neurons + 1) * layer.dtype.itemsize
    return Size(models, each, fixed)


def _working(layer: Layer, *, momentum: bool) -> int:
    """Bytes in which a model is trained: of a wide one before, in and after an epoch, and the velocity; as wide as vectors."""
    if not has_numba():
        return 0  # one model at a time
    from deltarule.engines.for_kernels import is_small, layout_of
    from deltarule.engines.kernels.arguments import padded
    from deltarule.engines.kernels.wide_tiles import extent

    if is_small(layer):
        return 0
    inputs, numbers = extent(layer.inputs, layer.neurons, layer.dtype, layout_of(layer))
    return (4 if momentum else 3) * (inputs * numbers + padded(layer.neurons, layer.dtype)) * layer.dtype.itemsize


def check_size(size: Size, counts: Mapping[str, int], free: int | None = None) -> None:
    """Raise an `InputError` where a sweep does not fit into the memory that is free; it says how many models would fit.

    Parameters
    ----------
    size : what the sweep takes.
    counts : how many values are given, by their names; the models are their product.
    free : bytes; None: what the system leaves.

    Examples
    --------
    >>> try:
    ...     check_size(Size(6000, 10**6, 0), {"learning_rate": 100, "seed": 60}, free=4 * 10**9)
    ... except InputError as error:
    ...     print(error.got, error.remedy, sep=chr(10))
    6,000 models (100 values of learning_rate, 60 of seed), which need about 6.0 GB, where 4.0 GB are free
    At most 4,000 such models fit: give fewer values.
    """
    if size.bytes <= SMALL:
        return
    free = free_memory() if free is None else free
    if size.bytes <= free:
        return
    several = [(name, count) for name, count in counts.items() if count > 1]
    named = ", ".join(f"{count:,} {'values ' * (not place)}of {name}" for place, (name, count) in enumerate(several))
    # What the starts take is shared out among the models.
    fit = free // -(-size.bytes // size.models)
    raise InputError(
        "sweep",
        "fit into memory",
        f"{size.models:,} models ({named}), which need about {bytes_text(size.bytes)}, where {bytes_text(free)} are free",
        f"At most {fit:,} such models fit: give fewer values."
        if fit
        else "Not one such model fits: give fewer inputs.",
    )
