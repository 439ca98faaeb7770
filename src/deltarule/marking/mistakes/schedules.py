"""Mistakes in the schedule of the learning rate: the rate in force is a f(t), t the epochs or updates done before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from deltarule.errors import InputError
from deltarule.marking.mistakes.conditions import has_schedule, mini_batches, several_updates
from deltarule.marking.mistakes.mistake import Mistake, Variant
from deltarule.marking.mistakes.neighbours import instead, row
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.ingredients import Worksheet

# A factor in the step may give the same figures: where there is a schedule, it is the likelier story.
LIKELIER = -1.0


def _rate(value: Callable[[Worksheet], float], **options: Any) -> Variant:
    """Another learning rate in force."""
    return row({"rate": instead(value)}, **options)


def _forgotten(exercise: Exercise) -> Iterator[Variant]:
    if has_schedule(exercise):
        yield _rate(lambda s: s.exercise.descent.learning_rate, price=LIKELIER)
        if exercise.descent.schedule.warm_up:
            yield from _other_schedule(exercise, "warm_up", 0, detail="the warm-up")


def _other_schedule(exercise: Exercise, parameter: str, value: Any, **options: Any) -> Iterator[Variant]:
    """The rates of the schedule with another parameter; nothing where the descent cannot have it."""
    try:
        other = exercise.with_descent(schedule=replace(exercise.descent.schedule, **{parameter: value}))
    except InputError:  # a warm-up of more epochs than there are
        return
    yield _rate(lambda s: other.rate(s.number), **options)


def _shifted(exercise: Exercise) -> Iterator[Variant]:
    if not (has_schedule(exercise) and several_updates(exercise)):
        return
    unit = exercise.descent.schedule.by
    length = exercise.descent.updates_per_epoch(exercise.count) if unit == "epoch" else 1
    yield _rate(lambda s: s.exercise.rate(s.number + length), price=LIKELIER, detail=f"one {unit} too early")
    yield _rate(lambda s: s.exercise.rate(max(s.number - length, 1)), price=LIKELIER, detail=f"one {unit} too late")


def _counted_otherwise(exercise: Exercise) -> Iterator[Variant]:
    if has_schedule(exercise) and mini_batches(exercise):
        by = exercise.descent.schedule.by
        other, words = {"epoch": ("update", "updates for epochs"), "update": ("epoch", "epochs for updates")}[by]
        yield from _other_schedule(exercise, "by", other, detail=words)


def _compounded(exercise: Exercise) -> Iterator[Variant]:
    """The factors of all epochs (or updates) so far, multiplied."""
    if not (has_schedule(exercise) and several_updates(exercise)):
        return
    length = 1 if exercise.descent.schedule.by == "update" else exercise.descent.updates_per_epoch(exercise.count)

    def rate(s: Worksheet) -> float:
        found = a = s.exercise.descent.learning_rate
        for number in range(s.number, 0, -length):
            found *= s.exercise.rate(number) / a
        return found

    yield _rate(rate)


MISTAKES = (
    Mistake(
        "schedule-forgotten",
        "The learning rate of this problem changes by a schedule. You kept the initial one.",
        "Look at the learning rate in force.",
        _forgotten,
    ),
    Mistake(
        "schedule-shifted",
        "The schedule counts the epochs, or updates, that are done before: t = 0 in the first. Your learning rate is that of "
        "another one.",
        "Look at when the learning rate changes.",
        _shifted,
    ),
    Mistake(
        "schedule-of-others",
        "Whether the learning rate changes with each epoch or with each update, the problem says. You took the other.",
        "Look at when the learning rate changes.",
        _counted_otherwise,
    ),
    Mistake(
        "schedule-compounded",
        "The learning rate in force is the initial one times the schedule's factor. You multiplied that of the step before.",
        "Look at what the schedule multiplies.",
        _compounded,
    ),
)
