"""One update of a layer, with every matrix on the way: the worked step."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, NamedTuple, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deltarule.checks import Matrix, Vector, brief, instance, whole
from deltarule.conventions import HOUSE, Conventions
from deltarule.descent import Batch, Descent
from deltarule.errors import InputError
from deltarule.json_values import json_value
from deltarule.layers import Layer, Patterns
from deltarule.sums import column_sums, products
from deltarule.training_task import TrainingTask, task_parts
from deltarule.views import Shown

# The farthest update that is worked: those before it take some seconds.
FARTHEST = 100_000


class Velocity(NamedTuple):
    """V of a descent with momentum: the running sum of gradients along which it steps.

    Attributes
    ----------
    weights, biases : (N, K), (K,) of the weights and of the biases.
    """

    weights: Matrix
    biases: Vector


class Step(NamedTuple):
    """What one update computes.

    Attributes
    ----------
    synaptic_inputs : (P, K) U of the batch.
    delta : (P, K) dJ/dU.
    weight_gradient, bias_gradient : (N, K), (K,) X^T delta + L W and 1^T delta (+ L b where biases are decayed; 0 where
        there are none).
    velocity : V after the update; None without momentum.
    layer : the layer after the update.
    """

    synaptic_inputs: Matrix
    delta: Matrix
    weight_gradient: Matrix
    bias_gradient: Vector
    velocity: Velocity | None
    layer: Layer


def step(layer: Layer, batch: Patterns, descent: Descent, rate: float, velocity: Velocity | None = None) -> Step:
    """The delta rule: one update, on one batch.

    U = X W + b;  delta = dJ/dU;  G = X^T delta + L W;  W <- W - a G;  and b likewise, with 1^T delta.

    With momentum m:  V <- m V + G;  W <- W - a V,  with Nesterov's  W <- W - a (G + m V).

    Parameters
    ----------
    layer : the layer before the update.
    batch : the patterns of the batch, checked against the layer.
    descent : its reduction, weight decay and momentum count.
    rate : a, the learning rate in force.
    velocity : V before the update; None: 0.
    """
    U = batch.X @ layer.weights + layer.biases
    delta = layer.unchecked_scaled_delta(U, batch, descent.reduction)
    weight_gradient = products(batch.X, delta)
    if descent.weight_decay:
        weight_gradient = weight_gradient + descent.weight_decay * layer.weights
    bias_gradient = column_sums(delta) if layer.has_biases else layer.biases
    if descent.decay_biases:
        bias_gradient = bias_gradient + descent.weight_decay * layer.biases
    velocity, updated = moved(layer, weight_gradient, bias_gradient, descent, rate, velocity)
    return Step(U, delta, weight_gradient, bias_gradient, velocity, updated)


def moved(
    layer: Layer,
    weight_gradient: Matrix,
    bias_gradient: Vector,
    descent: Descent,
    rate: float,
    velocity: Velocity | None,
) -> tuple[Velocity | None, Layer]:
    """The velocity and the layer after an update along these gradients: see `step`.

    Parameters
    ----------
    layer, descent, rate, velocity : as in `step`.
    weight_gradient, bias_gradient : (N, K), (K,) of the batch, decay included.
    """
    weight_step, bias_step = weight_gradient, bias_gradient
    if descent.momentum:
        m = descent.momentum
        if velocity is None:
            velocity = Velocity(weight_gradient, bias_gradient)
        else:
            velocity = Velocity(m * velocity.weights + weight_gradient, m * velocity.biases + bias_gradient)
        weight_step, bias_step = velocity
        if descent.nesterov:
            weight_step, bias_step = weight_gradient + m * weight_step, bias_gradient + m * bias_step
    return velocity, layer.with_unchecked_parameters(
        layer.weights - rate * weight_step, layer.biases - rate * bias_step
    )


@dataclass(frozen=True, eq=False, repr=False)
class Iteration(Shown):
    """One update of a descent, with every intermediate; P rows, those of its batch.

    Attributes
    ----------
    iteration, epoch : which update of the descent, and in which epoch; both counted from 1.
    batch : (P,) the places of its patterns in the data, counted from 0.
    inputs, desired : (P, N), (P, K) X and D (one-hot rows of a class layer).
    targets : (P,) labels of a class layer, or D.
    initial : the layer before the update.
    synaptic_inputs, outputs : (P, K) U and f(U).
    predicted : (P,) labels of a class layer, or f(U).
    errors : the number of wrong predictions (by weight); None where the layer predicts numbers.
    cost : J of the batch before the update, reduced as the descent says, decay included.
    delta : (P, K) dJ/dU.
    weight_gradient, bias_gradient : (N, K), (K,) X^T delta + L W and 1^T delta (+ L b where biases are decayed).
    learning_rate : a, the rate in force in this update.
    initial_velocity, velocity : V before and after the update, with `weights` and `biases`; None without momentum.
    sample_weight : (P,) the patterns' weights; they are part of errors, cost and delta.
    layer : the layer after the update, with `weights` and `biases`.
    descent : the settings of the descent.
    conventions : how it is shown, and written to JSON. The attributes here are in the house's own conventions.
    """

    iteration: int
    epoch: int
    batch: NDArray[np.intp]
    inputs: Matrix
    desired: Matrix
    targets: NDArray[Any]
    initial: Layer
    synaptic_inputs: Matrix
    outputs: Matrix
    predicted: NDArray[Any]
    errors: float | None
    cost: float
    delta: Matrix
    weight_gradient: Matrix
    bias_gradient: Vector
    learning_rate: float
    initial_velocity: Velocity | None
    velocity: Velocity | None
    sample_weight: Vector
    layer: Layer
    descent: Descent
    conventions: Conventions = HOUSE

    def __repr__(self) -> str:
        errors = "" if self.errors is None else f", errors={self.errors:g}"
        return (
            f"Iteration(iteration={self.iteration}, epoch={self.epoch}, patterns={len(self.batch)}, "
            f"cost={self.cost:.6g}{errors})"
        )

    @property
    def weights(self) -> Matrix:
        """The weights W after the update."""
        return self.layer.weights

    @property
    def biases(self) -> Vector:
        """The biases b after the update."""
        return self.layer.biases

    @property
    def weight_velocity(self) -> Matrix | None:
        """V of the weights after the update; None without momentum."""
        return None if self.velocity is None else self.velocity.weights

    @property
    def bias_velocity(self) -> Vector | None:
        """V of the biases after the update; None without momentum."""
        return None if self.velocity is None else self.velocity.biases

    @property
    def pattern_costs(self) -> Vector:
        """(P,) each pattern's part of the summed cost, before weights, reduction and decay."""
        return self.initial.pattern_cost(self.synaptic_inputs, self.desired)

    @property
    def slopes(self) -> Matrix | None:
        """(P, K) f'(U) where the working by hand shows it (a perceptron or logistic layer); None otherwise."""
        layer = self.initial
        return layer.output_slope(self.outputs) if layer.has_slopes else None

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers and lists, for JSON, written in the iteration's conventions."""
        names: tuple[str, ...] = (
            *("iteration", "epoch", "batch", "inputs", "targets", "synaptic_inputs", "outputs", "slopes", "predicted"),
            *("errors", "pattern_costs", "cost", "delta", "weight_gradient", "bias_gradient", "weights", "biases"),
        )
        if self.velocity is not None:
            names = (*names, "weight_velocity", "bias_velocity")
        record = self.conventions.written({name: getattr(self, name) for name in names})
        record["learning_rate"] = self.learning_rate
        initial = {"weights": self.initial.weights, "biases": self.initial.biases}
        record["initial"] = self.conventions.written(initial)
        record["conventions"] = self.conventions.to_dict()
        return {name: json_value(value) for name, value in record.items()}


