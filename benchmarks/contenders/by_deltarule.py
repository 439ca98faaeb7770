"""deltarule: `train` and `sweep`, through the public interface alone."""

from __future__ import annotations

from math import inf
from typing import Any

import numpy as np

import deltarule as dr
from benchmarks.task import Family, Task, Train, Trained
from deltarule.engines import Work, compiled, thresholds


def layer_of(task: Task) -> dr.Layer:
    """Where the task starts."""
    if task.kind == "softmax":
        return dr.SoftmaxLayer(task.W, task.b, classes=tuple(range(len(task.b))))
    return dr.PerceptronLayer(task.W, task.b)


def targets_of(task: Task) -> Any:
    """Labels, or numbers."""
    return task.labels if task.kind == "softmax" else task.D


def descent_of(task: Task) -> dr.Descent:
    """How the task descends."""
    return dr.Descent(
        learning_rate=task.learning_rate,
        epochs=task.epochs,
        batch_size=task.batch_size,
        reduction="mean" if task.mean else "sum",
        weight_decay=task.weight_decay,
        seed=task.seed or 0,
    )


def train(task: Task) -> Train:
    """The whole call: checks, both ends' costs, and all."""
    layer, targets, descent = layer_of(task), targets_of(task), descent_of(task)

    def run() -> Trained:
        done = dr.train(layer, task.X, targets, descent, "compiled", record_every=task.record_every)
        return Trained(done.layer.weights, done.layer.biases)

    return run


def made_for_the_shape(task: Task) -> Train:
    """`train` with the kernels that it makes for a shape when a run takes over 20 seconds, and finds on disk from then on."""
    layer = layer_of(task)
    patterns = layer.patterns(task.X, targets_of(task))
    engine = compiled.CompiledEngine(Work(layer, patterns, None, descent_of(task), 0))
    engine.prepare(inf)
    if engine.compiling is not None:
        engine.compiling.join()
    return train(task)


def for_any_shape(task: Task) -> Train:
    """`train` where none are made."""
    whole = train(task)

    def run() -> Trained:
        with thresholds.using(unrolled_weights=0):
            return whole()

    return run


def updates_alone(task: Task) -> Train:
    """The time in the engine: what the other contenders' loops are, whose data are checked and converted beforehand."""
    layer, targets, descent = layer_of(task), targets_of(task), descent_of(task)

    def run() -> Trained:
        done = dr.train(layer, task.X, targets, descent, "compiled", record_every=0)
        return Trained(done.layer.weights, done.layer.biases, done.seconds_per_update * done.updates)

    return run


def sweep(family: Family) -> Train:
    """All models in one call."""
    first, layers = family.starts[0], {start.seed: layer_of(start) for start in family.starts}
    # One layer for all models, or each seed's own.
    start: Any = layers[first.seed] if len(layers) == 1 else layers.__getitem__

    def run() -> Trained:
        done = dr.sweep(
            start,
            first.X,
            targets_of(first),
            learning_rate=family.rates,
            seed=list(layers),
            epochs=first.epochs,
            batch_size=first.batch_size,
            reduction="mean" if first.mean else "sum",
            record_every=0,
        )
        reached = [result.layer for result in done.results]
        return Trained(np.stack([layer.weights for layer in reached]), np.stack([layer.biases for layer in reached]))

    return run
