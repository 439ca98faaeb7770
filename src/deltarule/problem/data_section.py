"""[data]: the patterns of a problem, from one of its three sources; split and scaled."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deltarule import datasets, labels
from deltarule.checks import Matrix, brief, numbers
from deltarule.data import Scaling, centring, min_max, split, standardising
from deltarule.errors import InputError, ProblemError
from deltarule.layers import Layer, Patterns
from deltarule.problem.keys import KEYS
from deltarule.problem.section import Section
from deltarule.problem.values import matrix, noticing_commas, only_numbers
from deltarule.tables import Table, read_table

# Scaled targets may pass a limit by the rounding of a product; nobody writes a target so close to one.
ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class Prepared:
    """Training and test patterns (None without a split) as the formulas take them, and how they were scaled."""

    training: Patterns
    test: Patterns | None
    input_scaling: Scaling | None
    target_scaling: Scaling | None


def pointing(keys: Section) -> AbstractContextManager[None]:
    """Points what is wrong with inputs or targets at the key that they come from."""
    return keys.pointing(
        {"inputs": _inputs_key(keys), "table": "table"}
        | dict.fromkeys(("targets", "one-hot targets"), targets_key(keys))
    )


def _inputs_key(keys: Section) -> str:
    return next((key for key in ("dataset", "inputs", "table") if key in keys), "inputs")


def targets_key(keys: Section) -> str:
    """The key from which the targets come."""
    return next((key for key in ("dataset", "target") if key in keys), "targets")


# ---- The three sources.


def read(keys: Section, kind: type[Layer], folder: Path) -> Table:
    """The patterns of a data set, of a table on disk, or of rows in the file."""
    if "table" in keys and "dataset" in keys:
        raise ProblemError(keys.at("dataset"), "A problem has one source of data. Keep table or dataset.")
    for source, others in {"table": ("targets",), "dataset": ("inputs", "targets", "target")}.items():
        for key in others:
            if source in keys and key in keys:
                remedy = "Choose columns with target and inputs." if source == "table" else "Leave it out."
                raise ProblemError(keys.at(key), f"This key does not go with {source}. {remedy}")
    if "dataset" in keys:
        with keys.pointing("dataset"):
            found = datasets.load(keys.need("dataset"))
        return Table(found.inputs, found.targets, found.input_names, found.target_names)
    if "table" in keys:
        path, target = folder / keys.need("table"), keys.need("target")
        # A list of one column is read as numbers: a cell that is not a number is an error that names it.
        required = [target] if isinstance(target, str) and not kind.has_classes else target
        with pointing(keys):
            return read_table(path, target=required, inputs=keys.get("inputs"))
    if "target" in keys:
        raise ProblemError(keys.at("target"), "This key names columns of a table. Add table, or write targets instead.")
    if "inputs" not in keys and "targets" not in keys:
        raise ProblemError(
            keys.where.rstrip(), "This table names no data. Give inputs and targets, or table and target, or dataset."
        )
    return _inline(keys)


def _inline(keys: Section) -> Table:
    given, targets = keys.need("inputs"), keys.need("targets")
    with pointing(keys):
        X = matrix("inputs", given)
        D = _inline_targets(targets)
    names = [f"d{k}" for k in range(1, D.shape[1] + 1)] if D.ndim == 2 else ["target"]
    return Table(X, D, tuple(f"x{n}" for n in range(1, X.shape[1] + 1)), tuple(names))


def _inline_targets(given: Any) -> NDArray[Any]:
    """Rows of numbers (P, K), or labels or numbers (P,), all of one sort: `1` and `"1"` in one list are a mistake."""
    if not isinstance(given, list) or not given:
        raise InputError(
            "targets", "be a list of one a pattern", brief(given), f"Write {KEYS['data']['targets'].remedy}."
        )
    for place, value in enumerate(given, start=1):
        if _sort(value) is None or _sort(value) != _sort(given[0]):
            raise InputError(
                "targets",
                "be all texts, all numbers, all booleans or all rows",
                f"{brief(value)} in entry {place}",
                "Write all of them in the same form; texts are best for classes.",
            )
        if isinstance(value, str) and not value.strip():
            raise InputError(
                "targets",
                "have no label missing",
                f"{value!r} in entry {place}",
                "Fill it in, or leave the pattern out.",
            )
    if isinstance(given[0], list):
        return matrix("targets", given)
    return labels.as_array(tuple(given))


def _sort(value: Any) -> str | None:
    """What sort of target a value is; None for no sort of target."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    return "text" if isinstance(value, str) else "row" if isinstance(value, list) else None


# ---- From columns to patterns.


def as_targets(keys: Section, kind: type[Layer], table: Table) -> NDArray[Any]:
    """Targets as this kind of layer takes them: numbers (P, K), or labels (P,), or rows of 0 and 1 (P, K)."""
    given = table.targets
    if kind.has_classes or given.ndim == 2:
        return given
    name, remedy = f"targets of a {kind.kind} layer", "Write numbers; softmax and logistic layers take labels."
    with keys.pointing(targets_key(keys)):
        return numbers(name, only_numbers(name, given.tolist(), "row", remedy), 1)[:, None]


def as_patterns(keys: Section, X: Matrix, targets: NDArray[Any], layer: Layer) -> Patterns:
    """All patterns as the formulas take them."""
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
        with keys.pointing(_inputs_key(keys)):
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
    raise ProblemError(
        keys.at(targets_key(keys)),
        str(
            InputError(
                "targets",
                f"lie between {low:g} and {high:g}, the limits of the outputs of this layer",
                f"{D[row, column]:g} in row {training[row] + 1}, column {column + 1}",
                remedy,
            )
        ),
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
