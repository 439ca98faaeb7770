"""Which known mistake explains an answer: the one under which its figures are likeliest.

Each mistake is worked as if it had been made (`stories`), and what it predicts is worth what it gains over chance (`sight`). One is
named if it explains most of what is wrong and then beats "no known mistake" by `MARGIN`. Where none explains all, mistakes are
tried in pairs, and with slips of the pen for the few figures that are left over.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np

from deltarule.marking.answer.given import Answer, Given
from deltarule.marking.diagnosis.hypotheses import (
    EVERY,
    EXACT,
    FOLLOWING,
    MISS,
    OWN,
    PRIORS,
    ROUNDING,
    Stories,
    Story,
    number_of,
)
from deltarule.marking.grading.entries import tolerance
from deltarule.marking.marks import Named
from deltarule.marking.mistakes.catalogue import MISTAKES, ROUNDED
from deltarule.marking.mistakes.miscopied import copied
from deltarule.marking.mistakes.mistake import Mistake, Way
from deltarule.marking.mistakes.reordered import classes_reordered, patterns_reordered
from deltarule.marking.mistakes.slips import MOST_SLIPS, flipped, slip_of
from deltarule.marking.rework.exercise import COUNTS, Task
from deltarule.marking.rework.rounding import TWICE, Rounding

MARGIN = 2.0
# Of what is wrong and does not follow, a mistake must explain so much; one that explains less than the other share, worked exactly
# and from the answer's own figures, is not looked at further.
MOST, PROMISING = 0.75, 0.25
# Mistakes whose scores are this near fit equally.
ALIKE = 0.5
# Single mistakes that are tried together with all others.
PAIRED = 4
# Two mistakes that work one part otherwise do not show in so few entries.
FEW = 4
# What one slip costs besides: there are some ways to make it.
SLIP = 1.0


class Tried(NamedTuple):
    """A way in which a mistake was tried; None where it cannot be made throughout."""

    mistake: Mistake
    way: Way
    story: Story | None


class Explainer:
    """What explains one answer to one task."""

    def __init__(
        self, task: Task, answer: Answer, right: dict[str, Any], rounding: Rounding, trusted: Mapping[str, Given]
    ) -> None:
        self.task, self.answer, self.right, self.rounding = task, answer, right, rounding
        self.stories = Stories(task, answer, right, trusted)
        self.sight, self.numbers = self.stories.sight, self.stories.numbers

    def best(self) -> tuple[list[Named], bool]:
        """The mistakes to name, the likeliest first, and whether they are alternatives."""
        none = self.stories.story((), (Way(),), (EXACT,))
        if none is None or (none.whole and not self.answer.counted_from_zero):
            return [], False
        if none.whole:
            return [self._named(MISTAKES[0], Way(), self.sight.parts[0].name)], False
        if self.allowed:
            exact = self._exactly()
            return [exact or self._named(ROUNDED, Way(), self._first(none))], False
        follows = self.stories.story((), (Way(),), before=none) or none
        if follows.whole:
            return [self._named(ROUNDED, Way(), self._first(none))], False
        return self._of_wrong(follows)

    def _of_wrong(self, follows: Story) -> tuple[list[Named], bool]:
        """The mistakes to name where something is wrong; `follows`: the story of no mistake."""
        stories = self.exact or self._singles(follows)
        slip = self._slipped(follows)
        stories = sorted([*stories, *([] if slip is None else [slip])], key=lambda s: -s.score)
        if not stories or not stories[0].whole:
            singles = [story for story in stories if story.slip is None]
            joined = [self._slipped(single) for single in singles[:PAIRED]]
            stories += [*self._pairs(singles, follows), *(story for story in joined if story is not None)]
            stories.sort(key=lambda s: -s.score)
        told = [s for s in stories if s.score > follows.score + MARGIN and _share(s, follows) >= MOST]
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
        rounded = [*self.stories.predictions(Way(), (ROUNDING, *OWN)), *self.rounding.usual]
        if any(bool(self.sight.hits(p, TWICE).all()) for p in rounded):
            return None
        off = np.count_nonzero(~self.sight.hits(self.right))
        stories = [story for story in self.exact if off > sum(way.price for way in story.ways)]
        best = max(stories, key=lambda story: story.score, default=None)
        return None if best is None else self._tell(best)[0]

    @cached_property
    def allowed(self) -> bool:
        """Whether no entry is wrong."""
        for name, given in self.answer.parts.items():
            if name.startswith("iteration."):
                near = self.rounding.allows(name, given.values, np.asarray(self.right[name], float), tolerance(given))
                if given.note or not near[~np.isnan(given.values)].all():
                    return False
        return True

    # ---- Mistakes one by one.

    @cached_property
    def tried(self) -> list[Tried]:
        """Every mistake in every way, made throughout and worked exactly: the known ones, and those read off the answer."""
        read_off = (
            copied(self.task, self.answer, self.right),
            patterns_reordered(self.answer, self.right),
            classes_reordered(self.task, self.answer, self.right),
            flipped(self.answer, self.right),
        )
        known = [(mistake, way) for mistake in MISTAKES for way in mistake.ways(self.task)]
        known += [(mistake, way) for mistake, ways in read_off for way in ways]
        return [Tried(mistake, way, self.stories.story((mistake,), (way,), (EXACT,))) for mistake, way in known]

    @cached_property
    def exact(self) -> list[Story]:
        """Mistakes that give every figure: then no others are looked for."""
        return [tried.story for tried in self.tried if tried.story is not None and tried.story.whole]

    def _singles(self, follows: Story) -> list[Story]:
        """The best way of each mistake that explains some of what is wrong."""
        several = len(self.numbers) > 1 or self.numbers[0] > self.task.skipped + 1
        wrong_in = number_of(self._first(follows))
        best: dict[str, Story] = {}
        for mistake, way, exact in self.tried:
            found = [self._completed(exact, follows, (FOLLOWING,))]
            if several and (way.changes or way.shift):
                once = self.stories.story(
                    (mistake,), (replace(way, only=wrong_in),), (EXACT,) if way.shift else (FOLLOWING,)
                )
                found.append(self._completed(once, follows))
            for story in found:
                if story is not None and (mistake.name not in best or story.score > best[mistake.name].score):
                    best[mistake.name] = story
        return list(best.values())

    def _completed(self, story: Story | None, follows: Story, first: Sequence[int] = ()) -> Story | None:
        """The story in all modes, if it promises much, in these modes too; None where it explains nothing."""
        if story is None:
            return None
        if first:
            story = self.stories.story(story.names, story.ways, first, before=story) or story
        share = _share(story, follows)
        if story.whole or share < PROMISING:
            return story if share else None
        return self.stories.story(story.names, story.ways, EVERY, before=story)

    # ---- Several at once.

    def _pairs(self, singles: list[Story], follows: Story) -> list[Story]:
        """The best singles with others that explain the rest, or show first where it begins; and two that show first at once."""
        best = singles[:PAIRED]
        pairs = [(a, b) for a in best for b in singles if _together(a, b, follows) >= PROMISING * 2]
        pairs += [(a, b) for a in best if not a.whole for b in self._showing_first(a)]
        if np.count_nonzero(~follows.matched) >= FEW:
            pairs += combinations(self._showing_first(follows), 2)
        found = []
        for first, second in pairs:
            if first.names != second.names:
                names, ways = (*first.names, *second.names), (*first.ways, *second.ways)
                both = self._completed(self.stories.story(names, ways, (EXACT,)), follows, (FOLLOWING,))
                found += [] if both is None else [both]
        return found

    def _showing_first(self, story: Story) -> list[Story]:
        """The mistakes that show first in the part that a story first leaves over."""
        first = next(part for part in self.sight.parts if not story.matched[part.among].all())
        found = []
        for tried in self.tried:
            if tried.story is not None and tried.way.shown is None:
                changed = ~self.sight.same(self.right, tried.story.predictions[0])
                if changed[first.among].any() and not changed[: first.among.start].any():
                    found.append(tried.story)
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
        prior = PRIORS[1] if not story.names else PRIORS[2] - PRIORS[1]
        return replace(story, score=story.score + gained - prior, slip=first, matched=np.ones_like(story.matched))

    # ---- Telling.

    def _tell(self, story: Story) -> list[Named]:
        told = [self._named(m, w, self._seen_in(w)) for m, w in zip(story.names, story.ways, strict=False)]
        if story.slip is not None:
            told.append(Named(story.slip.mistake.name, story.slip.part, story.slip.why, story.slip.mistake.hint))
        return told

    @staticmethod
    def _named(mistake: Mistake, way: Way, part: str) -> Named:
        said = f" ({way.said})" if way.said else ""
        return Named(mistake.name, part, mistake.why + said, mistake.hint, wrong=mistake not in (ROUNDED, MISTAKES[0]))

    def _seen_in(self, way: Way) -> str:
        """The first part that is not right and that the mistake, made in this way, makes otherwise."""
        hits = self.sight.hits(self.right)
        wrong = [part for part in self.sight.parts if part.flag or not hits[part.among].all()]
        predictions = list(self.stories.predictions(way, (EXACT,)))
        changed = np.any([~self.sight.same(self.right, each) for each in predictions], axis=0)
        own = [part for part in wrong if part.flag in way.flags - {""} or np.any(changed[part.among])]
        return [*own, *wrong, *self.sight.parts][0].name

    def _first(self, story: Story) -> str:
        """The first part that a story does not explain."""
        return next(part.name for part in self.sight.parts if not story.matched[part.among].all())


def _share(story: Story, follows: Story) -> float:
    """How much it explains of what no mistake leaves unexplained."""
    return float(story.matched[~follows.matched].mean())


def _together(first: Story, second: Story, follows: Story) -> float:
    return float((first.matched | second.matched)[~follows.matched].mean())
