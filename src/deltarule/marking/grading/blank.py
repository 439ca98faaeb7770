"""Figures that nobody worked: zeros, ones, one value everywhere, and numbers that were copied from the problem."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from deltarule.marking.given import GivenPart
from deltarule.marking.marks import Finding
from deltarule.marking.mistakes.deltas import HARD_OUTPUTS
from deltarule.marking.mistakes.recognised import NOT_ATTEMPTED
from deltarule.marking.mistakes.updates import NOT_UPDATED
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.grains import Grain
from deltarule.marking.rework.tolerance import tolerance, within
from deltarule.marking.rework.worksheet import Reworked, rework
from deltarule.parts import PartName
from deltarule.typeset.figures import MAXIMUM_DECIMALS

# How a part was filled in: one value everywhere, the parameters before the update, or numbers of the problem.
Filling = Literal["alike", "before", "copied"]
# One figure may be 0, 1 or a number of the problem by chance, and two may. From 3 on it is said that nothing was worked.
MINIMUM_FIGURES = 3
# Whole numbers, and figures of one decimal, are often numbers of the problem by chance. A part is copied where that is chance once
# in a thousand: 3 different figures of which one in ten would be a number of the problem.
CHANCE_OF_COPIES = 1e-3


def fillings(exercise: Exercise, given: Mapping[PartName, GivenPart], right: Reworked) -> dict[PartName, Filling]:
    """The parts that nobody worked, and how each was filled in. Parts that are right are not among them.

    Parameters
    ----------
    exercise : for the numbers of the problem.
    given : the parts of iterations.
    right : their right figures.
    """
    numbers, found = stated_numbers(exercise), dict[PartName, Filling]()
    for name, part in given.items():
        values, expected = part.values[part.known], np.asarray(right[name], float)[part.known]
        if name.is_count or within(values, expected, part.half[part.known]).all():
            continue
        if values.size == 1 and name.part == "delta" and not values.any() and _all_before(exercise, given, name):
            continue  # worked as 0: whoever thresholds the outputs of one pattern has this delta, and this layer after it
        if _are_thresholded(part, right):
            continue  # 0 and 1 are numbers of many problems
        how = filled_in(exercise, given, name, numbers)
        if how == "alike" and values.any() and np.ptp(expected) == 0:
            continue  # one wrong value, where one value everywhere is right
        if how is not None:
            found[name] = how
    return found


def filled_in(
    exercise: Exercise, given: Mapping[PartName, GivenPart], name: PartName, numbers: NDArray[np.float64]
) -> Filling | None:
    """How a part may have been filled in, right or not; None where it shows work.

    Parameters
    ----------
    exercise : for the weights and biases that it starts from.
    given : the parts of iterations.
    name : of the part; its figures are no counts.
    numbers : that the problem states.
    """
    part = given[name]
    values, before = part.values[part.known], _before(exercise, given, name)
    if before is not None and np.array_equal(values, before[part.known]):
        return "before"
    if not values.any() or (values.size > 1 and np.ptp(values) == 0):
        return "alike"
    copied = np.isin(values, numbers).all() and _by_chance(values, numbers) <= CHANCE_OF_COPIES
    return "copied" if copied else None


def _are_thresholded(part: GivenPart, right: Reworked) -> bool:
    """Whether a part is outputs: 1 where the right ones are large, or the largest of their rows, and 0 or -1 elsewhere."""
    values, yes = part.values, part.values == 1
    two = np.isin(values, [0, 1]).all() or (np.abs(values) == 1).all()
    if part.name.part != "outputs" or not two or yes.all() or not yes.any():
        return False
    expected = np.asarray(right[part.name], float)
    largest = (yes == (expected == expected.max(axis=1, keepdims=True))).all()
    return bool(expected[yes].min() > expected[~yes].max() or (largest and expected.shape[1] > 1))


def _all_before(exercise: Exercise, given: Mapping[PartName, GivenPart], name: PartName) -> bool:
    """Whether weights and biases of the iteration of a part are given, and are those before the update."""
    number = name.number or 1
    after = [PartName.in_iteration(number, part) for part in ("weights", "biases")]
    before = [_before(exercise, given, each) for each in after]
    return all(
        each in given and values is not None and np.array_equal(given[each].values, values)
        for each, values in zip(after, before, strict=True)
    )


def _by_chance(values: NDArray[np.float64], numbers: NDArray[np.float64]) -> float:
    """How likely figures are to be numbers of the problem by chance, drawn from all figures of their size and decimals."""
    decimals = next((d for d in range(MAXIMUM_DECIMALS) if not Grain(decimals=d).half(values).any()), MAXIMUM_DECIMALS)
    largest = float(np.abs(values).max())
    like = numbers[(np.abs(numbers) <= largest) & (Grain(decimals=decimals).half(numbers) == 0)]
    share = len(like) / (2 * largest * 10.0**decimals + 1)
    return float(share ** len(set(values.tolist())))


def _before(exercise: Exercise, given: Mapping[PartName, GivenPart], name: PartName) -> NDArray[Any] | None:
    """The weights or biases before the update after which a part stands, as they are written; None where they are not known."""
    if not name.is_parameter or name.number is None:
        return None
    if name.number == 1:
        return np.asarray(getattr(exercise.problem.layer, name.part), float)
    before = given.get(name.later(-1))
    return None if before is None else before.values


def stated_numbers(exercise: Exercise) -> NDArray[np.float64]:
    """All numbers that the problem states, and 0: inputs and targets as they are scaled, and as they stand in the problem.

    Parameters
    ----------
    exercise : with the problem.
    """
    problem, descent = exercise.problem, exercise.descent
    layer, (X, D, _) = problem.layer, exercise.patterns
    scaled = ((problem.input_scaling, X), (problem.target_scaling, D))
    raw = [values if scaling is None else scaling.undo(values) for scaling, values in scaled]
    stated: tuple[Any, ...] = (
        *raw,
        layer.weights,
        layer.biases,
        X,
        D,
        descent.learning_rate,
        descent.weight_decay,
        descent.momentum,
        0.0,
    )
    # Scaled back, numbers miss those of the problem by some 1e-16.
    flat: NDArray[np.float64] = np.concatenate([np.ravel(each) for each in stated])
    return np.unique(np.round(flat, MAXIMUM_DECIMALS - 3))


def nothing_worked(
    exercise: Exercise, given: Mapping[PartName, GivenPart], right: Reworked, filled: Mapping[PartName, Filling]
) -> bool:
    """Whether no figure of an answer shows any work: each part was filled in, or may have been.

    Parameters
    ----------
    exercise : for the numbers of the problem.
    given, right : the parts of iterations, and their right figures.
    filled : what `fillings` gives.
    """
    figures = {name: part for name, part in given.items() if not name.is_count}
    if not figures:  # one class for every pattern
        classes = [part.values[part.known] for name, part in given.items() if name.part == "predicted"]
        return bool(classes) and all(values.size > 1 and np.ptp(values) == 0 for values in classes)
    if not filled or any(_are_thresholded(part, right) for part in figures.values()):
        return False
    rest = [part.values[part.known] for name, part in figures.items() if name not in filled]
    alike = {float(figures[name].values[figures[name].known][0]) for name, how in filled.items() if how == "alike"}
    return all(
        np.isin(values, [0.0, *alike]).all() or np.isin(values, stated_numbers(exercise)).all() for values in rest
    )


def may_be_thresholded(exercise: Exercise, given: Mapping[PartName, GivenPart]) -> bool:
    """Whether who takes thresholded outputs has all these figures: delta is 0 then in many exercises, and nothing is updated.

    Parameters
    ----------
    exercise : what is answered.
    given : the parts of iterations.
    """
    numbers = sorted({name.number or 1 for name in given})
    works = (rework(exercise, numbers, variant.changes) for variant in HARD_OUTPUTS.variants(exercise))
    return any(
        all(bool(within(part.values, work[name], tolerance(part))[part.known].all()) for name, part in given.items())
        for work in works
    )


def too_few(exercise: Exercise, given: Mapping[PartName, GivenPart]) -> bool:
    """Whether an answer has one or two figures that may be copied, 0 or 1: no mistake can be read off them.

    Parameters
    ----------
    exercise : for the numbers of the problem.
    given : the parts of iterations.
    """
    figures = [part.values[part.known] for name, part in given.items() if not name.is_count]
    written = np.concatenate([*figures, np.empty(0)])
    return bool(0 < written.size < MINIMUM_FIGURES and np.isin(written, [1.0, *stated_numbers(exercise)]).all())


def finding(
    exercise: Exercise, given: Mapping[PartName, GivenPart], filled: Mapping[PartName, Filling]
) -> Finding | None:
    """What is said of an answer in which nothing was worked; None where it has too few figures to tell.

    Parameters
    ----------
    exercise : for the initial layer.
    given : the parts of iterations.
    filled : those that nobody worked.
    """
    if not filled:
        return None
    first = next(iter(filled))
    layer = exercise.problem.layer
    before = sum(int(given[name].known.sum()) for name, how in filled.items() if how == "before")
    if all(how == "before" for how in filled.values()) and (layer.weights.any() or layer.biases.any()):
        # One figure is that of before where the step rounds to nothing.
        return NOT_UPDATED.finding(first) if before > 1 else None
    count = sum(int(part.known.sum()) for name, part in given.items() if not name.is_count)
    return NOT_ATTEMPTED.finding(first) if count >= MINIMUM_FIGURES else None
