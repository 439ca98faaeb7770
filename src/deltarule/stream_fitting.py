"""A stream trained on: its columns encoded and scaled by what passes over it tell, a layer made, all kept in a `Model`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import numpy as np

from deltarule.checkpoints import Checkpoint
from deltarule.checks import choice
from deltarule.descent import Descent
from deltarule.errors import InputError
from deltarule.fitting import SCALES, Columns
from deltarule.layers import KINDS, OTHER_NAMES, Layer, class_of
from deltarule.logs import Log
from deltarule.model import Model
from deltarule.streams import Stream
from deltarule.streams.arrow_stores import is_category
from deltarule.training import Progress, train

# Passes where no number of them is asked for: of many rows one is much.
EPOCHS = 1


def fit_stream(
    path: str | os.PathLike[str],
    columns: Columns,
    kind: str | None = None,
    *,
    descent: Mapping[str, Any],
    scale: str = "standardise",
    memory: str = "1GB",
    activation: str | None = None,
    biases: bool = True,
    seed: int = 0,
    engine: str = "compiled",
    progress: Progress = False,
    record_every: int = 1,
    checkpoint: Checkpoint | None = None,
    log: Log | None = None,
) -> tuple[Model, Stream]:
    """Train a layer on the columns of files that need not fit into memory.

    Parameters
    ----------
    path : the files, as for `Stream`.
    columns : which of their columns are what.
    kind : of layer; None: softmax for labels that are texts or truth values.
    descent : the parameters of `Descent` by name, `learning_rate` and `batch_size` among them; without `epochs` there is one.
    scale : of the inputs: "standardise", "centre" or "none".
    memory : the most that rows may take, as in "2GB".
    activation : of a perceptron layer.
    biases : whether the layer has biases.
    seed : of the initial layer.
    engine, progress, record_every, checkpoint, log : as in `train`.

    Returns
    -------
    (model, stream)
        The model, and the stream that it was trained on.

    Raises
    ------
    InputError
        If files, columns and options do not fit.
    """
    choice("scale", scale, SCALES)
    given = {"epochs": EPOCHS, **{name: value for name, value in descent.items() if value is not None}}
    for name, option in {"learning_rate": "--learning-rate 0.01", "batch_size": "--batch-size 256"}.items():
        if name not in given:
            rule = "be given for a stream"
            raise InputError(
                name.replace("_", " "), rule, "none", f"Add {option}, say: nothing is known of the rows before."
            )
    named = None if kind is None else KINDS[choice("kind", kind, tuple(KINDS), OTHER_NAMES)]
    of_kind = None if named is None else class_of(named, activation=activation, classes=None)
    if activation is not None and "activation" not in {each.name for each in fields(of_kind or KINDS["softmax"])}:
        remedy = "Leave it out, or choose a perceptron layer (--kind perceptron)."
        raise InputError("activation", "be left out for a layer which has its own", repr(activation), remedy)
    one = len(columns.target) == 1 and (of_kind is None or of_kind.has_classes)
    stream = Stream(
        path,
        target=columns.target[0] if one else list(columns.target),
        inputs=None if columns.inputs is None else list(columns.inputs),
        categories=list(columns.categories),
        scale=scale,
        memory=memory,
    )
    layer = _layer(stream, of_kind, columns, {} if activation is None else {"activation": activation}, seed)
    if not biases:
        layer = layer.with_parameters(layer.weights, None)
    layer = layer.with_names(stream.input_names, columns.target)
    run = train(
        layer,
        stream,
        Descent(**given),
        engine=engine,
        progress=progress,
        record_every=record_every,
        checkpoint=checkpoint,
        log=log,
    )
    return Model(run.layer, run, stream.encoding, stream.scaling, None, columns.target), stream


def _layer(stream: Stream, kind: type[Layer] | None, columns: Columns, options: Mapping[str, Any], seed: int) -> Layer:
    """The initial layer."""
    import pyarrow as pa

    if kind is None:
        types = [stream.store.columns[name] for name in columns.target]
        if len(types) > 1 or not (is_category(types[0]) or pa.types.is_boolean(types[0])):
            raise InputError(
                "kind of layer",
                "be given where the target holds numbers",
                "none",
                "Give softmax (or logistic) if they are classes, linear if they are to be predicted as numbers.",
            )
        kind = KINDS["softmax"]
    if kind.has_classes and len(columns.target) == 1:
        if len(stream.classes) < 2:
            remedy = "Choose another column, or add rows of another class."
            raise InputError("target", "have at least two classes", f"{stream.classes[0]!r} alone", remedy)
        return kind.for_targets(stream.inputs, list(stream.classes), seed=seed, **options)
    return kind.for_targets(stream.inputs, np.zeros((1, len(columns.target))), seed=seed, **options)
