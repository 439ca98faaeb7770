"""Work in a process beside the tutorial's own: the descents by PyTorch, which take longest."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from multiprocessing import active_children, get_context
from typing import Any

# Waits for the result of a piece of work.
Wait = Callable[[], Any]
# Begins a piece of work, which can be pickled, and gives what waits for its result.
Begin = Callable[[Callable[[], Any]], Wait]


def here(work: Callable[[], Any]) -> Wait:
    """A `Begin` that works nowhere else: `work` is done when its result is asked for."""
    return work


@contextmanager
def beside(*, allowed: bool) -> Iterator[Begin]:
    """A `Begin` for the time of a `with` block.

    An interrupted block ends the process beside it at once.

    Parameters
    ----------
    allowed : whether another process may be used; it is, where the machine has a core for it. The process imports the main
        module of this one again, so a script must guard what it does with `if __name__ == "__main__"`.

    Examples
    --------
    >>> with beside(allowed=False) as begin:
    ...     wait = begin(lambda: 6 * 7)
    ...     wait()
    42
    """
    if not allowed or (os.cpu_count() or 1) == 1:
        yield here
        return
    # A new process, not a fork: threads and libraries of this one are not in a state to be copied.
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        try:
            pool.submit(import_module, "deltarule.engines.autograd")  # PyTorch takes a second or two
            yield lambda work: pool.submit(work).result
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for process in active_children():
                process.terminate()
            raise
