"""A problem given in Python: what frames, series, tensors and arrays in it hold, as lists and arrays, and the names of columns."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any, NamedTuple

import numpy as np

from deltarule.checks import rows_of_numbers
from deltarule.frames import column_names, dense, flat, is_foreign
from deltarule.labels import as_python
from deltarule.problem.section import placing

# Keys whose values are labels.
LABELS = ("targets", "classes")


class Names(NamedTuple):
    """The names of the columns of frames in a document; None where there are none.

    inputs : (N,) of the inputs.
    targets : (K,) of the targets.
    """

    inputs: tuple[Hashable, ...] | None
    targets: tuple[Hashable, ...] | None


def names_of(given: Mapping[str, Any]) -> Names:
    """The names of the columns of the inputs and of the targets of a document (`given`)."""
    data = given.get("data")
    if not isinstance(data, Mapping):
        return Names(None, None)
    targets = column_names(data.get("targets"))
    # The name of a column of labels is no class.
    return Names(column_names(data.get("inputs")), None if targets is None or len(targets) == 1 else targets)


def own(file: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """A document whose tables hold no frame, series, tensor or masked array, but lists or arrays in their place.

    One-hot columns that bear the names of classes become labels, so that the document says them when it is written.

    Parameters
    ----------
    file : for messages.
    given : the document.
    """
    document = {
        table: {key: _read(value, f"{file}, [{table}] {key}", str(key)) for key, value in keys.items()}
        if isinstance(keys, Mapping)
        else keys
        for table, keys in given.items()
    }
    layer, names = document.get("layer"), names_of(given).targets
    if not isinstance(layer, dict) or names is None:
        return document
    classes = layer.get("classes")
    if layer.get("kind") == "softmax" and classes is None:
        layer["classes"] = classes = list(names)
    rows = document["data"]["targets"]
    if isinstance(classes, list | tuple | np.ndarray) and sorted(map(str, classes)) == sorted(map(str, names)):
        with placing({}, f"{file}, [data] targets"):
            D = rows_of_numbers("targets", rows)
        if ((D == 0) | (D == 1)).all() and (D.sum(axis=1) == 1).all():
            document["data"]["targets"] = [names[place] for place in D.argmax(axis=1)]
    return document


def _read(value: Any, where: str, key: str) -> Any:
    """What a frame, series, tensor or masked array holds, or an error at its place; any other value as it is."""
    with placing({}, where):
        if isinstance(value, list | tuple):
            return [as_python(entry) for entry in value] if key in LABELS else dense(key, value)
        if not is_foreign(value):
            return value
        found = flat(key, value) if key in LABELS else value
        return found if isinstance(found, list) else np.asarray(dense(key, found))
