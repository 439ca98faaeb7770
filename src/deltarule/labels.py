"""Class labels of any kind: found, sorted, and turned into positions."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deltarule.errors import InputError

Label = Hashable


def plain(labels: Iterable[Any], name: str = "targets") -> list[Label]:
    """Labels as Python objects: NumPy's scalars become int, float, str or bool.

    Parameters
    ----------
    labels : a list, an array, a tensor or a series of labels (P,).
    name : what the labels are, for messages.

    Raises
    ------
    InputError
        If the labels are not a list, or one is missing or cannot be hashed.
    """
    if isinstance(labels, str) or not _iterable(labels):
        remedy = f"Give {list(labels[:3])!r} if each letter is one." if isinstance(labels, str) else "Give a list."
        raise InputError(name, "be a list of labels", repr(labels), remedy)
    if hasattr(labels, "tolist"):  # arrays, tensors, series
        labels = labels.tolist()
    found = [label.item() if isinstance(label, np.generic) else label for label in labels]
    where = "row" if name == "targets" else "place"
    for place, label in enumerate(found, start=1):
        if not isinstance(label, Hashable):
            raise InputError(
                name,
                "be labels: text, numbers or anything else hashable",
                f"{label!r} in {where} {place}",
                "Give one label each.",
            )
        if label is None or label != label:  # noqa: PLR0124 - NaN alone differs from itself
            raise InputError(
                name,
                "have no label missing",
                f"{label} in {where} {place}",
                "Fill it in, or leave it out with its data.",
            )
    return found


def _iterable(labels: object) -> bool:
    # An array without dimensions has the method, but cannot be gone through.
    return isinstance(labels, Iterable) and getattr(labels, "ndim", 1) > 0


def _is_plain_array(targets: Any) -> bool:
    """Whether targets are an array of whole numbers, truth values or texts: labels that cannot be missing, quick to sort."""
    return isinstance(targets, np.ndarray) and targets.ndim == 1 and targets.dtype.kind in "iubU"


def are_rows(targets: Any, classes: Iterable[Label] | None = None) -> bool:
    """Whether targets are rows of numbers (P, K) rather than labels (P,).

    Parameters
    ----------
    targets : an array, a list of rows or a list of labels.
    classes : the labels, where they are known: a tuple is then a label only if it is one of them. None: each tuple is a label.

    Examples
    --------
    >>> are_rows([[0, 1], [1, 0]]), are_rows(["no", "yes"]), are_rows([(0, 1), (1, 0)])
    (True, False, False)
    """
    if hasattr(targets, "ndim"):
        return bool(targets.ndim == 2)
    known = None if classes is None else tuple(classes)
    return isinstance(targets, Sequence) and len(targets) > 0 and all(_is_row(row, known) for row in targets)


def _is_row(row: object, classes: tuple[Label, ...] | None) -> bool:
    if isinstance(row, tuple):
        return classes is not None and row not in classes
    return isinstance(row, list) or getattr(row, "ndim", 0) > 0


def sorted_classes(targets: Iterable[Any]) -> tuple[Label, ...]:
    """The distinct labels, sorted; labels that cannot be compared are sorted by type, then as text.

    Parameters
    ----------
    targets : (P,) labels.

    Examples
    --------
    >>> sorted_classes(["no", "yes", "no"])
    ('no', 'yes')
    """
    if _is_plain_array(targets):
        targets = np.unique(np.asarray(targets))
    classes = list(dict.fromkeys(plain(targets)))
    try:
        return tuple(sorted(classes))  # type: ignore[type-var]
    except TypeError:
        return tuple(sorted(classes, key=lambda label: (type(label).__name__, str(label))))


def check_classes(classes: Iterable[Any]) -> tuple[Label, ...]:
    """The classes of a layer, in the order given.

    Parameters
    ----------
    classes : (K,) distinct labels, at least two, in the order of the neurons.

    Raises
    ------
    InputError
        If they are a set (which has no order), occur twice, or are fewer than two.
    """
    if isinstance(classes, set | frozenset):
        raise InputError(
            "classes", "come in the order of the neurons", "a set, which has none", "Give sorted(classes)."
        )
    labels = tuple(plain(classes, "classes"))
    if len(set(labels)) != len(labels):
        raise InputError("classes", "be distinct", list(labels), "Name each class once, in the order of the neurons.")
    if len(labels) < 2:
        raise InputError(
            "classes",
            "be at least two for a class layer",
            list(labels),
            "Add patterns of another class, or use a linear or perceptron layer.",
        )
    return labels


def positions(targets: Iterable[Any], classes: tuple[Label, ...]) -> NDArray[np.intp]:
    """The place of each label among the classes, from 0.

    Parameters
    ----------
    targets : (P,) labels.
    classes : (K,) the labels that are known.

    Raises
    ------
    InputError
        If a label is not among the classes.
    """
    place = {label: k for k, label in enumerate(classes)}
    if _is_plain_array(targets):
        distinct, inverse = np.unique(np.asarray(targets), return_inverse=True)
        if all(label in place for label in distinct.tolist()):
            return positions(distinct.tolist(), classes)[inverse]
    labels = plain(targets)
    try:
        return np.fromiter((place[label] for label in labels), dtype=np.intp, count=len(labels))
    except KeyError:
        row, label = next((p, label) for p, label in enumerate(labels, start=1) if label not in place)
        raise InputError(
            "targets",
            f"be among the layer's classes ({', '.join(map(repr, classes))})",
            f"{label!r} in row {row}",
            "Correct the label, or make the layer with this class.",
        ) from None


def as_array(labels: tuple[Label, ...]) -> NDArray[Any]:
    """The `labels` as an array (P,): of their own type if they share one, of objects otherwise."""
    if len({type(label) for label in labels}) == 1 and isinstance(labels[0], str | int | float):
        return np.array(labels)
    array = np.empty(len(labels), dtype=object)
    array[:] = labels
    return array
