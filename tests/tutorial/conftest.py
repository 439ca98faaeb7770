"""The tutorial, run once a session: question by question as it is read (slow), and small, for tests of its form."""

import fcntl
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from deltarule import tutorial
from deltarule.tutorial.plan import FULL, SMALL


def run_once(factory: pytest.TempPathFactory, name: str, plan, questions=tutorial.QUESTIONS) -> Path:
    """The folder of a run, made by the process that asks first: pytest-xdist has a session in each of its workers."""
    base = factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder = shared / name
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "index.html").exists():  # it is written last
            tutorial.run(folder, questions, plan=plan)
    return folder


@pytest.fixture(scope="session")
def results_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], dict]:
    """The results of a question as it is read: each question by itself, so that two workers share them."""

    def results(question: int) -> dict:
        folder = run_once(tmp_path_factory, f"question_{question}", FULL, [question])
        return json.loads((folder / "results.json").read_text())

    return results


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small run: question 1 as it is read, questions 2 and 3 with few seeds and epochs."""
    return run_once(tmp_path_factory, "small_tutorial", SMALL)


@pytest.fixture(scope="session")
def small_results(small: Path) -> dict:
    return json.loads((small / "results.json").read_text())
