"""How well a model predicts new data: `evaluate`, and the `Evaluation` that it gives. Scores are scikit-learn's."""

from __future__ import annotations

import math
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deltarule.checks import Matrix, instance
from deltarule.errors import InputError
from deltarule.json_values import json_value
from deltarule.layers import Layer
from deltarule.layers.answers import AnsweringLayer
from deltarule.metrics import Scores, scores
from deltarule.model import Model, gives_probabilities, probabilities
from deltarule.tables.sources import Source
from deltarule.views import Shown

# Bins of a calibration, from 0 to 1.
BINS = 10
# Patterns that are counted at once.
ROWS = 1 << 16


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


def evaluate(model: Model, data: ArrayLike | Source, targets: Any) -> Evaluation:
    """How well a model predicts data that it has not seen.

    Parameters
    ----------
    model : the model.
    data : as for `Model.predict`.
    targets : labels (P,), or numbers (P, K) in their own units.

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
    return evaluate_prepared(model, model.inputs_of(data), targets)


def evaluate_prepared(model: Model, X: Matrix, targets: Any) -> Evaluation:
    """`evaluate`, from inputs that are encoded and scaled already.

    Parameters
    ----------
    model : the model.
    X : (P, N) inputs as the layer takes them.
    targets : as for `evaluate`.
    """
    layer = model.layer
    if not layer.has_classes:
        names = model.target_names or layer.target_names or tuple(range(1, layer.neurons + 1))
        scaling = model.target_scaling
        D = targets if scaling is None else scaling.apply(targets)
        return Evaluation(len(X), target_names=names, scores=scores(layer, X, D, scaling))
    patterns = layer.patterns(X, targets)
    _, wrong = layer.evaluate(patterns)
    accuracy = 1 - (wrong or 0.0) / len(X)
    if layer.classes is None:
        return Evaluation(len(X), accuracy=accuracy, target_names=model.target_names)
    classes = layer.classes
    U = layer.synaptic_input(X)
    P = probabilities(layer, layer.output(X)) if gives_probabilities(layer) else None
    one_neuron = isinstance(layer, AnsweringLayer) and not layer.is_one_against_rest()
    # By their places: labels of many patterns take long to look up. D read as synaptic inputs gives the label back.
    true, found = (_places(layer, values, one_neuron=one_neuron) for values in (_centred(layer, patterns.D), U))
    score = np.hstack([-U, U]) if one_neuron else U if P is None or len(classes) == 2 else P
    del patterns, U  # of many patterns each takes as much as what is left
    confusion = _confusion(true, found, len(classes))
    return Evaluation(
        len(X),
        classes,
        accuracy,
        _balanced(confusion),
        confusion,
        None if P is None else _log_loss(true, P),
        _auc(true, score),
        None if P is None else _calibration(true, found, P),
    )


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


def _confusion(true: NDArray[np.intp], found: NDArray[np.intp], classes: int) -> NDArray[np.int64]:
    counts = np.zeros(classes * classes, np.int64)
    for start in range(0, len(true), ROWS):
        rows = slice(start, start + ROWS)
        counts += np.bincount(true[rows] * classes + found[rows], minlength=len(counts))
    return counts.reshape(classes, classes)


def _log_loss(true: NDArray[np.intp], P: Matrix) -> float | None:
    from sklearn.metrics import log_loss

    total = 0.0
    for start in range(0, len(P), ROWS):  # scikit-learn makes one-hot rows of the labels, twice
        some = P[start : start + ROWS].astype(np.float64)
        some /= some.sum(axis=1, keepdims=True)
        total += float(log_loss(true[start : start + ROWS], some, labels=np.arange(P.shape[1]), normalize=False))
    return total / len(P)


def _auc(true: NDArray[np.intp], score: Matrix) -> float | None:
    """The area under the ROC curve of the second of two classes, or the mean over classes that occur, and not alone."""
    from sklearn.metrics import roc_auc_score

    if score.shape[1] == 2:
        return float(roc_auc_score(true == 1, score[:, 1] - score[:, 0])) if len(np.unique(true)) == 2 else None
    known = np.unique(true)
    if len(known) < 2:
        return None
    return math.fsum(float(roc_auc_score(true == k, score[:, k])) for k in known) / len(known)


def _calibration(true: NDArray[np.intp], found: NDArray[np.intp], P: Matrix) -> Calibration:
    from sklearn.calibration import calibration_curve

    two = P.shape[1] == 2
    probability = np.clip(P[:, 1] if two else P[np.arange(len(P)), found], 0, 1).astype(np.float64)
    holds = true == 1 if two else true == found
    observed, predicted = calibration_curve(holds, probability, n_bins=BINS, pos_label=True)
    # The bins of scikit-learn, which leaves out the empty ones.
    counts = np.bincount(np.searchsorted(np.linspace(0, 1, BINS + 1)[1:-1], probability), minlength=BINS)
    counts = counts[counts > 0]
    error = float(np.sum(counts * np.abs(observed - predicted)) / len(P))
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
    return labels_of(source, names[0], numbers=not all(isinstance(label, str) for label in classes))[0]
