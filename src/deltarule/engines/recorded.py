"""`Recorded`: costs and errors after the recorded epochs, of which a history is made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Column = NDArray[np.float64]

# The columns of a table of R recorded epochs, (R, 5).
COLUMN_NAMES = ("epoch", "cost", "errors", "validation_cost", "validation_errors")


@dataclass(frozen=True, eq=False, slots=True)
class Recorded:
    """Costs and errors of a layer as it stands after R recorded epochs, one entry an epoch.

    Parameters
    ----------
    table : (R, 5) what an engine recorded, in the order of `COLUMN_NAMES`. Columns that do not exist may hold anything.
    has_classes : whether the layer predicts classes, so that there are errors.
    has_validation : whether a validation set was followed.
    every : the epochs between entries, where recorded ones were left out so that the table stays small (see
        `thinning.Thinned`); 0 where none were.
    """

    table: NDArray[np.float64]
    has_classes: bool
    has_validation: bool
    every: int = 0

    @property
    def epoch(self) -> NDArray[np.int64]:
        """(R,) the epochs, rising; 0 is the initial layer."""
        return self.table[:, 0].astype(np.int64)

    @property
    def cost(self) -> Column:
        """(R,) J over the training set, reduced as the descent says, decay included."""
        return self.table[:, 1]

    @property
    def errors(self) -> Column | None:
        """(R,) wrong predictions in the training set, by weight; None where the layer predicts numbers."""
        return self.table[:, 2] if self.has_classes else None

    @property
    def validation_cost(self) -> Column | None:
        """(R,) `cost` over the validation set; None without one."""
        return self.table[:, 3] if self.has_validation else None

    @property
    def validation_errors(self) -> Column | None:
        """(R,) `errors` in the validation set; None without one, or where the layer predicts numbers."""
        return self.table[:, 4] if self.has_classes and self.has_validation else None

    def __len__(self) -> int:
        return len(self.table)

    def __getitem__(self, chosen: slice) -> Recorded:
        return replace(self, table=self.table[chosen])

    def before(self, epoch: int) -> Recorded:
        """What was recorded before an epoch."""
        return self[: int(np.searchsorted(self.table[:, 0], epoch))]

    def last(self, name: str) -> float | None:
        """The last entry of the attribute `name`; None where that is None, or no epoch was recorded."""
        known = self.has_validation if name.startswith("validation") else True
        if not len(self.table) or not known or (name.endswith("errors") and not self.has_classes):
            return None
        return float(self.table[-1, COLUMN_NAMES.index(name)])


def joined(parts: Sequence[Recorded]) -> Recorded:
    """The `parts` of the record of one run as one record; they follow one another."""
    return replace(parts[0], table=np.concatenate([part.table for part in parts]))
