"""Items worked by processes, each item by itself: what stops a process, or never ends, costs no other item.

The pools of the standard library end with the first process that is stopped, and do not tell which item it had.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import Pipe, Process, connection, parent_process
from typing import Any, TypeVar

from deltarule.interrupts import held_back

Item = TypeVar("Item")
Result = TypeVar("Result")

# No right answer takes more than some seconds: an item that takes longer than this never ends.
MOST_SECONDS = 600.0
STOPPED = "the process that did it was stopped twice, by the system or by somebody"


def worked(
    work: Callable[[Item], Result],
    items: Sequence[Item],
    processes: int,
    given_up: Callable[[Item, str], Result],
    most_seconds: float = MOST_SECONDS,
) -> Iterator[tuple[int, Result]]:
    """The places of the items and what came of each, in the order in which they are done.

    An item whose process is stopped (the system does so where memory runs out) is worked again, alone, after all others. All
    processes end with the iterator, and with this process, however it ends.

    Parameters
    ----------
    work : what is done with an item; it goes to the other processes, and raises nothing.
    items : what is worked.
    processes : how many work.
    given_up : makes a result of an item that could not be worked, and of the reason.
    most_seconds : the time after which an item is given up.
    """
    again: list[int] = []
    for place, result in _round(work, items, range(len(items)), processes, most_seconds):
        if isinstance(result, _Lost):
            again.append(place)
        else:
            yield place, given_up(items[place], result.why) if isinstance(result, _Late) else result
    for place, result in _round(work, items, again, 1, most_seconds):
        if isinstance(result, _Lost):
            yield place, given_up(items[place], STOPPED)
        else:
            yield place, given_up(items[place], result.why) if isinstance(result, _Late) else result


@dataclass(frozen=True)
class _Lost:
    """What came of an item whose process was stopped."""


@dataclass(frozen=True)
class _Late:
    """What came of an item that took too long."""

    why: str


class _Worker:
    """A process that works items, one after another; `place` is that of the item that it has, `begun` when it got it."""

    def __init__(self, work: Callable[[Any], Any]) -> None:
        self.pipe, other = Pipe()
        self.process = Process(target=_serve, args=(work, other), daemon=True)
        with held_back():  # Python drops what a signal raises while it makes a process
            self.process.start()
        other.close()  # so that the pipe ends with the process
        self.place, self.begun = -1, 0.0

    def give(self, place: int, item: Any) -> None:
        self.place, self.begun = place, time.monotonic()
        with suppress(OSError):  # it is stopped already, which shows when its result is waited for
            self.pipe.send(item)

    def result(self) -> Any:
        try:
            return self.pipe.recv()
        except (EOFError, OSError):
            return _Lost()

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.process.close()
        self.pipe.close()


def _round(
    work: Callable[[Any], Any], items: Sequence[Any], places: Sequence[int], processes: int, most_seconds: float
) -> Iterator[tuple[int, Any]]:
    waiting, busy = deque(places), list[_Worker]()
    try:
        while waiting and len(busy) < min(processes, len(places)):
            busy.append(_Worker(work))
            busy[-1].give(waiting[0], items[waiting.popleft()])
        while busy:
            left = min(worker.begun for worker in busy) + most_seconds - time.monotonic()
            ready = connection.wait([worker.pipe for worker in busy], max(left, 0.0))
            for worker in list(busy):
                late = time.monotonic() - worker.begun > most_seconds
                if worker.pipe not in ready and not late:
                    continue
                result = worker.result() if worker.pipe in ready else _Late(f"it takes more than {most_seconds:g} s")
                yield worker.place, result
                stopped = isinstance(result, _Lost | _Late)
                if stopped or not waiting:
                    busy.remove(worker)
                    worker.end()
                if waiting:
                    busy += [_Worker(work)] if stopped else []
                    (busy[-1] if stopped else worker).give(waiting[0], items[waiting.popleft()])
    finally:
        for worker in busy:
            worker.end()


# ---- In the other process.


def _serve(work: Callable[[Any], Any], items: connection.Connection) -> None:
    """Work what comes, until nothing comes any more."""
    # Ctrl-C goes to all processes of a terminal: the first one ends the others. A handler of its own must not hinder that.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _let_go()
    try:
        while True:
            items.send(work(items.recv()))
    except (EOFError, OSError, KeyboardInterrupt):
        os._exit(0)


def _end_with_parent() -> None:
    """End this process as soon as its parent is gone, even in the midst of work."""
    parent = parent_process()
    if parent is not None:
        parent.join()
    os._exit(1)


def _let_go() -> None:
    """Let go of the parent's output: whoever reads it must not wait for this process."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)
