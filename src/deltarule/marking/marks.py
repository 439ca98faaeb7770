"""Marks: what became of each entry of an answer, and which mistake explains it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from deltarule.plain import plain
from deltarule.views import Shown

Verdict = Literal["right", "rounding", "wrong"]


@dataclass(frozen=True)
class Entry:
    """One entry of a part.

    place : row and column, or place in a list, counted from 1; () for a single figure.
    given, expected : what the answer says, and what comes of the problem. Classes by their labels.
    verdict : see `deltarule.marking`.
    decimals : of the figure given.
    follows : whether it follows from the answer's own earlier parts; None where these are all right, or say nothing.
    """

    place: tuple[int, ...]
    given: Any
    expected: Any
    verdict: Verdict
    follows: bool | None
    decimals: int = 0

    @property
    def counts(self) -> bool:
        """Whether it is worth its mark."""
        return self.verdict != "wrong" or bool(self.follows)

    @property
    def off(self) -> float | None:
        """GivenPart less expected; None of labels."""
        if isinstance(self.given, int | float) and isinstance(self.expected, int | float):
            return float(self.given) - float(self.expected)
        return None

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        found: dict[str, Any] = plain(
            {
                "place": list(self.place),
                "given": self.given,
                "expected": self.expected,
                "off": self.off,
                "verdict": self.verdict,
                "follow_through": self.follows,
            }
        )
        return found


@dataclass(frozen=True)
class PartMarks:
    """One part of an answer: its name ("iteration.1.delta"), and its entries' marks.

    note : what is wrong with it as a whole, where that is why its entries are wrong.
    rows, columns : what they stand for.
    """

    part: str
    entries: tuple[Entry, ...]
    shape: tuple[int, ...]
    note: str = ""
    rows: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """The worst of its entries'."""
        found = {entry.verdict for entry in self.entries}
        return "wrong" if "wrong" in found else "rounding" if "rounding" in found else "right"

    @property
    def follow_through(self) -> bool | None:
        """Whether all that is wrong in it follows from earlier parts; None where nothing is wrong."""
        wrong = [entry for entry in self.entries if entry.verdict == "wrong"]
        return all(entry.follows for entry in wrong) if wrong else None

    @property
    def score(self) -> float:
        """The share of its entries that count."""
        return sum(entry.counts for entry in self.entries) / len(self.entries)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {
            "part": self.part,
            "verdict": self.verdict,
            "follow_through": self.follow_through,
            "score": self.score,
            **({"note": self.note} if self.note else {}),
            "entries": [entry.to_dict() for entry in self.entries],
        }


@dataclass(frozen=True)
class Finding:
    """A mistake that explains the answer: its name, the first part that shows it, and what a tutor would say.

    hint : the same, without the number.
    """

    name: str
    part: str
    why: str
    hint: str
    is_mistake: bool = True


@dataclass(frozen=True)
class Marks(Shown):
    """What an answer is worth, and why.

    parts : in the order in which they are worked.
    mistakes : the likeliest first; two that fit equally are both there.
    faults : parts that could not be read, and why.
    alternatives : whether the mistakes explain the answer equally well, so that it may be either of them.
    """

    parts: tuple[PartMarks, ...]
    mistakes: tuple[Finding, ...]
    faults: dict[str, str]
    alternatives: bool = False

    @property
    def right(self) -> bool:
        """Whether no entry is wrong, and all could be read."""
        return not self.faults and all(part.verdict != "wrong" for part in self.parts)

    @property
    def score(self) -> float:
        """The mean of the parts' scores; what could not be read has none."""
        count = len(self.parts) + len(self.faults)
        return sum(part.score for part in self.parts) / count if count else 0.0

    def __iter__(self) -> Iterator[PartMarks]:
        return iter(self.parts)

    def __getitem__(self, name: str) -> PartMarks:
        return next(part for part in self.parts if part.part == name)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {
            "right": self.right,
            "score": self.score,
            "parts": [part.to_dict() for part in self.parts],
            "mistakes": [{"name": each.name, "part": each.part, "why": each.why} for each in self.mistakes],
            "alternatives": self.alternatives,
            "faults": [{"part": part, "why": why} for part, why in self.faults.items()],
        }


def within(given: NDArray[Any], expected: Any, half: NDArray[Any]) -> NDArray[np.bool_]:
    """Where figures are what would be printed: an exact half may be rounded either variant."""
    slack = half * 1e-6 + 1e-12 * np.abs(given)
    close: NDArray[np.bool_] = np.abs(given - expected) <= half + slack
    return close
