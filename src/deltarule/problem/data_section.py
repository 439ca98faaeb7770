"""[data]: the inputs and targets of a problem, from one of three sources: the file itself, a table on disk, or a data set."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from deltarule import datasets, labels
from deltarule.checks import brief
from deltarule.errors import InputError, ProblemError
from deltarule.layers import Layer, LogisticLayer, RosenblattLayer
from deltarule.problem.keys import KEYS
from deltarule.problem.section import Section
from deltarule.problem.values import matrix
from deltarule.tables import Table, read_table

# The keys that say how a CSV file is written.
OF_TABLES = ("header", "separator", "decimal_mark")


def pointing(keys: Section) -> AbstractContextManager[None]:
    """Turn an `InputError` on inputs or targets into a `ProblemError` at the key of [data] that they come from.

    Parameters
    ----------
    keys : of [data].
    """
    return keys.pointing(
        {"inputs": inputs_key(keys), "table": "table", "decimal": "decimal_mark", **{key: key for key in OF_TABLES}}
        | dict.fromkeys(("targets", "one-hot targets"), targets_key(keys))
    )


def inputs_key(keys: Section) -> str:
    """The one of the `keys` of [data] from which the inputs come."""
    return next((key for key in ("dataset", "inputs", "table") if key in keys), "inputs")


def targets_key(keys: Section) -> str:
    """The one of the `keys` of [data] from which the targets come."""
    return next((key for key in ("dataset", "target") if key in keys), "targets")


# ---- The three sources.


def read(keys: Section, kind: type[Layer], folder: Path, root: Path | None = None) -> Table:
    """The patterns of a data set, of a table on disk, or of rows in the file.

    Parameters
    ----------
    keys : of [data].
    kind : of the layer.
    folder : to which the path of a table is relative.
    root : the folder that a table must lie in; None: `folder`.
    """
    if "table" in keys and "dataset" in keys:
        raise ProblemError(keys.at("dataset"), "A problem has one source of data. Keep table or dataset.")
    for source, others in {"table": ("targets",), "dataset": ("inputs", "targets", "target", *OF_TABLES)}.items():
        for key in others:
            if source in keys and key in keys:
                remedy = "Choose columns with target and inputs." if source == "table" else "Leave it out."
                raise ProblemError(keys.at(key), f"This key does not go with {source}. {remedy}")
    if "dataset" in keys:
        with keys.pointing("dataset"):
            dataset = datasets.load(keys.need("dataset"))
        return Table(dataset.inputs, dataset.targets, dataset.input_names, dataset.target_names)
    if "table" in keys:
        path, target = keys.need("table"), keys.need("target")
        if root is not None:
            # As seen from the root, where its links are followed; what leads out of it begins with `..` then.
            path = os.path.relpath(Path(os.path.realpath(folder), path), os.path.realpath(root))
        # A list of one column is read as numbers: a cell that is not a number is an error that names it. Classes are labels.
        one = target[0] if isinstance(target, list) and len(target) == 1 else target
        required = one if kind.has_classes else [one] if isinstance(one, str | int) else target
        with pointing(keys):
            found = read_table(
                path,
                target=required,
                inputs=keys.get("inputs"),
                root=root or folder,
                **{key: keys.get(key) for key in OF_TABLES if keys.get(key) is not None},
            )
        answers = isinstance(target, list) and found.targets.ndim == 1 and _are_answers(found.targets.tolist(), kind)
        return replace(found, targets=found.targets.astype(float)[:, None]) if answers else found
    if "target" in keys:
        raise ProblemError(keys.at("target"), "This key names columns of a table. Add table, or write targets instead.")
    for key in OF_TABLES:
        if key in keys:
            raise ProblemError(keys.at(key), "This key is about a table. Add table, or leave it out.")
    if "inputs" not in keys and "targets" not in keys:
        raise ProblemError(
            keys.where.rstrip(), "This table names no data. Give inputs and targets, or table and target, or dataset."
        )
    return _inline(keys, kind)


def _inline(keys: Section, kind: type[Layer]) -> Table:
    given, targets = keys.need("inputs"), keys.need("targets")
    with pointing(keys):
        X = matrix("inputs", given)
        if X.shape[1] == 0:
            raise InputError("inputs", "have at least one column", "empty rows", "Write the numbers of each pattern.")
        D = _inline_targets(targets, kind)
    names = [f"d{k}" for k in range(1, D.shape[1] + 1)] if D.ndim == 2 else ["target"]
    return Table(X, D, tuple(f"x{n}" for n in range(1, X.shape[1] + 1)), tuple(names))


def _are_answers(column: list[Any], kind: type[Layer]) -> bool:
    """Whether a column is answers of a neuron that answers yes or no by itself (0 and 1; of a sign -1), and no column of labels."""
    answers = (-1, 0, 1) if issubclass(kind, RosenblattLayer) else (0, 1)
    numbers = all(isinstance(value, int | float) and value in answers for value in column)
    return numbers and kind in (LogisticLayer, RosenblattLayer)


def _inline_targets(given: Any, kind: type[Layer]) -> NDArray[Any]:
    """Rows of numbers (P, K), or labels or numbers (P,), all of one sort: `1` and `"1"` in one list are a mistake."""
    if kind.has_classes and isinstance(given, list) and all(isinstance(row, list) and len(row) == 1 for row in given):
        column = [row[0] for row in given]
        if not _are_answers(column, kind):
            given = column
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
    """The sort of target that a value is; None where it is not a target."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    return "text" if isinstance(value, str) else "row" if isinstance(value, list) else None
