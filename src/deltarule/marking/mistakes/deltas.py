"""Mistakes in delta: what it compares, and which patterns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from deltarule.marking.mistakes.conditions import (
    activated,
    all_of,
    any_of,
    cross_entropy,
    linear,
    logistic,
    mini_batches,
    not_,
    ones_of_either_sign,
    several_neurons,
    several_patterns,
    sigmoid,
    slope_in_delta,
    squared,
    tanh,
    without_classes,
    zeros_and_ones,
)
from deltarule.marking.mistakes.mistake import Mistake, Variant, always
from deltarule.marking.mistakes.neighbours import instead, nothing, ones, rare, row, rows
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.ingredients import Change, Values, Worksheet


def hard_class(s: Worksheet, _Y: Values) -> Values:
    """The outputs of an iteration `s` as answers: 1 for the predicted class, or for a neuron that says yes, and 0 otherwise."""
    layer = s.exercise.layer
    if layer.independent or layer.neurons == 1:
        yes: Values = (s.U > 0).astype(float)
        return yes
    one_hot: Values = np.eye(layer.neurons)[s.U.argmax(axis=1)]
    return one_hot


def sign(_s: Worksheet, Y: Values) -> Values:
    """The outputs `Y` as answers of -1 and 1."""
    return np.where(Y > 0, 1.0, -1.0)


def step_at(threshold: float) -> Change:
    """The outputs as answers of 0 and 1, above a `threshold`."""
    return lambda _s, Y: (threshold < Y).astype(float)


# What outputs are thresholded to, and where that may be meant.
ANSWERS: tuple[tuple[Change, Callable[[Exercise], bool]], ...] = (
    (hard_class, cross_entropy),
    (sign, all_of(squared, any_of(ones_of_either_sign, tanh))),
    (step_at(0.5), all_of(squared, any_of(zeros_and_ones, sigmoid))),
    (step_at(0.0), all_of(squared, zeros_and_ones)),
    (step_at(0.5), all_of(logistic, several_neurons, not_(without_classes))),
)


def _hard() -> list[Variant]:
    """Answers in the place of outputs: in delta, with or without its slope, in the cost, or everywhere."""
    found = []
    for answers, when in ANSWERS:
        found += [
            row({"delta.outputs": answers}, when=when),
            row({"delta.outputs": answers, "delta.slope": ones}, when=all_of(when, slope_in_delta)),
            row({"outputs": answers}, when=when),
            row({"outputs": answers, "delta.slope": ones}, when=all_of(when, slope_in_delta)),
            row({"cost.outputs": answers}, when=all_of(when, squared), detail="in the cost"),
        ]
    return found


def _of_wrong(answers: Change) -> Change:
    """The errors, or the rows of delta, of wrongly predicted patterns alone."""

    def change(s: Worksheet, right: Any) -> Any:
        wrong = np.any(np.abs(answers(s, s.Y) - s.D) > 0.5, axis=1, keepdims=True)
        return np.where(wrong, right, 0.0)

    return change


def first_rows(every: Callable[[Worksheet], Values]) -> Change:
    """As many rows as the batch has, from the head of what `every` gives of the whole set."""
    return lambda s, _right: every(s)[: s.P]


def _coded(offset: float, times: float) -> Change:
    return lambda _s, D: offset + times * D


# A pattern whose rows are taken for another's.
NEXT = ((1, "before"), (-1, "after"))


def moved(by: int) -> Change:
    """The rows of the patterns `by` places before."""
    return lambda _s, D: np.roll(D, by, axis=0)


def _first_two(axis: int) -> Change:
    """The first two rows or columns exchanged."""

    def change(_s: Worksheet, D: Any) -> Any:
        order = np.arange(D.shape[axis])
        order[:2] = order[1::-1]
        return np.take(D, order, axis)

    return change


def _three_neurons(exercise: Exercise) -> bool:
    return exercise.layer.neurons > 2


FROM_U: Change = instead(lambda s: s.U)
TARGETS = ("targets", "delta.targets")

# Of few patterns with classes, the targets in another order are those of classes in another order as well, which is likelier: one
# of 23 orders of 4 classes costs 3.8, and what is half as likely 0.7 more.
_HAS_ORDERS = all_of(several_neurons, not_(without_classes))
OTHER_PATTERNS = (
    (all_of(several_patterns, not_(_HAS_ORDERS)), 0.0),
    (all_of(several_patterns, _HAS_ORDERS), 4.5),
)

HARD_OUTPUTS = Mistake(
    "hard-outputs",
    "You took the thresholded outputs, the answers yes and no, where the outputs Y themselves belong.",
    "Look at which outputs are taken.",
    rows(*_hard(), row({"outputs": step_at(0.0)}, when=all_of(linear, not_(zeros_and_ones)))),
)
MISTAKES = (
    Mistake(
        "targets-left-out",
        "Delta is Y - D. You left the targets out.",
        "Look at what delta compares.",
        rows(row({"delta.targets": nothing})),
    ),
    Mistake(
        "outputs-left-out",
        "Delta is Y - D. You left the outputs out.",
        "Look at what delta compares.",
        rows(row({"delta.outputs": nothing})),
    ),
    HARD_OUTPUTS,
    Mistake(
        "only-wrong-patterns",
        "All patterns of the batch have a delta, those that are predicted correctly too. You took the others alone.",
        "Look at which patterns have a delta.",
        rows(
            *rare(
                row(dict.fromkeys(places, _of_wrong(answers)), when=when)
                for places in (("delta.error",), ("weight_gradient.delta", "bias_gradient.delta"))
                for answers, when in ANSWERS
            )
        ),
    ),
    Mistake(
        "synaptic-inputs-in-delta",
        "Delta compares the outputs Y with D. You took the synaptic inputs U.",
        "Look at what delta compares.",
        rows(
            row({"delta.outputs": FROM_U}, when=activated),
            row({"delta.outputs": FROM_U, "delta.slope": ones}, when=slope_in_delta),
        ),
    ),
    Mistake(
        "delta-squared",
        "Delta is Y - D times f'(U). You squared Y - D, as the cost does.",
        "Look at the derivative of the cost.",
        rows(
            row({"delta.error": lambda _s, error: error**2}),
            row({"delta.error": lambda _s, error: error**2 / 2}, detail="and halved it"),
        ),
    ),
    Mistake(
        "targets-minus-one-one",
        "The targets are 0 and 1 here. You coded them as -1 and 1.",
        "Look at how the targets are coded.",
        rows(*(row({place: _coded(-1.0, 2.0)}, when=zeros_and_ones) for place in TARGETS)),
    ),
    Mistake(
        "targets-zero-one",
        "The targets are -1 and 1 here. You coded them as 0 and 1.",
        "Look at how the targets are coded.",
        rows(*(row({place: _coded(0.5, 0.5)}, when=ones_of_either_sign) for place in TARGETS)),
    ),
    Mistake(
        "targets-exchanged",
        "The two targets stand in each other's place: yes for no, and no for yes.",
        "Look at which target stands for which answer.",
        rows(
            *(row({place: _coded(1.0, -1.0)}, when=all_of(logistic, zeros_and_ones)) for place in TARGETS),
            *(row({place: _coded(0.0, -1.0)}, when=all_of(squared, ones_of_either_sign)) for place in TARGETS),
        ),
    ),
    Mistake(
        "targets-of-other-patterns",
        "Delta compares each pattern's outputs with its own target. You took targets of other patterns.",
        "Look at which target belongs to which pattern.",
        rows(
            *(
                row(
                    {place: first_rows(lambda s: s.exercise.patterns.D)},
                    when=mini_batches,
                    detail="the first ones of the whole set",
                )
                for place in TARGETS
            ),
            *(
                row({place: lambda _s, D: D[::-1]}, when=when, price=price, detail="in reverse")
                for when, price in OTHER_PATTERNS
                for place in TARGETS
            ),
            *(
                row({place: moved(by)}, when=when, price=price, detail=f"of the pattern {words}")
                for when, price in OTHER_PATTERNS
                for by, words in NEXT
                for place in TARGETS
            ),
            *(
                row({place: _first_two(0)}, when=when, price=price, detail="the first two exchanged")
                for when, price in OTHER_PATTERNS
                for place in TARGETS
            ),
        ),
    ),
    Mistake(
        "target-columns-exchanged",
        "Each neuron has its own column of targets. You compared it with another one.",
        "Look at which target belongs to which neuron.",
        rows(
            # Classes in another order throughout have a name of their own.
            *(
                row({place: change}, when=all_of(when, needed))
                for place, when in (("targets", without_classes), ("delta.targets", always))
                for change, needed in (
                    (lambda _s, D: D[:, ::-1], several_neurons),
                    (_first_two(1), _three_neurons),
                )
            )
        ),
    ),
)
