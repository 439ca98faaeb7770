"""How well a model predicts new data: `evaluate`, and the `Evaluation` that it gives. Scores are scikit-learn's."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deltarule.checks import Matrix, Vector, instance
from deltarule.errors import InputError
from deltarule.json_values import json_value
from deltarule.labels import CodedLabels, positions
from deltarule.layers import Layer
from deltarule.layers.answers import AnsweringLayer
from deltarule.layers.base import as_many
from deltarule.metrics import Scores, scores_of
from deltarule.model import Model, gives_probabilities, probabilities
from deltarule.streams import Stream
from deltarule.tables.sources import Source
from deltarule.views import Shown

# Bins of a calibration, from 0 to 1.
BINS = 10
# Numbers of the inputs that are worked on at once.
AT_ONCE = 1 << 19


@dataclass(frozen=True, eq=False)
class Calibration(Shown):
    """How often a prediction is right, by the probability that the model gave it. Bins without a pattern are left out.

    Attributes
    ----------
    predicted : (B,) the mean probability in each of at most ten bins of equal width.
    observed : (B,) the share of the patterns in it of which it was true.
    patterns : (B,) how many there are.
    error : the mean of |observed - predicted| over all patterns (expected calibration error).
    """

    predicted: NDArray[np.float64]
    observed: NDArray[np.float64]
    patterns: NDArray[np.int64]
    error: float

    def to_dict(self) -> dict[str, Any]:
        """Plain lists, for JSON."""
        return {name: json_value(getattr(self, name)) for name in ("predicted", "observed", "patterns", "error")}


@dataclass(frozen=True, eq=False, repr=False)
class Evaluation(Shown):
    """What `evaluate` returns.

    Attributes
    ----------
    patterns : how many.
    classes : (C,) the labels; None where the model predicts numbers, or has independent neurons.
    accuracy : the share that is predicted rightly; None where numbers are predicted.
    balanced_accuracy : the mean over the classes that occur of the share of each that is predicted rightly.
    confusion : (C, C) how many of the true class in the row were predicted as the class in the column.
    log_loss : the mean of -log of the probability of the true class; None without probabilities.
    auc : the area under the ROC curve, of two classes; of more the mean over the classes, each against the rest. None where it is
        not defined, since only one class occurs.
    calibration : of the probability of the second of two classes; of more of that of the predicted class. None where there are
        no probabilities.
    target_names : (K,) the variables, where numbers are predicted.
    scores : mean square error and R2 of each; None where classes are predicted.
    """

    patterns: int
    classes: tuple[Hashable, ...] | None = None
    accuracy: float | None = None
    balanced_accuracy: float | None = None
    confusion: NDArray[np.int64] | None = None
    log_loss: float | None = None
    auc: float | None = None
    calibration: Calibration | None = None
    target_names: tuple[Hashable, ...] | None = None
    scores: Scores | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers and lists, for JSON."""
        found = {
            name: json_value(getattr(self, name))
            for name in ("patterns", "classes", "accuracy", "balanced_accuracy", "confusion", "log_loss", "auc")
        }
        found["calibration"] = None if self.calibration is None else self.calibration.to_dict()
        if self.scores is not None and self.target_names is not None:
            by_name = self.scores.to_dict()
            found |= {
                name: dict(zip(map(str, self.target_names), by_name[name], strict=True))
                for name in ("mean_square_error", "r2")
            }
        return {name: value for name, value in found.items() if value is not None}

    def __repr__(self) -> str:
        if self.accuracy is not None:
            return f"<Evaluation on {self.patterns} patterns: accuracy {self.accuracy:.4f}>"
        return f"<Evaluation on {self.patterns} patterns>"


def evaluate(model: Model, data: ArrayLike | Source | Stream, targets: Any = None) -> Evaluation:
    """How well a model predicts data that it has not seen.

    Parameters
    ----------
    model : the model.
    data : as for `Model.predict`; or a stream, of which only the targets and the scores of the rows are kept in memory.
    targets : labels (P,), or numbers (P, K) in their own units. A stream holds its own.

    Raises
    ------
    InputError
        If data, targets and model do not fit.

    Examples
    --------
    >>> from deltarule import LogisticLayer, Model
    >>> model = Model(LogisticLayer([[1.0]], [0.0], classes=["no", "yes"]))
    >>> found = evaluate(model, [[2.0], [1.0], [-1.0], [0.5]], ["yes", "yes", "no", "no"])
    >>> found.accuracy, found.confusion.tolist(), found.auc
    (0.75, [[1, 1], [0, 2]], 1.0)
    """
    instance("model", model, Model, "Give what dr.load gives.")
    if isinstance(data, Stream):
        if targets is not None:
            got = f"{type(targets).__name__} beside a stream"
            raise InputError("targets", "be left out where a stream is given", got, "The stream holds its own.")
        return _evaluated(model, data.rows, model.input_blocks(data), data.targets())
    if isinstance(data, Source):
        return _evaluated(model, data.rows, model.input_blocks(data), targets)
    return evaluate_prepared(model, model.inputs_of(data), targets)


