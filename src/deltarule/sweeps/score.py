"""The score of the chosen model on the test set."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from deltarule.layers import Patterns
from deltarule.plain import plain


@dataclass(frozen=True)
class Score:
    """How the chosen model does on the test set.

    Attributes
    ----------
    model : its place in the sweep.
    refitted : whether it was trained again, on the validation patterns too.
    patterns : of the test set.
    cost : J without weight decay, reduced as the descent says.
    errors, accuracy : None where the layer predicts numbers.
    seen_before : test patterns (inputs and target) that also occur among those that the model was trained or chosen on.
    """

    model: int
    refitted: bool
    patterns: int
    cost: float
    errors: float | None
    accuracy: float | None
    seen_before: int

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers, for JSON."""
        found: dict[str, Any] = plain(vars(self))
        return found


def occurring(patterns: Patterns, known: list[Patterns]) -> int:
    """How many patterns (inputs and desired outputs) occur among the known ones."""

    def marks(given: Patterns) -> Iterator[int]:
        # Hashes, not copies, of rows; + 0.0 makes -0 and 0 one.
        return (hash(((x + 0.0).tobytes(), (d + 0.0).tobytes())) for x, d in zip(given.X, given.D, strict=True))

    seen = {mark for part in known for mark in marks(part)}
    return sum(mark in seen for mark in marks(patterns))
