"""A mistake that works more than its part from the parts before it says so: others, made elsewhere, show in it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from by_hand import BIASES, POINTS, TANH, WEIGHTS, drawn
from deltarule.marking.mistakes.neighbours import times
from deltarule.marking.mistakes.registry import EVERY
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.ingredients import parts_of
from deltarule.marking.rework.worksheet import worksheets
from deltarule.parts import ITERATION_PARTS

LABELS = ["A", "B", "C", "A", "B"]
NUMBERS = [[0.7, -1.2, 0.4], [1.1, 0.3, -0.8], [-0.5, 0.9, 1.3], [0.2, -0.6, -1.1], [1.4, 0.8, 0.1]]
ANSWERS = [[1, 0, 0], [0, 1, 1], [1, 1, 0], [0, 0, 1], [1, 0, 1]]
PROBLEMS = {
    "tanh": TANH,
    "linear": drawn("linear", WEIGHTS, BIASES, POINTS, NUMBERS, 0.03),
    "logistic": drawn("logistic", WEIGHTS, BIASES, POINTS, ANSWERS, 0.2, reduction="mean"),
    "batches": drawn("softmax", WEIGHTS, BIASES, POINTS, LABELS, 0.2, batch_size=3, seed=3, reduction="mean"),
    "decay": drawn("softmax", WEIGHTS, BIASES, POINTS, LABELS, 0.15, weight_decay=0.3),
}
ELSEWHERE = ("synaptic_inputs", "outputs", "delta", "weight_gradient", "bias_gradient", "weights", "biases")


def second_iteration(exercise):
    """The worksheet of iteration 2, and the same after an iteration whose figures were others."""
    *_, (sheet, _) = worksheets(exercise, 2)
    other = replace(sheet.first, parts={part: np.multiply(1.5, value) for part, value in sheet.first.parts.items()})
    return sheet, replace(sheet, first=other, before=other)


def worked(sheet, part, changes):
    before = ITERATION_PARTS[: ITERATION_PARTS.index(part)]
    return replace(
        sheet, changes=changes, parts={name: sheet.parts[name] for name in before if name in sheet.parts}
    ).work(part)


def sees_others(exercise, variant):
    """Whether a part that it changes is another where other parts are worked otherwise, though those before it are as they were."""
    sheet, after_others = second_iteration(exercise)
    for part in {part for name in variant.changes for part in parts_of(name)} & sheet.parts.keys():
        others = {name: times(-3.0) for name in ELSEWHERE if name != part}
        with np.errstate(all="ignore"):
            try:
                alone = worked(sheet, part, variant.changes)
            except (ValueError, IndexError):  # the patterns of the whole set do not fit the parts of a batch
                continue
            among = worked(after_others, part, {**others, **variant.changes})
        if not np.array_equal(alone, among, equal_nan=True):
            return True
    return False


VARIANTS = [
    (kind, mistake.name, variant)
    for kind, problem in PROBLEMS.items()
    for mistake in EVERY
    for variant in mistake.variants(Exercise.of(problem))
    if variant.changes and not variant.shift
]


@pytest.mark.parametrize("kind", PROBLEMS)
def test_what_is_worked_from_the_parts_before_alone_sees_no_mistakes_made_elsewhere(kind):
    exercise = Exercise.of(PROBLEMS[kind])
    plain = [(name, variant) for of, name, variant in VARIANTS if of == kind and not variant.beyond]
    assert len(plain) > 50
    assert [(name, variant.detail) for name, variant in plain if sees_others(exercise, variant)] == []


def test_what_is_worked_beyond_its_part_sees_mistakes_made_elsewhere():
    beyond = {name: [] for _, name, variant in VARIANTS if variant.beyond}
    for kind, name, variant in VARIANTS:
        if variant.beyond:
            beyond[name].append(sees_others(Exercise.of(PROBLEMS[kind]), variant))
    assert {name for name, found in beyond.items() if not any(found)} == set()
    assert {"cost-after-update", "new-weights-for-biases", "initial-gradient"} <= set(beyond)
