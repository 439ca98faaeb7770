"""Slips in the cost."""

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
    in_batches,
    logistic,
    mean,
    only,
    patterns,
    plain,
    several,
    softmax,
    squared,
    swapped,
    times,
    total,
    without,
)
from benchmarks.marking.working import LOOKING_AHEAD, RIGHT, Ingredient, Sheet, again, ahead, other


def _of(s: Sheet, Y: Array) -> Array:
    """The right terms of other outputs."""
    return np.asarray(RIGHT["terms"](other(s, Y=Y)))


def _logistic(s: Sheet, first: float = 1, second: float = 1) -> Array:
    return np.asarray(s.r("term", -(first * s.D * np.log(s.Y) + second * (1 - s.D) * np.log(1 - s.Y))))


def _reference(s: Sheet) -> float:
    return float(RIGHT["cost"](s))


def _whole_set(s: Sheet) -> float:
    return float(again(s, LOOKING_AHEAD, rows=np.arange(len(s.task.X))).cost)


def _cost(
    what: str,
    ingredient: Ingredient,
    names: tuple[str, ...] = (),
    near: tuple[str, ...] = (),
    where: Condition = anywhere,
) -> Slip:
    return Slip(what, {"cost": lambda s: s.r("step", np.asarray(ingredient(s)))}, names, near, where)


