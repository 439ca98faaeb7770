"""Signals that are heard later, since what they would interrupt is done whole; and signals that are heard in time."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from types import FrameType
from typing import TypeVar

# What asks a process to end; Windows lacks some.
ENDING = tuple(
    number for name in ("SIGINT", "SIGTERM", "SIGHUP") if (number := getattr(signal, name, None)) is not None
)


# Seconds after which a waiting main thread looks for signals.
LOOK = 0.05

Result = TypeVar("Result")


def heard_during(work: Callable[[], Result]) -> Result:
    """The result of a call into machine code that hears no signal: Ctrl-C is heard meanwhile.

    The work is then left to end by itself, so it may not change anything that matters.

    Parameters
    ----------
    work : the call.

    Examples
    --------
    >>> heard_during(lambda: 6 * 7)
    42
    """
    if threading.current_thread() is not threading.main_thread():
        return work()  # signals are heard in the main thread
    done: list[Result] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            done.append(work())
        except BaseException as error:  # noqa: BLE001 - raised again below
            failed.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    while thread.is_alive():
        thread.join(LOOK)
    if failed:
        raise failed[0]
    return done[0]


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
