"""Files that are read only as they were written, by us: whole, for the same key, where nobody else may write.

A file is the SHA-256 of its key and its content, and then the content. That tells damage and confusion. Against others who would
write a file of their own, hash included, stand the owners and permissions of the file and of its folder.
"""

from __future__ import annotations

import fnmatch
import hashlib
import os
import shutil
import stat
import time
import uuid
from pathlib import Path

DIGEST = hashlib.sha256().digest_size
LARGEST = 1 << 26  # bytes in a file


def is_ours(status: os.stat_result) -> bool:
    """Whether nobody may write to a file or folder who could not change the program itself.

    Parameters
    ----------
    status : of the file or folder.
    """
    if not hasattr(os, "geteuid"):  # pragma: no cover - Windows has other permissions
        return True
    users, groups = {0, os.geteuid()}, {os.getegid()}
    try:
        program = Path(__file__).stat()
        users.add(program.st_uid)
        groups.add(program.st_gid)
    except OSError:  # pragma: no cover - the program is in an archive
        pass
    by_group = bool(status.st_mode & stat.S_IWGRP) and status.st_gid not in groups
    return status.st_uid in users and not by_group and not status.st_mode & stat.S_IWOTH


def read(path: Path, key: bytes) -> bytes:
    """The content that was written under this key.

    Parameters
    ----------
    path : the file.
    key : what the content belongs to.

    Raises
    ------
    OSError, ValueError
        If there is no such file, or it is not as it was written.
    """
    # A pipe that nobody writes to would be waited for.
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(handle, "rb") as file:
        status = os.fstat(handle)
        if not (stat.S_ISREG(status.st_mode) and is_ours(status) and status.st_size <= LARGEST):
            raise ValueError("this is not a file of ours")
        digest, content = file.read(DIGEST), file.read()
    if digest != hashlib.sha256(key + content).digest():
        raise ValueError("this is not what was written for this key")
    return content


def write(path: Path, key: bytes, content: bytes) -> None:
    """Write a file whole or not at all, whatever stands in its place.

    Parameters
    ----------
    path : the file.
    key : what the content belongs to.
    content : what `read` is to give.
    """
    aside = path.with_name(f"{path.name}.{uuid.uuid4().hex[:16]}")
    try:
        aside.write_bytes(hashlib.sha256(key + content).digest() + content)
        aside.chmod(0o644)
        try:
            aside.replace(path)
        except OSError:
            if path.is_symlink() or not path.is_dir():
                raise
            shutil.rmtree(path)
            aside.replace(path)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise


def forget(folder: Path, names: str, other_than: str = "", days: float = 0.0) -> None:
    """Remove files from a folder.

    Parameters
    ----------
    folder : the folder.
    names : a pattern of the names of those that go.
    other_than : a pattern of how the names end of those that stay.
    days : how old those are that go.
    """
    latest = time.time() - days * 24 * 3600
    for path in folder.glob(names):
        try:
            if (
                not fnmatch.fnmatch(path.name, f"*{other_than}" if other_than else "")
                and path.lstat().st_mtime <= latest
            ):
                path.unlink()
        except OSError:  # it is a folder, or another process was faster
            continue
