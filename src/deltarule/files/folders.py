"""Folders that are made, and those that are there whole or not at all."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from deltarule.errors import InputError
from deltarule.files.writing import draft_of


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
        why = "a file of this name is there" if os.path.isfile(folder) else error.strerror  # noqa: PTH113 - a name may be too long
        raise InputError(
            "folder", "be one that can be made and written to", f"{folder} ({why})", "Give another."
        ) from None
    return folder


@contextmanager
def made_folder(path: str | os.PathLike[str]) -> Iterator[Path]:
    """A folder that is made for the block, with its parents. If the block raises, what was made is removed, unless files lie in it.

    Parameters
    ----------
    path : the folder; it may be there already.

    Yields
    ------
    Path
        The folder.

    Raises
    ------
    InputError
        As `make_folder`.
    """
    folder = Path(path)
    made = [each for each in (folder, *folder.parents) if not os.path.lexists(each)]
    try:
        yield make_folder(folder)
    except BaseException:
        for each in made:
            with suppress(OSError):
                each.rmdir()
        raise


@contextmanager
def new_folder(path: str | os.PathLike[str]) -> Iterator[Path]:
    """A folder that is there whole or not at all: it is filled aside, under a hidden name, and takes its name at the end.

    Parameters
    ----------
    path : the folder; it must be a new or an empty one. Its parents are made.

    Yields
    ------
    Path
        The folder to fill. It is removed if the block raises.

    Raises
    ------
    InputError
        If the folder holds files, is the current one, or cannot be made.

    Examples
    --------
    >>> import tempfile
    >>> from deltarule.files import write_whole
    >>> with tempfile.TemporaryDirectory() as parent:
    ...     with new_folder(Path(parent, "week1")) as draft:
    ...         write_whole(draft / "a.txt", "whole")
    ...     [str(file.relative_to(parent)) for file in sorted(Path(parent).rglob("*"))]
    ['week1', 'week1/a.txt']
    """
    target = Path(os.path.realpath(path))
    check_new(path)
    with made_folder(target.parent):
        draft = draft_of(target)
        try:
            draft.mkdir()
            yield draft
            check_new(path)
            if target.exists():
                draft.chmod(stat.S_IMODE(target.stat().st_mode))
                target.rmdir()
            draft.replace(target)
        except OSError as error:
            raise InputError(
                "folder", "be one that can be made and written to", f"{path} ({error.strerror})", "Give another."
            ) from None
        finally:
            shutil.rmtree(draft, ignore_errors=True)  # where it has not taken its name


def check_new(path: str | os.PathLike[str]) -> None:
    """Check that a folder is a new or an empty one.

    Parameters
    ----------
    path : the folder.

    Raises
    ------
    InputError
        If it holds files, cannot be read, or is the one in which the process stands.
    """
    target = Path(os.path.realpath(path))
    if not target.exists():
        return
    if not target.is_dir():
        raise InputError(
            "folder",
            "be one that can be made and written to",
            f"{path} (a file of this name is there)",
            "Give another.",
        )
    try:
        holds = next(target.iterdir(), None)
    except OSError as error:
        raise InputError("folder", "be one that can be read", f"{path} ({error.strerror})", "Give another.") from None
    if holds is not None:
        raise InputError("folder", "be a new or an empty one", f"{path}, which holds files", "Give another.")
    if target.samefile(os.curdir):
        raise InputError("folder", "be another than the current one", str(path), "Give the name of a new one.")
