"""Slips in delta and the gradients."""

from __future__ import annotations

import numpy as np

from benchmarks.marking.exercises import Array
from benchmarks.marking.slip import (
    Condition,
    Slip,
    anywhere,
    decayed,
    entropy,
    every,
    hard,
    in_batches,
    linear,
    logistic,
    mean,
    patterns,
    perceptron,
    plain,
    several,
    sigmoid,
    softmax,
    squared,
    swapped,
    tanh,
    times,
    total,
    without,
)
from benchmarks.marking.working import (
    RIGHT,
    Ingredient,
    Sheet,
    activated,
    ahead,
    decided,
    other,
    sloped,
    true_classes,
    wrongly,
)


def _both(factor: float | Ingredient) -> dict[str, Ingredient]:
    return {**times("cost_factor", factor), **times("factor", factor)}


def _wrong(s: Sheet) -> Array:
    """Which patterns are predicted wrongly, as a column."""
    return np.asarray(wrongly(decided(s.task, s.Y, s.luck), true_classes(s))[:, None], float)


def _gW(
    what: str,
    ingredient: Ingredient,
    names: tuple[str, ...] = (),
    where: Condition = anywhere,
    near: tuple[str, ...] = (),
) -> Slip:
    changes: dict[str, Ingredient] = {"gW": lambda s: s.r("step", ingredient(s) + s.decay)}
    return Slip(what, changes, names, near, where)


def _gb(
    what: str,
    ingredient: Ingredient,
    names: tuple[str, ...] = (),
    where: Condition = anywhere,
    near: tuple[str, ...] = (),
) -> Slip:
    changes: dict[str, Ingredient] = {"gb": lambda s: s.r("step", np.broadcast_to(ingredient(s), s.b.shape).copy())}
    return Slip(what, changes, names, near, where)


def _pattern(what: str, place: int | Ingredient, count: int, names: tuple[str, ...], others: int = 1) -> Slip:
    """One pattern counted so often in both gradients, and the others once or not at all."""

    def weighted(s: Sheet, shares: Array) -> Array:
        weights = np.full(len(shares), float(others))
        weights[(place(s) if callable(place) else place) % len(shares)] = count
        return np.asarray(np.tensordot(weights, shares, 1))

    return Slip(
        what,
        {
            "gW": lambda s: s.r("step", weighted(s, s.shares) + s.decay),
            "gb": lambda s: s.r("step", weighted(s, s.delta)),
        },
        names,
        where=several("P"),
        in_one_entry=callable(place),
    )


