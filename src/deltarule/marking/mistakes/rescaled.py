"""The same exercise with inputs scaled otherwise than the problem says."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from deltarule.data import centring, standardising
from deltarule.marking.rework.exercise import Exercise


def scaled_by_n_minus_1(exercise: Exercise) -> Iterator[Exercise]:
    """Standardised by the deviation with 1/(P - 1)."""
    if exercise.problem.standardised and exercise.count > 1:
        yield exercise.having(X=exercise.patterns.X * np.sqrt((exercise.count - 1) / exercise.count))


def scaled_on_all_data(exercise: Exercise) -> Iterator[Exercise]:
    """Scaled by training and test patterns."""
    scaling, test = exercise.problem.input_scaling, exercise.problem.test
    if scaling is not None and test is not None:
        raw = scaling.undo(exercise.problem.X)
        make = standardising if exercise.problem.standardised else centring
        yield exercise.having(X=make(np.vstack([raw, scaling.undo(test[0])])).apply(raw))
