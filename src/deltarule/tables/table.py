"""Tables on disk (CSV, Parquet, Feather, JSON lines) as inputs and targets of patterns."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from deltarule import checks
from deltarule.checks import Matrix, brief, instance
from deltarule.errors import InputError, nearest
from deltarule.files import open_regular, placed
from deltarule.tables.columns import column_of_numbers
from deltarule.tables.files import OUTSIDE, files_of, readable
from deltarule.tables.labels import column_of_labels, merged
from deltarule.tables.lines import check_quotes, lines_of
from deltarule.tables.reading import FEATHER, JSON_LINES, columns_of, names_of
from deltarule.tables.sources import Source, check_marks, source_of
from deltarule.views import Shown

SUFFIXES = (".csv", ".parquet", *FEATHER, *JSON_LINES)


@dataclass(frozen=True, eq=False, repr=False)
class Table(Shown):
    """Patterns by column.

    Attributes
    ----------
    inputs : (P, N) float64.
    targets : one column as it was read (P,), or numbers (P, K).
    input_names : (N,) names of the input columns.
    target_names : (K,) names of the target columns; one name for targets (P,).
    remarks : what the reader should be told: labels that were written in several ways. Sentences without full stops.
    """

    inputs: Matrix
    targets: NDArray[Any]
    input_names: tuple[str, ...]
    target_names: tuple[str, ...]
    remarks: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"<Table of {len(self.inputs)} patterns: inputs {self.input_names}, targets {self.target_names}>"


def read_table(
    path: str | os.PathLike[str],
    *,
    target: str | int | Sequence[str | int],
    inputs: Sequence[str | int] | None = None,
    header: bool | None = None,
    separator: str = ",",
    decimal_mark: str = ".",
    root: str | os.PathLike[str] | None = None,
) -> Table:
    r"""Inputs and targets from the columns of a CSV file (with a row of names first), or of Parquet, Feather or JSON lines.

    Labels are read without the blanks around them, as numbers are; whole numbers are exact, however large.

    Parameters
    ----------
    path : the file; its name ends in .csv, .parquet, .feather (.arrow) or .jsonl (.ndjson). A name with `*`, `?` or
        `[...]`, such as "part-*.parquet", stands for all files of its folder that match, at most 10,000, in the order of their
        names, one below the other. All files must have the columns of the first.
    target : one name: that column as it is, labels (texts, whole numbers, booleans) or numbers (P,).
        A list of K names: numbers (P, K). Of a file without names, the place of a column, counted from 1, is its name too.
    inputs : the N names of the input columns; None: all columns but the targets.
    header : whether the first row of a CSV file holds names. False: it holds data, and the columns are named x1, x2, ... by their
        places. None: it holds names, and is refused if it looks like data.
    separator : what stands between the columns of a CSV file: "," ";" "tab" or "|". It is never guessed.
    decimal_mark : of the numbers in a CSV file, "." or ",".
    root : the folder that the files must lie in, and to which `path` is relative then; None: they may lie anywhere.

    Raises
    ------
    InputError
        If a file is missing, is no regular file, lies outside the root or cannot be read, its first row looks like data, a column
        is unknown, or a cell is empty or not a finite number; it names file, column and row, counted from 1 below the row of names.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder, "flowers.csv")
    ...     _ = file.write_text("length,width,species\n5.1,3.5,setosa\n6.3,3.3,virginica\n")
    ...     table = read_table(file, target="species")
    >>> table.inputs.tolist(), table.targets.tolist(), table.input_names
    ([[5.1, 3.5], [6.3, 3.3]], ['setosa', 'virginica'], ('length', 'width'))
    """
    if header is not None:
        instance("header", header, bool, "Give False where the first row of a CSV file holds data.")
    root = None if root is None else checks.path("root", root)
    check_marks(separator, decimal_mark)
    if (separator, decimal_mark) != (",", "."):
        return _told(
            source_of(path, header=header, separator=separator, decimal=decimal_mark, root=root), target, inputs, header
        )
    files = files_of(checks.path("table", path), root, SUFFIXES)
    parts: list[Table] = []
    written: list[Mapping[str, Any]] = []
    for file in files:
        with open_regular(file, "table", root=root, suffixes=SUFFIXES, remedy=OUTSIDE) as opened:
            part, texts = _read(placed(file, "table", root), opened, target, inputs, header)
        parts.append(part)
        written.append(texts)
        inputs = parts[0].input_names
        if _sort(parts[-1]) != _sort(parts[0]):
            raise InputError(
                "targets",
                f"be {_sort(parts[0])} as in {files[0]}",
                f"{_sort(parts[-1])} in {file}, column {parts[0].target_names[0]!r}",
                "Write them in the same form in all files.",
            )
    remarks = merged(written)
    if len(parts) == 1:
        return replace(parts[0], remarks=remarks)
    return Table(
        np.concatenate([part.inputs for part in parts]),
        np.concatenate([part.targets for part in parts]),
        parts[0].input_names,
        parts[0].target_names,
        remarks,
    )


def _told(
    source: Source, target: str | int | Sequence[str | int], inputs: Sequence[str | int] | None, header: bool | None
) -> Table:
    """The table of a source, whose cells are texts."""
    names, file, one = [*source.names], Path(source.where), isinstance(target, str | int)
    if inputs is None:
        check_named(names, file)
    targets, chosen = _chosen(names, file, target, inputs, header)
    X = np.column_stack([column_of_numbers("inputs", source.read(name), source.at(name)) for name in chosen])
    if not one:
        D = np.column_stack([column_of_numbers("targets", source.read(name), source.at(name)) for name in targets])
        return Table(X, D, tuple(chosen), tuple(targets))
    labels = column_of_labels(source.read(targets[0]), source.at(targets[0]), numbers=True)
    return Table(X, labels.values, tuple(chosen), tuple(targets), merged([labels.written]))


def _chosen(
    names: list[str],
    file: Path,
    target: str | int | Sequence[str | int],
    inputs: Sequence[str | int] | None,
    header: bool | None,
) -> tuple[list[str], list[str]]:
    """The columns of the targets, and those of the inputs."""
    targets = chosen_columns("targets", [target] if isinstance(target, str | int) else target, names, file, header)
    taken = set(targets)
    others = [name for name in names if name not in taken] if inputs is None else inputs
    chosen = chosen_columns("inputs", others, names, file, header)
    both = next((name for name in chosen if name in taken), None)
    if both is not None:
        raise InputError("inputs", "be other columns than the targets", repr(both), "Choose it once.")
    return targets, chosen


def _sort(part: Table) -> str:
    """The sort of a file's targets; whole and other numbers are one sort, since a file may hold whole ones by chance."""
    if part.targets.dtype.kind in "UO":
        return "texts" if isinstance(part.targets[0], str) else "numbers"
    return "booleans" if part.targets.dtype.kind == "b" else "numbers"


