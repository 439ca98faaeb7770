"""Records as plain values, and back: layers, descents, histories, runs, models."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import numpy as np

from deltarule.checks import brief, instance, numbers
from deltarule.data import Scaling
from deltarule.descent import Descent
from deltarule.errors import DeltaruleError, InputError
from deltarule.exact_fit import exact_fit_from
from deltarule.labels import as_python
from deltarule.layers import KINDS, Layer, class_of
from deltarule.layers.base import COMMON, NAMES
from deltarule.layers.kinds import CLASSES, VARIANTS
from deltarule.model import Model
from deltarule.outcome import Outcome, Reason
from deltarule.tables.encoding import encoding_from
from deltarule.training import History, Run

# The arrays of a history; all but the first two may be missing.
_COLUMNS = ("errors", "accuracy", "validation_cost", "validation_errors", "validation_accuracy")
_BROKEN = (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError, RecursionError)


def run_from(document: Mapping[str, Any]) -> Run:
    """The run that `Run.to_dict`, or `deltarule train --json`, wrote.

    Parameters
    ----------
    document : what it gave; keys that are not of the run, such as a title, are passed over. A seed that was a generator, which
        no document holds, is a new generator.

    Raises
    ------
    InputError
        If a value is missing, or is not what it should be.

    Examples
    --------
    >>> from deltarule import Descent, LinearLayer, train
    >>> run = train(LinearLayer([[0.0]], [0.0]), [[-1.0], [1.0]], [[-2.0], [2.0]], Descent(0.25, 60), "direct")
    >>> again = run_from(run.to_dict())
    >>> again.layer.weights.tolist() == run.layer.weights.tolist(), again.descent == run.descent
    (True, True)
    """
    instance("document of a run", document, Mapping, "Give what Run.to_dict gave.")
    try:
        return run_of(document, layer_from(document))
    except DeltaruleError:
        raise
    except _BROKEN as error:
        raise _broken("document of a run", error) from None


def model_document(model: Model) -> dict[str, Any]:
    """A model as a document whose arrays are arrays, for `storage.container`.

    Parameters
    ----------
    model : the model.

    Raises
    ------
    InputError
        If a class or a name has no form in a file, or the layer is of a kind of the user's own.
    """
    run = model.run
    found = {
        "layer": _layer_document(model.layer),
        "run": None if run is None else _run_document(run),
        "encoding": None if model.encoding is None else model.encoding.to_dict() | {"fill": model.encoding.fill},
        "target_names": _plain_labels("target names", model.target_names),
        "versions": dict(model.versions),
        "exact": None if model.exact is None else model.exact.to_dict() | {"costs": model.exact.costs},
    }
    for name in ("input_scaling", "target_scaling"):
        scaling = getattr(model, name)
        names = None if scaling is None else _plain_labels("names of a scaling", scaling.names)
        found[name] = None if scaling is None else {"shift": scaling.shift, "scale": scaling.scale, "names": names}
    return found


def model_from(document: Mapping[str, Any], where: str) -> Model:
    """The model of a document.

    Parameters
    ----------
    document : as `model_document` gives it.
    where : the name of its file, for messages.

    Raises
    ------
    InputError
        If a value is missing, or is not what it should be.
    """
    try:
        layer = layer_from(document["layer"])
        encoding, run = document["encoding"], document["run"]
        exact = document.get("exact")  # files of earlier versions do not have it
        versions = {str(name): str(version) for name, version in document["versions"].items()}
        return Model(
            layer,
            None if run is None else run_of(run, layer),
            None if encoding is None else encoding_from(encoding),
            _scaling_from(document["input_scaling"]),
            _scaling_from(document["target_scaling"]),
            _labels(document["target_names"]),
            versions,
            None if exact is None else exact_fit_from(exact),
        )
    except InputError as error:
        raise InputError("model file", "hold a model that is whole", f"{where!r}: {error}", "Train it again.") from None
    except _BROKEN as error:
        raise _broken(f"model file {where!r}", error) from None


def _broken(name: str, error: BaseException) -> InputError:
    what = f"none for {error}" if isinstance(error, KeyError) else f"another ({brief(str(error))})"
    return InputError(name, "have the values that it was written with", what, "Write it again.")


# ---- Layers.


def layer_from(document: Mapping[str, Any]) -> Layer:
    """The layer that `Layer.to_dict` wrote.

    Parameters
    ----------
    document : what it gave; other keys are passed over.
    """
    kind = document["kind"]
    if kind not in KINDS:
        raise InputError("kind of the layer", f"be one of {', '.join(KINDS)}", brief(kind), "Make the layer anew.")
    of_kind = class_of(KINDS[kind], activation=document.get("activation"), classes=document.get("classes"))
    fields_of_kind = [each.name for each in fields(of_kind) if each.name not in COMMON]
    own = {name: document[name] for name in fields_of_kind if document.get(name) is not None}
    if "classes" in own:
        own["classes"] = _labels(own["classes"])
    names: dict[str, Any] = {name: _labels(document.get(name)) for name in NAMES}
    weights, biases = document["weights"], document["biases"]
    if "classes" in own and len(names["target_names"] or ()) != np.shape(weights)[-1]:
        names["target_names"] = None  # in the JSON of a problem it is the name of the column of labels
    if document.get("dtype") == "float32":
        weights, biases = (None if each is None else np.asarray(each, np.float32) for each in (weights, biases))
    return of_kind(weights, biases, **own, **names)


def _layer_document(layer: Layer) -> dict[str, Any]:
    if type(layer) not in (*CLASSES, *VARIANTS):
        raise InputError(
            "layer to save",
            f"be of a kind that deltarule has: {', '.join(KINDS)}",
            f"a {type(layer).__name__}",
            "Save its weights and biases yourself: no file can hold your code.",
        )
    own = layer.own_fields()
    if own.get("classes") is not None:
        own["classes"] = _plain_labels("classes", own["classes"])
    names = {name: _plain_labels(name.replace("_", " "), getattr(layer, name)) for name in NAMES}
    biases = layer.biases if layer.has_biases else None
    return {"kind": layer.kind, "weights": layer.weights, "biases": biases, **own, **names}


def _plain_labels(name: str, labels: Any) -> list[Any] | None:
    """Labels as values of JSON: texts, numbers and truth values as they are, tuples as lists."""
    return None if labels is None else [_plain(name, as_python(label)) for label in labels]


def _plain(name: str, label: Any) -> Any:
    if isinstance(label, tuple):
        return [_plain(name, as_python(each)) for each in label]
    if type(label) is bool or type(label) is int or type(label) is float or isinstance(label, str):
        return str(label) if isinstance(label, str) else label
    raise InputError(
        f"{name} to save", "be texts, numbers or truth values", f"a {type(label).__name__}", "Turn them into texts."
    )


def _labels(labels: Any) -> tuple[Any, ...] | None:
    return None if labels is None else tuple(map(_label, labels))


def _label(written: Any) -> Any:
    return tuple(map(_label, written)) if isinstance(written, list) else written


# ---- Runs.


def _run_document(run: Run) -> dict[str, Any]:
    history = run.history
    arrays = {name: getattr(history, name) for name in ("epoch", "cost", *_COLUMNS)}
    rest = {name: getattr(history, name) for name in ("patterns", "validation_patterns", "every")}
    whole = run.to_dict()
    return {name: whole[name] for name in ("engine", "descent", "outcome", "updates", "seconds_per_update")} | {
        "history": arrays | rest
    }


def run_of(document: Mapping[str, Any], layer: Layer) -> Run:
    """The run of a layer.

    Parameters
    ----------
    document : all that `Run.to_dict` gives beside the layer.
    layer : the layer reached.
    """
    seconds = document["seconds_per_update"]
    return Run(
        layer,
        _history_from(document["history"]),
        _outcome_from(document["outcome"]),
        int(document["updates"]),
        math.nan if seconds is None else float(seconds),
        str(document["engine"]),
        _descent_from(document["descent"]),
    )


def _history_from(document: Mapping[str, Any]) -> History:
    epoch = np.asarray(document["epoch"])
    columns: dict[str, Any] = {"cost": numbers("costs of the history", document["cost"], 1, np.float64)}
    for name in _COLUMNS:
        given = document[name]
        columns[name] = None if given is None else numbers(f"{name} of the history", given, 1, np.float64)
    if epoch.ndim != 1 or (epoch.size and epoch.dtype.kind not in "iu"):
        raise InputError("epochs of the history", "be whole numbers", brief(document["epoch"]), "Write it again.")
    for name, column in columns.items():
        if column is not None and len(column) != len(epoch):
            raise InputError(
                f"{name} of the history", f"be {len(epoch)} numbers, one an epoch", len(column), "Write it again."
            )
    followed = document["validation_patterns"]
    return History(
        epoch=epoch.astype(np.int64),
        **columns,
        patterns=float(document["patterns"]),
        validation_patterns=None if followed is None else float(followed),
        every=int(document["every"]),
    )


def _outcome_from(document: Mapping[str, Any]) -> Outcome:
    reasons = {reason.key: reason for reason in Reason}
    if document["reason"] not in reasons:
        raise InputError(
            "reason of the outcome", f"be one of {', '.join(reasons)}", brief(document["reason"]), "Correct it."
        )
    remarks = tuple(str(remark) for remark in document["remarks"])
    return Outcome(reasons[document["reason"]], int(document["epochs"]), remarks, int(document["later_epochs"]))


def _descent_from(document: Mapping[str, Any]) -> Descent:
    values = dict(document)
    if values["seed"] is None:
        values["seed"] = np.random.default_rng()
    return Descent(**values)


def _scaling_from(document: Mapping[str, Any] | None) -> Scaling | None:
    return None if document is None else Scaling(document["shift"], document["scale"], _labels(document["names"]))
