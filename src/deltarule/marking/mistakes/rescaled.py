"""The same task with inputs scaled otherwise than the problem says."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from deltarule.data import centring, standardising
from deltarule.marking.rework.exercise import Task


def scaled_by_n_minus_1(task: Task) -> Iterator[Task]:
    """Standardised by the deviation with 1/(P - 1)."""
    if task.problem.standardised and task.count > 1:
        yield task.having(X=task.patterns.X * np.sqrt((task.count - 1) / task.count))


def scaled_on_all_data(task: Task) -> Iterator[Task]:
    """Scaled by training and test patterns."""
    scaling, test = task.problem.input_scaling, task.problem.test
    if scaling is not None and test is not None:
        raw = scaling.undo(task.problem.X)
        make = standardising if task.problem.standardised else centring
        yield task.having(X=make(np.vstack([raw, scaling.undo(test[0])])).apply(raw))
