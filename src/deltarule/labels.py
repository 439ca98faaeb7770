"""Class labels of any kind: found, sorted, and turned into positions."""

from __future__ import annotations

import math
import numbers
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deltarule.checks import brief, listed
from deltarule.errors import InputError
from deltarule.frames import flat, is_tensor

Label = Hashable
# The types of Python's that labels have as they are.
_PLAIN = frozenset({str, int, float, bool, bytes})
# Those that can be neither missing nor infinite.
_NEVER_MISSING = frozenset({str, int, bytes})
# So many labels are looked up one by one in less time than they are sorted.
FEW = 256


@dataclass(frozen=True, eq=False)
class CodedLabels:
    """Labels (P,) as places among the classes, a byte or two each: of many patterns the labels themselves take as much as inputs.

    Parameters
    ----------
    classes : the distinct labels.
    codes : (P,) the place of each pattern's label among them, whole numbers from 0.

    Examples
    --------
    >>> coded = CodedLabels(("no", "yes"), np.array([1, 0, 1]))
    >>> len(coded), coded[1:].tolist()
    (3, ['no', 'yes'])
    """

    classes: tuple[Label, ...]
    codes: NDArray[np.integer[Any]]

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, rows: Any) -> CodedLabels:
        return CodedLabels(self.classes, self.codes[rows])

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        """The labels, for NumPy."""
        return np.asarray(as_array(self.classes)[self.codes], dtype)

    def tolist(self) -> list[Label]:
        """The labels."""
        found: list[Label] = np.asarray(self).tolist()
        return found

    def occurring(self) -> list[Label]:
        """The classes that some pattern has."""
        counts = np.bincount(self.codes, minlength=len(self.classes))
        return [label for label, count in zip(self.classes, counts, strict=True) if count]


def coded(labels: NDArray[Any], places: NDArray[np.integer[Any]] | None = None) -> CodedLabels:
    """Labels as places among their classes, which are sorted.

    Parameters
    ----------
    labels : (P,) the labels, or some that hold each of them.
    places : (P,) the place of each pattern's label among those; None: they are the patterns' own.

    Examples
    --------
    >>> coded(np.array(["b", "a", "b"])).codes.tolist()
    [1, 0, 1]
    """
    classes = sorted_classes(labels)
    found = positions(labels, classes).astype(np.min_scalar_type(max(len(classes) - 1, 1)))
    return CodedLabels(classes, found if places is None else found[places])


def plain(labels: Iterable[Any], name: str = "targets") -> list[Label]:
    """Labels as Python objects: NumPy's scalars become int, float, str or bool.

    Parameters
    ----------
    labels : a list, an array, a tensor or a series of labels (P,).
    name : what the labels are, for messages.

    Raises
    ------
    InputError
        If the labels are not a list; one is missing, infinite, or cannot be hashed; or a boolean equals a number, as True does 1.
    """
    if _is_plain_list(labels):
        return list(labels)
    labels = labels.tolist() if isinstance(labels, CodedLabels) else flat(name, labels)
    if (
        isinstance(labels, str | bytearray)
        or not _iterable(labels)
        or hasattr(labels, "columns")
        or (name == "targets" and _has_no_order(labels))
    ):
        remedy = f"Give {list(labels[:3])!r} if each letter is one." if isinstance(labels, str) else "Give a list."
        raise InputError(name, "be a list of labels", brief(labels), remedy)
    # Dates stay NumPy's, since a list would count their nanoseconds.
    if hasattr(labels, "tolist") and getattr(getattr(labels, "dtype", None), "kind", "") not in ("M", "m"):
        try:
            labels = labels.tolist()
        except Exception:  # noqa: BLE001 - a tensor without data
            raise InputError(name, "be a list of labels", brief(labels), "Give a list.") from None
    found = listed(name, labels, "Give a list.")
    kinds = set(map(type, found))
    if not kinds <= _PLAIN:
        found = [as_python(label) for label in found]
        kinds = set(map(type, found))
    if kinds <= _NEVER_MISSING:
        return found
    where = "row" if name == "targets" else "place"
    for place, label in enumerate(found, start=1):
        if not _hashable(label):
            raise InputError(
                name,
                "be labels: text, numbers or anything else hashable",
                f"{brief(label)} in {where} {place}",
                "Give one label each.",
            )
        if _is_missing(label):
            raise InputError(
                name,
                "have no label missing",
                f"{label} in {where} {place}",
                "Fill it in, or leave it out with its data.",
            )
        if _is_infinite(label):
            raise InputError(
                name, "be finite where they are numbers", f"{label} in {where} {place}", "Correct it, or give texts."
            )
    if bool in kinds and kinds & {int, float}:
        _refuse_equal(found, name, where)
    return found


