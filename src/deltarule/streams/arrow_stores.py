"""Parquet files, read by group of rows, and files of Arrow's own format, read by batch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from deltarule.errors import InputError
from deltarule.streams.places import File, changed
from deltarule.streams.stores import Part, Store
from deltarule.tables.files import LONGEST
from deltarule.tables.reading import FEATHER

PARQUET = ".parquet"
SUFFIXES = (PARQUET, *FEATHER)
# Bytes of a cell whose type has no width of its own, such as a text.
TEXT_BYTES = 32
SMALLEST_BUFFER, LARGEST_BUFFER = 1 << 13, 1 << 20


class ArrowStore(Store):
    """The rows of files with the same columns.

    Parameters
    ----------
    files : the files, all of one kind.
    choose : gives the columns that are read, from the names of all and the file that has them.
    exact : columns whose types must be alike, not only both numbers: labels.
    """

    def __init__(
        self, files: Sequence[File], choose: Callable[[list[str], str], list[str]], exact: Callable[[], Sequence[str]]
    ) -> None:
        self.files = files
        self.where = files[0].name if len(files) == 1 else f"{files[0].name} and {len(files) - 1} more"
        self.columns = {}
        self._heads: list[Any] = []
        places: list[tuple[int, int]] = []
        groups: list[int] = []
        for number, file in enumerate(files):
            with file.opened() as handle, readable(file.name, file.suffix):
                head, schema, rows = _parquet_head(handle) if file.suffix == PARQUET else _ipc_head(handle)
            self._heads.append(head)
            if number == 0:
                chosen = choose(list(schema.names), file.name)
                self.columns = {name: schema.field(name).type for name in chosen}
            else:
                self._check_schema(schema, file, exact())
            if not sum(rows):
                remedy = "Remove the file, or check that the data were written."
                raise InputError("stream", "have at least one row in each file", f"none in {file.name}", remedy)
            places += [(number, group) for group, count in enumerate(rows) if count]
            groups += [count for count in rows if count]
        self._places, self.groups = places, tuple(groups)

    def _check_schema(self, schema: Any, file: File, exact: Sequence[str]) -> None:
        """The columns of the first file must be there, with types that mean the same."""
        first = self.files[0].name
        for name, known in self.columns.items():
            if schema.names.count(name) != 1:
                got = f"no column {name!r} in {file.name}"
                raise InputError("files of a stream", f"have the columns of the first, {first}", got, "Write it there.")
            other = schema.field(name).type
            if _sort(known, exact=name in exact) != _sort(other, exact=name in exact):
                raise InputError(
                    "files of a stream",
                    f"have columns of one type: {name!r} is {known} in {first}",
                    f"{other} in {file.name}",
                    "Write them alike.",
                )

    @property
    def row_bytes(self) -> int:
        """See `Store`."""
        return sum(_width(kind) for kind in self.columns.values())

    def parts(
        self, group: int, skip: int, most: int, buffer: int, columns: Sequence[str] | None = None
    ) -> Iterator[Part]:
        """See `Store`."""
        number, place = self._places[group]
        file, head = self.files[number], self._heads[number]
        read, what = (_parquet_batches, "row group") if file.suffix == PARQUET else (_ipc_batches, "batch")
        where = f"{file.name}, {what} {place + 1}"
        done = 0
        with file.opened() as handle, readable(where, file.suffix):
            for table in read(handle, head, place, list(columns or self.columns), most, buffer):
                start = max(skip - done, 0)
                if start < len(table):
                    yield Part(where, done + start + 1, table.slice(start))
                done += len(table)
        if done != self.groups[group]:
            raise changed(file.name)

    def state(self) -> list[list[Any]]:
        """See `Store`."""
        return [[file.name, *file.state] for file in self.files]


@contextmanager
def readable(where: str, suffix: str) -> Iterator[None]:
    """Turn what Arrow says about data that it cannot read into an `InputError`.

    Parameters
    ----------
    where : file and group.
    suffix : the ending of the file, which says what it should be.
    """
    import pyarrow as pa

    try:
        yield
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        got = f"{where}: {str(error)[:LONGEST].rstrip(' .')}"
        raise InputError(
            "stream", f"be readable as {suffix[1:]}", got, "The file may be cut off or damaged: write it again."
        ) from None


def _parquet_head(handle: Any) -> tuple[Any, Any, list[int]]:
    """What a file says of itself: its metadata, schema, and the rows of each group."""
    from pyarrow import parquet

    whole = parquet.ParquetFile(handle)
    found = whole.metadata
    return found, whole.schema_arrow, [found.row_group(group).num_rows for group in range(found.num_row_groups)]


def _parquet_batches(handle: Any, head: Any, group: int, columns: list[str], most: int, buffer: int) -> Iterator[Any]:
    import pyarrow as pa
    from pyarrow import parquet

    each = min(max(buffer // len(columns), SMALLEST_BUFFER), LARGEST_BUFFER)
    # Pages come through a buffer for each column: a group of any size takes no more memory.
    whole = parquet.ParquetFile(
        handle, metadata=head, buffer_size=each, pre_buffer=False, page_checksum_verification=True
    )
    for batch in whole.iter_batches(most, row_groups=[group], columns=columns):
        table = pa.Table.from_batches([batch]).select(columns)
        table.validate(full=True)  # texts may be no UTF-8
        yield table


def _ipc_head(handle: Any) -> tuple[Any, Any, list[int]]:
    from pyarrow import ipc

    whole = ipc.open_file(handle, options=ipc.IpcReadOptions(included_fields=[0]))
    rows = [whole.get_batch(place).num_rows for place in range(whole.num_record_batches)]
    handle.seek(0)
    return None, ipc.open_file(handle).schema, rows


def _ipc_batches(handle: Any, _head: Any, group: int, columns: list[str], most: int, _buffer: int) -> Iterator[Any]:
    import pyarrow as pa
    from pyarrow import ipc

    names = ipc.open_file(handle).schema.names
    handle.seek(0)
    fields = [names.index(name) for name in columns]
    batch = ipc.open_file(handle, options=ipc.IpcReadOptions(included_fields=fields)).get_batch(group)
    batch.validate(full=True)  # what is damaged would be read beyond its end
    table = pa.Table.from_batches([batch]).select(columns)
    for start in range(0, len(table), most):
        yield table.slice(start, most)


def _sort(kind: Any, *, exact: bool) -> str:
    """What a column of this type holds; whole and other numbers are one sort but for labels."""
    import pyarrow as pa

    types = pa.types
    kind = kind.value_type if types.is_dictionary(kind) else kind
    if types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind):
        return "text"
    if types.is_integer(kind):
        return "whole number" if exact else "number"
    if types.is_floating(kind) or types.is_decimal(kind):
        return "number"
    return str(kind)


def is_category(kind: Any) -> bool:
    """Whether a column of this type (`kind`) holds texts."""
    return _sort(kind, exact=False) == "text"


def _width(kind: Any) -> int:
    """About the bytes of a cell of this type."""
    try:
        return max(1, int(kind.bit_width) // 8)
    except ValueError:
        return TEXT_BYTES