SLIPS = (
    # Factors of delta, and of the cost with it.
    Slip("all divided by the patterns, not summed", _both(lambda s: 1 / patterns(s)), ("mean-for-sum",), where=total),
    Slip(
        "delta divided by the patterns, not summed",
        times("factor", lambda s: 1 / patterns(s)),
        ("mean-for-sum",),
        where=total,
    ),
    Slip(
        "all divided by patterns and neurons, not summed",
        _both(lambda s: 1 / s.D.size),
        ("mean-for-sum", "per-class-too"),
        where=every(total, several("K")),
    ),
    Slip(
        "all summed, not a mean",
        {"factor": lambda s: 1.0, "cost_factor": lambda s: 0.5 if s.task.squared else 1.0},
        ("sum-for-mean",),
        where=mean,
    ),
    Slip("delta summed, not a mean", {"factor": lambda s: 1.0}, ("sum-for-mean",), where=mean),
    Slip("delta summed with the factor 2", {"factor": lambda s: 2.0}, ("sum-for-mean",), where=every(mean, squared)),
    Slip(
        "all divided by the neurons too",
        _both(lambda s: 1 / s.D.shape[1]),
        ("per-class-too",),
        where=every(mean, several("K"), softmax),
    ),
    Slip(
        "delta divided by the neurons too",
        times("factor", lambda s: 1 / s.D.shape[1]),
        ("per-class-too",),
        where=several("K"),
    ),
    Slip(
        "delta divided by the patterns twice", times("factor", lambda s: 1 / patterns(s)), ("mean-twice",), where=mean
    ),
    Slip(
        "delta divided by the patterns alone",
        times("factor", lambda s: s.D.shape[1]),
        where=every(mean, several("K"), lambda task: not softmax(task)),
    ),
    Slip(
        "delta divided by the number of batches",
        times("factor", lambda s: 1 / s.task.per_epoch),
        ("gradient-per-batch",),
        where=in_batches,
    ),
    Slip(
        "a mean over the whole set's number",
        times("factor", lambda s: patterns(s) / len(s.task.X)),
        where=every(mean, in_batches),
    ),
    Slip("delta times the patterns", times("factor", patterns), ("times-patterns",), where=total),
    Slip("all times the patterns", _both(patterns), ("times-patterns",), where=total),
    Slip(
        "delta divided by the number of inputs",
        times("factor", lambda s: 1 / s.X.shape[1]),
        ("per-input-too",),
        where=several("N"),
    ),
    Slip("delta halved", times("factor", 0.5), ("half-extra",)),
    Slip("cost and delta halved", _both(0.5), ("half-extra",)),
    Slip("delta doubled", times("factor", 2.0), ("half-missing",), where=every(total, squared)),
    Slip("cost and delta doubled", _both(2.0), ("half-missing",), where=every(total, squared)),
    Slip("delta doubled with the cross-entropy", times("factor", 2.0), ("two-extra",), where=entropy),
    # Its difference.
    Slip(
        "delta turned, and gone along",
        {
            "difference": lambda s: s.D - s.Y,
            "step_W": lambda s: s.r("product", -s.task.a * s.gW),
            "step_b": lambda s: s.r("product", -s.task.a * s.gb),
            "decay": lambda s: -RIGHT["decay"](s),
        },
        ("delta-turned",),
    ),
    Slip("delta turned, and gone against", {"difference": lambda s: s.D - s.Y}, ("ascent",)),
    Slip("the targets left out", {"difference": lambda s: s.Y}, ("targets-left-out",)),
    Slip("the outputs left out", {"difference": lambda s: -s.D}, ("outputs-left-out",)),
    Slip("targets added", {"difference": lambda s: s.Y + s.D}, ()),
    Slip("the difference squared", {"difference": lambda s: (s.Y - s.D) ** 2}, ("delta-squared",)),
    Slip("the difference without its sign", {"difference": lambda s: np.abs(s.Y - s.D)}, ("sign-lost",)),
    Slip("the sign of the difference", {"difference": lambda s: np.sign(s.Y - s.D)}, where=squared),
    Slip(
        "hard outputs in delta",
        {"difference": lambda s: hard(s) - s.D},
        ("hard-outputs",),
        where=lambda task: task.activation != "identity",
    ),
    Slip(
        "the wrongly predicted patterns alone",
        {"difference": lambda s: (s.Y - s.D) * _wrong(s)},
        ("only-wrong-patterns",),
        where=entropy,
    ),
    Slip(
        "synaptic inputs for outputs in delta",
        {"difference": lambda s: s.U - s.D},
        ("synaptic-inputs-in-delta",),
        where=lambda task: task.activation != "identity",
    ),
    Slip(
        "the true class's neuron alone",
        {"difference": lambda s: (s.Y - 1) * s.D},
        (),
        where=softmax,
    ),
    Slip(
        "-d/y, the derivative to the outputs",
        {"difference": lambda s: -s.D / s.Y},
        (),
        where=softmax,
    ),
    Slip(
        "the derivative to the outputs, (y - d)/(y (1 - y))",
        {"difference": lambda s: (s.Y - s.D) / (s.Y * (1 - s.Y))},
        (),
        where=logistic,
    ),
    Slip("the outputs of the updated layer in delta", {"difference": lambda s: ahead(_with(s)).Y - s.D}),
    Slip(
        "the targets of the pattern before in delta",
        {"difference": lambda s: s.Y - np.roll(s.D, 1, 0)},
        where=several("P"),
    ),
    Slip(
        "the first two targets exchanged in delta", {"difference": lambda s: s.Y - swapped(s.D, 0)}, where=several("P")
    ),
    Slip(
        "columns of the targets exchanged in delta",
        {"difference": lambda s: s.Y - swapped(s.D, 1)},
        ("classes-reordered",),
        where=several("K"),
    ),
    Slip("the error relative to the target", {"difference": lambda s: (s.Y - s.D) / s.Y}, where=squared),
    Slip(
        "the mean of the neurons' differences for each",
        {"difference": lambda s: (s.Y - s.D).mean(1, keepdims=True) * np.ones_like(s.D)},
        where=every(several("K"), squared),
    ),
    # Its slope.
    Slip("the slope left out", {"slope": lambda s: 1.0}, ("delta-without-slope",), where=perceptron),
    Slip(
        "the slope at the output",
        {"slope": lambda s: sloped(s.task.activation, _of(s, s.Y))},
        ("slope-at-output",),
        where=perceptron,
    ),
    Slip("u(1 - u)", {"slope": lambda s: s.U * (1 - s.U)}, ("slope-u-1-u",), where=every(perceptron, sigmoid)),
    Slip("1 - u^2", {"slope": lambda s: 1 - s.U**2}, ("slope-u-1-u",), where=every(perceptron, tanh)),
    Slip("y(1 + y)", {"slope": lambda s: s.Y * (1 + s.Y)}, ("slope-sign",), where=every(perceptron, sigmoid)),
    Slip("1 + y^2", {"slope": lambda s: 1 + s.Y**2}, ("slope-sign",), where=every(perceptron, tanh)),
    Slip(
        "tanh's slope 1 - y^2 in a sigmoid layer",
        {"slope": lambda s: 1 - s.Y**2},
        ("slope-of-other-activation",),
        where=every(perceptron, sigmoid),
    ),
    Slip(
        "sigmoid's slope y(1 - y) in a tanh layer",
        {"slope": lambda s: s.Y * (1 - s.Y)},
        ("slope-of-other-activation",),
        where=every(perceptron, tanh),
    ),
    Slip("y for the slope", {"slope": lambda s: s.Y}, ("slope-factor-missing",), where=every(perceptron, sigmoid)),
    Slip("1 - y for the slope", {"slope": lambda s: 1 - s.Y}, ("slope-factor-missing",), where=perceptron),
    Slip("y^2 for the slope", {"slope": lambda s: s.Y**2}, where=perceptron),
    Slip("1 - y not squared, (1 - y)^2", {"slope": lambda s: (1 - s.Y) ** 2}, where=every(perceptron, tanh)),
    Slip(
        "the slope at the target, d(1 - d)",
        {"slope": lambda s: sloped(s.task.activation, s.D)},
        (),
        where=perceptron,
    ),
    Slip(
        "the slope twice", {"slope": lambda s: sloped(s.task.activation, s.Y) ** 2}, ("slope-twice",), where=perceptron
    ),
    Slip("a division by the slope", {"slope": lambda s: 1 / sloped(s.task.activation, s.Y)}, where=perceptron),
    Slip(
        "the slope with the other sign, y(y - 1)",
        {"slope": lambda s: -sloped(s.task.activation, s.Y)},
        ("ascent", "slope-sign"),
        where=perceptron,
    ),
    Slip("1/4 for the slope", {"slope": lambda s: 0.25}, ("slope-constant",), where=every(perceptron, sigmoid)),
    Slip(
        "the slope y(1 - y) with the cross-entropy",
        {"slope": lambda s: s.Y * (1 - s.Y)},
        ("slope-extra",),
        where=entropy,
    ),
    Slip("the slope y(1 - y) in a linear layer", {"slope": lambda s: s.Y * (1 - s.Y)}, ("slope-extra",), where=linear),
    Slip("u as a factor in a linear layer", {"slope": lambda s: s.U}, where=linear),
    # X^T delta.
    _gW("inputs left out of dJ/dW", lambda s: np.broadcast_to(s.delta.sum(0), s.W.shape), ("inputs-left-out",)),
    _gW(
        "outputs for inputs in dJ/dW",
        lambda s: s.Y.T @ s.delta,
        (),
        lambda task: task.X.shape[1] == task.D.shape[1],
    ),
    _gW("inputs without their signs in dJ/dW", lambda s: np.abs(s.X).T @ s.delta),
    _gW("inputs squared in dJ/dW", lambda s: (s.X**2).T @ s.delta),
    _gW(
        "the sum of the inputs times the sum of delta",
        lambda s: np.outer(s.X.sum(0), s.delta.sum(0)),
        ("product-of-sums",),
        several("P"),
    ),
    _gW("the mean input times the sum of delta", lambda s: np.outer(s.X.mean(0), s.delta.sum(0)), (), several("P")),
    _gW(
        "the first input for all rows of dJ/dW",
        lambda s: np.broadcast_to(s.shares[:, 0].sum(0), s.W.shape),
        (),
        several("N"),
    ),
    _gW("rows of dJ/dW exchanged", lambda s: swapped(s.shares.sum(0), 0), ("inputs-exchanged",), several("N")),
    _gW("columns of dJ/dW exchanged", lambda s: swapped(s.shares.sum(0), 1), ("neurons-exchanged",), several("K")),
    _gW(
        "dJ/dW transposed",
        lambda s: s.shares.sum(0).T,
        ("weights-transposed",),
        lambda task: task.W.shape[0] == task.W.shape[1] > 1,
    ),
    _gW(
        "dJ/dW a mean, dJ/db a sum",
        lambda s: s.shares.mean(0),
        ("mean-for-one-gradient",),
        every(total, several("P")),
        ("mean-for-sum",),
    ),
    _gW(
        "dJ/dW a sum, dJ/db a mean",
        lambda s: s.shares.sum(0) * len(s.X),
        ("mean-for-one-gradient",),
        every(mean, several("P")),
        ("sum-for-mean",),
    ),
    _gW("dJ/dW halved", lambda s: s.shares.sum(0) / 2, ("half-extra",)),
    _gW("dJ/dW doubled", lambda s: s.shares.sum(0) * 2, ("half-missing",)),
    _gW("the first pattern's dJ/dW", lambda s: s.shares[0], (), several("P")),
    _gW("the last pattern's dJ/dW", lambda s: s.shares[-1], (), several("P")),
    _gW(
        "the first pattern left out of dJ/dW",
        lambda s: without(s.shares, 0).sum(0),
        (),
        several("P"),
    ),
    _gW("dJ/dW with the other sign", lambda s: -s.shares.sum(0), ()),
    _gW(
        "the inputs of the pattern after each in dJ/dW",
        lambda s: np.roll(s.X, -1, 0).T @ s.delta,
        ("inputs-of-other-patterns",),
        several("P"),
    ),
    _gW("outputs for delta in dJ/dW", lambda s: s.X.T @ s.Y, ("outputs-for-delta",)),
    _gb("outputs for delta in dJ/db", lambda s: s.Y.sum(0), ("outputs-for-delta",)),
    _gW("targets for delta in dJ/dW", lambda s: s.X.T @ s.D),
    _gW(
        "X^T (Y - D) without the slope, dJ/db with it",
        lambda s: s.X.T @ ((s.Y - s.D) * s.factor),
        (),
        perceptron,
        ("delta-without-slope",),
    ),
    # 1^T delta.
    _gb("the first pattern's delta for dJ/db", lambda s: s.delta[0], ("biases-one-pattern",), several("P")),
    _gb("the last pattern's delta for dJ/db", lambda s: s.delta[-1], ("biases-one-pattern",), several("P")),
    _gb(
        "the last pattern left out of dJ/db",
        lambda s: without(s.delta, -1).sum(0),
        (),
        several("P"),
    ),
    _gb(
        "dJ/db a mean, dJ/dW a sum",
        lambda s: s.delta.mean(0),
        ("mean-for-one-gradient",),
        every(total, several("P")),
        ("mean-for-sum",),
    ),
    _gb(
        "dJ/db a sum, dJ/dW a mean",
        lambda s: s.delta.sum(0) * len(s.X),
        ("mean-for-one-gradient",),
        every(mean, several("P")),
        ("sum-for-mean",),
    ),
    _gb("the sum of all deltas for each bias", lambda s: s.delta.sum(), ("summed-over-neurons",), several("K")),
    _gb("the biases' delta times the first input", lambda s: s.shares[:, 0].sum(0), ("biases-with-inputs",)),
    _gb("the biases' delta times the sum of the inputs", lambda s: s.shares.sum((0, 1)), (), several("N")),
    _gb("the sum of delta without signs", lambda s: np.abs(s.delta).sum(0)),
    _gb("dJ/db with the other sign", lambda s: -s.delta.sum(0), ()),
    _gb("dJ/db halved", lambda s: s.delta.sum(0) / 2, ("half-extra",)),
    _gb("dJ/db doubled", lambda s: s.delta.sum(0) * 2, ("half-missing",)),
    _gb("dJ/db times the bias", lambda s: s.delta.sum(0) * s.b),
    _gb("columns of dJ/db exchanged", lambda s: swapped(s.delta.sum(0), 0), ("neurons-exchanged",), several("K")),
    _gb(
        "sum of Y - D without the slope, dJ/dW with it",
        lambda s: ((s.Y - s.D) * s.factor).sum(0),
        (),
        perceptron,
        ("delta-without-slope",),
    ),
    # Patterns in both.
    _pattern("the first pattern alone in the gradients", 0, 1, ("one-pattern-only",), 0),
    _pattern("the last pattern alone in the gradients", -1, 1, ("one-pattern-only",), 0),
    _pattern("a pattern alone in the gradients", lambda s: s.luck, 1, ("one-pattern-only",), 0),
    _pattern("the first pattern left out of the gradients", 0, 0, ("pattern-left-out",)),
    _pattern("the last pattern left out of the gradients", -1, 0, ("pattern-left-out",)),
    _pattern("a pattern left out of the gradients", lambda s: s.luck, 0, ("pattern-left-out",)),
    Slip(
        "the wrongly predicted patterns alone in the gradients",
        {
            "gW": lambda s: s.r("step", np.tensordot(_wrong(s)[:, 0], s.shares, 1) + s.decay),
            "gb": lambda s: s.r("step", np.tensordot(_wrong(s)[:, 0], s.delta, 1)),
        },
        ("only-wrong-patterns",),
        where=entropy,
    ),
    _pattern("the first pattern twice in the gradients", 0, 2, ("pattern-twice",)),
    _pattern("the last pattern twice in the gradients", -1, 2, ("pattern-twice",)),
    _pattern("a pattern twice in the gradients", lambda s: s.luck, 2, ("pattern-twice",)),
    _pattern("a pattern with the other sign in the gradients", lambda s: s.luck, -1, ()),
    # Decay in the gradient.
    Slip("no decay in the gradient", {"decay": lambda s: 0.0}, ("decay-forgotten",), where=decayed),
    Slip("no decay at all", {"decay": lambda s: 0.0, "cost_decay": lambda s: 0.0}, ("decay-forgotten",), where=decayed),
    Slip("2 L W", times("decay", 2.0), ("decay-twice",), where=decayed),
    Slip("2 L W, and L sum W^2", {**times("decay", 2.0), **times("cost_decay", 2.0)}, ("decay-twice",), where=decayed),
    Slip("L/2 W", times("decay", 0.5), ("decay-halved",), where=decayed),
    Slip("L W subtracted", times("decay", -1.0), ("decay-sign",), where=decayed),
    Slip("L W over the patterns", times("decay", lambda s: 1 / patterns(s)), ("decay-per-pattern",), where=decayed),
    Slip("L W times the patterns", times("decay", patterns), ("decay-times-patterns",), where=decayed),
    Slip("L W without the rate", times("decay", lambda s: 1 / s.task.a), ("decay-without-rate",), where=decayed),
    Slip("W without L", {"decay": lambda s: s.W}, ("decay-rate-left-out",), where=decayed),
    Slip("a L W", times("decay", lambda s: s.task.a), ("decay-with-rate",), where=decayed),
    Slip("L^2 W", times("decay", lambda s: s.task.L), where=decayed),
    Slip("L sign(W)", {"decay": lambda s: s.task.L * np.sign(s.W)}, ("decay-not-squared",), where=decayed),
    Slip("L W^2", {"decay": lambda s: s.task.L * s.W**2}, where=decayed),
    Slip("L without W", {"decay": lambda s: s.task.L * np.ones_like(s.W)}, where=decayed),
    Slip("L times the initial weights", {"decay": lambda s: s.task.L * s.task.W}, where=decayed),
    Slip(
        "the biases decayed in the gradient",
        {"gb": lambda s: s.r("step", s.delta.sum(0) + s.task.L * s.b)},
        ("biases-decayed",),
        where=decayed,
    ),
    Slip(
        "the biases decayed in gradient and cost",
        {
            "gb": lambda s: s.r("step", s.delta.sum(0) + s.task.L * s.b),
            "cost_decay": lambda s: s.task.L / 2 * ((s.W**2).sum() + (s.b**2).sum()),
        },
        ("biases-decayed",),
        where=decayed,
    ),
    Slip(
        "the biases decayed in place of the weights",
        {"gb": lambda s: s.r("step", s.delta.sum(0) + s.task.L * s.b), "decay": lambda s: 0.0},
        where=decayed,
    ),
    Slip("a decay that the problem does not have, in the gradient", {"decay": lambda s: 0.1 * s.W}, where=plain),
)


def _of(s: Sheet, U: Array) -> Array:
    return activated(s.task.activation, U)


def _with(s: Sheet) -> Sheet:
    """The sheet without this choice, so that it can be looked ahead from."""
    return other(s, choices={key: value for key, value in s.choices.items() if key != "difference"})
