"""Zip files that others made, read member by member: no path leads out, and no small file becomes a large one."""

from __future__ import annotations

import io
import stat
import time
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath

from deltarule.errors import InputError
from deltarule.files.reading import open_regular

# A class of thousands has fewer files, and its answers fewer bytes.
MAXIMUM_MEMBERS = 20_000
LARGEST_CONTENT = 256 * 2**20
# Text shrinks to a tenth, the same figure over and over to a hundredth; what shrinks more was made to fill a memory.
MAXIMUM_RATIO = 200
# Below this size no ratio harms anybody.
HARMLESS = 2**20
UTF_8_FLAG = 0x800


@dataclass(frozen=True)
class Member:
    """A file in a zip file.

    Attributes
    ----------
    parts : its path, piece by piece.
    time : when it was changed, in seconds since 1970.
    info : what the zip file says of it.
    """

    parts: tuple[str, ...]
    time: float
    info: zipfile.ZipInfo


class Archive:
    """A zip file that is open for reading.

    Parameters
    ----------
    file : the open zip file.
    name : what messages call it.
    """

    def __init__(self, file: zipfile.ZipFile, name: str) -> None:
        self.file, self.name = file, name
        self.left = LARGEST_CONTENT
        # What is passed over, and why.
        self.refused: list[str] = []

    def members(self) -> Iterator[Member]:
        """The files, without folders, and without those whose path leads out or that are links."""
        for info in self.file.infolist():
            if info.is_dir():
                continue
            path = _path(info)
            if stat.S_ISLNK(info.external_attr >> 16):
                self.refused.append(f"{path!r} is a link")
            elif _leads_out(path):
                self.refused.append(f"{path!r} leads out of it")
            else:
                yield Member(PurePosixPath(path.replace("\\", "/")).parts, _time(info), info)

    def read(self, member: Member, limit: int) -> bytes:
        """The bytes of a member.

        Parameters
        ----------
        member : one of `members`.
        limit : the most bytes that it may hold.

        Raises
        ------
        InputError
            If it is larger, is damaged or encrypted, or it is a small file that becomes a large one.
        """
        shown = f"{'/'.join(member.parts)!r} in {self.name}"
        try:
            with self.file.open(member.info) as file:
                content = file.read(min(limit, self.left) + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
            raise InputError("zip file", "be whole", f"{shown} ({error})", "Download it again.") from None
        except (RuntimeError, NotImplementedError) as error:  # a password; a method of compression that Python lacks
            raise InputError(
                "zip file", "be a plain one", f"{shown} ({error})", "Unpack it, and give the folder."
            ) from None
        if len(content) > limit:
            raise InputError(
                "file", f"hold at most {limit:,} bytes", f"more in {shown}", "Leave out what was not asked for."
            )
        if len(content) > self.left:
            rule = f"hold at most {LARGEST_CONTENT:,} bytes of answers"
            raise InputError("zip file", rule, f"more in {self.name}", "Give smaller ones.")
        if len(content) > max(HARMLESS, MAXIMUM_RATIO * member.info.compress_size):
            rule = f"shrink no file more than {MAXIMUM_RATIO} times"
            raise InputError("zip file", rule, f"{shown}, which it does", "Look at who made it.")
        self.left -= len(content)
        return content


@contextmanager
def opened_archive(source: Path | bytes, name: str) -> Iterator[Archive]:
    """A zip file, open for the block.

    Parameters
    ----------
    source : its path, or its bytes.
    name : what messages call it.

    Yields
    ------
    Archive
        The zip file.

    Raises
    ------
    InputError
        If it cannot be read, is no zip file, or holds very many files.

    Examples
    --------
    >>> content = io.BytesIO()
    >>> with zipfile.ZipFile(content, "w") as made:
    ...     made.writestr("Ann/answer.toml", "x = 1")
    ...     made.writestr("../out.toml", "x = 1")
    >>> with opened_archive(content.getvalue(), "answers.zip") as archive:
    ...     [(member.parts, archive.read(member, 10)) for member in archive.members()], archive.refused
    ([(('Ann', 'answer.toml'), b'x = 1')], ["'../out.toml' leads out of it"])
    """
    with open_regular(source, "zip file") if isinstance(source, Path) else io.BytesIO(source) as content:
        try:
            file = zipfile.ZipFile(content)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise InputError("zip file", "be a zip file", f"{name} ({error})", "Download it again.") from None
        with file:
            if len(file.infolist()) > MAXIMUM_MEMBERS:
                rule = f"hold at most {MAXIMUM_MEMBERS:,} files"
                raise InputError("zip file", rule, f"{len(file.infolist()):,} in {name}", "Give smaller ones.")
            yield Archive(file, name)


def _path(info: zipfile.ZipInfo) -> str:
    """The path of a member. Some programs write UTF-8 without saying so."""
    if not info.flag_bits & UTF_8_FLAG:
        with suppress(UnicodeError):
            return info.orig_filename.encode("cp437").decode()
    return info.orig_filename


def _leads_out(path: str) -> bool:
    windows = PureWindowsPath(path)
    return bool(windows.drive or windows.root or ".." in windows.parts or "\0" in path or not windows.parts)


def _time(info: zipfile.ZipInfo) -> float:
    """When a member was changed; 0.0 where the date is none."""
    try:
        return time.mktime((*info.date_time, 0, 0, -1))
    except (ValueError, OverflowError):
        return 0.0
