"""Whether classes are separable by plain linear programs, and small sets of patterns of every outcome."""

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st
from scipy.optimize import linprog

from deltarule.analysis.separability import SeparabilityOutcome


def plain_verdict(X, targets):
    """By two linear programs: the largest least margin, and the largest sum of margins of which none is below 0."""
    classes = sorted(set(targets))
    width = len(X[0]) + 1
    rows = []
    for x, target in zip(X, targets, strict=True):
        for k in range(len(classes)):
            if k != classes.index(target):
                row = np.zeros((width, len(classes)))
                row[:, classes.index(target)] += [*x, 1.0]
                row[:, k] -= [*x, 1.0]
                rows.append(row.ravel())
    A = np.array(rows)
    size = np.abs(A).max()
    A = A / size
    count, unknowns = A.shape
    least = linprog(
        [0.0] * unknowns + [-1.0], A_ub=np.column_stack([-A, np.ones(count)]), b_ub=np.zeros(count),
        bounds=[(-1, 1)] * unknowns + [(None, 1)],
    )  # fmt: skip
    if -least.fun > 1e-6:
        return SeparabilityOutcome.SEPARABLE
    total = linprog(-A.sum(axis=0), A_ub=-A, b_ub=np.zeros(count), bounds=[(-1, 1)] * unknowns)
    return SeparabilityOutcome.QUASI_SEPARABLE if -total.fun > 1e-6 else SeparabilityOutcome.OVERLAPPING


grid = st.integers(-2, 2)


@st.composite
def small_sets(draw):
    """A few patterns on a grid, in 1 to 3 dimensions and 2 or 3 classes: every verdict occurs, and is exact."""
    inputs, kinds, count = draw(st.integers(1, 3)), draw(st.integers(2, 3)), draw(st.integers(3, 9))
    X = draw(st.lists(st.lists(grid, min_size=inputs, max_size=inputs), min_size=count, max_size=count))
    targets = draw(st.lists(st.sampled_from("abc"[:kinds]), min_size=count, max_size=count))
    assume(len(set(targets)) > 1)
    return X, targets
