"""An answer as it was given: figures with their decimals, fitted to the shapes of its problem."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class GivenPart:
    """One part of an answer.

    name : "iteration.1.delta".
    values : as the part's shape; NaN where nothing was given. Predicted classes by their places, from 0.
    decimals : of each entry.
    transposed : whether rows and columns were swapped in the file.
    from_zero : whether classes were numbered from 0.
    """

    name: str
    values: NDArray[np.float64]
    decimals: NDArray[np.int_]
    transposed: bool = False
    from_zero: bool = False

    @property
    def half(self) -> NDArray[np.float64]:
        """Half a unit of each entry's last decimal."""
        return 0.5 * 10.0 ** -self.decimals.astype(float)

    @property
    def note(self) -> str:
        """What is wrong with it as a whole."""
        if self.transposed:
            return "rows and columns are exchanged"
        return "the classes are counted from 0" if self.from_zero else ""

    @property
    def complete(self) -> bool:
        """Whether every entry is given."""
        return not np.isnan(self.values).any()


@dataclass(frozen=True, eq=False)
class Answer:
    """An answer as fitted to its problem.

    parts : by name, in the order in which they are worked.
    faults : what could not be read, by the name of its part, and why.
    """

    parts: dict[str, GivenPart]
    faults: dict[str, str]
    decimals: int
    counted_from_zero: bool = False

    def iterations(self) -> list[int]:
        """Those of which any part is given."""
        return sorted({int(name.split(".")[1]) for name in self.parts if name.startswith("iteration.")})