def _has_no_order(labels: Any) -> bool:
    """Whether labels of patterns come in no order: those of a set, or the keys of a mapping."""
    return isinstance(labels, Mapping | set | frozenset)


def as_python(label: Any) -> Any:
    """A label of NumPy, PyTorch or Arrow as Python's: two tensors of the same number are not equal, nor have they one hash.

    Parameters
    ----------
    label : any value; one that is none of these is given back as it is.
    """
    kind = type(label)
    if kind in _PLAIN or isinstance(label, np.datetime64 | np.timedelta64):
        return label
    if hasattr(label, "as_py") and kind.__module__.startswith("pyarrow"):
        return label.as_py()
    if isinstance(label, np.generic | np.ndarray) or is_tensor(kind):
        if label.ndim > 0:
            return label
        try:
            item = label.item()
        except Exception:  # noqa: BLE001 - a tensor without data
            return [label]  # which is no label
        return float(item) if isinstance(item, np.longdouble) else item
    return label


def _hashable(label: Any) -> bool:
    """Whether a label can be told from others and shown."""
    try:
        hash(label)
        str(label), repr(label)
    except Exception:  # noqa: BLE001 - a tuple that holds a list, or an object of the user's, which may raise anything
        return False
    return True


def _is_infinite(label: Any) -> bool:
    """Whether a label is an infinite number, of any kind."""
    try:
        return isinstance(label, numbers.Number) and bool(abs(label) == math.inf)  # type: ignore[arg-type]
    except OverflowError:  # a complex number whose parts are finite
        return False


def _is_missing(label: Any) -> bool:
    """Whether a label stands for none: None, or NaN, NaT and NA, which do not equal themselves."""
    if label is None:
        return True
    try:
        return not bool(label == label)  # noqa: PLR0124
    except (TypeError, ValueError):  # pandas.NA is neither equal nor unequal
        return True


def _refuse_equal(labels: list[Any], name: str, where: str) -> None:
    """An `InputError` where True and 1 (or False and 0) both occur: they are equal, and would be one class."""
    for flag in (True, False):
        places = {type(label) is bool: place for place, label in enumerate(labels, 1) if label == flag}
        if len(places) == 2:
            raise InputError(
                name,
                f"not hold {flag} beside {int(flag)}, which equals it",
                f"{flag} in {where} {places[True]} and {int(flag)} in {where} {places[False]}",
                "Give booleans only, numbers only, or texts.",
            )


def _iterable(labels: object) -> bool:
    # An array without dimensions has the method, but cannot be gone through.
    return isinstance(labels, Iterable) and getattr(labels, "ndim", 1) > 0


def _is_plain_list(targets: Any) -> bool:
    """Whether targets are a list of texts and whole numbers alone: labels as they are, which need no other look."""
    return type(targets) is list and set(map(type, targets)) <= _NEVER_MISSING


def _is_plain_array(targets: Any) -> bool:
    """Whether targets are an array of whole numbers, truth values or texts: labels that cannot be missing, quick to sort."""
    return type(targets) is np.ndarray and targets.ndim == 1 and targets.dtype.kind in "iubU"


def one_column(targets: Any, name: str = "targets", classes: Iterable[Label] | None = None) -> Any:
    """Targets of one column (P, 1) as flat ones (P,), and those of a series as a list; all others as they are.

    Parameters
    ----------
    targets : a frame, a series, an array, a list of rows or a list of labels.
    name : what the targets are, for messages.
    classes : as in `are_rows`.

    Examples
    --------
    >>> one_column([["a"], ["b"]]), one_column([[0, 1], [1, 0]])
    (['a', 'b'], [[0, 1], [1, 0]])
    """
    if _is_plain_list(targets) or isinstance(targets, CodedLabels):
        return targets
    targets = flat(name, targets)
    if getattr(targets, "ndim", 1) == 2 and targets.shape[1] == 1:
        return targets[:, 0]
    if isinstance(targets, Sequence) and are_rows(targets, classes) and all(map(_is_one, targets)):
        return [row[0] for row in targets]
    return targets


