"""Rosenblatt's rule ends where no pattern is wrong: a run that looks for that epoch, whatever the engine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from deltarule.engines import thresholds
from deltarule.engines.base import Engine, Report, Work
from deltarule.engines.recorded import COLUMN_NAMES, Recorded
from deltarule.layers import Layer
from deltarule.outcome import Reason

COST, ERRORS = COLUMN_NAMES.index("cost"), COLUMN_NAMES.index("errors")


def settles(work: Work) -> bool:
    """Whether a `work` comes to rest once no pattern is wrong: its rule learns from errors only, and nothing else moves it."""
    return work.layer.learns_from_errors and not work.descent.weight_decay and not work.descent.momentum


def settling(start: Callable[[Work], Engine], work: Work) -> Engine:
    """The engine at the start of a work; it ends where the work comes to rest.

    Parameters
    ----------
    start : makes an engine for a work.
    work : what to do.
    """
    return SettlingEngine(start, work) if settles(work) else start(work)


class SettlingEngine:
    """An engine that ends after the first epoch with no errors and a cost of 0.

    The engine inside records each epoch, and may run on beyond that one: the rule then changes nothing, so its layer is the same.

    Parameters
    ----------
    start, work : as in `settling`.
    """

    def __init__(self, start: Callable[[Work], Engine], work: Work) -> None:
        self.start, self.work, self.epoch = start, work, 0
        self.watched = replace(work, record_every=1)
        self.engine = start(self.watched)
        self.name, self.first_slice = self.engine.name, self.engine.first_slice
        # A generator as the seed must not be drawn from beyond the last epoch.
        self.most = 1 if isinstance(work.descent.seed, np.random.Generator) else thresholds.get().rows_ahead

    @property
    def initial(self) -> Recorded:
        """See `Engine`."""
        return self.engine.initial

    def record(self, layer: Layer, epoch: int) -> Recorded:
        """See `Engine`."""
        return self.engine.record(layer, epoch)

    def prepare(self, seconds: float) -> None:
        """See `Engine`."""
        self.engine.prepare(seconds)

    def advance(self, epochs: int) -> Report:
        """See `Engine`; it may do fewer epochs than asked for, so that the table of all epochs stays small."""
        report = self.engine.advance(min(epochs, self.most))
        table = report.recorded.table
        at_rest = np.flatnonzero((table[:, ERRORS] == 0) & (table[:, COST] == 0))
        if len(at_rest):
            done = int(at_rest[0]) + 1
            layer = report.layer if done == report.epochs else self._layer_after(self.epoch + done, report.layer)
            report = report._replace(layer=layer, epochs=done, reason=Reason.NO_ERRORS)
        self.epoch += report.epochs
        kept = [row for row in table[: report.epochs] if self.work.records(int(row[0]))]
        return report._replace(recorded=self.work.recorded(kept))

    def _layer_after(self, epochs: int, later: Layer) -> Layer:
        """The layer after so many epochs, from one that was reached later.

        A neuron with u = 0 may be wrong at no cost where its class has the largest u all the same: then the rule went on.
        """
        if later.neurons == 1 or later.independent:
            return later
        again = self.start(self.watched)
        layer, done = later, 0
        while done < epochs:
            report = again.advance(min(epochs - done, self.most))
            layer, done = report.layer, done + report.epochs
        return layer
