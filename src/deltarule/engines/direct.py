"""Direct gradients in NumPy: one `iteration.step` a batch. It reads like the formulas."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from deltarule.descent import Batch
from deltarule.engines.base import EpochEngine, Work
from deltarule.iteration import step
from deltarule.layers import Layer


class DirectEngine(EpochEngine):
    """W <- W - a (X^T delta + L W), b <- b - a 1^T delta, written as such."""

    def __init__(self, work: Work) -> None:
        super().__init__(work)
        self.reached = work.layer

    def run_epoch(self, order: NDArray[np.intp], batches: list[Batch]) -> None:
        """One update a batch."""
        for batch in batches:
            self.reached = step(self.reached, self.work.training.take(batch), self.work.descent).layer

    def layer(self) -> Layer:
        """The layer as it stands."""
        return self.reached


start = DirectEngine
