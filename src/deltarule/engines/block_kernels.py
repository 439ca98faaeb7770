"""The compiled kernels over blocks of patterns, one after the other: parameters and velocity stay in their place."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from deltarule.engines.base import Work, representable
from deltarule.engines.compiled import CompiledEngine
from deltarule.engines.for_kernels import kernel_data
from deltarule.engines.kernels.arguments import ALL_EPOCHS, COLUMNS, COST, ERRORS, INTERRUPTED
from deltarule.engines.kernels.descending import descend
from deltarule.iteration import Velocity
from deltarule.layers import Layer, Patterns
from deltarule.schedules import CONSTANT
from deltarule.streams.patterns import summed_by_layer


class KernelUpdates(CompiledEngine):
    """See `streaming.Updates`. To the kernels a block is a set of patterns, and a pass over it one of two epochs.

    Parameters
    ----------
    work : what to do.
    layer, velocity : where to start.
    batch : rows of a mini-batch.
    largest : rows of a block at most.
    """

    def __init__(self, work: Work, layer: Layer, velocity: Velocity | None, batch: int, largest: int) -> None:
        # The kernels evaluate after the last epoch: there are two, of which none is the last.
        plain = replace(
            work.descent, order="given", seed=0, epochs=2, batch_size=batch, schedule=CONSTANT, tolerance=None,
            patience=None, monitor="cost", min_change=0.0,
        )  # fmt: skip
        N, K = layer.weights.shape
        # Of zeros that are not written, memory is not taken.
        room = Patterns(np.zeros((largest, N), layer.dtype), np.zeros((largest, K), layer.dtype), np.ones(largest))
        super().__init__(Work(layer, room, None, plain, 0))
        if velocity is not None:
            moving = layer.with_unchecked_parameters(velocity.weights, velocity.biases)
            self.velocity[:] = self._parameters_of(moving)
        self.load()

    def run(self, block: Patterns, rates: np.ndarray[Any, Any]) -> bool:
        """See `streaming.Updates`."""
        self.training = kernel_data(block)
        self.rates = np.array([representable(rate, self.work.layer) for rate in rates.tolist()])
        self.steps = (0, int(len(rates) > 1))
        why = self._descend(1, 0)[2]
        if why == INTERRUPTED:
            raise KeyboardInterrupt
        return bool(why == ALL_EPOCHS)

    def summed(self, layer: Layer, block: Patterns) -> tuple[float, float | None]:
        """The sums of costs and of errors of a small layer over a block; see `StreamedPatterns.summed`."""
        table = np.empty((1, COLUMNS))
        plain = self.rule._replace(mean_factor=0.0, weight_decay=0.0, bias_decay=0.0)
        descend(
            plain, kernel_data(block), self.validation, self.own, self.orders, self.rates, self.steps,
            self._parameters_of(layer), self.velocity, self.saved[0], self.best_parameters, 0, 0, 0.0, 0.0, 0, table, self.stop,
        )  # fmt: skip
        cost, errors = float(table[0, COST]), float(table[0, ERRORS])
        if not np.isfinite(cost):  # NumPy decides, as it does for the other engines
            return summed_by_layer(layer, block)
        return cost, errors if layer.has_classes else None

    def layer(self) -> Layer:
        """See `streaming.Updates`."""
        return self._layer_of(self.parameters)

    def motion(self) -> Velocity | None:
        """See `streaming.Updates`."""
        if not self.velocity.size:
            return None
        moving = self._layer_of(self.velocity)
        return Velocity(moving.weights, moving.biases)
