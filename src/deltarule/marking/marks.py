"""Marks: what became of each entry of an answer, and which mistake explains it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import prod
from typing import Any, Literal

from deltarule.checks import brief, instance
from deltarule.errors import InputError, nearest
from deltarule.json_values import json_value
from deltarule.parts import PartName
from deltarule.problem.marking_section import Marking
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

    @property
    def size(self) -> int:
        """The number of entries of the whole part."""
        return prod(self.shape)

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


@dataclass(frozen=True)
class Worth:
    """What a part that could be answered is worth.

    Attributes
    ----------
    shape : of the part.
    weight : beside the other parts.
    """

    shape: tuple[int, ...]
    weight: float = 1.0


@dataclass(frozen=True, repr=False)
class Marks(Shown):
    """What an answer is worth, and why.

    Attributes
    ----------
    parts : the marks of each part, in the order in which parts are worked.
    mistakes : the findings: mistakes, the likeliest first, and then remarks.
    faults : parts that could not be read, and why.
    alternatives : whether the mistakes explain the answer equally well, so that it may be any of them.
    expected : what could be answered, by name. Where the problem asks for parts, these; where it asks for none in particular: the
        parts of iteration 1, those of every other iteration of which the answer has one, and every other part that it has.
    marking : what the problem says about marks; None where it says nothing.
    hints : how many were asked for, as the answer says.
    """

    parts: tuple[PartMarks, ...]
    mistakes: tuple[Finding, ...]
    faults: dict[str, str]
    alternatives: bool = False
    expected: Mapping[PartName, Worth] = field(default_factory=dict)
    marking: Marking | None = None
    hints: int = 0

    def __repr__(self) -> str:
        names = ", ".join(finding.name for finding in self.mistakes)
        return f"Marks(right={self.right}, score={self.score:.4g}, parts={len(self.parts)}, mistakes=[{names}])"

    @property
    def asks(self) -> bool:
        """Whether the problem asks for parts, so that what is missing costs marks."""
        return self.marking is not None and self.marking.asked is not None

    @property
    def weighs(self) -> bool:
        """Whether the problem asks for parts or weighs them, so that a reader should be told what each is worth."""
        return self.marking is not None and self.marking.weighs

    @property
    def right(self) -> bool:
        """Whether something is given, no entry is wrong, all parts could be read, and no entry that is asked for is missing."""
        if self.faults or not self.parts or any(part.verdict == "wrong" for part in self.parts):
            return False
        complete = all(len(part.entries) == part.size for part in self.parts if part.part in self.expected)
        return not self.asks or (complete and not self.missing)

    @property
    def missing(self) -> tuple[PartName, ...]:
        """The parts that the problem asks for and the answer does not have; none where it asks for none in particular."""
        given = {str(part.part) for part in self.parts} | self.faults.keys()
        return tuple(name for name in self.expected if name not in given) if self.asks else ()

    @property
    def answered(self) -> float:
        """How much of what could be answered (`expected`) was answered, by weight, from 0 to 1.

        A part counts by the share of its entries that are given, right or wrong; one that could not be read counts nothing.
        """
        given = {str(part.part): len(part.entries) / part.size for part in self.parts}
        total = sum(worth.weight for worth in self.expected.values())
        found = sum(worth.weight * given.get(name, 0.0) for name, worth in self.expected.items())
        return found / total if total else 0.0

    @property
    def hint_cost(self) -> float:
        """The share of all marks that the hints cost."""
        return 0.0 if self.marking is None else self.marking.cost_of(self.hints)

    @property
    def score(self) -> float:
        """The mean of what the parts are worth, by their weights, less what the hints cost; from 0 to 1.

        Where the problem asks for parts, the mean is over these, and what is missing is worth 0; elsewhere it is over what is
        given. A part that could not be read is worth 0.
        """
        counted = [*self.expected] if self.asks else [*(part.part for part in self.parts), *self.faults]
        total = sum(map(self.weight, counted))
        earned = sum(self.earned(part) for part in self.parts)
        return max(0.0, earned / total - self.hint_cost) if total else 0.0

    def weight(self, name: str) -> float:
        """The weight of a part; 0 where the problem asks for others.

        Parameters
        ----------
        name : of the part, "iteration.1.delta".
        """
        worth = self.expected.get(PartName.parse(name))
        return float(not self.asks) if worth is None else worth.weight

    def earned(self, part: PartMarks) -> float:
        """What a part earns of its weight: the share of the entries that keep their mark, or all or nothing.

        Where the problem asks for parts, entries that are missing earn nothing.

        Parameters
        ----------
        part : one of the parts.
        """
        instance("part", part, PartMarks, "Give one of the parts of the marks.")
        size = part.size if self.asks else len(part.entries)
        share = sum(entry.counts for entry in part.entries) / size
        if self.marking is not None and self.marking.credit == "all-or-nothing" and share < 1:
            share = 0.0
        return self.weight(part.part) * share

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
            "answered": self.answered,
            "parts": [part.to_dict() | self._worth(part) for part in self.parts],
            "missing": [{"part": str(name), "weight": self.weight(name)} for name in self.missing],
            **({"hints": self.hints, "hint_cost": self.hint_cost} if self.hints else {}),
            "mistakes": [finding.to_dict() for finding in self.mistakes],
            "alternatives": self.alternatives,
            "faults": [{"part": str(part), "why": why} for part, why in self.faults.items()],
        }

    def _worth(self, part: PartMarks) -> dict[str, float]:
        """The weight of a part and what it earns, where the problem says something about marks."""
        return {"weight": self.weight(part.part), "earned": self.earned(part)} if self.weighs else {}
