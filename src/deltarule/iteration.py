"""One update of a layer, with every matrix on the way: the worked step."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deltarule.checks import Matrix, Vector, instance, whole
from deltarule.descent import Descent
from deltarule.errors import InputError
from deltarule.layers import Layer, Patterns


class Step(NamedTuple):
    """What one update computes: U, delta, both gradients, and the layer after it."""

    synaptic_inputs: Matrix
    delta: Matrix
    weight_gradient: Matrix
    bias_gradient: Vector
    layer: Layer


def step(layer: Layer, batch: Patterns, descent: Descent) -> Step:
    """The delta rule, on one batch of checked patterns.

    U = X W + b;  delta = dJ/dU;  W <- W - a (X^T delta + L W);  b <- b - a 1^T delta.
    """
    U = batch.inputs @ layer.weights + layer.biases
    delta = layer.scaled_delta(U, batch, descent.reduction)
    weight_gradient = batch.inputs.T @ delta
    if descent.weight_decay:
        weight_gradient = weight_gradient + descent.weight_decay * layer.weights
    bias_gradient = delta.sum(axis=0)
    updated = layer.updated(
        layer.weights - descent.learning_rate * weight_gradient, layer.biases - descent.learning_rate * bias_gradient
    )
    return Step(U, delta, weight_gradient, bias_gradient, updated)


@dataclass(frozen=True, eq=False)
class Iteration:
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
    weight_gradient, bias_gradient : (N, K), (K,) X^T delta + L W and 1^T delta.
    sample_weight : (P,) the patterns' weights; they are part of errors, cost and delta.
    layer : the layer after the update; `weights` and `biases` are its.
    descent : what was asked for.
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
    sample_weight: Vector
    layer: Layer
    descent: Descent

    @property
    def weights(self) -> Matrix:
        """W after the update."""
        return self.layer.weights

    @property
    def biases(self) -> Vector:
        """B after the update."""
        return self.layer.biases

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers and lists, for JSON."""
        names = (
            *("iteration", "epoch", "batch", "inputs", "targets", "synaptic_inputs", "outputs", "predicted", "errors"),
            *("cost", "delta", "weight_gradient", "bias_gradient", "weights", "biases"),
        )
        record = {name: getattr(self, name) for name in names}
        record["initial"] = {"weights": self.initial.weights, "biases": self.initial.biases}
        return {name: plain(value) for name, value in record.items()}

    def __str__(self) -> str:
        from deltarule.show.terminal import iteration_text

        return iteration_text(self)


def check_task(layer: Layer, descent: Descent) -> None:
    """A layer and a descent, not their classes or something else."""
    instance("layer", layer, Layer, "Make one first, as in SoftmaxLayer.random(inputs=2, classes=['A', 'B']).")
    instance("descent", descent, Descent, "Make one first, as in Descent(learning_rate=0.05, epochs=100).")


def iterate(
    layer: Layer,
    X: ArrayLike,
    targets: Any,
    descent: Descent,
    *,
    iteration: int = 1,
    sample_weight: ArrayLike | None = None,
) -> Iteration:
    """The `iteration`-th update of a descent from `layer` (counted from 1), with every matrix.

    Raises
    ------
    InputError
        If the data do not fit the layer, the descent has fewer updates, or has diverged by then.

    Examples
    --------
    >>> from deltarule import Descent, LinearLayer, iterate
    >>> worked = iterate(LinearLayer([[2.0]], [0.0]), [[1.0]], [[1.0]], Descent(learning_rate=0.5, epochs=1))
    >>> worked.delta.tolist(), worked.weights.tolist()
    ([[1.0]], [[1.5]])
    """
    check_task(layer, descent)
    patterns = layer.patterns(X, targets, sample_weight)
    count = len(patterns.inputs)
    per_epoch = descent.updates_per_epoch(count)
    iteration = whole("iteration", iteration, 1, "The first update is iteration 1.")
    if iteration > descent.epochs * per_epoch:
        raise InputError(
            "iteration",
            f"be one of the descent's {descent.epochs * per_epoch} ({descent.epochs} epochs of {per_epoch})",
            iteration,
            "Give a smaller one, or more epochs.",
        )
    updates = (batch for order in descent.orders(count) for batch in descent.batches(order))
    with np.errstate(over="ignore", invalid="ignore"):  # an overflow is named below
        for batch in islice(updates, iteration - 1):
            layer = step(layer, patterns.take(batch), descent).layer
        last = np.arange(count)[next(updates)]
        worked = _worked(layer, patterns, last, descent, iteration, 1 + (iteration - 1) // per_epoch)
    if not (math.isfinite(worked.cost) and np.isfinite(worked.weights).all() and np.isfinite(worked.biases).all()):
        raise InputError(
            "iteration",
            "come before the cost, a weight or a bias is no longer finite",
            iteration,
            "This descent diverges: give an earlier iteration, or a smaller learning rate.",
        )
    return worked


def _worked(
    layer: Layer, patterns: Patterns, batch: NDArray[np.intp], descent: Descent, iteration: int, epoch: int
) -> Iteration:
    chosen = patterns.take(batch)
    worked = step(layer, chosen, descent)
    cost, errors = layer.evaluate(chosen, descent.reduction, descent.weight_decay)
    return Iteration(
        iteration=iteration,
        epoch=epoch,
        batch=batch,
        inputs=chosen.inputs,
        desired=chosen.desired,
        targets=layer.decode(chosen.desired),
        initial=layer,
        outputs=layer.activation(worked.synaptic_inputs),
        predicted=layer.decide(worked.synaptic_inputs),
        errors=errors,
        cost=cost,
        sample_weight=chosen.weights,
        descent=descent,
        **worked._asdict(),
    )


def plain(value: Any) -> Any:
    """NumPy's values as Python's, at any depth of dicts and lists, for `json.dump`: None for what JSON lacks, NaN and infinity."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, np.generic):
        return plain(value.item())
    if not isinstance(value, str | int | float | None):
        return str(value)  # a label of another kind
    return None if isinstance(value, float) and not math.isfinite(value) else value
