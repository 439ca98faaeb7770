"""The compiled engine: hands the kernels flat arrays, and their report back."""

from __future__ import annotations

import threading
import time
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from deltarule.checks import generator
from deltarule.descent import Descent
from deltarule.engines.base import Report, Stop, Work
from deltarule.engines.kernels import formulas, neurons, patterns
from deltarule.engines.kernels.arguments import (
    ALL_EPOCHS,
    INTERRUPTED,
    NOT_FINITE,
    TOLERANCE_MET,
    Data,
    Orders,
    Rule,
    padded,
    zeros,
)  # fmt: skip
from deltarule.engines.kernels.compiling import as_type, on_disk
from deltarule.engines.kernels.descending import descend
from deltarule.engines.kernels.shuffle import set_state, state_of
from deltarule.engines.threads import in_threads
from deltarule.layers import Layer, LogisticLayer, Patterns, PerceptronLayer

STOPS = {ALL_EPOCHS: None, TOLERANCE_MET: Stop.TOLERANCE, NOT_FINITE: Stop.NOT_FINITE}
# Up to so many weights, with so few inputs, patterns go into the lanes; beyond, neurons do (measured: `benchmarks`).
MOST_WEIGHTS, MOST_INPUTS = 256, 256
# Multiplications in an update from which on a second thread repays the time that threads wait for each other.
WORTH_THREADS = 400_000
# Multiplications in an epoch from which on it takes long enough for Ctrl-C to be asked about inside it.
LONG_EPOCH = 20_000_000
# Calls of `advance` between trials of each size of team.
LOOK_AGAIN = 24
# Weights up to which a kernel is made for a shape, and the seconds left from which on that repays the five that
# compiling it takes.
MOST_UNROLLED = 64
WORTH_MAKING = 20.0
VECTOR = 16  # the most lanes that a vector has


def kernel_kind(layer: Layer) -> int:
    """The kernels' name for a kind of layer."""
    if isinstance(layer, PerceptronLayer):
        return formulas.SIGMOID if layer.activation == "sigmoid" else formulas.TANH
    if isinstance(layer, LogisticLayer):
        return formulas.LOGISTIC if layer.classes is None or layer.neurons == 1 else formulas.ONE_AGAINST_REST
    return {"linear": formulas.LINEAR, "softmax": formulas.SOFTMAX}[layer.kind]


def kernel_data(given: Patterns) -> Data:
    """Patterns as the kernels read them: flat, without weights that are all 1."""
    weights = given.sample_weight if np.any(given.sample_weight != 1) else given.sample_weight[:0]
    return Data(_flat(given.X), _flat(given.D), _flat(weights), len(given.X))


class _Memory:
    """An array's memory, that does not say whether it may be written."""

    def __init__(self, array: NDArray[Any]) -> None:
        self.array = array
        address = array.__array_interface__["data"][0]
        self.__array_interface__ = array.__array_interface__ | {"data": (address, False)}


def _flat(array: NDArray[Any]) -> NDArray[Any]:
    """The numbers row by row: the array's own memory where it can be.

    To Numba an array that must not be written has another type, and kernels, which write none of these, would be
    compiled again for it.
    """
    if not (array.flags.c_contiguous and array.flags.aligned):
        array = np.require(array, requirements=("C", "A"))
    flat = array.reshape(-1)
    return flat if flat.flags.writeable else np.asarray(_Memory(flat))


def is_small(layer: Layer) -> bool:
    """Whether patterns (or models) go into the lanes, rather than neurons."""
    return layer.weights.size <= MOST_WEIGHTS and layer.inputs <= MOST_INPUTS


def kernel_rule(layer: Layer, descent: Descent, patterns: int, record_every: int) -> Rule:
    """A descent as the kernels read it, for so many training patterns."""
    batch = patterns if descent.batch_size is None else min(descent.batch_size, patterns)
    return Rule(
        kind=kernel_kind(layer),
        inputs=layer.inputs,
        neurons=layer.neurons,
        learning_rate=float(descent.learning_rate),
        batch_size=batch,
        mean_factor=float(layer.mean_factor) if descent.reduction == "mean" else 0.0,
        weight_decay=float(descent.weight_decay),
        tolerance=-1.0 if descent.tolerance is None else float(descent.tolerance),
        record_every=record_every,
    )


