"""Signals that are heard later: what they would interrupt is done whole."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import FrameType

# What asks a process to end; Windows lacks some.
ENDING = tuple(
    number for name in ("SIGINT", "SIGTERM", "SIGHUP") if (number := getattr(signal, name, None)) is not None
)


@contextmanager
def held_back() -> Iterator[None]:
    """Ctrl-C, and other signals that end a process, are heard after this.

    By handlers and not by a mask: a mask is that of one thread, and the system gives a signal to any other.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # signals are heard in the main thread
        return
    late: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        late.append(number)

    def hear() -> None:
        for number in dict.fromkeys(late):
            signal.raise_signal(number)

    # By a stack, so that a handler that raises between two others leaves none of ours behind.
    with ExitStack() as stack:
        stack.callback(hear)
        for number in ENDING:
            handler = signal.getsignal(number)
            if handler is not None:
                stack.callback(signal.signal, number, handler)
                signal.signal(number, note)
        yield