def _is_one(row: Any) -> bool:
    """Whether a row has one entry."""
    try:
        return getattr(row, "ndim", 1) == 1 and len(row) == 1
    except Exception:  # noqa: BLE001 - a list of the user's own may raise anything
        return False


def are_rows(targets: Any, classes: Iterable[Label] | None = None) -> bool:
    """Whether targets are rows of numbers (P, K) rather than labels (P,).

    Parameters
    ----------
    targets : an array, a frame, a list of rows or a list of labels.
    classes : the labels, where they are known: a tuple is then a label only if it is one of them. None: each tuple is a label.

    Examples
    --------
    >>> are_rows([[0, 1], [1, 0]]), are_rows(["no", "yes"]), are_rows([(0, 1), (1, 0)])
    (True, False, False)
    """
    if not isinstance(targets, list | tuple) and hasattr(targets, "shape"):
        return len(targets.shape) == 2
    if _is_plain_list(targets):
        return False
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
    targets : (P,) labels, or one column of them (P, 1).

    Examples
    --------
    >>> sorted_classes(["no", "yes", "no"])
    ('no', 'yes')
    """
    targets = one_column(targets)
    if isinstance(targets, CodedLabels):
        targets = targets.occurring()
    elif _is_plain_array(targets):
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
            "Add patterns of another class, or name all classes, as in classes = ['no', 'yes']. "
            "Or use a linear or perceptron layer.",
        )
    return labels


def positions(targets: Any, classes: tuple[Label, ...]) -> NDArray[np.intp]:
    """The place of each label among the classes, from 0.

    Parameters
    ----------
    targets : (P,) labels, or one column of them (P, 1).
    classes : (K,) the labels that are known.

    Raises
    ------
    InputError
        If a label is not among the classes.
    """
    targets = one_column(targets, classes=classes)
    place = {label: k for k, label in enumerate(classes)}
    if isinstance(targets, CodedLabels) and all(label in place for label in targets.occurring()):
        found: NDArray[np.intp] = np.array([place.get(label, 0) for label in targets.classes], np.intp)[targets.codes]
        return found
    if _is_plain_array(targets) and np.asarray(targets).size > FEW:
        distinct, inverse = np.unique(np.asarray(targets), return_inverse=True)
        if all(label in place for label in distinct.tolist()):
            return positions(distinct.tolist(), classes)[inverse]
    labels = plain(targets)
    try:
        return np.fromiter((place[label] for label in labels), dtype=np.intp, count=len(labels))
    except KeyError:
        row, label = next((p, label) for p, label in enumerate(labels, start=1) if label not in place)
        alike = next((each for each in classes if str(each) == str(label)), None)
        raise InputError(
            "targets",
            f"be among the layer's classes ({', '.join(map(repr, classes))})",
            f"{label!r} in row {row}",
            "Correct the label, or make the layer with this class."
            if alike is None
            else f"The class is {alike!r}: give labels of its type.",
        ) from None


def as_array(labels: tuple[Label, ...]) -> NDArray[Any]:
    """The `labels` as an array (P,): of their own type if they share one and it can hold them, of objects otherwise."""
    kinds = {type(label) for label in labels}
    own = {bool: "b", int: "i", float: "f", str: "U"}.get(kinds.pop(), "") if len(kinds) == 1 else ""
    # NumPy drops the NULs that end a text, and takes whole numbers from 2^63 on for numbers of another kind.
    if own and not (own == "U" and any(label.endswith("\0") for label in labels)):  # type: ignore[attr-defined]
        array: NDArray[Any] = np.array(labels)
        if array.dtype.kind == own:
            return array
    array = np.empty(len(labels), dtype=object)
    array[:] = labels
    return array
