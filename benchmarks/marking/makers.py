"""Makers of named mistakes wherever they may stand: by them a name is found true, they are not drawn as cases."""

from __future__ import annotations

import numpy as np

from benchmarks.marking.slip import (
    Condition,
    Slip,
    anywhere,
    decayed,
    every,
    in_batches,
    mean,
    patterns,
    several,
    softmax,
    total,
)
from benchmarks.marking.working import RIGHT, Choices, Ingredient, activated, entries, other

FACTORS: tuple[tuple[tuple[str, ...], Ingredient, Condition], ...] = (
    (("mean-for-sum", "cost-per-pattern"), lambda s: 1 / patterns(s), total),
    (("mean-for-sum",), lambda s: 1 / s.D.size, total),
    (("mean-twice", "cost-per-batch"), lambda s: 1 / patterns(s), mean),
    (("mean-twice",), lambda s: 1 / entries(s), mean),
    (("sum-for-mean",), entries, mean),
    (("sum-for-mean",), patterns, mean),
    (("sum-for-mean",), lambda s: entries(s) / 2, every(mean, lambda task: task.squared)),
    (("times-patterns",), patterns, total),
    (("per-class-too", "neurons-twice"), lambda s: 1 / s.D.shape[1], anywhere),
    (("neurons-forgotten",), lambda s: s.D.shape[1], mean),
    (("per-input-too",), lambda s: 1 / s.X.shape[1], anywhere),
    (("gradient-per-batch", "cost-per-batch"), lambda s: 1 / s.task.per_epoch, in_batches),
    (("mean-over-whole-set",), lambda s: patterns(s) / len(s.task.X), in_batches),
    (("half-extra",), lambda s: 0.5, anywhere),
    (("two-extra", "half-missing"), lambda s: 2.0, anywhere),
    (("rate-twice",), lambda s: s.task.a, anywhere),
    (("rate-missing",), lambda s: 1 / s.task.a, anywhere),
    (("rate-divided",), lambda s: 1 / s.task.a**2, anywhere),
)


# Factors of the decay.
OF_DECAY: tuple[tuple[str, Ingredient], ...] = (
    ("decay-twice", lambda s: 2.0),
    ("decay-halved", lambda s: 0.5),
    ("decay-sign", lambda s: -1.0),
    ("decay-forgotten", lambda s: 0.0),
    ("decay-per-pattern", lambda s: 1 / patterns(s)),
    ("decay-times-patterns", patterns),
    ("decay-rate-left-out", lambda s: 1 / s.task.L),
    ("decay-with-rate", lambda s: s.task.a),
    ("decay-without-rate", lambda s: 1 / s.task.a),
)


def _times(name: str, factor: Ingredient) -> Choices:
    return {name: lambda s: RIGHT[name](s) * factor(s)}


def _levels(factor: Ingredient) -> dict[str, Choices]:
    """Where a factor may stand: in the cost, in delta, in the gradients (and the decay's part, or not), in the steps."""
    cost = {**_times("cost_factor", factor), **_times("cost_decay", factor)}
    gradients = {**_times("gW", factor), **_times("gb", factor)}
    steps = {**_times("step_W", factor), **_times("step_b", factor)}
    shares = {**_times("shares", factor), **_times("gb", factor)}
    places = {
        "in the cost": _times("cost_factor", factor),
        "in the cost, the decay too": cost,
        "in delta": _times("factor", factor),
        "in cost and delta": {**_times("cost_factor", factor), **_times("factor", factor)},
        "in the gradients": shares,
        "in the gradients, the decay too": gradients,
        "in dJ/dW": _times("shares", factor),
        "in dJ/dW, the decay too": _times("gW", factor),
        "in dJ/db": _times("gb", factor),
        "in the steps": steps,
        "in the step of W": _times("step_W", factor),
        "in the step of b": _times("step_b", factor),
    }
    with_cost = {
        f"{place} and the cost": {**choices, **_times("cost_factor", factor)}
        for place, choices in places.items()
        if "cost" not in place
    }
    return places | with_cost


