"""[data]: from columns to patterns: encoded for the layer, split, scaled, and compared with what the layer can put out."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deltarule.checks import Matrix, numbers
from deltarule.data import Scaling, centring, min_max, split, standardising
from deltarule.errors import InputError, ProblemError
from deltarule.layers import Layer, Patterns
from deltarule.problem.data_section import inputs_key, pointing, targets_key
from deltarule.problem.section import Section
from deltarule.problem.values import noticing_commas, only_numbers
from deltarule.tables import Table

# What makes a kind of layer that predicts numbers one that takes labels.
WITH_CLASSES = {"linear": "classes (Adaline)", "perceptron": 'activation = "step" or "sign" (Rosenblatt)'}
# Scaled targets may pass a limit by the rounding of a product; nobody writes a target so close to one.
ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class Prepared:
    """Patterns as the formulas take them, and how they were scaled.

    Attributes
    ----------
    training : the training patterns.
    test : the test patterns; None without a split.
    input_scaling, target_scaling : how inputs and targets were scaled; None: as they were.
    """

    training: Patterns
    test: Patterns | None
    input_scaling: Scaling | None
    target_scaling: Scaling | None


def as_targets(keys: Section, kind: type[Layer], table: Table) -> NDArray[Any]:
    """Targets as this kind of layer takes them: numbers (P, K), or labels (P,), or rows of 0 and 1 (P, K).

    Parameters
    ----------
    keys : of [data].
    kind : of the layer.
    table : the patterns as they were read.

    Raises
    ------
    ProblemError
        If numbers to predict are given to a layer of classes, or labels to a layer that predicts numbers.
    """
    given = table.targets
    if kind.has_classes and given.ndim == 1:
        with keys.pointing(targets_key(keys)):
            check_labels(given, kind)
    if kind.has_classes or given.ndim == 2:
        return given
    name, remedy = f"targets of a {kind.kind} layer", "Write numbers; softmax and logistic layers take labels."
    if kind.kind in WITH_CLASSES:
        remedy += f" So does this kind of layer with {WITH_CLASSES[kind.kind]}."
    with keys.pointing(targets_key(keys)):
        return numbers(name, only_numbers(name, given.tolist(), "row", remedy), 1)[:, None]


def check_labels(given: NDArray[Any], kind: type[Layer]) -> None:
    """An `InputError` where a label is a fraction: numbers to predict, which no class layer takes.

    Parameters
    ----------
    given : (P,) the labels.
    kind : of the layer.
    """
    for row, label in enumerate(given.tolist() if given.dtype.kind in "fO" else (), start=1):
        if isinstance(label, float) and math.isfinite(label) and not label.is_integer():
            raise InputError(
                "targets",
                f"be texts, whole numbers or booleans for a {kind.kind} layer",
                f"{label} in row {row}",
                'Use a linear or perceptron layer to predict numbers; write labels in quotation marks, as in "1.5".',
            )


def as_patterns(keys: Section, X: Matrix, targets: NDArray[Any], layer: Layer) -> Patterns:
    """All patterns as the formulas take them, checked against the layer.

    Parameters
    ----------
    keys : of [data], at which mistakes are reported.
    X : (P, N) inputs.
    targets : labels (P,) or rows (P, K), as the kind of layer takes them.
    layer : the initial layer.
    """
    written = keys.get("targets")
    rows = isinstance(written, list) and isinstance(written[0], list)
    places = {"inputs": (keys.get("inputs"), layer.inputs), "targets": (written, layer.neurons if rows else len(X))}
    with pointing(keys), noticing_commas(places):
        return layer.patterns(X, targets)


def prepare(keys: Section, patterns: Patterns, layer: Layer) -> Prepared:
    """All patterns (P of them, encoded for the layer), split and scaled as the keys ask for."""
    training, test = _rows(keys, patterns, layer)
    inputs_by, targets_by = _scalings(keys, patterns.take(training), layer)

    def scaled(rows: NDArray[np.intp]) -> Patterns:
        X, D, v = patterns.take(rows)
        with keys.pointing(inputs_key(keys)):
            X = X if inputs_by is None else inputs_by.apply(X)
        with keys.pointing(targets_key(keys)):
            D = D if targets_by is None else targets_by.apply(D)
        return Patterns(X, D, v)

    seen = scaled(training)
    _check_reach(keys, layer, training, seen.D)
    return Prepared(seen, None if test is None else scaled(test), inputs_by, targets_by)


def _check_reach(keys: Section, layer: Layer, training: NDArray[np.intp], D: Matrix) -> None:
    """A `ProblemError` where a training target lies outside the outputs of the layer.

    The limits themselves are allowed: a sigmoid never reaches 0 or 1, but it can be trained on them.
    """
    low, high = layer.output_range
    outside = (low - ROUNDING > D) | (high + ROUNDING < D)
    if not outside.any():
        return
    row, column = np.argwhere(outside)[0]
    remedy = "Write scale_targets = true in [data], or use a linear layer."
    if low == 0 and D.min() >= -1 and D.max() <= 1:
        remedy = 'Write activation = "tanh" in [layer], or scale_targets = true in [data].'
    with keys.pointing(targets_key(keys)):
        raise InputError(
            "targets",
            f"lie between {low:g} and {high:g}, the limits of the outputs of this layer",
            f"{D[row, column]:g} in row {training[row] + 1}, column {column + 1}",
            remedy,
        )


def _rows(keys: Section, patterns: Patterns, layer: Layer) -> tuple[NDArray[np.intp], NDArray[np.intp] | None]:
    """The rows of the training and of the test set."""
    if "split" not in keys:
        return np.arange(len(patterns.X)), None
    inner = keys.inner("split")
    test, seed, stratified = inner.need("test"), inner.need("seed"), inner.get("stratified")
    labels = layer.decode(patterns.D)
    with inner.pointing({"test set": "test", "seed of the split": "seed", "stratified split": "stratified"}):
        return split(
            len(patterns.X), test, seed, stratified=stratified, labels=labels.tolist() if labels.ndim == 1 else None
        )


def _scalings(keys: Section, training: Patterns, layer: Layer) -> tuple[Scaling | None, Scaling | None]:
    """The scalings of inputs and of targets, made from the training patterns; None if the file asks for no scaling."""
    standardise, centre, scale_targets = (keys.get(key) for key in ("standardise", "centre", "scale_targets"))
    if standardise and centre:
        raise ProblemError(keys.at("centre"), "Standardised inputs are centred already. Leave out centre.")
    if scale_targets and layer.has_classes:
        raise ProblemError(
            keys.at("scale_targets"), f"The targets of a {layer.kind} layer are classes, not sizes. Leave the key out."
        )
    with keys.pointing("standardise" if standardise else "centre"):
        inputs_by = standardising(training.X) if standardise else centring(training.X) if centre else None
    with keys.pointing("scale_targets"):
        return inputs_by, min_max(training.D) if scale_targets else None
