"""Patterns as the formulas need them, and how their costs are reduced to one."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from deltarule.checks import Matrix, Vector

Reduction = Literal["sum", "mean", "half-mean"]
REDUCTIONS = ("sum", "mean", "half-mean")


class Patterns(NamedTuple):
    """Patterns as formulas need them, all checked and of one dtype.

    X : (P, N) inputs. D : (P, K) desired outputs. sample_weight : (P,) weights v.
    """

    X: Matrix
    D: Matrix
    sample_weight: Vector

    def take(self, batch: NDArray[np.intp] | slice) -> Patterns:
        """The patterns of one batch (a slice gives views, not copies)."""
        return Patterns(self.X[batch], self.D[batch], self.sample_weight[batch])
