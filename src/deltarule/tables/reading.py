"""The names and the columns of a CSV or Parquet file, through Arrow."""

from __future__ import annotations

import re
from collections.abc import Sequence
from os import SEEK_END
from pathlib import Path
from typing import Any, BinaryIO

from deltarule.errors import InputError
from deltarule.tables.heads import looks_like_data
from deltarule.tables.lines import Lines, check_packed, native
from deltarule.tables.wide import first_rows, is_wide, wide_columns

# Files whose columns have types and that are read whole.
FEATHER, JSON_LINES = (".feather", ".arrow"), (".jsonl", ".ndjson")
# The largest block that Arrow reads at once.
LARGEST_BLOCK = 2**31 - 1
# The row that an error of Arrow's about JSON lines names, counted from 0.
ROW_OF_LINES = re.compile(r"\.? in row (\d+)$")
# Bytes of a CSV file's first line that are looked at.
LONGEST_LINE = 100_000
# Cells of a first row that a message shows.
SHOWN = 4
# What may stand between the columns of a CSV file, by the words for it, and how it is told in messages.
SEPARATORS = {",": ",", ";": ";", "tab": "\t", "|": "|"}
_WORDS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}


def not_utf8(where: str) -> InputError:
    """The error for a file, or a column of it, that is not UTF-8 (`where`)."""
    return InputError("table", "be UTF-8 text", f"another encoding in {where}", "Save it as UTF-8 CSV.")


def typed_table(file: Path, opened: BinaryIO) -> Any:
    """The `pyarrow.Table` of a Feather file or of JSON lines; None for another file.

    Parameters
    ----------
    file : its name.
    opened : the file.
    """
    suffix = file.suffix.lower()
    opened.seek(0)
    if suffix in FEATHER:
        from pyarrow import feather

        table = feather.read_table(native(opened), memory_map=False)
    elif suffix in JSON_LINES:
        table = _json_lines(opened)
    else:
        return None
    table.validate(full=True)  # what is damaged would be read beyond its end; texts may be no UTF-8
    return table


def _json_lines(opened: BinaryIO) -> Any:
    """The table of a file of JSON lines; an error of Arrow's counts rows from the first of the file, or names none."""
    import pyarrow as pa
    from pyarrow import json

    try:
        return json.read_json(native(opened))
    except pa.ArrowInvalid as error:
        # Arrow counts rows from the first of a block.
        size = opened.seek(0, SEEK_END)
        opened.seek(0)
        if size >= LARGEST_BLOCK:
            raise pa.ArrowInvalid(ROW_OF_LINES.sub("", str(error))) from None
        return json.read_json(native(opened), read_options=json.ReadOptions(use_threads=False, block_size=size + 1))


def names_of(
    file: Path,
    opened: BinaryIO,
    header: bool | None,
    lines: Lines | None = None,
    *,
    separator: str | None = None,
    decimal: str = ".",
) -> list[str]:
    """The names of a file's columns; x1, x2, ... where it has none.

    Parameters
    ----------
    file : its name.
    opened : the file.
    header : as in `deltarule.tables.read_table`.
    lines : of a CSV file.
    separator : the letter between its columns; None: a comma, and no other can be chosen.
    decimal : the decimal mark of its numbers.

    Raises
    ------
    InputError
        If the first line of a CSV file has other separators, or looks like data and nothing is said of it.
    """
    if file.suffix.lower() == ".parquet":
        from pyarrow import parquet

        if header is False:
            raise InputError("header", "be left out for a Parquet file", "false", "Such a file has names.")
        with parquet.ParquetFile(native(opened)) as table:
            return list(table.schema_arrow.names)
    whole = typed_table(file, opened)
    if whole is not None:
        if header is False:
            raise InputError("header", "be left out for a file that is no CSV", "false", "Such a file has names.")
        return list(whole.column_names)
    from pyarrow import csv

    check_packed(file, opened)
    _check_separators(file, opened, separator)
    mark = separator or ","
    # One thread, so that an error names the row.
    options = csv.ReadOptions(
        use_threads=False, autogenerate_column_names=header is False, block_size=lines.block if lines else None
    )
    if mark == "," and is_wide(opened):
        names, columns = first_rows(file, opened)
    else:
        with csv.open_csv(native(opened), read_options=options, parse_options=_parsing(lines, mark)) as table:
            names = list(table.schema.names)
            block = next(iter(table), None) if header is None else None
            columns = [] if block is None else block.columns
    if header is False:
        return [f"x{place}" for place in range(1, len(names) + 1)]
    if header is None and columns and looks_like_data(*_pointed(names, columns, decimal)):
        more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
        raise InputError(
            "table",
            "have a row of names first",
            f"{file}, whose first row looks like data: {', '.join(names[:SHOWN])}{more}",
            "Write header = false, and the place of the target, as in target = 5; or add a row of names. If these are names, "
            "write header = true."
            if separator is None
            else "Say --no-header (header=False), and the place of the target, as in --target 5; or add a row of names. "
            "If these are names, say --header (header=True).",
        )
    return names


