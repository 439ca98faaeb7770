"""Descents with another setting, by which a trained layer shows what its iterations would show too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from deltarule.errors import InputError
from deltarule.marking.mistakes.conditions import decays_biases, has_biases, has_decay, has_momentum, has_schedule
from deltarule.marking.mistakes.mistake import Variant
from deltarule.marking.rework.exercise import Exercise
from deltarule.schedules import CONSTANT, By


def other_descents(exercise: Exercise) -> Iterator[tuple[str, Variant]]:
    """The names of mistakes, each with the descent that was run by whoever makes it throughout.

    Parameters
    ----------
    exercise : the one that was set.
    """
    for name, changes in _changes(exercise):
        try:
            yield name, Variant(exercise=exercise.with_descent(**changes))
        except InputError:  # as a warm-up of more epochs than there are
            continue


def _changes(exercise: Exercise) -> Iterator[tuple[str, dict[str, Any]]]:
    descent = exercise.descent
    if has_momentum(exercise):
        yield "momentum-left-out", {"momentum": 0.0, "nesterov": False}
        yield "nesterov-left-out" if descent.nesterov else "nesterov-added", {"nesterov": not descent.nesterov}
        yield "momentum-exchanged", {"momentum": 1 - descent.momentum}
    if has_schedule(exercise):
        yield "schedule-forgotten", {"schedule": CONSTANT}
        other: By = "update" if descent.schedule.by == "epoch" else "epoch"
        yield "schedule-of-others", {"schedule": replace(descent.schedule, by=other)}
    if decays_biases(exercise):
        yield "biases-not-decayed", {"decay_biases": False}
    elif has_decay(exercise) and has_biases(exercise):
        yield "biases-decayed", {"decay_biases": True}
