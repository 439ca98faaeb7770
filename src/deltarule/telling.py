"""A run told to a log while it goes on."""

from __future__ import annotations

from typing import Any, Self

from deltarule.engines import Engine, Report, Work
from deltarule.engines.recorded import Recorded
from deltarule.engines.running import Result
from deltarule.layers import Patterns
from deltarule.logs import Log, checked


class LoggedRun:
    """Tells a log the settings at the start, each recorded epoch once, and the reason at the end, which is an error's too.

    Parameters
    ----------
    log : who is told.
    work : what is trained on what.
    engine : the engine asked for.

    Raises
    ------
    InputError
        If the log does not have the methods of `Log`.
    """

    def __init__(self, log: Log, work: Work, engine: str) -> None:
        self._log, self._work, self._engine = checked(log), work, engine
        self._reason, self._last = "FAILED", -1.0

    def __enter__(self) -> Self:
        layer, training = self._work.layer, self._work.training
        sizes = {"inputs": layer.inputs, "neurons": layer.neurons, "patterns": len(training.X)}
        self._log.begin({"layer": layer.kind, **sizes, "engine": self._engine, **self._work.descent.to_dict()})
        return self

    def __exit__(self, *_: object) -> None:
        self._log.end(self._reason)

    def engine(self, engine: Engine) -> Engine:
        """The engine that tells what it records.

        Parameters
        ----------
        engine : at the start of its work.
        """
        return _Telling(engine, self)

    def result(self, result: Result) -> None:
        """Tell the last epoch, if it was not recorded on the way, and keep the reason for the end.

        Parameters
        ----------
        result : of the run.
        """
        self.tell(result.recorded)
        self._reason = result.reason.name

    def tell(self, recorded: Recorded) -> None:
        """Tell the entries that are later than those told before.

        Parameters
        ----------
        recorded : costs and errors of recorded epochs.
        """
        work = self._work
        columns = {"cost": recorded.cost, "validation_cost": recorded.validation_cost}
        for prefix, errors, patterns in (
            ("", recorded.errors, work.training),
            ("validation_", recorded.validation_errors, work.validation),
        ):
            if errors is not None:
                columns |= {f"{prefix}errors": errors, f"{prefix}accuracy": 1 - errors / _weight(patterns)}
        known = {name: column.tolist() for name, column in columns.items() if column is not None}
        for row, epoch in enumerate(recorded.epoch.tolist()):
            if epoch > self._last:
                self._log.record(epoch, {name: column[row] for name, column in known.items()})
                self._last = epoch


def _weight(patterns: Patterns | None) -> float:
    return 1.0 if patterns is None else float(patterns.sample_weight.sum())


class _Telling:
    """An engine that tells what it records; all else is the engine's."""

    def __init__(self, engine: Engine, told: LoggedRun) -> None:
        self._engine, self._told = engine, told

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def advance(self, epochs: int) -> Report:
        """See `Engine`."""
        self._told.tell(self._engine.initial)
        report = self._engine.advance(epochs)
        self._told.tell(report.recorded)
        return report
