"""The compiled engine: hands the kernels flat arrays, and their report back."""

from __future__ import annotations

import math
import threading
import time
from collections import defaultdict
from functools import cached_property, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deltarule.engines import thresholds
from deltarule.engines.background import heard, in_background
from deltarule.engines.base import Best, Engine, Report, Work
from deltarule.engines.for_kernels import (
    formulas_of,
    is_small,
    kernel_data,
    kernel_orders,
    kernel_rates,
    kernel_rule,
    steps_of,
    tiles_of_wide,
)  # fmt: skip
from deltarule.engines.kernels import patterns, wide_tiles
from deltarule.engines.kernels.arguments import (
    ALL_EPOCHS,
    COLUMNS,
    COST,
    ERRORS,
    INTERRUPTED,
    NOT_FINITE,
    PATIENCE_OVER,
    RUNNING,
    TOLERANCE_MET,
    Data,
    Orders,
    Rule,
    padded,
    zeros,
)  # fmt: skip
from deltarule.engines.kernels.compiling import DISABLE_JIT, as_type, on_disk
from deltarule.engines.kernels.descending import descend
from deltarule.engines.kernels.disk import say
from deltarule.engines.kernels.shuffle import set_state
from deltarule.engines.pace import pace_of
from deltarule.engines.recorded import Recorded
from deltarule.engines.threads import chosen_threads, in_threads, thread_count
from deltarule.layers import Layer
from deltarule.outcome import Reason

# The kernels' codes for why they ended.
REASONS = {
    RUNNING: Reason.INTERRUPTED,
    ALL_EPOCHS: Reason.EPOCHS_DONE,
    TOLERANCE_MET: Reason.TOLERANCE_MET,
    NOT_FINITE: Reason.COST_NOT_FINITE,
    INTERRUPTED: Reason.INTERRUPTED,
    PATIENCE_OVER: Reason.PATIENCE_OVER,
}
MOST_TEAM = 4  # threads that divide an update at most


