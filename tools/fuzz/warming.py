"""What is loaded and compiled once, before children are made."""

from __future__ import annotations

import gc
import importlib
import pkgutil
from contextlib import suppress
from itertools import product

from tools.fuzz.case import Case
from tools.fuzz.commands import FILES
from tools.fuzz.sandbox import run_command


def warm_all() -> None:
    """Import all modules, and run what compiles kernels."""
    import deltarule
    from deltarule.errors import MissingExtraError

    for module in pkgutil.walk_packages(deltarule.__path__, "deltarule."):
        if not module.name.endswith("__main__"):
            with suppress(MissingExtraError):  # of a module for an optional library
                importlib.import_module(module.name)
    train_all()
    for argv in (
        ("work", "problem.toml", "--out", "out.html"),
        ("check", "problem.toml", "answer.toml", "--page", "out.html"),
        ("check", "problem.toml", "answers"),
        ("train", "problem.toml", "--curves", "out.svg"),
        ("train", "problem.toml", "--engine", "autograd"),
        ("sweep", "problem.toml", "--learning-rate", "0.1,0.2", "--out", "out.parquet"),
        ("new", "--for", "class.txt"),
    ):
        run_command(Case(dict(FILES), argv))
    gc.collect()
    gc.freeze()


def train_all() -> None:
    """Train in the compiled engine, small layers and large, alone and in a sweep, with both sorts of floats."""
    import numpy as np

    import deltarule as dr
    from deltarule.engines import thresholds

    X = np.random.default_rng(0).normal(size=(6, 3))
    labels = np.arange(6) % 2
    for dtype in (np.float64, np.float32):
        layer = dr.SoftmaxLayer.random(3, [0, 1], seed=0).astype(dtype)
        for batch, weight in product((None, 2), (None, [1, 2, 0, 1, 1, 1])):
            dr.train(layer, X, labels, dr.Descent(0.1, 2, batch_size=batch), sample_weight=weight)
        dr.sweep(layer, X.astype(dtype), labels, learning_rate=[0.1, 0.2], epochs=2)
        for few in (0, 10**9):  # as large layers of many and of few neurons are worked
            with thresholds.using(lane_weights=0, lane_inputs=0, input_lanes_neurons=few):
                dr.train(layer, X, labels, dr.Descent(0.1, 2, batch_size=2))
