"""A table trained on: its columns encoded, split, filled and scaled, a layer made and trained, all kept in a `Model`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from deltarule.checks import Matrix, choice
from deltarule.curvature import largest_curvature
from deltarule.data import Scaling, centring, min_max, split, standardising
from deltarule.descent import Descent
from deltarule.errors import InputError, nearest
from deltarule.immutable import Immutable
from deltarule.layers import KINDS, OTHER_NAMES, Layer, class_of
from deltarule.model import Model
from deltarule.problem.preparing import check_labels
from deltarule.tables.cells import is_text, numbers_of
from deltarule.tables.columns import plain_type
from deltarule.tables.encoding import MISSING, Encoding, Missing, fill_of
from deltarule.tables.labels import column_of_labels, merged
from deltarule.tables.learning import encoding_of
from deltarule.tables.sources import Source
from deltarule.training import Progress, train
from deltarule.typeset.words import counted

Scale = Literal["standardise", "centre", "none"]
SCALES = ("standardise", "centre", "none")
# Epochs where none are asked for.
EPOCHS = 1000


@dataclass(frozen=True)
class Columns:
    """Which columns of a table are what.

    Parameters
    ----------
    target : the column of labels, or the columns of numbers.
    inputs : the columns that inputs are made of; None: all but the targets.
    leave_out : columns that are not used.
    categories : columns that hold categories although they look like numbers.
    """

    target: tuple[str, ...]
    inputs: tuple[str, ...] | None = None
    leave_out: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()


@dataclass(frozen=True)
class Preparation:
    """What is done with the columns before they are trained on, by the training patterns alone.

    Parameters
    ----------
    missing : what stands in cells without a value: "mean", "median" (of categories the most frequent), or "refuse".
    scale : of the inputs: "standardise", "centre" or "none".
    scale_targets : whether numbers to predict are scaled to [0, 1]; None: for perceptron layers, whose outputs are bounded.
    test : the share of the rows, or their number, that are kept for a test; None: none.
    stratified : whether both sets have the same share of each class.
    seed : of the split, and of the initial layer.
    """

    missing: Missing = "refuse"
    scale: Scale = "standardise"
    scale_targets: bool | None = None
    test: float | None = None
    stratified: bool = False
    seed: int = 0


@dataclass(frozen=True, eq=False)
class Fit(Immutable):
    """A model, and what it was trained on.

    Attributes
    ----------
    model : the model.
    training, test : inputs as the layer takes them, and targets as they were read; None without a test set.
    remarks : what the reader of the table should be told; sentences without full stops.
    """

    model: Model
    training: tuple[Matrix, Any]
    test: tuple[Matrix, Any] | None
    remarks: tuple[str, ...]


def fit_table(
    source: Source,
    columns: Columns,
    preparation: Preparation,
    kind: str | None = None,
    *,
    descent: Mapping[str, Any],
    activation: str | None = None,
    classes: Sequence[Any] | None = None,
    biases: bool = True,
    engine: str = "compiled",
    progress: Progress = False,
    record_every: int = 1,
) -> Fit:
    """Train a layer on the columns of a table.

    Parameters
    ----------
    source : the table.
    columns : which of its columns are what.
    preparation : what is done with them before.
    kind : of layer; None: softmax for labels that are texts or truth values.
    descent : the parameters of `Descent` by name. Where there is no `learning_rate`, it is 1 over a bound on the curvature
        of the cost (`deltarule.curvature`), at which no update of the full batch raises the cost; the reduction is the mean then
        if none is given.
    activation : of a perceptron layer.
    classes : of a layer with classes, in the order of its neurons; None: those of the labels, sorted.
    biases : whether the layer has biases.
    engine, progress, record_every : as in `train`.

    Raises
    ------
    InputError
        If columns, values and options do not fit.
    """
    choice("missing values", preparation.missing, MISSING)
    choice("scale", preparation.scale, SCALES, {"standardize": "standardise", "center": "centre"})
    names = input_columns(source, columns)
    of_kind = _class(source, columns, kind, activation, classes)
    targets, remarks = _targets(source, columns.target, of_kind, classes)
    encoding, more = encoding_of(source, names, columns.categories)
    X = encoding.read(source)
    rows, kept = _rows(preparation, targets)
    encoding, filled = _with_fill(encoding, X, rows, preparation.missing)
    X = encoding.filled(X, source)
    training = X if rows is None else X[rows]
    test = None if kept is None else (X[kept], targets[kept])
    given = targets if rows is None else targets[rows]
    del X  # one copy of the inputs is enough
    scaling = _scaling(preparation.scale, training, encoding.input_names)
    if scaling is not None:
        training = _scaled(scaling, training)
        test = None if test is None else (_scaled(scaling, test[0]), test[1])
    scales = preparation.scale_targets
    by_range = of_kind.kind == "perceptron" and not of_kind.has_classes if scales is None else scales
    if by_range and of_kind.has_classes:
        raise InputError(
            "scaling of the targets", "be left out for classes", f"a {of_kind.kind} layer", "Leave it out."
        )
    target_scaling = min_max(given) if by_range else None
    options = {} if activation is None else {"activation": activation}
    layer = of_kind.for_targets(training.shape[1], given, classes=classes, seed=preparation.seed, **options)
    if not biases:
        layer = layer.with_parameters(layer.weights, None)
    layer = layer.with_names(encoding.input_names, columns.target)
    D = given if target_scaling is None else target_scaling.apply(given)
    followed = None
    if test is not None:
        followed = test if target_scaling is None else (test[0], target_scaling.apply(test[1]))
    chosen, said = _descent(layer, training, D, descent)
    run = train(layer, training, D, chosen, engine, validation=followed, progress=progress, record_every=record_every)
    model = Model(run.layer, run, encoding, scaling, target_scaling, columns.target)
    notes = (*remarks, *more, *filled, *said, *_scaling_notes(scaling, preparation.scale, target_scaling))
    return Fit(model, (training, given), test, notes)


def input_columns(source: Source, columns: Columns) -> list[str]:
    """The columns of a table that inputs are made of.

    Parameters
    ----------
    source : the table.
    columns : which of its columns are what.

    Raises
    ------
    InputError
        If a column is not there, or is asked to be two things.
    """
    named = {
        "target": columns.target,
        "inputs": columns.inputs or (),
        "columns left out": columns.leave_out,
        "categories": columns.categories,
    }
    for what, listed in named.items():
        for name in listed:
            if name not in source.names:
                raise InputError(what, f"be columns of {source.where}", repr(name), nearest(name, source.names))
    left_out = {*columns.target, *columns.leave_out}
    chosen = [name for name in source.names if name not in left_out] if columns.inputs is None else [*columns.inputs]
    both = next((name for name in chosen if name in left_out), None)
    if both is not None or len(set(chosen)) < len(chosen):
        got = f"{both!r} beside" if both is not None else "one twice"
        raise InputError(
            "inputs", "be other columns than targets and those left out, each once", got, "Choose it once."
        )
    if not chosen:
        raise InputError("inputs", f"be at least one column of {source.where}", "none", "Choose some.")
    odd = next((name for name in columns.categories if name not in chosen), None)
    if odd is not None:
        raise InputError("categories", "be among the inputs", repr(odd), "Leave it out, or choose it as an input.")
    return chosen


def _class(source: Source, columns: Columns, kind: str | None, activation: Any, classes: Any) -> type[Layer]:
    if kind is None:
        import pyarrow as pa

        column = plain_type(source.read(columns.target[0]))
        numbers = not is_text(column) and not pa.types.is_boolean(column.type)
        if not source.typed:
            values = column_of_labels(column, source.at(columns.target[0]), numbers=True).values
            numbers = not isinstance(values[0], str | bool | np.bool_)
        if numbers or len(columns.target) > 1:
            raise InputError(
                "kind of layer",
                "be given where the target holds numbers",
                "none",
                "Give softmax (or logistic) if they are classes, linear if they are to be predicted as numbers.",
            )
        kind = "softmax"
    return class_of(KINDS[choice("kind", kind, tuple(KINDS), OTHER_NAMES)], activation=activation, classes=classes)


def _targets(
    source: Source, names: Sequence[str], kind: type[Layer], classes: Any
) -> tuple[NDArray[Any], tuple[str, ...]]:
    """Labels (P,) as they were read, or numbers (P, K), and remarks on labels that were merged."""
    if len(names) == 1 and (kind.has_classes or classes is not None):
        labels, remarks = labels_of(source, names[0])
        check_labels(labels, kind)
        return labels, remarks
    return target_numbers(source, names), ()


def labels_of(source: Source, name: str, *, numbers: bool = True) -> tuple[NDArray[Any], tuple[str, ...]]:
    """The labels (P,) of a column, and remarks on those that were written in several ways.

    Parameters
    ----------
    source : the table.
    name : of the column.
    numbers : whether texts of a CSV file that are numbers or truth values are read as such.
    """
    found = column_of_labels(source.read(name), source.at(name), numbers=numbers and not source.typed)
    return found.values, merged([found.written])


def target_numbers(source: Source, names: Sequence[str]) -> Matrix:
    """The numbers (P, K) of columns.

    Parameters
    ----------
    source : the table.
    names : of the columns.

    Raises
    ------
    InputError
        If a cell is no number, or has no value.
    """
    found = np.empty((source.rows, len(names)))
    for place, name in enumerate(names):
        try:
            found[:, place] = numbers_of(source.read(name), source.at(name))
        except InputError as error:
            raise InputError(
                "targets", error.rule, error.got, f"{error.remedy} Classes need a softmax layer."
            ) from None
        missing = np.flatnonzero(np.isnan(found[:, place]))
        if len(missing):
            raise InputError(
                "targets",
                "have a value in each cell",
                f"none in {source.at(name)}, row {missing[0] + 1}",
                "Remove the row.",
            )
    return found


def _rows(preparation: Preparation, targets: NDArray[Any]) -> tuple[Any, Any]:
    """The rows of the training and of the test set; None where there is no test set."""
    if preparation.test is None:
        return None, None
    labels = targets.tolist() if targets.ndim == 1 else None
    return split(len(targets), preparation.test, preparation.seed, stratified=preparation.stratified, labels=labels)


def _with_fill(encoding: Encoding, X: Matrix, rows: Any, by: Missing) -> tuple[Encoding, list[str]]:
    """The encoding with what stands in cells without a value, from the training rows, and remarks on how many there are."""
    if by == "refuse":
        return encoding, []
    fill, notes, place = fill_of(encoding, X if rows is None else X[rows], by), [], 0
    for column in encoding.columns:
        width = len(column.input_names)
        missing = int(np.isnan(X[:, place]).sum())
        value = f"its {by}, {fill[place]:.6g}"
        if column.levels is not None:
            value = f"its most frequent category, {column.levels[int(fill[place : place + width].argmax())]!r}"
        if missing:
            notes.append(f"{counted(missing, 'missing value')} of the column {column.name!r} became {value}")
        place += width
    return Encoding(encoding.columns, fill), notes


def _scaling(scale: str, X: Matrix, names: Sequence[str]) -> Scaling | None:
    """The scaling of the inputs, found a column at a time, so that no second matrix of their size is made."""
    if scale == "none":
        return None
    make, parts = standardising if scale == "standardise" else centring, []
    for place, name in enumerate(names):
        try:
            parts.append(make(X[:, place : place + 1]))
        except InputError as error:
            raise InputError(error.name, error.rule, f"the column {name!r}", error.remedy) from None
    return Scaling(np.concatenate([part.shift for part in parts]), np.concatenate([part.scale for part in parts]))


def _scaled(scaling: Scaling, X: Matrix) -> Matrix:
    """X, scaled in its own place."""
    X -= scaling.shift
    X *= scaling.scale
    return X


def _scaling_notes(scaling: Scaling | None, scale: str, targets: Scaling | None) -> list[str]:
    notes = []
    if scaling is not None:
        what = "standardised" if scale == "standardise" else "centred"
        notes.append(f"The inputs are {what} by the training patterns; the model does it by itself")
    if targets is not None:
        notes.append("The targets are scaled to [0, 1] by the training patterns; predictions are in their own units")
    return notes


def _descent(layer: Layer, X: Matrix, targets: Any, given: Mapping[str, Any]) -> tuple[Descent, list[str]]:
    """The descent that is asked for, with a learning rate from the curvature where none is given."""
    values = {"epochs": EPOCHS, **{name: value for name, value in given.items() if value is not None}}
    if "learning_rate" in values:
        return Descent(**values), []
    values.setdefault("reduction", "mean")
    curvature = largest_curvature(layer, layer.patterns(X, targets), Descent(1.0, **values))
    if layer.learns_from_errors:
        return Descent(1.0, **values), []  # its rate only scales W and b
    if curvature is None or curvature <= 0:
        raise InputError("learning rate", "be given for these data", "none", "Give one, as in --learning-rate 0.01.")
    # A momentum m multiplies the steps by 1 / (1 - m) in the long run.
    rate = float(f"{(1 - values.get('momentum', 0.0)) / curvature:.3g}")
    return Descent(rate, **values), [f"The learning rate {rate:g} follows from the curvature of the cost"]
