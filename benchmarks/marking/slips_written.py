"""Slips in what is written down: the working is right, or is carried on from what was written."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.marking.slip import Slip, curved, decayed, entropy, several, softmax, squared, swapped
from benchmarks.marking.working import PARTS as SHOWN
from benchmarks.marking.working import RIGHT, Choices, Sheet, again, ahead, other

PARTS = {"U": "synaptic_inputs", "Y": "outputs", "delta": "delta", "gW": "weight_gradient", "gb": "bias_gradient"}
PARTS |= {"next_W": "weights", "next_b": "biases", "cost": "cost"}


def _entry(value: Any, s: Sheet, to: Any) -> Any:
    changed = np.array(value, float)
    flat = changed.reshape(-1)
    place = s.luck % flat.size
    flat[place] = to(float(flat[place]), s.r.figures)
    return changed if changed.ndim else float(changed)


def _carried(what: str, to: Any, names: tuple[str, ...]) -> list[Slip]:
    """A slip in one entry of a part, with which the student goes on."""

    def changes(name: str) -> Choices:
        return {name: lambda s: _entry(RIGHT[name](s), s, to)}

    return [
        Slip(f"{what} of {part}, carried on", changes(name), names, in_one_entry=True) for name, part in PARTS.items()
    ]


def _written(what: str, to: Any, names: tuple[str, ...]) -> list[Slip]:
    """A slip in one entry of a part as it is written, and nowhere else."""

    def changes(name: str, part: str) -> Choices:
        return {"shown": lambda s: {part: _entry(getattr(s, name), s, to)}}

    return [
        Slip(f"{what} of {part} as written", changes(name, part), names, in_one_entry=True)
        for name, part in PARTS.items()
    ]


def digits_exchanged(value: float, decimals: int) -> float:
    """The first two unlike digits that stand beside each other, of the figure as it is written."""
    text = f"{abs(value):.{decimals}f}"
    for i in range(len(text) - 1):
        j = i + 1 + (text[i + 1] == ".")
        if j < len(text) and text[i].isdigit() and text[i] != text[j]:
            swapped_text = text[:i] + text[j] + text[i + 1 : j] + text[i] + text[j + 1 :]
            return float(np.copysign(float(swapped_text), value))
    return value


def _show(what: str, shown: Any, names: tuple[str, ...] = (), **more: Any) -> Slip:
    return Slip(what, {"shown": shown}, names, **more)


def _before(s: Sheet) -> Sheet:
    return s.before[-1] if s.before else s


def _columns(s: Sheet) -> dict[str, Any]:
    found = {"synaptic_inputs": s.U, "outputs": s.Y, "delta": s.delta, "weight_gradient": s.gW, "weights": s.next_W}
    changed = {part: swapped(value, 1) for part, value in found.items()}
    return changed | {"bias_gradient": swapped(s.gb, 0), "biases": swapped(s.next_b, 0)}


def _rows(s: Sheet) -> dict[str, Any]:
    found = {"synaptic_inputs": s.U, "outputs": s.Y, "delta": s.delta}
    return found | ({"predicted": s.predicted} if s.task.classes else {})


SLIPS = (
    *_carried("the sign lost of an entry", lambda value, decimals: -value, ("sign-lost",)),
    *_written("the sign lost of an entry", lambda value, decimals: -value, ("sign-lost",)),
    *_carried("digits exchanged in an entry", digits_exchanged, ("digits-swapped",)),
    *_written("digits exchanged in an entry", digits_exchanged, ("digits-swapped",)),
    *_written("the point misplaced in an entry", lambda value, decimals: value * 10, ()),
    Slip("figures cut off as they are written", {"cut": lambda s: frozenset()}, ("figures-cut-off",)),
    Slip("figures cut off on the way too", {"cut": lambda s: frozenset({"step"})}, ("figures-cut-off",)),
    _show("delta as D - Y, the rest right", lambda s: {"delta": -s.delta}, ("delta-sign", "delta-turned")),
    _show(
        "gradients with the other sign, the rest right",
        lambda s: {"weight_gradient": -s.gW, "bias_gradient": -s.gb},
        ("gradients-turned", "delta-turned"),
    ),
    _show(
        "delta and gradients with the other sign, the rest right",
        lambda s: {"delta": -s.delta, "weight_gradient": -s.gW, "bias_gradient": -s.gb},
        ("delta-turned",),
    ),
    _show(
        "steps in place of gradients",
        lambda s: {"weight_gradient": s.step_W, "bias_gradient": s.step_b},
        (),
    ),
    _show(
        "steps with a minus in place of gradients", lambda s: {"weight_gradient": -s.step_W, "bias_gradient": -s.step_b}
    ),
    _show(
        "the gradient without the decay, the rest right",
        lambda s: {"weight_gradient": s.shares.sum(0)},
        ("decay-forgotten",),
        where=decayed,
    ),
    _show(
        "delta before the slope, the rest right",
        lambda s: {"delta": s.difference * s.factor},
        ("delta-without-slope",),
        where=lambda task: curved(task) and squared(task),
    ),
    _show(
        "delta without the mean, the rest right",
        lambda s: {"delta": s.difference * s.slope},
        ("sum-for-mean",),
        where=lambda task: task.mean,
    ),
    _show(
        "U without the biases, the rest right", lambda s: {"synaptic_inputs": s.products.sum(1)}, ("biases-left-out",)
    ),
    _show(
        "outputs of 0 and 1, the rest right",
        lambda s: {"outputs": np.asarray(s.Y.max(1, keepdims=True) == s.Y, float)},
        ("hard-outputs",),
        where=softmax,
    ),
    _show("outputs of the updated layer, the rest right", lambda s: {"outputs": ahead(s).Y}, ()),
    _show(
        "U and outputs of the updated layer, the rest right",
        lambda s: {"synaptic_inputs": (a := ahead(s)).U, "outputs": a.Y},
        (),
    ),
    _show(
        "e^u in place of the outputs, the rest right",
        lambda s: {"outputs": np.exp(s.U)},
        ("softmax-not-normalised",),
        where=softmax,
    ),
    _show("outputs in per cent", lambda s: {"outputs": 100 * s.Y}, where=entropy),
    _show("weights as they were, the rest right", lambda s: {"weights": s.W}, ("weights-not-updated",)),
    _show(
        "the change in place of the weights",
        lambda s: {"weights": -s.step_W, "biases": -s.step_b},
        ("step-alone",),
    ),
    _show(
        "weights of the iteration after",
        lambda s: {"weights": (a := ahead(s)).next_W, "biases": a.next_b},
        ("iteration-off-by-one",),
    ),
    _show(
        "columns of the outputs exchanged, the rest right",
        lambda s: {"outputs": swapped(s.Y, 1)},
        ("classes-reordered", "neurons-exchanged"),
        where=several("K"),
    ),
    _show(
        "rows of U exchanged, the rest right",
        lambda s: {"synaptic_inputs": swapped(s.U, 0)},
        ("patterns-reordered",),
        where=several("P"),
    ),
    _show(
        "rows of the outputs exchanged, the rest right",
        lambda s: {"outputs": swapped(s.Y, 0)},
        ("patterns-reordered",),
        where=several("P"),
    ),
    _show(
        "rows of all matrices exchanged",
        lambda s: {part: swapped(np.asarray(value), 0) for part, value in _rows(s).items()},
        ("patterns-reordered",),
        where=several("P"),
    ),
    _show(
        "rows of all matrices in reverse",
        lambda s: {part: np.asarray(value)[::-1] for part, value in _rows(s).items()},
        ("patterns-reordered",),
        where=several("P"),
    ),
    _show(
        "columns of all matrices exchanged",
        _columns,
        ("classes-reordered", "neurons-exchanged"),
        where=several("K"),
    ),
    _show("the figures of the iteration before", lambda s: _all_of(_before(s)), ("iteration-off-by-one",)),
    _show("the figures of the iteration after", lambda s: _all_of(_next(s)), ("iteration-off-by-one",)),
)


def _all_of(s: Sheet) -> dict[str, Any]:
    return {part: getattr(s, name) for part, name in SHOWN.items()}


def _next(s: Sheet) -> Sheet:
    return again(other(s, number=s.number + 1, start=(s.next_W, s.next_b), choices={}))
