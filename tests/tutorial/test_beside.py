"""Work beside the tutorial's own process."""

import os
import time
from functools import partial
from multiprocessing import active_children

import pytest

from deltarule.tutorial.beside import beside


def work_beside(monkeypatch, cores=2):
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    return beside(allowed=True)


@pytest.mark.slow
def test_work_is_done_in_another_process_and_its_result_or_error_comes_back(monkeypatch):
    with work_beside(monkeypatch) as begin:
        process, error = begin(os.getpid), begin(partial(int, "no number"))
        assert process() != os.getpid()
        with pytest.raises(ValueError, match="no number"):
            error()
    assert not active_children()


def test_with_one_core_work_is_done_here_when_it_is_asked_for(monkeypatch):
    done = []
    with work_beside(monkeypatch, cores=1) as begin:
        wait = begin(lambda: done.append(os.getpid()))
        assert not done
        wait()
    assert done == [os.getpid()]


@pytest.mark.slow
def test_an_interrupted_block_ends_the_process(monkeypatch):
    def interrupted():
        with work_beside(monkeypatch) as begin:
            begin(partial(time.sleep, 600))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    for process in active_children():
        process.join(30)
    assert not active_children()
