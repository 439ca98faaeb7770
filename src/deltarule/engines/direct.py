"""Direct gradients in NumPy: one `iteration.step` a batch. It reads like the formulas."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from deltarule.descent import Batch
from deltarule.engines.base import EpochEngine, Work, representable
from deltarule.iteration import Velocity, step
from deltarule.layers import Layer


class DirectEngine(EpochEngine):
    """W <- W - a (X^T delta + L W), b <- b - a 1^T delta, written as such; with momentum by way of a velocity."""

    def __init__(self, work: Work) -> None:
        super().__init__(work)
        self.reached = work.layer
        self.velocity: Velocity | None = None

    def run_epoch(self, order: NDArray[np.intp], batches: list[Batch], rates: list[float]) -> None:
        """One update a batch."""
        for batch, rate in zip(batches, rates, strict=True):
            patterns = self.work.training.take(batch)
            done = step(self.reached, patterns, self.work.descent, representable(rate, self.reached), self.velocity)
            self.reached, self.velocity = done.layer, done.velocity

    def layer(self) -> Layer:
        """The layer as it stands."""
        return self.reached


start = DirectEngine
