"""What contenders are given: one descent (`Task`) or many at once (`Family`), in plain arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from importlib import resources
from itertools import product
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from deltarule import Problem, read_problem

Array = NDArray[Any]


class Trained(NamedTuple):
    """Weights (N, K) and biases (K,), of a family (M, N, K) and (M, K); and seconds, where a contender's own clock counts."""

    weights: Array
    biases: Array
    seconds: float | None = None


Train = Callable[[], Trained]


@dataclass(frozen=True, eq=False)
class Task:
    """A descent on checked arrays.

    Attributes
    ----------
    kind : "softmax", by cross-entropy, or "sigmoid", by half the squared error.
    X, D : (P, N) inputs, (P, K) desired outputs, one-hot for softmax.
    W, b : (N, K), (K,) where to start.
    batch_size : None for the full batch.
    mean : whether a batch's gradient is divided by its size.
    weight_decay : L, which adds L/2 sum W^2 to the cost.
    seed : of `numpy.random.default_rng`, which draws a permutation an epoch; None: the patterns stay in the order given.
    """

    kind: str
    X: Array
    D: Array
    W: Array
    b: Array
    learning_rate: float
    epochs: int
    batch_size: int | None = None
    mean: bool = True
    weight_decay: float = 0.0
    seed: int | None = 0
    record_every: int = 0

    @cached_property
    def labels(self) -> Array:
        """(P,) the class of each pattern."""
        found: Array = self.D.argmax(axis=1)
        return found

    @property
    def size(self) -> int:
        """Patterns an update."""
        return len(self.X) if self.batch_size is None else self.batch_size

    @property
    def updates(self) -> int:
        """Updates an epoch."""
        return -(-len(self.X) // self.size)

    def step(self, count: int) -> float:
        """What the summed gradient of a batch of so many patterns is multiplied by."""
        return self.learning_rate / count if self.mean else self.learning_rate

    def orders(self) -> Iterator[Array]:
        """The order of the patterns in each epoch: deltarule's, so that all may visit them in the same one."""
        if self.batch_size is None or self.seed is None:
            for _ in range(self.epochs):
                yield np.arange(len(self.X))
            return
        rng = np.random.default_rng(self.seed)
        for _ in range(self.epochs):
            yield rng.permutation(len(self.X))

    def having(self, **changes: Any) -> Self:
        """The task with other fields."""
        return replace(self, **changes)

    def loss(self, trained: Trained) -> float:
        """Mean cross-entropy over all patterns, decay included (softmax)."""
        U = self.X @ trained.weights.astype(self.X.dtype) + trained.biases.astype(self.X.dtype)
        highest = U.max(axis=1)
        surplus = np.log(np.exp(U - highest[:, None]).sum(axis=1)) + highest - U[np.arange(len(U)), self.labels]
        return float(surplus.mean(dtype=np.float64) + 0.5 * self.weight_decay * np.sum(trained.weights**2))


@dataclass(frozen=True, eq=False)
class Family:
    """Descents that differ in learning rate and in seed: of the initial layer and of the order of the patterns.

    Model m of M = rates x seeds has rate m // seeds and seed m % seeds. `starts` has a task for each seed.
    """

    rates: tuple[float, ...]
    starts: tuple[Task, ...]

    @property
    def models(self) -> list[Task]:
        """Each descent by itself."""
        return [start.having(learning_rate=rate) for rate, start in product(self.rates, self.starts)]

    def having(self, **changes: Any) -> Self:
        """The family with other fields in all its tasks."""
        return replace(self, starts=tuple(start.having(**changes) for start in self.starts))


def problem_of(question: int) -> Problem:
    """One of the tutorial's problems."""
    with resources.as_file(resources.files("deltarule.tutorial") / "problems" / f"question_{question}.toml") as path:
        return read_problem(path)


def task_of(problem: Problem, **changes: Any) -> Task:
    """A problem file's descent."""
    layer, descent = problem.layer, problem.descent
    patterns = layer.patterns(problem.X, problem.targets)
    task = Task(
        kind="softmax" if layer.kind == "softmax" else "sigmoid",
        X=patterns.X,
        D=patterns.D,
        W=layer.weights,
        b=layer.biases,
        learning_rate=descent.learning_rate,
        epochs=descent.epochs,
        batch_size=descent.batch_size,
        mean=descent.reduction == "mean",
        weight_decay=descent.weight_decay,
    )
    return task.having(**changes)
