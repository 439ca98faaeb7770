"""Where the files of a stream lie: in the local file system, or in one that Arrow reads (s3://, gs://, ...)."""

from __future__ import annotations

import fnmatch
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from deltarule import checks
from deltarule.errors import InputError
from deltarule.files import open_regular
from deltarule.tables.files import LONGEST, MOST_FILES, files_of
from deltarule.tables.lines import native

REMOTE = "://"


@dataclass(frozen=True)
class File:
    """One file.

    Attributes
    ----------
    name : as the user would write it.
    suffix : of the name, in lower case.
    state : its size in bytes and the time of its last change in nanoseconds, when it was found.
    system : Arrow's file system that it lies in; None: the local one.
    path : there.
    """

    name: str
    suffix: str
    state: tuple[int, int]
    system: Any
    path: str

    @contextmanager
    def opened(self) -> Iterator[Any]:
        """The file, opened as Arrow reads it.

        Raises
        ------
        InputError
            If it is not what it was when it was found.
        """
        if self.system is not None:
            with self.system.open_input_file(self.path) as handle:
                yield handle
            return
        with open_regular(self.path, "stream") as handle:
            found = os.fstat(handle.fileno())
            if (found.st_size, found.st_mtime_ns) != self.state:
                raise changed(self.name)
            yield native(handle)


def changed(name: str) -> InputError:
    """The error for a file that is another one than before.

    Parameters
    ----------
    name : of the file.
    """
    return InputError("stream", "stay as it is while it is read", f"{name}, which has changed", "Make the stream anew.")


def files_at(path: Any, suffixes: tuple[str, ...]) -> list[File]:
    """The file, or the files that a pattern in its name matches, in the order of their names.

    Parameters
    ----------
    path : a path, or the address of a file in a system that Arrow knows, as in "s3://bucket/data/part-*.parquet".
    suffixes : the endings of files that can be read.

    Raises
    ------
    InputError
        If there is none.
    """
    if isinstance(path, str) and REMOTE in path:
        return _files_of_system(path, suffixes)
    found = []
    for file in files_of(checks.path("stream", path), None, suffixes):
        with open_regular(file, "stream", suffixes=suffixes) as handle:
            state = os.fstat(handle.fileno())
        found.append(File(str(file), file.suffix.lower(), (state.st_size, state.st_mtime_ns), None, str(file)))
    return found


def _files_of_system(address: str, suffixes: tuple[str, ...]) -> list[File]:
    import pyarrow as pa
    from pyarrow import fs

    scheme = address.split(REMOTE, maxsplit=1)[0]
    suffix = PurePosixPath(address).suffix.lower()
    if suffix not in suffixes:
        rule = f"be files that end in {', '.join(suffixes[:-1])} or {suffixes[-1]}"
        raise InputError("stream", rule, repr(address), "Save them in one of these forms.")
    folder, _, pattern = address.rpartition("/")
    try:
        system, base = fs.FileSystem.from_uri(folder or address)
        listed = [
            each
            for each in system.get_file_info(fs.FileSelector(base))
            if each.type == fs.FileType.File
            and (each.base_name == pattern or fnmatch.fnmatchcase(each.base_name, pattern))
        ]
    except (pa.ArrowException, OSError, ValueError) as error:
        got = f"{address!r}: {str(error)[:LONGEST].rstrip(' .')}"
        raise InputError("stream", "be files that can be found", got, "Check the address.") from None
    if not listed:
        raise InputError("stream", "be files that exist", repr(address), "Check the address.")
    if len(listed) > MOST_FILES:
        raise InputError("stream", f"be at most {MOST_FILES:,} files", f"{len(listed):,}", "Join them into fewer.")
    return [
        File(f"{scheme}{REMOTE}{each.path.lstrip('/')}", suffix, (each.size, each.mtime_ns or 0), system, each.path)
        for each in sorted(listed, key=lambda each: str(each.path))
    ]


def suffix_of(path: Any) -> str:
    """The ending of a path or an address, in lower case.

    Parameters
    ----------
    path : the path.
    """
    return Path(str(path)).suffix.lower()
