"""Tables on disk (CSV, Parquet) as inputs and targets of patterns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from deltarule.checks import IF_COMMA, Matrix, number_remedy
from deltarule.errors import InputError, nearest
from deltarule.files import nearest_file

if TYPE_CHECKING:
    import os

SUFFIXES = (".csv", ".parquet")
# Bytes of a CSV file's first line that are looked at.
LONGEST_LINE = 100_000


@dataclass(frozen=True, eq=False, repr=False)
class Table:
    """Patterns by column.

    Attributes
    ----------
    inputs : (P, N) float64.
    targets : one column as it was read (P,), or numbers (P, K).
    input_names : (N,) names of the input columns.
    target_names : (K,) names of the target columns; one name for targets (P,).
    """

    inputs: Matrix
    targets: NDArray[Any]
    input_names: tuple[str, ...]
    target_names: tuple[str, ...]

    def __repr__(self) -> str:
        return f"<Table of {len(self.inputs)} patterns: inputs {self.input_names}, targets {self.target_names}>"


def read_table(
    path: str | os.PathLike[str], *, target: str | Sequence[str], inputs: Sequence[str] | None = None
) -> Table:
    r"""Inputs and targets from the columns of a CSV file (with a row of names first) or of Parquet files.

    Parameters
    ----------
    path : the file; its name ends in .csv or .parquet. A pattern such as "part-*.parquet" stands for all files that match,
        in the order of their names, one below the other. All files must have the columns of the first.
    target : one name: that column as it is, labels (texts, whole numbers, booleans) or numbers (P,).
        A list of K names: numbers (P, K).
    inputs : the N names of the input columns; None: all columns but the targets.

    Raises
    ------
    InputError
        If a file is missing or cannot be read, a column is unknown, or a cell is empty or not a finite number; it names
        file, column and row, counted from 1 below the row of names.

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
    files = _files(Path(path))
    parts: list[Table] = []
    for file in files:
        parts.append(_read(file, target, inputs))
        inputs = parts[0].input_names
        if _sort(parts[-1]) != _sort(parts[0]):
            raise InputError(
                "targets",
                f"be {_sort(parts[0])} as in {files[0]}",
                f"{_sort(parts[-1])} in {file}, column {parts[0].target_names[0]!r}",
                "Write them in the same form in all files.",
            )
    if len(parts) == 1:
        return parts[0]
    return Table(
        np.concatenate([part.inputs for part in parts]),
        np.concatenate([part.targets for part in parts]),
        parts[0].input_names,
        parts[0].target_names,
    )


def _sort(part: Table) -> str:
    """The sort of a file's targets; whole and other numbers are one sort, since a file may hold whole ones by chance."""
    return {"U": "texts", "b": "booleans"}.get(part.targets.dtype.kind, "numbers")


def _files(path: Path) -> list[Path]:
    """The file, or the files that a pattern matches, each with a known suffix."""
    if path.is_dir():
        raise InputError("table", "be a file", f"the directory {path}", f"Give a pattern, as in {path / '*.parquet'}.")
    if path.suffix.lower() not in SUFFIXES:
        raise InputError(
            "table", f"be a file that ends in {' or '.join(SUFFIXES)}", str(path), "Save it in one of these forms."
        )
    if path.exists():
        return [path]
    # Only what does not exist is a pattern: a folder may have brackets in its name.
    base = next(parent for parent in path.parents if parent.is_dir())
    found = sorted(base.glob(str(path.relative_to(base))))
    if not found:
        raise InputError("table", "be a file that exists", str(path), nearest_file(path, SUFFIXES))
    return found


