"""Slips in what is taken: patterns, inputs, targets, weights, biases."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.marking.exercises import Array, Places, scaled
from benchmarks.marking.slip import (
    Slip,
    curved,
    decayed,
    every,
    in_batches,
    logistic,
    several,
    sigmoid,
    squared,
    standardised,
    swapped,
)
from benchmarks.marking.working import RIGHT, Ingredient, Sheet, other


def _first_rows(s: Sheet) -> Places:
    size = len(s.task.batches[0])
    within = (s.number - 1) % s.task.per_epoch
    return np.arange(len(s.task.X))[within * size : within * size + len(s.task.batches[s.number - 1])]


def _miscopied(array: Array, luck: int, to: Any) -> Array:
    changed = np.array(array, float)
    flat = changed.reshape(-1)
    flat[luck % len(flat)] = to(flat[luck % len(flat)])
    return changed


def _earlier(s: Sheet, place: int) -> Array:
    return np.asarray((s.task.W, s.task.b)[place] if len(s.before) < 2 else s.before[-2].start[place])


def _by_right_targets(name: str) -> Ingredient:
    return lambda s: RIGHT[name](other(s, D=s.task.D[s.rows]))


SLIPS = (
    # Patterns.
    Slip("the first rows as the batch", {"rows": _first_rows}, ("first-rows",), where=in_batches),
    Slip(
        "the whole set in each update",
        {"rows": lambda s: np.arange(len(s.task.X))},
        ("whole-set-for-batch",),
        where=in_batches,
    ),
    Slip(
        "the batch of the next update",
        {"rows": lambda s: s.task.batches[s.number]},
        ("iteration-off-by-one",),
        where=in_batches,
    ),
    Slip(
        "the first epoch's order in each epoch",
        {"rows": lambda s: s.task.batches[(s.number - 1) % s.task.per_epoch]},
        where=in_batches,
    ),
    # Inputs.
    Slip(
        "the first two inputs exchanged",
        {"X": lambda s: swapped(s.task.X[s.rows], 1)},
        ("inputs-exchanged",),
        where=several("N"),
    ),
    Slip(
        "an input left out",
        {"X": lambda s: s.task.X[s.rows] * (np.arange(s.task.X.shape[1]) != s.luck % s.task.X.shape[1])},
        ("input-left-out",),
        where=several("N"),
    ),
    Slip("inputs without their signs", {"X": lambda s: np.abs(s.task.X[s.rows])}, near=("sign-lost",)),
    Slip(
        "an input copied with the other sign",
        {"X": lambda s: _miscopied(s.task.X, s.luck, lambda x: -x)[s.rows]},
        ("copied-wrongly", "sign-lost"),
        in_one_entry=True,
    ),
    Slip(
        "an input copied wrongly",
        {"X": lambda s: _miscopied(s.task.X, s.luck, lambda x: x + (1 if s.luck % 2 else -1))[s.rows]},
        ("copied-wrongly",),
        where=lambda task: not standardised(task),
        in_one_entry=True,
    ),
    Slip("inputs not standardised", {"X": lambda s: s.task.raw[s.rows]}, (), where=standardised),
    Slip(
        "inputs centred alone",
        {"X": lambda s: (s.task.raw - s.task.raw.mean(0))[s.rows]},
        (),
        where=standardised,
    ),
    Slip(
        "inputs divided by the deviation with 1/(P - 1)",
        {"X": lambda s: scaled(s.task.raw, s.task.raw, 1)[s.rows]},
        ("deviation-n-minus-1",),
        where=standardised,
    ),
    Slip(
        "inputs scaled by all patterns",
        {"X": lambda s: scaled(s.task.raw, s.task.everything)[s.rows]},
        ("scaled-on-all-data",),
        where=lambda task: standardised(task) and len(task.everything) > len(task.raw),
    ),
    Slip(
        "inputs divided by the variance",
        {"X": lambda s: ((s.task.raw - s.task.raw.mean(0)) / s.task.raw.var(0))[s.rows]},
        where=standardised,
    ),
    Slip(
        "inputs brought to [0, 1]",
        {"X": lambda s: ((s.task.raw - s.task.raw.min(0)) / np.ptp(s.task.raw, 0))[s.rows]},
        where=standardised,
    ),
    # Targets.
    Slip(
        "targets coded as -1 and 1",
        {
            "D": lambda s: 2 * s.task.D[s.rows] - 1,
            "terms": _by_right_targets("terms"),
            "errors": _by_right_targets("errors"),
        },
        ("targets-minus-one-one",),
        where=logistic,
    ),
    Slip(
        "targets of 0 and 1 coded as -1 and 1 in a perceptron",
        {"D": lambda s: 2 * s.task.D[s.rows] - 1},
        ("targets-minus-one-one",),
        where=lambda task: sigmoid(task) and squared(task) and set(np.unique(task.D)) == {0.0, 1.0},
    ),
    Slip(
        "targets of -1 and 1 coded as 0 and 1",
        {"D": lambda s: (s.task.D[s.rows] + 1) / 2},
        ("targets-zero-one",),
        where=lambda task: squared(task) and set(np.unique(task.D)) == {-1.0, 1.0},
    ),
    Slip(
        "the targets of the first rows with the batch's inputs",
        {"D": lambda s: s.task.D[_first_rows(s)]},
        ("targets-of-other-patterns",),
        where=in_batches,
    ),
    Slip(
        "the targets of the pattern after each",
        {"D": lambda s: np.roll(s.task.D, -1, 0)[s.rows]},
        where=several("P"),
    ),
    Slip(
        "0 and 1 of the targets exchanged",
        {"D": lambda s: 1 - s.task.D[s.rows]},
        ("targets-exchanged",),
        where=logistic,
    ),
    Slip(
        "a target copied wrongly",
        {"D": lambda s: _miscopied(s.task.D, s.luck, lambda d: round(d + (0.2 if d < 0.5 else -0.2), 2))[s.rows]},
        ("copied-wrongly",),
        where=squared,
        in_one_entry=True,
    ),
    Slip(
        "the first two columns of the targets exchanged",
        {"D": lambda s: swapped(s.task.D[s.rows], 1)},
        ("classes-reordered",),
        where=several("K"),
    ),
    Slip(
        "targets brought to 0.1 and 0.9", {"D": lambda s: 0.1 + 0.8 * s.task.D[s.rows]}, where=every(sigmoid, squared)
    ),
    # Weights and biases.
    Slip("every iteration from the initial weights", {"W": lambda s: s.task.W}, ("old-weights",)),
    Slip("every iteration from the initial biases", {"b": lambda s: s.task.b}, ("old-biases",)),
    Slip(
        "every iteration from the initial weights and biases",
        {"W": lambda s: s.task.W, "b": lambda s: s.task.b},
        ("iteration-off-by-one", "updated-from-initial"),
    ),
    Slip("weights of the iteration before", {"W": lambda s: _earlier(s, 0)}),
    Slip("biases of the iteration before", {"b": lambda s: _earlier(s, 1)}, ("old-biases",)),
    Slip(
        "two neurons' weights exchanged",
        {"W": lambda s: swapped(s.start[0], 1)},
        ("neurons-exchanged",),
        where=several("K"),
    ),
    Slip(
        "two inputs' weights exchanged",
        {"W": lambda s: swapped(s.start[0], 0)},
        ("inputs-exchanged",),
        where=several("N"),
    ),
    Slip(
        "rows and columns of the weights exchanged",
        {"W": lambda s: s.start[0].T},
        ("weights-transposed",),
        where=lambda task: task.W.shape[0] == task.W.shape[1] > 1,
    ),
    Slip(
        "the weights read column by column",
        {"W": lambda s: s.start[0].reshape(-1).reshape(s.start[0].shape, order="F") if s.number == 1 else s.start[0]},
        where=every(several("K"), several("N")),
    ),
    Slip("weights without their signs", {"W": lambda s: np.abs(s.start[0])}, near=("sign-lost",)),
    Slip(
        "a weight copied with the other sign",
        {"W": lambda s: _miscopied(s.start[0], s.luck, lambda w: -w) if s.number == 1 else s.start[0]},
        ("copied-wrongly", "sign-lost"),
        in_one_entry=True,
    ),
    Slip(
        "a weight copied wrongly",
        {
            "W": lambda s: (
                _miscopied(s.start[0], s.luck, lambda w: w + 0.1 * (1 + s.luck % 5)) if s.number == 1 else s.start[0]
            )
        },
        ("copied-wrongly",),
        in_one_entry=True,
    ),
    Slip(
        "a bias copied with the other sign",
        {"b": lambda s: _miscopied(s.start[1], s.luck, lambda b: -b) if s.number == 1 else s.start[1]},
        ("copied-wrongly", "sign-lost"),
        in_one_entry=True,
    ),
    Slip("the weights brought to length 1", {"W": lambda s: s.start[0] / np.linalg.norm(s.start[0])}),
    Slip(
        "the decayed weights in U",
        {"W": lambda s: s.start[0] * (1 - s.task.a * s.task.L)},
        where=every(decayed, curved),
    ),
)
