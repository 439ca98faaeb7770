"""The compiled engine: hands `kernels.descend` contiguous arrays, and its report back."""

from __future__ import annotations

from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deltarule.engines import kernels
from deltarule.engines.base import Report, Stop, Work
from deltarule.layers import Layer, LogisticLayer, Patterns, PerceptronLayer

STOPS = {kernels.ALL_EPOCHS: None, kernels.TOLERANCE_MET: Stop.TOLERANCE, kernels.NOT_FINITE: Stop.NOT_FINITE}


def kernel_kind(layer: Layer) -> int:
    """The kernels' name for a kind of layer."""
    if isinstance(layer, PerceptronLayer):
        return kernels.SIGMOID if layer.activation_name == "sigmoid" else kernels.TANH
    if isinstance(layer, LogisticLayer):
        return kernels.LOGISTIC if layer.classes is None or layer.neurons == 1 else kernels.ONE_AGAINST_REST
    return {"linear": kernels.LINEAR, "softmax": kernels.SOFTMAX}[layer.kind]


class CompiledEngine:
    """One call of `kernels.descend` for as many epochs as are asked for at once."""

    def __init__(self, work: Work) -> None:
        self.work = work
        count = len(work.training.inputs)
        descent, layer = work.descent, work.layer
        self.full_batch = descent.is_full_batch(count)
        self.orders = descent.orders(count)
        self.rule = kernels.Rule(
            kind=kernel_kind(layer),
            learning_rate=float(descent.learning_rate),
            batch_size=count if descent.batch_size is None or self.full_batch else descent.batch_size,
            mean_factor=float(layer.mean_factor) if descent.reduction == "mean" else 0.0,
            weight_decay=float(descent.weight_decay),
            tolerance=-1.0 if descent.tolerance is None else float(descent.tolerance),
            record_every=work.record_every,
        )
        self.training = kernels.Data(*work.training)
        nothing = Patterns(*(part[:0] for part in work.training))
        self.validation = kernels.Data(*(work.validation or nothing))
        self.weights, self.biases = layer.weights.copy(), layer.biases.copy()
        self.epoch, self.cost = 0, work.initial_cost
        self._descend(
            np.arange(count)[None], 0, np.empty((0, 5))
        )  # compiles or loads the kernels, outside what is timed

    def advance(self, epochs: int) -> Report:
        """See `engines.base.Engine`."""
        orders: NDArray[Any] = np.array(list(islice(self.orders, 1 if self.full_batch else epochs)))
        every = self.rule.record_every
        rows = np.empty(((self.epoch + epochs) // every - self.epoch // every if every else 0, 5))
        done, filled, why, self.cost = self._descend(orders, epochs, rows)
        self.epoch += done
        rows = rows[:filled]
        if self.rule.kind in (kernels.LINEAR, kernels.SIGMOID, kernels.TANH):
            rows[:, [2, 4]] = np.nan
        if self.work.validation is None:
            rows[:, 3:] = np.nan
        return Report(self.work.layer.updated(self.weights.copy(), self.biases.copy()), done, rows, STOPS[why])

    def _descend(self, orders: NDArray[Any], epochs: int, rows: NDArray[Any]) -> tuple[int, int, int, float]:
        return kernels.descend(
            self.rule,
            self.training,
            self.validation,
            orders,
            epochs,
            self.epoch + 1,
            self.cost,
            self.weights,
            self.biases,
            rows,
        )


start = CompiledEngine