SLIPS = (
    # Factors.
    Slip(
        "the cost a mean over the patterns, not a sum",
        times("cost_factor", lambda s: 1 / patterns(s)),
        ("mean-for-sum", "cost-per-pattern"),
        where=total,
    ),
    Slip(
        "the cost a mean over the entries, not a sum",
        times("cost_factor", lambda s: 1 / s.D.size),
        ("mean-for-sum", "per-class-too"),
        where=every(total, several("K")),
    ),
    Slip(
        "the cost a sum, not a mean",
        {"cost_factor": lambda s: 0.5 if s.task.squared else 1.0},
        ("sum-for-mean",),
        where=mean,
    ),
    Slip(
        "the cost divided by the neurons too",
        times("cost_factor", lambda s: 1 / s.D.shape[1]),
        ("per-class-too",),
        where=every(several("K"), mean),
    ),
    Slip(
        "the cost divided by the patterns twice",
        times("cost_factor", lambda s: 1 / patterns(s)),
        ("mean-twice", "cost-per-batch"),
        where=mean,
    ),
    Slip(
        "the cost divided by the patterns alone",
        {"cost_factor": lambda s: (0.5 if s.task.squared else 1) / patterns(s)},
        ("cost-per-pattern",),
        ("half-extra",),
        where=every(mean, squared),
    ),
    Slip(
        "the cost divided by the patterns, not by the neurons",
        {"cost_factor": lambda s: 1 / patterns(s)},
        ("cost-per-pattern",),
        where=every(mean, several("K"), lambda task: not softmax(task)),
    ),
    Slip(
        "the cost divided by the number of batches",
        times("cost_factor", lambda s: 1 / s.task.per_epoch),
        ("cost-per-batch",),
        where=in_batches,
    ),
    Slip("the cost halved", times("cost_factor", 0.5), ("half-extra",), where=lambda task: entropy(task) or task.mean),
    Slip("the cost halved once more", times("cost_factor", 0.5), ("half-extra",), where=every(total, squared)),
    Slip("the cost without its 1/2", times("cost_factor", 2.0), ("half-missing",), where=every(total, squared)),
    Slip("the cost times 2", times("cost_factor", 2.0), where=entropy),
    Slip(
        "the cost divided by the size of the whole set",
        times("cost_factor", lambda s: patterns(s) / len(s.task.X)),
        where=every(mean, in_batches),
    ),
    # Terms.
    Slip(
        "the cost without its minus",
        {"terms": lambda s: -RIGHT["terms"](s)},
        ("cost-without-minus",),
        ("sign-lost",),
        where=entropy,
    ),
    Slip("logarithms of base 2", times("cost_factor", 1 / np.log(2)), ("log-base-2",), where=entropy),
    Slip("logarithms of base 10", times("cost_factor", 1 / np.log(10)), ("log-base-10",), where=entropy),
    Slip(
        "the next class's output in the cost",
        {"terms": lambda s: s.r("term", -np.log((s.Y * np.roll(s.D, 1, 1)).sum(1)))},
        ("cost-of-wrong-class",),
        where=softmax,
    ),
    Slip(
        "the predicted class's output in the cost",
        {"terms": lambda s: s.r("term", -np.log(s.Y.max(1)))},
        ("cost-of-wrong-class",),
        where=softmax,
    ),
    Slip(
        "the logarithms of all outputs in the cost",
        {"terms": lambda s: s.r("term", -np.log(s.Y))},
        (),
        where=softmax,
    ),
    Slip("the second term missing", {"terms": lambda s: _logistic(s, 1, 0)}, ("cost-term-missing",), where=logistic),
    Slip("the first term missing", {"terms": lambda s: _logistic(s, 0, 1)}, ("cost-term-missing",), where=logistic),
    Slip("the second term subtracted", {"terms": lambda s: _logistic(s, 1, -1)}, where=logistic),
    Slip(
        "the targets exchanged in the two terms",
        {"terms": lambda s: s.r("term", -((1 - s.D) * np.log(s.Y) + s.D * np.log(1 - s.Y)))},
        where=logistic,
    ),
    Slip(
        "the logistic cost over softmax outputs",
        {"terms": _logistic},
        ("other-cost",),
        where=every(softmax, lambda task: task.D.shape[1] > 1),
    ),
    Slip(
        "the squared error in a cross-entropy layer",
        {"terms": lambda s: s.r("term", (s.Y - s.D) ** 2) / 2},
        ("other-cost",),
        where=entropy,
    ),
    Slip(
        "the squared error without 1/2 in a cross-entropy layer",
        {"terms": lambda s: s.r("term", (s.Y - s.D) ** 2)},
        ("other-cost",),
        where=entropy,
    ),
    Slip(
        "the cross-entropy in a layer with the squared error",
        {"terms": _logistic, "cost_factor": lambda s: 1 / s.D.size if s.task.mean else 1.0},
        ("other-cost",),
        where=every(squared, lambda task: task.activation == "sigmoid"),
    ),
    Slip(
        "absolute errors in the cost",
        {"terms": lambda s: s.r("term", np.abs(s.Y - s.D))},
        ("cost-not-squared",),
        where=squared,
    ),
    Slip(
        "errors summed before they are squared", {"terms": lambda s: s.r("term", (s.Y - s.D).sum() ** 2)}, where=squared
    ),
    Slip(
        "errors of a pattern summed before they are squared",
        {"terms": lambda s: s.r("term", (s.Y - s.D).sum(1) ** 2)},
        where=every(squared, several("K")),
    ),
    Slip(
        "errors that are not squared", {"terms": lambda s: s.r("term", s.Y - s.D)}, ("cost-not-squared",), where=squared
    ),
    Slip("the output squared, and the target", {"terms": lambda s: s.r("term", s.Y**2 - s.D**2)}, where=squared),
    Slip(
        "the synaptic input in the cost",
        {"terms": lambda s: s.r("term", (s.U - s.D) ** 2)},
        where=every(squared, lambda task: task.activation != "identity"),
    ),
    Slip(
        "the logarithm left out",
        {"terms": lambda s: s.r("term", -(s.Y * s.D).sum(1))},
        ("logarithm-left-out",),
        where=softmax,
    ),
    Slip("1 - y for the logarithm", {"terms": lambda s: s.r("term", 1 - (s.Y * s.D).sum(1))}, where=softmax),
    Slip(
        "targets and outputs exchanged columns in the cost",
        {"terms": lambda s: _of(s, swapped(s.Y, 1))},
        ("cost-of-wrong-class",),
        where=every(softmax, several("K")),
    ),
    _cost("the root of the squared error", lambda s: np.sqrt(_reference(s)), where=squared),
    _cost(
        "the logarithm of the outputs' product and sum exchanged", lambda s: -np.log((s.Y * s.D).sum()), where=softmax
    ),
    # Whose.
    _cost(
        "the first pattern's cost",
        lambda s: s.terms.reshape(len(s.X), -1)[0].sum() * s.cost_factor + s.cost_decay,
        ("one-pattern-only", "cost-of-one-pattern"),
    ),
    Slip(
        "a pattern left out of the cost",
        {
            "cost": lambda s: s.r(
                "step",
                without(s.terms.reshape(len(s.X), -1), s.luck).sum() * s.cost_factor + s.cost_decay,
            )
        },
        ("pattern-left-out",),
        where=several("P"),
        in_one_entry=True,
    ),
    Slip(
        "a pattern's cost",
        {
            "cost": lambda s: s.r(
                "step", only(s.terms.reshape(len(s.X), -1), s.luck).sum() * s.cost_factor + s.cost_decay
            )
        },
        ("cost-of-one-pattern",),
        where=several("P"),
        in_one_entry=True,
    ),
    _cost(
        "the last pattern left out of the cost",
        lambda s: s.terms.reshape(len(s.X), -1)[:-1].sum() * s.cost_factor + s.cost_decay,
        ("pattern-left-out",),
        where=several("P"),
    ),
    _cost("the cost of the updated layer", lambda s: ahead(s).cost, ("cost-after-update",)),
    _cost("the cost of the whole set", _whole_set, ("whole-set-for-batch",), where=in_batches),
    _cost(
        "the cost of the wrongly predicted patterns",
        lambda s: (
            (s.terms.reshape(len(s.X), -1).sum(1) * (s.Y.argmax(1) != s.D.argmax(1))).sum() * s.cost_factor
            + s.cost_decay
        ),
        where=softmax,
    ),
    _cost(
        "the costs added up from iteration to iteration",
        lambda s: _reference(s) + sum(float(each.cost) for each in s.before[-1:]),
    ),
    # Decay.
    Slip("the decay left out of the cost", {"cost_decay": lambda s: 0.0}, ("decay-forgotten",), where=decayed),
    Slip("L sum W^2 in the cost", times("cost_decay", 2.0), ("decay-twice",), where=decayed),
    Slip("L/4 sum W^2 in the cost", times("cost_decay", 0.5), ("decay-halved",), where=decayed),
    Slip(
        "the decay over the patterns in the cost",
        times("cost_decay", lambda s: 1 / patterns(s)),
        ("decay-per-pattern",),
        where=decayed,
    ),
    Slip(
        "the decay times the patterns in the cost",
        times("cost_decay", patterns),
        ("decay-times-patterns",),
        where=decayed,
    ),
    Slip("the decay subtracted in the cost", times("cost_decay", -1.0), ("decay-sign",), where=decayed),
    Slip(
        "the biases decayed in the cost",
        {"cost_decay": lambda s: s.task.L / 2 * ((s.W**2).sum() + (s.b**2).sum())},
        ("biases-decayed",),
        where=decayed,
    ),
    Slip(
        "the sum of |W| in the cost's decay", {"cost_decay": lambda s: s.task.L / 2 * np.abs(s.W).sum()}, where=decayed
    ),
    Slip(
        "the root of the sum of W^2 in the cost's decay",
        {"cost_decay": lambda s: s.task.L / 2 * np.sqrt((s.W**2).sum())},
        where=decayed,
    ),
    Slip("a decay that the problem does not have", {"cost_decay": lambda s: 0.1 / 2 * (s.W**2).sum()}, where=plain),
    Slip(
        "the decay of the updated weights in the cost",
        {"cost_decay": lambda s: s.task.L / 2 * (again(s, LOOKING_AHEAD).next_W ** 2).sum()},
        where=decayed,
    ),
)