@overload
def iterate(problem: TrainingTask, /, *, iteration: int = ..., sample_weight: ArrayLike | None = ...) -> Iteration: ...


@overload
def iterate(
    layer: Layer,
    X: ArrayLike,
    targets: Any,
    descent: Descent,
    *,
    iteration: int = ...,
    sample_weight: ArrayLike | None = ...,
) -> Iteration: ...


def iterate(
    layer: Layer | TrainingTask,
    X: ArrayLike | None = None,
    targets: Any = None,
    descent: Descent | None = None,
    *,
    iteration: int = 1,
    sample_weight: ArrayLike | None = None,
) -> Iteration:
    """The `iteration`-th update of a descent from `layer`, with every matrix.

    Parameters
    ----------
    layer : where to start. Or a problem (`read_problem`), which holds X, targets and descent as well.
    X, targets : the training patterns: (P, N), and labels (P,) or rows (P, K).
    descent : learning rate, batches and the rest.
    iteration : which update, counted from 1; at most 100,000.
    sample_weight : (P,) at least 0: weight k counts as k copies of the pattern.

    Raises
    ------
    InputError
        If the data do not fit the layer, the descent has fewer updates or has diverged by then, or the iteration is farther out.

    Examples
    --------
    >>> from deltarule import Descent, LinearLayer, iterate
    >>> worked = iterate(LinearLayer([[2.0]], [0.0]), [[1.0]], [[1.0]], Descent(learning_rate=0.5, epochs=1))
    >>> worked.delta.tolist(), worked.weights.tolist()
    ([[1.0]], [[1.5]])
    """
    task = task_parts(layer, X, targets, descent)
    found = iterations(
        task.layer,
        task.X,
        task.targets,
        task.descent,
        iteration,
        iteration,
        sample_weight=sample_weight,
        conventions=task.conventions,
    )
    return next(found)


