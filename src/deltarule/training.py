"""`train`, and what it returns: a `Run`, with its `History` and `Outcome`."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, fields
from functools import partial
from typing import Any, Literal, Protocol, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deltarule import engines
from deltarule.checks import brief, choice, truth, whole
from deltarule.descent import Descent
from deltarule.engines import Work, running
from deltarule.engines.recorded import Recorded
from deltarule.engines.running import Result
from deltarule.errors import InputError
from deltarule.json_values import json_value
from deltarule.layers import Layer, Patterns, kind_name
from deltarule.logs import Log
from deltarule.not_supported import refuses_by_name
from deltarule.outcome import Outcome, Reason
from deltarule.remarks import remarks
from deltarule.telling import LoggedRun
from deltarule.training_task import (
    StreamLike,
    TrainingTask,
    check_patience,
    checked_patterns,
    task_parts,
    validation_patterns,
)
from deltarule.views import Shown

__all__ = ["History", "Outcome", "Reason", "Run", "finished", "train"]

# What stands for a `validation` that is left out: then the test set of a problem is followed.
_OF_PROBLEM: Any = object()


class Kept(Protocol):
    """A run that is kept on the way: see `deltarule.checkpoints.Kept`."""

    begun: running.Begun | None

    def start(self, work: Work) -> engines.Engine: ...
    def write(self) -> None: ...


class Keeping(Protocol):
    """What keeps runs: see `deltarule.checkpoints.Checkpoint`."""

    def keeping(self, name: str, work: Work) -> AbstractContextManager[Kept]: ...


Progress = bool | Callable[[int, float], None]
OnInterrupt = Literal["keep", "raise"]
ON_INTERRUPT = ("keep", "raise")


@dataclass(frozen=True, eq=False, repr=False)
class History(Shown):
    """Costs and errors of the layer as it stands after the R recorded epochs; epoch 0 is the initial layer.

    The last entry is that of the layer returned. Every cost is finite: an epoch whose cost is not has no entry. A history has
    at most 100,000 entries besides the last; of a longer one every second entry is left out, as often as need be.

    Attributes
    ----------
    epoch : (R,) the recorded epochs.
    cost : (R,) J over the whole training set, reduced as the descent says, decay included.
    errors : (R,) wrong predictions, by weight; None where the layer predicts numbers.
    accuracy : (R,) 1 - errors / the number of patterns (the sum of their weights); None where there are no errors.
    validation_cost, validation_errors, validation_accuracy : (R,) the same for the validation set; None without one.
    patterns, validation_patterns : the numbers of patterns (the sums of their weights).
    every : the epochs between entries, where recorded epochs were left out; 0 where none were.
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
    every: int = 0

    def to_dict(self) -> dict[str, Any]:
        """Plain lists, for JSON."""
        return {field.name: json_value(getattr(self, field.name)) for field in fields(self)}

    def __repr__(self) -> str:
        if not len(self.epoch):
            return "<History of no epoch>"
        every = f", each {self.every} apart" if self.every else ""
        return (
            f"<History of {len(self.epoch)} recorded epochs, {self.epoch[0]} to {self.epoch[-1]}{every}: "
            f"cost {self.cost[0]:.6g} to {self.cost[-1]:.6g}>"
        )