def _read(file: Path, target: str | Sequence[str], inputs: Sequence[str] | None) -> Table:
    import pyarrow as pa

    try:
        names = _names(file)
        if inputs is None:
            _all_named(names, file)
        targets = _chosen("targets", [target] if isinstance(target, str) else target, names, file)
        chosen = _chosen(
            "inputs", [name for name in names if name not in targets] if inputs is None else inputs, names, file
        )
        both = [name for name in chosen if name in targets]
        if both:
            raise InputError("inputs", "be other columns than the targets", repr(both[0]), "Choose it once.")
        columns = _columns(file, chosen, targets, labelled=isinstance(target, str))
    except OSError as error:
        raise InputError(
            "table", "be a file that can be read", f"{file}: {error.strerror or error}", "Check the file."
        ) from None
    except (pa.ArrowException, UnicodeDecodeError) as error:
        if isinstance(error, UnicodeDecodeError) or "invalid UTF8" in str(error):
            raise _not_utf8(str(file)) from None
        note = " (Row 1 is the row of names.)" if "Row #" in str(error) else ""
        if "columns, got" in str(error):
            note += f" {IF_COMMA}"
        raise InputError(
            "table",
            f"be readable as {file.suffix[1:]}",
            f"{file}: {error}",
            f"Correct the file, or write it again.{note}",
        ) from None
    if len(columns[0]) == 0:
        raise InputError(
            "table", "have at least one row (pattern)", f"none in {file}", "Check that the data were written."
        )
    numbers = [_numbers("inputs", columns[place], f"{file}, column {name!r}") for place, name in enumerate(chosen)]
    rest = list(zip(targets, columns[len(chosen) :], strict=True))
    if isinstance(target, str):
        found = _as_read(rest[0][1], f"{file}, column {target!r}")
    else:
        found = np.column_stack([_numbers("targets", column, f"{file}, column {name!r}") for name, column in rest])
    return Table(np.column_stack(numbers), found, tuple(chosen), tuple(targets))


def _all_named(names: list[str], file: Path) -> None:
    """An `InputError` at a column without a name, where all columns are read."""
    for place, name in enumerate(names, start=1):
        if not name.strip():
            last = place == len(names)
            remedy = "Remove the comma at the end of each line, or name it." if last else "Name it, or choose inputs."
            raise InputError("table", "have a name for each column", f"none for column {place} of {file}", remedy)


def _not_utf8(where: str) -> InputError:
    return InputError("table", "be UTF-8 text", f"another encoding in {where}", "Save it as UTF-8 CSV.")


def _chosen(name: str, required: Sequence[str], names: list[str], file: Path) -> list[str]:
    """The columns asked for, each there and once."""
    if not isinstance(required, list | tuple) or not all(isinstance(column, str) for column in required):
        raise InputError(name, "be a list of column names", repr(required), f"Give names, as in {names[:2]!r}.")
    if not required:
        raise InputError(name, f"be at least one column of {file}", "none", f"Columns: {', '.join(names)}.")
    for place, column in enumerate(required):
        if column not in names:
            raise InputError(name, f"be columns of {file}", repr(column), nearest(column, names))
        if column in required[:place] or names.count(column) > 1:
            raise InputError(name, f"be distinct columns of {file}", f"{column!r} twice", "Name each column once.")
    return list(required)


# ---- Arrow's side. A column is a `pyarrow.ChunkedArray`.


def _names(file: Path) -> list[str]:
    if file.suffix.lower() == ".parquet":
        from pyarrow import parquet

        with parquet.ParquetFile(file) as opened:
            return list(opened.schema_arrow.names)
    from pyarrow import csv

    _check_row_of_names(file)
    # One thread, so that an error names the row.
    with csv.open_csv(file, read_options=csv.ReadOptions(use_threads=False)) as opened:
        return list(opened.schema.names)


def _check_row_of_names(file: Path) -> None:
    """An `InputError` where the first line shows another separator than the comma, or another encoding than UTF-8."""
    with file.open("rb") as opened:
        line = opened.readline(LONGEST_LINE)
    if line.startswith((b"\xff\xfe", b"\xfe\xff")):  # byte order marks of UTF-16
        raise _not_utf8(str(file))
    for separator, name in ((b";", "semicolons"), (b"\t", "tabs")):
        if separator in line and b"," not in line:
            raise InputError(
                "table",
                "have commas between its columns",
                f"{name} in {file}",
                "Save it with commas between columns, and points in decimals.",
            )


def _columns(file: Path, inputs: list[str], targets: list[str], *, labelled: bool) -> list[Any]:
    """The columns, in this order; those of a CSV file as numbers where numbers are needed and all are numbers."""
    names = [*inputs, *targets]
    if file.suffix.lower() == ".parquet":
        from pyarrow import parquet

        with parquet.ParquetFile(file) as opened:
            table = opened.read(columns=names)
        return [table.column(name) for name in names]
    import pyarrow as pa
    from pyarrow import csv

    def read(types: dict[str, Any], *, threads: bool = True) -> Any:
        return csv.read_csv(
            file,
            read_options=csv.ReadOptions(use_threads=threads),
            convert_options=csv.ConvertOptions(include_columns=names, column_types=types),
        )

    numeric = inputs if labelled else names
    try:
        table = read(dict.fromkeys(numeric, pa.float64()))
    except pa.ArrowInvalid:
        # A word among numbers: read as texts, so that the cell can be named. If this fails too, the file's form is wrong; one
        # thread can name the row.
        table = read(dict.fromkeys(numeric, pa.string()), threads=False)
    for name in names:
        if pa.types.is_binary(table.column(name).type):  # so Arrow reads texts that are not UTF-8
            raise _not_utf8(f"{file}, column {name!r}")
    return [table.column(name) for name in names]


