"""A probe sweep: 52 heads, which differ in learning rate, on 50,000 rows of 384 features and 100 classes, for ten epochs.

Every sweep evaluates all models at its end, for its table; others train only. So not one epoch.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.contenders import JAX_VMAP, SWEEP, TORCH_ALONE, TORCH_SIDE_BY_SIDE
from benchmarks.measuring import Effort, compare
from benchmarks.task import Family
from benchmarks.works.made import features, part, softmax_task

THREADS = (2,)
TITLE = "52 probes on 50000 x 384 x 100, batches of 128: ten epochs of all"
CONTENDERS = (SWEEP, TORCH_ALONE, TORCH_SIDE_BY_SIDE, JAX_VMAP)
HEADS, INPUTS, CLASSES = 52, 384, 100


def run(threads: int, effort: Effort, quick: bool) -> dict[str, Any]:
    """Records; one after another is measured on some of the heads and scaled."""
    X, labels = features(1280 if quick else 50_000, INPUTS, CLASSES)
    task = softmax_task(X, labels, CLASSES, learning_rate=0.1, epochs=10, batch_size=128)
    rates = tuple(np.geomspace(1e-4, 0.1, HEADS).tolist())
    family, proof = Family(rates, (task,)), Family(rates[::10], (part(task, 1000),))
    about = {"work": "probes", "setting": "52 probes", "threads": threads}
    return {"title": TITLE, "records": compare(about, family, proof, CONTENDERS, effort, "whole")}
