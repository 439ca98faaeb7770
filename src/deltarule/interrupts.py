"""Signals that are heard later: what they would interrupt is done whole."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
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

    handlers = {number: handler for number in ENDING if (handler := signal.getsignal(number)) is not None}
    for number in handlers:
        signal.signal(number, note)
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        for number in dict.fromkeys(late):
            signal.raise_signal(number)
