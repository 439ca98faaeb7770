"""Models of a sweep that are identical: found before the training, trained once, and explained to the user."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deltarule.descent import Descent
from deltarule.layers import Layer
from deltarule.typeset.words import counted


def identical_to(layers: Sequence[Layer], descents: Sequence[Descent], patterns: int) -> NDArray[np.intp]:
    """For each model the place of the first identical one, which is its own place unless an earlier model is identical.

    Models are identical where they start from equal weights and biases and descend alike. Where patterns are visited in
    the order given, as in the full batch, the seed changes nothing. A batch size above the number of patterns is the full batch.

    Parameters
    ----------
    layers, descents : one a model; the layers are of one kind, the descents of one reduction.
    patterns : P, the number of training patterns.

    Returns
    -------
    (models,) whole numbers

    Examples
    --------
    >>> from deltarule import Descent, LinearLayer
    >>> layer, descents = LinearLayer([[0.0]], [0.0]), [Descent(0.1, 5, batch_size=2, seed=seed) for seed in (0, 1)]
    >>> identical_to([layer, layer], descents, patterns=4).tolist(), identical_to([layer, layer], descents, patterns=2).tolist()
    ([0, 1], [0, 0])
    """
    # Digests, since the weights of a thousand wide layers as keys would take as much memory again.
    parameters = {
        identity: sha256(layer.weights.tobytes() + layer.biases.tobytes()).digest()
        for identity, layer in {id(layer): layer for layer in layers}.items()
    }
    firsts: dict[Any, int] = {}
    return np.array(
        [
            firsts.setdefault((parameters[id(layer)], *_settings(descent, patterns)), place)
            for place, (layer, descent) in enumerate(zip(layers, descents, strict=True))
        ],
        dtype=np.intp,
    )


def _settings(descent: Descent, patterns: int) -> tuple[Any, ...]:
    """The settings of a descent that change what it does."""
    batches = descent.batch_key(patterns)
    others = {"batch_size", "seed", "order", "reduction"}
    return (*(value for name, value in vars(descent).items() if name not in others), batches)


def remarks_on_identical(first: NDArray[np.intp], descents: Sequence[Descent], patterns: int) -> list[str]:
    """Why models are identical and what to do about it, one sentence or more a reason; nothing where all differ.

    Parameters
    ----------
    first : of `identical_to`.
    descents : one a model.
    patterns : P, the number of training patterns.
    """
    if len(np.unique(first)) == len(first):
        return []
    groups: dict[int, list[Descent]] = defaultdict(list)
    for place, descent in zip(first.tolist(), descents, strict=True):
        groups[place].append(descent)
    seeds: set[Any] = set()
    sizes: set[int | None] = set()
    repeated = False
    for group in groups.values():
        own_seeds, own_sizes = {descent.seed for descent in group}, {descent.batch_size for descent in group}
        seeds |= own_seeds if len(own_seeds) > 1 else set()
        sizes |= own_sizes if len(own_sizes) > 1 else set()
        repeated |= len(group) > len({(descent.seed, descent.batch_size) for descent in group})
    found = [
        f"All {counted(len(first), 'model')} are identical."
        if len(groups) == 1
        else f"Only {len(groups)} of the {counted(len(first), 'model')} differ from each other."
    ]
    if seeds:
        full = all(descent.is_full_batch(patterns) for descent in descents if descent.seed in seeds)
        where = (
            "at the full batch: it visits the patterns in one order"
            if full
            else "where the order of the patterns is given"
        )
        remedy = f"Give batch sizes below {patterns}" if full else "Shuffle the patterns"
        found.append(
            f"The {len(seeds)} seeds make identical models {where}, and all start from the same weights. {remedy}, or let each "
            "seed draw its own initial layer (in Python start from a kind, as in 'softmax'; in a problem file write init)."
        )
    if sizes:
        named = [str(size) for size in sorted(size for size in sizes if size is not None)]
        listed = " and ".join([", ".join(named), *(["all (None)"] if None in sizes else [])])
        found.append(
            f"Batch sizes {listed} make identical models: each is the full batch of {patterns} patterns. Give one of them."
        )
    if repeated:
        found.append("Some values are given more than once. Give each once.")
    return found


def remarks_on_folds(smallest: int, descents: Sequence[Descent], patterns: int) -> list[str]:
    """Whether a mini-batch is the full batch in a fold, where the training part is smaller; nothing where all are smaller.

    Parameters
    ----------
    smallest : the number of patterns in the smallest training part of a fold.
    descents : one a model.
    patterns : P, the number of training patterns.
    """
    sizes = {descent.batch_size for descent in descents if not descent.is_full_batch(patterns)}
    full = sorted(size for size in sizes if size is not None and size >= smallest)
    if not full:
        return []
    named = f"batch size {full[0]} is" if len(full) == 1 else f"batch sizes {', '.join(map(str, full))} are"
    remark = (
        f"Some folds train on only {counted(smallest, 'pattern')}, where {named} the full batch, though not of all {patterns}. "
        "Give smaller batch sizes, or more folds."
    )
    return [remark]
