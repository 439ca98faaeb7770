"""A softmax layer on 60,000 pictures of 784 pixels, batches of 128: an epoch, and the time to a loss within 1% of the optimum."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.optimize import minimize

from benchmarks.contenders import (
    JAX,
    MLXTEND,
    NUMPY,
    SKLEARN,
    SKORCH,
    TORCH,
    TUTORIAL,
    UPDATES,
    WHOLE_CALL,
    by_deltarule,
    by_sklearn,
)
from benchmarks.measuring import Effort, Record, compare, spread
from benchmarks.task import Array, Task, Train, Trained
from benchmarks.works.made import CLASSES, part, pixels, softmax_task

THREADS = (1, 2)
TITLE = "60000 x 784 x 10 softmax, batches of 128, shuffled"
CONTENDERS = (UPDATES, WHOLE_CALL, TUTORIAL, SKORCH, MLXTEND, SKLEARN, NUMPY, TORCH, JAX)
NEAR = 1.01
MOST_EPOCHS = 20
OTHER = {
    "scikit-learn LogisticRegression": (by_sklearn.logistic_regression, "other mathematics: L-BFGS on the same cost"),
    "scikit-learn SGDClassifier": (by_sklearn.one_against_rest, "other mathematics: one class against the rest"),
}
# Iterations or epochs of these that are tried.
TRIED = (1, 2, 4, 8, 16, 32, 64, 128)


def run(threads: int, effort: Effort, quick: bool) -> dict[str, Any]:
    """Records of an epoch, then of the time to the loss."""
    X, labels = pixels(2000 if quick else 60_000)
    # The weight decay gives the cost a minimum, not too far away for descent at a constant rate to come within 1% of it.
    epochs = 400 if quick else MOST_EPOCHS
    task = softmax_task(X, labels, CLASSES, learning_rate=0.1, epochs=epochs, batch_size=128, weight_decay=0.003)
    about = {"work": "wide", "setting": "60000 x 784 x 10, an epoch", "threads": threads}
    slow = [contender for contender in CONTENDERS if not (quick and contender is SKORCH)]
    records = compare(about, task, part(task, 2000).having(epochs=2), slow, effort, "epoch")
    target = NEAR * optimum(task)
    needed = epochs_to(task, target)
    found = time_to_loss(about | {"setting": "60000 x 784 x 10, to the loss"}, task, target, needed, records, effort)
    return {"title": TITLE, "records": records + found, "target": target, "epochs_to_target": needed}


def optimum(task: Task) -> float:
    """The least cost, by SciPy's L-BFGS on the formulas, to a few in 10,000."""
    (inputs, neurons), P = task.W.shape, len(task.X)

    def cost(values: Array) -> tuple[float, Array]:
        W, b = values[:-neurons].reshape(inputs, neurons), values[-neurons:]
        trained = Trained(W, b)
        U = task.X @ W.astype(task.X.dtype) + b.astype(task.X.dtype)
        Y = np.exp(U - U.max(axis=1, keepdims=True))
        delta = (Y / Y.sum(axis=1, keepdims=True) - task.D) / P
        gradient = task.X.T @ delta + task.weight_decay * W
        return task.loss(trained), np.append(gradient, delta.sum(axis=0)).astype(np.float64)

    found = minimize(
        cost, np.zeros(inputs * neurons + neurons), jac=True, method="L-BFGS-B", options={"maxcor": 20, "ftol": 1e-6}
    )
    return float(found.fun)


def epochs_to(task: Task, target: float) -> int | None:
    """The first epoch after which the cost is below the target; the same for all that do the same mathematics."""
    import deltarule as dr

    descent = by_deltarule.descent_of(task)
    cost = dr.train(by_deltarule.layer_of(task), task.X, task.labels, descent).history.cost
    below = np.flatnonzero(cost <= target)
    return int(below[0]) if len(below) else None


def time_to_loss(
    about: Record, task: Task, target: float, epochs: int | None, measured: list[Record], effort: Effort
) -> list[Record]:
    """Same mathematics: epochs times the time of one. Other mathematics: the shortest run that reaches the loss, beside ours."""
    about = about | {"unit": "to the loss"}
    if epochs is None:
        return [about | {"contender": "all", "status": "failed", "why": f"no epoch up to {task.epochs} is below"}]
    records = [_several(each, about, epochs) for each in measured if each["contender"] != WHOLE_CALL.name]
    call = task.having(epochs=epochs)
    whole = about | {"contender": WHOLE_CALL.name, "note": WHOLE_CALL.note, "epochs": epochs}
    runs: list[tuple[Record, Train]] = [(whole, by_deltarule.train(call))]
    for name, (prepare, note) in OTHER.items():
        length, loss = shortest(task, target, prepare, 20 * effort.share)
        record = about | {"contender": name}
        if length is None:
            above = 100 * (loss * NEAR / target - 1)
            records.append(record | {"status": "not reached", "why": f"{note}; got to {above:.0f}% above the optimum"})
        else:
            runs.append((record | {"note": f"{note}; {length} iterations"}, prepare(task, length)))
    updates = by_deltarule.updates_alone(call)
    times = [(updates().seconds or np.nan, *(_seconds(run) for _, run in runs)) for _ in range(effort.rounds)]
    base, *own = zip(*times, strict=True)
    for (record, _), seconds in zip(runs, own, strict=True):
        ratios = [one / of for one, of in zip(seconds, base, strict=True)]
        records.append(
            record | {"status": "measured", "proof": "loss", "seconds": spread(seconds), "times": spread(ratios)}
        )
    return records


def _several(record: Record, about: Record, epochs: int) -> Record:
    """A record of an epoch as one of several."""
    found = {**record, **about}
    if record["status"] == "measured":
        found["seconds"] = spread([one * epochs for one in record["seconds"]["rounds"]])
        found["note"] = "; ".join(filter(None, (record["note"], f"{epochs} epochs")))
    return found


def shortest(
    task: Task, target: float, prepare: Callable[[Task, int], Train], longest: float
) -> tuple[int | None, float]:
    """The least of some numbers of iterations that reaches the loss, or None and the least loss; none takes much longer."""
    least = np.inf
    for length in TRIED:
        began = time.perf_counter()
        least = min(least, task.loss(prepare(task, length)()))
        if least <= target:
            return length, least
        if time.perf_counter() - began > longest:
            break
    return None, least


def _seconds(train: Train) -> float:
    began = time.perf_counter()
    train()
    return time.perf_counter() - began