@dataclass(frozen=True, eq=False, repr=False)
class Run(Shown):
    """What `train` returns.

    Attributes
    ----------
    layer : the layer reached.
    history : see `History`.
    outcome : see `Outcome`.
    updates : changes of W and b behind `layer`.
    seconds_per_update : time in the engine over the updates made, in seconds; evaluating recorded epochs is part of it
        (with `record_every=0` that of the last epoch at most). NaN for a model of a sweep, whose models are trained together.
    engine : the name of the one that trained. It is "direct" where "compiled" was asked for and its kernels are not compiled yet,
        which takes some seconds once after an installation: what takes a moment is not kept waiting for them. So it is
        where there is no Numba, as in a browser.
    descent : the settings that were asked for.
    """

    layer: Layer
    history: History
    outcome: Outcome
    updates: int
    seconds_per_update: float
    engine: str
    descent: Descent

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers and lists, for JSON: those of `layer.to_dict()` (classes, activation, input names), and the run."""
        return {
            **self.layer.to_dict(),
            "engine": self.engine,
            "descent": self.descent.to_dict(),
            "outcome": self.outcome.to_dict(),
            "updates": self.updates,
            "seconds_per_update": json_value(self.seconds_per_update),
            "history": self.history.to_dict(),
        }

    def __repr__(self) -> str:
        cost = f", cost {self.history.cost[-1]:.6g}" if len(self.history.cost) else ""
        return (
            f"<Run of a {kind_name(self.layer)} layer: {self.outcome.epochs} epochs, {self.outcome.reason.label}{cost}>"
        )


@overload
def train(
    problem: TrainingTask,
    /,
    *,
    engine: str = ...,
    validation: tuple[ArrayLike, Any] | StreamLike | None = ...,
    sample_weight: ArrayLike | None = ...,
    progress: Progress = ...,
    record_every: int = ...,
    on_interrupt: OnInterrupt = ...,
    log: Log | None = ...,
    checkpoint: Keeping | None = ...,
) -> Run: ...


@overload
def train(
    layer: Layer,
    X: ArrayLike,
    targets: Any,
    descent: Descent,
    engine: str = ...,
    *,
    validation: tuple[ArrayLike, Any] | StreamLike | None = ...,
    sample_weight: ArrayLike | None = ...,
    progress: Progress = ...,
    record_every: int = ...,
    on_interrupt: OnInterrupt = ...,
    log: Log | None = ...,
    checkpoint: Keeping | None = ...,
) -> Run: ...


@overload
def train(
    layer: Layer,
    X: StreamLike,
    targets: Descent,
    *,
    engine: str = ...,
    validation: tuple[ArrayLike, Any] | StreamLike | None = ...,
    progress: Progress = ...,
    record_every: int = ...,
    on_interrupt: OnInterrupt = ...,
    log: Log | None = ...,
    checkpoint: Keeping | None = ...,
) -> Run: ...


@refuses_by_name
def train(
    layer: Layer | TrainingTask,
    X: ArrayLike | StreamLike | None = None,
    targets: Any = None,
    descent: Descent | None = None,
    engine: str = "compiled",
    *,
    validation: tuple[ArrayLike, Any] | StreamLike | None = _OF_PROBLEM,
    sample_weight: ArrayLike | None = None,
    progress: Progress = False,
    record_every: int = 1,
    on_interrupt: OnInterrupt = "keep",
    log: Log | None = None,
    checkpoint: Keeping | None = None,
) -> Run:
    """Train a layer by gradient descent: `descent.epochs` passes of W <- W - a (X^T delta + L W), b <- b - a 1^T delta.

    Parameters
    ----------
    layer : where to start; it is not changed. Or a problem (`read_problem`), which holds X, targets and descent as well.
    X, targets : the training patterns: (P, N), and labels (P,) or rows (P, K); see `deltarule.layers`. X may be a sparse array of
        scipy, which is never made dense; the engines "compiled" and "direct" take it. So they take a `deltarule.Stream`, which
        holds its targets: write `train(layer, stream, descent)`. A shuffled order is that of the stream (`Stream.window`) then, and
        each recorded epoch reads the rows once more.
    descent : learning rate, epochs and the rest.
    engine : "direct" (NumPy), "autograd" (PyTorch) or "compiled" (Numba): the same path to rounding. A kind of layer of
        your own is trained by "direct".
    validation : inputs and targets to follow as well, or a stream; they are not trained on, but decide when `descent.patience` is
        over.
        Left out: the test set of a problem is followed, as `deltarule train` does. None: nothing is followed.
    sample_weight : (P,) at least 0: weight k counts as k copies of the pattern (in the full batch, exactly).
    progress : True shows a bar with the cost so far and the time left; a function is called with the epochs done and the cost
        (NaN if unknown).
    record_every : the history has epochs 0, `record_every`, 2 `record_every`, ... and the last; 0: the first and the last.
        Of more than 100,000 such epochs only each second, fourth, ... is kept, and the outcome says so.
    on_interrupt : what Ctrl-C does: "keep" ends the run early and keeps what was reached; "raise" raises KeyboardInterrupt, which
        also ends a loop that calls `train`.
    log : is told each recorded epoch while the run goes on: `deltarule.logs.TensorBoardLog`, `MLflowLog`, or anything with the
        methods of `deltarule.logs.Log`.
    checkpoint : a `deltarule.Checkpoint`: where a run over a stream is kept on the way, and goes on from.

    Returns
    -------
    Run
        A diverging run ends with its last finite layer, and a remedy.

    Raises
    ------
    InputError
        If data, options and layer do not fit, or the engine has no formulas for this kind of layer.
    MissingExtraError
        If the library of the engine is not installed.
    KeyboardInterrupt
        At Ctrl-C, with `on_interrupt="raise"`.

    Examples
    --------
    >>> from deltarule import Descent, LinearLayer, train
    >>> layer, descent = LinearLayer([[0.0]], [0.0]), Descent(learning_rate=0.25, epochs=60)
    >>> run = train(layer, [[-1.0], [1.0]], [[-2.0], [2.0]], descent, engine="direct")
    >>> run.layer.weights.round(6).tolist(), run.outcome.reason.name
    ([[2.0]], 'EPOCHS_DONE')

    A problem is trained as it is:

    >>> from deltarule.problem import problem_from
    >>> problem = problem_from({
    ...     "layer": {"kind": "linear", "weights": [[0.0]]},
    ...     "data": {"inputs": [[-1], [1]], "targets": [-2, 2]},
    ...     "descent": {"learning_rate": 0.25, "epochs": 60},
    ... })
    >>> train(problem, engine="direct").layer.weights.round(6).tolist()
    [[2.0]]
    """
    choice("engine", engine, engines.ENGINES, engines.SYNONYMS)
    task = task_parts(layer, X, targets, descent, streams=True)
    record_every = whole("record_every", record_every, 0, "1 records each epoch, 0 the first and the last only.")
    choice("on_interrupt", on_interrupt, ON_INTERRUPT)
    start = task.layer.with_names_of(task.X, task.targets)
    training = checked_patterns(start, task.X, task.targets, sample_weight)
    second_set = "validation set"
    if validation is _OF_PROBLEM:
        validation, second_set = task.test, "test set"
    followed = None if validation is None else validation_patterns(start, validation, second_set, streams=True)
    work = Work(start, training, followed, task.descent, record_every)
    check_patience(task.descent, start, followed)
    if checkpoint is not None:
        check_keeping(checkpoint, streamed=engines.is_streamed(training))
    told = None if log is None else LoggedRun(log, work, engine)
    report, close = _bar(progress, task.descent.epochs)
    used = [engine]

    def begin(work: Work) -> engines.Engine:
        started = engines.start(engine, work) if kept is None else kept.start(work)
        used[0] = started.name
        return started if told is None else told.engine(started)

    try:
        with (
            nullcontext() if told is None else told,
            nullcontext() if checkpoint is None else checkpoint.keeping(engine, work) as kept,
        ):
            result, seconds = running.run(
                work,
                begin,
                report,
                start_again=partial(engines.start, engine),
                begun=None if kept is None else kept.begun,
            )
            if kept is not None and result.reason is Reason.INTERRUPTED:
                kept.write()
            if told is not None:
                told.result(result)
    finally:
        close()
    if on_interrupt == "raise" and result.reason is Reason.INTERRUPTED:
        raise KeyboardInterrupt
    return finished(result, work, seconds, used[0])


def check_keeping(checkpoint: Any, *, streamed: bool) -> None:
    """Raise an `InputError` where a run cannot be kept.

    Parameters
    ----------
    checkpoint : what was given as such.
    streamed : whether the patterns are read from a stream.
    """
    if not hasattr(checkpoint, "keeping"):
        got = brief(checkpoint)
        raise InputError("checkpoint", "be a Checkpoint", got, "Make one: Checkpoint('run.checkpoint').")
    if not streamed:
        got = "arrays, which are trained on from the start again"
        raise InputError("checkpoint", "go with a stream", got, "Leave it out, or give a Stream.")


def finished(result: Result, work: Work, seconds: float, engine: str) -> Run:
    """The `Run` that the result of a piece of work makes.

    Parameters
    ----------
    result : what the engine gave.
    work : what the engine was given.
    seconds : time spent in the engine; NaN where it is not known.
    engine : its name.
    """
    history = _history(result.recorded, work.training, work.validation)
    found = remarks(result.reason, work.layer, work.training, work.descent, result.recorded, result.layer)
    per_epoch = work.descent.updates_per_epoch(len(work.training.X))
    outcome = Outcome(result.reason, result.epochs, found, result.later)
    run = max((result.epochs + result.later) * per_epoch, 1)
    return Run(result.layer, history, outcome, result.epochs * per_epoch, seconds / run, engine, work.descent)


def _history(recorded: Recorded, training: Patterns, validation: Patterns | None) -> History:
    patterns = float(training.sample_weight.sum())
    validation_patterns = None if validation is None else float(validation.sample_weight.sum())
    return History(
        epoch=recorded.epoch,
        cost=recorded.cost,
        errors=recorded.errors,
        accuracy=_accuracy(recorded.errors, patterns),
        validation_cost=recorded.validation_cost,
        validation_errors=recorded.validation_errors,
        validation_accuracy=_accuracy(recorded.validation_errors, validation_patterns),
        patterns=patterns,
        validation_patterns=validation_patterns,
        every=recorded.every,
    )


def _accuracy(errors: NDArray[np.float64] | None, patterns: float | None) -> NDArray[np.float64] | None:
    """1 - errors / the patterns' weight; None where there are no errors to count."""
    return None if errors is None or patterns is None else 1 - errors / patterns


def _bar(progress: Progress, epochs: int) -> tuple[Callable[[int, float], None], Callable[[], None]]:
    """What to call as epochs pass, and at the end."""
    if callable(progress):
        return progress, lambda: None
    if not truth("progress", progress):
        return (lambda _done, _cost: None), lambda: None
    from deltarule.typeset.progress import bar

    return bar("Training", epochs)