def _plain_type(column: Any) -> Any:
    """The column without a dictionary behind it."""
    import pyarrow as pa

    return column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column


def _whole_column(name: str, column: Any, where: str) -> None:
    """An `InputError` at the first cell without a value."""
    import pyarrow.compute as pc

    if column.null_count:
        row = pc.index(column.is_null(), True).as_py() + 1
        raise InputError(
            name,
            "have a value in each cell",
            f"no value (or a mark such as NA) in {where}, row {row}",
            "Fill it, or remove the row.",
        )


def _numbers(name: str, column: Any, where: str) -> NDArray[np.float64]:
    """A column as float64, or an `InputError` that names the first cell that is not a finite number."""
    import pyarrow as pa
    import pyarrow.compute as pc

    column = _plain_type(column)
    _whole_column(name, column, where)
    types = pa.types
    if types.is_string(column.type) or types.is_large_string(column.type):
        column = pc.utf8_trim_whitespace(column)
        row = _first_word(column)
        if row is not None:
            raise InputError(
                name,
                "be numbers",
                f"{column[row].as_py()!r} in {where}, row {row + 1}",
                number_remedy(column[row].as_py(), "Correct it, or choose another column."),
            )
    elif not (types.is_integer(column.type) or types.is_floating(column.type) or types.is_decimal(column.type)):
        raise InputError(
            name,
            "be numbers",
            f"{column[0].as_py()!r} in {where}, row 1",
            "Write numbers (0 and 1 for booleans), or choose another column.",
        )
    found: NDArray[np.float64] = column.cast(pa.float64(), safe=False).to_numpy()
    bad = np.flatnonzero(~np.isfinite(found))
    if len(bad):
        raise InputError(
            name, "be finite numbers", f"{found[bad[0]]} in {where}, row {bad[0] + 1}", "Remove or fill it."
        )
    return found


def _first_word(column: Any) -> int | None:
    """The place of the first text that is not a number; found by halves, since a cast tells only that there is one."""
    import pyarrow as pa

    def readable(start: int, stop: int) -> bool:
        try:
            column.slice(start, stop - start).cast(pa.float64())
        except pa.ArrowInvalid:
            return False
        return True

    start, stop = 0, len(column)
    if readable(start, stop):
        return None
    while stop - start > 1:
        middle = (start + stop) // 2
        start, stop = (middle, stop) if readable(start, middle) else (start, middle)
    return start


def _as_read(column: Any, where: str) -> NDArray[Any]:
    """A column of labels or of numbers as it is: texts, whole numbers, floats or booleans."""
    import pyarrow as pa
    import pyarrow.compute as pc
    from pyarrow import csv

    column = _plain_type(column)
    _whole_column("targets", column, where)
    types = pa.types
    if types.is_temporal(column.type):
        column = column.cast(pa.string())  # a date is a label like any other text
    if types.is_string(column.type) or types.is_large_string(column.type):
        marks = pa.array([*csv.ConvertOptions().null_values, "None"], column.type)  # "" is among them
        row = pc.index(pc.is_in(pc.utf8_trim_whitespace(column), value_set=marks), True).as_py()
        if row >= 0:
            mark = column[row].as_py().strip()
            got = f"the mark {mark!r}" if mark else "none"
            raise InputError(
                "targets",
                "have a value in each cell",
                f"{got} in {where}, row {row + 1}",
                "Fill it (a class needs another name), or remove the row." if mark else "Fill it, or remove the row.",
            )
        return np.array(column.to_pylist())
    if types.is_floating(column.type) or types.is_decimal(column.type):
        return _numbers("targets", column, where)
    if types.is_integer(column.type) or types.is_boolean(column.type):
        found: NDArray[Any] = column.to_numpy()
        return found
    raise InputError("targets", "be texts, numbers or booleans", f"{column.type} in {where}", "Choose another column.")
