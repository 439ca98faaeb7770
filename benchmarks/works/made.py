"""Made data, the same every time."""

from __future__ import annotations

import numpy as np

from benchmarks.task import Array, Task

SIDE, CLASSES = 28, 10


def pixels(patterns: int, seed: int = 0) -> tuple[Array, Array]:
    """Pictures of MNIST's kind and their classes: (P, 784) float32 in [0, 1], four fifths of them 0; (P,) 0 to 9.

    A class is five blobs of ink. Each picture has its class's, fainter or stronger, and blobs of its own, so that classes overlap
    a little; what is faint is cut off.
    """
    rng = np.random.default_rng(seed)
    grid = np.arange(SIDE)

    def blobs(count: int) -> Array:
        centre = rng.uniform(6, 22, (2, count, 1, 1))
        away = (grid[None, :, None] - centre[0]) ** 2 + (grid[None, None, :] - centre[1]) ** 2
        found: Array = np.exp(-away / (2 * 2.5**2)).reshape(count, -1)
        return found

    ink = np.stack([blobs(5).sum(axis=0) for _ in range(CLASSES)])
    others = blobs(40)
    labels = rng.integers(CLASSES, size=patterns)
    X = np.empty((patterns, SIDE * SIDE), dtype=np.float32)
    for start in range(0, patterns, 5000):  # a part at a time, for the memory's sake
        own = labels[start : start + 5000]
        drawn = ink[own] * rng.uniform(0.3, 1.2, (len(own), 1))
        drawn += 0.4 * rng.standard_normal((len(own), len(others))) @ others
        drawn += 0.15 * rng.standard_normal(drawn.shape)
        X[start : start + 5000] = np.clip(drawn - 0.45, 0, 1)
    return X, labels


def features(patterns: int, inputs: int, classes: int, dtype: str = "float32", seed: int = 0) -> tuple[Array, Array]:
    """Features of a frozen network's kind, (P, N): a centre a class, and noise; and classes (P,)."""
    rng = np.random.default_rng(seed)
    centres = rng.standard_normal((classes, inputs)).astype(dtype)
    labels = rng.integers(classes, size=patterns)
    X = rng.standard_normal((patterns, inputs), dtype=np.float32).astype(dtype)
    X *= 2
    X += centres[labels]
    return X, labels


def softmax_task(
    X: Array,
    labels: Array,
    classes: int,
    *,
    learning_rate: float,
    epochs: int,
    batch_size: int | None,
    weight_decay: float = 0.0,
) -> Task:
    """From weights of 0, by the mean."""
    W = np.zeros((X.shape[1], classes), dtype=X.dtype)
    return Task(
        kind="softmax",
        X=X,
        D=np.eye(classes, dtype=X.dtype)[labels],
        W=W,
        b=W[0].copy(),
        learning_rate=learning_rate,
        epochs=epochs,
        batch_size=batch_size,
        weight_decay=weight_decay,
    )


def part(task: Task, patterns: int) -> Task:
    """The first patterns of a task."""
    return task.having(X=task.X[:patterns].copy(), D=task.D[:patterns].copy())
