"""The compiled engine: hands the kernels flat arrays, and their report back."""

from __future__ import annotations

import math
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deltarule.checks import generator
from deltarule.descent import Descent
from deltarule.engines import thresholds
from deltarule.engines.background import in_background
from deltarule.engines.base import Best, Engine, Report, Work, evaluated, representable, row_for
from deltarule.engines.kernels import formulas, patterns, wide_tiles
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
from deltarule.engines.kernels.shuffle import set_state, state_of
from deltarule.engines.kernels.wide_tiles import InputTiles, NeuronTiles, WideTiles
from deltarule.engines.threads import in_threads, thread_count
from deltarule.layers import (
    AdalineLayer,
    Layer,
    LinearLayer,
    LogisticLayer,
    Patterns,
    PerceptronLayer,
    RosenblattLayer,
    SoftmaxLayer,
)
from deltarule.outcome import Reason

# The kernels' formulas for a layer, a row a kind; see `base.row_for`.
FORMULAS: dict[type[Layer], Callable[[Any], int]] = {
    LinearLayer: lambda _layer: formulas.LINEAR,
    AdalineLayer: lambda layer: formulas.ADALINE if layer.neurons == 1 else formulas.ADALINE_OF_CLASSES,
    PerceptronLayer: lambda layer: {"sigmoid": formulas.SIGMOID, "tanh": formulas.TANH}[layer.activation],
    RosenblattLayer: lambda layer: {
        ("step", False): formulas.STEP,
        ("step", True): formulas.STEP_AGAINST_REST,
        ("sign", False): formulas.SIGN,
        ("sign", True): formulas.SIGN_AGAINST_REST,
    }[layer.activation, layer.is_one_against_rest()],
    LogisticLayer: lambda layer: (
        formulas.LOGISTIC if layer.classes is None or layer.neurons == 1 else formulas.ONE_AGAINST_REST
    ),
    SoftmaxLayer: lambda _layer: formulas.SOFTMAX,
}
# The kernels' codes for why they ended.
REASONS = {
    RUNNING: Reason.INTERRUPTED,
    ALL_EPOCHS: Reason.EPOCHS_DONE,
    TOLERANCE_MET: Reason.TOLERANCE_MET,
    NOT_FINITE: Reason.COST_NOT_FINITE,
    INTERRUPTED: Reason.INTERRUPTED,
    PATIENCE_OVER: Reason.PATIENCE_OVER,
}
VECTOR = 16  # the most lanes that a vector has
MOST_TEAM = 4  # threads that divide an update at most


def formulas_of(layer: Layer) -> int:
    """The kernels' number for the formulas of a layer.

    Raises
    ------
    InputError
        If the kernels have none for this kind.
    """
    return row_for(FORMULAS, layer, "compiled")(layer)


def kernel_data(given: Patterns) -> Data:
    """The `given` patterns as the kernels read them: flat, without weights that are all 1."""
    weights = given.sample_weight if np.any(given.sample_weight != 1) else given.sample_weight[:0]
    return Data(_flat(given.X), _flat(given.D), _flat(weights), len(given.X))


class _Memory:
    """An array's memory, which does not tell whether it may be written."""

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
    """Whether a `layer` is so small that patterns (or models) lie in the lanes; a larger one is wide."""
    now = thresholds.get()
    return layer.weights.size <= now.lane_weights and layer.inputs <= now.lane_inputs


def kernel_rule(layer: Layer, descent: Descent, patterns: int, record_every: int, followed: float = 0.0) -> Rule:
    """A descent as the kernels read it.

    Parameters
    ----------
    layer : whose formulas and shape the rule has.
    descent : how to descend.
    patterns : P, the number of training patterns.
    record_every : as in `base.Work`.
    followed : the sum of the weights of the validation set.
    """
    batch = patterns if descent.batch_size is None else min(descent.batch_size, patterns)
    decay = representable(descent.weight_decay, layer)
    return Rule(
        kind=formulas_of(layer),
        inputs=layer.inputs,
        neurons=layer.neurons,
        batch_size=batch,
        mean_factor=float(layer.factor_of_mean(descent.reduction) or 0.0),
        weight_decay=decay,
        bias_decay=decay if descent.decay_biases else 0.0,
        momentum=descent.momentum,
        nesterov=descent.nesterov,
        tolerance=-1.0 if descent.tolerance is None else float(descent.tolerance),
        patience=descent.patience or 0,
        min_change=descent.min_change,
        share_of=followed if descent.monitor == "accuracy" else 0.0,
        record_every=record_every,
        last_epoch=descent.epochs,
    )


def kernel_rates(layer: Layer, descent: Descent, patterns: int, done: int, epochs: int) -> NDArray[np.float64]:
    """The learning rates of some epochs: a row an epoch (or one for all), and in it one an update (or one for all).

    Parameters
    ----------
    layer : which is trained.
    descent : its rate and its schedule count.
    patterns : P, the number of training patterns.
    done : epochs done before the first of them.
    epochs : how many.
    """
    if descent.schedule.is_constant:
        return np.full((1, 1), representable(descent.learning_rate, layer))
    rates = descent.rates(done, epochs, patterns)
    largest = float(np.finfo(layer.dtype).max)
    return rates if rates.max(initial=0.0) <= largest else np.where(rates <= largest, rates, math.inf)


def steps_of(rates: NDArray[Any]) -> tuple[int, int]:
    """How far it is in (epochs, updates, ...) `rates` from one epoch to the next, and from one update to the next.

    It is 0 where all share one.
    """
    epochs, updates = rates.shape[:2]
    each = math.prod(rates.shape[2:])
    return updates * each if epochs > 1 else 0, each if updates > 1 else 0


