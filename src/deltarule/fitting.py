"""A table trained on: its columns encoded, split, filled and scaled, a layer made and trained, all kept in a `Model`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from deltarule.checks import Matrix, Vector, brief, choice
from deltarule.curvature import largest_curvature
from deltarule.data import Scaling, centring, min_max, split, standardising
from deltarule.descent import Descent
from deltarule.errors import InputError, nearest
from deltarule.immutable import Immutable
from deltarule.labels import CodedLabels, coded
from deltarule.layers import KINDS, OTHER_NAMES, Layer, class_of
from deltarule.layers.initial import constant_inputs
from deltarule.logs import Log
from deltarule.model import Model
from deltarule.problem.preparing import check_labels
from deltarule.tables.cells import is_text, numbers_of
from deltarule.tables.columns import plain_type, rows_named
from deltarule.tables.encoding import MISSING, Encoding, InputColumn, Missing, fill_of, refuse_missing
from deltarule.tables.labels import column_of_labels, merged
from deltarule.tables.learning import encoding_of
from deltarule.tables.sources import Source
from deltarule.training import Progress, train
from deltarule.typeset.words import counted
from deltarule.views import Shown

Scale = Literal["standardise", "centre", "none"]
Solver = Literal["descent", "exact"]
SOLVERS = ("descent", "exact")
SCALES = ("standardise", "centre", "none")
# Epochs where none are asked for.
EPOCHS = 1000
# Columns that a note names at most.
NAMED = 5


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
    validation : the share of the other rows, or their number, by which models of a sweep are chosen; None: none.
    """

    missing: Missing = "refuse"
    scale: Scale = "standardise"
    scale_targets: bool | None = None
    test: float | None = None
    stratified: bool = False
    seed: int = 0
    validation: float | None = None


