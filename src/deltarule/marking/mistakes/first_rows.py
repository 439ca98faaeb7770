"""Patterns that were taken for a mini-batch as they stand in the problem, where its batches are shuffled."""

from __future__ import annotations

from collections.abc import Iterator

from deltarule.marking.mistakes.mistake import Mistake, Variant
from deltarule.marking.rework.exercise import Exercise


def as_they_stand(exercise: Exercise) -> Iterator[tuple[Exercise, str]]:
    """The exercise with batches that are not shuffled, and what was done; nothing where a batch is the whole set.

    Parameters
    ----------
    exercise : with shuffled batches.
    """
    if exercise.descent.is_shuffled(exercise.count) and not exercise.first_rows:
        yield exercise.with_first_rows(), "the same rows in each iteration"
        yield exercise.with_descent(order="given"), "one batch after another, as they stand"


def _first_rows(exercise: Exercise) -> Iterator[Variant]:
    for other, detail in as_they_stand(exercise):
        yield Variant(exercise=other, detail="" if other.first_rows else detail)


FIRST_ROWS = Mistake(
    "first-rows",
    "The mini-batches of this problem are shuffled. You took the first rows of the set instead of the batch's own patterns.",
    "Look at which patterns are in the batch.",
    _first_rows,
)
