"""Which known mistake explains an answer: the one under which its figures are likeliest.

Each mistake is worked as if it had been made. An entry that it predicts is worth log(R / 2h): how much likelier the figure
is than one drawn from the range R of its part, when figures are 2h apart. One that it does not predict costs `MISS`. A mistake
costs `PRIOR`, since there are many to choose from; it is named if it then beats "no known mistake" by `MARGIN`.

A mistake predicts an entry if the figure comes of working with it throughout, exactly or with rounded figures, or of working
with it from the answer's own earlier parts. So a mistake is told apart from what follows from it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deltarule.marking.copying import copied
from deltarule.marking.entries import tolerance
from deltarule.marking.given import Answer
from deltarule.marking.marks import Named, within
from deltarule.marking.mistakes import MISTAKES, ROUNDED, Mistake, Way
from deltarule.marking.ordering import classes_reordered, patterns_reordered
from deltarule.marking.rounding import TWICE, Rounding
from deltarule.marking.sheet import Change, Values, rounded, work
from deltarule.marking.slips import Slip, flipped, slip_of
from deltarule.marking.task import COUNTS, Task

MISS = math.log(0.02)
PRIOR, PAIR_PRIOR, MARGIN = 3.7, 9.0, 2.0
# Mistakes whose scores are this near fit equally.
ALIKE = 0.5
# Single mistakes that are tried together with all others.
PAIRED = 4
# What one slip costs besides: there are some ways to make it.
MOST_SLIPS, SLIP = 3, 1.0
# How a story is worked: throughout, exactly or with rounded figures; or from the answer's own earlier parts, as they are
# written or with all decimals of those that are right.
EXACT, ROUNDING, FOLLOWING, SHARPENED = EVERY = (0, 1, 2, 3)
OWN = (FOLLOWING, SHARPENED)


@dataclass(frozen=True, eq=False)
class Seen:
    """The entries given of one part: where they stand in the part, and among all entries seen; `flag`: see `Way.flags`."""

    name: str
    part: str
    places: tuple[NDArray[np.intp], ...]
    among: slice
    flag: str

    def of(self, prediction: Mapping[str, Any]) -> Values:
        """What is predicted of these entries; NaN where the shape is another."""
        value = np.asarray(prediction[self.name], float)
        if value.ndim != len(self.places):
            return np.full(self.among.stop - self.among.start, np.nan)
        return value[self.places] if self.places else value.reshape(1)


@dataclass(frozen=True, eq=False)
class Sight:
    """All entries given of iterations, one after another: figures, half their units, and what each is worth."""

    parts: list[Seen]
    values: Values
    half: Values
    gain: Values

    def of(self, prediction: Mapping[str, Any]) -> Values:
        """What is predicted of all entries."""
        return np.concatenate([part.of(prediction) for part in self.parts])

    def hits(self, prediction: Mapping[str, Any], slack: float = 1.0) -> NDArray[np.bool_]:
        """Which entries are predicted, within so many half units."""
        return within(self.values, self.of(prediction), slack * self.half)


def sight_of(answer: Answer, right: Mapping[str, Any], task: Task) -> Sight:
    """The parts of iterations in an answer."""
    parts, values, halves, gains, count = [], [], [], [], 0
    for name, given in answer.parts.items():
        if not name.startswith("iteration."):
            continue
        part = name.split(".")[-1]
        places = np.nonzero(~np.isnan(given.values)) if given.values.ndim else ()
        found = given.values[places].reshape(-1)
        half = given.half[places].reshape(-1)
        if part in COUNTS:
            half = np.full_like(half, 0.25)
            gain = np.full_like(half, math.log(task.count + 1 if part == "errors" else max(task.layer.neurons, 2)))
        else:
            spread = 2 * float(np.abs(np.asarray(right[name], float)).max())
            gain = np.log(np.maximum(spread, 40 * half) / (2 * half))
        flag = "transposed" if given.transposed else "from_zero" if given.from_zero else ""
        parts.append(Seen(name, part, places, slice(count, count + len(found)), flag))
        count += len(found)
        values.append(found)
        halves.append(half)
        gains.append(gain)
    return Sight(parts, *(np.concatenate(each) for each in (values, halves, gains)))


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


class Explainer:
    """What stories are told about one answer to one task."""

    def __init__(self, task: Task, answer: Answer, right: dict[str, Any], rounding: Rounding) -> None:
        self.task, self.answer, self.right, self.rounding = task, answer, right, rounding
        self.numbers = answer.iterations()
        self.sight = sight_of(answer, right, task)
        self.given = {s.name: answer.parts[s.name] for s in self.sight.parts if not answer.parts[s.name].transposed}
        self.write = rounded(answer.decimals)
        self.zero = answer.counted_from_zero
        self.wrong_in = 0

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
        return work(task, numbers, way.changes, given=self.given, sharpen=mode == SHARPENED, only=only)

    def story(self, names: tuple[Mistake, ...], ways: tuple[Way, ...], modes: Sequence[int] = EVERY) -> Story | None:
        """How well these mistakes, made in these ways, explain the answer."""
        way = _joined(ways)
        if way is None:
            return None
        flags = frozenset().union(*(each.flags for each in ways))
        matched = np.zeros(len(self.sight.values), bool)
        predictions = []
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
        prior = (0.0, PRIOR, PAIR_PRIOR)[len(names)] + sum(each.price for each in ways)
        return Story(names, ways, predictions, matched, score - prior)

    def best(self) -> tuple[list[Named], bool]:
        """The mistakes to name, the likeliest first, and whether they are alternatives."""
        none = self.story((), (Way(),), (EXACT,))
        if none is None or (none.whole and not self.zero):
            return [], False
        if self.zero and none.whole:
            return [self._named(MISTAKES[0], Way(), "iteration.1")], False
        if self.allowed:
            exact = self._exactly()
            return [exact or self._named(ROUNDED, Way(), self._first(none))], False
        return self._of_wrong(none)

    def _of_wrong(self, none: Story) -> tuple[list[Named], bool]:
        """The mistakes to name where something is wrong; `none`: the story of the right answer."""
        follows = self.story((), (Way(),)) or none
        self.wrong_in = number_of(self._first(follows if not follows.whole else none))
        if follows.whole:
            return [self._named(ROUNDED, Way(), self._first(none))], False
        stories = self._singles()
        slip = self._slipped(follows)
        if slip is not None:
            stories.append(slip)
        stories.sort(key=lambda s: -s.score)
        top = stories[0] if stories else None
        if top is None or not top.whole:
            stories += self._pairs(stories)
            for single in stories[:PAIRED]:
                joined = self._slipped(single) if single.slip is None else None
                if joined is not None:
                    stories.append(joined)
            stories.sort(key=lambda s: -s.score)
        told = [s for s in stories if s.score > follows.score + MARGIN]
        if not told:
            return [], False
        best = told[0]
        equal = [s for s in told if s.score >= best.score - ALIKE and len(s.names) == len(best.names)]
        if len(best.names) > 1 or (best.slip is not None and best.names):
            return self._tell(best), False
        named: dict[str, Named] = {}
        for each in equal:
            for one in self._tell(each):
                named.setdefault(one.name, one)
        return list(named.values()), len(named) > 1

    def _exactly(self) -> Named | None:
        """A mistake that gives all that is written, where no usual way of rounding does.

        Where all is right within rounding, a mistake that happens to hit what rounding moved must not be named.
        """
        rounded = [*self.predictions(Way(), (ROUNDING, *OWN)), *self.rounding.usual]
        if any(bool(self.sight.hits(p, TWICE).all()) for p in rounded):
            return None
        best = max(self.exact, key=lambda story: story.score, default=None)
        return None if best is None else self._named(best.names[0], best.ways[0], self._changed())

    @cached_property
    def allowed(self) -> bool:
        """Whether no entry is wrong."""
        return all(
            not part.flag
            and bool(
                self.rounding.allows(
                    part.name,
                    self.answer.parts[part.name].values,
                    np.asarray(self.right[part.name], float),
                    tolerance(self.answer.parts[part.name]),
                )[part.places].all()
            )
            for part in self.sight.parts
        )

    @cached_property
    def known(self) -> list[tuple[Mistake, list[Way]]]:
        """Every mistake with the ways to make it here: the known ones, and those read off the answer itself."""
        read_off = (
            copied(self.task, self.answer, self.right),
            patterns_reordered(self.answer, self.right),
            classes_reordered(self.task, self.answer, self.right),
            flipped(self.answer, self.right),
        )
        known = [(mistake, list(mistake.ways(self.task))) for mistake in MISTAKES]
        return known + [(mistake, list(ways)) for mistake, ways in read_off]

    @cached_property
    def exact(self) -> list[Story]:
        """Mistakes that give every figure, if made throughout and worked with all decimals."""
        stories = (self.story((mistake,), (way,), (EXACT,)) for mistake, ways in self.known for way in ways)
        return [story for story in stories if story is not None and story.whole]

    def _singles(self) -> list[Story]:
        """The best way of each mistake. Where one gives all exactly, only such ones: most answers need no more."""
        return self.exact or [story for mistake, ways in self.known for story in self._best_way(mistake, ways)]

    def _best_way(self, mistake: Mistake, ways: Iterable[Way]) -> list[Story]:
        told = []
        several = len(self.numbers) > 1 or self.numbers[0] > self.task.skipped + 1
        for way in ways:
            story = self.story((mistake,), (way,))
            told += [] if story is None else [story]
            if several and (way.changes or way.shift) and (story is None or not story.whole):
                once = self.story((mistake,), (replace(way, only=self.wrong_in),))
                told += [] if once is None else [once]
        return [max(told, key=lambda s: s.score)] if told else []

    def _pairs(self, singles: list[Story]) -> list[Story]:
        """The best singles together with each other one."""
        found = []
        for number, first in enumerate(s for s in singles if s.slip is None):
            if number >= PAIRED:
                break
            for second in singles:
                if second is first or second.slip is not None or second.names == first.names:
                    continue
                both = self.story((*first.names, *second.names), (*first.ways, *second.ways))
                if both is not None:
                    found.append(both)
        return found

    def _slipped(self, story: Story) -> Story | None:
        """The story with a slip of the pen for each of the few entries that it leaves over."""
        left = np.flatnonzero(~story.matched).tolist()
        if not left or len(left) > MOST_SLIPS:
            return None
        sight, slips = self.sight, []
        wanted = [sight.of(prediction) for prediction in story.predictions]
        for j in left:
            part = next(part for part in sight.parts if part.among.start <= j < part.among.stop)
            decimals = 0 if part.part in COUNTS else round(-math.log10(2 * sight.half[j]))
            values = [float(each[j]) for each in wanted if np.isfinite(each[j])]
            slips.append(slip_of(float(sight.values[j]), values, decimals, part.name))
        first = slips[0]
        if first is None or any(each is None or each.mistake is not first.mistake for each in slips):
            return None
        gained = sum(float(sight.gain[j]) - MISS - SLIP for j in left)
        prior = PRIOR if not story.names else PAIR_PRIOR - PRIOR
        return replace(story, score=story.score + gained - prior, slip=first)

    def _tell(self, story: Story) -> list[Named]:
        told = [self._named(m, w, self._changed()) for m, w in zip(story.names, story.ways, strict=False)]
        if story.slip is not None:
            told.append(Named(story.slip.mistake.name, story.slip.part, story.slip.why, story.slip.mistake.hint))
        return told

    def _named(self, mistake: Mistake, way: Way, part: str) -> Named:
        said = f" ({way.said})" if way.said else ""
        return Named(mistake.name, part, mistake.why + said, mistake.hint, wrong=mistake is not ROUNDED)

    def _changed(self) -> str:
        """The first part seen whose entries are not what is right."""
        hits = self.sight.hits(self.right)
        return next((p.name for p in self.sight.parts if p.flag or not hits[p.among].all()), self.sight.parts[0].name)

    def _first(self, story: Story) -> str:
        """The first part that a story does not explain."""
        return next(part.name for part in self.sight.parts if not story.matched[part.among].all())


def number_of(name: str) -> int:
    """The iteration that a part is of."""
    return int(name.split(".")[1])


def _moved(name: str, by: int) -> str:
    table, number, part = name.split(".")
    return f"{table}.{int(number) + by}.{part}"


def _joined(ways: tuple[Way, ...]) -> Way | None:
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