def _read(
    file: Path,
    opened: BinaryIO,
    target: str | int | Sequence[str | int],
    inputs: Sequence[str | int] | None,
    header: bool | None,
) -> tuple[Table, Mapping[str, Any]]:
    """One file, and how its labels were written (`Column.written`)."""
    one = isinstance(target, str | int)
    lines = lines_of(opened) if file.suffix.lower() == ".csv" else None
    with readable(file, opened, lines, header=header is not False):
        names = names_of(file, opened, header, lines)
        if inputs is None:
            check_named(names, file)
        targets, chosen = _chosen(names, file, target, inputs, header)
        columns = columns_of(
            file,
            opened,
            inputs=chosen,
            targets=targets,
            labelled=one,
            names=names,
            header=header is not False,
            lines=lines,
        )
    if lines is not None:
        check_quotes(file, opened, lines, len(columns[0]) + (header is not False))
    if len(columns[0]) == 0:
        raise InputError(
            "table", "have at least one row (pattern)", f"none in {file}", "Check that the data were written."
        )
    numbers = [
        column_of_numbers("inputs", columns[place], f"{file}, column {name!r}") for place, name in enumerate(chosen)
    ]
    rest = list(zip(targets, columns[len(chosen) :], strict=True))
    if one:
        labels = column_of_labels(rest[0][1], f"{file}, column {targets[0]!r}", numbers=file.suffix.lower() == ".csv")
        found, written = labels.values, labels.written
    else:
        found = np.column_stack(
            [column_of_numbers("targets", column, f"{file}, column {name!r}") for name, column in rest]
        )
        written = {}
    return Table(np.column_stack(numbers), found, tuple(chosen), tuple(targets)), written


def check_named(names: list[str], file: Path) -> None:
    """An `InputError` at a column without a name, where all columns are read; the index of a frame is such a column.

    Parameters
    ----------
    names : of all columns.
    file : for messages.
    """
    for place, name in enumerate(names, start=1):
        if re.fullmatch(r"__index_level_\d+__", name):
            got = f"{name!r}, the index of a frame of pandas, in {file}"
            raise InputError(
                "inputs", "be columns that you chose", got, "Choose inputs, or write the file with index=False."
            )
        if not name.strip():
            last = place == len(names)
            remedy = "Remove the comma at the end of each line, or name it." if last else "Name it, or choose inputs."
            raise InputError("table", "have a name for each column", f"none for column {place} of {file}", remedy)


def chosen_columns(name: str, required: Any, names: list[str], file: Path, header: bool | None) -> list[str]:
    """The columns asked for, each there and once.

    Parameters
    ----------
    name : what they are, for messages.
    required : their names; of a file without names their places, counted from 1, do as well.
    names : of all columns.
    file : for messages.
    header : as in `read_table`.
    """
    if not isinstance(required, list | tuple) or not all(isinstance(column, str) for column in required):
        required = _by_place(name, required, names, file, header)
    if not required:
        raise InputError(name, f"be at least one column of {file}", "none", f"Columns: {', '.join(names)}.")
    known = Counter(names)
    seen: set[str] = set()
    for column in required:
        if column not in known:
            raise InputError(name, f"be columns of {file}", repr(column), nearest(column, names))
        if column in seen or known[column] > 1:
            raise InputError(name, f"be distinct columns of {file}", f"{column!r} twice", "Name each column once.")
        seen.add(column)
    return list(required)


def _by_place(name: str, required: Any, names: list[str], file: Path, header: bool | None) -> list[str]:
    """The names of columns that are given by names or, where a file has no names, by places counted from 1."""
    listed = required if isinstance(required, list | tuple) else [required]
    counted = [column for column in listed if isinstance(column, int) and not isinstance(column, bool)]
    if not isinstance(required, list | tuple) or any(
        column not in counted and not isinstance(column, str) for column in listed
    ):
        raise InputError(name, "be a list of column names", brief(required), f"Give names, as in {names[:2]!r}.")
    if header is not False:
        raise InputError(
            name,
            "be a list of column names",
            counted[0],
            f"Give names, as in {names[:2]!r}. Columns are counted where header is false.",
        )
    for column in counted:
        if not 1 <= column <= len(names):
            raise InputError(
                name, f"be columns of {file}, counted from 1 to {len(names)}", column, "Give one of these places."
            )
    return [names[column - 1] if isinstance(column, int) else column for column in listed]
