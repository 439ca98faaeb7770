"""`train`: the one loop around the engines; its History, and its Outcome (why it stopped)."""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from decimal import ROUND_FLOOR, Context
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deltarule import engines
from deltarule.checks import choice, whole
from deltarule.descent import Descent
from deltarule.engines import Stop, Work
from deltarule.engines.base import measured
from deltarule.errors import InputError
from deltarule.iteration import check_task
from deltarule.layers import Layer, LinearLayer, NumberLayer, Patterns
from deltarule.outcome import Outcome, Reason
from deltarule.plain import plain
from deltarule.views import Shown

__all__ = ["History", "Outcome", "Reason", "Run", "finished", "train"]

# How long an engine runs before the loop looks at the clock, the bar and the user again.
SLICE_SECONDS = 0.05
# A rise of the cost by less than this part of it is rounding, at a minimum.
RISE = 1e-9
# Orders of patterns made ahead for an engine, at the most (8 bytes each).
ORDERS_AHEAD = 2_000_000


@dataclass(frozen=True, eq=False)
class History(Shown):
    """Costs and errors of the layer as it stands after the recorded epochs; epoch 0 is the initial layer.

    The last row is the layer returned. Every cost is finite: an epoch whose cost is not has no row.

    Attributes
    ----------
    epoch : (R,) the recorded epochs.
    cost, validation_cost : (R,) J over the whole set, reduced as the descent says, decay included. None without a validation set.
    errors, validation_errors : (R,) wrong predictions, by weight; None where the layer predicts numbers.
    accuracy, validation_accuracy : (R,) 1 - errors / the number of patterns (the sum of their weights).
    patterns, validation_patterns : those numbers of patterns (sums of weights).
    """

    epoch: NDArray[np.int64]
    cost: NDArray[np.float64]
    errors: NDArray[np.float64] | None
    accuracy: NDArray[np.float64] | None
    validation_cost: NDArray[np.float64] | None
    validation_errors: NDArray[np.float64] | None
    validation_accuracy: NDArray[np.float64] | None
    patterns: float
    validation_patterns: float | None

    def to_dict(self) -> dict[str, Any]:
        """Plain lists, for JSON."""
        return {field.name: plain(getattr(self, field.name)) for field in fields(self)}