def kernel_orders(descent: Descent, patterns: int) -> tuple[Orders, np.random.Generator | None]:
    """Where the order of the patterns comes from, and the generator that it is drawn from (None where the order is as given).

    The kernels draw from PCG64; orders of other generators must be given to them.

    Parameters
    ----------
    descent : its seed draws the orders of mini-batches.
    patterns : P, the number of training patterns.
    """
    rng = generator("seed", descent.seed) if descent.is_shuffled(patterns) else None
    state = None if rng is None else state_of(rng)
    order = np.arange(patterns + VECTOR, dtype=np.int64)
    order[patterns:] = 0
    return Orders(np.empty(0, np.uint64) if state is None else state, np.empty((0, patterns), np.int64), order), rng


def layout_of(layer: Layer) -> type[WideTiles]:
    """What lies in the lanes of a `layer` that is not a small one."""
    return InputTiles if layer.neurons <= thresholds.get().input_lanes_neurons else NeuronTiles


def tiles_of_wide(layer: Layer, batch: int, *, momentum: bool) -> WideTiles:
    """Working memory of one thread, for a layer that is not a small one.

    Parameters
    ----------
    layer : the layer; its shape and its dtype count.
    batch : the number of patterns in a batch.
    momentum : whether there is a velocity.
    """
    now = thresholds.get()
    kind = layout_of(layer)
    return wide_tiles.tiles_for(
        layer.inputs,
        layer.neurons,
        batch,
        layer.dtype,
        kind=kind,
        panels=(now.smallest_panel, now.largest_panel),
        minimum_share=now.minimum_lanes_share if kind is InputTiles else now.minimum_share,
        biases=layer.has_biases,
        momentum=momentum,
    )


class Pace:
    """Which team size is the fastest: each is tried, and tried again now and then, for cores may be busy with other things.

    Parameters
    ----------
    sizes : numbers of threads.
    """

    def __init__(self, sizes: tuple[int, ...]) -> None:
        self.sizes, self.calls = sizes, 0
        self.seconds: dict[int, float] = {}

    def choose(self) -> int:
        """The size for the next call."""
        untried = [size for size in self.sizes if size not in self.seconds]
        if untried:
            return untried[0]
        turn, rest = divmod(self.calls, thresholds.get().team_trials)
        if rest == 0:
            return self.sizes[turn % len(self.sizes)]
        return self.best()

    def best(self) -> int:
        """The fastest size so far; the largest before any is tried."""
        return min(self.seconds or self.sizes[-1:], key=lambda size: self.seconds.get(size, 0.0))

    def note(self, size: int, seconds: float) -> None:
        """Remember what an epoch took with a team of this size."""
        self.calls += 1
        self.seconds[size] = seconds


@lru_cache(maxsize=256)
def pace_of(sizes: tuple[int, ...], _run: tuple[Any, ...]) -> Pace:
    """The pace that runs alike share in a process: a short one has no time to try.

    Parameters
    ----------
    sizes : numbers of threads.
    _run : what runs that are alike have in common.
    """
    return Pace(sizes)


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
        threads = thread_count(MOST_TEAM)  # asked first, so that a bad number is refused for any layer
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
            size = padded((N + 1) * K, layer.dtype)
        else:
            self.own = tiles_of_wide(layer, self.rule.batch_size, momentum=descent.momentum > 0)
            worth = self.rule.batch_size * N * K >= now.team_multiplications
            largest = min(threads, len(self.own.shares) - 1) if worth else 1
            sizes = [each for each in now.team_sizes if each <= largest] or [1]
            self.teams = {each: wide_tiles.team_of(self.own, each) for each in sizes}
            size = wide_tiles.parameters_size(self.own)
        self.parameters = zeros(size, layer.dtype)
        if is_small(layer):
            rows = self._rows_of(self.parameters)
            rows[:N], rows[N] = layer.weights, layer.biases
        else:
            wide_tiles.put(self.own, layer.weights, layer.biases, self.parameters)
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
            self._descend(0, 0)
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
            self.cost, self.best = float(self.work.initial.cost[0]), self.work.first_best
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

    def evaluate(self) -> tuple[float, float]:
        """The cost and the errors of the layer as it stands."""
        size = self.pace.best()

        def run(rank: int) -> NDArray[np.float64]:
            table = np.empty((1, COLUMNS))
            descend(*self._arguments(self.teams[size][rank], rank, self.rule, self.orders, 0, table))
            return table

        row = in_threads(run, size, self.stop)[0][0]
        return float(row[COST]), float(row[ERRORS])

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


def evaluated_by_kernels(
    layer: Layer, patterns: Patterns | None, descent: Descent
) -> tuple[float | None, float | None]:
    """`base.evaluated`, in a fraction of NumPy's time for a large set, where the kernels are compiled.

    Parameters
    ----------
    layer, patterns, descent : as there.
    """
    large = patterns is not None and patterns.X.size * layer.neurons > thresholds.get().long_epoch
    if patterns is not None and large and type(layer) in FORMULAS:
        engine = CompiledEngine(Work(layer, patterns, None, descent, 0), specialise=False)
        if engine.is_ready:
            cost, errors = engine.evaluate()
            if math.isfinite(cost):  # else NumPy decides, as it does for the other engines
                return cost, errors if layer.has_classes else None
    return evaluated(layer, patterns, descent)


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
    engine.load().prepare(0.0)
    return engine
