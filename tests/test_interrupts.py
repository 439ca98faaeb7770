"""Signals that are held back are heard later, by this process and by those that it starts."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from deltarule.interrupts import ENDING, held_back

pytestmark = pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="this system holds no signals back")


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


def test_what_was_held_back_before_stays_so():
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
    try:
        with held_back():
            pass
        assert signal.SIGTERM in signal.pthread_sigmask(signal.SIG_BLOCK, [])
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@pytest.mark.parametrize(("hears", "code"), [(True, -signal.SIGTERM), (False, 0)])
def test_a_process_that_is_started_meanwhile_hears_signals_from_when_it_says_so(hears, code):
    program = "import os, signal\nfrom deltarule.interrupts import heard\n" + "heard()\n" * hears
    program += "os.kill(os.getpid(), signal.SIGTERM)"
    with held_back():
        ended = subprocess.run([sys.executable, "-c", program], check=False)
    assert ended.returncode == code
