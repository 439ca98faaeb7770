"""How the time of an update grows with patterns, inputs, neurons and models, beside what the machine does at best."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from benchmarks.contenders import JAX, JAX_VMAP, NUMPY, SWEEP, TORCH, TORCH_STACKED, UPDATES, Contender
from benchmarks.machine import peak_arithmetic, read_bandwidth
from benchmarks.measuring import Effort, Record, Workload, compare
from benchmarks.task import Task
from benchmarks.works.made import features, part, softmax_task
from benchmarks.works.many import iris_family

THREADS = (1, 2)
TITLE = "Growth: an update"
ONE = (UPDATES, NUMPY, TORCH, JAX)
MANY = (SWEEP, TORCH_STACKED, JAX_VMAP)
PATTERNS = (16, 128, 1024, 8192, 65_536, 524_288)
INPUTS = (4, 16, 64, 256, 1024, 4096)
NEURONS = (2, 8, 32, 128, 512)
MODELS = (1, 4, 16, 64, 256, 1024)
BATCH = 128


def run(threads: int, effort: Effort, quick: bool) -> dict[str, Any]:
    """Records of four axes; the machine's read bandwidth and peak arithmetic."""
    step = 3 if quick else 1
    records: list[Record] = []
    axes: tuple[tuple[str, tuple[int, ...]], ...] = (("patterns", PATTERNS), ("inputs", INPUTS), ("neurons", NEURONS))
    for axis, sizes in axes:
        for size in sizes[::step]:
            task = _task(axis, size)
            proof = part(task, min(len(task.X), 1024)).having(epochs=3)
            records += _measured(threads, axis, size, task, proof, ONE, effort)
    for size in MODELS[::step]:
        rates, seeds = min(size, 16), max(1, size // 16)
        family = iris_family(rates, seeds, epochs=100)
        small = iris_family(min(rates, 2), min(seeds, 2), epochs=5)
        records += _measured(threads, "models", size, family, small, MANY, effort)
    machine = {
        "read_bandwidth": read_bandwidth(quick=quick),
        "peak_arithmetic": {dtype: peak_arithmetic(dtype) for dtype in ("float32", "float64")},
    }
    return {"title": TITLE, "records": records, "machine": machine}


def _task(axis: str, size: int) -> Task:
    """float64 in the full batch, float32 in batches of 128; the sizes that do not grow are small."""
    if axis == "patterns":
        X, labels = features(size, 16, 4, "float64")
        return softmax_task(X, labels, 4, learning_rate=0.01, epochs=10_000, batch_size=None)
    inputs, classes = (size, 10) if axis == "inputs" else (64, size)
    X, labels = features(4096, inputs, classes)
    return softmax_task(X, labels, classes, learning_rate=0.01, epochs=100, batch_size=BATCH)


def _measured(
    threads: int,
    axis: str,
    size: int,
    workload: Workload,
    proof: Workload,
    contenders: tuple[Contender, ...],
    effort: Effort,
) -> list[Record]:
    """Records with what an update reads and computes at the least: the batch's inputs, and 4 x batch x N x K operations."""
    task = workload if isinstance(workload, Task) else workload.starts[0]
    inputs, neurons = task.W.shape
    batch, models = min(task.size, len(task.X)), size if axis == "models" else 1
    about = {
        "work": "growth",
        "setting": f"{size} {axis}",
        "threads": threads,
        "axis": axis,
        "size": size,
        "dtype": task.W.dtype.name,
        "bytes": batch * inputs * task.X.itemsize,
        "operations": 4 * batch * inputs * neurons * models,
    }
    # A sweep's call costs something for each model, which is little of a long call.
    brief = [replace(contender, longest=0.5 if axis == "models" else 0.05) for contender in contenders]
    return compare(about, workload, proof, brief, effort, "update")
