"""Stories: that mistakes were made in some way, what the figures would then be, and how well that explains an answer.

A mistake predicts an entry if the figure comes of working with it throughout, exactly or with rounded figures, or of working
with it from the answer's own earlier parts. So a mistake is told apart from what follows from it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deltarule.marking.answer.given import Answer, Given
from deltarule.marking.diagnosis.evidence import sight_of
from deltarule.marking.mistakes.mistake import Mistake, Way
from deltarule.marking.mistakes.slips import Slip
from deltarule.marking.rework.exercise import Task
from deltarule.marking.rework.worksheet import Change, rounded, work

# What an entry that is not predicted costs, and mistakes, since there are many to choose from: none, one, two.
MISS = math.log(0.02)
PRIORS = (0.0, 3.7, 9.0)
# How a story is worked: throughout, exactly or with rounded figures; or from the answer's own earlier parts, as they are
# written or with all decimals of those that are right.
EXACT, ROUNDING, FOLLOWING, SHARPENED = EVERY = (0, 1, 2, 3)
OWN = (FOLLOWING, SHARPENED)


@dataclass(frozen=True, eq=False)
class Story:
    """A way to make mistakes, and how well it explains the answer.

    matched : of all entries seen, which it explains.
    """

    names: tuple[Mistake, ...]
    ways: tuple[Way, ...]
    predictions: list[dict[str, Any]]
    matched: NDArray[np.bool_]
    score: float
    slip: Slip | None = None

    @property
    def whole(self) -> bool:
        """Whether it explains every entry."""
        return bool(self.matched.all())


class Stories:
    """What is told of one answer to one task; `trusted`: the parts that later ones may follow from."""

    def __init__(self, task: Task, answer: Answer, right: dict[str, Any], trusted: Mapping[str, Given]) -> None:
        self.task, self.answer, self.right, self.trusted = task, answer, right, trusted
        self.numbers = answer.iterations()
        self.sight = sight_of(answer, right, task, trusted)
        self.write = rounded(answer.decimals)

    def predictions(self, way: Way, modes: Sequence[int] = EVERY) -> Iterator[dict[str, Any]]:
        """What the parts are if a mistake was made in this way, in these modes of working."""
        task = way.task or self.task
        shifts = {n: way.shift if way.only in (None, n) else 0 for n in self.numbers}
        numbers = [n + shift for n, shift in shifts.items()]
        if min(numbers) <= task.skipped or max(numbers) > task.updates:
            return
        for mode in modes:
            if mode in OWN and (way.shift or way.shown is not None):
                continue
            worked = self._working(way, task, numbers, mode)
            found = {n: worked[_moved(n, shifts[number_of(n)])] for n in self.right} if way.shift else worked
            if way.shown is not None:
                yield {name: way.shown(name, np.asarray(value)) for name, value in found.items()}
            yield found

    def _working(self, way: Way, task: Task, numbers: list[int], mode: int) -> dict[str, Any]:
        only = None if way.shift else way.only
        if mode == EXACT:
            return work(task, numbers, way.changes, only=only)
        if mode == ROUNDING:
            return work(task, numbers, way.changes, self.write, only=only)
        return work(task, numbers, way.changes, given=self.trusted, sharpen=mode == SHARPENED, only=only)

    def story(
        self,
        names: tuple[Mistake, ...],
        ways: tuple[Way, ...],
        modes: Sequence[int] = EVERY,
        before: Story | None = None,
    ) -> Story | None:
        """How well these mistakes, made in these ways, explain the answer; None where they cannot be made in it.

        before : the same story in other modes, to which these are added.
        """
        way = joined(ways)
        if way is None:
            return None
        flags = frozenset().union(*(each.flags for each in ways))
        matched = np.zeros(len(self.sight.values), bool) if before is None else before.matched.copy()
        predictions = [] if before is None else list(before.predictions)
        try:
            for prediction in self.predictions(way, modes):
                predictions.append(prediction)
                matched |= self.sight.hits(prediction)
                if matched.all():
                    break
        except (ValueError, IndexError):  # shapes that a mistake does not fit
            return None
        if not predictions:
            return None
        for part in self.sight.parts:
            if part.flag and part.flag not in flags:
                matched[part.among] = False
        score = float(np.where(matched, self.sight.gain, MISS).sum())
        prior = PRIORS[len(names)] + sum(each.price for each in ways)
        return Story(names, ways, predictions, matched, score - prior)


def number_of(name: str) -> int:
    """The iteration that a part is of."""
    return int(name.split(".")[1])


def _moved(name: str, by: int) -> str:
    table, number, part = name.split(".")
    return f"{table}.{int(number) + by}.{part}"


def joined(ways: tuple[Way, ...]) -> Way | None:
    """Several ways at once; None where they do not go together."""
    if len(ways) == 1:
        return ways[0]
    if sum(way.task is not None for way in ways) > 1 or sum(way.shown is not None for way in ways) > 1:
        return None
    changes: dict[str, Change] = {}
    for way in ways:
        for part, change in way.changes.items():
            changes[part] = _after(changes[part], change) if part in changes else change
    return Way(
        changes,
        task=next((way.task for way in ways if way.task is not None), None),
        shown=next((way.shown for way in ways if way.shown is not None), None),
        shift=sum(way.shift for way in ways),
        only=next((way.only for way in ways if way.only is not None), None),
        flags=frozenset().union(*(way.flags for way in ways)),
    )


def _after(first: Change, second: Change) -> Change:
    return lambda sheet, right: second(sheet, first(sheet, right))
