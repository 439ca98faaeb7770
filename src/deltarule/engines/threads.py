"""Compiled work in threads, while the main thread stays free to hear Ctrl-C."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import Any, TypeVar

from numpy.typing import NDArray

Result = TypeVar("Result")

# How long the main thread waits at a time. Ctrl-C wakes it at once where the system lets it; this is for where it
# does not.
LOOK_SECONDS = 0.05


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """Ctrl-C is heard after this, where the system can put it off."""
    if not hasattr(signal, "pthread_sigmask"):  # pragma: no cover - Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def in_threads(
    run: Callable[[int], Result], count: int, stop: NDArray[Any], meanwhile: Callable[[], None] = lambda: None
) -> list[Result]:
    """run(0), ..., run(count - 1), each in a thread of its own; their results. `meanwhile` is called now and then.

    At Ctrl-C, or what else `meanwhile` raises, `stop[0]` becomes 1, which asks the threads to end; when they have, the
    exception goes on.
    """
    with ThreadPoolExecutor(count) as pool:
        with _without_interrupts():  # threads may wait for each other: all must start, or none
            futures = [pool.submit(run, rank) for rank in range(count)]
        try:
            while wait(futures, LOOK_SECONDS).not_done:
                meanwhile()
        except BaseException:
            stop[0] = 1
            wait(futures)
            stop[0] = 0
            raise
        return [future.result() for future in futures]
