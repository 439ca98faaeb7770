"""An update of three sigmoid units on Linnerud's 15 rows, full batch, with deltarule's history recorded every 1,000 updates."""

from __future__ import annotations

from typing import Any

from benchmarks.contenders import ANY_SHAPE, DELTARULE, JAX, NUMPY, SKORCH, TORCH, TORCH_COMPILED, TUTORIAL
from benchmarks.measuring import Effort, compare
from benchmarks.task import problem_of, task_of

THREADS = (1,)
TITLE = "Linnerud perceptron, full batch: an update"
CONTENDERS = (DELTARULE, ANY_SHAPE, TUTORIAL, SKORCH, NUMPY, TORCH, TORCH_COMPILED, JAX)


def run(threads: int, effort: Effort, quick: bool) -> dict[str, Any]:
    """Records; `quick` leaves out what takes long to compile."""
    task = task_of(problem_of(2), epochs=100_000, record_every=1000)
    about = {"work": "linnerud", "setting": "Linnerud, an update", "threads": threads}
    contenders = [each for each in CONTENDERS if not (quick and each is TORCH_COMPILED)]
    return {"title": TITLE, "records": compare(about, task, task.having(epochs=200), contenders, effort, "update")}
