"""Signals that are heard later: what they would interrupt is done whole."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

# What asks a process to end; Windows lacks some.
ENDING = tuple(
    number for name in ("SIGINT", "SIGTERM", "SIGHUP") if (number := getattr(signal, name, None)) is not None
)


@contextmanager
def held_back() -> Iterator[None]:
    """Ctrl-C, and other signals that end a process, are heard after this, where the system can put them off."""
    if not hasattr(signal, "pthread_sigmask"):  # pragma: no cover - Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def heard() -> None:
    """These signals are heard from now on: a process that was started while they were held back has them so."""
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
