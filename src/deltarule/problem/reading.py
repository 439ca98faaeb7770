"""A `Problem` from a file, or from a document made in Python."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from deltarule import checks
from deltarule.checks import brief, whole
from deltarule.descent import Descent
from deltarule.documents import check_depth, too_deep
from deltarule.errors import InputError, ProblemError
from deltarule.layers import KINDS, OTHER_NAMES, class_of
from deltarule.printable import printable
from deltarule.problem import conventions_section, data_section, marking_section, preparing
from deltarule.problem.given import names_of, own
from deltarule.problem.initial_layer import in_order_of_classes, initial_layer
from deltarule.problem.keys import KEYS
from deltarule.problem.marking_section import Askable
from deltarule.problem.problem import Problem
from deltarule.problem.section import Section, section, top
from deltarule.problem.toml_file import load
from deltarule.typeset.figures import decimals_shown

# Types of values that are plain and hold no others.
PLAIN = {bool, int, float, str}


def read_problem(path: str | os.PathLike[str], *, root: str | os.PathLike[str] | None = None) -> Problem:
    """The problem of a TOML file. docs/problem-file.md describes its keys.

    Parameters
    ----------
    path : the file. The path of a table in it is relative to its folder.
    root : the folder that a table must lie in; None: the folder of the file, or one below.

    Raises
    ------
    ProblemError
        If the file cannot be read, or a key is unknown, missing, or breaks its rule; it names the key and the remedy.

    Examples
    --------
    >>> from importlib import resources
    >>> problem = read_problem(resources.files("deltarule.tutorial") / "problems/question_1.toml")
    >>> problem.layer.classes, round(problem.layer.cost(problem.X, problem.targets), 4)
    (('A', 'B', 'C'), 34.4994)
    """
    path = checks.path("problem file", path)
    # A name of another encoding has letters that no file can hold.
    return _problem(load(path), path.parent, _root(root), printable(path.name), printable(path.stem))


def problem_from(
    document: Mapping[str, Any],
    folder: str | os.PathLike[str] = Path(),
    *,
    root: str | os.PathLike[str] | None = None,
) -> Problem:
    """The problem of a document made in Python: dictionaries where a problem file has tables.

    Parameters
    ----------
    document : tables by their names, as `tomllib` reads a file. Arrays and tuples may stand for lists; a key whose value is
        None counts as left out.
    folder : the folder to which the path of a table is relative.
    root : the folder that a table must lie in; None: `folder`, or one below.

    Raises
    ------
    ProblemError
        As `read_problem`.

    Examples
    --------
    >>> problem = problem_from({
    ...     "title": "Double it",
    ...     "layer": {"kind": "linear", "weights": [[0.0]]},
    ...     "data": {"inputs": [[1], [2]], "targets": [2, 4]},
    ...     "descent": {"learning_rate": 0.1, "epochs": 10},
    ... })
    >>> problem.layer.cost(problem.X, problem.targets)  # 1/2 (2^2 + 4^2)
    10.0
    """
    return _problem(document, checks.path("folder", folder), _root(root), "problem", "problem")


def _root(root: str | os.PathLike[str] | None) -> Path | None:
    root = None if root is None else checks.path("root", root)
    if root is not None and not os.path.isdir(root):  # noqa: PTH112 - `Path.is_dir` fails where a name is too long
        raise InputError("root", "be a folder that exists", repr(str(root)), "Give a folder above the tables.")
    return root


def _problem(given: Mapping[str, Any], folder: Path, root: Path | None, file: str, title: str) -> Problem:
    if not isinstance(given, Mapping):
        raise ProblemError(file, str(InputError("document", "be a dictionary", brief(given), "Give tables by name.")))
    try:
        check_depth(given)
        document: dict[str, Any] = _plain(file, own(file, given))
    except InputError as error:
        raise ProblemError(file, str(error)) from None
    except RecursionError:  # arrays of objects that hold themselves
        raise ProblemError(file, str(too_deep())) from None
    head = top(file, document)
    document["title"] = head.get("title") if "title" in head else title
    layer_keys, data_keys, descent_keys = (section(file, document, name) for name in ("layer", "data", "descent"))
    marking_keys = section(file, document, "marking", optional=True)
    decimals = _decimals(section(file, document, "show", optional=True))
    descent = _descent(descent_keys)
    conventions = conventions_section.read(section(file, document, "conventions", optional=True))
    kind = layer_keys.one_of("kind", KINDS, OTHER_NAMES)
    kind = class_of(kind, activation=layer_keys.get("activation"), classes=layer_keys.get("classes"))

    table = data_section.read(data_keys, kind, folder, root)
    targets = preparing.as_targets(data_keys, kind, table)
    own_names = names_of(given)
    names = None if "targets" in data_keys else table.target_names
    targets_at = data_keys.at(data_section.targets_key(data_keys))
    layer = initial_layer(layer_keys, kind, table.inputs.shape[1], targets, names, targets_at, conventions)
    targets = in_order_of_classes(targets, names, layer, layer_keys.at("classes"))
    if "inputs" not in data_keys or "table" in data_keys:  # names of inputs in the file are made up
        layer = layer.with_names(table.input_names, table.target_names)
    else:
        with data_section.pointing(data_keys):
            layer = layer.with_names(own_names.inputs, own_names.targets)
    patterns = preparing.as_patterns(data_keys, table.inputs, targets, layer)
    prepared = preparing.prepare(data_keys, patterns, layer)
    askable = Askable(
        kind=kind.kind,
        has_classes=kind.has_classes,
        classes=layer.classes or (),
        updates=descent.epochs * descent.updates_per_epoch(len(prepared.training.X)),
        has_test=prepared.test is not None,
        has_biases=layer.has_biases,
        has_momentum=descent.momentum > 0,
    )
    return Problem(
        title=document["title"],
        layer=layer,
        X=prepared.training.X,
        targets=layer.decode(prepared.training.D),
        patterns=prepared.training,
        descent=descent,
        test=None if prepared.test is None else (prepared.test.X, layer.decode(prepared.test.D)),
        input_names=table.input_names,
        target_names=table.target_names,
        decimals=decimals,
        input_scaling=prepared.input_scaling,
        target_scaling=prepared.target_scaling,
        standardised=data_keys.get("standardise"),
        init_seed=layer_keys.inner("init").get("seed"),
        document=document,
        folder=folder,
        marking=marking_section.read(marking_keys, askable),
        remarks=table.remarks,
        conventions=conventions.of_layer(layer),
    )


def _plain(file: str, value: Any) -> Any:
    """A document, or a value in it, as plain Python values of its own, without the keys that are None."""
    if isinstance(value, np.ndarray | np.generic):
        plain = (value.astype(np.float64) if value.dtype == np.longdouble else value).tolist()
        return _plain(file, plain) if value.dtype == object else plain
    if isinstance(value, Mapping):
        named = {str(key): item for key, item in value.items() if item is not None}
        if len(named) < sum(item is not None for item in value.values()):
            raise ProblemError(file, "A key stands twice, as text and as another type. Keep one.")
        return {key: _plain(file, item) for key, item in named.items()}
    if isinstance(value, list | tuple):
        return [item if type(item) in PLAIN else _plain(file, item) for item in value]
    return value


def _decimals(keys: Section) -> int:
    with keys.pointing("decimals"):
        return decimals_shown(keys.get("decimals"))


def _descent(keys: Section) -> Descent:
    keys.need("learning_rate")
    keys.need("epochs")
    names = {key.replace("_", " "): key for key in KEYS["descent"]} | {"number of epochs": "epochs"}
    with keys.pointing(names):
        # In a document a seed is a number: a `numpy.random.Generator` could not be written.
        whole("seed", keys.get("seed"), 0, "Give a whole number.")
        return Descent(**keys.values)
