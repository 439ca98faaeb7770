"""Which entries of iterations are right, within rounding, follow, or are wrong; what explains them is not asked yet."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deltarule.marking.given import Answer, GivenPart
from deltarule.marking.grading.blank import Filling, fillings, nothing_worked
from deltarule.marking.grading.decimals import with_believed_decimals
from deltarule.marking.grading.entries import part_marks
from deltarule.marking.grading.from_zero import counted_from_zero
from deltarule.marking.marks import PartMarks
from deltarule.marking.mistakes.first_rows import as_they_stand
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.following import Following, following
from deltarule.marking.rework.grains import Grain
from deltarule.marking.rework.rounding import Rounding, rounding_of
from deltarule.marking.rework.tolerance import tolerance, within
from deltarule.marking.rework.worksheet import Reworked, after_updates, cost_from_outputs, rework
from deltarule.parts import PartName

# Iterations up to 20 are worked from the first update on, with every mistake made in all of them. Of later ones, those from the
# first wrong one on are diagnosed, at most 20: working hundreds of updates with each of some hundred variants takes minutes.
EARLY = 20
# Nobody works more than 50 iterations by hand: up to there rounding is followed from the first one on.
BY_HAND = 50
# Late iterations are worked from 3 updates before: the figures of an iteration beside it may have been written instead.
BEFORE = 3
# A part is trivial (all zeros, for example) if more than 80% of its entries are the same, where at most half that share should be.
SAME_SHARE = 0.8
# Other patterns were taken for a batch if more than half of the synaptic inputs are theirs, and less than half the batch's own.
MOST = 0.5
# Nothing is worked from these parts: where one is wrong, what comes after it still follows from right figures.
DEAD_ENDS = ("errors", "cost")


@dataclass(frozen=True, eq=False)
class Judged:
    """The entries of an answer's iterations, and by what they were judged.

    Attributes
    ----------
    exercise : what was set; for late iterations from a layer close to them.
    by_hand : what was set; from the first update on, unless these are more than are worked by hand.
    answer : as it was read, with as many decimals as tell right figures from others.
    written : the same with the decimals that it says it has: only what is wrong with those can show a mistake.
    right : the right figures of its parts.
    parts : the marks of each part.
    filled : the parts that nobody worked.
    trusted : the parts that later ones may follow from.
    grain : how far figures were rounded on the way.
    exact : the parts that are right as they stand.
    """

    exercise: Exercise
    by_hand: Exercise
    answer: Answer
    written: Answer
    right: Reworked
    parts: list[PartMarks]
    filled: dict[PartName, Filling]
    trusted: dict[PartName, GivenPart]
    grain: Grain
    exact: set[PartName]

    @cached_property
    def rounding(self) -> Rounding:
        """What rounding on the way may do."""
        return rounding_of(self.by_hand, self.answer.of_iterations(), self.right, self.grain)

    @cached_property
    def own(self) -> Following:
        """What follows from the answer's own parts."""
        return self.following(self.by_hand)

    def following(self, exercise: Exercise) -> Following:
        """What follows from the answer's own parts in an `exercise`."""
        return following(exercise, self.answer.of_iterations(), self.trusted, self.grain, self.rounding)

    @property
    def all_exact(self) -> bool:
        """Whether every entry is right as it stands, and nothing is to be said of how it is written."""
        given = self.answer.of_iterations()
        noted = self.answer.counted_from_zero or any(part.note for part in given.values())
        return not noted and len(self.exact) == len(given)

    @property
    def nothing_worked(self) -> bool:
        """Whether no figure shows any work."""
        given = self.answer.of_iterations()
        wrong = len(self.exact) < len(given)
        return wrong and not self._shows_work and nothing_worked(self.exercise, given, self.right, self.filled)

    @property
    def _shows_work(self) -> bool:
        """Whether some part that must be worked is right as it stands, other than zeros."""
        return any(
            not (name.is_count or name.is_parameter) and bool(np.nan_to_num(self.answer.parts[name].values).any())
            for name in self.exact
        )

    @property
    def wrong(self) -> int:
        """The number of entries that are wrong, those that follow among them."""
        return sum(entry.verdict == "wrong" for part in self.parts for entry in part.entries)


def judged(exercise: Exercise, answer: Answer, grain: Grain | None = None) -> Judged:
    """The entries of an answer's iterations, each judged.

    Parameters
    ----------
    exercise, answer : the answer that is marked, with a part of an iteration at least, and the exercise that it answers.
    grain : how far its figures were rounded on the way; None: to its decimals.
    """
    numbers = answer.iterations()
    near = after_updates(exercise, numbers[0] - BEFORE) if numbers[0] > EARLY else exercise
    by_hand = exercise if numbers[-1] <= BY_HAND else near
    right = rework(near, numbers)
    right |= _costs_from_outputs(near, answer.of_iterations(), right)
    written = counted_from_zero(near, answer, right)
    answer = with_believed_decimals(exercise, written, right)
    given = answer.of_iterations()
    filled = fillings(exercise, given, right)
    trusted = _trusted(given, right, filled)
    exact = {name for name, part in given.items() if _is_exact(part, right[name])}
    grain = grain or Grain(decimals=answer.decimals)
    found = Judged(near, by_hand, answer, written, right, [], filled, trusted, grain, exact)
    if found.all_exact or found.nothing_worked:
        found.parts[:] = [_exact_marks(exercise, part, right[name]) for name, part in given.items()]
        return found
    ways = [found.own, *(found.following(each) for each in _other_batches(near, given, right))]
    parts, all_right = [], True
    for name, part in given.items():
        is_blank = name in filled or _is_trivial(part, right[name])
        marks = _marks(exercise, part, right[name], found.rounding, ways, is_blank=is_blank, all_right=all_right)
        all_right = all_right and (marks.verdict != "wrong" or name.part in DEAD_ENDS)
        parts.append(marks)
    found.parts[:] = parts
    return found