@dataclass(frozen=True, eq=False)
class Fit(Shown):
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
    log: Log | None = None,
    solver: Solver = "descent",
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
    engine, progress, record_every, log : as in `train`.
    solver : "descent", or "exact" for the layer of least cost, in float64, by `deltarule.optimum`: of `descent` the reduction (the
        mean if none is given), the weight decay and the decay of biases make the cost, and nothing else may be given.

    Raises
    ------
    InputError
        If columns, values and options do not fit.
    """
    exact = choice("solver", solver, SOLVERS) == "exact"
    if exact:
        from deltarule.table_optimum import cost_of, least_cost

        _refuse_of_descent(engine, record_every, log)
        cost = cost_of(descent)
    elif descent.get("patience") is not None and preparation.test is None:
        remedy = "Add --test 0.2 (in Python test=0.2), or leave patience out."
        raise InputError("patience", "go with a test set, by which training stops", "none", remedy)
    prepared = prepare_table(
        source, columns, preparation, kind, activation=activation, classes=classes, biases=biases, double=exact
    )
    layer, scaling = prepared.layer, prepared.target_scaling
    X, D = prepared.scaled(prepared.training)
    if exact:
        layer, found, said = least_cost(layer, X, D, cost)
        model = Model(layer, None, prepared.encoding, prepared.input_scaling, scaling, columns.target, exact=found)
        return Fit(model, prepared.training, prepared.test, (*prepared.remarks, *said))
    chosen, notes = _descent(layer, X, D, descent)
    run = train(
        layer,
        X,
        D,
        chosen,
        engine,
        validation=None if prepared.test is None else prepared.scaled(prepared.test),
        progress=progress,
        record_every=record_every,
        log=log,
    )
    model = Model(run.layer, run, prepared.encoding, prepared.input_scaling, scaling, columns.target)
    return Fit(model, prepared.training, prepared.test, (*prepared.remarks, *notes))


def _refuse_of_descent(engine: str, record_every: int, log: Log | None) -> None:
    """An `InputError` where something is given that only a descent has."""
    given = {"engine": (engine, "compiled"), "record_every": (record_every, 1), "log": (log, None)}
    odd = next((name for name, (value, usual) in given.items() if value != usual), None)
    if odd is not None:
        rule = "be left out with the exact solver, which makes no descent"
        raise InputError(odd, rule, brief(given[odd][0]), "Leave it out, or choose the descent (--solver descent).")


@dataclass(frozen=True, eq=False)
class Prepared(Immutable):
    """A table, ready to train on.

    Attributes
    ----------
    layer : the initial layer.
    training, validation, test : inputs as the layer takes them, and targets as they were read; None without such a set.
    encoding, input_scaling, target_scaling : as in `Model`.
    remarks : what the reader of the table should be told; sentences without full stops.
    """

    layer: Layer
    training: tuple[Matrix, Any]
    validation: tuple[Matrix, Any] | None
    test: tuple[Matrix, Any] | None
    encoding: Encoding
    input_scaling: Scaling | None
    target_scaling: Scaling | None
    remarks: tuple[str, ...]

    def scaled(self, patterns: tuple[Matrix, Any]) -> tuple[Matrix, Any]:
        """The patterns with their targets as the layer takes them."""
        X, targets = patterns
        return X, targets if self.target_scaling is None else self.target_scaling.apply(targets)


def prepare_table(
    source: Source,
    columns: Columns,
    preparation: Preparation,
    kind: str | None = None,
    *,
    activation: str | None = None,
    classes: Sequence[Any] | None = None,
    biases: bool = True,
    double: bool = False,
) -> Prepared:
    """The columns of a table as patterns, and a layer for them.

    The inputs are made once, in their place: validation and test set stand behind the training set.

    Parameters
    ----------
    source, columns, preparation, kind, activation, classes, biases : as in `fit_table`.
    double : whether inputs and layer are float64, whatever the columns are.

    Raises
    ------
    InputError
        If columns, values and options do not fit.
    """
    choice("missing values", preparation.missing, MISSING)
    choice("scale", preparation.scale, SCALES, {"standardize": "standardise", "center": "centre"})
    if preparation.stratified and preparation.test is None:
        remedy = "Add --test 0.2 (in Python test=0.2), or leave stratified out."
        raise InputError("stratified split", "go with a test set", "none", remedy)
    names = input_columns(source, columns)
    of_kind = _class(source, columns, kind, activation, classes)
    if activation is not None and "activation" not in {field.name for field in fields(of_kind)}:
        remedy = "Leave it out, or choose a perceptron layer (--kind perceptron)."
        raise InputError(
            "activation", f"be left out for a {of_kind.kind} layer, which has its own", repr(activation), remedy
        )
    targets, remarks = _targets(source, columns.target, of_kind, classes)
    encoding, dtype, more = encoding_of(source, names, columns.categories, double=double)
    order, (count, followed) = _rows(preparation, targets)
    if order is not None:
        targets = targets[order]
    if classes is None and isinstance(targets, CodedLabels):
        _check_classes(source.at(columns.target[0]), targets, count)
    learned = _Learned(source, encoding.input_names, preparation, order, count)
    X = encoding.inputs_of(source, learned.fill, learned.finish, order=order, dtype=dtype)
    encoding, scaling = Encoding(encoding.columns, learned.stand_ins()), learned.scaling()
    training = X[:count], targets[:count]
    scales = preparation.scale_targets
    by_range = of_kind.kind == "perceptron" and not of_kind.has_classes if scales is None else scales
    if by_range and of_kind.has_classes:
        raise InputError(
            "scaling of the targets", "be left out for classes", f"a {of_kind.kind} layer", "Leave it out."
        )
    target_scaling = min_max(training[1]) if by_range else None
    options = {} if activation is None else {"activation": activation}
    layer = of_kind.for_targets(X.shape[1], training[1], classes=classes, seed=preparation.seed, **options)
    layer = layer.astype(dtype)
    constant = constant_inputs(training[0])
    layer = layer.with_parameters(
        np.where(constant[:, None], 0, layer.weights).astype(dtype), layer.biases if biases else None
    )
    return Prepared(
        layer.with_names(encoding.input_names, columns.target),
        training,
        None if preparation.validation is None else (X[count:followed], targets[count:followed]),
        None if preparation.test is None else (X[followed:], targets[followed:]),
        encoding,
        scaling,
        target_scaling,
        (
            *(*remarks, *more, *learned.notes),
            *_constant_notes(encoding.input_names, constant),
            *_scaling_notes(scaling, preparation.scale, target_scaling),
        ),
    )


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


def _targets(source: Source, names: Sequence[str], kind: type[Layer], classes: Any) -> tuple[Any, tuple[str, ...]]:
    """Labels (P,) as they were read, or numbers (P, K), and remarks on labels that were merged."""
    if len(names) == 1 and (kind.has_classes or classes is not None):
        return labels_of(source, names[0], kind=kind)
    return target_numbers(source, names), ()


def labels_of(
    source: Source, name: str, *, numbers: bool = True, kind: type[Layer] | None = None
) -> tuple[CodedLabels, tuple[str, ...]]:
    """The labels (P,) of a column, and remarks on those that were written in several ways.

    Parameters
    ----------
    source : the table.
    name : of the column.
    numbers : whether texts of a CSV file that are numbers or truth values are read as such.
    kind : of the layer that is to learn them, which takes no fractions; None: they may be any.
    """
    found = column_of_labels(source.read(name), source.at(name), numbers=numbers and not source.typed)
    if kind is not None and found.distinct.dtype.kind in "fO":
        check_labels(found.values, kind)
    return coded(found.distinct, found.places), merged([found.written])


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
                f"none in {source.at(name)}, {rows_named(missing + 1)}",
                f"Remove the row{'s' * (len(missing) > 1)}.",
            )
    return found


def _rows(preparation: Preparation, targets: Any) -> tuple[NDArray[np.intp] | None, tuple[int, int]]:
    """The rows, those that train first, then the validation set, then the test set; where the first and the second end.

    None stands for the rows as they are, which all train.
    """
    count = len(targets)
    if preparation.test is None and preparation.validation is None:
        return None, (count, count)
    labels = targets if isinstance(targets, CodedLabels) else None
    rows, parts = np.arange(count), []
    if preparation.test is not None:
        stratified = preparation.stratified
        rows, test = split(count, preparation.test, preparation.seed, stratified=stratified, labels=labels)
        parts.append(test)
    if preparation.validation is not None:
        from deltarule.sweeps.of_problem import validation_rows  # it loads what only sweeps need

        known = None if labels is None else labels[rows]
        training, validation = validation_rows(len(rows), preparation.validation, known)
        rows, parts = rows[training], [rows[validation], *parts]
    trained = len(rows)
    followed = trained if preparation.validation is None else trained + len(parts[0])
    return np.concatenate([rows, *parts]), (trained, followed)


def _check_classes(where: str, labels: CodedLabels, count: int) -> None:
    """An `InputError` where there is one class, or the training rows, the first `count`, lack one."""
    found = labels.occurring()
    if len(found) < 2:
        remedy = "Choose another column, or add rows of another class."
        raise InputError("target", "have at least two classes", f"{found[0]!r} alone in {where}", remedy)
    trained = labels[:count].occurring()
    lost = next((label for label in found if label not in trained), None)
    if lost is not None:
        raise InputError(
            "training set",
            "have rows of each class",
            f"none of {lost!r} among {counted(count, 'row')}, since the split keeps them for the test",
            "Add --stratified (in Python stratified=True), or keep fewer rows (--test).",
        )


class _Learned:
    """What is learned of each column as it is read, from the training rows alone: what stands for no value, and the scaling.

    Parameters
    ----------
    source : the table.
    names : of the inputs.
    preparation : what is asked for.
    order : (P,) the rows as they are read, those of the training set first; None: as in the table.
    count : of training rows.
    """

    def __init__(
        self,
        source: Source,
        names: Sequence[str],
        preparation: Preparation,
        order: NDArray[np.intp] | None,
        count: int,
    ) -> None:
        self.source, self.names, self.by, self.order, self.count = source, names, preparation.missing, order, count
        self.make = {"standardise": standardising, "centre": centring, "none": None}[preparation.scale]
        self.filled: list[Vector] = []
        self.scalings: list[Scaling] = []
        self.notes: list[str] = []

    def fill(self, column: InputColumn, _place: int, cells: Vector) -> Vector | None:
        """What the inputs of a column are where it has no value."""
        if self.by == "refuse":
            refuse_missing(column, cells, self.source, self.order)
            return None
        found = fill_of(column, cells[: self.count], self.by)
        self.filled.append(found)
        missing = int(np.isnan(cells).sum())
        if missing:
            value = f"its {self.by}, {found[0]:.6g}"
            if column.levels is not None:
                value = f"its most frequent category, {column.levels[int(found.argmax())]!r}"
            self.notes.append(f"{counted(missing, 'missing value')} of the column {column.name!r} became {value}")
        return found

    def finish(self, _place: int, values: Vector) -> None:
        """Scale an input."""
        if self.make is None:
            return
        try:
            scaling = self.make(values[: self.count, None])
        except InputError as error:
            name = self.names[len(self.scalings)]
            raise InputError(error.name, error.rule, f"the column {name!r}", error.remedy) from None
        scaling.apply_in_place(0, values)
        self.scalings.append(scaling)

    def stand_ins(self) -> Vector | None:
        """(N,) what stands for no value; None where such cells are refused."""
        return None if self.by == "refuse" else np.concatenate(self.filled)

    def scaling(self) -> Scaling | None:
        """Of all inputs; None where they stay as they are."""
        if self.make is None:
            return None
        return Scaling(
            np.concatenate([each.shift for each in self.scalings]),
            np.concatenate([each.scale for each in self.scalings]),
        )


def _constant_notes(names: Sequence[str], constant: NDArray[np.bool_]) -> list[str]:
    """A sentence on the inputs that are the same in all training rows."""
    found = [name for name, each in zip(names, constant, strict=True) if each]
    if not found:
        return []
    shown = ", ".join(map(repr, found[:NAMED])) + (f" and {len(found) - NAMED} more" if len(found) > NAMED else "")
    what, pronoun = ("input is", "it") if len(found) == 1 else ("inputs are", "them")
    return [f"The {what} the same in all training rows, so that nothing can be learned from {pronoun}: {shown}"]


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
