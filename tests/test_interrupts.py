"""Signals that are held back are heard later."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading

import pytest

from deltarule.interrupts import ENDING, held_back


@pytest.mark.parametrize("number", ENDING)
def test_a_signal_that_is_held_back_is_heard_afterwards(number):
    happened = []
    before = signal.signal(number, lambda *_: happened.append("heard"))
    try:
        with held_back():
            os.kill(os.getpid(), number)
            happened.append("done")
    finally:
        signal.signal(number, before)
    assert happened == ["done", "heard"]


def test_what_signals_do_is_as_before_afterwards():
    before = [signal.getsignal(number) for number in ENDING]
    with pytest.raises(ZeroDivisionError), held_back():
        1 / 0  # noqa: B018 - it raises
    assert [signal.getsignal(number) for number in ENDING] == before


def test_a_signal_of_its_own_way_ends_the_process_afterwards():
    program = "import os, signal\nfrom deltarule.interrupts import held_back\nwith held_back():\n"
    program += "    os.kill(os.getpid(), signal.SIGTERM)\n    print('done', flush=True)\nprint('not reached')"
    ended = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True, text=True)
    assert (ended.returncode, ended.stdout) == (-signal.SIGTERM, "done\n")


def test_another_thread_goes_on_as_it_is():
    happened = []

    def work():
        with held_back():
            happened.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert happened == [signal.getsignal(signal.SIGINT)]


def test_a_handler_that_raises_as_it_is_put_back_leaves_no_other_behind(monkeypatch):
    before, put = [signal.getsignal(number) for number in ENDING], signal.signal

    def interrupted(number, handler):
        put(number, handler)
        if number == signal.SIGINT and handler is before[0]:
            raise KeyboardInterrupt

    monkeypatch.setattr(signal, "signal", interrupted)
    try:
        with pytest.raises(KeyboardInterrupt), held_back():
            pass
        assert [signal.getsignal(number) for number in ENDING] == before
    finally:
        for number, handler in zip(ENDING, before, strict=True):
            put(number, handler)
