"""`Stream`: rows on disk, or from a function, that are trained on without being in memory together."""

from __future__ import annotations

import os
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from deltarule import checks
from deltarule.checks import brief, choice, instance, whole
from deltarule.data import Scaling
from deltarule.errors import InputError
from deltarule.labels import CodedLabels, Label, positions, sorted_classes
from deltarule.layers import Layer
from deltarule.memory import bytes_of
from deltarule.printable import printable
from deltarule.streams.ahead import ahead
from deltarule.streams.array_stores import NPY, NPZ, ArrayStore, BatchStore, array_at
from deltarule.streams.arrow_stores import SUFFIXES as TABLES
from deltarule.streams.arrow_stores import ArrowStore, is_category
from deltarule.streams.decoding import Decoding, source_of_part
from deltarule.streams.patterns import StreamedPatterns
from deltarule.streams.places import files_at, suffix_of
from deltarule.streams.stores import Part, Store
from deltarule.streams.survey import Survey, labels_in, survey
from deltarule.tables.encoding import Encoding, InputColumn
from deltarule.tables.table import check_named, chosen_columns
from deltarule.typeset.words import counted

SUFFIXES = (*TABLES, NPY, NPZ)
SCALES = ("none", "standardise", "centre")
# Rows and bytes that one pass over all columns takes at a time.
SURVEYED = 1 << 16
BUFFER_SHARE = 8

Batches = Callable[[], Iterable[tuple[Any, Any]]]


