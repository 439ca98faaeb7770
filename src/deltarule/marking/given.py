"""An answer as it was given: figures with their decimals, in the shapes that the parts of its problem have."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deltarule.checks import listed, table, text, whole
from deltarule.conventions import Conventions
from deltarule.immutable import Immutable
from deltarule.json_values import json_value
from deltarule.parts import PartName
from deltarule.views import Shown

FROM_ONE = "The first update is iteration 1."


@dataclass(frozen=True, eq=False)
class GivenPart(Immutable):
    """One part of an answer.

    Attributes
    ----------
    name : of the part.
    values : the figures, in the part's shape; NaN where nothing was given. Predicted classes by their places, from 0.
    decimals : of each entry; an array of the same shape.
    transposed : whether rows and columns were exchanged in the file (here they stand as they should).
    from_zero : whether classes were numbered from 0.
    numbered : whether classes were given by numbers that may be counted from 1 or from 0, and not by labels.
    """

    name: PartName
    values: NDArray[np.float64]
    decimals: NDArray[np.int_]
    transposed: bool = False
    from_zero: bool = False
    numbered: bool = False

    @property
    def half(self) -> NDArray[np.float64]:
        """Half a unit of each entry's last decimal."""
        return 0.5 * 10.0 ** -self.decimals.astype(float)

    @property
    def note(self) -> str:
        """What is wrong with the part as a whole; an empty text where nothing is."""
        if self.transposed:
            return "rows and columns are exchanged"
        return "the classes are counted from 0" if self.from_zero else ""

    @property
    def known(self) -> NDArray[np.bool_]:
        """Which entries are given."""
        return ~np.isnan(self.values)

    @property
    def complete(self) -> bool:
        """Whether every entry is given."""
        return bool(self.known.all())

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON; None where nothing was given."""
        return {
            "part": str(self.name),
            "values": json_value(self.values),
            "decimals": json_value(self.decimals),
            **({"note": self.note} if self.note else {}),
        }


@dataclass(frozen=True, eq=False, repr=False)
class Answer(Shown):
    """An answer as fitted to its problem.

    Attributes
    ----------
    parts : by name, in the order in which they are worked.
    faults : what could not be read: the name of the part, and why.
    decimals : of its figures, where they do not show more.
    counted_from_zero : whether its iterations are numbered from 0.
    hints : how many its writer asked for.
    last_taken : the parts of which a notebook has different values, so that the last one was taken.
    read_in : reads the whole answer again, as other conventions write it; None where only these parts are known.
    """

    parts: dict[PartName, GivenPart]
    faults: dict[str, str]
    decimals: int
    counted_from_zero: bool = False
    hints: int = 0
    read_in: Callable[[Conventions], Answer] | None = None
    last_taken: tuple[PartName, ...] = ()

    def __repr__(self) -> str:
        return f"Answer(parts={len(self.parts)}, faults={len(self.faults)}, decimals={self.decimals})"

    def part(self, number: int, part: str) -> GivenPart | None:
        """One part of one iteration; None where it is not given.

        Parameters
        ----------
        number : of the iteration, counted from 1.
        part : its name, as in "delta".
        """
        return self.parts.get(PartName.in_iteration(whole("iteration", number, 1, FROM_ONE), text("part", part)))

    def iterations(self) -> list[int]:
        """The numbers of the iterations of which any part is given, in order."""
        return sorted({name.number for name in self.parts if name.number is not None})

    def of_iterations(self, numbers: Iterable[int] | None = None) -> dict[PartName, GivenPart]:
        """The parts of iterations: of all, or of those with these numbers."""
        among = None
        if numbers is not None:
            among = {
                whole("iteration", each, 1, FROM_ONE) for each in listed("iterations", numbers, "Give their numbers.")
            }
        return {
            name: part
            for name, part in self.parts.items()
            if name.number is not None and (among is None or name.number in among)
        }

    def with_parts(self, parts: Mapping[PartName, GivenPart]) -> Answer:
        """The answer with these parts only."""
        return replace(self, parts=table("parts", parts, "Give parts by their names."), read_in=None)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {
            "decimals": self.decimals,
            "counted_from_zero": self.counted_from_zero,
            "parts": [part.to_dict() for part in self.parts.values()],
            "faults": [{"part": str(name), "why": why} for name, why in self.faults.items()],
        }
