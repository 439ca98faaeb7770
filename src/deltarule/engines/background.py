"""Work in a thread of its own that outlives the call which began it, safely beside `fork`."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from weakref import WeakSet

_running: WeakSet[threading.Thread] = WeakSet()


def in_background(work: Callable[[], None]) -> threading.Thread:
    """Begin work in a thread, and return the thread.

    A child that is forked meanwhile has this thread's locks but not the thread, so that nobody opens them: it would wait
    for ever where it compiles. So a fork waits until the work is done.

    Parameters
    ----------
    work : called once, without arguments.
    """
    thread = threading.Thread(target=work)
    _running.add(thread)
    thread.start()
    return thread


def _wait_for_all() -> None:
    for thread in list(_running):
        if thread.is_alive() and thread is not threading.current_thread():
            thread.join()


if hasattr(os, "register_at_fork"):  # Windows has no fork
    os.register_at_fork(before=_wait_for_all)
