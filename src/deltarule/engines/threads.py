"""How many threads there are, and compiled work in threads while the main thread stays free to hear Ctrl-C."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from contextvars import copy_context
from typing import Any, TypeVar

from numpy.typing import NDArray

from deltarule.checks import whole
from deltarule.engines import thresholds
from deltarule.interrupts import held_back

Output = TypeVar("Output")

# How long the main thread waits at a time. Ctrl-C wakes it at once where the system lets it; this is for where it
# does not.
LOOK_SECONDS = 0.05
VARIABLE = "DELTARULE_THREADS"
MOST_THREADS = 1024


def set_threads(threads: int | None) -> None:
    """How many threads training and sweeps may use from now on, in this process and those that it starts.

    It sets the environment variable DELTARULE_THREADS, which can be set outside as well. Any number gives the same bits.

    Parameters
    ----------
    threads : 1 to 1024; None: as many as the processor has cores, or as NUMBA_NUM_THREADS says.

    Raises
    ------
    InputError
        If it is no such number.

    Examples
    --------
    >>> set_threads(1)
    >>> thread_count(100)
    1
    >>> set_threads(None)
    """
    if threads is None:
        os.environ.pop(VARIABLE, None)
    else:
        os.environ[VARIABLE] = str(_checked(threads))


def chosen_threads() -> int | None:
    """How many threads the user allows; None: no word about it.

    Raises
    ------
    InputError
        If DELTARULE_THREADS is no whole number from 1 to 1024.
    """
    text = os.environ.get(VARIABLE, "").strip()
    return _checked(int(text) if text.isascii() and text.isdigit() else text) if text else None


def _checked(threads: Any) -> int:
    remedy = f"Give a number from 1 to {MOST_THREADS}. Without one, there is a thread for each core."
    return whole("number of threads (DELTARULE_THREADS)", threads, 1, remedy, MOST_THREADS)


def thread_count(pieces: int) -> int:
    """How many threads divide these pieces of work: the units of a sweep, or the shares of a wide layer's inputs.

    One thread a piece, up to the number that the user allows (`set_threads`). Its default is NUMBA_NUM_THREADS, whose default is
    the number of the processor's cores.

    Parameters
    ----------
    pieces : how many pieces there are.

    Examples
    --------
    >>> with thresholds.using(threads=4):
    ...     thread_count(1), thread_count(3), thread_count(100)
    (1, 3, 4)
    """
    allowed = thresholds.get().threads or chosen_threads()
    if allowed is None:
        allowed = _numba_threads()
    return max(1, min(allowed, pieces))


def _numba_threads() -> int:
    """NUMBA_NUM_THREADS; without Numba, the number of cores."""
    try:
        import numba  # for its default only: not every engine needs it
    except ImportError:
        return os.cpu_count() or 1
    return int(numba.config.NUMBA_NUM_THREADS)


def in_threads(
    run: Callable[[int], Output], count: int, stop: NDArray[Any], meanwhile: Callable[[], None] = lambda: None
) -> list[Output]:
    """run(0), ..., run(count - 1), each in a thread of its own; their results in this order.

    Each thread has the caller's context: its thresholds, and NumPy's settings for floating-point errors.

    Parameters
    ----------
    run : the work of a thread, from its number.
    count : how many threads.
    stop : an array of one 0. At Ctrl-C, or at whatever else `meanwhile` raises, it becomes 1, which asks the threads to
        end; when they have, it becomes 0 and the exception goes on.
    meanwhile : called now and then in the main thread.
    """
    with ThreadPoolExecutor(count) as pool:
        with held_back():  # threads may wait for each other: all must start, or none
            futures = [pool.submit(copy_context().run, run, rank) for rank in range(count)]
        try:
            while wait(futures, LOOK_SECONDS).not_done:
                meanwhile()
        except BaseException:
            stop[0] = 1
            wait(futures)
            stop[0] = 0
            raise
        return [future.result() for future in futures]
