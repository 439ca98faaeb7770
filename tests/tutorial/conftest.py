"""The tutorial, run once a session: as it is read (`results`, slow), and small, for tests of its form."""

import fcntl
import json
import os
from pathlib import Path

import pytest

from deltarule import tutorial
from deltarule.tutorial.plan import FULL, SMALL


def run_once(factory: pytest.TempPathFactory, name: str, plan) -> Path:
    """The folder of a run, made by the process that asks first: pytest-xdist has a session in each of its workers."""
    base = factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder = shared / name
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "index.html").exists():  # it is written last
            tutorial.run(folder, plan=plan)
    return folder


@pytest.fixture(scope="session")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict:
    """The results of the real run."""
    return json.loads((run_once(tmp_path_factory, "tutorial", FULL) / "results.json").read_text())


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small run: question 1 as it is read, questions 2 and 3 with few seeds and epochs."""
    return run_once(tmp_path_factory, "small_tutorial", SMALL)


@pytest.fixture(scope="session")
def small_results(small: Path) -> dict:
    return json.loads((small / "results.json").read_text())
