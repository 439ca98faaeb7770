"""Compiled work in threads, while the main thread stays free to hear Ctrl-C."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any, TypeVar

from numpy.typing import NDArray

Result = TypeVar("Result")

# How long the main thread waits at a time. Ctrl-C wakes it at once where the system lets it; this is for where it
# does not.
LOOK_SECONDS = 0.05


def in_threads(
    run: Callable[[int], Result], count: int, stop: NDArray[Any], meanwhile: Callable[[], None] = lambda: None
) -> list[Result]:
    """run(0), ..., run(count - 1), each in a thread of its own; their results. `meanwhile` is called now and then.

    At Ctrl-C `stop[0]` becomes 1, which asks the threads to end; when they have, KeyboardInterrupt goes on.
    """
    with ThreadPoolExecutor(count) as pool:
        futures = [pool.submit(run, rank) for rank in range(count)]
        try:
            while wait(futures, LOOK_SECONDS).not_done:
                meanwhile()
        except KeyboardInterrupt:
            stop[0] = 1
            wait(futures)
            stop[0] = 0
            raise
        return [future.result() for future in futures]
