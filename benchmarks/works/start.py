"""Cold and warm: imports, the first and the second `deltarule train`, and what a call of `train` costs at the least."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib import resources
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks.contenders import by_deltarule
from benchmarks.measuring import Effort, Record, spread
from benchmarks.task import problem_of, task_of

THREADS = (2,)
TITLE = "From nothing: imports, commands, the smallest call"
IMPORTS = ("numpy", "deltarule", "numba", "sklearn", "torch", "jax")
TRAIN = [sys.executable, "-m", "deltarule", "train"]


def run(threads: int, effort: Effort, quick: bool) -> dict[str, Any]:
    """Records of processes from their start to their end, and of one call."""
    timed: dict[str, Callable[[], float]] = {
        f"import {name}": lambda name=name: _process([sys.executable, "-c", f"import {name}"])  # type: ignore[misc]
        for name in IMPORTS
        if find_spec(name)
    }
    with resources.as_file(resources.files("deltarule.tutorial") / "problems" / "question_3.toml") as problem:
        command = [*TRAIN, str(problem)]
        timed |= {
            "deltarule --help": lambda: _process([sys.executable, "-m", "deltarule", "--help"]),
            "deltarule train, first (nothing compiled)": lambda: _train_anew(command),
            "deltarule train, second": lambda: _process(command),
            "dr.train(), 1 epoch, warm": _smallest_call,
        }
        if not quick:
            for call in timed.values():
                call()  # so that files are in memory, byte code is written, and kernels are compiled
        times: dict[str, list[float]] = {name: [] for name in timed}
        for _ in range(effort.rounds):
            for name, call in timed.items():
                times[name].append(call())
    about = {"work": "start", "unit": "call", "threads": threads, "status": "measured", "note": ""}
    records: list[Record] = [
        about | {"setting": name, "contender": name, "seconds": spread(own)} for name, own in times.items()
    ]
    return {"title": TITLE, "records": records}


def _train_anew(command: list[str]) -> float:
    with tempfile.TemporaryDirectory() as empty:
        return _process(command, NUMBA_CACHE_DIR=empty)


def _process(command: list[str], **environment: str) -> float:
    began = time.perf_counter()
    subprocess.run(
        command, check=True, capture_output=True, cwd=Path(tempfile.gettempdir()), env=os.environ | environment
    )
    return time.perf_counter() - began


def _smallest_call() -> float:
    calls = 100
    train = by_deltarule.train(task_of(problem_of(3), epochs=1))
    train()
    began = time.perf_counter()
    for _ in range(calls):
        train()
    return (time.perf_counter() - began) / calls
