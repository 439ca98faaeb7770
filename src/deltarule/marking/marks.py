"""Marks: what became of each entry of an answer, and which mistake explains it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from deltarule.checks import brief
from deltarule.errors import InputError, nearest
from deltarule.json_values import json_value
from deltarule.marking.parts import PartName
from deltarule.views import Shown

Verdict = Literal["right", "rounding", "wrong"]


@dataclass(frozen=True)
class Entry:
    """One entry of a part.

    Attributes
    ----------
    place : row and column, or the place in a list, counted from 1; () for a single figure.
    given, expected : what the answer has, and what the problem gives. Classes by their labels.
    verdict : "right", "rounding" or "wrong": see `deltarule.marking`.
    follows : whether it follows from the answer's own earlier parts; None where these are all right, or tell nothing.
    decimals : of the figure given.
    """

    place: tuple[int, ...]
    given: Any
    expected: Any
    verdict: Verdict
    follows: bool | None
    decimals: int = 0

    @property
    def counts(self) -> bool:
        """Whether the entry keeps its mark."""
        return self.verdict != "wrong" or bool(self.follows)

    @property
    def off(self) -> float | None:
        """The difference between given and expected; None for labels."""
        if isinstance(self.given, int | float) and isinstance(self.expected, int | float):
            return float(self.given) - float(self.expected)
        return None

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        found: dict[str, Any] = json_value(
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


@dataclass(frozen=True, repr=False)
class PartMarks:
    """The marks of one part of an answer.

    Attributes
    ----------
    part : the name, "iteration.1.delta".
    entries : the marks of the entries that are given, row by row.
    shape : of the whole part.
    note : what is wrong with the part as a whole, where that is why its entries are wrong.
    rows, columns : what they stand for: patterns, inputs, neurons; empty where they stand for nothing.
    """

    part: PartName
    entries: tuple[Entry, ...]
    shape: tuple[int, ...]
    note: str = ""
    rows: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"<PartMarks of {self.part}: {self.verdict}, score {self.score:.4g}>"

    @property
    def verdict(self) -> Verdict:
        """The worst verdict of the entries."""
        found = {entry.verdict for entry in self.entries}
        return "wrong" if "wrong" in found else "rounding" if "rounding" in found else "right"

    @property
    def follow_through(self) -> bool | None:
        """Whether every wrong entry follows from earlier parts; None where nothing is wrong."""
        wrong = [entry for entry in self.entries if entry.verdict == "wrong"]
        return all(entry.follows for entry in wrong) if wrong else None

    @property
    def score(self) -> float:
        """The share of the entries that keep their mark, from 0 to 1."""
        return sum(entry.counts for entry in self.entries) / len(self.entries)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {
            "part": str(self.part),
            "verdict": self.verdict,
            "follow_through": self.follow_through,
            "score": self.score,
            **({"note": self.note} if self.note else {}),
            "entries": [entry.to_dict() for entry in self.entries],
        }


@dataclass(frozen=True, repr=False)
class Finding(Shown):
    """A known mistake that explains the answer, or a remark that is not a mistake.

    Attributes
    ----------
    name : "mean-for-sum"; all names stand in `deltarule.marking.mistakes.registry`.
    part : the first part that shows it.
    why : what a tutor would say.
    hint : the same without the solution.
    is_mistake : False for a remark: figures were rounded early, or counted from 0.
    """

    name: str
    part: PartName
    why: str
    hint: str
    is_mistake: bool = True

    def __repr__(self) -> str:
        return f"<Finding {self.name} in {self.part}>"

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {"name": self.name, "part": str(self.part), "why": self.why}


@dataclass(frozen=True, repr=False)
class Marks(Shown):
    """What an answer is worth, and why.

    Attributes
    ----------
    parts : the marks of each part, in the order in which parts are worked.
    mistakes : the findings, the likeliest first.
    faults : parts that could not be read, and why.
    alternatives : whether the mistakes explain the answer equally well, so that it may be any of them.
    """

    parts: tuple[PartMarks, ...]
    mistakes: tuple[Finding, ...]
    faults: dict[str, str]
    alternatives: bool = False

    def __repr__(self) -> str:
        names = ", ".join(finding.name for finding in self.mistakes)
        return f"Marks(right={self.right}, score={self.score:.4g}, parts={len(self.parts)}, mistakes=[{names}])"

    @property
    def right(self) -> bool:
        """Whether no entry is wrong, and all parts could be read."""
        return not self.faults and all(part.verdict != "wrong" for part in self.parts)

    @property
    def score(self) -> float:
        """The mean of the parts' scores, from 0 to 1; a part that could not be read has 0."""
        count = len(self.parts) + len(self.faults)
        return sum(part.score for part in self.parts) / count if count else 0.0

    def __iter__(self) -> Iterator[PartMarks]:
        return iter(self.parts)

    def __getitem__(self, name: str) -> PartMarks:
        found = next((part for part in self.parts if isinstance(name, str) and part.part == name), None)
        if found is None:
            known = [str(part.part) for part in self.parts]
            remedy = nearest(name, known) if isinstance(name, str) and known else f"Known: {', '.join(known)}."
            raise InputError("part", "be among those that are marked", brief(name), remedy)
        return found

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {
            "right": self.right,
            "score": self.score,
            "parts": [part.to_dict() for part in self.parts],
            "mistakes": [finding.to_dict() for finding in self.mistakes],
            "alternatives": self.alternatives,
            "faults": [{"part": str(part), "why": why} for part, why in self.faults.items()],
        }
