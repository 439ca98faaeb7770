"""The descent as compiled loops. The formulas are those of `deltarule.layers`, a pattern at a time; tests hold the two together.

One run of epochs is one call: updates, shuffled batches, history, tolerance and the watch for infinities all happen
inside. Nothing is allocated in the loop but what `descend` makes at its start.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

Function = TypeVar("Function", bound=Callable[..., Any])
Floats = NDArray[Any]  # one dtype throughout: float64 or float32

LINEAR, SIGMOID, TANH, LOGISTIC, SOFTMAX, ONE_AGAINST_REST = range(6)
ALL_EPOCHS, TOLERANCE_MET, NOT_FINITE = range(3)


def compiled(function: Function) -> Function:
    """Compile on first call and keep the code on disk.

    With NumPy's error model a division by 0 is an infinity to look at, not a branch in each loop.
    """
    return cast("Function", numba.njit(cache=True, error_model="numpy", nogil=True)(function))


class Data(NamedTuple):
    """X (P, N), D (P, K), v (P,)."""

    inputs: NDArray[Any]
    desired: NDArray[Any]
    weights: NDArray[Any]


class Rule(NamedTuple):
    """What to descend, and how. `mean_factor` is 0 for a sum; `tolerance` is below 0 for none; `record_every` 0 for no history."""

    kind: int
    learning_rate: float
    batch_size: int
    mean_factor: float
    weight_decay: float
    tolerance: float
    record_every: int


@compiled
def synaptic_input(x: Floats, W: Floats, b: Floats, u: Floats) -> None:
    """U = x W + b."""
    for k in range(b.size):
        u[k] = b[k]
    for n in range(x.size):
        for k in range(b.size):
            u[k] += x[n] * W[n, k]


@compiled
def sigmoid(u: float) -> float:
    """1 / (1 + e^-u), from e^-|u|, which cannot overflow."""
    e = math.exp(-abs(u))
    return 1 / (1 + e) if u >= 0 else e / (1 + e)


@compiled
def softplus(u: float) -> float:
    """log(1 + e^u)."""
    return max(u, 0.0) + math.log1p(math.exp(-abs(u)))


@compiled
def exponentials(u: Floats, e: Floats) -> tuple[float, float]:
    """e_k = e^(u_k - max u); returns max u and the sum of e."""
    largest = u[0]
    for k in range(1, u.size):
        largest = max(largest, u[k])
    total = 0.0
    for k in range(u.size):
        e[k] = math.exp(u[k] - largest)
        total += e[k]
    return largest, total


@compiled
def pattern_delta(kind: int, u: Floats, d: Floats, delta: Floats) -> None:
    """Delta = d(pattern cost)/du, see `Layer.pattern_delta`."""
    if kind == SOFTMAX:
        _, total = exponentials(u, delta)
        for k in range(u.size):
            delta[k] = delta[k] / total - d[k]
        return
    for k in range(u.size):
        if kind == LINEAR:
            delta[k] = u[k] - d[k]
        elif kind == SIGMOID:
            y = sigmoid(u[k])
            delta[k] = (y - d[k]) * (y * (1 - y))
        elif kind == TANH:
            y = math.tanh(u[k])
            delta[k] = (y - d[k]) * (1 - y * y)
        else:
            delta[k] = sigmoid(u[k]) - d[k]


@compiled
def pattern_cost(kind: int, u: Floats, d: Floats, scratch: Floats) -> float:
    """The pattern's part of the summed cost, see `Layer.pattern_cost`."""
    cost = 0.0
    if kind == SOFTMAX:
        largest, total = exponentials(u, scratch)
        for k in range(u.size):
            if d[k] > 0:
                cost = math.log(total) - (u[k] - largest)
        return cost
    for k in range(u.size):
        if kind == LINEAR:
            cost += 0.5 * (d[k] - u[k]) ** 2
        elif kind == SIGMOID:
            cost += 0.5 * (d[k] - sigmoid(u[k])) ** 2
        elif kind == TANH:
            cost += 0.5 * (d[k] - math.tanh(u[k])) ** 2
        else:
            cost += d[k] * softplus(-u[k]) + (1 - d[k]) * softplus(u[k])
    return cost


@compiled
def is_wrong(kind: int, u: Floats, d: Floats) -> bool:
    """Whether the prediction is not the target, see `Layer.wrong`; False where the layer predicts numbers."""
    if kind in (SOFTMAX, ONE_AGAINST_REST):
        said = 0
        meant = 0
        for k in range(1, u.size):
            if u[k] > u[said]:
                said = k
            if d[k] > d[meant]:
                meant = k
        return said != meant
    if kind == LOGISTIC:
        for k in range(u.size):
            if (u[k] > 0) != (d[k] > 0.5):
                return True
    return False


