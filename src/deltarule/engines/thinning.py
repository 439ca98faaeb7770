"""A history of bounded size: what a run records is thinned as it grows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from deltarule.engines import thresholds

Table = NDArray[np.float64]


def rows_kept(models: int = 1) -> int:
    """The number of recorded epochs that each of these models keeps at most, besides the last.

    Parameters
    ----------
    models : how many are trained over the same patterns; their histories stay in memory together.
    """
    now = thresholds.get()
    return max(2, min(now.history_rows, now.sweep_rows // models))


class Thinned:
    """Rows of one model as they are recorded, of which those of epochs 0, k, 2k, ... are kept, and the last.

    k is `record_every` at first, and doubles whenever more than `limit` rows would be kept. So it depends only on the number
    of epochs reached, not on the slices in which they come.

    Parameters
    ----------
    first : (1, 5) the row of epoch 0.
    record_every : epochs between the rows that are recorded; 0 for no more rows.
    limit : rows that are kept at most, at least 2.

    Examples
    --------
    >>> row = lambda epoch: np.array([[epoch, 0.5, 0, 0, 0]])
    >>> kept = Thinned(row(0), 1, limit=3)
    >>> for epoch in range(1, 8):
    ...     kept.add(row(epoch))
    >>> kept.table(7)[:, 0].tolist(), kept.every
    ([0.0, 4.0, 7.0], 4)
    """

    def __init__(self, first: Table, record_every: int, limit: int) -> None:
        self.record_every, self.limit = record_every, limit
        self.last = first
        # In one attribute, so that Ctrl-C finds it whole: the kept rows in parts, their number, and k.
        self.kept: tuple[list[Table], int, int] = [first], len(first), record_every

    @property
    def every(self) -> int:
        """The epochs between the rows that are kept, where recorded ones were left out; 0 where none were."""
        k = self.kept[2]
        return k if k > self.record_every else 0

    def add(self, rows: Table) -> None:
        """Take the rows (R, 5) that were recorded next; of these, none is of an epoch that does not count."""
        if not len(rows):
            return
        self.last = rows[-1:].copy()
        parts, count, k = self.kept
        if k > self.record_every:
            rows = rows[rows[:, 0] % k == 0]
        if count + len(rows) <= self.limit:
            if len(rows):
                parts.append(rows)
                self.kept = parts, count + len(rows), k
            return
        table = np.concatenate([*parts, rows])
        while len(table) > self.limit:
            k *= 2
            table = table[table[:, 0] % k == 0]
        self.kept = [table], len(table), k

    def table(self, done: int) -> Table:
        """The rows (R, 5) of the epochs before `done`, and that of `done` where it was recorded.

        Parameters
        ----------
        done : the epochs that led to the layer reached.
        """
        table = np.concatenate(self.kept[0])
        if table[-1, 0] == done:
            return table
        before = table[: int(np.searchsorted(table[:, 0], done, side="right"))]
        if before[-1, 0] == done:
            return before
        return np.concatenate([before, self.last]) if self.last[0, 0] == done else before
