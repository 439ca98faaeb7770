"""Ctrl-C pressed in the midst of work, and a look whether threads are left of it."""

import signal
import threading
import time
from contextlib import contextmanager


class CtrlC:
    """A `progress` that presses Ctrl-C a moment after `when(*what it is told)` is true; the moment lets the work go on."""

    def __init__(self, when):
        self.when, self.thread = when, None

    def __call__(self, *told):
        if self.thread is None and self.when(*told):
            self.thread = threading.Thread(target=self._press)
            self.thread.start()

    @staticmethod
    def _press():
        time.sleep(0.1)
        signal.raise_signal(signal.SIGINT)


def _threads():
    """Threads begun by `threading`; others (pytest-xdist's) are listed there only once they have asked for their own name."""
    return {thread for thread in threading.enumerate() if not isinstance(thread, threading._DummyThread)}


@contextmanager
def no_threads_left():
    """What is done inside ends all threads that it begins."""
    before = _threads()
    yield
    assert _threads() <= before
