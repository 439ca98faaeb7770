"""Standard output and error that may fail: a full disk, a reader that has gone, a stream that was closed before the start."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any


class Guarded:
    """A text stream that keeps its first failure instead of raising it, and takes no more text then.

    So the work goes on, files are written, and the end of the command can tell.

    Attributes
    ----------
    stream : what is guarded; None where the process was started without it.
    error : the failure; None as long as there is none.
    """

    def __init__(self, stream: Any) -> None:
        self.error: OSError | ValueError | None = None if stream is not None else ValueError("it is closed")
        self.stream = io.StringIO() if stream is None else stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)

    def _tried(self, act: Callable[[], object]) -> None:
        if self.error is not None:
            return
        try:
            act()
        except (OSError, ValueError) as error:  # a closed stream is a ValueError
            self.error = error

    def write(self, text: str) -> int:
        """Write a text, unless the stream has failed."""
        self._tried(lambda: self.stream.write(text))
        return len(text)

    def flush(self) -> None:
        """Write what is held back, unless the stream has failed."""
        self._tried(self.stream.flush)


@contextmanager
def guarded_streams() -> Iterator[Guarded]:
    """Guard standard output and error inside. The result is the output, whose `error` tells at the end how it went."""
    _open_descriptors()
    before = sys.stdout, sys.stderr
    for stream in before:
        # A terminal that lacks a letter of some label shows its code instead of failing.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    out, err = Guarded(before[0]), Guarded(before[1])
    sys.stdout, sys.stderr = out, err
    try:
        yield out
    finally:
        for guarded in (out, err):
            guarded.flush()
            if guarded.error is not None:
                _drop(guarded)
        sys.stdout, sys.stderr = before


def _open_descriptors() -> None:
    """Where a standard stream was closed before the start, open its number on nothing.

    Otherwise the next file to be opened would get the number, and messages would be written into it.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)


def _drop(guarded: Guarded) -> None:
    """Let what a stream of the process still holds go nowhere, so that Python does not fail on it once more at its end."""
    if guarded.stream in (sys.__stdout__, sys.__stderr__):
        with suppress(OSError, ValueError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, guarded.fileno())
            os.close(nowhere)
