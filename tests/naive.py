"""The delta rule in plain loops over Python's floats: an oracle for the tests. Its conventions are those of `deltarule.layers`.

No NumPy array takes part in the arithmetic, and nothing of deltarule is imported. The formulas are the textbook ones, so that
synaptic inputs must be moderate (|u| below about 30). Matrices are lists of rows; `kind` is one of KINDS.
"""

import math

import numpy as np

KINDS = (
    "linear", "sigmoid", "tanh", "logistic", "one-against-rest", "softmax",
    "step", "sign", "sign-against-rest", "adaline", "adaline-of-classes",
)  # fmt: skip
SQUARED = ("linear", "sigmoid", "tanh", "adaline", "adaline-of-classes")
LARGEST = ("softmax", "one-against-rest", "sign-against-rest", "adaline-of-classes")


def activation(kind, u):
    if kind == "linear" or kind.startswith("adaline"):
        return list(u)
    if kind == "step":
        return [1.0 if x >= 0 else 0.0 for x in u]
    if kind.startswith("sign"):
        return [1.0 if x >= 0 else -1.0 for x in u]
    if kind == "tanh":
        return [math.tanh(x) for x in u]
    if kind == "softmax":
        total = sum(math.exp(x) for x in u)
        return [math.exp(x) / total for x in u]
    return [1 / (1 + math.exp(-x)) for x in u]


def pattern_cost(kind, u, d):
    """One pattern's part of the summed cost."""
    y = activation(kind, u)
    if kind in SQUARED:
        return 0.5 * sum((dk - yk) ** 2 for dk, yk in zip(d, y, strict=True))
    if kind == "softmax":
        return -math.log(y[d.index(1)])
    if kind.startswith(
        ("step", "sign")
    ):  # the perceptron criterion: |u| where the answer is wrong, by how far y is from d
        return sum(abs(x) * abs(yk - dk) for dk, yk, x in zip(d, y, u, strict=True) if yk != dk)
    return -sum(math.log(yk) if dk == 1 else math.log(1 - yk) for dk, yk in zip(d, y, strict=True))


def pattern_delta(kind, u, d):
    """The derivative of one pattern's cost by its synaptic inputs, by the chain rule: dJ/dy dy/du."""
    y = activation(kind, u)
    if kind == "linear" or kind.startswith(("adaline", "step", "sign")):
        return [yk - dk for dk, yk in zip(d, y, strict=True)]
    if kind == "sigmoid":
        return [(yk - dk) * yk * (1 - yk) for dk, yk in zip(d, y, strict=True)]
    if kind == "tanh":
        return [(yk - dk) * (1 - yk * yk) for dk, yk in zip(d, y, strict=True)]
    return [yk - dk for dk, yk in zip(d, y, strict=True)]


def is_wrong(kind, u, d):
    """Whether a class layer's prediction is not the target."""
    if kind in LARGEST:
        return u.index(max(u)) != d.index(1)
    if kind in ("step", "sign", "adaline"):
        return any((uk >= 0) != (dk == 1) for uk, dk in zip(u, d, strict=True))
    return kind == "logistic" and any((uk > 0) != (dk == 1) for uk, dk in zip(u, d, strict=True))


def synaptic_input(x, W, b):
    return [b[k] + sum(x[n] * W[n][k] for n in range(len(x))) for k in range(len(b))]


def scale(kind, v, neurons, reduction):
    """What the sum over patterns is multiplied by."""
    if reduction == "sum":
        return 1.0
    if sum(v) == 0:
        return 0.0
    if kind == "softmax" or reduction == "half-mean":
        return 1 / sum(v)
    return (2 if kind in SQUARED else 1) / (sum(v) * neurons)


def cost(kind, X, D, v, W, b, reduction="sum", decay=0.0):
    total = sum(vp * pattern_cost(kind, synaptic_input(x, W, b), d) for x, d, vp in zip(X, D, v, strict=True))
    return total * scale(kind, v, len(b), reduction) + decay / 2 * sum(w * w for row in W for w in row)


def errors(kind, X, D, v, W, b):
    return sum(vp for x, d, vp in zip(X, D, v, strict=True) if is_wrong(kind, synaptic_input(x, W, b), d))


def delta(kind, X, D, v, W, b, reduction="sum"):
    factor = scale(kind, v, len(b), reduction)
    return [
        [vp * factor * dk for dk in pattern_delta(kind, synaptic_input(x, W, b), d)]
        for x, d, vp in zip(X, D, v, strict=True)
    ]


def update(kind, X, D, v, W, b, learning_rate, reduction="sum", decay=0.0):
    """W - a (X^T delta + L W) and b - a 1^T delta."""
    deltas = delta(kind, X, D, v, W, b, reduction)
    new_W = [
        [
            W[n][k] - learning_rate * (sum(x[n] * dp[k] for x, dp in zip(X, deltas, strict=True)) + decay * W[n][k])
            for k in range(len(b))
        ]
        for n in range(len(W))
    ]
    new_b = [b[k] - learning_rate * sum(dp[k] for dp in deltas) for k in range(len(b))]
    return new_W, new_b


def descend(
    kind, X, D, v, W, b, *, learning_rate, epochs, batch_size=None, reduction="sum", decay=0.0, tolerance=None, seed=0,
    shuffled=True,
):  # fmt: skip
    """The states (W, b, cost, errors) from epoch 0 on; the cost is of the whole set, after the epoch."""
    rng = np.random.default_rng(seed)
    count = len(X)

    def state(W, b):
        return W, b, cost(kind, X, D, v, W, b, reduction, decay), errors(kind, X, D, v, W, b)

    states = [state(W, b)]
    for _ in range(epochs):
        if batch_size is None or batch_size >= count:
            batches = [list(range(count))]
        else:
            order = rng.permutation(count).tolist() if shuffled else list(range(count))
            batches = [order[start : start + batch_size] for start in range(0, count, batch_size)]
        for batch in batches:
            W, b = update(
                kind, [X[p] for p in batch], [D[p] for p in batch], [v[p] for p in batch], W, b,
                learning_rate, reduction, decay,
            )  # fmt: skip
        states.append(state(W, b))
        before, after = states[-2][2], states[-1][2]
        if tolerance is not None and abs(after - before) <= tolerance * abs(before):
            break
    return states
