"""Patterns as the formulas need them, and how their costs are reduced to one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from deltarule.checks import Matrix, Vector
from deltarule.labels import CodedLabels, Label

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


class Labelled(NamedTuple):
    """Checked patterns with labels; their desired outputs are made for some at once, since those of all may fill the memory.

    X : (P, N) inputs. labels : (P,). sample_weight : (P,) weights v. encode : makes rows of desired outputs of labels.
    """

    X: Matrix
    labels: CodedLabels
    sample_weight: Vector
    encode: Callable[[list[Label]], Any]

    def take(self, batch: slice) -> Patterns:
        """The patterns of one batch."""
        return Patterns(self.X[batch], self.encode(self.labels[batch].tolist()), self.sample_weight[batch])
