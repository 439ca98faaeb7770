"""What counts as a file, and which files a command has read, so that it overwrites none of them."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from contextvars import ContextVar

from deltarule.errors import InputError

# The files that a command has read, by device and number. None: nobody asks; in Python a problem may be read and written back.
inputs: ContextVar[dict[tuple[int, int], str] | None] = ContextVar("inputs", default=None)


def note_input(path: str | os.PathLike[str]) -> None:
    """Count a file among those that the command reads, where another process reads it.

    Parameters
    ----------
    path : the file; nothing is done if it cannot be found.
    """
    with suppress(OSError, ValueError):
        note_opened(os.stat(path), path)  # noqa: PTH116 - no `Path` is needed


def note_opened(found: os.stat_result, path: str | os.PathLike[str]) -> None:
    """Count a file among those that the command reads.

    Parameters
    ----------
    found : what the system says of it.
    path : its name, for messages.
    """
    known = inputs.get()
    if known is not None:
        known[found.st_dev, found.st_ino] = str(path)


def check_regular(mode: int, name: str, path: str | os.PathLike[str]) -> None:
    """An `InputError` for what is no regular file.

    Parameters
    ----------
    mode : what the system says of it.
    name : what the file is, for messages.
    path : the file.
    """
    if not stat.S_ISREG(mode):
        why = "a directory" if stat.S_ISDIR(mode) else "a device, pipe or socket"
        raise InputError(name, "be a file", f"{str(path)!r}, {why}", "Give the name of a file.")
