"""Files in Arrow's own format (Feather), of which columns are read without the others, and copies of tables in it."""

from __future__ import annotations

import tempfile
import weakref
from collections.abc import Callable, Sequence
from typing import Any, BinaryIO

from deltarule.tables.lines import native

# What such a file begins with.
MARK = b"ARROW1"
# Gives the columns of these names, as a `pyarrow.Table`.
Columns = Callable[[Sequence[str]], Any]


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
    from pyarrow import ipc

    opened.seek(0)
    wanted = set(names)
    fields = [place for place, name in enumerate(names_in(opened)) if name in wanted]
    opened.seek(0)
    table = ipc.open_file(native(opened), options=ipc.IpcReadOptions(included_fields=fields)).read_all()
    table.validate(full=True)  # what is damaged would be read beyond its end; texts may be no UTF-8
    return table.select(list(names))


def copied(reader: Any) -> tuple[int, Columns] | None:
    r"""A table that comes in batches, put into a temporary file: the number of its rows, and what reads some of its columns.

    It is None where there is no room for the file.

    Parameters
    ----------
    reader : gives the batches, as `pyarrow.csv.open_csv` does.

    Examples
    --------
    >>> import io
    >>> from pyarrow import csv
    >>> rows, columns = copied(csv.open_csv(io.BytesIO(b"a,b\n1,x\n2,y\n")))
    >>> rows, columns(["b"]).to_pydict()
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

    weakref.finalize(columns, file.close)
    try:
        writer = ipc.new_file(file, reader.schema, options=ipc.IpcWriteOptions(compression="lz4"))
    except OSError:
        return None
    for batch in reader:
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
    return rows, columns
