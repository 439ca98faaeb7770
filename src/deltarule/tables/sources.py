"""The columns of a table, one at a time: of files (CSV, Parquet, Feather, JSON lines) and of frames."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

from deltarule import checks
from deltarule.checks import choice, instance
from deltarule.errors import InputError
from deltarule.files import open_regular
from deltarule.frames import arrow_table
from deltarule.tables.arrow_files import Batches, Columns, Held, batches_in, columns_in, copied, is_in_format, names_in
from deltarule.tables.cells import is_text
from deltarule.tables.columns import plain_type
from deltarule.tables.decimals import with_points
from deltarule.tables.files import OUTSIDE, files_of, readable
from deltarule.tables.lines import check_quotes, lines_of, native
from deltarule.tables.reading import FEATHER, JSON_LINES, SEPARATORS, names_of, not_utf8, typed_table

SUFFIXES = (".csv", ".tsv", ".txt", ".parquet", *FEATHER, *JSON_LINES)
TEXTS = (".csv", ".tsv", ".txt")
DECIMALS = (".", ",")
# Bytes from which on a CSV file, or one of JSON lines, is put into a temporary file in another form, of which a column can be
# read without the others.
LARGE = 1 << 28
# Cells of a file that are in memory together; of longer columns it is one column.
AT_ONCE = 1 << 20
# Cells of a block of rows, and bytes that are read ahead of all columns of a Parquet file.
BLOCK, AHEAD = 1 << 18, 1 << 24


@dataclass(frozen=True)
class Source:
    """Columns that are read when they are asked for, so that no more than one is in memory beside what is made of them.

    Attributes
    ----------
    names : of the columns.
    rows : how many there are.
    where : what holds the columns, for messages, as in "flowers.csv".
    read : gives a column, a `pyarrow.ChunkedArray`, by its name.
    typed : whether cells have types; those of a CSV file are texts, which may stand for numbers.
    batches : gives columns some rows at a time without the others; None: columns are read whole, and cut.
    joined : whether they are those of several files, which may write a column as different types.
    first : the number of the first row, for messages.
    streamed : whether they are rows of a stream that is trained on: no cell is filled, and categories may have been stated.
    """

    names: tuple[str, ...]
    rows: int
    where: str
    read: Callable[[str], Any]
    typed: bool = True
    batches: Batches | None = None
    joined: bool = False
    first: int = 1
    streamed: bool = False

    def blocks(self, names: Sequence[str]) -> Iterator[Source]:
        """These columns of the table, some rows at a time, so that little memory is needed however many rows there are.

        Rows of a block are counted from its first.

        Parameters
        ----------
        names : of the columns.

        Examples
        --------
        >>> import pyarrow as pa
        >>> source = source_of_frame("table", pa.table({"a": [1, 2], "b": [3, 4]}))
        >>> [block.read("b").to_pylist() for block in source.blocks(["b"])]
        [[3, 4]]
        """
        rows, done = max(1, BLOCK // max(len(names), 1)), 0
        for table in self.batches_of(names, rows):
            if not len(table):
                continue
            yield replace(self, names=tuple(names), rows=len(table), read=table.column, batches=None)
            done += len(table)
        if done != self.rows:
            raise _changed(self.where)

    def batches_of(self, names: Sequence[str], rows: int) -> Iterator[Any]:
        """These columns, some rows at a time, as tables of Arrow.

        Parameters
        ----------
        names : of the columns.
        rows : of a table at most.
        """
        import pyarrow as pa

        if self.batches is not None:
            return self.batches(names, rows)
        table = pa.table({name: self.read(name) for name in names})
        return (table.slice(start, rows) for start in range(0, self.rows, rows))

    def at(self, name: str) -> str:
        """Where the column `name` stands, for messages."""
        return f"{self.where}, column {name!r}" if self.where else f"column {name!r}"


def source_of_frame(name: str, frame: Any) -> Source:
    """The columns of a frame of pandas, polars or Arrow.

    Parameters
    ----------
    name : what the frame is, for messages.
    frame : the frame.

    Raises
    ------
    InputError
        If it is no such frame, or a column mixes types.
    """
    table = arrow_table(name, frame)
    return Source(tuple(table.column_names), table.num_rows, "", table.column)


def source_of(
    path: str | os.PathLike[str],
    *,
    header: bool | None = None,
    separator: str = ",",
    decimal: str = ".",
    root: str | os.PathLike[str] | None = None,
) -> Source:
    r"""The columns of a file, or of all files that a pattern matches, one below the other.

    Cells of a CSV file are texts: what they mean is for others to say.

    Parameters
    ----------
    path : the file, or a pattern such as "part-*.parquet". The ending says what it is: .csv (.tsv, .txt), .parquet,
        .feather (.arrow), .jsonl (.ndjson).
    header : whether the first row of a CSV file holds names; see `deltarule.tables.read_table`.
    separator : what stands between the columns of a CSV file: "," ";" "tab" or "|". It is never guessed.
    decimal : the decimal mark of a CSV file, "." or ",".
    root : the folder that the files must lie in, and to which `path` is relative then; None: anywhere.

    Raises
    ------
    InputError
        If a file cannot be read, or files have different columns.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder, "flowers.csv")
    ...     _ = file.write_text("length;species\n5,1;setosa\n6,3;virginica\n")
    ...     source = source_of(file, separator=";", decimal=",")
    >>> source.names, source.rows, source.read("length").to_pylist()
    (('length', 'species'), 2, ['5.1', '6.3'])
    """
    if header is not None:
        instance("header", header, bool, "Give False where the first row of a CSV file holds data.")
    check_marks(separator, decimal)
    root = None if root is None else checks.path("root", root)
    files = files_of(checks.path("table", path), root, SUFFIXES)
    parts = [_of_file(file, header, separator, decimal, root) for file in files]
    first = parts[0]
    for part in parts[1:]:
        if part.names != first.names:
            odd = next(
                (name for name in (*first.names, *part.names) if (name in first.names) != (name in part.names)), None
            )
            got = f"other ones in {part.where}" if odd is None else f"the column {odd!r} in one of them only"
            raise InputError("tables", f"have the columns of the first, {first.where}", got, "Write them alike.")
    if sum(part.rows for part in parts) == 0:
        raise InputError(
            "table", "have at least one row (pattern)", f"none in {first.where}", "Check that the data were written."
        )
    return first if len(parts) == 1 else _joined(parts, str(path))


def _joined(parts: Sequence[Source], where: str) -> Source:
    import pyarrow as pa

    def read(name: str) -> Any:
        columns = [plain_type(part.read(name)) for part in parts]
        if all(map(is_text, columns)):  # programs write texts as one of several types
            columns = [column.cast(pa.large_string()) for column in columns]
        types = {column.type for column in columns}
        if len(types) > 1:
            try:
                columns = [column.cast(pa.float64()) for column in columns]
            except pa.ArrowException:
                got = " and ".join(sorted(map(str, types)))
                raise InputError(
                    "tables", "have columns of one type", f"{got} in {where}, column {name!r}", "Write them alike."
                ) from None
        return pa.chunked_array([chunk for column in columns for chunk in column.chunks], columns[0].type)

    def batches(names: Sequence[str], rows: int) -> Iterator[Any]:
        for part in parts:
            yield from part.batches_of(names, rows)

    return Source(parts[0].names, sum(part.rows for part in parts), where, read, parts[0].typed, batches, joined=True)


def check_marks(separator: Any, decimal: Any) -> None:
    """Raise an `InputError` if the marks of CSV files are not among those that can be told.

    Parameters
    ----------
    separator, decimal : as in `source_of`.
    """
    choice("separator", separator, tuple(SEPARATORS), {"\t": "tab", "semicolon": ";", "comma": ",", "bar": "|"})
    choice("decimal", decimal, DECIMALS, {"comma": ",", "point": "."})


def _of_file(file: Path, header: bool | None, separator: str, decimal: str, root: Any) -> Source:
    suffix = file.suffix.lower()
    if suffix in TEXTS:
        return _of_csv(file, header, separator, decimal, root)
    if header is False or separator != "," or decimal != ".":
        name = "header" if header is False else "separator" if separator != "," else "decimal"
        raise InputError(
            name, "be left out for a file that is no CSV", str(file), "Such a file says by itself what is in it."
        )
    if suffix == ".parquet":
        return _of_parquet(file, root)
    if suffix in FEATHER:
        found = _of_feather(file, root)
        if found is not None:
            return found
    with (
        open_regular(file, "table", root=root, suffixes=SUFFIXES, remedy=OUTSIDE) as opened,
        readable(file, opened, None, header=False),
    ):
        lines = _of_large_lines(file, opened) if suffix in JSON_LINES else None
        return lines or _of_table(typed_table(file, opened), file)  # names may be no UTF-8


def _of_large_lines(file: Path, opened: BinaryIO) -> Source | None:
    """A large file of JSON lines; None where it is to be read whole, since it is small or types of later rows are others."""
    import pyarrow as pa
    from pyarrow import json

    if os.fstat(opened.fileno()).st_size <= LARGE:
        return None
    opened.seek(0)
    try:
        reader = json.open_json(native(opened), read_options=json.ReadOptions(use_threads=False))
        held = copied(reader)
    except pa.ArrowInvalid:
        return None
    if held is None:
        return None
    names = list(reader.schema.names)
    _check_distinct(names, file)
    return _of_held(names, held, file, typed=True)


def _of_table(table: Any, file: Path) -> Source:
    _check_distinct(table.column_names, file)
    return Source(tuple(table.column_names), table.num_rows, str(file), table.column)


def _check_distinct(names: Sequence[str], file: Path) -> None:
    twice = (
        next((name for name in names if list(names).count(name) > 1), None) if len(set(names)) < len(names) else None
    )
    if twice is not None:
        raise InputError("table", "have columns of different names", f"{twice!r} twice in {file}", "Rename one.")


def _of_parquet(file: Path, root: Any) -> Source:
    """A Parquet file, of which some columns are read at a time: to open it takes long where it has thousands."""
    import pyarrow as pa
    from pyarrow import parquet

    def opened() -> Any:
        return open_regular(file, "table", root=root, suffixes=SUFFIXES, remedy=OUTSIDE)

    def batches(wanted: Sequence[str], size: int) -> Iterator[Any]:
        # Without these two a group of rows, or all of them, are read at once.
        ahead = min(max(AHEAD // max(len(wanted), 1), 1 << 12), 1 << 18)
        options = {"page_checksum_verification": True, "buffer_size": ahead, "pre_buffer": False}
        with (
            opened() as handle,
            readable(file, handle, None, header=False),
            parquet.ParquetFile(native(handle), **options) as whole,
        ):
            for batch in whole.iter_batches(size, columns=list(wanted), use_threads=False):
                batch.validate(full=True)
                yield pa.Table.from_batches([batch]).select(list(wanted))

    with opened() as handle, readable(file, handle, None, header=False), parquet.ParquetFile(native(handle)) as whole:
        names, rows = list(whole.schema_arrow.names), whole.metadata.num_rows
    _check_distinct(names, file)

    def some(wanted: Sequence[str]) -> Any:
        with (
            opened() as handle,
            readable(file, handle, None, header=False),
            parquet.ParquetFile(native(handle), page_checksum_verification=True) as whole,
        ):
            # By groups of rows: what is decoded in one go is small then.
            groups = [whole.read_row_group(group, columns=wanted) for group in range(whole.num_row_groups)]
            table = pa.concat_tables(groups) if groups else whole.read(columns=wanted)
            table.validate(full=True)
        if len(table) != rows or table.column_names != list(wanted):
            raise _changed(str(file))
        return table

    return Source(tuple(names), rows, str(file), _by_columns(names, rows, some), batches=batches)


def _changed(file: str) -> InputError:
    return InputError("table", "stay as it is while it is read", f"{file}, which has changed", "Read it again.")


def _by_columns(names: list[str], rows: int, some: Columns) -> Callable[[str], Any]:
    """`Source.read` of what gives `some` columns in one go: of short columns many are kept, of long ones none."""
    place = {name: at for at, name in enumerate(names)}
    together = max(1, AT_ONCE // max(rows, 1))
    held: dict[str, Any] = {}

    def read(name: str) -> Any:
        if name not in held:
            held.clear()
            found = some(names[place[name] : place[name] + together])
            if together == 1:
                return found.column(name)
            held.update(zip(found.column_names, found.columns, strict=True))
        return held[name]

    return read


def _of_feather(file: Path, root: Any) -> Source | None:
    """A Feather file, of which some columns are read at a time; None where it is of the old form, which is read whole."""

    def opened() -> Any:
        return open_regular(file, "table", root=root, suffixes=SUFFIXES, remedy=OUTSIDE)

    with opened() as handle, readable(file, handle, None, header=False):
        if not is_in_format(handle):
            return None
        names = names_in(handle)
        _check_distinct(names, file)
        rows = len(columns_in(handle, names[:1]))

    def some(wanted: Sequence[str]) -> Any:
        with opened() as handle, readable(file, handle, None, header=False):
            table = columns_in(handle, wanted)
        if len(table) != rows:
            raise _changed(str(file))
        return table

    def batches(wanted: Sequence[str], size: int) -> Iterator[Any]:
        with opened() as handle, readable(file, handle, None, header=False):
            yield from batches_in(handle, wanted, size)

    return Source(tuple(names), rows, str(file), _by_columns(names, rows, some), batches=batches)


def _of_csv(file: Path, header: bool | None, separator: str, decimal: str, root: Any) -> Source:
    import pyarrow as pa
    from pyarrow import csv

    if separator == decimal == ",":
        raise InputError("decimal", "be another mark than the separator", "a comma for both", "Say the separator too.")
    mark = SEPARATORS[separator]
    with open_regular(file, "table", root=root, suffixes=SUFFIXES, remedy=OUTSIDE) as opened:
        lines, size = lines_of(opened), os.fstat(opened.fileno()).st_size
        with readable(file, opened, lines, header=header is not False):
            names = names_of(file, opened, header, lines, separator=mark, decimal=decimal)

            def options(*, threads: bool) -> dict[str, Any]:
                opened.seek(0)
                heads = names if header is False else None
                return {
                    "read_options": csv.ReadOptions(use_threads=threads, column_names=heads, block_size=lines.block),
                    "parse_options": csv.ParseOptions(delimiter=mark, newlines_in_values=lines.quotes),
                    "convert_options": csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string())),
                }

            held = None
            if size > LARGE:
                held = copied(csv.open_csv(native(opened), **options(threads=False)))
            if held is None:
                held = _read_csv(file, lambda *, threads: csv.read_csv(native(opened), **options(threads=threads)))
        check_quotes(file, opened, lines, held.rows + (header is not False), separator=mark)
    _check_distinct(names, file)
    found = _of_held(names, held, file, typed=False)
    return found if decimal == "." else _pointed(found)


def _of_held(names: Sequence[str], held: Held, file: Path, *, typed: bool) -> Source:
    read = _by_columns(list(names), held.rows, held.columns)
    return Source(tuple(names), held.rows, str(file), read, typed, held.batches)


def _pointed(source: Source) -> Source:
    """The same texts with points in the place of decimal commas."""
    import pyarrow as pa

    def batches(names: Sequence[str], rows: int) -> Iterator[Any]:
        for table in source.batches_of(names, rows):
            yield pa.table({name: with_points(table.column(name), source.at(name)) for name in names})

    return replace(source, read=lambda name: with_points(source.read(name), source.at(name)), batches=batches)


def _read_csv(file: Path, read: Callable[..., Any]) -> Held:
    """A CSV file in memory."""
    import pyarrow as pa

    try:
        table = read(threads=True)
    except pa.ArrowInvalid:
        table = read(threads=False)  # which can name the row
    for name, column in zip(table.column_names, table.columns, strict=True):
        if pa.types.is_binary(column.type):  # so Arrow reads texts that are not UTF-8
            raise not_utf8(f"{file}, column {name!r}")
    return Held(table.num_rows, lambda names: table.select(list(names)))
