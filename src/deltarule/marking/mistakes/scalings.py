"""Inputs that were scaled otherwise than the problem says."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from deltarule.data import centring, standardising
from deltarule.marking.mistakes.mistake import Mistake, Variant
from deltarule.marking.rework.exercise import Exercise


def _deviation_n_minus_1(exercise: Exercise) -> Iterator[Variant]:
    if exercise.problem.standardised and exercise.count > 1:
        X = exercise.patterns.X * np.sqrt((exercise.count - 1) / exercise.count)
        yield Variant(exercise=exercise.with_patterns(X=X))


DEVIATION_N_MINUS_1 = Mistake(
    "deviation-n-minus-1",
    "Standardising divides by the deviation with 1/P. You took 1/(P - 1).",
    "Look at how the inputs are standardised.",
    _deviation_n_minus_1,
)


def _scaled_on_all_data(exercise: Exercise) -> Iterator[Variant]:
    scaling, test = exercise.problem.input_scaling, exercise.problem.test
    if scaling is not None and test is not None:
        raw = scaling.undo(exercise.problem.X)
        make = standardising if exercise.problem.standardised else centring
        X = make(np.vstack([raw, scaling.undo(test[0])])).apply(raw)
        yield Variant(exercise=exercise.with_patterns(X=X))


SCALED_ON_ALL_DATA = Mistake(
    "scaled-on-all-data",
    "Inputs are scaled by the training patterns alone. You used the test set too.",
    "Look at what the scaling is taken from.",
    _scaled_on_all_data,
)


def _scaling_forgotten(exercise: Exercise) -> Iterator[Variant]:
    scaling = exercise.problem.input_scaling
    if scaling is not None:
        yield Variant(exercise=exercise.with_patterns(X=scaling.undo(exercise.problem.X)))
        if exercise.problem.standardised:
            X = exercise.patterns.X
            yield Variant(exercise=exercise.with_patterns(X=X / scaling.scale), detail="they are centred only")
            yield Variant(
                exercise=exercise.with_patterns(X=X + scaling.shift * scaling.scale), detail="they are divided only"
            )


SCALING_FORGOTTEN = Mistake(
    "scaling-forgotten",
    "The inputs are scaled here, as the problem says. Yours are not, or not wholly.",
    "Look at how the inputs are scaled.",
    _scaling_forgotten,
)

MISTAKES = (DEVIATION_N_MINUS_1, SCALED_ON_ALL_DATA, SCALING_FORGOTTEN)
