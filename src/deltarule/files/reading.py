"""Regular files of limited size, below a root where there is one; the nearest name to a file that is not there."""

from __future__ import annotations

import difflib
import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path, PurePath
from typing import BinaryIO

from deltarule.errors import InputError
from deltarule.files.inputs import check_regular, note_opened

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
    smaller: str = "Give a smaller one: large data go in a table.",
) -> bytes:
    """All bytes of a regular file of limited size.

    Parameters
    ----------
    path, name, root, suffixes, remedy : as in `open_regular`.
    limit : the most bytes that it may hold.
    smaller : what to do about a file that holds more.

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
    deltarule.errors.InputError: The file must lie in the folder '.'. Got '../a.csv'. Put it there, and write its name.
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
            smaller,
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
    whole = placed(path, name, root, remedy)
    try:
        # Looked at before too, since opening a device can do something.
        check_regular(whole.stat().st_mode, name, path)
        file = open(os.open(whole, _READING), "rb")  # noqa: SIM115, PTH123 - it is the result, and has flags of its own
    except InputError:  # is a `ValueError`, but says more
        raise
    except FileNotFoundError:
        # Names of another folder, to which a link leads, are not told.
        known = suffixes if root is None or _below(whole.parent, root) else ()
        raise InputError(name, "be a file that exists", str(path), nearest_file(whole, known)) from None
    except ValueError:  # a NUL, or half of a letter
        raise InputError(name, "have a path that the system can use", ascii(str(path)), "Correct it.") from None
    except OSError as error:
        raise InputError(name, "be a file that can be read", f"{str(path)!r} ({error.strerror})", "Check it.") from None
    opened = os.fstat(file.fileno())
    if not stat.S_ISREG(opened.st_mode) or (root is not None and not _lies_in(opened, whole, Path(root))):
        file.close()
        check_regular(opened.st_mode, name, path)
        raise _outside(path, name, root, remedy)
    note_opened(opened, path)
    return file


def placed(path: str | os.PathLike[str], name: str, root: str | os.PathLike[str] | None, remedy: str = BESIDE) -> Path:
    """The path as it is to be opened: that in the root, where there is one.

    Parameters
    ----------
    path, name, root, remedy : as in `open_regular`.

    Raises
    ------
    InputError
        If it is absolute or goes upwards, and there is a root. Links are not looked at.
    """
    if root is None:
        return Path(path)
    written = PurePath(path)
    if written.drive or written.root or ".." in written.parts:
        raise _outside(path, name, root, remedy)
    return Path(root, path)


def _outside(path: object, name: str, root: object, remedy: str) -> InputError:
    return InputError(name, f"lie in the folder {str(root)!r}", repr(str(path)), remedy)


def _lies_in(opened: os.stat_result, path: Path, root: Path) -> bool:
    """Whether the opened file is what lies at this path in the root, once all links are followed.

    The path is resolved after the file was opened and compared with it, so a link that is changed meanwhile gains nothing.
    """
    real = os.path.realpath(path)
    try:
        return _below(real, root) and os.path.samestat(os.lstat(real), opened)
    except OSError:
        return False


def _below(path: str | os.PathLike[str], root: str | os.PathLike[str]) -> bool:
    """Whether the path lies in the root, once all links are followed."""
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(root))


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
