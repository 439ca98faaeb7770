"""Experiment logs: what is told of a run while it runs, and the logs of TensorBoard and MLflow.

A `Log` is anything with the three methods. `train(..., log=...)` calls `begin` once, `record` for each recorded epoch (see
`record_every`), a few at a time since engines run many epochs at once, and `end` however the run ends.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol

from deltarule import checks
from deltarule.checks import brief, text
from deltarule.errors import InputError, MissingExtraError

# MLflow takes so many values in one request, and so many letters of a setting; requests are this many seconds apart.
BATCH, LONGEST, SECONDS = 1000, 500, 2.0
# How MLflow calls the end of a run that was not brought to its end.
STATUS = {"INTERRUPTED": "KILLED", "FAILED": "FAILED"}


class Log(Protocol):
    """What `train` tells of a run.

    Examples
    --------
    >>> from deltarule import Descent, LinearLayer, train
    >>> class Printed:
    ...     def begin(self, settings):
    ...         print(settings["layer"], settings["learning_rate"])
    ...     def record(self, epoch, values):
    ...         print(epoch, values["cost"])
    ...     def end(self, reason):
    ...         print(reason)
    >>> run = train(LinearLayer([[0.0]], [0.0]), [[1.0]], [[1.0]], Descent(0.25, 2), engine="direct", log=Printed())
    linear 0.25
    0 0.5
    1 0.125
    2 0.03125
    EPOCHS_DONE
    """

    def begin(self, settings: Mapping[str, Any]) -> None:
        """Before the first epoch.

        Parameters
        ----------
        settings : plain values by name: the kind of layer, its inputs and neurons, the patterns, the engine asked for, the descent.
        """
        ...

    def record(self, epoch: int, values: Mapping[str, float]) -> None:
        """After a recorded epoch; epoch 0 is the initial layer.

        Parameters
        ----------
        epoch : how many were done.
        values : by name, as in `History`: cost, errors, accuracy, validation_cost, ...; those that there are.
        """
        ...

    def end(self, reason: str) -> None:
        """After the last epoch.

        Parameters
        ----------
        reason : the name of a `Reason`, such as "EPOCHS_DONE" or "INTERRUPTED"; "FAILED" where an error ended the run.
        """
        ...


def checked(log: Any) -> Log:
    """The log, if it has the methods of one.

    Parameters
    ----------
    log : what a user gives.

    Raises
    ------
    InputError
        If it has not.

    Examples
    --------
    >>> checked("runs/1")
    Traceback (most recent call last):
    deltarule.errors.InputError: The log must have methods begin, record and end. Got 'runs/1'. Give a TensorBoardLog, say.
    """
    if isinstance(log, type) or not all(callable(getattr(log, name, None)) for name in ("begin", "record", "end")):
        raise InputError("log", "have methods begin, record and end", brief(log), "Give a TensorBoardLog, say.")
    found: Log = log
    return found


class TensorBoardLog:
    """Writes the recorded epochs for TensorBoard: curves of cost, errors and accuracy, of training and validation side by side.

    Each run writes a file of its own into the folder: give each run a folder of its own below the one that TensorBoard shows.

    Parameters
    ----------
    folder : where to write; it is made where it is not there.

    Raises
    ------
    InputError
        When the run begins, if the folder cannot be made or written to.
    MissingExtraError
        When the run begins, if tensorboard is not installed.
    """

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self.folder = checks.path("folder of the log", folder)
        self._writer: Any = None

    def __repr__(self) -> str:
        return f"TensorBoardLog({str(self.folder)!r})"

    def begin(self, settings: Mapping[str, Any]) -> None:
        """Make the file. TensorBoard shows curves only: the `settings` are not written."""
        try:
            from tensorboard.summary import Writer
        except ImportError:
            raise MissingExtraError("A log for TensorBoard", "tensorboard", "tensorboard") from None
        with self._written():
            self._writer = Writer(str(self.folder))

    @contextmanager
    def _written(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            got = f"{str(self.folder)!r} ({error.strerror})"
            raise InputError(
                "folder of the log", "be one that can be made and written to", got, "Give another, or make room."
            ) from None

    def record(self, epoch: int, values: Mapping[str, float]) -> None:
        """Write the `values` of an `epoch`."""
        for name, value in values.items():
            what = name.removeprefix("validation_")
            with self._written():
                self._writer.add_scalar(f"{what}/{'training' if what == name else 'validation'}", value, step=epoch)

    def end(self, reason: str) -> None:
        """Close the file, whatever the `reason`."""
        if self._writer is not None:
            writer, self._writer = self._writer, None
            with self._written():
                writer.close()


class MLflowLog:
    """Tells MLflow the settings and the recorded epochs of a run: of the run that is active, or else of a new one.

    Parameters
    ----------
    run_name : of a new run; None lets MLflow choose.
    experiment : the name of the experiment of a new run, made where it is not there.
    tracking_uri : where MLflow keeps its runs; None: where it is set to.

    Raises
    ------
    InputError
        During the run, if MLflow does not take what it is told.
    MissingExtraError
        When the run begins, if mlflow (or mlflow-skinny) is not installed.
    """

    def __init__(
        self, run_name: str | None = None, *, experiment: str = "Default", tracking_uri: str | None = None
    ) -> None:
        given = {"run_name": run_name, "experiment": experiment, "tracking_uri": tracking_uri}
        for name, value in given.items():
            if value is not None:
                text(name, value)
        self.run_name, self.experiment, self.tracking_uri = run_name, experiment, tracking_uri
        self.run_id: str | None = None
        self._client: Any = None
        self._is_ours = False
        self._waiting: list[Any] = []
        self._sent = 0.0

    def __repr__(self) -> str:
        return f"MLflowLog(experiment={self.experiment!r})"

    def begin(self, settings: Mapping[str, Any]) -> None:
        """Begin a run, or take the active one, and tell it the `settings`."""
        try:
            import mlflow
            from mlflow.entities import Param
        except ImportError:
            raise MissingExtraError("A log for MLflow", "mlflow-skinny", "mlflow") from None
        params = [Param(name, str(value)[:LONGEST]) for name, value in settings.items() if value is not None]
        with _taken():
            active = mlflow.active_run()
            self._client = mlflow.MlflowClient(self.tracking_uri)
            self._is_ours = active is None
            self.run_id = self._new_run() if active is None else active.info.run_id
            self._client.log_batch(self.run_id, params=params)

    def _new_run(self) -> str:
        known = self._client.get_experiment_by_name(self.experiment)
        number = self._client.create_experiment(self.experiment) if known is None else known.experiment_id
        made: str = self._client.create_run(number, run_name=self.run_name).info.run_id
        return made

    def record(self, epoch: int, values: Mapping[str, float]) -> None:
        """Send the `values` of an `epoch`, with others of these seconds."""
        from mlflow.entities import Metric

        now = time.time()
        # An epoch has six values at most.
        self._waiting += [Metric(name, value, int(1000 * now), epoch) for name, value in values.items()]
        if len(self._waiting) > BATCH - 6 or now - self._sent > SECONDS:
            self._send()

    def _send(self) -> None:
        waiting, self._waiting, self._sent = self._waiting, [], time.time()
        if waiting:
            with _taken():
                self._client.log_batch(self.run_id, metrics=waiting)

    def end(self, reason: str) -> None:
        """Send what is left; a run of our own ends, with the `reason` as its tag "reason"."""
        if self.run_id is None:
            return
        self._send()
        with _taken():
            self._client.set_tag(self.run_id, "reason", reason)
            if self._is_ours:
                self._client.set_terminated(self.run_id, STATUS.get(reason, "FINISHED"))


@contextmanager
def _taken() -> Iterator[None]:
    """What MLflow refuses, as an `InputError`."""
    from mlflow.exceptions import MlflowException

    try:
        yield
    except MlflowException as error:
        remedy = "Check MLFLOW_TRACKING_URI, which says where runs are kept."
        raise InputError("log", "be one that MLflow takes", brief(str(error)), remedy) from None
