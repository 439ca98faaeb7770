"""Files that are read if they are regular ones, files that are written whole or not at all, folders that are made."""

from __future__ import annotations

import difflib
import os
import secrets
import stat
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path, PurePath
from typing import BinaryIO

from deltarule.errors import InputError

# Bytes of a text that a person wrote: a problem, an answer, a class list. Larger data belong in a table.
LARGEST_TEXT = 16 * 2**20
# Flags that some systems lack. A pipe without a writer must not be waited for; Windows must not change line ends.
_READING = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
BESIDE = "Put it there, and write its name."


def read_regular(
    path: str | os.PathLike[str],
    name: str,
    *,
    root: str | os.PathLike[str] | None = None,
    limit: int = LARGEST_TEXT,
    suffixes: Iterable[str] = (),
    remedy: str = BESIDE,
) -> bytes:
    """All bytes of a regular file of limited size.

    Parameters
    ----------
    path, name, root, suffixes, remedy : as in `open_regular`.
    limit : the most bytes that it may hold.

    Raises
    ------
    InputError
        As `open_regular`; and if it holds more, or the system cannot read it.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "a.csv").write_text("1,2")
    ...     read_regular("a.csv", "file", root=folder)
    b'1,2'
    >>> read_regular("../a.csv", "file", root=".")
    Traceback (most recent call last):
    deltarule.errors.InputError: The file must lie in '.'. Got '../a.csv'. Put it there, and write its name.
    """
    with open_regular(path, name, root=root, suffixes=suffixes, remedy=remedy) as file:
        try:
            # One byte more than allowed tells that there are more. The size that the system states may be another.
            content = file.read(limit + 1)
        except OSError as error:
            raise InputError(
                name, "be a file that can be read", f"{str(path)!r} ({error.strerror})", "Check it."
            ) from None
    if content is None:  # so a file answers that is not a pipe, yet waits for a writer (Linux has some)
        raise InputError(name, "be a file that can be read", f"{str(path)!r}, which waits", "Copy it to a plain file.")
    if len(content) > limit:
        raise InputError(
            name,
            f"hold at most {limit:,} bytes",
            f"more in {str(path)!r}",
            "Give a smaller one: large data go in a table.",
        )
    return content


def open_regular(
    path: str | os.PathLike[str],
    name: str,
    *,
    root: str | os.PathLike[str] | None = None,
    suffixes: Iterable[str] = (),
    remedy: str = BESIDE,
) -> BinaryIO:
    """A regular file, opened for reading. Nothing is waited for, and what is opened is what was checked.

    Parameters
    ----------
    path : the file; relative to `root`, where there is one.
    name : what the file is, for messages.
    root : the folder that the file must lie in: absolute paths, `..` and links that lead out are refused. None: anywhere.
    suffixes : endings, in lower case, of the names to choose a near one from where there is no such file.
    remedy : what to do about a path that leads out of the root.

    Raises
    ------
    InputError
        If there is no such file, it lies elsewhere, it is a folder, pipe, socket or device, or may not be read.
    """
    written = PurePath(path)
    outside = InputError(name, f"lie in {str(root)!r}", repr(str(path)), remedy)
    if root is not None and (written.drive or written.root or ".." in written.parts):
        raise outside
    whole = Path(path) if root is None else Path(root, path)
    try:
        # Looked at before too, since opening a device can do something.
        _check_regular(whole.stat().st_mode, name, path)
        file = open(os.open(whole, _READING), "rb")  # noqa: SIM115, PTH123 - it is the result, and has flags of its own
    except InputError:  # is a `ValueError`, but says more
        raise
    except FileNotFoundError:
        raise InputError(name, "be a file that exists", str(path), nearest_file(whole, suffixes)) from None
    except ValueError:  # a NUL, or half of a letter
        raise InputError(name, "have a path that the system can use", ascii(str(path)), "Correct it.") from None
    except OSError as error:
        raise InputError(name, "be a file that can be read", f"{str(path)!r} ({error.strerror})", "Check it.") from None
    opened = os.fstat(file.fileno())
    if not stat.S_ISREG(opened.st_mode) or (root is not None and not _lies_in(opened, whole, Path(root))):
        file.close()
        _check_regular(opened.st_mode, name, path)
        raise outside
    return file


def _check_regular(mode: int, name: str, path: str | os.PathLike[str]) -> None:
    """An `InputError` for what is no regular file."""
    if not stat.S_ISREG(mode):
        why = "a directory" if stat.S_ISDIR(mode) else "a device, pipe or socket"
        raise InputError(name, "be a file", f"{str(path)!r}, {why}", "Give the name of a file.")


def _lies_in(opened: os.stat_result, path: Path, root: Path) -> bool:
    """Whether the opened file is what lies at this path in the root, once all links are followed.

    The path is resolved after the file was opened and compared with it, so a link that is changed meanwhile gains nothing.
    """
    real = Path(os.path.realpath(path))
    try:
        return real.is_relative_to(os.path.realpath(root)) and os.path.samestat(real.lstat(), opened)
    except OSError:
        return False


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
    _check_regular(mode, name, path)
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
    with suppress(OSError):  # a folder that is not there, or may not be looked into
        names = sorted(file.name for file in path.parent.iterdir() if file.suffix.lower() in suffixes)
    close = difflib.get_close_matches(path.name, names, n=1)
    return f"Did you mean {close[0]!r}?" if close else "Check the path."