MAKERS = tuple(
    Slip(f"{names[0]} {place}", choices, names, where=where)
    for names, factor, where in FACTORS
    for place, choices in _levels(factor).items()
)
MAKERS += tuple(
    Slip(f"{name} {place}", choices, (name,), where=decayed)
    for name, factor in OF_DECAY
    for place, choices in {
        "in the gradient": _times("decay", factor),
        "in the cost": _times("cost_decay", factor),
        "in both": {**_times("decay", factor), **_times("cost_decay", factor)},
    }.items()
)
# Each neuron's sum taken over all neurons.
MAKERS += (
    Slip(
        "the sum of all deltas for each neuron",
        {
            "shares": lambda s: s.r("product", s.X[:, :, None] * s.delta.sum(1)[:, None, None] * np.ones(s.D.shape[1])),
            "gb": lambda s: s.r("step", s.delta.sum() * np.ones(s.D.shape[1])),
        },
        ("summed-over-neurons",),
        where=several("K"),
    ),
)
# The first or the last pattern left out of one gradient: of two patterns the other alone is taken.
MAKERS += tuple(
    Slip(f"the {which} pattern left out of {gradient}", {name: ingredient}, ("pattern-left-out",), where=several("P"))
    for which, kept in (("first", slice(1, None)), ("last", slice(0, -1)))
    for gradient, name, ingredient in (
        ("dJ/db", "gb", lambda s, kept=kept: s.r("step", s.delta[kept].sum(0))),
        ("dJ/dW", "gW", lambda s, kept=kept: s.r("step", s.shares[kept].sum(0) + s.decay)),
    )
)
# Two steps of the biases alone: where dJ/db is not written, its double, or a rate twice as large, prints the same.
MAKERS += (Slip("the biases stepped twice", _times("step_b", lambda s: 2.0), ("stepped-twice",)),)
# Older weights and biases in one place alone.
MAKERS += (
    Slip("initial biases in U", {"U": lambda s: s.r("step", s.products.sum(1) + s.task.b)}, ("old-biases",)),
    Slip("initial weights in U", {"U": lambda s: s.r("step", s.X @ s.task.W + s.b)}, ("old-weights",)),
    Slip("biases from the initial ones", {"next_b": lambda s: s.task.b - s.step_b}, ("updated-from-initial",)),
    Slip("weights from the initial ones", {"next_W": lambda s: s.task.W - s.step_W}, ("updated-from-initial",)),
)
# Both gradients with the other sign, carried on: the step goes uphill. In batches of one pattern its sign is that of all.
MAKERS += (
    Slip(
        "both gradients with the other sign",
        {"gW": lambda s: -RIGHT["gW"](s), "gb": lambda s: -RIGHT["gb"](s)},
        ("ascent", "sign-lost"),
    ),
)
# Of two classes, the outputs of -U are those of U in the other order.
MAKERS += (
    Slip(
        "outputs of -U, the rest right",
        {"shown": lambda s: {"outputs": activated("softmax", -s.U, s.r)}},
        ("exponent-sign-turned",),
        where=softmax,
    ),
)
# The decay taken of the weights after the step: dJ/dW is written without it.
MAKERS += (
    Slip(
        "decay after the step, the gradient without it",
        {
            "shown": lambda s: {"weight_gradient": s.shares.sum(0)},
            "next_W": lambda s: (s.W - s.task.a * s.shares.sum(0)) * (1 - s.task.a * s.task.L),
        },
        ("decay-of-new-weights",),
        where=decayed,
    ),
)
# Outputs for delta in both gradients. Where delta is not written, the targets left out of it print the same.
MAKERS += (
    Slip(
        "outputs for delta in both gradients",
        {
            "shares": lambda s: s.r("product", s.X[:, :, None] * s.Y[:, None]),
            "gb": lambda s: s.r("step", s.Y.sum(0)),
        },
        ("outputs-for-delta",),
    ),
)
# Targets coded otherwise in delta alone. With the outputs left out, -(2d - 1) is the sign of y - d where d is 0 or 1.
IN_DELTA_ALONE: Choices = {
    "terms": lambda s: RIGHT["terms"](other(s, D=s.task.D[s.rows])),
    "errors": lambda s: RIGHT["errors"](other(s, D=s.task.D[s.rows])),
}
MAKERS += (
    Slip(
        "targets coded as -1 and 1 in delta",
        {"D": lambda s: 2 * s.task.D[s.rows] - 1, **IN_DELTA_ALONE},
        ("targets-minus-one-one",),
        where=lambda task: set(np.unique(task.D)) <= {0.0, 1.0},
    ),
    Slip(
        "targets coded as 0 and 1 in delta",
        {"D": lambda s: (s.task.D[s.rows] + 1) / 2, **IN_DELTA_ALONE},
        ("targets-zero-one",),
        where=lambda task: set(np.unique(task.D)) <= {-1.0, 1.0},
    ),
)
