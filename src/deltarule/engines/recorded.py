"""`Recorded`: costs and errors after the recorded epochs, of which a history is made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

Column = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Recorded:
    """Costs and errors of a layer as it stands after R recorded epochs, one entry an epoch.

    Attributes
    ----------
    epoch : (R,) the epochs, rising; 0 is the initial layer.
    cost : (R,) J over the training set, reduced as the descent says, decay included.
    errors : (R,) wrong predictions in the training set, by weight; None where the layer predicts numbers.
    validation_cost, validation_errors : (R,) the same of the validation set; None without one.
    """

    epoch: NDArray[np.int64]
    cost: Column
    errors: Column | None
    validation_cost: Column | None
    validation_errors: Column | None

    @classmethod
    def from_table(cls, table: Any, *, has_classes: bool, has_validation: bool) -> Recorded:
        """The record of a table (R, 5), whose columns are the attributes in their order.

        Parameters
        ----------
        table : (R, 5) numbers, or a list of R such rows. Columns that do not exist may hold anything.
        has_classes : whether the layer predicts classes, so that there are errors.
        has_validation : whether a validation set was followed.
        """
        columns = np.array(table, dtype=np.float64).reshape(-1, 5).T.copy()
        return cls(
            columns[0].astype(np.int64),
            columns[1],
            columns[2] if has_classes else None,
            columns[3] if has_validation else None,
            columns[4] if has_classes and has_validation else None,
        )

    @classmethod
    def joined(cls, parts: Sequence[Recorded]) -> Recorded:
        """Records of one run, one after the other."""
        if len(parts) == 1:
            return parts[0]

        def column(name: str) -> Any:
            columns = [getattr(part, name) for part in parts]
            return None if columns[0] is None else np.concatenate(columns)

        return cls(*(column(field.name) for field in fields(cls)))

    def __len__(self) -> int:
        return len(self.epoch)

    def __getitem__(self, chosen: slice) -> Recorded:
        columns = (getattr(self, field.name) for field in fields(self))
        parts: Any = (None if column is None else column[chosen] for column in columns)
        return Recorded(*parts)

    def before(self, epoch: int) -> Recorded:
        """What was recorded before an epoch."""
        return self[: int(np.searchsorted(self.epoch, epoch))]

    def last(self, name: str) -> float | None:
        """The last entry of an attribute; None where there is no such attribute, or no epoch was recorded."""
        column = getattr(self, name)
        return None if column is None or not len(column) else float(column[-1])
