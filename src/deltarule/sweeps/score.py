"""The score of the chosen model on the test set."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from deltarule.json_values import json_value
from deltarule.layers import Patterns
from deltarule.views import Shown


@dataclass(frozen=True)
class Score(Shown):
    """How well the chosen model of a sweep predicts the test set.

    Attributes
    ----------
    model : its place in the sweep.
    refitted : whether it was trained again, on the validation patterns too.
    patterns : the number of test patterns.
    cost : J without weight decay, in the descent's reduction.
    errors : the number of wrong predictions; None where the layer predicts numbers.
    accuracy : 1 - errors / patterns; None where the layer predicts numbers.
    seen_before : the number of test patterns that also occur, with the same target, among the training or validation patterns.
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
        found: dict[str, Any] = json_value(vars(self))
        return found


def occurring(patterns: Patterns, known: list[Patterns]) -> int:
    """How many patterns (inputs and desired outputs) occur among the known ones.

    Parameters
    ----------
    patterns : those that are counted.
    known : sets of patterns.
    """

    def hashes(given: Patterns) -> Iterator[int]:
        # Hashes of rows take less memory than copies; + 0.0 makes -0 equal to 0.
        return (hash(((x + 0.0).tobytes(), (d + 0.0).tobytes())) for x, d in zip(given.X, given.D, strict=True))

    seen = {value for part in known for value in hashes(part)}
    return sum(value in seen for value in hashes(patterns))