def order_of(descent: Descent, patterns: int) -> tuple[Orders, np.random.Generator | None]:
    """Where the order of the patterns comes from, and the generator that it is drawn from (None for the full batch).

    The kernels draw from PCG64; orders of other generators must be given to them.
    """
    rng = None if descent.is_full_batch(patterns) else generator("seed", descent.seed)
    state = None if rng is None else state_of(rng)
    order = np.zeros(patterns + VECTOR, np.int64)
    order[:patterns] = np.arange(patterns)
    return Orders(np.empty(0, np.uint64) if state is None else state, np.empty((0, patterns), np.int64), order), rng


class Pace:
    """Which size of team is the fastest: each is tried, and tried again now and then, for cores may be busy with other things."""

    def __init__(self, sizes: list[int]) -> None:
        self.sizes, self.calls = sizes, 0
        self.seconds: dict[int, float] = {}

    def choose(self) -> int:
        """The size for the next call."""
        untried = [size for size in self.sizes if size not in self.seconds]
        if untried:
            return untried[0]
        if self.calls % LOOK_AGAIN == 0:
            return self.sizes[self.calls // LOOK_AGAIN % len(self.sizes)]
        return min(self.sizes, key=lambda size: self.seconds[size])

    def note(self, size: int, seconds: float) -> None:
        """What an epoch took in a team of this size."""
        self.calls += 1
        self.seconds[size] = seconds


class CompiledEngine:
    """One call of `descend` (one a thread) for as many epochs as are asked for at once.

    stop : an array of one 0; when another thread writes 1 there, the run ends as at Ctrl-C.
    """

    def __init__(self, work: Work, stop: NDArray[np.int64] | None = None) -> None:
        self.work = work
        descent, layer = work.descent, work.layer
        count, N, K = len(work.training.X), layer.inputs, layer.neurons
        self.rule = kernel_rule(layer, descent, count, work.record_every)
        self.training = kernel_data(work.training)
        X, D, v, _ = self.training
        nothing = Data(X[:0], D[:0], v[:0], 0)
        self.validation = nothing if work.validation is None else kernel_data(work.validation)
        # A team of threads for each size that may be the fastest; `Pace` finds out.
        self.teams: dict[int, list[Any]]
        if is_small(layer):
            shrink = descent.learning_rate * descent.weight_decay
            self.teams = {1: [patterns.tiles_for(N, K, layer.dtype, shrink)]}
            self.row = K
        else:
            own = neurons.tiles_for(N, K, self.rule.batch_size, layer.dtype)
            self.teams = {1: [own]}
            threads = min(neurons.shares_of(N), numba.config.NUMBA_NUM_THREADS)
            if self.rule.batch_size * N * K >= WORTH_THREADS:
                self.teams |= {size: list(neurons.team_of(own, size)) for size in (2, 4) if size <= threads}
            self.row = padded(K, layer.dtype)
        self.parameters = zeros(padded((N + 1) * self.row, layer.dtype), layer.dtype)
        rows = self._rows_of(self.parameters)
        rows[:N, :K], rows[N, :K] = layer.weights, layer.biases
        self.pace = Pace(sorted(self.teams))
        self.kept = [zeros(self.parameters.size, layer.dtype) for _ in range(max(self.teams))]
        self.orders, self.rng = order_of(descent, count)
        self.stop = np.zeros(1, np.int64) if stop is None else stop
        self.long = len(self.teams) > 1 or count * N * K > LONG_EPOCH
        self.epoch, self.cost = 0, work.initial_cost
        # Kernels for this kind and shape alone: where they are compiled already, they serve at once.
        self.made = None
        self.making: threading.Thread | None = None
        if is_small(layer) and layer.weights.size <= MOST_UNROLLED:
            self.made = self.rule._replace(kind=as_type(kernel_kind(layer)), inputs=as_type(N), neurons=as_type(K))
            if self._is_made():
                self.rule = self.made
        self._descend(0, 0)  # compiles or loads the kernels, outside what is timed

    def prepare(self, seconds: float) -> None:
        """Compile kernels for this kind and shape, where the rest takes long enough, and go on with them when they are ready.

        In a thread, so that training goes on meanwhile, and Ctrl-C is heard.
        """
        if self.made is None or self.rule is self.made:
            return
        if _made[self._shape()]:
            self.rule = self.made
        elif seconds > WORTH_MAKING and self.making is None:
            self.making = threading.Thread(target=self._make)
            self.making.start()

    def _make(self) -> None:
        descend(*self._arguments(self.teams[1][0], 0, self.made, self.orders, 0, np.empty((0, 5))))
        _made[self._shape()] = True

    def _shape(self) -> tuple[Any, ...]:
        """What kernels are made for."""
        return kernel_kind(self.work.layer), *self.work.layer.weights.shape, self.work.layer.dtype

    def _is_made(self) -> bool:
        """Whether there are kernels for this kind and shape."""
        shape = self._shape()
        if shape not in _made:
            _made[shape] = on_disk(
                descend, *self._arguments(self.teams[1][0], 0, self.made, self.orders, 0, np.empty((0, 5)))
            )
        return _made[shape]

    def advance(self, epochs: int) -> Report:
        """See `engines.base.Engine`."""
        every = self.rule.record_every
        recorded = (self.epoch + epochs) // every - self.epoch // every if every else 0
        before = None if self.rng is None else self.rng.bit_generator.state
        done, filled, why, self.cost, rows = self._descend(epochs, recorded)
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
        rows = rows[:filled]
        if kernel_kind(self.work.layer) in NUMBERS:
            rows[:, [2, 4]] = np.nan
        if self.work.validation is None:
            rows[:, 3:] = np.nan
        N, K = self.work.layer.weights.shape
        reached = self._rows_of(self.parameters)
        return Report(
            self.work.layer.with_unchecked_parameters(reached[:N, :K].copy(), reached[N, :K].copy()),
            done,
            rows,
            STOPS[why],
        )

    def _rows_of(self, parameters: NDArray[Any]) -> NDArray[Any]:
        """(N + 1, row): the weights' rows, then the biases; a view."""
        N = self.work.layer.inputs
        return parameters[: (N + 1) * self.row].reshape(N + 1, self.row)

    def _descend(self, epochs: int, recorded: int) -> tuple[int, int, int, float, NDArray[np.float64]]:
        orders = self.orders
        if self.rng is not None and not orders.state.size and epochs:
            # Another generator than PCG64: NumPy draws the orders, ahead.
            given = [self.rng.permutation(self.training.patterns) for _ in range(epochs)]
            orders = orders._replace(given=np.array(given, np.int64))
        size = self.pace.choose()

        def run(rank: int) -> tuple[int, int, int, float, NDArray[np.float64]]:
            rows = np.empty((recorded, 5))
            return (*descend(*self._arguments(self.teams[size][rank], rank, self.rule, orders, epochs, rows)), rows)

        if not self.long or epochs == 0:
            return run(0)
        began = time.perf_counter()
        told = in_threads(run, size, self.stop)[0]
        self.pace.note(size, (time.perf_counter() - began) / epochs)
        return told

    def _arguments(
        self, tiles: Any, rank: int, rule: Rule | None, orders: Orders, epochs: int, rows: NDArray[np.float64]
    ) -> tuple[Any, ...]:
        """What a thread calls `descend` with."""
        return (
            rule, self.training, self.validation, tiles, orders, self.parameters, self.kept[rank], epochs,
            self.epoch + 1, self.cost, rows, self.stop,
        )  # fmt: skip


# By kind, shape and dtype: whether there are kernels for it, as found when first asked.
_made: dict[tuple[Any, ...], bool] = {}

# Kinds that predict numbers have no errors.
NUMBERS = (formulas.LINEAR, formulas.SIGMOID, formulas.TANH)

start = CompiledEngine
