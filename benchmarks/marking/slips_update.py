"""Slips in the update, and in the order in which things are done."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.marking.exercises import Array
from benchmarks.marking.slip import Slip, decayed, every, mean, several, total, whole
from benchmarks.marking.working import LOOKING_AHEAD, Sheet, again, entries, fill, other

ROWS = ("X", "D", "U", "Y", "predicted", "difference", "delta")


def _one_by_one(shown: bool, order: int = 1) -> Any:
    """An update after each pattern; what is shown is of the layer as each pattern met it, or of the layer at the start."""

    def whole_sheet(s: Sheet) -> Sheet:
        rows = s.task.batches[s.number - 1][::order]
        at, steps = s.start, []
        for row in rows:
            steps.append(fill(other(s, start=at), rows=np.array([row])))
            at = (steps[-1].next_W, steps[-1].next_b)
        full = fill(other(s))
        if shown:
            for name in ROWS:
                setattr(full, name, np.concatenate([np.asarray(getattr(each, name)) for each in steps])[::order])
            full.errors = sum(each.errors for each in steps)
            full.cost = sum(each.cost for each in steps) / (len(steps) if s.task.mean else 1)
            full.gW, full.gb = sum(each.gW for each in steps), sum(each.gb for each in steps)
        full.next_W, full.next_b = at
        return full

    return whole_sheet


def _biases_first(s: Sheet) -> Array:
    new = s.r("step", s.b - s.step_b)
    return np.asarray(again(s, (*LOOKING_AHEAD, "next_W"), b=new).next_W)


def _weights_first(s: Sheet) -> Array:
    new = s.r("step", s.W - s.step_W)
    return np.asarray(again(s, (*LOOKING_AHEAD, "next_b"), W=new).next_b)


def _weights_first_shown(s: Sheet) -> Array:
    new = s.r("step", s.start[0] - s.r("product", s.task.a * s.gW))
    return np.asarray(again(s, (*LOOKING_AHEAD, "gb"), W=new).gb)


def _twice(s: Sheet) -> Sheet:
    first = fill(other(s))
    second = fill(other(s, start=(first.next_W, first.next_b)))
    first.next_W, first.next_b = second.next_W, second.next_b
    return first


def _sum_of_earlier(s: Sheet, name: str) -> Array:
    return np.asarray(sum((np.asarray(getattr(each, name)) for each in s.before), np.zeros_like(getattr(s, name))))


def _momentum(s: Sheet, name: str) -> Array:
    step = np.array(getattr(s, "g" + name), float)
    if s.before:
        step = step + 0.9 * getattr(s.before[-1], "velocity", {}).get(name, 0)
    s.velocity = {**getattr(s, "velocity", {}), name: step}
    return np.asarray(s.r("product", s.task.a * step))


def _rate(of_W: Any = None, of_b: Any = None) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if of_W is not None:
        found["step_W"] = lambda s: s.r("product", of_W(s) * s.gW)
    if of_b is not None:
        found["step_b"] = lambda s: s.r("product", of_b(s) * s.gb)
    return found


def _always(value: float) -> Any:
    return lambda s: value


def _mean_rate(s: Sheet) -> float:
    return float(s.task.a / len(s.X))


SLIPS = (
    Slip("uphill", _rate(lambda s: -s.task.a, lambda s: -s.task.a), ("ascent",)),
    Slip("the weights uphill", _rate(lambda s: -s.task.a), ()),
    Slip("the biases uphill", _rate(None, lambda s: -s.task.a), ()),
    Slip("no rate", _rate(_always(1), _always(1)), ("rate-missing",)),
    Slip("no rate for the weights", _rate(_always(1)), ("rate-on-one",)),
    Slip("no rate for the biases", _rate(None, _always(1)), ("rate-on-one",)),
    Slip("the rate twice", _rate(lambda s: s.task.a**2, lambda s: s.task.a**2), ("rate-twice",)),
    Slip("the rate twice for the weights", _rate(lambda s: s.task.a**2), ()),
    Slip("the rate twice for the biases", _rate(None, lambda s: s.task.a**2), ()),
    Slip("half the rate", _rate(lambda s: s.task.a / 2, lambda s: s.task.a / 2), ("half-extra",)),
    Slip(
        "a rate copied wrongly, ten times as large",
        _rate(lambda s: 10 * s.task.a, lambda s: 10 * s.task.a),
        ("copied-wrongly",),
    ),
    Slip(
        "a rate copied wrongly, a tenth", _rate(lambda s: s.task.a / 10, lambda s: s.task.a / 10), ("copied-wrongly",)
    ),
    Slip("divided by the rate", _rate(lambda s: 1 / s.task.a, lambda s: 1 / s.task.a), ("rate-divided",)),
    Slip("1 - a for the rate", _rate(lambda s: 1 - s.task.a, lambda s: 1 - s.task.a)),
    Slip(
        "the rate over the patterns in the step",
        _rate(_mean_rate, _mean_rate),
        ("mean-for-sum",),
        where=total,
    ),
    Slip(
        "the rate over the patterns once more in the step", _rate(_mean_rate, _mean_rate), ("mean-twice",), where=mean
    ),
    Slip(
        "the step without the division of a mean",
        _rate(lambda s: s.task.a * entries(s), lambda s: s.task.a * entries(s)),
        ("sum-for-mean",),
        where=mean,
    ),
    Slip("a rate that shrinks, a/t", _rate(lambda s: s.task.a / s.number, lambda s: s.task.a / s.number)),
    Slip("the step for the weights", {"next_W": lambda s: -s.step_W}, ("step-alone",)),
    Slip("the step for the biases", {"next_b": lambda s: -s.step_b}, ("step-alone",)),
    Slip(
        "the steps for weights and biases",
        {"next_W": lambda s: -s.step_W, "next_b": lambda s: -s.step_b},
        ("step-alone",),
    ),
    Slip("weights not updated", {"next_W": lambda s: s.W}, ("weights-not-updated",)),
    Slip("biases not updated", {"next_b": lambda s: s.b}, ("biases-not-updated",)),
    Slip("neither updated", {"next_W": lambda s: s.W, "next_b": lambda s: s.b}, ("not-updated",)),
    Slip(
        "the first row of weights not updated",
        {"next_W": lambda s: np.concatenate([s.W[:1], (s.W - s.step_W)[1:]])},
        (),
        where=several("N"),
    ),
    Slip(
        "the first neuron not updated",
        {
            "next_W": lambda s: np.concatenate([s.W[:, :1], (s.W - s.step_W)[:, 1:]], 1),
            "next_b": lambda s: np.concatenate([s.b[:1], (s.b - s.step_b)[1:]]),
        },
        (),
        where=several("K"),
    ),
    Slip(
        "the biases' step taken from the first neuron for all",
        {"next_b": lambda s: s.b - s.step_b[0]},
        where=several("K"),
    ),
    Slip(
        "the mean of the weights' step for all weights", {"next_W": lambda s: s.W - s.step_W.mean()}, where=several("N")
    ),
    Slip("biases first, then used for the weights", {"next_W": _biases_first}, ("biases-first",)),
    Slip("weights first, then used for the biases", {"next_b": _weights_first}, ("new-weights-for-biases",)),
    Slip("weights first, then used for dJ/db", {"gb": _weights_first_shown}, ("new-weights-for-biases",)),
    Slip("stepped twice", {"whole": _twice}, ("stepped-twice",)),
    Slip(
        "stepped twice with the same gradients",
        _rate(lambda s: 2 * s.task.a, lambda s: 2 * s.task.a),
        ("two-extra", "stepped-twice", "half-missing"),
    ),
    Slip("the weights stepped twice", _rate(lambda s: 2 * s.task.a), ("two-extra",)),
    Slip("after each pattern", {"whole": _one_by_one(True)}, ("pattern-by-pattern",), where=every(whole, several("P"))),
    Slip(
        "after each pattern, the rest at the start",
        {"whole": _one_by_one(False)},
        ("pattern-by-pattern",),
        where=every(whole, several("P")),
    ),
    Slip(
        "after each pattern from the last to the first",
        {"whole": _one_by_one(True, -1)},
        where=every(whole, several("P")),
    ),
    Slip(
        "every step from the initial layer",
        {"next_W": lambda s: s.task.W - s.step_W, "next_b": lambda s: s.task.b - s.step_b},
        ("updated-from-initial",),
    ),
    Slip(
        "every step with the first gradients",
        {
            "step_W": lambda s: s.r("product", s.task.a * (s.before[0].gW if s.before else s.gW)),
            "step_b": lambda s: s.r("product", s.task.a * (s.before[0].gb if s.before else s.gb)),
        },
        ("initial-gradient",),
    ),
    Slip(
        "gradients added up from iteration to iteration",
        {
            "step_W": lambda s: s.r("product", s.task.a * (s.gW + _sum_of_earlier(s, "gW"))),
            "step_b": lambda s: s.r("product", s.task.a * (s.gb + _sum_of_earlier(s, "gb"))),
        },
        (),
    ),
    Slip("with momentum", {"step_W": lambda s: _momentum(s, "W"), "step_b": lambda s: _momentum(s, "b")}),
    Slip(
        "the sign of the gradient for the gradient",
        {"step_W": lambda s: s.task.a * np.sign(s.gW), "step_b": lambda s: s.task.a * np.sign(s.gb)},
    ),
    Slip(
        "the gradients brought to length 1",
        {
            "step_W": lambda s: s.task.a * s.gW / np.linalg.norm(s.gW),
            "step_b": lambda s: s.task.a * s.gb / np.linalg.norm(s.gb),
        },
    ),
    Slip(
        "the cost in place of the gradient",
        {
            "step_W": lambda s: s.task.a * s.cost * np.ones_like(s.W),
            "step_b": lambda s: s.task.a * s.cost * np.ones_like(s.b),
        },
    ),
    Slip(
        "weights times the step", {"next_W": lambda s: s.W * (1 - s.step_W), "next_b": lambda s: s.b * (1 - s.step_b)}
    ),
    Slip(
        "decay without the rate, after the step",
        {"next_W": lambda s: s.W * (1 - s.task.L) - s.r("product", s.task.a * s.shares.sum(0))},
        ("decay-without-rate",),
        where=decayed,
    ),
    Slip(
        "decay after the step",
        {"next_W": lambda s: (s.W - s.task.a * s.shares.sum(0)) * (1 - s.task.a * s.task.L)},
        ("decay-of-new-weights",),
        where=decayed,
    ),
)
