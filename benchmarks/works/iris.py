"""Epochs of a softmax layer on 90 flowers at several batch sizes, shuffled, nothing recorded."""

from __future__ import annotations

from typing import Any

from benchmarks.contenders import (
    ANY_SHAPE,
    DELTARULE,
    JAX,
    MLXTEND,
    NUMPY,
    SKLEARN,
    SKORCH,
    TORCH,
    TORCH_COMPILED,
    TUTORIAL,
)
from benchmarks.measuring import Effort, compare
from benchmarks.task import problem_of, task_of

THREADS = (1,)
TITLE = "Iris softmax, shuffled mini-batches: an epoch"
BATCH_SIZES = (2, 4, 8, 16, 32, 64)
CONTENDERS = (DELTARULE, ANY_SHAPE, TUTORIAL, SKORCH, MLXTEND, SKLEARN, NUMPY, TORCH, JAX)
# The unrolled epoch takes torch.compile long; one batch size says enough.
COMPILED_AT = 16


def run(threads: int, effort: Effort, quick: bool) -> dict[str, Any]:
    """Records a batch size."""
    records = []
    for size in (COMPILED_AT,) if quick else BATCH_SIZES:
        task = task_of(problem_of(3), epochs=1000, batch_size=size)
        about = {"work": "iris", "setting": f"Iris, batch {size}", "threads": threads, "batch_size": size}
        contenders = [*CONTENDERS, TORCH_COMPILED] if size == COMPILED_AT and not quick else CONTENDERS
        records += compare(about, task, task.having(epochs=20), contenders, effort, "epoch")
    return {"title": TITLE, "records": records}