def _pointed(names: list[str], columns: list[Any], decimal: str) -> tuple[list[str], list[Any]]:
    """Names and columns with points in the place of decimal commas."""
    if decimal == ".":
        return names, columns
    texts = [[str(value).replace(decimal, ".") for value in column.drop_null().to_pylist()] for column in columns]
    return [name.replace(decimal, ".") for name in names], texts


def _check_separators(file: Path, opened: BinaryIO, told: str | None) -> None:
    """An `InputError` where the first line shows another separator than the one told, or another encoding than UTF-8."""
    line = opened.readline(LONGEST_LINE)
    opened.seek(0)
    if line.startswith((b"\xff\xfe", b"\xfe\xff")):  # byte order marks of UTF-16
        raise not_utf8(str(file))
    mark = told or ","
    for word, separator in SEPARATORS.items():
        if separator != mark and separator.encode() in line and mark.encode() not in line:
            raise InputError(
                "table",
                f"have {_WORDS[mark]} between its columns",
                f"{_WORDS[separator]} in {file}",
                "Save it with commas between columns, and points in decimals; or say the separator, as in "
                f"separator = {word!r} (and decimal_mark = ',' where it is a comma)."
                if told is None
                else f"Say so: separator {word!r} (--separator {word!r}).",
            )


def _parsing(lines: Lines | None, separator: str = ",") -> Any:
    """How Arrow finds the cells: one in quotation marks may go on in the next line, which takes longer to find out."""
    from pyarrow import csv

    return csv.ParseOptions(delimiter=separator, newlines_in_values=lines is not None and lines.quotes)


def columns_of(
    file: Path,
    opened: BinaryIO,
    *,
    inputs: Sequence[str],
    targets: Sequence[str],
    labelled: bool,
    names: Sequence[str],
    header: bool,
    lines: Lines | None = None,
) -> list[Any]:
    """The columns of inputs and targets, in this order: as `pyarrow.ChunkedArray`, or as arrays of float64 of a wide file.

    Those of a CSV file are numbers where numbers are needed and all cells are numbers, and otherwise texts.

    Parameters
    ----------
    file : its name.
    opened : the file.
    inputs, targets : the names of the columns.
    labelled : whether the target is a column of labels, which are read as texts.
    names : the names of all columns.
    header : whether the first row of a CSV file holds them.
    lines : of a CSV file.
    """
    wanted = [*inputs, *targets]
    if file.suffix.lower() == ".parquet":
        from pyarrow import parquet

        with parquet.ParquetFile(native(opened)) as whole:
            table = whole.read(columns=wanted)
    else:
        table = typed_table(file, opened)
    if table is not None:
        columns = dict(zip(table.column_names, table.columns, strict=True))
        return [columns[name] for name in wanted]
    import pyarrow as pa
    from pyarrow import csv

    if is_wide(opened):
        found, texts = wide_columns(
            file,
            opened,
            names,
            inputs if labelled else wanted,
            targets[0] if labelled else None,
            header=header,
            inputs=len(inputs),
        )
        return [*found.T, *([pa.chunked_array([texts], pa.string())] if labelled else [])]
    block = lines.block if lines else None

    def read(numbers: Any, *, threads: bool = True) -> Any:
        types = dict.fromkeys(inputs if labelled else wanted, numbers)
        types |= dict.fromkeys(targets, pa.string()) if labelled else {}
        opened.seek(0)
        return csv.read_csv(
            native(opened),
            read_options=csv.ReadOptions(use_threads=threads, column_names=None if header else names, block_size=block),
            parse_options=_parsing(lines),
            convert_options=csv.ConvertOptions(include_columns=wanted, column_types=types),
        )

    try:
        table = read(pa.float64())
    except pa.ArrowInvalid:
        # A word among numbers: read as texts, so that the cell can be named. If this fails too, the file's form is wrong; one
        # thread can name the row.
        table = read(pa.string(), threads=False)
    columns = table.columns
    for name, column in zip(wanted, columns, strict=True):
        if pa.types.is_binary(column.type):  # so Arrow reads texts that are not UTF-8
            raise not_utf8(f"{file}, column {name!r}")
    return list(columns)