@compiled
def evaluate(rule: Rule, data: Data, W: Floats, b: Floats, u: Floats, scratch: Floats) -> tuple[float, float]:
    """Cost J (reduced, decay included) and errors over a whole set, see `Layer.evaluate`."""
    cost = 0.0
    errors = 0.0
    total = 0.0
    for p in range(data.inputs.shape[0]):
        synaptic_input(data.inputs[p], W, b, u)
        v = data.weights[p]
        total += v
        cost += v * pattern_cost(rule.kind, u, data.desired[p], scratch)
        if is_wrong(rule.kind, u, data.desired[p]):
            errors += v
    if rule.mean_factor > 0:
        cost *= rule.mean_factor / total
    if rule.weight_decay > 0:
        squares = 0.0
        for n in range(W.shape[0]):
            for k in range(W.shape[1]):
                squares += W[n, k] * W[n, k]
        cost += 0.5 * rule.weight_decay * squares
    return cost, errors


@compiled
def update(
    rule: Rule,
    data: Data,
    batch: NDArray[Any],
    W: Floats,
    b: Floats,
    gradient: Floats,
    bias_gradient: Floats,
    u: Floats,
    delta: Floats,
) -> None:
    """W <- W - a (X^T delta + L W), b <- b - a 1^T delta, for the patterns of one batch."""
    gradient[:] = 0
    bias_gradient[:] = 0
    total = 0.0
    for p in batch:
        x = data.inputs[p]
        v = data.weights[p]
        total += v
        synaptic_input(x, W, b, u)
        pattern_delta(rule.kind, u, data.desired[p], delta)
        for k in range(b.size):
            delta[k] *= v
            bias_gradient[k] += delta[k]
        for n in range(x.size):
            for k in range(b.size):
                gradient[n, k] += x[n] * delta[k]
    scale = 1.0
    if rule.mean_factor > 0:
        scale = rule.mean_factor / total if total > 0 else 0.0
    for n in range(W.shape[0]):
        for k in range(W.shape[1]):
            W[n, k] -= rule.learning_rate * (scale * gradient[n, k] + rule.weight_decay * W[n, k])
    for k in range(b.size):
        b[k] -= rule.learning_rate * scale * bias_gradient[k]


@compiled
def all_finite(W: Floats, b: Floats) -> bool:
    """Whether every weight and bias is a finite number."""
    for k in range(b.size):
        if not math.isfinite(b[k]):
            return False
        for n in range(W.shape[0]):
            if not math.isfinite(W[n, k]):
                return False
    return True


@compiled
def descend(
    rule: Rule,
    training: Data,
    validation: Data,
    orders: NDArray[Any],
    epochs: int,
    first_epoch: int,
    cost: float,
    W: Floats,
    b: Floats,
    rows: Floats,
) -> tuple[int, int, int, float]:
    """Run epochs `first_epoch` to `first_epoch + epochs - 1`; W and b are changed in place.

    orders : (epochs, P), or (1, P) where each epoch has the same.
    cost : the cost before, for the tolerance.
    rows : (R, 5) filled with epoch, cost, errors, validation cost, validation errors.

    Returns the epochs that count, the rows filled, why it ended, and the cost last evaluated. Where a cost is not
    finite, W and b are those of the epoch before.
    """
    kept_W = np.empty_like(W)
    kept_b = np.empty_like(b)
    gradient = np.empty_like(W)
    bias_gradient = np.empty_like(b)
    u = np.empty_like(b)
    delta = np.empty_like(b)
    filled = 0
    for e in range(epochs):
        kept_W[:] = W
        kept_b[:] = b
        order = orders[e if orders.shape[0] > 1 else 0]
        for start in range(0, order.size, rule.batch_size):
            update(rule, training, order[start : start + rule.batch_size], W, b, gradient, bias_gradient, u, delta)
        epoch = first_epoch + e
        recorded = rule.record_every > 0 and epoch % rule.record_every == 0
        before = cost
        errors = 0.0
        finite = all_finite(W, b)
        if finite and (recorded or rule.tolerance >= 0):
            cost, errors = evaluate(rule, training, W, b, u, delta)
            finite = math.isfinite(cost)
        if not finite:
            W[:] = kept_W
            b[:] = kept_b
            return e, filled, NOT_FINITE, before
        if recorded:
            rows[filled, 0] = epoch
            rows[filled, 1] = cost
            rows[filled, 2] = errors
            if validation.inputs.shape[0] > 0:
                rows[filled, 3], rows[filled, 4] = evaluate(rule, validation, W, b, u, delta)
            filled += 1
        if rule.tolerance >= 0 and abs(cost - before) <= rule.tolerance * abs(before):
            return e + 1, filled, TOLERANCE_MET, cost
    return epochs, filled, ALL_EPOCHS, cost
