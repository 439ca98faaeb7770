"""Processes that work items: each item by itself, whatever stops a process, and none outlives this one."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from itertools import chain, repeat
from pathlib import Path
from types import SimpleNamespace

import pytest

from deltarule.marking.folder.workers import STOPPED, worked

SOURCES = str(Path(worked.__code__.co_filename).parents[3])


def square(item):
    return item * item


def given_up(item, why):
    return f"{item}: {why}"


def test_every_item_is_worked_once_and_its_place_is_told():
    assert sorted(worked(square, range(50), 3, given_up)) == [(n, n * n) for n in range(50)]


def killed_by_seven(item):
    if item % 10 == 7:
        os.kill(os.getpid(), signal.SIGKILL)
    return item


def test_an_item_whose_process_is_killed_twice_is_given_up_and_all_others_are_worked():
    found = dict(worked(killed_by_seven, range(30), 2, given_up))
    assert found == {n: f"{n}: {STOPPED}" if n % 10 == 7 else n for n in range(30)}


class KilledOnce:
    """Kills its process where the item's file is not there yet, and leaves the file."""

    def __init__(self, folder):
        self.folder = folder

    def __call__(self, item):
        file = self.folder / str(item)
        if not file.exists():
            file.touch()
            os.kill(os.getpid(), signal.SIGTERM)
        return item


def test_items_whose_process_was_killed_are_worked_again(tmp_path):
    assert sorted(worked(KilledOnce(tmp_path), range(6), 2, given_up)) == [(n, n) for n in range(6)]


def endless_at_three(item):
    while item == 3:
        time.sleep(60)
    return item


def test_an_item_that_never_ends_is_given_up():
    found = dict(worked(endless_at_three, range(8), 2, given_up, most_seconds=0.5))
    assert found == {n: "3: it takes more than 0.5 s" if n == 3 else n for n in range(8)}


def stopped_at_three(item):
    if item == 3:
        os.kill(os.getpid(), signal.SIGSTOP)
    return item


def test_a_process_that_is_held_up_is_given_up_too():
    found = dict(worked(stopped_at_three, range(5), 2, given_up, most_seconds=0.5))
    assert "more than 0.5 s" in found.pop(3)
    assert found == {n: n for n in range(5) if n != 3}


def ignored_interrupt(item):
    os.kill(os.getpid(), signal.SIGINT)
    return item


def test_ctrl_c_is_left_to_the_first_process():
    assert dict(worked(ignored_interrupt, range(4), 2, given_up)) == {n: n for n in range(4)}


def test_no_process_is_left_when_the_iterator_is_closed_early():
    before = set(multiprocessing.active_children())
    results = worked(endless_at_three, range(8), 2, given_up)
    next(results)
    assert set(multiprocessing.active_children()) > before
    results.close()
    assert set(multiprocessing.active_children()) == before


PARENT = """
import os, sys, time
from deltarule.marking.folder.workers import worked

def endless(item):
    os.write(pipe, f"{os.getpid()}\\n".encode())
    while True:
        time.sleep(60)

pipe = os.dup(1)
list(worked(endless, range(9), 3, None))
"""


def gone(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return True
    return state == "Z"


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_processes_end_with_their_parent_however_it_ends(number):
    environment = {**os.environ, "PYTHONPATH": SOURCES}
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, env=environment, text=True) as parent:
        workers = [int(parent.stdout.readline()) for _ in range(3)]
        assert not any(map(gone, workers))
        parent.send_signal(number)
        parent.wait()
        deadline = time.monotonic() + 20
        while not all(map(gone, workers)) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert all(map(gone, workers))


def slow(item):
    time.sleep(0.3)
    return item


@pytest.mark.parametrize(("seconds", "found"), [(599.0, 1), (601.0, "1: it takes more than 600 s")])
def test_an_item_has_ten_minutes(monkeypatch, seconds, found):
    """By a clock that stands at 0 when the item is given, and at so many seconds from then on."""
    clock = chain([0.0], repeat(seconds))
    monkeypatch.setattr("deltarule.marking.folder.workers.time", SimpleNamespace(monotonic=lambda: next(clock)))
    assert dict(worked(slow, [1], 1, given_up)) == {0: found}
