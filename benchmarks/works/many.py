"""256 softmax layers on Iris (16 learning rates x 16 seeds), batches of 16, 1000 epochs."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.contenders import JAX_VMAP, SWEEP, TORCH_ALONE, TORCH_STACKED, TUTORIAL_ALONE
from benchmarks.measuring import Effort, compare
from benchmarks.task import Family, problem_of, task_of
from deltarule import SoftmaxLayer

THREADS = (1, 2)
TITLE = "256 models on Iris, batches of 16: 1000 epochs of all"
CONTENDERS = (SWEEP, TUTORIAL_ALONE, TORCH_ALONE, TORCH_STACKED, JAX_VMAP)


def iris_family(rates: int, seeds: int, epochs: int, dtype: str = "float64") -> Family:
    """Learning rates of 0.01 to 1; a seed draws the initial layer and the order of the patterns."""
    task = task_of(problem_of(3), batch_size=16, epochs=epochs)
    task = task.having(X=task.X.astype(dtype), D=task.D.astype(dtype))
    drawn = (SoftmaxLayer.random(task.W.shape[0], range(task.W.shape[1]), seed) for seed in range(seeds))
    layers = [layer.astype(dtype) for layer in drawn]
    starts = [task.having(W=layer.weights, b=layer.biases, seed=seed) for seed, layer in enumerate(layers)]
    return Family(tuple(np.geomspace(0.01, 1, rates).tolist()), tuple(starts))


def run(threads: int, effort: Effort, quick: bool) -> dict[str, Any]:
    """Records; one after another is measured on some of the models, for fewer epochs, and scaled."""
    records = []
    for dtype in ("float64", "float32"):
        family, proof = iris_family(16, 16, 50 if quick else 1000, dtype), iris_family(4, 4, 20, dtype)
        about = {"work": "many", "setting": f"256 Iris models, {dtype}", "threads": threads}
        records += compare(about, family, proof, CONTENDERS, effort, "whole")
    return {"title": TITLE, "records": records}