def evaluate_prepared(model: Model, X: Matrix, targets: Any) -> Evaluation:
    """`evaluate`, from inputs that are encoded and scaled already.

    Parameters
    ----------
    model : the model.
    X : (P, N) inputs as the layer takes them; the layer checks them some rows at a time.
    targets : as for `evaluate`.
    """
    rows = max(1, AT_ONCE // max(1, X.shape[1]))
    return _evaluated(model, len(X), (X[start : start + rows] for start in range(0, len(X), rows)), targets)


def _evaluated(model: Model, count: int, blocks: Iterable[Matrix], targets: Any) -> Evaluation:
    """The evaluation from inputs that come some rows at a time, of which no more is kept than is scored."""
    layer = model.layer
    if not layer.has_classes:
        names = model.target_names or layer.target_names or tuple(range(1, layer.neurons + 1))
        scaling = model.target_scaling
        D = layer.astype(np.float64).encode(targets if scaling is None else scaling.apply(targets))
        as_many(D, count)
        Y = np.concatenate([layer.output(X) for X in blocks])
        if scaling is not None:
            D, Y = scaling.undo(D), scaling.undo(Y)
        return Evaluation(count, target_names=names, scores=scores_of(D, Y))
    desired = _desired(layer, targets)
    as_many(targets, count)
    counted = _Counted(layer, count)
    for X in blocks:
        counted.add(layer.synaptic_input(X), desired(slice(counted.done, counted.done + len(X))))
    accuracy = 1 - counted.wrong / count
    if layer.classes is None:
        return Evaluation(count, accuracy=accuracy, target_names=model.target_names)
    known = gives_probabilities(layer)
    return Evaluation(
        count,
        layer.classes,
        accuracy,
        _balanced(counted.confusion),
        counted.confusion,
        counted.log_loss / count if known else None,
        _auc(counted.true, counted.score),
        _calibration(counted.holds, counted.probability) if known else None,
    )


def _desired(layer: Layer, targets: Any) -> Callable[[slice], Matrix]:
    """Gives the desired outputs D of some patterns; those of labels are made then, since all of them may fill the memory."""
    if isinstance(targets, CodedLabels) and layer.classes is not None:
        positions(targets, layer.classes)  # which names the row of a label that is none
        return lambda rows: layer.encode(targets[rows])
    D = layer.encode(targets)
    return lambda rows: D[rows]


class _Counted:
    """What is counted of classes, and kept for scores that need all patterns at once.

    Attributes
    ----------
    done : how many patterns were counted.
    wrong : how many of them are predicted wrongly.
    confusion, log_loss : as in `Evaluation`; the log-loss is a sum.
    true : (P,) the places of the true classes.
    score : (P,) of two classes how much more there is for the second; of more (P, C) what there is for each.
    probability, holds : (P,) the probability of the second of two classes, or of the predicted one; and whether it is true.
    """

    def __init__(self, layer: Layer, count: int) -> None:
        self.layer, self.done, self.wrong, self.log_loss = layer, 0, 0, 0.0
        classes = 0 if layer.classes is None else len(layer.classes)
        self.confusion = np.zeros((classes, classes), np.int64)
        self.true = np.empty(count if classes else 0, np.min_scalar_type(max(classes - 1, 1)))
        self.score = np.empty(() if not classes else count if classes == 2 else (count, classes), layer.dtype)
        self.probability = np.empty(count if classes and gives_probabilities(layer) else 0)
        self.holds = np.empty(len(self.probability), np.bool_)
        self._one_neuron = isinstance(layer, AnsweringLayer) and not layer.is_one_against_rest()

    def add(self, U: Matrix, D: Matrix) -> None:
        """Count some patterns.

        Parameters
        ----------
        U, D : (Q, K) their synaptic inputs and desired outputs.
        """
        layer, rows = self.layer, slice(self.done, self.done + len(U))
        self.done += len(U)
        wrong = layer.unchecked_wrong(U, D)
        self.wrong += 0 if wrong is None else int(wrong.sum())
        if layer.classes is None:
            return
        two, classes = len(layer.classes) == 2, len(layer.classes)
        # By their places: labels of many patterns take long to look up. D read as synaptic inputs gives the label back.
        true, found = (_places(layer, values, one_neuron=self._one_neuron) for values in (_centred(layer, D), U))
        self.true[rows] = true
        self.confusion += np.bincount(true * classes + found, minlength=classes**2).reshape(classes, classes)
        if two:
            self.score[rows] = 2 * U[:, 0] if self._one_neuron else U[:, 1] - U[:, 0]
        if not gives_probabilities(layer):
            if not two:
                self.score[rows] = U
            return
        with np.errstate(over="ignore", invalid="ignore"):  # where inputs are so large that U overflows
            P = probabilities(layer, layer.activate(U))
        if not two:
            self.score[rows] = P
        self.log_loss += _log_loss(true, P)
        chosen = P[:, 1] if two else P[np.arange(len(P)), found]
        self.probability[rows], self.holds[rows] = np.clip(chosen, 0, 1), true == 1 if two else true == found


def _centred(layer: Layer, D: Matrix) -> Matrix:
    """Desired outputs, above 0 where the answer is yes."""
    return D - sum(layer.answers) / 2 if isinstance(layer, AnsweringLayer) else D


def _places(layer: Layer, U: Matrix, *, one_neuron: bool) -> NDArray[np.intp]:
    """The place of the predicted class (P,) among the classes."""
    if one_neuron and isinstance(layer, AnsweringLayer):
        yes: NDArray[np.intp] = layer.says_yes(U)[:, 0].astype(np.intp)
        return yes
    largest: NDArray[np.intp] = U.argmax(axis=1)
    return largest


def _balanced(confusion: NDArray[np.int64]) -> float:
    """The mean over the classes that occur of the share of each that is predicted rightly."""
    patterns = confusion.sum(axis=1)
    occur = patterns > 0
    return float((np.diag(confusion)[occur] / patterns[occur]).mean())


def _log_loss(true: NDArray[np.intp], P: Matrix) -> float:
    """The sum of -log of the probabilities of the true classes."""
    from sklearn.metrics import log_loss

    P = P.astype(np.float64)
    P /= P.sum(axis=1, keepdims=True)
    return float(log_loss(true, P, labels=np.arange(P.shape[1]), normalize=False))


def _auc(true: NDArray[Any], score: Matrix) -> float | None:
    """The area under the ROC curve of the second of two classes, or the mean over classes that occur, and not alone."""
    from sklearn.metrics import roc_auc_score

    known = np.unique(true)
    if len(known) < 2:
        return None
    if score.ndim == 1:
        return float(roc_auc_score(true == 1, score))
    return math.fsum(float(roc_auc_score(true == k, score[:, k])) for k in known) / len(known)


def _calibration(holds: NDArray[np.bool_], probability: Vector) -> Calibration:
    from sklearn.calibration import calibration_curve

    observed, predicted = calibration_curve(holds, probability, n_bins=BINS, pos_label=True)
    # The bins of scikit-learn, which leaves out the empty ones.
    counts = np.bincount(np.searchsorted(np.linspace(0, 1, BINS + 1)[1:-1], probability), minlength=BINS)
    counts = counts[counts > 0]
    error = float(np.sum(counts * np.abs(observed - predicted)) / len(probability))
    return Calibration(predicted, observed, counts.astype(np.int64), error)


def targets_of(model: Model, source: Source) -> Any:
    """The targets of a table for a model: labels (P,), or numbers (P, K).

    Parameters
    ----------
    model : the model.
    source : the table, with the target columns that the model was trained on.

    Raises
    ------
    InputError
        If the model knows no names of targets, or the table lacks one.
    """
    from deltarule.fitting import labels_of, target_numbers

    names = None if model.target_names is None else [str(name) for name in model.target_names]
    if names is None:
        raise InputError("model", "know the names of its targets", "none", "Give the targets, as in --target COLUMN.")
    for name in names:
        if name not in source.names:
            got = f"no column {name!r} in {source.where}"
            raise InputError("table", "have the target that the model predicts", got, "Add it, or use predict.")
    classes = model.layer.classes
    if classes is None:
        return target_numbers(source, names)
    # Where all classes are texts, 1 in a CSV file is one too.
    labels = labels_of(source, names[0], numbers=not all(isinstance(label, str) for label in classes))[0]
    try:
        positions(labels, classes)
    except InputError as error:
        label, _, row = str(error.got).rpartition(" in row ")
        got = f"{label} in {source.at(names[0])}, row {int(row) - 1 + source.first}"
        remedy = error.remedy.replace("make the layer with this class", "train on rows of this class")
        raise InputError(error.name, error.rule.replace("layer's", "model's"), got, remedy) from None
    return labels
