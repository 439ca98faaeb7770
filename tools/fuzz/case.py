"""What is tried, and what came of it."""

from __future__ import annotations

import os
import shutil
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

PACKAGE = f"{os.sep}deltarule{os.sep}"
# How an input ended. `Fault.sort` is one of the others.
DONE, REFUSED = "done", "refused"
SORTS = ("traceback", "warning", "exit code", "hang", "memory", "silent", "difference", "output", "died")


class Link(NamedTuple):
    """A link in the place of a file."""

    target: str


class Fifo(NamedTuple):
    """A FIFO in the place of a file: whoever reads it waits for ever."""


class Folder(NamedTuple):
    """An empty folder in the place of a file."""


@dataclass(frozen=True)
class Case:
    """Files, and a command to run beside them.

    files : what lies in the folder, by name; names may have folders.
    argv : what follows the program's name.
    must_refuse : what is wrong with it, and words of which the message must have one, where it must not be taken as right.
    """

    files: dict[str, Any]
    argv: tuple[str, ...] = ()
    must_refuse: tuple[str, ...] | None = None

    def lay(self, folder: Path) -> None:
        """Put the files into a folder."""
        for name, content in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            match content:
                case Link(target):
                    path.symlink_to(target)
                case Fifo():
                    os.mkfifo(path)
                case Folder():
                    path.mkdir()
                case bytes():
                    path.write_bytes(content)
                case _:
                    path.write_bytes(content.encode("utf-8", "surrogateescape"))

    def __str__(self) -> str:
        return f"deltarule {' '.join(self.argv)}"

    def write(self, folder: Path) -> None:
        """Put the files and the command into a folder, for a person to look at."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self.lay(folder)
        (folder / "COMMAND").write_text(f"deltarule {self.argv!r}\n", errors="backslashreplace")


@dataclass(frozen=True)
class Snippet:
    """Lines of Python, the last an expression: a call as a user writes it, and what is looked at in what it gives."""

    setup: str
    call: str

    def __str__(self) -> str:
        return self.call

    def write(self, folder: Path) -> None:
        """Put the snippet into a folder, for a person to run."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        (folder / "snippet.py").write_text(f"{self.setup}\n{self.call}\n", errors="backslashreplace")


class Fault(NamedTuple):
    """What is wrong.

    sort : one of SORTS.
    where : faults with the same sort and place are the same fault.
    text : all of it.
    """

    sort: str
    where: str
    text: str


@dataclass
class Verdict:
    """How an input ended, and what is wrong with that.

    ended : "done", "refused", or another word that the kind counts.
    """

    ended: str = DONE
    faults: list[Fault] = field(default_factory=list)


def place_of(error: BaseException) -> str:
    """The class of an exception and the last line of the package that it came through."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if PACKAGE in frame.filename] or list(frames)
    if not own:
        return type(error).__name__
    last = own[-1]
    return f"{type(error).__name__} in {last.filename.rpartition(PACKAGE)[2]}:{last.name}"


def traceback_of(error: BaseException) -> Fault:
    """The fault that an exception is which should not have come out."""
    sort = {"Hang": "hang", "MemoryError": "memory"}.get(type(error).__name__, "traceback")
    return Fault(sort, place_of(error), "".join(traceback.format_exception(error)))