class Stream:
    """Rows to train on, evaluate and predict, of which only some are in memory at a time.

    Files are read by group of rows, ahead, in one thread. What the categories, the classes and the scaling are is found by one
    pass when it is asked for first, unless it is given.

    Parameters
    ----------
    source : a file or a pattern such as "data/*.parquet", of Parquet (.parquet), Arrow's own format (.arrow, .feather) or arrays
        (.npy, .npz without compression); the address of Parquet or Arrow files in a system that Arrow reads, as in
        "s3://bucket/part-*.parquet"; or a function without parameters that gives, each time that it is called, the same batches
        (X, targets): arrays, or frames, whose columns are matched by name, in the order of the first. Of each pass no more is
        checked than that it has as many rows: what a function gives anew may be other numbers, which costs are then of.
    target : of tables one name: that column as it is, labels or numbers; a list of K names: numbers (P, K). Of arrays the .npy
        file of targets, or the name of that array in the .npz file. None: there are no targets.
    inputs : of tables the N names of the input columns; None: all but the targets. Of an .npz file the name of the array.
    categories : columns that hold categories although they look like numbers; or a mapping from columns to their levels, which then
        need not be found. Columns of texts are categories anyway.
    scale : of the inputs: "none", "standardise", "centre", or a `deltarule.data.Scaling` that is known.
    memory : the most that rows may take, as in "2GB", or bytes. Layer, program and libraries come on top.
    window : rows among which a shuffled order mixes (`Descent.order`): groups of rows come in random order, and so do the rows in
        each window. None: as many as a sixth of the memory holds.

    Raises
    ------
    InputError
        If there is no such file, a column is missing or has another type in one file, or an option does not fit.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> import pyarrow as pa
    >>> from pyarrow import parquet
    >>> from deltarule import Descent, SoftmaxLayer, train
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     table = pa.table({"length": [1.0, 2.0, 3.0, 4.0], "kind": ["a", "a", "b", "b"]})
    ...     parquet.write_table(table, pathlib.Path(folder, "part-1.parquet"))
    ...     stream = Stream(f"{folder}/part-*.parquet", target="kind")
    ...     layer = SoftmaxLayer.random(stream.inputs, stream.classes)
    ...     run = train(layer, stream, Descent(learning_rate=0.1, epochs=200, batch_size=2), engine="direct")
    >>> run.history.errors[-1].item(), stream
    (0.0, <Stream of 4 rows: inputs 'length', target 'kind'>)
    """

    is_stream: ClassVar[bool] = True

    def __init__(
        self,
        source: str | os.PathLike[str] | Batches,
        *,
        target: str | os.PathLike[str] | Sequence[str] | None = None,
        inputs: str | Sequence[str] | None = None,
        categories: Sequence[str] | Mapping[str, Sequence[str]] = (),
        scale: str | Scaling = "none",
        memory: str | int = "1GB",
        window: int | None = None,
    ) -> None:
        self.memory = bytes_of("memory of the stream", memory)
        self.window = None if window is None else whole("window of the stream", window, 1, "Give rows.")
        if not isinstance(scale, Scaling):
            scale = choice("scale", scale, SCALES, {"standardize": "standardise", "center": "centre"})
        self._scale = scale
        self.target_names: tuple[str, ...] = ()
        self._labelled = not isinstance(target, list | tuple)
        self.store: Store
        if not callable(source) and not isinstance(source, str):
            source = checks.path("stream", source)
        if callable(source):
            _refuse("source of batches", target=target, inputs=inputs, categories=categories or None)
            self.store = BatchStore(source, f"{getattr(source, '__name__', type(source).__name__)}()")
        elif suffix_of(source) in (NPY, NPZ):
            self.store = _arrays(source, target, inputs)
            _refuse("file of arrays", categories=categories or None)
        else:
            self.store = self._table(source, target, inputs)
        self._levels = _levels_of(categories, self.store.columns, self.target_names)
        self._forced = [name for name in categories if name not in self._levels]

    # ---- What is known before any row is read.

    def _table(self, source: Any, target: Any, inputs: Any) -> ArrowStore:
        """The store of files with columns."""
        named = None if target is None else _names("target", target)
        wanted = None if inputs is None else _names("inputs", inputs)

        def choose(names: list[str], file: str) -> list[str]:
            where = Path(file)
            if named is not None:
                self.target_names = tuple(chosen_columns("target", named, names, where, None))
            if wanted is None:
                check_named(names, where)
            others = [name for name in names if name not in self.target_names] if wanted is None else wanted
            chosen = chosen_columns("inputs", others, names, where, None)
            both = next((name for name in chosen if name in self.target_names), None)
            if both is not None:
                raise InputError("inputs", "be other columns than the targets", repr(both), "Choose it once.")
            return [*chosen, *self.target_names]

        return ArrowStore(files_at(source, SUFFIXES), choose, lambda: self.target_names if self._labelled else ())

    @property
    def where(self) -> str:
        """What holds the rows, for messages."""
        return self.store.where

    @property
    def rows(self) -> int:
        """P, the number of rows."""
        return self.store.rows

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that inputs are made of; none where rows are arrays."""
        return tuple(name for name in self.store.columns if name not in self.target_names)

    @property
    def has_targets(self) -> bool:
        """Whether the rows have targets."""
        return bool(self.target_names) if self.store.columns else self.store.has_targets

    # ---- What one pass tells.

    @cached_property
    def _categories(self) -> tuple[str, ...]:
        """Columns whose levels are to be found."""
        return tuple(
            name
            for name in self.columns
            if name not in self._levels and (name in self._forced or is_category(self.store.columns[name]))
        )

    @cached_property
    def _surveyed(self) -> Survey:
        """What a pass over all rows tells."""
        columns = self._plain_encoding() if self.columns else None
        decoding = Decoding(columns, None, self.target_names, self._labelled)
        scale: Any = "none" if isinstance(self._scale, Scaling) else self._scale
        return survey(ahead(self.parts(self._most)), decoding, self._categories, self._levels, self._forced, scale)

    @property
    def _most(self) -> int:
        """Rows that a pass which tells something takes at once."""
        return max(
            1, min(SURVEYED, self.memory // (BUFFER_SHARE * (2 * self.store.row_bytes + 16 * len(self.columns) + 8)))
        )

    def _plain_encoding(self) -> Encoding:
        """The columns, with the levels that are known."""
        return Encoding(tuple(InputColumn(name, self._levels.get(name)) for name in self.columns))

    @cached_property
    def encoding(self) -> Encoding | None:
        """How columns become inputs; None where rows are arrays."""
        if not self.columns:
            return None
        return self._surveyed.encoding if self._categories else self._plain_encoding()

    @cached_property
    def scaling(self) -> Scaling | None:
        """The scaling of the inputs; None where they stay as they are."""
        if isinstance(self._scale, Scaling):
            return self._scale
        return None if self._scale == "none" else self._surveyed.scaling

    @cached_property
    def classes(self) -> tuple[Label, ...]:
        """The classes, sorted: the labels that occur, found by one pass over the targets.

        Raises
        ------
        InputError
            If there is no target, or it is several columns.
        """
        if (self.columns and len(self.target_names) != 1) or not self._labelled:
            got = "several" if self.target_names else "none"
            raise InputError("target", "be one column of labels", got, self._give_target)
        decoding = Decoding(self._plain_encoding() if self.columns else None, None, self.target_names, labelled=True)
        if not self.has_targets:
            raise self._no_target
        return sorted_classes(labels_in(ahead(self.parts(self._most, columns=self.target_names)), decoding))

    @property
    def _give_target(self) -> str:
        """How a target is given."""
        if self.columns:
            return "Give target='...', the name of a column."
        return (
            "Give target='y', the name of the array."
            if self.where.endswith("'")
            else "Give target='y.npy', their file."
        )

    @property
    def _no_target(self) -> InputError:
        return InputError("target", "be given", f"none for {self.where}", self._give_target)

    @cached_property
    def inputs(self) -> int:
        """N, the number of inputs."""
        return self.store.width if self.encoding is None else self.encoding.inputs

    @property
    def input_names(self) -> tuple[Hashable, ...] | None:
        """(N,) the names of the inputs; None where rows are arrays."""
        return self.store.names if self.encoding is None else self.encoding.input_names

    @property
    def variable_names(self) -> tuple[Hashable, ...] | None:
        """(K,) the names of targets that are numbers in several columns; None of others, and where rows are arrays."""
        if not self.columns:
            return self.store.target_names
        return None if self._labelled or len(self.target_names) < 2 else self.target_names

    @cached_property
    def decoding(self) -> Decoding:
        """How rows become inputs and targets."""
        return Decoding(self.encoding, self.scaling, self.target_names, self._labelled)

    # ---- The rows.

    def pieces(self) -> Iterator[Any]:
        """The inputs as they are stored, some rows at a time, read ahead: each a table (`Source`), or an array."""
        return ahead(
            source_of_part(part, streamed=False) if self.columns else np.asarray(part.content[0])
            for part in self.parts(self._most, columns=self.columns)
        )

    def targets(self) -> Any:
        """The targets of all rows, from one pass over their columns: labels (P,), coded, or numbers (P, K).

        Raises
        ------
        InputError
            If there are none, or a cell has no value.
        """
        decoding = Decoding(self._plain_encoding() if self.columns else None, None, self.target_names, self._labelled)
        if not self.has_targets:
            raise self._no_target
        found = [decoding.targets_of(part) for part in ahead(self.parts(self._most, columns=self.target_names or None))]
        if not isinstance(found[0], CodedLabels):
            return np.concatenate(found)
        classes = sorted_classes(list(dict.fromkeys(label for each in found for label in each.classes)))
        codes = [positions(each, classes).astype(np.min_scalar_type(len(classes))) for each in found]
        return CodedLabels(classes, np.concatenate(codes))

    def parts(
        self, most: int, skip: int = 0, order: Iterable[int] | None = None, columns: Sequence[str] | None = None
    ) -> Iterator[Part]:
        """The rows as they are stored, some at a time.

        Parameters
        ----------
        most : rows of a part.
        skip : rows at the beginning that are left out.
        order : of the groups; None: as they are stored.
        columns : of a table, those that are wanted; None: all that inputs and targets are made of.
        """
        for group in range(len(self.store.groups)) if order is None else order:
            count = self.store.groups[group]
            if skip >= count:
                skip -= count
                continue
            yield from self.store.parts(group, skip, most, self.memory // BUFFER_SHARE, columns)
            skip = 0

    def patterns(self, layer: Layer) -> StreamedPatterns:
        """The rows as patterns of a layer.

        Parameters
        ----------
        layer : against which they are checked as they are read.

        Raises
        ------
        InputError
            If the stream has no targets, the layer has other inputs, or the memory is too small for a block of rows.
        """
        instance("layer", layer, Layer, "Make one first, as in SoftmaxLayer.random(stream.inputs, stream.classes).")
        if not self.has_targets:
            raise self._no_target
        return StreamedPatterns(self, layer)

    def __repr__(self) -> str:
        names = ", ".join(map(repr, self.columns[:5])) + (", ..." if len(self.columns) > 5 else "")
        targets = ", ".join(map(repr, self.target_names))
        about = f": inputs {names}" if self.columns else f" of {self.where}"
        return printable(f"<Stream of {counted(self.rows, 'row')}{about}{f', target {targets}' if targets else ''}>")

    def _repr_html_(self) -> str:
        return f"<pre>{escape(repr(self))}</pre>"


def _names(name: str, given: Any) -> list[Any]:
    """Names of columns as a list: one name, or a list of them."""
    if isinstance(given, str):
        return [given]
    if not isinstance(given, list | tuple):
        raise InputError(name, "be a name, or a list of names", brief(given), "Give the names of columns.")
    return list(given)


def _refuse(what: str, **options: Any) -> None:
    """An `InputError` for options that mean nothing here."""
    for name, value in options.items():
        if value is not None:
            raise InputError(name, f"be left out for a {what}", brief(value), "Leave it out.")


def _arrays(source: Any, target: Any, inputs: Any) -> ArrayStore:
    """The store of files of arrays."""
    (file,) = _one(source)
    if file.suffix == NPZ:
        for name, value in {"inputs": inputs, "target": target}.items():
            if not isinstance(value, str) and not (name == "target" and value is None):
                raise InputError(name, "be the name of an array in the file", brief(value), "Give one, as in 'X'.")
        return ArrayStore(array_at(file, inputs), None if target is None else array_at(file, target))
    _refuse("file of one array", inputs=inputs)
    if target is None:
        return ArrayStore(array_at(file), None)
    if suffix_of(target) != NPY:
        raise InputError("target", "be an .npy file beside the inputs", brief(target), "Save the targets with np.save.")
    return ArrayStore(array_at(file), array_at(*_one(target)))


def _one(path: Any) -> list[Any]:
    found = files_at(checks.path("stream", path), SUFFIXES)
    if len(found) > 1:
        got = f"{len(found)} for {str(path)!r}"
        raise InputError("stream of arrays", "be one file", got, "Join them, or give a function that gives batches.")
    return found


def _levels_of(categories: Any, columns: Mapping[str, Any], target: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The levels that are given, by column; none where the names of columns alone are."""
    if not isinstance(categories, list | tuple | dict):
        rule = "be names of columns, or levels by column"
        raise InputError("categories", rule, brief(categories), "Give a list, as in ['colour'].")
    for name in categories:
        if not isinstance(name, str) or name not in columns or name in target:
            raise InputError("categories", "be among the inputs", brief(name), "Correct it, or choose it as an input.")
    if not isinstance(categories, dict):
        return {}
    for name, levels in categories.items():
        if not isinstance(levels, list | tuple) or not all(isinstance(level, str) for level in levels):
            raise InputError(f"levels of {name!r}", "be a list of texts", brief(levels), "Write them as texts.")
    return {name: tuple(levels) for name, levels in categories.items()}
