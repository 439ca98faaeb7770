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

    name = "direct"

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


def seconds_for(work: Work) -> float:
    """About how long this engine takes for a `work`: 40 microseconds for each call of NumPy's formulas, and the arithmetic."""
    patterns, descent = len(work.training.X), work.descent
    updates = descent.epochs * descent.updates_per_epoch(patterns)
    every = 1 if descent.tolerance is not None else work.record_every
    recorded = descent.epochs // every if every else 0
    multiplications = (2 * descent.epochs + recorded) * patterns * work.layer.weights.size
    return 4e-5 * (updates + recorded) + 5e-10 * multiplications


start = DirectEngine
