"""Folders that are made, files that are written whole or not at all, and the nearest name to a file that is not there."""

from __future__ import annotations

import difflib
import os
import secrets
import stat
from collections.abc import Iterable
from pathlib import Path

from deltarule.errors import InputError


def make_folder(path: str | os.PathLike[str]) -> Path:
    """Make a folder and its parents, if they are not there yet. The result is the folder.

    Parameters
    ----------
    path : the folder.

    Raises
    ------
    InputError
        If there is a file of this name, or the folder cannot be made or written to.
    """
    folder = Path(path)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK):
            raise PermissionError(0, "no permission to write there")
    except OSError as error:
        why = "a file of this name is there" if folder.is_file() else error.strerror
        raise InputError(
            "folder", "be one that can be made and written to", f"{folder} ({why})", "Give another."
        ) from None
    return folder


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
        If it is not a regular file (a device or a pipe must not be replaced), or is protected against writing.
    """
    try:
        mode = os.stat(path).st_mode  # noqa: PTH116 - a `Path` need not be made for it
    except FileNotFoundError:
        return None
    permissions = stat.S_IMODE(mode)
    if not stat.S_ISREG(mode):
        why = "a directory" if stat.S_ISDIR(mode) else "a device, pipe or socket"
        raise InputError(name, "be a file", f"{str(path)!r}, {why}", "Give the name of a file.")
    # The bits are looked at too, since the system lets an administrator write to any file.
    if not (permissions & stat.S_IWUSR and os.access(path, os.W_OK)):
        raise InputError(
            name,
            "be one that may be overwritten",
            f"{str(path)!r}, which is protected against writing",
            "Give another, or change its permissions.",
        )
    return permissions


def write_whole(path: str | os.PathLike[str], content: str | bytes) -> None:
    """Write a file whole or not at all: a draft in the same folder takes its place in one step.

    A link stays a link; the file that it points at is replaced. An existing file keeps its permissions.

    Parameters
    ----------
    path : the file.
    content : all of it. Text is written as UTF-8, its line ends as they are.

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
    target = Path(os.path.realpath(path))
    data = content.encode() if isinstance(content, str) else content
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        permissions = check_overwritable("file", path)
        try:
            # Made by a plain `open`, so that it gets the permissions of any new file.
            with draft.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            if permissions is not None:
                draft.chmod(permissions)
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise InputError(
            "file",
            "be one that can be written",
            f"{path} ({error.strerror})",
            "Give the name of a file in a folder that exists and is yours to write to.",
        ) from None


def nearest_file(path: Path, suffixes: Iterable[str]) -> str:
    """A remedy for a path where there is no file: the nearest name in its folder, if a name is near.

    Parameters
    ----------
    path : where there is no file.
    suffixes : the endings, in lower case, of the names to choose from.
    """
    names: list[str] = []
    if path.parent.is_dir():
        names = sorted(file.name for file in path.parent.iterdir() if file.suffix.lower() in suffixes)
    close = difflib.get_close_matches(path.name, names, n=1)
    return f"Did you mean {close[0]!r}?" if close else "Check the path."