class CompiledEngine:
    """One call of `descend` (one a thread) for as many epochs as are asked for at once.

    Parameters
    ----------
    work : what to do.
    stop : an array of one 0; when another thread writes 1 there, the run ends as at Ctrl-C. None: one of its own.
    specialise : whether `prepare` may compile kernels for the shape of this layer.
    """

    name = "compiled"

    def __init__(self, work: Work, stop: NDArray[np.int64] | None = None, *, specialise: bool = True) -> None:
        self.work = work
        descent, layer, now = work.descent, work.layer, thresholds.get()
        chosen_threads()  # asked first, so that a bad number is refused for any layer
        count, N, K = len(work.training.X), layer.inputs, layer.neurons
        followed = 0.0 if work.validation is None else float(work.validation.sample_weight.sum())
        self.rule = kernel_rule(layer, descent, count, work.record_every, followed)
        self.training = kernel_data(work.training)
        X, D, v, _ = self.training
        nothing = Data(X[:0], D[:0], v[:0], 0)
        self.validation = nothing if work.validation is None else kernel_data(work.validation)
        # A team of threads for each size that may be the fastest; `Pace` finds out.
        self.teams: dict[int, list[Any]]
        self.own: Any
        if is_small(layer):
            decays = self.rule.weight_decay, self.rule.bias_decay
            self.own = patterns.tiles_for(N, K, layer.dtype, decays, biases=layer.has_biases)
            self.teams = {1: [self.own]}
        else:
            self.own = tiles_of_wide(layer, self.rule.batch_size, momentum=descent.momentum > 0)
            worth = self.rule.batch_size * N * K >= now.team_multiplications
            largest = min(thread_count(MOST_TEAM), len(self.own.shares) - 1) if worth else 1
            sizes = [each for each in now.team_sizes if each <= largest] or [1]
            self.teams = {each: wide_tiles.team_of(self.own, each) for each in sizes}
        self.parameters = self._parameters_of(layer)
        self.velocity = zeros(self.parameters.size if descent.momentum else 0, layer.dtype)
        self.saved = [zeros(self.parameters.size, layer.dtype) for _ in range(max(self.teams))]
        self.orders, self.rng = kernel_orders(descent, count)
        self.stop = np.zeros(1, np.int64) if stop is None else stop
        kind = formulas_of(layer)
        self.shape = kind, N, K, layer.dtype.char
        self.pace = pace_of(tuple(sorted(self.teams)), (self.shape, count, self.rule.batch_size, work.record_every))
        self.in_threads = self.pace.sizes != (1,) or count * N * K > now.long_epoch
        self.epoch, self.cost = 0, math.nan
        self.best: Best | None = None
        self.best_parameters = zeros(0 if descent.patience is None else self.parameters.size, layer.dtype)
        self._set_rates(0)
        self.first_slice = max(1, now.first_multiplications // (count * (N + 1) * K))
        # The rule for kernels of this kind and shape alone: where they are compiled already, they serve at once.
        self.unrolled: Rule | None = None
        self.specialise = specialise
        self.compiling: threading.Thread | None = None
        if is_small(layer) and layer.weights.size <= now.unrolled_weights:
            self.unrolled = self.rule._replace(kind=as_type(kind), inputs=as_type(N), neurons=as_type(K))
            if self._is_compiled(self.unrolled):
                self.rule = self.unrolled

    def load(self) -> CompiledEngine:
        """Load the kernels, or compile them where they are not on disk, outside what is timed. It returns the engine."""
        if self.family not in _loaded:
            heard(lambda: self._descend(0, 0))
            _loaded.add(self.family)
        return self

    @property
    def family(self) -> tuple[Any, ...]:
        """What decides which kernels are needed."""
        return self.shape if self.rule is self.unrolled else (type(self.own).__name__, self.work.layer.dtype.char)

    @property
    def is_ready(self) -> bool:
        """Whether the kernels are loaded, or can be loaded from disk."""
        return self.family in _loaded or on_disk(
            descend, *self._arguments(self.own, 0, self.rule, self.orders, 0, np.empty((0, COLUMNS)))
        )

    def prepare(self, seconds: float) -> None:
        """Compile kernels for this kind and shape, where it is worth it, and go on with them when they are ready.

        It is worth it where layers of this kind and shape have taken long enough in this process, the rest of this run included. In
        a thread, so that training goes on meanwhile, and Ctrl-C is heard.

        Parameters
        ----------
        seconds : what the rest of the run takes with the present kernels.
        """
        if not self.specialise or self.unrolled is None or self.rule is self.unrolled:
            return
        if _compiled[self.shape]:
            self.rule = self.unrolled
        elif _spent[self.shape] + seconds > thresholds.get().unrolled_seconds and self.compiling is None:
            self.compiling = in_background(partial(self._compile, self.unrolled))

    def _compile(self, rule: Rule) -> None:
        descend(*self._arguments(self.own, 0, rule, self.orders, 0, np.empty((0, COLUMNS))))
        _compiled[self.shape] = True

    def _is_compiled(self, rule: Rule) -> bool:
        """Whether there are kernels for this kind and shape."""
        if self.shape not in _compiled:
            _compiled[self.shape] = on_disk(
                descend, *self._arguments(self.own, 0, rule, self.orders, 0, np.empty((0, COLUMNS)))
            )
        return _compiled[self.shape]

    def advance(self, epochs: int) -> Report:
        """See `engines.base.Engine`."""
        if self.epoch == 0:
            self.cost, self.best = float(self.initial.cost[0]), self.work.first_best(self.initial)
        every = self.rule.record_every
        recorded = 1 + ((self.epoch + epochs) // every - self.epoch // every if every else 0)
        before = None if self.rng is None else self.rng.bit_generator.state
        began = time.perf_counter()
        done, filled, why, self.cost, best_value, best_epoch, table = self._descend(epochs, recorded)
        if self.rule is not self.unrolled:
            _spent[self.shape] += time.perf_counter() - began
        if self.rng is not None and before is not None:
            # The generator goes on from after the last epoch done.
            if self.orders.state.size:
                set_state(self.rng, self.orders.state)
            elif done < epochs:
                self.rng.bit_generator.state = before
                for _ in range(done):
                    self.rng.permutation(self.training.patterns)
        if why == INTERRUPTED:
            raise KeyboardInterrupt
        self.epoch += done
        if self.best is not None and best_epoch > self.best.epoch:
            self.best = Best(self._layer_of(self.best_parameters), best_epoch, best_value)
        reason = None if why == ALL_EPOCHS else REASONS[why]
        return Report(self._layer_of(self.parameters), done, self.work.recorded(table[:filled]), reason, self.best)

    @cached_property
    def initial(self) -> Recorded:
        """See `engines.base.Engine`."""
        return self.record(self.work.layer, 0)

    def record(self, layer: Layer, epoch: int) -> Recorded:
        """See `engines.base.Engine`: by the kernels, as after an epoch."""
        parameters = self.parameters if layer is self.work.layer and self.epoch == 0 else self._parameters_of(layer)
        row = [float(epoch), *self._evaluate(parameters, self.training), math.nan, math.nan]
        if self.work.validation is not None:
            row[3:] = self._evaluate(parameters, self.validation)
        # What is not finite NumPy decides, as it does for the other engines.
        return self.work.recorded([row]) if math.isfinite(row[COST]) else self.work.record(layer, epoch)

    def _evaluate(self, parameters: NDArray[Any], data: Data) -> tuple[float, float]:
        """The cost and the errors of parameters over a set."""

        def run(rank: int) -> NDArray[np.float64]:
            table = np.empty((1, COLUMNS))
            tiles = self.teams[size][rank]
            descend(
                self.rule, data, self.validation, tiles, self.orders, self.rates, self.steps, parameters, self.velocity,
                self.saved[rank], self.best_parameters, 0, 0, 0.0, 0.0, 0, table, self.stop,
            )  # fmt: skip
            return table

        size = self.pace.best()
        row = (in_threads(run, size, self.stop)[0] if self.in_threads else run(0))[0]
        return float(row[COST]), float(row[ERRORS])

    def _parameters_of(self, layer: Layer) -> NDArray[Any]:
        """The parameters of a layer of this kind and shape, as the kernels lay them."""
        N, K = layer.weights.shape
        if is_small(layer):
            parameters = zeros(padded((N + 1) * K, layer.dtype), layer.dtype)
            rows = self._rows_of(parameters)
            rows[:N], rows[N] = layer.weights, layer.biases
        else:
            parameters = zeros(wide_tiles.parameters_size(self.own), layer.dtype)
            wide_tiles.put(self.own, layer.weights, layer.biases, parameters)
        return parameters

    def _layer_of(self, parameters: NDArray[Any]) -> Layer:
        """The layer with these parameters, copied."""
        layer = self.work.layer
        if is_small(layer):
            rows = self._rows_of(parameters)
            return layer.with_unchecked_parameters(rows[:-1].copy(), rows[-1].copy())
        return layer.with_unchecked_parameters(*wide_tiles.taken(self.own, layer.weights.shape, parameters))

    def _rows_of(self, parameters: NDArray[Any]) -> NDArray[Any]:
        """(N + 1, K) of a small layer: the weights' rows, then the biases; a view."""
        N, K = self.work.layer.weights.shape
        return parameters[: (N + 1) * K].reshape(N + 1, K)

    def _set_rates(self, epochs: int) -> None:
        """The learning rates of the next epochs, see `descend`."""
        work = self.work
        rates = kernel_rates(work.layer, work.descent, self.training.patterns, self.epoch, epochs)
        self.rates, self.steps = rates.reshape(-1), steps_of(rates)

    def _descend(self, epochs: int, recorded: int) -> tuple[int, int, int, float, float, int, NDArray[np.float64]]:
        """What `descend` returns for `epochs` epochs, and the table that it filled, which has room for `recorded` rows."""
        orders = self.orders
        if not self.work.descent.schedule.is_constant:
            self._set_rates(epochs)
        if self.rng is not None and not orders.state.size and epochs:
            # Another generator than PCG64: NumPy draws the orders, ahead.
            given = [self.rng.permutation(self.training.patterns) for _ in range(epochs)]
            orders = orders._replace(given=np.array(given, np.int64))
        size = self.pace.choose()

        def run(rank: int) -> tuple[int, int, int, float, float, int, NDArray[np.float64]]:
            table = np.empty((recorded, COLUMNS))
            return (*descend(*self._arguments(self.teams[size][rank], rank, self.rule, orders, epochs, table)), table)

        if not self.in_threads or epochs == 0:
            return run(0)
        began = time.perf_counter()
        found = in_threads(run, size, self.stop)[0]
        self.pace.note(size, (time.perf_counter() - began) / epochs)
        return found

    def _arguments(
        self, tiles: Any, rank: int, rule: Rule, orders: Orders, epochs: int, table: NDArray[np.float64]
    ) -> tuple[Any, ...]:
        """What a thread calls `descend` with."""
        value, epoch = (0.0, 0) if self.best is None else (self.best.value, self.best.epoch)
        return (
            rule, self.training, self.validation, tiles, orders, self.rates, self.steps, self.parameters,
            self.velocity, self.saved[rank], self.best_parameters, epochs, self.epoch + 1, self.cost, value, epoch, table,
            self.stop,
        )  # fmt: skip


# By kind, shape and dtype: whether there are kernels for it alone, as found when first asked.
_compiled: dict[tuple[Any, ...], bool] = {}
# And the seconds that layers of it took with the kernels for all.
_spent: dict[tuple[Any, ...], float] = defaultdict(float)

# The families of kernels that are loaded, and how long the direct engine has worked in their place, in seconds.
_loaded: set[tuple[Any, ...]] = set()
_spared: dict[tuple[Any, ...], float] = defaultdict(float)


def start(work: Work) -> Engine:
    """The engine at the start of a `work`.

    Kernels take some seconds to compile, once after an installation. Until then the direct engine does what takes it a moment,
    and gives the same to rounding. When all of this together would take longer than a second, the kernels are compiled.
    """
    from deltarule.engines.direct import DirectEngine, seconds_for

    engine = CompiledEngine(work)
    if not engine.is_ready and not DISABLE_JIT:
        _spared[engine.family] += seconds_for(work)
        if _spared[engine.family] <= thresholds.get().spared_seconds:
            return DirectEngine(work)
        say("Kernels are compiled for this processor, once after an installation. This takes some seconds.")
    engine.load().prepare(0.0)
    return engine
