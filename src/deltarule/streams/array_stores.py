"""Arrays on disk (.npy, and .npz without compression), and batches that a function of the user's gives."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np

from deltarule.checks import brief
from deltarule.errors import InputError
from deltarule.frames import column_names, dense, distinct_names, places, refuse_masked
from deltarule.streams.decoding import placed
from deltarule.streams.places import File, changed
from deltarule.streams.stores import Part, Store

NPY, NPZ = ".npy", ".npz"
# Rows of a group, which is what a shuffled order moves as one.
GROUP = 1 << 16


class ArrayAt(NamedTuple):
    """An array in a file.

    file : the file.
    name : for messages: the file, and the array in it.
    start : where its bytes begin.
    dtype, shape : of the array.
    """

    file: File
    name: str
    start: int
    dtype: np.dtype[Any]
    shape: tuple[int, ...]


def array_at(file: File, member: str | None = None) -> ArrayAt:
    """Where an array lies in a file; the array is not read.

    Parameters
    ----------
    file : a file of one array, or of several under names.
    member : the name of one of several.

    Raises
    ------
    InputError
        If the file holds no such array, or one that cannot be read in pieces.
    """
    name = file.name if member is None else f"{file.name}, array {member!r}"
    try:
        with file.opened() as handle:
            head = io.BytesIO(handle.read(1 << 16)) if member is None else None
            if head is None:
                base, head = _member(handle, file, str(member))
            else:
                base = 0
            version = np.lib.format.read_magic(head)
            read = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}[version]
            shape, fortran, dtype = read(head)
    except InputError:
        raise
    except (ValueError, KeyError, OSError, zipfile.BadZipFile) as error:
        got = f"{name}: {brief(str(error))}"
        raise InputError("stream", f"be readable as {file.suffix[1:]}", got, "Save it again with NumPy.") from None
    if fortran and len(shape) > 1:
        remedy = "Save np.ascontiguousarray of it."
        raise InputError("stream", "hold its rows one after the other", f"{name}, which holds columns", remedy)
    if dtype.hasobject or not shape:
        raise InputError("stream", "hold an array of numbers or texts", f"{dtype} in {name}", "Save plain arrays.")
    found = ArrayAt(file, name, base + head.tell(), dtype, shape)
    if found.start + _row_bytes(found) * shape[0] > file.state[0]:
        raise InputError("stream", "be whole", f"{name}, which is cut off", "Write it again.")
    return found


def _member(handle: Any, file: File, member: str) -> tuple[int, io.BytesIO]:
    """Where an array of an .npz file begins, and its first bytes."""
    with zipfile.ZipFile(handle) as whole:
        known = [each.filename.removesuffix(NPY) for each in whole.infolist()]
        if member not in known:
            got = f"none of the name {member!r} in {file.name}"
            raise InputError("arrays of a stream", f"be among {', '.join(known)}", got, "Correct the name.")
        info = whole.infolist()[known.index(member)]
    if info.compress_type != zipfile.ZIP_STORED:
        got = f"{file.name}, which is compressed"
        raise InputError("stream", "be readable in pieces", got, "Save it with np.savez, or as .npy.")
    handle.seek(info.header_offset + 26)  # the lengths of name and extra field stand here
    lengths = handle.read(4)
    base = info.header_offset + 30 + int.from_bytes(lengths[:2], "little") + int.from_bytes(lengths[2:], "little")
    handle.seek(base)
    return base, io.BytesIO(handle.read(1 << 16))


def _row_bytes(array: ArrayAt) -> int:
    return int(np.prod(array.shape[1:], dtype=np.int64)) * array.dtype.itemsize


class ArrayStore(Store):
    """Inputs (P, N), and targets (P,) or (P, K), in files of arrays. They are read, not mapped, so that they take no memory.

    Parameters
    ----------
    X, targets : where they are; targets of None: there are none.
    """

    def __init__(self, X: ArrayAt, targets: ArrayAt | None) -> None:
        self.X, self.targets, self.where, self.columns = X, targets, X.name, {}
        if len(X.shape) != 2 or X.dtype.kind not in "fiub":
            got = f"{X.dtype} of shape {X.shape} in {X.name}"
            raise InputError("inputs", "be rows of numbers", got, "Save a matrix (P, N) of numbers.")
        if targets is not None and targets.shape[0] != X.shape[0]:
            got = f"{targets.shape[0]} in {targets.name}"
            raise InputError("targets", f"be as many as the rows of {X.name}, {X.shape[0]}", got, "Save them alike.")
        if not X.shape[0]:
            raise InputError("stream", "have at least one row", f"none in {X.name}", "Check what was saved.")
        self.width, self.has_targets = X.shape[1], targets is not None
        self.groups = tuple(min(GROUP, X.shape[0] - start) for start in range(0, X.shape[0], GROUP))

    @property
    def row_bytes(self) -> int:
        """See `Store`."""
        return _row_bytes(self.X) + (0 if self.targets is None else _row_bytes(self.targets))

    def parts(
        self, group: int, skip: int, most: int, buffer: int, columns: Sequence[str] | None = None
    ) -> Iterator[Part]:
        """See `Store`."""
        first, last = group * GROUP + skip, group * GROUP + self.groups[group]
        for start in range(first, last, most):
            stop = min(start + most, last)
            targets = None if self.targets is None else _rows(self.targets, start, stop)
            yield Part(self.where, start + 1, (_rows(self.X, start, stop), targets))

    def state(self) -> list[list[Any]]:
        """See `Store`."""
        arrays = [each for each in (self.X, self.targets) if each is not None]
        return [[each.name, *each.file.state] for each in arrays]


def _rows(array: ArrayAt, start: int, stop: int) -> np.ndarray[Any, Any]:
    size = _row_bytes(array)
    with array.file.opened() as handle:
        handle.seek(array.start + start * size)
        content = handle.read((stop - start) * size)
    if len(content) < (stop - start) * size:
        raise changed(array.file.name)
    return np.frombuffer(content, array.dtype).reshape(stop - start, *array.shape[1:])


class BatchStore(Store):
    """Batches that a function gives, which is called anew for each pass.

    Parameters
    ----------
    batches : the function; what it returns gives pairs of inputs (B, N) and targets.
    name : what it is, for messages.
    """

    def __init__(self, batches: Callable[[], Iterable[Any]], name: str) -> None:
        self.batches, self.where, self.columns = batches, name, {}
        self._bytes, count = 0, 0
        for part in self._parts():
            X, targets = part.content
            self._bytes = max(self._bytes, (X.nbytes + np.asarray(targets).nbytes) // max(len(X), 1))
            count += len(X)
        if not count:
            raise InputError("stream", "have at least one row", f"none from {name}", "Give a function that gives some.")
        self.groups = (count,)

    @property
    def row_bytes(self) -> int:
        """See `Store`."""
        return self._bytes

    def _parts(self) -> Iterator[Part]:
        first = 1
        with _told(self.where):
            iterator = iter(self.batches())
        while True:
            with _told(self.where):
                pair = next(iterator, None)
            if pair is None:
                return
            try:
                X, targets = pair
                known = len(X), len(targets)
            except Exception:  # noqa: BLE001 - an object of the user's may raise anything
                raise self._no_pair(pair, first) from None
            here = Part(self.where, first, None)
            try:
                self.names, X = by_name("inputs", X, self.names)
                if len(column_names(targets) or ()) > 1:  # labels are one column, whatever its name
                    self.target_names, targets = by_name("targets", targets, self.target_names)
                X = np.asarray(dense("inputs", X))
                refuse_masked("targets", targets)
            except InputError as error:
                raise placed(error, here) from None
            except ValueError:  # rows of several lengths
                raise self._no_pair(pair, first) from None
            if X.ndim != 2 or known[0] != known[1] or len(X) != known[0]:
                raise self._no_pair(pair, first)
            if X.shape[1] != (self.width or X.shape[1]):
                got = f"{X.shape[1]} inputs after {self.width} in {self.where}, from row {first} on"
                raise InputError("batches of a stream", "have the same inputs", got, "Correct the function.")
            self.width = X.shape[1]
            yield Part(self.where, first, (X, targets))
            first += len(X)

    def _no_pair(self, pair: Any, first: int) -> InputError:
        """The error for what is no pair of inputs and targets."""
        return InputError(
            "batches of a stream",
            "be pairs of inputs (B, N) and as many targets",
            f"{brief(pair)} from {self.where}, after row {first - 1}",
            "Give pairs (X, targets).",
        )

    def parts(
        self, group: int, skip: int, most: int, buffer: int, columns: Sequence[str] | None = None
    ) -> Iterator[Part]:
        """See `Store`."""
        count = 0
        for where, first, (X, targets) in self._parts():
            count += len(X)
            for start in range(max(skip - first + 1, 0), len(X), most):
                yield Part(where, first + start, (X[start : start + most], targets[start : start + most]))
        if count != self.groups[group]:
            got = f"{count:,} rows after {self.groups[group]:,}"
            raise InputError("batches of a stream", "be the same in each pass", got, "Return a new iterator each time.")

    def state(self) -> list[list[Any]]:
        """See `Store`: rows alone are known."""
        return [[self.where, self.groups[0]]]


def by_name(what: str, values: Any, names: tuple[Hashable, ...] | None) -> tuple[tuple[Hashable, ...] | None, Any]:
    """The names of the columns of a stream's batches, and one of these batches with its columns in this order.

    Parameters
    ----------
    what : what the values are, for messages.
    values : a batch; a frame has names, and an array is taken as it stands.
    names : those of the batches before; None: none had any.

    Raises
    ------
    InputError
        If a frame has other names.

    Examples
    --------
    >>> import pyarrow
    >>> by_name("inputs", pyarrow.table({"b": [1], "a": [2]}), ("a", "b"))[1].column_names
    ['a', 'b']
    """
    own = column_names(values)
    if own is None or names is None:
        return names if own is None else distinct_names(f"columns of the {what}", own, len(own)), values
    order = places(what, values, names, "the batches before")
    if order is None:
        return names, values
    wanted = [own[place] for place in order]
    return names, values.select(wanted) if hasattr(values, "select") else values[wanted]


@contextmanager
def _told(where: str) -> Iterator[None]:
    """Say which batches an error came from."""
    try:
        yield
    except InputError:
        raise
    except Exception as error:
        got = f"{type(error).__name__}: {brief(str(error))} from {where}"
        raise InputError("batches of a stream", "be given without an error", got, "Correct the function.") from error
