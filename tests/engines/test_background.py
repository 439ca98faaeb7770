import ctypes
import os
import threading
import time

import pytest

from ctrl_c import CtrlC
from deltarule.engines.background import heard, in_background


def test_the_work_is_done_in_another_thread():
    found = []
    in_background(lambda: found.append(threading.current_thread())).join()
    assert found != [threading.current_thread()]
    assert len(found) == 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork")
def test_a_child_that_is_forked_meanwhile_finds_no_lock_closed():
    lock, closed = threading.Lock(), threading.Event()

    def work():
        with lock:
            closed.set()
            time.sleep(0.1)  # the fork comes meanwhile

    in_background(work)
    closed.wait()
    child = os.fork()
    if not child:
        os._exit(0 if lock.acquire(blocking=False) else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_ctrl_c_is_heard_while_work_is_waited_for():
    end, done = threading.Event(), []
    CtrlC(lambda: True)()
    with pytest.raises(KeyboardInterrupt):
        heard(lambda: done.append(end.wait(60)))
    assert not done
    end.set()


def test_ctrl_c_in_a_callback_from_c_is_heard():
    """As LLVM calls back while it compiles: in the main thread the exception would be lost there."""
    times = 0

    @ctypes.CFUNCTYPE(None)
    def called():
        nonlocal times
        times += 1
        time.sleep(0.01)

    CtrlC(lambda: True)()
    with pytest.raises(KeyboardInterrupt):
        heard(lambda: [called() for _ in range(100)])
    assert times < 100


def test_what_work_raises_is_raised_where_it_is_waited_for():
    with pytest.raises(ZeroDivisionError):
        heard(lambda: 1 / 0)
