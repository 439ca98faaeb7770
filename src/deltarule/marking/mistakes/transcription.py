"""Mistakes in how an answer is written down: rows for columns, counting from 0, another iteration, figures cut off."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

from deltarule.conventions import BESIDE
from deltarule.layers import Patterns
from deltarule.marking.mistakes.conditions import mini_batches
from deltarule.marking.mistakes.mistake import Mistake, Variant
from deltarule.marking.mistakes.neighbours import START_WEIGHTS, instead, row
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.ingredients import Change, Worksheet
from deltarule.parts import PartName

# Figures cut off are tried with the exercise's decimals, and with the numbers of decimals that people are asked for.
DECIMALS = (2, 3, 4)
# Rounding towards zero may explain figures of many answers by chance: it must explain e^6, some 400 times, better than others.
CUT_OFF_PRICE = 6.0


def _from_zero(_exercise: Exercise) -> Iterator[Variant]:
    yield Variant(flags=frozenset({"from_zero"}))


COUNTED_FROM_ZERO = Mistake(
    "counted-from-zero",
    "Iterations and classes are counted from 1 here. You counted from 0.",
    "Look at where you begin to count.",
    _from_zero,
    is_mistake=False,
)


def _turned(name: PartName, value: Any) -> Any:
    return value.T if name.part in BESIDE else value


def _weights_transposed(exercise: Exercise) -> Iterator[Variant]:
    yield Variant(flags=frozenset({"transposed"}))
    if exercise.layer.inputs == exercise.layer.neurons:  # the shapes do not tell
        yield row({"synaptic_inputs.weights": lambda _s, W: W.T})
        yield row(dict.fromkeys(START_WEIGHTS, lambda _s, W: W.T))
        yield Variant(as_written=_turned)
        yield row({"weight_gradient": lambda _s, right: right.T})
        if exercise.descent.weight_decay:
            yield row({"weight_gradient": _sum_turned})


def _sum_turned(s: Worksheet, gradient: Any) -> Any:
    """The sum over the patterns transposed, and the decay as it is."""
    decay = s.take("weight_gradient.decay")
    return (gradient - decay).T + decay


WEIGHTS_TRANSPOSED = Mistake(
    "weights-transposed",
    "You exchanged rows and columns. W has a row for each input and a column for each neuron; U and delta have a row for each "
    "pattern and a column for each neuron.",
    "Look at rows and columns.",
    _weights_transposed,
)


def _of_next_batch(take: Callable[[Patterns], Any]) -> Change:
    """What is taken of the patterns of the next update."""
    return instead(lambda s: take(s.exercise.patterns.take(s.exercise.batch(s.number + 1))))


def _iteration_off_by_one(exercise: Exercise) -> Iterator[Variant]:
    for shift in (1, -1):
        yield Variant(shift=shift, beyond=True)
    if mini_batches(exercise):
        weights = _of_next_batch(lambda patterns: patterns.sample_weight)
        scale = instead(
            lambda s: s.exercise.layer.unchecked_scale(
                s.exercise.patterns.take(s.exercise.batch(s.number + 1)).sample_weight, s.exercise.descent.reduction
            )
        )
        changes = {
            "inputs": _of_next_batch(lambda patterns: patterns.X),
            "targets": _of_next_batch(lambda patterns: patterns.D),
            **dict.fromkeys(("cost.pattern_weights", "delta.pattern_weights"), weights),
            **dict.fromkeys(("cost.scale", "delta.scale"), scale),
        }
        yield row(changes, detail="the patterns of the next update")


ITERATION_OFF_BY_ONE = Mistake(
    "iteration-off-by-one",
    "These are the figures of another iteration, the one before or after.",
    "Look at which iteration this is.",
    _iteration_off_by_one,
)


def _truncated(decimals: int, name: PartName, value: Any) -> Any:
    """Figures without the digits behind their last decimal."""
    unit = 10.0**-decimals
    # Binary fractions miss a whole number of units by some 1e-16; the 1e-9 lets it be one.
    return value if name.is_count else np.trunc(np.asarray(value, float) / unit + 1e-9 * np.sign(value)) * unit


def _cut_off(exercise: Exercise) -> Iterator[Variant]:
    for decimals in {exercise.decimals, *DECIMALS}:
        yield Variant(as_written=partial(_truncated, decimals), price=CUT_OFF_PRICE)


FIGURES_CUT_OFF = Mistake(
    "figures-cut-off",
    "Figures are rounded, not cut off: 0.287 is 0.29.",
    "Look at how the last digit is found.",
    _cut_off,
)
