"""The compiled engine for sparse inputs: an update takes the time of its non-zero entries, whatever the number of inputs.

Weight decay would change all weights in each update. So W is kept as s V: a decay changes s alone, and the gradient V (Bottou,
"Stochastic gradient descent tricks", 2012, section 5.1). Momentum moves all weights anyway: its updates are `iteration.step`.
"""

from __future__ import annotations

from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from deltarule.descent import Batch
from deltarule.engines.background import heard
from deltarule.engines.base import Work, representable
from deltarule.engines.direct import DirectEngine
from deltarule.engines.for_kernels import formulas_of
from deltarule.engines.sparse_kernels.rows import add_products, synaptic_inputs
from deltarule.layers import Patterns
from deltarule.sums import FEW, column_sums

# s is taken back into V before it leaves these bounds: powers of two would round nothing, and others 1 part in 10^16.
SMALLEST, LARGEST = 2.0**-20, 2.0**20

_loaded: set[tuple[str, ...]] = set()


class SparseEngine(DirectEngine):
    """W <- (1 - a L) W - a X^T delta, b <- b - a 1^T delta, entry by entry.

    Parameters
    ----------
    work : what to do; its inputs are `SparseRows`.
    """

    name = "compiled"

    def __init__(self, work: Work) -> None:
        formulas_of(work.layer)  # refuses kinds of a user's own, whose formulas may look at the weights
        super().__init__(work)
        self.rows = cast("Any", work.training.X)
        self.weights, self.biases = np.array(work.layer.weights), np.array(work.layer.biases)
        self.scale = 1.0
        self.nothing = self.weights[:0]  # for the inputs of patterns whose synaptic inputs are known
        kinds = self.weights.dtype.char, self.rows.indices.dtype.char, self.rows.indptr.dtype.char
        if kinds not in _loaded:
            heard(lambda: self._add(np.empty(0, np.int64), self._inputs(np.empty(0, np.int64)), 0.0, self.weights[:0]))
            _loaded.add(kinds)

    def run_epoch(self, order: NDArray[np.intp], batches: list[Batch], rates: list[float]) -> None:
        """One update a batch."""
        if self.work.descent.momentum:
            super().run_epoch(order, batches, rates)
            return
        for batch, rate in zip(batches, rates, strict=True):
            self._update(np.arange(len(order))[batch] if isinstance(batch, slice) else batch, batch, rate)
        self._fold()
        self.reached = self.reached.with_unchecked_parameters(self.weights.copy(), self.biases.copy())

    def _update(self, rows: NDArray[np.intp], batch: Batch, rate: float) -> None:
        layer, descent, training = self.reached, self.work.descent, self.work.training
        rate = representable(rate, layer)
        some = Patterns(self.nothing, training.D[batch], training.sample_weight[batch])
        delta = layer.unchecked_scaled_delta(self._inputs(rows), some, descent.reduction)
        kept = 1.0 - rate * representable(descent.weight_decay, layer)
        if not SMALLEST < self.scale * kept < LARGEST:
            self._fold()
        if SMALLEST < self.scale * kept < LARGEST:
            self.scale *= kept
        else:  # 0, or below it, as where the rate is 1 / L
            self.weights *= layer.dtype.type(kept)
        if len(rows) > FEW and layer.dtype != np.float64:  # as `sums.products`: a sum of many numbers in float64
            gradient = np.zeros(self.weights.shape)
            self._add(rows, delta, 1.0, gradient)
            self._fold()
            self.weights -= (rate * gradient).astype(layer.dtype)
        else:
            self._add(rows, delta, -rate / self.scale, self.weights)
        if layer.has_biases:
            step = column_sums(delta)
            if descent.decay_biases:
                step = step + descent.weight_decay * self.biases
            self.biases = self.biases - rate * step

    def _inputs(self, rows: NDArray[np.intp]) -> NDArray[np.floating]:
        """(B, K) the synaptic inputs of rows."""
        X, U = self.rows, np.empty((len(rows), self.weights.shape[1]), self.weights.dtype)
        synaptic_inputs(X.indptr, X.indices, X.data, rows, self.weights, self.scale, self.biases, U)
        return U

    def _add(self, rows: NDArray[np.intp], delta: NDArray[np.floating], factor: float, W: NDArray[np.floating]) -> None:
        """W += factor X^T delta, of rows."""
        X = self.rows
        add_products(X.indptr, X.indices, X.data, rows, np.ascontiguousarray(delta), factor, W)

    def _fold(self) -> None:
        """Take s back into V."""
        if self.scale != 1:
            self.weights *= self.weights.dtype.type(self.scale)
            self.scale = 1.0


def start(work: Work) -> SparseEngine:
    """The engine at the start of a `work`."""
    return SparseEngine(work)
