import os
import threading
import time

import pytest

from deltarule.engines.background import in_background


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
