"""Files that are written whole or not at all: a draft takes the place of the file in one step."""

from __future__ import annotations

import errno
import os
import secrets
import stat
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from deltarule.errors import InputError
from deltarule.files.inputs import check_regular, inputs

# Letters of a file's name that stand in the name of its draft: with the others, both fit into 255 bytes.
_LETTERS = 40
Content = str | bytes | Callable[[BinaryIO], object]
_FULL = (errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC))


def draft_of(target: Path) -> Path:
    """A hidden name in the same folder, under which a file or folder is made that is to be `target`."""
    return target.with_name(f".{target.name[:_LETTERS]}.{secrets.token_hex(4)}")


def check_overwritable(name: str, path: str | os.PathLike[str]) -> int | None:
    """Check that a file may be overwritten.

    The result is the permissions of the file (of the file that a link points at), or None if there is no file.

    Parameters
    ----------
    name : what the file is, for messages.
    path : the file.

    Raises
    ------
    InputError
        If it is not a regular file (a device or a pipe must not be replaced), is protected against writing, or is one that
        the command has read.
    """
    try:
        found = os.stat(path)  # noqa: PTH116 - a `Path` need not be made for it
    except FileNotFoundError:
        return None
    permissions = stat.S_IMODE(found.st_mode)
    check_regular(found.st_mode, name, path)
    read = (inputs.get() or {}).get((found.st_dev, found.st_ino))
    if read is not None:
        raise InputError(
            name, "be another file than those that are read", f"{str(path)!r}, which is {read!r}", "Give another name."
        )
    # The bits are looked at too, since the system lets an administrator write to any file.
    if not (permissions & stat.S_IWUSR and os.access(path, os.W_OK)):
        raise InputError(
            name,
            "be one that may be overwritten",
            f"{str(path)!r}, which is protected against writing",
            "Give another, or change its permissions.",
        )
    return permissions


def write_whole(path: str | os.PathLike[str], content: Content) -> None:
    """Write a file whole or not at all: a draft in the same folder takes its place in one step.

    A link stays a link; the file that it points at is replaced. An existing file keeps its permissions.

    Parameters
    ----------
    path : the file.
    content : all of it; text is written as UTF-8, its line ends as they are. Or a function that writes it into an open file, piece
        by piece, whose errors leave no file.

    Raises
    ------
    InputError
        If the file cannot be written, is not a regular one, or is protected against writing. No draft is left then.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_whole(Path(folder, "a.txt"), "whole")
    ...     [(file.name, file.read_bytes()) for file in Path(folder).iterdir()]
    [('a.txt', b'whole')]
    """
    write_all({Path(path): content})


def write_all(files: Mapping[Path, Content]) -> None:
    """Write several files, all or none: drafts of all of them first, which take their places one directly after the other.

    Parameters
    ----------
    files : the contents by their files, each written as by `write_whole`, in this order.

    Raises
    ------
    InputError
        As `write_whole`. No draft is left then, nor a file that was not there before.
    """
    drafts: list[tuple[Path, Path]] = []
    made: list[Path] = []
    path = Path()
    try:
        for path, content in files.items():
            target = Path(os.path.realpath(path))
            permissions = check_overwritable("file", path)
            draft = draft_of(target)
            drafts.append((draft, target))
            # Made by a plain `open`, so that it gets the permissions of any new file.
            with draft.open("xb") as file:
                if callable(content):
                    content(file)
                else:
                    file.write(content.encode() if isinstance(content, str) else content)
                file.flush()
                os.fsync(file.fileno())
            if permissions is not None:
                draft.chmod(permissions)
        for draft, target in drafts:
            path = target
            if not os.path.lexists(target):
                made.append(target)
            draft.replace(target)
    except BaseException as error:
        for target in made:
            target.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise _not_written(path, error) from None
        if isinstance(error, ValueError) and not isinstance(error, InputError):  # a NUL, or half of a letter
            raise InputError(
                "file", "have a path and letters that the system can use", ascii(str(path)), f"Correct it ({error})."
            ) from None
        raise
    finally:
        for draft, _ in drafts:
            with suppress(OSError):
                draft.unlink(missing_ok=True)


def _not_written(path: str | os.PathLike[str], error: OSError) -> InputError:
    remedy = "Give the name of a file in a folder that exists and is yours to write to."
    if error.errno in _FULL:
        remedy = "Make room, or choose another disk."
    return InputError("file", "be one that can be written", f"{path} ({error.strerror})", remedy)