def _marks(
    exercise: Exercise,
    given: GivenPart,
    expected: Any,
    rounding: Rounding,
    ways: Sequence[Following],
    *,
    is_blank: bool,
    all_right: bool,
) -> PartMarks:
    """The marks of a part.

    Parameters
    ----------
    expected : the right figures.
    rounding : how far rounding takes them.
    ways : how parts follow from the answer's own earlier ones: with the batch's patterns, and with others that were taken for them.
    is_blank : whether nobody worked the part.
    all_right : whether all parts before it, from which others follow, are right or within rounding.
    """
    values, right, half = given.values, np.asarray(expected, float), tolerance(given)
    is_right = within(values, right, half)
    own, *others = ways
    follows = own.follows(given)
    is_rounding = is_right
    if is_blank:
        # Zeros that nobody worked are near enough to many figures with few decimals: all must follow, or a usual way give them all.
        follows &= bool(follows[given.known].all())
    elif not all_right:
        is_rounding = is_rounding | rounding.allows(given.name, values, right, half)
    if all_right:  # what follows from figures that are right is right; rounding on the way to them is seen in them
        is_rounding = is_rounding | follows
    if not is_rounding[given.known].all():
        is_rounding = is_rounding | rounding.gives(given)
    if given.name.part != "synaptic_inputs":  # with other patterns these are the mistake, and what comes after follows
        follows = np.any([follows, *(way.follows(given) for way in others)], axis=0)
    return part_marks(exercise, given, right, is_right, is_rounding, follows, all_right=all_right)


def _is_exact(given: GivenPart, expected: Any) -> bool:
    """Whether a part is right as it stands."""
    is_right = within(given.values, np.asarray(expected, float), tolerance(given))
    return not given.transposed and bool(is_right[given.known].all())


def _exact_marks(exercise: Exercise, given: GivenPart, expected: Any) -> PartMarks:
    """The marks of a part where no figure was rounded on the way, and there is nothing to follow from."""
    right = np.asarray(expected, float)
    is_right = within(given.values, right, tolerance(given))
    return part_marks(exercise, given, right, is_right, is_right, np.zeros_like(is_right), all_right=True)


# ---- What is right, and what may be followed from.


def _costs_from_outputs(exercise: Exercise, given: Mapping[PartName, GivenPart], right: Reworked) -> Reworked:
    """Costs that are right as worked from float64 outputs: where one is near 1, they differ from those worked from U."""
    costs = {name: part for name, part in given.items() if name.part == "cost"}
    off = [name for name, part in costs.items() if not within(part.values, right[name], part.half)]
    if not off:
        return {}
    worked = rework(exercise, [name.number or 1 for name in off], {"cost": cost_from_outputs})
    return {name: worked[name] for name in off if within(costs[name].values, worked[name], costs[name].half)}


def _trusted(
    given: Mapping[PartName, GivenPart], right: Reworked, filled: Container[PartName]
) -> dict[PartName, GivenPart]:
    """The parts that later ones may follow from. Those that nobody worked are not: what follows from zeros is right too easily."""
    trusted = {}
    for name, part in given.items():
        finite = np.isfinite(np.asarray(right[name], float)).all()
        if finite and not part.transposed and name not in filled and not _is_trivial(part, right[name]):
            trusted[name] = part
    return trusted


def _is_trivial(given: GivenPart, expected: Any) -> bool:
    """Whether most entries of a part are the same, where they should not be, as they are printed."""
    known, unit = given.known, 2 * tolerance(given)
    printed = np.round(np.asarray(expected, float)[known] / unit[known])
    return bool(known.sum() > 1 and _same_share(given.values[known]) > SAME_SHARE > 2 * _same_share(printed))


def _same_share(values: NDArray[np.float64]) -> float:
    """The share of the commonest value."""
    return float(np.unique(values, return_counts=True)[1].max() / values.size)


def _other_batches(exercise: Exercise, given: Mapping[PartName, GivenPart], right: Reworked) -> list[Exercise]:
    """The exercise with the first rows taken for its batches, where these give most synaptic inputs and the right ones do not."""
    part = next((part for name, part in given.items() if name.part == "synaptic_inputs" and not part.transposed), None)
    if part is None:
        return []
    name, known = part.name, part.known

    def share(worked: Reworked) -> float:
        return float(within(part.values, np.asarray(worked[name], float), part.half)[known].mean())

    if share(right) >= MOST:
        return []
    others = [other for other, _ in as_they_stand(exercise)]
    return [other for other in others if share(rework(other, [name.number or 1])) > MOST]
