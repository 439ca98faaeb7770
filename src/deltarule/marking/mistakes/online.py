"""Updates after other sets of patterns than the batch: after each pattern, or after the whole set."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from deltarule.iteration import Velocity
from deltarule.layers import Patterns
from deltarule.marking.mistakes.conditions import all_of, is_mean, mini_batches, predicts_classes, several_patterns
from deltarule.marking.mistakes.mistake import Mistake, Variant
from deltarule.marking.mistakes.neighbours import instead, row, rows
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.ingredients import UPDATE_PARTS, Change, Values, Worksheet
from deltarule.parts import OF_MOMENTUM


@dataclass(frozen=True)
class Online:
    """What updates after each pattern give.

    Attributes
    ----------
    U : (P, K) synaptic inputs of each pattern, at the layer that the patterns before it led to.
    W, b : (N, K), (K,) the weights and biases at the end.
    velocity : V at the end; None without momentum.
    """

    U: Values
    W: Values
    b: Values
    velocity: Velocity | None


def online(s: Worksheet, *, divided: bool) -> Online:
    """Updates after each pattern of the batch, in the order in which they stand there.

    Parameters
    ----------
    s : the iteration.
    divided : whether each pattern's delta is reduced as in the batch, so that it counts for 1/P of a mean.
    """
    W, b, velocity, rows = s.W, s.b, s.velocity, []
    changes = {**s.without("synaptic_inputs", *OF_MOMENTUM, "weights", "biases").changes}
    changes["delta.scale"] = lambda _s, right: s.scale() if divided else right
    for p in range(s.P):
        one = Worksheet(
            s.exercise, Patterns(*(each[p : p + 1] for each in s.batch)), s.rows[p : p + 1], s.number, W, b, changes,
            velocity=velocity, between=s.between, carried=s.rounded, rounded=s.rounded,
        )  # fmt: skip
        parts = one.go_on(UPDATE_PARTS).parts
        W, b = parts["weights"], parts["biases"]
        if s.exercise.momentum:
            velocity = Velocity(parts["weight_velocity"], parts["bias_velocity"])
        rows.append(parts["synaptic_inputs"])
    return Online(np.concatenate(rows), W, b, velocity)


def _online(take: Callable[[Any], Values], *, divided: bool) -> Change:
    def change(s: Worksheet, _right: Any) -> Any:
        return take(online(s, divided=divided))

    return change


def _pattern_by_pattern(exercise: Exercise) -> Iterator[Variant]:
    if not several_patterns(exercise):
        return
    for divided in (False, True) if is_mean(exercise) else (False,):
        end: dict[str, Change] = {
            "weights": _online(lambda o: o.W, divided=divided),
            "biases": _online(lambda o: o.b, divided=divided),
        }
        if exercise.momentum:
            end["weight_velocity"] = _online(lambda o: o.velocity.weights, divided=divided)
            end["bias_velocity"] = _online(lambda o: o.velocity.biases, divided=divided)
        times = exercise.descent.batch_size or exercise.count
        yield replace(row(end, beyond=True), roundings=times)
        every: dict[str, Change] = {"synaptic_inputs": _online(lambda o: o.U, divided=divided), **end}
        if not divided:  # each pattern's delta is that of a batch of one
            every["delta.scale"] = lambda s, right: right * (s.P if is_mean(s.exercise) else 1)
        yield replace(row(every, beyond=True), roundings=times)


def _scale_of_all(s: Worksheet, _right: Any) -> float:
    exercise = s.exercise
    return exercise.layer.unchecked_scale(exercise.patterns.sample_weight, exercise.descent.reduction)


# What else is worked before a part of the whole set.
BEFORE = {"cost": (), "errors": ("predicted",), "weight_gradient": ("delta",), "bias_gradient": ("delta",)}


def _of_set(part: str) -> Change:
    """A part of all patterns, at the layer of the iteration."""

    def change(s: Worksheet, _right: Any) -> Any:
        patterns = s.exercise.patterns
        whole = replace(s.without(part).at(s.W, s.b), batch=patterns, rows=np.arange(len(patterns.X)))
        return whole.go_on(("synaptic_inputs", "outputs", *BEFORE[part], part)).parts[part]

    return change


_OF_ALL = instead(lambda s: s.exercise.patterns.sample_weight)
WHOLE_SET: dict[str, Change] = {
    "inputs": instead(lambda s: s.exercise.patterns.X),
    "targets": instead(lambda s: s.exercise.patterns.D),
    "cost.pattern_weights": _OF_ALL,
    "delta.pattern_weights": _OF_ALL,
    "cost.scale": _scale_of_all,
    "delta.scale": _scale_of_all,
}


MISTAKES = (
    Mistake(
        "pattern-by-pattern",
        "An update takes all patterns of its batch at once, at the same weights and biases. You updated them after each pattern.",
        "Look at when weights and biases are updated.",
        _pattern_by_pattern,
    ),
    Mistake(
        "whole-set-for-batch",
        "An update takes the patterns of its batch. You took all patterns of the set.",
        "Look at which patterns belong to the batch.",
        rows(
            row(WHOLE_SET, when=mini_batches),
            row({"cost": _of_set("cost")}, when=mini_batches, detail="in the cost", beyond=True),
            row(
                {"errors": _of_set("errors")},
                when=all_of(mini_batches, predicts_classes),
                detail="in the number of errors",
                beyond=True,
            ),
            row(
                {part: _of_set(part) for part in ("weight_gradient", "bias_gradient")},
                when=mini_batches,
                detail="in the gradients",
                beyond=True,
            ),
        ),
    ),
)
