# mypy: disable-error-code="import-not-found,import-untyped"
"""JAX: the updates in `lax.scan` under `jit`; many models by `vmap`."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from benchmarks.task import Family, Task, Train, Trained

jax.config.update("jax_enable_x64", True)  # type: ignore[no-untyped-call, unused-ignore]


def descend(task: Task, X: Any, D: Any, parameters: Any, orders: Any, rate: Any) -> Any:
    """W and b after the epochs whose orders are given (epochs, P); traced."""

    def update(parameters: Any, batch: Any) -> Any:
        W, b = parameters
        x, d = (X, D) if task.batch_size is None else (X[batch], D[batch])
        step = rate / len(x) if task.mean else rate
        U = x @ W + b
        if task.kind == "softmax":
            delta = jax.nn.softmax(U) - d
        else:
            Y = jax.nn.sigmoid(U)
            delta = (Y - d) * Y * (1 - Y)
        return ((1 - rate * task.weight_decay) * W - step * (x.T @ delta), b - step * delta.sum(0)), None

    def epoch(parameters: Any, order: Any) -> Any:
        if task.batch_size is None:
            return update(parameters, order)
        whole = len(task.X) // task.size * task.size
        parameters, _ = lax.scan(update, parameters, order[:whole].reshape(-1, task.size))
        return update(parameters, order[whole:]) if whole < len(task.X) else (parameters, None)

    if task.batch_size is None:
        return lax.scan(epoch, parameters, None, length=task.epochs)[0]
    return lax.scan(epoch, parameters, orders)[0]


def orders_of(task: Task) -> Any:
    """(epochs, P), or nothing where there is no order."""
    return None if task.batch_size is None else np.stack(list(task.orders()))


def scan(task: Task) -> Train:
    """One compiled call for the whole descent."""
    X, D = jnp.asarray(task.X), jnp.asarray(task.D)
    rate = task.W.dtype.type(task.learning_rate)
    fast = jax.jit(lambda X, D, parameters, orders: descend(task, X, D, parameters, orders, rate))

    def train() -> Trained:
        W, b = fast(X, D, (jnp.asarray(task.W), jnp.asarray(task.b)), orders_of(task))
        return Trained(np.asarray(W), np.asarray(b))

    return train


def vmapped(family: Family) -> Train:
    """`vmap` over seeds (initial layer and order) within `vmap` over learning rates."""
    first = family.starts[0]
    X, D = jnp.asarray(first.X), jnp.asarray(first.D)
    rates = jnp.asarray(family.rates, dtype=first.W.dtype)

    def one(parameters: Any, orders: Any, rate: Any) -> Any:
        return descend(first, X, D, parameters, orders, rate)

    fast = jax.jit(jax.vmap(jax.vmap(one, (0, 0, None)), (None, None, 0)))

    def train() -> Trained:
        orders = np.stack([orders_of(start) for start in family.starts])
        starts = tuple(jnp.stack(part) for part in zip(*((s.W, s.b) for s in family.starts), strict=True))
        W, b = map(np.asarray, fast(starts, orders, rates))
        return Trained(W.reshape(-1, *W.shape[2:]), b.reshape(-1, b.shape[-1]))

    return train
