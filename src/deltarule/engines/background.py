"""Work in a thread of its own that outlives the call which began it, safely beside `fork`."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from contextvars import copy_context
from functools import partial
from weakref import WeakSet

from deltarule.engines.threads import LOOK_SECONDS

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


def heard(work: Callable[[], object]) -> None:
    """Do work in a thread and wait for it, so that Ctrl-C is heard at once; the thread then goes on to its end.

    A compiler calls back into Python from C code, where an exception is lost: Ctrl-C would be without effect.

    Parameters
    ----------
    work : called once, without arguments, in the caller's context. What it raises is raised here.
    """
    failures: list[BaseException] = []

    def kept() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - it is raised again below
            failures.append(error)

    thread = in_background(partial(copy_context().run, kept))
    while thread.is_alive():  # the system may give the signal to any thread, so this one looks now and then
        thread.join(LOOK_SECONDS)
    if failures:
        raise failures[0]


def _wait_for_all() -> None:
    for thread in list(_running):
        if thread.is_alive() and thread is not threading.current_thread():
            thread.join()


if hasattr(os, "register_at_fork"):  # Windows has no fork
    os.register_at_fork(before=_wait_for_all)