def iterations(
    layer: Layer,
    X: ArrayLike,
    targets: Any,
    descent: Descent,
    first: int = 1,
    last: int | None = None,
    *,
    sample_weight: ArrayLike | None = None,
    progress: Callable[[int, float], None] | None = None,
    conventions: Conventions = HOUSE,
) -> Iterator[Iteration]:
    """The updates `first` to `last` of a descent from `layer`, in one pass.

    Parameters
    ----------
    layer : where to start.
    X, targets : the training patterns: (P, N), and labels (P,) or rows (P, K).
    descent : learning rate, batches and the rest.
    first, last : which updates, counted from 1; a last of None is that of the descent. The first is at most 100,000.
    sample_weight : (P,) at least 0: weight k counts as k copies of the pattern.
    progress : called with the updates done, and the cost, which is NaN before `first` because it is not computed there.
    conventions : how the iterations are shown; their attributes are the same in all.

    Raises
    ------
    InputError
        At once, if the data do not fit the layer, the descent has fewer updates, or the first is farther out; when reached, if
        the descent has diverged.

    Examples
    --------
    >>> from deltarule import Descent, LinearLayer
    >>> descent = Descent(learning_rate=0.5, epochs=3)
    >>> [it.cost for it in iterations(LinearLayer([[2.0]], [0.0]), [[1.0]], [[1.0]], descent)]
    [0.5, 0.0, 0.0]
    """
    layer, X, targets, descent, *_ = task_parts(layer, X, targets, descent)
    instance("conventions", conventions, Conventions, "Make some: Conventions(delta='D - Y').")
    conventions = conventions.of_layer(layer)
    patterns = layer.patterns(X, targets, sample_weight)
    per_epoch = descent.updates_per_epoch(len(patterns.X))
    first = whole("iteration", first, 1, "The first update is iteration 1.")
    last = descent.epochs * per_epoch if last is None else whole("iteration", last, first, "A range goes upwards.")
    if last > descent.epochs * per_epoch:
        raise InputError(
            "iteration",
            f"be one of the descent's {descent.epochs * per_epoch} ({descent.epochs} epochs of {per_epoch})",
            brief(last),
            "Give a smaller one, or more epochs.",
        )
    if first > FARTHEST:
        raise InputError(
            "iteration",
            f"be at most {FARTHEST:,}, since all before it are worked too",
            f"{first:,}",
            "Train the layer that far, and work iteration 1 from there: train with fewer epochs.",
        )
    worked = _iterations(layer, patterns, descent, first, last, progress or (lambda _done, _cost: None))
    return worked if conventions == HOUSE else (replace(each, conventions=conventions) for each in worked)


def _iterations(
    layer: Layer, patterns: Patterns, descent: Descent, first: int, last: int, progress: Callable[[int, float], None]
) -> Iterator[Iteration]:
    count = len(patterns.X)
    per_epoch = descent.updates_per_epoch(count)
    velocity = None
    for iteration, (batch, rate) in enumerate(islice(updates_of(descent, count), last), 1):
        with np.errstate(over="ignore", invalid="ignore"):  # an overflow is named below
            if iteration < first:
                done = step(layer, patterns.take(batch), descent, rate, velocity)
                layer, velocity = done.layer, done.velocity
                progress(iteration, math.nan)
                continue
            places = np.arange(count)[batch]
            epoch = 1 + (iteration - 1) // per_epoch
            worked = _worked(layer, patterns, places, descent, rate, velocity, iteration, epoch)
        if not (math.isfinite(worked.cost) and np.isfinite(worked.weights).all() and np.isfinite(worked.biases).all()):
            raise InputError(
                "iteration",
                "be one before the cost, a weight or a bias becomes infinite",
                iteration,
                "This descent diverges: give an earlier iteration, or a smaller learning rate."
                if iteration > 1
                else "This descent diverges at once: give a smaller learning rate, or data of a smaller scale.",
            )
        layer, velocity = worked.layer, worked.velocity
        progress(iteration, worked.cost)
        yield worked


def updates_of(descent: Descent, patterns: int) -> Iterator[tuple[Batch, float]]:
    """The batch of each update and the learning rate in force, without end: after the last epoch the rate stays.

    Parameters
    ----------
    descent : how to descend.
    patterns : the number of patterns.
    """
    for epoch, order in enumerate(descent.orders(patterns)):
        batches = descent.batches(order)
        rates = descent.rates(min(epoch, descent.epochs - 1), 1, patterns)[0].tolist()
        yield from zip(batches, rates if len(rates) == len(batches) else rates * len(batches), strict=True)


def _worked(
    layer: Layer,
    patterns: Patterns,
    batch: NDArray[np.intp],
    descent: Descent,
    rate: float,
    velocity: Velocity | None,
    iteration: int,
    epoch: int,
) -> Iteration:
    chosen = patterns.take(batch)
    worked = step(layer, chosen, descent, rate, velocity)
    cost, errors = layer.evaluate(chosen, descent.reduction, descent.weight_decay, descent.decay_biases)
    if descent.momentum and velocity is None:
        velocity = Velocity(np.zeros_like(layer.weights), np.zeros_like(layer.biases))
    return Iteration(
        iteration=iteration,
        epoch=epoch,
        batch=batch,
        inputs=chosen.X,
        desired=chosen.D,
        targets=layer.decode(chosen.D),
        initial=layer,
        outputs=layer.activate(worked.synaptic_inputs),
        predicted=layer.decide(worked.synaptic_inputs),
        errors=errors,
        cost=cost,
        learning_rate=rate,
        initial_velocity=velocity,
        sample_weight=chosen.sample_weight,
        descent=descent,
        **worked._asdict(),
    )