@dataclass(frozen=True, eq=False)
class Run(Shown):
    """What `train` returns.

    Attributes
    ----------
    layer : the layer reached.
    history : see `History`.
    outcome : see `Outcome`.
    updates : changes of W and b behind `layer`.
    seconds_per_update : time in the engine over updates; evaluating recorded epochs is part of it (`record_every=0`: is not).
    engine : its name.
    descent : what was asked for.
    """

    layer: Layer
    history: History
    outcome: Outcome
    updates: int
    seconds_per_update: float
    engine: str
    descent: Descent

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers and lists, for JSON."""
        return {
            "kind": self.layer.kind,
            "engine": self.engine,
            "weights": plain(self.layer.weights),
            "biases": plain(self.layer.biases),
            "outcome": {
                "reason": self.outcome.reason.key,
                "epochs": self.outcome.epochs,
                "message": str(self.outcome),
            },
            "updates": self.updates,
            "seconds_per_update": self.seconds_per_update,
            "history": self.history.to_dict(),
        }


def train(
    layer: Layer,
    X: ArrayLike,
    targets: Any,
    descent: Descent,
    engine: str = "compiled",
    *,
    validation: tuple[ArrayLike, Any] | None = None,
    sample_weight: ArrayLike | None = None,
    progress: bool | Callable[[int, float], None] = False,
    record_every: int = 1,
) -> Run:
    """Train a layer by gradient descent: `descent.epochs` passes of W <- W - a (X^T delta + L W), b <- b - a 1^T delta.

    Parameters
    ----------
    layer : where to start; it is not changed.
    X, targets : (P, N), and labels (P,) or rows (P, K): see `deltarule.layers`.
    engine : "direct" (NumPy), "autograd" (PyTorch) or "compiled" (Numba): the same path to rounding.
    validation : inputs and targets to follow as well.
    sample_weight : (P,) at least 0: weight k counts as k copies of the pattern (in the full batch, exactly).
    progress : True shows a bar with the cost so far and the time left; a function is called with the epochs done and the cost
        (NaN if unknown).
    record_every : the history has epochs 0, `record_every`, 2 `record_every`, ... and the last; 0: the first and the last.

    Returns
    -------
    Run
        Ctrl-C ends a run early and keeps what was reached. A diverging run ends with its last finite layer, and a remedy.

    Raises
    ------
    InputError
        If data, options and layer do not fit.

    Examples
    --------
    >>> from deltarule import Descent, LinearLayer, train
    >>> layer, descent = LinearLayer([[0.0]], [0.0]), Descent(learning_rate=0.25, epochs=60)
    >>> run = train(layer, [[-1.0], [1.0]], [[-2.0], [2.0]], descent, engine="direct")
    >>> run.layer.weights.round(6).tolist(), run.outcome.reason.name
    ([[2.0]], 'EPOCHS_DONE')
    """
    choice("engine", engine, engines.ENGINES)
    check_task(layer, descent)
    record_every = whole("record_every", record_every, 0, "1 records each epoch, 0 the first and the last only.")
    training = layer.patterns(X, targets, sample_weight)
    held_out = None if validation is None else layer.patterns(*_pair(validation))
    first = _row(layer, training, held_out, descent)
    work = Work(layer, training, held_out, descent, record_every, first[0])
    again = descent
    if isinstance(descent.seed, np.random.Generator):  # it is drawn from as the run goes on
        again = replace(descent, seed=copy.deepcopy(descent.seed))
    bar, close = _bar(progress, descent.epochs)

    ahead = max(1, ORDERS_AHEAD // len(training.X))
    reached, done, rows = layer, 0, [np.array([[0.0, *first]])]
    reason = Reason.EPOCHS_DONE
    seconds, size = 0.0, 1
    try:
        if not math.isfinite(first[0]):
            reason, rows = Reason.COST_NOT_FINITE, []
        else:
            running = engines.start(engine, work)
            while done < descent.epochs:
                began = time.perf_counter()
                report = running.advance(min(size, descent.epochs - done))
                spent = time.perf_counter() - began
                # One assignment, so that Ctrl-C finds a layer and its count of epochs together.
                reached, done, seconds = report.layer, done + report.epochs, seconds + spent
                rows.append(report.rows)
                if report.stop is not None:
                    reason = Reason.TOLERANCE_MET if report.stop is Stop.TOLERANCE else Reason.COST_NOT_FINITE
                    break
                bar(done, float(rows[-1][-1, 1]) if len(rows[-1]) else math.nan)
                running.prepare(spent / report.epochs * (descent.epochs - done))
                if spent < SLICE_SECONDS:
                    size = min(2 * size, ahead)
    except KeyboardInterrupt:
        reason = Reason.INTERRUPTED
    finally:
        close()

    table = np.concatenate(rows) if rows else np.empty((0, 5))
    if len(table) and table[-1, 0] != done:
        last = _row(reached, training, held_out, descent)
        if not math.isfinite(last[0]):
            # No engine looked at this cost, since it was not recorded. Again, then, with all of them recorded.
            reason = Reason.COST_NOT_FINITE
            report = engines.start(engine, replace(work, record_every=1, descent=again)).advance(done)
            reached, done = report.layer, report.epochs
            # What the engine found finite: NumPy may sum in another order, or float32 less widely.
            last = tuple(report.rows[-1, 1:]) if done else first
        if table[-1, 0] != done:
            table = np.vstack([table, [done, *last]])
    return finished(work, reached, done, table, reason, seconds, engine)


def finished(
    work: Work, reached: Layer, epochs: int, rows: NDArray[np.float64], reason: Reason, seconds: float, engine: str
) -> Run:
    """The `Run` of so many epochs of a work, from the rows (R, 5) of its history and the seconds in the engine."""
    history = _history(rows, work, classes=not isinstance(work.layer, NumberLayer))
    remarks = _remarks(reason, work.layer, work.training, work.descent, history)
    updates = epochs * work.descent.updates_per_epoch(len(work.training.X))
    outcome = Outcome(reason, epochs, tuple(remarks))
    return Run(reached, history, outcome, updates, seconds / max(updates, 1), engine, work.descent)


def _row(layer: Layer, training: Patterns, validation: Patterns | None, descent: Descent) -> tuple[float, ...]:
    """Cost, errors, validation cost, validation errors."""
    return (*measured(layer, training, descent), *measured(layer, validation, descent))


def _history(rows: NDArray[np.float64], work: Work, *, classes: bool) -> History:
    epoch, cost, errors, validation_cost, validation_errors = rows.T
    held_out = work.validation
    return History(
        epoch=epoch.astype(np.int64),
        cost=cost,
        errors=errors if classes else None,
        accuracy=1 - errors / work.training.sample_weight.sum() if classes else None,
        validation_cost=None if held_out is None else validation_cost,
        validation_errors=validation_errors if classes and held_out is not None else None,
        validation_accuracy=1 - validation_errors / held_out.sample_weight.sum()
        if classes and held_out is not None
        else None,
        patterns=float(work.training.sample_weight.sum()),
        validation_patterns=None if held_out is None else float(held_out.sample_weight.sum()),
    )


def _pair(validation: Any) -> tuple[Any, Any]:
    try:
        X, targets = validation
    except (TypeError, ValueError):
        raise InputError(
            "validation set", "be a pair (inputs, targets)", type(validation).__name__, "Give validation=(X, targets)."
        ) from None
    return X, targets


def _remarks(reason: Reason, layer: Layer, training: Patterns, descent: Descent, history: History) -> list[str]:
    """What the user should be told besides the reason."""
    remarks = []
    if descent.batch_size is not None and descent.batch_size > len(training.X):
        remarks.append(
            f"The batch size {descent.batch_size} is larger than the set: each update used all {len(training.X)} patterns"
        )
    if not len(history.cost):
        remarks.append(
            "So it is for the initial layer: its weights or the inputs are too large. Standardise the inputs"
        )
    elif reason is Reason.COST_NOT_FINITE:
        remarks.append("Descent diverges at this learning rate, and the layer kept is the last finite one")
        remarks.append(_remedy(layer, training, descent))
    elif history.cost[-1] > history.cost[0] * (1 + RISE):
        remarks.append(
            f"The cost rose from {history.cost[0]:.6g} to {history.cost[-1]:.6g}. {_remedy(layer, training, descent)}"
        )
    return remarks


def _remedy(layer: Layer, training: Patterns, descent: Descent) -> str:
    """A smaller learning rate; for a linear layer's full batch the exact bound.

    There the cost is quadratic, and descent converges below 2 / (largest eigenvalue of its Hessian).
    """
    if isinstance(layer, LinearLayer) and descent.is_full_batch(len(training.X)):
        with np.errstate(over="ignore", invalid="ignore"):
            X = np.column_stack([training.X, np.ones(len(training.X))]).astype(np.float64)
            hessian = (X.T * training.sample_weight) @ X * layer.scale(training.sample_weight, descent.reduction)
            hessian[:-1, :-1] += descent.weight_decay * np.eye(layer.inputs)
        if np.isfinite(hessian).all():
            # Rounded down, so that the figure given is itself below the bound.
            bound = Context(prec=3, rounding=ROUND_FLOOR).create_decimal(2 / float(np.linalg.eigvalsh(hessian)[-1]))
            return f"Descent on these patterns converges below a learning rate of {bound:g}; this one is {descent.learning_rate:g}"
    if descent.learning_rate * descent.weight_decay >= 2:
        return f"The learning rate times the weight decay must stay below 2; it is {descent.learning_rate * descent.weight_decay:g}"
    hint = ", or reduction='mean'" if descent.reduction == "sum" else ""
    return f"Try a learning rate of {descent.learning_rate / 10:g}{hint}; inputs of very different sizes want standardising"


def _bar(
    progress: bool | Callable[[int, float], None], epochs: int
) -> tuple[Callable[[int, float], None], Callable[[], None]]:
    """What to call as epochs pass, and at the end."""
    if callable(progress):
        return progress, lambda: None
    if not progress:
        return (lambda _done, _cost: None), lambda: None
    from deltarule.typeset.progress import bar

    return bar("Training", epochs)
