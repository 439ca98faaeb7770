"""Signals that end a command as an exit does, so that it tidies up."""

from __future__ import annotations

import math
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

INTERRUPTED = 130  # the exit code that shells give for Ctrl-C
TIDYING_SECONDS = 1


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Inside, SIGTERM and SIGHUP raise `SystemExit`, where they would end the process at once."""
    found = [number for name in ("SIGTERM", "SIGHUP") if (number := getattr(signal, name, None)) is not None]
    if threading.current_thread() is not threading.main_thread():
        found = []  # only the main thread may say what signals do
    last = -math.inf

    def end(_number: int, _frame: FrameType | None) -> None:
        nonlocal last
        before, last = last, time.monotonic()
        # Who ends a group of processes sends two at once: the second must not disturb the tidying.
        if last - before > TIDYING_SECONDS:
            raise SystemExit(INTERRUPTED)

    ending = [number for number in found if signal.getsignal(number) is signal.SIG_DFL]
    for number in ending:
        signal.signal(number, end)
    try:
        yield
    finally:
        for number in ending:
            signal.signal(number, signal.SIG_DFL)


def interrupted(error: BaseException | None) -> bool:
    """Whether an error is an interruption, or came of one: an import that is interrupted fails in its own way.

    Parameters
    ----------
    error : as it was caught.
    """
    while error is not None:
        if isinstance(error, KeyboardInterrupt) or (isinstance(error, SystemExit) and error.code == INTERRUPTED):
            return True
        error = error.__cause__ or error.__context__
    return False
