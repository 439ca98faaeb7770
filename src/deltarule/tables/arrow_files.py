"""Files in Arrow's own format (Feather), of which columns are read without the others, and copies of tables in it."""

from __future__ import annotations

import tempfile
import weakref
from collections.abc import Callable, Iterator, Sequence
from typing import Any, BinaryIO, NamedTuple

from deltarule.tables.lines import native

# What such a file begins with.
MARK = b"ARROW1"
# Gives the columns of these names, as a `pyarrow.Table`.
Columns = Callable[[Sequence[str]], Any]
# Gives the columns of these names some rows at a time, at most so many, as tables.
Batches = Callable[[Sequence[str], int], Iterator[Any]]


class Held(NamedTuple):
    """A table in memory or in a temporary file.

    rows : how many there are. columns : gives some columns. batches : gives some rows of them at a time; None: cut the columns.
    """

    rows: int
    columns: Columns
    batches: Batches | None = None


def is_in_format(opened: BinaryIO) -> bool:
    """Whether a file (`opened`) is in this format; one of the first version of Feather is not."""
    opened.seek(0)
    start = opened.read(len(MARK))
    opened.seek(0)
    return start == MARK


def names_in(opened: BinaryIO) -> list[str]:
    """The names of the columns of a file (`opened`)."""
    from pyarrow import ipc

    return list(ipc.open_file(native(opened)).schema.names)


def columns_in(opened: BinaryIO, names: Sequence[str]) -> Any:
    """Some columns of a file, as a `pyarrow.Table`.

    Parameters
    ----------
    opened : the file.
    names : of the columns that are wanted.
    """
    table = _reader(opened, names).read_all()
    table.validate(full=True)  # what is damaged would be read beyond its end; texts may be no UTF-8
    return table.select(list(names))


def batches_in(opened: BinaryIO, names: Sequence[str], rows: int) -> Iterator[Any]:
    """Some columns of a file, some rows at a time, as tables.

    Parameters
    ----------
    opened : the file.
    names : of the columns that are wanted.
    rows : of a table at most.
    """
    import pyarrow as pa

    reader = _reader(opened, names)
    for number in range(reader.num_record_batches):
        batch = reader.get_batch(number)
        batch.validate(full=True)
        table = pa.Table.from_batches([batch]).select(list(names))
        for start in range(0, len(table), rows):
            yield table.slice(start, rows)


def _reader(opened: BinaryIO, names: Sequence[str]) -> Any:
    """What reads these columns of a file, in the order of the file."""
    from pyarrow import ipc

    wanted = set(names)
    opened.seek(0)
    fields = [place for place, name in enumerate(names_in(opened)) if name in wanted]
    opened.seek(0)
    return ipc.open_file(native(opened), options=ipc.IpcReadOptions(included_fields=fields))


def copied(reader: Any) -> Held | None:
    r"""A table that comes in batches, put into a temporary file.

    It is None where there is no room for the file.

    Parameters
    ----------
    reader : gives the batches, as `pyarrow.csv.open_csv` does.

    Examples
    --------
    >>> import io
    >>> from pyarrow import csv
    >>> held = copied(csv.open_csv(io.BytesIO(b"a,b\n1,x\n2,y\n")))
    >>> held.rows, held.columns(["b"]).to_pydict()
    (2, {'b': ['x', 'y']})
    """
    from pyarrow import ipc

    try:
        file = tempfile.TemporaryFile()  # noqa: SIM115 - it is closed with the function that reads it
    except OSError:
        return None
    rows = 0

    def columns(names: Sequence[str]) -> Any:
        return columns_in(file, names)

    def batches(names: Sequence[str], at_once: int) -> Iterator[Any]:
        return batches_in(file, names, at_once)

    weakref.finalize(columns, file.close)
    try:
        writer = ipc.new_file(file, reader.schema, options=ipc.IpcWriteOptions(compression="lz4"))
    except OSError:
        return None
    for batch in reader:
        batch.validate(full=True)  # texts may be no UTF-8
        try:
            writer.write_batch(batch)
        except OSError:
            return None
        rows += batch.num_rows
    try:
        writer.close()
        file.flush()
    except OSError:
        return None
    return Held(rows, columns, batches)
