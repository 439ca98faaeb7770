"""Answers to another problem: they agree with themselves, and hardly any figure fits this problem."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deltarule.marking.given import Answer, GivenPart
from deltarule.marking.marks import PartMarks
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.tolerance import within
from deltarule.marking.rework.worksheet import rework
from deltarule.parts import PartName

# An answer is one to another problem if all four hold:
# less than a quarter of its U is right: U = X W + b of other data agrees by chance only, in zeros and small whole numbers;
INPUTS_SHARE = 0.25
# less than two fifths of dJ/dW is right or follows: after a mistake in U the work from it is right, with other data it is not;
WORKED_SHARE = 0.4
# less than half of all entries are right: outputs near 0, and counts, agree often;
RIGHT_SHARE = 0.5
# at least four fifths of its outputs follow from its own U, as they do in every problem: figures that were not worked do not.
ACTIVATED_SHARE = 0.8
# What comes from the problem's own inputs is off by its rounding, half a unit, and by as much where it was rounded on the way.
FITTED = 2.0
# Fewer than 6 entries of U are too few to tell.
MINIMUM_FIGURES = 6


def answers_another(parts: Sequence[PartMarks]) -> bool:
    """Whether hardly any U, nor what is worked from it with the problem's own data, nor most of the rest fits the problem.

    Parameters
    ----------
    parts : the marks of iterations.
    """
    first = {part.part.part: part for part in reversed(parts)}
    U, Y = first.get("synaptic_inputs"), first.get("outputs")
    worked = first.get("weight_gradient", first.get("weights"))
    if U is None or Y is None or worked is None or len(U.entries) < MINIMUM_FIGURES:
        return False
    entries = [entry for part in parts for entry in part.entries]
    right = sum(entry.verdict != "wrong" for entry in entries) / len(entries)
    follows = sum(bool(entry.follows) for entry in Y.entries) / len(Y.entries)
    return right < RIGHT_SHARE and U.score < INPUTS_SHARE and worked.score < WORKED_SHARE and follows >= ACTIVATED_SHARE


def fits_badly(parts: Sequence[PartMarks]) -> bool:
    """Whether hardly any U is right, so that the answer may be one to another problem.

    Parameters
    ----------
    parts : the marks of iterations.
    """
    U = next((part for part in parts if part.part.part == "synaptic_inputs"), None)
    return U is not None and sum(entry.verdict != "wrong" for entry in U.entries) < INPUTS_SHARE * len(U.entries)


def from_same_inputs(exercise: Exercise, answer: Answer) -> bool:
    """Whether the first U of an answer can be worked from the problem's own inputs: U = X A + c, for some A and c.

    Then it is the same problem, with its inputs scaled, or with other weights: a mistake, not another problem. Where a batch has
    no more patterns than A and c have rows, every U is of that kind, and nothing can be said. Nor is an answer one to another
    problem if its weights have led there from the problem's own, W' + a dJ/dW = W with its own dJ/dW.

    Parameters
    ----------
    exercise : the problem's.
    answer : to it.
    """
    numbers = answer.iterations()
    U = answer.part(numbers[0], "synaptic_inputs") if numbers else None
    if U is None or not U.complete:
        return True
    layer = exercise.layer
    step = "weight_velocity" if exercise.momentum else "weight_gradient"
    W, dW = (answer.part(numbers[0], part) for part in ("weights", step))
    if W is not None and W.complete and dW is not None and dW.complete and numbers[0] == exercise.skipped + 1:
        a = exercise.rate(numbers[0]) * (1 + exercise.momentum if exercise.descent.nesterov else 1)
        if W.values.shape == dW.values.shape == layer.weights.shape:
            half = FITTED * (W.half + a * dW.half)
            if within(W.values + a * dW.values, layer.weights, half).mean() > RIGHT_SHARE:
                return True
    X, rows = exercise.patterns.X, exercise.batch(numbers[0])
    return any(_fits(X[chosen], U) for chosen in (rows, np.arange(len(rows)), rows[::-1]))


def _fits(X: NDArray[Any], U: GivenPart) -> bool:
    """Whether U = X A + c for some A and c, by least squares, within rounding."""
    known = np.column_stack([X, np.ones(len(X)), np.abs(X)])
    for inputs in (known[:, : X.shape[1] + 1], known[:, X.shape[1] :]):
        if U.values.shape[0] != len(inputs) or np.linalg.matrix_rank(inputs) >= len(inputs):
            return True
        found, *_ = np.linalg.lstsq(inputs, U.values, rcond=None)
        if bool(within(U.values, inputs @ found, FITTED * U.half).all()):
            return True
    return False


def answers_exercise(exercise: Exercise, answer: Answer) -> bool:
    """Whether most synaptic inputs of an answer are those of an exercise."""
    given = next((part for name, part in answer.parts.items() if name.part == "synaptic_inputs"), None)
    if given is None:
        return False
    number = given.name.number or 1
    right = rework(exercise, [number])[PartName.in_iteration(number, "synaptic_inputs")]
    return bool(within(given.values, right, given.half)[given.known].mean() > 1 - INPUTS_SHARE)
