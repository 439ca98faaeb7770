"""NumPy: the formulas in a loop, in place. In float64 it is also the reference that every other result is held against."""

from __future__ import annotations

import numpy as np

from benchmarks.task import Array, Task, Train, Trained


def loop(task: Task) -> Train:
    """Two products an update; U is overwritten by Y and by delta."""
    X, D, L = task.X, task.D, task.weight_decay
    full = task.batch_size is None

    def update(W: Array, b: Array, x: Array, d: Array) -> None:
        step = task.step(len(x))
        U = x @ W
        U += b
        if task.kind == "softmax":
            U -= U.max(axis=1, keepdims=True)
            np.exp(U, out=U)
            U /= U.sum(axis=1, keepdims=True)
            U -= d
        else:
            np.negative(U, out=U)
            np.exp(U, out=U)
            U += 1
            Y = np.reciprocal(U)
            U = (Y - d) * Y * (1 - Y)
        gradient = x.T @ U
        gradient *= step
        if L:
            W *= 1 - task.learning_rate * L
        W -= gradient
        b -= step * U.sum(axis=0)

    def train() -> Trained:
        W, b = task.W.copy(), task.b.copy()
        for order in task.orders():
            if full:
                update(W, b, X, D)
                continue
            for start in range(0, len(X), task.size):
                batch = order[start : start + task.size]
                update(W, b, X[batch], D[batch])
        return Trained(W, b)

    return train
